"""The one source of time. UTC inside; local time only where a person reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Anything that can say what time it is; tests hand in their own."""

    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar date at `instant` where the practice is."""
    return instant.astimezone(zone).date()


def local_time(instant: datetime, zone: ZoneInfo) -> str:
    """`HH:MM` at `instant` where the practice is."""
    return instant.astimezone(zone).strftime("%H:%M")


def whole_minutes(since: datetime, now: datetime) -> int:
    """Whole minutes from `since` to `now`, never negative: a clock set back shows 0, not −60."""
    return max(0, int((now - since).total_seconds() // 60))
