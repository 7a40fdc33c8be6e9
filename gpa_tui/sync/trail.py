"""Who did what to whom, as AuditEvents in the shape of IHE BALP: no content, no words of a note.

A safeguarding concern is a note here like who was in the room: nothing tells the one from the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gpa_tui.records.event import (
    ActRefused,
    AppointmentListed,
    BackgroundNoted,
    CapacityNoted,
    ChaperoneRecorded,
    EntryStruck,
    Event,
    InterpreterRecorded,
    NeedEnded,
    NeedNoted,
    PatientCarried,
    PresentRecorded,
    RecordViewed,
    SafeguardingRaised,
)
from gpa_tui.records.staff import DEVICE
from gpa_tui.sync.frame import Frame, Resource, begun, instant, resource_id, who

TYPE = {"system": "http://terminology.hl7.org/CodeSystem/audit-event-type", "code": "rest"}
SUBTYPE = "http://hl7.org/fhir/restful-interaction"
OBJECT_TYPE = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
OBJECT_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
AGENT_TYPE = "http://terminology.hl7.org/CodeSystem/extra-security-role-type"
NOTES = (
    *(SafeguardingRaised, PresentRecorded, ChaperoneRecorded, InterpreterRecorded, CapacityNoted),
    *(NeedNoted, NeedEnded, BackgroundNoted),
)
_OURS = (AppointmentListed, PatientCarried)
"""What the machine says to itself."""


def audit(frame: Frame, events: Iterable[Event]) -> Iterator[Resource]:
    """One for each entry about this patient that a person made."""
    for event in events:
        if event.by.staff == DEVICE or isinstance(event.data, _OURS):
            continue
        action, interaction = _action(event)
        refused = isinstance(event.data, ActRefused)
        yield begun("AuditEvent", resource_id(event.id, "AuditEvent"), "AuditEvent") | {
            "type": TYPE,
            "subtype": [{"system": SUBTYPE, "code": interaction}],
            "action": action,
            "recorded": instant(event.at),
            "outcome": "4" if refused else "0",
            "agent": [
                {
                    "type": {"coding": [{"system": AGENT_TYPE, "code": "humanuser"}]},
                    "who": who(event.by),
                    "requestor": True,
                    "network": {"address": event.terminal, "type": "1"},
                }
            ],
            "source": {"observer": {"display": "gpa-tui"}},
            "entity": [
                {
                    "what": frame.subject,
                    "type": {"system": OBJECT_TYPE, "code": "1"},
                    "role": {"system": OBJECT_ROLE, "code": "1"},
                    "description": "note" if isinstance(event.data, NOTES) else event.kind,
                }
            ],
        }


def _action(event: Event) -> tuple[str, str]:
    """The action's letter, and which interaction it is like."""
    if isinstance(event.data, RecordViewed):
        return "R", "read"
    if isinstance(event.data, EntryStruck):
        return "U", "update"
    return "C", "create"
