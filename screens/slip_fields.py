"""The fields of the observation slip: their order, words, units, and what each key in them stands for."""

from __future__ import annotations

import re
from enum import StrEnum

from gpa_tui.records.observation import Measure


class Field(StrEnum):
    """The fields in slip order: the seven of NEWS2, pregnancy, and what stands there only when asked for."""

    RESPIRATION = "respiration"
    SPO2 = "spo2"
    OXYGEN = "oxygen"
    PRESSURE = "pressure"
    PULSE = "pulse"
    CONSCIOUSNESS = "consciousness"
    TEMPERATURE = "temperature"
    PREGNANT = "pregnant"
    WEIGHT = "weight"
    HEIGHT = "height"
    GLUCOSE = "glucose"
    KETONES = "ketones"
    PEAK_FLOW = "peak_flow"
    BEST_PEAK_FLOW = "best_peak_flow"
    URINE = "urine"
    CAPILLARY_REFILL = "capillary_refill"
    PAIN = "pain"


SEVEN = tuple(Field)[:7]
"""Those of NEWS2."""
BESIDE = tuple(Field)[8:]
"""What is beside NEWS2. Each is left by Enter, may stay empty, and may be saved without the rest."""
MEASURES: dict[Field, tuple[Measure, ...]] = {
    Field.RESPIRATION: (Measure.RESPIRATION,),
    Field.SPO2: (Measure.SPO2,),
    Field.OXYGEN: (Measure.OXYGEN,),
    Field.PRESSURE: (Measure.SYSTOLIC, Measure.DIASTOLIC),
    Field.PULSE: (Measure.PULSE,),
    Field.CONSCIOUSNESS: (Measure.CONSCIOUSNESS,),
    Field.TEMPERATURE: (Measure.TEMPERATURE,),
    **{field: (Measure(field.value),) for field in BESIDE},
}
BY_THEMSELVES = frozenset({Field.PRESSURE, Field.PULSE})
"""What is often taken without the rest, as in a BP review: named by a key or in a line, it is saved alone."""
LABELS = {
    Field.RESPIRATION: "Breaths",
    Field.SPO2: "SpO2",
    Field.OXYGEN: "Air or O2",
    Field.PRESSURE: "BP",
    Field.PULSE: "Pulse",
    Field.CONSCIOUSNESS: "ACVPU",
    Field.TEMPERATURE: "Temp",
    Field.PREGNANT: "Pregnant",
    Field.WEIGHT: "Weight",
    Field.HEIGHT: "Height",
    Field.GLUCOSE: "Glucose",
    Field.KETONES: "Ketones",
    Field.PEAK_FLOW: "Peak flow",
    Field.BEST_PEAK_FLOW: "Own best",
    Field.URINE: "Urine",
    Field.CAPILLARY_REFILL: "Refill",
    Field.PAIN: "Pain",
}
UNITS = {
    Field.RESPIRATION: "/min",
    Field.SPO2: "%",
    Field.OXYGEN: "a air, or l/min",
    Field.PRESSURE: "mmHg",
    Field.PULSE: "/min",
    Field.CONSCIOUSNESS: "a alert, c new confusion, v p u",
    Field.TEMPERATURE: "°C",
    Field.PREGNANT: "y or n: now, or birth lately",
    Field.WEIGHT: "kg, or 11st4",
    Field.HEIGHT: "cm, or 5ft9",
    Field.GLUCOSE: "mmol/L capillary, or lo, hi",
    Field.KETONES: "mmol/L in blood, or lo, hi",
    Field.PEAK_FLOW: "l/min, best of 420/450/430",
    Field.BEST_PEAK_FLOW: "l/min, their own best peak flow",
    Field.URINE: "leu 2+ nit + rest neg",
    Field.CAPILLARY_REFILL: "s, capillary refill",
    Field.PAIN: "0 to 10",
}
ANOTHER = {
    "b": Field.PRESSURE,
    "w": Field.WEIGHT,
    "h": Field.HEIGHT,
    "g": Field.GLUCOSE,
    "k": Field.KETONES,
    "f": Field.PEAK_FLOW,
    "o": Field.BEST_PEAK_FLOW,
    "u": Field.URINE,
    "c": Field.CAPILLARY_REFILL,
    "p": Field.PAIN,
}
"""Behind `+`: the measure that is gone to; a BP, so named, may be saved alone."""
HOW_LETTERS: dict[Field, dict[str, str]] = {
    Field.OXYGEN: {"n": "nasal", "f": "mask", "v": "venturi", "h": "reservoir"},
    Field.PRESSURE: {
        **{"l": "left", "r": "right", "s": "sit", "t": "stand", "y": "lie"},
        **{"m": "manual", "u": "auto", "k": "small", "b": "large"},
    },
    Field.PULSE: {"g": "reg", "i": "irreg"},
    Field.TEMPERATURE: {"e": "ear", "m": "oral", "x": "axilla", "f": "forehead"},
}
"""By field, what a letter says of how it was taken: a word of `clinical/how.py`. No letter of a field is
one of the next field's too, so that it can be typed where the slip has moved on by itself."""
NEXT_DEVICE = "d"
"""In the BP field: the next of the practice's devices."""
LETTERED = {Field.OXYGEN: "a", Field.CONSCIOUSNESS: "acvpu", Field.PREGNANT: "yn"}
SEPARATORS = {Field.PRESSURE: "/", Field.TEMPERATURE: "."}
LONGEST = 7  # characters: "300/200"
_WHOLE = r"0|[1-9][0-9]{0,2}"
_DECIMAL = rf"({_WHOLE})(\.[0-9]?)?"
BEGUN: dict[Field, re.Pattern[str]] = {
    field: re.compile(shape)
    for field, shape in {
        Field.WEIGHT: rf"{_DECIMAL}|(0|[1-9][0-9]?)st?([0-9]{{0,2}}(lb?)?)?",
        Field.HEIGHT: rf"{_DECIMAL}|[1-9](\.[0-9]{{0,2}}|(ft?|')([0-9]{{0,2}}(in?|\")?)?)",
        Field.GLUCOSE: rf"{_DECIMAL}|lo?|hi?",
        Field.KETONES: rf"{_DECIMAL}|lo?|hi?",
        Field.PEAK_FLOW: r"[1-9][0-9]{0,2}(/([1-9][0-9]{0,2})?){0,2}",
        Field.BEST_PEAK_FLOW: _WHOLE,
        Field.URINE: r"[a-z][a-z0-9+. -]{0,79}",
        Field.CAPILLARY_REFILL: _WHOLE,
        Field.PAIN: _WHOLE,
    }.items()
}
"""What may stand in a field beside NEWS2 while it is typed."""
BY_ENTER = {Field.OXYGEN: "a", Field.CONSCIOUSNESS: "a"}
"""What an Enter stands for, only in a field that was itself reached by Enter."""

WHY_UNLIKELY = {"r": "repeat reading", "k": "known for this patient", "d": "device changed", "g": "GP aware"}
WHY_NOT_KNOWN = {"r": "refused", "u": "unable to say", "n": "not asked"}  # pregnancy
WHY_MISSING = {"r": "refused", "u": "unable", "d": "no device", "n": "not asked for"}
