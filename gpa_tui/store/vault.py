"""Who can open what: `keys.json`, each person's keys under their passphrase, and the keys of the store.

Each person has an X25519 pair (the store's keys are closed to it) and an Ed25519 pair (their acts are signed
with it); the private halves lie under Argon2id of their passphrase. An epoch is one key of the store,
closed to everyone who may open it and to the printed recovery key; a leaver's going begins another.
The machine signs with a key of its own, closed under the epoch's.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from gpa_tui.errors import SignInRefused, StoreUnusable
from gpa_tui.records.base import Record, StaffId
from gpa_tui.records.staff import DEVICE, PublicKeys, StaffMember
from gpa_tui.store import seal
from gpa_tui.store.chain import FORMAT
from gpa_tui.store.files import FILE_MODE, replace_file
from gpa_tui.store.seal import CannotOpen, Stretching

RECOVERY = "recovery"
NOT_TOGETHER = "That name and passphrase do not go together."


class Slot(Record):
    """A person's private halves under their passphrase, and how it is stretched (bytes in base64)."""

    stretching: Stretching
    salt: str
    sealed: str


class RosterEntry(Record):
    """One person: who they are, their public keys now and before, and the slot. A leaver has none."""

    member: StaffMember
    keys: PublicKeys
    slot: Slot | None
    former: tuple[PublicKeys, ...] = ()


class Epoch(Record):
    """One key of the store: closed to each person by short name and to `recovery`; and the machine's key."""

    number: int
    sealed: dict[str, str]
    device: PublicKeys
    device_sealed: str
    fingerprint: str


class Roster(Record):
    """`keys.json`: names in clear, by decision; every private key closed. Replaced whole or not at all."""

    format: int
    practice: str
    stretching: Stretching  # what new passphrases are stretched by
    recovery: str  # its X25519 public half
    staff: tuple[RosterEntry, ...]
    epochs: tuple[Epoch, ...]

    def entry(self, staff: StaffId) -> RosterEntry | None:
        return next((entry for entry in self.staff if entry.member.id == staff), None)

    @property
    def signers(self) -> dict[str, tuple[StaffId, bytes]]:
        """Whose each signing key is or was: key id to staff and Ed25519 public half."""
        found = {
            keys.id: (entry.member.id, seal.raw(keys.sign))
            for entry in self.staff
            for keys in (entry.keys, *entry.former)
        }
        return found | {epoch.device.id: (DEVICE, seal.raw(epoch.device.sign)) for epoch in self.epochs}


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody's signing key, or the machine's."""

    id: str
    private: Ed25519PrivateKey

    def sign(self, content: bytes) -> bytes:
        return self.private.sign(content)


@dataclass(slots=True)
class Keyring:
    """What one person's passphrase opened; lives in memory alone."""

    member: StaffMember
    own: Signer
    device: Signer
    epochs: dict[int, bytes]
    drafts: bytes
    box: X25519PrivateKey
    epoch: int  # that new entries are closed under; `Registry.settle` says which it may be
    source: Callable[[], Roster] | None = None  # the roster as it is now
    _data_keys: dict[tuple[int, str], bytes] = field(default_factory=dict)

    def signer(self, staff: StaffId) -> Signer:
        """The key that an act by `staff` is signed with: the person's own or the machine's, nobody else's."""
        if staff == DEVICE:
            return self.device
        if staff != self.member.id:
            raise SignInRefused(f"{self.member.name} cannot sign for {staff}.", "Sign in as yourself.")
        return self.own

    def learn(self) -> None:
        """Take up what has been closed for this person since: a leaver's going has begun another epoch.

        Nothing, where these keys have been replaced by others.
        """
        if self.source is None:
            return
        roster = self.source()
        with suppress(CannotOpen):
            fresh = _epochs(roster, self.member.id, self.box)
            if fresh and fresh.keys() != self.epochs.keys():
                self.epochs, self.device = fresh, _device(roster, fresh)

    def hold(self, epoch: int, purpose: str, key: bytes) -> None:
        """A key that was given without the store's own: it opens what it is for, and nothing else."""
        self._data_keys[(epoch, purpose)] = key

    def data_key(self, epoch: int, journal: str) -> bytes:
        """The key of one journal's entries in one epoch. Raises `StoreUnusable` when this ring has it not."""
        return self.store_key(epoch, f"journal {journal}")

    def store_key(self, epoch: int, purpose: str) -> bytes:
        """The store's key in one epoch for one purpose. Raises `StoreUnusable` when this ring has it not."""
        found = self._data_keys.get((epoch, purpose))
        if found is None:
            if epoch not in self.epochs:
                self.learn()
            if epoch not in self.epochs:
                raise StoreUnusable(
                    f"An entry is under key {epoch} of the store, which {self.member.name} does not hold.",
                    "Ask an administrator to give you a new passphrase: `gpa-tui staff reset`.",
                )
            found = seal.derive(self.epochs[epoch], purpose)
            self._data_keys[(epoch, purpose)] = found
        return found


