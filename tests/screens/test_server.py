"""The practice's server by keys: what it asks is settled in one, what it refused is asked for once more."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from functools import partial

import pytest
from clinic import DATE, DEVICE, FIRST, GPA, NINE, SECOND, FakeClock, a_bench, a_desk
from station import Station, station

from gpa_tui.records.event import AppointmentRevised, ListImported
from gpa_tui.session import acts
from gpa_tui.store.practice import Practice
from gpa_tui.sync.state import Host, Parked, SyncState, ask_again, asked_again, state_file, taken_again

THEIRS = FIRST.model_copy(update={"patient": FIRST.patient.model_copy(update={"born": "1971-01-01"})})
SENTENCE = "NHS number 999 000 0018 is OKONKWO, born 12-Apr-1954 here and OKONKWO, born 01-Jan-1971 there."


@pytest.fixture
def set_up(stocked: Practice) -> Practice:
    (stocked.home / "sync.toml").write_text('url = "http://127.0.0.1:9/R4"\n', "utf-8")
    (stocked.home / "sync.toml").chmod(0o600)
    return stocked


@pytest.fixture(autouse=True)
def _no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpa_tui.sync.child.needed", lambda _: False)


def said(practice: Practice, clock: FakeClock, **state: object) -> None:
    """Whoever syncs says how it stands."""
    keys = a_bench(practice, by=GPA).keys
    content = SyncState.model_validate({"server": "https://fhir.example/R4", "heard": clock.now(), **state})
    state_file(practice, keys).write(content.model_dump_json().encode())


def asked(practice: Practice, clock: FakeClock) -> None:
    with closing(a_desk(practice, by=DEVICE, clock=clock)) as desk:
        ask = partial(
            acts.ask_same_person, sentence=SENTENCE, row=THEIRS, changed=("birth date",), opened=None
        )
        desk.do(partial(ask, place=desk.place))


def clashed(practice: Practice, clock: FakeClock) -> None:
    with closing(a_desk(practice, by=DEVICE, clock=clock)) as desk:
        clash = partial(acts.note_clash, appointment=SECOND.id, ours="arrived", theirs="noshow")
        desk.do(partial(clash, place=desk.place))


async def frame(screen: Station) -> str:
    screen.app.lookout.look()
    await screen.settled()
    return screen.screen.split("\n")[1]


async def test_a_question_stops_the_patient_and_one_key_settles_it(
    set_up: Practice, clock: FakeClock
) -> None:
    asked(set_up, clock)
    async with station(set_up, clock) as screen:
        await screen.sign_in()
        assert "WHO IS IT? v" in screen.screen
        assert "1 to settle: v" in screen.screen
        await screen.press("v", "enter")
        assert "born 01-Jan-1971 there. The same person?" in " ".join(screen.screen.split())
        await screen.press("s")
        assert "Settled." in screen.screen
        assert screen.day.visits[FIRST.id].patient.born == "1971-01-01"
        await screen.press("escape")
        assert "to settle" not in screen.screen
        assert "WHO IS IT" not in screen.screen


async def test_until_it_is_settled_nothing_is_written_and_it_says_why(
    set_up: Practice, clock: FakeClock
) -> None:
    asked(set_up, clock)
    async with station(set_up, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "w")
        await screen.press("p")
        await screen.type("her son")
        await screen.press("enter")
        assert "Settle it first: on the list, v shows it." in " ".join(screen.screen.split())
        assert not screen.day.visits[FIRST.id].room


async def test_another_person_changes_nothing(set_up: Practice, clock: FakeClock) -> None:
    asked(set_up, clock)
    async with station(set_up, clock) as screen:
        await screen.sign_in()
        await screen.press("v", "enter", "o")
        assert screen.day.visits[FIRST.id].patient.born == "1954-04-12"
        assert not [one for one in screen.day.events if isinstance(one.data, AppointmentRevised)]
        assert not screen.day.left_to_person()


async def test_of_two_statuses_both_are_shown_and_one_is_picked(set_up: Practice, clock: FakeClock) -> None:
    clashed(set_up, clock)
    async with station(set_up, clock) as screen:
        await screen.sign_in()
        assert "status? v" in screen.screen
        await screen.press("v", "enter")
        assert "h  arrived goes there" in screen.screen
        await screen.press("t")
        (one,) = screen.day.for_person.values()
        assert one.answer is False


async def test_when_the_server_was_heard_stands_in_the_frame_and_is_loud_when_it_is_long_ago(
    set_up: Practice, clock: FakeClock
) -> None:
    said(set_up, clock)
    async with station(set_up, clock) as screen:
        await screen.sign_in()
        assert "server last heard 09:00" in await frame(screen)
        clock.forward(minutes=4)
        said(set_up, clock, heard=NINE, waiting={"Observation": 12}, since=NINE)
        assert "server last heard 09:00, 12 to send" in await frame(screen)


async def test_without_a_server_nothing_is_said_of_one(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        assert "server" not in screen.screen
        await screen.press("v")
        assert "No server is set up" in screen.screen


async def test_what_was_refused_is_there_with_the_servers_words_and_sent_once_more_by_a_key(
    set_up: Practice, clock: FakeClock
) -> None:
    key = "Observation/00000000-0000-4000-8000-000000000001"
    words = "Constraint obs-6 failed: value and dataAbsentReason"
    parked = Parked(on=DATE, key=key, of="OKONKWO, Grace", row=FIRST.id, at=NINE, status=422, words=words)
    hosts = (
        Host(origin="a", name="upstairs", heard=NINE + timedelta(minutes=-2)),
        Host(origin="b", name="annexe", paired=False, fingerprint="ab12 cd34"),
        Host(origin="c", name="attic", paired=False, fingerprint="ef56", trouble="It was let go of."),
    )
    said(
        set_up,
        clock,
        parked=(parked,),
        waiting={"Task": 2},
        first=("SMITH, John: Task, not sent yet",),
        since=NINE,
        hosts=hosts,
        claims=False,
    )
    async with station(set_up, clock) as screen:
        await screen.sign_in()
        assert "look: v" in await frame(screen)
        await screen.press("v")
        flat = " ".join(screen.screen.split())
        assert "refused OKONKWO, Grace: Observation 09:00 422, Constraint obs-6 failed" in flat
        assert "waiting 2 Task since 09:00 SMITH, John: Task, not sent yet and 1 more" in flat
        assert "host upstairs, last heard 08:58" in flat
        assert "host annexe (ab12 cd34) asks to be paired" in flat
        assert "host attic (ef56): It was let go of." in flat
        assert "claims are off" in flat
        await screen.press("r")
        assert "It is sent once more." in screen.screen
        assert asked_again(set_up, a_bench(set_up).keys) == [key]
        await screen.press("home", "enter")
        assert screen.app.open_visit == FIRST.id


async def test_a_half_typed_line_and_the_cursor_stay_when_the_list_changes(
    set_up: Practice, clock: FakeClock
) -> None:
    later = SECOND.model_copy(update={"start": NINE - timedelta(minutes=30)})
    async with station(set_up, clock) as screen:
        await screen.sign_in()
        await screen.press("slash")
        await screen.type("Okon")
        with closing(a_desk(set_up, by=DEVICE, clock=clock)) as desk:
            counts = ListImported(file="s", sha256="0", listed=0, changed=1, unchanged=1, gone=0, rejected=0)
            desk.do(lambda day: acts.take_list(day, desk.place, counts, (), (), ((later, ("time",)),), ()))
        screen.app.lookout.look()
        await screen.settled()
        assert "08:30 SMITH, John" in screen.screen
        assert "Okon" in screen.screen
        await screen.press("enter")
        assert screen.app.open_visit == FIRST.id


def test_what_is_to_be_tried_again_is_asked_once(set_up: Practice) -> None:
    keys = a_bench(set_up).keys
    ask_again(set_up, keys, "Task/1")
    ask_again(set_up, keys, "Task/2", "Task/1")
    assert asked_again(set_up, keys) == ["Task/1", "Task/2"]
    taken_again(set_up, keys)
    assert asked_again(set_up, keys) == []
