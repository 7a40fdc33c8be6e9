"""What stands beside NEWS2 on the slip, by key: the same set as in one line; and the BP devices."""

from __future__ import annotations

import pytest
from clinic import FIRST, NINE, FakeClock, a_desk, a_patient, an_appointment
from hypothesis import given
from hypothesis import strategies as st
from station import Station, station

from gpa_tui.clinical import how
from gpa_tui.records.appointment import Appointment
from gpa_tui.records.observation import Aspect, Measure, Missing, ObservationSet, Pad, Score
from gpa_tui.records.patient import Gender
from gpa_tui.store.practice import Practice
from screens.entry_line import LineError, read_line
from screens.slip import Asking, Slip
from screens.slip_fields import ANOTHER, BESIDE, HOW_LETTERS, NEXT_DEVICE, SEVEN, Field

KEYS = {"~": "enter", "<": "previous", ">": "forward", "#": "backspace"}
WHOLE = "1697a1287672a368"
DEVICES = ("Omron M7, room 2", "Aneroid, room 1")
ASTHMA: Appointment = an_appointment(1, a_patient(gender=Gender.FEMALE), reason="Breathless 3 days")


def typed(keys: str, slip: Slip | None = None) -> tuple[Slip, bool]:
    """The slip after these keys (`~` Enter), and whether the last of them saves it."""
    slip = slip or Slip(devices=DEVICES)
    saves = False
    for key in keys:
        saves = slip.press(KEYS.get(key, key))
    return slip, saves


# ── by key ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("+w70.5~~", "wt 70.5"),
        ("+w11st4~~", "wt 11st4"),
        ("+h5ft9~~", "ht 5ft9"),
        ("+h175~~", "ht 175"),
        ("+g5.6~~", "glu 5.6"),
        ("+k0.3~~", "ket 0.3"),
        ("+f420/450/430~~", "pef 420/450/430"),
        ("+o480~~", "best 480"),
        ("+c2~~", "crt 2"),
        ("+p3~~", "pain 3"),
        ("+uleu 2+ nit + rest neg~~", "ua leu 2+ nit + rest neg"),
        ("+w70~+h175~~", "wt 70 ht 175"),
        ("+w70~+b12876l~~~", "wt 70 bp 128/76 left"),
        ("+b1287672~~", "bp 128/76 p72"),
        ("+w-r+h175~~", "wt-r ht 175"),
        (f"{WHOLE}+w70~~", "16 97 a 128/76 72 a 36.8 wt 70"),
        ("+f420~" + f"<<<<<<<<{WHOLE}~~~", "pef 420 16 97 a 128/76 72 a 36.8"),
    ],
)
def test_the_form_and_the_line_give_the_same_set(keys: str, line: str) -> None:
    by_keys, saves = typed(keys)
    by_line = Slip()
    assert (by_line.fill(read_line(line, SEVEN)), saves) == (True, True)
    assert (by_keys.taken(), by_keys.missing()) == (by_line.taken(), by_line.missing())
    assert by_keys.urine == by_line.urine
    assert by_keys.taken() or by_keys.urine


ONE_LINE = {Field.URINE: "ua", Field.PEAK_FLOW: "pef", Field.BEST_PEAK_FLOW: "best", Field.WEIGHT: "wt"} | {
    Field.HEIGHT: "ht",
    Field.GLUCOSE: "glu",
    Field.KETONES: "ket",
    Field.CAPILLARY_REFILL: "crt",
    Field.PAIN: "pain",
}


@given(
    st.sampled_from(BESIDE),
    st.text("0123456789./", min_size=1, max_size=8)
    | st.from_regex(r"[0-9]{1,2}(st|ft|')[0-9]{0,2}(lb|in)?|lo|hi", fullmatch=True)
    | st.from_regex(r"(leu|nit|pro|bld|sg|ph) ?[0-9+.-]{1,5}", fullmatch=True),
)
def test_any_text_is_the_same_reading_in_both_or_refused_in_both(current: Field, text: str) -> None:
    letter = next(key for key, one in ANOTHER.items() if one is current)
    slip, _ = typed(f"+{letter}")
    typed(text, slip)
    whole = slip.texts.get(current) == text
    slip.press("enter")
    if current in slip._first:
        assert not typed(f"{text}~", slip)[1]
    if slip.asking is Asking.WHY_UNLIKELY:
        slip.press("r")
    try:
        by_line = Slip()
        by_line.fill(read_line(f"{ONE_LINE[current]} {text}", SEVEN))
    except LineError:
        assert not whole or not (slip.taken() or slip.urine)
        return
    if by_line.message:
        assert not typed(f"{text}~r", by_line)[0].empty
    assert whole
    assert (slip.taken(), slip.urine) == (by_line.taken(), by_line.urine)


