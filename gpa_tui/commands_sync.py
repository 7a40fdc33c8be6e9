"""The commands about the practice's FHIR server: `gpa-tui sync setup`, `sync check`."""

from __future__ import annotations

import json
from argparse import Namespace
from contextlib import closing
from pathlib import Path

from pydantic import ValidationError

from gpa_tui.clock import Clock
from gpa_tui.commands import DONE, sign_in
from gpa_tui.errors import GpaTuiError, SettingsError
from gpa_tui.records.event import Said, SyncSetUp
from gpa_tui.session.admission import note_beside
from gpa_tui.session.registry import Registry
from gpa_tui.session.roles import Act, require
from gpa_tui.store.files import replace_file
from gpa_tui.store.practice import Practice
from gpa_tui.sync.client import Server
from gpa_tui.sync.config import SyncConfig, in_words, read_config, write_config
from gpa_tui.sync.probe import Found, probe
from gpa_tui.terminal import say

FOUND_FILE = "sync-server.json"
GIVEN = (
    *("auth", "token_file", "client_id", "secret_file", "private_key_file", "key_id", "token_url", "scope"),
    *("ca_file", "certificate_file", "certificate_key_file", "proxy"),
)


def setup(home: Path, arguments: Namespace, clock: Clock) -> int:
    """Where the server is; it is asked what it really does before anything is kept."""
    practice = Practice(home)
    given = {name: getattr(arguments, name) for name in GIVEN if getattr(arguments, name)}
    try:
        config = SyncConfig(url=arguments.url, **{name: str(value) for name, value in given.items()})
    except ValidationError as error:
        raise SettingsError(f"{in_words(error)}.", "gpa-tui sync setup --help") from error
    bench = sign_in(practice, arguments, Act.MANAGE_STAFF, clock)
    require(bench.actor, Act.MANAGE_STAFF)
    found = _asked(config, clock)
    with closing(Registry(bench)) as registry:
        said = SyncSetUp(url=config.base, auth=config.auth, found=tuple(found.in_words()))
        note_beside(registry, [Said(data=said)])
    try:
        write_config(home, config)
        _keep(home, found, clock)
    except OSError as error:
        raise GpaTuiError(f"The setup was not written: {error.strerror}.", "Is the disk full?") from error
    _say(config, found)
    return DONE


def check(home: Path, _: Namespace, clock: Clock) -> int:
    """Ask the server again: after an update of it, or when something is odd."""
    config = read_config(home)
    if config is None:
        raise SettingsError("No server is set up here.", "gpa-tui sync setup URL")
    found = _asked(config, clock)
    _keep(home, found, clock)
    _say(config, found)
    return DONE


def _asked(config: SyncConfig, clock: Clock) -> Found:
    with Server(config, clock.now) as server:
        return probe(server)


def _keep(home: Path, found: Found, clock: Clock) -> None:
    kept = {"asked": clock.now().isoformat(), **found.model_dump()}
    replace_file(home / FOUND_FILE, json.dumps(kept, indent=1).encode())


def _say(config: SyncConfig, found: Found) -> None:
    say(f"{config.base}: reached.")
    for line in found.in_words():
        say(line)
