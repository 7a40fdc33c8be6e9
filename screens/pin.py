"""A short number that re-opens this terminal's lock while the program holds the keys; in memory alone."""

from __future__ import annotations

import hashlib
import hmac
import os

SHORTEST, LONGEST = 4, 6  # digits; no passphrase may be as short
TRIES = 5


def is_pin(text: str) -> bool:
    """Whether it could be one: so many digits."""
    return text.isascii() and text.isdigit() and SHORTEST <= len(text) <= LONGEST


def is_guessed_first(digits: str) -> bool:
    """`0000`, `1234`, `8765`: what anybody tries first."""
    return len(set(digits)) == 1 or digits in "01234567890" or digits in "09876543210"


class Pin:
    """One person's, for one process; after five wrong ones in a row only the passphrase will do."""

    def __init__(self, key_id: str, digits: str) -> None:
        self.key_id = key_id  # whose keys it re-opens
        self.left = TRIES
        self._salt = os.urandom(16)
        self._kept = self._of(digits)

    def _of(self, digits: str) -> bytes:
        return hashlib.scrypt(digits.encode(), salt=self._salt, n=2**14, r=8, p=1)

    def fits(self, digits: str) -> bool:
        """Whether it is the one; a wrong one counts."""
        if self.left and hmac.compare_digest(self._kept, self._of(digits)):
            self.left = TRIES
            return True
        self.left = max(0, self.left - 1)
        return False
