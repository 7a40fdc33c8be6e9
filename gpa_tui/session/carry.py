"""What later days must know of a day: taken into the standing journal, and read from there.

Opening a day reads that day's journal and the standing one; no earlier day. No I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from gpa_tui.records.base import PatientId
from gpa_tui.records.event import DayLeftOpen, Event, PatientCarried, Said
from gpa_tui.session.day import Day, Known, KnownOf, said_in
from gpa_tui.session.huddle import NOT_HEARD, ShowTime, left_of

One = TypeVar("One", PatientCarried, DayLeftOpen)


@dataclass(slots=True)
class Carried:
    """What was carried: of each patient by date, and what was left open by date."""

    of: dict[PatientId, dict[date, PatientCarried]] = field(default_factory=dict)
    left: dict[date, DayLeftOpen] = field(default_factory=dict)

    def forget(self) -> None:
        """Nothing was carried."""
        self.of.clear()
        self.left.clear()

    def take(self, event: Event) -> None:
        """Take one event in; one that had read less of its day than another does not replace it."""
        data = event.data
        if isinstance(data, PatientCarried) and event.patient is not None:
            days = self.of.setdefault(event.patient, {})
            days[data.on] = _later(days.get(data.on, data), data)
        elif isinstance(data, DayLeftOpen):
            self.left[data.on] = _later(self.left.get(data.on, data), data)

    def known_before(self, on: date) -> KnownOf:
        """What gives what was said of a patient on earlier dates than `on` and still holds."""

        def known(patient: PatientId) -> Known:
            held = Known()
            for day, one in sorted(self.of.get(patient, {}).items()):
                if day < on:
                    then = Known(one.needs, one.scale, one.sets, one.lasting, one.background, one.checked)
                    held = held.then(then, one.ended)
            return held

        return known

    def open_before(self, on: date) -> list[tuple[date, str, str]]:
        """(date, heading, words) of what was left open on earlier dates, escalations first."""
        found = [
            (day, heading, words)
            for day, one in sorted(self.left.items())
            if day < on
            for heading, words in one.rows
        ]
        return sorted(found, key=lambda row: row[1] != NOT_HEARD)


def _later(before: One, after: One) -> One:
    return after if after.upto >= before.upto else before


def to_carry(day: Day, upto: int, carried: Carried, show_time: ShowTime | None) -> list[Said]:
    """What of `day`, of which `upto` saves were read, the standing journal does not have yet.

    Without `show_time` only needs: what is open changes with every act, and is said when somebody leaves.
    """
    said = [
        Said(data=one, patient=patient)
        for patient, events in day.known_events.items()
        for one in [_known(day, upto, events)]
        if _is_news(one, carried.of.get(patient, {}).get(day.date))
    ]
    if show_time is not None:
        left = DayLeftOpen(on=day.date, upto=upto, rows=tuple(left_of(day.rows, show_time)))
        if _is_news(left, carried.left.get(day.date)):
            said.append(Said(data=left))
    return said


def _known(day: Day, upto: int, events: Sequence[Event]) -> PatientCarried:
    said, ended = said_in(event for event in events if event.id not in day.struck)
    return PatientCarried(
        on=day.date,
        upto=upto,
        needs=said.needs,
        ended=tuple(sorted(ended)),
        scale=said.scale,
        sets=said.sets,
        lasting=said.lasting,
        background=said.background,
        checked=said.checked,
    )


def _is_news(one: PatientCarried | DayLeftOpen, before: PatientCarried | DayLeftOpen | None) -> bool:
    nothing = type(one)(on=one.on)
    known = before or nothing
    return one.upto >= known.upto and one.model_copy(update={"upto": 0}) != known.model_copy(
        update={"upto": 0}
    )
