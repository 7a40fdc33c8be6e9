"""Who works here, by keys: signing off, people, and what is asked and not done."""

from __future__ import annotations

from contextlib import closing

import pytest
from clinic import FIRST, PASSPHRASE, SUPERVISOR, FakeClock, a_bench
from station import Station, station

from gpa_tui.session import competence
from gpa_tui.session.registry import Registry
from gpa_tui.settings import COMPETENCIES_FILE, shipped_competencies
from gpa_tui.store.practice import Practice

NEW = "purple lantern"


@pytest.fixture
def learning(stocked: Practice) -> Practice:
    """A practice with the starter set, where nobody is signed off for anything."""
    (stocked.home / COMPETENCIES_FILE).unlink()
    return Practice(stocked.home)


def sign_off(practice: Practice, *wanted: str) -> None:
    with closing(Registry(a_bench(practice, by=SUPERVISOR))) as registry:
        member = next(one.member for one in practice.roster.staff if one.member.id == "mokafor")
        for one in shipped_competencies().competency:
            if one.id in wanted:
                on = FakeClock().now().date()
                registry.do(
                    lambda _, one=one, on=on: competence.sign_off(  # type: ignore[misc]
                        registry.place, member, one, on, None, "seen", today=on
                    )
                )


async def opened(screen: Station) -> None:
    await screen.sign_in()
    await screen.press("enter")


async def test_an_item_is_asked_then_done_under_somebodys_eyes_and_the_attempt_is_in_the_log(
    learning: Practice, clock: FakeClock
) -> None:
    async with station(learning, clock) as screen:
        await opened(screen)
        assert "1 Prep 0/12 ask  2 Obs – ask  3 ECG – ask  4 Plan – ask" in screen.screen
        assert "ask   Reason in the patient's own words" in screen.screen
        await screen.press("d")
        assert "Ask: you are not signed off for Preparing a patient before the GP. Dr N" in screen.screen
        assert "Under whose direct supervision" in screen.screen
        assert screen.day.events[-1].kind == "act.refused"
        await screen.press("escape")
        assert not screen.day.visits[FIRST.id].answers
        await screen.press("d", "1", "o")
        assert len(screen.day.visits[FIRST.id].answers) == 1
        assert "1 Prep 1/12  2 Obs – ask" in screen.screen
        kinds = [event.kind for event in screen.day.events]
        assert kinds[-5:] == [
            "act.refused", "act.refused", "supervision.stated", "identity.checked", "prep.answered"
        ]  # fmt: skip


async def test_the_first_key_on_the_slip_is_kept_while_it_is_asked(
    learning: Practice, clock: FakeClock
) -> None:
    async with station(learning, clock) as screen:
        await opened(screen)
        await screen.press("2")
        assert "Ask: not signed off for Observations" in screen.screen
        await screen.press("1", "1", "o", "8")
        assert "Breaths    18" in screen.screen


async def test_the_plan_is_heard_and_its_wording_asked(learning: Practice, clock: FakeClock) -> None:
    sign_off(learning, "prep")
    async with station(learning, clock) as screen:
        await opened(screen)
        assert "1 Prep 0/12  2 Obs – ask" in screen.screen
        await screen.press("4", "enter", "o")
        await screen.type("Rest")
        await screen.press("ctrl+o")
        assert screen.day.visits[FIRST.id].plan.words == "Rest"
        assert "Under whose direct supervision" in screen.screen
        await screen.press("escape", "escape")


async def test_a_supervisor_signs_off_and_the_other_terminal_has_it_at_once(
    learning: Practice, clock: FakeClock
) -> None:
    async with station(learning, clock) as screen:
        await opened(screen)
        sign_off(learning, "observations")
        screen.app.lookout.look()
        assert "2 Obs –  3 ECG – ask  4 Plan – ask" in screen.screen


async def test_signing_off_by_keys(learning: Practice, clock: FakeClock) -> None:
    async with station(learning, clock) as screen:
        await screen.sign_in("Dr N Patel", "s")
        await screen.press("m")
        assert (
            "M Okafor           mokafor      GPA                        signed off 0 of 14" in screen.screen
        )
        await screen.press("enter", "g")
        assert "seen on which day?" in screen.screen
        await screen.type("24 11 2026")
        await screen.press("enter")
        assert "still to come" in screen.screen
        await screen.press(*["backspace"] * 10, "enter")
        await screen.type("1y")
        await screen.press("enter")
        await screen.type("Did four on Monday")
        await screen.press("enter")
        assert "✓ Preparing a patient before the GP: 23 Nov 2026 by Dr N Patel, till 23 Nov" in screen.screen
        await screen.press("x")
        await screen.type("not since June")
        await screen.press("enter")
        assert "✓" not in screen.screen
        await screen.press("backspace", "backspace")
        assert "OKONKWO" in screen.screen


