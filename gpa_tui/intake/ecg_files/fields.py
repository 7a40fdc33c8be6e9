"""What every reader of a cart's file needs: words made safe, numbers in a plausible form, dates, errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import islice
from typing import Literal

from gpa_tui.errors import IntakeError
from gpa_tui.records.base import age_in_years
from gpa_tui.records.ecg import EcgFormat, EcgNumbers, Formula
from gpa_tui.text import plain_lines

Gender = Literal["", "male", "female", "other"]

MOST_STATEMENTS = 50
MOST_NOTES = 60
_MOST_IDS = 10
_LONGEST_TEXT = 500  # characters of one statement or note
_LONGEST_NAME = 200

# What a number may be to be taken for one at all; wider than any clinical range, since 0, 999 and 29999
# are how carts write "not measured".
_PLAUSIBLE = {
    "rate": (10, 400),
    "pr_ms": (20, 1000),
    "qrs_ms": (20, 500),
    "qt_ms": (100, 1500),
    "qtc_ms": (100, 1500),
    "axis_deg": (-180, 360),
}
_NUMBER = re.compile(r"[+-]?\d{1,6}(\.\d{1,6})?", re.ASCII)
_FORMULAS: tuple[tuple[str, Formula], ...] = (
    ("bazett", "bazett"),
    ("fridericia", "fridericia"),
    ("fredericia", "fridericia"),  # as DICOM CID 3227 spells it
    ("framingham", "framingham"),
    ("hodges", "hodges"),
)
_TIMESTAMP = re.compile(
    r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(?:(\d{2})(?:\.\d{1,6})?)?(?:([+-])(\d{2}):?(\d{2}))?", re.ASCII
)


def damaged(kind: EcgFormat, what: str) -> IntakeError:
    """The error for a file of a known kind that cannot be read; `what` says what is wrong and where."""
    return IntakeError(
        f"This {kind} file is damaged: {what}.",
        "Export it from the cart again. If it happens again, attach the PDF or the paper print instead.",
    )


def words(raw: object, longest: int = _LONGEST_TEXT) -> str:
    """Text out of a file on one line, with nothing in it that could steer a terminal; None is empty."""
    if raw is None:
        return ""
    text = " ".join(plain_lines(str(raw).strip()[: longest * 4]).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def full_name(*parts: object) -> str:
    """The patient's name in speaking order from its parts, those that are empty left out."""
    return words(" ".join(part for part in map(words, parts) if part), _LONGEST_NAME)


def identifiers(found: Iterable[object]) -> tuple[str, ...]:
    """The patient identifiers that are not empty, each once, in the file's order."""
    return tuple(dict.fromkeys(text for text in (words(raw, 100) for raw in found) if text))[:_MOST_IDS]


def statements(found: Iterable[object]) -> tuple[str, ...]:
    """The machine's statements in order, empty ones dropped."""
    return tuple(islice((text for text in map(words, found) if text), MOST_STATEMENTS))


def notes(*groups: Iterable[str]) -> tuple[str, ...]:
    """All notes in order, each once. When they are too many, the last one says how many are not shown."""
    every = list(dict.fromkeys(words(note) for group in groups for note in group))
    if len(every) <= MOST_NOTES:
        return tuple(every)
    return (*every[: MOST_NOTES - 1], f"{len(every) - MOST_NOTES + 1} more notes are not shown")


def whole_number(raw: object, low: int, high: int) -> int | None:
    """`raw` as an integer from `low` to `high`; a fraction, another form or another size is None."""
    text = words(raw, 40)
    if not _NUMBER.fullmatch(text):
        return None
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() and low <= value <= high else None


