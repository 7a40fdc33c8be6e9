"""What every act needs: who is acting where, the visit it is about, and the identity gate."""

from __future__ import annotations

from dataclasses import dataclass

from gpa_tui.errors import NotAllowed, Refused
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import AppointmentId, EventId
from gpa_tui.records.competency import Competency, Gate
from gpa_tui.records.event import AppointmentMoved, EscalationRaised, Event, KnownFact, Said
from gpa_tui.records.staff import Actor, StaffMember
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.roles import Act
from gpa_tui.session.stages import may_follow
from gpa_tui.text import plain_lines

IDENTITY_FIRST = "Check who this is first."


@dataclass(frozen=True, slots=True)
class Place:
    """One person, in the role they act in, at one terminal, and what they are not signed off for."""

    actor: Actor
    terminal: str
    asks: tuple[Competency, ...] = ()
    supervisors: tuple[StaffMember, ...] = ()  # whose direct supervision they could act under
    signers: tuple[StaffMember, ...] = ()  # who could sign them off

    @property
    def who_signs(self) -> str:
        """Who could, in words."""
        return ", ".join(one.name for one in self.signers) or "a supervisor"


def visit_of(day: Day, appointment: AppointmentId) -> Visit:
    """The visit. Raises `Refused` when it is not on this day's list."""
    visit = day.visits.get(appointment)
    if visit is None:
        raise Refused("That appointment is not on this list.", "Go back to the list and look again.")
    return visit


def about(visit: Visit, data: KnownFact, event: EventId | None = None) -> Said:
    """`data` said of this visit's appointment, patient and clinic."""
    row = visit.appointment
    return Said(data=data, clinic=row.clinic, appointment=row.id, patient=row.patient.id, about=event)


def require_identity(day: Day, place: Place, visit: Visit) -> None:
    """Raises `Refused` until this person checked who the patient is, since they last switched patient.

    And while the practice's server knows somebody else by this number: then nobody can tell whose it is.
    """
    if question := day.in_question(visit):
        raise Refused(question, "Settle it first: on the list, v shows it.")
    if not day.identity_checked(place.actor, place.terminal, visit.id):
        raise Refused(IDENTITY_FIRST, "Press i: ask for name and birth date, and type what they say.")


def lacking(day: Day, place: Place, appointment: AppointmentId, gate: Gate) -> list[Competency]:
    """What this person is not signed off for of what `gate` takes, unless it is done under supervision."""
    stated = day.supervised(place.actor, place.terminal, appointment)
    return [one for one in place.asks if gate in one.gates and one.id not in stated]


def require_signed_off(day: Day, place: Place, appointment: AppointmentId, gate: Gate, act: Act) -> None:
    """Raises `NotAllowed` where it is to be asked and not done: no sign-off, and nobody supervises."""
    asks = lacking(day, place, appointment, gate)
    if asks:
        raise NotAllowed(
            f"Ask: you are not signed off for {asks[0].title}.",
            f"{place.who_signs} can sign it off; or act under direct supervision.",
            act=act.value,
            appointment=appointment,
        )


def raised_with(entry: Event, escalation: Event) -> bool:
    """Whether one act raised this escalation with that entry, right after it: it stands and falls with it."""
    together = (escalation.origin, escalation.seq) == (entry.origin, entry.seq + 1)
    return together and isinstance(escalation.data, EscalationRaised) and escalation.data.with_entry


def carried_on(visit: Visit, *stages: tuple[Stage, Stage]) -> list[Said]:
    """The move that an act itself shows to have happened: `(from, to)` where the visit is at `from`."""
    return [
        about(visit, AppointmentMoved(was=was, to=to))
        for was, to in stages
        if visit.stage is was and to in may_follow(visit.mode, was)
    ]


def words(text: str) -> str:
    """What was typed, as it is kept: nothing that could steer a terminal, no blanks round it."""
    return plain_lines(text).strip()


def required_words(text: str, sentence: str) -> str:
    """`text` as it is kept. Raises `Refused` with `sentence` when nothing is left."""
    kept = words(text)
    if not kept:
        raise Refused(sentence)
    return kept
