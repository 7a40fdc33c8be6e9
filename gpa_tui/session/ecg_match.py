"""Whether a file from the cart is of this patient, of now, and new: what does not fit, in words. No I/O."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gpa_tui.clinical import nhs_number
from gpa_tui.records.base import show_date
from gpa_tui.records.ecg import EcgFileSays, EcgFormat
from gpa_tui.records.patient import Gender, Patient
from gpa_tui.session.identity import name_fits
from gpa_tui.store.attachments import Label

NEAR = timedelta(minutes=10)  # carts' clocks drift (the ECG brief, section 6)
UNREAD = {EcgFormat.PDF, EcgFormat.OTHER}


def does_not_fit(
    says: EcgFileSays, patient: Patient, before: Label | None, now: datetime, zone: ZoneInfo
) -> list[str]:
    """A clause for each thing that must be answered before the file is attached; none where all fits."""
    return [*_filed(before, patient), *_whose(says, patient), *_when(says, now, zone)]


def _filed(before: Label | None, patient: Patient) -> Iterator[str]:
    if before is not None:
        whose = "this patient" if before.patient == patient.id else f"ANOTHER PATIENT, {before.patient_name}"
        yield f"filed before, on {before.date:%a} {before.date.day} {before.date:%b %Y}, for {whose}"


def _whose(says: EcgFileSays, patient: Patient) -> Iterator[str]:
    numbers = {number for one in says.patient_ids if (number := _nhs_number(one))}
    if patient.nhs_number and numbers and patient.nhs_number not in numbers:
        yield f"the file's NHS number is {', '.join(sorted(numbers))}"
    if says.name and not name_fits(patient, says.name):
        yield f"the file's name is {says.name}"
    if says.born and patient.born and not says.born.startswith(patient.born):
        yield f"the file's birth date is {show_date(says.born)}"
    known = {Gender.MALE, Gender.FEMALE}
    if says.gender in known and patient.gender in known and says.gender != patient.gender:
        yield f"the file says {says.gender}"
    if not (patient.nhs_number in numbers or says.name or says.born):
        kind = f"a {says.format.value} is not read" if says.format in UNREAD else "it names nobody"
        yield f"nothing in the file tells whose it is ({kind}): look at it"


def _nhs_number(text: str) -> str:
    """Its ten digits, or nothing where it is some other identifier."""
    with suppress(ValueError):
        return nhs_number.read(text)
    return ""


def _when(says: EcgFileSays, now: datetime, zone: ZoneInfo) -> Iterator[str]:
    if says.format in UNREAD:
        return
    at = recorded_at(says, zone)
    if at is None:
        yield "the file has no time of recording"
    elif abs(now - at) > NEAR:
        local = at.astimezone(zone)
        yield f"the cart's clock said {local:%H:%M} on {local.day} {local:%b %Y}"


def recorded_at(says: EcgFileSays, zone: ZoneInfo) -> datetime | None:
    """When it was recorded by the cart's clock, which is local where the file gives no zone."""
    at = says.recorded_at
    return at if at is None or at.tzinfo is not None else at.replace(tzinfo=zone)
