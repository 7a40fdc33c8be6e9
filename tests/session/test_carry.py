"""What is noted of a patient on one day is known on the next: by the machine's hand, whatever stops it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from clinic import DATE, FIRST, GPA, SECOND, FakeClock, Morning, a_bench, a_desk, listed

from gpa_tui.errors import Refused
from gpa_tui.records.event import PatientCarried
from gpa_tui.records.patient import Need
from gpa_tui.records.staff import Role
from gpa_tui.session import acts
from gpa_tui.session.admission import carry, desk_for_one_act, open_day
from gpa_tui.session.carry import known_before, to_carry
from gpa_tui.session.desk import Desk
from gpa_tui.session.registry import Registry
from gpa_tui.store.practice import Practice

NEXT = DATE + timedelta(days=1)
LOOP, PRINT = Need(text="Hearing loop", mark="HL"), Need(text="large print")
PATIENT = FIRST.patient.id


def identified(desk: Desk) -> None:
    desk.do(partial(acts.open_record, place=desk.place, appointment=FIRST.id))
    said = partial(acts.check_identity, appointment=FIRST.id, said_by="record only", name="", born=None)
    desk.do(partial(said, place=desk.place))


def note(desk: Desk, need: Need) -> None:
    identified(desk)
    desk.do(partial(acts.note_need, place=desk.place, appointment=FIRST.id, need=need))


def needs(desk: Desk) -> list[str]:
    return [need.text for need in desk.day.visits[FIRST.id].patient.needs]


def noted_on(practice: Practice, clock: FakeClock, *noted: Need) -> None:
    with (
        closing(a_desk(practice, FIRST, SECOND, clock=clock)) as desk,
        closing(Registry(a_bench(practice, clock=clock))) as registry,
    ):
        for need in noted:
            note(desk, need)
        carry(desk.bench, desk.day, registry)


def opened(practice: Practice, clock: FakeClock, registry: Registry, on: date = NEXT) -> Desk:
    desk = open_day(a_bench(practice, clock=clock), registry, on)
    if not desk.day.visits:
        desk.do(lambda _: listed(FIRST, SECOND))
    return desk


def test_a_need_that_was_noted_is_there_on_the_next_day_and_written_by_the_machine_once(
    practice: Practice, clock: FakeClock
) -> None:
    noted_on(practice, clock, LOOP)
    clock.forward(days=1)
    with closing(Registry(a_bench(practice, clock=clock))) as registry:
        with closing(opened(practice, clock, registry)) as desk:
            assert needs(desk) == ["Hearing loop"]
            assert [need.mark for need in desk.day.visits[FIRST.id].patient.needs] == ["HL"]
            assert desk.day.visits[SECOND.id].patient.needs == ()
            carry(desk.bench, desk.day, registry)
        found = [event for event in registry.standing.events if isinstance(event.data, PatientCarried)]
        assert [(event.by.role, event.patient) for event in found] == [(Role.DEVICE, PATIENT)]


def test_of_a_day_that_ended_in_a_crash_it_is_there_too(practice: Practice, clock: FakeClock) -> None:
    with closing(a_desk(practice, FIRST, SECOND, clock=clock)) as desk:
        note(desk, LOOP)  # and the machine is gone
    clock.forward(days=1)
    with (
        closing(Registry(a_bench(practice, clock=clock))) as registry,
        closing(opened(practice, clock, registry)) as desk,
    ):
        registry.refresh()
        assert needs(desk) == ["Hearing loop"]


def test_what_was_struck_is_carried_no_more(practice: Practice, clock: FakeClock) -> None:
    noted_on(practice, clock, LOOP, PRINT)
    with desk_for_one_act(a_bench(practice, clock=clock), DATE) as desk:
        entry = next(event for event in desk.day.events if getattr(event.data, "need", None) == LOOP)
        strike = partial(acts.strike, appointment=FIRST.id, entry=entry.id, why="the other sister")
        desk.do(partial(strike, place=desk.place))
    clock.forward(days=1)
    with (
        closing(Registry(a_bench(practice, clock=clock))) as registry,
        closing(opened(practice, clock, registry)) as desk,
    ):
        assert needs(desk) == ["large print"]


def test_a_need_ends_with_a_reason_and_can_be_noted_again(practice: Practice, clock: FakeClock) -> None:
    noted_on(practice, clock, LOOP, PRINT)
    for on, then in ((NEXT, ["large print"]), (NEXT + timedelta(days=1), ["large print"])):
        clock.forward(days=1)
        with (
            closing(Registry(a_bench(practice, clock=clock))) as registry,
            closing(opened(practice, clock, registry, on)) as desk,
        ):
            if on == NEXT:
                identified(desk)
                desk.do(
                    partial(
                        acts.end_need,
                        place=desk.place,
                        appointment=FIRST.id,
                        need="Hearing loop",
                        why="new aids",
                    )
                )
            assert needs(desk) == then
            carry(desk.bench, desk.day, registry)
    clock.forward(days=1)
    with (
        closing(Registry(a_bench(practice, clock=clock))) as registry,
        closing(opened(practice, clock, registry, NEXT + timedelta(days=2))) as desk,
    ):
        note(desk, LOOP)
        assert sorted(needs(desk)) == ["Hearing loop", "large print"]


def test_only_what_was_noted_here_ends_here() -> None:
    morning = Morning()
    morning.do(acts.open_record, FIRST.id)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    with pytest.raises(Refused, match="was not noted here"):
        morning.do(acts.end_need, FIRST.id, "Hearing loop", "no")
    morning.do(acts.note_need, FIRST.id, LOOP)
    with pytest.raises(Refused, match="Say why"):
        morning.do(acts.end_need, FIRST.id, "Hearing loop", " ")
    morning.do(acts.end_need, FIRST.id, "HEARING LOOP", "no")
    assert morning.visit().patient.needs == ()


def test_two_visits_of_one_patient_are_carried_together() -> None:
    again = SECOND.model_copy(update={"patient": FIRST.patient})
    morning = Morning(FIRST, again)
    for row, need in ((FIRST, LOOP), (again, PRINT)):
        morning.do(acts.open_record, row.id)
        morning.do(acts.check_identity, row.id, "record only", "", None)
        morning.do(acts.note_need, row.id, need)
    (said,) = to_carry(morning.day, {})
    assert isinstance(said.data, PatientCarried)
    assert said.data.needs == (LOOP, PRINT)


def test_a_later_day_does_not_change_what_an_earlier_one_shows() -> None:
    carried = {PATIENT: {NEXT: PatientCarried(on=NEXT, needs=(LOOP,))}}
    assert known_before(carried, NEXT)(PATIENT) == ()
    assert known_before(carried, NEXT + timedelta(days=1))(PATIENT) == (LOOP,)


Run = Callable[..., tuple[int, str, str]]


def test_the_huddle_sheet_of_the_next_day_names_it(
    practice: Practice, clock: FakeClock, run: Run, secret: Path
) -> None:
    noted_on(practice, clock, LOOP)
    clock.forward(days=1)
    with closing(Registry(a_bench(practice, clock=clock))) as registry:
        opened(practice, clock, registry).close()
    who = ("--staff", GPA.staff, "--passphrase-file", secret, "--date", NEXT.isoformat())
    assert "Hearing loop" in run("--home", practice.home, "huddle", *who)[1]
