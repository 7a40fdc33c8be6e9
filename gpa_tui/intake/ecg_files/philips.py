"""Philips Sierra XML (root `restingecgdata`; 1.03, 1.04, 1.04.01): what the file says.

The header is read here; the leads are unpacked by sierraecg, after a look at what it would be given.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element

from gpa_tui.intake.ecg_files import fields, samples, xli
from gpa_tui.intake.ecg_files.calibration import NO_PULSE, find_pulse, pulse_notes
from gpa_tui.intake.ecg_files.xml_text import attribute_at, parse, text_at, texts_at
from gpa_tui.records.ecg import EcgFileSays, EcgFormat, EcgNumbers, Formula

_KIND = EcgFormat.PHILIPS
_PATIENT = "patient/generalpatientdata"
_VERSIONS = ("1.03", "1.04", "1.04.01", "1.04.02")  # those sierraecg unpacks
_GENDERS: dict[str, fields.Gender] = {"male": "male", "female": "female"}
_NO_TROUBLE = {"", "none", "ecg ok", "acceptable trace", "good trace", "unknown"}
_FLAGS = (("overrangeflag", "true", "over range"), ("qrsclippingflag", "true", "QRS clipped"))
_ARTEFACTS = {
    "baseartifacts": "baseline wander",
    "acartifacts": "mains noise",
    "muscleartifacts": "muscle noise",
}
_STANDARD_ORDER = samples.NAMES
_OTHER_ORDER = "the leads are not in the order that the format's packing needs: they were not checked"


def read(content: bytes) -> EcgFileSays:
    """What a Philips file says. Raises `IntakeError` when it is damaged."""
    root = parse(content, _KIND)
    patient, acquired = root.find(_PATIENT), root.find("dataacquisition")
    born = fields.compact_date(text_at(patient, "age/dateofbirth"))
    day = fields.compact_date(acquired.get("date")) if acquired is not None else None
    recorded_at = fields.moment_of(day, (acquired.get("time") or "") if acquired is not None else "")
    names = ("name/firstname", "name/middlename", "name/lastname")
    return EcgFileSays(
        format=_KIND,
        patient_ids=fields.identifiers(
            text_at(patient, tag) for tag in ("patientid", "uniquepatientid", "MRN")
        ),
        name=fields.full_name(*(text_at(patient, tag) for tag in names)),
        born=born,
        gender=fields.gender(text_at(patient, "sex"), _GENDERS),
        recorded_at=recorded_at,
        numbers=_numbers(root),
        statements=fields.statements(_statements(root)),
        notes=fields.notes(
            _quality(root),
            fields.age_notes(fields.whole_number(text_at(patient, "age/years"), 0, 130), born, recorded_at),
            _lead_notes(root, content),
            _filters(root),
        ),
    )


def _numbers(root: Element) -> EcgNumbers:
    """Those printed with the interpretation, else the analysis' own."""
    printed = root.find("interpretations/interpretation/globalmeasurements")
    if printed is None:
        printed = root.find("interpretations/interpretation/interpretationmeasurements")
    own = next((found for tag in ("crossleadmeasurements", "globalmeasurements")
                for found in root.iterfind(f"*/{tag}")), None)  # fmt: skip

    def of(*tags: str) -> str:
        return text_at(printed, *tags) or text_at(own, *tags)

    qtc, formula = _qtc(root, printed)
    return fields.numbers(
        formula,
        rate=of("heartrate", "meanventrate"),
        pr_ms=of("print", "meanprint"),
        qrs_ms=of("qrsdur", "meanqrsdur"),
        qt_ms=of("qtint", "meanqtint"),
        qtc_ms=qtc or of("meanqtc"),
        axis_deg=of("qrsfrontaxis"),
    )


def _qtc(root: Element, printed: Element | None) -> tuple[str, Formula]:
    """The QTc by the method the cart is set to; if it is not said, the only one given; else none."""
    given: dict[Formula, str] = {"bazett": text_at(printed, "qtcb"), "fridericia": text_at(printed, "qtcf")}
    for other in printed.iterfind("qtco") if printed is not None else ():
        if named := fields.formula_named(other.get("methodname")):
            given[named] = text_at(other, ".")
    filled = {named: value for named, value in given.items() if value}
    settings = _settings(root)
    chosen = fields.formula_named(settings.get("qtcorrectionmethod"))
    if chosen in filled:
        return filled[chosen], chosen
    if len(filled) == 1:
        only = next(iter(filled))
        return filled[only], only
    # Of several, Bazett is what Philips prints unless set otherwise; it is given under its name.
    return (filled["bazett"], "bazett") if "bazett" in filled else ("", "")


def _settings(root: Element) -> dict[str, str]:
    return {
        text_at(setting, "name").casefold(): text_at(setting, "value")
        for setting in root.iter("configsetting")
    }


def _statements(root: Element) -> Iterator[str]:
    """The severity, then each statement with its reason in brackets."""
    interpretation = root.find("interpretations/interpretation")
    yield text_at(interpretation, "severity")
    for statement in interpretation.iterfind("statement") if interpretation is not None else ():
        left, right = text_at(statement, "leftstatement"), text_at(statement, "rightstatement")
        yield f"{left} ({right})" if left and right else left or right


