"""One set of observations: readings with units and the time they were taken, and the score as computed."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from gpa_tui.records.base import EventId, Record


class Measure(StrEnum):
    """What can be measured; units are fixed (UK Core vital signs, UCUM)."""

    RESPIRATION = "respiration"
    SPO2 = "spo2"
    OXYGEN = "oxygen"  # l/min; 0 is room air
    SYSTOLIC = "systolic"
    DIASTOLIC = "diastolic"
    PULSE = "pulse"
    CONSCIOUSNESS = "consciousness"
    TEMPERATURE = "temperature"
    WEIGHT = "weight"
    HEIGHT = "height"
    GLUCOSE = "glucose"
    KETONES = "ketones"
    PEAK_FLOW = "peak_flow"
    BEST_PEAK_FLOW = "best_peak_flow"  # the patient's own best, as they or their record say it
    CAPILLARY_REFILL = "capillary_refill"
    PAIN = "pain"
    URINE = "urine"  # a dipstick: its pads stand in the set, not in a reading


class Aspect(StrEnum):
    """What can be said of how a reading was taken; the words are those of `clinical/how.py`."""

    DEVICE = "device"
    ARM = "arm"
    POSITION = "position"
    CUFF = "cuff"
    METHOD = "method"
    MONITOR = "monitor"  # which of the practice's BP devices
    RHYTHM = "rhythm"
    SITE = "site"
    COUNTED = "counted"


class Pad(StrEnum):
    """The pads of a urine dipstick; the words are for the screen."""

    LEUKOCYTES = "leukocytes"
    NITRITE = "nitrite"
    PROTEIN = "protein"
    GLUCOSE = "glucose"
    BLOOD = "blood"
    KETONES = "ketones"
    BILIRUBIN = "bilirubin"
    UROBILINOGEN = "urobilinogen"
    PH = "pH"
    SPECIFIC_GRAVITY = "specific gravity"


Comparator = Literal["", "<", ">"]


class Reading(Record):
    """One value. Numbers are whole in the unit given; temperature is in tenths of a degree Celsius.

    Weight, height, glucose and ketones are in tenths of their unit too. With a `comparator` there is no
    number: below or above what the meter can show.
    """

    measure: Measure
    value: int | None = None
    comparator: Comparator = ""
    letter: str = ""  # consciousness: A, C, V, P or U
    unit: str = ""
    typed: str = ""  # as it was typed
    how: dict[Aspect, str] = Field(default_factory=dict)  # `left arm`, `irregular`; in no order
    retyped_because: str = ""  # an unlikely value, typed twice, with the reason


class Missing(Record):
    """A measurement that was not taken, and why."""

    measure: Measure
    why: str


class Score(Record):
    """NEWS2 as computed at the time: the parts, the total when there is one, and the rule's version."""

    rule: str
    parts: dict[Measure, int]
    total: int | None = None
    spo2_scale: int = 1
    spo2_scale_by: str = ""  # whose decision scale 2 is, and of which day
    not_scored: str = ""  # why there is no total
    trigger: str = ""  # the published trigger that was met, in words; empty if none


class Spo2Decision(Record):
    """A clinician's decision on which SpO2 table is used for a patient: who, when, and on what ground."""

    scale: Literal[1, 2]
    by: str
    on: date
    words: str


class Correction(Record):
    """That a set takes the place of another entry: why, and what stood there, in words: `RR was 61`."""

    entry: EventId
    why: str
    was: tuple[str, ...]


class ObservationSet(Record):
    """Readings taken together."""

    taken_at: AwareDatetime
    readings: tuple[Reading, ...]
    missing: tuple[Missing, ...] = ()
    urine: dict[Pad, str] = Field(default_factory=dict)  # a dipstick as it was read
    pregnant_or_postpartum: bool | None = None  # it is a question, and not known (None is not written)
    pregnancy_unknown_because: str = ""  # where it is a question and was not answered: why
    score: Score
    correction: Correction | None = None

    @property
    def for_news2(self) -> bool:
        """Whether it is a set for NEWS2, scored or not: else a blood pressure or other measures alone."""
        there = {one.measure for one in self.readings} | {one.measure for one in self.missing}
        return bool(there & _ONLY_IN_A_WHOLE_SET)

    def reading(self, measure: Measure) -> Reading | None:
        """The reading of `measure`, or None when it was not taken."""
        return next((r for r in self.readings if r.measure is measure), None)


class Lasting(Record):
    """The last reading of a measure that later days go on needing: height, weight, peak flow and its best."""

    measure: Measure
    number: int  # in the measure's unit, or its tenths
    taken_at: AwareDatetime
    by: str

    @property
    def on(self) -> date:
        return self.taken_at.date()


_ONLY_IN_A_WHOLE_SET = {
    Measure.RESPIRATION,
    Measure.SPO2,
    Measure.OXYGEN,
    Measure.CONSCIOUSNESS,
    Measure.TEMPERATURE,
}
"""Of what NEWS2 scores all but a blood pressure and a pulse, which are often taken without the rest."""


class TakenSet(Record):
    """A set with who took it, as later days know it."""

    by: str
    found: ObservationSet
