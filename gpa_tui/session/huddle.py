"""The huddle sheet before a session, and what is still open at its end: (heading, text) rows. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from gpa_tui.session.alike import alike_today
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.stages import ENDED
from gpa_tui.session.tasks import Task

ShowTime = Callable[[datetime], str]


def huddle(
    day: Day, visits: Sequence[Visit], tasks: Iterable[Task], show_time: ShowTime
) -> Iterator[tuple[str, str]]:
    """The session on one sheet: how many and when, who needs what, who is like whom, open tasks."""
    ids = {visit.appointment.clinic for visit in visits}
    titles = {clinic.title for clinic in day.clinics.values() if clinic.id in ids}
    booked = [visit for visit in visits if not visit.appointment.cancelled]
    yield "Session", " + ".join(sorted(titles)) or "no list yet"
    if booked:
        first, last = booked[0].appointment, booked[-1].appointment
        yield "Booked", f"{len(booked)}, {show_time(first.start)} to {show_time(last.start)}"
    for visit in booked:
        needs = "; ".join(need.text for need in visit.patient.needs)
        if needs:
            yield "Needs", f"{_who(visit, show_time)}: {needs}"
    for visit in booked:
        if visit.appointment.minutes > USUAL:
            yield "Long", f"{_who(visit, show_time)}: {visit.appointment.minutes} min"
    for visit in booked:
        if visit.mode.value != "in person":
            yield "Not here", f"{_who(visit, show_time)}: {visit.mode.value}"
    seen: set[frozenset[str]] = set()
    for key, alike in alike_today(day).items():
        for one in alike:
            pair = frozenset({key, one.visit.id})
            if pair not in seen:
                seen.add(pair)
                both = f"{_who(day.visits[key], show_time)} and {_who(one.visit, show_time)}"
                yield "Alike", f"{both}: {one.why}"
    for task in tasks:
        if task.open:
            yield "Task", _task_words(task)


def still_open(
    visits: Sequence[Visit], tasks: Iterable[Task], show_time: ShowTime
) -> Iterator[tuple[str, str]]:
    """What nobody has ended: rows, escalations not heard, plans not gone through, tasks."""
    for visit in visits:
        for one in visit.open_escalations:
            yield "Not heard", f"{_who(visit, show_time)}: {one.because}"
    for visit in visits:
        if visit.stage not in ENDED and not visit.unlisted:
            yield "Not ended", f"{_who(visit, show_time)}: {visit.stage.value}"
    for visit in visits:
        plan = visit.plan
        if plan.words and (not plan.released_by or plan.messages_are_old or plan.safety_net is None):
            yield "Plan", f"{_who(visit, show_time)}: {plan.shown if plan.released_by else 'not released'}"
    for task in tasks:
        if task.open:
            yield "Task", f"{_task_words(task)}, {task.due:%d %b}"


USUAL = 10  # minutes; a longer row is named


def _who(visit: Visit, show_time: ShowTime) -> str:
    return f"{show_time(visit.appointment.start)} {visit.appointment.patient.name.listed}"


def _task_words(task: Task) -> str:
    whom = f"{task.patient_name}: " if task.patient_name else ""
    return f"{whom}{task.what} → {task.accepted_by or task.owner.name}"
