"""What outlives a day, as folding the standing journal gives it: people, keys, anchors. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gpa_tui.records import event as facts
from gpa_tui.records.base import EventId, StaffId
from gpa_tui.records.event import Event
from gpa_tui.records.staff import DEVICE, Actor, PublicKeys, Role, StaffMember
from gpa_tui.session.carry import Carried
from gpa_tui.session.competence import SignedOff, fold_sign_off
from gpa_tui.session.phrases import fold_phrase
from gpa_tui.session.portfolio import ABOUT_PORTFOLIOS, Portfolios, fold_portfolio
from gpa_tui.session.review import ABOUT_REVIEWS, Reviews, fold_review
from gpa_tui.session.tasks import Task, fold_task
from gpa_tui.store.vault import Roster, slot_print

ABOUT_KEYS = (
    *(facts.StaffAdded, facts.StaffChanged, facts.StaffLeft, facts.KeysReplaced, facts.EpochBegun),
    *(facts.ServiceKeySet, facts.HostPaired, facts.HostUnpaired),
)
"""What decides who may sign in, whose entries count and with which keys: only an administrator says it."""
ABOUT_SIGN_OFFS = (facts.CompetencySigned, facts.CompetencyWithdrawn)
"""What decides who may do what alone: only another person, as a supervisor, says it."""
SHARED = (
    *(facts.TaskAsked, facts.TaskAccepted, facts.TaskReassigned, facts.TaskDone, facts.TaskDropped),
    *(facts.TaskReopened, facts.TaskAnswerSeen, facts.ClaimLost, facts.PatientCarried, facts.DayLeftOpen),
    *ABOUT_REVIEWS,
    *ABOUT_PORTFOLIOS,
)
"""What all stores of a practice say of the same."""
ABOUT_PEOPLE = ABOUT_KEYS + ABOUT_SIGN_OFFS
"""What counts only with the signature of whoever says it."""


@dataclass(slots=True)
class Person:
    """Somebody who acts or has acted, with the keys they sign with and signed with before."""

    member: StaffMember
    keys: PublicKeys
    since: datetime  # when the present keys began to hold
    former: list[tuple[PublicKeys, datetime]] = field(default_factory=list)  # with when each ended
    known_as: set[tuple[str, Role]] = field(default_factory=set)  # every name and role they ever had
    left: bool = False
    left_at: datetime | None = None
    slot: str = ""  # SHA-256 of what their passphrase closes, once they have changed it

    def take(self, member: StaffMember) -> None:
        """They are called so, and have these roles, from now on."""
        self.member = member
        self.known_as |= {(member.name, role) for role in member.roles}


@dataclass(slots=True)
class Standing:
    """All that is known beside the days. Only `fold` changes it."""

    people: dict[StaffId, Person] = field(default_factory=dict)
    epochs: dict[int, facts.EpochBegun] = field(default_factory=dict)
    service: str = ""  # the public half of the sync service's key; empty where there is none
    hosts: dict[str, facts.HostPaired] = field(default_factory=dict)  # the other stores, by origin
    unpaired: set[str] = field(default_factory=set)  # those of them that somebody here has let go of
    anchors: dict[str, tuple[int, str]] = field(default_factory=dict)  # by journal, the furthest
    irregular: list[str] = field(default_factory=list)  # what was said by somebody who may not
    tasks: dict[EventId, Task] = field(default_factory=dict)
    reviews: Reviews = field(default_factory=dict)  # of sessions, by date
    portfolios: Portfolios = field(default_factory=Portfolios)
    phrases: dict[StaffId, list[str]] = field(default_factory=dict)
    carried: Carried = field(default_factory=Carried)
    signed: dict[StaffId, dict[str, SignedOff]] = field(default_factory=dict)  # by competency
    competencies: facts.CompetenciesListed | None = None  # the list that holds
    events: list[Event] = field(default_factory=list)
    shared: list[Event] = field(default_factory=list)  # what other stores say too, in order

    @property
    def devices(self) -> list[PublicKeys]:
        return [epoch.device for epoch in self.epochs.values()]

    def keys_of(self, staff: StaffId) -> list[PublicKeys]:
        """The keys that this person, or the machine, signs with now."""
        if staff == DEVICE:
            return self.devices
        person = self.people.get(staff)
        return [person.keys] if person is not None else []


def fold(standing: Standing, event: Event) -> None:
    """Take one event, later than all before it, into `standing`. Never raises."""
    standing.events.append(event)
    fold_phrase(standing.phrases, event)
    if isinstance(event.data, SHARED):
        fold_shared(standing, [event])
    if isinstance(event.data, facts.CompetenciesListed):
        standing.competencies = event.data
    if isinstance(event.data, facts.HeadAnchored):
        anchor = (event.data.n, event.data.hash)
        standing.anchors[event.data.journal] = max(anchor, standing.anchors.get(event.data.journal, anchor))
    elif isinstance(event.data, facts.ReviewSigned):
        name, anchor = event.data.on.isoformat(), (event.data.n, event.data.hash)
        standing.anchors[name] = max(anchor, standing.anchors.get(name, anchor))
    elif isinstance(event.data, facts.PassphraseChanged) and event.by.staff in standing.people:
        standing.people[event.by.staff].slot = event.data.slot
    elif isinstance(event.data, ABOUT_PEOPLE):
        if may_say(standing, event):
            _of_people(standing, event)
            fold_sign_off(standing.signed, event)
        else:
            standing.irregular.append(
                f"entry {event.seq} of the standing journal, {event.data.says} by {event.by.name}, "
                "is not for them to say and does not count"
            )


def fold_others(standing: Standing, events: Sequence[Event]) -> None:
    """Take what another store says of tasks, and of patients on earlier days: its people are its own."""
    theirs = sorted((one for one in events if isinstance(one.data, SHARED)), key=lambda one: one.order)
    standing.events += theirs
    standing.events.sort(key=lambda event: event.at)  # own ones keep their order: their time never goes back
    fold_shared(standing, theirs)


def fold_shared(standing: Standing, events: Sequence[Event]) -> None:
    """What several stores say is taken in its order, whichever came first."""
    late = standing.shared and events and min(one.order for one in events) < standing.shared[-1].order
    standing.shared += events
    if late:
        standing.shared.sort(key=lambda event: event.order)
        standing.tasks.clear()
        standing.reviews.clear()
        standing.portfolios.clear()
        standing.carried.forget()
        events = standing.shared
    for event in events:
        fold_task(standing.tasks, event)
        fold_review(standing.reviews, event)
        fold_portfolio(standing.portfolios, event)
        standing.carried.take(event)


def may_say(standing: Standing, event: Event) -> bool:
    """Whether this of people and keys counts: at the founding, an administrator's, or by the printed code."""
    if isinstance(event.data, ABOUT_SIGN_OFFS):
        own = event.data.staff == event.by.staff
        return event.by.role is Role.SUPERVISOR and _has(standing, event.by, Role.SUPERVISOR) and not own
    if not standing.epochs:
        return True
    if isinstance(event.data, facts.StaffAdded) and event.data.member.id in standing.people:
        return False
    if isinstance(event.data, facts.KeysReplaced) and event.by.role is Role.DEVICE:
        return event.data.why == "recovery code"
    if isinstance(event.data, facts.HostPaired) and event.by.role is Role.DEVICE:  # named by one that counts
        return event.data.vouched_by in standing.hosts
    return _has(standing, event.by, Role.ADMINISTRATOR)


