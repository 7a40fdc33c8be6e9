"""What one session came to in numbers: times, waits, what was complete, what was mended. No I/O, no clock.

Counts of what is in the log; whether they are good or bad is nobody's to say here.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import median

from pydantic import Field

from gpa_tui.clock import whole_minutes
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import Record
from gpa_tui.records.plan import TeachBackOutcome
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.ecg import not_reviewed
from gpa_tui.session.mended import late_notes, mended
from gpa_tui.session.review import worked_on
from gpa_tui.session.stages import IN_THE_BUILDING
from gpa_tui.session.taught import taught_in
from gpa_tui.session.trends import heights

MOST_SESSIONS = 10  # that one is shown beside


class Spread(Record):
    """Minutes: how many times, their median and the longest."""

    count: int = 0
    median: int = 0
    worst: int = 0

    @classmethod
    def of(cls, minutes: Iterable[int]) -> Spread:
        found = sorted(minutes)
        if not found:
            return cls()
        return cls(count=len(found), median=int(median(found) + 0.5), worst=found[-1])

    @property
    def shown(self) -> str:
        return f"median {self.median} min, worst {self.worst}" if self.count else "none"


class Numbers(Record):
    """Of one date, or of some of its clinics."""

    on: datetime.date
    entries: int = 0
    patients: int = 0  # for whom anything was done
    stages: dict[str, Spread] = Field(default_factory=dict)  # by stage, in the clinic's order
    waits: Spread = Field(default_factory=Spread)  # from arrival to the GP
    handed_over: int = 0
    handed_complete: int = 0
    raised: int = 0  # sets whose score met a published trigger
    escalations: int = 0
    heard: Spread = Field(default_factory=Spread)  # from raised to heard or told
    not_heard: int = 0
    ecgs: int = 0
    reviewed: Spread = Field(default_factory=Spread)  # from recorded to reviewed
    not_reviewed: int = 0
    first_time: int = 0  # messages said back in own words
    another_go: int = 0
    not_checked: int = 0
    corrections: int = 0
    late_notes: int = 0


def numbers_of(day: Day, visits: Sequence[Visit], late_after: int) -> Numbers:
    """All of these visits; `late_after`: from how many minutes after the patient left a note is late."""
    worked = [visit for visit in visits if worked_on(visit)]
    spent: dict[Stage, list[int]] = {}
    for visit in worked:
        for stage, minutes in _stages(visit):
            spent.setdefault(stage, []).append(minutes)
    raised = [one for visit in worked for one in visit.escalations.values()]
    ecgs = [one for visit in worked for one in visit.ecgs.values()]
    taught = [outcome for visit in worked for outcome in _outcomes(day, visit)]
    handed = [event.data for event in _holding(day, worked) if isinstance(event.data, facts.PrepHandedOver)]
    return Numbers(
        on=day.date,
        entries=len(day.events) if len(visits) == len(day.rows) else sum(1 for _ in _of(visits)),
        patients=len(worked),
        stages={stage.value: Spread.of(spent[stage]) for stage in Stage if stage in spent},
        waits=Spread.of(wait for visit in worked for wait in _wait(visit)),
        handed_over=len(handed),
        handed_complete=sum(not one.gaps for one in handed),
        raised=sum(bool(found.score.trigger) for visit in worked for _, found in visit.observations),
        escalations=len(raised),
        heard=Spread.of(whole_minutes(one.at, one.heard_at) for one in raised if one.heard_at is not None),
        not_heard=sum(not one.heard for one in raised),
        ecgs=len(ecgs),
        reviewed=Spread.of(one.minutes_to_review for one in ecgs if one.minutes_to_review is not None),
        not_reviewed=sum(len(list(not_reviewed(visit.ecgs))) for visit in worked),
        first_time=taught.count(TeachBackOutcome.OWN_WORDS),
        another_go=taught.count(TeachBackOutcome.ANOTHER_GO),
        not_checked=sum(len(visit.plan.messages) for visit in worked)
        - taught.count(TeachBackOutcome.OWN_WORDS)
        - taught.count(TeachBackOutcome.ANOTHER_GO),
        corrections=sum(earlier is not None for visit in worked for _, earlier in mended(visit)),
        late_notes=sum(1 for visit in worked for _ in late_notes(day, visit, late_after)),
    )


def _of(visits: Iterable[Visit]) -> Iterator[facts.Event]:
    return (event for visit in visits for event in visit.events)


def _holding(day: Day, visits: Iterable[Visit]) -> Iterator[facts.Event]:
    return (event for event in _of(visits) if event.id not in day.struck)


def _outcomes(day: Day, visit: Visit) -> Iterator[TeachBackOutcome]:
    """How each message of the plan as it stands was said back."""
    found = taught_in(_holding(day, [visit]))
    yield from (found.get(number, result.outcome) for number, result in visit.plan.teach_back.items())


def _stages(visit: Visit) -> Iterator[tuple[Stage, int]]:
    """How long the patient was in each stage in the building."""
    for move, then in zip(visit.moves, visit.moves[1:], strict=False):
        if move.to in IN_THE_BUILDING:
            yield move.to, whole_minutes(move.at, then.at)


def _wait(visit: Visit) -> Iterator[int]:
    """From the arrival to the GP: the last one before, where the patient had gone away meanwhile."""
    came: datetime.datetime | None = None
    for move in visit.moves:
        if move.to is Stage.ARRIVED:
            came = move.at
        elif move.to is Stage.WITH_GP and came is not None:
            yield whole_minutes(came, move.at)
            return


# ── shown ─────────────────────────────────────────────────────────────────────────────────────

Bar = Callable[[Numbers], int | None]
_BARS: Mapping[str, tuple[str, Bar]] = {
    "Patients": ("", lambda one: one.patients),
    "Waits": ("minutes to the GP, median", lambda one: one.waits.median if one.waits.count else None),
    "Handed over": ("with gaps", lambda one: one.handed_over - one.handed_complete),
    "Heard": ("minutes to heard, worst", lambda one: one.heard.worst if one.heard.count else None),
    "ECGs": ("minutes to reviewed, worst", lambda one: one.reviewed.worst if one.reviewed.count else None),
    "Said back": ("not first time", lambda one: one.another_go + one.not_checked),
    "Mended": ("taken back, corrected or late", lambda one: one.corrections + one.late_notes),
}
"""By label what a bar stands for, and how high it is; None where there was none."""


def rows_of(now: Numbers) -> Iterator[tuple[str, str]]:
    """(label, words) of one session."""
    yield "Patients", f"{now.patients}, {now.entries} entries"
    yield "Waits", f"arrival to GP: {now.waits.shown}"
    for stage, spread in now.stages.items():
        yield "", f"{stage}: {spread.shown}"
    gaps = now.handed_over - now.handed_complete
    yield "Handed over", f"{now.handed_complete} of {now.handed_over} with prep complete, {gaps} with gaps"
    still = f", {now.not_heard} NOT HEARD" if now.not_heard else ""
    yield (
        "Heard",
        f"escalations {now.escalations}, raised scores {now.raised}, to heard: {now.heard.shown}{still}",
    )
    waiting = f", {now.not_reviewed} NOT REVIEWED" if now.not_reviewed else ""
    yield "ECGs", f"{now.ecgs}, recorded to reviewed: {now.reviewed.shown}{waiting}"
    yield (
        "Said back",
        f"{now.first_time} first time, {now.another_go} after another go, {now.not_checked} not checked",
    )
    yield "Mended", f"{now.corrections} taken back or corrected, {now.late_notes} late notes"


def beside(now: Numbers, before: Sequence[Numbers]) -> Iterator[tuple[str, str]]:
    """(label, bars, figures and what they are) of the sessions before, the oldest first, and of this one."""
    sessions = [*before, now]
    if len(sessions) > 1:
        many = "session" if len(sessions) == 2 else f"{len(sessions) - 1} sessions"
        yield "Beside", f"the {many} before, the oldest first; this one last"
        for label, (words, bar) in _BARS.items():
            values = [bar(one) for one in sessions]
            figures = " ".join("–" if value is None else str(value) for value in values)
            yield label, f"{heights(values)} {figures}{words and f' ({words})'}"
