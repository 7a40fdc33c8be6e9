"""DICOM ECG: what the file says.

Of DICOM PS3.3 the 12-lead and general ECG objects (A.34.3, A.34.4): numbers are the coded measurements of
the Waveform Annotation Sequence, statements its unformatted text.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from gpa_tui.errors import IntakeError
from gpa_tui.intake.ecg_files import fields, samples
from gpa_tui.intake.ecg_files.packed import int16s
from gpa_tui.records.ecg import EcgFileSays, EcgFormat, EcgNumbers, Formula

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_KIND = EcgFormat.DICOM
_PREAMBLE = 128  # bytes of anything, then the mark
_MARK = b"DICM"
_ECG_CLASSES = (b"1.2.840.10008.5.1.4.1.1.9.1.1", b"1.2.840.10008.5.1.4.1.1.9.1.2")
_HEAD = 1024  # bytes in which the file meta information names the class
_PLAIN = {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"}  # nothing to unpack
_BIG_ENDIAN = "1.2.840.10008.1.2.2"
_GENDERS: dict[str, fields.Gender] = {"m": "male", "f": "female", "o": "other"}
# The global ones of CID 3687 and 3227 (ISO/IEEE 11073-10102), and SCP-ECG's that files still carry.
_CODES = {
    ("MDC", "2:15872"): "pr_ms",
    ("MDC", "2:16156"): "qrs_ms",
    ("MDC", "2:16160"): "qt_ms",
    ("MDC", "2:15876"): "qtc_ms",
    ("SCPECG", "5.10.2.5-1"): "rate",
    ("SCPECG", "5.13.5-7"): "pr_ms",
    ("SCPECG", "5.13.5-9"): "qrs_ms",
    ("SCPECG", "5.13.5-11"): "qt_ms",
    ("SCPECG", "5.10.2.5-5"): "qtc_ms",
    ("SCPECG", "5.10.3-13"): "axis_deg",
}
_MEANINGS = {
    "vent rate": "rate",
    "heart rate": "rate",
    "ventricular rate": "rate",
    "ventricular heart rate": "rate",
    "pr interval": "pr_ms",
    "pr time period": "pr_ms",
    "qrs duration": "qrs_ms",
    "qt interval": "qt_ms",
    "qt duration": "qt_ms",
    "qtc interval": "qtc_ms",
    "qtc": "qtc_ms",
    "qrs axis": "axis_deg",
}
_UNITS = {"ms": 1, "s": 1000}  # to ms; other units are as the number is
_SCALES_MV = {"uV": 0.001, "mV": 1.0, "nV": 0.000001, "V": 1000.0}


def is_ecg(content: bytes) -> bool:
    """Whether this is DICOM and says that it is an ECG."""
    head = content[:_HEAD]
    marked = head[_PREAMBLE : _PREAMBLE + 4] == _MARK
    return marked and any(name + b"\0" in head or name + b"\x02" in head for name in _ECG_CLASSES)


def read(content: bytes) -> EcgFileSays:
    """What a DICOM ECG says. Raises `IntakeError` when it is damaged, or compressed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on values that break the standard: what is odd becomes None here
        return _says(_opened(content))


def _opened(content: bytes) -> Dataset:
    from pydicom import dcmread
    from pydicom.filereader import read_dataset

    head = BytesIO(content)
    head.seek(_PREAMBLE + len(_MARK))
    meta = read_dataset(
        head, is_implicit_VR=False, is_little_endian=True, stop_when=lambda tag, _vr, _length: tag.group != 2
    )
    syntax = str(meta.get("TransferSyntaxUID", ""))
    if syntax not in _PLAIN:
        # A few kilobytes of deflated data can unpack to gigabytes, and no cart deflates an ECG.
        raise IntakeError(
            f"This {_KIND} file is compressed, or does not say how it is stored: it is not read here.",
            "Export it from the cart again without compression.",
        )
    try:
        ecg = dcmread(BytesIO(content), stop_before_pixels=True)
        groups = _items(ecg, "WaveformSequence")
        whole = bool(groups) and all(group.get("WaveformData") for group in groups)
    except Exception as error:
        raise fields.damaged(_KIND, "its data elements do not fit one another, or end early") from error
    if not whole:
        # pydicom reads half an identifier from a file that ends within it; the recording comes last.
        raise fields.damaged(_KIND, "it ends before the recording")
    return ecg


