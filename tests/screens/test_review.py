"""A session reviewed by single keys, and the query that reaches whoever is to answer it."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from clinic import DATE, FIRST, GPA, SECOND, SUPERVISOR, FakeClock, a_bench, a_desk
from station import Station, station

from gpa_tui.records.appointment import Stage
from gpa_tui.records.event import Exported, ReviewGiven, ReviewSigned
from gpa_tui.session import acts
from gpa_tui.session.registry import Registry
from gpa_tui.session.sheet import sheet_of
from gpa_tui.store.practice import Practice
from gpa_tui.sync.state import Parked, SyncState
from screens import list_screen
from screens.review import rows_of

GAP = "identity   09:00 OKONKWO, Grace: 09:00 identity check: by the record only"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_screen, "QUIET", 0)


@pytest.fixture
def worked(stocked: Practice, clock: FakeClock) -> Practice:
    """The first row by the record alone, the second as it should be."""
    with closing(a_desk(stocked, clock=clock)) as desk:
        by_record = partial(acts.check_identity, said_by="record only", name="", born=None)
        as_said = partial(acts.check_identity, said_by="patient", name="Smith", born=SECOND.patient.born)
        for row, checked in ((FIRST, by_record), (SECOND, as_said)):
            for act in (
                partial(acts.move, to=Stage.ARRIVED),
                acts.open_record,
                checked,
                partial(acts.note_present, who="nobody else"),
                partial(acts.move, to=Stage.LEFT),
            ):
                desk.do(partial(act, place=desk.place, appointment=row.id))
    return stocked


async def opened(screen: Station) -> Station:
    await screen.sign_in("Dr N Patel", "s")
    await screen.press("r")
    return screen


async def test_what_stands_out_is_first_and_each_is_agreed_with_by_one_key(
    worked: Practice, clock: FakeClock
) -> None:
    async with station(worked, clock) as screen:
        await opened(screen)
        assert "3 of 3 to look at · sample 20%, seed " in screen.screen
        rows = screen.screen.split("\n")[4:]
        assert GAP in rows[0]
        await screen.press("a", "a", "a")
        assert "0 of 3 to look at" in screen.screen
        assert screen.screen.count("[agreed]") == 3
        await screen.press("a")
    with closing(Registry(a_bench(worked))) as registry:
        registry.read()
        assert sum(isinstance(one.data, ReviewGiven) for one in registry.standing.events) == 3  # said once


async def test_the_line_of_the_log_it_rests_on_is_one_key_away_and_its_whole_another(
    worked: Practice, clock: FakeClock
) -> None:
    async with station(worked, clock) as screen:
        await opened(screen)
        await screen.press("enter")
        assert "OKONKWO, Grace: every entry" in screen.screen
        entry = next(one for one in screen.day.events if one.kind == "identity.checked")
        assert screen.app.screen.rows.key == entry.id  # type: ignore[attr-defined]
        await screen.press("enter")
        assert "What        identity check: by the record only" in screen.screen
        await screen.press("escape", "a", "escape")
        assert "2 of 3 to look at" in screen.screen
        (under,) = [one for one in rows_of(screen.app) if one.key == screen.app.screen.rows.key]  # type: ignore[attr-defined]
        assert not under.done  # the cursor went on from what was agreed with


async def test_one_key_takes_the_rest_but_the_sample_and_what_stands_out(
    worked: Practice, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with station(worked, clock) as screen:
        await opened(screen)
        assert "sample     09:10" in screen.screen  # of the rest, which is that row
        monkeypatch.setattr(list_screen, "QUIET", 60)
        await screen.press("t", "a")  # at once: what was meant for the question answers nothing
        assert screen.app.reviews[0].threads == {}
        monkeypatch.setattr(list_screen, "QUIET", 0)
        await screen.press("a")  # and is read as no verdict, but ends the wait
        assert GAP in screen.screen
        await screen.press("a", "t", "q")  # the finding, then the row that it was in
        await screen.type("who was with her?")
        await screen.press("enter")
        assert screen.app.reviews[0].threads[FIRST.id].given.words == "who was with her?"
        await screen.press("end", "home")
        (row,) = [one for one in rows_of(screen.app) if one.key == FIRST.id]
        assert row.state.value == "queried"
        await screen.press("t")
        assert "No row is left" in screen.screen  # a query is not agreed with by the way


async def test_one_key_more_agrees_with_all_the_rest(worked: Practice, clock: FakeClock) -> None:
    async with station(worked, clock) as screen:
        await opened(screen)
        await screen.press("a", "t", "a")
        assert screen.app.screen.rows.key == SECOND.id  # type: ignore[attr-defined]
        assert FIRST.id in screen.app.reviews[0].threads
        assert SECOND.id not in screen.app.reviews[0].threads
        assert "Agreed with 1 row in which nothing is left that stands out." in screen.screen


async def test_what_nobody_heard_stays_loud_and_open_whatever_was_agreed_with(
    worked: Practice, clock: FakeClock
) -> None:
    with closing(a_desk(worked, clock=clock)) as desk:
        desk.do(partial(acts.escalate, place=desk.place, appointment=SECOND.id, because="grey and sweating"))
    async with station(worked, clock) as screen:
        await opened(screen)
        await screen.press("a", "s")
        assert (
            "escalation [agreed] 09:10 SMITH, John: 09:00 grey and sweating: NOT HEARD YET" in screen.screen
        )
        assert "escalation 09:10 SMITH, John: 09:00 grey and sweating: NOT HEARD YET" in screen.screen
        await screen.type("heard of it since")
        await screen.press("enter", "s")
        await screen.type("a late thought")
        await screen.press("escape", "s")
        assert "a late thought" in screen.screen  # the reason for reopening is kept as well
    with closing(Registry(a_bench(worked, by=SUPERVISOR))) as registry:
        registry.read()
        (signed,) = [one.data for one in registry.standing.events if isinstance(one.data, ReviewSigned)]
    assert any("grey and sweating: NOT HEARD YET" in still for still in signed.still_open)


async def test_an_answer_that_comes_after_the_sign_off_is_agreed_with_without_reopening(
    worked: Practice, clock: FakeClock
) -> None:
    async with station(worked, clock) as screen:
        await opened(screen)
        await screen.press("q")
        await screen.type("nobody to ask?")
        await screen.press("enter", "s", "enter")
    async with station(worked, clock) as screen:
        await screen.sign_in()
        await screen.press("f", "enter")
        await screen.type("her son was late")
        await screen.press("enter")
    async with station(worked, clock) as screen:
        await opened(screen)
        await screen.press("a")
        assert "[answered]" not in screen.screen
        assert "Signed off" in screen.screen
        await screen.press("down", "a")
        assert "This session is signed off" in screen.screen


async def test_a_query_is_seen_first_thing_answered_and_agreed_with(
    worked: Practice, clock: FakeClock
) -> None:
    async with station(worked, clock) as screen:
        await opened(screen)
        await screen.press("q")
        await screen.type("nobody to ask?")
        await screen.press("enter")
        assert "[queried]" in screen.screen
        assert "query: nobody to ask?" in screen.screen
    clock.forward(days=1)
    async with station(worked, clock) as screen:
        await screen.sign_in()
        assert "1 for you" in screen.screen
        assert "A review asks you about 1 entry: f." in screen.screen
        await screen.press("f")
        flat = " ".join(screen.screen.split())
        assert "! query Mon 23 Nov, OKONKWO, Grace: identity check" in flat
        await screen.press("enter")
        await screen.type("She is deaf, her son was late")
        await screen.press("enter")
        assert "Nothing waits for you." in screen.screen
        assert "Answered: it stays with the entry" in screen.screen
    async with station(worked, clock) as screen:
        await screen.sign_in("Dr N Patel", "s")
        assert "1 of your queries is answered: f." in screen.screen
        await screen.press("f", "enter")
        assert "answers: She is deaf, her son was late" in " ".join(screen.screen.split())
        await screen.press("a")
        assert "[answered]" not in screen.screen


async def test_signed_off_with_what_is_open_named_and_reopened_with_a_reason(
    worked: Practice, clock: FakeClock
) -> None:
    async with station(worked, clock) as screen:
        await opened(screen)
        await screen.press("a", "s")
        assert "2 still open, and kept so:" in screen.screen
        await screen.type("Well done")
        await screen.press("enter")
        assert "Signed off" in screen.screen
        await screen.press("a")
        assert "This session is signed off." in screen.screen
        await screen.press("s")
        await screen.type("one more look")
        await screen.press("enter", "a")
        assert "to look at" in screen.screen
    with closing(Registry(a_bench(worked))) as registry:
        registry.read()
        (review,) = registry.standing.reviews.values()
        signed = review.signings[0].data
        assert isinstance(signed, ReviewSigned)
        assert signed.words == "Well done"
        assert len(signed.still_open) == 2
        with closing(a_desk(worked, by=GPA)) as desk:
            assert desk.storage.hashes[signed.n] == signed.hash
        assert registry.standing.anchors[DATE.isoformat()][0] >= signed.n


async def test_what_was_saved_while_the_words_were_typed_is_looked_at_first(
    worked: Practice, clock: FakeClock
) -> None:
    async with station(worked, clock) as screen:
        await opened(screen)
        await screen.press("a", "a", "a", "s")
        assert "Nothing is left open." in screen.screen
        with closing(a_desk(worked, clock=clock)) as desk:
            desk.do(partial(acts.escalate, place=desk.place, appointment=FIRST.id, because="grey"))
        await screen.type("Well done")
        await screen.press("enter")
        assert "Not signed: since you looked there is also: escalation" in " ".join(screen.screen.split())
        await screen.press("escape", "s")
        assert "NOT HEARD YET" in screen.screen
        await screen.press("enter")
        assert "Signed off" in screen.screen
        with closing(a_desk(worked, clock=clock)) as desk:
            desk.do(partial(acts.escalate, place=desk.place, appointment=SECOND.id, because="faint"))
            with closing(Registry(desk.bench)) as registry:
                registry.read()
                parts = dict(sheet_of(desk, registry).parts)
        assert any("faint" in one for one in parts["After it was signed off"])
        assert not any("faint" in one for one in parts["Every entry"])
        assert "What stands out, with what came after the sign-off" in parts
        await screen.press("escape", "r")
        assert "since the sign-off: 09:10 SMITH, John: 09:00 faint" in " ".join(screen.screen.split())


async def test_what_the_server_has_not_got_is_named_at_the_sign_off(
    worked: Practice, clock: FakeClock
) -> None:
    parked = Parked(
        on=DATE, key="Task/a", of=FIRST.patient.id, at=clock.now(), status=422, words="no such code"
    )
    async with station(worked, clock) as screen:
        await opened(screen)
        screen.app.sync_state = SyncState(waiting={"Observation": 3}, parked=(parked,))
        await screen.press("s")
        assert "server: 3 wait to be sent, 1 refused: v on the list" in screen.screen
        await screen.press("enter")
    with closing(Registry(a_bench(worked, by=SUPERVISOR))) as registry:
        registry.read()
        (signed,) = [one.data for one in registry.standing.events if isinstance(one.data, ReviewSigned)]
    assert any("1 refused" in still for still in signed.still_open)


async def test_an_earlier_day_is_reviewed_as_well(worked: Practice, clock: FakeClock) -> None:
    clock.forward(days=3)
    async with station(worked, clock) as screen:
        await screen.sign_in("Dr N Patel", "s")
        await screen.press("y", "r")
        assert "Review of Mon 23 Nov: 3 of 3 to look at" in screen.screen
        await screen.press("a")
        given = next(iter(screen.app.reviews[0].threads.values())).verdict.data
        assert isinstance(given, ReviewGiven)
        assert given.on == DATE


async def test_a_clinician_has_the_log_and_no_verdicts(worked: Practice, clock: FakeClock) -> None:
    async with station(worked, clock) as screen:
        await screen.sign_in("Dr N Patel", "c")
        await screen.press("r")
        assert "Session log:" in screen.screen


# ── numbers, the sheet, another day, a search ─────────────────────────────────────────────────


async def test_the_session_in_numbers_beside_those_before_and_what_each_task_took(
    worked: Practice, clock: FakeClock
) -> None:
    clock.forward(days=1)
    with closing(a_desk(worked, FIRST, clock=clock, on=DATE + timedelta(days=1))) as desk:
        desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.ARRIVED))
    async with station(worked, clock) as screen:
        await opened(screen)
        await screen.press("a")
        await screen.app.sign_out()
    async with station(worked, clock) as screen:
        await opened(screen)
        await screen.press("n")
        lines = screen.screen.split("\n")
        *_, patients = (line for line in lines if line.startswith(" Patients"))
        assert patients.endswith("█▄ 2 1")
        assert re.search(r"review: 1 task, \d keys and \d+ s each \(aim: 3 keys at most", screen.screen)


async def test_where_the_practice_does_not_want_it_no_key_is_counted(
    worked: Practice, clock: FakeClock
) -> None:
    settings = worked.home / "practice.toml"
    settings.write_text(settings.read_text() + "effort_meter = false\n", "utf-8")
    async with station(worked, clock) as screen:
        await opened(screen)
        await screen.press("a")
        await screen.app.sign_out()
    assert not (worked.home / "effort").exists()


async def test_the_sheet_is_saved_private_with_the_log_saying_so_first(
    worked: Practice, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with station(worked, clock) as screen:
        await opened(screen)
        await screen.press("p", "t")
        assert "Saved:" in screen.screen
        (file,) = tmp_path.glob("session-2026-11-23-*.txt")
        assert file.stat().st_mode & 0o777 == 0o600
        said = [one for one in screen.day.events if isinstance(one.data, Exported)]
        assert [one.data for one in said] == [Exported(what="session sheet, text", file=file.name)]
        n, hash_ = screen.app.desk.head if screen.app.desk is not None else (0, "")
        assert f"{n}:{hash_}" in file.read_text("utf-8")


async def test_another_day_is_turned_to_by_its_date(worked: Practice, clock: FakeClock) -> None:
    clock.forward(days=9)
    async with station(worked, clock) as screen:
        await opened(screen)
        assert "Nothing was done in this session." in screen.screen
        await screen.press("y")
        await screen.type("24 11")
        await screen.press("enter")
        assert "There is no log of 24 Nov 2026. The latest before it: 23 Nov 2026." in screen.screen
        await screen.press("ctrl+a", "ctrl+k")
        await screen.type("23 11")
        await screen.press("enter")
        assert "Review of Mon 23 Nov" in screen.screen


async def test_a_search_finds_over_all_days_and_opens_the_log_at_the_entry(
    worked: Practice, clock: FakeClock
) -> None:
    clock.forward(days=9)
    async with station(worked, clock) as screen:
        await opened(screen)
        await screen.press("slash")
        await screen.type("Okonkwo")
        await screen.press("enter")
        await screen.type("12 4 1954")
        await screen.press("enter", "enter")
        await screen.type("identity")
        await screen.press("enter", "enter")
        assert "1 entry: Okonkwo, born 12-Apr-1954, identity" in screen.screen
        assert "23 Nov 26 09:00 OKONKWO, Grace · M Okafor · identity check" in screen.screen
        await screen.press("enter")
        assert "Session log:" in screen.screen
        assert "identity.checked" in screen.screen
        assert screen.app.registry is not None
        kinds = [one.kind for one in screen.app.registry.standing.events]
        assert "log.searched" in kinds
