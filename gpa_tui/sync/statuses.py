"""Appointment.status, which two write: we, by what happens here; and whoever keeps the book at the server.

What was read last is kept as the base. Where the server has another version, the two are compared by field
against it: a change of something else is taken along, the same status is none, and where both changed the
status a person picks. Nothing is written over unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from pydantic import Field, ValidationError

from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import AppointmentId, Record
from gpa_tui.records.event import AppointmentMoved, EntryStruck, StatusClashed
from gpa_tui.session.day import Day, ForPerson, Visit
from gpa_tui.store.sealed import SealedFile
from gpa_tui.sync.backoff import HOWEVER_OFTEN, MOST_TRIES, Held
from gpa_tui.sync.client import Server, SyncTrouble, trouble
from gpa_tui.sync.frame import Resource
from gpa_tui.sync.probe import Found

# HL7 FHIR R4, value set appointmentstatus: fulfilled is “the encounter took place”, noshow “did not attend”
STATUS = {
    Stage.BOOKED: "booked",
    Stage.ARRIVED: "arrived",
    Stage.IN_PREP: "arrived",
    Stage.READY: "arrived",
    Stage.WITH_GP: "arrived",
    Stage.WRAP_UP: "arrived",
    Stage.LEFT: "fulfilled",
    Stage.CALL_DONE: "fulfilled",
    Stage.VISITED: "fulfilled",
    Stage.DID_NOT_ATTEND: "noshow",
    Stage.NO_ANSWER: "noshow",
    Stage.CANCELLED: "cancelled",
}
"""What is said of a stage at the server; of one that is not here nothing: it has no status of its own."""
ALIKE = {"checked-in": "arrived"}  # what some servers call it
STALE = frozenset({409, 412})
NOBODY_MOVED = "booked"  # where it is not known what was agreed before our own moves
TURNS = 4  # of reading and writing, where others write all the time


class Base(Record):
    """One appointment as the server last had it; `agreed` is the status that both sides last had."""

    key: str  # `Appointment/id`, as the server calls it
    etag: str
    resource: dict[str, Any]
    agreed: str

    @property
    def status(self) -> str:
        return _status(self.resource)


def _status(resource: Resource) -> str:
    status = str(resource.get("status", ""))
    return ALIKE.get(status, status)


class _Kept(Record):
    appointments: dict[AppointmentId, Base] = Field(default_factory=dict)
    patients: dict[str, str] = Field(default_factory=dict)


class Bases:
    """What one server is known to have of one date; sealed, and made again by the next reading."""

    def __init__(self, file: SealedFile) -> None:
        self._file = file
        try:
            kept = _Kept.model_validate_json(file.read() or b"{}")
        except ValidationError:
            kept = _Kept()
        self.items, self.patients = kept.appointments, kept.patients
        self.held = Held()

    def learn(self, day: Day, appointments: Mapping[AppointmentId, Resource]) -> None:
        """Take what was just read."""
        for id_, resource in appointments.items():
            meta = resource.get("meta")
            version = meta.get("versionId", "") if isinstance(meta, dict) else ""
            old, visit = self.items.get(id_), day.visits.get(id_)
            moved = visit is not None and bool(visit.moves)
            agreed = old.agreed if old else NOBODY_MOVED if moved else _status(resource)
            known = isinstance(version, str) and version.isascii() and version
            key, etag = f"Appointment/{resource['id']}", f'W/"{version}"' if known else ""
            self.items[id_] = Base(key=key, etag=etag, resource=resource, agreed=agreed)

    def save(self) -> None:
        """Raises OSError."""
        kept = _Kept(appointments=self.items, patients=self.patients)
        self._file.write(kept.model_dump_json().encode())

    @property
    def references(self) -> dict[str, str]:
        """How the server calls appointments and patients, by our ids."""
        return {**self.patients, **{id_: base.key for id_, base in self.items.items()}}


class Next(Enum):
    """What is to be done about one appointment's status."""

    NOTHING = 0
    WRITE = 1
    ASK = 2


def _ours(visit: Visit) -> str:
    """What is said of a visit that was moved here, if only there and back; of another nothing."""
    moved = visit.moves or any(isinstance(event.data, AppointmentMoved) for event in visit.events)
    return STATUS.get(visit.stage, "") if moved else ""


