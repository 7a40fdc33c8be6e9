"""One act, done whole: on the day as it is now, one line on the disk, numbered and in order of time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from clinic import DATE, FIRST, GP, GPA, NINE, RECEPTION, FakeClock, a_desk, a_practice, an_event
from hypothesis import given
from hypothesis import strategies as st
from session.instances import INSTANCES
from store.journals import Disk, text_of

from gpa_tui.errors import NotAllowed, NotSaved, Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.event import Event, Said
from gpa_tui.session import acts
from gpa_tui.session.desk import Acting, Desk
from gpa_tui.session.fold import folded
from gpa_tui.store.practice import Practice


@pytest.fixture
def others(practice: Practice, desk: Desk) -> Iterator[Desk]:
    """The GP's desk in room 1, on the same clinic as `desk`."""
    assert desk.practice is practice
    opened = a_desk(practice, clock=FakeClock(), by=GP, terminal="room1")
    yield opened
    opened.close()


def arrive(desk: Desk, to: Stage = Stage.ARRIVED) -> Acting:
    return partial(acts.move, place=desk.place, appointment=FIRST.id, to=to)


def journal(practice: Practice) -> Path:
    return practice.home / "clinics" / f"{DATE}.journal"


def lines(practice: Practice) -> list[list[dict[str, object]]]:
    """The events of each commit on the disk, as somebody else opens them."""
    return [json.loads(commit) for commit in _commits(practice)]


def _commits(practice: Practice) -> list[bytes]:
    with closing(a_desk(practice, by=GP)) as other:
        return list(other.storage.commits)


# ── one act, one line ─────────────────────────────────────────────────────────────────────────


def test_an_act_of_several_events_is_one_line(desk: Desk, practice: Practice) -> None:
    before = len(lines(practice))
    said = [Said(data=facts.LogViewed()), Said(data=facts.SignInLocked()), Said(data=facts.SignInUnlocked())]
    events = desk.do(lambda _: said)
    assert len(lines(practice)) == before + 1
    assert [one["id"] for one in lines(practice)[-1]] == [event.id for event in events]
    assert [Event.model_validate(one) for one in lines(practice)[-1]] == events


def test_an_act_that_says_nothing_writes_nothing(desk: Desk, practice: Practice) -> None:
    before = journal(practice).read_bytes()
    assert desk.do(lambda _: []) == []
    assert journal(practice).read_bytes() == before


def test_an_event_says_who_in_which_role_where_when_and_about_whom(desk: Desk, clock: FakeClock) -> None:
    (event,) = desk.do(arrive(desk))
    assert (event.by, event.terminal) == (GPA, "room2")
    assert event.at == event.wall == clock.now()
    assert (event.appointment, event.patient, event.clinic) == (FIRST.id, FIRST.patient.id, FIRST.clinic)
    assert event.origin == desk.practice.info.origin