# ── reading and writing keys.json ─────────────────────────────────────────────────────────────


def read_roster(path: Path) -> Roster:
    """The roster in `path`. Raises `StoreUnusable`."""
    try:
        roster = Roster.model_validate_json(path.read_bytes())
        _require_keys(roster)
    except (OSError, ValueError, CannotOpen) as error:
        why = (error.strerror or str(error)) if isinstance(error, OSError) else "it is damaged"
        raise StoreUnusable(
            f"The list of people, {path}, cannot be read: {why}.", "Restore it from a backup."
        ) from error
    if roster.format < FORMAT:
        raise StoreUnusable(
            f"{path} has format {roster.format}, this version reads format {FORMAT}.",
            "Restore it from a backup.",
        )
    return roster


def _require_keys(roster: Roster) -> None:
    """Raises `CannotOpen` where what stands for bytes is none, and ValueError where it is no key."""
    for entry in roster.staff:
        for keys in (entry.keys, *entry.former):
            _require_key(keys.sign, keys.box)
        if entry.slot is not None:
            seal.raw(entry.slot.salt)
            seal.raw(entry.slot.sealed)
    for epoch in roster.epochs:
        _require_key(epoch.device.sign)
        for sealed in (epoch.device_sealed, *epoch.sealed.values()):
            seal.raw(sealed)
    _require_key(roster.recovery)


def _require_key(*stored: str) -> None:
    if any(len(seal.raw(one)) != seal.KEY_BYTES for one in stored):
        raise ValueError("that is no key")


def write_roster(path: Path, roster: Roster, mode: int = FILE_MODE) -> None:
    """Replace `keys.json`. Raises OSError; then the old one stands."""
    replace_file(path, roster.model_dump_json(indent=1).encode(), mode=mode)


# ── opening ───────────────────────────────────────────────────────────────────────────────────


def unlock(roster: Roster, staff: StaffId, passphrase: str) -> Keyring:
    """What this person's passphrase opens; takes as long as Argon2 takes, whoever is named.

    Raises `SignInRefused`, which does not say whether name or passphrase was wrong.
    """
    entry = roster.entry(staff)
    if entry is None or entry.slot is None:
        roster.stretching.key(passphrase, bytes(seal.SALT_BYTES))  # a name that is not there takes as long
        raise SignInRefused(NOT_TOGETHER, "Type the passphrase again.")
    slot = entry.slot
    try:
        key = slot.stretching.key(passphrase, seal.raw(slot.salt))
        private = seal.open_(key, seal.raw(slot.sealed), _slot_bound(roster, entry.keys))
    except CannotOpen as error:
        raise SignInRefused(NOT_TOGETHER, "Type the passphrase again.") from error
    return _keyring(roster, entry, private)


def _keyring(roster: Roster, entry: RosterEntry, private: bytes) -> Keyring:
    sign, box = private[: seal.KEY_BYTES], private[seal.KEY_BYTES :]
    ours = X25519PrivateKey.from_private_bytes(box)
    try:
        epochs = _epochs(roster, entry.member.id, ours)
        device = _device(roster, epochs)
    except (CannotOpen, ValueError) as error:
        raise StoreUnusable(
            f"keys.json is damaged: the keys of the store do not open for {entry.member.name}.",
            "Restore it from a backup.",
        ) from error
    return Keyring(
        member=entry.member,
        own=Signer(entry.keys.id, Ed25519PrivateKey.from_private_bytes(sign)),
        device=device,
        epochs=epochs,
        drafts=seal.derive(box, f"drafts {entry.member.id}"),
        box=ours,
        epoch=max(epochs),
    )


def _epochs(roster: Roster, staff: StaffId, box: X25519PrivateKey) -> dict[int, bytes]:
    """The keys of the store that are closed to this person."""
    return {
        epoch.number: seal.open_from(box, seal.raw(sealed), _epoch_purpose(roster, epoch.number))
        for epoch in roster.epochs
        if (sealed := epoch.sealed.get(staff)) is not None
    }


