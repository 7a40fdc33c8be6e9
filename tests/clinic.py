"""A made-up clinic for the tests: a clock set by hand, people, patients, a day in memory, a store on disk."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Appointment, Clinic
from gpa_tui.records.base import AppointmentId, ClinicId, EventId, PatientId, StaffId
from gpa_tui.records.event import Event, Said
from gpa_tui.records.observation import Measure, Reading
from gpa_tui.records.patient import Patient, PersonName
from gpa_tui.records.plan import TeachBack
from gpa_tui.records.staff import Actor, Role, StaffMember
from gpa_tui.session import acts
from gpa_tui.session.acts import Place
from gpa_tui.session.admission import found
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.desk import Desk
from gpa_tui.session.fold import fold, folded
from gpa_tui.session.log import Bench
from gpa_tui.settings import COMPETENCIES_FILE
from gpa_tui.store.files import replace_file
from gpa_tui.store.practice import Practice, create_practice
from gpa_tui.store.seal import Stretching
from gpa_tui.store.vault import Keyring, unlock

DATE = date(2026, 11, 23)  # a Monday in winter: London time is UTC
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CLINIC = ClinicId("clinic-1")
ORIGIN = "this-store"
PASSPHRASE = "green kettle"
SETTINGS = 'name = "Elm Tree Surgery"\n'


class FakeClock:
    """A clock that stands still until it is set."""

    def __init__(self, at: datetime = NINE) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        """Set on by `minutes=…` or any other part of a `timedelta`; negative sets it back."""
        self.at += timedelta(**by)


# ── people ────────────────────────────────────────────────────────────────────────────────────

GPA = Actor(staff=StaffId("mokafor"), name="M Okafor", role=Role.GPA)
GP = Actor(staff=StaffId("npatel"), name="Dr N Patel", role=Role.CLINICIAN)
SUPERVISOR = Actor(staff=StaffId("npatel"), name="Dr N Patel", role=Role.SUPERVISOR)
RECEPTION = Actor(staff=StaffId("sreed"), name="S Reed", role=Role.RECEPTION)
ADMINISTRATOR = Actor(staff=StaffId("lwong"), name="L Wong", role=Role.ADMINISTRATOR)
DEVICE = Actor(staff=StaffId("device"), name="import", role=Role.DEVICE)
ACTORS = {actor.role: actor for actor in (GPA, GP, SUPERVISOR, RECEPTION, ADMINISTRATOR, DEVICE)}

PEOPLE = tuple(
    (StaffMember(id=StaffId(staff), name=name, roles=roles), PASSPHRASE)
    for staff, name, roles in (
        ("mokafor", "M Okafor", (Role.GPA,)),
        ("npatel", "Dr N Patel", (Role.CLINICIAN, Role.SUPERVISOR)),
        ("sreed", "S Reed", (Role.RECEPTION,)),
        ("lwong", "L Wong", (Role.ADMINISTRATOR,)),
    )
)


# ── the list ──────────────────────────────────────────────────────────────────────────────────


def a_clinic(**fields: Any) -> Clinic:
    return Clinic(
        **{"id": CLINIC, "date": DATE, "clinician": "Dr N Patel", "session": "morning"} | fields,
    )


def a_patient(
    family: str = "Okonkwo", given: str = "Grace", born: str | None = "1954-04-12", **fields: Any
) -> Patient:
    name = PersonName(family=family, given=given, title=fields.pop("title", ""))
    known = {"id": PatientId(f"patient-{family}".lower()), "nhs_number": "9990000018"}
    return Patient(name=name, born=born, **known | fields)


def an_appointment(number: int = 1, patient: Patient | None = None, **fields: Any) -> Appointment:
    """The `number`th row of the morning, ten minutes after the one before."""
    row = {
        "id": AppointmentId(f"appointment-{number}"),
        "clinic": CLINIC,
        "patient": patient or a_patient(),
        "start": NINE + timedelta(minutes=10 * (number - 1)),
        "reason": "Back pain",
    }
    return Appointment(**row | fields)


FIRST = an_appointment()
SECOND = an_appointment(2, a_patient("Smith", "John", "1980-02-29", nhs_number="9990000026"))


# ── events and the day they make ──────────────────────────────────────────────────────────────


def an_event(
    data: facts.Fact,
    seq: int = 1,
    row: Appointment | None = None,
    *,
    at: datetime | None = None,
    by: Actor = GPA,
    terminal: str = "room2",
    origin: str = ORIGIN,
    about: EventId | None = None,
) -> Event:
    """One event; `at` is `seq` seconds after nine unless given."""
    when = at or NINE + timedelta(seconds=seq)
    whom = {"clinic": row.clinic, "appointment": row.id, "patient": row.patient.id} if row else {}
    return Event.model_validate(
        {"id": f"{origin}-{seq}", "origin": origin, "seq": seq, "at": when, "wall": when}
        | {"by": by, "terminal": terminal, "about": about, "data": data, **whom}
    )


def listed(*rows: Appointment) -> list[Said]:
    """What a list with these rows says."""
    return [
        Said(data=facts.ClinicOpened(clinic=a_clinic()), clinic=CLINIC),
        *(
            Said(
                data=facts.AppointmentListed(appointment=row),
                clinic=CLINIC,
                appointment=row.id,
                patient=row.patient.id,
            )
            for row in rows
        ),
    ]


class Morning:
    """A day in memory on which acts are done as the desk does them, one second apart, without a disk."""

    def __init__(self, *rows: Appointment, by: Actor = GPA, terminal: str = "room2", first: int = 0) -> None:
        self.day = Day(DATE)
        self.place = Place(by, terminal)
        self._seq = first
        self.take(listed(*rows or (FIRST, SECOND)), DEVICE, "import")

    def take(self, said: Iterable[Said], by: Actor, terminal: str) -> list[Event]:
        events = []
        for one in said:
            self._seq += 1
            envelope = one.model_dump(exclude={"data"})
            event = an_event(one.data, self._seq, by=by, terminal=terminal).model_copy(update=envelope)
            fold(self.day, event)
            events.append(event)
        return events

    def do(
        self,
        act: Callable[..., Sequence[Said]],
        *args: Any,
        by: Actor | None = None,
        terminal: str | None = None,
        **kwargs: Any,
    ) -> list[Event]:
        """Do `act` on this day; raises what the act raises."""
        place = Place(by or self.place.actor, terminal or self.place.terminal)
        return self.take(act(self.day, place, *args, **kwargs), place.actor, place.terminal)

    def visit(self, row: Appointment = FIRST) -> Visit:
        return self.day.visits[row.id]

    def release(self, by: str) -> list[Event]:
        """The first patient's wording, as it is, is released."""
        return self.do(acts.release, FIRST.id, self.visit().plan.messages, by)

    def teach(self, result: TeachBack) -> list[Event]:
        """A message of the first patient, as it is worded, is gone through."""
        wording = dict(enumerate(self.visit().plan.messages, 1)).get(result.message, "")
        return self.do(acts.teach_back, FIRST.id, wording, result)


