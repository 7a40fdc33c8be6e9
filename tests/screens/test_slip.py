"""The slip as keys fill it: the standard set, habits of the hand, what is refused and what is asked again."""

from __future__ import annotations

import pytest

from gpa_tui.records.observation import Measure
from screens.entry_line import EntryLine
from screens.slip import Asking, Slip
from screens.slip_fields import LABELS, MEASURES, UNITS, WHY_UNLIKELY, Field

STANDARD = {
    Measure.RESPIRATION: 16,
    Measure.SPO2: 97,
    Measure.OXYGEN: 0,
    Measure.SYSTOLIC: 128,
    Measure.DIASTOLIC: 76,
    Measure.PULSE: 72,
    Measure.CONSCIOUSNESS: "A",
    Measure.TEMPERATURE: 368,
}
DIGITS_ONLY = "1697a1287672a368"


def typed(slip: Slip, text: str) -> bool:
    """Press `text` key by key; a blank in it is Enter. True when the last key saves."""
    saves = False
    for char in text:
        saves = slip.press("enter" if char == " " else char)
    return saves


def at(current: Field, *, with_pregnancy: bool = False) -> Slip:
    """An empty slip with one field in hand, reached without Enter."""
    slip = Slip(with_pregnancy=with_pregnancy)
    while slip.current is not current:
        slip.press("forward")
    return slip


def values(slip: Slip) -> dict[Measure, int | str | None]:
    return {one.measure: one.letter or one.value for one in slip.taken()}


# ── the standard set ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param("1697a128/7672a36.8 ", id="as it is written"),
        pytest.param("16 97 a 128/76 72 a 36.8 ", id="with the habitual Enter after each"),
        pytest.param("1697a1287672a368 ", id="digits only"),
        pytest.param("1697A128/7672A36.8 ", id="capitals"),
    ],
)
def test_the_standard_set_takes_at_most_25_keys(keys: str) -> None:
    slip = Slip()
    assert len(keys) <= 25
    assert not typed(slip, keys[:-1])
    assert typed(slip, keys[-1])
    assert values(slip) == STANDARD
    assert slip.missing() == []


def test_each_reading_has_its_unit_and_the_words_typed() -> None:
    slip = Slip()
    typed(slip, "1697a1287672a368")
    found = [(one.measure.value, one.unit, one.typed) for one in slip.taken()]
    assert found == [
        ("respiration", "/min", "16"),
        ("spo2", "%", "97"),
        ("oxygen", "l/min", "a"),
        ("systolic", "mm[Hg]", "128/76"),
        ("diastolic", "mm[Hg]", "128/76"),
        ("pulse", "/min", "72"),
        ("consciousness", "", "a"),
        ("temperature", "Cel", "36.8"),
    ]


# ── Enter ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("enters", [1, 2, 3, 10])
def test_97_enter_never_records_air(enters: int) -> None:
    slip = Slip()
    typed(slip, "16 97" + " " * enters)
    assert slip.current is Field.OXYGEN
    assert Measure.OXYGEN not in values(slip)


def test_an_enter_after_the_reason_for_a_low_saturation_never_records_air() -> None:
    slip = Slip()
    typed(slip, "16" + "88" + "88" + "r" + " ")
    assert Measure.OXYGEN not in values(slip)


@pytest.mark.parametrize(
    ("current", "number"), [(Field.SPO2, "88"), (Field.PULSE, "40"), (Field.PRESSURE, "200/90")]
)
def test_an_enter_after_an_unusual_value_stays_to_have_it_typed_again(current: Field, number: str) -> None:
    slip = at(current)
    typed(slip, f"{number} ")
    assert slip.current is current


def test_an_enter_stands_for_air_and_alert_only_in_a_field_reached_by_enter() -> None:
    slip = at(Field.SPO2)
    slip.texts[Field.SPO2] = "97"
    typed(slip, " ")
    assert slip.current is Field.OXYGEN
    typed(slip, " ")
    assert values(slip) == {Measure.SPO2: 97, Measure.OXYGEN: 0}
    slip = at(Field.PULSE)
    typed(slip, "28  ")
    assert slip.current is Field.PULSE  # 28 is unusual, and typed again
    slip = at(Field.PULSE)
    slip.texts[Field.PULSE] = "72"
    typed(slip, "  ")
    assert values(slip) == {Measure.PULSE: 72, Measure.CONSCIOUSNESS: "A"}


def test_a_held_enter_over_empty_fields_records_neither_air_nor_alert() -> None:
    slip = Slip()
    typed(slip, "16" + " " * 12)
    assert values(slip) == {Measure.RESPIRATION: 16}


