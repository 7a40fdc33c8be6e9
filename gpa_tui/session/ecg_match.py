"""Whether a file from the cart is of this patient, of now, and new: what does not fit, in words. No I/O."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gpa_tui.records.base import show_date
from gpa_tui.records.ecg import EcgFileSays, EcgFormat
from gpa_tui.records.patient import Gender, Patient
from gpa_tui.session.identity import has_given_name, name_fits
from gpa_tui.store.attachments import Label

NHS_DIGITS = 10
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
    """The NHS number tells whose it is, or name and given name with the whole birth date; nothing less."""
    digits = {"".join(one.split()).replace("-", "") for one in says.patient_ids}
    numbers = {one for one in digits if len(one) == NHS_DIGITS and one.isdigit()}
    others = sorted(numbers - {patient.nhs_number or ""})
    if others:
        yield f"the file's number is {', '.join(others)}"
    name_is_theirs = bool(says.name) and name_fits(patient, says.name)
    if says.name and not name_is_theirs:
        yield f"the file's name is {says.name}"
    both = (says.born or "", patient.born or "")
    if not (both[0].startswith(both[1]) or both[1].startswith(both[0])):
        yield f"the file's birth date is {show_date(says.born)}"
    known = {Gender.MALE, Gender.FEMALE}
    if says.gender in known and patient.gender in known and says.gender != patient.gender:
        yield f"the file says {says.gender}"
    whole_name = name_is_theirs and has_given_name(patient, says.name)
    told = patient.nhs_number in numbers or (whole_name and says.born and says.born == patient.born)
    if not told and not (others or (says.name and not name_is_theirs)):
        yield _why_not_told(says)


def _why_not_told(says: EcgFileSays) -> str:
    if says.format in UNREAD:
        return f"nothing tells whose it is (a {says.format.value} is not read): look at it"
    there = [what for what, text in (("name", says.name), ("birth date", says.born)) if text]
    only = f"only a {' and a '.join(there)}" if there else "no name, no birth date"
    return f"too little tells whose it is ({only}; no NHS number): look at it"


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
