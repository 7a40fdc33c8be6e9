"""The practice's other stores: who of them counts, by which keys, and how another is let in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from platform import node

from pydantic import ValidationError

from gpa_tui.errors import SettingsError, SignInRefused
from gpa_tui.records.base import Origin, Record, StaffId
from gpa_tui.records.facts_sync import HostKeys, HostPaired
from gpa_tui.records.staff import PublicKeys
from gpa_tui.store import seal
from gpa_tui.store.practice import Practice
from gpa_tui.store.seal import Stretching


class Identity(Record):
    """What a store says of itself to the others: its origin, what it is called, all keys that sign in it."""

    origin: Origin
    name: str
    keys: tuple[HostKeys, ...]

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that stand for its keys, to be compared by eye or over the telephone."""
        lines = sorted(f"{one.staff} {one.keys.id} {one.keys.sign}" for one in self.keys)
        digest = hashlib.sha256("\n".join([self.origin, *lines]).encode()).hexdigest()
        return " ".join(digest[at : at + 4] for at in (0, 4, 8))

    def paired(self, vouched_by: str = "") -> HostPaired:
        return HostPaired(origin=self.origin, name=self.name, keys=self.keys, vouched_by=vouched_by)


class Pair(Record):
    """What the stores of one practice have in common beside its id: a key, in base64. Kept sealed."""

    key: str
    name: str  # what this store is called

    @classmethod
    def new(cls) -> Pair:
        return cls(key=seal.text(seal.new_key()), name=node())


class Invitation(Record):
    """All that a new store needs to be of this practice; it leaves closed under a code."""

    practice: str
    settings: str  # practice.toml, as it stands
    demo: bool
    key: str
    inviter: Identity
    made: datetime


def identity(practice: Practice, name: str) -> Identity:
    """This store's own."""
    keys = [
        HostKeys(staff=staff, keys=PublicKeys(id=key, sign=seal.text(public), box=""))
        for key, (staff, public) in sorted(practice.roster.signers.items())
    ]
    return Identity(origin=practice.info.origin, name=name, keys=tuple(keys))


def signers(keys: Iterable[HostKeys]) -> Mapping[str, tuple[StaffId, bytes]]:
    """Whose each key of another store is, as `verify` and replicas want it."""
    return {one.keys.id: (StaffId(one.staff), seal.raw(one.keys.sign)) for one in keys}


# ── the invitation ────────────────────────────────────────────────────────────────────────────

_MAGIC = b"gpa-tui invitation 1\n"


def close_invitation(invitation: Invitation, code: str) -> bytes:
    salt = seal.new_key()[: seal.SALT_BYTES]
    key = Stretching().key(_plain(code), salt)
    return _MAGIC + salt + seal.close(key, invitation.model_dump_json().encode(), _MAGIC)


def open_invitation(file: Path, code: str) -> Invitation:
    """Raises `SettingsError` for what is no invitation, `SignInRefused` for another code."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}.") from error
    if not raw.startswith(_MAGIC):
        raise SettingsError(f"{file} is no invitation.", "`gpa-tui sync pair --invite FILE` makes one.")
    salt, sealed = raw[len(_MAGIC) :][: seal.SALT_BYTES], raw[len(_MAGIC) + seal.SALT_BYTES :]
    with suppress(seal.CannotOpen, ValidationError, json.JSONDecodeError):
        opened = seal.open_(Stretching().key(_plain(code), salt), sealed, _MAGIC)
        return Invitation.model_validate_json(opened)
    raise SignInRefused("That is not the code of this invitation.", "Type it as it was shown.")


def _plain(code: str) -> str:
    return "".join(char for char in code.upper() if char.isalnum())


def new_code() -> str:
    """Twenty letters and digits in fours, 100 bits: shown once."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    raw = seal.new_key()
    chosen = "".join(letters[byte % 32] for byte in raw[:20])
    return "-".join(chosen[at : at + 4] for at in range(0, 20, 4))
