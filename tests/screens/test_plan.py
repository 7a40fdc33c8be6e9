"""The plan page by keys: what is asked of the GP's words, the draft at Tab, and what was never said."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from clinic import FIRST, FakeClock, a_desk
from station import Station, station

from gpa_tui.records.plan import TeachBackOutcome
from gpa_tui.store.practice import Practice

SHORT = "Nitro 100mg od 3/7. R/v 2/52 if no better."


@asynccontextmanager
async def on_the_plan(practice: Practice, clock: FakeClock, words: str) -> AsyncIterator[Station]:
    """The GP's words are saved; identity by the record."""
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press("a", "enter", "4", "enter", "o")
        await screen.type(words)
        await screen.press("ctrl+o")
        yield screen


async def test_two_senses_are_asked_by_number_and_the_draft_stands_at_tab(
    stocked: Practice, clock: FakeClock
) -> None:
    async with on_the_plan(stocked, clock, SHORT) as screen:
        assert "What is od here: Nitro 100mg »od« 3/7." in screen.screen
        assert "1  once a day" in screen.screen
        await screen.press("1")
        assert "What is 3/7 here" in screen.screen
        await screen.press("1")
        assert "Tab takes: Nitro 100 milligrams once a day 3 days." in screen.screen
        await screen.press("tab", "enter", "tab", "enter", "enter")
        plan = screen.day.visits[FIRST.id].plan
        assert plan.messages == (
            "Nitro 100 milligrams once a day 3 days.",
            "Review 2 weeks if no better.",
        )
        assert plan.answers == {"od": "once a day", "3/7": "3 days"}
        assert "not in the GP's words" not in screen.screen
        await screen.press("r", "enter")
        assert screen.day.visits[FIRST.id].plan.released_by == "Dr N Patel"


async def test_left_as_it_stands_is_asked_no_more_and_left_open_is_asked_again(
    stocked: Practice, clock: FakeClock
) -> None:
    async with on_the_plan(stocked, clock, SHORT) as screen:
        await screen.press("0")
        assert "What is 3/7 here" in screen.screen
        await screen.press("escape", "down", "enter")
        assert "What is 3/7 here" in screen.screen
        await screen.press("1")
        assert "Tab takes: Nitro 100 milligrams od 3 days." in screen.screen


async def test_a_message_said_back_is_one_key_the_words_heard_another_and_u_takes_it_back(
    stocked: Practice, clock: FakeClock
) -> None:
    async with on_the_plan(stocked, clock, "Rest. Drink.") as screen:
        await screen.press("tab", "enter", "tab", "enter", "enter", "r", "enter", "home", "down")
        await screen.press("d")
        taught = screen.day.visits[FIRST.id].plan.teach_back
        assert (taught[1].outcome, taught[1].words) == (TeachBackOutcome.OWN_WORDS, "")
        await screen.press("u")
        assert not screen.day.visits[FIRST.id].plan.teach_back
        await screen.press("up", "d", "h")
        await screen.type("I drink a lot")
        await screen.press("enter")
        taught = screen.day.visits[FIRST.id].plan.teach_back
        assert (taught[2].outcome, taught[2].words) == (TeachBackOutcome.OWN_WORDS, "I drink a lot")
        assert "Safety net: watch for what; better by when; where to turn" in screen.screen
        await screen.type("worse; tomorrow; 111")
        await screen.press("enter", "n")
        net = screen.day.visits[FIRST.id].plan.safety_net
        assert net is not None
        assert not net.said_back


async def test_a_next_step_is_a_task_in_four_keys_and_stands_on_the_plan(
    stocked: Practice, clock: FakeClock
) -> None:
    async with on_the_plan(stocked, clock, "Bloods.") as screen:
        await screen.press("escape", "end")
        await screen.press("enter", "b", "e", "enter")
        assert "blood test – Reception, by Mon 23 Nov 2026" in screen.screen
        await screen.press("enter", "o")
        await screen.type("send the form")
        await screen.press("enter", "m")
        await screen.type("2d")
        await screen.press("enter")
        assert "send the form – M Okafor, by" in screen.screen
        assert [task.what for task in screen.app.steps] == ["blood test", "send the form"]


async def test_tab_replaces_nothing_that_is_typed(stocked: Practice, clock: FakeClock) -> None:
    async with on_the_plan(stocked, clock, "Rest.") as screen:
        await screen.type("Stay in bed")
        await screen.press("tab", "enter", "enter")
        assert screen.day.visits[FIRST.id].plan.messages == ("Stay in bed",)


async def test_what_was_never_said_is_shown_and_asked_before_the_release(
    stocked: Practice, clock: FakeClock
) -> None:
    async with on_the_plan(stocked, clock, "Rest.") as screen:
        await screen.type("Rest for 2 weeks")
        await screen.press("enter", "enter")
        assert "not in the GP's words: [2 weeks]" in screen.screen
        await screen.press("r")
        assert "Not in the GP's words: [2 weeks]. Has the GP said that it is right?" in screen.screen
        await screen.press("n")
        assert not screen.day.visits[FIRST.id].plan.released_by
        await screen.press("r", "y", "enter")
        assert screen.day.visits[FIRST.id].plan.released_by == "Dr N Patel"
        assert "not in the GP's words" not in screen.screen


async def test_a_form_that_kills_is_refused_and_the_words_stay(stocked: Practice, clock: FakeClock) -> None:
    async with on_the_plan(stocked, clock, "Insulin as said.") as screen:
        await screen.type("Take 10U")
        await screen.press("enter", "enter")
        assert "To be typed out" in screen.screen
        assert not screen.day.visits[FIRST.id].plan.messages


