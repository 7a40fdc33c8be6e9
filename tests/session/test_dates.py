"""Dates as they are typed at the desk: by when, till when, seen on which day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from clinic import DATE

from gpa_tui.session.dates import read_ahead, read_past


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("", DATE),
        ("today", DATE),
        ("Tomorrow", DATE + timedelta(days=1)),
        ("2d", DATE + timedelta(days=2)),
        ("+1 week", DATE + timedelta(days=7)),
        ("30 11", date(2026, 11, 30)),
        ("1.3", date(2027, 3, 1)),
        ("1/3/2028", date(2028, 3, 1)),
        ("1y", date(2027, 11, 23)),
        ("6 months", date(2027, 5, 23)),
        ("12m", date(2027, 11, 23)),
        ("2 dec", date(2026, 12, 2)),
        ("1 March", date(2027, 3, 1)),
        ("1 may 28", date(2028, 5, 1)),
    ],
)
def test_a_date_is_read_as_people_type_it(typed: str, due: date) -> None:
    assert read_ahead(typed, DATE) == due


@pytest.mark.parametrize(
    "typed", ["soon", "31 2", "1/3/2020", "x d", "1 2 3 4 x", "1 1 99999999999999999999", "2 de", "5 x"]
)
def test_another_date_is_asked_for_again(typed: str) -> None:
    with pytest.raises(ValueError, match=r"Which day|has gone"):
        read_ahead(typed, DATE)


def test_the_same_day_of_a_shorter_month_is_its_last() -> None:
    assert read_ahead("1m", date(2027, 1, 31)) == date(2027, 2, 28)
    assert read_ahead("1y", date(2028, 2, 29)) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("", DATE),
        ("Yesterday", DATE - timedelta(days=1)),
        ("3 11", date(2026, 11, 3)),
        ("30/11", date(2025, 11, 30)),
        ("30.6.2024", date(2024, 6, 30)),
        ("30 jun 24", date(2024, 6, 30)),
        ("23-Nov-2026", date(2026, 11, 23)),
    ],
)
def test_a_day_that_has_been_is_read_as_people_type_it(typed: str, day: date) -> None:
    assert read_past(typed, DATE) == day


@pytest.mark.parametrize("typed", ["soon", "31 2", "24 11 2026", "1d"])
def test_another_day_that_has_been_is_asked_for_again(typed: str) -> None:
    with pytest.raises(ValueError, match=r"Which day|still to come"):
        read_past(typed, DATE)
