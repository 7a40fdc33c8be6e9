"""A set of observations in words: its readings, how they were taken, its score. No rule, no I/O."""

from __future__ import annotations

from decimal import Decimal

from gpa_tui.clinical import bmi, extras, readings
from gpa_tui.clinical.names import NAMES
from gpa_tui.clinical.news2 import SCORED
from gpa_tui.records.observation import Aspect, Measure, ObservationSet, Reading, Score

ABBREVIATED = {
    Measure.RESPIRATION: "RR",
    Measure.SPO2: "SpO2",
    Measure.OXYGEN: "",
    Measure.PULSE: "pulse",
    Measure.CONSCIOUSNESS: "ACVPU",
    Measure.TEMPERATURE: "temp",
}


SCALE = "EU scale"  # of every peak flow meter sold in the UK since 2004 (EN 13826)
UNITS = {
    Measure.WEIGHT: "kg",
    Measure.HEIGHT: "cm",
    Measure.GLUCOSE: "mmol/L",
    Measure.KETONES: "mmol/L",
    Measure.PEAK_FLOW: "l/min",
    Measure.BEST_PEAK_FLOW: "l/min",
    Measure.CAPILLARY_REFILL: "s",
    Measure.PAIN: "of 10",
}


def reading_line(found: ObservationSet) -> str:
    """The readings of a set in slip order: `RR 22, SpO2 93 air, BP 128/76, pulse 95, …`."""
    values = {reading.measure: reading for reading in found.readings}
    shown = []
    for measure, label in ABBREVIATED.items():
        if measure is Measure.PULSE and Measure.SYSTOLIC in values:
            shown.append(f"BP {pressure(values)} {how_shown(values[Measure.SYSTOLIC])}".strip())
        if measure is Measure.OXYGEN and Measure.SPO2 in values:
            continue  # said beside the saturation
        if measure in values:
            words = [label, value_shown(values[measure]), how_shown(values[measure])]
            if measure is Measure.SPO2 and Measure.OXYGEN in values:
                oxygen = values[Measure.OXYGEN]
                words += [value_shown(oxygen), how_shown(oxygen)]
            shown.append(" ".join(word for word in words if word))
    shown.extend(
        f"{NAMES[measure]} {value_shown(values[measure])} {UNITS[measure]}".strip()
        for measure in extras.EXTRAS
        if measure in values
    )
    shown.extend(_bmi(values))
    if found.urine:
        shown.append("urine " + ", ".join(f"{pad.value} {value}" for pad, value in found.urine.items()))
    shown.extend(f"{NAMES[missing.measure]} not taken ({missing.why})" for missing in found.missing)
    if found.pregnancy_unknown_because and found.score.parts:
        shown.append(f"pregnancy not known ({found.pregnancy_unknown_because})")
    line = ", ".join(shown)
    if found.correction is not None:
        line += f" [corrected, {found.correction.why}: {', '.join(found.correction.was)}]"
    return line


def _bmi(values: dict[Measure, Reading]) -> list[str]:
    """The index of a weight and a height that were taken together, without any band."""
    weight, height = values.get(Measure.WEIGHT), values.get(Measure.HEIGHT)
    if weight is None or height is None or weight.value is None or height.value is None:
        return []
    kilograms, centimetres = Decimal(weight.value) / 10, Decimal(height.value) / 10
    return [f"BMI {bmi.bmi(kilograms, centimetres, age=None, pregnant=None).value}"]


def name_of(measure: Measure) -> str:
    """What a measure is called where there is little room."""
    return "BP" if measure is Measure.SYSTOLIC else ABBREVIATED.get(measure) or NAMES[measure]


def figure(found: ObservationSet, measure: Measure) -> str:
    """The bare figure of a measure that the set has: `97`, `128/76`, `5.6`, `HI`."""
    values = {reading.measure: reading for reading in found.readings}
    if measure is Measure.SYSTOLIC:
        return pressure(values)
    if measure in extras.EXTRAS:
        return extras.shown(measure, values[measure].value, values[measure].comparator)
    return value_shown(values[measure])


def pressure(values: dict[Measure, Reading]) -> str:
    """`128/76`, or `128/–` when the diastolic was not taken."""
    diastolic = values.get(Measure.DIASTOLIC)
    return f"{values[Measure.SYSTOLIC].value}/{diastolic.value if diastolic else '–'}"


def how_shown(reading: Reading) -> str:
    """`(left arm, sitting)`, or nothing where nothing is said of how it was taken."""
    said = [reading.how[aspect] for aspect in Aspect if aspect in reading.how]
    return f"({', '.join(said)})" if said else ""


def value_shown(reading: Reading) -> str:
    """The value as on the slip; of several blows the best, and which they were."""
    if reading.measure is Measure.PEAK_FLOW and "/" in reading.typed:
        return f"{reading.value} (best of {reading.typed.replace('/', ', ')}, {SCALE})"
    if reading.measure in extras.EXTRAS:
        return extras.shown(reading.measure, reading.value, reading.comparator)
    if reading.value is None:
        return reading.letter
    return readings.shown(reading.measure, reading.value)


def score_line(score: Score) -> str:
    """`NEWS2 5 (2+1+2+0+0+0+0)`, or why there is none."""
    if score.total is None and score.parts and score.not_scored.startswith("not scored: totals"):
        return f"NEWS2 parts {'+'.join(str(score.parts[one]) for one in SCORED)}, {score.not_scored[12:]}"
    if score.total is None:
        return f"NEWS2 {score.not_scored}"
    parts = "+".join(str(score.parts[measure]) for measure in SCORED)
    scale = "" if score.spo2_scale == 1 else f", SpO2 scale {score.spo2_scale} by {score.spo2_scale_by}"
    return f"NEWS2 {score.total} ({parts}{scale})"
