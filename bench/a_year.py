"""A year of made-up clinics: random days played through the acts, written without a flush a line."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from clinic import DEVICE, GP, GPA, RECEPTION, FakeClock, a_practice, keys_of
from playing import play_visit

from gpa_tui.errors import Refused
from gpa_tui.records.appointment import Appointment, Clinic
from gpa_tui.records.base import AppointmentId, ClinicId, EventId, PatientId
from gpa_tui.records.event import AppointmentListed, ClinicOpened, Event, Said
from gpa_tui.records.patient import Patient, PersonName
from gpa_tui.records.staff import Actor
from gpa_tui.session.acts.common import Place
from gpa_tui.session.day import Day
from gpa_tui.session.fold import fold
from gpa_tui.store.chain import Chain, commit_line, header_line
from gpa_tui.store.practice import Practice

FAMILIES = ("Abbot", "Briggs", "Chandra", "Doyle", "Eze", "Farrow", "Grant", "Hussain", "Iqbal", "Jones")
GIVEN = ("Ada", "Ben", "Cora", "Dev", "Ella", "Finn", "Gita", "Hugh", "Iris", "Jude")
PATIENTS = 2000
ROWS = 105  # a date: about 3,000 entries
Commit = tuple[Actor, list[Event]]


def patient(number: int) -> Patient:
    """One of the practice's, always the same."""
    family, given = FAMILIES[number % 10], GIVEN[number // 10 % 10]
    name = PersonName(family=f"{family}-{FAMILIES[number // 100 % 10]}", given=given)
    born = date(1930, 1, 1) + timedelta(days=number * 13 % 30000)
    return Patient(
        id=PatientId(str(uuid5(NAMESPACE_URL, f"patient {number}"))),
        name=name,
        born=born.isoformat(),
        nhs_number=f"999{number:07d}",
    )


class InMemory:
    """A date on which acts are done as a desk does them, without a disk."""

    def __init__(self, on: date, origin: str) -> None:
        self.day, self.commits = Day(on), list[Commit]()
        self.clock = FakeClock(datetime(on.year, on.month, on.day, 8, 0, tzinfo=UTC))
        self._origin, self._seq = origin, count(1)

    def take(self, by: Actor, said: Sequence[Said]) -> list[Event]:
        events = []
        for one in said:
            seq, now = next(self._seq), self.clock.now()
            event = Event(
                id=EventId(str(uuid5(NAMESPACE_URL, f"{self._origin} {self.day.date} {seq}"))),
                origin=self._origin,
                seq=seq,
                at=now,
                wall=now,
                by=by,
                terminal="room2",
                **{
                    name: getattr(one, name) for name in ("clinic", "appointment", "patient", "about", "data")
                },
            )
            fold(self.day, event)
            events.append(event)
        self.commits.append((by, events))
        return events

    def do(self, by: Actor, act: Callable[..., Sequence[Said]], *args: Any, **kwargs: Any) -> list[Event]:
        return self.take(by, act(self.day, Place(by, "room2"), *args, **kwargs))


def a_list(on: date, rng: Random) -> Iterator[Said]:
    """The day's rows: who comes is drawn anew each day."""
    clinic = Clinic(id=ClinicId(f"clinic {on}"), date=on, clinician="Dr N Patel", session="day")
    yield Said(data=ClinicOpened(clinic=clinic), clinic=clinic.id)
    start = datetime(on.year, on.month, on.day, 8, 30, tzinfo=UTC)
    for row, number in enumerate(rng.sample(range(PATIENTS), ROWS)):
        one = Appointment(
            id=AppointmentId(str(uuid5(NAMESPACE_URL, f"{on} {row}"))),
            clinic=clinic.id,
            patient=patient(number),
            start=start + timedelta(minutes=5 * row),
            reason=rng.choice(("Back pain", "BP review", "Diabetes review", "Fever", "Asthma review")),
        )
        yield Said(
            data=AppointmentListed(appointment=one),
            clinic=clinic.id,
            appointment=one.id,
            patient=one.patient.id,
        )


def played(on: date, origin: str) -> InMemory:
    """One date, from its list to the last patient."""
    rng = Random(on.toordinal())
    day = InMemory(on, origin)
    day.take(DEVICE, list(a_list(on, rng)))
    for visit in list(day.day.rows):
        try:
            day.clock.at = max(day.clock.at, visit.appointment.start)
            play_visit(day, visit.id, rng)
        except Refused:  # what chance asks for and may not be
            continue
    return day


def write(home: Path, on: date) -> int:
    """The date's journal, signed by who acted; gives the entries."""
    practice = Practice(home)
    day = played(on, practice.info.origin)
    rings = {actor.staff: keys_of(practice, actor) for actor in (GPA, GP, RECEPTION, DEVICE)}
    journal = practice.journal_id(on.isoformat())
    header = header_line(journal, practice.info.practice, on.isoformat())
    chain, lines = Chain("bench"), [header]
    chain.read(header)
    chain.took(header)
    for by, events in day.commits:
        ring = rings[by.staff]
        signer = ring.device if by is DEVICE else ring.own
        content = json.dumps([event.model_dump(mode="json", exclude_none=True) for event in events]).encode()
        key = ring.data_key(ring.epoch, journal)
        line = commit_line(key, signer, journal, chain.head, ring.epoch, content, {})
        chain.read(line)
        chain.took(line)
        lines.append(line)
    path = home / "clinics" / f"{on.isoformat()}.journal"
    path.touch(mode=0o600)
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return len(day.day.events)


def working_days(last: date, number: int) -> list[date]:
    """So many Mondays to Fridays up to `last`, the oldest first."""
    days = (last - timedelta(days=back) for back in count())
    return sorted(next(day for day in days if day.weekday() < 5) for _ in range(number))


def a_year(folder: Path, last: date, number: int) -> tuple[Path, int]:
    """A store with so many dates; gives its folder and how many entries."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    home = a_practice(folder).home
    with ProcessPoolExecutor(2) as pool:
        entries = sum(pool.map(partial(write, home), working_days(last, number), chunksize=5))
    return home, entries
