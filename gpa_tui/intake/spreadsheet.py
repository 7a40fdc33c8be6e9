"""Dates, times and numbers as spreadsheets and practice systems write them into CSV files.

Nothing is guessed: a map names the formats of its list, and what fits none of them sets the row aside.
Month before day is not among them, so `04/13/2026` is refused and `04/03/2026` is 4 March.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from gpa_tui.clinical import nhs_number

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH_NAMES = [
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip
_MINUTES_A_DAY = 24 * 60


class DateFormat(StrEnum):
    """How a map may say that its list writes dates. All but the last may be followed by a time."""

    ISO = "yyyy-mm-dd"
    PLAIN = "yyyymmdd"
    SLASHES = "dd/mm/yyyy"
    DASHES = "dd-mm-yyyy"
    DOTS = "dd.mm.yyyy"
    MONTH_NAME = "dd-mmm-yyyy"
    EXCEL = "excel serial"


class TimeFormat(StrEnum):
    """How a map may say that its list writes times; a date before the time is passed over."""

    CLOCK = "hh:mm"  # seconds and "am"/"pm" may follow
    DAY_FRACTION = "day fraction"


_DATES = {
    DateFormat.ISO: re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    DateFormat.PLAIN: re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
    DateFormat.SLASHES: re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})"),
    DateFormat.DASHES: re.compile(r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})"),
    DateFormat.DOTS: re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})"),
    DateFormat.MONTH_NAME: re.compile(r"(?P<d>\d{1,2})[- ](?P<m>[A-Za-z]{3,9})[- ](?P<y>\d{4})"),
}
_NUMBER = re.compile(r"\d{1,7}(?:\.\d+)?", re.ASCII)  # eight digits are yyyymmdd
_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s*([ap])\.?m\.?)?", re.ASCII | re.IGNORECASE
)
_CLOCK_AT_END = re.compile(r"[T ]\s*(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)$", re.ASCII)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)


def read_date(text: str, formats: tuple[DateFormat, ...]) -> date:
    """The date in `text`. Raises ValueError with the sentence to show."""
    if DateFormat.EXCEL in formats and _NUMBER.fullmatch(text):
        return excel_date(text)
    day = _CLOCK_AT_END.sub("", text)
    for form in formats:
        pattern = _DATES.get(form)
        match = pattern.fullmatch(day) if pattern else None
        if match:
            return _date_of(match["y"], match["m"], match["d"], form)
    raise ValueError(f"{text!r} is not a date written as {_listed(formats)}")


def _date_of(year: str, month: str, day: str, form: DateFormat) -> date:
    if month.isdigit():
        number = int(month)
        if number > 12:
            raise ValueError(f"there is no month {number}: this list is read as {form}, the day first")
    else:
        number = _month_named(month)
    try:
        return date(int(year), number, int(day))
    except ValueError as error:
        raise ValueError(f"there is no such day: {day} of month {number} in {year}") from error


def _month_named(word: str) -> int:
    word = word.casefold()
    if word in _MONTH_NAMES:
        return _MONTH_NAMES.index(word) + 1
    if word not in _MONTHS:
        raise ValueError(f"{word!r} is not a month")
    return _MONTHS.index(word) + 1


def excel_date(text: str) -> date:
    """The date of an Excel serial number, 1900 system; a fraction (the time of day) is passed over.

    Serial 1 is 1 January 1900, and serial 60 is a 29 February 1900 that never was; both as Excel has
    it. The 1904 system of old Mac workbooks is not guessed: the same number is then a date four years
    and a day later, and nothing in a CSV file says which one was meant. A number between 1900 and
    2100 is refused, since it is more likely a year than a day of 1905. Raises ValueError.
    """
    serial = int(Decimal(text))
    if 1900 <= serial <= 2100:
        raise ValueError(f"{text!r} looks like a year alone")
    if serial < 1 or serial == 60 or serial > 2_958_465:
        raise ValueError(f"{text!r} is not a date in Excel's numbering")
    return date(1899, 12, 31 if serial < 60 else 30) + timedelta(days=serial)


def read_time(text: str, formats: tuple[TimeFormat, ...], day: date) -> time:
    """The local time of day in `text`, to the nearest minute. Raises ValueError with the sentence to show.

    A date-and-time number or text is taken when its date is `day`, the row's own.
    """
    if TimeFormat.DAY_FRACTION in formats and _NUMBER.fullmatch(text):
        number = Decimal(text)
        if number >= 1 and excel_date(text) != day:
            raise ValueError(f"{text!r} is neither a part of a day nor a time on the row's own date")
        minutes = (number % 1 * _MINUTES_A_DAY).quantize(Decimal(1), ROUND_HALF_UP)
        return _clock_time(int(minutes), text)
    if TimeFormat.CLOCK in formats:
        tail = _CLOCK_AT_END.search(text)
        match = _CLOCK.fullmatch(tail[1] if tail else text)
        if match:
            return _clock_time(_minutes(match, text), text)
    raise ValueError(f"{text!r} is not a time written as {_listed(formats)}")


def _minutes(match: re.Match[str], text: str) -> int:
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    half = (match[4] or "").lower()
    if minute > 59 or second > 59 or (half and not 1 <= hour <= 12):
        raise ValueError(f"{text!r} is not a time of day")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + minute + (second >= 30)


def _clock_time(minutes: int, text: str) -> time:
    if minutes >= _MINUTES_A_DAY:
        raise ValueError(f"{text!r} is not a time of day")
    return time(*divmod(minutes, 60))


def _listed(formats: tuple[DateFormat, ...] | tuple[TimeFormat, ...]) -> str:
    return " or ".join(formats)


def mended_nhs_number(text: str) -> str:
    """An NHS number as it was before a spreadsheet took it for a number.

    Nine digits get their lost leading zero back, only where the check digit then fits; a trailing
    `.0` goes. Raises ValueError when the digits themselves are lost (`9.99E+09`).
    """
    if _SCIENTIFIC.fullmatch(text):
        raise ValueError(f"Excel has shortened it to {text}: make the column text, and export again")
    digits = text.removesuffix(".0")
    if len(digits) == 9 and digits.isascii() and digits.isdigit():
        padded = f"0{digits}"
        if nhs_number.check_digit(padded[:9]) == int(padded[9]):
            return padded
        raise ValueError("an NHS number has 10 digits, this has 9 and a leading zero does not fit")
    return digits
