"""A set of observations as Observations: each sign by its UK Core profile, NEWS2 with its parts, a dipstick.

A set that was struck is sent again as entered in error; one that corrects another says what stood there. Both
leave the profile, which fixes `final`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gpa_tui.clinical import bmi
from gpa_tui.clinical.extras import EXTRAS
from gpa_tui.clinical.names import NAMES
from gpa_tui.clinical.news2 import SCORED
from gpa_tui.records.event import Event, ObservationRecorded
from gpa_tui.records.observation import Aspect, Measure, ObservationSet, Reading
from gpa_tui.session.figures import figure, how_shown, score_line
from gpa_tui.sync.codes import (
    ABSENT,
    ACVPU,
    BMI,
    CATEGORY,
    COMPONENTS,
    CONSCIOUSNESS,
    NEWS2_PARTS,
    NEWS2_TOTAL,
    ON_AIR,
    ON_OXYGEN,
    PRESSURE,
    SIGNS,
    SNOMED,
    SPO2_SCALE_2,
    WHY_ABSENT,
    Coding,
    Sign,
)
from gpa_tui.sync.frame import Frame, Resource, begun, concept, instant, quantity, resource_id, who

LO_HI = {"<": "LO: below what the meter shows", ">": "HI: above what the meter shows"}


def observations(frame: Frame, event: Event, *, struck: bool) -> Iterator[Resource]:
    """All that one set is sent as."""
    assert isinstance(event.data, ObservationRecorded), "a set of observations"
    one = _Set(frame, event, event.data.observations, struck=struck)
    for reading in one.found.readings:
        yield from one.reading(reading)
    yield from (one.absent(missing.measure, missing.why) for missing in one.found.missing)
    if one.found.urine:
        yield one.strip()
    yield from one.body_mass()
    if one.found.score.total is not None:
        yield one.score()


class _Set:
    def __init__(self, frame: Frame, event: Event, found: ObservationSet, *, struck: bool) -> None:
        self.frame, self.event, self.found = frame, event, found
        self.status = "entered-in-error" if struck else "corrected" if found.correction else "final"

    def base(self, part: str, category: str, profile: str, code: Resource) -> Resource:
        id_ = resource_id(self.event.id, "Observation", part)
        found = begun("Observation", id_, profile if self.status == "final" else "")
        found |= {
            "status": self.status,
            "category": [{"coding": [{"system": CATEGORY, "code": category}]}],
            "code": code,
            "subject": self.frame.subject,
            "encounter": self.frame.encounter,
            "effectiveDateTime": instant(self.found.taken_at),
            "issued": instant(self.event.at),
            "performer": [who(self.event.by)],
        }
        correction, notes = self.found.correction, []
        if correction is not None:
            notes.append(f"Corrected, {correction.why}: {', '.join(correction.was)}")
        if self.event.on_paper is not None:
            notes.append("Typed from paper")
        return found | ({"note": [{"text": text} for text in notes]} if notes else {})

    def reading(self, reading: Reading) -> Iterator[Resource]:
        measure = reading.measure
        if measure is Measure.SYSTOLIC:
            yield self.pressure(reading)
        elif measure is Measure.CONSCIOUSNESS:
            made = self.base(measure, "survey", "Observation-ACVPU", concept((ACVPU,), "ACVPU"))
            known = CONSCIOUSNESS[reading.letter]
            yield made | {"valueCodeableConcept": concept((known,), reading.letter)}
        elif measure is Measure.OXYGEN:
            yield self.oxygen(reading)
        elif measure is not Measure.DIASTOLIC:
            yield self.sign(measure, SIGNS[measure], reading)

    def sign(self, measure: Measure, sign: Sign, reading: Reading) -> Resource:
        profile = sign.profile if reading.value is not None else ""  # LO and HI are no quantity
        made = self.base(measure, sign.category, profile, concept(sign.codings, sign.text))
        if reading.value is None:
            made["valueString"] = LO_HI[reading.comparator]
        else:
            made["valueQuantity"] = quantity(reading.value, sign.decimals, sign.unit, sign.ucum)
        return self.with_how(made, reading)

    def pressure(self, systolic: Reading) -> Resource:
        code = concept(PRESSURE.codings, PRESSURE.text)
        made = self.base("pressure", PRESSURE.category, PRESSURE.profile, code)
        parts = [reading for reading in self.found.readings if reading.measure in COMPONENTS]
        made["component"] = [
            {
                "code": concept(codings, text),
                "valueQuantity": quantity(reading.value or 0, 0, PRESSURE.unit, PRESSURE.ucum),
            }
            for reading in parts
            for text, codings in (COMPONENTS[reading.measure],)
        ]
        return self.with_how(made, systolic)

    def oxygen(self, reading: Reading) -> Resource:
        code: Coding = ON_OXYGEN if reading.value else ON_AIR
        made = self.base(
            reading.measure, "vital-signs", "Observation-InspiredOxygen", concept((code,), code[2])
        )
        if reading.value:
            made["valueQuantity"] = quantity(reading.value, 0, "L/min", "L/min")
        return self.with_how(made, reading)

    def with_how(self, made: Resource, reading: Reading) -> Resource:
        """How it was taken, and why an unusual value stands: in words, where no code is sourced."""
        if Aspect.ARM in reading.how:
            made["bodySite"] = {"text": reading.how[Aspect.ARM]}
        if Aspect.METHOD in reading.how:
            made["method"] = {"text": reading.how[Aspect.METHOD]}
        if Aspect.MONITOR in reading.how:
            made["device"] = {"display": reading.how[Aspect.MONITOR]}
        words = [how_shown(reading).strip("()")]
        if reading.measure in EXTRAS and reading.typed != figure(self.found, reading.measure):
            words.append(f"typed {reading.typed}")
        if reading.retyped_because:
            words.append(f"unusual, typed twice: {reading.retyped_because}")
        notes = [{"text": text} for text in words if text]
        if notes:
            made["note"] = [*made.get("note", []), *notes]
        return made

    def absent(self, measure: Measure, why: str) -> Resource:
        made = self.base(f"absent {measure}", "vital-signs", "", _code_of(measure))
        code = WHY_ABSENT.get(why, "unknown")
        return made | {"dataAbsentReason": {"coding": [{"system": ABSENT, "code": code}], "text": why}}

    def strip(self) -> Resource:
        made = self.base("urine", "laboratory", "", {"text": "Urine dipstick"})
        made["component"] = [
            {"code": {"text": pad.value}, "valueString": value} for pad, value in self.found.urine.items()
        ]
        return made

    def body_mass(self) -> Iterator[Resource]:
        """The index of a weight and a height of this set."""
        weight, height = self.found.reading(Measure.WEIGHT), self.found.reading(Measure.HEIGHT)
        if not (weight and height and weight.value and height.value):
            return
        index = bmi.bmi(Decimal(weight.value) / 10, Decimal(height.value) / 10, age=None, pregnant=None)
        made = self.base("bmi", BMI.category, BMI.profile, concept(BMI.codings, BMI.text))
        made["valueQuantity"] = quantity(int(index.value * 10), 1, BMI.unit, BMI.ucum)
        made["derivedFrom"] = [
            {"reference": f"Observation/{resource_id(self.event.id, 'Observation', one)}"}
            for one in (Measure.WEIGHT, Measure.HEIGHT)
        ]
        yield made

    def score(self) -> Resource:
        score = self.found.score
        assert score.total is not None, "a total"
        code = concept((NEWS2_TOTAL,), "NEWS2 total score")
        made = self.base("news2", "survey", "Observation-EarlyWarningTotalScore", code)
        made["valueQuantity"] = quantity(score.total, 0, "score", "{ScoreOf}")
        made["component"] = [
            {
                "code": concept(((SNOMED, self.part_code(one), f"NEWS2 {NAMES[one]} score"),), NAMES[one]),
                "valueQuantity": quantity(score.parts[one], 0, "score", "{ScoreOf}"),
            }
            for one in SCORED
        ]
        made["note"] = [*made.get("note", []), {"text": f"{score_line(score)}; rule {score.rule}"}]
        return made

    def part_code(self, measure: Measure) -> str:
        scale_2 = measure is Measure.SPO2 and self.found.score.spo2_scale == 2
        return SPO2_SCALE_2 if scale_2 else NEWS2_PARTS[measure]


def _code_of(measure: Measure) -> Resource:
    if measure in SIGNS:
        return concept(SIGNS[measure].codings, SIGNS[measure].text)
    text, codings = COMPONENTS.get(measure, (NAMES[measure], ()))
    return concept(codings, text)
