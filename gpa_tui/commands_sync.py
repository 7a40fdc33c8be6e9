"""The commands about the practice's FHIR server: `gpa-tui sync setup`, `check`, `send`, `status`."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from contextlib import closing
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from gpa_tui.clock import Clock
from gpa_tui.commands import (
    DONE,
    REFUSED,
    day_asked,
    day_resources,
    record_reading,
    sign_in,
)
from gpa_tui.errors import GpaTuiError, SettingsError
from gpa_tui.records.event import Said, SyncSetUp
from gpa_tui.session import acts
from gpa_tui.session.admission import desk_for_one_act, note_beside
from gpa_tui.session.registry import Registry
from gpa_tui.session.roles import Act, require
from gpa_tui.store.files import replace_file
from gpa_tui.store.practice import Practice
from gpa_tui.sync.client import Server
from gpa_tui.sync.config import SyncConfig, in_words, read_config, write_config
from gpa_tui.sync.outbox import Outbox, key_of
from gpa_tui.sync.probe import Found, probe
from gpa_tui.sync.push import Sender
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


def send(home: Path, arguments: Namespace, clock: Clock) -> int:
    """What of a date has not reached the server yet; that it is sent is in the date's log first."""
    practice, on = day_asked(home, arguments, clock)
    config, found = _set_up(home)
    bench = sign_in(practice, arguments, Act.EXPORT_LOG, clock)
    with desk_for_one_act(bench, on) as desk:
        note = partial(acts.note_export, what="FHIR resources", file=config.base)
        record_reading(desk, note, ": what stands before the damage is sent.")
        resources = day_resources(desk)
    outbox = Outbox(home, on, config.base, bench.keys, practice.modes)
    with Server(config, clock.now) as server:
        sender = Sender(server, found, outbox, clock.now, time.sleep, _progress)
        report = sender.send(resources, again=arguments.again)
    say(f"{report.sent} sent, {report.refused} refused, {report.left} left, in {report.requests} requests.")
    if report.stopped:
        say(f"It did not go on: {report.stopped}")
    _say_refused(outbox)
    return DONE if not report.left and not outbox.refused else REFUSED


def status(home: Path, arguments: Namespace, clock: Clock) -> int:
    """What of a date is there, what is not, and why."""
    practice, on = day_asked(home, arguments, clock)
    config, _ = _set_up(home)
    bench = sign_in(practice, arguments, Act.EXPORT_LOG, clock)
    require(bench.actor, Act.EXPORT_LOG)
    with desk_for_one_act(bench, on) as desk:
        resources = day_resources(desk)
    outbox = Outbox(home, on, config.base, bench.keys, practice.modes)
    left = [one for one in outbox.left(resources) if key_of(one) not in outbox.refused]
    there = sum(1 for item in outbox.items.values() if item.state == "sent")
    say(f"{on}, {config.base}: {there} there, {len(outbox.refused)} refused, {len(left)} to be sent.")
    _say_refused(outbox)
    return DONE


def _say_refused(outbox: Outbox) -> None:
    for key, item in outbox.refused.items():
        say(f"{key}: {item.status} {item.words or 'without a word'}")
    if outbox.refused:
        say("They stay parked and hold nothing else. --again sends them once more.")


def _progress(done: int, of: int) -> None:
    say(f"{done} of {of}")


def _set_up(home: Path) -> tuple[SyncConfig, Found]:
    """Raises `SettingsError` where no server was set up, or what was found of it is gone."""
    config = read_config(home)
    if config is None:
        raise SettingsError("No server is set up here.", "gpa-tui sync setup URL")
    try:
        kept = json.loads((home / FOUND_FILE).read_text("utf-8"))
        kept.pop("asked", None)
        return config, Found.model_validate(kept)
    except (OSError, ValueError, AttributeError) as error:
        raise SettingsError(
            f"{FOUND_FILE} cannot be read.", "gpa-tui sync check asks the server again."
        ) from error


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
