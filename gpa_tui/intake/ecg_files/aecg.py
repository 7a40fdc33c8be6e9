"""HL7 annotated ECG (root `AnnotatedECG`): what the file says.

HL7 v3 Annotated ECG R1 (2004); codes are those of ISO/IEEE 11073-10102 by their reference names.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from xml.etree.ElementTree import Element

from gpa_tui.intake.ecg_files import fields, samples
from gpa_tui.intake.ecg_files.xml_text import attribute_at, parse, text_at
from gpa_tui.records.ecg import EcgFileSays, EcgFormat, EcgNumbers

_KIND = EcgFormat.AECG
_SUBJECT = "componentOf/timepointEvent/componentOf/subjectAssignment/subject/trialSubject"
_PERSON = "subjectDemographicPerson"
_GENDERS: dict[str, fields.Gender] = {"m": "male", "f": "female", "un": "other"}
_CODES = {
    "MDC_ECG_HEART_RATE": "rate",
    "MDC_ECG_HEART_RATE_VENTRICULAR": "rate",
    "MDC_ECG_TIME_PD_PR": "pr_ms",
    "MDC_ECG_TIME_PD_QRS": "qrs_ms",
    "MDC_ECG_TIME_PD_QT": "qt_ms",
    "MDC_ECG_TIME_PD_QTC": "qtc_ms",
    "MDC_ECG_ANGLE_QRS_FRONT": "axis_deg",
}
_SAID = {
    "rate": "rates", "pr_ms": "PR", "qrs_ms": "QRS", "qt_ms": "QT", "qtc_ms": "QTc", "axis_deg": "axes",
}  # fmt: skip
_SCALES_MV = {"uV": 0.001, "mV": 1.0, "nV": 0.000001}
_LONGEST_DIGITS = samples.LONGEST * 8  # characters


def read(content: bytes) -> EcgFileSays:
    """What an annotated ECG says. Raises `IntakeError` when it is damaged."""
    root = parse(content, _KIND)
    subject = root.find(_SUBJECT)
    person = subject.find(_PERSON) if subject is not None else None
    series = next((one for one in root.iterfind("component/series") if _code(one) == "RHYTHM"), None)
    series = series if series is not None else root.find("component/series")
    born = fields.compact_date(attribute_at(person, "birthTime", "value"))
    recorded_at = _recorded_at(root, series)
    numbers, doubts = _numbers(root)
    name = person.find("name") if person is not None else None
    return EcgFileSays(
        format=_KIND,
        patient_ids=fields.identifiers(
            found.get("extension")
            for at in (subject, person)
            if at is not None
            for found in at.iterfind("id")
        ),
        name=fields.full_name(*name.itertext()) if name is not None else "",
        born=born,
        gender=fields.gender(attribute_at(person, "administrativeGenderCode", "code"), _GENDERS),
        recorded_at=recorded_at,
        numbers=numbers,
        statements=fields.statements(_statements(root)),
        notes=fields.notes(
            doubts,
            fields.age_notes(_age(root), born, recorded_at),
            _lead_notes(series),
            _filters(series),
        ),
    )


def _code(element: Element) -> str:
    return attribute_at(element, "code", "code")


def _recorded_at(root: Element, series: Element | None) -> datetime | None:
    for at in (series, root):
        for edge in ("low", "center"):
            if found := fields.compact_time(attribute_at(at, f"effectiveTime/{edge}", "value")):
                return found
    return None


def _age(root: Element) -> int | None:
    """The reported age in years (LOINC 21612-7)."""
    for variable in root.iterfind("controlVariable/relatedObservation"):
        if _code(variable) == "21612-7" and attribute_at(variable, "value", "unit") == "a":
            return fields.whole_number(attribute_at(variable, "value", "value"), 0, 130)
    return None


def _of_machine(root: Element) -> Iterator[Element]:
    """The sets of annotations, those signed by a person left out."""
    for found in root.iter("annotationSet"):
        if found.find("author/assignedEntity/assignedAuthorType/assignedPerson") is None:
            yield found


def _numbers(root: Element) -> tuple[EcgNumbers, list[str]]:
    """The numbers for all leads: those of the whole recording if given, else those its beats agree on."""
    whole: dict[str, set[str]] = {}
    beats: dict[str, set[str]] = {}
    formulas = set()
    for found in _of_machine(root):
        for annotation, in_beat in _annotations(found):
            base, _, formula = _code(annotation).upper().partition("_QTC_")
            code = f"{base}_QTC" if formula else base
            name = _CODES.get(code)
            if name is None or _of_one_lead(annotation):
                continue
            (beats if in_beat else whole).setdefault(name, set()).add(_value(annotation))
            if name == "qtc_ms":
                formulas.add(fields.formula_named(formula))
    read: dict[str, str] = {}
    doubts = []
    for name, said in _SAID.items():
        values = whole.get(name) or beats.get(name, set())
        if len(values) == 1:
            read[name] = next(iter(values))
        elif values:
            doubts.append(f"the file gives {len(values)} different {said}: none was taken")
    formula_said = formulas.pop() if len(formulas) == 1 else ""
    return fields.numbers(formula_said, **read), doubts


def _annotations(within: Element) -> Iterator[tuple[Element, bool]]:
    """Each annotation of a set, and whether it belongs to a beat."""
    waiting = deque((annotation, False) for annotation in within.iterfind("component/annotation"))
    while waiting:
        annotation, in_beat = waiting.popleft()
        yield annotation, in_beat
        in_beat = in_beat or _code(annotation) == "MDC_ECG_BEAT"
        waiting += [(part, in_beat) for part in annotation.iterfind("component/annotation")]


def _of_one_lead(annotation: Element) -> bool:
    boundaries = annotation.iterfind("support/supportingROI/component/boundary")
    return any(_code(boundary).startswith("MDC_ECG_LEAD_") for boundary in boundaries)


def _value(annotation: Element) -> str:
    """The value in ms, degrees or beats a minute; "" in any other unit."""
    value, unit = attribute_at(annotation, "value", "value"), attribute_at(annotation, "value", "unit")
    if unit == "s":
        seconds = fields.decimal(value)
        return f"{seconds * 1000:.3f}" if seconds is not None else ""
    return value if unit.casefold() in ("ms", "deg", "bpm", "/min", "1/min", "{beats}/min", "") else ""


def _statements(root: Element) -> Iterator[str]:
    for found in _of_machine(root):
        for annotation, _ in _annotations(found):
            code = _code(annotation)
            if code == "MDC_ECG_RHY" or code.startswith("MDC_ECG_INTERPRETATION"):
                yield text_at(annotation, "value") or attribute_at(annotation, "value", "displayName")


def _lead_notes(series: Element | None) -> list[str]:
    if series is None:
        return [samples.NO_LEADS]
    found: dict[str, samples.Lead] = {}
    hertz = set()
    for part, together in enumerate(series.iterfind("component/sequenceSet")):
        for sequence in together.iterfind("component/sequence"):
            name = samples.lead_name(_code(sequence))
            if not name and _code(sequence).startswith("TIME_"):
                hertz.add(_hz(sequence))
            if not name or name in found:
                continue
            if len(sequence.findtext("value/digits") or "") > _LONGEST_DIGITS:
                return [samples.TOO_LONG]
            if (lead := _lead(name, sequence, part)) is not None:
                found[name] = lead
    hz = hertz.pop() if len(hertz) == 1 else None
    if hz is None or not 50 <= hz <= 10_000:
        return [samples.NOT_CHECKED]
    return samples.check(_with_promise(list(found.values()), series, hz), hz)


def _hz(sequence: Element) -> float | None:
    """Samples a second, from the time between two."""
    step = fields.decimal(attribute_at(sequence, "value/increment", "value"))
    scale = {"s": 1.0, "ms": 1000.0}.get(attribute_at(sequence, "value/increment", "unit"))
    return scale / step if scale and step else None


def _lead(name: str, sequence: Element, part: int) -> samples.Lead | None:
    """The lead in mV, if its unit is known."""
    scale = fields.decimal(attribute_at(sequence, "value/scale", "value"))
    unit = _SCALES_MV.get(attribute_at(sequence, "value/scale", "unit"))
    origin = fields.decimal(attribute_at(sequence, "value/origin", "value")) or 0.0
    origin_unit = _SCALES_MV.get(attribute_at(sequence, "value/origin", "unit"), 0.0)
    if not scale or unit is None:
        return None
    try:
        counts = [int(digits) for digits in (sequence.findtext("value/digits") or "").split()]
    except ValueError as error:
        raise fields.damaged(_KIND, f"the samples of lead {name} are not all whole numbers") from error
    step, zero = scale * unit, origin * origin_unit
    return samples.Lead(name, [zero + count * step for count in counts], part=part)


def _with_promise(leads: list[samples.Lead], series: Element, hz: float) -> list[samples.Lead]:
    """The leads with as many samples promised as the series' time holds; only if they are all of one time."""
    low, high = (
        fields.compact_time(attribute_at(series, f"effectiveTime/{edge}", "value"))
        for edge in ("low", "high")
    )
    longest = max((len(lead.mv) for lead in leads), default=0)
    if {lead.part for lead in leads} != {0}:
        return leads
    if low is not None and high is not None and (low.tzinfo is None) == (high.tzinfo is None):
        promised = int((high - low).total_seconds() * hz)
        # The times may be in whole seconds, so up to a second less is not short.
        longest = promised if promised - longest >= hz else longest
    return [replace(lead, promised=longest) for lead in leads]


def _filters(series: Element | None) -> list[str]:
    hertz: dict[str, str] = {}
    for variable in series.iter("controlVariable") if series is not None else ():
        for part in variable.iterfind("component/controlVariable"):
            if _code(part).rpartition("_")[2] == "FREQ" and attribute_at(part, "value", "unit") == "Hz":
                hertz[_code(variable).rpartition("FILTER_")[2]] = attribute_at(part, "value", "value")
    return fields.filter_notes(hertz.get("HIGH_PASS", ""), hertz.get("LOW_PASS", ""), hertz.get("NOTCH", ""))
