"""Tasks: one owner each, from asked to done or dropped. They live in the standing journal, so that none is
lost when a day ends. No I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gpa_tui.clock import whole_minutes
from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import EventId, PatientId, StaffId, show_date
from gpa_tui.records.event import Event, Said
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.staff import Actor
from gpa_tui.session.acts.common import Place, about, required_words, words
from gpa_tui.session.day import Visit
from gpa_tui.session.roles import Act, require

A_SLIP = timedelta(hours=12)  # how long a task that was ended by a slip can be opened again (proposal)


@dataclass(slots=True)
class Task:
    """One task as it stands. `accepted_by` is empty until somebody has said that they do it."""

    id: EventId
    what: str
    owner: Owner
    due: date
    asked_by: Actor
    asked_at: datetime
    patient: PatientId | None = None
    patient_name: str = ""
    for_patient: bool = False  # the patient was told of it
    accepted_by: str = ""
    accepted_staff: StaffId | None = None
    ended: str = ""  # "done", "dropped"
    ended_by: Actor | None = None
    ended_at: datetime | None = None
    ended_terminal: str = ""
    answer: str = ""  # what whoever ended it said to who asked
    answer_seen: bool = False
    said_at: str = ""  # the store that said the last of it
    accepted_in: str = ""  # the store in which it was accepted, until it is known who was first
    passed_on: int = 0  # how often

    @property
    def shown(self) -> str:
        """Who does what by when: `blood test – Reception, by 30-Nov-2026`."""
        return f"{self.what} – {self.owner.name}, by {show_date(self.due.isoformat())}"

    @property
    def open(self) -> bool:
        return not self.ended

    def answers(self, actor: Actor) -> bool:
        """Whether it tells this person, who asked, something of somebody else that they have not seen."""
        theirs = self.asked_by.staff == actor.staff
        by_another = self.ended_by is not None and self.ended_by.staff != actor.staff
        return theirs and by_another and not self.answer_seen

    def is_for(self, actor: Actor) -> bool:
        """Whether it is for this person to do: theirs by name, or nobody's yet and their role's."""
        if self.accepted_staff is not None:
            return self.accepted_staff == actor.staff
        return self.owner.staff == actor.staff or (self.owner.staff is None and self.owner.role is actor.role)


def fold_task(tasks: dict[EventId, Task], event: Event) -> None:
    """Take one event of a task into `tasks`. Never raises."""
    data = event.data
    if isinstance(data, facts.TaskAsked):
        tasks[event.id] = Task(
            event.id,
            data.what,
            data.owner,
            data.due,
            event.by,
            event.at,
            event.patient,
            data.patient_name,
            data.for_patient,
            said_at=event.origin,
        )
        return
    task = tasks.get(event.about) if event.about else None
    if task is None:
        return
    task.said_at = event.origin
    match data:
        case facts.TaskAccepted():
            task.accepted_by, task.accepted_staff = event.by.name, event.by.staff
            task.accepted_in = event.origin
        case facts.ClaimLost(staff=staff, owner=name):
            task.accepted_by, task.accepted_staff, task.accepted_in = name, staff, ""
        case facts.TaskReassigned(owner=owner):
            task.owner, task.accepted_by, task.accepted_staff = owner, "", None
            task.passed_on, task.accepted_in = task.passed_on + 1, ""
        case facts.TaskDone(words=answer):
            _end(task, event, "done", answer)
        case facts.TaskDropped(why=why):
            _end(task, event, "dropped", why)
        case facts.TaskReopened():
            task.ended, task.ended_by, task.ended_at, task.answer = "", None, None, ""
            task.ended_terminal = ""
        case facts.TaskAnswerSeen():
            task.answer_seen = True


def _end(task: Task, event: Event, ended: str, answer: str) -> None:
    task.ended, task.ended_by, task.ended_at, task.answer = ended, event.by, event.at, answer
    task.ended_terminal, task.answer_seen = event.terminal, False


def in_order(tasks: Iterable[Task], actor: Actor, now: datetime, today: date, climbs: int) -> list[Task]:
    """Open tasks as the list shows them: unanswered ones that climbed, then mine, then by date due."""
    return sorted(
        (task for task in tasks if task.open),
        key=lambda task: (
            not climbed(task, now, today, climbs),
            not task.is_for(actor),
            task.due,
            task.asked_at,
        ),
    )


def climbed(task: Task, now: datetime, today: date, climbs: int) -> bool:
    """Nobody has answered for `climbs` minutes of the day it was asked, or it is past its date."""
    if not task.open or task.accepted_by:
        return task.open and task.due < today
    return task.due < today or (task.due == today and whole_minutes(task.asked_at, now) >= climbs)


# ── acts ──────────────────────────────────────────────────────────────────────────────────────


def ask(
    place: Place, what: str, owner: Owner, due: date, visit: Visit | None = None, *, for_patient: bool = False
) -> list[Said]:
    """Something is to be done by one owner; about `visit`'s patient, who is told `for_patient`, or nobody."""
    require(place.actor, Act.TASK)
    kept = required_words(what, "Say what is to be done.")
    if visit is None:
        return [Said(data=facts.TaskAsked(what=kept, owner=owner, due=due))]
    name = visit.appointment.patient.name.listed
    asked = facts.TaskAsked(what=kept, owner=owner, due=due, patient_name=name, for_patient=for_patient)
    return [about(visit, asked)]


