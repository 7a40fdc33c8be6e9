"""What is urgent, from anywhere; what stays open; and keys that must not act on what was not looked at."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from functools import partial

import pytest
from clinic import (
    ADMINISTRATOR,
    DATE,
    FIRST,
    GP,
    RECEPTION,
    SECOND,
    FakeClock,
    a_bench,
    a_clinic,
    a_desk,
    a_patient,
    an_appointment,
)
from station import Station, station

from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import ClinicId, StaffId
from gpa_tui.records.event import Said
from gpa_tui.records.staff import Role, StaffMember
from gpa_tui.session import acts, people
from gpa_tui.session.desk import Desk
from gpa_tui.session.escalations import not_heard
from gpa_tui.session.registry import Registry
from gpa_tui.store.practice import Practice

OTHER = ClinicId("clinic-2")
YESTERDAY = DATE - timedelta(days=1)


def escalate(desk: Desk, row: object = FIRST, because: str = "grey") -> None:
    appointment = getattr(row, "id")  # noqa: B009
    desk.do(partial(acts.escalate, place=desk.place, appointment=appointment, because=because))


async def held(screen: Station) -> None:
    """Some seconds go by between two keys."""
    before = screen.app.lookout.monotonic()
    screen.app.lookout.monotonic = lambda: before + 60


# ── from anywhere ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", ["t", "f", "b", "m", "c", "r", "9"])
async def test_escalating_works_on_every_screen(stocked: Practice, clock: FakeClock, way: str) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in("Dr N Patel", "s")
        await screen.press(way, "e")
        assert "Escalate" in screen.screen
        await screen.press("down", "enter", "enter", "o") if "who is it about" in screen.screen else None
        await screen.press("enter")
        assert len(not_heard(screen.day)) == 1


async def test_from_a_field_of_the_list_too(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("slash")
        await screen.type("okon")
        await screen.press("ctrl+r", "enter")
        assert [one.because for _, one in not_heard(screen.day)] == ["asks for the GP now"]


async def test_heard_from_any_screen_where_the_frame_names_it(stocked: Practice, clock: FakeClock) -> None:
    with closing(a_desk(stocked, clock=clock)) as desk:
        escalate(desk)
    async with station(stocked, clock) as screen:
        await screen.sign_in("Dr N Patel", "c")
        await screen.press("t")
        assert "! 09:00 OKONKWO 0 min" in screen.screen
        await screen.press("k")
        assert "Heard: OKONKWO, Grace, grey." in screen.screen
        assert not not_heard(screen.day)


async def test_reception_can_escalate_and_say_whom_they_told(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in("S Reed")
        await screen.press("e")
        await screen.type("collapsed in the waiting room")
        await screen.press("enter", "p")
        (one,) = screen.day.visits[FIRST.id].escalations.values()
        assert (one.by, one.told) == (RECEPTION, "Dr N Patel, in person")


async def test_the_call_card_is_a_reading_that_is_recorded(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("9")
        assert "Call back" in screen.screen
        assert (screen.day.events[-1].kind, screen.day.events[-1].appointment) == (
            "call_card.shown",
            FIRST.id,
        )


async def test_where_no_clinician_is_named_nobody_is_called_told_by_one_key(
    practice: Practice, clock: FakeClock
) -> None:
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press("plus")
        await screen.type("Hall, Mia")
        await screen.press("enter", "enter", "enter", "e", "enter")
        assert "Whom did you tell?" in screen.screen
        assert "in person" not in screen.screen
        await screen.press("p", "n")
        assert "HALL, Mia: asks for the GP now. Why was nobody told?" in screen.screen
        assert not_heard(screen.day)


# ── keys and what was looked at ───────────────────────────────────────────────────────────────


async def test_a_key_held_in_the_quiet_view_answers_one_thing(stocked: Practice, clock: FakeClock) -> None:
    with closing(a_desk(stocked, clock=clock)) as desk:
        for row in (FIRST, SECOND):
            escalate(desk, row)
    async with station(stocked, clock) as screen:
        await screen.sign_in("Dr N Patel", "c")
        await screen.press("f", "enter", "enter", "enter")
        assert [visit.id for visit, _ in not_heard(screen.day)] == [SECOND.id]
        await held(screen)
        await screen.press("enter")
        assert not not_heard(screen.day)


async def test_a_stage_key_acts_on_the_stage_that_was_seen(stocked: Practice, clock: FakeClock) -> None:
    with closing(a_desk(stocked, clock=clock, by=RECEPTION, terminal="desk")) as other:
        other.do(partial(acts.move, place=other.place, appointment=FIRST.id, to=Stage.ARRIVED))
        async with station(stocked, clock) as screen:
            await screen.sign_in()
            assert screen.app.desk is not None
            screen.app.desk.refresh = lambda **_: False  # type: ignore  # it has not looked yet
            other.refresh()
            other.do(partial(acts.move, place=other.place, appointment=FIRST.id, to=Stage.WITH_GP))
            await screen.press("space")
            said = " ".join(screen.screen.split())
            assert "was moved meanwhile: with GP, by S Reed. Look, then press again." in said
            assert screen.day.visits[FIRST.id].stage is Stage.WITH_GP


async def test_a_move_that_cannot_be_says_what_can(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("a", "down", "l")
        said = " ".join(screen.screen.split())
        assert "SMITH, John is booked: left cannot follow. What can: arrived, did not attend." in said


# ── several clinics, earlier days ─────────────────────────────────────────────────────────────


def two_clinics(practice: Practice, clock: FakeClock) -> Desk:
    desk = a_desk(practice, FIRST, clock=clock)
    later = a_clinic(id=OTHER, clinician="Dr B Else", session="afternoon")
    row = an_appointment(40, a_patient("Hall", "Mia", "2001-05-06", id="mia"), clinic=OTHER)
    listed = facts.AppointmentListed(appointment=row)
    desk.do(
        lambda _: [
            Said(data=facts.ClinicOpened(clinic=later), clinic=OTHER),
            Said(data=listed, clinic=OTHER, appointment=row.id, patient=row.patient.id),
        ]
    )
    return desk


async def test_closing_one_clinic_names_it_and_what_is_not_heard_in_any(
    practice: Practice, clock: FakeClock
) -> None:
    with closing(two_clinics(practice, clock)) as desk:
        escalate(desk)
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press("g", "2")
        assert "OKONKWO, Grace" not in screen.screen
        await screen.press("c")
        said = " ".join(screen.screen.split())
        assert "Closing Dr B Else · afternoon" in said
        assert "Not heard 09:00 OKONKWO, Grace: grey" in said
        assert "OKONKWO, Grace: booked" not in said
        await screen.press("enter")
        closed = [event for event in screen.day.events if event.kind == "clinic.closed"]
        assert [event.clinic for event in closed] == [OTHER]
        await screen.press("n")
        assert "OKONKWO, Grace" in screen.screen


async def test_what_yesterday_left_open_is_loud_and_one_key_goes_there(
    practice: Practice, clock: FakeClock
) -> None:
    clock.forward(days=-1)
    a_desk(practice, FIRST, clock=clock, on=YESTERDAY).close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press("e")
        await screen.type("grey")
        await screen.press("enter", "escape", "c", "enter", "ctrl+l")
    clock.forward(days=1)
    async with station(practice, clock) as screen:
        await screen.sign_in("Dr N Patel", "c")
        assert "things are left open on earlier days: f shows them" in screen.screen
        assert "! 1 not heard on Sun 22 Nov: f" in screen.screen
        await screen.press("f")
        assert "left     Sun 22 Nov: not heard, 09:00 OKONKWO, Grace: grey" in screen.screen
        await screen.press("enter")
        assert "NOT TODAY" in screen.screen
        await screen.press("k")
        assert "Heard: OKONKWO, Grace, grey." in screen.screen
        await screen.press("d", "y")
        assert "not heard" not in screen.screen


async def test_nobody_walks_in_on_a_day_that_is_over(stocked: Practice, clock: FakeClock) -> None:
    a_desk(stocked, an_appointment(5), clock=clock, on=YESTERDAY).close()
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("y", "plus")
        assert "This is not today's list: y goes there." in screen.screen


async def test_what_was_half_typed_of_one_walk_in_is_not_the_next_ones(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("plus")
        await screen.type("Hall, Mia")
        await screen.press("enter")
        await screen.type("6may2001")
        await screen.press("enter")
        await screen.type("cut hand")
        await screen.press("escape", "plus", *["backspace"] * 9)
        await screen.type("Bray, Tom")
        await screen.press("enter", "enter", "enter")
        (row,) = (visit.appointment for visit in screen.day.rows if visit.appointment.walk_in)
        assert (row.patient.name.family, row.patient.born, row.reason) == ("Bray", None, "")


# ── who acts ──────────────────────────────────────────────────────────────────────────────────


def changed(practice: Practice, member: StaffMember) -> None:
    with closing(Registry(a_bench(practice, by=ADMINISTRATOR))) as registry:
        registry.read()
        registry.change(people.changing(member.id, member.name, member.roles))


async def test_a_role_that_was_taken_away_is_not_handed_back_by_the_passphrase(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in("Dr N Patel", "s")
        changed(stocked, StaffMember(id=GP.staff, name="Dr Nina Patel", roles=(Role.RECEPTION,)))
        screen.app.lookout.look()
        await screen.settled()
        assert "Locked by" in screen.screen
        await screen.type("green kettle")
        await screen.press("enter")
        assert "Dr Nina Patel Reception" in screen.screen
        await screen.press("a")
        assert (screen.day.events[-1].by.role, screen.day.events[-1].by.name) == (
            Role.RECEPTION,
            "Dr Nina Patel",
        )


async def test_a_name_that_another_begins_with_signs_in_by_number_and_whole(
    practice: Practice, clock: FakeClock
) -> None:
    with closing(Registry(a_bench(practice, by=ADMINISTRATOR))) as registry:
        registry.read()
        member = StaffMember(id=StaffId("Bell"), name="M Okafor-Bell", roles=(Role.GPA,))
        registry.change(people.adding(registry.bench.keys, member, "purple lantern"))
    async with station(practice, clock) as screen:
        for name in ("1", "m okafor", "bell"):
            await screen.type(name)
            await screen.press("enter")
            assert "Nobody of that name" not in screen.screen, name
            await screen.press("up", *["backspace"] * 14)
        await screen.sign_in("1")
        assert "M Okafor GPA" in screen.screen
        await screen.press("ctrl+l")
        await screen.type("green kettle")
        await screen.press("enter")
        assert "Locked by" not in screen.screen


async def test_somebody_added_since_is_found_at_a_terminal_that_waits(
    practice: Practice, clock: FakeClock
) -> None:
    async with station(practice, clock) as screen:
        with closing(Registry(a_bench(practice, by=ADMINISTRATOR))) as registry:
            registry.read()
            member = StaffMember(id=StaffId("jdoe"), name="J Doe", roles=(Role.GPA,))
            registry.change(people.adding(registry.bench.keys, member, "purple lantern"))
        await screen.type("jdoe")
        await screen.press("enter")
        assert "Nobody of that name" not in screen.screen


@pytest.mark.parametrize("typed", ["²", "99", "٣"])
async def test_no_digit_that_is_none_ends_the_program(
    practice: Practice, clock: FakeClock, typed: str
) -> None:
    async with station(practice, clock) as screen:
        await screen.type(typed)
        await screen.press("enter")
        assert "Nobody of that name or number" in screen.screen


async def test_every_supervisor_who_can_be_chosen_is_to_be_seen(stocked: Practice, clock: FakeClock) -> None:
    (stocked.home / "competencies.toml").unlink()
    with closing(Registry(a_bench(stocked, by=ADMINISTRATOR))) as registry:
        registry.read()
        for number in range(5):
            name = f"Dr Alexandra-{number} Featherstonehaugh"
            member = StaffMember(id=StaffId(f"doc{number}"), name=name, roles=(Role.CLINICIAN,))
            registry.change(people.adding(registry.bench.keys, member, "purple lantern"))
    async with station(Practice(stocked.home), clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "d")
        for number in range(5):
            assert f"{number + 2}  Dr Alexandra-{number} Featherstonehaugh" in screen.screen


async def test_supervision_ends_when_the_record_is_left_or_the_screen_locked(
    stocked: Practice, clock: FakeClock
) -> None:
    (stocked.home / "competencies.toml").unlink()
    async with station(Practice(stocked.home), clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "d", "1", "o")
        assert "1 Prep 1/12  2 Obs – ask" in screen.screen
        await screen.press("backspace", "enter")
        assert "1 Prep 1/12 ask" in screen.screen
        await screen.press("d", "1")
        assert "1 Prep 2/12  2" in screen.screen
        await screen.press("ctrl+l")
        await screen.type("green kettle")
        await screen.press("enter")
        assert "1 Prep 2/12 ask" in screen.screen
