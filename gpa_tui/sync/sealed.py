"""What sync keeps beside the journals: files of one folder, each sealed by the store's key, replaced whole.

None of them holds truth: one that cannot be read is as if it were not there, and is made again.
"""

from __future__ import annotations

from pathlib import Path

from gpa_tui.errors import StoreUnusable
from gpa_tui.store import seal
from gpa_tui.store.files import Modes, make_private_folder, replace_file
from gpa_tui.store.grant import SYNC
from gpa_tui.store.practice import SYNC_FOLDER
from gpa_tui.store.vault import Keyring


class SealedFile:
    """One of them. `bound` is what it belongs to: the same bytes under another name do not open."""

    def __init__(self, home: Path, name: str, bound: str, keys: Keyring, modes: Modes | None = None) -> None:
        self.path = home / SYNC_FOLDER / name
        self._bound = f"{name} {bound}".encode()
        self._keys, self._modes = keys, modes or Modes()

    def read(self) -> bytes | None:
        """What was kept; None where there is nothing that opens."""
        try:
            raw = self.path.read_bytes()
            return seal.open_(self._key(int.from_bytes(raw[:4], "big")), raw[4:], self._bound)
        except (OSError, seal.CannotOpen, StoreUnusable):
            return None

    def write(self, content: bytes) -> None:
        """Raises OSError; then the old one stands."""
        epoch = self._keys.epoch
        sealed = seal.close(self._key(epoch), content, self._bound)
        make_private_folder(self.path.parent, self._modes.folder)
        replace_file(self.path, epoch.to_bytes(4, "big") + sealed, mode=self._modes.file)

    def _key(self, epoch: int) -> bytes:
        return self._keys.store_key(epoch, SYNC)
