"""What waits for one person's answer, in the order of this list; each is answered by one key. No I/O.

1. Escalations that nobody has heard (who can hear them), the oldest first; and what earlier days left open.
2. ECGs that no clinician has reviewed, the longest waiting first (who can hear an escalation).
3. What a review asks them, or sends back; and what was answered to what they asked in one.
4. Answers to what they asked, which they have not seen.
5. Tasks that are theirs, or their role's and nobody's yet, by date due.
6. Wording that waits for its release (clinicians).
7. Patients who are ready for the GP, longest waiting first, with what the brief says first (clinicians).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import AppointmentId, EventId
from gpa_tui.records.event import ReviewAnswered
from gpa_tui.records.prep import PrepTemplate
from gpa_tui.records.staff import Actor, Role
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.ecg import summary
from gpa_tui.session.ecg_rules import ecgs_waiting
from gpa_tui.session.escalations import HEARERS, not_heard
from gpa_tui.session.handover import exceptions
from gpa_tui.session.huddle import Earlier
from gpa_tui.session.prep_list import prep_list
from gpa_tui.session.review import Review
from gpa_tui.session.tasks import Task

Kind = Literal["escalation", "ecg", "query", "reply", "earlier", "answer", "task", "wording", "brief"]
ShowTime = Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: about whom, since when, in which words."""

    kind: Kind
    words: str
    appointment: AppointmentId | None = None
    event: EventId | None = None  # the escalation or the task
    on: date | None = None  # the earlier day

    @property
    def key(self) -> str:
        return f"{self.kind} {self.event or self.appointment or f'{self.on} {self.words}'}"


def for_me(
    day: Day,
    rows: Sequence[Visit],
    tasks: Iterable[Task],
    earlier: Iterable[Earlier],
    actor: Actor,
    templates: Mapping[str, PrepTemplate],
    show_time: ShowTime,
    reviews: Iterable[Review] = (),
) -> Iterator[Waiting]:
    """What waits for `actor`; `rows` are the visits of the list they follow."""
    if actor.role in HEARERS:
        for visit, one in not_heard(day):
            words = f"{show_time(one.at)} {_name(visit)}: {one.because}, from {one.by.name}"
            yield Waiting("escalation", words, visit.id, one.event)
        for visit, ecg in ecgs_waiting(day):
            words = "; ".join(summary(ecg, show_time))
            yield Waiting("ecg", f"{_name(visit)}: {words}", visit.id, ecg.id)
    for review in sorted(reviews, key=lambda one: one.on):
        yield from _of_review(review, actor)
    for on, heading, words in earlier:
        yield Waiting("earlier", f"{on:%a} {on.day} {on:%b}: {heading.lower()}, {words}", on=on)
    listed = list(tasks)
    for task in listed:
        if task.answers(actor) and task.ended_by is not None:
            words = f"{_task(task)} – {task.ended} by {task.ended_by.name}"
            words += f": {task.answer}" if task.answer else ""
            yield Waiting("answer", words, event=task.id)
    mine = (task for task in listed if task.open and task.is_for(actor))
    for task in sorted(mine, key=lambda one: (one.due, one.asked_at)):
        words = f"{_task(task)}, asked by {task.asked_by.name} {show_time(task.asked_at)}"
        yield Waiting("task", words, event=task.id)
    if actor.role is Role.CLINICIAN:
        for visit in rows:
            plan = visit.plan
            if plan.messages and not plan.messages_are_old and not plan.released_by:
                yield Waiting("wording", f"{_name(visit)}: {' / '.join(plan.messages)}", visit.id)
    if actor.role in HEARERS:
        yield from _briefs(rows, templates, show_time)


def _briefs(
    rows: Sequence[Visit], templates: Mapping[str, PrepTemplate], show_time: ShowTime
) -> Iterator[Waiting]:
    ready = [visit for visit in rows if visit.stage is Stage.READY and visit.since is not None]
    for visit in sorted(ready, key=lambda one: one.since or one.appointment.start):
        first = exceptions(visit, prep_list(visit, templates), show_time)
        said = "; ".join([visit.appointment.reason or "no reason on the list", *first])
        yield Waiting("brief", f"{show_time(visit.appointment.start)} {_name(visit)}: {said}", visit.id)


def _of_review(review: Review, actor: Actor) -> Iterator[Waiting]:
    """What is asked of this person in a review, and what they were answered."""
    day = f"{review.on:%a} {review.on.day} {review.on:%b}"
    for thread in review.open_threads():
        given, last = thread.given, thread.events[-1]
        if thread.waits_for(actor.staff):
            words = f"{day}, {given.of}: {given.verdict} by {thread.verdict.by.name}: {given.words}"
            yield Waiting("query", words, event=thread.verdict.id, on=review.on)
        elif thread.answers(actor.staff) and isinstance(last.data, ReviewAnswered):
            words = f"{day}, {given.of}: {last.by.name} answers: {last.data.words}"
            yield Waiting("reply", words, event=thread.verdict.id, on=review.on)


def _name(visit: Visit) -> str:
    return visit.appointment.patient.name.listed


def _task(task: Task) -> str:
    return f"{task.patient_name}: {task.what}" if task.patient_name else task.what
