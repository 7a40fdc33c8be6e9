"""Half-typed words: kept through a chain of questions and a new start, and a disk that says no."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from clinic import FIRST, GPA, SECOND, FakeClock, keys_of
from station import Station, station

from gpa_tui.store.drafts import Draft
from gpa_tui.store.practice import Practice


async def identified(screen: Station) -> None:
    await screen.press("enter", "i", "p")
    await screen.type("okonkwo")
    await screen.press("enter")
    await screen.type("12 4 1954")
    await screen.press("enter", "enter")
    assert "Identity fits the list" in screen.screen


def kept(practice: Practice) -> dict[str, str]:
    """What is on the disk, by form."""
    return {
        draft.form: draft.text
        for draft in practice.drafts(keys_of(practice, GPA)).of(GPA.staff, "2026-11-23")
    }


async def stopped(screen: Station) -> None:
    """The program ends without a word, as if killed, once its drafts are on the disk."""
    screen.app.half_typed.flush()


async def test_the_first_message_is_kept_while_the_second_is_typed(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        await screen.press("4", "enter")
        await screen.type("rest")
        await screen.press("ctrl+o")
        await screen.type("Rest at home.")
        await screen.press("enter")
        await screen.type("Come ba")
        await stopped(screen)
    assert kept(stocked) == {"plan message 1": "Rest at home.", "plan message 2": "Come ba"}
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        await screen.press("4", "down", "enter")
        assert "Rest at home." in screen.screen
        await screen.press("enter")
        assert "Come ba" in screen.screen
        await screen.type("ck.")
        await screen.press("enter", "enter")
        assert screen.day.visits[FIRST.id].plan.messages == ("Rest at home.", "Come back.")
        await stopped(screen)
    assert kept(stocked) == {}


async def test_a_safety_net_is_kept_until_it_is_known_whether_it_was_said_back(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        await screen.press("4", "end", "up", "enter")
        await screen.type("fever; Thur")
        await screen.press("enter")
        assert "Three parts, with ; between them. where to turn?" in screen.screen
        await stopped(screen)
        assert kept(stocked) == {"plan net": "fever; Thur"}
        await screen.type("sday; 111")
        await screen.press("enter")
        await stopped(screen)
        assert kept(stocked) == {"plan net": "fever; Thursday; 111"}
        await screen.press("y")
        net = screen.day.visits[FIRST.id].plan.safety_net
        assert net is not None
        assert (net.what, net.by_when, net.where) == ("fever", "Thursday", "111")
        await stopped(screen)
    assert kept(stocked) == {}


async def test_a_name_half_typed_comes_back_after_a_crash_but_not_after_leaving_the_record(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "i", "p")
        await screen.type("okonk")
        await stopped(screen)
    assert kept(stocked) == {"identity name": "okonk"}
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "i", "p")
        assert "okonk" in screen.screen
        await screen.press("ctrl+g", "backspace")
        await stopped(screen)
        assert kept(stocked) == {}, "the next check asks anew"


async def test_the_time_of_a_set_is_when_it_was_begun_even_after_a_crash(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        await screen.press("2")
        await screen.type("1697a12876")
        await stopped(screen)
    begun = clock.now()
    clock.forward(minutes=25)
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        await screen.press("2")
        assert "taken 09:00" in screen.screen
        await screen.type("72a368")
        await screen.press("enter")
        found = screen.day.visits[FIRST.id].last_observations
        assert found is not None
        assert found.taken_at == begun


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Nothing new reaches the disk as long as this is not undone."""

    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        yield broken


async def test_words_that_the_disk_does_not_take_are_not_called_kept_and_come_back(
    stocked: Practice, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "e")
        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", no_space)
            await screen.type("grey and swea")
            await screen.press("ctrl+g")
            said = " ".join(screen.screen.split())
            assert "could not be kept: No space left on device" in said
            assert "kept as a draft" not in said
            await screen.press("e")
            assert "grey and swea" in screen.screen
            await screen.press("ctrl+g", "backspace", "q")
            assert "Not left" in screen.screen
        await screen.press("down", "up", "enter", "e")
        await screen.type("ting")
        await stopped(screen)
    assert kept(stocked) == {"escalate": "grey and sweating"}


def no_space(*_: object, **__: object) -> int:
    raise OSError(28, "No space left on device")


async def test_leaving_a_second_time_leaves(
    stocked: Practice, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "e")
        monkeypatch.setattr(os, "fsync", no_space)
        await screen.type("grey")
        await screen.press("ctrl+g", "backspace", "q")
        assert screen.app.is_running
        assert "q again leaves" in " ".join(screen.screen.split())
        await screen.press("q")
        assert screen.app._exit


async def test_what_one_person_half_typed_is_not_dropped_when_another_signs_in(
    stocked: Practice, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "e")
        with monkeypatch.context() as broken:
            real = Draft.model_dump_json
            broken.setattr(Draft, "model_dump_json", lambda self: no_space() and real(self))
            await screen.type("grey")
            await screen.press("ctrl+l", "up")
        await screen.sign_in("S Reed")
        await stopped(screen)
    assert kept(stocked) == {"escalate": "grey"}
    assert SECOND.id not in kept(stocked)
