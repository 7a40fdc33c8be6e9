"""The key that the stores of a practice share, as it is kept here: sealed. It leaves in invitations."""

from __future__ import annotations

from pydantic import ValidationError

from gpa_tui.errors import StoreUnusable
from gpa_tui.session.hosts import Pair
from gpa_tui.store.practice import Practice
from gpa_tui.store.sealed import SealedFile
from gpa_tui.store.vault import Keyring
from gpa_tui.sync.sealed import sync_file


def pair_of(practice: Practice, keys: Keyring) -> Pair:
    """This store's; made where there is none yet. Raises `StoreUnusable`, OSError."""
    file = pair_file(practice, keys)
    if file.path.exists():
        try:
            return Pair.model_validate_json(file.read() or b"")
        except ValidationError as error:
            raise StoreUnusable(
                f"{file.path} does not open.", "Pair this host anew: gpa-tui sync pair --invite, sync join."
            ) from error
    made = Pair.new()
    keep_pair(practice, keys, made)
    return made


def keep_pair(practice: Practice, keys: Keyring, pair: Pair) -> None:
    """Raises OSError."""
    pair_file(practice, keys).write(pair.model_dump_json().encode())


def pair_file(practice: Practice, keys: Keyring) -> SealedFile:
    return sync_file(practice.home, "pair", "", keys, practice.modes)
