"""The few ways this store closes and opens bytes; which key is for what is `store/vault.py`.

AES-256-GCM (NIST SP 800-38D, random 96-bit nonces), HKDF-SHA-256 (RFC 5869), X25519 (RFC 7748), Argon2id
(RFC 9106). Each key is used for one purpose, named where it is derived.
"""

from __future__ import annotations

import base64
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gpa_tui.records.base import Record

KEY_BYTES = 32
NONCE_BYTES = 12
SALT_BYTES = 16


class CannotOpen(Exception):
    """The key does not fit, or the bytes are not as they were closed."""


class Stretching(Record):
    """How long a passphrase is worked on: Argon2id, memory in KiB, passes, lanes.

    The defaults are RFC 9106's second recommendation (64 MiB, 3 passes, 4 lanes).
    """

    memory_kib: int = 65536
    passes: int = 3
    lanes: int = 4

    def key(self, passphrase: str, salt: bytes) -> bytes:
        """32 bytes from a passphrase; slow on purpose. Raises `CannotOpen` for a salt that is none."""
        from argon2.exceptions import HashingError
        from argon2.low_level import Type, hash_secret_raw

        try:
            return hash_secret_raw(
                passphrase.encode(),
                salt,
                time_cost=self.passes,
                memory_cost=self.memory_kib,
                parallelism=self.lanes,
                hash_len=KEY_BYTES,
                type=Type.ID,
            )
        except HashingError as error:
            raise CannotOpen from error


def new_key() -> bytes:
    return os.urandom(KEY_BYTES)


def derive(key: bytes, purpose: str) -> bytes:
    """A key for one purpose from another key that is already uniform."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"gpa-tui 1 {purpose}".encode()).derive(key)


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def close(key: bytes, content: bytes, bound_to: bytes) -> bytes:
    """Nonce and ciphertext; opens only with the same key and the same `bound_to`."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(key).encrypt(nonce, content, bound_to)


def open_(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """What was closed. Raises `CannotOpen`."""
    try:
        return _cipher(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error


def close_for(public: bytes, content: bytes, purpose: str) -> bytes:
    """`content` for whoever holds the private half of `public`: a fresh public key, then what is closed."""
    fresh = X25519PrivateKey.generate()
    ours = fresh.public_key().public_bytes_raw()
    shared = fresh.exchange(X25519PublicKey.from_public_bytes(public))
    return ours + close(derive(shared + ours + public, purpose), content, purpose.encode())


def open_from(private: X25519PrivateKey, sealed: bytes, purpose: str) -> bytes:
    """What was closed for this private key. Raises `CannotOpen`."""
    theirs, rest = sealed[:KEY_BYTES], sealed[KEY_BYTES:]
    ours = private.public_key().public_bytes_raw()
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(theirs))
    except ValueError as error:
        raise CannotOpen from error
    return open_(derive(shared + theirs + ours, purpose), rest, purpose.encode())


def text(content: bytes) -> str:
    """Bytes as they stand in a JSON file (base64)."""
    return base64.b64encode(content).decode()


def raw(stored: str) -> bytes:
    """The bytes of `text`. Raises `CannotOpen` for anything else."""
    try:
        return base64.b64decode(stored, validate=True)
    except ValueError as error:
        raise CannotOpen from error