def numbers(formula: Formula = "", **raw: object) -> EcgNumbers:
    """The cart's numbers by the field names of `EcgNumbers`; what is no plausible integer is None.

    An axis from 181 to 360 is the same angle as one from -179 to 0 and is given as that.
    """
    read = {name: whole_number(value, *_PLAUSIBLE[name]) for name, value in raw.items()}
    axis = read.get("axis_deg")
    if axis is not None and axis > 180:
        read["axis_deg"] = axis - 360
    return EcgNumbers(**read, qtc_formula=formula if read.get("qtc_ms") is not None else "")


def formula_named(text: object) -> Formula:
    """The formula that `text` names, or "" when it names none, or more than one."""
    folded = words(text).casefold()
    found = {formula for name, formula in _FORMULAS if name in folded}
    return found.pop() if len(found) == 1 else ""


def iso_date(year: object, month: object, day: object) -> str | None:
    """An ISO date if the three make a whole and valid one."""
    try:
        return date(int(str(year)), int(str(month)), int(str(day))).isoformat()
    except (ValueError, OverflowError):
        return None


def compact_date(raw: object) -> str | None:
    """`19530508` or `1953-05-08` as an ISO date; a time after the day is passed over."""
    match = re.fullmatch(r"(\d{4})(-?)(\d{2})\2(\d{2})(?:[T ].*|\d{2,}.*)?", words(raw, 40), re.ASCII)
    return iso_date(match[1], match[3], match[4]) if match else None


def compact_time(raw: object) -> datetime | None:
    """`20021122091000.000+0100` (HL7 TS, DICOM DT), known to the minute at least; naive without an offset."""
    match = _TIMESTAMP.fullmatch(words(raw, 40))
    if not match:
        return None
    sign, hours, minutes = match[7], match[8], match[9]
    zone = offset(int(f"{sign}1") * (int(hours) * 60 + int(minutes))) if sign else None
    return moment((int(part or 0) for part in match.groups()[:6]), zone)


def moment(parts: Iterable[int], zone: timezone | None = None) -> datetime | None:
    """The time of year, month, day, hour, minute and second, if there is such a one."""
    year, month, day, hour, minute, second = parts
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except (ValueError, OverflowError):
        return None


def offset(minutes: int) -> timezone | None:
    """The time zone that is `minutes` east of UTC, or None if there can be no such zone."""
    if minutes == 0:
        return UTC
    return timezone(timedelta(minutes=minutes)) if abs(minutes) <= 14 * 60 else None


def age_notes(stated: int | None, born: str | None, recorded_at: datetime | None) -> list[str]:
    """A note if the stated age in years contradicts the birth date; one year apart may be rounding."""
    if stated is None or born is None or recorded_at is None:
        return []
    made = age_in_years(born, recorded_at.date())
    if made is None or abs(made - stated) <= 1:
        return []
    return [f"the file says age {stated}, its birth date makes {made}"]


def filter_notes(high_pass: str = "", low_pass: str = "", mains: str = "") -> list[str]:
    """A note of the filters that the file names, in Hz; "" and 0 are not named."""
    named = {"high pass": high_pass, "low pass": low_pass, "mains": mains}
    parts = [
        f"{name} {Decimal(value).normalize():f} Hz"
        for name, value in named.items()
        if _NUMBER.fullmatch(value) and Decimal(value) > 0
    ]
    return [f"filters: {', '.join(parts)}"] if parts else []


def moment_of(day: str | None, clock: str) -> datetime | None:
    """The naive time of an ISO date and `09:15:11` or `09:15`."""
    match = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?", words(clock, 40), re.ASCII)
    if day is None or match is None:
        return None
    return moment([*map(int, day.split("-")), *(int(part or 0) for part in match.groups())])


def gender(raw: object, known: Mapping[str, Gender]) -> Gender:
    """The gender that `known` makes of a file's word for it, by its small letters."""
    return known.get(words(raw, 40).casefold(), "")


def decimal(raw: object) -> float | None:
    """A plain decimal number of moderate size."""
    text = words(raw, 40)
    return float(text) if re.fullmatch(r"[+-]?\d{1,9}(\.\d{1,12})?", text, re.ASCII) else None
