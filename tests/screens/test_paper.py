"""What was written on paper is typed with its time: loud in the frame, on every page, till it is ended."""

from __future__ import annotations

from clinic import FIRST, PASSPHRASE, SECOND, FakeClock
from station import Station, station

from gpa_tui.records.appointment import Stage
from gpa_tui.store.practice import Practice


async def test_a_time_of_the_paper_holds_for_all_that_is_typed_till_it_is_ended(
    stocked: Practice, clock: FakeClock
) -> None:
    clock.forward(hours=2)
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("z")
        await screen.type("1145")
        await screen.press("enter")
        assert "11:45 is still to come." in screen.screen
        await screen.press("ctrl+a", "ctrl+k")
        await screen.type("0915")
        await screen.press("enter")
        assert "PAPER 09:15" in screen.screen
        await screen.press("a", "down", "a")
        assert "time was for" in screen.screen, screen.screen
        assert not screen.day.visits[SECOND.id].moves
        await screen.press("up", "enter", "z")
        await screen.type("920")
        await screen.press("enter", "i", "o", "2")
        assert "PAPER 09:20" in screen.screen
        await screen.type("1697a1287672a368")
        await screen.press("enter")
        visit = screen.day.visits[FIRST.id]
        (taken,) = (found for _, found in visit.observations)
        assert screen.app.show_time(taken.taken_at) == "09:20"
        assert screen.app.show_time(visit.moves[0].at) == "09:15"
        await screen.press("6")
        assert "[on paper 09:20]" in " ".join(screen.screen.split())
        await screen.press("z", "enter")
        assert "PAPER" not in screen.screen
        await screen.press("escape", "space")
        assert screen.day.events[-1].on_paper is None


async def test_a_half_filled_set_keeps_its_time_and_a_lock_ends_the_paper(
    stocked: Practice, clock: FakeClock
) -> None:
    clock.forward(hours=2)
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("a", "enter", "i", "o", "2", "1", "6", "escape", "z")
        assert "A set is half filled" in screen.screen
        await screen.press("escape")
        await screen.press("backspace", "z")
        await screen.type("0915")
        await screen.press("enter")
        assert "PAPER 09:15" in screen.screen
        await screen.press("l")
        assert "The paper's time is before what it follows, at 11:00." in screen.screen
        assert screen.day.visits[FIRST.id].stage is not Stage.LEFT
        await screen.press("ctrl+l")
        await screen.type(PASSPHRASE)
        await screen.press("enter")
        assert "PAPER" not in screen.screen


async def from_paper(screen: Station) -> None:
    """What is typed now was done at a quarter past nine."""
    await screen.press("z")
    await screen.type("0915")
    await screen.press("enter")


async def test_a_set_from_paper_that_was_half_filled_at_the_lock_is_from_paper_still(
    stocked: Practice, clock: FakeClock
) -> None:
    clock.forward(hours=2)
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "i", "o")
        await from_paper(screen)
        await screen.press("2")
        await screen.type("1697a")
        await screen.press("ctrl+l")
        await screen.type(PASSPHRASE)
        await screen.press("enter")
        assert "PAPER 09:15" in screen.screen
        await screen.type("1287672a368")
        await screen.press("enter")
        taken = next(event for event in screen.day.events if event.kind == "observation.recorded")
        assert taken.on_paper is not None


async def test_a_time_given_in_a_record_is_of_that_patient(stocked: Practice, clock: FakeClock) -> None:
    clock.forward(hours=2)
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter")
        await from_paper(screen)
        await screen.press("escape", "down", "a")
        assert "The paper's time was for OKONKWO, Grace" in " ".join(screen.screen.split())
        assert not screen.day.visits[SECOND.id].moves
