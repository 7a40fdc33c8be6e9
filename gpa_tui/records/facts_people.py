"""What is said of people, keys and terminals: who may sign in, who did, what was refused."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from gpa_tui.records.base import EventId, StaffId
from gpa_tui.records.fact import Fact
from gpa_tui.records.staff import PublicKeys, StaffMember


class StaffAdded(Fact):
    """Somebody may sign in from now on, and signs with these keys."""

    says = "person added"
    kind: Literal["staff.added"] = "staff.added"
    member: StaffMember
    keys: PublicKeys


class StaffChanged(Fact):
    says = "person changed"
    kind: Literal["staff.changed"] = "staff.changed"
    member: StaffMember


class StaffLeft(Fact):
    says = "person left"
    kind: Literal["staff.left"] = "staff.left"
    staff: StaffId


class KeysReplaced(Fact):
    """Somebody forgot their passphrase and signs with these keys from now on; who did it is `by`."""

    says = "keys replaced"
    kind: Literal["keys.replaced"] = "keys.replaced"
    staff: StaffId
    keys: PublicKeys
    why: Literal["reset by an administrator", "recovery code"]


class PassphraseChanged(Fact):
    """Whoever did it signs in with another passphrase; `slot` is the SHA-256 of what is closed under it."""

    says = "passphrase changed"
    kind: Literal["passphrase.changed"] = "passphrase.changed"
    slot: str = ""


class CompetencySigned(Fact):
    """A supervisor signed somebody off for one competency on a date, with their words.

    `expires` None: no end. `evidence`: the `portfolio.picked` that were there for it.
    """

    says = "signed off"
    kind: Literal["competency.signed"] = "competency.signed"
    staff: StaffId
    name: str
    competency: str
    title: str
    on: date
    expires: date | None = None
    words: str
    evidence: tuple[EventId, ...] = ()


class CompetencyWithdrawn(Fact):
    """A supervisor took a sign-off back."""

    says = "sign-off withdrawn"
    kind: Literal["competency.withdrawn"] = "competency.withdrawn"
    staff: StaffId
    name: str
    competency: str
    title: str
    why: str


class CompetenciesListed(Fact):
    """The list of competencies that holds from now on: another than before."""

    says = "competencies"
    kind: Literal["competencies.listed"] = "competencies.listed"
    version: int
    owner: str
    sha256: str
    gated: int  # how many of them are asked for


class SupervisionStated(Fact):
    """Whoever did it acts under direct supervision in this record, and said whose."""

    says = "under direct supervision"
    kind: Literal["supervision.stated"] = "supervision.stated"
    supervisor: StaffId
    supervisor_name: str
    competencies: tuple[str, ...]
    titles: tuple[str, ...]


class EpochBegun(Fact):
    """New entries are closed under another key of the store, which who has left does not hold."""

    says = "new key of the store"
    kind: Literal["epoch.begun"] = "epoch.begun"
    number: int
    device: PublicKeys
    fingerprint: str  # of the key: nobody can put another in its place
    recovery: str  # the X25519 public half of the printed code


class HeadAnchored(Fact):
    """The line that says this carries another journal's head in its `heads`, for everybody to check."""

    says = "anchored"
    kind: Literal["head.anchored"] = "head.anchored"
    journal: str
    n: int
    hash: str


class SignInOpened(Fact):
    says = "signed in"
    kind: Literal["signin.opened"] = "signin.opened"


class SignInLocked(Fact):
    says = "locked"
    kind: Literal["signin.locked"] = "signin.locked"


class SignInUnlocked(Fact):
    says = "unlocked"
    kind: Literal["signin.unlocked"] = "signin.unlocked"


class SignInClosed(Fact):
    says = "signed out"
    kind: Literal["signin.closed"] = "signin.closed"


class SignInRefusedFact(Fact):
    """Somebody gave a passphrase that did not fit; `name` is what they chose, `when` and `terminal` where."""

    says = "sign-in refused"
    kind: Literal["signin.refused"] = "signin.refused"
    name: str
    refusal: str
    when: AwareDatetime
    terminal: str


class ReadBeside(Fact):
    """Somebody read while no journal could be added to; `read` is what, `when` and `terminal` where."""

    says = "read while nothing could be added"
    kind: Literal["read.beside"] = "read.beside"
    name: str
    read: str
    noted: str
    when: AwareDatetime
    terminal: str


class ActRefused(Fact):
    """Somebody tried what their role may not do."""

    says = "refused"
    kind: Literal["act.refused"] = "act.refused"
    act: str
    why: str
