"""What later days must know of a patient: taken from a day into the standing journal, and read from there.

Opening a day reads that day's journal and the standing one; no earlier day. No I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from gpa_tui.records.base import PatientId
from gpa_tui.records.event import Event, PatientCarried, Said
from gpa_tui.records.patient import Need
from gpa_tui.session.day import Day

ByPatient = dict[PatientId, dict[date, PatientCarried]]
"""What was carried, by patient and the date it is from."""


def fold_carried(carried: ByPatient, event: Event) -> None:
    """Take one event into `carried`. Never raises."""
    if isinstance(event.data, PatientCarried) and event.patient is not None:
        carried.setdefault(event.patient, {})[event.data.on] = event.data


def known_before(carried: ByPatient, on: date) -> Callable[[PatientId], Sequence[Need]]:
    """What gives the needs of a patient that were noted on earlier dates than `on` and still hold."""

    def known(patient: PatientId) -> Sequence[Need]:
        held: dict[str, Need] = {}
        for day, one in sorted(carried.get(patient, {}).items()):
            if day < on:
                held |= {need.text.casefold(): need for need in one.needs}
                held = {words: need for words, need in held.items() if words not in one.ended}
        return tuple(held.values())

    return known


def to_carry(day: Day, carried: Mapping[PatientId, Mapping[date, PatientCarried]]) -> list[Said]:
    """What of `day` later days must know, and the standing journal does not have yet."""
    found: dict[PatientId, PatientCarried] = {}
    for visit in day.rows:
        patient = visit.appointment.patient.id
        before = found.get(patient, PatientCarried(on=day.date))
        found[patient] = before.model_copy(
            update={
                "needs": tuple(dict.fromkeys([*before.needs, *visit.noted])),
                "ended": tuple(dict.fromkeys([*before.ended, *sorted(visit.ended)])),
            }
        )
    nothing = PatientCarried(on=day.date)
    return [
        Said(data=one, patient=patient)
        for patient, one in found.items()
        if one != carried.get(patient, {}).get(day.date, nothing)
    ]
