"""How a reading was taken, breaths counted by key, the strip, and what is asked for first."""

from __future__ import annotations

import pytest
from clinic import DATE, FIRST, GP, FakeClock, a_bench, a_desk, a_patient, an_appointment
from station import Station, station

from gpa_tui.clinical import how
from gpa_tui.clinical.urine import read_strip
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.observation import Aspect, Measure, ObservationSet, Pad
from gpa_tui.records.patient import Gender
from gpa_tui.records.staff import Role
from gpa_tui.session import tasks
from gpa_tui.session.registry import Registry
from gpa_tui.store.practice import Practice
from screens.breaths import Breaths
from screens.entry_line import LineError, read_line
from screens.slip import Slip
from screens.slip_fields import HOW_LETTERS, LETTERED, SEVEN, Field

FIELDS = SEVEN
WHOLE = "16 97 a 128/76 72 a 36.8"


def pressed(keys: str) -> Slip:
    slip = Slip()
    for key in keys:
        slip.press(key)
    return slip


# ── letters on the slip ───────────────────────────────────────────────────────────────────────


def test_no_letter_can_be_taken_for_a_value_of_its_own_field_or_of_the_next() -> None:
    fields = list(Field)
    for before, after in zip(fields, [*fields[1:], None], strict=True):
        letters = set(HOW_LETTERS.get(before, {}))
        assert not letters & set(LETTERED.get(before, ""))
        if after is not None:
            assert not letters & (set(LETTERED.get(after, "")) | set(HOW_LETTERS.get(after, {})))


def test_every_letter_is_a_word_of_that_field() -> None:
    for letters in HOW_LETTERS.values():
        assert len({how.OF[how.WORDS[word][0]] for word in letters.values()}) == 1


def test_letters_before_within_and_after_a_pressure_say_how_it_was_taken() -> None:
    for keys in ("1697al s12876".replace(" ", ""), "1697a12876ls", "1697a128l76s"):
        slip = pressed(keys)
        assert slip.texts[Field.PRESSURE] == "128/76"
        assert slip.how == {Aspect.ARM: "left arm", Aspect.POSITION: "sitting"}
        assert slip.current is Field.PULSE
    readings = {one.measure: one for one in pressed("1697a12876l72").taken()}
    assert readings[Measure.SYSTOLIC].how == {Aspect.ARM: "left arm"}
    assert not readings[Measure.PULSE].how


def test_the_same_letter_takes_it_back_and_another_replaces_it() -> None:
    assert pressed("1697a12876ll").how == {}
    assert pressed("1697a12876lr").how == {Aspect.ARM: "right arm"}


def test_an_enter_after_such_a_letter_still_only_confirms_the_field_left_behind() -> None:
    slip = pressed("1697a12876l")
    slip.press("enter")
    assert slip.current is Field.PULSE


def test_an_irregular_pulse_asks_for_the_pressure_by_hand() -> None:
    slip = pressed("1697a12876")
    for key in "95i":
        slip.press(key)
    assert slip.message.startswith("Irregular pulse: take the BP by hand")
    by_hand = pressed("1697am1287695i")
    assert not by_hand.message


def test_what_is_said_of_something_that_is_not_there_is_not_lost_but_asked_about() -> None:
    slip = pressed("1697a")
    slip.how[Aspect.DEVICE] = "nasal cannula"
    for key in "1287672a368":
        slip.press(key)
    assert not slip.press("enter")
    assert slip.message == "Nasal cannula: there is no air or oxygen that it could be said of."


def test_a_draft_and_a_correction_keep_it() -> None:
    slip = pressed("1697a12876l95i")
    again = Slip()
    again.load(slip.dump())
    assert (again.how, again.texts) == (slip.how, slip.texts)


# ── in one line ───────────────────────────────────────────────────────────────────────────────


