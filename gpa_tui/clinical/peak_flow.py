"""Predicted peak expiratory flow of adults, on the EU scale, and zones of somebody's own best.

Sources: Nunn AJ, Gregg I, New regression equations for predicting peak expiratory flow in adults, BMJ 1989
(298:1068), on the Wright scale; the EU scale (EN 13826) by the polynomial that UK charts use.
The prediction differs by more than 200 l/min between authors: the formula is always named beside it.
Zones of the personal best: 80 % and more, 50 to 79 %, below 50 % (British asthma action plans).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from gpa_tui.clinical.rounding import whole

FORMULA = "Nunn & Gregg 1989, EU scale"
YOUNGEST, OLDEST = 15, 120  # years; children have a line of their own, which is not extrapolated here
HEIGHT = range(120, 231)  # cm (proposal)
FLOW = range(20, 901)  # l/min (proposal, domain brief 3.9)
_MALE = (0.544, 0.0151, 74.7, 5.48)
_FEMALE = (0.376, 0.0120, 58.8, 5.63)


@dataclass(frozen=True, slots=True)
class Predicted:
    """l/min, rounded half up, on both scales. A meter in the UK shows `eu`."""

    wright: int
    eu: int


def predicted(sex: str, age: int, height_cm: int) -> Predicted:
    """For an adult; `sex` is `male` or `female`. Raises ValueError, the sentence, where the formula ends."""
    if sex not in {"male", "female"}:
        raise ValueError("The formula is of male or female; for others use the personal best.")
    if age < YOUNGEST:
        raise ValueError(f"The formula begins at {YOUNGEST} years: use the personal best.")
    if age > OLDEST:
        raise ValueError(f"Age can be up to {OLDEST}, not {age}.")
    if 0 < height_cm < 3:
        raise ValueError(f"Height {height_cm}: metres? Type centimetres.")
    if height_cm not in HEIGHT:
        raise ValueError(f"Height can be {HEIGHT[0]} to {HEIGHT[-1]} cm here, not {height_cm}.")
    log, linear, height, constant = _MALE if sex == "male" else _FEMALE
    wright = math.exp(log * math.log(age) - linear * age - height / height_cm + constant)
    return Predicted(whole(wright), whole(on_eu_scale(wright)))


def on_eu_scale(wright: float) -> float:
    """A flow on the Wright scale as an EU meter shows it, l/min."""
    return 50.356 + 0.4 * wright + 0.0008814 * wright**2 - 0.0000001116 * wright**3


def percent_of(best: int, flow: int) -> int:
    """Whole per cent of the personal best, rounded half up."""
    return whole(flow * 100 / best)


def zone(best: int, flow: int) -> str:
    """`green`, `amber` or `red`: the zone of somebody's own best, from the flows themselves, not rounded."""
    if flow * 100 >= best * 80:
        return "green"
    return "amber" if flow * 100 >= best * 50 else "red"