async def test_plain_words_are_put_in_to_be_read_first(stocked: Practice, clock: FakeClock) -> None:
    async with on_the_plan(stocked, clock, "Rest.") as screen:
        await screen.type("Rest your abdomen")
        await screen.press("enter", "enter")
        assert "l: plainer – abdomen: tummy" in screen.screen
        await screen.press("l")
        assert screen.day.visits[FIRST.id].plan.messages == ("Rest your abdomen",)
        await screen.press("enter", "enter")
        assert screen.day.visits[FIRST.id].plan.messages == ("Rest your tummy",)
        await screen.press("l")
        assert "No word of the list of hard words" in screen.screen


async def test_a_safety_net_of_the_practice_begins_by_its_number(
    practice: Practice, clock: FakeClock
) -> None:
    settings = practice.home / "practice.toml"
    nets = '\n[plan]\nowner = "Dr N Patel"\nsafety_nets = ["fever; in 2 days; 111", "pain; today; ring us"]\n'
    settings.write_text(settings.read_text() + nets)
    desk = a_desk(practice, FIRST, clock=clock)
    desk.close()
    async with on_the_plan(practice, clock, "Rest.") as screen:
        await screen.press("escape", "end", "up", "enter")
        assert "2: pain; today; ring us" in screen.screen
        assert "adopted by Dr N Patel" in screen.screen
        await screen.type("2")
        await screen.press("enter")
        await screen.type(", at night 111")
        await screen.press("enter", "y")
        net = screen.day.visits[FIRST.id].plan.safety_net
        assert net is not None
        assert (net.what, net.by_when, net.where) == ("pain", "today", "ring us, at night 111")


async def test_the_part_of_a_net_that_is_missing_is_named(stocked: Practice, clock: FakeClock) -> None:
    async with on_the_plan(stocked, clock, "Rest.") as screen:
        await screen.press("escape", "end", "up", "enter")
        await screen.type("fever;; 111")
        await screen.press("enter")
        assert "Three parts, with ; between them. better by when?" in screen.screen
        await screen.type("; 999")
        await screen.press("enter")
        assert "better by when?" in screen.screen


async def test_a_fourth_message_asks_which_matters_least_and_loses_none(
    stocked: Practice, clock: FakeClock
) -> None:
    async with on_the_plan(stocked, clock, "Rest. Drink. Eat. Sleep.") as screen:
        for words in ("Rest.", "Drink.", "Eat."):
            await screen.type(words)
            await screen.press("enter")
        assert "A fourth message (Enter): then which one matters least" in screen.screen
        await screen.press("down", "down", "down", "d")
        assert "Put the cursor on a message first." in screen.screen
        await screen.press("enter")
        assert "Tab takes: Sleep." in screen.screen
        await screen.press("tab", "enter")
        assert "Which one matters least? It is left out." in screen.screen
        assert "4: Sleep." in screen.screen
        await screen.press("2")
        plan = screen.day.visits[FIRST.id].plan
        assert (plan.messages, plan.left_out) == (("Rest.", "Eat.", "Sleep."), "Drink.")
        assert "Left out, as it mattered least" in screen.screen
        await screen.press("down", "down", "down", "enter")
        assert "Drink." in screen.screen
        await screen.press("enter", "1")
        plan = screen.day.visits[FIRST.id].plan
        assert (plan.messages, plan.left_out) == (("Eat.", "Sleep.", "Drink."), "Rest.")


async def test_a_fourth_message_that_is_left_empty_changes_nothing(
    stocked: Practice, clock: FakeClock
) -> None:
    async with on_the_plan(stocked, clock, "Rest. Drink. Eat.") as screen:
        await screen.press("tab", "enter", "tab", "enter", "tab", "enter", "down", "down", "down", "enter")
        await screen.press("enter")
        plan = screen.day.visits[FIRST.id].plan
        assert (plan.messages, plan.left_out) == (("Rest.", "Drink.", "Eat."), "")


async def test_whether_the_net_is_there_in_writing_stands_beside_it_and_a_handout_gives_it(
    stocked: Practice, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with on_the_plan(stocked, clock, "Rest.") as screen:
        await screen.press("tab", "enter", "enter", "r", "enter", "home", "down", "d")
        await screen.type("fever; Friday; 111")
        await screen.press("enter", "y")
        assert "(said back, no written copy)" in screen.screen
        await screen.press("p", "t")
        assert "(said back, written copy given)" in screen.screen
        await screen.press("up", "enter")
        await screen.press("ctrl+u")
        await screen.type("pain; Friday; 111")
        await screen.press("enter", "n")
        assert "(not said back, no written copy)" in screen.screen  # the sheet has the other one
        await screen.press("up", "enter", "enter", "w")
        assert "(said back, written copy given)" in screen.screen


async def test_the_reading_age_of_all_messages_is_a_nudge_and_stops_nothing(
    stocked: Practice, clock: FakeClock
) -> None:
    hard = (
        "Commence antihypertensive monotherapy immediately, monitoring electrolytes approximately fortnightly"
    )
    async with on_the_plan(stocked, clock, "Rest.") as screen:
        await screen.type(f"{hard} and subsequently reassess cardiovascular parameters with your doctor.")
        await screen.press("enter", "enter")
        assert "all messages: reads at about age" in screen.screen
        assert "the NHS writes for 9 to 11" in screen.screen
        assert screen.day.visits[FIRST.id].plan.messages
