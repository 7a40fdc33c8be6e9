"""Files that belong to an entry, such as an ECG cart's: each sealed under the store's key, kept once.

A file's name here says neither what it is nor whose; it follows from its content, so that one that was filed
before is known again.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from contextlib import suppress
from datetime import date
from pathlib import Path

from gpa_tui.errors import NotSaved, StoreUnusable
from gpa_tui.records.base import PatientId, Record
from gpa_tui.store import seal
from gpa_tui.store.files import Modes, make_private_folder, replace_file
from gpa_tui.store.vault import Keyring

ATTACHMENTS = "attachments"
SUFFIX = ".attached"
_NAME = re.compile(rf"([0-9]+)-[0-9a-f]{{32}}{re.escape(SUFFIX)}")


class Label(Record):
    """What was said of a file when it was filed."""

    file_name: str
    sha256: str
    patient: PatientId
    patient_name: str
    date: date
    by: str


class Attachments:
    """The files of one store, as whoever holds `keys` opens them."""

    def __init__(self, folder: Path, keys: Keyring, modes: Modes) -> None:
        self._folder = folder
        self._keys = keys
        self._modes = modes

    def filed_before(self, content: bytes) -> Label | None:
        """What was said of the same file when it was filed, on whatever day; None when it was not."""
        for epoch in sorted(self._keys.epochs, reverse=True):
            path = self._folder / self._name(epoch, content)
            if path.exists() and self._is_sound(path):
                return self._open(path)[0]
        return None

    def keep(self, content: bytes, label: Label) -> tuple[str, bool]:
        """Seal `content` under the newest key; gives the name it is kept as, and whether it is new.

        It is on the disk when this returns. A sound one that is there already is left as it is. Raises
        `NotSaved`.
        """
        name = self._name(self._keys.epoch, content)
        path = self._folder / name
        sealed = seal.close(
            self._key(self._keys.epoch), label.model_dump_json().encode() + b"\n" + content, name.encode()
        )
        try:
            make_private_folder(self._folder, self._modes.folder)
            fresh = not self._is_sound(path)
            if fresh:
                replace_file(path, sealed, mode=self._modes.file)
        except OSError as error:
            raise NotSaved(
                f"The file was not attached: {error.strerror or error}.", "It is still where it was."
            ) from error
        return name, fresh

    def forget(self, name: str) -> None:
        """Take away one that was just kept, where the entry that it was for was refused."""
        with suppress(OSError):
            (self._folder / name).unlink()

    def _is_sound(self, path: Path) -> bool:
        try:
            return bool(self._open(path))
        except StoreUnusable:
            return False

    def read(self, name: str) -> bytes:
        """The file itself. Raises `StoreUnusable` when it is gone, or not as it was."""
        if not _NAME.fullmatch(name):
            raise StoreUnusable(f"{name} is no name of an attachment.")
        return self._open(self._folder / name)[1]

    def at_hand(self, name: str) -> bytes | None:
        """The same; None where it cannot be had."""
        with suppress(StoreUnusable):
            return self.read(name)
        return None

    def _open(self, path: Path) -> tuple[Label, bytes]:
        found = _NAME.fullmatch(path.name)
        assert found is not None, "a name of ours"
        try:
            whole = seal.open_(self._key(int(found[1])), path.read_bytes(), path.name.encode())
        except OSError as error:
            raise StoreUnusable(
                f"The attached file cannot be read: {error.strerror or error}.", "Restore it from a backup."
            ) from error
        except seal.CannotOpen as error:
            raise StoreUnusable(
                "The attached file is not as it was filed.", "Restore it from a backup."
            ) from error
        label, _, content = whole.partition(b"\n")
        return Label.model_validate_json(label), content

    def _name(self, epoch: int, content: bytes) -> str:
        digest = hmac.new(seal.derive(self._key(epoch), "names"), content, hashlib.sha256).hexdigest()
        return f"{epoch}-{digest[:32]}{SUFFIX}"

    def _key(self, epoch: int) -> bytes:
        return self._keys.store_key(epoch, ATTACHMENTS)
