"""What is measured beside NEWS2: read as typed, converted exactly, refused by name; LO is no number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.clinical.extras import EXTRAS, IN_TENTHS, Value, read, shown, unlikely
from gpa_tui.clinical.limits import LIMITS
from gpa_tui.records.observation import Measure

W, H, G, K = Measure.WEIGHT, Measure.HEIGHT, Measure.GLUCOSE, Measure.KETONES


@pytest.mark.parametrize(
    ("measure", "text", "number"),
    [
        (W, "70.5", 705), (W, "70", 700), (W, "11st4", 717), (W, "11ST4LB", 717), (W, "11st", 699),
        (H, "175", 1750), (H, "175.5", 1755), (H, "5ft9", 1753), (H, "5'9\"", 1753), (H, "6ft", 1829),
        (G, "5.6", 56), (G, "12", 120), (K, "0.3", 3), (Measure.PEAK_FLOW, "450", 450),
        (Measure.CAPILLARY_REFILL, "2", 2), (Measure.PAIN, "0", 0), (Measure.PAIN, "10", 10),
    ],
)  # fmt: skip
def test_read_as_typed(measure: Measure, text: str, number: int) -> None:
    assert read(measure, text) == Value(number)


@pytest.mark.parametrize("measure", [G, K])
def test_lo_and_hi_are_no_numbers(measure: Measure) -> None:
    assert (read(measure, "LO"), read(measure, "hi")) == (Value(None, "<"), Value(None, ">"))
    assert (shown(measure, None, "<"), shown(measure, None, ">")) == ("LO", "HI")
    assert unlikely(measure, Value(None, "<"))


@pytest.mark.parametrize(
    ("measure", "text", "says"),
    [
        (H, "1.75", "metres or feet"), (H, "5", "metres or feet"), (G, "100", "mg/dL"),
        (W, "70.55", "kg, e.g."), (W, "11st14", "up to 13"), (H, "5ft12", "up to 11"), (W, "lo", "kg, e.g."),
        (Measure.PAIN, "11", "can be 0 to 10"),
        (Measure.PAIN, "3.5", "0 to 10"), (Measure.PEAK_FLOW, "19", "can be 20 to 900"), (W, "", "kg"),
        (W, "0.2", "can be 0.3 to 500.0"), (H, "251", "can be 30.0 to 250.0"), (G, "٣", "mmol/L"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(measure: Measure, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read(measure, text)


@given(st.sampled_from(EXTRAS), st.data())
def test_every_number_that_can_be_is_read_as_it_is_shown(measure: Measure, data: st.DataObject) -> None:
    limit = LIMITS[measure]
    number = data.draw(st.integers(limit.least, limit.most))
    assert read(measure, shown(measure, number)) == Value(number)
    assert ("." in shown(measure, number)) is (measure in IN_TENTHS)
    assert unlikely(measure, Value(number)) is not (limit.low <= number <= limit.high)


@given(st.integers(0, 78), st.integers(0, 13))
def test_stones_are_exact_to_the_tenth(stones: int, pounds: int) -> None:
    kilograms = (stones * 14 + pounds) * 0.45359237
    if 0.3 <= kilograms <= 499.9:
        number = read(W, f"{stones}st{pounds}").number
        assert number is not None
        assert abs(number / 10 - kilograms) <= 0.05 + 1e-9