def _quality(root: Element) -> Iterator[str]:
    """What the cart says of its own recording."""
    for lead in root.iter("leadmeasurement"):
        name, states = fields.words(lead.get("leadname")), lead.find("leadqualitystates")
        for found in _lead_quality(states) if states is not None else ():
            yield f"{name}: {found}, says the cart"
    for tag in ("qaactioncode", "qamessagecode"):
        for code in root.iter(tag):
            if (said := fields.words(code.text)).casefold() not in _NO_TROUBLE:
                yield f"the cart says of the recording: {said}"
    settings = {name: value.casefold() for name, value in _settings(root).items()}
    if settings.get("checkleadplacement") == "disabled":
        yield "the cart's check of the lead placement was switched off"
    if settings.get("checkleadplacementignored") == "enabled":
        yield "the cart's check of the lead placement was overridden"


def _lead_quality(states: Element) -> Iterator[str]:
    for flag, raised, meaning in _FLAGS:
        if (states.get(flag) or "").casefold() == raised:
            yield meaning
    if (states.get("measuredflag") or "").casefold() == "false":
        yield "not measured"
    for tag, meaning in _ARTEFACTS.items():
        level = attribute_at(states, tag, "level")
        if level.casefold() not in _NO_TROUBLE:
            yield f"{meaning} {level.casefold()}"
    for tag in ("inops", "saturations"):
        for found in states.iterfind(tag):
            if said := fields.words(" ".join(found.itertext())):
                yield f"{tag.removesuffix('s')} {said}"


def _lead_notes(root: Element, content: bytes) -> list[str]:
    packed, signal = root.find(".//parsedwaveforms"), root.find("dataacquisition/signalcharacteristics")
    if packed is None:
        return [samples.NO_LEADS]
    method = packed.get("compressmethod") or packed.get("compression")
    if text_at(root, "documentinfo/documentversion") not in _VERSIONS or method != "XLI":
        return [samples.NOT_CHECKED]
    hz = fields.whole_number(text_at(signal, "samplingrate"), 50, 10_000)
    duration_ms = fields.whole_number(packed.get("durationperchannel"), 1, 10**6)
    channels = fields.whole_number(text_at(signal, "numberchannelsallocated"), 1, 32)
    labels = (packed.get("leadlabels") or "").split()
    if hz is None or duration_ms is None or (not labels and (channels or 0) < 6):
        return [samples.NOT_CHECKED]
    promised = duration_ms * hz // 1000
    if promised > samples.LONGEST // 2:
        return [samples.TOO_LONG]
    if labels and tuple(labels[:6]) != _STANDARD_ORDER[:6]:
        return [_OTHER_ORDER]  # sierraecg takes the first six as I, II, III, aVR, aVL, aVF
    xli.check(packed.text or "", most=promised * 2)
    unpacked = _unpacked(content)
    return _judged(unpacked, hz, promised, _resolution_uv(packed, signal))


def _unpacked(content: bytes) -> dict[str, list[int]]:
    """The leads in counts by their labels."""
    import numpy as np
    import sierraecg

    try:
        with np.errstate(all="ignore"):  # a damaged lead may overflow; it is then found inconsistent
            # It is typed for a path; whatever its XML parser opens will do, and nothing is written to disk.
            file = sierraecg.read_file(BytesIO(content))  # type: ignore[arg-type]
    except Exception as error:
        raise fields.damaged(_KIND, "its leads cannot be unpacked") from error
    return {lead.label: [int(count) for count in lead.samples] for lead in file.leads}


def _resolution_uv(packed: Element, signal: Element | None) -> float | None:
    """Microvolts of one count."""
    said = packed.get("resolution") or text_at(signal, "resolution", "signalresolution")
    return fields.decimal(said)


def _judged(unpacked: dict[str, list[int]], hz: int, promised: int, uv: float | None) -> list[str]:
    """Notes on the leads, once the calibration pulse at their end is cut off."""
    pulse = find_pulse(list(unpacked.values()), hz)
    if uv is None:
        return ["the file does not give its gain: the leads were not checked"]
    said = pulse_notes(pulse, uv) if pulse else [NO_PULSE]
    missing = max((promised - len(counts) for counts in unpacked.values()), default=0)
    end = pulse.begins if pulse else None
    step = uv / 1000
    leads = [
        samples.Lead(
            samples.lead_name(label),
            [count * step for count in counts[:end]],
            promised if missing > 0 and len(counts) < promised else None,
        )
        for label, counts in unpacked.items()
        if samples.lead_name(label)
    ]
    return [*said, *samples.check(leads, hz)]


def _filters(root: Element) -> list[str]:
    """The filters of the stored leads, not of the print."""
    signal = root.find("dataacquisition/signalcharacteristics")
    band = [*next(texts_at(signal, "signalbandwidth"), "").split("-"), ""]
    return fields.filter_notes(text_at(signal, "hipass") or band[0], text_at(signal, "lowpass") or band[1])
