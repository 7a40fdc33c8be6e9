"""Do one act whole: lock, take in what others wrote, check and act on that day, append, flush, let go."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, datetime
from typing import Any

from tinydb import TinyDB
from uuid6 import uuid7

from gpa_tui.clock import Clock, local_date
from gpa_tui.errors import JournalDamaged, NotAllowed
from gpa_tui.records.base import AppointmentId, EventId
from gpa_tui.records.event import ActRefused, Event, Said, SignInRefusedFact
from gpa_tui.records.staff import DEVICE, Actor, Role
from gpa_tui.session.acts.common import Place, about, words
from gpa_tui.session.day import Day
from gpa_tui.session.fold import fold, folded
from gpa_tui.store.journal import JournalStorage
from gpa_tui.store.practice import Practice

Acting = Callable[[Day], Sequence[Said]]
"""An act with everything handed in but the day: it checks, and says what happened or raises `Refused`."""


class Desk:
    """One person's place at one terminal on one date."""

    def __init__(self, practice: Practice, on: date, clock: Clock, actor: Actor, terminal: str) -> None:
        self.practice = practice
        self.clock = clock
        self.actor = actor
        self.terminal = terminal
        self.day = Day(on)
        self._journal: TinyDB = practice.open_day(on)
        self._last: datetime | None = None
        self._seq = 0
        self._commits_taken = 0

    @property
    def storage(self) -> JournalStorage:
        storage = self._journal.storage
        assert isinstance(storage, JournalStorage)
        return storage

    @property
    def date(self) -> date:
        return self.day.date

    @property
    def place(self) -> Place:
        return Place(self.actor, self.terminal)

    def refresh(self) -> bool:
        """Take in what others wrote; True when the day changed. Raises `JournalDamaged`.

        While another is writing nothing is taken in: what is not yet flushed has not happened.
        """
        with self.storage.looking() as quiet:
            return quiet and self._take_in()

    def _take_in(self) -> bool:
        before = self._commits_taken
        try:
            self.storage.catch_up()
        finally:  # what stands before a damaged line is part of the day all the same
            for commit in self.storage.commits[before:]:
                self._fold_all(self._understood(commit))
                self._commits_taken += 1
        return self._commits_taken > before

    def do(self, act: Acting) -> list[Event]:
        """Do `act` on the day as it is under the lock; the events are on the disk when this returns.

        Raises `Refused` (nothing recorded), `NotAllowed` (the attempt recorded), `NotSaved` (the disk
        said no), `JournalDamaged`.
        """
        with self.storage.locked():
            self.refresh()
            try:
                said = act(self.day)
            except NotAllowed as refusal:
                tried = ActRefused(act=refusal.act, why=refusal.reason)
                visit = self.day.visits.get(AppointmentId(refusal.appointment or ""))
                self._commit([about(visit, tried) if visit else Said(data=tried)])
                raise
            return self._commit(said)

    def close(self) -> None:
        self._journal.close()

    def _commit(self, said: Sequence[Said]) -> list[Event]:
        events = [self._stamp(one, offset) for offset, one in enumerate(said, 1)]
        if events:
            table = self._journal.table(self._journal.default_table_name)
            table.insert_multiple([event.model_dump(mode="json", exclude_none=True) for event in events])
            self._commits_taken += 1
            self._fold_all(events)
        return events

    def _stamp(self, said: Said, offset: int) -> Event:
        wall = self.clock.now()
        return Event(
            id=EventId(str(uuid7())),
            origin=self.practice.info.origin,
            seq=self._seq + offset,
            at=max(wall, self._last) if self._last else wall,
            wall=wall,
            by=self.actor,
            terminal=self.terminal,
            clinic=said.clinic,
            appointment=said.appointment,
            patient=said.patient,
            about=said.about,
            data=said.data,
        )

    def _understood(self, commit: Sequence[dict[str, Any]]) -> list[Event]:
        try:
            return [Event.model_validate(one) for one in commit]
        except ValueError as error:
            raise JournalDamaged(
                f"{self.storage.path.name} holds an entry this version cannot read.",
                "Tell whoever looks after the system; nothing was altered.",
                line=self._commits_taken + 2,
            ) from error

    def _fold_all(self, events: Sequence[Event]) -> None:
        for event in events:
            late = bool(self.day.events) and event.order < self.day.events[-1].order
            if late:
                self.day = folded(self.day.date, [*self.day.events, event])
            else:
                fold(self.day, event)
            self._last = event.at if self._last is None else max(self._last, event.at)
            if event.origin == self.practice.info.origin:
                self._seq = max(self._seq, event.seq)


def note_refused_sign_in(practice: Practice, clock: Clock, terminal: str, name: str) -> None:
    """A name and passphrase did not go together: into today's log, as the machine. Raises `StoreError`."""
    machine = Actor(staff=DEVICE, name=platform.node(), role=Role.DEVICE)
    today = local_date(clock.now(), practice.settings.zone)
    with closing(Desk(practice, today, clock, machine, terminal)) as desk:
        desk.do(lambda _: [Said(data=SignInRefusedFact(name=words(name)))])
