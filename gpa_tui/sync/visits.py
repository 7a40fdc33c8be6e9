"""A visit as an Encounter, what the patient needs as Flags, and the prep list as a QuestionnaireResponse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gpa_tui.records.appointment import Mode, Stage
from gpa_tui.records.event import AppointmentMoved, Event, NeedNoted
from gpa_tui.records.prep import PrepAnswer, PrepOutcome
from gpa_tui.session.day import Visit
from gpa_tui.session.prep_list import PrepList
from gpa_tui.sync.frame import Frame, Resource, begun, instant, resource_id, who

ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CLASS = {
    Mode.IN_PERSON: ("AMB", "ambulatory"),
    Mode.TELEPHONE: ("VR", "virtual"),
    Mode.VIDEO: ("VR", "virtual"),
    Mode.HOME: ("HH", "home health"),
}
STATUS = {
    Stage.ARRIVED: "arrived",
    Stage.IN_PREP: "triaged",
    Stage.READY: "triaged",
    Stage.WITH_GP: "in-progress",
    Stage.WRAP_UP: "in-progress",
    Stage.LEFT: "finished",
    Stage.CALL_DONE: "finished",
    Stage.VISITED: "finished",
    Stage.WALKED_OUT: "cancelled",
}
"""Of what has begun; a booked row has no Encounter."""
FLAG_CATEGORY = "http://terminology.hl7.org/CodeSystem/flag-category"


def encounter(frame: Frame, visit: Visit) -> Iterator[Resource]:
    """The visit, where it has begun."""
    status = STATUS.get(visit.stage)
    if status is None:
        return
    moved = [event for event in visit.events if isinstance(event.data, AppointmentMoved)]
    code, display = CLASS[visit.mode]
    made = begun("Encounter", frame.encounter_id, "Encounter")
    made |= {
        "status": status,
        "class": {"system": ACT, "code": code, "display": display},
        "subject": frame.subject,
        "period": {"start": instant(moved[0].done_at if moved else frame.row.start)},
    }
    if status in {"finished", "cancelled"} and moved:
        made["period"]["end"] = instant(moved[-1].done_at)
    if frame.row.id in frame.known:
        made["appointment"] = [{"reference": frame.known[frame.row.id]}]
    if frame.row.reason:
        made["reasonCode"] = [{"text": frame.row.reason}]
    yield made


def needs(frame: Frame, visit: Visit, events: Iterable[Event], struck: set[str]) -> Iterator[Resource]:
    """Each need that these note; one that holds no more is inactive."""
    held = {need.text.casefold() for need in visit.patient.needs}
    for event in events:
        if isinstance(event.data, NeedNoted):
            need = event.data.need
            made = begun("Flag", resource_id(event.id, "Flag"), "Flag")
            gone = need.text.casefold() not in held
            yield made | {
                "status": "entered-in-error" if event.id in struck else "inactive" if gone else "active",
                "category": [{"coding": [{"system": FLAG_CATEGORY, "code": "admin"}]}],
                "code": {"text": need.text},
                "subject": frame.subject,
                "encounter": frame.encounter,
                "period": {"start": instant(event.done_at)},
                "author": who(event.by),
            }


def answers(frame: Frame, visit: Visit, prep: PrepList, last: Event | None) -> Iterator[Resource]:
    """One response a list, with the version it was answered under; `last` is who answered last."""
    for template in prep.templates:
        given = [(item, prep.answer(visit, template, item)) for item in template.items]
        answered = [(item, answer) for item, answer in given if answer is not None]
        if not answered or last is None:
            continue
        made = begun(
            "QuestionnaireResponse",
            resource_id(frame.row.id, "QuestionnaireResponse", template.id),
            "QuestionnaireResponse",
        )
        yield made | {
            "questionnaire": f"urn:uuid:{resource_id(template.id, 'Questionnaire')}|{template.version}",
            "status": "completed" if len(answered) == len(given) else "in-progress",
            "subject": frame.subject,
            "encounter": frame.encounter,
            "authored": instant(last.done_at),
            "author": who(last.by),
            "item": [
                {"linkId": item.id, "text": item.text, "answer": [{"valueString": _words(answer)}]}
                for item, answer in answered
            ],
        }


def _words(answer: PrepAnswer) -> str:
    outcome = "" if answer.outcome is PrepOutcome.DONE else answer.outcome.value
    return ": ".join(part for part in (outcome, answer.value, answer.why) if part) or "done"
