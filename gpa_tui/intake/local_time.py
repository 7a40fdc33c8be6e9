"""The practice's local day and its sessions; both clock changes are right."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

AFTERNOON = time(13, 0)  # a start before this is in the morning session
EVENING = time(18, 0)  # … and before this in the afternoon


def session_of(local: time) -> str:
    """`morning`, `afternoon` or `evening`, by the local time an appointment starts."""
    if local < AFTERNOON:
        return "morning"
    return "afternoon" if local < EVENING else "evening"


def to_utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment of a local wall-clock time, in UTC.

    An hour that comes twice (clocks going back) is taken as its first coming. Raises ValueError for a
    time that is skipped when clocks go forward.
    """
    local = datetime.combine(day, at, tzinfo=zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError(f"{at:%H:%M} does not exist on this day: the clocks go forward over it")
    return moment
