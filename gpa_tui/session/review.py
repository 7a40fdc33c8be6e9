"""The review of one date's log: what was said of which entry, the sample, the sign-off. No I/O, no clock.

`fold_review` is the only place that changes it; it lives in the standing journal, so that a query reaches
whoever is to answer it on any later day, and any store of the practice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from gpa_tui.records import event as facts
from gpa_tui.records.base import AppointmentId, EventId, StaffId
from gpa_tui.records.event import Event
from gpa_tui.records.staff import Role
from gpa_tui.session.day import Day, Visit

READS = (facts.RecordViewed, facts.RecordClosed, facts.EscalationSeen, facts.CallCardShown)
"""What is in the log and nothing to agree with."""
LISTS = (facts.AppointmentListed, facts.AppointmentRevised, facts.AppointmentUnlisted)
"""What comes with a list, whoever took it in."""
ABOUT_REVIEWS = (
    facts.SampleDrawn,
    facts.ReviewGiven,
    facts.ReviewAnswered,
    facts.ReviewSigned,
    facts.ReviewReopened,
)


class State(StrEnum):
    """How far the review of an entry or a row is."""

    OPEN = ""
    AGREED = "agreed"
    ASKED = "queried"
    SENT_BACK = "sent back"
    ANSWERED = "answered"
    CHANGED = "new since"


@dataclass(slots=True)
class Thread:
    """What was said of one entry or of one row, in order."""

    target: str  # the entry's id, or the row's
    events: list[Event] = field(default_factory=list)

    @property
    def begun(self) -> tuple[datetime, str, int]:
        return self.events[0].order

    @property
    def verdict(self) -> Event:
        """The last verdict; a thread begins with one."""
        return next(event for event in reversed(self.events) if isinstance(event.data, facts.ReviewGiven))

    @property
    def given(self) -> facts.ReviewGiven:
        data = self.verdict.data
        assert isinstance(data, facts.ReviewGiven)
        return data

    @property
    def answered(self) -> bool:
        return isinstance(self.events[-1].data, facts.ReviewAnswered)

    @property
    def state(self) -> State:
        if self.given.verdict == "agreed":
            return State.AGREED
        if self.answered:
            return State.ANSWERED
        return State.ASKED if self.given.verdict == "query" else State.SENT_BACK

    @property
    def agreed_with(self) -> set[str]:
        """What stood out about it each time that it was agreed with."""
        given = (event.data for event in self.events if isinstance(event.data, facts.ReviewGiven))
        return {one for data in given if data.verdict == "agreed" for one in data.found}

    @property
    def open(self) -> bool:
        """Asked or sent back, and not agreed with since."""
        return self.state is not State.AGREED

    def waits_for(self, staff: StaffId) -> bool:
        """Whether this person is to answer it."""
        return self.open and not self.answered and staff in self.given.to

    def answers(self, staff: StaffId) -> bool:
        """Whether it tells this person, who asked, what was answered."""
        return self.state is State.ANSWERED and self.verdict.by.staff == staff


@dataclass(slots=True)
class Review:
    """All that was said of one date's log."""

    on: date
    sample: facts.SampleDrawn | None = None
    threads: dict[str, Thread] = field(default_factory=dict)
    signed: Event | None = None  # the sign-off that stands
    signings: list[Event] = field(default_factory=list)  # and every one there was, with what reopened it

    def state_of_entry(self, entry: Event, visit: Visit | None) -> State:
        """Of one entry: by itself, or with its row."""
        thread = self.threads.get(entry.id)
        if thread is not None:
            return thread.state
        row = self.threads.get(visit.id) if visit is not None else None
        if row is None or visit is None or entry.at > row.verdict.at:
            return State.OPEN
        if row.state is State.AGREED:
            return State.OPEN if self.state_of_row(visit) is State.CHANGED else State.AGREED
        return row.state

    def state_of_row(self, visit: Visit) -> State:
        """Of the whole of a patient's row; what came after it was looked at makes it open again."""
        asked = self.asked_in(visit)
        if asked is not None:
            return asked.state  # a query of one entry is not agreed with by its row
        thread = self.threads.get(visit.id)
        if thread is None:
            return State.OPEN
        if thread.state is not State.AGREED:
            return thread.state
        seen = next(one.entries for one in thread.given.rows if one.appointment == visit.id)
        return State.AGREED if len(reviewed_entries(visit)) <= seen else State.CHANGED

    def asked_in(self, visit: Visit) -> Thread | None:
        """What was asked of one entry of this row and is not agreed with."""
        threads = (self.threads[event.id] for event in visit.events if event.id in self.threads)
        return next((one for one in threads if one.open), None)

    def open_threads(self) -> list[Thread]:
        """What was asked and is not agreed with, the oldest first; of several rows once."""
        found = sorted((one for one in self.threads.values() if one.open), key=lambda one: one.begun)
        return list({one.verdict.id: one for one in reversed(found)}.values())[::-1]


