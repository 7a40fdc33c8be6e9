"""Acts of preparing a patient: which list, its answers, and handing over to the GP."""

from __future__ import annotations

from collections.abc import Sequence

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.competency import Gate
from gpa_tui.records.event import Said
from gpa_tui.records.prep import AnswerKind, PrepAnswer, PrepItem, PrepOutcome, PrepTemplate, is_whole_number
from gpa_tui.session.acts.common import (
    Place,
    about,
    carried_on,
    require_identity,
    require_signed_off,
    required_words,
    visit_of,
    words,
)
from gpa_tui.session.day import Day
from gpa_tui.session.prep_list import PrepList
from gpa_tui.session.roles import Act, require

_BEGUN = ((Stage.ARRIVED, Stage.IN_PREP), (Stage.BOOKED, Stage.IN_PREP))


def choose_template(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    template: PrepTemplate,
    *,
    beside: Sequence[PrepTemplate] = (),
) -> list[Said]:
    """Another prep list for this visit, in the place of those there or `beside` them; answers stay."""
    require(place.actor, Act.PREPARE, appointment)
    visit = visit_of(day, appointment)
    kept = [one for one in beside if one.id != template.id]
    return [
        about(visit, facts.PrepTemplateChosen(template=one.id, title=one.title, added=number > 0))
        for number, one in enumerate((*kept, template))
    ]


def answer(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    template: PrepTemplate,
    item: PrepItem,
    outcome: PrepOutcome,
    *,
    value: str = "",
    why: str = "",
) -> list[Said]:
    """One item is answered. `unable` needs a reason; a stop answer raises the GP in the same act."""
    require(place.actor, Act.PREPARE, appointment)
    visit = visit_of(day, appointment)
    require_signed_off(day, place, appointment, Gate.PREP, Act.PREPARE)
    require_identity(day, place, visit)
    if outcome is PrepOutcome.UNABLE:
        required_words(why, "Say why it could not be done.")
    if outcome is PrepOutcome.DONE:
        _require_answer(item, value)
    given = PrepAnswer(
        template=template.id,
        template_version=template.version,
        item=item.id,
        text=item.text,
        outcome=outcome,
        value=words(value),
        why=words(why),
        known=item.known,
    )
    said = [*carried_on(visit, *_BEGUN), about(visit, facts.PrepAnswered(answer=given))]
    if outcome is PrepOutcome.DONE and item.stopped_by(value):
        said.append(about(visit, facts.EscalationRaised(because=f"{item.text}: {value}", with_entry=True)))
    return said


def _require_answer(item: PrepItem, value: str) -> None:
    """Raises `Refused` for an answer that the item does not take."""
    match item.kind:
        case AnswerKind.CHOICE if value not in item.choices:
            raise Refused(f"Answer {' or '.join(item.choices)}.")
        case AnswerKind.LIST if len(item.parts(value)) > (item.most or 0):
            raise Refused(
                f"{item.text}: {item.most} at most, with ; between them.", "What matters most to them first."
            )
        case AnswerKind.MEASURED:
            raise Refused(f"{item.text} is measured.", "Enter takes it as an observation.")
        case AnswerKind.NUMBER:
            assert item.least is not None, "a number has its limits"
            assert item.most is not None, "a number has its limits"
            if not is_whole_number(value) or not item.least <= int(value) <= item.most:
                raise Refused(f"{item.text}: a whole number, {item.least} to {item.most} {item.unit}.")


def hand_over(
    day: Day, place: Place, appointment: AppointmentId, prep: PrepList, why_gaps_stand: str = ""
) -> list[Said]:
    """The patient is ready for the GP. Open items are named and may stand with a reason."""
    require(place.actor, Act.PREPARE, appointment)
    visit = visit_of(day, appointment)
    require_identity(day, place, visit)
    if visit.stage not in {Stage.ARRIVED, Stage.IN_PREP}:
        raise Refused(
            f"{visit.appointment.patient.name.listed} is {visit.stage.value}: nothing to hand over."
        )
    gaps = tuple(item.text for item in prep.open_items(visit))
    why = words(why_gaps_stand) if gaps else ""
    if gaps and not why:
        raise Refused(f"{len(gaps)} prep items are open.", "Say why they may stand.")
    return [
        about(visit, facts.PrepHandedOver(gaps=gaps, why_gaps_stand=why)),
        about(visit, facts.AppointmentMoved(was=visit.stage, to=Stage.READY)),
    ]
