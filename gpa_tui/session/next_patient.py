"""Who needs the GPA next. The rule is the order of this list; no judgement of illness is in it.

1. Somebody with an open escalation: somebody must still be told.
2. Somebody in wrap-up: they have the plan and want to go home.
3. Somebody arrived and not yet begun, longest waiting first.
4. Somebody in prep, longest first.
Within a rank the earlier of two appointments comes first.
"""

from __future__ import annotations

from collections.abc import Iterable

from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import AppointmentId
from gpa_tui.session.day import Visit

_RANK = {Stage.WRAP_UP: 1, Stage.ARRIVED: 2, Stage.IN_PREP: 3}


def rank(visit: Visit) -> int | None:
    """The visit's place in the rule, 0 first; None when it does not need the GPA now."""
    return 0 if visit.open_escalations else _RANK.get(visit.stage)


def in_need(visits: Iterable[Visit]) -> list[Visit]:
    """The visits that need the GPA, the first first."""
    ranked = [(place, visit) for visit in visits if (place := rank(visit)) is not None]
    ranked.sort(key=lambda one: (one[0], one[1].since or one[1].appointment.start))
    return [visit for _, visit in ranked]


def next_after(visits: Iterable[Visit], current: AppointmentId | None) -> Visit | None:
    """Who needs the GPA most; pressed again on that patient, the one after, and round again."""
    waiting = in_need(visits)
    ids = [visit.id for visit in waiting]
    if current in ids and len(ids) > 1:
        return waiting[(ids.index(current) + 1) % len(ids)]
    return waiting[0] if waiting else None
