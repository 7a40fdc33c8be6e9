"""Journals on a real disk for the tests of the store, and disks that say no."""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from clinic import GPA, PASSPHRASE, PEOPLE, QUICK
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gpa_tui.store.journal import JournalDB, JournalStorage
from gpa_tui.store.vault import Keyring, new_roster, unlock
from gpa_tui.store.verify import Verified, verify

PRACTICE = "0f0f0f0f-0000-4000-8000-000000000001"
DATE = "2026-11-23"
COMMITS: list[list[dict[str, Any]]] = [
    [{"kind": "first", "words": "Zoë – £5"}],
    [{"kind": "second", "n": 1}, {"kind": "second", "n": 2}],
    [{"kind": "third", "words": "“ende” 36.8 °C"}],
]


ROSTER, RECOVERY_CODE = new_roster(PRACTICE, PEOPLE, QUICK)
KEYS = unlock(ROSTER, GPA.staff, PASSPHRASE)
SIGNERS = ROSTER.signers


@contextmanager
def opened(path: Path, holder: str = "M Okafor at room2", keys: Keyring = KEYS) -> Iterator[JournalDB]:
    """The journal at `path`, begun if it is not there; not yet read."""
    journal = JournalDB(
        path,
        storage=JournalStorage,
        practice=PRACTICE,
        journal="j",
        date=path.stem,
        keys=keys,
        by=keys.member.id,
        holder=holder,
    )
    try:
        yield journal
    finally:
        journal.close()


def storage(journal: JournalDB) -> JournalStorage:
    found = journal.storage
    assert isinstance(found, JournalStorage)
    return found


def caught_up(journal: JournalDB) -> list[dict[str, Any]]:
    """The events that were added since the last look."""
    return [event for commit in storage(journal).catch_up() for event in json.loads(commit)]


def commit(journal: JournalDB, events: Sequence[dict[str, Any]]) -> list[int]:
    """Add one commit as the desk does: lock, catch up, append."""
    with storage(journal).locked():
        storage(journal).catch_up()
        ids: list[int] = journal.insert_multiple(events)
        return ids


def text_of(path: Path) -> bytes:
    """What is written in the file, without the room ahead of it."""
    return path.read_bytes().partition(b"\0")[0]


def kept(path: Path) -> list[dict[str, Any]]:
    """The events that a newly started reader finds."""
    with opened(path) as journal:
        return caught_up(journal)


def verified(path: Path, keys: Keyring | None = None) -> Verified:
    return verify(path, PRACTICE, SIGNERS, keys)


def a_journal(folder: Path, commits: Sequence[Sequence[dict[str, Any]]] = COMMITS) -> Path:
    """A whole journal with `commits`."""
    path = folder / f"{DATE}.journal"
    with opened(path) as journal:
        for events in commits:
            commit(journal, events)
    return path


def lines_by_hand(
    header: dict[str, Any], commits: Sequence[Sequence[dict[str, Any]]], keys: Keyring = KEYS
) -> bytes:
    """The bytes of a journal, made here from the words of its format and not by the code under test."""
    lines = [json.dumps(header).encode()]
    for number, events in enumerate(commits, 1):
        before = hashlib.sha256(lines[-1]).hexdigest()
        lines.append(line_by_hand(header.get("journal", ""), number, before, json.dumps(events), keys))
    return b"".join(line + b"\n" for line in lines)


def line_by_hand(
    journal: str, number: int, before: str, events: str, keys: Keyring = KEYS, by: str = ""
) -> bytes:
    """One commit: closed under the journal's key, bound to its place, signed by whoever holds `keys`."""
    key = HKDF(SHA256(), 32, None, f"gpa-tui 1 journal {journal}".encode()).derive(keys.epochs[1])
    name = by or keys.own.id
    bound = f"gpa-tui commit 1\n{journal}\n{number}\n{before}\n1\n{name}\n{{}}".encode()
    nonce = os.urandom(12)
    box = base64.b64encode(nonce + AESGCM(key).encrypt(nonce, events.encode(), bound)).decode()
    signed = keys.own.private.sign(bound + b"\n" + box.encode())
    line = {"n": number, "prev": before, "epoch": 1, "by": name, "box": box}
    return json.dumps(line | {"sig": base64.b64encode(signed).decode()}).encode()


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
