"""One date between the store and the server: its list comes in, its statuses and its resources go out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial

from gpa_tui.intake.listing import DayList
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.event import Exported
from gpa_tui.records.prep import PrepTemplate
from gpa_tui.session import acts
from gpa_tui.session.desk import Desk
from gpa_tui.session.tasks import Task
from gpa_tui.sync.arrive import take_day
from gpa_tui.sync.backoff import seconds_after
from gpa_tui.sync.client import Server, SyncTrouble
from gpa_tui.sync.frame import Resource
from gpa_tui.sync.outbox import Outbox, key_of
from gpa_tui.sync.outgoing import SHARED, outgoing, said_elsewhere
from gpa_tui.sync.probe import Found
from gpa_tui.sync.pull import ServerDay, day_list, read_day, references
from gpa_tui.sync.push import Report, Sender
from gpa_tui.sync.sealed import sync_file
from gpa_tui.sync.state import Parked
from gpa_tui.sync.statuses import Bases, Statuses, Wrote

RESOURCES = "FHIR resources"
MOST_NAMED = 40  # of what waits, one by one


class Dated:
    """What of one date is where. `desk` is the machine's."""

    def __init__(self, desk: Desk, server_name: str) -> None:
        practice, keys = desk.practice, desk.bench.keys
        self.desk, self.server_name = desk, server_name
        file = sync_file(practice.home, f"{desk.date}.known", server_name, keys, practice.modes)
        self.bases = Bases(file)
        self.outbox = Outbox(practice.home, desk.date, server_name, keys, practice.modes)
        self.waiting: Counter[str] = Counter()
        self.first: list[str] = []  # of what waits, in words
        self.notes: list[str] = []
        self._refused: list[Parked] = []  # statuses that the server did not take
        self.made: list[Resource] = []
        self.made_of: object = None  # the day as it stood when they were made
        self.sent_of: object = None
        self.not_before, self.failed = datetime.min.replace(tzinfo=UTC), 0  # sending, where none was taken
        self._names: dict[str, str] = {}  # of the patient, by key
        self._rows: dict[str, AppointmentId] = {}
        self._read_file = lru_cache(maxsize=32)(practice.attachments(keys).at_hand)

    @property
    def on(self) -> date:
        return self.desk.date

    # ── in ────────────────────────────────────────────────────────────────────────────────────

    def pull(self, server: Server) -> datetime | None:
        """The whole date, as the server has it; by its own time, when that was.

        Raises `SyncTrouble`, `StoreError`, OSError.
        """
        practice = self.desk.practice
        zone, id_ = practice.settings.zone, practice.info.practice
        known = {base.key.partition("/")[2] for base in self.bases.items.values()}
        found = read_day(server, self.on, zone, known)
        listed = day_list(found, self.server_name, id_, zone, demo=practice.info.demo)
        if len(found.gone) == len(known) > 1 and not found.appointments:
            raise SyncTrouble(f"The server has none of the {len(known)} appointments it had.", again=True)
        self.desk.refresh()
        if self.desk.trouble is None:
            take_day(self.desk, listed)
        self._learn(found, listed)
        self.notes = [
            *(f"The server does not let us see {kind}." for kind in found.refused),
            *(f"{row.row}: {row.field}: {row.reason}" for row in listed.rejected),
        ]
        return found.at

    def _learn(self, found: ServerDay, listed: DayList) -> None:
        names = references(found, listed, self.desk.practice.info.practice)
        rows: dict[AppointmentId, Resource] = {}
        for ours, key in names.items():
            if key.startswith("Appointment/"):
                rows[AppointmentId(ours)] = found.resources[key]
            else:
                self.bases.patients[ours] = key
        self.bases.learn(self.desk.day, rows)
        self.bases.save()

    def has_versions(self, versions: Mapping[str, str]) -> bool:
        """Whether these are the versions that were read last, by `Appointment/id`."""
        known = {base.key: base.etag for base in self.bases.items.values()}
        return all(known.get(key) == f'W/"{version}"' for key, version in versions.items())

    # ── out ───────────────────────────────────────────────────────────────────────────────────

    def write_statuses(self, server: Server, found: Found, now: datetime) -> Wrote:
        """Raises `SyncTrouble`, `StoreError`, OSError."""
        try:
            wrote = Statuses(server, found, self.bases).write(self.desk.day, self._origin, now)
        finally:
            self.bases.save()
        self._refused = [
            Parked(
                on=self.on,
                key=self.bases.items[id_].key,
                of=self.desk.day.visits[id_].appointment.patient.name.listed,
                row=id_,
                at=now,
                status=0,
                words=words,
            )
            for id_, words in wrote.refused.items()
        ]
        for id_, ours, theirs in wrote.clashes:
            note = partial(acts.note_clash, place=self.desk.place, appointment=id_, ours=ours, theirs=theirs)
            self.desk.do(note)
        return wrote

    def make(
        self, templates: Mapping[str, PrepTemplate], asked: Sequence[Task], of: object, *, shared: bool
    ) -> None:
        """What is to be at the server, from the day as it stands (`of`); of several stores, what is ours."""
        self.outbox.forget_made()
        made = list(
            outgoing(
                self.desk.day,
                templates,
                asked,
                self.bases.references,
                origin=self._origin if shared else "",
                read_file=self._read_file,
            )
        )
        found = []
        for visit, resource in made:
            key = key_of(resource)
            self._names[key] = visit.appointment.patient.name.listed
            self._rows[key] = visit.id
            if shared and resource["resourceType"] in SHARED:
                self.outbox.salts[key] = f"/{said_elsewhere(visit, self._origin)}"
            found.append(resource)
        all_ = made if not shared else outgoing(self.desk.day, templates, asked)
        found += self.outbox.to_retire({key_of(resource) for _, resource in all_})
        self.made, self.made_of = found, of
        self._count()

    def send(
        self,
        server: Server,
        found: Found,
        now: Callable[[], datetime],
        wait: Callable[[float], object],
        tell: Callable[[int, int], None] = lambda *_: None,
        tries: int = 1,
    ) -> Report:
        """What is not there yet; that it is sent is in the log first. Raises `NotSaved`, `ReadOnly`."""
        if next(self.outbox.left(self.made), None) is not None:
            self._note_sending()
        sender = Sender(server, found, self.outbox, now, wait, tell, tries=tries, names=self._names)
        report = sender.send(self.made)
        self._count()
        return report

    def broke_off(self, now: datetime) -> None:
        """The server answered and took nothing: how long it is left alone with this date."""
        self.failed += 1
        self.not_before = now + timedelta(seconds=seconds_after(self.failed))

    def any_due(self, now: datetime) -> bool:
        """Whether something that did not go through is to be tried again."""
        return self.outbox.held.any_due(now) or self.bases.held.any_due(now)

    def try_now(self) -> None:
        """Nothing of it waits for its time any more."""
        self.outbox.held.clear()
        self.bases.held.clear()
        self.not_before = datetime.min.replace(tzinfo=UTC)

    @property
    def is_done(self) -> bool:
        """Nothing of it waits, and nothing was refused."""
        sent = self.made_of is not None and self.sent_of == self.made_of
        return sent and not (self.parked or self.waiting)

    def _count(self) -> None:
        """What is not there yet, by kind."""
        left = [one for one in self.outbox.left(self.made) if key_of(one) not in self.outbox.refused]
        self.waiting = Counter(one["resourceType"] for one in left)
        self.first = [self._waits(key_of(one)) for one in left[:MOST_NAMED]]

    def _waits(self, key: str) -> str:
        """Whose, what, and why it waits: in a line."""
        why = "changed since it was sent" if key in self.outbox.items else "not sent yet"
        tries = self.outbox.held.tries(key)
        why += f", not taken {tries} times" if tries > 1 else ", not taken once" if tries else ""
        return f"{self._names.get(key, '')}: {key.partition('/')[0]}, {why}"

    def try_again(self, keys: Collection[str]) -> None:
        """What was refused is to be sent once more."""
        self.sent_of = None
        self.outbox.try_again(keys)
        self.try_now()

    def forget(self) -> None:
        """Of nothing is it known any more that it is there."""
        self.outbox.items.clear()
        self.bases.items.clear()
        self.sent_of = None

    @property
    def parked(self) -> list[Parked]:
        return self._refused + [
            Parked(
                on=self.on,
                key=key,
                of=item.of,
                row=self._rows.get(key, ""),
                at=item.at,
                status=item.status,
                words=item.words,
            )
            for key, item in self.outbox.refused.items()
        ]

    def _note_sending(self) -> None:
        noted = (event.data for event in self.desk.day.events)
        what = Exported(what=RESOURCES, file=self.server_name)
        if self.desk.trouble is None and what not in noted:
            note = partial(acts.note_export, place=self.desk.place, what=RESOURCES, file=self.server_name)
            self.desk.do(note)

    @property
    def _origin(self) -> str:
        return self.desk.practice.info.origin
