"""The brief as the GP has it: the first page of who is ready, the same rows as before the hand-over."""

from __future__ import annotations

import pytest
from clinic import FIRST, FakeClock
from station import Station, station

from gpa_tui.records.appointment import Stage
from gpa_tui.store.practice import Practice


async def handed_over(screen: Station) -> list[str]:
    """The first patient is ready for the GP; the brief as it was shown before."""
    await screen.sign_in()
    await screen.press("a", "enter", "i", "o", "enter")
    await screen.type("it grinds")
    await screen.press("enter", "g")
    shown = body(screen)
    await screen.press("enter")
    await screen.type("seen in the room")
    await screen.press("enter")
    assert screen.day.visits[FIRST.id].stage is Stage.READY
    return shown


def body(screen: Station) -> list[str]:
    return [
        line for line in screen.screen.splitlines() if line.startswith((" !  ", " Situation", " Background"))
    ]


async def test_a_clinician_opens_who_is_ready_at_the_same_brief(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        shown = await handed_over(screen)
    async with station(stocked, clock) as screen:
        await screen.sign_in("Dr N Patel", "c")
        await screen.press("enter")
        assert body(screen) == shown
        assert "Back pain – “it grinds”" in screen.screen
        await screen.press("4")
        assert "GP's words" in screen.screen


@pytest.mark.parametrize(("name", "role"), [("M Okafor", ""), ("Dr N Patel", "s")])
async def test_others_open_where_they_go_on_and_5_shows_it(
    stocked: Practice, clock: FakeClock, name: str, role: str
) -> None:
    async with station(stocked, clock) as screen:
        shown = await handed_over(screen)
    async with station(stocked, clock) as screen:
        await screen.sign_in(name, role)
        await screen.press("enter")
        assert "Situation" not in screen.screen
        await screen.press("5")
        assert body(screen) == shown