def next_of(visit: Visit, base: Base, settled: ForPerson | None) -> Next:
    """By field, three ways: ours, theirs, and what both last had; `settled` is what a person picked last."""
    ours = _ours(visit)
    if not ours or ours in {base.status, base.agreed}:
        return Next.NOTHING  # the same, or only theirs changed
    if base.status == base.agreed:
        return Next.WRITE
    if settled is not None and settled.says == StatusClashed(ours=ours, theirs=base.status):
        return Next.WRITE if settled.answer else Next.NOTHING
    return Next.ASK


def last_settled(day: Day, appointment: AppointmentId) -> ForPerson | None:
    """What a person last picked of this appointment's statuses."""
    clashes = [
        one
        for one in day.for_person.values()
        if one.appointment == appointment and isinstance(one.says, StatusClashed) and not one.open
    ]
    return max(clashes, key=lambda one: one.at, default=None)


@dataclass
class Wrote:
    """What came of one round."""

    sent: int = 0
    over: int = 0  # of those, what a person had picked
    left: int = 0
    refused: dict[AppointmentId, str] = field(default_factory=dict)  # with the server's words
    clashes: list[tuple[AppointmentId, str, str]] = field(default_factory=list)  # ours, theirs


@dataclass
class Statuses:
    """Writes one date's to one server."""

    server: Server
    found: Found
    bases: Bases

    def write(self, day: Day, origin: str, now: datetime) -> Wrote:
        """What store `origin` is the one to say: it made the last move.

        Raises `SyncTrouble` where the server is away; what was written till then is noted.
        """
        wrote = Wrote()
        for visit in day.rows:
            base = self.bases.items.get(visit.id)
            if base is None:
                continue
            ours = _ours(visit)
            if not ours or ours == base.status:
                self.bases.items[visit.id] = base.model_copy(update={"agreed": base.status})
            elif _mover(visit) == origin and not self.bases.held.is_due(visit.id, now):
                if self.bases.held.tries(visit.id) >= MOST_TRIES:
                    wrote.refused[visit.id] = HOWEVER_OFTEN
            elif _mover(visit) == origin:
                self._one(visit, base, ours, last_settled(day, visit.id), wrote, now)
        return wrote

    def _one(
        self, visit: Visit, base: Base, ours: str, settled: ForPerson | None, wrote: Wrote, now: datetime
    ) -> None:
        for turn in range(TURNS):
            # where it would write over anything: look first
            if turn or not self.found.refuses_stale or not base.etag:
                try:
                    base = self._read(base)
                except SyncTrouble as error:
                    if error.again or error.status in {0, 401}:
                        raise
                    wrote.refused[visit.id] = error.reason
                    return
                self.bases.items[visit.id] = base
            match next_of(visit, base, settled):
                case Next.ASK:
                    wrote.clashes.append((visit.id, ours, base.status))
                    return
                case Next.NOTHING:
                    return
            body = {**base.resource, "status": ours}
            headers = {"If-Match": base.etag} if base.etag else {}
            answer = self.server.ask("PUT", base.key, body, headers=headers)
            if answer.ok:
                there = answer.body if answer.body.get("resourceType") == "Appointment" else body
                fresh = Base(key=base.key, etag=answer.etag, resource=there, agreed=ours)
                self.bases.items[visit.id] = fresh
                self.bases.held.let_go(visit.id)
                wrote.sent += 1
                wrote.over += base.status != base.agreed
                return
            if answer.status not in STALE:
                problem = trouble(answer, base.key)
                if answer.status == 401 or problem.wait is not None:
                    raise problem
                if problem.again:
                    break
                wrote.refused[visit.id] = answer.words or str(answer.status)
                return
        wrote.left += 1
        if self.bases.held.again(visit.id, now) >= MOST_TRIES:
            wrote.refused[visit.id] = HOWEVER_OFTEN

    def _read(self, base: Base) -> Base:
        answer = self.server.expect("GET", base.key)
        return base.model_copy(update={"etag": answer.etag, "resource": answer.body})


def _mover(visit: Visit) -> str:
    """The store that made the last move, or took the only one back."""
    last = visit.moves[-1].event if visit.moves else ""
    moves = (one for one in reversed(visit.events) if isinstance(one.data, AppointmentMoved | EntryStruck))
    return next(one.origin for one in moves if not last or one.id == last)