Reviews = dict[date, Review]


def fold_review(reviews: Reviews, event: Event) -> None:
    """Take one event of a review into `reviews`. Never raises."""
    data = event.data
    if not isinstance(data, ABOUT_REVIEWS):
        return
    review = reviews.setdefault(data.on, Review(data.on))
    match data:
        case facts.SampleDrawn():
            review.sample = review.sample or data
        case facts.ReviewGiven(rows=rows):
            for target in [event.about] if event.about else [row.appointment for row in rows]:
                review.threads.setdefault(target, Thread(target)).events.append(event)
        case facts.ReviewAnswered():
            for thread in threads_of(review, event.about):
                thread.events.append(event)
        case facts.ReviewSigned():
            review.signed = event
            review.signings.append(event)
        case facts.ReviewReopened():
            review.signed = None
            review.signings.append(event)


def threads_of(review: Review, verdict: EventId | None) -> list[Thread]:
    """The threads that have this query in them: of several rows it is in each."""
    return [one for one in review.threads.values() if any(event.id == verdict for event in one.events)]


def reviewed_entries(visit: Visit) -> list[Event]:
    """What there is to agree with in a patient's row: what was done and said, not what was read."""
    return [event for event in visit.events if not isinstance(event.data, READS)]


def worked_on(visit: Visit) -> bool:
    """Whether somebody did anything with this row; a list alone is nothing to review."""
    return any(
        event.by.role is not Role.DEVICE and not isinstance(event.data, LISTS)
        for event in reviewed_entries(visit)
    )


def worked_by(visit: Visit) -> list[StaffId]:
    """Who acted as a GPA in this row."""
    found = (event.by.staff for event in reviewed_entries(visit) if event.by.role is Role.GPA)
    return list(dict.fromkeys(found))


def written_by(visit: Visit) -> list[StaffId]:
    """Everybody who did anything in this row, in whatever role."""
    found = (event.by.staff for event in reviewed_entries(visit) if event.by.role is not Role.DEVICE)
    return list(dict.fromkeys(found))


def is_own_work(event: Event, staff: StaffId) -> bool:
    """Whether this person did it as one whose work is reviewed; what a clinician heard or saw to is not."""
    return event.by.staff == staff and event.by.role in REVIEWED


REVIEWED = frozenset({Role.GPA, Role.RECEPTION})
"""Whose work a review is of."""


def sampled(
    review: Review, visits: Sequence[Visit], exceptional: Container[AppointmentId | None]
) -> set[AppointmentId]:
    """The rows of the rest that are looked at in any case, by the seed that was drawn."""
    drawn = review.sample
    if drawn is None:
        return set()
    worked = [visit.id for visit in visits if worked_on(visit) and visit.id not in exceptional]
    count = -(-len(worked) * drawn.percent // 100)
    return set(sorted(worked, key=lambda id_: _rank(drawn.seed, id_))[:count])


def _rank(seed: str, row: AppointmentId) -> str:
    return hashlib.sha256(f"{seed} {row}".encode()).hexdigest()


def unexceptional(review: Review, visits: Iterable[Visit], exceptional: set[AppointmentId]) -> list[Visit]:
    """The rows that one key agrees with: worked on, no exception, no query, not yet agreed with."""
    fresh = (State.OPEN, State.CHANGED)
    return [
        visit
        for visit in visits
        if worked_on(visit) and visit.id not in exceptional and review.state_of_row(visit) in fresh
    ]


def since_signed(review: Review, day: Day) -> set[EventId]:
    """What was written in the date's log after the sign-off that stands, in this store and in the others."""
    signed = review.signed.data if review.signed is not None else None
    if not isinstance(signed, facts.ReviewSigned):
        return set()
    return {event.id for event in day.events if event.seq > signed.seen.get(event.origin, 0)}


def name_of(day: Day, appointment: AppointmentId | None) -> str:
    """Whose row it is, as the list shows them; empty for what is about nobody."""
    visit = day.visits.get(appointment) if appointment else None
    return visit.appointment.patient.name.listed if visit else ""
