"""Journals on a real disk for the tests of the store, and disks that say no."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gpa_tui.store.journal import JournalDB, JournalStorage

PRACTICE = "0f0f0f0f-0000-4000-8000-000000000001"
DATE = "2026-11-23"
COMMITS: list[list[dict[str, Any]]] = [
    [{"kind": "first", "words": "Zoë – £5"}],
    [{"kind": "second", "n": 1}, {"kind": "second", "n": 2}],
    [{"kind": "third", "words": "“ende” 36.8 °C"}],
]


@contextmanager
def opened(path: Path) -> Iterator[JournalDB]:
    """The journal at `path`, begun if it is not there; not yet read."""
    journal = JournalDB(path, storage=JournalStorage, practice=PRACTICE, journal="j", date=path.stem)
    try:
        yield journal
    finally:
        journal.close()


def storage(journal: JournalDB) -> JournalStorage:
    found = journal.storage
    assert isinstance(found, JournalStorage)
    return found


def commit(journal: JournalDB, events: Sequence[dict[str, Any]]) -> list[int]:
    """Add one commit as the desk does: lock, catch up, append."""
    with storage(journal).locked():
        storage(journal).catch_up()
        ids: list[int] = journal.insert_multiple(events)
        return ids


def kept(path: Path) -> list[dict[str, Any]]:
    """The events that a newly started reader finds."""
    with opened(path) as journal:
        return storage(journal).catch_up()


def a_journal(folder: Path, commits: Sequence[Sequence[dict[str, Any]]] = COMMITS) -> Path:
    """A whole journal with `commits`."""
    path = folder / f"{DATE}.journal"
    with opened(path) as journal:
        for events in commits:
            commit(journal, events)
    return path


def lines_by_hand(header: dict[str, Any], commits: Sequence[Sequence[dict[str, Any]]]) -> bytes:
    """The bytes of a journal, made here from the words of its format and not by the code under test."""
    lines = [json.dumps(header).encode()]
    for number, events in enumerate(commits, 1):
        before = hashlib.sha256(lines[-1]).hexdigest()
        lines.append(json.dumps({"n": number, "prev": before, "events": events}).encode())
    return b"".join(line + b"\n" for line in lines)


class Disk:
    """Stands before a function of `os`: notes each call, and says no to the ones chosen."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        self.calls = 0
        self.refuses: Callable[[int], bool] = lambda _: False
        self.half_first = False  # write half of what was asked, then say no
        self._real = getattr(os, name)
        monkeypatch.setattr(os, name, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        if self.refuses(self.calls):
            if self.half_first:
                descriptor, content, at = args
                self._real(descriptor, content[: len(content) // 2], at)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._real(*args, **kwargs)
