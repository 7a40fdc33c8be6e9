"""The record entry by keys: what reaches the terminal, and what the log says of it."""

from __future__ import annotations

import asyncio
from base64 import b64decode

import pytest
from clinic import FakeClock
from station import station

from gpa_tui.records import event as facts
from gpa_tui.session.entry_text import HIDE
from gpa_tui.store.practice import Practice
from screens.copied import PAINTED, BareScreen


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written past the screen."""
    found: list[str] = []
    monkeypatch.setattr("screens.app.Workstation.write_to_terminal", lambda _, text: found.append(text))
    return found


def copied(text: str) -> list[str]:
    begin, end = "\x1b]52;c;", "\a"
    assert text.startswith(begin)
    assert text.endswith(end)
    return b64decode(text[len(begin) : -len(end)]).decode().split("\n")


async def test_y_copies_the_entry_and_h_marks_it_to_be_hidden(
    stocked: Practice, clock: FakeClock, sent: list[str]
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "y", "o")
        assert "Record entry for the practice's system, to be seen online" in screen.screen
        await screen.press("y")
        (text,) = sent
        assert HIDE not in copied(text)
        assert [one for one in copied(text) if "OKONKWO" in one]
        assert f"Copied: {len(copied(text))} lines" in screen.screen
        await screen.press("y", "h")
        assert "HIDDEN from online access" in screen.screen
        await screen.press("y")
        assert copied(sent[-1])[0] == HIDE
        said = [one.data for one in screen.day.events if isinstance(one.data, facts.EntryCopied)]
        assert [(one.how, one.hidden) for one in said] == [("clipboard", False), ("clipboard", True)]


async def test_a_terminal_without_a_clipboard_shows_it_bare_and_esc_comes_back(
    stocked: Practice, clock: FakeClock, sent: list[str]
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "y", "o", "s")
        assert isinstance(screen.app.screen, BareScreen)
        async with asyncio.timeout(10):
            while not sent:
                await asyncio.sleep(PAINTED / 10)
        page = sent[-1]
        assert page.startswith("\x1b[?7h")  # the terminal itself breaks long lines
        assert page.endswith("\x1b[?7l")
        assert "Back pain" in page
        assert not screen.screen.strip()
        await screen.press("escape")
        assert "OKONKWO" in screen.screen
        assert facts.EntryCopied(how="bare screen", hidden=False) in [one.data for one in screen.day.events]


async def test_a_long_entry_is_shown_screen_by_screen(
    stocked: Practice, clock: FakeClock, sent: list[str]
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        bare = BareScreen([f"line {number} {'word ' * 20}" for number in range(30)])  # two rows each
        await screen.app.push_screen(bare)
        assert [len(page) for page in bare.pages()] == [12, 12, 6]
        for key, first in (
            ("pagedown", 12),
            ("down", 24),
            ("down", 24),
            ("up", 12),
            ("home", 0),
            ("end", 24),
        ):
            await screen.press(key)
            assert f"\x1b[Hline {first} " in sent[-1]


async def test_the_brief_copies_it_too(stocked: Practice, clock: FakeClock, sent: list[str]) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("a", "enter", "i", "o", "g", "y", "y")
        assert len(sent) == 1