def test_an_unusual_one_is_typed_twice_with_a_reason_and_an_enter_saves_nothing_before() -> None:
    slip, saves = typed("+w230~~~")
    assert (slip.taken(), saves) == ([], False)
    assert slip.message == "Weight 230 is unusual: type it again."
    slip, saves = typed("230~", slip)
    assert (slip.asking, saves) == (Asking.WHY_UNLIKELY, False)
    slip, saves = typed("k~~", slip)
    assert saves
    assert [one.retyped_because for one in slip.taken()] == ["known for this patient"]


def test_a_weight_far_from_the_last_is_typed_twice_on_the_form_too() -> None:
    slip, _ = typed("+w77.1~", Slip(before={Measure.WEIGHT: 700}))
    assert slip.message == "Weight 77.1 is over a tenth from the last, 70.0: type it again."
    assert [one.value for one in typed("+w77~", Slip(before={Measure.WEIGHT: 700}))[0].taken()] == [770]


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ("+h70~70~k+w85~", "Weight 85 is with a height of 70.0 a BMI of 173: type it again."),
        ("+o480~+f230~", "Peak flow 230 is under half of their own best, 480: type it again."),
        ("1697a1287697", "Pulse 97 is SpO2 too: type it again."),
        ("60~60~k60", "SpO2 60 is unusual: type it again."),
    ],
)
def test_a_value_that_another_makes_doubtful_is_typed_again_with_the_reason_named(
    keys: str, says: str
) -> None:
    slip, saves = typed(keys)
    assert (slip.message, saves) == (says, False)
    assert slip.current is not None
    text = slip._first[slip.current]
    slip, saves = typed(f"{text}~k", slip)
    assert slip.reasons


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ("+w0.1~", "Weight can be 0.3 to 500.0, not 0.1."),
        ("+h1.75~", "Height 1.75: metres or feet? Type cm, or 5ft9."),
        ("+g104~", "Glucose 104.0: mg/dL? Type mmol/L, or hi."),
        ("+wx", "Weight: kg, or 11st4."),
        ("+p11~", "Pain can be 0 to 10, not 11."),
        ("+uleu 5+~", "leukocytes: - tr 1+ 2+ 3+."),
        ("+ux 5+~", "x: the pads are"),
        ("+f420/450/~", "Peak flow"),
    ],
)
def test_what_cannot_be_is_refused_in_its_field_and_nothing_is_saved(keys: str, says: str) -> None:
    slip, saves = typed(keys)
    assert says in slip.message
    assert (slip.taken(), slip.urine, saves) == ([], {}, False)


def test_a_strip_that_cannot_be_read_stays_to_be_mended() -> None:
    slip, _ = typed("+uleu 2+ nti +~")
    assert slip.texts[Field.URINE] == "leu 2+ nti +"
    assert typed("#####nit +~~", slip)[1]
    assert slip.urine == {Pad.LEUKOCYTES: "2+", Pad.NITRITE: "positive"}


def test_a_line_adds_its_pads_to_the_strip_that_is_there() -> None:
    slip, _ = typed("+uleu 2+ nit +~")
    slip.fill(read_line("ua nit - ph 6", SEVEN))
    assert slip.urine == {Pad.LEUKOCYTES: "2+", Pad.NITRITE: "negative", Pad.PH: "6.0"}


def test_what_is_asked_for_may_stay_empty_but_the_seven_may_not() -> None:
    slip, saves = typed(f"{WHOLE}~~~", Slip(shown=frozenset({Field.WEIGHT})))
    assert saves
    assert {one.measure for one in slip.missing()} == set()
    slip, saves = typed("+w70~+b12876~~~", Slip())
    assert saves
    slip, saves = typed("16+w70~~~")
    assert (slip.asking, saves) == (Asking.WHY_MISSING, False)


def test_a_digit_straight_behind_the_temperature_is_a_second_decimal_and_no_weight() -> None:
    slip, _ = typed(f"{WHOLE}5", Slip(shown=frozenset({Field.WEIGHT})))
    assert not slip.texts.get(Field.WEIGHT)
    assert "one decimal" in slip.message


