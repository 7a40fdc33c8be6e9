"""One journal: a TinyDB storage that only ever appends a line, and the table over it.

What a line holds is `store/chain.py`. Whatever one act says is one line, so it is there whole or not at
all. A line counts once it is flushed.

The file is kept longer than its lines by a few zero bytes, and grows by many at once: overwriting what is
there already takes one flush of the data, where a longer file takes a second for its new length.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from gpa_tui.errors import JournalDamaged, NewerFormat, NotSaved, StoreError, StoreUnusable
from gpa_tui.records.base import StaffId
from gpa_tui.store import seal
from gpa_tui.store.chain import ASK, END, Chain, Commit, Head, commit_line, header_line, written
from gpa_tui.store.files import FILE_MODE, flush_folder, open_private, replace_file
from gpa_tui.store.lock import Lock
from gpa_tui.store.vault import Keyring

TABLE = "log"
STANDING = "standing"  # the journal of what outlives a day
ROOM = 128 * 1024  # bytes by which the file grows ahead of its lines
AHEAD = 512  # bytes read past the last line that is known, before all the rest is


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class JournalStorage(Storage):
    """The file as a TinyDB storage: `read` gives the table from memory, `append` adds one commit.

    `keys` open what others wrote and close what is added, which is signed as `by`; `holder` is what others
    are told while this process holds the lock.
    """

    def __init__(
        self,
        path: Path,
        *,
        practice: str,
        journal: str,
        date: str,
        keys: Keyring,
        by: StaffId,
        holder: str = "",
        mode: int = FILE_MODE,
    ) -> None:
        self.path = path
        self.torn: Path | None = None  # where an unacknowledged tail was moved, until somebody has said so
        self.commits: list[bytes] = []  # each a JSON list of events
        self.envelopes: list[Commit] = []  # of the standing journal: what each commit was signed over
        self.envelopes_kept = date == STANDING
        self.hashes: list[str] = []  # of each line, the header's first
        self.last: Commit | None = None  # of those that were read
        self._new = {"journal": journal, "practice": practice, "date": date}
        self._keys, self._signer, self._mode = keys, keys.signer(by), mode
        self._chain = Chain(path.name, practice, date)
        self._offset = self._size = 0
        self._looked_at_all = False
        self._last_line = b""
        self._refused = b""  # a line that was refused and could not be cut off again
        self._trusted = True
        self._newer: NewerFormat | None = None
        self._trouble: JournalDamaged | NewerFormat | None = None  # after it nothing more is read
        self._lock = Lock(path.with_suffix(".lock"), holder, mode)
        self._file = self._opened()
        self._name = self._named()

    def _opened(self) -> int:
        return open_private(self.path, os.O_RDWR | os.O_CREAT, self._mode)

    # ── reading ───────────────────────────────────────────────────────────────────────────────

    def read(self) -> dict[str, dict[str, Any]]:
        """All events as TinyDB wants them, fresh copies: `{"log": {"1": {…}, "2": {…}}}`."""
        return {
            TABLE: {
                str(document_id(n, number)): event
                for n, commit in enumerate(self.commits, 1)
                for number, event in enumerate(json.loads(commit), 1)
            }
        }

    def changed(self) -> bool:
        """Whether there may be something new: one look at the byte after the last line, without the lock."""
        try:
            return os.pread(self._file, 1, self._offset) not in (b"", END)
        except OSError:
            return True  # the reading says what is wrong

    def catch_up(self) -> list[bytes]:
        """The commits that were added since the last call, by this process or another.

        Under the lock a torn last line (never acknowledged) is moved aside; without it the reading
        stops at the last whole line. Raises `JournalDamaged` naming the line; what stands before it is
        in `commits` all the same. Raises `NewerFormat` after taking in what could be read.
        """
        if self._trouble is not None:
            raise self._trouble
        if not (self._trusted or self._lock.held):
            return []
        try:
            if not self._trusted:
                self._read_anew()
            taken = self._take_new()
        except OSError as error:
            raise NotSaved(f"The clinic's file cannot be read: {error.strerror or error}.", _KEPT) from error
        except JournalDamaged as damage:
            self._trouble = self._newer or damage
            raise self._trouble from damage
        if self._newer is not None:
            self._trouble = self._newer
            raise self._newer
        return taken

    def _take_new(self) -> list[bytes]:
        # not fstat: a file whose times were asked for must flush new ones with the next line
        self._size, start = os.lseek(self._file, 0, os.SEEK_END), self._offset - len(self._last_line)
        number = self._chain.commits + 1
        if self._size < self._offset:
            raise JournalDamaged(f"{self.path.name} is shorter than it was.", ASK, line=number)
        everything, self._looked_at_all = not self._looked_at_all, self._looked_at_all or self._lock.held
        content = self._content(start, everything=everything)
        if not content.startswith(self._last_line):
            raise JournalDamaged(f"{self.path.name}: line {number} is not as it was.", ASK, line=number)
        fresh = content[len(self._last_line) :]
        if not (everything or fresh.strip(END)):
            return []
        lines, torn, destroyed = written(fresh)
        before = len(self.commits)
        for line in lines:
            self._take(line)
        if destroyed:
            raise self._chain.damaged("has zero bytes in it, and whole lines behind them")
        if torn and self._lock.held and self._newer is None:
            self._set_aside(torn)
        return self.commits[before:]

    def _content(self, start: int, *, everything: bool) -> bytes:
        """What is written from `start` on, and `everything` that is in the file behind it.

        A power cut may have kept a later part of a line and not an earlier one; nothing else can, so that is
        looked at once, the first time the lock is held.
        """
        ahead = os.pread(self._file, len(self._last_line) + AHEAD, start)
        if END in ahead and not everything:
            return ahead
        return ahead + os.pread(self._file, max(0, self._size - start - len(ahead)), start + len(ahead))

    def _take(self, line: bytes) -> None:
        """The next line that was read."""
        try:
            commit = self._chain.read(line)
        except NewerFormat as newer:
            self._newer, commit = newer, None
        if commit is None:
            self._took(line)
            return
        try:
            key = self._keys.data_key(commit.epoch, self._chain.journal)
            events = seal.open_(key, seal.raw(commit.box), commit.bound(self._chain.journal))
        except seal.CannotOpen as error:
            raise self._chain.damaged("was changed: it does not open") from error
        except StoreUnusable as error:
            raise self._chain.damaged(f"does not open: {error.reason}") from error
        self._took(line)
        self.commits.append(events)
        self.last = commit
        if self.envelopes_kept:
            self.envelopes.append(commit)

    def _took(self, line: bytes) -> None:
        """`line` is in the file for good."""
        self._chain.took(line)
        self.hashes.append(self._chain.last_hash)
        self._last_line = line + b"\n"
        self._offset += len(self._last_line)

    def _read_anew(self) -> None:
        """After the disk said no: what counts must be what was taken, read again through a new descriptor.

        Only then, and once the file is flushed, does anything go on. Raises `JournalDamaged`, `NotSaved`.
        """
        try:
            fresh = self._opened()
            os.close(self._file)
            self._file = fresh
            os.fsync(self._file)
            content = os.pread(self._file, self._offset, 0)
            if self._refused:
                behind = os.pread(self._file, os.fstat(self._file).st_size, self._offset)
                if behind.rstrip(END) == self._refused.rstrip(END):  # nobody has gone on from it
                    self._truncate()
                self._refused = b""
        except OSError as error:
            raise NotSaved(f"Not saved: {error.strerror or error}.", _KEPT) from error
        again = Chain(self.path.name)
        for line in content.split(b"\n")[:-1]:
            again.read(line)
            again.took(line)
        if again.head != self.head:
            number = again.commits + 1
            raise JournalDamaged(f"{self.path.name}: line {number} is not as it was.", ASK, line=number)
        self._trusted = True

    def _set_aside(self, tail: bytes) -> None:
        try:
            torn = _unused(self.path, self._offset)
            replace_file(torn, tail, mode=self._mode)
            self._truncate()
        except OSError as error:
            raise NotSaved(
                f"Not saved: a half-written entry cannot be put aside: {error.strerror or error}.", _KEPT
            ) from error
        self.torn = torn

    @property
    def journal(self) -> str:
        """The journal's id, once its header is read."""
        return self._chain.journal

    @property
    def head(self) -> Head:
        """How many commits there are, and the SHA-256 of the last line."""
        return self._chain.head

    # ── writing ───────────────────────────────────────────────────────────────────────────────

    def locked(self) -> AbstractContextManager[None]:
        """Hold the journal against every other process. Raises `NotSaved` after two seconds' wait."""
        return self._lock.writing()

    def looking(self) -> AbstractContextManager[bool]:
        """Hold writers off while reading; False while one is at work: its line does not count yet."""
        return self._lock.reading()

    def append(self, events: bytes, heads: Mapping[str, Head]) -> None:
        """Add one commit, a JSON list of events, and flush it; `heads` anchors other journals.

        The lock must be held and the file caught up with. Raises `NotSaved`; then nothing of it counts.
        """
        self._still_there()
        if self._offset == 0:
            header = header_line(**self._new)
            self._chain.read(header)
            self._write(header)
        keys, journal = self._keys, self._chain.journal
        key = keys.data_key(keys.epoch, journal)
        line = commit_line(key, self._signer, journal, self.head, keys.epoch, events, heads)
        envelope = self._chain.read(line) if self.envelopes_kept else None
        self._write(line)
        if envelope is not None:
            self.envelopes.append(envelope)
        self.commits.append(events)

    def _still_there(self) -> None:
        """Raises `NotSaved` when the file that is open is no longer the one that the path names."""
        try:
            there = self._named() == self._name
        except OSError as error:
            raise NotSaved(f"Not saved: {error.strerror or error}.", _KEPT) from error
        if not there:
            raise NotSaved("Not saved: the clinic's file was removed or replaced.", _KEPT)

    def _named(self) -> str:
        """The name of the open file as the system has it, which says when it was removed or moved.

        Where the system does not tell: whether the path still names it.
        """
        try:
            return os.readlink(f"/proc/self/fd/{self._file}")  # noqa: PTH115 – before every commit
        except FileNotFoundError:
            return str(os.path.samestat(self.path.stat(), os.fstat(self._file)))

    def _write(self, line: bytes) -> None:
        try:
            self._make_room(len(line) + 1)
            self._put(line + b"\n", self._offset)
            os.fdatasync(self._file)
            if self._offset == 0:
                flush_folder(self.path.parent)
        except OSError as error:
            self._trusted = False
            self._refused = line + b"\n"
            with suppress(OSError):  # what cannot be cut off now is cut off at the next lock
                self._truncate()
                self._refused = b""
            raise NotSaved(f"Not saved: {error.strerror or error}.", _KEPT) from error
        self._took(line)

    def _make_room(self, needed: int) -> None:
        """Zero bytes for this line and the next ones, where the disk has room for them."""
        if self._offset + needed > self._size:
            with suppress(OSError):
                self._put(END * (self._offset + needed + ROOM - self._size), self._size)
                self._size = self._offset + needed + ROOM

    def _put(self, content: bytes, at: int) -> None:
        while content:
            written = os.pwrite(self._file, content, at)
            if not written:
                raise OSError(0, "the disk took nothing")
            content, at = content[written:], at + written

    def _truncate(self) -> None:
        self._size = self._offset
        os.ftruncate(self._file, self._offset)
        os.fsync(self._file)

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:  # noqa: ARG002
        """TinyDB's way of writing everything anew: refused."""
        raise StoreError("A journal is only ever added to.")

    def close(self) -> None:
        os.close(self._file)
        self._lock.close()


_KEPT = "Your text is kept here. Tell whoever looks after this computer."


def document_id(n: int, number: int) -> int:
    """TinyDB's id of the `number`th event of commit `n`: no counting of all that went before."""
    return n * 1_000_000 + number


def _unused(path: Path, offset: int) -> Path:
    """A name for a torn tail that no earlier one has."""
    names = (path.with_suffix(f".{offset}{f'-{n}' if n else ''}.torn") for n in count())
    return next(name for name in names if not name.exists())


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
        return self.commit(documents, {})

    def commit(self, documents: Iterable[Mapping[str, Any]], heads: Mapping[str, Head]) -> list[int]:
        """The same, and the line anchors the `heads` of other journals."""
        events = [dict(document) for document in documents]
        content = _ENCODER.encode(events).encode()
        with self._storage.locked():
            self._storage.catch_up()
            self._storage.append(content, heads)
            n = len(self._storage.commits)
        return [document_id(n, number) for number in range(1, len(events) + 1)]

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
