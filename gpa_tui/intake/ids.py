"""The identifiers of what a list brings: the same list gives the same identifiers, on any machine.

All are UUIDv5 (RFC 9562, section 5.5) under one namespace, of a JSON list, so that no two lists of
parts can run together into the same text.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from uuid import UUID, uuid5

from gpa_tui.records.base import AppointmentId, ClinicId, PatientId

NAMESPACE = UUID("6d9f5c0e-3f0b-5d0e-9b7a-2f1b6a3c8e41")


def _id(*parts: str) -> str:
    return str(uuid5(NAMESPACE, json.dumps(parts)))


def clinic_id(practice: str, on: date, clinician: str, session: str) -> ClinicId:
    """Of practice, date, clinician and session; case does not matter."""
    return ClinicId(_id("clinic", practice, on.isoformat(), clinician.casefold(), session))


def patient_id(
    practice: str, nhs_number: str | None, key: str, name: tuple[str, str], born: str
) -> PatientId:
    """Of the strongest identifier known: NHS number, the list's own `key`, else name and birth date."""
    if nhs_number:
        return PatientId(_id("patient", practice, "nhs", nhs_number))
    if key:
        return PatientId(_id("patient", practice, "list", key))
    return PatientId(_id("patient", practice, "person", *name, born))


def appointment_id(practice: str, on: date, key: str) -> AppointmentId:
    """Of the list's own identifier, `key`, on one date: the same slot on another date is another visit."""
    return AppointmentId(_id("appointment", practice, on.isoformat(), "list", key))


def appointment_id_without_key(
    practice: str, on: date, start: datetime, clinician: str, patient: PatientId
) -> AppointmentId:
    """For a list without identifiers: of start, clinician and patient.

    The consequence: an appointment moved to another time is one gone and one new.
    """
    parts = (start.isoformat(), clinician.casefold(), patient)
    return AppointmentId(_id("appointment", practice, on.isoformat(), "place", *parts))
