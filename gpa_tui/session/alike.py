"""Who on today's list could be taken for whom. The rule is the order of `how_alike`. No I/O.

Two patients are alike when they have the same family name; the same birth date, or one with day and month
swapped; or family names that sound alike (the same Metaphone code, Philips 1990) or are one slip of a key
apart (Damerau-Levenshtein distance 1, from four letters on). It warns, and never stops anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

from jellyfish import damerau_levenshtein_distance, metaphone

from gpa_tui.records.base import AppointmentId, PatientId
from gpa_tui.records.patient import Patient
from gpa_tui.session.day import Day, Visit

FEWEST_LETTERS = 4  # of a family name in which one slip of a key is looked for


class Alike(NamedTuple):
    """Another visit of today, and what it has in common."""

    visit: Visit
    why: str


class _Traits(NamedTuple):
    """What is compared of a patient, worked out once."""

    family: str
    sound: str
    born: str
    swapped: str


def _traits(patient: Patient) -> _Traits:
    family, born = patient.name.matching[0], patient.born or ""
    year, *rest = born.split("-")
    swapped = "-".join([year, *reversed(rest)]) if len(rest) == 2 else ""
    return _Traits(family, metaphone(family), born, swapped)


def how_alike(one: Patient, other: Patient) -> str:
    """What two patients have in common, in words; empty when they are not alike."""
    return _in_common(_traits(one), _traits(other))


def _in_common(one: _Traits, other: _Traits) -> str:
    if one.family == other.family:
        return "same family name"
    if one.born and one.born == other.born:
        return "same birth date"
    if one.born and one.swapped == other.born:
        return "birth date with day and month swapped"
    return "a name like it" if _sound_alike(one, other) else ""


def _sound_alike(one: _Traits, other: _Traits) -> bool:
    if one.sound and one.sound == other.sound:
        return True
    shorter, longer = sorted((len(one.family), len(other.family)))
    near = shorter >= FEWEST_LETTERS and longer - shorter <= 1
    return near and damerau_levenshtein_distance(one.family, other.family) == 1


def alike_today(day: Day) -> dict[AppointmentId, list[Alike]]:
    """For each visit the others of today that it could be taken for; the same patient twice is not one."""
    visits: dict[PatientId, Visit] = {visit.appointment.patient.id: visit for visit in day.visits.values()}
    traits = [(visit, _traits(visit.appointment.patient)) for visit in visits.values()]
    found: dict[PatientId, list[Alike]] = {}
    for (one, ones), (other, others) in combinations(traits, 2):
        why = _in_common(ones, others)
        if why:
            found.setdefault(one.appointment.patient.id, []).append(Alike(other, why))
            found.setdefault(other.appointment.patient.id, []).append(Alike(one, why))
    return {
        visit.id: found[visit.appointment.patient.id]
        for visit in day.visits.values()
        if visit.appointment.patient.id in found
    }


def in_words(alike: Iterable[Alike]) -> str:
    """`Alike today: NOWAK, Zosia (Miss), same family name.`, or nothing."""
    named = [f"{one.visit.appointment.patient.name.listed}, {one.why}" for one in alike]
    more = [f"and {len(named) - MOST_NAMED} more"] if len(named) > MOST_NAMED else []
    return f"Alike today: {'; '.join([*named[:MOST_NAMED], *more])}." if named else ""


MOST_NAMED = 3  # in one sentence; the list marks them all