def accept(tasks: dict[EventId, Task], place: Place, task: EventId) -> list[Said]:
    """The owner says that they do it; of a role's task, whoever is first."""
    require(place.actor, Act.TASK)
    found = _open(tasks, task)
    if found.accepted_by:
        raise Refused(f"{found.accepted_by} has accepted it already.")
    if not found.is_for(place.actor):
        raise Refused(f"It is {found.owner.name}'s.", "r passes it on to somebody else.")
    return [Said(data=facts.TaskAccepted(what=found.what), about=task, patient=found.patient)]


def pass_on(tasks: dict[EventId, Task], place: Place, task: EventId, owner: Owner) -> list[Said]:
    """Another owner, who has yet to accept."""
    require(place.actor, Act.TASK)
    found = _open(tasks, task)
    if found.accepted_by and not found.is_for(place.actor) and found.asked_by.staff != place.actor.staff:
        raise Refused(f"{found.accepted_by} does it.", "Ask them: only they, or who asked, pass it on.")
    return [Said(data=facts.TaskReassigned(what=found.what, owner=owner), about=task, patient=found.patient)]


def finish(tasks: dict[EventId, Task], place: Place, task: EventId, answer: str = "") -> list[Said]:
    """Done, by whom it is for; with an answer to who asked, where there is one."""
    require(place.actor, Act.TASK)
    found = _open(tasks, task)
    if not found.is_for(place.actor):
        raise Refused(
            f"It is {found.accepted_by or found.owner.name}'s.", "r passes it on; then it can be done."
        )
    return [
        Said(data=facts.TaskDone(what=found.what, words=words(answer)), about=task, patient=found.patient)
    ]


def drop(tasks: dict[EventId, Task], place: Place, task: EventId, why: str) -> list[Said]:
    """Not to be done any more, with the reason; by whom it is for, or who asked."""
    require(place.actor, Act.TASK)
    found = _open(tasks, task)
    if not found.is_for(place.actor) and found.asked_by.staff != place.actor.staff:
        raise Refused(f"It is {found.accepted_by or found.owner.name}'s.", "Ask them, or r passes it on.")
    reason = required_words(why, "Say why it is dropped.")
    return [Said(data=facts.TaskDropped(what=found.what, why=reason), about=task, patient=found.patient)]


def take_back(tasks: dict[EventId, Task], place: Place, now: datetime) -> list[Said]:
    """The task that this person ended last here is open again, unless who asked has seen the answer."""
    require(place.actor, Act.TASK)
    mine = [
        one
        for one in tasks.values()
        if one.ended_by is not None
        and one.ended_by.staff == place.actor.staff
        and one.ended_terminal == place.terminal
        and one.ended_at is not None
        and now - one.ended_at < A_SLIP
    ]
    latest = max(mine, key=lambda one: one.ended_at or one.asked_at, default=None)
    if latest is None:
        raise Refused("There is no task that you ended here lately.")
    if latest.answer_seen:
        raise Refused(f"{latest.asked_by.name} has seen the answer.", "Ask for it anew.")
    return [Said(data=facts.TaskReopened(what=latest.what), about=latest.id, patient=latest.patient)]


def see_answer(tasks: dict[EventId, Task], place: Place, task: EventId) -> list[Said]:
    """Who asked has seen what came of it."""
    require(place.actor, Act.TASK)
    found = tasks.get(task)
    if found is None or not found.answers(place.actor):
        raise Refused("There is no answer to you here.")
    return [Said(data=facts.TaskAnswerSeen(what=found.what), about=task, patient=found.patient)]


def _open(tasks: dict[EventId, Task], task: EventId) -> Task:
    found = tasks.get(task)
    if found is None:
        raise Refused("That task is not on the list.")
    if found.ended:
        raise Refused(f"That task is {found.ended} already.")
    return found
