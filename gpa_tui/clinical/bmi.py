"""Body mass index, and the bands a published table gives it; never a word beyond the table's.

Sources: NICE NG246 (2025) and PH46 (2013): adults 18.5, 25, 30, 35, 40 kg/m²; for people of South Asian,
Chinese, other Asian, Middle Eastern, Black African or African-Caribbean family background 23 and 27.5, the
obesity classes 2 and 3 lower by 2.5 (these two: proposal).
The bands are compared with the BMI as it is shown, in tenths.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gpa_tui.clinical.rounding import tenths

HEIGHT = (Decimal(30), Decimal(250))  # cm (proposal, domain brief 3.9)
WEIGHT = (Decimal("0.3"), Decimal(500))  # kg (proposal, domain brief 3.9)
YOUNGEST = 18  # years; below, centiles and not these bands
USUAL = tuple(Decimal(least) for least in ("18.5", "25", "30", "35", "40"))
LOWER = tuple(Decimal(least) for least in ("18.5", "23", "27.5", "32.5", "37.5"))


@dataclass(frozen=True, slots=True)
class Bmi:
    """kg/m² in tenths, with the band of the table that it is in, as its numbers, or why there is none."""

    value: Decimal
    band: str
    not_classified: str = ""


def bmi(
    weight_kg: Decimal,
    height_cm: Decimal,
    *,
    age: int | None,
    pregnant: bool | None,
    lower_thresholds: bool = False,
) -> Bmi:
    """BMI of an adult's weight and height.

    `lower_thresholds`: of somebody from one of those family backgrounds, where that is recorded and they
    were asked. Raises ValueError, the sentence, for what cannot be; metres for centimetres is named.
    """
    if 0 < height_cm < 3:
        raise ValueError(f"Height {height_cm}: metres? Type centimetres.")
    if not HEIGHT[0] <= height_cm <= HEIGHT[1]:
        raise ValueError(f"Height can be {HEIGHT[0]} to {HEIGHT[1]} cm, not {height_cm}.")
    if not WEIGHT[0] <= weight_kg <= WEIGHT[1]:
        raise ValueError(f"Weight can be {WEIGHT[0]} to {WEIGHT[1]} kg, not {weight_kg}.")
    value = tenths(weight_kg * 10000 / (height_cm * height_cm))
    if age is None:
        return Bmi(value, "", "age not known")
    if age < YOUNGEST:
        return Bmi(value, "", f"under {YOUNGEST}: centiles")
    if pregnant or pregnant is None:
        return Bmi(value, "", "pregnant" if pregnant else "pregnancy not known")
    return Bmi(value, _band(value, LOWER if lower_thresholds else USUAL))


def _band(value: Decimal, thresholds: tuple[Decimal, ...]) -> str:
    """`under 18.5`, `25 to 29.9`, `40 and over`: what the band is called is the table's, not ours to say."""
    for number, least in enumerate(thresholds):
        if value < least:
            return f"{thresholds[number - 1]} to {least - Decimal('0.1')}" if number else f"under {least}"
    return f"{thresholds[-1]} and over"
