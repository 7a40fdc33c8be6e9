"""How long people wait, in words; and how late a clinic runs. The limits are the practice's. No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from gpa_tui.clock import whole_minutes
from gpa_tui.records.appointment import Mode, Stage
from gpa_tui.session.day import Visit

WAITS = {Stage.ARRIVED, Stage.READY}
"""The stages in which a patient sits and waits for somebody."""


class Limits(NamedTuple):
    """Minutes from which a wait is said to be long, and very long."""

    long: int
    very_long: int


def stage_words(visit: Visit, now: datetime, limits: Limits) -> str:
    """The stage and how long it has lasted: `in prep 4m`, `ready 4m`, `waits 17m`, `WAITS 31m GP` for the GP.

    Nobody is marked absent by the clock: a booked patient who is not here yet is `late 12m`.
    """
    if visit.stage is Stage.BOOKED and visit.mode is Mode.IN_PERSON and visit.appointment.start < now:
        late = whole_minutes(visit.appointment.start, now)
        return f"late {_span(late)}" if late else visit.stage.value
    if not visit.under_way or visit.since is None:
        return visit.stage.value
    minutes = whole_minutes(visit.since, now)
    if visit.stage in WAITS and minutes >= limits.long:
        wait = "WAITS" if minutes >= limits.very_long else "waits"
        return f"{wait} {_span(minutes)}" + (" GP" if visit.stage is Stage.READY else "")
    return f"{short_stage(visit.stage)} {_span(minutes)}"


def short_stage(stage: Stage) -> str:
    """The stage's words, as short as the column needs."""
    return "ready" if stage is Stage.READY else stage.value


def _span(minutes: int) -> str:
    """`12m`, or `2h` from two hours on."""
    return f"{minutes}m" if minutes < 120 else f"{minutes // 60}h"


def running_late(visits: Iterable[Visit]) -> int:
    """By how many minutes the patient who went in last went in after their time; 0 when in time or none."""
    went_in = [
        (move.at, visit.appointment.start)
        for visit in visits
        for move in visit.moves
        if move.to is Stage.WITH_GP and not visit.appointment.walk_in
    ]
    if not went_in:
        return 0
    at, start = max(went_in)
    return whole_minutes(start, at)
