"""The rows of a review as they are gone through: findings first, then every patient's row. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gpa_tui.records.base import AppointmentId, EventId
from gpa_tui.records.event import Event
from gpa_tui.records.facts_review import ReviewGiven
from gpa_tui.records.prep import PrepTemplate
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.ecg import unfinished
from gpa_tui.session.findings import Finding
from gpa_tui.session.prep_list import prep_list
from gpa_tui.session.review import Review, State, Thread, reviewed_entries, sampled, since_signed, worked_on

ShowTime = Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One thing to agree with, ask about or send back: a finding's entry, or the whole of a patient's row."""

    key: str
    label: str
    words: str
    state: State
    appointment: AppointmentId | None = None
    entry: EventId | None = None  # of a finding
    loud: bool = False
    thread: Thread | None = None
    stands_out: str = ""  # of a finding, its own words

    @property
    def done(self) -> bool:
        return self.state is State.AGREED


SINCE = "since the sign-off"


def review_rows(
    day: Day,
    visits: Sequence[Visit],
    found: Sequence[Finding],
    review: Review,
    templates: Mapping[str, PrepTemplate],
    show_time: ShowTime,
    standing: Sequence[Event] = (),
) -> list[ReviewRow]:
    """Findings in their order, then the rows that were worked on, in the order of the list.

    `found` is of the whole date; shown is what is about these visits or about nobody. What a finding rests on
    stands in the day, or among `standing`.
    """
    entries = {event.id: event for event in (*standing, *day.events)}
    exceptional = {one.appointment for one in found}
    looked_at = sampled(review, day.rows, exceptional)  # of the date, whichever clinics are followed
    later, signed = since_signed(review, day), review.signed
    asked_after = {event.id for event in standing if signed is not None and event.order > signed.order}
    shown = {None, *(visit.id for visit in visits)}
    said = {one.entry: {other.words for other in found if other.entry == one.entry} for one in found}
    rows = [
        _of_finding(day, one, review, entries.get(one.entry), said[one.entry], show_time)
        for one in found
        if one.appointment in shown
    ]
    rows = [
        replace(one, words=f"{SINCE}: {one.words}", loud=True)
        if one.entry in later
        or (signed is not None and one.state is State.CHANGED)
        or one.entry in asked_after
        else one
        for one in rows
    ]
    for visit in visits:
        if worked_on(visit):
            after = sum(event.id in later for event in reviewed_entries(visit))
            label = "sample" if visit.id in looked_at else "row"
            rows.append(
                ReviewRow(
                    visit.id,
                    label,
                    f"{_who(visit, show_time)}: {', '.join(summary(visit, templates, show_time))}"
                    + (f"; {after} {SINCE}" if after else ""),
                    review.state_of_row(visit),
                    visit.id,
                    thread=review.threads.get(visit.id),
                )
            )
    return rows


def _of_finding(
    day: Day, one: Finding, review: Review, entry: Event | None, said: Collection[str], show_time: ShowTime
) -> ReviewRow:
    """`said`: all that stands out about the entry."""
    visit = day.visits.get(one.appointment) if one.appointment else None
    state = review.state_of_entry(entry, visit) if entry is not None else State.OPEN
    thread = review.threads.get(one.entry)
    if thread is not None and state is State.AGREED and one.words not in thread.agreed_with:
        before = thread.agreed_with - set(said)  # something else was agreed with; or another line, not this
        state = State.CHANGED if before else State.OPEN
    whose = f"{_who(visit, show_time)}: " if visit else ""
    return ReviewRow(
        one.key,
        one.heading,
        f"{whose}{one.words}",
        state,
        one.appointment,
        one.entry,
        one.loud,
        thread,
        one.words,
    )


def _who(visit: Visit, show_time: ShowTime) -> str:
    return f"{show_time(visit.appointment.start)} {visit.appointment.patient.name.listed}"


def summary(visit: Visit, templates: Mapping[str, PrepTemplate], show_time: ShowTime) -> Iterator[str]:
    """What was done in a row, a clause each."""
    found = reviewed_entries(visit)
    people = dict.fromkeys(event.by.name for event in found if event.by.staff != "device")
    yield f"{len(found)} entries by {', '.join(people)}"
    prep = prep_list(visit, templates)
    if prep.rows and visit.answers:
        answered, of = prep.progress(visit)
        yield f"prep {answered}/{of}"
    for _, taken in visit.observations:
        total = taken.score.total
        if taken.for_news2:
            yield f"NEWS2 {total if total is not None else 'not scored'}"
    if visit.ecgs:
        waiting = len(list(unfinished(visit.ecgs)))
        yield f"{len(visit.ecgs)} ECG{', not reviewed' if waiting else ' reviewed'}"
    if visit.plan.words:
        yield f"plan {visit.plan.shown}"
    since = f" {show_time(visit.since)}" if visit.since else ""
    yield f"{visit.stage.value}{since}"


def thread_lines(thread: Thread, show_when: ShowTime) -> Iterator[str]:
    """What was said of it, a line each: `Dr N Patel 12:31 query: why no repeat?`."""
    for event in thread.events:
        data = event.data
        what = data.verdict if isinstance(data, ReviewGiven) else "answers"
        words = getattr(data, "words", "")
        yield f"{event.by.name} {show_when(event.at)} {what}{f': {words}' if words else ''}"
