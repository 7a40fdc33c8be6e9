"""Whoever syncs: one worker a store, in the background of the workstation or as a service.

It works as the machine, with the keys that it was granted. Every turn looks whether there is anything to do;
a server that is away is asked again after a wait that grows, with chance in it, or as long as it asks.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from platform import node
from typing import Any

from gpa_tui.clock import Clock, local_date
from gpa_tui.errors import GpaTuiError, SettingsError, StoreError
from gpa_tui.records.staff import DEVICE, Actor, Role
from gpa_tui.session.desk import Desk
from gpa_tui.session.granting import (
    DELIVERED_FILE,
    dates_of_others,
    dates_to_sync,
    delivered,
)
from gpa_tui.session.log import Bench, Log
from gpa_tui.session.registry import Registry
from gpa_tui.store.chain import Head
from gpa_tui.store.files import make_private_folder, open_private, replace_file
from gpa_tui.store.journal import STANDING
from gpa_tui.store.practice import SYNC_CONFIG, SYNC_FOLDER, SYNC_LOCK, Practice
from gpa_tui.store.vault import Keyring
from gpa_tui.sync.backoff import LONGEST, LONGEST_ASKED, seconds_after
from gpa_tui.sync.client import NOT_UNDERSTOOD, Server, SyncTrouble, not_understood
from gpa_tui.sync.config import SyncConfig, read_config
from gpa_tui.sync.dated import Dated
from gpa_tui.sync.hosts import TWICE, WIPED, Exchange
from gpa_tui.sync.paired import pair_of
from gpa_tui.sync.probe import Found
from gpa_tui.sync.pull import GONE, by_id, changed_since
from gpa_tui.sync.shelf import Shelf
from gpa_tui.sync.state import REFILL, SyncState, asked_again, read_state, state_file, taken_again
from gpa_tui.templates import read_templates

FOUND_FILE = "sync-server.json"
TURN = 0.5  # seconds between two looks at the store
POLL = timedelta(seconds=2)  # between two looks at the other stores: what is urgent is there within 5 s
LOOK_FOR_OTHERS = timedelta(seconds=30)
CHANGES = timedelta(seconds=10)  # between two questions whether an appointment changed
WHOLE = timedelta(seconds=90)  # between two readings of the whole date: searches never show what was deleted
GATHER = timedelta(seconds=2)  # that what is to be sent is gathered
MONTH = timedelta(days=31)
UNAUTHORIZED = 401


class Elected:
    """The one that syncs a store holds this lock while it runs; nobody takes it from it."""

    def __init__(self, practice: Practice) -> None:
        folder = practice.home / SYNC_FOLDER
        make_private_folder(folder, practice.modes.folder)
        self._file = open_private(folder / SYNC_LOCK, os.O_RDWR | os.O_CREAT, practice.modes.file)

    def is_won(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def close(self) -> None:
        os.close(self._file)


def found_of(home: Path) -> Found:
    """What was found of the server. Raises `SettingsError`."""
    try:
        kept = json.loads((home / FOUND_FILE).read_text("utf-8"))
        kept.pop("asked", None)
        return Found.model_validate(kept)
    except (OSError, ValueError, AttributeError) as error:
        raise SettingsError(
            f"{FOUND_FILE} cannot be read.", "gpa-tui sync check asks the server again."
        ) from error


def setup_of(home: Path) -> tuple[SyncConfig, Found]:
    """Raises `SettingsError` where no server was set up, or what was found of it is gone."""
    config = read_config(home)
    if config is None:
        raise SettingsError("No server is set up here.", "gpa-tui sync setup URL")
    return config, found_of(home)


def _written(home: Path) -> tuple[int, ...]:
    """When the files of the setup were."""
    with suppress(OSError):
        return tuple((home / name).stat().st_mtime_ns for name in (SYNC_CONFIG, FOUND_FILE))
    return ()


@dataclass
class Times:
    """When what is next; all by our clock."""

    ask: datetime  # not before this: the server was away
    poll: datetime  # of what the other stores say
    others: datetime  # of stores that nobody here knows yet
    changes: datetime
    whole: datetime
    failed: int = 0  # times in a row

    @classmethod
    def all_at(cls, now: datetime) -> Times:
        return cls(now, now, now, now, now)


@dataclass
class Worker:
    """One store and its server, until `close`. `keys` are what was granted."""

    practice: Practice
    keys: Keyring
    clock: Clock
    wait: Callable[[float], object]
    state: SyncState = field(default_factory=SyncState)
    _dated: dict[date, Dated] = field(default_factory=dict)
    _since: datetime | None = None
    _cursor: datetime | None = None
    _gone: int = 0  # times in a row that nothing of what was sent was there
    _swept: date | None = None
    _last_turn: datetime = datetime(1, 1, 1, tzinfo=UTC)
    _told: datetime = datetime(1, 1, 1, tzinfo=UTC)

    def __post_init__(self) -> None:
        self._setup = _written(self.practice.home)
        self.config, self.found = setup_of(self.practice.home)
        actor = Actor(staff=DEVICE, name=node(), role=Role.DEVICE)
        self.bench = Bench(self.practice, self.clock, actor, "sync", self.keys)
        self.times = Times.all_at(self.clock.now())
        self.templates = read_templates(self.practice.home)
        before = read_state(self.practice, self.keys)
        if before is not None and before.server == self.config.base:
            self.state, self._since = SyncState(heard=before.heard), before.since

    @cached_property
    def registry(self) -> Registry:
        registry = Registry(self.bench)
        registry.read()
        return registry

    @cached_property
    def server(self) -> Server:
        return Server(self.config, self.clock.now, together=self.found.batch_apart)

    @cached_property
    def exchange(self) -> Exchange | None:
        """With the other stores; None where the server carries nothing of ours."""
        if not self.found.carrier:
            return None
        shelf, pair = Shelf(self.server, self.found), pair_of(self.practice, self.keys)
        return Exchange(self.practice, self.keys, self.clock, shelf, self.registry, pair)

    @property
    def today(self) -> date:
        return local_date(self.clock.now(), self.practice.settings.zone)

    @property
    def outdated(self) -> bool:
        """Whether the server was set up or asked anew since."""
        return self._setup != _written(self.practice.home)

    def close(self) -> None:
        for dated in self._dated.values():
            dated.desk.close()
        if self.__dict__.get("exchange") is not None:
            self.__dict__["exchange"].close()
        if "registry" in self.__dict__:
            self.registry.close()
        if "server" in self.__dict__:
            self.server.close()

    # ── a turn ────────────────────────────────────────────────────────────────────────────────

    def turn(self) -> None:
        """All that is due now. Raises `StoreError` where the store cannot be used any more."""
        now = self.clock.now()
        if now < self._last_turn:  # the clock was set back: what was to be later is now
            self.times = Times.all_at(now)
            for dated in self._dated.values():
                dated.try_now()
            if self.exchange is not None:
                self.exchange.held.clear()
        self._last_turn = now
        self.registry.refresh()
        self._open_dates()
        for dated in self._dated.values():
            dated.desk.refresh()
        if asked := asked_again(self.practice, self.keys):
            self._try_again(asked, now)
            taken_again(self.practice, self.keys)
        self._gather(now)
        if now < self.times.ask:
            return
        try:
            spoke = self._talk(now)
        except SyncTrouble as error:
            self._failed(error)
        except (GpaTuiError, OSError) as error:
            if isinstance(error, StoreError):
                raise
            self._say(trouble=str(error))
            self.times.ask = now + timedelta(seconds=LONGEST)
        except NOT_UNDERSTOOD as error:
            self._failed(not_understood(error))
        else:
            if spoke:
                self.times.failed = 0
                self._say(heard=self.clock.now(), trouble="", again=None)

    def _talk(self, now: datetime) -> bool:
        """Whether the server was asked anything."""
        spoke, held = False, ""
        try:
            spoke = self._exchange(now)
        except SyncTrouble as error:
            if error.away:
                raise
            held = f"The other hosts: {error}"  # an answer, if no good one: the record is not held by it
        self._say(stopped=WIPED if self._is_lost else "", notes=tuple(filter(None, [held, *self._noted])))
        if self._is_lost or (self.exchange is not None and self.exchange.missing):
            return spoke
        spoke = self._take_in(now) or spoke
        self._gather(now)
        for dated in self._dated.values():
            spoke = self._send(dated, now) or spoke
        return spoke

    def _exchange(self, now: datetime) -> bool:
        """With the practice's other stores; what is urgent waits for nothing else."""
        exchange = self.exchange
        if exchange is None:
            return False
        spoke, held = False, None
        try:
            spoke = self._poll(exchange, now)
        except SyncTrouble as error:
            if error.away:
                raise
            held = error  # what others say cannot be had now: they have ours all the same
        if not exchange.missing:
            spoke = exchange.publish(self._heads()) or spoke
            spoke = exchange.claim() or spoke
        self._say(hosts=tuple(exchange.hosts.values()))
        if held is not None:
            raise held
        return spoke

    def _poll(self, exchange: Exchange, now: datetime) -> bool:
        if now < self.times.poll:
            return False
        self.times.poll = now + POLL
        names = [STANDING, *(one.isoformat() for one in dates_of_others(self.today))]
        widely = now >= self.times.others
        if widely:
            self.times.others = now + LOOK_FOR_OTHERS
        exchange.poll(names, widely=widely)
        return True

    @property
    def _is_lost(self) -> bool:
        return self._gone >= TWICE or (self.exchange is not None and self.exchange.lost)

    def _look_at_own(self, dated: Dated) -> None:
        """Where nothing carries our head: whether what was sent is still there."""
        if self.exchange is None:
            sent = dated.outbox.sample()
            there = [status for _, status, _ in by_id(self.server, sent) if status not in GONE]
            self._gone = self._gone + 1 if sent and not there else 0

    @property
    def _noted(self) -> list[str]:
        """What is to be known of the server, and what of the store cannot be gone on with."""
        dated = self._dated.values()
        logs: list[Log[Any]] = [self.registry, *(one.desk for one in dated)]
        return [
            *(f"Not synced: {log.trouble}" for log in logs if log.trouble is not None),
            *(f"The other hosts: {words}" for words in self._troubles),
            *(note for one in dated for note in one.notes),
        ]

    @property
    def _troubles(self) -> list[str]:
        return sorted(set(self.exchange.troubles.values())) if self.exchange is not None else []

    def _heads(self) -> dict[str, Head]:
        """Of the journals that the other stores are to have; none where there are no others."""
        if not self.registry.standing.hosts:
            return {}
        heads = {STANDING: self.registry.head}
        heads |= {on.isoformat(): dated.desk.head for on, dated in self._dated.items()}
        return {name: head for name, head in heads.items() if head[0]}

    def _take_in(self, now: datetime) -> bool:
        dated = self._dated.get(self.today)
        if dated is None:  # it has just turned midnight
            return False
        whole = now >= self.times.whole
        if not whole and now >= self.times.changes and self.found.by_time and self._cursor is not None:
            self.times.changes = now + CHANGES
            zone = self.practice.settings.zone
            versions, at = changed_since(self.server, dated.on, zone, self._cursor)
            self._cursor = at or self._cursor
            whole = not dated.has_versions(versions)
            if not whole:
                return True
        if not whole:
            return False
        self.times.whole = self.times.changes = now + CHANGES
        self._cursor = now + timedelta(seconds=self.found.seconds_apart)
        try:
            self._cursor = dated.pull(self.server) or self._cursor
        except SyncTrouble as error:
            if error.again or error.status == UNAUTHORIZED:
                raise
            dated.notes = [str(error)]  # what it does not let us see does not hold what is to go there
        self._look_at_own(dated)
        self.times.whole = now + WHOLE if not self._gone else now + CHANGES
        return True

    def _gather(self, now: datetime) -> None:
        """What is to be at the server, made anew where a date has changed and has been quiet for a moment."""
        standing = self.registry.standing
        said = (self.registry.head, len(standing.events), bool(standing.hosts))
        changed = False
        for dated in self._dated.values():
            events = dated.desk.day.events
            mark = (len(events), said, tuple(sorted(dated.bases.references.items())))
            quiet = not events or not timedelta() <= now - events[-1].wall < GATHER
            if mark != dated.made_of and quiet:
                tasks = list(standing.tasks.values())
                dated.make(self.templates, tasks, mark, shared=bool(standing.hosts))
                changed = True
        if changed:
            self._say_waiting(now)

    def _send(self, dated: Dated, now: datetime) -> bool:
        """What is to go out of one date and has been gathered."""
        if dated.made_of is None or (dated.sent_of == dated.made_of and not dated.any_due(now)):
            return False
        if now < dated.not_before:
            return False
        mark = dated.made_of
        wrote = dated.write_statuses(self.server, self.found, now)
        if wrote.over:  # a person has picked ours: what the list says of it is old
            self.times.whole = now
        report = dated.send(self.server, self.found, self.clock.now, self.wait, self._say_progress)
        self._say(progress="")
        self._say_waiting(now)
        if report.stopped and (report.wait is not None or not report.answered):
            raise SyncTrouble(report.stopped, again=True, wait=report.wait)
        if report.stopped:  # it answers, and takes none now: the other hosts wait for none of this
            dated.broke_off(now)
            return True
        dated.sent_of, dated.failed = mark, 0  # what is left waits, each for itself
        self._note_delivered(dated)
        return bool(report.requests or wrote.sent)

    def _try_again(self, keys: Sequence[str], now: datetime) -> None:
        self.times.ask = self.times.whole = now
        for dated in self._dated.values():
            dated.try_again(keys)
        if REFILL in keys:
            folder = self.practice.home / SYNC_FOLDER
            for file in (folder / DELIVERED_FILE, *folder.glob("*.sent"), *folder.glob("*.known")):
                file.unlink(missing_ok=True)
            for dated in self._dated.values():
                dated.forget()
            self._gone = 0
            if self.exchange is not None:
                self.exchange.forget()

    # ── what is open ──────────────────────────────────────────────────────────────────────────

    def _open_dates(self) -> None:
        today = self.today
        for on in dates_to_sync(self.practice, today):
            if on <= today and on not in self._dated:
                desk = Desk(self.bench, on, self.registry.standing)
                desk.read()
                self._dated[on] = Dated(desk, self.config.base)
        if self._swept != today:  # what was sent a month ago is not asked about any more
            self._swept = today
            for file in (self.practice.home / SYNC_FOLDER).glob("20*.*"):
                if file.stem < (today - MONTH).isoformat():
                    file.unlink(missing_ok=True)
        for on in [on for on, dated in self._dated.items() if on < today and dated.is_done]:
            self._dated.pop(on).desk.close()

    def _note_delivered(self, dated: Dated) -> None:
        if dated.on == self.today or dated.parked:
            return
        known = delivered(self.practice.home) | {dated.on.isoformat(): dated.desk.head[0]}
        with suppress(OSError):  # it is looked at once more the next time
            path = self.practice.home / SYNC_FOLDER / DELIVERED_FILE
            replace_file(path, json.dumps(known).encode(), mode=self.practice.modes.file)

    # ── what is said ──────────────────────────────────────────────────────────────────────────

    def _failed(self, error: SyncTrouble) -> None:
        self.times.failed += 1
        own = seconds_after(self.times.failed)
        seconds = min(LONGEST_ASKED, error.wait) if error.wait is not None else own
        self.times.ask = self.clock.now() + timedelta(seconds=seconds)
        self._say(trouble=str(error), again=self.times.ask)

    def _say_waiting(self, now: datetime) -> None:
        waiting: dict[str, int] = {}
        for dated in self._dated.values():
            for kind, count in dated.waiting.items():
                waiting[kind] = waiting.get(kind, 0) + count
        self._since = (self._since or now) if waiting else None
        parked = tuple(one for dated in self._dated.values() for one in dated.parked)
        first = tuple(line for dated in self._dated.values() for line in dated.first)
        self._say(waiting=waiting, first=first, since=self._since, parked=parked)

    def _say_progress(self, done: int, of: int) -> None:
        now = self.clock.now()
        if now - self._told >= timedelta(seconds=1) and of > done:
            self._told = now
            self._say(progress=f"{done} of {of}", heard=now)
        with suppress(SyncTrouble):  # what is urgent waits for nothing; what is wrong the rest says
            self._exchange(now)

    def _say(self, **changed: object) -> None:
        """For the screens: written where something changed; when it answered, a few times a minute."""
        before = self.state
        self.state = before.model_copy(
            update={"server": self.config.base, "claims": self.found.claims, **changed}
        )
        same = self.state.model_copy(update={"heard": before.heard}) == before
        fresh = before.heard and self.state.heard and self.state.heard - before.heard < _OFTEN
        if same and fresh:
            self.state = before
            return
        with suppress(OSError):  # said the next time
            state_file(self.practice, self.keys).write(self.state.model_dump_json().encode())


_OFTEN = timedelta(seconds=20)
