"""Acts that mend the record: an entry is struck, or moved to the right patient. Both stay to be seen."""

from __future__ import annotations

from collections.abc import Sequence

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import AppointmentId, EventId
from gpa_tui.records.event import Event, KnownFact, Said
from gpa_tui.session.acts.common import Place, about, required_words, visit_of
from gpa_tui.session.acts.observe import raised_by, scored
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.roles import Act, require

MOVABLE = (
    facts.PrepAnswered,
    facts.ObservationRecorded,
    facts.EscalationRaised,
    facts.PlanGiven,
    facts.PlanWorded,
    facts.SafetyNetGiven,
    facts.PresentRecorded,
    facts.ChaperoneRecorded,
    facts.CapacityNoted,
    facts.NeedNoted,
    facts.SafeguardingRaised,
)
"""What can be re-entered elsewhere; a release or a teach-back, of one wording and patient, is only struck."""
STRUCK_ALONE = (facts.PlanReleased, facts.PlanTaught, facts.IdentityChecked)
LEAVING = ("exported", "printed", "copied", "handout.made")


def mine_here(day: Day, place: Place, appointment: AppointmentId) -> list[Event]:
    """What this person has entered in one record at any terminal, and is not struck: what can be moved."""
    return [
        event
        for event in visit_of(day, appointment).events
        if event.by.staff == place.actor.staff
        and isinstance(event.data, MOVABLE)
        and event.id not in day.struck
    ]


def left_since(day: Day, events: Sequence[Event]) -> list[Event]:
    """What had left the store with these entries in it: since the first of them, of this day."""
    first = min(event.order for event in events)
    return [event for event in day.events if event.kind in LEAVING and event.order > first]


def strike(day: Day, place: Place, appointment: AppointmentId, entry: EventId, why: str) -> list[Said]:
    """One's own entry no longer counts, with the reason."""
    require(place.actor, Act.MEND, appointment)
    visit = visit_of(day, appointment)
    event = _own(day, place, visit, entry, (*MOVABLE, *STRUCK_ALONE))
    reason = required_words(why, "Say why this entry is struck.")
    return [about(visit, facts.EntryStruck(why=reason), event.id)]


def move_entries(
    day: Day, place: Place, appointment: AppointmentId, to: AppointmentId, entries: Sequence[EventId]
) -> list[Said]:
    """Entries in the wrong record are struck there and re-entered in the record of `to`, in one act.

    Observations are scored anew for the patient they belong to, and raise what they raise there.
    """
    require(place.actor, Act.MEND, appointment)
    visit, target = visit_of(day, appointment), visit_of(day, to)
    if visit.id == target.id:
        raise Refused("That is the record they are in.")
    if not entries:
        raise Refused("There is nothing of yours here to move.")
    found = [_own(day, place, visit, entry, MOVABLE) for entry in entries]
    raised = {one for event in found for one in _raised_with(visit, event)}
    why = f"wrong patient: moved to {target.appointment.patient.name.listed}"
    struck = dict.fromkeys([*(event.id for event in found), *raised])
    here = facts.EntryMoved(from_appointment=visit.id, from_name=visit.appointment.patient.name.listed)
    said = [about(visit, facts.EntryStruck(why=why), entry) for entry in struck]
    for event in found:
        if event.id not in raised:
            said.append(about(target, here, event.id))
            said += _again(day, target, event)
    return said


def _again(day: Day, target: Visit, event: Event) -> list[Said]:
    data = event.data
    if isinstance(data, facts.ObservationRecorded):
        pregnant = "pregnan" in data.observations.score.not_scored
        score = scored(day, target, data.observations.readings, pregnant)
        moved = data.observations.model_copy(update={"score": score})
        return [
            about(target, facts.ObservationRecorded(observations=moved)),
            *(about(target, one) for one in raised_by(score)),
        ]
    assert isinstance(data, KnownFact)
    return [about(target, data)]


def _raised_with(visit: Visit, event: Event) -> list[EventId]:
    """The escalation that a set of observations raised in the same act."""
    if not isinstance(event.data, facts.ObservationRecorded):
        return []
    raised = raised_by(event.data.observations.score)
    return [
        other.id
        for other in visit.events
        if other.data in raised and (other.origin, other.seq) == (event.origin, event.seq + 1)
    ]


def _own(day: Day, place: Place, visit: Visit, entry: EventId, kinds: tuple[type[facts.Fact], ...]) -> Event:
    event = next((one for one in visit.events if one.id == entry), None)
    if event is None or not isinstance(event.data, kinds):
        raise Refused("That entry cannot be mended here.", "Put the cursor on an entry of your own.")
    if event.id in day.struck:
        raise Refused("That entry is struck already.")
    if event.by.staff != place.actor.staff:
        raise Refused(f"That entry is {event.by.name}'s.", f"Ask {event.by.name}; only they can mend it.")
    return event
