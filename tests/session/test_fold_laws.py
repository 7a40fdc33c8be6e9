"""Laws of the fold: the same events make the same day in whatever order, and nothing makes it raise."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from clinic import DATE, FIRST, GP, GPA, NINE, SECOND, an_appointment, an_event
from hypothesis import given
from hypothesis import strategies as st
from session.instances import INSTANCES, UNKNOWN

from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import EventId
from gpa_tui.records.event import Event
from gpa_tui.records.plan import TeachBack, TeachBackOutcome
from gpa_tui.session.describe import details, line
from gpa_tui.session.fold import fold, folded
from gpa_tui.session.next_patient import in_need, next_after

NEVER_LISTED = an_appointment(9)
IDS = [EventId(f"{origin}-{seq}") for origin in ("a", "b") for seq in range(1, 13)]

any_fact = st.one_of(
    st.sampled_from([*INSTANCES, UNKNOWN]),
    st.builds(facts.AppointmentMoved, was=st.sampled_from(Stage), to=st.sampled_from(Stage)),
    st.builds(facts.AppointmentListed, appointment=st.sampled_from([FIRST, SECOND])),
    st.just(facts.EntryStruck(why="taken back")),
    st.builds(facts.PlanWorded, messages=st.lists(st.sampled_from("abc"), min_size=1, max_size=3)),
    st.integers(-1, 5).map(
        lambda n: facts.PlanTaught(teach_back=TeachBack(message=n, outcome=TeachBackOutcome.OWN_WORDS))
    ),
)


@st.composite
def any_events(draw: st.DrawFn) -> list[Event]:
    """Up to two dozen events of two stores, each numbered from 1, about known and unknown things."""
    found = []
    for origin in ("a", "b"):
        for seq in range(1, draw(st.integers(0, 12)) + 1):
            found.append(
                an_event(
                    draw(any_fact),
                    seq,
                    draw(st.sampled_from([FIRST, FIRST, SECOND, NEVER_LISTED, None])),
                    at=NINE + timedelta(seconds=draw(st.integers(0, 5))),
                    by=draw(st.sampled_from([GPA, GP])),
                    terminal=draw(st.sampled_from(["room1", "room2"])),
                    origin=origin,
                    about=draw(st.none() | st.sampled_from([*IDS, EventId("nowhere")])),
                )
            )
    return found


@given(any_events(), st.randoms(use_true_random=False))
def test_the_same_events_in_any_order_make_the_same_day(events: list[Event], chance: Any) -> None:
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert folded(DATE, shuffled) == folded(DATE, events)


@given(any_events())
def test_a_day_folded_event_by_event_is_the_day_folded_at_once(events: list[Event]) -> None:
    in_order = sorted(events, key=lambda event: event.order)
    day = folded(DATE, ())
    for event in in_order:
        fold(day, event)
    assert day == folded(DATE, events)


@given(any_events())
def test_every_event_is_kept_and_what_a_day_is_asked_never_raises(events: list[Event]) -> None:
    day = folded(DATE, events)
    assert sorted(event.id for event in day.events) == sorted(event.id for event in events)
    starts = [visit.appointment.start for visit in day.rows]
    assert starts == sorted(visit.appointment.start for visit in day.visits.values())
    waiting = in_need(day.rows)
    assert next_after(day.rows, None) == (waiting[0] if waiting else None)
    for visit in day.visits.values():
        assert visit.stage in Stage
        assert visit.plan.shown
        assert (visit.since is None) is (not visit.moves)
    for event in day.events:
        assert line(event, day, str)
        assert details(event, day, str)
