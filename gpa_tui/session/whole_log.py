"""The session log of one date: the day's entries, and what was said of tasks and people on that date.

Those live in the standing journal, because they outlive the day; here they take their place by time. What
was said in a review of the date stands at its end, whenever it was said.
"""

from __future__ import annotations

from typing import NamedTuple
from zoneinfo import ZoneInfo

from gpa_tui.clock import local_date
from gpa_tui.records.event import Event, HeadAnchored
from gpa_tui.session.day import Day
from gpa_tui.session.review import ABOUT_REVIEWS
from gpa_tui.session.standing import Standing
from gpa_tui.store.journal import STANDING


class Entry(NamedTuple):
    """One entry, and the journal that it is in: the date's, or the standing one."""

    journal: str
    event: Event


def whole_log(day: Day, standing: Standing, zone: ZoneInfo) -> list[Entry]:
    """Every entry of the date in `zone`, oldest first; anchors are left out."""
    found = [Entry(day.date.isoformat(), event) for event in day.events]
    for event in reversed(standing.events):
        on = local_date(event.at, zone)
        if on < day.date:
            break
        reviewed = isinstance(event.data, ABOUT_REVIEWS) and event.data.on == day.date
        if (on == day.date or reviewed) and not isinstance(event.data, HeadAnchored):
            found.append(Entry(STANDING, event))
    return sorted(found, key=lambda entry: (entry.event.at, entry.journal, entry.event.seq))
