"""Looking for entries over all days: by patient, person, kind and dates. Every search is in the log first.

A patient is looked for by two identifiers, so that nobody finds their namesake: the birth date, and the NHS
number or a name.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from gpa_tui.clock import local_date
from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import show_date
from gpa_tui.records.event import Event, Said
from gpa_tui.records.patient import PersonName
from gpa_tui.session.acts.common import Place
from gpa_tui.session.desk import Desk
from gpa_tui.session.digest import Digest, Digests, Line, Whose, digest_of, line_of, stamp_of
from gpa_tui.session.log import Bench
from gpa_tui.session.numbers import MOST_SESSIONS, Numbers
from gpa_tui.session.retention import purged
from gpa_tui.session.roles import Act, require

DIGITS = 4  # a birth year, the end of a number
TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "master", "baby"})
TWO_IDENTIFIERS = "Two identifiers: the birth date, and the NHS number or a name."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty or None is not asked about."""

    whom: str = ""  # an NHS number, or names
    born: str = ""  # ISO date
    staff: str = ""  # part of the name, or the short name
    kind: str = ""  # the beginning of a kind, or a word of what it says that names no patient
    since: date | None = None
    until: date | None = None

    @property
    def shown(self) -> str:
        parts = [
            f"{self.whom}, born {show_date(self.born)}" if self.whom else "",
            f"by {self.staff}" if self.staff else "",
            self.kind,
            f"from {self.since}" if self.since else "",
            f"to {self.until}" if self.until else "",
        ]
        return ", ".join(part for part in parts if part) or "every entry"

    def is_them(self, whose: Whose) -> bool:
        """Whether this patient is the one: by both identifiers."""
        digits = "".join(self.whom.split()).replace("-", "")
        if digits.isdigit():
            return (whose.nhs_number, whose.born) == (digits, self.born)
        words = [_folded(word) for word in re.split(r"[\s,()]+", self.whom)]
        words = [word for word in words if word and word not in TITLES]
        joined = {"".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
        named = whose.family in joined or (bool(words) and set(words) <= {whose.family, whose.given})
        return named and whose.born == self.born

    def is_within(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    def names_one(self, patients: Iterable[Whose]) -> bool:
        """Whether the kind that is asked for is one of their names or a number: one identifier alone."""
        words = {_folded(word) for word in re.split(r"[\s,()'’-]+", self.kind)} - {""}
        known = {name for whose in patients for name in (whose.family, whose.given)}
        return sum(map(str.isdigit, self.kind)) >= DIGITS or not known.isdisjoint(
            words | {_folded(self.kind)}
        )

    def fits(self, line: Line, patients: Collection[str], *, words: bool = True) -> bool:
        """Whether it is about one of these patients, by this person, of this kind; in `words` as well."""
        staff, kind = self.staff.casefold(), self.kind.casefold()
        says = line.says if words else line.says.partition(":")[0]
        return (
            (not self.whom or line.patient in patients)
            and (staff in line.name.casefold() or staff == line.staff)
            and (line.kind.startswith(kind) or kind in says.casefold())
        )


def _folded(word: str) -> str:
    return PersonName(family=word, given="").matching[0]


class Found(NamedTuple):
    """One entry that fits, and the date whose log it is in."""

    on: date
    line: Line
    whose: str = ""  # the patient's name, as the list had it


def note_search(wanted: Wanted, place: Place) -> list[Said]:
    """That somebody looks, and for what. Raises `Refused` for one identifier alone."""
    require(place.actor, Act.READ_LOG)
    if bool(wanted.whom) is not bool(wanted.born):
        raise Refused(TWO_IDENTIFIERS)
    return [Said(data=facts.LogSearched(what=wanted.shown))]


def search(
    bench: Bench,
    standing: Sequence[Event],
    wanted: Wanted,
    tell: Callable[[int, int], None] = lambda *_: None,
) -> Iterator[Found]:
    """What fits, date by date and the oldest first; then what of tasks and people does.

    One date at a time is held. `tell` says how many of how many were looked through. Raises `StoreError`.
    """
    days = [on for on in bench.practice.days() if wanted.is_within(on)]
    for on, gone in purged(standing).items():
        if wanted.is_within(on) and on not in days:
            where = f"its archive is {gone.file}" if gone.file else "it was destroyed"
            yield Found(on, _not_whole(on, f"taken away by the practice's rule; {where}"))
    patients: set[str] = set()
    tells = wanted.names_one(())
    listed: dict[str, str] = {}
    for number, digest in enumerate(digests_of(bench, days), 1):
        patients |= {id_ for id_, whose in digest.patients.items() if wanted.whom and wanted.is_them(whose)}
        names = {id_: whose.listed for id_, whose in digest.patients.items()}
        listed |= {id_: name for id_, name in names.items() if id_ in patients}
        tells = tells or wanted.names_one(digest.patients.values())
        if digest.trouble:
            yield Found(digest.on, _not_whole(digest.on, digest.trouble))
        fitting = [line for line in digest.lines if wanted.fits(line, patients, words=not tells)]
        yield from (Found(digest.on, line, names.get(line.patient, "")) for line in fitting)
        tell(number, len(days))
    yield from _of_standing(standing, wanted, listed, bench.practice.settings.zone, words=not tells)


def _not_whole(on: date, why: str) -> Line:
    return Line("", f"{on}T00:00:00+00:00", "", "The log", "", "", "", f"NOT LOOKED THROUGH: {why}")


def _of_standing(
    events: Iterable[Event], wanted: Wanted, patients: Mapping[str, str], zone: ZoneInfo, *, words: bool
) -> Iterator[Found]:
    for event in events:
        on = local_date(event.at, zone)
        if wanted.is_within(on) and not isinstance(event.data, facts.HeadAnchored):
            line = line_of(event)
            if wanted.fits(line, patients, words=words):
                yield Found(on, line, patients.get(line.patient, ""))


def digests_of(bench: Bench, days: Iterable[date]) -> Iterator[Digest]:
    """Each of these dates in brief; what is not kept, or is old, is made anew and kept."""
    digests = Digests(bench.practice, bench.keys)
    for on in days:
        yield digests.read(on) or make_digest(bench, on, digests)


def numbers_before(bench: Bench, on: date) -> list[Numbers]:
    """Of the last sessions before that date in which anything was done, the oldest first."""
    days = reversed([day for day in bench.practice.days() if day < on])
    worked = (one.numbers for one in digests_of(bench, days) if one.numbers.patients)
    return list(islice(worked, MOST_SESSIONS))[::-1]


def make_digest(bench: Bench, on: date, digests: Digests) -> Digest:
    """From the journals of the date, as far as they can be read. Raises `StoreError`."""
    stamp = stamp_of(bench.practice, on)
    with closing(Desk(bench, on)) as desk:
        desk.read()
        made = digest_of(desk.day, bench.practice.settings.review.late_note_minutes)
        if desk.unread:
            made = replace(made, trouble=desk.unread)
        else:
            with suppress(OSError):  # it is made again the next time
                digests.keep(made, stamp)
    del desk
    gc.collect()  # a day refers to itself in circles: of a year no two are held at once
    return made
