"""What outlives a day, as folding the standing journal gives it: people and their keys. No I/O, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field

from gpa_tui.records import event as facts
from gpa_tui.records.base import StaffId
from gpa_tui.records.event import Event
from gpa_tui.records.staff import DEVICE, PublicKeys, StaffMember


@dataclass(slots=True)
class Person:
    """Somebody who acts or has acted, with the keys they sign with and signed with before."""

    member: StaffMember
    keys: PublicKeys
    former: list[PublicKeys] = field(default_factory=list)
    left: bool = False


@dataclass(slots=True)
class Standing:
    """All that is known beside the days. Only `fold` changes it."""

    people: dict[StaffId, Person] = field(default_factory=dict)
    devices: list[PublicKeys] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def signers(self) -> dict[str, StaffId]:
        """Whose each signing key is or was: by key id and public half, as the record has it."""
        found = {
            f"{keys.id} {keys.sign}": person.member.id
            for person in self.people.values()
            for keys in (person.keys, *person.former)
        }
        return found | {f"{keys.id} {keys.sign}": DEVICE for keys in self.devices}


def fold(standing: Standing, event: Event) -> None:
    """Take one event, later than all before it, into `standing`. Never raises."""
    standing.events.append(event)
    match event.data:
        case facts.StaffAdded(member=member, keys=keys):
            before = standing.people.get(member.id)
            former = [before.keys, *before.former] if before else []
            standing.people[member.id] = Person(member, keys, former)
        case facts.StaffChanged(member=member) if member.id in standing.people:
            standing.people[member.id].member = member
        case facts.StaffLeft(staff=staff) if staff in standing.people:
            standing.people[staff].left = True
        case facts.KeysReplaced(staff=staff, keys=keys) if staff in standing.people:
            person = standing.people[staff]
            person.former.insert(0, person.keys)
            person.keys = keys
        case facts.EpochBegun(device=device):
            standing.devices.append(device)