def test_not_taken_by_one_key_and_a_reason_anywhere() -> None:
    slip, saves = typed("16-d")
    assert (slip.current, slip.not_taken, saves) == (Field.OXYGEN, {Field.SPO2: "no device"}, False)
    assert Field.OXYGEN not in typed("~", slip)[0].texts  # that Enter only confirms
    slip, _ = typed("+w-u")
    assert slip.missing() == [Missing(measure=Measure.WEIGHT, why="unable")]
    slip, _ = typed("+w-<70~")
    assert [one.value for one in slip.taken()] == [700]


def test_another_key_after_the_plus_goes_nowhere_and_types_nothing() -> None:
    slip, _ = typed("16+9")
    assert (slip.current, slip.texts.get(Field.SPO2)) == (Field.SPO2, None)
    assert slip.asking is Asking.VALUE


def test_a_letter_that_goes_on_with_a_word_is_no_command() -> None:
    assert not typed("+g")[0].wants("o")
    assert typed("+gl")[0].wants("o")
    assert typed("+uur")[0].wants("o")
    assert typed("+unit ")[0].wants("+")
    assert not typed("")[0].wants("o")


def test_rubbing_out_keeps_the_field_in_hand() -> None:
    slip, _ = typed("+w7##")
    assert slip.current is Field.PREGNANT or slip.current is Field.TEMPERATURE  # the one before it
    slip, _ = typed("+f420/#")
    assert (slip.current, slip.texts[Field.PEAK_FLOW]) == (Field.PEAK_FLOW, "420")


# ── BP devices ────────────────────────────────────────────────────────────────────────────────


def test_d_goes_through_the_practices_devices_and_back_to_none() -> None:
    assert NEXT_DEVICE not in {letter for letters in HOW_LETTERS.values() for letter in letters}
    for times, said in ((1, DEVICES[0]), (2, DEVICES[1]), (3, "")):
        slip, _ = typed("+b12876" + "d" * times + "~~")
        (systolic, _) = slip.taken()
        assert systolic.how.get(Aspect.MONITOR, "") == said


def test_the_line_names_a_device_by_its_number() -> None:
    slip = Slip()
    assert slip.fill(read_line("bp 128/76 dev2 left", SEVEN, devices=DEVICES))
    assert slip.taken()[0].how == {Aspect.MONITOR: "Aneroid, room 1", Aspect.ARM: "left arm"}
    with pytest.raises(LineError, match="BP devices: dev1 Omron M7, room 2, dev2 Aneroid, room 1"):
        read_line("bp 128/76 dev3", SEVEN, devices=DEVICES)
    with pytest.raises(LineError, match="none is named; bp_devices in"):
        read_line("bp 128/76 dev1", SEVEN)


def test_a_second_decimal_of_a_weight_is_refused_where_it_is_typed() -> None:
    slip, _ = typed("+w70.55")
    assert (slip.message, slip.texts[Field.WEIGHT]) == ("Weight: kg, or 11st4.", "70.5")


def test_without_a_device_the_letter_says_where_to_name_one() -> None:
    slip, _ = typed("+b128d", Slip())
    assert slip.message == "No BP device is named: bp_devices in practice.toml."


# ── on the screen ─────────────────────────────────────────────────────────────────────────────


async def opened(screen: Station) -> None:
    await screen.sign_in()
    await screen.press("enter", "i", "o", "2")


def last_set(screen: Station) -> ObservationSet:
    return screen.day.visits[FIRST.id].observations[-1][1]


async def test_what_is_asked_for_has_its_field_and_is_saved_with_the_set(
    practice: Practice, clock: FakeClock
) -> None:
    a_desk(practice, ASTHMA, clock=clock).close()
    async with station(practice, clock) as screen:
        await opened(screen)
        assert "Asked for: peak flow" in screen.screen
        await screen.type(WHOLE)
        await screen.press("enter")
        await screen.type("420/450/430")
        assert "Asked for" not in screen.screen
        await screen.press("enter", "enter")
        flow = last_set(screen).reading(Measure.PEAK_FLOW)
        assert flow is not None
        assert (flow.value, flow.typed) == (450, "420/450/430")


