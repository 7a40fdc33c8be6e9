"""An appointment, its clinic, and the stages it goes through."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime

from gpa_tui.records.base import AppointmentId, ClinicId, Record
from gpa_tui.records.patient import Patient

NO_CLINICIAN = "no clinician named"  # what a clinic is called where nobody is


class Mode(StrEnum):
    """How patient and surgery meet."""

    IN_PERSON = "in person"
    TELEPHONE = "telephone"
    VIDEO = "video"
    HOME = "home visit"


class Stage(StrEnum):
    """Where in the morning an appointment is; which may follow which is `session/stages.py`."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    IN_PREP = "in prep"
    READY = "ready for GP"
    WITH_GP = "with GP"
    WRAP_UP = "wrap-up"
    LEFT = "left"
    DID_NOT_ATTEND = "did not attend"
    WALKED_OUT = "walked out"
    CALL_DONE = "call done"
    NO_ANSWER = "no answer"
    VISITED = "visited"
    NOT_SEEN = "not seen"
    CANCELLED = "cancelled"


class Clinic(Record):
    """One clinician's session on one date."""

    id: ClinicId
    date: date
    clinician: str
    session: str  # "morning", "afternoon", "evening"
    location: str = ""

    @property
    def title(self) -> str:
        return f"{self.clinician} · {self.session}"


class Appointment(Record):
    """One row of the list, with the patient as the list gave them."""

    id: AppointmentId
    clinic: ClinicId
    patient: Patient
    start: AwareDatetime  # UTC
    minutes: int = 10
    reason: str = ""
    mode: Mode = Mode.IN_PERSON
    cancelled: bool = False  # cancelled by whoever keeps the book
    walk_in: bool = False  # listed here, not by a list
