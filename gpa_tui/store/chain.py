"""The lines of a journal and how each follows from the one before; reads, never writes.

Line 1 is the header, `{"format", "journal", "practice", "date"}`. Every further line is one commit,
`{"n": 1, 2, 3 …, "prev": SHA-256 of the line before, "events": […]}`.

Format 0 keeps events in the clear and unsigned and is for demo stores: the places of `sig` and `box`
are kept for format 1 (docs/architecture.md).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpa_tui.errors import JournalDamaged, StoreUnusable

FORMAT = 0
ASK = "Nothing in it was altered now. Tell whoever looks after the system; `gpa-tui log verify` says more."


class Chain:
    """Takes the lines of one journal in order and says of each what it holds.

    `practice` and `date` are what the header must say; None takes any.
    """

    def __init__(self, name: str, practice: str | None = None, date: str | None = None) -> None:
        self._name = name
        self._expected = {"practice": practice, "date": date}
        self._lines = 0
        self.last_hash = ""

    @property
    def commits(self) -> int:
        return max(0, self._lines - 1)

    def take(self, line: bytes) -> list[dict[str, Any]] | None:
        """The events of the next line, without its line break; None for the header.

        Raises `JournalDamaged` naming the line, or `StoreUnusable` for a format of another version.
        """
        events = None
        if self._lines:
            events = self._commit(line)
        else:
            self._check_header(line)
        self._lines += 1
        self.last_hash = hashlib.sha256(line).hexdigest()
        return events

    def _check_header(self, line: bytes) -> None:
        header = _parse(line)
        if not isinstance(header, dict) or not isinstance(header.get("format"), int):
            raise self._damaged("is not a journal's header")
        if header["format"] != FORMAT:
            raise StoreUnusable(
                f"{self._name} has format {header['format']}, this version reads format {FORMAT}.",
                "Use the version of gpa-tui that wrote it.",
            )
        for field, expected in self._expected.items():
            if expected is not None and header.get(field) != expected:
                raise self._damaged(f"says that the file belongs to another {field}")

    def _commit(self, line: bytes) -> list[dict[str, Any]]:
        number = self.commits + 1
        commit = _parse(line)
        events = commit.get("events") if isinstance(commit, dict) else None
        if not isinstance(commit, dict) or not isinstance(events, list):
            raise self._damaged("is not a commit")
        if commit.get("n") != number:
            raise self._damaged(f"says it is commit {commit.get('n')}, but commit {number} belongs here")
        if commit.get("prev") != self.last_hash:
            raise self._damaged("does not follow from the line before it: one of the two was changed")
        return events

    def _damaged(self, what: str) -> JournalDamaged:
        line = self._lines + 1
        return JournalDamaged(f"{self._name}: line {line} {what}.", ASK, line=line)


@dataclass(frozen=True, slots=True)
class Verified:
    """What reading one journal from end to end found; `damage` is None when every line follows."""

    path: Path
    commits: int
    events: int
    head: str
    torn_bytes: int
    damage: JournalDamaged | None


def verify(path: Path, practice: str) -> Verified:
    """Read the journal at `path` without a key and without changing anything.

    Shows accidental damage and any line that does not follow from the one before. Raises OSError.
    """
    date = path.stem
    chain = Chain(path.name, practice, date)
    *lines, tail = path.read_bytes().split(b"\n")
    events = 0
    damage = None
    try:
        for line in lines:
            events += len(chain.take(line) or ())
    except JournalDamaged as error:
        damage = error
    return Verified(path, chain.commits, events, chain.last_hash, len(tail), damage)


def _parse(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None
