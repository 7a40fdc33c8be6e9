"""The fields of the observation slip: their order, words, units, and what each key in them stands for."""

from __future__ import annotations

from enum import StrEnum

from gpa_tui.records.observation import Measure


class Field(StrEnum):
    """The fields in slip order."""

    RESPIRATION = "respiration"
    SPO2 = "spo2"
    OXYGEN = "oxygen"
    PRESSURE = "pressure"
    PULSE = "pulse"
    CONSCIOUSNESS = "consciousness"
    TEMPERATURE = "temperature"
    PREGNANT = "pregnant"


MEASURES: dict[Field, tuple[Measure, ...]] = {
    Field.RESPIRATION: (Measure.RESPIRATION,),
    Field.SPO2: (Measure.SPO2,),
    Field.OXYGEN: (Measure.OXYGEN,),
    Field.PRESSURE: (Measure.SYSTOLIC, Measure.DIASTOLIC),
    Field.PULSE: (Measure.PULSE,),
    Field.CONSCIOUSNESS: (Measure.CONSCIOUSNESS,),
    Field.TEMPERATURE: (Measure.TEMPERATURE,),
}
BY_THEMSELVES = frozenset({Field.PRESSURE, Field.PULSE})
"""What is often taken without the rest, as in a BP review: named in a line, it is saved alone."""
LABELS = {
    Field.RESPIRATION: "Breaths",
    Field.SPO2: "SpO2",
    Field.OXYGEN: "Air or O2",
    Field.PRESSURE: "BP",
    Field.PULSE: "Pulse",
    Field.CONSCIOUSNESS: "ACVPU",
    Field.TEMPERATURE: "Temp",
    Field.PREGNANT: "Pregnant",
}
UNITS = {
    Field.RESPIRATION: "/min",
    Field.SPO2: "%",
    Field.OXYGEN: "a air, or l/min",
    Field.PRESSURE: "mmHg",
    Field.PULSE: "/min",
    Field.CONSCIOUSNESS: "a alert, c new confusion, v, p, u",
    Field.TEMPERATURE: "°C",
    Field.PREGNANT: "y or n: now, or gave birth lately",
}
HOW_LETTERS: dict[Field, dict[str, str]] = {
    Field.OXYGEN: {"n": "nasal", "f": "mask", "v": "venturi", "h": "reservoir"},
    Field.PRESSURE: {
        **{"l": "left", "r": "right", "s": "sit", "t": "stand", "y": "lie"},
        **{"m": "manual", "k": "small", "b": "large"},
    },
    Field.PULSE: {"g": "reg", "i": "irreg"},
    Field.TEMPERATURE: {"e": "ear", "m": "oral", "x": "axilla", "f": "forehead"},
}
"""By field, what a letter says of how it was taken: a word of `clinical/how.py`. No letter of a field is
one of the next field's too, so that it can be typed where the slip has moved on by itself."""
LETTERED = {Field.OXYGEN: "a", Field.CONSCIOUSNESS: "acvpu", Field.PREGNANT: "yn"}
SEPARATORS = {Field.PRESSURE: "/", Field.TEMPERATURE: "."}
LONGEST = 7  # characters: "300/200"
BY_ENTER = {Field.OXYGEN: "a", Field.CONSCIOUSNESS: "a"}
"""What an Enter stands for, only in a field that was itself reached by Enter."""

WHY_UNLIKELY = {"r": "repeat reading", "k": "known for this patient", "d": "device changed", "g": "GP aware"}
WHY_NOT_KNOWN = {"r": "refused", "u": "unable to say", "n": "not asked"}  # pregnancy
WHY_MISSING = {"r": "refused", "u": "unable", "d": "no device", "n": "not asked for"}
