"""Who is signed off for what. Sign-offs live in the standing journal. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from gpa_tui.errors import NotAllowed, Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import EventId, StaffId
from gpa_tui.records.competency import Competency, CompetencyList
from gpa_tui.records.event import Event, Said
from gpa_tui.records.staff import Role, StaffMember
from gpa_tui.session.acts.common import Place, required_words
from gpa_tui.session.roles import Act, require

if TYPE_CHECKING:
    from gpa_tui.session.standing import Standing

SUPERVISING = frozenset({Role.CLINICIAN, Role.SUPERVISOR})
"""Under whose eyes a task may be done that one is not signed off for."""


@dataclass(frozen=True, slots=True)
class SignedOff:
    """One sign-off that stands. `expires` is the last day on which it holds; None: it does not end.

    `evidence`: the visits that had been gathered for it. `at`: when it was written.
    """

    on: date
    expires: date | None
    by: str
    words: str
    evidence: tuple[EventId, ...] = ()
    at: datetime | None = None

    def holds(self, today: date) -> bool:
        return self.expires is None or today <= self.expires


SignOffs = Mapping[str, SignedOff]
"""One person's, by the competency's id."""


def fold_sign_off(signed: dict[StaffId, dict[str, SignedOff]], event: Event) -> None:
    """Take one event of a sign-off into `signed`. Never raises."""
    match event.data:
        case facts.CompetencySigned(staff=staff, competency=competency) as said:
            signed.setdefault(staff, {})[competency] = SignedOff(
                said.on, said.expires, event.by.name, said.words, said.evidence, event.at
            )
        case facts.CompetencyWithdrawn(staff=staff, competency=competency):
            signed.get(staff, {}).pop(competency, None)


def asks(competencies: Iterable[Competency], held: SignOffs, today: date) -> tuple[Competency, ...]:
    """What somebody with these sign-offs must ask for before doing it."""
    return tuple(one for one in competencies if one.id not in held or not held[one.id].holds(today))


def at_work(place: Place, standing: Standing, competencies: CompetencyList, today: date) -> Place:
    """`place`, with what the person there is not signed off for. Only who acts as a GPA has to be."""
    if place.actor.role is not Role.GPA:
        return place
    here = [
        person.member
        for person in standing.people.values()
        if not person.left and person.member.id != place.actor.staff
    ]
    return Place(
        place.actor,
        place.terminal,
        asks=asks(competencies.competency, standing.signed.get(place.actor.staff, {}), today),
        supervisors=tuple(member for member in here if SUPERVISING & set(member.roles)),
        signers=tuple(member for member in here if Role.SUPERVISOR in member.roles),
    )


def listed(competencies: CompetencyList) -> facts.CompetenciesListed:
    """What is recorded of the list that holds."""
    return facts.CompetenciesListed(
        version=competencies.version,
        owner=competencies.owner,
        sha256=competencies.sha256,
        gated=sum(bool(one.gates) for one in competencies.competency),
    )


# ── acts ──────────────────────────────────────────────────────────────────────────────────────


def sign_off(
    place: Place,
    member: StaffMember,
    competency: Competency,
    on: date,
    expires: date | None,
    text: str,
    *,
    today: date,
    evidence: Sequence[EventId] = (),
) -> list[Said]:
    """A supervisor has seen that somebody can do this: when, till when, in their words, on what evidence."""
    _require_another(place, member)
    if on > today:
        raise Refused("A sign-off cannot be of a day that is still to come.")
    if expires is not None and expires < today:
        raise Refused("It would have expired already.", "Give a later date, or none.")
    kept = required_words(text, "Say in a few words what you saw.")
    return [
        Said(
            data=facts.CompetencySigned(
                staff=member.id,
                name=member.name,
                competency=competency.id,
                title=competency.title,
                on=on,
                expires=expires,
                words=kept,
                evidence=tuple(evidence),
            )
        )
    ]


def withdraw(
    place: Place, member: StaffMember, competency: Competency, held: SignOffs, why: str
) -> list[Said]:
    """A sign-off no longer holds; the reason stays."""
    _require_another(place, member)
    if competency.id not in held:
        raise Refused(f"{member.name} is not signed off for {competency.title}.")
    return [
        Said(
            data=facts.CompetencyWithdrawn(
                staff=member.id,
                name=member.name,
                competency=competency.id,
                title=competency.title,
                why=required_words(why, "Say why it no longer holds."),
            )
        )
    ]


def _require_another(place: Place, member: StaffMember) -> None:
    require(place.actor, Act.SIGN_OFF)
    if member.id == place.actor.staff:
        raise NotAllowed("Nobody signs themselves off.", "Another supervisor can.", act=Act.SIGN_OFF.value)
