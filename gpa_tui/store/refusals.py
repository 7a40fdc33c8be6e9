"""What is noted where no journal can be added to: a clear file, taken into the log at the next sign-in.

Wrong passphrases, before any key is open; and who read what of a store that can only be read. It holds a
name that somebody typed or chose, where, and when; nothing of any patient.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime
from uuid6 import uuid7

from gpa_tui.errors import NotSaved, SignInRefused
from gpa_tui.records.base import Record
from gpa_tui.store.files import FILE_MODE, open_private, replace_file
from gpa_tui.store.lock import Lock
from gpa_tui.text import clean

FREE_TRIES = 3  # wrong passphrases for one name before the next must wait
LONGEST_WAIT = 60  # seconds; each further wrong one doubles the wait up to this (proposal)
REMEMBERED = timedelta(minutes=15)


class Refusal(Record):
    """One passphrase that did not fit; or, with `read`, what somebody read."""

    id: str
    name: str
    terminal: str
    when: AwareDatetime
    read: str = ""
    logged: bool = False  # it is in the log, and counts against the next try a little longer


class Refusals:
    """The file `refused.jsonl` of a store."""

    def __init__(self, home: Path, mode: int = FILE_MODE) -> None:
        self._path = home / "refused.jsonl"
        self._mode = mode

    def note(self, name: str, terminal: str, when: datetime, *, read: str) -> None:
        """Add what somebody read, flushed. Raises `NotSaved`."""
        with self._locked():
            self._add(name, terminal, when, read)

    @contextmanager
    def attempt(self, name: str, terminal: str, when: datetime) -> Iterator[None]:
        """One passphrase is tried inside: where `SignInRefused` comes of it, that is noted.

        Tries come one after another, whatever terminal they are made at. Raises `SignInRefused` while `name`
        must wait after several wrong ones, and `NotSaved`.
        """
        with self._locked():
            self._require_patience(name, when)
            try:
                yield
            except SignInRefused:
                self._add(name, terminal, when, "")
                raise

    def _add(self, name: str, terminal: str, when: datetime, read: str) -> None:
        refusal = Refusal(id=str(uuid7()), name=clean(name), terminal=clean(terminal), when=when, read=read)
        try:
            descriptor = open_private(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, self._mode)
            with os.fdopen(descriptor, "ab") as file:
                file.write(refusal.model_dump_json().encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _not_noted(error) from error

    def _require_patience(self, name: str, now: datetime) -> None:
        when = [
            one.when
            for one in self._all()
            if one.name == clean(name) and not one.read and timedelta(0) <= now - one.when < REMEMBERED
        ]
        if len(when) < FREE_TRIES:
            return
        wait = min(LONGEST_WAIT, 2 ** (len(when) - FREE_TRIES + 1))
        left = wait - (now - max(when)).total_seconds()
        if left > 0:
            raise SignInRefused(
                f"{len(when)} wrong passphrases for this name.", f"Wait {int(left) + 1} s, then try again."
            )

    def waiting(self) -> list[Refusal]:
        """Those that are not in the log yet."""
        return [one for one in self._all() if not one.logged]

    def _all(self) -> list[Refusal]:
        """What the file holds; a line that cannot be read is passed over."""
        try:
            lines = self._path.read_bytes().split(b"\n")
        except OSError:
            return []
        found = []
        for line in lines:
            try:
                found.append(Refusal.model_validate(json.loads(line)))
            except ValueError:
                continue
        return found

    def absorbed(self, refusals: list[Refusal], now: datetime) -> None:
        """These are in the log now; those that still count against the next try stay. Raises `NotSaved`."""
        done = {one.id for one in refusals}
        with self._locked():
            left = [
                one.model_copy(update={"logged": True}) if one.id in done else one
                for one in self._all()
                if not ((one.logged or one.id in done) and (one.read or now - one.when >= REMEMBERED))
            ]
            content = b"".join(one.model_dump_json().encode() + b"\n" for one in left)
            try:
                if left:
                    replace_file(self._path, content, mode=self._mode)
                else:
                    self._path.unlink(missing_ok=True)
            except OSError as error:
                raise _not_noted(error) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Where no lock can be made, as in a folder that is read-only, one try need not wait for another."""
        try:
            lock = Lock(self._path.with_suffix(".lock"), "a sign-in", self._mode)
        except OSError:
            yield
            return
        with closing(lock), lock.writing():
            yield


def _not_noted(error: OSError) -> NotSaved:
    return NotSaved(
        f"It could not be noted who was here: {error.strerror or error}.",
        "Tell whoever looks after this computer.",
    )
