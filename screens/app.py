"""Wiring only: the App, who is signed in, doing an act and saying what came of it, lock, clock ticks."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Concatenate, ParamSpec

from rich.text import Text
from textual.binding import BindingType
from textual.events import Key, Paste

from gpa_tui.clock import Clock, local_date, local_time
from gpa_tui.errors import GpaTuiError, NotAllowed, StoreError
from gpa_tui.store.door import Door, Person, read_door
from screens.drafts import IDENTITY_FORMS, HalfTyped
from screens.effort import Effort
from screens.frame import fits, show_day
from screens.keygate import KeyGate
from screens.lookout import Lookout
from screens.sign_in import SignInScreen

if TYPE_CHECKING:
    from gpa_tui.records.base import AppointmentId, ClinicId, EventId
    from gpa_tui.records.event import Event, Said
    from gpa_tui.records.prep import PrepTemplate
    from gpa_tui.records.staff import Role
    from gpa_tui.session.acts import Place
    from gpa_tui.session.day import Day, Visit
    from gpa_tui.session.desk import Desk
    from gpa_tui.session.huddle import Earlier
    from gpa_tui.session.people import Change
    from gpa_tui.session.plain_words import PlainWords
    from gpa_tui.session.portfolio_now import Worked
    from gpa_tui.session.registry import Registry
    from gpa_tui.session.review import Review
    from gpa_tui.session.roles import Act
    from gpa_tui.session.standing import Standing
    from gpa_tui.session.tasks import Task
    from gpa_tui.store.chain import Head
    from gpa_tui.store.practice import Practice
    from gpa_tui.store.vault import Keyring
    from gpa_tui.sync.state import SyncState
    from screens.pin import Pin


P = ParamSpec("P")
SWITCH = 0.001  # seconds that a thread with an act or a day in hand runs before a key has its turn


class Workstation(KeyGate[None], inherit_bindings=False):
    """One terminal of the practice."""

    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "style.tcss"
    TITLE = "gpa-tui"

    def __init__(self, door: Door, clock: Clock, terminal: str, sign_in_note: str = "") -> None:
        super().__init__()
        self.theme = "ansi-dark"
        self.door = door
        self.clock = clock
        self.terminal = terminal
        self.sign_in_note = sign_in_note
        self.desk: Desk | None = None
        self.registry: Registry | None = None
        self.half_typed = HalfTyped(self)
        self.templates: dict[str, PrepTemplate] = {}
        self.plain_words: PlainWords
        self.open_visit: AppointmentId | None = None
        self.followed: ClinicId | None = None  # the clinic whose rows are shown; None: all of the day
        self.pin: Pin | None = None
        self.saved_at: datetime | None = None
        self._practice: Practice | None = None
        self.lookout = Lookout(self)
        self.sync_state: SyncState | None = None
        self._one_act = asyncio.Lock()
        self._worked: Worked | None = None
        self.effort = Effort(door.home, terminal)

    # ── life ──────────────────────────────────────────────────────────────────────────────────

    def on_mount(self) -> None:
        self.push_screen(SignInScreen())
        sys.setswitchinterval(SWITCH)
        self.lookout.begin()
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._hung_up)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._told_to_end)

    def _hung_up(self) -> None:
        """The line was lost: keep what is half typed and be gone; every act is on the disk already."""
        self.half_typed.flush()
        os._exit(128 + signal.SIGHUP)

    def _told_to_end(self) -> None:
        """The machine is going down: keep what is half typed and give the terminal back."""
        self.half_typed.flush()
        self.exit(return_code=128 + signal.SIGTERM)

    def _fatal_error(self) -> None:
        """A fault of the program: say so and where, but show no value, which might be a patient's."""
        self.half_typed.flush()
        fault = self._exception
        frames = traceback.extract_tb(fault.__traceback__) if fault else []
        where = "\n".join(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
        self._exit_renderables.append(
            Text(
                "gpa-tui stopped because of a fault in the program. Everything that was called saved is "
                "on the disk, and your half-typed words are kept. Start it again, and tell whoever looks "
                f"after it:\n{type(fault).__name__}\n{where}"
            )
        )
        self._close_messages_no_wait()

    async def action_quit(self) -> None:
        """Sign out and leave; where half-typed words cannot be kept, only when asked a second time."""
        trouble = self.half_typed.flush()
        if trouble is not None and not self.half_typed.leaving:
            self.half_typed.leaving = True
            self.say(f"Not left: {trouble} q again leaves, and they are lost.", loud=True)
            return
        await self.sign_out()
        self.exit()

    # ── people ────────────────────────────────────────────────────────────────────────────────

    @property
    def practice(self) -> Practice:
        """The whole store, read once. Raises `GpaTuiError`."""
        from gpa_tui.store.practice import Practice

        if self._practice is None:
            self._practice = Practice(self.door.home)
        return self._practice

    def verify(self, staff: str, passphrase: str) -> Keyring:
        """What this person's passphrase opens; slow on purpose, so call it off the UI thread.

        Raises `SignInRefused`, or what the store says when it cannot be read.
        """
        from gpa_tui.records.base import StaffId
        from gpa_tui.session.admission import admit

        return admit(self.practice, StaffId(staff), passphrase, self.clock, self.terminal)

    async def sign_in(self, keys: Keyring, role: Role) -> None:
        """Open the day for somebody whose passphrase was right. Raises `GpaTuiError`."""
        from gpa_tui.session.admission import bench_of
        from screens.entrance import enter

        await enter(self, bench_of(self.practice, keys, self.clock, self.terminal, role))

    @property
    def worked(self) -> Worked:
        """What all dates say, for portfolios: of whoever is signed in, and kept no longer."""
        from gpa_tui.session.portfolio_now import Worked

        self._worked = self._worked or Worked()
        return self._worked

    async def sign_out(self) -> None:
        """The sign-out is in the log, and the day's head where it can be checked."""
        from gpa_tui.session import acts

        self._worked = None
        await asyncio.to_thread(self.effort.flush)
        self.lookout.stop_syncing()
        if self.desk is not None:
            if self.desk.trouble is None:
                await self.perform(acts.close_sign_in)
                await self.anchor()
            self.desk.close()
            self.desk = None
        if self.registry is not None:
            self.registry.close()
            self.registry = None
        self.lookout.stop_watching()

    @property
    def loud_day(self) -> Day:
        """The day whose escalations every screen shows: today's, whatever list is looked at."""
        return self.lookout.loud_day

    async def anchor(self) -> None:
        """Keep the day's head, and what later days must know of it, in the standing journal.

        At lock, hand-over, close and sign-out.
        """
        from gpa_tui.session.admission import keep

        await self._beside_the_day(partial(keep, leaving=True))

    async def hear_others(self, desk: Desk) -> None:
        """Take in what the practice's other stores said; where the disk says no the next look tries again."""
        with suppress(StoreError):
            async with self._one_act:
                await asyncio.to_thread(desk.refresh)
            self.repaint()

    async def keep_digest(self) -> None:
        """The day in brief, for searches and the sessions to come; made anew where it cannot be kept now."""
        from gpa_tui.session.digest import Digests
        from gpa_tui.session.search import make_digest

        if self.desk is not None and self.desk.trouble is None:
            bench, on = self.desk.bench, self.desk.date
            with suppress(StoreError):
                await asyncio.to_thread(make_digest, bench, on, Digests(bench.practice, bench.keys))

    async def carry(self) -> None:
        """What later days must know of the patient whose record was left goes where they find it."""
        from gpa_tui.session.admission import carry

        await self._beside_the_day(carry)

    async def _beside_the_day(self, work: Callable[[Desk, Registry], None]) -> None:
        """Do it in its thread, one at a time, where the day can be added to; why it was not is shown."""
        desk, registry = self.desk, self.registry
        if desk is None or registry is None or desk.trouble is not None:
            return
        try:
            async with self._one_act:
                await asyncio.to_thread(work, desk, registry)
        except StoreError as error:
            self.say(str(error), loud=True)

    def takes_key(self, event: Key | Paste) -> bool:
        """On a screen too small to show what a key would do, only the lock works."""
        screen = self.screen
        return isinstance(screen, SignInScreen) or fits(screen.size) or getattr(event, "key", "") == "ctrl+l"

    async def unlock(self) -> None:
        """The person who locked came back: to the same place."""
        from gpa_tui.session import acts

        if self.desk is not None and self.desk.trouble is None:
            await self.perform(acts.unlock)
        self.lookout.key_arrived()
        self.pop_screen()
        if self.open_visit is not None:
            self.say(f"Still open: {self.visit.appointment.patient.name.listed}")

    async def re_open(self, digits: str) -> bool:
        """Whether the PIN was right, and the lock is open again; a wrong one is in the log."""
        from gpa_tui.session import acts

        assert self.pin is not None, "no PIN is set"
        if not self.still_theirs(self.pin.key_id):
            self.pin = None
            return False
        if await asyncio.to_thread(self.pin.fits, digits):
            await self.unlock()
            return True
        if not self.read_only:
            await self.perform(acts.refuse_pin)
        if not self.pin.left:
            self.pin = None
        return False

    def still_theirs(self, key_id: str) -> bool:
        """Whether who is signed in still is who they were: there, with this key, role and name."""
        if self.desk is None or self.registry is None:
            return False
        person = self.registry.standing.people.get(self.desk.bench.actor.staff)
        if person is None or person.left or not person.keys.id == key_id == self.desk.bench.keys.own.id:
            return False
        actor = self.desk.bench.actor
        return actor.role in person.member.roles and actor.name == person.member.name

    async def action_lock(self) -> None:
        """Hide everything now; what is half typed is kept."""
        from gpa_tui.session import acts
        from screens.patient import PatientScreen

        if self.desk is None or isinstance(self.screen, SignInScreen):
            return
        staff = self.place.actor.staff
        person = next(person for person in self.door.people if person.id == staff)
        half_set = any(isinstance(one, PatientScreen) and one.half_set for one in self.screen_stack)
        self.push_screen(SignInScreen(locked_by=person))
        trouble = await self.half_typed.kept()
        if not half_set:  # that has the paper's time in it
            self.desk.write_from_paper(None)  # who comes back looks at the paper again
        if self.desk.trouble is None:
            await self.perform(acts.lock)
            await self.anchor()
        if trouble is not None:
            self.say(str(trouble), loud=True)

    async def action_help(self) -> None:
        """The keys that work here."""
        from screens.base import ClinicScreen
        from screens.help import HelpScreen

        screen = self.screen
        if isinstance(screen, ClinicScreen) and not isinstance(screen, HelpScreen):
            await self.push_screen(HelpScreen(screen.place, screen))

    async def action_palette(self) -> None:
        """The same, from a field as well."""
        await self.action_help()

    # ── the day ───────────────────────────────────────────────────────────────────────────────

    @property
    def day(self) -> Day:
        assert self.desk is not None, "nobody is signed in"
        return self.desk.day

    @property
    def place(self) -> Place:
        from gpa_tui.session.competence import at_work

        assert self.desk is not None, "nobody is signed in"
        if self.registry is None:
            return self.desk.place
        return at_work(self.desk.place, self.registry.standing, self.practice.competencies, self.today)

    @property
    def visit(self) -> Visit:
        """The visit whose record is open."""
        assert self.open_visit is not None, "no record is open"
        return self.day.visits[self.open_visit]

    @property
    def rows(self) -> list[Visit]:
        """The visits of the clinic that is followed, or of all, in the order of the list."""
        followed = self.followed if self.followed in self.day.clinics else None
        return [visit for visit in self.day.rows if followed is None or visit.appointment.clinic == followed]

    @property
    def tasks(self) -> list[Task]:
        """All tasks of the practice."""
        return list(self.registry.standing.tasks.values()) if self.registry is not None else []

    @property
    def own_phrases(self) -> list[str]:
        """The phrases of whoever is signed in."""
        if self.desk is None or self.registry is None:
            return []
        return self.registry.standing.phrases.get(self.place.actor.staff, [])

    @property
    def earlier(self) -> list[Earlier]:
        """What was left open on days before today."""
        return self.registry.standing.carried.open_before(self.today) if self.registry is not None else []

    @property
    def reviews(self) -> list[Review]:
        """What was said of each session's log."""
        return list(self.registry.standing.reviews.values()) if self.registry is not None else []

    @property
    def whole_log(self) -> list[Event]:
        """Every entry of the day that is shown, those of tasks and people among them."""
        from gpa_tui.session.whole_log import whole_log

        if self.registry is None:
            return self.day.events
        return [event for _, event in whole_log(self.day, self.registry.standing, self.door.zone)]

    def entry(self, id_: EventId) -> Event | None:
        """One entry, of the day that is shown or of what outlives a day."""
        standing = self.registry.standing.events if self.registry is not None else ()
        return next((event for event in (*self.day.events, *standing) if event.id == id_), None)

    @property
    def syncs(self) -> bool:
        """Whether a server is set up."""
        from gpa_tui.store.practice import SYNC_CONFIG

        return (self.door.home / SYNC_CONFIG).exists()

    @property
    def paper(self) -> datetime | None:
        """When what is typed now was done, as the paper says that it is typed from; None without one."""
        return self.desk.paper if self.desk is not None else None

    def take_from_paper(self, at: datetime | None) -> None:
        """What is typed from now on was done `at` that time; None: it is done now."""
        if self.desk is not None:
            self.desk.write_from_paper(at, self.open_visit)
        self.repaint()

    @property
    def done_now(self) -> datetime:
        """When something that is being typed was done."""
        return self.paper or self.clock.now()

    @property
    def read_only(self) -> bool:
        """The day that is shown can be looked at and not added to."""
        return self.desk is not None and self.desk.trouble is not None

    @property
    def today(self) -> date:
        """The date where the practice is."""
        return local_date(self.clock.now(), self.door.zone)

    def show_time(self, instant: datetime) -> str:
        """`HH:MM` where the practice is."""
        return local_time(instant, self.door.zone)

    def show_when(self, instant: datetime) -> str:
        """`HH:MM`, with the date before it where that is not of the day that is shown."""
        local = instant.astimezone(self.door.zone)
        on = "" if local.date() == self.day.date else f"{local.day} {local:%b} "
        return f"{on}{local:%H:%M}"

    async def open_record(self, appointment: AppointmentId) -> None:
        """Open a patient's record; the opening is recorded first."""
        from gpa_tui.session import acts

        if await self.perform(acts.open_record, appointment):
            self.say("")
            self._leave_record()
            if self.open_visit is not None:
                await self.carry()
            self.open_visit = appointment
            if self.screen is not self.get_screen("patient"):
                await self.push_screen("patient")
            else:
                self.repaint()

    async def hand_over(self) -> None:
        """The brief of the record that is open, if it could be opened."""
        from screens.patient import PatientScreen

        if isinstance(self.screen, PatientScreen):
            await self.screen.action_prep_hand_over()

    @property
    def tasks_here(self) -> list[Task]:
        """What is still to be done about the patient whose record is open, the soonest first."""
        if self.registry is None:
            return []
        patient = self.visit.appointment.patient.id
        asked = self.registry.standing.tasks.values()
        return sorted((one for one in asked if one.open and one.patient == patient), key=lambda one: one.due)

    @property
    def steps(self) -> list[Task]:
        """Those of them that the patient was told of."""
        return [task for task in self.tasks_here if task.for_patient]

    @property
    def open_before(self) -> list[str]:
        """Those that were asked on an earlier day, in words."""
        earlier = (one for one in self.tasks_here if local_date(one.asked_at, self.door.zone) < self.today)
        return [f"{one.shown}{', OVERDUE' if one.due < self.today else ''}" for one in earlier]

    def write_to_terminal(self, sequence: str) -> None:
        """Past all that is painted: for the terminal's clipboard, and a page without a frame."""
        if self._driver is not None:
            self._driver.write(sequence)

    def show_page(self, page: str) -> None:
        """A page of the record that is open."""
        from screens.patient import PatientScreen

        if isinstance(self.screen, PatientScreen):
            self.screen.show_page(page)

    async def close_record(self) -> None:
        """Back to the list; that it is closed shows at the others who have it open."""
        from gpa_tui.session import acts

        left = self.open_visit
        self._leave_record()
        self.open_visit = None
        self.repaint()
        self.pop_screen()
        if left is not None and not self.read_only:
            await self.perform(acts.close_record, left)
            await self.carry()

    def _leave_record(self) -> None:
        """What was half typed of who the patient is goes: the next check asks anew."""
        if self.open_visit is not None:
            self.half_typed.drop(*IDENTITY_FORMS)

    async def open_review(self) -> None:
        """Review the session, or read its log; the reading is recorded first."""
        from gpa_tui.session import acts
        from gpa_tui.session.roles import MAY, Act
        from screens.review import draw_sample

        if await self.perform(acts.view_log):
            self.say("")
            reviews = Act.REVIEW in MAY[self.place.actor.role]
            worked = any(visit.moves for visit in self.day.visits.values())
            if reviews and worked and self.registry is not None and self.registry.trouble is None:
                await draw_sample(self)
            await self.push_screen("review" if reviews else "log")

    @property
    def acting(self) -> bool:
        """An act is under way in its thread, and the day must not be read until it is done."""
        return self._one_act.locked()

    async def perform(
        self, act: Callable[Concatenate[Day, Place, P], Sequence[Said]], *args: P.args, **kwargs: P.kwargs
    ) -> list[Event] | None:
        """Do `act` here; what it said is then on the disk. None when it was refused, and why is shown."""
        assert self.desk is not None, "nobody is signed in"
        desk, place = self.desk, self.place
        return await self._keep(lambda: desk.do(lambda day: act(day, place, *args, **kwargs)))

    async def perform_standing(
        self, act: Callable[[Standing], Sequence[Said]], heads: Mapping[str, Head] | None = None
    ) -> list[Event] | None:
        """The same for what outlives a day: it goes into the standing journal, where it anchors `heads`."""
        desk, registry = self.desk, self.registry
        assert desk is not None, "nobody is signed in"
        assert registry is not None, "nobody is signed in"

        def kept() -> list[Event]:
            try:
                return registry.do(act, heads)
            except NotAllowed as refusal:
                return desk.do(partial(_refusing, refusal))  # the attempt is in the day's log

        return await self._keep(kept)

    async def change_people(self, change: Change) -> bool:
        """Change who may sign in; whether it was done."""
        from gpa_tui.session.granting import renew_service_grant

        registry = self.registry
        assert registry is not None, "nobody is signed in"
        done = await self._keep(lambda: registry.change(change)) is not None
        if done:
            self.people_changed()
            with suppress(OSError):  # the service is given it at the next sign-in
                await asyncio.to_thread(renew_service_grant, registry.bench, registry.standing, self.today)
        return done

    async def may(self, act: Act) -> bool:
        """Whether the role acted in may do `act`; an attempt at what it may not is recorded, and said."""
        from gpa_tui.session.roles import MAY, require

        actor = self.place.actor
        if act in MAY[actor.role]:
            return True

        def attempt(_: Day, __: Place) -> Sequence[Said]:
            require(actor, act)
            return ()

        await self.perform(attempt)
        return False

    async def _keep(self, act: Callable[[], list[Event]]) -> list[Event] | None:
        """Do it in its thread, one at a time; None when it was refused, and why is shown."""
        try:
            async with self._one_act:
                events = await asyncio.to_thread(act)
        except GpaTuiError as error:
            self.say(str(error), loud=True)
            return None
        self.saved_at = self.clock.now()
        self.effort.saved(self.today, self._where, self.open_visit or "", [event.kind for event in events])
        self.repaint()
        return events

    async def write(
        self,
        act: Callable[Concatenate[Day, Place, AppointmentId, P], Sequence[Said]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> list[Event] | None:
        """Do `act` in the record that is open."""
        return await self.perform(act, self.visit.id, *args, **kwargs)

    def repaint(self) -> None:
        """Every screen that is open shows the day as it now is."""
        from screens.base import ClinicScreen

        for screen in self.screen_stack:
            if isinstance(screen, ClinicScreen) and screen.is_current:
                screen.repaint()

    def shown_rows(self) -> set[str]:
        """The keys of the rows that the screen in front shows, where it is a list of them."""
        from screens.list_screen import ListScreen

        return self.screen.rows.visible_keys if isinstance(self.screen, ListScreen) else set()

    def say(self, text: str, *, loud: bool = False) -> None:
        """One sentence in the notice line of the screen in front."""
        screen = self.screen
        if hasattr(screen, "notice"):
            screen.notice(text, loud=loud)

    def key_arrived(self) -> None:
        self.lookout.key_arrived()
        self.effort.key(self.today, self._where, self.lookout.monotonic())

    @property
    def _where(self) -> str:
        return str(getattr(self.screen, "place", "")) if self.desk is not None else ""

    def people_changed(self) -> None:
        """Who may no longer act here as they do is locked out; a new key of the store is taken up."""
        assert self.desk is not None, "nobody is signed in"
        assert self.registry is not None, "nobody is signed in"
        keys = self.desk.bench.keys
        if not self.still_theirs(keys.own.id):
            self.call_later(self.action_lock)
            return
        keys.learn()
        self.registry.approve(keys)

    def read_people(self) -> tuple[Person, ...]:
        """Who may sign in, as the store says now; as it said before where it cannot be read."""
        with suppress(StoreError):
            self.door = read_door(self.door.home)
        return self.door.people

    async def turn_to_earlier(self) -> None:
        """The list of the latest day before today that there is, to finish what was left; and back."""
        assert self.desk is not None, "nobody is signed in"
        days = [day for day in self.practice.days() if day < self.today]
        if self.desk.date == self.today and not days:
            self.say("There is no earlier day.")
            return
        await self.turn_to(days[-1] if self.desk.date == self.today else self.today)

    async def turn_to(self, on: date) -> None:
        """The list of a date, in front."""
        from screens.entrance import turn_to

        try:
            await turn_to(self, on)
        except GpaTuiError as error:
            self.say(str(error), loud=True)
            return
        while self.screen is not self.get_screen("day"):
            self.pop_screen()
        self.say(f"The list of {show_day(on)}. y goes between an earlier one and today's.")


def _refusing(refusal: NotAllowed, _: Day) -> Sequence[Said]:
    raise refusal
