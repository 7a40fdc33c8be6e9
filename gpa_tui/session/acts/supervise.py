"""Acts of working under somebody's eyes."""

from __future__ import annotations

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import AppointmentId, StaffId
from gpa_tui.records.competency import Gate
from gpa_tui.records.event import Said
from gpa_tui.session.acts.common import Place, about, lacking, require_signed_off, visit_of
from gpa_tui.session.day import Day
from gpa_tui.session.roles import Act, require

GATED: dict[Gate, Act] = {
    Gate.PREP: Act.PREPARE,
    Gate.OBSERVATIONS: Act.OBSERVE,
    Gate.ECG: Act.ECG,
    Gate.PLAN: Act.WORD_PLAN,
}


def attempt(day: Day, place: Place, appointment: AppointmentId, gate: Gate) -> list[Said]:
    """Nothing is said where they may do it. Raises `NotAllowed`, which is recorded, where they may not."""
    require(place.actor, GATED[gate], appointment)
    visit_of(day, appointment)
    require_signed_off(day, place, appointment, gate, GATED[gate])
    return []


def state_supervision(
    day: Day, place: Place, appointment: AppointmentId, gate: Gate, supervisor: StaffId
) -> list[Said]:
    """Somebody who may supervise stands beside them: it holds for this patient, till they switch."""
    require(place.actor, GATED[gate], appointment)
    visit = visit_of(day, appointment)
    found = next((member for member in place.supervisors if member.id == supervisor), None)
    if found is None:
        raise Refused("That person cannot supervise.", "A clinician or a supervisor of the practice can.")
    missing = lacking(day, place, appointment, gate)
    if not missing:
        raise Refused("You are signed off for this, or supervised already.")
    return [
        about(
            visit,
            facts.SupervisionStated(
                supervisor=found.id,
                supervisor_name=found.name,
                competencies=tuple(one.id for one in missing),
                titles=tuple(one.title for one in missing),
            ),
        )
    ]
