"""The workstation by keys: time, lock, roles, refusals, and what stands on an 80×24 screen."""

from __future__ import annotations

import os
import re
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from clinic import (
    ADMINISTRATOR,
    DATE,
    FIRST,
    GP,
    GPA,
    NINE,
    PASSPHRASE,
    PEOPLE,
    SECOND,
    FakeClock,
    a_bench,
    a_clinic,
    a_desk,
    a_patient,
    a_practice,
    an_appointment,
)
from rich.cells import cell_len
from station import Station, station

from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Mode, Stage
from gpa_tui.records.event import Said
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.patient import Allergy, AllergyState, Need
from gpa_tui.records.staff import Role
from gpa_tui.session import acts, tasks
from gpa_tui.session.desk import Desk
from gpa_tui.session.registry import Registry
from gpa_tui.store import vault
from gpa_tui.store.practice import Practice
from gpa_tui.store.vault import Roster


async def identified(screen: Station) -> None:
    """The first patient's record is opened and identity checked."""
    await screen.press("enter")
    await screen.press("i", "p")
    await screen.type("okonkwo")
    await screen.press("enter")
    await screen.type("12 4 1954")
    await screen.press("enter", "enter")
    assert "Identity fits the list" in screen.screen


# ── signing in ────────────────────────────────────────────────────────────────────────────────


