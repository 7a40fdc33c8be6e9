"""Another store's journal on this disk: its lines as they were written and signed there, never others.

`others/ORIGIN/NAME.journal` is the file itself, byte for byte, so that its chain and signatures can be
checked here as there; `NAME.keys` beside it holds the keys that open it, sealed under this store's own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from gpa_tui.errors import JournalDamaged, NewerFormat, NotSaved, StoreUnusable
from gpa_tui.records.base import StaffId
from gpa_tui.records.staff import DEVICE
from gpa_tui.store import seal
from gpa_tui.store.chain import Chain, Commit, written
from gpa_tui.store.files import Modes, make_private_folder, open_private
from gpa_tui.store.grant import others
from gpa_tui.store.journal import JournalStorage
from gpa_tui.store.lock import Lock
from gpa_tui.store.practice import OTHERS, Practice
from gpa_tui.store.sealed import SealedFile
from gpa_tui.store.vault import Keyring
from gpa_tui.store.verify import signature_fits

Signers = Mapping[str, tuple[StaffId, bytes]]


@dataclass(slots=True)
class OtherKeys(Keyring):
    """What opens one journal of another store; looks again where an entry is under a newer key."""

    file: Path = field(default_factory=Path)
    ours: Keyring | None = None

    def store_key(self, epoch: int, purpose: str) -> bytes:
        if (epoch, purpose) not in self._data_keys:
            for number, key in read_keys(self.file, self.ours).items():
                self.hold(number, purpose, key)
        return Keyring.store_key(self, epoch, purpose)


def open_replica(practice: Practice, path: Path, keys: Keyring) -> JournalStorage:
    """The journal at `path` as it is read, with this store's `keys`. Raises `StoreUnusable`."""
    ring = OtherKeys(
        member=keys.member,
        own=keys.device,
        device=keys.device,
        epochs={},
        drafts=b"",
        box=keys.box,
        epoch=0,
        file=path.with_suffix(".keys"),
        ours=keys,
    )
    try:
        return JournalStorage(
            path, practice=practice.info.practice, journal="", date=path.stem, keys=ring, by=DEVICE
        )
    except OSError as error:
        raise StoreUnusable(f"{path} cannot be opened: {error.strerror}.") from error


def read_keys(file: Path, ours: Keyring | None) -> dict[int, bytes]:
    """By epoch of the other store, the journal's key; none where they cannot be had."""
    assert ours is not None, "this store's keys"
    found = json.loads(_kept(file, ours).read() or b"{}")
    return {int(epoch): seal.raw(one) for epoch, one in found.items()}


def _kept(file: Path, ours: Keyring, modes: Modes | None = None) -> SealedFile:
    return SealedFile(file, others(file.stem), f"{file.parent.name}/{file.name}", ours, modes)


class Replica:
    """One other journal, as whoever syncs adds to it. Close it after use."""

    def __init__(self, practice: Practice, origin: str, name: str, keys: Keyring) -> None:
        """Raises OSError; `JournalDamaged` where what is on the disk is not as it was written."""
        self._practice, self._keys, self.name = practice, keys, name
        self.path = practice.home / OTHERS / str(UUID(origin)) / f"{name}.journal"
        for folder in (self.path.parent.parent, self.path.parent):
            make_private_folder(folder, practice.modes.folder)
        self._known = read_keys(self.path.with_suffix(".keys"), keys)
        self._chain = Chain(f"{origin}/{name}", practice.info.practice, name)
        self._offset = 0
        if self.path.exists():
            for line in written(self.path.read_bytes())[0]:
                self._chain.read(line)
                self._took(line)
        self._lock = Lock(self.path.with_suffix(".lock"), "sync", practice.modes.file)

    @property
    def commits(self) -> int:
        """How many there are; −1 before its header is."""
        return self._chain.commits if self._chain.journal else -1

    def take(self, lines: Sequence[bytes], keys: Mapping[int, bytes], signers: Signers) -> None:
        """Add lines that follow what there is; `keys` open them, `signers` are whose the signatures may be.

        What stands before one that does not follow, or does not open, or is not signed by whoever says it,
        is kept.
        Raises `JournalDamaged` for that one, `NotSaved`.
        """
        with self._lock.writing():
            self._keep_keys({**self._known, **keys})
            good: list[bytes] = []
            trouble: JournalDamaged | NewerFormat | None = None
            before = copy(self._chain)
            for line in lines:
                try:
                    commit = self._chain.read(line)
                    if commit is not None:
                        self._check(commit, signers)
                except (JournalDamaged, NewerFormat) as error:
                    trouble = error
                    break
                self._chain.took(line)
                good.append(line)
            try:
                self._write(b"".join(line + b"\n" for line in good))
            except OSError as error:
                self._chain = before
                raise NotSaved(f"What came from another host was not kept: {error.strerror}.") from error
            if trouble is not None:
                raise trouble

    def _check(self, commit: Commit, signers: Signers) -> None:
        signer = signers.get(commit.by)
        if signer is None:
            raise self._chain.damaged(f"is signed with key {commit.by}, which nobody there is known to have")
        if not signature_fits(signer[1], commit, self._chain.journal):
            raise self._chain.damaged("has a signature that does not fit")
        key = self._known.get(commit.epoch)
        try:
            if key is None:
                raise seal.CannotOpen
            events = json.loads(seal.open_(key, seal.raw(commit.box), commit.bound(self._chain.journal)))
            claimed = {event["by"]["staff"] for event in events}
        except (seal.CannotOpen, ValueError, TypeError, KeyError) as error:
            raise self._chain.damaged("does not open") from error
        if claimed != {signer[0]}:
            raise self._chain.damaged("is not signed by whoever it says it is by")

    def _keep_keys(self, keys: dict[int, bytes]) -> None:
        if keys == self._known and self.path.with_suffix(".keys").exists():
            return
        content = json.dumps({number: seal.text(key) for number, key in keys.items()}).encode()
        _kept(self.path.with_suffix(".keys"), self._keys, self._practice.modes).write(content)
        self._known = keys

    def _write(self, content: bytes) -> None:
        """Behind the last whole line: what was half written when this was killed comes again."""
        if not content:
            return
        descriptor = open_private(self.path, os.O_WRONLY | os.O_CREAT, self._practice.modes.file)
        with os.fdopen(descriptor, "wb") as file:
            file.truncate(self._offset)
            file.seek(self._offset)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        self._offset += len(content)

    def _took(self, line: bytes) -> None:
        self._chain.took(line)
        self._offset += len(line) + 1

    def close(self) -> None:
        self._lock.close()
