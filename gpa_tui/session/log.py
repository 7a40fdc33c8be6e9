"""One journal as a person at a terminal uses it: take in what others wrote, do one act whole, stamp, flush.

What the events mean is the day's (`desk.py`) or the standing journal's (`registry.py`).
"""

from __future__ import annotations

import gc
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from pydantic import TypeAdapter
from uuid6 import uuid7

from gpa_tui.clock import Clock
from gpa_tui.errors import JournalDamaged, NewerFormat, ReadOnly, StoreError, StoreUnusable
from gpa_tui.records import event as facts
from gpa_tui.records.base import EventId
from gpa_tui.records.event import Event, Said
from gpa_tui.records.staff import Actor
from gpa_tui.session.acts.common import Place
from gpa_tui.store.chain import ASK, Head
from gpa_tui.store.journal import JournalDB, JournalStorage, LogTable
from gpa_tui.store.practice import Practice
from gpa_tui.store.replica import open_replica
from gpa_tui.store.vault import Keyring
from gpa_tui.store.verify import signature_fits

State = TypeVar("State")
_COMMIT = TypeAdapter(tuple[Event, ...])
NEVER_ON_PAPER = (
    *(facts.SignInOpened, facts.SignInLocked, facts.SignInUnlocked, facts.SignInClosed),
    *(facts.RecordViewed, facts.RecordClosed, facts.LogViewed, facts.LogSearched),
    *(facts.Exported, facts.Printed, facts.ActRefused, facts.PinSet, facts.PinRefused, facts.EntryStruck),
    *(facts.HeadAnchored, facts.ClinicClosed, facts.ListImported),
    *(facts.EscalationAcknowledged, facts.EscalationSeen, facts.CallCardShown),
)
"""What happens here and now, whatever is typed from a paper; so is whatever is about no row of the list."""


def is_written(said: Said) -> bool:
    """Whether it may have stood on a paper before it was typed."""
    return said.appointment is not None and not isinstance(said.data, NEVER_ON_PAPER)


FAR_AHEAD = timedelta(minutes=5)  # of this machine's clock: what another store says is then not followed


@dataclass(frozen=True, slots=True)
class Bench:
    """Who acts, where, on which store, with which keys and clock: what every log is opened with."""

    practice: Practice
    clock: Clock
    actor: Actor
    terminal: str
    keys: Keyring

    @property
    def place(self) -> Place:
        return Place(self.actor, self.terminal)

    @property
    def holder(self) -> str:
        """What others are told while this process holds a lock."""
        return f"{self.actor.name} at {self.terminal}"


@dataclass(slots=True)
class _Other:
    """The same journal of another store, and how far it was taken in."""

    storage: JournalStorage
    taken: int = 0
    broken: bool = False

    def fresh(self) -> list[Event]:
        """What came since; what cannot be read is not taken, nor what stands behind it."""
        if self.broken or not self.storage.changed():
            return []
        with self.storage.looking() as quiet:
            if not quiet:
                return []
            try:
                self.storage.catch_up()
            except (JournalDamaged, NewerFormat):
                self.broken = True
        events: list[Event] = []
        for commit in self.storage.commits[self.taken :]:
            try:
                events += _COMMIT.validate_json(commit)
            except ValueError:
                self.broken = True
                break
            self.taken += 1
        return events