def test_words_stand_anywhere_in_the_line() -> None:
    found = read_line("left 16 97 o2 2 nasal 152/94 manual stand 95 irreg a 36.8 ear", FIELDS)
    assert found.how == {
        Aspect.ARM: "left arm",
        Aspect.DEVICE: "nasal cannula",
        Aspect.METHOD: "by hand",
        Aspect.POSITION: "standing",
        Aspect.RHYTHM: "irregular",
        Aspect.SITE: "ear",
    }
    assert found.texts[Field.OXYGEN] == "2"


def test_the_strip_is_the_rest_of_the_line() -> None:
    found = read_line("wt 70 ua leu2+ nit + rest neg ph 6 sg 1.015", FIELDS)
    assert found.texts[Field.WEIGHT] == "70"
    strip = read_strip(found.texts[Field.URINE])
    assert strip[Pad.LEUKOCYTES] == "2+"
    assert strip[Pad.NITRITE] == "positive"
    assert strip[Pad.PROTEIN] == "negative"
    assert (strip[Pad.PH], strip[Pad.SPECIFIC_GRAVITY]) == ("6.0", "1.015")
    assert Pad.SPECIFIC_GRAVITY not in read_strip(read_line("ua rest neg", FIELDS).texts[Field.URINE])


@pytest.mark.parametrize(
    ("line", "at", "says"),
    [
        ("left right", 5, "left arm stands here already"),
        ("ua", 2, "ua: and the strip?"),
        ("ua leu 5+", 3, "leukocytes: - tr 1\\+"),
        ("ua leu", 3, "leukocytes:"),
        ("ua 2+", 3, "the pads are leu nit"),
        ("ua leu - leu +", 9, "leukocytes stands here twice"),
        ("ua rest pos", 3, "the pads are"),
        ("pef 1/2/3/4", 4, "best of 3 blows"),
        ("pef 420/4500", 4, "Peak flow"),
    ],
)
def test_what_cannot_be_read_is_pointed_at(line: str, at: int, says: str) -> None:
    with pytest.raises(LineError, match=says) as wrong:
        read_line(line, FIELDS)
    assert wrong.value.at == at


async def whole_set(screen: Station, line: str) -> ObservationSet:
    await screen.sign_in()
    await screen.press("enter", "i", "o", "o")
    await screen.type(line)
    await screen.press("enter")
    return next(iter(screen.day.visits.values())).observations[-1][1]


