"""What may be typed for a reading: read exactly, refused in words, or asked for again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.clinical.limits import LIMITS, PULSE_PRESSURE
from gpa_tui.clinical.names import NAMES
from gpa_tui.clinical.readings import (
    full,
    pressure_slip,
    read,
    shown,
    unlikely,
    unlikely_pressure,
)
from gpa_tui.records.observation import Measure
from gpa_tui.text import sentence

# least and most that can be; lowest and highest that need no second typing; unit (UCUM)
EXPECTED: dict[Measure, tuple[int, int, int, int, str]] = {
    Measure.RESPIRATION: (3, 80, 9, 24, "/min"),
    Measure.SPO2: (50, 100, 92, 100, "%"),
    Measure.OXYGEN: (0, 15, 0, 15, "l/min"),
    Measure.SYSTOLIC: (40, 300, 91, 179, "mm[Hg]"),
    Measure.DIASTOLIC: (20, 200, 40, 119, "mm[Hg]"),
    Measure.PULSE: (20, 300, 41, 130, "/min"),
    Measure.TEMPERATURE: (250, 450, 351, 390, "Cel"),
}
WHOLE = [measure for measure in EXPECTED if measure is not Measure.TEMPERATURE]


BESIDE_NEWS2: dict[Measure, tuple[int, int, int, int, str]] = {
    Measure.WEIGHT: (3, 5000, 350, 2000, "kg"),
    Measure.HEIGHT: (300, 2500, 1300, 2050, "cm"),
    Measure.GLUCOSE: (6, 333, 40, 110, "mmol/L"),
    Measure.KETONES: (0, 80, 0, 6, "mmol/L"),
    Measure.PEAK_FLOW: (20, 900, 100, 850, "L/min"),
    Measure.BEST_PEAK_FLOW: (20, 900, 100, 850, "L/min"),
    Measure.CAPILLARY_REFILL: (0, 60, 0, 2, "s"),
    Measure.PAIN: (0, 10, 0, 10, "{score}"),
}


def test_every_number_that_is_measured_has_limits() -> None:
    assert set(LIMITS) == set(Measure) - {Measure.CONSCIOUSNESS, Measure.URINE}
    shown_here = {m: (x.least, x.most, x.low, x.high, x.unit) for m, x in LIMITS.items()}
    assert shown_here == EXPECTED | BESIDE_NEWS2


@pytest.mark.parametrize("measure", EXPECTED)
def test_the_limits_themselves_can_be_typed_and_one_beyond_cannot(measure: Measure) -> None:
    least, most, *_ = EXPECTED[measure]
    assert read(measure, shown_as_typed(measure, least)) == least
    assert read(measure, shown_as_typed(measure, most)) == most
    for value in (least - 1, most + 1):
        if value >= 0:
            with pytest.raises(ValueError, match=sentence(NAMES[measure])):
                read(measure, shown_as_typed(measure, value))


def shown_as_typed(measure: Measure, value: int) -> str:
    return f"{value // 10}.{value % 10}" if measure is Measure.TEMPERATURE else str(value)


@pytest.mark.parametrize("measure", EXPECTED)
def test_a_value_is_unlikely_from_one_beyond_its_soft_limits_on(measure: Measure) -> None:
    least, most, low, high, _ = EXPECTED[measure]
    expected = {value: value < low or value > high for value in range(least, most + 1)}
    assert {value: unlikely(measure, value) for value in expected} == expected


@pytest.mark.parametrize(
    ("text", "value"), [("36.8", 368), ("25.0", 250), ("45.0", 450), ("35.0", 350), ("35.1", 351)]
)
def test_a_temperature_is_read_in_tenths(text: str, value: int) -> None:
    assert read(Measure.TEMPERATURE, text) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("36.85", "one decimal"),
        ("36.80", "one decimal"),
        ("36", "needs its decimal"),
        ("36.", "needs its decimal"),
        ("", "one decimal"),
        (".8", "one decimal"),
        ("6.8", "one decimal"),
        ("36,8", "one decimal"),
        ("-36.8", "one decimal"),
        ("3.68e1", "one decimal"),
        ("24.9", "25.0 to 45.0, not 24.9"),
        ("45.1", "25.0 to 45.0, not 45.1"),
        ("95.0", "Fahrenheit"),
        ("98.6", "Fahrenheit"),
        ("108.9", "Fahrenheit"),
        ("94.9", "25.0 to 45.0"),
        ("109.0", "25.0 to 45.0"),
    ],
)
def test_a_temperature_that_is_not_tenths_of_celsius_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read(Measure.TEMPERATURE, text)


@pytest.mark.parametrize("text", ["36.8\n", "３６.８"])
def test_a_temperature_is_plain_digits_to_its_end(text: str) -> None:
    with pytest.raises(ValueError, match="one decimal"):
        read(Measure.TEMPERATURE, text)


@pytest.mark.parametrize("measure", WHOLE)
@pytest.mark.parametrize("text", ["", "16.0", "-16", "+16", "1e2", " 16", "a", "١٦", "1²", "16\n"])
def test_what_is_not_a_whole_number_is_refused(measure: Measure, text: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        read(measure, text)


@given(
    st.sampled_from(list(EXPECTED)), st.text(max_size=8) | st.from_regex(r"\d{1,4}(\.\d?)?", fullmatch=True)
)
def test_whatever_is_typed_is_within_the_limits_or_refused(measure: Measure, text: str) -> None:
    least, most, *_ = EXPECTED[measure]
    try:
        value = read(measure, text)
    except ValueError:
        return
    assert least <= value <= most


@given(st.sampled_from(list(EXPECTED)), st.data())
def test_a_value_that_is_shown_and_typed_again_is_the_same(measure: Measure, data: st.DataObject) -> None:
    least, most, *_ = EXPECTED[measure]
    value = data.draw(st.integers(least, most))
    assert read(measure, shown_as_typed(measure, value)) == value


@pytest.mark.parametrize("measure", WHOLE)
def test_a_field_is_full_exactly_when_every_longer_number_is_too_high(measure: Measure) -> None:
    _, most, *_ = EXPECTED[measure]
    numbers = [str(value) for value in range(1, most + 1)]
    for typed in numbers:
        longer = [number for number in numbers if number.startswith(typed) and number != typed]
        assert full(measure, typed) is (not longer), typed


@pytest.mark.parametrize(
    ("text", "is_full"), [("", False), ("3", False), ("36", False), ("36.", False), ("36.8", True)]
)
def test_a_temperature_is_full_with_its_decimal(text: str, is_full: bool) -> None:
    assert full(Measure.TEMPERATURE, text) is is_full


@pytest.mark.parametrize(
    ("systolic", "diastolic", "can_be"),
    [(121, 120, True), (120, 120, False), (76, 128, False), (128, 76, True)],
)
def test_systolic_is_above_diastolic(systolic: int, diastolic: int, can_be: bool) -> None:
    assert (pressure_slip(systolic, diastolic) == "") is can_be


@pytest.mark.parametrize(
    ("between", "is_unlikely"), [(1, True), (19, True), (20, False), (100, False), (101, True)]
)
def test_a_pulse_pressure_is_unlikely_below_20_and_above_100(between: int, is_unlikely: bool) -> None:
    assert unlikely_pressure(80 + between, 80) is is_unlikely
    assert (PULSE_PRESSURE.low, PULSE_PRESSURE.high) == (20, 100)


@pytest.mark.parametrize(
    ("measure", "value", "words"),
    [
        (Measure.TEMPERATURE, 368, "36.8"),
        (Measure.TEMPERATURE, 400, "40.0"),
        (Measure.OXYGEN, 0, "air"),
        (Measure.OXYGEN, 2, "2 l/min"),
        (Measure.RESPIRATION, 16, "16"),
    ],
)
def test_a_value_is_shown_as_it_is_read_aloud(measure: Measure, value: int, words: str) -> None:
    assert shown(measure, value) == words