@contextmanager
def _all_of_it_stays() -> Iterator[None]:
    """No search for garbage while a day is taken in: there is none, and looking costs half as much again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Log(ABC, Generic[State]):
    """A journal, the state that its events make, and acts on that state as it is under the lock."""

    ONE_BY_ONE: ClassVar[bool] = False  # whether what a line may say depends on the lines before it

    def __init__(self, bench: Bench, journal: JournalDB) -> None:
        self.bench = bench
        self.unreadable: StoreError | None = None  # after which nothing more is taken in
        self.paper: datetime | None = None  # when what is typed now was done, as a paper says
        self._journal = journal
        self._last: datetime | None = None
        self._seq = 0
        self._commits_taken = 0
        self._others: dict[Path, _Other] = {}
        self._ids: set[EventId] = set()  # of what was taken in: a restored store says it a second time

    @property
    def trouble(self) -> StoreError | None:
        """Why nothing may be added here."""
        return self.unreadable or self.practice.newer

    @property
    def unread(self) -> str:
        """Why not all of it was taken in, from here or from other stores; empty where all was."""
        broken = [path.parent.name[:8] for path, other in sorted(self._others.items()) if other.broken]
        words = [self.trouble.reason] if self.trouble is not None else []
        words += [f"What came from store {name} cannot be read from some line on." for name in broken]
        return " ".join(words)

    @property
    @abstractmethod
    def state(self) -> State:
        """What the events make."""

    @abstractmethod
    def take(self, events: Sequence[Event]) -> None:
        """Fold `events`, in the order of the journal, into the state."""

    def take_others(self, events: Sequence[Event]) -> None:
        """Take in what another store of the practice says."""
        self.take(events)

    @property
    def storage(self) -> JournalStorage:
        storage = self._journal.storage
        assert isinstance(storage, JournalStorage)
        return storage

    @property
    def place(self) -> Place:
        return self.bench.place

    @property
    def practice(self) -> Practice:
        return self.bench.practice

    @property
    def head(self) -> Head:
        return self.storage.head

    @property
    def heads_of_others(self) -> dict[str, Head]:
        """How far the same journals of the practice's other stores were taken in, by their origin."""
        return {path.parent.name: other.storage.head for path, other in sorted(self._others.items())}

    def others_wait(self) -> bool:
        """Whether another store of the practice may have said something new; a look at a byte each."""
        replicas = self.practice.replicas(self.storage.path.stem)
        known = self._others
        return any(
            path not in known or (not known[path].broken and known[path].storage.changed())
            for path in replicas
        )

    def refresh(self, *, others: bool = True) -> bool:
        """Take in what others wrote; True when the state changed. `others`: at other stores too.

        While another is writing nothing is taken in: what is not yet flushed has not happened. What cannot
        be read makes this log read-only, with the reason in `trouble`; what stands before it is taken in.
        """
        changed = False
        if self.storage.changed():
            with self.storage.looking() as quiet:
                changed = quiet and self._take_in()
        return (others and self._take_in_others()) or changed

    def read(self) -> None:
        """Take in all there is, waiting for whoever is writing. Raises `NotSaved` after two seconds' wait."""
        with self.storage.locked():
            self._take_in()
        self._take_in_others()

    def do(
        self, act: Callable[[State], Sequence[Said]], heads: Mapping[str, Head] | None = None
    ) -> list[Event]:
        """Do `act` on the state as it is under the lock; the events are on the disk when this returns.

        `heads` anchors other journals in the same line. Raises what the act raises (nothing recorded),
        `NotSaved` (the disk said no), `ReadOnly`.
        """
        with self.storage.locked():
            self._take_in()
            self._take_in_others()
            self.require_whole()
            return self.commit(act(self.state), heads or {})

    def require_signed_end(self) -> None:
        """Nothing is added behind a last line that nobody on the list has signed.

        Signatures are otherwise for `verify`: every line but the last is held by the one that follows it.
        """
        last = self.storage.last
        if self.unreadable is not None or last is None:
            return
        signer = self.practice.roster.signers.get(last.by)
        if signer is None or not signature_fits(signer[1], last, self.storage.journal):
            line = self.head[0] + 1
            self.unreadable = JournalDamaged(
                f"{self.storage.path.name}: line {line} has a signature that does not fit.", ASK, line=line
            )

    def require_whole(self) -> None:
        """Raises `ReadOnly` where nothing may be added."""
        if self.trouble is not None:
            raise ReadOnly(
                f"Not saved: this day can only be read. {self.trouble.reason}", self.trouble.remedy
            )

    def commit(self, said: Sequence[Said], heads: Mapping[str, Head]) -> list[Event]:
        """One line, under the lock, for what an act said."""
        events = [self._stamp(one, offset) for offset, one in enumerate(said, 1)]
        if events:
            table = self._journal.table(self._journal.default_table_name)
            assert isinstance(table, LogTable)
            table.commit([event.model_dump(mode="json", exclude_none=True) for event in events], heads)
            self._commits_taken += 1
            self._took(events)
        return events

    def close(self) -> None:
        self._journal.close()
        for other in self._others.values():
            other.storage.close()

    def _take_in(self) -> bool:
        if self.unreadable is not None:
            return False
        before = self._commits_taken
        try:
            self.storage.catch_up()
        except (JournalDamaged, NewerFormat) as trouble:
            self.unreadable = trouble
        with _all_of_it_stays():
            fresh: list[Event] = []
            for commit in self.storage.commits[before:]:
                events = self._understood(commit)
                if events is None:
                    break
                fresh.extend(events)
                self._commits_taken += 1
                if self.ONE_BY_ONE:
                    self._took(events)
            if not self.ONE_BY_ONE:
                self._took(fresh)
        return self._commits_taken > before or self.unreadable is not None

    def _take_in_others(self) -> bool:
        """What came of the practice's other stores: the same journal of theirs, as far as it is whole."""
        fresh: list[Event] = []
        for path in self.practice.replicas(self.storage.path.stem):
            other = self._others.get(path)
            if other is None:
                with suppress(StoreUnusable):
                    other = self._others[path] = _Other(open_replica(self.practice, path, self.bench.keys))
            if other is not None:
                fresh += other.fresh()
        fresh = [event for event in {one.id: one for one in fresh}.values() if event.id not in self._ids]
        if fresh:
            self._ids.update(event.id for event in fresh)
            with _all_of_it_stays():
                self._hear(fresh)
                self.take_others(fresh)
        return bool(fresh)

    def _hear(self, events: Sequence[Event]) -> None:
        """What is said here comes after what was heard; not after a clock that is far ahead."""
        latest = self.bench.clock.now() + FAR_AHEAD
        for event in events:
            if event.at <= latest and (self._last is None or event.at > self._last):
                self._last = event.at

    def _understood(self, commit: bytes) -> Sequence[Event] | None:
        """The events of a commit; None, and trouble, when they are none. A new kind of event is one."""
        try:
            return _COMMIT.validate_json(commit)
        except ValueError:
            self.unreadable = JournalDamaged(
                f"{self.storage.path.name} holds an entry this version cannot read.",
                "Tell whoever looks after the system; nothing was altered.",
                line=self._commits_taken + 2,
            )
            return None

    def _stamp(self, said: Said, offset: int) -> Event:
        wall = self.bench.clock.now()
        return Event(
            id=EventId(str(uuid7())),
            origin=self.bench.practice.info.origin,
            seq=self._seq + offset,
            at=max(wall, self._last) if self._last else wall,
            wall=wall,
            by=self.bench.actor,
            terminal=self.bench.terminal,
            clinic=said.clinic,
            appointment=said.appointment,
            patient=said.patient,
            about=said.about,
            on_paper=self.paper if is_written(said) else None,
            data=said.data,
        )

    def _took(self, events: Sequence[Event]) -> None:
        if not events:
            return
        latest, origin = max(event.at for event in events), self.practice.info.origin
        self._last = latest if self._last is None else max(self._last, latest)
        self._ids.update(event.id for event in events)
        self._seq = max(self._seq, *(event.seq for event in events if event.origin == origin), 0)
        self.take(events)
