"""The lookout of one terminal: the clock, the idle limit, what other terminals write, what is not heard."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from gpa_tui.errors import GpaTuiError, StoreError
from screens.sign_in import SignInScreen

if TYPE_CHECKING:
    from gpa_tui.downtime import Keeper
    from gpa_tui.records.base import AppointmentId, EventId
    from gpa_tui.session.day import Day
    from gpa_tui.session.desk import Desk
    from gpa_tui.session.log import Bench
    from gpa_tui.sync.child import Child
    from screens.app import Workstation

TICK = 5.0  # seconds between looks at the clock; nothing is painted unless a minute has passed
LOOK = 0.25  # seconds between looks at what other terminals wrote: one question of the file's size


class Lookout:
    """Looks, and shows what it sees on the screens of `station`."""

    def __init__(self, station: Workstation) -> None:
        self._station = station
        self.today_desk: Desk | None = None  # today's log while an earlier day is looked at: red stays loud
        self.noting: asyncio.Task[None] | None = None
        self.monotonic = time.monotonic
        self._minute = ""
        self._last_today = station.today
        self._last_key = self.monotonic()
        self._child: Child | None = None  # the one that syncs, where this terminal is the one to begin it
        self._tending: asyncio.Task[None] | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._keeper: Keeper | None = None  # of the downtime pack
        self._packs: asyncio.Task[None] | None = None
        self._state_written = 0
        self._blind = False  # the disk does not let us see what others save

    def begin(self) -> None:
        """Look from now on."""
        self._station.set_interval(TICK, self.tick)
        self.look()

    @property
    def loud_day(self) -> Day:
        """Today's, whatever list is looked at."""
        return self.today_desk.day if self.today_desk is not None else self._station.day

    def stop_watching(self) -> None:
        """Today's log is the one in hand again, or nobody's."""
        if self.today_desk is not None:
            self.today_desk.close()
            self.today_desk = None

    def key_arrived(self) -> None:
        """Somebody is there."""
        self._last_key = self.monotonic()

    async def tick(self) -> None:
        """Once every few seconds: the minute on the screen, the turn of the day, the idle lock."""
        station = self._station
        if station.acting:
            return
        minute = station.show_time(station.clock.now())
        if minute != self._minute:
            self._minute = minute
            await asyncio.to_thread(station.effort.flush)
            if station.desk is not None:
                await self._turn_day()
            station.repaint()
        if station.desk is not None and station.syncs and (self._tending is None or self._tending.done()):
            self._tending = asyncio.create_task(self._tend(station.desk.bench))
        todays = self.today_desk or station.desk  # also while an earlier day is looked at
        if todays is not None and self._packs is None and todays.date == station.today:
            self._packs = asyncio.create_task(self._pack(todays))
        idle = (self.monotonic() - self._last_key) / 60
        if station.desk is not None and idle >= station.practice.settings.idle_lock_minutes:
            await station.action_lock()

    async def _tend(self, bench: Bench) -> None:
        """See to it that somebody syncs this store; where it cannot be begun, the next look tries again."""
        from gpa_tui.sync.child import Child

        child = self._child = self._child or Child()
        with suppress(OSError):
            await asyncio.to_thread(child.tend, bench, self._station.today)

    async def _pack(self, desk: Desk) -> None:
        """The downtime pack where the practice wants it, if it is time; why it was not made is shown."""
        from gpa_tui.downtime import Keeper

        station = self._station
        keeper = self._keeper = self._keeper or Keeper()
        try:
            if keeper.is_due(desk):
                await asyncio.to_thread(keeper.tend, desk, station.templates)
        except StoreError as error:
            station.say(str(error), loud=True)
        finally:
            self._packs = None

    def stop_syncing(self) -> None:
        """Nobody is signed in here any more: another terminal goes on, or nobody does."""
        if self._child is not None:
            self._child.end()
            self._child = None
        self._station.sync_state, self._state_written = None, 0

    def _look_at_sync(self) -> None:
        """How it stands, where whoever syncs has said something new."""
        station = self._station
        if station.desk is None or not station.syncs:
            return
        from gpa_tui.sync.state import read_state, state_file

        keys = station.desk.bench.keys
        try:
            written = state_file(station.practice, keys).path.stat().st_mtime_ns
        except OSError:
            return
        if written != self._state_written:
            self._state_written = written
            station.sync_state = read_state(station.practice, keys)
            station.repaint()

    def look(self) -> None:
        """Show what other terminals have written, four times a second."""
        station = self._station
        desk = station.desk
        try:
            self._look_at_people()
            if self.today_desk is not None and self.today_desk.refresh():
                station.repaint()
            if desk is not None and not station.acting and desk.others_wait():
                self._hear_others(desk)
            if desk is not None and not station.acting and desk.refresh(others=False):
                station.repaint()
                if desk.trouble is not None:
                    station.say(f"This day can only be read now. {desk.trouble}", loud=True)
            self._blind = False
            self._look_at_sync()
            self._show_escalations()
        except StoreError as error:
            if not self._blind:
                station.say(f"What others save is not shown now. {error}", loud=True)
            self._blind = True
        finally:
            asyncio.get_running_loop().call_later(LOOK, self.look)

    def _hear_others(self, desk: Desk) -> None:
        """What other stores said takes its place in the day: all of it anew, in a thread, so no key waits."""
        if self._hearing is None or self._hearing.done():
            self._hearing = asyncio.create_task(self._station.hear_others(desk))

    def _show_escalations(self) -> None:
        """A locked screen says nameless that something is not heard; a GP's, that it has shown it."""
        station = self._station
        desk = station.desk
        if desk is None or not station.screen_stack:  # the program is ending
            return
        from gpa_tui.session.ecg_rules import late_nameless
        from gpa_tui.session.escalations import HEARERS, nameless, not_heard

        if isinstance(station.screen, SignInScreen):
            if station.screen.is_mounted:
                now, rules = station.clock.now(), station.practice.settings.ecg
                alert = nameless(self.loud_day, now, station.earlier)
                station.screen.alert(alert or late_nameless(self.loud_day, now, rules))
        elif desk.trouble is None and desk.place.actor.role in HEARERS:
            here = (desk.place.actor.name, station.terminal, False)
            named = station.shown_rows()
            unseen = [
                (visit.id, one.event)
                for number, (visit, one) in enumerate(not_heard(self.loud_day))
                if number == 0 or f"escalation {one.event}" in named  # the frame names the oldest
                if one.by.staff != desk.place.actor.staff
                and all((shown.who, shown.terminal, shown.gone) != here for shown in one.seen)
            ]
            if unseen and (self.noting is None or self.noting.done()):
                self.noting = asyncio.create_task(self._note_shown(self.today_desk or desk, unseen))

    async def _note_shown(self, desk: Desk, unseen: Sequence[tuple[AppointmentId, EventId]]) -> None:
        """The machine notes it, in its own name; where the disk says no, it is tried again."""
        from gpa_tui.session.admission import note_shown

        with suppress(StoreError):
            await asyncio.to_thread(note_shown, desk.bench, desk.date, unseen)

    def _look_at_people(self) -> None:
        """Take up a new key of the store; whoever has left is locked out of this terminal too."""
        station = self._station
        desk, registry = station.desk, station.registry
        if desk is None or registry is None or station.acting:
            return
        me, tasks = desk.place.actor.staff, registry.standing.tasks
        mine = [id_ for id_, task in tasks.items() if task.accepted_staff == me and task.open]
        if not registry.refresh():
            return
        station.repaint()
        station.people_changed()
        for task in (registry.standing.tasks[id_] for id_ in mine):
            if task.accepted_staff not in {me, None}:  # accepted in two stores: who was first has it
                station.say(f"{task.accepted_by} does it, and not you: {task.what}", loud=True)

    async def _turn_day(self) -> None:
        """After midnight the list is today's, once nobody is in a record of yesterday's."""
        station = self._station
        from screens.entrance import turn_to

        today = station.today
        if station.desk is not None and station.desk.date == self._last_today != today and self._at_rest():
            try:
                await turn_to(station, today)
                station.say(f"It is {today:%A} now: this is today's list.")
            except GpaTuiError as error:
                station.say(str(error), loud=True)
        if station.desk is None or station.desk.date == today or station.desk.date != self._last_today:
            self._last_today = today

    def _at_rest(self) -> bool:
        """Nobody is in a record, a sheet or a question, and nothing of the day is still to be heard."""
        station = self._station
        from gpa_tui.session.escalations import not_heard
        from screens.day import DayScreen

        front = [screen for screen in station.screen_stack if not isinstance(screen, SignInScreen)][-1:]
        idle = all(isinstance(screen, DayScreen) and not screen.strip.is_open for screen in front)
        return station.open_visit is None and idle and not not_heard(station.day)
