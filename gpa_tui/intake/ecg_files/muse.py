"""GE MUSE XML (root `RestingECG`): what the file says.

From a hospital's MUSE system. Layout after the elements that MUSE 8 and 9 write; no public specification.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from gpa_tui.intake.ecg_files import fields, samples
from gpa_tui.intake.ecg_files.packed import int16s
from gpa_tui.intake.ecg_files.xml_text import parse, text_at, texts_at
from gpa_tui.records.ecg import EcgFileSays, EcgFormat, EcgNumbers

_KIND = EcgFormat.MUSE
_GENDERS: dict[str, fields.Gender] = {"male": "male", "female": "female"}
_QUALITY = {
    "LeadOff": "lead off",
    "BaselineSway": "baseline sway",
    "MuscleNoise": "muscle noise",
    "ACNoise": "mains noise",
}
_MOST_PIECES = 40  # of one line of the interpretation
_UNITS_UV = {"MICROVOLTS": 1.0, "MILLIVOLTS": 1000.0}


def read(content: bytes) -> EcgFileSays:
    """What a MUSE file says. Raises `IntakeError` when it is damaged."""
    root = parse(content, _KIND)
    patient, test = root.find("PatientDemographics"), root.find("TestDemographics")
    rhythm = next((wave for wave in root.iterfind("Waveform") if _type(wave) == "rhythm"), None)
    born = _date(text_at(patient, "DateofBirth", "DateOfBirth"))
    recorded_at = fields.moment_of(_date(text_at(test, "AcquisitionDate")), text_at(test, "AcquisitionTime"))
    return EcgFileSays(
        format=_KIND,
        patient_ids=fields.identifiers(
            text_at(patient, tag) for tag in ("PatientID", "SecondaryID", "AlternateID")
        ),
        name=fields.full_name(text_at(patient, "PatientFirstName"), text_at(patient, "PatientLastName")),
        born=born,
        gender=fields.gender(text_at(patient, "Gender"), _GENDERS),
        recorded_at=recorded_at,
        numbers=_numbers(root),
        statements=fields.statements(_lines(root)),
        notes=fields.notes(
            _quality(rhythm),
            _edited(root, test),
            fields.age_notes(_age(patient), born, recorded_at),
            _lead_notes(rhythm),
            _filters(rhythm),
        ),
    )


def _type(wave: Element) -> str:
    return text_at(wave, "WaveformType").casefold()


def _date(text: str) -> str | None:
    """MUSE writes MM-DD-YYYY, whatever the country."""
    month, day, year = [*text.split("-"), "", "", ""][:3]
    return fields.iso_date(year, month, day) if len(year) == 4 else None


def _age(patient: Element | None) -> int | None:
    years = text_at(patient, "AgeUnits").casefold() == "years"
    return fields.whole_number(text_at(patient, "PatientAge"), 0, 130) if years else None


def _numbers(root: Element) -> EcgNumbers:
    """`QTCorrected` names no formula, so none is given."""
    of = root.find("RestingECGMeasurements")
    return fields.numbers(
        rate=text_at(of, "VentricularRate"),
        pr_ms=text_at(of, "PRInterval"),
        qrs_ms=text_at(of, "QRSDuration"),
        qt_ms=text_at(of, "QTInterval"),
        qtc_ms=text_at(of, "QTCorrected"),
        axis_deg=text_at(of, "RAxis"),
    )


def _machines(root: Element) -> Element | None:
    """The interpretation as the machine gave it; `Diagnosis` may have been edited since."""
    original = root.find("OriginalDiagnosis")
    return original if original is not None else root.find("Diagnosis")


def _lines(root: Element) -> Iterator[str]:
    """The statements, their pieces put together to the line; what a person inserted is not the machine's."""
    diagnosis = _machines(root)
    pieces: list[str] = []
    for piece in diagnosis.iterfind("DiagnosisStatement") if diagnosis is not None else ():
        flags = {flag.upper() for flag in texts_at(piece, "StmtFlag")}
        if "USERINSERT" not in flags and len(pieces) < _MOST_PIECES:
            pieces.append(text_at(piece, "StmtText"))
        if "ENDSLINE" in flags:
            yield " ".join(pieces)
            pieces = []
    yield " ".join(pieces)


