"""From what was typed to a reading: read it, refuse the impossible, name the likely slip. No guessing."""

from __future__ import annotations

import re

from gpa_tui.clinical.limits import LIMITS, PULSE_PRESSURE
from gpa_tui.clinical.names import NAMES
from gpa_tui.records.observation import Measure
from gpa_tui.text import sentence

_TENTHS = re.compile(r"([0-9]{2,3})(?:\.([0-9]?))?")
FAHRENHEIT = range(95, 109)  # a body temperature in whole °F: a slip to name, not to convert


def read(measure: Measure, text: str) -> int:
    """The number typed, in the measure's unit (temperature in tenths of a degree Celsius).

    Raises ValueError with the sentence to show: not a number, or outside what can be.
    """
    value = _tenths(text) if measure is Measure.TEMPERATURE else _whole(measure, text)
    limit = LIMITS[measure]
    if measure is Measure.TEMPERATURE and value // 10 in FAHRENHEIT:
        raise ValueError(f"{shown(measure, value)}: Fahrenheit? Type degrees Celsius.")
    if not limit.least <= value <= limit.most:
        raise ValueError(
            f"{sentence(NAMES[measure])} can be {shown(measure, limit.least)} to "
            f"{shown(measure, limit.most)}, not {shown(measure, value)}."
        )
    return value


def _whole(measure: Measure, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{sentence(NAMES[measure])} is a whole number.")
    return int(text)


def _tenths(text: str) -> int:
    found = _TENTHS.fullmatch(text)
    if found is None:
        raise ValueError("Temperature is degrees and one decimal, e.g. 36.8.")
    degrees, tenth = found.groups()
    if not tenth:
        raise ValueError("Temperature needs its decimal, e.g. 36.8.")
    return int(degrees) * 10 + int(tenth)


def unlikely(measure: Measure, value: int) -> bool:
    """Whether the value is possible but worth typing twice."""
    limit = LIMITS[measure]
    return not limit.low <= value <= limit.high


def pressure_slip(systolic: int, diastolic: int) -> str:
    """The sentence for a blood pressure that cannot be, or empty: systolic must be above diastolic."""
    if systolic <= diastolic:
        return f"{systolic}/{diastolic}: systolic must be the higher one. Swapped?"
    return ""


def unlikely_pressure(systolic: int, diastolic: int) -> bool:
    """Whether the pulse pressure is worth typing twice."""
    return not PULSE_PRESSURE.low <= systolic - diastolic <= PULSE_PRESSURE.high


def full(measure: Measure, text: str) -> bool:
    """Whether no further digit could be right, so that the field may move on by itself."""
    if measure is Measure.TEMPERATURE:
        return len(text.partition(".")[2]) == 1
    return text.isdigit() and int(text) * 10 > LIMITS[measure].most


def shown(measure: Measure, value: int) -> str:
    """The value as it is read aloud: `36.8`, `16`, `air`, `2 l/min`."""
    if measure is Measure.TEMPERATURE:
        return f"{value // 10}.{value % 10}"
    if measure is Measure.OXYGEN:
        return f"{value} l/min" if value else "air"
    return str(value)
