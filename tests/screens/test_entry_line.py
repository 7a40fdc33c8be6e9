"""One set in one line: read, pointed at or refused, and never another number than the one that was typed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from clinic import FIRST, FakeClock
from hypothesis import assume, given
from hypothesis import strategies as st
from station import Station, station

from gpa_tui.records.observation import Measure
from gpa_tui.store.practice import Practice
from screens.entry_line import LABELS, EntryLine, LineError, read_line
from screens.slip import Slip
from screens.slip_fields import SEVEN, Field

FIELDS = SEVEN
WHOLE = {
    Field.RESPIRATION: "16", Field.SPO2: "97", Field.OXYGEN: "a", Field.PRESSURE: "128/76", Field.PULSE: "72",
    Field.CONSCIOUSNESS: "a", Field.TEMPERATURE: "36.8",
}  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "16 97 a 128/76 72 a 36.8",
        "  16   97 AIR 128/76 72 Alert 36.8 ",
        "rr16 spo2 97 o2 a bp 128/76 p72 acvpu a t36.8",
        "temp 36.8 acvpua hr 72 bp128/76 o2a sats97 rr 16",
        "16 97 a bp128/76 72 a temp36.8",
        "p72 a 36.8 rr16 97 a 128/76",
    ],
)
def test_one_set_in_many_ways(line: str) -> None:
    assert read_line(line, FIELDS) == EntryLine(texts=WHOLE)


@pytest.mark.parametrize(
    ("line", "at", "says"),
    [
        ("16 97 128/76", 6, "air or O2"),
        ("16 97 a 128 72", 8, "BP: both numbers"),
        ("16 97 a 128/76 72 a 37", 20, "degrees and one decimal"),
        ("16 97 a 128/76 72 a 36.85", 20, "degrees and one decimal"),
        ("16 97 a 128/76 72 a 36.8 9", 25, "Every field has a value already"),
        ("16 rr 17", 6, "stands here twice"),
        ("16 -x", 3, "Not taken: -r refused"),
        ("16 temp", 3, "and the value"),
        ("x", 0, "breaths: a whole number"),
        ("16 ninety", 3, "SpO2: a whole number"),
        ("temp 36,8", 5, "degrees and one decimal"),
        ("@9.10", 0, "When it was taken"),
        ("@25:10", 0, "When it was taken"),
        ("@09:10 16 @09:11", 10, "twice"),
        ("preg y", 5, "not asked of this patient"),
        ("1600", 0, "breaths: a whole number"),
    ],
)
def test_what_cannot_be_read_is_pointed_at(line: str, at: int, says: str) -> None:
    with pytest.raises(LineError, match=says) as wrong:
        read_line(line, FIELDS)
    assert wrong.value.at == at


def test_p_alone_is_a_letter_where_acvpu_is_next_and_else_the_pulse() -> None:
    assert read_line("16 97 a 128/76 72 p", FIELDS).texts[Field.CONSCIOUSNESS] == "p"
    assert read_line("16 97 a 128/76 p 72", FIELDS).texts[Field.PULSE] == "72"
    assert read_line("p 72", FIELDS).texts == {Field.PULSE: "72"}


def test_not_taken_and_when() -> None:
    found = read_line("@09:10 16 -d a 128/76 hr -r preg n", tuple(Field))
    assert found.not_taken == {Field.SPO2: "no device", Field.PULSE: "refused"}
    assert found.taken_at == (9, 10)
    assert found.texts[Field.PREGNANT] == "n"


words = st.sampled_from([*LABELS, "a", "air", "-r", "128/76", "16", "36.8", "@09:10", "-", "p", "c"])
numbers = st.integers(0, 4000).map(str) | st.decimals(0, 60, places=1).map(str)
lines = st.lists(words | numbers | st.text(max_size=4), max_size=12).map(" ".join)


def _read(line: str) -> EntryLine | LineError:
    try:
        return read_line(line, tuple(Field))
    except LineError as error:
        return error


@given(lines)
def test_anything_typed_is_read_as_it_stands_or_pointed_at(line: str) -> None:
    found = _read(line)
    if isinstance(found, LineError):
        assert 0 <= found.at < len(line)
        return
    typed = line.casefold()
    for text in found.texts.values():
        assert text in typed
    digits = [char for text in found.texts.values() for char in text if char.isdigit()]
    when = [char for part in found.taken_at or () for char in f"{part:02}"]
    spoken = [char for char in typed.replace("spo2", "").replace("o2", "") if char.isdigit()]
    assert len(digits) <= len(spoken)
    assert sorted(digits) == sorted(spoken) or when or found.not_taken or "o2" in typed


@given(
    st.integers(9, 24),
    st.integers(92, 100),
    st.integers(100, 170),
    st.integers(41, 130),
    st.integers(351, 390),
)
def test_the_line_and_the_keys_give_the_same_set(
    breaths: int, spo2: int, systolic: int, pulse: int, tenths: int
) -> None:
    assume(pulse != spo2)  # one number in both is typed again
    temperature = f"{tenths // 10}.{tenths % 10}"
    line = f"{breaths} {spo2} a {systolic}/76 {pulse} a {temperature}"
    by_line, by_keys = Slip(), Slip()
    assert by_line.fill(read_line(line, FIELDS))
    keys: Sequence[str] = [
        *_field(breaths), *_field(spo2), "a", *str(systolic), "/", "76", *_field(pulse), "a", *temperature,
    ]  # fmt: skip
    for key in (char for part in keys for char in ([part] if part == "enter" else part)):
        by_keys.press(key)
    assert by_keys.texts == by_line.texts
    assert [(one.measure, one.value, one.letter) for one in by_keys.taken()] == [
        (one.measure, one.value, one.letter) for one in by_line.taken()
    ]


def _field(value: int) -> list[str]:
    """The digits, and Enter where the field does not move on by itself; a further Enter would do no harm."""
    return [*str(value), "enter"]


# ── by keys ───────────────────────────────────────────────────────────────────────────────────


async def opened(screen: Station) -> None:
    await screen.sign_in()
    await screen.press("a", "enter", "i", "o")


async def test_a_whole_set_in_27_keys_from_the_record_to_saved(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await opened(screen)
        line = "16 97 a 128/76 72 a 36.8"
        assert len("o") + len(line) + len("\r") <= 27
        await screen.press("o")
        await screen.type(line)
        await screen.press("enter")
        (found,) = (one for _, one in screen.day.visits[FIRST.id].observations)
        assert found.score.total == 0
        assert "Saved. NEWS2 0" in screen.screen


async def test_a_mistake_is_pointed_at_and_nothing_typed_is_lost(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await opened(screen)
        await screen.press("o")
        await screen.type("16 97 128/76 72 a 36.8")
        await screen.press("enter")
        assert "16 97 ^128/76 72 a 36.8" in screen.screen
        assert "air or O2: a for air, or l/min" in screen.screen
        await screen.type("a ")  # the cursor stands where it went wrong
        await screen.press("enter")
        assert len(screen.day.visits[FIRST.id].observations) == 1


async def test_an_unlikely_value_is_typed_again_on_the_slip(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await opened(screen)
        await screen.press("o")
        await screen.type("16 91 a 128/76 72 a 36.8")
        await screen.press("enter")
        assert "SpO2 91 is unusual: type it again." in screen.screen
        await screen.type("91r")
        await screen.press(*["enter"] * 8)
        (found,) = (one for _, one in screen.day.visits[FIRST.id].observations)
        assert found.reading(Measure.SPO2) is not None
        assert found.score.parts[Measure.SPO2] == 3


async def test_what_a_line_leaves_out_is_asked_for(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await opened(screen)
        await screen.press("2", "o")
        await screen.type("temp 36.8 rr16")
        await screen.press("enter")
        assert "SpO2 not taken. Why?" in screen.screen
        assert not screen.day.visits[FIRST.id].observations


async def test_when_it_was_taken_stands_apart_from_when_it_was_typed(
    stocked: Practice, clock: FakeClock
) -> None:
    clock.forward(minutes=30)
    async with station(stocked, clock) as screen:
        await opened(screen)
        await screen.press("o")
        await screen.type("@09:10 16 97 a 128/76 72 a 36.8")
        await screen.press("enter")
        ((event, found),) = screen.day.visits[FIRST.id].observations
        assert f"{found.taken_at:%H:%M}" == "09:10"
        assert f"{event.at:%H:%M}" == "09:30"
        await screen.press("2", "@")
        for typed, says in (
            ("0940", "09:40 is still to come."),
            ("x", "Hours and minutes"),
            ("2570", "no such"),
        ):
            await screen.type(typed)
            await screen.press("enter")
            assert says in screen.screen
            await screen.press(*["backspace"] * 4)
        await screen.type("915")
        await screen.press("enter")
        assert "taken 09:15" in screen.screen


async def test_scale_2_is_a_clinicians_and_stands_beside_the_field(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await opened(screen)
        await screen.press("w", "2")
        assert "GPA may not decide on the SpO2 scale. Ask: Clinician." in screen.screen
        assert screen.day.events[-1].kind == "act.refused"
    async with station(stocked, clock) as screen:
        await screen.sign_in("Dr N Patel", "c")
        await screen.press("enter", "i", "o", "w", "2", "2")
        await screen.type("COPD, target 88-92, letter of 3 May")
        await screen.press("enter", "2")
        assert "% scale 2, Dr N Patel 23 Nov 2026" in screen.screen
        await screen.press("o")
        await screen.type("16 91 a 128/76 72 a 36.8")
        await screen.press("enter")
        await screen.type("91k")
        await screen.press(*["enter"] * 8)
        (found,) = (one for _, one in screen.day.visits[FIRST.id].observations)
        assert (found.score.total, found.score.spo2_scale) == (0, 2)


async def test_the_last_set_stands_beside_the_fields_and_all_of_them_on_the_sheet(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await opened(screen)
        await screen.press("2")
        assert "no set yet" in screen.screen
        for line in ("16 97 a 128/76 72 a 36.8", "20 94 a 128/76 95 a 36.8"):
            await screen.press("o")
            await screen.type(line)
            await screen.press("enter")
        await screen.press("2")
        assert "09:00 M Okafor" in screen.screen
        await screen.press("escape", "b")
        seen = screen.screen
        for _ in range(6):
            await screen.press("down")
            seen += screen.screen
        assert "23 Nov 09:00 M Okafor: RR 20, SpO2 94 air" in seen
        assert "▁▁ 0 2" in seen


# ── beside NEWS2 ──────────────────────────────────────────────────────────────────────────────


async def test_other_measures_alone_are_saved_and_the_news2_before_them_stays(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await opened(screen)
        await screen.press("o")
        await screen.type("20 94 a 128/76 95 a 36.8")
        await screen.press("enter")
        clock.forward(minutes=5)
        await screen.press("o")
        await screen.type("wt 11st4 ht175 glu 5.6 pef 450")
        await screen.press("enter")
        assert "Saved." in screen.screen
        visit = screen.day.visits[FIRST.id]
        weight = visit.observations[-1][1].reading(Measure.WEIGHT)
        assert weight is not None
        assert (weight.value, weight.typed) == (717, "11st4")
        assert visit.last_observations is not None
        assert visit.last_observations.score.total == 2
        assert "2 NEWS2 2" in screen.screen or "2 Obs NEWS2 2" in screen.screen
        await screen.press("6")
        said = " ".join(screen.screen.split())
        assert (
            "weight 71.7 kg, height 175.0 cm, capillary glucose 5.6 mmol/L, peak flow 450 l/min, BMI 23.4"
            in said
        )


async def test_an_unusual_one_is_typed_again_with_a_reason_and_a_lo_is_no_number(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await opened(screen)
        await screen.press("o")
        await screen.type("glu lo ht 1.75")
        await screen.press("enter")
        assert "metres or feet? Type cm, or 5ft9." in screen.screen
        await screen.press(*["delete"] * 4)
        await screen.type("175")
        await screen.press("enter")
        assert "Glucose lo is unusual: type it again" in screen.screen
        await screen.type("hi")
        await screen.press("enter")
        assert "Glucose hi is unusual: type it again" in screen.screen
        assert not screen.day.visits[FIRST.id].observations
        assert "175" in screen.screen  # nothing of the line is lost
        await screen.press("l", "o", "enter", "l", "o", "enter", "r")
        ((_, found),) = screen.day.visits[FIRST.id].observations
        assert found.reading(Measure.HEIGHT) is not None
        glucose = found.reading(Measure.GLUCOSE)
        assert glucose is not None
        assert (glucose.value, glucose.comparator, glucose.retyped_because) == (None, "<", "repeat reading")
        await screen.press("c")
        await screen.type("glu 5.6")
        await screen.press("enter", "m")
        ((_, found),) = screen.day.visits[FIRST.id].observations
        assert found.correction is not None
        assert found.correction.was == ("capillary glucose was LO",)


async def test_blood_pressures_alone_are_a_series_of_which_the_lower_of_the_last_two_stands(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await opened(screen)
        said = []
        for line in ("bp152/94", "bp 138/96", "bp 140/92 p72"):
            await screen.press("o")
            await screen.type(line)
            await screen.press("enter")
            said.append(" ".join(screen.screen.split()))
            clock.forward(minutes=1)
        assert "Saved. BP 152/94. Take a second reading" in said[0]
        assert (
            "Clinic BP 138/96, the lower of 152/94 and 138/96 (NICE NG136). Take a third reading" in said[1]
        )
        assert "Clinic BP 138/96, the lower of 138/96 and 140/92 (NICE NG136)" in said[2]
        assert "Take a" not in said[2]
        assert len(screen.day.visits[FIRST.id].observations) == 3
        await screen.press("g")
        assert "clinic BP 138/96, the lower of 138/96 and 140/92" in " ".join(screen.screen.split())


async def test_a_pressure_alone_raises_what_its_part_raises(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock) as screen:
        await opened(screen)
        await screen.press("o")
        await screen.type("bp 88/50")
        await screen.press("enter")
        assert "BP 88/50 is unusual: type it again." in screen.screen
        await screen.type("88/50")
        await screen.press("enter", "r")
        (one,) = screen.day.visits[FIRST.id].open_escalations
        assert one.because == "NEWS2 part scores: 3 in one parameter"


# ── correcting one value ──────────────────────────────────────────────────────────────────────


async def with_a_set(screen: Station, line: str = "16 97 a 128/76 72 a 36.8") -> None:
    await opened(screen)
    await screen.press("o")
    await screen.type(line)
    await screen.press("enter")


async def test_one_value_is_corrected_in_eight_keys_and_the_list_marks_it(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await with_a_set(screen)
        keys = ["c", "t", "3", "8", ".", "1", "enter", "m"]
        assert len(keys) <= 8
        await screen.press("c")
        assert "RR 16, SpO2 97 air" in screen.screen
        await screen.type("t38.1")
        await screen.press("enter", "m")
        ((_, found),) = screen.day.visits[FIRST.id].observations
        assert found.correction is not None
        assert found.correction.was == ("temperature was 36.8",)
        assert "Saved. NEWS2 1" in screen.screen
        await screen.press("6")
        assert "[corrected]" in screen.screen
        await screen.press("backspace")
        assert "1 cor" in screen.screen


async def test_a_correction_says_of_what_and_an_unlikely_one_is_typed_again(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await with_a_set(screen)
        await screen.press("c")
        await screen.type("38.1")
        await screen.press("enter")
        assert "38.1: of what? Say it first, e.g. temp 38.1." in screen.screen
        await screen.press(*["backspace"] * 4, "delete", "delete", "delete", "delete")
        await screen.type("spo2 90")
        await screen.press("enter")
        assert "CORRECTING THE SET OF 09:00" in screen.screen
        assert "SpO2 90 is unusual: type it again." in screen.screen
        await screen.type("90r")
        await screen.press(*["enter"] * 7)
        assert "Why is it corrected?" in screen.screen
        await screen.press("r")
        assert screen.day.visits[FIRST.id].last_observations is not None
        assert len(screen.day.visits[FIRST.id].open_escalations) == 1


async def test_what_was_half_filled_is_back_after_a_correction_or_when_it_is_given_up(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await with_a_set(screen)
        await screen.press("2", "1", "9", "escape", "c")
        await screen.type("p73")
        await screen.press("enter", "escape", "2")
        assert "CORRECTING" in screen.screen
        await screen.press("escape")
        assert "Nothing was corrected." in screen.screen
        assert "Breaths    19" in screen.screen
        ((_, found),) = screen.day.visits[FIRST.id].observations
        assert found.correction is None


async def test_a_pressure_that_was_taken_alone_is_corrected_alone(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await with_a_set(screen, "bp 128/76")
        await screen.press("c")
        await screen.type("@09:10 bp 128/67")
        await screen.press("enter")
        assert "When it was taken stays" in screen.screen
        await screen.press(*["delete"] * 7)
        await screen.press("enter", "m")
        ((_, found),) = screen.day.visits[FIRST.id].observations
        assert found.correction is not None
        assert found.correction.was == ("diastolic BP was 76",)


def test_a_reason_holds_for_the_value_that_it_was_given_for() -> None:
    slip = Slip()
    slip.fill(read_line("glu 2.1 wt 70", FIELDS))
    assert not any(slip.press(key) for key in ("2", ".", "1", "enter"))
    assert slip.press("r")
    assert slip.reasons == {Field.GLUCOSE: "repeat reading"}
    assert not slip.fill(read_line("glu 2.2", FIELDS))
    assert not slip.reasons
