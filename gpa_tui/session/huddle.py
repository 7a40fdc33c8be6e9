"""The huddle sheet before a session, and what is still open at its end: (heading, text) rows. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime

from gpa_tui.session.alike import alike_today
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.ecg import unfinished
from gpa_tui.session.stages import ENDED
from gpa_tui.session.tasks import Task

ShowTime = Callable[[datetime], str]
Earlier = tuple[date, str, str]
"""What was left open on an earlier day: (date, heading, words)."""


def huddle(
    day: Day, visits: Sequence[Visit], tasks: Iterable[Task], earlier: Iterable[Earlier], show_time: ShowTime
) -> Iterator[tuple[str, str]]:
    """The session on one sheet: how many and when, who needs what, who is like whom, what is still open."""
    ids = {visit.appointment.clinic for visit in visits}
    titles = {clinic.title for clinic in day.clinics.values() if clinic.id in ids}
    booked = [visit for visit in visits if not visit.appointment.cancelled]
    yield "Session", " + ".join(sorted(titles)) or "no list yet"
    if booked:
        first, last = booked[0].appointment, booked[-1].appointment
        yield "Booked", f"{len(booked)}, {show_time(first.start)} to {show_time(last.start)}"
    yield from _of_rows(booked, show_time)
    yield from _look_alikes(day, show_time)
    for on, heading, words in earlier:
        yield heading, f"{on:%a %d %b}: {words}"
    for task in tasks:
        if task.open:
            yield "Task", _task_words(task)


def _of_rows(booked: Sequence[Visit], show_time: ShowTime) -> Iterator[tuple[str, str]]:
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


def _look_alikes(day: Day, show_time: ShowTime) -> Iterator[tuple[str, str]]:
    seen: set[frozenset[str]] = set()
    for key, alike in alike_today(day).items():
        for one in alike:
            pair = frozenset({key, one.visit.id})
            if pair not in seen:
                seen.add(pair)
                both = f"{_who(day.visits[key], show_time)} and {_who(one.visit, show_time)}"
                yield "Alike", f"{both}: {one.why}"


def still_open(
    day: Day, visits: Sequence[Visit], tasks: Iterable[Task], earlier: Iterable[Earlier], show_time: ShowTime
) -> Iterator[tuple[str, str]]:
    """What nobody has ended: of these rows, of every clinic what is not heard, of earlier days; and tasks."""
    for visit in day.rows:
        if visit not in visits:
            yield from _not_heard(visit, show_time)
            yield from _ecgs(visit, show_time)
    yield from left_of(visits, show_time)
    for on, heading, words in earlier:
        yield heading, f"{on:%a %d %b}: {words}"
    for task in tasks:
        if task.open:
            yield "Task", f"{_task_words(task)}, {task.due:%d %b}"


def left_of(visits: Sequence[Visit], show_time: ShowTime) -> Iterator[tuple[str, str]]:
    """Of these rows: escalations not heard, ECGs not reviewed, rows not ended, plans not gone through."""
    for visit in visits:
        yield from _not_heard(visit, show_time)
    for visit in visits:
        yield from _ecgs(visit, show_time)
    for visit in visits:
        if visit.stage not in ENDED and not visit.unlisted:
            yield "Not ended", f"{_who(visit, show_time)}: {visit.stage.value}"
    for visit in visits:
        plan = visit.plan
        if plan.words and (not plan.released_by or plan.messages_are_old or plan.safety_net is None):
            yield "Plan", f"{_who(visit, show_time)}: {plan.shown if plan.released_by else 'not released'}"


def _not_heard(visit: Visit, show_time: ShowTime) -> Iterator[tuple[str, str]]:
    for one in visit.open_escalations:
        yield NOT_HEARD, f"{_who(visit, show_time)}: {one.because}"


def _ecgs(visit: Visit, show_time: ShowTime) -> Iterator[tuple[str, str]]:
    for ecg in unfinished(visit.ecgs):
        yield ECG, f"{_who(visit, show_time)}: not reviewed, {ecg.stage(show_time)}"


NOT_HEARD = "Not heard"
ECG = "ECG"
USUAL = 10  # minutes; a longer row is named


def _who(visit: Visit, show_time: ShowTime) -> str:
    return f"{show_time(visit.appointment.start)} {visit.appointment.patient.name.listed}"


def _task_words(task: Task) -> str:
    whom = f"{task.patient_name}: " if task.patient_name else ""
    return f"{whom}{task.what} → {task.accepted_by or task.owner.name}"
