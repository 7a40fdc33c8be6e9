"""The sheet of a session: its numbers, what stood out, every entry, who signed it off, and its log's hash.

Whoever holds the sheet can ask any copy of the store whether its log is the one that was signed, and what
came after: `gpa-tui log verify --sheet N:HASH`. No I/O.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from gpa_tui.clock import local_time
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.event import Event, ReviewSigned
from gpa_tui.session.day import Day
from gpa_tui.session.describe import line
from gpa_tui.session.desk import Desk
from gpa_tui.session.findings import Finding, Given, findings
from gpa_tui.session.numbers import numbers_of, rows_of
from gpa_tui.session.registry import Registry
from gpa_tui.session.review import Review, since_signed
from gpa_tui.session.review_rows import thread_lines
from gpa_tui.session.standing import Standing
from gpa_tui.session.whole_log import whole_log
from gpa_tui.store.chain import Head

ShowTime = Callable[[datetime], str]
PAGE = 60  # lines of text
WIDTH = 96  # cells
NOT_SIGNED = "Not signed off."


@dataclass(frozen=True, slots=True)
class Sheet:
    """`head` is of the log as it was signed, else as it is."""

    practice: str
    on: date
    clinics: str
    head: Head
    standing: Head  # of the journal of people, tasks and reviews, as this is made
    signed: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def title(self) -> str:
        return f"Session log, {self.on:%A} {self.on.day} {self.on:%B %Y}"

    @property
    def mark(self) -> str:
        """What is printed at the foot of every page, and asked with `log verify --sheet`."""
        return f"{self.head[0]}:{self.head[1]}"

    @property
    def checked(self) -> str:
        """How a reader finds out whether a log is the one of the sheet."""
        beside = f"{self.standing[0]}:{self.standing[1][:16]}"
        return (
            "Save and hash of the log: at the foot of every page; of the journal of people, tasks and "
            f"reviews: {beside}. gpa-tui log verify --sheet tells of either whether it is the same."
        )


def sheet_of(desk: Desk, registry: Registry) -> Sheet:
    """Of a day as it is, with what was said in the review; what came after the sign-off stands apart."""
    day, settings, standing = desk.day, desk.practice.settings, registry.standing
    show_time = partial(local_time, zone=settings.zone)
    review = standing.reviews.get(day.date) or Review(day.date)
    given = Given(day, settings, show_time, desk.practice.shorthand)
    found = findings(given, day.rows, standing.tasks.values())
    numbers = numbers_of(day, day.rows, settings.review.late_note_minutes)
    entries = [event for _, event in whole_log(day, standing, settings.zone)]
    head, said, later = desk.head, NOT_SIGNED, []
    signed = review.signed
    if signed is not None and isinstance(signed.data, ReviewSigned):
        head = (signed.data.n, signed.data.hash)
        open_ = "; ".join(signed.data.still_open)
        still = f"still open: {open_}" if open_ else "nothing open"
        when = f"{_show_when(signed.at, settings.zone)} by {signed.by.name}, {signed.by.role.label}"
        said = f"Signed off {when}; {still}."
        known, since = {event.id for event in day.events}, since_signed(review, day)

        def came_after(event: Event) -> bool:
            return event.id in since if event.id in known else event.order > signed.order

        later = [event for event in entries if came_after(event)]
        entries = [event for event in entries if not came_after(event)]
    also = ", with what came after the sign-off" if later else ""
    show_when = partial(_show_when, zone=settings.zone)
    parts = [
        (f"Numbers{also}", [f"{label}: {words}".removeprefix(": ") for label, words in rows_of(numbers)]),
        (f"What stands out{also}", [_finding(day, one, show_time) for one in found] or ["Nothing."]),
        ("Review", [*_review(review, day, standing, show_when)] or ["Nothing was said of it yet."]),
        ("Every entry", [line(event, day, show_time) for event in entries]),
    ]
    if later:
        parts.append(("After it was signed off", [line(event, day, show_when) for event in later]))
    clinics = " + ".join(clinic.title for clinic in day.clinics.values())
    shown = tuple((heading, tuple(lines)) for heading, lines in parts)
    return Sheet(settings.name, day.date, clinics, head, registry.head, said, shown)


def _show_when(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %H:%M}"


def _finding(day: Day, one: Finding, show_time: ShowTime) -> str:
    visit = day.visits.get(one.appointment) if one.appointment else None
    row = visit.appointment if visit else None
    whose = f"{show_time(row.start)} {row.patient.name.listed}: " if row else ""
    return f"{one.heading}: {whose}{one.words}"


def _about(day: Day, standing: Standing, target: str, show_when: ShowTime) -> str:
    """Whose row, or which entry, something was said of."""
    visit = day.visits.get(AppointmentId(target))
    if visit is not None:
        return f"{show_when(visit.appointment.start)} {visit.appointment.patient.name.listed}"
    entry = next((event for event in (*day.events, *standing.events) if event.id == target), None)
    return line(entry, day, show_when) if entry is not None else f"entry {target}, which is not in this log"


def _review(review: Review, day: Day, standing: Standing, show_when: ShowTime) -> Iterator[str]:
    if review.sample is not None:
        yield f"sample: {review.sample.percent} % of the rows, seed {review.sample.seed}"
    for thread in sorted(review.threads.values(), key=lambda one: one.events[0].order):
        about = _about(day, standing, thread.target, show_when)
        yield f"{about}: {'; '.join(thread_lines(thread, show_when))}"
    for event in review.signings:
        words = getattr(event.data, "words", "") or getattr(event.data, "why", "")
        yield f"{event.data.says} {show_when(event.at)} by {event.by.name}{f': {words}' if words else ''}"
