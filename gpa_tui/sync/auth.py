"""Who we are to the server: a token that is given or asked for, renewed a minute before it ends.

SMART Backend Services: client credentials, proven by a signed assertion (RS384, ES384) or by a secret. The
person behind an entry stands in the resources; a token says only which workstation it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from gpa_tui.errors import SettingsError
from gpa_tui.sync.config import SyncConfig

if TYPE_CHECKING:
    from datetime import datetime

EARLY = 60  # seconds before its end that a token is asked for anew
LIVES = 240  # seconds that an assertion holds: SMART allows five minutes
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
Post = Callable[[str, dict[str, str], tuple[str, str] | None], dict[str, Any]]
"""Posts a form to a token address: (address, fields, basic login) to the answer."""


_TOKEN = re.compile(r"[!-~]{1,8192}")
_SECONDS = re.compile(r"[0-9]{1,9}")


def _is_token(text: str) -> bool:
    """Whether it can stand in a header."""
    return bool(_TOKEN.fullmatch(text))


@dataclass
class Tokens:
    """The header that proves who we are. `post` asks, `now` is the time, `discover` finds the address."""

    config: SyncConfig
    post: Post
    discover: Callable[[], str]
    now: Callable[[], datetime]
    _token: str = ""
    _ends: float = 0.0

    def header(self, *, fresh: bool = False) -> dict[str, str]:
        """What goes with a request; `fresh` after the server did not take the last one."""
        if self.config.auth == "none":
            return {}
        if self.config.auth == "bearer":
            token = self.config.secret("token_file")
            if not _is_token(token):
                raise SettingsError(
                    f"{self.config.token_file} holds no token.", "One line without blanks is needed."
                )
            return {"Authorization": f"Bearer {token}"}
        at = self.now().timestamp()
        if fresh or not self._token or at >= self._ends - EARLY:
            self._ask(at)
        return {"Authorization": f"Bearer {self._token}"}

    def _ask(self, at: float) -> None:
        address = self.config.token_url or self.discover()
        fields = {"grant_type": "client_credentials", "scope": self.config.scope}
        login = None
        if self.config.auth == "private_key_jwt":
            fields |= {"client_assertion_type": ASSERTION, "client_assertion": self._assertion(address, at)}
        else:
            login = (self.config.client_id, self.config.secret("secret_file"))
        answer = self.post(address, fields, login)
        token, lives = str(answer.get("access_token", "")), str(answer.get("expires_in", ""))
        if not _is_token(token):
            raise SettingsError("The token that was given is none.", "Tell whoever runs the server.")
        self._token = token
        self._ends = at + (float(lives) if _SECONDS.fullmatch(lives) else 300)

    def _assertion(self, address: str, at: float) -> str:
        import jwt
        from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        pem = self.config.secret("private_key_file").encode()
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError) as error:
            raise SettingsError(
                f"{self.config.private_key_file} is no private key without a passphrase.", "PEM is needed."
            ) from error
        curve = key.curve.name if isinstance(key, EllipticCurvePrivateKey) else ""
        if not (curve == "secp384r1" or isinstance(key, RSAPrivateKey)):
            raise SettingsError(
                f"{self.config.private_key_file} is a key of another kind.", "RSA, or EC on P-384, is needed."
            )
        algorithm = "ES384" if curve else "RS384"
        said = {
            "iss": self.config.client_id,
            "sub": self.config.client_id,
            "aud": address,
            "jti": str(uuid4()),
            "exp": int(at) + LIVES,
        }
        head = {"kid": self.config.key_id} if self.config.key_id else {}
        return jwt.encode(said, pem, algorithm=algorithm, headers=head)
