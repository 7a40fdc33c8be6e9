"""One date in brief: its numbers, whose it was, and a line an entry, to be searched without its journal.

It is made from the log when a session is closed or looked for, sealed, one file a date, and holds no truth:
where a journal was added to since, or the file is gone or cannot be read, it is made again. So a search over
a year reads one small file a date and never holds more than one of them.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from gpa_tui.records.competency import CompetencyList
from gpa_tui.records.event import Event
from gpa_tui.records.facts_portfolio import Bare
from gpa_tui.session.day import Day, attached_to
from gpa_tui.session.describe import mark, on_paper, says
from gpa_tui.session.numbers import Numbers, numbers_of
from gpa_tui.session.portfolio import Done, bare_in, done_in
from gpa_tui.store.practice import DIGESTS, Practice
from gpa_tui.store.sealed import SealedFile
from gpa_tui.store.vault import Keyring

PURPOSE, VERSION = "digest", 4
Stamp = list[list[Any]]
"""Of each journal of the date its name, size and last change; and what of the settings it rests on."""


class Line(NamedTuple):
    """One entry, as it is looked for and shown."""

    id: str
    at: str  # UTC, ISO 8601
    staff: str
    name: str
    role: str
    kind: str
    patient: str  # id; empty for what is about nobody
    says: str


class Whose(NamedTuple):
    """A patient of the date, as they are looked for."""

    nhs_number: str
    family: str  # as names are matched
    given: str
    born: str
    listed: str


@dataclass(frozen=True, slots=True)
class Digest:
    """One date."""

    on: date
    numbers: Numbers
    patients: dict[str, Whose]  # by patient id
    done: Done  # for portfolios
    bare: dict[str, dict[str, Bare]]  # for them as well: visits that have ended, by row and person
    lines: list[Line]
    attached: list[str]  # files of it, by the names they are kept under
    trouble: str = ""  # why what stands behind it could not be read; such a date is not kept in brief


def stamp_of(practice: Practice, on: date) -> Stamp:
    """What tells whether the journals of a date were added to since."""
    listed = hashlib.sha256(practice.competencies.model_dump_json().encode()).hexdigest()[:16]
    rests_on = [listed, practice.settings.review.late_note_minutes, 0]
    found = ((path, path.stat()) for path in practice.journals_of(on) if path.exists())
    return [rests_on, *([path.parent.name, *_state(state)] for path, state in found)]


def _state(found: Any) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def digest_of(
    day: Day, late_after: int, show_time: Callable[[datetime], str], competencies: CompetencyList
) -> Digest:
    """The date in brief."""
    return Digest(
        day.date,
        numbers_of(day, day.rows, late_after),
        {
            visit.appointment.patient.id: Whose(
                visit.appointment.patient.nhs_number or "",
                *visit.appointment.patient.name.matching,
                visit.appointment.patient.born or "",
                visit.appointment.patient.name.listed,
            )
            for visit in day.visits.values()
        },
        done_in(day, competencies),
        bare_in(day),
        [
            line_of(event, f"{says(event)}{on_paper(event, show_time)}{mark(event, day)}")
            for event in day.events
        ],
        attached_to(day),
    )


def line_of(event: Event, words: str) -> Line:
    """`words`: what it says, and how it stands."""
    by = event.by
    return Line(
        event.id,
        event.at.isoformat(timespec="seconds"),
        by.staff,
        by.name,
        by.role.value,
        event.kind,
        event.patient or "",
        words,
    )


class Digests:
    """Those of one store."""

    def __init__(self, practice: Practice, keys: Keyring) -> None:
        self._practice, self._keys = practice, keys

    def _file(self, on: date) -> SealedFile:
        path = self._practice.home / DIGESTS / f"{on.isoformat()}.digest"
        return SealedFile(path, PURPOSE, on.isoformat(), self._keys, self._practice.modes)

    def read(self, on: date) -> Digest | None:
        """As it was kept; None where there is none, or the journals were added to since."""
        raw = self._file(on).read()
        if raw is None:
            return None
        try:
            found = json.loads(zlib.decompress(raw))
            if found["version"] != VERSION or found["stamp"] != stamp_of(self._practice, on):
                return None
            return Digest(
                on,
                Numbers.model_validate(found["numbers"]),
                {id_: Whose(*whose) for id_, whose in found["patients"].items()},
                found["done"],
                {
                    row: {staff: Bare.model_validate(one) for staff, one in by.items()}
                    for row, by in found["bare"].items()
                },
                [Line(*line) for line in found["lines"]],
                found["attached"],
            )
        except (ValueError, KeyError, TypeError, zlib.error):
            return None

    def keep(self, digest: Digest, stamp: Stamp) -> None:
        """`stamp` is of the journals before they were read. Raises OSError."""
        content = {
            "version": VERSION,
            "stamp": stamp,
            "numbers": digest.numbers.model_dump(mode="json"),
            "patients": digest.patients,
            "done": digest.done,
            "bare": {
                row: {staff: one.model_dump(mode="json", exclude_defaults=True) for staff, one in by.items()}
                for row, by in digest.bare.items()
            },
            "lines": digest.lines,
            "attached": digest.attached,
        }
        packed = zlib.compress(json.dumps(content, ensure_ascii=False).encode())
        self._file(digest.on).write(packed)

    def forget(self, on: date) -> None:
        self._file(on).path.unlink(missing_ok=True)
