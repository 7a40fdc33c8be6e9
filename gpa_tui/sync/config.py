"""Where the FHIR server is and how we prove who we are: `sync.toml` in the store's folder.

Secrets stand in files of their own that nobody else can read; this file names them.
"""

from __future__ import annotations

import ssl
import stat
import tomllib
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, model_validator

from gpa_tui.errors import SettingsError
from gpa_tui.records.base import Record
from gpa_tui.store.files import replace_file
from gpa_tui.store.practice import SYNC_CONFIG

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
Auth = Literal["none", "bearer", "client_credentials", "private_key_jwt"]
NEEDS: dict[Auth, tuple[str, ...]] = {
    "none": (),
    "bearer": ("token_file",),
    "client_credentials": ("client_id", "secret_file"),
    "private_key_jwt": ("client_id", "private_key_file"),
}


class SyncConfig(Record, extra="forbid"):
    """What `gpa-tui sync setup` was told."""

    url: str = Field(max_length=300)
    auth: Auth = "none"
    token_file: str = ""
    client_id: str = ""
    secret_file: str = ""
    private_key_file: str = ""  # PEM; RSA or EC
    key_id: str = ""
    token_url: str = ""  # else as .well-known/smart-configuration says
    scope: str = "system/*.cruds"
    ca_file: str = ""  # PEM; else the authorities this machine trusts
    certificate_file: str = ""  # mutual TLS: our certificate, PEM
    certificate_key_file: str = ""
    proxy: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.proxy and urlsplit(self.proxy).scheme not in {"http", "https", "socks5", "socks5h"}:
            raise ValueError(f"{self.proxy!r} is no proxy, e.g. http://proxy.example:3128")
        for url in (self.url, self.token_url):
            parts = urlsplit(url)
            if url and (parts.scheme not in {"https", "http"} or not parts.hostname):
                raise ValueError(f"{url!r} is no web address, e.g. https://fhir.example.org/R4")
            if url and parts.scheme == "http" and parts.hostname not in LOOPBACK:
                raise ValueError(f"{url!r} is not encrypted: https:// only")
            if parts.username or parts.password or parts.query or parts.fragment:
                raise ValueError(f"{url!r} has more than an address in it")
        missing = [name for name in NEEDS[self.auth] if not getattr(self, name)]
        if missing:
            options = ", ".join(f"--{name.replace('_', '-')}" for name in missing)
            raise ValueError(f"--auth {self.auth} needs {options}")
        if bool(self.certificate_file) is not bool(self.certificate_key_file):
            raise ValueError("certificate_file and certificate_key_file go together")
        return self

    @property
    def base(self) -> str:
        return self.url.rstrip("/")

    def secret(self, name: str) -> str:
        """What stands in one of the secret files. Raises `SettingsError` where others may read it."""
        return read_secret(Path(getattr(self, name)))

    def trust(self) -> ssl.SSLContext:
        """Certificates are always checked. Raises `SettingsError` for a file that is none."""
        try:
            context = ssl.create_default_context(cafile=self.ca_file or None)
            if self.certificate_file:
                read_secret(Path(self.certificate_key_file))
                context.load_cert_chain(self.certificate_file, self.certificate_key_file)
        except (OSError, ssl.SSLError) as error:
            raise SettingsError(
                f"{self.ca_file or self.certificate_file}: {error}.", "PEM files are needed."
            ) from error
        return context


def read_secret(path: Path) -> str:
    """The first line of a file that is ours alone, or the whole of a PEM. Raises `SettingsError`."""
    try:
        mode = path.stat().st_mode
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read as a secret: {error}.") from error
    if stat.S_IMODE(mode) & 0o077:
        raise SettingsError(f"Others may read {path}.", f"chmod 600 {path}")
    return text if text.startswith("-----BEGIN") else text.split("\n", 1)[0].strip()


def read_config(home: Path) -> SyncConfig | None:
    """As it was set up; None where it was not. Raises `SettingsError`."""
    path = home / SYNC_CONFIG
    if not path.exists():
        return None
    try:
        return SyncConfig.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{SYNC_CONFIG}: {error}.") from error
    except ValidationError as error:
        raise SettingsError(
            f"{SYNC_CONFIG}: {in_words(error)}.", "gpa-tui sync setup writes it anew."
        ) from error


def write_config(home: Path, config: SyncConfig) -> None:
    """Only what differs from the defaults. Raises `OSError`."""
    given = config.model_dump(exclude_defaults=True)
    lines = [f"{name} = {_quoted(value)}" for name, value in given.items()]
    replace_file(home / SYNC_CONFIG, ("\n".join(lines) + "\n").encode())


def in_words(error: ValidationError) -> str:
    """The first thing that is wrong, named."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return ": ".join(part for part in (where, first["msg"].removeprefix("Value error, ")) if part)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