async def test_nine_measures_at_once_leave_the_total_and_the_question_on_24_lines(
    practice: Practice, clock: FakeClock
) -> None:
    a_desk(practice, ASTHMA, clock=clock).close()
    async with station(practice, clock) as screen:
        await opened(screen)
        await screen.press("o")
        await screen.type(
            "16 97 a 128/76 72 a wt 70 ht 175 glu 5.6 ket 0.3 pef 420 best 480 crt 1 pain 3 ua nit -"
        )
        await screen.press("enter")
        for words in ("Temp not taken. Why?", "also weight 70, height 175", "Temp", "NEWS2"):
            assert words in screen.screen, words


async def test_the_letters_of_a_word_reach_its_field_and_o_opens_the_line_elsewhere(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await opened(screen)
        await screen.type("+glo")
        await screen.press("enter", "l", "o", "enter", "r", "enter")
        assert last_set(screen).reading(Measure.GLUCOSE) is not None
        await screen.press("2")
        await screen.type("+upro 2+")
        await screen.press("enter", "enter")
        assert last_set(screen).urine == {Pad.PROTEIN: "2+"}
        await screen.press("2", "o")
        assert "Breaths, SpO2, air or O2" in screen.screen


async def test_a_later_slip_shows_the_earlier_figures_as_bars(stocked: Practice, clock: FakeClock) -> None:
    async with station(stocked, clock, height=60) as screen:
        await opened(screen)
        for line in ("bp 152/94 p72", "bp 138/86 p80", "bp 145/90 p76"):
            await screen.press("o")
            await screen.type(line)
            await screen.press("enter")
            clock.forward(minutes=2)
            await screen.press("2")
        assert "145/90 █▁▄" in screen.screen
        assert "76 ▁█▄" in screen.screen
        await screen.press("escape", "b")
        sheet = " ".join(screen.screen.split())
        assert "BP █▁▄ 152/94 138/86 145/90" in sheet


# ── what a fresh reader's hands found ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("+g0,6", "0.6"),
        ("+w7,5", "7.5"),
        ("+p1.0", "1."),
        ("+f45.5", "45."),
        ("+o0480", "0"),
        ("+w070", "0"),
        ("+k0,3", "0.3"),
    ],
)
def test_a_comma_or_a_point_never_makes_another_number(keys: str, text: str) -> None:
    slip, _ = typed(keys)
    assert slip.current is not None
    assert slip.texts[slip.current] == text


@pytest.mark.parametrize("keys", ["128.5/76", "98.5/60", "128,4/76", "128/76.5"])
def test_a_point_in_a_pressure_stays_to_be_rubbed_out_and_makes_no_other(keys: str) -> None:
    slip, _ = typed(f"+b{keys}")
    assert slip.taken() == []
    assert slip.texts[Field.PRESSURE].endswith(".")
    assert slip.message == "BP is a whole number: rub out the point."
    assert not slip.texts.get(Field.PULSE)


def test_a_strip_that_is_half_typed_gives_way_to_the_lines() -> None:
    slip, _ = typed("+uleu<")
    slip.fill(read_line("ua nit +", SEVEN))
    assert slip.urine == {Pad.NITRITE: "positive"}


def test_the_rest_is_what_neither_the_strip_nor_the_line_names() -> None:
    slip, _ = typed("+uleu 2+~")
    slip.fill(read_line("ua nit + rest neg", SEVEN))
    assert slip.urine[Pad.LEUKOCYTES] == "2+"
    assert slip.urine[Pad.PROTEIN] == "negative"


@pytest.mark.parametrize("keys", ["+w250~+h170~~~", "+f420~+o900~~>~"])
def test_what_was_unusual_is_never_lost_at_the_save(keys: str) -> None:
    slip, saves = typed(keys)
    assert not saves
    assert "type it again" in slip.message


def test_a_letter_that_begins_the_field_in_hand_is_none_of_the_field_behind() -> None:
    slip, _ = typed("+b1287672glu 2+", Slip(shown=frozenset({Field.URINE})))
    assert slip.texts[Field.URINE] == "glu 2+"
    assert Aspect.RHYTHM not in slip.how
    slip, _ = typed("+b12876lo", Slip(shown=frozenset({Field.GLUCOSE}), texts={Field.PULSE: "72"}))
    assert (slip.texts[Field.GLUCOSE], slip.how) == ("lo", {})


