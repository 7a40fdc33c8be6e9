"""Who did what to whom, as AuditEvents in the shape of IHE BALP: no content, no words of a note.

A safeguarding concern is a note here like who was in the room: nothing tells the one from the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gpa_tui.records.base import PatientId
from gpa_tui.records.event import (
    ActRefused,
    AppointmentListed,
    BackgroundNoted,
    CapacityNoted,
    ChaperoneRecorded,
    EntryStruck,
    Event,
    Exported,
    InterpreterRecorded,
    LogSearched,
    LogViewed,
    NeedEnded,
    NeedNoted,
    PatientCarried,
    PresentRecorded,
    Printed,
    RecordViewed,
    SafeguardingRaised,
    SignInClosed,
    SignInLocked,
    SignInOpened,
    SignInRefusedFact,
    SignInUnlocked,
)
from gpa_tui.records.fact import Fact
from gpa_tui.records.staff import DEVICE
from gpa_tui.session.day import Day
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
        if event.by.staff != DEVICE and not isinstance(event.data, _OURS):
            yield _audit_event(event, frame)


def audit_log(day: Day, entries: Iterable[Event]) -> Iterator[Resource]:
    """One for each of these entries, whoever made it and whatever it is about: the whole log of a date."""
    by_patient = {visit.appointment.patient.id: visit.appointment for visit in reversed(day.rows)}
    for event in entries:
        visit = day.visits.get(event.appointment) if event.appointment else None
        row = visit.appointment if visit else by_patient.get(event.patient or PatientId(""))
        yield _audit_event(event, Frame(row) if row is not None else None)


def _audit_event(event: Event, frame: Frame | None) -> Resource:
    """What happened, as one of the standard's kinds where there is one (DICOM PS3.16, CID 400)."""
    action, interaction = _action(event)
    kind = next((code for kinds, code in _DICOM if isinstance(event.data, kinds)), None)
    refused = isinstance(event.data, ActRefused | SignInRefusedFact)
    what = "note" if isinstance(event.data, NOTES) else event.kind
    entity: Resource = {"description": what}
    if frame is not None:
        entity = {
            "what": frame.subject,
            "type": {"system": OBJECT_TYPE, "code": "1"},
            "role": {"system": OBJECT_ROLE, "code": "1"},
            "description": what,
        }
    made = begun("AuditEvent", resource_id(event.id, "AuditEvent"), "AuditEvent")
    return made | {
        "type": {"system": DCM, "code": kind} if kind else TYPE,
        **({} if kind else {"subtype": [{"system": SUBTYPE, "code": interaction}]}),
        "action": "E" if kind else action,
        "recorded": instant(event.at),
        "outcome": "4" if refused else "0",
        "agent": [
            {
                "type": {"coding": [{"system": AGENT_TYPE, "code": "humanuser"}]},
                "who": who(event.by),
                "requestor": event.by.staff != DEVICE,
                "network": {"address": event.terminal, "type": "1"},
            }
        ],
        "source": {"observer": {"display": "gpa-tui"}},
        "entity": [entity],
    }


DCM = "http://dicom.nema.org/resources/ontology/DCM"
_DICOM: tuple[tuple[tuple[type[Fact], ...], str], ...] = (
    (
        (SignInOpened, SignInUnlocked, SignInRefusedFact, SignInClosed, SignInLocked),
        "110114",
    ),  # User Authentication
    ((LogViewed,), "110101"),  # Audit Log Used
    ((LogSearched,), "110112"),  # Query
    ((Exported, Printed), "110106"),  # Export
)


def _action(event: Event) -> tuple[str, str]:
    """The action's letter, and which interaction it is like."""
    if isinstance(event.data, RecordViewed):
        return "R", "read"
    if isinstance(event.data, EntryStruck):
        return "U", "update"
    return "C", "create"
