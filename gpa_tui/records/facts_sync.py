"""What is said of the practice's FHIR server: which it is, what it asks of a person, who else shares it."""

from __future__ import annotations

from typing import Literal

from gpa_tui.records.appointment import Appointment, Clinic
from gpa_tui.records.base import Origin, Record, StaffId
from gpa_tui.records.fact import Fact
from gpa_tui.records.staff import PublicKeys


class SyncSetUp(Fact):
    """Which FHIR server is used from now on, and what was found of it."""

    says = "server set up"
    kind: Literal["sync.set_up"] = "sync.set_up"
    url: str
    auth: str
    found: tuple[str, ...] = ()


class ServerAsked(Fact):
    """The server's list says something of a patient that only a person can decide: is it the same one?

    `appointment` is the whole row as it would be, `changed` what would change of the one that is known;
    `opened` is its clinic.
    """

    says = "server asks"
    kind: Literal["sync.asked"] = "sync.asked"
    sentence: str
    appointment: Appointment
    changed: tuple[str, ...] = ()
    opened: Clinic | None = None


class ServerAnswered(Fact):
    """About a `sync.asked`: the same person, whose new details are taken; or another, and nothing is."""

    says = "server's question answered"
    kind: Literal["sync.answered"] = "sync.answered"
    same: bool


class StatusClashed(Fact):
    """The appointment's status was changed here and at the server, each to something else."""

    says = "status changed here and there"
    kind: Literal["sync.clashed"] = "sync.clashed"
    ours: str
    theirs: str


class StatusPicked(Fact):
    """About a `sync.clashed`: which of the two holds at the server."""

    says = "status picked"
    kind: Literal["sync.picked"] = "sync.picked"
    ours: bool


class ServiceKeySet(Fact):
    """The service that syncs has a key of its own, which the keys of a few journals are closed to.

    `box` is its X25519 public half in base64; empty: there is no service any more.
    """

    says = "key of the sync service"
    kind: Literal["sync.service_set"] = "sync.service_set"
    box: str


class HostKeys(Record):
    """One signing key of another store, and who of it signs with it."""

    staff: str
    keys: PublicKeys


class HostPaired(Fact):
    """Another store of this practice, on another host, whose entries count here from now on.

    `keys` are all that its entries may be signed with; `vouched_by` is the paired store that named it, where
    nobody here did.
    """

    says = "host paired"
    kind: Literal["host.paired"] = "host.paired"
    origin: Origin
    name: str
    keys: tuple[HostKeys, ...]
    vouched_by: str = ""


class HostUnpaired(Fact):
    """What that store sends from now on is not taken any more; what was taken stays."""

    says = "host no longer paired"
    kind: Literal["host.unpaired"] = "host.unpaired"
    origin: Origin
    name: str


class ClaimLost(Fact):
    """About a `task.asked`: two said that they do it, and the server knows `owner` as the first."""

    says = "claimed by somebody else"
    kind: Literal["task.claim_lost"] = "task.claim_lost"
    what: str
    owner: str
    staff: StaffId
