"""Codes, units and profiles of what is sent, each as UK Core 2.0 (June 2025) or its value sets have it.

A measure without a sourced code is sent with its words alone (`text`), never with a guessed code.
"""

from __future__ import annotations

from dataclasses import dataclass

from gpa_tui.records.observation import Measure

LOINC, SNOMED, UCUM = "http://loinc.org", "http://snomed.info/sct", "http://unitsofmeasure.org"
PROFILE = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
UUID_SYSTEM = "urn:ietf:rfc:3986"

Coding = tuple[str, str, str]  # system, code, display


@dataclass(frozen=True, slots=True)
class Sign:
    """How one measure is coded. `decimals`: how many of a whole number's last digits are behind the point."""

    text: str
    codings: tuple[Coding, ...] = ()
    unit: str = ""  # in words, where a profile fixes them
    ucum: str = ""
    decimals: int = 0
    profile: str = ""
    category: str = "vital-signs"


SIGNS: dict[Measure, Sign] = {
    Measure.RESPIRATION: Sign(
        "Respiratory rate",
        ((LOINC, "9279-1", "Respiratory rate"), (SNOMED, "86290005", "Respiratory rate")),
        "per minute",
        "/min",
        profile="Observation-VitalSigns-RespirationRate",
    ),
    Measure.SPO2: Sign(
        "Oxygen saturation",
        (
            (LOINC, "2708-6", "Oxygen saturation in Arterial blood"),
            (SNOMED, "431314004", "Peripheral oxygen saturation"),
        ),
        "percent",
        "%",
        profile="Observation-VitalSigns-OxygenSaturation",
    ),
    Measure.PULSE: Sign(
        "Heart rate",
        ((LOINC, "8867-4", "Heart rate"), (SNOMED, "364075005", "Heart rate")),
        "per minute",
        "/min",
        profile="Observation-VitalSigns-HeartRate",
    ),
    Measure.TEMPERATURE: Sign(
        "Body temperature",
        ((LOINC, "8310-5", "Body temperature"), (SNOMED, "386725007", "Body temperature")),
        "degree Celsius",
        "Cel",
        1,
        "Observation-VitalSigns-BodyTemperature",
    ),
    Measure.WEIGHT: Sign(
        "Body weight",
        ((LOINC, "29463-7", "Body weight"), (SNOMED, "27113001", "Body weight")),
        "kilogram",
        "kg",
        1,
        "Observation-VitalSigns-BodyWeight",
    ),
    Measure.HEIGHT: Sign(
        "Body height",
        ((LOINC, "8302-2", "Body height"), (SNOMED, "50373000", "Body height measure")),
        "centimeter",
        "cm",
        1,
        "Observation-VitalSigns-BodyHeight",
    ),
    Measure.GLUCOSE: Sign(
        "Capillary blood glucose",
        ((SNOMED, "997671000000106", "Blood glucose level"),),
        "millimoles per litre",
        "mmol/L",
        1,
        "Observation-BloodGlucose",
        "laboratory",
    ),
    Measure.KETONES: Sign("Blood ketones", (), "mmol/L", "mmol/L", 1, category="laboratory"),
    Measure.PEAK_FLOW: Sign(
        "Peak expiratory flow, EU scale", ((SNOMED, "18491006", "Peak expiratory flow"),), "L/min", "L/min"
    ),
    Measure.BEST_PEAK_FLOW: Sign("Own best peak expiratory flow, as told", (), "L/min", "L/min"),
    Measure.CAPILLARY_REFILL: Sign(
        "Capillary refill time", ((SNOMED, "15527001", "Capillary refill"),), "second", "s"
    ),
    Measure.PAIN: Sign("Pain, 0 to 10", (), "score", "{score}", category="survey"),
}
BMI = Sign(
    "Body mass index",
    ((LOINC, "39156-5", "Body mass index (BMI) [Ratio]"), (SNOMED, "60621009", "Body mass index")),
    "kg/m2",
    "kg/m2",
    1,
    "Observation-VitalSigns-BMI",
)
PRESSURE = Sign(
    "Blood pressure",
    (
        (LOINC, "85354-9", "Blood pressure panel with all children optional"),
        (SNOMED, "75367002", "Blood pressure"),
    ),
    "millimeter of mercury",
    "mm[Hg]",
    profile="Observation-VitalSigns-BloodPressure",
)
COMPONENTS: dict[Measure, tuple[str, tuple[Coding, ...]]] = {
    Measure.SYSTOLIC: (
        "Systolic blood pressure",
        (
            (LOINC, "8480-6", "Systolic blood pressure"),
            (SNOMED, "72313002", "Systolic blood pressure"),
        ),
    ),
    Measure.DIASTOLIC: (
        "Diastolic blood pressure",
        (
            (LOINC, "8462-4", "Diastolic blood pressure"),
            (SNOMED, "1091811000000102", "Diastolic blood pressure"),
        ),
    ),
}
ON_AIR: Coding = (SNOMED, "722742002", "Breathing room air")
ON_OXYGEN: Coding = (SNOMED, "371825009", "Patient on oxygen")
ACVPU: Coding = (SNOMED, "1104441000000107", "ACVPU (Alert Confusion Voice Pain Unresponsive) scale score")
CONSCIOUSNESS: dict[str, Coding] = {
    "A": (SNOMED, "248234008", "Mentally alert"),
    "C": (SNOMED, "130987000", "Acute confusion"),
    "V": (SNOMED, "300202002", "Responds to voice"),
    "P": (SNOMED, "450847001", "Responds to pain"),
    "U": (SNOMED, "422768004", "Unresponsive"),
}
NEWS2_TOTAL: Coding = (
    SNOMED,
    "1104051000000101",
    "Royal College of Physicians NEWS2 (National Early Warning Score 2) total score",
)
NEWS2_PARTS: dict[Measure, str] = {
    Measure.RESPIRATION: "1104301000000104",
    Measure.SPO2: "1104311000000102",  # scale 1; scale 2 below
    Measure.OXYGEN: "1104331000000105",
    Measure.SYSTOLIC: "1104341000000101",
    Measure.PULSE: "1104351000000103",
    Measure.CONSCIOUSNESS: "1104361000000100",
    Measure.TEMPERATURE: "1104371000000107",
}
SPO2_SCALE_2 = "1104321000000108"
WHY_ABSENT = {"refused": "asked-declined", "unable": "not-performed", "no device": "not-performed"}
"""By our reason the code of FHIR's data-absent-reason; of another it is `unknown`, with the words."""