def _says(ecg: Dataset) -> EcgFileSays:
    born = fields.compact_date(_of(ecg, "PatientBirthDate"))
    recorded_at = _recorded_at(ecg)
    numbers, doubts = _numbers(ecg)
    return EcgFileSays(
        format=_KIND,
        patient_ids=fields.identifiers(_identifiers(ecg)),
        name=_name(ecg),
        born=born,
        gender=fields.gender(_of(ecg, "PatientSex"), _GENDERS),
        recorded_at=recorded_at,
        numbers=numbers,
        statements=fields.statements(
            annotation.get("UnformattedTextValue") for annotation in _items(ecg, "WaveformAnnotationSequence")
        ),
        notes=fields.notes(
            doubts,
            fields.age_notes(_age(_of(ecg, "PatientAge")), born, recorded_at),
            _lead_notes(ecg),
            _filters(ecg),
        ),
    )


def _of(item: Dataset, keyword: str) -> str:
    """The words of an element, "" if it is not there; several values are one text with a backslash."""
    value = item.get(keyword)
    many = isinstance(value, list) or type(value).__name__ == "MultiValue"
    return fields.words("\\".join(map(str, value)) if many and value is not None else value)


def _items(item: Dataset, keyword: str) -> list[Dataset]:
    return list(item.get(keyword) or ())


def _first(item: Dataset, keyword: str) -> Dataset | None:
    return next(iter(_items(item, keyword)), None)


def _identifiers(ecg: Dataset) -> Iterator[str]:
    yield _of(ecg, "PatientID")
    yield from _of(ecg, "OtherPatientIDs").split("\\")
    for other in _items(ecg, "OtherPatientIDsSequence"):
        yield _of(other, "PatientID")


def _name(ecg: Dataset) -> str:
    """The name's letters as in `Family^Given^Middle^Prefix^Suffix`; other scripts follow a `=`."""
    family, given, middle = [*_of(ecg, "PatientName").split("=")[0].split("^"), "", ""][:3]
    return fields.full_name(given, middle, family)


def _age(text: str) -> int | None:
    return int(text[:3]) if re.fullmatch(r"\d{3}Y", text, re.ASCII) else None


def _recorded_at(ecg: Dataset) -> datetime | None:
    """The acquisition time, with the zone it gives or that of the whole file (0008,0201)."""
    text = _of(ecg, "AcquisitionDateTime")
    zoned = fields.compact_time(text + _of(ecg, "TimezoneOffsetFromUTC"))
    return zoned or fields.compact_time(text)


def _numbers(ecg: Dataset) -> tuple[EcgNumbers, list[str]]:
    """The numbers that hold for all channels. Two different ones for the same thing: neither."""
    found: dict[str, set[str]] = {}
    formulas = set()
    for annotation in _items(ecg, "WaveformAnnotationSequence"):
        concept = _first(annotation, "ConceptNameCodeSequence")
        if concept is None or "NumericValue" not in annotation or _of_one_channel(annotation):
            continue
        name, formula = _measured(concept)
        if name:
            found.setdefault(name, set()).add(_value(annotation))
        if name == "qtc_ms":
            formulas.add(formula)
    doubts = [
        f"the file gives {len(values)} different values of {name.split('_')[0]}: none was taken"
        for name, values in found.items()
        if len(values) > 1
    ]
    read = {name: next(iter(values)) for name, values in found.items() if len(values) == 1}
    return fields.numbers(formulas.pop() if len(formulas) == 1 else "", **read), doubts


def _measured(concept: Dataset) -> tuple[str, Formula]:
    """What a coded measurement is, by its code, else by its meaning; and the formula its meaning names."""
    meaning = _of(concept, "CodeMeaning").casefold().replace(",", "").removesuffix("global").strip()
    formula = fields.formula_named(meaning)
    coded = _CODES.get((_of(concept, "CodingSchemeDesignator"), _of(concept, "CodeValue")))
    named = "qtc_ms" if formula and meaning.startswith("qtc") else _MEANINGS.get(meaning)
    return coded or named or "", formula


