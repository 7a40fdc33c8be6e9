"""NEWS2, the National Early Warning Score (2), as tables that read like the published chart.

Source: Royal College of Physicians, National Early Warning Score (NEWS) 2: Standardising the
assessment of acute-illness severity in the NHS, London: RCP, 2017; chart 1 (scoring) and its notes.
The RCP asks to be acknowledged. Only the scoring is here: no response, no advice, no chart.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from gpa_tui.clinical.names import NAMES
from gpa_tui.records.observation import Measure

RULE = "RCP NEWS2 2017, 1"
YOUNGEST = 16  # years; RCP 2017: not for children (under 16) or pregnancy


class Spo2Scale(IntEnum):
    """Which SpO2 table is used. Scale 2 only on a competent clinician's recorded decision (RCP 2017)."""

    SCALE_1 = 1
    SCALE_2 = 2


class Bands:
    """A column of the chart: each pair is (highest value of the band, its score), then the rest."""

    def __init__(self, *bands: tuple[int, int], over: int) -> None:
        self._bands = bands
        self._over = over

    def score(self, value: int) -> int:
        return next((score for highest, score in self._bands if value <= highest), self._over)


RESPIRATION = Bands((8, 3), (11, 1), (20, 0), (24, 2), over=3)  # breaths/min
SPO2_SCALE_1 = Bands((91, 3), (93, 2), (95, 1), over=0)  # %
SPO2_SCALE_2_AIR = Bands((83, 3), (85, 2), (87, 1), over=0)  # %; 93 and over on air scores 0
SPO2_SCALE_2_OXYGEN = Bands((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), over=3)  # %
OXYGEN = Bands((0, 0), over=2)  # l/min; room air 0, any oxygen 2
SYSTOLIC = Bands((90, 3), (100, 2), (110, 1), (219, 0), over=3)  # mmHg
PULSE = Bands((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), over=3)  # beats/min
TEMPERATURE = Bands((350, 3), (360, 1), (380, 0), (390, 1), over=2)  # tenths of a degree Celsius
CONSCIOUSNESS = {"A": 0, "C": 3, "V": 3, "P": 3, "U": 3}  # C is new confusion

SCORED = (
    Measure.RESPIRATION,
    Measure.SPO2,
    Measure.OXYGEN,
    Measure.SYSTOLIC,
    Measure.PULSE,
    Measure.CONSCIOUSNESS,
    Measure.TEMPERATURE,
)


@dataclass(frozen=True, slots=True)
class Readings:
    """The seven parameters; None is "not taken" and never counts as 0.

    Whole numbers: breaths/min, %, oxygen in l/min (0 is room air), mmHg, beats/min, the ACVPU letter,
    and temperature in tenths of a degree Celsius.
    """

    respiration: int | None = None
    spo2: int | None = None
    oxygen: int | None = None
    systolic: int | None = None
    pulse: int | None = None
    consciousness: str | None = None
    temperature: int | None = None


SINGLE_3 = "3 in one parameter"


@dataclass(frozen=True, slots=True)
class News2:
    """The parts that could be scored, and the total only when all seven could.

    `not_scored` says why there is no total; `trigger` names the published trigger that was met.
    """

    parts: dict[Measure, int]
    total: int | None
    not_scored: str
    trigger: str


def parts(readings: Readings, scale: Spo2Scale = Spo2Scale.SCALE_1) -> dict[Measure, int]:
    """The score of each parameter taken. SpO2 on scale 2 needs air or oxygen to be known too."""
    found: dict[Measure, int] = {}
    for measure, bands, value in (
        (Measure.RESPIRATION, RESPIRATION, readings.respiration),
        (Measure.SPO2, _spo2_bands(readings, scale), readings.spo2),
        (Measure.OXYGEN, OXYGEN, readings.oxygen),
        (Measure.SYSTOLIC, SYSTOLIC, readings.systolic),
        (Measure.PULSE, PULSE, readings.pulse),
        (Measure.TEMPERATURE, TEMPERATURE, readings.temperature),
    ):
        if value is not None and bands is not None:
            found[measure] = bands.score(value)
    if readings.consciousness is not None:
        found[Measure.CONSCIOUSNESS] = CONSCIOUSNESS[readings.consciousness]
    return found


def _spo2_bands(readings: Readings, scale: Spo2Scale) -> Bands | None:
    if scale is Spo2Scale.SCALE_1:
        return SPO2_SCALE_1
    if readings.oxygen is None:
        return None
    return SPO2_SCALE_2_OXYGEN if readings.oxygen else SPO2_SCALE_2_AIR


def score(
    readings: Readings,
    *,
    age: int | None,
    pregnant_or_postpartum: bool | None,
    scale: Spo2Scale = Spo2Scale.SCALE_1,
) -> News2:
    """NEWS2 for one set. `age` in completed years (None: not known, so not scored).

    Under 16, pregnant or newly delivered: neither parts nor total (RCP 2017, exclusions). Pregnancy
    None, "it is a question, and not known": parts, but no total. Hand in False where it cannot be.
    """
    excluded = _excluded(age, pregnant_or_postpartum)
    if excluded:
        return News2({}, None, excluded, "")
    found = parts(readings, scale)
    missing = [NAMES[measure] for measure in SCORED if getattr(readings, measure.value) is None]
    why = f"incomplete: {', '.join(missing)} not taken" if missing else ""
    if not why and pregnant_or_postpartum is None:
        why = "not scored: pregnancy not known"
    total = None if why else sum(found.values())
    return News2(found, total, why, _trigger(found, total))


def without_total(found: News2) -> News2:
    """The parts alone, for a practice that has switched totals off; 3 in one parameter is still a trigger."""
    why = "not scored: totals are switched off here" if found.total is not None else found.not_scored
    return News2(found.parts, None, why, SINGLE_3 if 3 in found.parts.values() else "")


def _excluded(age: int | None, pregnant_or_postpartum: bool | None) -> str:
    if age is None:
        return "not scored: age not known"
    if age < YOUNGEST:
        return f"not scored: under {YOUNGEST}"
    if pregnant_or_postpartum:
        return "not scored: pregnant or newly delivered"
    return ""


def _trigger(found: dict[Measure, int], total: int | None) -> str:
    """The threshold met, as the RCP names it (2017, chart 2, thresholds and triggers).

    Parts are never negative: where those taken reach a threshold already, the total would too.
    """
    reached = sum(found.values())
    for least, words in ((7, "7 or more"), (5, "5 or 6" if total is not None else "5 or more")):
        if reached >= least:
            return f"total {words}" if total is not None else f"parts already {words}"
    if any(part == 3 for part in found.values()):
        return SINGLE_3
    return ""
