"""A portfolio by keys: a visit picked, written of, read again, and exported without what tells."""

from __future__ import annotations

import zipfile
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from clinic import FIRST, FakeClock, a_desk, a_patient, an_appointment, listed
from station import Station, station

from gpa_tui.records.appointment import Stage
from gpa_tui.session import acts
from gpa_tui.store.practice import Practice
from screens import list_screen


@pytest.fixture
def seen(stocked: Practice, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Practice:
    monkeypatch.setattr(list_screen, "QUIET", 0)
    competencies = stocked.home / "competencies.toml"
    competencies.write_text(
        'version = 1\nowner = "x"\n[[competency]]\nid = "prep"\ndomain = "Care"\ntitle = "Preparing"\n',
        "utf-8",
    )
    with closing(a_desk(stocked, clock=clock)) as desk:
        for act in (
            partial(acts.move, to=Stage.ARRIVED),
            acts.open_record,
            partial(acts.check_identity, said_by="record only", name="", born=None),
            partial(acts.note_present, who="her son"),
            partial(acts.move, to=Stage.LEFT),
        ):
            desk.do(partial(act, place=desk.place, appointment=FIRST.id))
    return stocked


async def to_the_first_heading(screen: Station) -> None:
    """The first row's visit picked, and a field opened under Description."""
    await screen.press("enter", "j", "enter", "escape", "j", "end", "enter", "down", "down", "enter")


async def test_a_visit_becomes_evidence_and_leaves_without_what_tells(
    seen: Practice, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with station(seen, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "j")
        assert "1 Preparing" in screen.screen
        await screen.type("7")
        await screen.press("enter")
        assert "Numbers of the list" in screen.screen
        await screen.press("ctrl+a", "ctrl+k")
        await screen.type("1")
        await screen.press("enter", "escape", "j")
        assert "Preparing: not counted; 1 as evidence; not signed off" in " ".join(screen.screen.split())
        await screen.press("end", "enter")
        assert "Evidence, 2026-11" in screen.screen
        assert "A patient in their 70s" in screen.screen
        await screen.press("down", "down", "enter")
        await screen.type("Mrs Okonkwo was glad.")
        await screen.press("ctrl+o", "d")
        assert "It tells who somebody is and cannot leave: Mrs Okonkwo" in screen.screen
        assert "»Mrs Okonkwo«" in screen.screen
        await screen.press("y")
        assert "It tells who somebody is: Mrs Okonkwo, Okonkwo." in screen.screen
        await screen.press("n")
        assert "[stays here]" in screen.screen
        await screen.press("enter")
        await screen.press(*["backspace"] * 30)
        await screen.type("She was glad.")
        await screen.press("ctrl+o")
        assert "[not read yet] She was glad." in screen.screen
        await screen.press("d", "y")
        assert "[leaves] She was glad." in screen.screen
        await screen.press("escape", "p", "z")
        assert "Saved:" in screen.screen
        (file,) = tmp_path.glob("portfolio-*.zip")
        assert file.stat().st_mode & 0o777 == 0o600
        with zipfile.ZipFile(file) as archive:
            text = archive.read("portfolio.md").decode()
        assert "She was glad." in text
        assert "Okonkwo" not in text


async def test_who_is_listed_while_the_portfolio_is_open_is_known_when_it_leaves(
    seen: Practice, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with station(seen, clock) as screen:
        await screen.sign_in()
        await to_the_first_heading(screen)
        await screen.type("Then we met quillfeather at the desk.")
        await screen.press("ctrl+o", "d", "y")
        assert "[leaves]" in screen.screen
        who = a_patient("Quillfeather", "Dot", "1961-02-03", id="p9")
        with closing(a_desk(seen, clock=clock)) as desk:
            desk.do(lambda _: listed(an_appointment(9, who)))
        await screen.press("escape", "p", "t")
        assert "1 text stays here" in " ".join(screen.screen.split())
        (file,) = tmp_path.glob("portfolio-*.md")
        assert "quillfeather" not in file.read_text().casefold()


async def test_written_words_do_not_go_by_one_key_and_half_typed_ones_come_back_on_the_next_day(
    seen: Practice, clock: FakeClock
) -> None:
    async with station(seen, clock) as screen:
        await screen.sign_in()
        await to_the_first_heading(screen)
        await screen.type("It went slowly.")
        await screen.press("ctrl+o", "down", "enter")
        await screen.type("I felt")
        await screen.press("escape", "escape", "end", "x")
        assert "2 texts go with it." in screen.screen
        await screen.press("escape")
        assert "1 of 11 written" in " ".join(screen.screen.split())
    clock.forward(days=1)
    async with station(seen, clock) as screen:
        await screen.sign_in()
        assert "Half-typed words of yours are kept: of a review" in " ".join(screen.screen.split())
        await screen.press("j", "end", "enter", "down", "down", "down", "enter")
        assert "I felt" in screen.screen
        await screen.press("escape", "escape", "end", "x", "d")
        assert "0 as evidence" in " ".join(screen.screen.split())


async def test_who_watched_fills_the_sheet_of_the_five_skills_and_that_they_read_it_is_in_the_log(
    seen: Practice, clock: FakeClock
) -> None:
    async with station(seen, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "j")
        await screen.type("1")
        await screen.press("enter")
    async with station(seen, clock) as screen:
        await screen.sign_in("Dr N Patel", "s")
        await screen.press("m", "enter", "enter", "end", "enter")
        assert "Triage" in screen.screen
        assert "Feelings" not in screen.screen  # those are their owner's
        await screen.press("end", "enter")
        await screen.type("Rephrased once, calmly.")
        await screen.press("ctrl+o")
        assert "Rephrased once, calmly." in screen.screen
        registry = screen.app.registry
        assert registry is not None
        assert [one.kind for one in registry.standing.events].count("portfolio.viewed") == 1
    async with station(seen, clock) as screen:
        await screen.sign_in()
        await screen.press("j", "end", "enter", "end")
        assert "[not read yet] Dr N Patel saw: Rephrased once, calmly." in " ".join(screen.screen.split())
        await screen.press("d", "y")
        assert "[leaves] Dr N Patel saw" in " ".join(screen.screen.split())


async def test_words_leave_only_once_their_end_was_in_view(seen: Practice, clock: FakeClock) -> None:
    async with station(seen, clock, width=60, height=16) as screen:
        await screen.sign_in()
        await screen.press("enter", "j")
        assert "Evidence for which?" in screen.screen
        assert "Esc back" in screen.screen
        await screen.press("enter", "escape", "j", "end", "enter", *["down"] * 4, "enter")
        await screen.type("It went slowly and then it went well. " * 20 + "Its end.")
        await screen.press("ctrl+o", "d")
        assert "Its end." not in screen.screen
        await screen.press("y")
        assert "Not yet: it goes on below." in screen.screen
        await screen.press("end")
        assert "Its end." in screen.screen
        await screen.press("y")
        assert "[leaves]" in screen.screen


async def test_a_competency_shows_what_it_gathered_and_is_signed_off_on_it(
    seen: Practice, clock: FakeClock
) -> None:
    async with station(seen, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "j")
        await screen.type("1")
        await screen.press("enter", "escape", "j", "end", "enter", "down", "down", "down", "down", "enter")
        await screen.type("It went slowly.")
        await screen.press("ctrl+o", "d", "y", "down", "enter")
        await screen.type("I thought of home.")
        await screen.press("ctrl+o", "backspace", "backspace", "m", "enter", "enter")
        shown = screen.screen
        assert "M Okafor: Preparing" in shown
        assert "Signed off  no" in shown
        assert "A patient in their 70s" in shown
        assert "It went slowly." in shown
        assert "thought of home" not in shown  # not read again yet: it stays with whoever wrote it
    async with station(seen, clock) as screen:
        await screen.sign_in("Dr N Patel", "s")
        await screen.press("m", "enter")
        assert "Preparing [1 as evidence]" in screen.screen
        await screen.press("enter")
        assert "It went slowly." in screen.screen
        await screen.press("g", "enter", "enter")
        await screen.type("Calm and complete.")
        await screen.press("enter")
        assert "by Dr N Patel, on 1 visit as evidence. Calm and complete." in " ".join(screen.screen.split())
    async with station(seen, clock) as screen:
        await screen.sign_in("L Wong")
        await screen.press("m", "enter", "enter")
        assert "Administrator may not sign off a competency" in screen.screen
