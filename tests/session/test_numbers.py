"""A session in numbers, from what is in its log."""

from __future__ import annotations

from datetime import timedelta

from clinic import DATE, FIRST, GP, NINE, SECOND, Morning, a_set

from gpa_tui.records.appointment import Stage
from gpa_tui.records.event import Event
from gpa_tui.records.plan import TeachBack, TeachBackOutcome
from gpa_tui.session import acts
from gpa_tui.session.fold import folded
from gpa_tui.session.numbers import Numbers, Spread, beside, numbers_of, rows_of
from gpa_tui.session.prep_list import CORE, PrepList
from gpa_tui.templates import shipped_templates


def later(morning: Morning, minutes: dict[str, int]) -> list[Event]:
    """The morning's entries, those of a kind so many minutes later, and what follows them too."""
    found, shift = [], timedelta()
    for event in morning.day.events:
        shift += timedelta(minutes=minutes.get(event.kind, 0))
        found.append(event.model_copy(update={"at": event.at + shift}))
    return found


def test_times_are_medians_and_the_worst_of_each_stage() -> None:
    morning = Morning(FIRST, SECOND)
    for row in (FIRST, SECOND):
        morning.do(acts.move, row.id, Stage.ARRIVED)
        morning.do(acts.move, row.id, Stage.WITH_GP)
        morning.do(acts.move, row.id, Stage.LEFT)
    day = folded(DATE, later(morning, {"appointment.moved": 5}))
    numbers = numbers_of(day, day.rows, 15)
    assert numbers.patients == 2
    assert numbers.waits == Spread(count=2, median=5, worst=5)
    assert set(numbers.stages) == {"arrived", "with GP"}
    assert "median 5 min, worst 5" in dict(rows_of(numbers))["Waits"]


def test_counts_are_of_what_holds() -> None:
    morning = Morning(FIRST)
    for act, args in (
        (acts.move, (Stage.ARRIVED,)),
        (acts.open_record, ()),
        (acts.check_identity, ("record only", "", None)),
        (acts.hand_over, (PrepList((shipped_templates()[CORE],)), "no time")),
    ):
        morning.do(act, FIRST.id, *args)
    said = morning.do(acts.record_observations, FIRST.id, a_set(respiration=25), (), NINE, False)
    (raised,) = (one for one in said if one.kind == "escalation.raised")
    numbers = numbers_of(morning.day, morning.day.rows, 15)
    assert (numbers.handed_over, numbers.handed_complete) == (1, 0)
    assert (numbers.raised, numbers.escalations, numbers.not_heard) == (1, 1, 1)
    assert "1 NOT HEARD" in dict(rows_of(numbers))["Heard"]
    morning.do(acts.acknowledge, FIRST.id, raised.id, by=GP)
    numbers = numbers_of(morning.day, morning.day.rows, 15)
    assert (numbers.not_heard, numbers.heard.count) == (0, 1)


def test_what_was_said_back_first_time_after_another_go_and_not_at_all() -> None:
    morning = Morning(FIRST)
    for act, args in (
        (acts.open_record, ()),
        (acts.check_identity, ("record only", "", None)),
        (acts.give_plan, ("rest", "Dr N Patel")),
        (acts.word_plan, (["One.", "Two.", "Three."],)),
    ):
        morning.do(act, FIRST.id, *args)
    morning.release("Dr N Patel")
    morning.teach(TeachBack(message=1, outcome=TeachBackOutcome.OWN_WORDS))
    morning.teach(TeachBack(message=2, outcome=TeachBackOutcome.ANOTHER_GO, words="put it so"))
    numbers = numbers_of(morning.day, morning.day.rows, 15)
    assert (numbers.first_time, numbers.another_go, numbers.not_checked) == (1, 1, 1)


def test_the_entries_of_some_rows_are_theirs_alone() -> None:
    morning = Morning(FIRST, SECOND)
    for row in (FIRST, SECOND):
        morning.do(acts.move, row.id, Stage.ARRIVED)
    whole, (first, _) = morning.day, morning.day.rows
    assert numbers_of(whole, [first], 15).entries == len(first.events)
    assert numbers_of(whole, whole.rows, 15).entries == len(whole.events) > len(first.events)


def test_a_session_without_anything_done_is_all_noughts() -> None:
    morning = Morning(FIRST)
    numbers = numbers_of(morning.day, morning.day.rows, 15)
    assert numbers == Numbers(on=DATE, entries=len(morning.day.events))
    assert all(text for _, text in rows_of(numbers))


def test_beside_it_stand_the_sessions_before_as_bars_that_say_what_they_are() -> None:
    before = [Numbers(on=DATE - timedelta(days=14 - n), patients=n) for n in range(3, 13)]
    heard = Spread(count=1, median=4, worst=4)
    rows = dict(beside(Numbers(on=DATE, patients=13, heard=heard), before))
    assert rows["Beside"] == "the 10 sessions before, the oldest first; this one last"
    bars, *numbers = rows["Patients"].split(" ")
    assert numbers == [str(n) for n in range(3, 14)]
    assert len(bars) == len(numbers)
    assert bars[0] < bars[-1] == "█"
    assert rows["Heard"] == f"{' ' * 10}█ {'– ' * 10}4 (minutes to heard, worst)"  # none is not nought
    assert not list(beside(Numbers(on=DATE), ()))


def test_a_wait_is_from_the_arrival_after_which_they_were_seen_and_what_was_moved_is_mended_once() -> None:
    morning = Morning(FIRST, SECOND)
    for to in (Stage.ARRIVED, Stage.WALKED_OUT, Stage.ARRIVED, Stage.WITH_GP):
        morning.do(acts.move, FIRST.id, to)
    minutes = iter((0, 10, 100, 105))
    found = [
        event.model_copy(update={"at": NINE + timedelta(minutes=next(minutes))})
        if event.kind == "appointment.moved"
        else event
        for event in morning.day.events
    ]
    day = folded(DATE, found)
    assert numbers_of(day, day.rows, 15).waits == Spread(count=1, median=5, worst=5)
    morning.do(acts.open_record, FIRST.id)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    (noted,) = morning.do(acts.note_present, FIRST.id, "her son")
    morning.do(acts.move_entries, FIRST.id, SECOND.id, [noted.id])
    assert numbers_of(morning.day, morning.day.rows, 15).corrections == 1