@pytest.mark.parametrize("keys", ["1697.5", "1697,5", "1697a12876720", "1009"])
def test_what_follows_a_whole_number_never_becomes_another_fields(keys: str) -> None:
    slip = Slip()
    typed(slip, keys)
    found = values(slip)
    assert found.get(Measure.OXYGEN) != 5
    assert Measure.CONSCIOUSNESS not in found


def test_a_point_stays_to_be_rubbed_out_and_a_nought_begins_no_number() -> None:
    slip = at(Field.OXYGEN)
    typed(slip, "0.5")
    assert slip.texts[Field.OXYGEN] == "0."
    assert "whole number" in slip.message or "Air or O2" in slip.message
    assert not slip.press("enter")
    assert slip.current is Field.OXYGEN
    slip.press("backspace")
    assert slip.texts[Field.OXYGEN] == "0"
    typed(slip, "5")
    assert slip.texts[Field.OXYGEN] == "0"


def test_a_doubled_letter_of_a_reason_says_nothing_more() -> None:
    for pressure, letters in (("190/100", "rr"), ("190/100", "kk")):
        slip = at(Field.PRESSURE)
        for key in f"{pressure}{pressure}{letters}":
            slip.press(key)
        assert slip.reasons[Field.PRESSURE]
        assert not slip.how
    slip = at(Field.PULSE)
    for key in "135135gg":
        slip.press(key)
    assert slip.reasons[Field.PULSE] == "GP aware"
    assert not slip.how


def test_a_draft_keeps_what_may_be_saved_alone() -> None:
    slip = Slip()
    slip.fill(EntryLine(texts={Field.PRESSURE: "128/76"}))
    again = Slip()
    again.load(slip.dump())
    assert again.beside_news2


@pytest.mark.parametrize("current", [Field.OXYGEN, Field.CONSCIOUSNESS])
def test_an_enter_in_a_field_reached_by_another_key_records_nothing_and_says_what_to_type(
    current: Field,
) -> None:
    slip = at(current)
    typed(slip, " ")
    assert slip.current is current
    assert slip.message == f"{LABELS[current]}: {UNITS[current]}."
    assert values(slip) == {}


@pytest.mark.parametrize("letter", "acvpu")
def test_each_letter_of_acvpu_is_one_key(letter: str) -> None:
    slip = at(Field.CONSCIOUSNESS)
    typed(slip, letter)
    assert values(slip) == {Measure.CONSCIOUSNESS: letter.upper()}
    assert slip.current is Field.TEMPERATURE


@pytest.mark.parametrize(
    ("keys", "litres"), [("a", 0), ("2", 2), ("9", 9), ("10", 10), ("15", 15), ("1 ", 1), ("0 ", 0)]
)
def test_oxygen_is_a_for_air_or_litres(keys: str, litres: int) -> None:
    slip = at(Field.OXYGEN)
    typed(slip, keys)
    assert values(slip) == {Measure.OXYGEN: litres}
    assert slip.current is Field.PRESSURE


# ── refused ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("current", "keys", "says"),
    [
        (Field.RESPIRATION, "2 ", "can be 3 to 80, not 2"),
        (Field.RESPIRATION, "81", "can be 3 to 80, not 81"),
        (Field.SPO2, "49", "can be 50 to 100, not 49"),
        (Field.OXYGEN, "16", "can be air to 15 l/min, not 16 l/min"),
        (Field.PRESSURE, "39/", None),
        (Field.PRESSURE, "301", None),
        (Field.PRESSURE, "39/20 ", "can be 40 to 300, not 39"),
        (Field.PRESSURE, "301/90", "can be 40 to 300, not 301"),
        (Field.PRESSURE, "128/201", "can be 20 to 200, not 201"),
        (Field.PRESSURE, "128 ", "needs both numbers"),
        (Field.PRESSURE, "76/128", "systolic must be the higher one. Swapped?"),
        (Field.PRESSURE, "120/120", "systolic must be the higher one. Swapped?"),
        (Field.PULSE, "19 ", "can be 20 to 300, not 19"),
        (Field.PULSE, "301", "can be 20 to 300, not 301"),
        (Field.TEMPERATURE, "24.9", "can be 25.0 to 45.0, not 24.9"),
        (Field.TEMPERATURE, "45.1", "can be 25.0 to 45.0, not 45.1"),
        (Field.TEMPERATURE, "36 ", "needs its decimal"),
        (Field.TEMPERATURE, "98.6", "Fahrenheit?"),
        (Field.TEMPERATURE, "986", "Fahrenheit?"),
        (Field.RESPIRATION, "x", "Breaths: /min."),
        (Field.OXYGEN, "w", "Air or O2: a air, or l/min."),
        (Field.CONSCIOUSNESS, "5", "ACVPU: a alert"),
        (Field.PULSE, "*", "Pulse: /min."),
        (Field.PULSE, "٧", "Pulse: /min."),
    ],
)
def test_what_cannot_be_is_refused_and_the_field_stays(current: Field, keys: str, says: str | None) -> None:
    slip = at(current)
    typed(slip, keys)
    assert slip.current is current
    assert says is None or says in slip.message
    assert values(slip) == {}