def test_what_an_act_said_is_on_the_disk_before_it_returns(
    desk: Desk, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[bytes] = []
    real = os.fdatasync

    def noted(descriptor: int) -> None:
        real(descriptor)
        flushed.append(journal(practice).read_bytes())

    monkeypatch.setattr(os, "fdatasync", noted)
    (event,) = desk.do(arrive(desk))
    assert journal(practice).read_bytes() == flushed[-1]
    assert event.id.encode() in _commits(practice)[-1]


@pytest.mark.parametrize("fact", INSTANCES, ids=lambda fact: fact.kind)
def test_every_kind_of_fact_is_read_again_as_it_was_said(
    desk: Desk, practice: Practice, fact: facts.KnownFact
) -> None:
    desk.do(lambda _: [Said(data=fact)])
    again = a_desk(practice)
    again.close()
    assert again.day.events[-1].data == fact


def test_a_refused_act_writes_nothing(desk: Desk, practice: Practice) -> None:
    before = journal(practice).read_bytes()
    with pytest.raises(Refused):
        desk.do(arrive(desk, Stage.LEFT))
    assert journal(practice).read_bytes() == before


def test_an_act_that_was_not_saved_did_not_happen_and_the_next_one_does(
    desk: Desk, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, on_disk = folded(DATE, desk.day.events), journal(practice).read_bytes()
    Disk(monkeypatch, "fdatasync").refuses = lambda call: call == 1
    with pytest.raises(NotSaved):
        desk.do(arrive(desk))
    assert desk.day == before
    assert text_of(journal(practice)) == on_disk.rstrip(b"\0")
    (event,) = desk.do(arrive(desk))
    assert event.seq == len(desk.day.events)
    assert desk.day.visits[FIRST.id].stage is Stage.ARRIVED


def test_what_a_role_may_not_do_is_refused_and_the_attempt_recorded(practice: Practice, desk: Desk) -> None:
    reception = a_desk(practice, by=RECEPTION, terminal="front desk")
    with pytest.raises(NotAllowed, match="Reception may not open a patient's record"):
        reception.do(partial(acts.open_record, place=reception.place, appointment=FIRST.id))
    reception.close()
    desk.refresh()
    attempt = desk.day.events[-1]
    assert attempt.data == facts.ActRefused(
        act="open a patient's record", why="Reception may not open a patient's record."
    )
    assert (attempt.by, attempt.terminal) == (RECEPTION, "front desk")
    assert (attempt.appointment, attempt.patient) == (FIRST.id, FIRST.patient.id), "whose record it was"
    assert desk.day.visits[FIRST.id].stage is Stage.BOOKED


# ── on the day as it is ───────────────────────────────────────────────────────────────────────


def test_an_act_is_checked_against_what_another_desk_wrote_meanwhile(desk: Desk, others: Desk) -> None:
    desk.do(arrive(desk))
    assert others.day.visits[FIRST.id].stage is Stage.BOOKED, "not yet looked"
    with pytest.raises(Refused, match="is already arrived"):
        others.do(arrive(others))
    assert others.day == desk.day


def test_what_others_wrote_is_taken_in_once_and_said_so(desk: Desk, others: Desk) -> None:
    assert not others.refresh()
    desk.do(arrive(desk))
    assert others.refresh()
    assert not others.refresh()
    assert others.day == desk.day


def test_two_desks_and_one_opened_later_have_the_same_day(
    desk: Desk, others: Desk, practice: Practice
) -> None:
    way = (Stage.ARRIVED, Stage.IN_PREP, Stage.WITH_GP, Stage.READY, Stage.WRAP_UP, Stage.LEFT)
    for number, stage in enumerate(way):
        one = (desk, others)[number % 2]
        one.do(arrive(one, stage))
    desk.refresh()
    later = a_desk(practice)
    later.close()
    assert desk.day == others.day == later.day
    assert len(desk.day.visits[FIRST.id].moves) == 6


def test_numbers_count_without_gaps_over_all_desks(desk: Desk, others: Desk, practice: Practice) -> None:
    for one in (desk, others, others, desk):
        one.do(lambda _: [Said(data=facts.LogViewed()), Said(data=facts.LogViewed())])
        with pytest.raises(Refused):
            one.do(arrive(one, Stage.LEFT))
    later = a_desk(practice, terminal="room3")
    later.do(lambda _: [Said(data=facts.LogViewed())])
    later.close()
    numbers = [event.seq for event in later.day.events]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len({event.id for event in later.day.events}) == len(numbers)


def test_each_dates_journal_counts_from_one(desk: Desk, practice: Practice) -> None:
    assert desk.day.events[-1].seq > 1
    tomorrow = a_desk(practice, FIRST, on=DATE + timedelta(days=1))
    tomorrow.close()
    assert tomorrow.day.events[0].seq == 1


# ── in order of time ──────────────────────────────────────────────────────────────────────────


def test_a_clock_set_back_never_puts_an_act_before_an_earlier_one(desk: Desk, clock: FakeClock) -> None:
    (before,) = desk.do(arrive(desk))
    clock.forward(hours=-1)
    (after,) = desk.do(arrive(desk, Stage.LEFT))
    assert after.at == before.at
    assert after.wall == clock.now() == before.at - timedelta(hours=1)
    assert after.order > before.order
    assert desk.day.visits[FIRST.id].stage is Stage.LEFT


def test_a_slow_clock_elsewhere_never_puts_an_act_before_one_already_seen(
    practice: Practice, desk: Desk, clock: FakeClock
) -> None:
    clock.forward(minutes=10)
    (before,) = desk.do(arrive(desk))
    slow = a_desk(practice, clock=FakeClock(NINE - timedelta(hours=3)), by=GP, terminal="room1")
    (after,) = slow.do(arrive(slow, Stage.LEFT))
    slow.close()
    assert after.at == before.at
    desk.refresh()
    assert desk.day == slow.day


@given(st.lists(st.integers(-3600, 3600), min_size=1, max_size=8))
def test_however_the_clock_jumps_time_in_the_log_stands_still_or_goes_on(
    tmp_path_factory: pytest.TempPathFactory, jumps: list[int]
) -> None:
    clock = FakeClock()
    desk = a_desk(a_practice(tmp_path_factory.mktemp("jumps")), clock=clock)
    for seconds in jumps:
        clock.forward(seconds=seconds)
        desk.do(lambda _: [Said(data=facts.LogViewed())])
    desk.close()
    times = [event.at for event in desk.day.events]
    assert times == sorted(times)
    assert [event.wall for event in desk.day.events][-1] == clock.now()
    assert all(event.at >= event.wall for event in desk.day.events)


def test_an_entry_that_comes_late_from_another_store_takes_its_place(
    desk: Desk, practice: Practice, clock: FakeClock
) -> None:
    clock.forward(minutes=10)
    desk.do(arrive(desk))
    desk.do(arrive(desk, Stage.LEFT))
    late = an_event(
        facts.AppointmentMoved(was=Stage.BOOKED, to=Stage.WITH_GP),
        50,
        FIRST,
        at=clock.now() - timedelta(minutes=5),
        origin="another-store",
    )
    with desk.storage.locked():
        desk.storage.append(f"[{late.model_dump_json(exclude_none=True)}]".encode(), {})
    desk.read()
    assert [move.to for move in desk.day.visits[FIRST.id].moves] == [Stage.WITH_GP, Stage.ARRIVED, Stage.LEFT]
    (event,) = desk.do(lambda _: [Said(data=facts.LogViewed())])
    assert event.seq == len(desk.day.events) - 1, "another store's numbers are its own"
    later = a_desk(practice)
    later.close()
    assert later.day == desk.day
