"""What leaves for the practice's system: one visit as plain text, without internal notes. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from gpa_tui.records.base import show_date
from gpa_tui.records.event import CapacityNoted, EntryCopied, Fact, PresentRecorded, SafeguardingRaised
from gpa_tui.records.plan import said_back
from gpa_tui.records.staff import Actor
from gpa_tui.session.acts.room import IN_PRIVATE
from gpa_tui.session.day import Day, GoneThrough, Plan, Visit
from gpa_tui.session.ecg import summary
from gpa_tui.session.escalations import heard_words
from gpa_tui.session.figures import reading_line, score_line
from gpa_tui.session.handover import said
from gpa_tui.session.prep_list import PrepList
from gpa_tui.session.tasks import Task
from gpa_tui.text import clean

HIDE = "HIDE FROM ONLINE ACCESS"
ShowTime = Callable[[datetime], str]


def hidden_by_default(visit: Visit, day: Day) -> bool:
    """Whether it is to be hidden from the patient's online access unless somebody says otherwise.

    After a concern, where words of or about somebody else are in it, and where it was hidden last time.
    """
    holding = [one for one in visit.events if one.id not in day.struck]
    copied = [one.data.hidden for one in holding if isinstance(one.data, EntryCopied)]
    of_others = any(_of_others(one.data) for one in holding)
    return of_others or (bool(copied) and copied[-1])


def _of_others(data: Fact) -> bool:
    """Whether it is of somebody else than the patient, or of a concern."""
    if isinstance(data, PresentRecorded):
        return not data.who.casefold().startswith(("nobody", "no one", "alone"))
    return isinstance(data, (SafeguardingRaised, CapacityNoted))


def entry_text(
    visit: Visit,
    day: Day,
    prep: PrepList,
    practice: str,
    by: Actor,
    at: datetime,
    show_time: ShowTime,
    steps: Iterable[Task] = (),
    *,
    hidden: bool = False,
) -> list[str]:
    """The record entry, a line each, whatever their length.

    Whose it is and who wrote it when; what was said, measured, raised and planned. No words of a
    safeguarding concern, no task of the staff that was not told to the patient, nothing struck.
    """
    patient = visit.patient
    lines = [HIDE] if hidden else []
    lines += [
        f"{practice}, {show_date(day.date.isoformat())} {show_time(at)}, {by.name} ({by.role.label})",
        f"{patient.name.listed}, born {show_date(patient.born)}, NHS No. {patient.nhs_number_shown}",
    ]
    late = visit.minutes_since_left(at)
    if late is not None:
        lines.append(f"Late entry: {late} min after the patient left")
    lines.append(f"Reason: {visit.appointment.reason or 'none on the list'}")
    lines += [f"{item.text}: {value}" for item, value in said(visit, prep)]
    lines += [f"{label}: {text}" for label, text in visit.room.items()]
    for _, found in visit.observations:
        score = f". {score_line(found.score)}" if found.for_news2 else ""
        lines.append(f"Observations {show_time(found.taken_at)}: {reading_line(found)}{score}")
    lines += [text for ecg in visit.ecgs.values() for text in summary(ecg, show_time)]
    private = {IN_PRIVATE.format(event.by.name) for event in visit.events}
    lines += [
        f"Raised {show_time(one.at)}: {one.because} – {heard_words(one, show_time)}"
        for one in visit.escalations.values()
        if one.because not in private
    ]
    lines += _plan(visit.plan, show_time)
    lines += [f"Next: {task.shown}" for task in steps]
    return [clean(line) for line in lines]


def _plan(plan: Plan, show_time: ShowTime) -> Iterator[str]:
    if plan.words:
        source = plan.words_from.value if plan.words_from else ""
        yield f"Plan ({source}, {plan.given_by}): {' '.join(plan.words.split())}"
    for gone in plan.gone_through:
        yield f"Gone through before the GP's words changed, {_released(gone, show_time)}:"
        yield from _messages(gone)
    if plan.messages and plan.released_by and plan.released_at:
        now = GoneThrough(plan.messages, plan.teach_back, plan.released_by, plan.released_at)
        yield f"Gone through in these words, {_released(now, show_time)}:"
        yield from _messages(now)
        if plan.left_out:
            yield f"Not gone through, as it mattered least: {plan.left_out}"
    elif plan.messages:
        yield "The wording for the patient was not released."
    net = plan.safety_net
    if net and not plan.net_is_old:
        yield f"Safety net: {net.what}; better by {net.by_when}; else {net.where} – {plan.net_state}"


def _released(gone: GoneThrough, show_time: ShowTime) -> str:
    return f"released by {gone.released_by} {show_time(gone.released_at)}"


def _messages(gone: GoneThrough) -> Iterator[str]:
    for number, message in enumerate(gone.messages, 1):
        yield f"{number}. {message} – {said_back(gone.teach_back.get(number))}"