def _of_one_channel(annotation: Dataset) -> bool:
    """Referenced channels are pairs of group and channel; channel 0 is all of the group."""
    channels: Any = annotation.get("ReferencedWaveformChannels") or [1, 0]
    return any(int(channel) != 0 for channel in list(channels)[1::2])


def _value(annotation: Dataset) -> str:
    text = _of(annotation, "NumericValue")
    unit = _first(annotation, "MeasurementUnitsCodeSequence")
    factor = _UNITS.get(_of(unit, "CodeValue"), 1) if unit is not None else 1
    number = fields.decimal(text)
    return text if factor == 1 or number is None else f"{number * factor:.3f}"


def _as_recorded(ecg: Dataset) -> list[Dataset]:
    """The groups of channels as recorded; a median beat is DERIVED."""
    groups = _items(ecg, "WaveformSequence")
    return [group for group in groups if _of(group, "WaveformOriginality") != "DERIVED"]


def _lead_notes(ecg: Dataset) -> list[str]:
    big_endian = str(ecg.file_meta.TransferSyntaxUID) == _BIG_ENDIAN
    leads: dict[str, samples.Lead] = {}
    hertz = set()
    for part, group in enumerate(_as_recorded(ecg)):
        promised = fields.whole_number(_of(group, "NumberOfWaveformSamples"), 0, 10**6)
        stored = _of(group, "WaveformSampleInterpretation"), _of(group, "WaveformBitsAllocated")
        if stored != ("SS", "16") or promised is None:
            return [samples.NOT_CHECKED]
        if promised > samples.LONGEST:
            return [samples.TOO_LONG]
        hertz.add(fields.decimal(_of(group, "SamplingFrequency")))
        for lead in _leads(group, promised, part, big_endian):
            leads.setdefault(lead.name, lead)
    hz = hertz.pop() if len(hertz) == 1 else None
    if leads and (hz is None or not 50 <= hz <= 10_000):
        return [samples.NOT_CHECKED]
    return samples.check(list(leads.values()), hz or 0.0)


def _leads(group: Dataset, promised: int, part: int, big_endian: bool) -> Iterator[samples.Lead]:
    """Unpacked here and not by pydicom, which refuses a recording that is shorter than its header says."""
    channels = _items(group, "ChannelDefinitionSequence")
    mixed = int16s(group.get("WaveformData") or b"", big_endian=big_endian)
    known: set[str] = set()
    for number, channel in enumerate(channels):
        name, step = _channel(channel)
        if name and step and name not in known:
            known.add(name)
            counts = mixed[number :: len(channels)][:promised]
            yield samples.Lead(name, [count * step for count in counts], promised, part)


def _channel(channel: Dataset) -> tuple[str, float | None]:
    """The channel's lead and the mV of one count; "" or None if the file does not say."""
    source, units = (
        _first(channel, "ChannelSourceSequence"),
        _first(channel, "ChannelSensitivityUnitsSequence"),
    )
    sensitivity = fields.decimal(_of(channel, "ChannelSensitivity"))
    correction = fields.decimal(_of(channel, "ChannelSensitivityCorrectionFactor") or "1")
    unit = _SCALES_MV.get(_of(units, "CodeValue")) if units is not None else None
    step = sensitivity * correction * unit if sensitivity and correction and unit else None
    return samples.lead_name(_of(source, "CodeMeaning")) if source is not None else "", step


def _filters(ecg: Dataset) -> list[str]:
    """A note only where all channels have the same filters."""
    said = {
        tuple(_of(channel, f"{name}Frequency") for name in ("FilterLow", "FilterHigh", "NotchFilter"))
        for group in _as_recorded(ecg)
        for channel in _items(group, "ChannelDefinitionSequence")
    }
    return fields.filter_notes(*said.pop()) if len(said) == 1 else []
