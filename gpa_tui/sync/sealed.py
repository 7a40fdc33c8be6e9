"""What sync keeps beside the journals: files of one folder, sealed by a key of their own."""

from __future__ import annotations

from pathlib import Path

from gpa_tui.store.files import Modes
from gpa_tui.store.grant import SYNC
from gpa_tui.store.practice import SYNC_FOLDER
from gpa_tui.store.sealed import SealedFile
from gpa_tui.store.vault import Keyring


def sync_file(home: Path, name: str, bound: str, keys: Keyring, modes: Modes | None = None) -> SealedFile:
    """The one of this name. `bound` is what else it belongs to, e.g. the server's address."""
    return SealedFile(home / SYNC_FOLDER / name, SYNC, f"{name} {bound}", keys, modes)
