from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.intake.spreadsheet import (
    DateFormat,
    TimeFormat,
    excel_date,
    mended_nhs_number,
    read_date,
    read_time,
)

ON = date(2026, 11, 22)
ALL_DATES = tuple(DateFormat)
ALL_TIMES = tuple(TimeFormat)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22",
        "20261122",
        "22/11/2026",
        "22-11-2026",
        "22.11.2026",
        "22-Nov-2026",
        "22 november 2026",
        "46348",
        "46348.375",
        "2026-11-22T00:00:00",
        "22/11/2026 08:40",
        "2026-11-22 08:40:00.000",
    ],
)
def test_ways_to_write_one_date(text: str) -> None:
    assert read_date(text, ALL_DATES) == ON


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("04/13/2026", "there is no month 13"),
        ("31/02/2026", "no such day"),
        ("22-Foo-2026", "not a month"),
        ("22/11/26", "is not a date written as"),
        ("1954", "a year alone"),
        ("60", "Excel"),
        ("0", "Excel"),
        ("3000000", "Excel"),
        ("tomorrow", "is not a date"),
        ("=TODAY()", "is not a date"),
        ("٢٠٢٦-١١-٢٢x", "is not a date"),
    ],
)
def test_dates_that_are_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_date(text, ALL_DATES)


def test_day_comes_before_month_always() -> None:
    assert read_date("04/03/2026", ALL_DATES) == date(2026, 3, 4)


def test_only_the_formats_of_the_map_are_read() -> None:
    with pytest.raises(ValueError, match="yyyy-mm-dd"):
        read_date("22/11/2026", (DateFormat.ISO,))
    with pytest.raises(ValueError, match="yyyy-mm-dd"):
        read_date("46348", (DateFormat.ISO,))


# Dates as Excel itself shows them for these numbers, 1900 system.
@pytest.mark.parametrize(
    ("serial", "day"),
    [
        ("1", date(1900, 1, 1)),
        ("59", date(1900, 2, 28)),
        ("61", date(1900, 3, 1)),
        ("19826", date(1954, 4, 12)),
        ("25569", date(1970, 1, 1)),
        ("45000", date(2023, 3, 15)),
    ],
)
def test_excel_dates(serial: str, day: date) -> None:
    assert excel_date(serial) == day


@given(st.dates(date(1906, 1, 1), date(2100, 12, 31)))
def test_an_excel_number_comes_back_as_its_date(day: date) -> None:
    assert excel_date(str((day - date(1899, 12, 30)).days)) == day


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("08:40", time(8, 40)),
        ("8:40", time(8, 40)),
        ("08:40:00", time(8, 40)),
        ("08:39:59.999", time(8, 40)),
        ("8:40 am", time(8, 40)),
        ("12:05 AM", time(0, 5)),
        ("12:05 pm", time(12, 5)),
        ("1:30 p.m.", time(13, 30)),
        ("22/11/2026 08:40", time(8, 40)),
        ("2026-11-22T08:40:00", time(8, 40)),
        ("0.361111111111111", time(8, 40)),
        ("0.4583", time(11, 0)),
        ("0", time(0, 0)),
        ("46348.361111", time(8, 40)),
    ],
)
def test_ways_to_write_a_time(text: str, at: time) -> None:
    assert read_time(text, ALL_TIMES, ON) == at


@pytest.mark.parametrize(
    "text", ["24:00", "8.40", "08:60", "13:00 pm", "0.99999", "46349.361111", "23:59:45", "soon", "8", "1.0"]
)
def test_times_that_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|date|Excel"):
        read_time(text, ALL_TIMES, ON)


@given(st.integers(min_value=0, max_value=24 * 60 - 1), st.integers(min_value=4, max_value=15))
def test_a_part_of_a_day_comes_back_to_the_minute(minutes: int, digits: int) -> None:
    """Four decimals are 8.6 seconds: enough to find the minute again."""
    read = read_time(f"{minutes / 1440:.{digits}f}", (TimeFormat.DAY_FRACTION,), ON)
    assert timedelta(hours=read.hour, minutes=read.minute) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("9990000018", "9990000018"),
        ("9990000018.0", "9990000018"),
        ("999 000 0018", "999 000 0018"),
        ("101010109", "0101010109"),
        ("12", "12"),
    ],
)
def test_nhs_numbers_out_of_a_spreadsheet(text: str, number: str) -> None:
    assert mended_nhs_number(text) == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("9.99E+09", "Excel has shortened it to 9.99E\\+09"),
        ("1e10", "shortened"),
        ("999000003", "a leading zero does not fit"),
    ],
)
def test_nhs_numbers_that_a_spreadsheet_lost(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        mended_nhs_number(text)