async def test_nobody_else_signs_off_and_the_attempt_is_in_the_log(
    learning: Practice, clock: FakeClock
) -> None:
    async with station(learning, clock) as screen:
        await screen.sign_in()
        await screen.press("m", "enter", "g")
        assert "GPA may not sign off a competency. Ask: Supervisor." in screen.screen
        assert screen.day.events[-1].kind == "act.refused"
        await screen.press("x")
        assert [event.kind for event in screen.day.events[-2:]] == ["act.refused"] * 2
        await screen.press("backspace", "plus")
        assert "GPA may not change who may sign in. Ask: Administrator." in screen.screen
        await screen.press("c", "r", "x")
        assert [event.kind for event in screen.day.events[-4:]] == ["act.refused"] * 4


async def test_a_supervisor_does_not_sign_themselves_off(learning: Practice, clock: FakeClock) -> None:
    async with station(learning, clock) as screen:
        await screen.sign_in("Dr N Patel", "s")
        await screen.press("m", "down", "enter", "g")
        assert "Nobody signs themselves off." in screen.screen


async def test_an_administrator_adds_changes_and_lets_go_by_keys(
    practice: Practice, clock: FakeClock
) -> None:
    async with station(practice, clock) as screen:
        await screen.sign_in("L Wong")
        await screen.press("m", "plus")
        await screen.type("mokafor")
        await screen.press("enter")
        assert "on the list already" in screen.screen
        await screen.press(*["backspace"] * 7)
        await screen.type("jdoe")
        await screen.press("enter")
        await screen.type("J Doe")
        await screen.press("enter")
        await screen.type("z")
        await screen.press("enter")
        assert "Roles: r reception" in screen.screen
        await screen.press("backspace")
        await screen.type("r")
        await screen.press("enter")
        await screen.type("short")
        await screen.press("enter")
        assert "at least 8 characters" in screen.screen
        await screen.press(*["backspace"] * 5)
        await screen.type(NEW)
        await screen.press("enter")
        await screen.type("another")
        await screen.press("enter")
        assert "The two differ" in screen.screen
        await screen.type(NEW)
        await screen.press("enter")
        await screen.type(NEW)
        await screen.press("enter")
        assert "Done. J Doe signs in as jdoe." in screen.screen
        assert "J Doe              jdoe         GPA, Reception" in screen.screen
        await screen.press("end", "c", "enter", "backspace", "backspace")
        await screen.type("c")
        await screen.press("enter")
        assert "J Doe              jdoe         Clinician" in screen.screen
        await screen.press("r")
        for _ in range(2):
            await screen.type("yellow blanket")
            await screen.press("enter")
        assert "Done. jdoe: new passphrase." in screen.screen
        await screen.press("x")
        await screen.type("gone")
        await screen.press("enter")
        assert "Nothing was changed" in screen.screen
        await screen.press(*["backspace"] * 4)
        await screen.type("left")
        await screen.press("enter")
        assert "has left" in screen.screen
        await screen.press("home", "down", "down", "down", "x")
        await screen.type("left")
        await screen.press("enter")
        assert "Nobody else is an administrator." in screen.screen
        await screen.press("escape", "backspace")
        assert "16" not in screen.screen
        # and what they write from now on is under the new key of the store
        await screen.press("m")
        assert screen.app.registry is not None
        assert screen.app.registry.standing.people["jdoe"].left  # type: ignore[index]


async def test_a_list_with_a_mistake_in_it_is_named_at_the_door(learning: Practice, clock: FakeClock) -> None:
    own = learning.home / COMPETENCIES_FILE
    own.write_text("version = ")
    own.chmod(0o600)
    async with station(learning, clock) as screen:
        await screen.type("M Okafor")
        await screen.press("enter")
        await screen.type(PASSPHRASE)
        await screen.press("enter")
        assert "Mend that line." in screen.screen
        assert screen.app.desk is None
