"""Dates as they are kept and shown, and ages on the day of the clinic."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from gpa_tui.records.base import PartialDate, age_in_years, show_age, show_date

PARTIAL = TypeAdapter[str](PartialDate)
ON = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("partial", "shown"),
    [
        ("1954-04-12", "12-Apr-1954"),
        ("1954-12-01", "01-Dec-1954"),
        ("1954-01-31", "31-Jan-1954"),
        ("1954-04", "Apr-1954"),
        ("1954", "1954"),
        (None, "Not known"),
    ],
)
def test_a_date_is_shown_as_far_as_it_is_known(partial: str | None, shown: str) -> None:
    assert show_date(partial) == shown


@pytest.mark.parametrize("text", ["1954", "1954-04", "1954-04-12"])
def test_a_partial_date_is_a_year_a_month_or_a_day(text: str) -> None:
    assert PARTIAL.validate_python(text) == text


@pytest.mark.parametrize(
    "text", ["", "54", "12-04-1954", "1954-4-12", "1954-04-12T00:00", "1954-04-12\n", "1954/04/12"]
)
def test_another_form_is_not_a_partial_date(text: str) -> None:
    with pytest.raises(ValidationError):
        PARTIAL.validate_python(text)


@pytest.mark.parametrize(
    "text", ["2024-02-30", "2023-02-29", "2024-13-01", "2024-00", "2024-04-31", "１９５４-０４-１２"]
)
def test_a_date_that_no_calendar_has_is_not_a_partial_date(text: str) -> None:
    with pytest.raises(ValidationError):
        PARTIAL.validate_python(text)


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("2010-11-23", "2026-11-22", 15),
        ("2010-11-23", "2026-11-23", 16),
        ("2010-11-23", "2026-11-24", 16),
        ("2010-12-01", "2026-11-30", 15),
        ("2008-02-29", "2024-02-28", 15),
        ("2008-02-29", "2024-02-29", 16),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2026-11-23", "2026-11-23", 0),
        ("1926-01-01", "2026-11-23", 100),
    ],
)
def test_years_are_completed_on_the_birthday(born: str, on: str, years: int) -> None:
    assert age_in_years(born, date.fromisoformat(on)) == years


@pytest.mark.parametrize("born", [None, "1954", "1954-04"])
def test_an_age_is_known_only_with_the_day_of_birth(born: str | None) -> None:
    assert age_in_years(born, ON) is None
    assert show_age(born, ON) == ""


@pytest.mark.parametrize(
    ("born", "shown"),
    [
        ("2026-11-24", ""),  # not yet born
        ("2026-11-23", "0d"),
        ("2026-10-27", "27d"),
        ("2026-10-26", "4w"),
        ("2026-08-24", "13w"),
        ("2026-08-23", "3m"),
        ("2025-11-24", "11m"),
        ("2025-11-23", "12m"),
        ("2024-11-24", "23m"),
        ("2024-11-23", "2y"),
        ("1954-04-12", "72y"),
        ("1926-11-23", "100y"),
    ],
)
def test_an_age_is_shown_in_days_weeks_months_or_years(born: str, shown: str) -> None:
    assert show_age(born, ON) == shown


@given(st.dates(date(1900, 1, 1), date(2060, 1, 1)), st.integers(0, 130 * 366))
def test_an_age_never_falls_from_one_day_to_the_next(born: date, days: int) -> None:
    on = born + timedelta(days=days)
    today, tomorrow = (age_in_years(born.isoformat(), day) for day in (on, on + timedelta(days=1)))
    assert today is not None
    assert tomorrow is not None
    assert 0 <= today <= tomorrow <= today + 1
    assert days // 366 <= today <= days / 365
    assert show_age(born.isoformat(), on)
