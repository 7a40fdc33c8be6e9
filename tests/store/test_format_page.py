"""docs/journal-format.md is enough to write another reader: here is one, made from its words alone."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gpa_tui.store.practice import CLINICS
from gpa_tui.store.vault import Roster
from gpa_tui.store.verify import verify

PAGE = (Path(__file__).parents[2] / "docs" / "journal-format.md").read_text("utf-8")
PASSPHRASE = "green kettle"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def opened(key: bytes, sealed: bytes, bound: str) -> bytes:
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], bound.encode())


def derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, None, f"gpa-tui 1 {purpose}".encode()).derive(key)


def epoch_key(keys: dict[str, Any]) -> bytes:
    """From the passphrase to the key of the store."""
    (person,), (epoch,), practice = keys["staff"], keys["epochs"], keys["practice"]
    slot, public = person["slot"], person["keys"]
    how = slot["stretching"]
    stretched = hash_secret_raw(
        PASSPHRASE.encode(),
        base64.b64decode(slot["salt"]),
        time_cost=how["passes"],
        memory_cost=how["memory_kib"],
        parallelism=how["lanes"],
        hash_len=32,
        type=Type.ID,
    )
    private = opened(
        stretched, base64.b64decode(slot["sealed"]), f"slot {practice} {public['id']} {public['box']}"
    )
    sign = Ed25519PrivateKey.from_private_bytes(private[:32]).public_key().public_bytes_raw()
    assert base64.b64encode(sign).decode() == public["sign"]
    assert hashlib.sha256(sign).hexdigest()[:16] == public["id"]
    sealed = base64.b64decode(epoch["sealed"]["mokafor"])
    shared = X25519PrivateKey.from_private_bytes(private[32:]).exchange(
        X25519PublicKey.from_public_bytes(sealed[:32])
    )
    purpose = f"epoch {practice} {epoch['number']}"
    key = derived(shared + sealed[:32] + base64.b64decode(public["box"]), purpose)
    found = opened(key, sealed[32:], purpose)
    assert derived(found, "fingerprint").hex() == epoch["fingerprint"]
    return found


def test_the_worked_example_can_be_read_from_the_page_alone() -> None:
    keys = json.loads(block("json"))
    header, *lines = block("text").splitlines()
    journal, before = json.loads(header)["journal"], header
    key = derived(epoch_key(keys), f"journal {journal}")
    signer = Ed25519PublicKey.from_public_bytes(base64.b64decode(keys["staff"][0]["keys"]["sign"]))
    found = []
    for number, line in enumerate(lines, 1):
        commit = json.loads(line)
        assert commit["n"] == number
        assert commit["prev"] == hashlib.sha256(before.encode()).hexdigest()
        heads = json.dumps(commit.get("heads", {}), sort_keys=True, separators=(",", ":"))
        parts = ("gpa-tui commit 1", journal, number, commit["prev"], commit["epoch"], commit["by"], heads)
        bound = "\n".join(map(str, parts))
        signer.verify(base64.b64decode(commit["sig"]), f"{bound}\n{commit['box']}".encode())
        found += json.loads(opened(key, base64.b64decode(commit["box"]), bound))
        before = line
    assert [entry["data"]["kind"] for entry in found] == ["signin.opened", "plan.given"]
    assert found[1]["data"]["words"] == "rest, fluids"
    assert {entry["by"]["staff"] for entry in found} == {"mokafor"}


def test_the_worked_example_is_of_the_format_that_this_version_writes(tmp_path: Path) -> None:
    roster = Roster.model_validate_json(block("json"))
    path = tmp_path / CLINICS / "2026-11-23.journal"
    path.parent.mkdir()
    path.write_text(block("text"))
    found = verify(path, roster.practice, roster.signers)
    assert (found.damage, found.commits) == (None, 2)
    assert found.anchors == [(2, "standing", 1, "8c1d" * 16)]
