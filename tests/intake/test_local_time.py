from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from gpa_tui.intake.local_time import session_of, to_utc

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("at", "session"),
    [
        (time(0, 0), "morning"),
        (time(12, 59), "morning"),
        (time(13, 0), "afternoon"),
        (time(17, 59), "afternoon"),
        (time(18, 0), "evening"),
    ],
)
def test_sessions_begin_at_one_and_at_six(at: time, session: str) -> None:
    assert session_of(at) == session


@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        (date(2026, 11, 22), time(8, 40), datetime(2026, 11, 22, 8, 40, tzinfo=UTC)),
        (date(2026, 7, 1), time(8, 40), datetime(2026, 7, 1, 7, 40, tzinfo=UTC)),
        (date(2026, 3, 29), time(0, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (date(2026, 3, 29), time(2, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 10, 25), time(0, 30), datetime(2026, 10, 24, 23, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the first 01:30
        (date(2026, 10, 25), time(2, 0), datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_local_times_around_both_clock_changes(day: date, at: time, moment: datetime) -> None:
    assert to_utc(day, at, LONDON) == moment


def test_a_time_that_is_skipped_is_refused() -> None:
    with pytest.raises(ValueError, match="01:30 does not exist"):
        to_utc(date(2026, 3, 29), time(1, 30), LONDON)