def _device(roster: Roster, epochs: Mapping[int, bytes]) -> Signer:
    newest = max(epochs)
    epoch = next(epoch for epoch in roster.epochs if epoch.number == newest)
    private = seal.open_(
        seal.derive(epochs[newest], "device"), seal.raw(epoch.device_sealed), epoch.device.id.encode()
    )
    return Signer(epoch.device.id, Ed25519PrivateKey.from_private_bytes(private))


# ── making and changing ───────────────────────────────────────────────────────────────────────


def new_roster(
    practice: str, people: Iterable[tuple[StaffMember, str]], stretching: Stretching
) -> tuple[Roster, str]:
    """A roster for `people`, each with a passphrase, and the recovery code, which is kept nowhere."""
    secret = X25519PrivateKey.generate()
    roster = Roster(
        format=FORMAT,
        practice=practice,
        stretching=stretching,
        recovery=seal.text(secret.public_key().public_bytes_raw()),
        staff=(),
        epochs=(),
    )
    for member, passphrase in people:
        entry = _new_entry(roster, member, passphrase)
        roster = roster.model_copy(update={"staff": (*roster.staff, entry)})
    return with_new_epoch(roster), _code_of(secret.private_bytes_raw())


def with_person(roster: Roster, holder: Keyring, member: StaffMember, passphrase: str) -> Roster:
    """Somebody new, or who forgot their passphrase, with new keys; `holder` opens the store for them."""
    return _with_entry(roster, holder.epochs, _new_entry(roster, member, passphrase))


def with_passphrase(roster: Roster, staff: StaffId, passphrase: str, new_passphrase: str) -> Roster:
    """The same keys under another passphrase. Raises `SignInRefused` when the old one is not right."""
    entry = roster.entry(staff)
    unlock(roster, staff, passphrase)
    assert entry is not None
    assert entry.slot is not None
    old = entry.slot
    private = seal.open_(
        old.stretching.key(passphrase, seal.raw(old.salt)),
        seal.raw(old.sealed),
        _slot_bound(roster, entry.keys),
    )
    slot = _slot(roster, entry.keys, private, new_passphrase)
    return _replaced(roster, entry.model_copy(update={"slot": slot}))


def with_member(roster: Roster, member: StaffMember) -> Roster:
    """Another name or other roles for somebody on the roster."""
    entry = roster.entry(member.id)
    assert entry is not None, f"{member.id} is not on the roster"
    return _replaced(roster, entry.model_copy(update={"member": member}))


def without(roster: Roster, staff: StaffId) -> Roster:
    """Somebody has left: no slot any more, their public keys stay, and a new epoch begins without them."""
    entry = roster.entry(staff)
    assert entry is not None, f"{staff} is not on the roster"
    gone = _replaced(roster, entry.model_copy(update={"slot": None}))
    epochs = tuple(
        epoch.model_copy(update={"sealed": {who: box for who, box in epoch.sealed.items() if who != staff}})
        for epoch in gone.epochs
    )
    return with_new_epoch(gone.model_copy(update={"epochs": epochs}))


def recovered(roster: Roster, code: str, staff: StaffId, passphrase: str) -> Roster:
    """New keys and a new passphrase for `staff`, by the printed recovery code. Raises `SignInRefused`."""
    entry = roster.entry(staff)
    try:
        secret = X25519PrivateKey.from_private_bytes(_key_of(code))
        epochs = {
            epoch.number: seal.open_from(
                secret, seal.raw(epoch.sealed[RECOVERY]), _epoch_purpose(roster, epoch.number)
            )
            for epoch in roster.epochs
        }
    except (CannotOpen, ValueError) as error:
        raise SignInRefused("That is not this store's recovery code.", "Type it as it is printed.") from error
    if entry is None:
        raise SignInRefused(f"Nobody on the list is called {staff}.", "Look at `gpa-tui staff list`.")
    if entry.slot is None:
        raise SignInRefused(f"{staff} has left.", "Recover somebody who has not.")
    return _with_entry(roster, epochs, _new_entry(roster, entry.member, passphrase))


