"""What a surgery measures beside NEWS2: weight, height, glucose, ketones, peak flow, capillary refill, pain.

Values are whole numbers of the unit, or of its tenths. Imperial units are converted exactly (1 lb is
0.45359237 kg, 1 in is 2.54 cm: International Yard and Pound Agreement, 1959); what was typed is kept.
A meter's LO and HI are kept as below and above its range, never as a number. Nothing says what a value means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from gpa_tui.clinical.limits import BODY_MASS_INDEX, LIMITS
from gpa_tui.clinical.names import NAMES
from gpa_tui.records.observation import Comparator, Measure
from gpa_tui.text import sentence

IN_TENTHS = frozenset({Measure.WEIGHT, Measure.HEIGHT, Measure.GLUCOSE, Measure.KETONES})
WITH_LO_HI = frozenset({Measure.GLUCOSE, Measure.KETONES})
EXTRAS = (
    Measure.WEIGHT,
    Measure.HEIGHT,
    Measure.GLUCOSE,
    Measure.KETONES,
    Measure.PEAK_FLOW,
    Measure.BEST_PEAK_FLOW,
    Measure.CAPILLARY_REFILL,
    Measure.PAIN,
)
MOST_BLOWS = 3
POUND, INCH = Decimal("0.45359237"), Decimal("2.54")  # kg, cm
_STONES = re.compile(r"(0|[1-9][0-9]?)st(?:([0-9]{1,2})(?:lb)?)?")
_FEET = re.compile(r"([1-9])(?:ft|')(?:([0-9]{1,2})(?:in|\")?)?")
_METRES = re.compile(r"[0-9](\.[0-9]{1,2})?")
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.[0-9])?")


@dataclass(frozen=True, slots=True)
class Value:
    """A whole number in the measure's unit or its tenths; or below or above what the meter can show."""

    number: int | None
    comparator: Comparator = ""


def read(measure: Measure, text: str) -> Value:
    """What was typed. Raises ValueError, the sentence: no number, two decimals, outside what can be."""
    word = text.casefold()
    if word in {"lo", "hi"} and measure in WITH_LO_HI:
        return Value(None, "<" if word == "lo" else ">")
    if measure is Measure.HEIGHT and _METRES.fullmatch(word):
        raise ValueError(f"Height {word}: metres or feet? Type cm, or 5ft9.")
    if measure is Measure.PEAK_FLOW and "/" in word:
        return _best_of(word)
    number = _imperial(measure, word)
    if number is None:
        if not _NUMBER.fullmatch(word) or (measure not in IN_TENTHS and "." in word):
            raise ValueError(f"{sentence(NAMES[measure])}: {_EXAMPLES[measure]}.")
        number = int(Decimal(word) * 10) if measure in IN_TENTHS else int(word)
    limit = LIMITS[measure]
    if not limit.least <= number <= limit.most:
        raise ValueError(_cannot_be(measure, number))
    return Value(number)


def _best_of(text: str) -> Value:
    """The best of two or three blows, `420/450/430`; each can be."""
    blows = text.split("/")
    if len(blows) > MOST_BLOWS:
        raise ValueError(f"Peak flow: the best of {MOST_BLOWS} blows, e.g. 420/450/430.")
    numbers = [read(Measure.PEAK_FLOW, blow).number or 0 for blow in blows]
    return Value(max(numbers))


def _imperial(measure: Measure, text: str) -> int | None:
    """Tenths of a kilogram from stones and pounds, of a centimetre from feet and inches; None of others."""
    if measure is Measure.WEIGHT and (found := _STONES.fullmatch(text)):
        return _of(found, 14, POUND)
    if measure is Measure.HEIGHT and (found := _FEET.fullmatch(text)):
        return _of(found, 12, INCH)
    return None


def _of(found: re.Match[str], small_in_large: int, unit: Decimal) -> int:
    small = int(found[2] or 0)
    if small >= small_in_large:
        raise ValueError(f"{found[0]}: the second number is up to {small_in_large - 1}.")
    exact = (int(found[1]) * small_in_large + small) * unit * 10
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _cannot_be(measure: Measure, number: int) -> str:
    """The sentence, naming the slip where the number looks like one (domain brief, 3.9)."""
    if measure is Measure.GLUCOSE and number > LIMITS[measure].most:
        return f"Glucose {shown(measure, number)}: mg/dL? Type mmol/L, or hi."
    least, most = (shown(measure, value) for value in (LIMITS[measure].least, LIMITS[measure].most))
    return f"{sentence(NAMES[measure])} can be {least} to {most}, not {shown(measure, number)}."


def unlikely(measure: Measure, value: Value) -> bool:
    """Whether it is possible but worth typing twice; a LO or HI always is."""
    limit = LIMITS[measure]
    return value.number is None or not limit.low <= value.number <= limit.high


def doubt(measure: Measure, value: Value, before: Mapping[Measure, int]) -> str:
    """What `before` makes doubtful of a value, else nothing (proposals, domain brief 3.9).

    `before` are whole numbers in the unit or its tenths: the weight of another day; height and own best.
    """
    if value.number is None:
        return ""
    last, height, best = (before.get(one) for one in (Measure.WEIGHT, Measure.HEIGHT, Measure.BEST_PEAK_FLOW))
    if measure is Measure.WEIGHT and last is not None and abs(value.number - last) * 10 > last:
        return f"over a tenth from the last, {shown(measure, last)}"
    if measure is Measure.WEIGHT and height is not None:
        index = Decimal(value.number) / 10 / (Decimal(height) / 1000) ** 2
        if not BODY_MASS_INDEX.low <= index <= BODY_MASS_INDEX.high:
            return f"with a height of {shown(Measure.HEIGHT, height)} a BMI of {index:.0f}"
    if measure is Measure.PEAK_FLOW and best is not None and value.number * 2 < best:
        return f"under half of their own best, {best}"
    return ""


def shown(measure: Measure, number: int | None, comparator: Comparator = "") -> str:
    """`70.5`, `450`; `LO` and `HI` for what the meter could not show."""
    if number is None:
        return "LO" if comparator == "<" else "HI"
    return f"{number // 10}.{number % 10}" if measure in IN_TENTHS else str(number)


_EXAMPLES: dict[Measure, str] = {
    Measure.WEIGHT: "kg, e.g. 70.5, or 11st4",
    Measure.HEIGHT: "cm, e.g. 175, or 5ft9",
    Measure.GLUCOSE: "mmol/L, e.g. 5.6, or lo, hi",
    Measure.KETONES: "mmol/L, e.g. 0.3, or lo, hi",
    Measure.PEAK_FLOW: "l/min, of three blows, e.g. 420/450/430, or the best alone",
    Measure.BEST_PEAK_FLOW: "l/min, their own best, e.g. 480",
    Measure.CAPILLARY_REFILL: "whole seconds, e.g. 2",
    Measure.PAIN: "0 to 10",
}
