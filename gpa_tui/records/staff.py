"""The people who act, and the role they act in."""

from __future__ import annotations

from enum import StrEnum

from gpa_tui.records.base import Record, StaffId


class Role(StrEnum):
    """What a person acts as; what each may do is one table, `session/roles.py`."""

    RECEPTION = "reception"
    GPA = "gpa"
    CLINICIAN = "clinician"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    DEVICE = "device"  # the machine itself: imports by script, never a person's name

    @property
    def label(self) -> str:
        """The word in the frame."""
        return "GPA" if self is Role.GPA else self.value.capitalize()


DEVICE = StaffId("device")
"""Who the machine is in the log; nobody on a roster has this name."""


class StaffMember(Record):
    """One person on the roster. `name` is as the frame shows it, e.g. `M Okafor`."""

    id: StaffId
    name: str
    roles: tuple[Role, ...]


class PublicKeys(Record):
    """The public halves of somebody's keys, in base64: Ed25519 for signing, X25519 for opening.

    `id` is what the signing key is called in a journal's lines. The machine's has no `box`.
    """

    id: str
    sign: str
    box: str


class Actor(Record):
    """Who did an act, in which role, as they were called at that moment."""

    staff: StaffId
    name: str
    role: Role
