"""The commands about the practice's FHIR server: `gpa-tui sync setup`, `check`, `send`, `status`."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from gpa_tui.clock import Clock, local_date, local_time
from gpa_tui.commands import (
    DONE,
    REFUSED,
    day_asked,
    record_reading,
    sign_in,
)
from gpa_tui.errors import GpaTuiError, Refused, SettingsError
from gpa_tui.records.event import Said, SyncSetUp
from gpa_tui.session import acts
from gpa_tui.session.admission import desk_for_one_act, note_beside
from gpa_tui.session.desk import Desk
from gpa_tui.session.log import Bench
from gpa_tui.session.registry import Registry
from gpa_tui.session.roles import Act, require
from gpa_tui.store.files import replace_file
from gpa_tui.store.practice import Practice
from gpa_tui.sync.client import Server
from gpa_tui.sync.config import SyncConfig, in_words, read_config, write_config
from gpa_tui.sync.dated import RESOURCES, Dated
from gpa_tui.sync.outbox import Outbox
from gpa_tui.sync.probe import Found, probe
from gpa_tui.sync.push import TRIES
from gpa_tui.sync.state import SyncState, ask_again, read_state
from gpa_tui.sync.worker import FOUND_FILE, Elected, setup_of
from gpa_tui.templates import read_templates
from gpa_tui.terminal import say

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
    bench = sign_in(practice, arguments, Act.SET_UP_SYNC, clock)
    require(bench.actor, Act.SET_UP_SYNC)
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
    say("Next: sign in. The day's list then comes by itself, and what is done goes.")
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
    config, found = setup_of(home)
    bench = sign_in(practice, arguments, Act.EXPORT_LOG, clock)
    with closing(Elected(practice)) as elected:
        if not elected.is_won():
            return _leave_to_worker(practice, bench, on, arguments, config)
        return _send(practice, bench, on, arguments, config, found, clock)


def _leave_to_worker(
    practice: Practice, bench: Bench, on: date, arguments: Namespace, config: SyncConfig
) -> int:
    """Somebody syncs already, by themselves: what was refused is asked to be sent once more."""
    require(bench.actor, Act.EXPORT_LOG)
    outbox = Outbox(practice.home, on, config.base, bench.keys, practice.modes)
    if arguments.again and outbox.refused:
        ask_again(practice, bench.keys, *outbox.refused)
        say(f"{len(outbox.refused)} refused ones are sent once more by whoever syncs this store now.")
        return DONE
    raise Refused("This store is synced already, by a workstation or the service.", "gpa-tui sync status")


def _send(
    practice: Practice,
    bench: Bench,
    on: date,
    arguments: Namespace,
    config: SyncConfig,
    found: Found,
    clock: Clock,
) -> int:
    stopped = (read_state(practice, bench.keys) or SyncState()).stopped
    if stopped:
        raise Refused(stopped)
    with desk_for_one_act(bench, on) as desk:
        note = partial(acts.note_export, what=RESOURCES, file=config.base)
        record_reading(desk, note, ": what stands before the damage is sent.")
        dated = _made(desk, config)
        if arguments.again:
            dated.try_again(list(dated.outbox.refused))
        with Server(config, clock.now) as server:
            report = dated.send(server, found, clock.now, time.sleep, _progress, tries=TRIES)
    say(f"{report.sent} sent, {report.refused} refused, {report.left} left, in {report.requests} requests.")
    if report.stopped:
        say(f"It did not go on: {report.stopped}")
    _say_refused(dated.outbox)
    return DONE if not report.left and not dated.outbox.refused else REFUSED


def _made(desk: Desk, config: SyncConfig) -> Dated:
    """What of the date is to be at the server: the same as whoever syncs by itself makes."""
    dated = Dated(desk, config.base)
    with closing(Registry(desk.bench)) as registry:
        registry.read()
        asked, shared = list(registry.standing.tasks.values()), bool(registry.standing.hosts)
    dated.make(read_templates(desk.practice.home), asked, "by command", shared=shared)
    return dated


def status(home: Path, arguments: Namespace, clock: Clock) -> int:
    """What of a date is there, what is not, and why."""
    practice = Practice(home)
    on = arguments.date or local_date(clock.now(), practice.settings.zone)
    config, _ = setup_of(home)
    bench = sign_in(practice, arguments, Act.EXPORT_LOG, clock)
    require(bench.actor, Act.EXPORT_LOG)
    _say_state(read_state(practice, bench.keys), practice)
    if not practice.has_day(on):
        say(f"{on}, {config.base}: nothing is here of that date yet.")
        return DONE
    with desk_for_one_act(bench, on) as desk:
        dated = _made(desk, config)
    outbox, left = dated.outbox, sum(dated.waiting.values())
    there = sum(1 for item in outbox.items.values() if item.state == "sent" and item.sha256)
    say(f"{on}, {config.base}: {there} there, {len(outbox.refused)} refused, {left} to be sent.")
    _say_refused(outbox)
    return DONE


def _say_state(state: SyncState | None, practice: Practice) -> None:
    if state is None:
        return
    heard = f"at {local_time(state.heard, practice.settings.zone)}" if state.heard else "not yet"
    say(f"The server was last heard {heard}. {state.stopped or state.trouble}".strip())
    for note in state.notes:
        say(f"note: {note}")
    for host in state.hosts:
        last = local_time(host.heard, practice.settings.zone) if host.heard else "never"
        say(f"host {host.name}: last heard {last}. {host.trouble}".strip())


def _say_refused(outbox: Outbox) -> None:
    for key, item in outbox.refused.items():
        say(f"{key}: {item.status} {item.words or 'without a word'}")
    if outbox.refused:
        say("They stay parked and hold nothing else. --again sends them once more.")


def _progress(done: int, of: int) -> None:
    say(f"{done} of {of}")


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
