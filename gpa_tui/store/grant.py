"""What the program that syncs is given: the keys of a few journals and of what it keeps, and no others.

It holds no key of the store and opens no other day. It signs as the machine, never as a person.
"""

from __future__ import annotations

from collections.abc import Iterable

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from gpa_tui.records.base import Record
from gpa_tui.records.staff import DEVICE, Role, StaffMember
from gpa_tui.store import seal
from gpa_tui.store.attachments import ATTACHMENTS
from gpa_tui.store.practice import Practice
from gpa_tui.store.vault import Keyring, Signer, key_id

SYNC = "sync"
"""The purpose of the key that what sync keeps is sealed with."""
FOR_SERVICE = "gpa-tui sync service"


def others(journal: str) -> str:
    """The purpose of the key that closes the keys of other stores' journals of the same name."""
    return f"others {journal}"


class Grant(Record):
    """Keys by epoch and purpose, and the machine's signing key; bytes in base64."""

    epoch: int
    keys: dict[int, dict[str, str]]
    device: str

    def ring(self) -> Keyring:
        """The same as a keyring, for the machine."""
        private = Ed25519PrivateKey.from_private_bytes(seal.raw(self.device))
        signer = Signer(key_id(private.public_key().public_bytes_raw()), private)
        ring = Keyring(
            member=StaffMember(id=DEVICE, name="sync", roles=(Role.DEVICE,)),
            own=signer,
            device=signer,
            epochs={},
            drafts=b"",
            box=X25519PrivateKey.generate(),
            epoch=self.epoch,
        )
        for epoch, keys in self.keys.items():
            for purpose, key in keys.items():
                ring.hold(epoch, purpose, seal.raw(key))
        return ring


def grant(keys: Keyring, practice: Practice, journals: Iterable[str], of_others: Iterable[str]) -> Grant:
    """What of `keys` opens these journals, and other stores', attached files, and what sync keeps."""
    purposes = [SYNC, ATTACHMENTS, *(f"journal {practice.journal_id(name)}" for name in journals)]
    purposes += [others(name) for name in of_others]
    raw = keys.device.private.private_bytes(
        serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
    )
    return Grant(
        epoch=keys.epoch,
        keys={
            epoch: {purpose: seal.text(keys.store_key(epoch, purpose)) for purpose in purposes}
            for epoch in keys.epochs
        },
        device=seal.text(raw),
    )


def new_service_key() -> tuple[bytes, str]:
    """(private half, 32 bytes; public half in base64) of a key that grants are closed to."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), seal.text(private.public_key().public_bytes_raw())


def close_grant(public: str, given: Grant) -> bytes:
    return seal.close_for(seal.raw(public), given.model_dump_json().encode(), FOR_SERVICE)


def open_grant(private: bytes, sealed: bytes) -> Grant:
    """Raises `CannotOpen`, and ValueError for a key that is none."""
    opened = seal.open_from(X25519PrivateKey.from_private_bytes(private), sealed, FOR_SERVICE)
    return Grant.model_validate_json(opened)
