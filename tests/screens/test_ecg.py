"""The ECG card by keys: the whole way counted, the stops, the ways out, the file, the clock on the list."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest
from clinic import FIRST, GP, FakeClock, a_desk, a_patient, an_appointment
from intake.ecg_files.making import muse
from station import Station, station

from gpa_tui.session import acts
from gpa_tui.session.day import Visit
from gpa_tui.session.ecg import Ecg
from gpa_tui.store.practice import Practice

CHILD = an_appointment(1, a_patient("Bray", "Tom", "2018-03-01"))
NUMBERS, WORDS = "72 158 92 402/440b 45", "Sinus rhythm"


def visit(screen: Station) -> Visit:
    return next(iter(screen.day.visits.values()))


def ecg(screen: Station) -> Ecg:
    return next(iter(visit(screen).ecgs.values()))


async def at_card(screen: Station) -> None:
    """Signed in, in the first record, identity by the record, on the ECG page."""
    await screen.sign_in()
    await screen.press("enter", "i", "o", "3")


async def asked(screen: Station, symptoms: str = "n") -> None:
    await at_card(screen)
    await screen.press("plus", "t")
    await screen.type("palpitations")
    await screen.press("enter", symptoms)


async def prepared(screen: Station) -> None:
    await asked(screen)
    await screen.press("d", "d", "x", "d")


async def recorded(screen: Station, words: str = WORDS, numbers: str = NUMBERS) -> None:
    await prepared(screen)
    await screen.type(numbers)
    await screen.press("enter")
    await screen.type(words)
    await screen.press("enter")


async def handed(screen: Station) -> None:
    await recorded(screen)
    await screen.press("d", "d", "d", "p")


async def test_the_whole_card_takes_no_more_than_fifteen_keys_beyond_numbers_and_words(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "i", "o")
        pressed: list[str] = []

        async def press(*keys: str) -> None:
            pressed.extend(keys)
            await screen.press(*keys)

        await press("3", "plus", "t")
        await screen.type("palpitations")
        await press("enter", "n", "d", "d", "x", "d")  # cart, consent, chaperone: declined, sites
        await screen.type(NUMBERS)
        await press("enter")
        await screen.type(WORDS)
        await press("enter", "d", "d", "d", "p")
        assert len(pressed) <= 15
        assert "handed to Dr N Patel, 09:00 by M Okafor" in screen.screen
        assert "machine, unconfirmed: Sinus rhythm" in screen.screen
        assert "NOT REVIEWED by a clinician" in screen.screen
        said = [event.kind for event in screen.day.events if event.kind.startswith("ecg.")]
        assert len(said) == 11


async def test_each_step_shows_by_whom_and_when(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await asked(screen)
        clock.forward(minutes=2)
        await screen.press("d")
        assert "✓  Symptoms: none  M Okafor 09:00" in screen.screen
        assert "✓  Cart: as it should be  M Okafor 09:02" in screen.screen
        assert "3 ECG asked 09:00" in screen.screen


async def test_symptoms_call_the_gp_from_the_card(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await asked(screen, "b")
        assert "Whom did you tell? Dr N Patel" in " ".join(screen.screen.split())
        await screen.press("p")
        (one,) = visit(screen).escalations.values()
        assert one.told == "Dr N Patel, in person"


async def test_chest_pain_stops_until_a_clinician_says_to_go_on(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await asked(screen, "c")
        await screen.press("p")
        assert "STOP: a clinician says to go on (chest pain)" in screen.screen
        await screen.press("down", "d")
        assert "Stop: chest pain. The practice's rule is to ask a clinician first." in screen.screen
        await screen.press("up", "d", "p")
        assert "✓  To go on: chest pain, said by Dr N Patel  M Okafor 09:00" in screen.screen
        await screen.press("d")
        assert len(ecg(screen).prepared) == 1


async def test_under_16_stops_too(practice: Practice, clock: FakeClock) -> None:
    a_desk(practice, CHILD, clock=clock).close()
    async with station(practice, clock) as screen:
        await asked(screen)
        assert "STOP: a clinician says to go on (under 16)" in screen.screen


async def test_numbers_are_pointed_at_and_what_does_not_fit_is_typed_again(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await prepared(screen)
        await screen.type("72 fast")
        await screen.press("enter")
        assert "fast: PR is a whole number" in screen.screen
        assert "72 ^fast" in screen.screen
        await screen.press("end", "ctrl+u")
        await screen.type("72 158 92 402/500b")
        await screen.press("enter")
        assert "do not fit: type the numbers again" in " ".join(screen.screen.split())
        await screen.type("72 158 92 402/440b")
        await screen.press("enter", "enter")
        assert ecg(screen).latest
        assert not ecg(screen).latest.said.typed_twice_because  # type: ignore[union-attr]


async def test_what_the_cart_prints_though_it_does_not_fit_is_kept_with_the_reason(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await prepared(screen)
        for _ in range(2):
            await screen.type("72 158 92 402/480b")
            await screen.press("enter")
        await screen.press("p")
        await screen.press("enter")
        latest = ecg(screen).latest
        assert latest
        assert latest.said.typed_twice_because == "as the cart printed"


async def test_alarming_words_of_the_machine_call_the_gp(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await recorded(screen, "possible acute ischemia")
        assert "machine, unconfirmed: possible acute ischemia" in screen.screen
        assert "the machine says, unconfirmed: possible acute ischemia" in " ".join(screen.screen.split())
        assert "Whom did you tell?" in screen.screen


async def test_when_it_was_recorded_may_be_typed(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await prepared(screen)
        await screen.type("@09:30 72")
        await screen.press("enter")
        assert "09:30 is still to come." in screen.screen
        await screen.press("ctrl+u")
        await screen.type("@08:50 72")
        await screen.press("enter", "enter")
        assert "recorded 08:50" in visit(screen).ecgs[ecg(screen).id].stage(screen.app.show_time)


async def test_a_poor_recording_is_made_again_and_after_three_it_is_the_best_or_none(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await recorded(screen)
        for attempt in (2, 3):
            await screen.press("r")
            await screen.type("V3 flat")
            await screen.press("enter")
            assert "The cart's numbers" in screen.screen
            assert ecg(screen).attempt == attempt
            await screen.type(NUMBERS)
            await screen.press("enter", "enter")
        await screen.press("down", "r")
        await screen.type("tremor")
        await screen.press("enter")
        assert "That was try 3 of 3:" in screen.screen
        await screen.press("b")
        await screen.press("d", "d")
        assert "TELL BEFORE THE PATIENT LEAVES: the best of three tries: tremor." in " ".join(
            screen.screen.split()
        )


@pytest.mark.parametrize(
    ("key", "outcome"), [("r", "not obtained"), ("minus", "refused"), ("x", "not needed")]
)
async def test_each_way_out_asks_why(stocked: Practice, clock: FakeClock, key: str, outcome: str) -> None:
    async with station(stocked, clock) as screen:
        await asked(screen)
        await screen.press(key)
        assert f"No ECG, {outcome}: why?" in screen.screen
        await screen.type("too cold")
        await screen.press("enter")
        assert f"{outcome}: too cold" in screen.screen
        assert ecg(screen).not_obtained


async def test_one_number_is_corrected_in_eight_keys_beyond_the_numbers(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await recorded(screen)
        await screen.press("c", "ctrl+u")
        await screen.type("82 158 92 402/470b 45")
        await screen.press("enter", "enter", "m")
        latest = ecg(screen).latest
        assert latest
        assert latest.said.numbers.rate == 82
        assert latest.said.corrected_because == "mistyped"
        assert "CORRECTED, mistyped: was rate 72/min" in " ".join(screen.screen.split())


async def test_half_typed_numbers_are_back_after_a_lock(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await prepared(screen)
        await screen.type("72 158")
        await screen.press("ctrl+g")
        assert "kept as a draft" in screen.screen
        await screen.press("d")
        assert "72 158" in screen.screen


# ── the clinician ─────────────────────────────────────────────────────────────────────────────


async def test_the_clock_is_on_the_list_amber_then_red_and_in_the_frame(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await handed(screen)
        await screen.press("backspace")
        assert "in prep ecg 0m" in screen.screen or "booked ecg 0m" in screen.screen
        clock.forward(minutes=12)
        screen.app.repaint()
        await screen.settled()
        assert "ECG 12m" in screen.screen
        assert "not reviewed" not in screen.screen
        clock.forward(minutes=8)
        screen.app.repaint()
        await screen.settled()
        assert "ECG!20m" in screen.screen
        assert "! ECG 09:00 OKONKWO 20 min: not reviewed" in screen.screen
        assert "! 09:00 OKONKWO" in screen.screen


async def test_a_clinician_finds_it_among_what_waits_and_reviews_it_in_their_words(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await handed(screen)
    async with station(stocked, clock) as screen:
        await screen.sign_in("Dr N Patel", "c")
        await screen.press("f")
        assert "machine, unconfirmed: Sinus rhythm" in " ".join(screen.screen.split())
        await screen.press("enter", "d", "o")
        await screen.type("seen, repeat in a week")
        await screen.press("enter")
        assert "reviewed by Dr N Patel, 09:00: seen, repeat in a week" in screen.screen
        assert not ecg(screen).reviewed.said.said  # type: ignore[union-attr]


async def test_the_gpa_types_what_the_clinician_said_and_it_is_marked(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await handed(screen)
        await screen.press("d", "p")
        await screen.type("fine to go")
        await screen.press("enter")
        assert "reviewed by Dr N Patel, as they said to M Okafor, 09:00: fine to go" in screen.screen


async def test_at_close_and_on_the_next_day_nothing_unreviewed_is_lost(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await handed(screen)
        await screen.press("backspace", "c")
        assert "ECG" in screen.screen
        assert "not reviewed, to Dr N Patel" in screen.screen
        await screen.press("enter")
        await screen.press("q")
    clock.forward(days=1)
    async with station(stocked, clock) as screen:
        await screen.sign_in("Dr N Patel", "c")
        await screen.press("f")
        assert "ecg, 09:00 OKONKWO, Grace: not reviewed" in " ".join(screen.screen.split())


# ── the file from the cart ────────────────────────────────────────────────────────────────────


async def test_a_file_that_is_not_read_is_attached_once_it_was_looked_at_and_a_copy_saved(
    stocked: Practice, clock: FakeClock, tmp_path: Path
) -> None:
    file = tmp_path / "trace.pdf"
    file.write_bytes(b"%PDF-1.7\n made up")
    async with station(stocked, clock) as screen:
        await asked(screen)
        await screen.press("f")
        await screen.type(str(file))
        await screen.press("enter")
        await until(screen, "Stop. trace.pdf: nothing tells whose it is")
        await screen.press("enter")
        assert not ecg(screen).filed
        await screen.type("looked at it: her name")
        await screen.press("enter")
        await until(screen, "Attached: trace.pdf, PDF.")
        (one,) = ecg(screen).filed
        assert one.said.attachment.stays_because == "looked at it: her name"
        await screen.press("end", "enter")
        await screen.type(str(tmp_path / "copy.pdf"))
        await screen.press("enter")
        await until(screen, "Saved:")
        assert (tmp_path / "copy.pdf").read_bytes() == file.read_bytes()
        assert screen.day.events[-1].kind == "exported"


async def test_the_folder_of_the_cart_is_listed_and_the_same_file_is_known_again(
    stocked: Practice, clock: FakeClock, tmp_path: Path
) -> None:
    folder = tmp_path / "cart"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(b"%PDF-1.7\n made up")
    settings = stocked.home / "practice.toml"
    settings.write_text(f'{settings.read_text()}[ecg]\nfolder = "{folder}"\n')
    practice = Practice(stocked.home)
    async with station(practice, clock) as screen:
        await asked(screen)
        for _ in range(2):
            await screen.press("f")
            await until(screen, "Which file is this ECG's?")
            await screen.press("enter")
            await until(screen, "Stop. a.pdf")
            await screen.type("hers")
            await screen.press("enter")
            await until(screen, "Attached: a.pdf")
        first, second = ecg(screen).filed
        assert second.said.attachment.did_not_fit[0].startswith("filed before, on Mon 23 Nov 2026, for this")
        assert first.said.attachment.kept_as == second.said.attachment.kept_as


@pytest.mark.parametrize(("content", "says"), [(None, "No such file"), (b"", "empty"), (b"SCP", "")])
async def test_a_file_that_cannot_be_read_is_refused_in_words(
    stocked: Practice, clock: FakeClock, tmp_path: Path, content: bytes | None, says: str
) -> None:
    file = tmp_path / "trace.scp"
    if content is not None:
        file.write_bytes(content)
    async with station(stocked, clock) as screen:
        await asked(screen)
        await screen.press("f")
        await screen.type(str(file))
        await screen.press("enter")
        await until(screen, says or "Stop.")
        assert not ecg(screen).filed


async def until(screen: Station, words: str) -> None:
    """Wait until the screen says so: a file is read beside the screen."""
    for _ in range(200):
        await screen.settled()
        if words in " ".join(screen.screen.split()):
            return
    raise AssertionError(f"{words!r} is not on the screen:\n{screen.screen}")


async def test_a_request_of_the_gps_is_on_the_card_at_once(stocked: Practice, clock: FakeClock) -> None:
    desk = a_desk(stocked, clock=clock, by=GP, terminal="room1")
    do = partial(partial, place=desk.place, appointment=FIRST.id)
    desk.do(do(acts.check_identity, said_by="record only", name="", born=None))
    desk.do(do(acts.request_ecg, asked_by="Dr N Patel", urgency="now", reason="faint yesterday"))
    desk.close()
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "3")
        assert "Asked 09:00 Dr N Patel, now: faint yesterday" in screen.screen
        await screen.press("d", "n")
        assert ecg(screen).symptoms


# ── what must not mix ─────────────────────────────────────────────────────────────────────────


async def test_the_second_try_is_not_filled_from_the_first_ones_file_or_draft(
    stocked: Practice, clock: FakeClock, tmp_path: Path
) -> None:
    file = tmp_path / "first.xml"
    file.write_bytes(muse(changed={"<AcquisitionDate>08-17-2025<": "<AcquisitionDate>11-23-2026<"}))
    async with station(stocked, clock) as screen:
        await asked(screen)
        await screen.press("d", "d", "x", "f")
        await screen.type(str(file))
        await screen.press("enter")
        await until(screen, "Stop. first.xml")
        await screen.type("the cart was set wrong")
        await screen.press("enter")
        await until(screen, "Attached: first.xml")
        await screen.press("d")
        assert "hr60 pr144 qrs86" in screen.screen
        await screen.press("enter", "enter")
        await screen.press("c")
        await screen.type(" 99")
        await screen.press("ctrl+g", "r")
        await screen.type("noise")
        await screen.press("enter")
        assert "The cart's numbers" in screen.screen
        assert "hr60" not in screen.screen
        assert "@" not in screen.screen.split("The cart's numbers")[1]


async def test_another_ecg_is_worked_on_while_the_first_waits_for_its_review(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await handed(screen)
        await screen.press("x")
        assert "handed over, or given up, already" in screen.screen
        await screen.press("plus", "n")
        await screen.type("still faint")
        await screen.press("enter")
        assert "Symptoms now, or in the last 12 hours?" in screen.screen
        await screen.press("n", "d", "d", "x", "d")
        first, second = visit(screen).ecgs.values()
        assert len(second.prepared) == len(first.prepared)
        assert not first.reviewed


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("~nosuchperson/trace.scp", "there is no such home"),
        ("/dev", "Is a directory"),
        ("/tmp/" + "x" * 300, "File name too long"),
        ("fifo", "is no file"),
    ],
)
async def test_a_path_that_leads_nowhere_holds_no_key_and_ends_nothing(
    stocked: Practice, clock: FakeClock, tmp_path: Path, path: str, says: str
) -> None:
    if path == "fifo":
        os.mkfifo(tmp_path / path)
        path = str(tmp_path / path)
    async with station(stocked, clock) as screen:
        await asked(screen)
        await screen.press("f")
        await screen.type(path)
        await screen.press("enter")
        await until(screen, says)
        await screen.press("ctrl+g")
        assert not ecg(screen).filed


async def test_a_name_that_is_no_text_is_kept_as_well_as_it_can_be(
    stocked: Practice, clock: FakeClock, tmp_path: Path
) -> None:
    folder = tmp_path / "cart"
    folder.mkdir()
    Path(os.fsdecode(bytes(folder) + b"/tr\xe9.pdf")).write_bytes(b"%PDF-1.7\n made up")
    settings = stocked.home / "practice.toml"
    settings.write_text(f'{settings.read_text()}[ecg]\nfolder = "{folder}"\n')
    async with station(Practice(stocked.home), clock) as screen:
        await asked(screen)
        await screen.press("f")
        await until(screen, "Which file is this ECG's?")
        await screen.press("enter")
        await until(screen, "Stop. tr")
        await screen.type("hers")
        await screen.press("enter")
        await until(screen, "Attached: tr")
        assert len(ecg(screen).filed) == 1
