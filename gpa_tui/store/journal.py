"""One journal: a TinyDB storage that only ever appends a line, and the table over it.

What a line holds is `store/chain.py`. Whatever one act says is one line, so it is there whole or not at
all. A line counts once fsync returned.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from gpa_tui.errors import JournalDamaged, NotSaved, StoreError
from gpa_tui.store.chain import ASK, FORMAT, Chain
from gpa_tui.store.files import FILE_MODE, flush_folder, replace_file

TABLE = "log"
LOCK_PATIENCE = 2.0  # seconds to wait for another terminal before saying so
LOCK_POLL = 0.005  # seconds


class JournalStorage(Storage):
    """The file as a TinyDB storage: `read` gives the table from memory, `append` adds one commit."""

    def __init__(self, path: Path, *, practice: str, journal: str, date: str) -> None:
        self.path = path
        self.torn: Path | None = None  # where an unacknowledged tail was moved, until somebody has said so
        self.commits: list[list[dict[str, Any]]] = []
        self._header = {"format": FORMAT, "journal": journal, "practice": practice, "date": date}
        self._chain = Chain(path.name, practice, date)
        self._offset = 0
        self._lock_depth = 0
        self._lock_file = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, FILE_MODE)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)

    # ── reading ───────────────────────────────────────────────────────────────────────────────

    def read(self) -> dict[str, dict[str, Any]]:
        """All events as TinyDB wants them, fresh copies: `{"log": {"1": {…}, "2": {…}}}`."""
        events = (event for commit in self.commits for event in commit)
        return {TABLE: {str(number): json.loads(json.dumps(event)) for number, event in enumerate(events, 1)}}

    def catch_up(self) -> list[dict[str, Any]]:
        """The events that were added since the last call, by this process or another.

        Under the lock a torn last line (never acknowledged) is moved aside; without it the reading
        stops at the last whole line. Raises `JournalDamaged` naming the line.
        """
        size = os.fstat(self._file).st_size
        if size < self._offset:
            raise JournalDamaged(f"{self.path.name} is shorter than it was.", ASK, line=len(self.commits) + 1)
        content = os.pread(self._file, size - self._offset, self._offset) if size > self._offset else b""
        *lines, tail = content.split(b"\n")
        fresh: list[dict[str, Any]] = []
        for line in lines:
            fresh.extend(self._took(line))
        if tail and self._lock_depth:
            self._set_aside(tail)
        return fresh

    def _took(self, line: bytes) -> list[dict[str, Any]]:
        """The next line is in the file for good; gives its events, none for the header."""
        events = self._chain.take(line)
        self._offset += len(line) + 1
        if events is None:
            return []
        self.commits.append(events)
        return events

    def _set_aside(self, tail: bytes) -> None:
        try:
            torn = _unused(self.path, self._offset)
            replace_file(torn, tail)
            self._truncate()
        except OSError as error:
            raise NotSaved(
                f"Not saved: a half-written entry cannot be put aside: {error.strerror or error}.", _KEPT
            ) from error
        self.torn = torn

    @property
    def head(self) -> tuple[int, str]:
        """How many commits there are, and the SHA-256 of the last line."""
        return self._chain.commits, self._chain.last_hash

    # ── writing ───────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the journal against every other process. Raises `NotSaved` after two seconds' wait."""
        if self._lock_depth == 0:
            self._wait_for_lock()
        self._lock_depth += 1
        try:
            yield
        finally:
            self._lock_depth -= 1
            if self._lock_depth == 0:
                fcntl.flock(self._lock_file, fcntl.LOCK_UN)

    @contextmanager
    def looking(self) -> Iterator[bool]:
        """Hold writers off while reading; False while one is at work: its line does not count yet."""
        if self._lock_depth:
            yield True
            return
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            fcntl.flock(self._lock_file, fcntl.LOCK_UN)

    def _wait_for_lock(self) -> None:
        give_up = time.monotonic() + LOCK_PATIENCE
        while True:
            try:
                fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > give_up:
                    raise NotSaved(
                        "Not saved: another terminal is holding the clinic's file.",
                        "Your text is kept here. Try again; if it goes on, look at the other terminals.",
                    ) from None
                time.sleep(LOCK_POLL)
            else:
                return

    def append(self, events: list[dict[str, Any]]) -> None:
        """Add one commit and flush it. The lock must be held and the file caught up with.

        Raises `NotSaved`; then nothing of the commit is in the file.
        """
        self._still_there()
        if self._offset == 0:
            self._append_line(_line(self._header))
        commits, last_hash = self.head
        self._append_line(_line({"n": commits + 1, "prev": last_hash, "events": events}))

    def _still_there(self) -> None:
        """Raises `NotSaved` when the file that is open is no longer the one that the path names."""
        try:
            there = os.path.samestat(self.path.stat(), os.fstat(self._file))
        except OSError:
            there = False
        if not there:
            raise NotSaved("Not saved: the clinic's file was removed or replaced.", _KEPT)

    def _append_line(self, line: bytes) -> None:
        try:
            rest, at = line + b"\n", self._offset
            while rest:
                written = os.pwrite(self._file, rest, at)
                rest, at = rest[written:], at + written
            os.fsync(self._file)
            if self._offset == 0:
                flush_folder(self.path.parent)
        except OSError as error:
            with suppress(OSError):  # what cannot be cut off now is set aside at the next lock
                self._truncate()
            raise NotSaved(f"Not saved: {error.strerror or error}.", _KEPT) from error
        self._took(line)

    def _truncate(self) -> None:
        os.ftruncate(self._file, self._offset)
        os.fsync(self._file)

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:  # noqa: ARG002
        """TinyDB's way of writing everything anew: refused."""
        raise StoreError("A journal is only ever added to.")

    def close(self) -> None:
        os.close(self._file)
        os.close(self._lock_file)


_KEPT = "Your text is kept here. Tell whoever looks after this computer."


def _unused(path: Path, offset: int) -> Path:
    """A name for a torn tail that no earlier one has."""
    names = (path.with_suffix(f".{offset}{f'-{n}' if n else ''}.torn") for n in count())
    return next(name for name in names if not name.exists())


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


class LogTable(Table):
    """TinyDB's table, append-only: inserting is one commit, every query works, nothing can be changed."""

    _storage: JournalStorage

    def __init__(self, storage: Storage, name: str, cache_size: int = 0, persist_empty: bool = False) -> None:
        """`cache_size` 0: another process may have written since a query was asked before."""
        super().__init__(storage, name, cache_size, persist_empty)

    def insert(self, document: Mapping[str, Any]) -> int:
        return self.insert_multiple([document])[0]

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """Append all `documents` as one commit; gives their ids."""
        events = [dict(document) for document in documents]
        with self._storage.locked():
            self._storage.catch_up()
            before = sum(map(len, self._storage.commits))
            self._storage.append(events)
        return list(range(before + 1, before + len(events) + 1))

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return dict(self._storage.read()[TABLE])

    def _refuse(self, *_: object, **__: object) -> Any:
        raise StoreError("A journal is only ever added to: correct an entry with another one.")

    update = update_multiple = upsert = remove = truncate = _update_table = _refuse


class JournalDB(TinyDB):
    """A journal opened through TinyDB."""

    table_class = LogTable
    default_table_name = TABLE

    def _refuse(self, *_: object, **__: object) -> Any:
        raise StoreError("A journal is only ever added to.")

    drop_tables = drop_table = _refuse
