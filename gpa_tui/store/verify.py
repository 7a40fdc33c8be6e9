"""Is every line as it was written? Chain, signatures and anchors without a key; with one, the inside too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gpa_tui.errors import JournalDamaged, StoreUnusable
from gpa_tui.records.base import StaffId
from gpa_tui.records.staff import PublicKeys
from gpa_tui.store import seal
from gpa_tui.store.chain import Chain, Commit, written
from gpa_tui.store.vault import Keyring

Signers = Mapping[str, tuple[StaffId, bytes]]
"""Whose each signing key is or was, by key id, with its Ed25519 public half."""


@dataclass(slots=True)
class Verified:
    """What reading one journal from end to end found; `damage` is None when every line is as written."""

    path: Path
    hashes: list[str] = field(default_factory=list)  # of each line, the header's first
    anchors: list[tuple[int, str, int, str]] = field(default_factory=list)  # line, journal, n, hash
    signed: dict[StaffId, int] = field(default_factory=dict)  # commits by whose key
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # with the key id; if opened
    torn_bytes: int = 0
    damage: JournalDamaged | StoreUnusable | None = None

    @property
    def commits(self) -> int:
        return max(0, len(self.hashes) - 1)

    @property
    def head(self) -> str:
        return self.hashes[-1] if self.hashes else ""


def verify(path: Path, practice: str, signers: Signers, keys: Keyring | None = None) -> Verified:
    """Read the journal at `path` without changing anything. Raises OSError.

    `keys` look inside as well: whether each entry opens, and is by whoever signed its line.
    """
    chain = Chain(path.name, practice, path.stem)
    lines, torn, destroyed = written(path.read_bytes())
    found = Verified(path, torn_bytes=0 if destroyed else len(torn))
    publics: dict[str, Ed25519PublicKey] = {}
    try:
        for line in lines:
            commit = chain.read(line)
            if commit is not None:
                _check_signature(chain, commit, signers, publics)
                staff = signers[commit.by][0]
                found.signed[staff] = found.signed.get(staff, 0) + 1
                number = len(found.hashes) + 1
                found.anchors += [(number, name, n, hash_) for name, (n, hash_) in commit.heads.items()]
                if keys is not None:
                    found.events += [(commit.by, event) for event in _inside(chain, commit, keys, staff)]
            chain.took(line)
            found.hashes.append(chain.last_hash)
        if destroyed:
            raise chain.damaged("has zero bytes in it, and whole lines behind them")
    except (JournalDamaged, StoreUnusable) as error:
        found.damage = error
    return found


def _check_signature(
    chain: Chain, commit: Commit, signers: Signers, publics: dict[str, Ed25519PublicKey]
) -> None:
    if commit.by not in signers:
        raise chain.damaged(f"is signed with key {commit.by}, which nobody on the list has")
    public = publics.get(commit.by)
    if public is None:
        public = publics[commit.by] = Ed25519PublicKey.from_public_bytes(signers[commit.by][1])
    try:
        public.verify(seal.raw(commit.sig), commit.signed(chain.journal))
    except (InvalidSignature, seal.CannotOpen) as error:
        raise chain.damaged("has a signature that does not fit") from error


def _inside(chain: Chain, commit: Commit, keys: Keyring, signer: StaffId) -> list[dict[str, Any]]:
    key = keys.data_key(commit.epoch, chain.journal)
    try:
        events = json.loads(seal.open_(key, seal.raw(commit.box), commit.bound(chain.journal)))
        claimed = {event["by"]["staff"] for event in events}
    except (seal.CannotOpen, ValueError, TypeError, KeyError) as error:
        raise chain.damaged("was changed: it does not open") from error
    if claimed != {signer}:
        raise chain.damaged(f"says it is an act of {', '.join(sorted(claimed))}, but {signer} signed it")
    return list(events)


def signed_by(keys: PublicKeys, commit: Commit, journal: str) -> bool:
    """Whether the commit carries a signature of these keys."""
    if commit.by != keys.id:
        return False
    return signature_fits(seal.raw(keys.sign), commit, journal)


def signature_fits(public: bytes, commit: Commit, journal: str) -> bool:
    """Whether the signature on the commit is of this Ed25519 key."""
    return is_signed(public, commit.sig, commit.signed(journal))


def is_signed(public: bytes, signature: str, content: bytes) -> bool:
    """Whether `signature` (base64) is of this Ed25519 key, over `content`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(seal.raw(signature), content)
    except (InvalidSignature, seal.CannotOpen, ValueError):
        return False
    return True


PURGED = "purged "
"""Before a date's name among the anchors, in the clear: its journal was taken away by rule as it was."""


def _went(last: tuple[int, str] | None, n: int, hash_: str) -> bool:
    """Whether what was anchored here is within what was taken away by rule."""
    return last is not None and (n < last[0] or (n, hash_) == last)


def gone_by_rule(found: Sequence[Verified]) -> dict[str, tuple[int, str]]:
    """Which journals were taken away by the practice's rule: how many saves, and the hash of the last."""
    return {
        name.removeprefix(PURGED): (n, hash_)
        for one in found
        for _, name, n, hash_ in one.anchors
        if name.startswith(PURGED)
    }


def departures(found: Sequence[Verified]) -> Iterator[str]:
    """Where a journal is not what another has anchored: shortened, rewritten, or gone; a sentence each."""
    by_name = {one.path.stem: one for one in found}
    by_rule = gone_by_rule(found)
    for one in found:
        for line, name, n, hash_ in one.anchors:
            name = name.removeprefix(PURGED)  # noqa: PLW2901
            anchor = f"line {line} of {one.path.name} anchors save {n} of {name}"
            other = by_name.get(name)
            if (other is None or not other.hashes) and _went(by_rule.get(name), n, hash_):
                continue  # it was taken away by the practice's rule, as it then was
            if other is None:
                yield f"{name}.journal is gone: {anchor}."
            elif other.damage is not None and n > other.commits:
                continue  # what stands behind the damage, which is named, was not counted
            elif n > other.commits:
                yield f"{name}.journal was cut short: it has {other.commits} saves, but {anchor}."
            elif n and other.hashes[n] != hash_:
                yield f"{name}.journal was rewritten: line {n + 1} is another than {anchor}."