def a_day_with(*events: Event, rows: Sequence[Appointment] = (FIRST, SECOND)) -> Day:
    """The day that a list with `rows` and then `events` make."""
    start = [
        an_event(
            facts.AppointmentListed(appointment=row),
            n,
            row,
            at=NINE - timedelta(hours=1),
            by=DEVICE,
            origin="a-list",
        )
        for n, row in enumerate(rows, 1)
    ]
    return folded(DATE, [*start, *events])


# ── readings ──────────────────────────────────────────────────────────────────────────────────

WELL = {
    "respiration": 18,
    "spo2": 97,
    "oxygen": 0,
    "systolic": 128,
    "diastolic": 76,
    "pulse": 72,
    "temperature": 368,
}


def a_set(consciousness: str | None = "A", **changed: int | None) -> list[Reading]:
    """A whole set that scores 0 but for what is `changed`; None leaves a measure out."""
    values = WELL | changed
    readings = [
        Reading(measure=Measure(name), value=value) for name, value in values.items() if value is not None
    ]
    if consciousness is not None:
        readings.append(Reading(measure=Measure.CONSCIOUSNESS, letter=consciousness))
    return readings


# ── the store ─────────────────────────────────────────────────────────────────────────────────


QUICK = Stretching(memory_kib=8, passes=1, lanes=1)
"""Passphrases of the tests are worked on no longer than Argon2 must: none of them keeps a secret."""


@functools.cache
def _made() -> Path:
    """One store, made once in each process."""
    folder = Path(tempfile.mkdtemp(prefix="gpa-tui-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    create_practice(
        folder / "practice",
        SETTINGS,
        PEOPLE,
        demo=True,
        stretching=QUICK,
        begin=lambda made: found(made, GPA.staff, PASSPHRASE, FakeClock(), "room2"),
    )
    replace_file(folder / "practice" / COMPETENCIES_FILE, b'version = 1\nowner = "nobody is asked"\n')
    return folder / "practice"


def a_practice(folder: Path) -> Practice:
    """A new store in `folder / "practice"` with `PEOPLE`, who all have the passphrase `PASSPHRASE`."""
    return Practice(Path(shutil.copytree(_made(), folder / "practice")))


def keys_of(practice: Practice, actor: Actor) -> Keyring:
    """What `PASSPHRASE` opens for this person; for the machine, what the GPA's opens."""
    staff = GPA.staff if actor.role is Role.DEVICE else actor.staff
    return unlock(practice.roster, staff, PASSPHRASE)


def a_bench(
    practice: Practice, *, clock: FakeClock | None = None, by: Actor = GPA, terminal: str = "room2"
) -> Bench:
    """What a log is opened with."""
    return Bench(practice, clock or FakeClock(), by, terminal, keys_of(practice, by))


def a_desk(
    practice: Practice,
    *rows: Appointment,
    clock: FakeClock | None = None,
    by: Actor = GPA,
    terminal: str = "room2",
    on: date = DATE,
) -> Desk:
    """A desk on `practice`, caught up; when `rows` are given they are listed first. Close it after use."""
    desk = Desk(a_bench(practice, clock=clock, by=by, terminal=terminal), on)
    desk.read()
    if rows:
        desk.do(lambda _: listed(*rows))
    return desk
