"""How sync stands, for the screens and `gpa-tui sync status`: written by whoever syncs, sealed, read here.

Light: nothing of the network is loaded to read it.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

from pydantic import Field, TypeAdapter, ValidationError

from gpa_tui.records.base import Record
from gpa_tui.store.practice import Practice
from gpa_tui.store.sealed import SealedFile
from gpa_tui.store.vault import Keyring
from gpa_tui.sync.sealed import sync_file

STATE, AGAIN = "state", "again"
REFILL = "refill"  # asked for like a resource: all of it


class Parked(Record):
    """What the server did not take, with its words."""

    on: date
    key: str  # `Observation/…`
    of: str  # the patient
    row: str = ""  # their appointment, where it is known
    at: datetime
    status: int
    words: str


class Host(Record):
    """Another store of the practice: when it was last heard of, and why what it sends is not taken, if so."""

    origin: str
    name: str
    heard: datetime | None = None
    trouble: str = ""
    paired: bool = True
    fingerprint: str = ""
    identity: str = ""  # of one that asks to be paired: what it says of itself


class SyncState(Record):
    """All of it. `heard`: when the server last answered, by our clock."""

    server: str = ""
    heard: datetime | None = None
    trouble: str = ""
    again: datetime | None = None  # when it is asked again, after trouble
    stopped: str = ""  # what somebody has to decide before anything goes on
    waiting: dict[str, int] = Field(default_factory=dict)  # by kind of resource
    first: tuple[str, ...] = ()  # of those: whose, what and why, as far as they fit
    progress: str = ""  # `350 of 3332`, while much is sent
    since: datetime | None = None  # since when something waits
    parked: tuple[Parked, ...] = ()
    notes: tuple[str, ...] = ()
    hosts: tuple[Host, ...] = ()
    claims: bool = True

    @property
    def left(self) -> int:
        return sum(self.waiting.values())


def state_file(practice: Practice, keys: Keyring) -> SealedFile:
    return sync_file(practice.home, STATE, "", keys, practice.modes)


def read_state(practice: Practice, keys: Keyring) -> SyncState | None:
    """As it was last written; None where nothing ever was."""
    content = state_file(practice, keys).read()
    with suppress(ValidationError):
        return SyncState.model_validate_json(content) if content else None
    return None


# ── what is to be tried again ─────────────────────────────────────────────────────────────────

_KEYS = TypeAdapter(list[str])


def again_file(practice: Practice, keys: Keyring) -> SealedFile:
    return sync_file(practice.home, AGAIN, "", keys, practice.modes)


def ask_again(practice: Practice, keys: Keyring, *resources: str) -> None:
    """Whoever syncs is to send these once more. Raises OSError."""
    file = again_file(practice, keys)
    asked = _KEYS.validate_json(file.read() or b"[]")
    file.write(_KEYS.dump_json(sorted({*asked, *resources})))


def asked_again(practice: Practice, keys: Keyring) -> list[str]:
    """What is to be sent once more; it stays asked until it was taken."""
    file = again_file(practice, keys)
    return _KEYS.validate_json(file.read() or b"[]") if file.path.exists() else []


def taken_again(practice: Practice, keys: Keyring) -> None:
    """What was asked is under way. Raises OSError."""
    again_file(practice, keys).path.unlink(missing_ok=True)
