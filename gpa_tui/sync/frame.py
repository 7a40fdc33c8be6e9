"""What every resource has: its id, whose it is, who did it; and how codes and quantities are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from gpa_tui.records.appointment import Appointment
from gpa_tui.records.event import Event
from gpa_tui.records.staff import Actor
from gpa_tui.sync.codes import NHS_NUMBER, PROFILE, UCUM, UUID_SYSTEM, Coding

Resource = dict[str, Any]
OURS = UUID("6f1c3f6e-6d5b-5a57-9d5f-3a3c5b1f2e10")
"""The name space of the ids of what this program makes; it never changes."""


def resource_id(of: str, kind: str, part: str = "") -> str:
    """The same event, kind and part always give the same id: what is sent twice is there once."""
    return str(uuid5(OURS, f"{of}/{kind}/{part}"))


@dataclass(frozen=True, slots=True)
class Frame:
    """One visit, as resources refer to it. `known`: references that the server has given, by our id."""

    row: Appointment
    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def subject(self) -> Resource:
        """The patient: as the server knows them, else by NHS number; else by name alone."""
        patient = self.row.patient
        if patient.id in self.known:
            return {"reference": self.known[patient.id]}
        found: Resource = {"type": "Patient", "display": patient.name.listed}
        if patient.nhs_number:
            found["identifier"] = {"system": NHS_NUMBER, "value": patient.nhs_number}
        return found

    @property
    def encounter_id(self) -> str:
        return resource_id(self.row.id, "Encounter")

    @property
    def encounter(self) -> Resource:
        return {"reference": f"Encounter/{self.encounter_id}"}


def begun(kind: str, id_: str, profile: str = "") -> Resource:
    """A resource with its id, also as an identifier: a server that gives ids of its own still finds it."""
    found: Resource = {"resourceType": kind, "id": id_}
    if profile:
        found["meta"] = {"profile": [PROFILE + profile]}
    identifier = {"system": UUID_SYSTEM, "value": f"urn:uuid:{id_}"}
    if kind not in WITHOUT_IDENTIFIER:
        found["identifier"] = identifier if kind in _ONE_IDENTIFIER else [identifier]
    return found


WITHOUT_IDENTIFIER = frozenset({"AuditEvent", "Provenance"})
_ONE_IDENTIFIER = frozenset({"QuestionnaireResponse"})


def who(actor: Actor) -> Resource:
    """A person of the staff, in words: the server need not know them."""
    return {"type": "Practitioner", "display": f"{actor.name} ({actor.role.label})"}


AGENT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"


def provenance(target: str, author: str, event: Event, on_behalf_of: str = "") -> Resource:
    """That whoever made `event` wrote down what `author` said."""
    agents: list[Resource] = [
        {
            "type": {"coding": [{"system": AGENT, "code": "author"}]},
            "who": {"type": "Practitioner", "display": author},
        },
        {
            "type": {"coding": [{"system": AGENT, "code": "enterer"}]},
            "who": who(event.by),
            "onBehalfOf": {"type": "Practitioner", "display": on_behalf_of or author},
        },
    ]
    made = begun("Provenance", resource_id(event.id, "Provenance"), "Provenance")
    return made | {"target": [{"reference": target}], "recorded": instant(event.at), "agent": agents}


def from_paper(made: Iterable[Resource], *events: Event | None) -> Iterator[Resource]:
    """The same resources; where one of these entries was typed from paper, with the tag that says so."""
    typed = any(event is not None and event.on_paper is not None for event in events)
    for one in made:
        yield {**one, "meta": {**one.get("meta", {}), "tag": [PAPER]}} if typed else one


PAPER = {"code": "paper", "display": "Typed from paper"}


def concept(codings: Iterable[Coding], text: str) -> Resource:
    found = [{"system": system, "code": code, "display": display} for system, code, display in codings]
    return {**({"coding": found} if found else {}), "text": text}


def quantity(number: int, decimals: int, unit: str, ucum: str) -> Resource:
    """A whole number, the last `decimals` of its digits behind the point; exact."""
    value = Decimal(number).scaleb(-decimals)
    shown = int(value) if value == value.to_integral_value() else float(value)
    return {"value": shown, "unit": unit, "system": UCUM, "code": ucum}


def instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
