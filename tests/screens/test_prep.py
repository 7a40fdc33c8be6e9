"""The prep page: what is open from an earlier day stands first, and only an item is ever answered."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

from clinic import FIRST, SECOND, FakeClock, a_bench, a_desk, an_appointment
from station import station

from gpa_tui.records.appointment import Appointment
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.prep import PrepOutcome
from gpa_tui.records.staff import Role
from gpa_tui.session import tasks
from gpa_tui.session.day import Visit
from gpa_tui.session.registry import Registry
from gpa_tui.store.practice import Practice

OWNER = Owner(name="Reception", role=Role.RECEPTION)


def ask(practice: Practice, clock: FakeClock, what: str, row: Appointment, due_in: int) -> None:
    with closing(Registry(a_bench(practice, clock=clock))) as registry:
        due = clock.now().date() + timedelta(days=due_in)
        registry.do(lambda _: tasks.ask(registry.place, what, OWNER, due, Visit(row), for_patient=True))


async def test_what_the_last_plan_left_open_stands_first_and_in_the_brief(
    practice: Practice, clock: FakeClock
) -> None:
    ask(practice, clock, "blood test", FIRST, 1)
    ask(practice, clock, "referral", FIRST, 14)
    ask(practice, clock, "call back", SECOND, 1)
    clock.forward(days=7)
    a_desk(practice, FIRST, SECOND, clock=clock, on=clock.now().date()).close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press("a", "enter")
        assert "Open from before: blood test – Reception, by 24-Nov-2026, OVERDUE;" in screen.screen
        assert "07-Dec-2026" in screen.screen
        assert "call back" not in screen.screen
        await screen.press("home", "d")
        assert "Put the cursor on an item first." in screen.screen
        assert not screen.day.visits[FIRST.id].answers
        await screen.press("g", "o")
        assert "open from before: blood test" in screen.screen


async def test_what_was_asked_today_is_not_from_before(stocked: Practice, clock: FakeClock) -> None:
    ask(stocked, clock, "blood test", FIRST, 0)
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter")
        assert "Open from before" not in screen.screen


async def test_a_later_day_says_who_last_checked_what_the_list_says(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("a", "enter", "down", "down", "d", "o")
        assert screen.day.visits[FIRST.id].answers
        await screen.press("escape")
    clock.forward(days=7)
    a_desk(stocked, FIRST, SECOND, clock=clock, on=clock.now().date()).close()
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("a", "enter")
        words = " ".join(screen.screen.split())
        assert "list of 09:00: Not asked; last checked 23 Nov 09:00, M Okafor" in words


BACK = an_appointment(1, reason="Back pain")


async def test_choices_that_follow_each_other_take_a_key_each_and_a_stop_ends_the_run(
    practice: Practice, clock: FakeClock
) -> None:
    a_desk(practice, BACK, clock=clock).close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press("a", "enter", "i", "o", "d", "d", "d", "d", "d", "a")
        assert "Since when, how it began" in screen.screen
        await screen.press("d", "d")
        assert "Bladder or bowel" in screen.screen
        await screen.press("d", "n")  # a habitual d on a choice does nothing
        visit = screen.day.visits[BACK.id]
        assert len(visit.answers) == 7
        await screen.press("n")
        assert len(visit.answers) == 8
        await screen.press("y")
        assert "Stop: fetch the GP now. Then say whom you told." in screen.screen
        assert visit.open_escalations
        await screen.press("escape")
        assert len(visit.answers) == 9


async def test_esc_leaves_a_run_of_choices_with_what_was_answered(
    practice: Practice, clock: FakeClock
) -> None:
    a_desk(practice, BACK, clock=clock).close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press("a", "enter", "i", "o", "d", "d", "d", "d", "d", "a", "d", "d", "n", "escape", "x")
        answers = screen.day.visits[BACK.id].answers
        assert [one.outcome for one in answers.values()][-2:] == [PrepOutcome.DONE, PrepOutcome.NOT_NEEDED]