def _has(standing: Standing, actor: Actor, role: Role) -> bool:
    person = standing.people.get(actor.staff)
    return person is not None and not person.left and role in person.member.roles


def _of_people(standing: Standing, event: Event) -> None:
    match event.data:
        case facts.StaffAdded(member=member, keys=keys):
            person = standing.people[member.id] = Person(member, keys, event.at)
            person.take(member)
        case facts.StaffChanged(member=member) if member.id in standing.people:
            standing.people[member.id].take(member)
        case facts.StaffLeft(staff=staff) if staff in standing.people:
            person = standing.people[staff]
            person.left, person.left_at = True, event.at
        case facts.KeysReplaced(staff=staff, keys=keys) if staff in standing.people:
            person = standing.people[staff]
            person.former.insert(0, (person.keys, event.at))
            person.keys, person.since, person.slot = keys, event.at, ""
        case facts.EpochBegun():
            standing.epochs[event.data.number] = event.data
        case facts.ServiceKeySet(box=box):
            standing.service = box
        case facts.HostPaired(origin=origin):
            standing.hosts[origin] = event.data
            standing.unpaired.discard(origin)
        case facts.HostUnpaired(origin=origin):
            standing.hosts.pop(origin, None)
            standing.unpaired.add(origin)


def differing(standing: Standing, roster: Roster) -> Iterator[str]:
    """What `keys.json` says other of people and keys than was recorded, a clause each."""
    for entry in roster.staff:
        person = standing.people.get(entry.member.id)
        former = tuple(keys for keys, _ in person.former) if person is not None else ()
        if (
            person is None
            or (person.member, person.keys, person.left, former)
            != (
                entry.member,
                entry.keys,
                entry.slot is None,
                entry.former,
            )
            or (person.slot and entry.slot and person.slot != slot_print(entry.slot))
        ):
            yield f"keys.json says other of {entry.member.name} than was recorded"
    for staff in sorted(set(standing.people) - {entry.member.id for entry in roster.staff}):
        yield f"keys.json says nothing of {standing.people[staff].member.name}, who was recorded"
    there = {epoch.number: (epoch.device, epoch.fingerprint, roster.recovery) for epoch in roster.epochs}
    recorded = {
        number: (epoch.device, epoch.fingerprint, epoch.recovery) for number, epoch in standing.epochs.items()
    }
    if there != recorded:
        yield "keys.json says other of the keys of the store than was recorded"
