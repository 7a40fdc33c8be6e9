"""Somebody who comes without an appointment, as a row of today's list."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from gpa_tui.intake.ids import appointment_id_without_key, clinic_id, patient_id
from gpa_tui.intake.local_time import session_of
from gpa_tui.records.appointment import NO_CLINICIAN, Appointment, Clinic
from gpa_tui.records.patient import Patient, PersonName
from gpa_tui.session.day import Day
from gpa_tui.session.identity import matches
from gpa_tui.text import plain_lines

_TITLE = re.compile(r"\(([^()]{1,12})\)")


def read_name(text: str) -> PersonName:
    """`Okonkwo, Grace (Mrs)` or `Grace Okonkwo`; one word is the family name. Raises ValueError with the
    sentence to show."""
    words = " ".join(plain_lines(text).split())
    title = _TITLE.search(words)
    rest = " ".join(_TITLE.sub(" ", words).split())
    if "," in rest:
        family, _, given = (part.strip() for part in rest.partition(","))
    else:
        given, _, family = rest.rpartition(" ")
    if not family:
        raise ValueError("Type the name: family name, a comma, given name.")
    return PersonName(family=family, given=given, title=title[1].strip() if title else "")


def known_today(day: Day, name: PersonName, born: str | None) -> Patient | None:
    """The patient on today's list who has this name and birth date, if there is just one."""
    if not name.given:
        return None  # a family name alone is nobody's
    said = f"{name.given} {name.family}"
    found = {
        visit.appointment.patient.id: visit.appointment.patient
        for visit in day.visits.values()
        if matches(visit.appointment.patient, said, born)
    }
    return next(iter(found.values())) if len(found) == 1 else None


def clinic_without_list(practice: str, now: datetime, zone: ZoneInfo) -> Clinic:
    """Where somebody is listed on a day that has no list."""
    local = now.astimezone(zone)
    session = session_of(local.time())
    return Clinic(
        id=clinic_id(practice, local.date(), NO_CLINICIAN, session),
        date=local.date(),
        clinician=NO_CLINICIAN,
        session=session,
    )


def walk_in(
    day: Day, practice: str, clinic: Clinic, name: PersonName, born: str | None, reason: str, now: datetime
) -> Appointment:
    """The row of somebody who has just come; who is on today's list already keeps all that is known."""
    patient = known_today(day, name, born) or Patient(
        id=patient_id(practice, None, "", name.matching, born or ""), name=name, born=born
    )
    at = now.replace(second=0, microsecond=0)
    return Appointment(
        id=appointment_id_without_key(practice, day.date, now, clinic.clinician, patient.id),
        clinic=clinic.id,
        patient=patient,
        start=at,
        reason=" ".join(plain_lines(reason).split()),
        walk_in=True,
    )