def test_a_reason_holds_only_for_the_doubt_it_was_given_for() -> None:
    slip, _ = typed("1697a1287697~97r")
    assert slip.reasons[Field.PULSE] == "repeat reading"
    slip, _ = typed("<<<<##95", slip)
    assert not any(one.retyped_because for one in slip.taken() if one.measure is Measure.SPO2)
    assert slip.stands(Field.PULSE) == ""
    slip, _ = typed("+h170~+w40~40~k")
    slip.show({Field.HEIGHT})
    slip._go(slip.fields.index(Field.HEIGHT))
    slip, saves = typed("###200~~~", slip)
    assert not saves
    assert "BMI of 10" in slip.message


def test_a_pressure_that_is_there_already_may_be_saved_by_itself_once_it_is_named() -> None:
    slip, _ = typed(">>>12876")
    assert slip.fill(read_line("p 72", SEVEN))


def test_a_line_with_one_doubt_is_saved_when_it_has_its_reason() -> None:
    slip = Slip()
    assert not slip.fill(read_line("16 97 a 128/76 140 a 36.8", SEVEN))
    slip, saves = typed("140r", slip)
    assert saves


@pytest.mark.parametrize(
    ("line", "current", "why"),
    [
        ("ua-r wt 70", Field.URINE, "refused"),
        ("preg-n", Field.PREGNANT, "not asked"),
        ("ua-d", Field.URINE, "no device"),
    ],
)
def test_a_strip_and_pregnancy_may_be_missing_in_the_line_too(line: str, current: Field, why: str) -> None:
    found = read_line(line, (*SEVEN, Field.PREGNANT))
    assert found.not_taken[current] == why


def test_what_was_said_before_anything_was_measured_is_in_the_draft() -> None:
    slip, again = Slip(begun_said=True), Slip()
    again.load(slip.dump())
    assert again.begun_said
    slip, _ = typed(">>>l")
    again.load(slip.dump())
    assert again.how == {Aspect.ARM: how.LEFT}


def test_what_stands_in_a_saved_set_is_not_doubted_anew() -> None:
    slip, _ = typed("+w70~+h170~")
    found = ObservationSet(taken_at=NINE, readings=tuple(slip.taken()), score=Score(rule="x", parts={}))
    again = Slip.of(found, with_pregnancy=True)
    again.before = {Measure.WEIGHT: 1000}
    assert again.fill(read_line("ht 171", SEVEN, by_labels=True))
    assert {one.measure: one.value for one in again.taken()} == {Measure.WEIGHT: 700, Measure.HEIGHT: 1710}


async def test_a_new_set_is_never_taken_for_the_correction_of_another(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await opened(screen)
        await screen.type(WHOLE)
        await screen.press("enter", "c")
        await screen.type("temp 37.1")
        await screen.press("enter")
        assert "Why is it corrected?" in screen.screen
        await screen.press("escape")
        assert "CORRECTING THE SET OF" in screen.screen
        await screen.press("o")
        assert "A correction is under way" in screen.screen or "When it was taken stays" in screen.screen
        await screen.press("enter", "m")
        assert last_set(screen).correction is not None
        assert last_set(screen).correction.was == ("temperature was 36.8",)  # type: ignore[union-attr]
        await screen.press("2", "o")
        await screen.type("18 95 a 140/86 80 a 36.9")
        await screen.press("enter")
        assert len(screen.day.visits[FIRST.id].observations) == 2


async def test_a_refused_weight_alone_is_saved_and_no_longer_asked_for(
    practice: Practice, clock: FakeClock
) -> None:
    a_desk(practice, ASTHMA, clock=clock).close()
    async with station(practice, clock) as screen:
        await opened(screen)
        await screen.type("+f-r")
        await screen.press("enter")
        assert last_set(screen).missing == (Missing(measure=Measure.PEAK_FLOW, why="refused"),)
        await screen.press("2")
        assert "Asked for" not in screen.screen
        await screen.type("+o")
        await screen.type("480")
        await screen.press("enter", "enter")
        assert last_set(screen).reading(Measure.BEST_PEAK_FLOW) is not None


async def test_the_field_in_hand_says_its_last_value_when_and_by_whom(
    stocked: Practice, clock: FakeClock
) -> None:
    async with station(stocked, clock) as screen:
        await opened(screen)
        await screen.type(WHOLE)
        await screen.press("enter", "2", "down")
        assert "before: 97, 09:00, M Okafor" in screen.screen
