"""Tasks: asked in a few keys, one owner each; what nobody has answered stands first."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType

from gpa_tui.clock import whole_minutes
from gpa_tui.records.base import AppointmentId, EventId, StaffId
from gpa_tui.records.event import Said
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.staff import Role
from gpa_tui.session import tasks
from gpa_tui.session.acts import Place
from gpa_tui.session.dates import read_ahead
from gpa_tui.session.standing import Standing
from gpa_tui.session.tasks import Task
from screens.base import ClinicScreen
from screens.chooser import ChooserScreen
from screens.frame import show_day
from screens.keys import place_bindings
from screens.list_screen import ListScreen
from screens.widgets.line_list import ALERT, BOLD, PLAIN, Row, wrapped
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.app import Workstation

ROLES = {"g": Role.GPA, "c": Role.CLINICIAN, "e": Role.RECEPTION, "s": Role.SUPERVISOR}
NOTHING = "  Nothing is open."
OfTask = Callable[[dict[EventId, Task], Place, EventId], Sequence[Said]]
Owned = Callable[[Owner], Coroutine[Any, Any, bool]]


class TasksScreen(ListScreen):
    """Every open task of the practice."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("tasks")
    place = "tasks"

    EMPTY = NOTHING

    def repaint(self) -> None:
        station = self.workstation
        rows = []
        for task in _in_order(station):
            loud = _climbed(station, task)
            for number, line in enumerate(wrapped(_words(station, task), max(20, self.size.width - 4))):
                mark = " ! " if loud and number == 0 else "   "
                rows.append(
                    Row(task.id, ((mark, ALERT), (line, BOLD if task.is_for(station.place.actor) else PLAIN)))
                )
        self.show("Tasks", rows)

    def _chosen(self) -> Task | None:
        registry, key = self.workstation.registry, self.chosen()
        return registry.standing.tasks.get(EventId(key)) if registry is not None and key else None

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    async def action_task_accept(self) -> None:
        await self._do(tasks.accept, "Yours now:")

    async def action_task_done(self) -> None:
        await self._do(tasks.finish, "Done:")

    async def action_task_pass_on(self) -> None:
        task, place = self._chosen(), self.workstation.place
        if task is None:
            return
        passed = task.id

        async def chosen(owner: Owner) -> bool:
            return await self._did(lambda standing: tasks.pass_on(standing.tasks, place, passed, owner))

        ask_owner(self, f"{task.what}: pass it on to", chosen)

    async def action_task_drop(self) -> None:
        task, place = self._chosen(), self.workstation.place
        if task is None:
            return
        dropped = task.id

        async def why(reason: str) -> bool:
            return await self._did(lambda standing: tasks.drop(standing.tasks, place, dropped, reason))

        self.ask(Question(f"{task.what}: why is it dropped?", why, form=f"drop {dropped}", phrases=True))

    async def action_act_take_back(self) -> None:
        place, now = self.workstation.place, self.workstation.clock.now()
        if await self._did(lambda standing: tasks.take_back(standing.tasks, place, now)):
            self.acted()
            self.notice("Open again.")

    def action_task_new(self) -> None:
        ask_task(self, None)

    async def _did(self, act: Callable[[Standing], Sequence[Said]]) -> bool:
        return bool(await self.workstation.perform_standing(act))

    async def _do(self, act: OfTask, done: str) -> None:
        task, place = self._chosen(), self.workstation.place
        if task is not None and await self._did(lambda standing: act(standing.tasks, place, task.id)):
            self.acted()
            self.notice(f"{done} {task.what}")


def ask_task(screen: ClinicScreen, appointment: AppointmentId | None, *, for_patient: bool = False) -> None:
    """What is to be done, by whom, by when; `for_patient`: the patient is told."""
    form = f"task {appointment or ''}".strip()

    async def what(text: str) -> bool:
        if not text.strip():
            screen.notice("Say what is to be done.", loud=True)
            return False
        ask_step(screen, appointment, text, form, for_patient=for_patient)
        return True

    screen.ask(Question("Task: what is to be done?", what, form, step=True, phrases=True))


def ask_step(
    screen: ClinicScreen,
    appointment: AppointmentId | None,
    what: str,
    form: str = "",
    *,
    for_patient: bool = True,
) -> None:
    """By whom, by when."""
    then = partial(_ask_due, screen, appointment, what, form, for_patient)
    ask_owner(screen, f"{what.strip()}: who does it?", then)


def ask_owner(screen: ClinicScreen, prompt: str, then: Owned) -> None:
    """A role, oneself, or a person from the list."""
    station = screen.workstation
    me = station.place.actor
    choices = {letter: role.label for letter, role in ROLES.items()} | {"m": "me", "p": "a person"}

    async def chosen(letter: str) -> bool:
        if letter in ROLES:
            return await then(Owner(name=ROLES[letter].label, role=ROLES[letter]))
        if letter == "m":
            return await then(Owner(name=me.name, staff=me.staff))
        people = {one.member.id: one.member for one in station.practice.roster.staff if one.slot is not None}

        async def person(key: str) -> None:
            if key:
                member = people[StaffId(key)]
                await then(Owner(name=member.name, staff=member.id))

        rows = [Row(staff, ((f" {member.name}", BOLD),)) for staff, member in people.items()]
        await station.push_screen(ChooserScreen(prompt, rows, person))
        return True

    screen.ask(Question(prompt, chosen, choices=choices))


async def _ask_due(
    screen: ClinicScreen,
    appointment: AppointmentId | None,
    what: str,
    form: str,
    for_patient: bool,
    owner: Owner,
) -> bool:
    station = screen.workstation

    async def due(text: str) -> bool:
        try:
            by = read_ahead(text, station.today)
        except ValueError as error:
            screen.notice(str(error), loud=True)
            return False
        visit = station.day.visits.get(appointment) if appointment else None
        place = station.place
        if not await station.perform_standing(
            lambda _: tasks.ask(place, what, owner, by, visit, for_patient=for_patient)
        ):
            return False
        if form:
            station.half_typed.drop(form)
        now = " As of now: a task has no paper's time." if station.paper is not None else ""
        screen.notice(f"Asked of {owner.name}, by {show_day(by)}.{now}")
        return True

    screen.ask(Question("By when? Enter: today. Or tomorrow, 2d, 1w, day and month.", due))
    return True


def _in_order(station: Workstation) -> list[Task]:
    registry = station.registry
    if registry is None:
        return []
    climbs = station.practice.settings.ask_climbs_minutes
    now = station.clock.now()
    return tasks.in_order(registry.standing.tasks.values(), station.place.actor, now, station.today, climbs)


def _climbed(station: Workstation, task: Task) -> bool:
    climbs = station.practice.settings.ask_climbs_minutes
    return tasks.climbed(task, station.clock.now(), station.today, climbs)


def _words(station: Workstation, task: Task) -> str:
    """`OKONKWO, Grace (Mrs): ring about bloods → Clinician, today, asked by M Okafor 12 min ago`."""
    whom = f"{task.patient_name}: " if task.patient_name else ""
    due = "today" if task.due == station.today else show_day(task.due)
    late = "WAS DUE " if task.due < station.today else ""
    if task.accepted_by:
        state = f"{task.accepted_by} does it"
    else:
        state = f"no answer for {whole_minutes(task.asked_at, station.clock.now())} min"
    return f"{whom}{task.what} → {task.owner.name}, {late}{due}, asked by {task.asked_by.name}, {state}"