def with_new_epoch(roster: Roster) -> Roster:
    """Another key of the store, for everyone who may still open it, and another key of the machine's."""
    number = max((epoch.number for epoch in roster.epochs), default=0) + 1
    key, device = seal.new_key(), Ed25519PrivateKey.generate()
    purpose = _epoch_purpose(roster, number)
    holders = {entry.member.id: seal.raw(entry.keys.box) for entry in roster.staff if entry.slot is not None}
    holders[StaffId(RECOVERY)] = seal.raw(roster.recovery)
    public = device.public_key().public_bytes_raw()
    keys = PublicKeys(id=key_id(public), sign=seal.text(public), box="")
    sealed = seal.close(seal.derive(key, "device"), device.private_bytes_raw(), keys.id.encode())
    epoch = Epoch(
        number=number,
        sealed={who: seal.text(seal.close_for(box, key, purpose)) for who, box in holders.items()},
        device=keys,
        device_sealed=seal.text(sealed),
        fingerprint=fingerprint(key),
    )
    return roster.model_copy(update={"epochs": (*roster.epochs, epoch)})


def _with_entry(roster: Roster, epochs: Mapping[int, bytes], entry: RosterEntry) -> Roster:
    """`entry` on the roster in place of an older one of the same name, and every epoch closed to it."""
    box = seal.raw(entry.keys.box)
    opened = tuple(
        epoch.model_copy(
            update={
                "sealed": epoch.sealed
                | {
                    entry.member.id: seal.text(
                        seal.close_for(box, epochs[epoch.number], _epoch_purpose(roster, epoch.number))
                    )
                }
            }
        )
        for epoch in roster.epochs
    )
    before = roster.entry(entry.member.id)
    if before is not None:
        entry = entry.model_copy(update={"former": (before.keys, *before.former)})
    return _replaced(roster, entry).model_copy(update={"epochs": opened})


def _replaced(roster: Roster, entry: RosterEntry) -> Roster:
    ids = [one.member.id for one in roster.staff]
    staff = list(roster.staff)
    if entry.member.id in ids:
        staff[ids.index(entry.member.id)] = entry
    else:
        staff.append(entry)
    return roster.model_copy(update={"staff": tuple(staff)})


def _new_entry(roster: Roster, member: StaffMember, passphrase: str) -> RosterEntry:
    sign, box = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
    public = sign.public_key().public_bytes_raw()
    keys = PublicKeys(
        id=key_id(public), sign=seal.text(public), box=seal.text(box.public_key().public_bytes_raw())
    )
    private = sign.private_bytes_raw() + box.private_bytes_raw()
    return RosterEntry(member=member, keys=keys, slot=_slot(roster, keys, private, passphrase))


def _slot(roster: Roster, keys: PublicKeys, private: bytes, passphrase: str) -> Slot:
    salt = os.urandom(seal.SALT_BYTES)
    key = roster.stretching.key(passphrase, salt)
    sealed = seal.close(key, private, _slot_bound(roster, keys))
    return Slot(stretching=roster.stretching, salt=seal.text(salt), sealed=seal.text(sealed))


def _slot_bound(roster: Roster, keys: PublicKeys) -> bytes:
    return f"slot {roster.practice} {keys.id} {keys.box}".encode()


def _epoch_purpose(roster: Roster, number: int) -> str:
    return f"epoch {roster.practice} {number}"


def fingerprint(key: bytes) -> str:
    """What is recorded of an epoch's key: tells it from any other and says nothing of it."""
    return seal.derive(key, "fingerprint").hex()


def slot_print(slot: Slot | None) -> str:
    """What is recorded of a slot when its passphrase was changed: SHA-256 of what is closed in it."""
    return hashlib.sha256(slot.sealed.encode()).hexdigest() if slot is not None else ""


def key_id(public: bytes) -> str:
    """What a signing key is called in a line: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


# ── the recovery code ─────────────────────────────────────────────────────────────────────────

_CHECK_BYTES = 3


def _code_of(key: bytes) -> str:
    """A key as it is printed: letters and digits in groups of four, the last of them a check."""
    check = hashlib.sha256(key).digest()[:_CHECK_BYTES]
    letters = base64.b32encode(key + check).decode().rstrip("=")
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _key_of(code: str) -> bytes:
    """The key of a printed code. Raises ValueError for a slip of one letter too."""
    letters = "".join(char for char in code.upper() if char.isalnum()).replace("0", "O").replace("1", "I")
    content = base64.b32decode(letters + "=" * (-len(letters) % 8))
    key, check = content[:-_CHECK_BYTES], content[-_CHECK_BYTES:]
    if len(key) != seal.KEY_BYTES or hashlib.sha256(key).digest()[:_CHECK_BYTES] != check:
        raise ValueError("not a recovery code")
    return key
