"""Acts of escalating: raised, told or heard, and on whose screen it was."""

from __future__ import annotations

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import AppointmentId, EventId
from gpa_tui.records.event import Said
from gpa_tui.session.acts.common import Place, about, required_words, visit_of, words
from gpa_tui.session.day import Day, Escalation, Visit
from gpa_tui.session.roles import Act, require

NO_WORDS = "asks for the GP now"


def escalate(
    day: Day, place: Place, appointment: AppointmentId, because: str = "", told: str = ""
) -> list[Said]:
    """Somebody is worried, and need not say more. It stays open until it is heard."""
    require(place.actor, Act.ESCALATE, appointment)
    visit = visit_of(day, appointment)
    return [about(visit, facts.EscalationRaised(because=words(because) or NO_WORDS, told=words(told)))]


def tell(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    escalation: EventId,
    told: str,
    *,
    nobody: bool = False,
) -> list[Said]:
    """Whom they told, and how; or, with `nobody`, why nobody was told."""
    require(place.actor, Act.ESCALATE, appointment)
    visit, found = _escalation(day, appointment, escalation)
    if not found.open:
        whom = f"heard by {found.heard_by}" if found.heard_by else f"answered already: {found.told}"
        raise Refused(f"That escalation is {whom}.")
    sentence = "Say why nobody was told." if nobody else "Say whom you told, or why nobody was told."
    return [
        about(visit, facts.EscalationTold(told=required_words(told, sentence), nobody=nobody), escalation)
    ]


def acknowledge(day: Day, place: Place, appointment: AppointmentId, escalation: EventId) -> list[Said]:
    """A clinician has heard it, at their own terminal. Raises `Refused` when somebody has already."""
    require(place.actor, Act.ACKNOWLEDGE, appointment)
    visit, found = _escalation(day, appointment, escalation)
    if found.heard_by:
        raise Refused(f"{found.heard_by} has heard this already.")
    return [about(visit, facts.EscalationAcknowledged(), escalation)]


def show_escalation(
    day: Day, place: Place, appointment: AppointmentId, escalation: EventId, who: str
) -> list[Said]:
    """The machine notes that it stands on the screen where `who` is signed in; once for each of them."""
    require(place.actor, Act.SHOW_ESCALATION, appointment)
    visit, found = _escalation(day, appointment, escalation)
    if any((one.who, one.terminal, one.gone) == (who, place.terminal, False) for one in found.seen):
        return []
    return [about(visit, facts.EscalationSeen(who=who, terminal=place.terminal), escalation)]


def show_call_card(day: Day, place: Place, appointment: AppointmentId) -> list[Said]:
    """What an ambulance call asks for is read from the screen; the reading is recorded."""
    require(place.actor, Act.ESCALATE, appointment)
    return [about(visit_of(day, appointment), facts.CallCardShown())]


def _escalation(day: Day, appointment: AppointmentId, escalation: EventId) -> tuple[Visit, Escalation]:
    visit = visit_of(day, appointment)
    found = visit.escalations.get(escalation)
    if found is None:
        raise Refused("That escalation is not in this record.")
    return visit, found
