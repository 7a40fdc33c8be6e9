"""Phrases in the fields of words: one's own by Ctrl+T, the practice's from its settings, taken by Tab."""

from __future__ import annotations

import pytest
from clinic import FIRST, FakeClock
from station import Station, station

from gpa_tui.store.practice import Practice

GP_WORDS = "Rest and plenty to drink."


async def at_the_plan(screen: Station) -> None:
    await screen.sign_in()
    await screen.press("enter", "i", "o", "4", "enter")


async def test_words_kept_by_ctrl_t_are_at_hand_in_every_field_and_on_later_days(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await at_the_plan(screen)
        await screen.type("Drink plenty of water.")
        await screen.press("ctrl+t")
        assert "Kept: its first letters and Tab." in screen.screen
        await screen.press("ctrl+o")
        await screen.type("dri")
        assert "Tab: Drink plenty of water." in screen.screen
        await screen.press("tab")
        await screen.press("enter", "enter")
        assert screen.day.visits[FIRST.id].plan.messages == ("Drink plenty of water.",)
    clock.forward(days=1)
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        assert screen.app.own_phrases == ["Drink plenty of water."]


async def test_ctrl_t_on_a_phrase_drops_it_and_nobody_elses(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await at_the_plan(screen)
        await screen.type("Rest.")
        await screen.press("ctrl+t", "ctrl+t")
        assert "No longer a phrase of yours." in screen.screen
        assert screen.app.own_phrases == []
        await screen.press("ctrl+t")
        assert screen.app.own_phrases == ["Rest."]
        assert "Rest." in screen.screen  # what is typed stays in the field


async def test_the_practices_phrases_are_offered_to_everybody(stocked: Practice, clock: FakeClock) -> None:
    settings = stocked.home / "practice.toml"
    settings.write_text(f'phrases = ["fever or worse pain", "in two days"]\n{settings.read_text()}')
    async with station(Practice(stocked.home), clock) as screen:
        await at_the_plan(screen)
        await screen.type("watch for fowp")
        assert "Tab: fever or worse pain" in screen.screen
        await screen.press("tab")
        await screen.type(" i2")
        assert "Tab:" not in screen.screen
        await screen.press("backspace")
        await screen.type("n")
        await screen.press("tab", "ctrl+o")
        assert screen.day.visits[FIRST.id].plan.words == "watch for fever or worse pain in two days"


async def test_within_a_text_nothing_is_offered(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await at_the_plan(screen)
        await screen.type("Rest.")
        await screen.press("ctrl+t")
        await screen.type(" re")
        assert "Tab: Rest." in screen.screen
        await screen.press("left")
        await screen.type("x")
        assert "Tab:" not in screen.screen


async def test_who_a_patient_is_is_never_completed(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await at_the_plan(screen)
        await screen.type("Okonjo rings")
        await screen.press("ctrl+t", "ctrl+o", "escape", "escape", "down", "enter", "i", "p")
        await screen.type("Okon")
        assert "Tab:" not in screen.screen


@pytest.mark.parametrize("text", ["", "x" * 201])
async def test_what_is_no_phrase_is_refused_in_words(stocked: Practice, clock: FakeClock, text: str) -> None:
    async with station(stocked, clock) as screen:
        await at_the_plan(screen)
        if text:
            await screen.press("escape")
            screen.app.half_typed.keep("plan words", text)
            await screen.press("enter")
        await screen.press("ctrl+t")
        assert screen.app.own_phrases == []
        assert ("200 at most" if text else "Type the words first") in screen.screen


async def test_a_concern_is_never_a_phrase_nor_a_patients_name(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "w", "s")
        await screen.type("he hits her")
        await screen.press("ctrl+t")
        assert screen.app.own_phrases == []
        await screen.press("escape", "i", "o", "4", "enter")
        await screen.type("Okonkwo is to rest")
        await screen.press("ctrl+t")
        assert "A patient's name is in it." in screen.screen
        assert screen.app.own_phrases == []