def _edited(root: Element, test: Element | None) -> list[str]:
    if root.find("OriginalDiagnosis") is None and text_at(test, "Status").upper() == "CONFIRMED":
        return ["the file is confirmed: a person may have edited the machine's statements"]
    return []


def _quality(rhythm: Element | None) -> Iterator[str]:
    for lead in rhythm.iterfind("LeadData") if rhythm is not None else ():
        name = samples.lead_name(text_at(lead, "LeadID")) or text_at(lead, "LeadID") or "a lead"
        for tag, meaning in _QUALITY.items():
            if text_at(lead, tag).upper() == "TRUE":
                yield f"{name}: {meaning}, says the cart"


def _lead_notes(rhythm: Element | None) -> list[str]:
    if rhythm is None:
        return [samples.NO_LEADS]
    found = list(rhythm.iterfind("LeadData"))
    sums = [fields.whole_number(text_at(lead, "LeadDataCRC32"), 0, 0) for lead in found]
    unchecked = ["the checksums of the leads are 0: whether they are whole is unchecked"]
    said = unchecked if found and all(value == 0 for value in sums) else []
    hz = _hz(rhythm)
    if hz is None:
        return [*said, samples.NOT_CHECKED]
    by_name: dict[str, Element] = {}
    for data in found:
        by_name.setdefault(samples.lead_name(text_at(data, "LeadID")), data)
    if any(len(data.findtext("WaveFormData") or "") > samples.LONGEST * 3 for data in by_name.values()):
        return [*said, samples.TOO_LONG]
    leads = [lead for data in by_name.values() if (lead := _lead(data)) is not None]
    return [*said, *samples.check(leads, hz)]


def _hz(rhythm: Element) -> float | None:
    base = fields.whole_number(text_at(rhythm, "SampleBase"), 50, 10_000)
    exponent = fields.whole_number(text_at(rhythm, "SampleExponent") or "0", -3, 3)
    return base * 10.0**exponent if base is not None and exponent is not None else None


def _lead(data: Element) -> samples.Lead | None:
    """One lead in mV; None if its name, its unit or its sample size is not one that is known."""
    name = samples.lead_name(text_at(data, "LeadID"))
    unit = _UNITS_UV.get(text_at(data, "LeadAmplitudeUnits").upper())
    scale = fields.decimal(text_at(data, "LeadAmplitudeUnitsPerBit"))
    if not name or unit is None or not scale or text_at(data, "LeadSampleSize") not in ("", "2"):
        return None
    try:
        raw = b64decode("".join((data.findtext("WaveFormData") or "").split()), validate=True)
    except ValueError as error:
        raise fields.damaged(_KIND, f"the samples of lead {name} are not Base64") from error
    step = scale * unit / 1000
    promised = fields.whole_number(text_at(data, "LeadSampleCountTotal"), 0, 10**6)
    begins = fields.whole_number(text_at(data, "LeadTimeOffset"), 0, 10**6) or 0
    return samples.Lead(name, [count * step for count in int16s(raw)], promised, begins)


def _filters(rhythm: Element | None) -> list[str]:
    """MUSE gives the high-pass filter in hundredths of a hertz: 56 means 0.56 Hz."""
    hundredths = fields.whole_number(text_at(rhythm, "HighPassFilter"), 1, 10_000)
    high_pass = f"{hundredths / 100:.2f}" if hundredths else ""
    return fields.filter_notes(high_pass, text_at(rhythm, "LowPassFilter"), text_at(rhythm, "ACFilter"))
