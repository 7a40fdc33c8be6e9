"""One date in brief: its numbers, whose it was, and a line an entry, to be searched without its journal.

It is made from the log when a session is closed or looked for, sealed, one file a date, and holds no truth:
where a journal was added to since, or the file is gone or cannot be read, it is made again. So a search over
a year reads one small file a date and never holds more than one of them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from gpa_tui.records.competency import CompetencyList
from gpa_tui.records.event import Event
from gpa_tui.records.facts_portfolio import Bare
from gpa_tui.session.day import Day, attached_to
from gpa_tui.session.describe import mark, on_paper, says
from gpa_tui.session.numbers import Numbers, numbers_of
from gpa_tui.session.own_work import Done, bare_in, done_in
from gpa_tui.session.telling import names_of
from gpa_tui.store.practice import DIGESTS, Practice
from gpa_tui.store.sealed import SealedFile
from gpa_tui.store.vault import Keyring

PURPOSE, VERSION = "digest", 6
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
    title: str = ""  # in `listed`, and no part of the name


@dataclass(frozen=True, slots=True)
class Digest:
    """One date. What is packed is opened by whoever asks for it: a search pays for no portfolio."""

    on: date
    numbers: Numbers
    patients: dict[str, Whose]  # by patient id
    done: Done  # for portfolios
    attached: list[str]  # files of it, by the names they are kept under
    packed_lines: bytes
    packed_bare: bytes
    trouble: str = ""  # why what stands behind it could not be read; such a date is not kept in brief

    @property
    def lines(self) -> list[Line]:
        """A line an entry."""
        return [Line(*line) for line in json.loads(zlib.decompress(self.packed_lines))]

    @property
    def bare(self) -> dict[str, dict[str, Bare]]:
        """Visits that have ended, as they would leave a portfolio: by row and who worked in it."""
        return _BARE.validate_json(zlib.decompress(self.packed_bare))


_BARE = TypeAdapter(dict[str, dict[str, Bare]])


def _packed(content: object) -> bytes:
    return zlib.compress(json.dumps(content, ensure_ascii=False).encode())


def stamp_of(practice: Practice, on: date) -> Stamp:
    """What tells whether the journals of a date were added to since."""
    rests_on = [practice.competencies.sha256, practice.settings.review.late_note_minutes, 0]
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
        patients_of(day),
        done_in(day, competencies),
        attached_to(day),
        _packed(
            [
                line_of(event, f"{says(event)}{on_paper(event, show_time)}{mark(event, day)}")
                for event in day.events
            ]
        ),
        zlib.compress(_BARE.dump_json(bare_in(day), exclude_defaults=True)),
    )


def patients_of(day: Day) -> dict[str, Whose]:
    """Everybody on the list, by id."""
    patients = (visit.appointment.patient for visit in day.visits.values())
    return {
        one.id: Whose(
            one.nhs_number or "", *one.name.matching, one.born or "", one.name.listed, one.name.title
        )
        for one in patients
    }


def names_in(patients: Iterable[Whose]) -> frozenset[str]:
    """Every part of their names that is looked for in words, folded."""
    pairs = list[tuple[str, str]]()
    for whose in patients:
        pairs.append((whose.family, whose.given))
        name = whose.listed.removesuffix(f" ({whose.title})")
        pairs += [(part, "") for part in name.replace(",", " ").split()]
    return names_of(pairs)


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
            head, lines, bare = parts_of(raw)
            found = json.loads(zlib.decompress(head))
            if found["version"] != VERSION or found["stamp"] != stamp_of(self._practice, on):
                return None
            return Digest(
                on,
                Numbers.model_validate(found["numbers"]),
                {id_: Whose(*whose) for id_, whose in found["patients"].items()},
                found["done"],
                found["attached"],
                lines,
                bare,
            )
        except (ValueError, KeyError, TypeError, zlib.error):
            return None

    def keep(self, digest: Digest, stamp: Stamp) -> None:
        """`stamp` is of the journals before they were read. Raises OSError."""
        head = _packed(
            {
                "version": VERSION,
                "stamp": stamp,
                "numbers": digest.numbers.model_dump(mode="json"),
                "patients": digest.patients,
                "done": digest.done,
                "attached": digest.attached,
            }
        )
        parts = (head, digest.packed_lines, digest.packed_bare)
        self._file(digest.on).write(b"".join(len(one).to_bytes(LENGTH) + one for one in parts))

    def forget(self, on: date) -> None:
        self._file(on).path.unlink(missing_ok=True)


LENGTH = 4  # bytes before each part that say how long it is


def parts_of(raw: bytes) -> list[bytes]:
    """The head, the lines and the visits. Raises ValueError, where it is unpacked, for another number."""
    found, at = [], 0
    while at < len(raw):
        end = at + LENGTH + int.from_bytes(raw[at : at + LENGTH])
        found.append(raw[at + LENGTH : end])
        at = end
    return found
