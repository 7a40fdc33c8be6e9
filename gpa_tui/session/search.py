"""Looking for entries over all days: by patient, person, kind and dates. Every search is in the log first.

A patient is looked for by two identifiers, so that nobody finds their namesake: the birth date, and the NHS
number or a name.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from itertools import islice
from typing import NamedTuple

from gpa_tui.clock import local_date, local_time
from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import PatientId, show_date
from gpa_tui.records.event import Event, Said
from gpa_tui.records.patient import PersonName
from gpa_tui.session.acts.common import Place
from gpa_tui.session.describe import says
from gpa_tui.session.desk import Desk
from gpa_tui.session.digest import Digest, Digests, Line, Whose, digest_of, line_of, stamp_of
from gpa_tui.session.log import Bench
from gpa_tui.session.numbers import MOST_SESSIONS, Numbers
from gpa_tui.session.retention import purged
from gpa_tui.session.roles import Act, require

DIGITS = 4  # a birth year, the end of a number
TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "master", "baby"})
WORDS = "the words, for what is asked may be a patient's name or number: give two identifiers"
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
        if not (whose.born and self.born.startswith(whose.born)):  # of some the year alone is known
            return False
        number = _NUMBER.fullmatch(self.whom)
        if number:
            return whose.nhs_number == re.sub(r"\D", "", number[1])
        families, givens = _names(whose)
        words = [_folded(word) for word in re.split(r"[\s,()]+", self.whom)]
        words = [word for word in words if word and (word not in TITLES or word in families | givens)]
        runs = [(i, j) for i in range(len(words)) for j in range(i + 1, len(words) + 1)]
        for i, j in runs:  # the words that may be the family name; a given name beside them has to fit
            beside = {*words[:i], *words[j:]}
            if "".join(words[i:j]) in families and (not beside or beside & givens):
                return True
        return bool(words) and set(words) <= givens

    def is_within(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    @property
    def by_words(self) -> bool:
        """Whether it could lead to a patient by a word alone."""
        return bool(self.kind and not self.whom)

    def names_one(self, patients: Iterable[Whose]) -> bool:
        """Whether the kind that is asked for is one of their names or a number: one identifier alone."""
        words = {_folded(word) for word in re.split(r"[\s,()'’-]+", self.kind)} - {""}
        known = {name for whose in patients for names in _names(whose) for name in names}
        digits = sum(map(str.isdigit, self.kind)) >= DIGITS and not _PRESSURE.fullmatch(self.kind)
        return digits or not known.isdisjoint(words | {_folded(self.kind)})

    def fits(self, line: Line, patients: Collection[str], *, words: bool = True) -> bool:
        """Whether it is about one of these patients, by this person, of this kind; in `words` as well."""
        staff, kind = self.staff.casefold(), self.kind.casefold()
        return (
            (not self.whom or line.patient in patients)
            and (staff in line.name.casefold() or staff == line.staff)
            and (self.is_kind(line) or (words and bool(_phrase(kind).search(line.says))))
        )

    def is_kind(self, line: Line) -> bool:
        """Whether it is of the kind that is asked for, by its name or by the word for it in the log."""
        kind = self.kind.casefold()
        return line.kind.startswith(kind) or kind in line.says.partition(":")[0].casefold()


_NUMBER = re.compile(r"(?:nhs\s*(?:no|number)?[.:]?\s*)?([0-9][0-9\s.-]*)", re.IGNORECASE)
_PRESSURE = re.compile(r"[0-9]{2,3}/[0-9]{2,3}")


@lru_cache(maxsize=64)
def _phrase(text: str) -> re.Pattern[str]:
    """The text as whole words: the beginning of a name finds nobody."""
    return re.compile(rf"(?<![\w/-]){re.escape(text)}(?![\w/-])", re.IGNORECASE)


@lru_cache(maxsize=8192)
def _names(whose: Whose) -> tuple[frozenset[str], frozenset[str]]:
    """Family and given names as they are matched, whole and in their parts."""
    family, _, given = whose.listed.partition("(")[0].partition(",")
    parts = [{_folded(part) for part in re.split(r"[\s'’-]+", name)} - {""} for name in (family, given)]
    families, givens = {whose.family, *parts[0]}, {whose.given, _folded(given), *parts[1]}
    return frozenset(families - {""}), frozenset(givens - {""})


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
    unread: str = "",
) -> Iterator[Found]:
    """What fits, date by date and the oldest first; then what of tasks and people does.

    One date at a time is held. `tell` says how many of how many were looked through; `unread` why not all of
    the standing journals was taken in. Raises `StoreError`.
    """
    days = [on for on in bench.practice.days() if wanted.is_within(on)]
    for on, gone in purged(standing).items():
        if wanted.is_within(on) and on not in days:
            where = f"its archive is {gone.file}" if gone.file else "it was destroyed"
            yield Found(on, _not_whole(on, f"taken away by the practice's rule; {where}"))
    patients, tells = _looked_for(bench, days, wanted)
    if tells:
        yield Found(days[-1], _not_whole(days[-1], WORDS))
    known: set[str] = set()
    of_kind = False
    for number, digest in enumerate(digests_of(bench, days), 1):
        if digest.trouble:
            yield Found(digest.on, _not_whole(digest.on, digest.trouble))
        names = {id_: whose.listed for id_, whose in digest.patients.items()}
        known |= names.keys()
        fitting = [line for line in digest.lines if wanted.fits(line, patients, words=not tells)]
        of_kind = of_kind or any(wanted.is_kind(line) for line in fitting)
        yield from (Found(digest.on, line, names.get(line.patient, "")) for line in fitting)
        tell(number, len(days))
    yield from _of_standing(bench, standing, wanted, patients, known, unread, of_kind=of_kind or tells)


def _looked_for(bench: Bench, days: Sequence[date], wanted: Wanted) -> tuple[dict[str, str], bool]:
    """Whom all these dates know as the one, by id with the name as listed; whether its words may be a name.

    Somebody's name or number may be known on a later date only.
    """
    patients: dict[str, str] = {}
    tells = wanted.by_words and wanted.names_one(())
    if wanted.whom or (wanted.by_words and not tells):
        for digest in digests_of(bench, days):
            if wanted.whom:
                patients |= _them(digest, wanted)
            elif wanted.names_one(digest.patients.values()):
                return {}, True
    return patients, bool(tells and days)


def _them(digest: Digest, wanted: Wanted) -> dict[str, str]:
    return {id_: whose.listed for id_, whose in digest.patients.items() if wanted.is_them(whose)}


def _not_whole(on: date, why: str) -> Line:
    return Line("", f"{on}T00:00:00+00:00", "", "The log", "", "", "", f"NOT LOOKED THROUGH: {why}")


def _of_standing(
    bench: Bench,
    events: Sequence[Event],
    wanted: Wanted,
    patients: dict[str, str],
    known: Collection[str],
    unread: str,
    *,
    of_kind: bool,
) -> Iterator[Found]:
    """What of tasks, reviews and people fits. Its words, which may name anybody, are looked through for one
    patient alone; that they were not is said, unless a kind was found (`of_kind`) or it was said."""
    zone = bench.practice.settings.zone
    dated = ((local_date(event.at, zone), event) for event in events)
    within = [
        (on, event)
        for on, event in dated
        if wanted.is_within(on) and not isinstance(event.data, facts.HeadAnchored)
    ]
    on = within[-1][0] if within else local_date(bench.clock.now(), zone)
    if unread:
        yield Found(on, _not_whole(on, unread))
    if wanted.whom:
        others = {event.patient for _, event in within if event.patient} - set(known)
        if others := _found_elsewhere(bench, others, wanted, patients):
            gone = f"{len(others)} patients of tasks and reviews whose dates are not here"
            yield Found(on, _not_whole(on, gone))
    fitting = [(at, line_of(event, says(event))) for at, event in within]
    fitting = [(at, line) for at, line in fitting if wanted.fits(line, patients, words=not wanted.by_words)]
    if wanted.by_words and within and not (of_kind or fitting):
        yield Found(on, _not_whole(on, "the words of tasks, reviews and people: give two identifiers"))
    yield from (Found(at, line, patients.get(line.patient, "")) for at, line in fitting)


def _found_elsewhere(
    bench: Bench, wanted_ids: set[PatientId], wanted: Wanted, patients: dict[str, str]
) -> set[PatientId]:
    """Who is known on other dates only, the latest first; gives whom no date knows."""
    left = set(wanted_ids)
    for digest in digests_of(bench, reversed(bench.practice.days())) if left else ():
        patients |= _them(digest, wanted)
        left -= digest.patients.keys()
        if not left:
            break
    return left


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
        settings = bench.practice.settings
        show_time = partial(local_time, zone=settings.zone)
        made = digest_of(desk.day, settings.review.late_note_minutes, show_time, bench.practice.competencies)
        if desk.unread:
            made = replace(made, trouble=desk.unread)
        else:
            with suppress(OSError):  # it is made again the next time
                digests.keep(made, stamp)
    del desk
    gc.collect()  # a day refers to itself in circles: of a year no two are held at once
    return made