def test_the_next_digit_after_a_refusal_begins_anew() -> None:
    slip = at(Field.SPO2)
    typed(slip, "4997")
    assert values(slip) == {Measure.SPO2: 97}


def test_a_digit_where_y_or_n_is_asked_is_refused() -> None:
    slip = at(Field.PREGNANT, with_pregnancy=True)
    typed(slip, "5")
    assert "y or n" in slip.message


def test_a_temperature_with_two_decimals_is_refused_and_not_cut() -> None:
    slip = at(Field.TEMPERATURE)
    typed(slip, "36.85")
    assert slip.message
    assert values(slip) == {}


def test_a_key_held_down_raises_nothing() -> None:
    slip = Slip()
    typed(slip, "0" * 5000)
    assert values(slip) == {}


# ── asked again ───────────────────────────────────────────────────────────────────────────────

UNUSUAL = [
    (Field.RESPIRATION, "8 ", "8 "),
    (Field.RESPIRATION, "25", "25"),
    (Field.SPO2, "91", "91"),
    (Field.PRESSURE, "90/60", "90/60"),
    (Field.PRESSURE, "180/95", "180/95"),
    (Field.PRESSURE, "100/39", "100/39"),
    (Field.PRESSURE, "150/120", "150/120"),
    (Field.PRESSURE, "100/81", "100/81"),
    (Field.PRESSURE, "171/70", "171/70"),
    (Field.PULSE, "40", "40"),
    (Field.PULSE, "131", "131"),
    (Field.TEMPERATURE, "35.0", "350"),
    (Field.TEMPERATURE, "39.1", "39.1"),
]


@pytest.mark.parametrize(("current", "first", "again"), UNUSUAL)
@pytest.mark.parametrize(("letter", "why"), WHY_UNLIKELY.items())
def test_an_unusual_value_counts_once_it_was_typed_twice_with_a_reason(
    current: Field, first: str, again: str, letter: str, why: str
) -> None:
    slip = at(current)
    typed(slip, first)
    assert (slip.current, slip.texts[current]) == (current, "")
    assert "unusual: type it again" in slip.message
    typed(slip, again)
    assert (slip.current, slip.asking) == (current, Asking.WHY_UNLIKELY)
    typed(slip, letter)
    assert slip.asking is Asking.VALUE
    assert slip.current is not current
    assert set(values(slip)) == set(MEASURES[current])
    assert {one.retyped_because for one in slip.taken()} == {why}


@pytest.mark.parametrize("number", ["92", "100"])
def test_a_usual_value_needs_no_reason(number: str) -> None:
    slip = at(Field.SPO2)
    typed(slip, number)
    assert [one.retyped_because for one in slip.taken()] == [""]
    assert slip.current is Field.OXYGEN


def test_another_unusual_value_is_asked_again_too() -> None:
    slip = at(Field.SPO2)
    typed(slip, "8889")
    assert (slip.current, slip.asking, slip.texts[Field.SPO2]) == (Field.SPO2, Asking.VALUE, "")


@pytest.mark.parametrize("key", ["x", "5", " ", "y", "R"])
def test_only_a_reasons_letter_is_taken_as_the_reason(key: str) -> None:
    slip = at(Field.SPO2)
    typed(slip, "8888" + key)
    assert slip.asking is Asking.WHY_UNLIKELY
    assert slip.reasons == {}


def test_going_back_from_the_reason_empties_the_field() -> None:
    slip = at(Field.SPO2)
    typed(slip, "8888")
    slip.press("previous")
    assert (slip.current, slip.asking, slip.texts[Field.SPO2]) == (Field.SPO2, Asking.VALUE, "")
    typed(slip, "88")
    assert slip.asking is Asking.VALUE


@pytest.mark.parametrize(("number", "whys"), [("70", []), ("97", [""])], ids=["unusual", "usual"])
def test_a_reason_holds_for_the_value_it_was_given_for_alone(number: str, whys: list[str]) -> None:
    slip = at(Field.SPO2)
    typed(slip, "8888r")
    for key in ("previous", "backspace", "backspace"):
        slip.press(key)
    typed(slip, number)
    assert [one.retyped_because for one in slip.taken()] == whys
