"""What every record shares: frozen models, identifiers, who acted, and partial dates."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, NewType
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict

EventId = NewType("EventId", str)  # UUIDv7
PatientId = NewType("PatientId", str)  # UUIDv5 of the practice and the strongest identifier known
AppointmentId = NewType("AppointmentId", str)  # UUIDv5 of the clinic and the list's own identifier
ClinicId = NewType("ClinicId", str)  # UUIDv5 of practice, date, clinician and session
StaffId = NewType("StaffId", str)  # short and chosen at `gpa-tui init`, e.g. "mokafor"


def _a_uuid(text: str) -> str:
    if str(UUID(text)) != text:
        raise ValueError("an origin is a UUID in small letters")
    return text


Origin = Annotated[str, AfterValidator(_a_uuid)]
"""Which store, for life. It names folders: nothing else than a UUID ever does."""


class Record(BaseModel):
    """An immutable value. Fields that a newer version wrote are passed over, never an error."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


_PARTIAL = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def _on_the_calendar(text: str) -> str:
    if not _PARTIAL.fullmatch(text):
        raise ValueError("a date is YYYY, YYYY-MM or YYYY-MM-DD")
    date.fromisoformat(f"{text}-01-01"[:10] if len(text) == 4 else f"{text}-01"[:10])
    return text


PartialDate = Annotated[str, AfterValidator(_on_the_calendar)]
"""An ISO 8601 date known to the year, the month or the day: `1954`, `1954-04`, `1954-04-12`."""

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def show_date(partial: str | None) -> str:
    """`12-Apr-1954` (NHS CUI date display), `Apr-1954`, `1954`, or `Not known`."""
    if partial is None:
        return "Not known"
    year, *rest = partial.split("-")
    if not rest:
        return year
    month = _MONTHS[int(rest[0]) - 1]
    return f"{rest[1]}-{month}-{year}" if len(rest) > 1 else f"{month}-{year}"


def age_in_years(born: str | None, on: date) -> int | None:
    """Completed years on the date `on`; None unless the birth date is known to the day."""
    if born is None or len(born) != 10:
        return None
    birth = date.fromisoformat(born)
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def show_age(born: str | None, on: date) -> str:
    """`72y`, under two years `14m`, under three months `9w`, under four weeks `12d`; empty if unknown."""
    years = age_in_years(born, on)
    if born is None or years is None or on < date.fromisoformat(born):
        return ""
    birth = date.fromisoformat(born)
    days = (on - birth).days
    months = (on.year - birth.year) * 12 + on.month - birth.month - (on.day < birth.day)
    if days < 28:
        return f"{days}d"
    if months < 3:
        return f"{days // 7}w"
    return f"{months}m" if years < 2 else f"{years}y"