async def test_the_best_of_three_blows_is_kept_with_all_of_them(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        found = await whole_set(screen, "pef 420/450/430")
        reading = found.reading(Measure.PEAK_FLOW)
        assert reading
        assert (reading.value, reading.typed) == (450, "420/450/430")
        assert "peak flow 450 (best of 420, 450, 430, EU scale) l/min" in " ".join(screen.screen.split())


async def test_a_strip_alone_is_a_set_and_is_corrected_by_key(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        found = await whole_set(screen, "ua leu 2+ rest neg")
        assert found.urine[Pad.LEUKOCYTES] == "2+"
        await screen.press("c")
        await screen.type("ua leu 1+")
        await screen.press("enter", "m")
        visit = next(iter(screen.day.visits.values()))
        again = visit.observations[-1][1]
        assert again.urine[Pad.LEUKOCYTES] == "1+"
        assert again.urine[Pad.NITRITE] == "negative"
        assert again.correction
        assert again.correction.was == ("urine leukocytes was 2+",)


# ── breaths ───────────────────────────────────────────────────────────────────────────────────


def test_half_a_minute_is_doubled_and_a_whole_one_is_not() -> None:
    breaths = Breaths(100.0, count=9)
    assert breaths.rate(129.9) is None
    assert breaths.rate(130.0) == (18, "counted 30 s, doubled")
    assert breaths.rate(159.9) == (18, "counted 30 s, doubled")
    assert breaths.rate(160.0) == (9, "counted 60 s")


class Monotonic:
    """A clock of seconds that is set by hand."""

    at = 1000.0

    def __call__(self) -> float:
        return self.at


async def counting(screen: Station, count: int) -> Monotonic:
    await screen.sign_in()
    clock = screen.app.lookout.monotonic = Monotonic()
    await screen.press("enter", "i", "o", "2")
    await screen.press("space")
    for _ in range(count):
        clock.at += 0.4
        await screen.press("space")
    clock.at = 1000.0
    return clock


async def test_breaths_are_counted_by_space_and_taken_after_a_minute(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        seconds = await counting(screen, 14)
        assert "14 breaths in" in screen.screen
        await screen.press("enter")
        assert "14 breaths in" in screen.screen  # too early
        seconds.at += 60
        await screen.press("space")
        assert "14 breaths in 60 s." in screen.screen
        await screen.press("enter")
        assert "14           /min counted 60 s" in screen.screen
        assert "SpO2       _" in screen.screen


async def test_half_a_minute_is_taken_doubled_and_a_key_ends_a_count(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        seconds = await counting(screen, 8)
        seconds.at += 31
        await screen.press("enter")
        assert "16           /min counted 30 s, doubled" in screen.screen
        await screen.press("up", "backspace", "backspace", "1", "7")
        assert "counted" not in screen.screen  # another number was not counted
        await screen.press("up", "backspace", "backspace", "space", "space", "backspace")
        assert "breaths in" not in screen.screen


@pytest.mark.parametrize("key", ["@", "o", "escape", "ctrl+l"])
async def test_a_count_ends_with_the_hand_on_something_else(
    stocked: Practice, clock: FakeClock, key: str
) -> None:
    async with station(stocked, clock) as screen:
        seconds = await counting(screen, 5)
        await (screen.type(key) if len(key) == 1 else screen.press(key))
        seconds.at += 70
        page = screen.app.get_screen("patient")._pages["observations"]  # type: ignore[attr-defined]
        page._tick()
        assert page._breaths is None
        assert not page._slip.texts.get(Field.RESPIRATION)


async def test_a_held_space_is_no_breath(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await counting(screen, 3)
        await screen.press(*["space"] * 19)
        assert "3 breaths in" in screen.screen


# ── what is asked for, what is worked out ─────────────────────────────────────────────────────

ASTHMA = an_appointment(1, a_patient(gender=Gender.FEMALE), reason="Breathless 3 days")


async def test_what_the_list_and_a_task_ask_for_stands_first_till_it_is_there(
    practice: Practice, clock: FakeClock
) -> None:
    desk = a_desk(practice, ASTHMA, clock=clock, by=GP, terminal="room1")
    registry = Registry(a_bench(practice, clock=clock, by=GP, terminal="room1"))
    visit = desk.day.visits[ASTHMA.id]
    owner = Owner(name="GPA", role=Role.GPA)
    registry.do(lambda _: tasks.ask(desk.place, "weight please", owner, DATE, visit))
    registry.close()
    desk.close()
    async with station(practice, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "i", "o", "2")
        asked = "Asked for: peak flow; Dr N Patel: weight please"
        assert asked in screen.screen
        await screen.press("o")
        await screen.type("pef 300")
        await screen.press("enter", "2")
        assert "Asked for: Dr N Patel: weight please" in screen.screen


async def test_the_sheet_gives_each_figure_with_its_source(practice: Practice, clock: FakeClock) -> None:
    a_desk(practice, ASTHMA, clock=clock).close()
    async with station(practice, clock, height=60) as screen:
        await whole_set(screen, f"{WHOLE} glu 5.6 pef 340 best 400 wt 70.5 ht 165")
        assert "NEWS2 0" in screen.screen
        await screen.press("b")
        sheet = " ".join(screen.screen.split())
        for words in (
            "NEWS2 0 (0+0+0+0+0+0+0)",
            "Royal College of Physicians, NEWS2 (2017)",
            "capillary glucose 5.6 mmol/L",
            "as the meter showed it, nothing worked out; typed twice outside 4.0 to 11.0 (proposal)",
            "BMI 25.9 kg/m², band 25 to 29.9",
            "NICE NG246 (2025)",
            "peak flow 340 l/min, 85 % of own best 400, of 23 Nov 2026",
            "green zone: of the patient's own best",
            "British asthma action plans",
            "predicted (Nunn & Gregg 1989, EU scale)",
        ):
            assert words in sheet, words


async def test_lower_thresholds_hold_only_where_they_were_asked(practice: Practice, clock: FakeClock) -> None:
    a_desk(practice, ASTHMA, clock=clock).close()
    async with station(practice, clock, height=60) as screen:
        await whole_set(screen, "wt 70.5 ht 165")
        await screen.press("w", "b")
        await screen.type("South Asian")
        await screen.press("enter", "b")
        sheet = " ".join(screen.screen.split())
        assert (
            "BMI 25.9 kg/m², band 23 to 27.4; the lower thresholds for some family backgrounds, as they"
            in sheet
        )


async def test_a_weight_far_from_the_last_is_typed_twice(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await whole_set(screen, "wt 70")
        clock.forward(minutes=1)
        await screen.press("2", "o")
        await screen.type("wt 77.1")
        await screen.press("enter")
        assert "Weight 77.1 is over a tenth from the last, 70.0: type it again" in screen.screen
        await screen.press("o")
        await screen.type("wt 77")
        await screen.press("enter")
        assert len(screen.day.visits[FIRST.id].observations) == 2


async def test_totals_can_be_switched_off_and_one_red_part_still_calls_the_gp(
    stocked: Practice, clock: FakeClock
) -> None:
    settings = stocked.home / "practice.toml"
    settings.write_text(f"{settings.read_text()}[news2]\ntotals = false\n")
    async with station(Practice(stocked.home), clock) as screen:
        found = await whole_set(screen, WHOLE)
        assert found.score.total is None
        assert found.score.not_scored == "not scored: totals are switched off here"
        words = " ".join(screen.screen.split())
        assert "NEWS2 parts 0+0+0+0+0+0+0, totals are switched off here. Tell the GP the readings." in words
        await screen.press("o")
        await screen.type("16 97 a 220/76 100 a 36.8")
        await screen.press("enter")
        assert "Systolic" not in screen.screen
        assert "BP 220/76 is unusual" in screen.screen


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("16 97 a 128/76 72 c 36.8", "a nurse informs the medical team"),
        ("21 93 a 128/76 95 a 36.8", "urgent assessment"),
        ("21 94 o2 2 128/76 111 a 38.5", "emergency assessment"),
    ],
)
async def test_the_practices_text_stands_beside_the_question_whom_you_told(
    stocked: Practice, clock: FakeClock, line: str, text: str
) -> None:
    async with station(stocked, clock) as screen:
        await whole_set(screen, line)
        words = " ".join(screen.screen.split())
        assert f"RCP ward response: {text}" in words
        assert "(not adopted by a clinician here)" in words
        assert "Whom did you tell?" in words


# ── what a review of the habits of hands found ────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("wt 11st 12 spo2 97", {Field.WEIGHT: "11st12", Field.SPO2: "97"}),
        ("ht 5ft 9", {Field.HEIGHT: "5ft9"}),
        ("wt 11st spo2 97", {Field.WEIGHT: "11st", Field.SPO2: "97"}),
        ("pef 420 16", {Field.PEAK_FLOW: "420", Field.RESPIRATION: "16"}),
    ],
)
def test_a_blank_within_an_imperial_value_makes_no_second_value(line: str, texts: dict[Field, str]) -> None:
    assert read_line(line, FIELDS).texts == texts


def test_blows_with_blanks_between_are_pointed_at() -> None:
    with pytest.raises(LineError, match="420/450") as wrong:
        read_line("pef 420 450 430", FIELDS)
    assert wrong.value.at == 8


def test_another_measure_may_be_not_taken_with_the_reason() -> None:
    found = read_line("wt-r ht -d", FIELDS)
    assert found.not_taken == {Field.WEIGHT: "refused", Field.HEIGHT: "no device"}
    with pytest.raises(LineError, match="Not taken"):
        read_line("wt-x", FIELDS)


async def test_an_irregular_pulse_in_the_line_asks_for_the_pressure_by_hand(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await whole_set(screen, f"{WHOLE} irreg")
        assert "take the BP by hand, over the artery (NICE NG136 1.1.2)" in " ".join(screen.screen.split())
        await screen.press("o")
        await screen.type("bp 130/80 manual p 72 irreg")
        await screen.press("enter")
        assert "by hand, over the artery" not in " ".join(screen.screen.split())


async def test_a_set_was_taken_when_its_first_value_was_typed(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await screen.sign_in()
        await screen.press("enter", "i", "o", "2", "down", "up", "1", "backspace")
        clock.forward(minutes=35)
        await screen.type("1697a1287672a368")
        await screen.press("enter")
        found = next(iter(screen.day.visits.values())).observations[-1][1]
        assert screen.app.show_time(found.taken_at) == "09:35"


async def test_while_correcting_the_time_is_not_asked_for(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await whole_set(screen, WHOLE)
        await screen.press("c")
        await screen.type("rr 61")
        await screen.press("enter")
        await screen.type("@")
        assert "When it was taken stays" in screen.screen


async def test_the_first_of_two_sets_is_corrected_from_the_log(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await whole_set(screen, "bp 152/94")
        clock.forward(minutes=2)
        await screen.press("o")
        await screen.type("bp 146/90")
        await screen.press("enter", "6")
        page = screen.app.screen
        first = next(iter(screen.day.visits.values())).observations[0][0].id
        page._pages["log"].go_to(first)  # type: ignore[attr-defined]
        await screen.press("c")
        assert "Correct the set of 09:00" in screen.screen
        await screen.type("bp 125/94")
        await screen.press("enter", "m")
        values = [
            found.reading(Measure.SYSTOLIC).value  # type: ignore[union-attr]
            for _, found in next(iter(screen.day.visits.values())).observations
        ]
        assert values == [125, 146]


async def test_each_field_shows_the_last_set_that_has_it(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await whole_set(screen, WHOLE)
        clock.forward(minutes=5)
        await screen.press("o")
        await screen.type("bp 146/90")
        await screen.press("enter", "2")
        assert "146/90" in screen.screen
        assert "16 09:00" in screen.screen


async def test_under_16_a_pressure_alone_is_corrected_alone(practice: Practice, clock: FakeClock) -> None:
    child = an_appointment(1, a_patient("Bray", "Tom", "2018-03-01"))
    a_desk(practice, child, clock=clock).close()
    async with station(practice, clock) as screen:
        found = await whole_set(screen, "bp 110/70")
        assert not found.for_news2
        await screen.press("c")
        await screen.type("bp 112/70")
        await screen.press("enter", "m")
        assert next(iter(screen.day.visits.values())).observations[-1][1].correction


async def test_pregnancy_is_corrected_and_scored_by(practice: Practice, clock: FakeClock) -> None:
    woman = an_appointment(1, a_patient(born="1990-04-12", gender=Gender.FEMALE))
    a_desk(practice, woman, clock=clock).close()
    async with station(practice, clock) as screen:
        found = await whole_set(screen, f"{WHOLE} preg n")
        assert found.score.total == 0
        await screen.press("c")
        await screen.type("preg y")
        await screen.press("enter", "m")
        again = next(iter(screen.day.visits.values())).observations[-1][1]
        assert again.score.not_scored == "not scored: pregnant or newly delivered"
        assert again.correction
        assert again.correction.was == ("was not pregnant",)
