"""Dates as people type them: by when, till when, seen on which day. Day first, as in Britain. No clock."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

_IN_A_WHILE = re.compile(
    r"\+?([0-9]{1,3})\s*(?:(d)(?:ays?)?|(w)(?:k|ks|eeks?)?|(m)(?:ths?|onths?)?|(y)(?:rs?|ears?)?)"
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def read_ahead(text: str, today: date) -> date:
    """Empty or `today`, `tomorrow`, `2d`, `1w`, `6m`, `1y`, `30 11` or `30 nov`, which is the next.

    Raises ValueError with the sentence to show.
    """
    words = " ".join(text.lower().split())
    if words in {"", "today"}:
        return today
    if words == "tomorrow":
        return today + timedelta(days=1)
    if found := _IN_A_WHILE.fullmatch(words):
        return _later(today, int(found[1]), next(unit for unit in found.groups()[1:] if unit))
    return _read(words, today, ahead=True)


def read_past(text: str, today: date) -> date:
    """Empty or `today`, `yesterday`, day and month: `3 11` or `3 nov`, which is the last.

    Raises ValueError with the sentence to show.
    """
    words = " ".join(text.lower().split())
    if words in {"", "today"}:
        return today
    if words == "yesterday":
        return today - timedelta(days=1)
    return _read(words, today, ahead=False)


def _later(today: date, number: int, unit: str) -> date:
    """The same day some months on is the last of a month that is too short for it."""
    if unit in "dw":
        return today + timedelta(days=number * (7 if unit == "w" else 1))
    months = today.month - 1 + number * (12 if unit == "y" else 1)
    year, month = today.year + months // 12, months % 12 + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def _month(text: str) -> int:
    """Its number, or by three letters or more of its name."""
    named = [number for number, name in enumerate(_MONTHS, 1) if len(text) > 2 and name.startswith(text)]
    return named[0] if named else int(text)


def _read(words: str, today: date, *, ahead: bool) -> date:
    try:
        day, month, *years = re.split(r"[ ./-]+", words)
        year = [int(one) + (2000 if len(one) == 2 else 0) for one in years]
        found = date(year[0] if year else today.year, _month(month), int(day))
        if not year and ahead and found < today:
            found = found.replace(year=found.year + 1)
        if not year and not ahead and found > today:
            found = found.replace(year=found.year - 1)
    except (ValueError, IndexError, OverflowError) as error:
        raise ValueError(
            "Which day? Enter for today, tomorrow, 2d, 1w, 1y, or day and month: 30 nov."
            if ahead
            else "Which day? Enter for today, yesterday, or day and month: 3 nov."
        ) from error
    if ahead and found < today:
        raise ValueError("That date has gone.")
    if not ahead and found > today:
        raise ValueError("That date is still to come.")
    return found
