"""What was asked of somebody as Tasks: asks of the practice, and the ECG with its stages."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator

from gpa_tui.records.ecg import EcgFormat
from gpa_tui.records.event import EcgFiled
from gpa_tui.session.ecg import Ecg, Entry
from gpa_tui.session.tasks import Task
from gpa_tui.sync.codes import LOINC
from gpa_tui.sync.frame import Frame, Resource, begun, concept, instant, provenance, resource_id, who

ReadFile = Callable[[str], bytes | None]
"""An attached file's content by the name that it is kept as; None where it cannot be had."""
EKG_STUDY = (LOINC, "11524-6", "EKG study")
TYPES = {
    EcgFormat.DICOM: "application/dicom",
    EcgFormat.PDF: "application/pdf",
    EcgFormat.PHILIPS: "application/xml",
    EcgFormat.AECG: "application/xml",
    EcgFormat.MUSE: "application/xml",
}
"""By the file's content; of what is not registered it is said that it is bytes."""


def no_file(_: str) -> bytes | None:
    """Files are not at hand."""
    return None


AMONG_STAFF = "Asked within the practice: its words stay there"
STATUS = {"done": "completed", "dropped": "cancelled"}


def tasks(frame: Frame, asked: Iterable[Task]) -> Iterator[Resource]:
    """Each ask about this patient, from whom to whom, and what came of it.

    Its words leave only where the patient was told of it: what is said among the staff is not theirs to read.
    """
    for task in asked:
        made = begun("Task", resource_id(task.id, "Task"), "Task")
        status = STATUS.get(task.ended, "accepted" if task.accepted_by else "requested")
        made |= {
            "status": status,
            "intent": "order",
            "description": task.what if task.for_patient else AMONG_STAFF,
            "for": frame.subject,
            "authoredOn": instant(task.asked_at),
            "requester": who(task.asked_by),
            "owner": {"display": task.accepted_by or task.owner.name},
            "restriction": {"period": {"end": task.due.isoformat()}},
        }
        if task.answer and task.for_patient and task.ended == "dropped":
            made["statusReason"] = {"text": task.answer}
        elif task.answer and task.for_patient:
            made["note"] = [{"text": task.answer}]
        yield made


def ecgs(frame: Frame, asked: Iterable[Ecg], read_file: ReadFile) -> Iterator[Resource]:
    """Each ECG that was asked for: not completed until a clinician has reviewed it; and what was recorded."""
    for ecg in asked:
        task = begun("Task", resource_id(ecg.id, "Task"), "Task")
        ended = "failed" if ecg.not_obtained else "in-progress"
        task |= {
            "status": "completed" if ecg.reviewed else ended,
            "intent": "order",
            "priority": "urgent" if ecg.request.urgency == "now" else "routine",
            "code": {"text": "12-lead ECG"},
            "for": frame.subject,
            "encounter": frame.encounter,
            "authoredOn": instant(ecg.asked.done_at),
            "requester": {"type": "Practitioner", "display": ecg.request.asked_by},
            "reasonCode": {"text": ecg.request.reason},
        }
        yield task
        for entry in ecg.filed:
            yield _document(frame, ecg, entry, read_file)
        if ecg.recorded:
            yield from _report(frame, ecg)


def _document(frame: Frame, ecg: Ecg, entry: Entry[EcgFiled], read_file: ReadFile) -> Resource:
    """A file of the cart's, as it was filed, with its content where it is at hand."""
    kept = entry.said.attachment
    content = read_file(kept.kept_as)
    attachment: Resource = {
        "contentType": TYPES.get(kept.says.format, "application/octet-stream"),
        "title": kept.file_name,
        "size": kept.size,
        "creation": instant(entry.event.at),
    }
    if content is not None:
        attachment["data"] = base64.b64encode(content).decode()
        attachment["hash"] = base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()
    made = begun("DocumentReference", resource_id(entry.event.id, "DocumentReference"), "DocumentReference")
    return made | {
        "status": "current",
        "type": concept([EKG_STUDY], "12-lead ECG, as the cart wrote it"),
        "subject": frame.subject,
        "date": instant(entry.event.at),
        "author": [who(entry.event.by)],
        "content": [{"attachment": attachment}],
        "context": {
            "encounter": [frame.encounter],
            "related": [{"reference": f"Task/{resource_id(ecg.id, 'Task')}"}],
        },
    }


def _report(frame: Frame, ecg: Ecg) -> Iterator[Resource]:
    """The last recording: its numbers and words are the machine's, until a clinician has said theirs."""
    entry = ecg.recorded[max(ecg.recorded)]
    said, numbers = entry.said, entry.said.numbers
    formula = f" ({numbers.qtc_formula or 'formula not stated'})"
    given = [
        ("rate", numbers.rate, "/min"),
        ("PR", numbers.pr_ms, "ms"),
        ("QRS", numbers.qrs_ms, "ms"),
        ("QT", numbers.qt_ms, "ms"),
        (f"QTc{formula}", numbers.qtc_ms, "ms"),
        ("axis", numbers.axis_deg, "deg"),
    ]
    files = [one.said.attachment for one in ecg.filed]
    made = begun("DiagnosticReport", resource_id(ecg.id, "DiagnosticReport"), "DiagnosticReport")
    made |= {
        "status": "final" if ecg.reviewed else "preliminary",
        "code": {"text": "12-lead ECG"},
        "subject": frame.subject,
        "encounter": frame.encounter,
        "effectiveDateTime": instant(said.recorded_at),
        "issued": instant(entry.event.done_at),
        "performer": [who(entry.event.by)],
        "conclusion": _conclusion(ecg, said.statements, [one for one in given if one[1] is not None]),
    }
    if ecg.reviewed:
        made["resultsInterpreter"] = [{"type": "Practitioner", "display": ecg.reviewed.said.by}]
    if files:
        made["presentedForm"] = [{"title": one.file_name, "size": one.size} for one in files]
    yield made
    if ecg.reviewed and ecg.reviewed.said.said:  # in the clinician's name, by whoever heard it
        yield provenance(f"DiagnosticReport/{made['id']}", ecg.reviewed.said.by, ecg.reviewed.event)


def _conclusion(ecg: Ecg, statements: Iterable[str], given: Iterable[tuple[str, int | None, str]]) -> str:
    machine = "; ".join([*(f"{name} {value} {unit}" for name, value, unit in given), *statements])
    lines = [f"Machine, unconfirmed: {machine or 'no numbers, no words'}"]
    if ecg.reviewed:
        lines.append(f"Reviewed by {ecg.reviewed.said.by}: {ecg.reviewed.said.words}")
    return "\n".join(lines)
