"""`gpa-tui sync run` and `sync service`: the one that syncs as a program of its own, and its key."""

from __future__ import annotations

import os
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from gpa_tui.clock import Clock, local_date, local_time
from gpa_tui.commands import DONE, REFUSED, sign_in
from gpa_tui.errors import GpaTuiError, SettingsError, StoreError
from gpa_tui.records.event import Said, ServiceKeySet
from gpa_tui.session.admission import note_beside
from gpa_tui.session.granting import GRANT_FILE, renew_service_grant
from gpa_tui.session.registry import Registry
from gpa_tui.session.roles import Act, require
from gpa_tui.store.files import open_private
from gpa_tui.store.grant import Grant, new_service_key, open_grant
from gpa_tui.store.practice import SYNC_FOLDER, Practice
from gpa_tui.store.seal import CannotOpen, raw, text
from gpa_tui.store.vault import Keyring
from gpa_tui.sync.config import read_secret
from gpa_tui.sync.state import SyncState
from gpa_tui.sync.worker import TURN, Elected, Worker
from gpa_tui.terminal import say

RETRY = 5.0  # seconds until what could not begin is tried again
CREDENTIALS = "CREDENTIALS_DIRECTORY"  # where systemd puts what the unit loads


def service(home: Path, arguments: Namespace, clock: Clock) -> int:
    """Give the service a key of its own in a file; or take it away."""
    practice = Practice(home)
    bench = sign_in(practice, arguments, Act.SET_UP_SYNC, clock)
    require(bench.actor, Act.SET_UP_SYNC)
    if arguments.remove:
        public = ""
    else:
        private, public = new_service_key()
        _write_new(arguments.key_file, text(private) + "\n")
    with closing(Registry(bench)) as registry:
        note_beside(registry, [Said(data=ServiceKeySet(box=public))])
        try:
            renew_service_grant(bench, registry.standing, local_date(clock.now(), practice.settings.zone))
        except OSError as error:
            raise GpaTuiError(f"The grant was not written: {error.strerror}.", "Is the disk full?") from error
    if arguments.remove:
        (home / SYNC_FOLDER / GRANT_FILE).unlink(missing_ok=True)
        say("The service has no key any more. Stop it: systemctl disable --now gpa-tui-sync")
        return DONE
    say(f"The key is in {arguments.key_file}: give it to the unit, and keep no other copy.")
    say("It opens the week to come and what of the week before is not delivered; each sign-in renews that.")
    return DONE


def _write_new(path: Path, content: str) -> None:
    try:
        with os.fdopen(open_private(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "w") as file:
            file.write(content)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}.", "Choose another file.") from error


def run(home: Path, arguments: Namespace, clock: Clock) -> int:
    """Sync until told to end. Without `--granted` as a service, which waits for what it may open."""
    practice, stop = Practice(home), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    keys = _piped() if arguments.granted else _of_service(home, _key_file(arguments))
    with closing(Elected(practice)) as elected:
        return _run(practice, elected, keys, clock, stop, told=not arguments.granted)


def _run(
    practice: Practice,
    elected: Elected,
    keys: Callable[[], Keyring | None],
    clock: Clock,
    stop: threading.Event,
    *,
    told: bool,
) -> int:
    waited = ""
    while not stop.is_set():
        ring = keys()
        why = "" if elected.is_won() else "Another program syncs this store: waiting until it ends."
        why = why or ("" if ring is not None else "Nothing may be opened yet: somebody has to sign in.")
        if not why:
            assert ring is not None
            why = _work(practice, ring, clock, stop, keys, told=told)
        if not told:
            return REFUSED if why else DONE
        if why and why != waited:
            say(why)
        waited = why
        stop.wait(RETRY)
    return DONE


def _work(
    practice: Practice,
    ring: Keyring,
    clock: Clock,
    stop: threading.Event,
    keys: Callable[[], Keyring | None],
    *,
    told: bool,
) -> str:
    """Until it is told to end, was given other keys or another server; or why it could not go on."""
    try:
        with closing(Worker(practice, ring, clock, stop.wait)) as worker:
            shown = None
            while not stop.is_set() and not worker.outdated and keys() is ring:
                worker.turn()
                shown = _shown(worker.state, shown, practice) if told else None
                stop.wait(TURN)
    except (StoreError, SettingsError) as error:
        return str(error)
    return ""


def _shown(state: SyncState, before: str | None, practice: Practice) -> str:
    """One line for the system's log where something is new; nobody's name is in it."""
    heard = local_time(state.heard, practice.settings.zone) if state.heard else "not yet"
    now = f"{state.left} waiting, {len(state.parked)} refused, {state.stopped or state.trouble or 'well'}"
    if now != before:
        say(f"server last heard {heard}: {now}")
        sys.stdout.flush()
    return now


# ── what it may open ──────────────────────────────────────────────────────────────────────────


def _piped() -> Callable[[], Keyring | None]:
    """From whoever began this, through the pipe; when that is closed it is over, wherever it is: it may be
    killed at any moment."""
    line = sys.stdin.buffer.readline()
    ring = Grant.model_validate_json(line).ring() if line else None

    def watch() -> None:
        while sys.stdin.buffer.read(1):
            pass
        os._exit(DONE)

    threading.Thread(target=watch, daemon=True).start()
    return lambda: ring


def _key_file(arguments: Namespace) -> Path:
    if arguments.key_file is not None:
        return Path(arguments.key_file)
    folder = os.environ.get(CREDENTIALS)
    if folder is None:
        raise SettingsError("Which key?", "Give --key-file, as `gpa-tui sync service` wrote it.")
    return Path(folder) / "gpa-tui-sync.key"


def _of_service(home: Path, file: Path) -> Callable[[], Keyring | None]:
    """What is closed to the service's key, anew where somebody who signed in has renewed it."""
    try:
        private = raw(read_secret(file))
    except CannotOpen as error:
        raise SettingsError(f"{file} is no key of the service.", "gpa-tui sync service makes one.") from error
    path = home / SYNC_FOLDER / GRANT_FILE
    held: dict[int, Keyring | None] = {}

    def keys() -> Keyring | None:
        with suppress(OSError):
            written = path.stat().st_mtime_ns
            if written not in held:
                held.clear()
                try:
                    held[written] = open_grant(private, path.read_bytes()).ring()
                except (CannotOpen, ValueError):
                    held[written] = None
            return held[written]
        return None

    return keys
