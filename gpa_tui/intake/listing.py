"""What a file gave: rows to list, rows set aside, and what was left out, counted. Nothing is parsed here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from gpa_tui.intake.fields import BadField, short, tidy
from gpa_tui.intake.ids import appointment_id, appointment_id_without_key, clinic_id
from gpa_tui.intake.local_time import session_of
from gpa_tui.records.appointment import Appointment, Clinic, Mode
from gpa_tui.records.base import AppointmentId, ClinicId, Record, show_date
from gpa_tui.records.patient import Patient

USUAL_MINUTES = 10  # where the list gives no length
LONGEST_MINUTES = 8 * 60  # a longer visit is a slip
LONGEST_CONTENT = 10_000  # characters of a raw row that are kept with it


class RejectedRow(Record):
    """A row that was set aside. `content` is the row as it stood, unsafe to show as it is."""

    file: str
    row: str  # "row 7", "entry 12 Appointment/abc", "line 3 Appointment/abc"
    field: str
    reason: str
    content: str


class RowSource(Record):
    """Which row an appointment came from, so that it can still be set aside."""

    appointment: AppointmentId
    row: str
    content: str


class DayList(Record):
    """One file, read for one date. `rejected` and `notes` say what is not in `appointments`, and why."""

    file: str
    sha256: str  # of the file's bytes, hexadecimal
    date: date
    clinics: tuple[Clinic, ...]
    appointments: tuple[Appointment, ...]
    rejected: tuple[RejectedRow, ...]
    notes: tuple[str, ...]
    sources: tuple[RowSource, ...] = ()
    held: tuple[AppointmentId, ...] = ()
    """Appointments whose row is in the file but was set aside: they are not gone."""
    whole: bool = True
    """False when the file is one page of several, or a row was set aside that could be any appointment:
    then nothing can be said to be gone."""
    gone: tuple[AppointmentId, ...] = ()
    """Appointments that are known to be gone, whatever else the list covers."""
    carries: tuple[str, ...] = ()
    """Which of `allergies`, `needs` and `medicines` the file speaks of at all."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in the file something stands: its name for a person, and its raw content."""

    row: str
    content: str

    @property
    def kept(self) -> str:
        """The content as far as it is kept, without half characters that no file could hold."""
        return self.content[:LONGEST_CONTENT].encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class Found:
    """An appointment as a row gave it, every field checked."""

    key: str  # the list's own identifier; empty when it has none
    start: datetime  # aware
    minutes: int
    clinician: str
    location: str
    reason: str
    mode: Mode
    cancelled: bool
    patient: Patient


@dataclass(slots=True)
class Listing:
    """What has been found so far in one file; `finish` makes the day's list of it."""

    file: str
    practice: str
    on: date
    zone: ZoneInfo
    demo: bool
    whole: bool = True
    carries: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    other_days: Counter[date] = field(default_factory=Counter)
    _clinics: dict[ClinicId, Clinic] = field(default_factory=dict)
    _appointments: dict[AppointmentId, Appointment] = field(default_factory=dict)
    _origins: dict[AppointmentId, Origin] = field(default_factory=dict)
    _rejected: list[RejectedRow] = field(default_factory=list)
    _held: dict[AppointmentId, None] = field(default_factory=dict)

    def add(self, found: Found, origin: Origin) -> None:
        """Put an appointment on the list; one that stands there already with other details is set aside."""
        session = session_of(found.start.astimezone(self.zone).time())
        clinic = clinic_id(self.practice, self.on, found.clinician, session)
        start = found.start.astimezone(UTC)
        appointment = Appointment(
            id=self.id_of(found.key)
            or appointment_id_without_key(self.practice, self.on, start, found.clinician, found.patient.id),
            clinic=clinic,
            patient=found.patient,
            start=start,
            minutes=found.minutes,
            reason=found.reason,
            mode=found.mode,
            cancelled=found.cancelled,
        )
        before = self._appointments.get(appointment.id)
        if before is not None and before != appointment:
            row = self._origins[appointment.id].row
            clash = BadField("appointment", f"the same appointment as {row}, with other details")
            self.reject(clash, origin, appointment=appointment.id)
            return
        if before is not None:
            self.counts["The same appointment twice, taken once"] += 1
            return
        self._appointments[appointment.id] = appointment
        self._origins[appointment.id] = origin
        if clinic not in self._clinics:
            self._clinics[clinic] = Clinic(
                id=clinic,
                date=self.on,
                clinician=found.clinician,
                session=session,
                location=found.location,
            )

    def reject(self, why: BadField, origin: Origin, *, appointment: AppointmentId | None) -> None:
        """Set a row aside. Without knowing which `appointment` it is, none can be said to be gone."""
        self.set_aside(why, origin)
        if appointment is None:
            self.whole = False
            self.notes.append("A row could be any appointment, so nothing is marked as gone.")
        else:
            self._held[appointment] = None

    def set_aside(self, why: BadField, origin: Origin) -> None:
        """Set aside something that is not itself an appointment, such as one allergy."""
        self._rejected.append(
            RejectedRow(
                file=self.file,
                row=tidy(origin.row),
                field=tidy(why.field),
                reason=short(why.reason),
                content=origin.kept,
            )
        )

    def id_of(self, key: str) -> AppointmentId | None:
        """The identifier of the list's own `key`; None when it has none."""
        return appointment_id(self.practice, self.on, key) if key else None

    def finish(self, sha256: str) -> DayList:
        """The list, in the order of its start times."""
        return DayList(
            file=self.file,
            sha256=sha256,
            date=self.on,
            clinics=tuple(self._clinics.values()),
            appointments=tuple(sorted(self._appointments.values(), key=lambda row: (row.start, row.id))),
            rejected=tuple(self._rejected),
            notes=tuple(self._all_notes()),
            sources=tuple(
                RowSource(appointment=key, row=tidy(origin.row), content=origin.kept)
                for key, origin in self._origins.items()
            ),
            held=tuple(self._held),
            whole=self.whole,
            carries=tuple(sorted(self.carries)),
        )

    def _all_notes(self) -> list[str]:
        notes = list(dict.fromkeys(self.notes))
        if self.other_days:
            days = [
                f"{show_date(day.isoformat())} ({count})" for day, count in sorted(self.other_days.items())
            ]
            shown = ", ".join(days[:5]) + (" and more" if len(days) > 5 else "")
            notes.append(f"On other days, left out: {self.other_days.total()}, on {shown}.")
        notes += [f"{words}: {count}." for words, count in self.counts.items()]
        return notes
