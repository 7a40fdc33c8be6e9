"""What of a patient's row was mended, and what was written late: counted and shown alike. No I/O."""

from __future__ import annotations

from collections.abc import Iterator

from gpa_tui.records import event as facts
from gpa_tui.records.event import Event
from gpa_tui.session.acts.flow import BY_KEY, TAKEN_BACK_BY_KEY
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.describe import WRITTEN

AT_ONCE = 60  # seconds in which `u` puts a slip right (proposal)


def mended(visit: Visit) -> Iterator[tuple[Event, Event | None]]:
    """(what mended it, what it took back); None for entries that were moved to the right record.

    A slip of one key that `u` put right at once is none, and what an entry raised goes with it.
    """
    by_id = {event.id: event for event in visit.events}
    struck = {event.about for event in visit.events if isinstance(event.data, facts.EntryStruck)}
    for event in visit.events:
        if isinstance(event.data, facts.EntryMoved):
            yield event, None
        elif isinstance(event.data, facts.EntryStruck) and event.about in by_id:
            earlier = by_id[event.about]
            goes_along = (before := _raised_by(visit, earlier)) is not None and before.id in struck
            if not (_is_slip(earlier, event) or goes_along):
                yield event, earlier


def late_notes(day: Day, visit: Visit, late_after: int) -> Iterator[tuple[Event, int]]:
    """What was written `late_after` minutes or more after the patient left, and holds; with the minutes."""
    for event in visit.events:
        if isinstance(event.data, WRITTEN) and event.id not in day.struck:
            late = visit.minutes_since_left(event.done_at)
            if late is not None and late >= late_after:
                yield event, late


def _is_slip(earlier: Event, strike: Event) -> bool:
    """By the words and the kinds of `u` (acts/flow.py)."""
    assert isinstance(strike.data, facts.EntryStruck), "a strike"
    at_once = (strike.at - earlier.at).total_seconds() <= AT_ONCE
    by_key = strike.data.why == BY_KEY and isinstance(earlier.data, TAKEN_BACK_BY_KEY)
    return by_key and at_once and strike.by.staff == earlier.by.staff


def _raised_by(visit: Visit, raised: Event) -> Event | None:
    """The entry that raised it: what the same store wrote just before it."""
    if not (isinstance(raised.data, facts.EscalationRaised) and raised.data.with_entry):
        return None
    before = (one for one in visit.events if one.origin == raised.origin and one.seq < raised.seq)
    others = [one for one in before if not isinstance(one.data, facts.EscalationRaised)]
    return max(others, key=lambda one: one.seq, default=None)
