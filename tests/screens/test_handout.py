"""The handout by keys: to the printer, or a file that nobody else can read."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from clinic import FIRST, GP, FakeClock, a_desk
from station import Station, station

from gpa_tui.errors import NotSaved
from gpa_tui.records import event as facts
from gpa_tui.session import acts
from gpa_tui.session.handout import Handout
from gpa_tui.store.practice import Practice
from screens.handout import _pdf


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home, and no program on the path."""
    found = tmp_path / "mine"
    found.mkdir()
    monkeypatch.setenv("HOME", str(found))
    monkeypatch.setenv("PATH", str(found / "bin"))
    return found


def a_printer(own_home: Path, script: str) -> None:
    """An `lp` that does what `script` says."""
    lp = own_home / "bin" / "lp"
    lp.parent.mkdir()
    lp.write_text(f"#!/bin/sh\n{script}\n")
    lp.chmod(0o755)


@asynccontextmanager
async def released(practice: Practice, clock: FakeClock) -> AsyncIterator[Station]:
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press("a", "enter", "4", "enter", "o")
        await screen.type("Rest.")
        await screen.press("ctrl+o", "tab", "enter", "enter", "r", "enter")
        yield screen


def handouts(screen: Station) -> list[str]:
    return [one.data.how for one in screen.day.events if isinstance(one.data, facts.HandoutMade)]


async def test_it_waits_for_the_release(stocked: Practice, clock: FakeClock, own_home: Path) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("a", "enter", "4", "p", "o")
        assert "No handout yet: the GP has not released these words." in screen.screen
    assert list(own_home.iterdir()) == []


async def test_two_keys_print_it_and_leave_no_file(
    stocked: Practice, clock: FakeClock, own_home: Path
) -> None:
    a_printer(own_home, f'echo "$@" > {own_home}/asked; exec /bin/cat > {own_home}/paper')
    async with released(stocked, clock) as screen:
        await screen.press("p", "p")
        assert "Sent to the printer." in screen.screen
        assert handouts(screen) == ["printed"]
    assert (own_home / "paper").read_bytes().startswith(b"%PDF-")
    assert (own_home / "asked").read_text() == "-t handout -\n"
    assert not list(own_home.glob("handout*"))


async def test_a_printer_that_fails_is_said_and_is_no_handout(
    stocked: Practice, clock: FakeClock, own_home: Path
) -> None:
    a_printer(own_home, "echo 'lp: Error - no default destination available.' >&2; exit 1")
    async with released(stocked, clock) as screen:
        await screen.press("p", "p")
        assert "Not printed: lp: Error - no default destination available." in screen.screen
        assert handouts(screen) == []


async def test_without_a_printer_it_is_a_file_of_ones_own(
    stocked: Practice, clock: FakeClock, own_home: Path
) -> None:
    async with released(stocked, clock) as screen:
        await screen.press("p", "p")
        assert "No printer is set up here (lp). Saved:" in screen.screen
        await screen.press("p", "t")
        assert handouts(screen) == ["PDF file", "text file"]
    pdf, text = sorted(own_home.glob("handout-*"))
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert "- Rest." in text.read_text()
    assert {stat.S_IMODE(path.stat().st_mode) for path in (pdf, text)} == {0o600}


async def test_a_home_that_takes_nothing_is_said(stocked: Practice, clock: FakeClock, own_home: Path) -> None:
    async with released(stocked, clock) as screen:
        own_home.rmdir()
        await screen.press("p", "s")
        assert "was not written: No such file or directory." in screen.screen
        assert handouts(screen) == []


async def test_words_that_changed_while_it_was_asked_are_not_printed(
    stocked: Practice, clock: FakeClock, own_home: Path
) -> None:
    async with released(stocked, clock) as screen:
        await screen.press("p")
        with closing(a_desk(stocked, clock=clock, by=GP, terminal="room1")) as desk:
            check = partial(acts.check_identity, said_by="record only", name="", born=None)
            for act in (check, partial(acts.give_plan, text="No rest.", given_by="Dr N Patel")):
                desk.do(partial(act, place=desk.place, appointment=FIRST.id))
        await screen.settled()
        assert screen.app.desk is not None
        screen.app.desk.refresh()
        await screen.press("p")
        assert "No handout yet" in screen.screen
        assert handouts(screen) == []
    assert not list(own_home.glob("handout*"))


def test_letters_that_the_pdf_cannot_show_are_said() -> None:
    sheet = Handout("Elm Tree", "王", date(2026, 11, 23), (("What matters", ("休息",)),), large=False)
    with pytest.raises(NotSaved, match="letters that this PDF cannot show"):
        _pdf(sheet)


async def test_another_language_is_typed_line_by_line_and_somebody_answers_for_it(
    stocked: Practice, clock: FakeClock, own_home: Path
) -> None:
    async with released(stocked, clock) as screen:
        await screen.press("p", "l")
        await screen.press("enter")
        assert "Say in which language." in screen.screen
        await screen.type("Polish")
        await screen.press("enter")
        assert "A line for each of these, typed or pasted:" in screen.screen
        await screen.press("ctrl+o")
        assert "0 lines for 1: one for each, in the same order." in screen.screen
        await screen.type("Proszę odpoczywać.")
        await screen.press("escape", "p", "l")
        await screen.type("Polish")
        await screen.press("enter")
        assert "Proszę odpoczywać." in screen.screen  # a draft, kept
        await screen.press("ctrl+o")
        assert "Not a machine." in screen.screen
        await screen.type("interpreter 4711")
        await screen.press("enter")
        assert "Handout for Grace Okonkwo, and in Polish" in screen.screen
        await screen.press("t")
        (text,) = own_home.glob("handout*.txt")
        assert "Polish (interpreter 4711)\n- Proszę odpoczywać.\n" in text.read_text()


@pytest.mark.usefixtures("own_home")
async def test_other_figures_than_the_english_ones_are_asked_about_and_another_language_begins_empty(
    stocked: Practice, clock: FakeClock
) -> None:
    async with released(stocked, clock) as screen:
        await screen.press("p", "l")
        await screen.type("Polish")
        await screen.press("enter")
        await screen.type("Odpoczywać 50 dni.")
        await screen.press("ctrl+o")
        assert "Line 1: not the same figures as in English. Is it right?" in screen.screen
        await screen.press("n")
        assert screen.day.visits[FIRST.id].plan.translation is None
        await screen.press("p", "l")
        await screen.type("Urdu")
        await screen.press("enter")
        assert "Odpoczywać" not in screen.screen
        await screen.press("escape", "p", "l")
        await screen.type("Polish")
        await screen.press("enter")
        assert "Odpoczywać 50 dni." in screen.screen
