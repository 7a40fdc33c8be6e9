"""A time of today that somebody types: of a set that was taken, of an ECG that was recorded."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screens.base import ClinicScreen

TIME = re.compile(r"@?([0-9]{1,2}):?([0-9]{2})")


def of_today(screen: ClinicScreen, hours: int, minutes: int) -> datetime | None:
    """That time of the day that is open, in UTC; None, and why is said, where it cannot have been."""
    station = screen.workstation
    day = station.day.date
    try:
        taken = datetime(day.year, day.month, day.day, hours, minutes, tzinfo=station.door.zone)
    except ValueError:
        screen.notice("There is no such time of day.", loud=True)
        return None
    if taken > station.clock.now():
        screen.notice(f"{hours:02}:{minutes:02} is still to come.", loud=True)
        return None
    return taken.astimezone(UTC)
