"""A file that is sealed by one of the store's keys and replaced whole.

None of them holds truth: one that cannot be read is as if it were not there, and is made again.
"""

from __future__ import annotations

from pathlib import Path

from gpa_tui.errors import StoreUnusable
from gpa_tui.store import seal
from gpa_tui.store.files import Modes, make_private_folder, replace_file
from gpa_tui.store.vault import Keyring

_EPOCH = 4  # bytes: under which of the store's keys it is


class SealedFile:
    """`bound` is what it belongs to: the same bytes elsewhere do not open. `purpose` names the key."""

    def __init__(
        self, path: Path, purpose: str, bound: str, keys: Keyring, modes: Modes | None = None
    ) -> None:
        self.path = path
        self._purpose, self._bound = purpose, bound.encode()
        self._keys, self._modes = keys, modes or Modes()

    def read(self) -> bytes | None:
        """What was kept; None where there is nothing that opens."""
        try:
            raw = self.path.read_bytes()
            key = self._key(int.from_bytes(raw[:_EPOCH], "big"))
            return seal.open_(key, raw[_EPOCH:], self._bound)
        except (OSError, seal.CannotOpen, StoreUnusable):
            return None

    def write(self, content: bytes) -> None:
        """Raises OSError; then the old one stands."""
        epoch = self._keys.epoch
        sealed = seal.close(self._key(epoch), content, self._bound)
        make_private_folder(self.path.parent, self._modes.folder)
        replace_file(self.path, epoch.to_bytes(_EPOCH, "big") + sealed, mode=self._modes.file)

    def _key(self, epoch: int) -> bytes:
        return self._keys.store_key(epoch, self._purpose)
