"""Time as the practice reads it: local dates and times across both changes of the clocks and midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.clock import SystemClock, local_date, local_time, whole_minutes

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("instant", "on", "at"),
    [
        # 29 March 2026: clocks go from 01:00 to 02:00
        ("2026-03-29T00:59:59Z", "2026-03-29", "00:59"),
        ("2026-03-29T01:00:00Z", "2026-03-29", "02:00"),
        ("2026-03-28T23:59:59Z", "2026-03-28", "23:59"),
        ("2026-03-29T22:59:59Z", "2026-03-29", "23:59"),
        ("2026-03-29T23:00:00Z", "2026-03-30", "00:00"),
        # 25 October 2026: clocks go from 02:00 back to 01:00
        ("2026-10-24T22:59:59Z", "2026-10-24", "23:59"),
        ("2026-10-24T23:00:00Z", "2026-10-25", "00:00"),
        ("2026-10-25T00:30:00Z", "2026-10-25", "01:30"),
        ("2026-10-25T01:30:00Z", "2026-10-25", "01:30"),
        ("2026-10-25T23:59:59Z", "2026-10-25", "23:59"),
        ("2026-10-26T00:00:00Z", "2026-10-26", "00:00"),
        # in between, summer midnight is 23:00 UTC; in winter it is midnight
        ("2026-06-30T22:59:59Z", "2026-06-30", "23:59"),
        ("2026-06-30T23:00:00Z", "2026-07-01", "00:00"),
        ("2026-12-31T23:59:59Z", "2026-12-31", "23:59"),
    ],
)
def test_date_and_time_are_those_on_the_wall(instant: str, on: str, at: str) -> None:
    moment = datetime.fromisoformat(instant)
    assert local_date(moment, LONDON) == date.fromisoformat(on)
    assert local_time(moment, LONDON) == at


@pytest.mark.parametrize(
    ("on", "hours"),
    [("2026-03-28", 24), ("2026-03-29", 23), ("2026-10-24", 24), ("2026-10-25", 25)],
)
def test_a_date_has_as_many_hours_as_the_clocks_give_it(on: str, hours: int) -> None:
    noon_before = datetime.fromisoformat(f"{on}T00:00:00Z") - timedelta(hours=12)
    minutes = (noon_before + timedelta(minutes=n) for n in range(60 * 60))
    found = sum(local_date(minute, LONDON) == date.fromisoformat(on) for minute in minutes)
    assert found == 60 * hours


@pytest.mark.parametrize(
    ("since", "now", "minutes"),
    [
        ("09:00:00", "09:00:00", 0),
        ("09:00:00", "09:00:59", 0),
        ("09:00:00", "09:01:00", 1),
        ("09:00:00", "10:30:00", 90),
        ("09:00:01", "09:00:00", 0),
        ("09:00:00", "08:00:00", 0),
    ],
)
def test_waiting_is_in_whole_minutes_and_never_negative(since: str, now: str, minutes: int) -> None:
    day = "2026-11-23T"
    assert whole_minutes(*(datetime.fromisoformat(f"{day}{at}Z") for at in (since, now))) == minutes


@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25"])
def test_waiting_goes_on_by_the_minute_while_the_clocks_change(night: str) -> None:
    since = datetime.fromisoformat(f"{night}T00:30:00Z")
    assert whole_minutes(since, since + timedelta(minutes=61)) == 61


@given(st.integers(0, 10**9), st.integers(-(10**6), 10**6))
def test_minutes_count_what_lies_between(start: int, seconds: int) -> None:
    since = datetime.fromtimestamp(start, UTC)
    assert whole_minutes(since, since + timedelta(seconds=seconds)) == max(0, seconds) // 60


def test_the_machine_gives_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC
