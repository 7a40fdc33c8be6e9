"""The quiet view by keys: each thing that waits is answered by Enter, and nothing else is."""

from __future__ import annotations

from contextlib import closing
from functools import partial

from clinic import DATE, DEVICE, FIRST, GP, GPA, SECOND, FakeClock, a_bench, a_desk
from station import station

from gpa_tui.records.base import StaffId
from gpa_tui.records.event import ClaimLost, Said
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.staff import Role
from gpa_tui.session import acts, tasks
from gpa_tui.session.acts import Place
from gpa_tui.session.registry import Registry
from gpa_tui.store.practice import Practice

DOCTORS = Owner(name="Clinician", role=Role.CLINICIAN)


def ask(practice: Practice, what: str) -> None:
    with closing(Registry(a_bench(practice))) as registry:
        registry.do(lambda _: tasks.ask(registry.place, what, DOCTORS, DATE))


async def test_a_gp_answers_and_who_asked_sees_it(stocked: Practice, clock: FakeClock) -> None:
    ask(stocked, "may Mrs Okonkwo eat?")
    async with station(stocked, clock) as screen:
        await screen.sign_in("Dr N Patel", "c")
        assert "1 for you" in screen.screen
        await screen.press("f")
        assert "asked    may Mrs Okonkwo eat?, asked by M Okafor 09:00" in screen.screen
        await screen.press("enter")
        await screen.type("Yes, soup")
        await screen.press("enter")
        assert "Nothing waits for you." in screen.screen
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        assert "1 answered" in screen.screen
        await screen.press("f")
        assert "may Mrs Okonkwo eat? – done by Dr N Patel: Yes, soup" in screen.screen
        await screen.press("enter")
        assert "Nothing waits for you." in screen.screen
        assert "1 answered" not in screen.screen


async def test_wording_opens_on_the_plan_and_a_brief_opens_whole(stocked: Practice, clock: FakeClock) -> None:
    with closing(a_desk(stocked, clock=clock)) as desk:
        for act in (
            partial(acts.open_record, appointment=FIRST.id),
            partial(acts.check_identity, appointment=FIRST.id, said_by="record only", name="", born=None),
            partial(acts.give_plan, appointment=FIRST.id, text="rest", given_by="Dr N Patel"),
            partial(acts.word_plan, appointment=FIRST.id, messages=["Rest today."]),
        ):
            desk.do(partial(act, place=desk.place))
    async with station(stocked, clock) as screen:
        await screen.sign_in("Dr N Patel", "c")
        await screen.press("f")
        assert "release  OKONKWO, Grace: Rest today." in screen.screen
        await screen.press("enter")
        assert "Message 1 (not said back yet; wording not released)" in screen.screen
        await screen.press("r", "o")
        assert screen.day.visits[FIRST.id].plan.released_by == "Dr N Patel"
        await screen.press("backspace")
        assert "Nothing waits for you." in screen.screen
        await screen.press("backspace", "home", "a", "enter", "g", "o", "enter")
        await screen.type("no time")
        await screen.press("enter", "f")
        assert "brief    09:00 OKONKWO, Grace: Back pain; open:" in screen.screen
        await screen.press("enter")
        assert "Situation" in screen.screen
        assert screen.day.events[-1].kind == "record.viewed"
        await screen.press("backspace", "backspace")
        assert "What waits for you" in screen.screen


async def test_enter_hears_the_escalation_that_was_looked_at_and_no_other(
    stocked: Practice, clock: FakeClock
) -> None:
    with closing(a_desk(stocked, clock=clock)) as desk:
        first, second = (
            desk.do(partial(acts.escalate, place=desk.place, appointment=row.id, because=why))[0]
            for row, why in ((FIRST, "grey"), (SECOND, "blue"))
        )
        async with station(stocked, clock) as screen:
            await screen.sign_in("Dr N Patel", "c")
            await screen.press("f")
            assert "! hear   09:00 OKONKWO, Grace: grey, from M Okafor" in screen.screen
            desk.refresh()
            desk.do(
                partial(
                    acts.tell, place=desk.place, appointment=FIRST.id, escalation=first.id, told="Dr N Patel"
                )
            )
            screen.app.lookout.look()
            await screen.press("enter")
            assert "look, then press again" in screen.screen
            assert not screen.day.visits[SECOND.id].escalations[second.id].heard_by
            await screen.press("enter")
            assert screen.day.visits[SECOND.id].escalations[second.id].heard_by == "Dr N Patel"
            assert "Heard: 09:00 SMITH, John: blue" in screen.screen


async def test_a_task_that_was_done_by_a_slip_is_open_again(stocked: Practice, clock: FakeClock) -> None:
    ask(stocked, "ring the lab")
    async with station(stocked, clock) as screen:
        await screen.sign_in("Dr N Patel", "c")
        await screen.press("t", "d")
        assert "Nothing is open." in screen.screen
        await screen.press("u")
        assert "ring the lab" in screen.screen
        assert "Open again." in screen.screen


async def test_who_was_second_to_say_that_they_do_it_is_told_at_once(
    stocked: Practice, clock: FakeClock
) -> None:
    ask(stocked, "ring the lab")
    async with station(stocked, clock) as screen:
        await screen.sign_in("Dr N Patel", "c")
        await screen.press("t", "a")
        assert "Yours now: ring the lab" in screen.screen
        with closing(Registry(a_bench(stocked, by=DEVICE))) as machine:
            machine.read()
            (task,) = machine.standing.tasks
            lost = ClaimLost(what="ring the lab", owner="Dr J Singh", staff=StaffId("jsingh"))
            machine.do(lambda _: [Said(data=lost, about=task)])
        screen.app.lookout.look()
        await screen.settled()
        assert "Dr J Singh does it, and not you: ring the lab" in screen.screen
        assert "Yours now" not in screen.screen


def test_an_ask_of_a_role_waits_for_each_who_acts_in_it(practice: Practice) -> None:
    ask(practice, "ring")
    with closing(Registry(a_bench(practice, by=GP))) as registry:
        registry.read()
        (task,) = registry.standing.tasks.values()
        assert task.is_for(GP)
        assert not task.is_for(GPA)
        registry.do(lambda standing: tasks.accept(standing.tasks, Place(GP, "room1"), task.id))
        assert registry.standing.tasks[task.id].accepted_by == "Dr N Patel"
