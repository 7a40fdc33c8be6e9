"""What a reading can be (hard limits) and what is worth typing twice (soft limits).

Each number is a proposal of this project, set wider than CIEL's and openEHR's absolute limits and
narrower than a typing slip: a practice's clinical safety officer owns them before use with patients.
"""

from __future__ import annotations

from dataclasses import dataclass

from gpa_tui.records.observation import Measure


@dataclass(frozen=True, slots=True)
class Limit:
    """Whole numbers in `unit`; outside `least`..`most` is refused, outside `low`..`high` asked again.

    Temperature, weight, height, glucose and ketones are in tenths.
    """

    unit: str
    least: int
    most: int
    low: int
    high: int


LIMITS: dict[Measure, Limit] = {
    Measure.RESPIRATION: Limit("/min", 3, 80, low=9, high=24),
    Measure.SPO2: Limit("%", 50, 100, low=92, high=100),
    Measure.OXYGEN: Limit("l/min", 0, 15, low=0, high=15),
    Measure.SYSTOLIC: Limit("mm[Hg]", 40, 300, low=91, high=179),
    Measure.DIASTOLIC: Limit("mm[Hg]", 20, 200, low=40, high=119),
    Measure.PULSE: Limit("/min", 20, 300, low=41, high=130),
    Measure.TEMPERATURE: Limit("Cel", 250, 450, low=351, high=390),
    Measure.WEIGHT: Limit("kg", 3, 5000, low=350, high=2000),
    Measure.HEIGHT: Limit("cm", 300, 2500, low=1300, high=2050),
    Measure.GLUCOSE: Limit("mmol/L", 6, 333, low=40, high=110),
    Measure.KETONES: Limit("mmol/L", 0, 80, low=0, high=6),
    Measure.PEAK_FLOW: Limit("L/min", 20, 900, low=100, high=850),
    Measure.BEST_PEAK_FLOW: Limit("L/min", 20, 900, low=100, high=850),
    Measure.CAPILLARY_REFILL: Limit("s", 0, 60, low=0, high=2),
    Measure.PAIN: Limit("{score}", 0, 10, low=0, high=10),
}
BODY_MASS_INDEX = Limit("kg/m2", 1, 300, low=13, high=70)  # of a weight with a height beside it
PULSE_PRESSURE = Limit("mm[Hg]", 1, 260, low=20, high=100)