async def test_the_frame_says_test_in_a_demo(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        assert screen.screen.startswith(" TEST ")
        await screen.sign_in()
        assert screen.screen.startswith(" TEST  Mon 23 Nov 2026")


async def test_a_wrong_passphrase_is_refused_and_recorded(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.type("1")
        await screen.press("enter", "x", "enter")
        assert "do not go together" in screen.screen
        await screen.type(PASSPHRASE)
        await screen.press("enter")
        kinds = [(event.kind, event.by.role.value) for event in screen.day.events]
        assert ("signin.refused", "device") in kinds


async def test_somebody_with_two_roles_chooses_one(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in("Dr N Patel", role="c")
        assert "Dr N Patel Clinician" in screen.screen


# ── lock ──────────────────────────────────────────────────────────────────────────────────────


async def test_locking_hides_every_name_and_unlocking_comes_back_to_the_record(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        await screen.press("ctrl+l")
        assert "OKONKWO" not in screen.screen
        await screen.type(PASSPHRASE)
        await screen.press("enter")
        assert "Still open: OKONKWO, Grace" in screen.screen
        kinds = [event.kind for event in screen.day.events]
        assert kinds[-2:] == ["signin.locked", "signin.unlocked"]


async def test_the_workstation_locks_itself_after_the_idle_limit(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        limit = stocked.settings.idle_lock_minutes * 60
        screen.app.lookout.monotonic = lambda: time.monotonic() + limit - 5
        await screen.app.lookout.tick()
        assert "OKONKWO" in screen.screen
        screen.app.lookout.monotonic = lambda: time.monotonic() + limit + 5
        await screen.app.lookout.tick()
        await screen.settled()
        assert "Locked by M Okafor" in screen.screen


async def test_a_key_puts_the_idle_lock_off(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        limit = stocked.settings.idle_lock_minutes * 60
        screen.app.lookout.monotonic = lambda: time.monotonic() + limit + 5
        await screen.press("down")
        await screen.app.lookout.tick()
        assert "OKONKWO" in screen.screen


async def test_another_person_signs_in_over_the_lock(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("ctrl+l", "up")
        await screen.sign_in("S Reed")
        assert "S Reed Reception" in screen.screen
        await screen.press("enter")
        assert "Reception may not open a patient's record" in screen.screen
        assert screen.day.events[-1].kind == "act.refused"


# ── time ──────────────────────────────────────────────────────────────────────────────────────


async def test_after_midnight_the_list_is_todays(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        clock.at = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
        await screen.app.lookout.tick()
        assert "Mon 23 Nov 2026" in screen.screen
        clock.at = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
        await screen.app.lookout.tick()
        await screen.settled()
        assert "Tue 24 Nov 2026" in screen.screen
        assert "OKONKWO" not in screen.screen


async def test_midnight_waits_until_no_record_is_open(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        clock.at = datetime(2026, 11, 24, 0, 1, tzinfo=UTC)
        await screen.app.lookout.tick()
        await screen.press("d")
        assert "1 Prep 1/12" in screen.screen
        await screen.press("backspace")
        clock.forward(minutes=1)
        await screen.app.lookout.tick()
        await screen.settled()
        assert "Tue 24 Nov 2026" in screen.screen


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "00:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "02:00"),
        (datetime(2026, 10, 25, 0, 59, tzinfo=UTC), "01:59"),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "01:00"),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "00:30"),
    ],
)
async def test_the_frame_shows_local_time_across_the_clock_changes(
    practice: Practice, instant: datetime, shown: str
) -> None:
    async with station(practice, FakeClock(instant)) as screen:
        await screen.sign_in()
        assert f"GPA · {shown}" in screen.screen


async def test_waiting_is_counted_in_elapsed_minutes_over_the_autumn_clock_change(tmp_path: object) -> None:
    from pathlib import Path

    before = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    clock = FakeClock(before)
    practice = a_practice(Path(str(tmp_path)))
    row = an_appointment(start=before)
    desk = a_desk(practice, row, clock=clock, on=before.date())
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press("a")
        clock.at = before + timedelta(minutes=20)
        await screen.app.lookout.tick()
        assert "waits 20m" in screen.screen
    desk.close()


# ── refusals keep what was typed ──────────────────────────────────────────────────────────────


async def test_words_stay_on_screen_when_the_disk_says_no(
    stocked: Practice, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        await screen.press("enter")
        await screen.type("three days")

        def full(*_: object) -> int:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as broken:
            broken.setattr(os, "pwrite", full)
            await screen.press("enter")
            assert "Not saved: No space left on device" in screen.screen
            assert "three days" in screen.screen
        await screen.press("enter")
        assert "✓    Reason in the patient's own words  three days" in screen.screen


async def test_a_misfit_of_identity_stops_and_says_both(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "i", "p")
        await screen.type("smith")
        await screen.press("enter")
        await screen.type("12 4 1954")
        await screen.press("enter", "enter")
        said = " ".join(screen.screen.split())
        assert "STOP: not the same. Said: smith, born 12-Apr-1954." in said
        assert "The list says: OKONKWO, Grace, born 12-Apr-1954." in said
        assert "Esc, and find the right row; or ask reception." in said
        await screen.press("d")
        assert "Identity: who says who this is?" in screen.screen
        assert not screen.day.visits[FIRST.id].answers


async def test_the_key_that_asked_for_identity_is_done_after_it(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "2", "1", "p")
        await screen.type("okonkwo")
        await screen.press("enter")
        await screen.type("12 4 1954")
        await screen.press("enter", "enter", "6")
        assert "Breaths    16" in screen.screen


async def test_space_shows_the_brief_and_its_gaps_before_the_patient_is_ready(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("space", "space")
        assert "in prep" in screen.screen
        await screen.press("space", "p")
        await screen.type("okonkwo")
        await screen.press("enter")
        await screen.type("12 4 1954")
        await screen.press("enter", "enter")
        assert "for the GP" in screen.screen
        assert screen.day.visits[FIRST.id].stage is Stage.IN_PREP
        await screen.press("enter")
        await screen.type("in a hurry")
        await screen.press("enter")
        assert screen.day.visits[FIRST.id].stage is Stage.READY
        assert "OKONKWO, Grace handed over: ready for the GP." in screen.screen


async def test_space_in_a_record_shows_the_brief_too(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("a")
        await identified(screen)
        await screen.press("space", "space")
        assert "for the GP" in screen.screen
        assert screen.day.visits[FIRST.id].stage is Stage.IN_PREP


async def test_a_stage_keeps_its_own_capitals(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("a", "s")
        await screen.press("enter", "space")
        assert "Wrap-up. u takes it back." in screen.screen
        await screen.press("u", "u")
        await screen.press("space")
        assert "With GP" not in screen.screen


async def test_what_another_terminal_saves_shows_within_half_a_second(
    stocked: Practice, clock: FakeClock, desk: Desk
) -> None:
    from functools import partial

    from gpa_tui.session import acts

    async with station(stocked, clock) as screen:
        await screen.sign_in()
        desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.ARRIVED))
        saved_at = time.monotonic()
        while "arrived" not in screen.screen:
            assert time.monotonic() - saved_at < 0.5
            await screen.settled()


async def test_who_has_left_is_locked_out_of_the_terminal_they_are_at(
    stocked: Practice, clock: FakeClock
) -> None:
    from gpa_tui.records.event import Said, StaffLeft
    from gpa_tui.session.admission import epoch_begun
    from gpa_tui.session.registry import Registry
    from gpa_tui.store import vault

    def leaving(roster: Roster) -> tuple[Roster, list[Said]]:
        changed = vault.without(roster, GPA.staff)
        return changed, [Said(data=StaffLeft(staff=GPA.staff)), Said(data=epoch_begun(changed))]

    async with station(stocked, clock) as screen:
        await screen.sign_in()
        with closing(Registry(a_bench(stocked, by=ADMINISTRATOR, terminal="office"))) as registry:
            registry.change(leaving)
        deadline = time.monotonic() + 1.0
        while "Locked by M Okafor" not in screen.screen:
            assert time.monotonic() < deadline
            await screen.settled()
        assert "OKONKWO" not in screen.screen
        assert screen.screen.count("M Okafor") == 1, "no longer among those who may sign in"


async def test_a_fault_of_the_program_shows_no_value(
    stocked: Practice, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from screens.day import DayScreen

    def faulty(_: object) -> None:
        raise ValueError("OKONKWO, Grace")

    with pytest.raises(ValueError, match="OKONKWO"):  # noqa: PT012
        async with station(stocked, clock) as screen:
            await screen.sign_in()
            monkeypatch.setattr(DayScreen, "_current", faulty)
            await screen.press("a")
    said = "".join(capsys.readouterr())
    assert "gpa-tui stopped because of a fault in the program" in said
    assert "OKONKWO" not in said


async def test_taking_back_a_stage(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("a")
        assert screen.day.visits[FIRST.id].stage is Stage.ARRIVED
        await screen.press("u")
        assert screen.day.visits[FIRST.id].stage is Stage.BOOKED
        assert "OKONKWO, Grace: stage: booked → arrived, taken back." in screen.screen
        assert [event.kind for event in screen.day.events][-2:] == ["appointment.moved", "entry.struck"]


# ── what stands on the screen ─────────────────────────────────────────────────────────────────


async def test_an_empty_list_says_what_to_do(practice: Practice, clock: FakeClock) -> None:
    async with station(practice, clock) as screen:
        await screen.sign_in()
        assert "gpa-tui import FILE" in screen.screen
        await screen.press("a", "enter", "n", "u", "down")
        assert "nothing of yours here to take back" in screen.screen


async def test_forty_patients_scroll_and_the_cursor_stays_in_view(
    practice: Practice, clock: FakeClock
) -> None:
    rows = [an_appointment(n, a_patient(f"Person{n:02d}", nhs_number=None)) for n in range(1, 41)]
    a_desk(practice, *rows, clock=clock).close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        assert "PERSON01" in screen.screen
        assert "PERSON40" not in screen.screen
        await screen.press("end")
        assert "PERSON40" in screen.screen
        assert "PERSON01" not in screen.screen
        await screen.press("home", *["pagedown"] * 2)
        assert "PERSON35" in screen.screen
        assert all(len(line) <= 80 for line in screen.screen.split("\n"))


LONG = a_patient(
    "Featherstonehaugh-Cholmondeley-Adebayo-Montgomery",
    "Oluwaseun Bartholomew Maximilian",
    title="Professor",
    allergies=tuple(Allergy(substance=f"substance number {n}", reaction="rash") for n in range(6)),
    allergy_state=AllergyState.RECORDED,
    needs=tuple(Need(text=f"need of some length {n}") for n in range(5)),
)


@pytest.mark.parametrize("width", [80, 100])
async def test_the_banner_shows_the_longest_name_and_every_allergy_whole(
    practice: Practice, clock: FakeClock, width: int
) -> None:
    a_desk(practice, an_appointment(patient=LONG), clock=clock).close()
    async with station(practice, clock, width=width) as screen:
        await screen.sign_in()
        await screen.press("enter")
        shown = " ".join(screen.screen.split())
        assert LONG.name.listed in shown
        assert all(f"substance number {n} (rash)" in shown for n in range(6))
        assert all(f"need of some length {n}" in shown for n in range(5))
        assert "Reason in the patient's own words" in shown


async def test_that_somebody_has_died_is_loud_on_the_list_and_in_the_banner(
    practice: Practice, clock: FakeClock
) -> None:
    gone = an_appointment(2, a_patient("Teo", "", "1930-01-01", id="teo", deceased=True, died="2026-11-03"))
    a_desk(practice, FIRST, gone, clock=clock).close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        assert screen.screen.count("DIED") == 1
        await screen.press("down", "enter")
        assert "TEO " in screen.screen
        assert "Born 01-Jan-1930 Gender" in screen.screen
        assert "RECORDED AS HAVING DIED, 03-Nov-2026 (96y)" in screen.screen
        await screen.press("b")
        assert "Contact     not kept here: look in the practice's system" in screen.screen


MANY = a_patient(
    allergies=tuple(Allergy(substance=f"substance number {n}", reaction="rash") for n in range(40)),
    allergy_state=AllergyState.RECORDED,
    needs=(Need(text="hearing loop"),),
    medicines=("amlodipine 5mg",),
)


async def test_forty_allergies_leave_room_for_the_page_and_one_key_shows_all(
    practice: Practice, clock: FakeClock
) -> None:
    a_desk(practice, an_appointment(patient=MANY), clock=clock).close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press("enter")
        assert "Reason in the patient's own words" in screen.screen
        assert "… more allergies: b shows all" in screen.screen
        seen = await all_lines(screen, "b")
        for n in range(40):
            assert f"substance number {n} (rash)" in seen
        assert "hearing loop" in seen
        assert "amlodipine 5mg" in seen
        await screen.press("backspace")
        assert "1 Prep" in screen.screen


async def all_lines(screen: Station, key: str) -> str:
    """Everything on the list that `key` opens, read from top to bottom."""
    await screen.press(key)
    seen = screen.screen
    for _ in range(60):
        await screen.press("down")
        seen += screen.screen
    return seen


async def test_a_name_in_wide_characters_pushes_nothing_off_the_banner(
    practice: Practice, clock: FakeClock
) -> None:
    wide = a_patient("欧阳", "小红梅香")
    a_desk(practice, an_appointment(patient=wide), clock=clock).close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press("enter")
        assert "NHS No. 999 000 0018" in screen.screen
        assert all(cell_len(line) <= 80 for line in screen.screen.split("\n"))


async def test_a_long_answer_and_a_long_question_are_shown_whole(stocked: Practice, clock: FakeClock) -> None:
    words = (
        "since Tuesday when lifting a box at work, worse each morning until about eleven, and then it eases"
    )
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        await screen.press("enter")
        await screen.type(words)
        await screen.press("enter")
        assert words in " ".join(screen.screen.split())
        await screen.press("up")
        assert "What they most want" in screen.screen
        await screen.press("down", "x")
        assert "x    What they most want from today, three at most  not needed" in screen.screen
        because = "he is grey and sweating and says it is like the last time, with the pain in his left arm"
        await screen.press("e")
        await screen.type(because)
        await screen.press("enter")
        assert f"{because}. Whom did you tell?" in " ".join(screen.screen.split())


async def test_a_page_that_comes_to_the_front_uses_the_whole_width(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        await screen.press("4", "enter")
        await screen.type("rest at home and drink plenty of water for three days")
        await screen.press("ctrl+o", "ctrl+g", "2")
        await screen.type("1697a1287672a368")
        await screen.press("enter")
        assert "·    What they most want from today" in screen.screen
        await screen.press("4")
        assert "rest at home and drink plenty of water for three days" in screen.screen
        await screen.press("6")
        assert "GP's plan: (as heard, Dr N Patel) rest at home and" in screen.screen


async def test_the_supervisor_reads_a_long_entry_whole(stocked: Practice, clock: FakeClock) -> None:
    words = " ".join(f"word{n}" for n in range(200))
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "e")
        await screen.type(words)
        await screen.press("enter", "ctrl+l", "up")
        await screen.sign_in("Dr N Patel", role="s")
        await screen.press("r", "l")
        for _ in range(12):
            if "… Enter shows" in screen.screen:
                break
            await screen.press("down")
        assert "… Enter shows the whole entry" in screen.screen
        assert set(words.split()) <= set((await all_lines(screen, "enter")).split())


async def test_the_last_patients_notice_does_not_stand_in_the_next_record(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        await screen.press("2")
        await screen.type("1697a1287672a368")
        await screen.press("enter")
        assert "Saved. NEWS2 0" in screen.screen
        await screen.press("space", "space", "space", "enter")
        await screen.type("in a hurry")
        await screen.press("enter", "down", "enter")
        assert "SMITH" in screen.screen
        assert "Saved" not in screen.screen
        await screen.press("ctrl+l", "up")
        await screen.sign_in("Dr N Patel", role="c")
        await screen.press("enter")
        assert "Still open" not in screen.screen


async def test_a_reply_answers_the_item_that_was_asked_about(
    practice: Practice, clock: FakeClock, desk: Desk
) -> None:
    from functools import partial

    from gpa_tui.session import acts
    from gpa_tui.templates import shipped_templates

    lists = shipped_templates()
    choose = partial(acts.choose_template, place=desk.place, appointment=FIRST.id)
    desk.do(partial(choose, template=lists["hypertension"]))
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        await screen.press("end", "enter")
        assert "severe headache" in screen.screen
        desk.do(partial(choose, template=lists["breathless"]))
        await screen.app.lookout.tick()
        await screen.press("y")
        visit = screen.day.visits[FIRST.id]
        assert list(visit.answers) == [("hypertension", "severe_symptoms")]
        assert len(visit.open_escalations) == 1
        assert "Whom did you tell" in " ".join(screen.screen.split())


async def test_the_page_line_keeps_what_is_open_and_who_it_is_whatever_else_there_is(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("a")
        await identified(screen)
        await screen.press("2")
        await screen.type("1697a1287672a368")
        await screen.press("enter", "4", "enter")
        await screen.type("rest")
        await screen.press("ctrl+o")
        await screen.type("Rest now.")
        await screen.press("enter", "enter", "e")
        await screen.type("grey")
        await screen.press("enter", "ctrl+g")
        for width in (80, 60):
            await screen.resize(width, 24)
            assert "! k told?" in screen.screen
            assert "ID checked" in screen.screen


async def test_that_nobody_could_say_it_is_not_a_check_and_takes_no_misfit_away(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "i", "o")
        assert "ID by record only" in screen.screen
        await screen.press("i", "p")
        await screen.type("smith")
        await screen.press("enter")
        await screen.type("010101")
        await screen.press("enter", "enter")
        assert "ID DOES NOT FIT" in screen.screen
        await screen.press("i", "o", "enter")
        assert "Say why you go on by the record" in screen.screen
        await screen.type("sister gave her own")
        await screen.press("enter")
        assert "ID DID NOT FIT, by record" in screen.screen
        await screen.press("i", "p")
        await screen.type("okonkwo")
        await screen.press("enter")
        await screen.type("12 4 1954")
        await screen.press("enter", "enter")
        assert "ID checked" in screen.screen


async def test_the_reasons_for_an_unusual_value_are_all_shown(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        await screen.press("2")
        await screen.type("169191")
        await screen.press("9", "1")
        said = " ".join(screen.screen.split())
        for words in ("r repeat reading", "k known for this patient", "d device changed", "g GP aware"):
            assert words in said


async def test_the_brief_names_a_slip_that_is_half_filled(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("a")
        await identified(screen)
        await screen.press("2")
        await screen.type("2297")
        await screen.press("ctrl+g")
        assert "Not saved: kept as a draft" in screen.screen
        await screen.press("g")
        assert "half typed and not saved: observations" in screen.screen


async def test_the_list_of_an_earlier_day_is_at_a_key_and_says_that_it_is_not_todays(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "e")
        await screen.type("grey and swea")
        await screen.press("ctrl+g")
        screen.app.half_typed.flush()
    clock.forward(hours=16)
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        said = " ".join(screen.screen.split())
        assert "Half-typed words of yours are kept on the list of Mon 23 Nov 2026: y goes there." in said
        await screen.press("y")
        assert " NOT TODAY " in screen.screen
        clock.forward(minutes=1)
        await screen.app.lookout.tick()
        assert "OKONKWO" in screen.screen
        await screen.press("enter", "e")
        assert "grey and swea" in screen.screen
        await screen.press("ctrl+g", "backspace", "y")
        assert "NOT TODAY" not in screen.screen
        assert "Tue 24 Nov 2026" in screen.screen


async def test_a_day_with_every_kind_of_identity_check_opens_again(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "i", "o")
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        assert "OKONKWO" in screen.screen


async def test_a_screen_too_small_says_so_and_takes_no_key_but_the_lock(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "e")
        await screen.type("half")
        await screen.resize(40, 10)
        assert "40×10 is too small" in screen.screen
        await screen.type(" more")
        await screen.press("enter")
        await screen.resize(80, 24)
        assert "what worries you" in screen.screen
        assert "half more" not in screen.screen
        assert not screen.day.visits[FIRST.id].escalations
        await screen.type(" typed")
        assert "half typed" in screen.screen
        await screen.resize(40, 10)
        await screen.press("ctrl+l")
        assert "Locked by" in screen.screen or "type your passphrase" in screen.screen


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"born": None}, "Born Not known"),
        ({"born": "1954"}, "Born 1954 "),
        ({"nhs_number": None}, "NHS No. Not known"),
        ({"family": "Suryani", "given": ""}, "SURYANI "),
        ({}, "Allergies Not asked"),
        ({"allergy_state": AllergyState.NONE_KNOWN}, "Allergies none known"),
    ],
)
async def test_the_banner_says_in_words_what_is_not_known(
    practice: Practice, clock: FakeClock, fields: dict[str, object], words: str
) -> None:
    patient = a_patient(**fields)  # type: ignore[arg-type]
    a_desk(practice, an_appointment(patient=patient), clock=clock).close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press("enter")
        assert words in " ".join(screen.screen.split())


async def test_a_row_off_the_list_is_shown_and_says_so(
    stocked: Practice, desk: Desk, clock: FakeClock
) -> None:
    from gpa_tui.records.event import AppointmentUnlisted, Said

    desk.do(lambda _: [Said(data=AppointmentUnlisted(file="new.csv"), appointment=SECOND.id)])
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        assert "no longer on the list" in next(line for line in screen.screen.split("\n") if "SMITH" in line)


async def test_the_keys_screen_finds_a_key_and_does_it(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("question_mark")
        await screen.type("arrived")
        await screen.press("enter")
        assert screen.day.visits[FIRST.id].stage is Stage.ARRIVED


async def test_everything_opened_is_in_the_log_by_name_and_role(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "backspace")
        viewed, closed = screen.day.events[-2:]
        assert (viewed.kind, viewed.by, viewed.appointment) == ("record.viewed", GPA, FIRST.id)
        assert (closed.kind, closed.by, closed.appointment) == ("record.closed", GPA, FIRST.id)
        assert viewed.at >= NINE


async def test_an_open_question_ends_with_the_person_who_was_asked(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "e")
        await screen.type("secret words")
        await screen.press("ctrl+l", "up")
        await screen.sign_in("Dr N Patel", role="c")
        await screen.press("down", "enter")
        assert "SMITH" in screen.screen
        assert "secret words" not in screen.screen
        assert "what worries you" not in screen.screen


async def test_an_open_question_ends_with_its_patient(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "e")
        await screen.type("secret words")
        await screen.app.open_record(SECOND.id)
        await screen.settled()
        assert "SMITH" in screen.screen
        assert "secret words" not in screen.screen


# ── walk-ins and outcomes ─────────────────────────────────────────────────────────────────────


async def test_a_walk_in_takes_four_keys_beyond_the_words(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("plus")
        await screen.type("Hall, Mia")
        await screen.press("enter")
        await screen.type("6may2001")
        await screen.press("enter")
        await screen.type("Cut hand")
        await screen.press("enter")
        assert "HALL, Mia: walk-in, arrived." in screen.screen
        (row,) = [visit for visit in screen.day.rows if visit.appointment.walk_in]
        assert (row.stage, row.appointment.patient.born) == (Stage.ARRIVED, "2001-05-06")
        await screen.press("enter")
        assert "HALL, Mia" in screen.screen
        assert "06-May-2001" in screen.screen


async def test_a_walk_in_left_half_way_is_offered_again(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("plus")
        await screen.type("Hall, Mi")
        await screen.press("escape")
        assert "kept as a draft" in screen.screen
        await screen.press("plus")
        assert "Hall, Mi" in screen.screen


@pytest.mark.parametrize(
    ("mode", "keys", "stage"),
    [
        (Mode.TELEPHONE, "ot", Stage.CALL_DONE),
        (Mode.TELEPHONE, "oh", Stage.NO_ANSWER),
        (Mode.VIDEO, "ot", Stage.CALL_DONE),
        (Mode.HOME, "ov", Stage.VISITED),
        (Mode.HOME, "on", Stage.NOT_SEEN),
        (Mode.IN_PERSON, "aoq", Stage.WITH_GP),
    ],
)
async def test_each_way_to_meet_has_its_outcomes(
    practice: Practice, clock: FakeClock, mode: Mode, keys: str, stage: Stage
) -> None:
    a_desk(practice, an_appointment(mode=mode), clock=clock).close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press(*keys)
        assert screen.day.visits[FIRST.id].stage is stage
        await screen.press("u")
        assert screen.day.visits[FIRST.id].stage is not stage


async def test_who_is_rung_has_no_slip(practice: Practice, clock: FakeClock) -> None:
    a_desk(practice, an_appointment(mode=Mode.TELEPHONE), clock=clock).close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "2")
        assert "telephone" in screen.screen
        assert "Nothing is measured" in screen.screen
        await screen.press("1", "backspace")
        assert "1 listed" in screen.screen


async def test_cancelled_by_the_list_while_in_the_room_shows_both(
    practice: Practice, clock: FakeClock
) -> None:
    desk = a_desk(practice, FIRST, clock=clock)
    desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.ARRIVED))
    gone = FIRST.model_copy(update={"cancelled": True})
    revised = facts.AppointmentRevised(appointment=gone, changed=("cancelled",))
    desk.do(lambda _: [Said(data=revised, appointment=FIRST.id)])
    desk.close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        assert re.search(r"CANCELLED THERE, arrived", screen.screen)


# ── escalations ───────────────────────────────────────────────────────────────────────────────


async def test_raised_in_two_keys_and_told_in_one_more(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("e", "enter")
        assert "! 09:00 OKONKWO 0 min: go and tell" in screen.screen
        await screen.press("p")
        assert "go and tell" not in screen.screen
        (one,) = screen.day.visits[FIRST.id].escalations.values()
        assert (one.because, one.told) == ("asks for the GP now", "Dr N Patel, in person")


async def test_raised_from_a_field_keeps_what_is_half_typed(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        await screen.press("4", "enter")
        await screen.type("Rest and fl")
        await screen.press("ctrl+r", "enter", "t")
        assert not screen.day.visits[FIRST.id].open_escalations
        await screen.press("enter")
        assert "Rest and fl" in screen.screen


async def test_a_locked_screen_says_it_too_and_names_nobody(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("e", "enter", "escape", "ctrl+l")
        clock.forward(minutes=5)
        screen.app.lookout.look()
        await screen.settled()
        assert "An escalation is not heard yet, 5 min" in screen.screen
        assert "OKONKWO" not in screen.screen


async def test_the_gps_terminal_shows_it_says_so_in_the_machines_name_and_hears_it_by_one_key(
    stocked: Practice, clock: FakeClock
) -> None:
    with closing(a_desk(stocked, clock=clock, terminal="room2")) as other:
        other.do(partial(acts.escalate, place=other.place, appointment=SECOND.id, because="grey"))
        async with station(stocked, clock) as screen:
            await screen.sign_in("Dr N Patel", role="c")
            screen.app.lookout.look()
            assert screen.app.lookout.noting is not None
            await screen.app.lookout.noting
            other.refresh()
            (one,) = other.day.visits[SECOND.id].escalations.values()
            assert [shown.who for shown in one.seen] == ["Dr N Patel"]
            seen = other.day.visits[SECOND.id].events[-1]
            assert seen.by.role.value == "device"
            await screen.press("k")
            assert "SMITH, John: grey. k again." in screen.screen
            assert screen.day.visits[SECOND.id].open_escalations
            await screen.press("k")
            assert "Heard: SMITH, John" in screen.screen
        other.refresh()
        assert one.heard_by == "Dr N Patel"


async def test_the_call_card_is_one_key_from_the_list(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("9")
        assert "Call back" in screen.screen
        assert "OKONKWO, Grace, born 12-Apr-1954" in screen.screen
        await screen.press("escape")
        assert "2 listed" in screen.screen


# ── other keys, another day ───────────────────────────────────────────────────────────────────


def made_anew(practice: Practice) -> None:
    """An administrator gives the GPA new keys and another passphrase."""
    bench = a_bench(practice, by=ADMINISTRATOR)
    with closing(Registry(bench)) as registry:

        def make(roster: Roster) -> tuple[Roster, list[Said]]:
            changed = vault.with_person(roster, bench.keys, PEOPLE[0][0], "purple lantern")
            entry = changed.entry(GPA.staff)
            assert entry is not None
            replaced = facts.KeysReplaced(staff=GPA.staff, keys=entry.keys, why="reset by an administrator")
            return changed, [Said(data=replaced)]

        registry.change(make)


async def test_new_keys_lock_the_terminal_which_goes_on_looking(stocked: Practice, clock: FakeClock) -> None:
    with closing(a_desk(stocked, clock=clock, terminal="room3")) as other:
        async with station(stocked, clock) as screen:
            await screen.sign_in()
            made_anew(stocked)
            screen.app.lookout.look()
            await screen.settled()
            assert "Locked by M Okafor" in screen.screen
            other.do(partial(acts.move, place=other.place, appointment=FIRST.id, to=Stage.ARRIVED))
            screen.app.lookout.look()
            assert screen.day.visits[FIRST.id].stage is Stage.ARRIVED


async def test_what_is_half_typed_under_new_keys_is_offered_again(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "e")
        await screen.type("old")
        await screen.press("ctrl+g", "ctrl+l")
        made_anew(stocked)
        screen.app.lookout.look()
        await screen.type("purple lantern")
        await screen.press("enter", "enter", "e")
        await screen.type("grey")
        await screen.press("ctrl+g")
    keys = stocked.unlock(GPA.staff, "purple lantern", terminal="x", now=NINE)
    assert [draft.text for draft in stocked.drafts(keys).of(GPA.staff, DATE.isoformat())] == ["grey"]


async def test_turning_to_another_day_anchors_the_one_that_is_left(
    practice: Practice, clock: FakeClock
) -> None:
    a_desk(practice, FIRST, clock=clock, on=DATE - timedelta(days=1)).close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press("y", "enter", "backspace")
        desk, registry = screen.app.desk, screen.app.registry
        assert desk is not None
        assert registry is not None
        head = desk.head
        await screen.press("y")
        registry.refresh()
        assert registry.standing.anchors[(DATE - timedelta(days=1)).isoformat()] == head


# ── the right patient ─────────────────────────────────────────────────────────────────────────


async def test_who_could_be_taken_for_another_is_named_on_the_list_and_at_the_check(
    practice: Practice, clock: FakeClock
) -> None:
    other = an_appointment(2, a_patient("Okonkwo", "Ruth", "1980-01-01", id="another"))
    a_desk(practice, FIRST, other, clock=clock).close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        assert screen.screen.count("2 alike") == 2
        await screen.press("enter", "i")
        assert "Alike today: OKONKWO, Ruth, same family name." in " ".join(screen.screen.split())


async def test_who_else_is_in_the_record_is_on_both_screens(stocked: Practice, clock: FakeClock) -> None:
    with closing(a_desk(stocked, clock=clock, by=GP, terminal="room1")) as other:
        async with station(stocked, clock) as screen:
            await screen.sign_in()
            await screen.press("enter")
            assert "also here" not in screen.screen
            other.do(partial(acts.open_record, place=other.place, appointment=FIRST.id))
            screen.app.lookout.look()
            assert "also here Dr N Patel (room1)" in screen.screen
            assert other.day.others_in(FIRST.id, GP, "room1") == [f"M Okafor ({screen.app.terminal})"]
            other.do(partial(acts.close_record, place=other.place, appointment=FIRST.id))
            screen.app.lookout.look()
            assert "also here" not in screen.screen
            await screen.press("backspace")
        other.refresh()
        assert other.day.others_in(FIRST.id, GP, "room1") == []


async def test_the_room_is_noted_in_a_few_keys(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        await screen.press("w", "p")
        await screen.type("daughter Ruth")
        await screen.press("enter", "w", "c", "x", "w", "n")
        await screen.type("loop")
        await screen.press("enter")
        assert "hearing loop" in screen.screen
        await screen.press("w", "i")
        assert "a child never interprets" in screen.screen
        await screen.press("t")
        await screen.type("Polish, 4711")
        await screen.press("enter", "b")
        assert "daughter Ruth" in screen.screen
        assert "declined" in screen.screen
        assert "by telephone: Polish, 4711" in screen.screen


async def test_a_concern_is_told_and_its_words_are_gone_from_the_screen(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "w", "s")
        await screen.type("bruises on both arms")
        await screen.press("enter")
        assert "speak with M Okafor in private" in " ".join(screen.screen.split())
        await screen.press("p", "6")
        assert "safeguarding concern" in screen.screen
        assert "bruises" not in screen.screen


async def test_entries_on_the_wrong_patient_are_moved_by_keys(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        await screen.press("d", "d", "6", "v", "a")
        assert "2 of your entries here: whose are they?" in screen.screen
        assert "SMITH, John" in screen.screen
        await screen.press("enter")
        assert "Moved to SMITH, John: struck here, entered there." in " ".join(screen.screen.split())
        assert len(screen.day.visits[SECOND.id].answers) == 2
        assert not screen.day.visits[FIRST.id].answers


# ── tasks ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_task_is_asked_answered_and_done_by_keys_on_two_terminals(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "t")
        await screen.type("ring about bloods")
        await screen.press("enter", "c", "enter")
        assert "Asked of Clinician, by Mon 23 Nov 2026" in screen.screen
        await screen.press("ctrl+l", "up")
        await screen.sign_in("Dr N Patel", role="c")
        assert "1 for you" in screen.screen
        clock.forward(minutes=11)
        await screen.press("t")
        shown = " ".join(screen.screen.split())
        assert "! OKONKWO, Grace: ring about bloods → Clinician, today, asked by M Okafor" in shown
        assert "no answer for 11 min" in shown
        await screen.press("a")
        assert "Dr N Patel does it" in " ".join(screen.screen.split())
        await screen.press("d")
        assert "Nothing is open." in screen.screen
        await screen.press("escape")
        assert "for you" not in screen.screen


async def test_who_may_not_ask_for_tasks_is_in_the_log(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in("L Wong")
        await screen.press("t", "plus")
        await screen.type("order paper")
        await screen.press("enter", "m", "enter")
        assert "may not ask for a task" in " ".join(screen.screen.split())
        assert [event.kind for event in screen.day.events][-1] == "act.refused"


# ── PIN, clinics, huddle, close ───────────────────────────────────────────────────────────────


async def test_a_pin_opens_the_lock_until_five_are_wrong(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("p")
        await screen.type("wrong words")
        await screen.press("enter")
        assert "do not go together" in screen.screen
        await screen.press(*["backspace"] * 11)
        await screen.type(PASSPHRASE)
        await screen.press("enter")
        await screen.type("1234")
        await screen.press("enter")
        assert "not all alike and not in a row" in screen.screen
        await screen.press(*["backspace"] * 4)
        await screen.type("4071")
        assert "4071" not in screen.screen
        await screen.press("enter", "ctrl+l")
        await screen.type("4071")
        await screen.press("enter")
        assert "2 listed" in screen.screen
        await screen.press("ctrl+l")
        for _ in range(5):
            await screen.type("9999")
            await screen.press("enter")
        assert "no longer opens it: type your passphrase" in screen.screen
        await screen.type("4071")
        await screen.press("enter")
        assert "Locked by" in screen.screen
        await screen.type(PASSPHRASE)
        await screen.press("enter")
        assert "2 listed" in screen.screen
        assert [event.kind for event in screen.day.events].count("pin.refused") == 5


async def test_a_pin_opens_nothing_for_who_has_new_keys(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("p")
        await screen.type(PASSPHRASE)
        await screen.press("enter")
        await screen.type("4071")
        await screen.press("enter")
        made_anew(stocked)
        screen.app.lookout.look()
        await screen.settled()
        await screen.type("4071")
        await screen.press("enter")
        assert "Locked by M Okafor" in screen.screen
        assert screen.app.pin is None


async def test_one_clinic_of_two_is_followed(practice: Practice, clock: FakeClock) -> None:
    desk = a_desk(practice, FIRST, clock=clock)
    other = a_clinic(id="clinic-2", clinician="Dr B Else", session="afternoon")
    row = an_appointment(2, SECOND.patient, clinic="clinic-2")
    desk.do(
        lambda _: [
            Said(data=facts.ClinicOpened(clinic=other), clinic=other.id),
            Said(data=facts.AppointmentListed(appointment=row), clinic=other.id, appointment=row.id),
        ]
    )
    desk.close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        assert "2 listed" in screen.screen
        await screen.press("g", "2")
        assert "1 listed" in screen.screen
        assert "SMITH" in screen.screen
        assert "OKONKWO" not in screen.screen
        assert "Dr B Else · afternoon" in screen.screen
        await screen.press("g", "a")
        assert "2 listed" in screen.screen


async def test_the_session_is_closed_with_what_was_open_named(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("b")
        assert "2, 09:00 to 09:10" in screen.screen
        await screen.press("escape", "c")
        assert "09:00 OKONKWO, Grace: booked" in screen.screen
        await screen.press("enter")
        assert "Session closed with 2 open" in screen.screen
        closed = next(event.data for event in screen.day.events if event.kind == "clinic.closed")
        assert isinstance(closed, facts.ClinicClosed)
        assert closed.still_open[0] == "Not ended 09:00 OKONKWO, Grace: booked"


async def test_a_patient_is_found_and_opened_in_four_keys(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("slash", "s", "m", "enter")
        assert "SMITH, John" in screen.screen
        assert screen.app.open_visit == SECOND.id
        await screen.press("backspace", "slash")
        await screen.type("xx")
        await screen.press("enter")
        assert "Nobody's name on this list begins so" in screen.screen
        assert "xx" in screen.screen


# ── what a second pair of eyes found ──────────────────────────────────────────────────────────


async def test_a_concern_hears_nothing_that_was_open_before(stocked: Practice, clock: FakeClock) -> None:
    with closing(a_desk(stocked, clock=clock, terminal="room3")) as other:
        other.do(partial(acts.escalate, place=other.place, appointment=FIRST.id, because="grey"))
        async with station(stocked, clock) as screen:
            await screen.sign_in("Dr N Patel", role="c")
            await screen.press("enter", "w", "s")
            await screen.type("bruises")
            await screen.press("enter")
            assert "speak with Dr N Patel in private. Whom did you tell?" in " ".join(screen.screen.split())
            await screen.press("escape")
            assert len(screen.day.visits[FIRST.id].open_escalations) == 2


async def test_a_child_protection_plan_is_no_need(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await identified(screen)
        await screen.press("w", "n")
        await screen.type("child protection plan")
        await screen.press("enter")
        assert "That is no need for a list" in screen.screen
        assert not screen.day.visits[FIRST.id].noted


async def test_a_task_that_comes_under_the_cursor_is_not_done_by_the_key_meant_for_another(
    stocked: Practice, clock: FakeClock
) -> None:
    bench = a_bench(stocked, clock=clock, terminal="room3")
    me = Owner(name="M Okafor", staff=GPA.staff)
    with closing(Registry(bench)) as other:
        asked = [
            other.do(partial(lambda what, _: tasks.ask(other.place, what, me, DATE), what))[0].id
            for what in ("ring lab", "order leaflets")
        ]
        async with station(stocked, clock) as screen:
            await screen.sign_in()
            await screen.press("t")
            other.do(lambda standing: tasks.finish(standing.tasks, other.place, asked[0]))
            screen.app.lookout.look()
            await screen.press("d")
            assert "press again" in screen.screen
            assert screen.app.tasks[1].open
            await screen.press("d")
            assert "Done: order leaflets" in screen.screen
            assert not screen.app.tasks[1].open


async def test_the_day_turns_only_when_nobody_is_asked_anything(practice: Practice, clock: FakeClock) -> None:
    a_desk(practice, an_appointment(mode=Mode.TELEPHONE), clock=clock).close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press("o", "ctrl+l")
        clock.forward(hours=24)
        await screen.app.lookout.tick()
        await screen.type(PASSPHRASE)
        await screen.press("enter")
        assert "NOT TODAY" in screen.screen
        await screen.press("t")
        assert screen.day.visits[FIRST.id].stage is Stage.CALL_DONE
        clock.forward(minutes=1)
        await screen.app.lookout.tick()
        assert "NOT TODAY" not in screen.screen
        assert screen.day.date == DATE + timedelta(days=1)


async def test_what_is_not_heard_keeps_yesterday_on_the_screen(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("e", "enter", "escape")
        clock.forward(hours=24)
        await screen.app.lookout.tick()
        assert "OKONKWO" in screen.screen
        assert "go and tell" in screen.screen
        await screen.press("k", "p")
        clock.forward(minutes=1)
        await screen.app.lookout.tick()
        assert screen.day.date == DATE + timedelta(days=1)


async def test_a_call_card_stays_open_over_midnight(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("9")
        clock.forward(hours=24)
        await screen.app.lookout.tick()
        assert "Call back" in screen.screen


async def test_who_no_longer_has_the_role_is_locked_out(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in("Dr N Patel", role="c")
        bench = a_bench(stocked, by=ADMINISTRATOR)
        member = PEOPLE[1][0].model_copy(update={"roles": (Role.SUPERVISOR,)})
        with closing(Registry(bench)) as registry:
            changed = [Said(data=facts.StaffChanged(member=member))]
            registry.change(lambda roster: (vault.with_member(roster, member), changed))
        screen.app.lookout.look()
        await screen.settled()
        assert "Locked by Dr N Patel" in screen.screen


async def test_what_is_raised_today_shows_while_an_earlier_day_is_looked_at(
    stocked: Practice, clock: FakeClock
) -> None:
    a_desk(stocked, an_appointment(5), clock=clock, on=DATE - timedelta(days=1)).close()
    with closing(a_desk(stocked, clock=clock, terminal="room3")) as other:
        async with station(stocked, clock) as screen:
            await screen.sign_in("Dr N Patel", role="c")
            await screen.press("y")
            assert "NOT TODAY" in screen.screen
            other.do(partial(acts.escalate, place=other.place, appointment=SECOND.id, because="grey"))
            screen.app.lookout.look()
            assert screen.app.lookout.noting is not None
            await screen.app.lookout.noting
            screen.app.lookout.look()
            await screen.settled()
            assert "! 09:10 SMITH 0 min" in screen.screen
            other.refresh()
            (one,) = other.day.visits[SECOND.id].escalations.values()
            assert one.seen
            await screen.press("ctrl+l")
            screen.app.lookout.look()
            await screen.settled()
            assert "An escalation is not heard yet" in screen.screen
            await screen.type(PASSPHRASE)
            await screen.press("enter", "y")
            assert "NOT TODAY" not in screen.screen
            assert screen.app.lookout.today_desk is None
