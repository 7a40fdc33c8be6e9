"""A person's place on one date: the day, acts on it as it is under the lock, and what is anchored where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise

from gpa_tui.clock import local_time
from gpa_tui.errors import NotAllowed, Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.event import ActRefused, Event, Said
from gpa_tui.session.acts.common import about
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.fold import fold, folded
from gpa_tui.session.log import Bench, Log, is_written
from gpa_tui.session.review import name_of
from gpa_tui.session.standing import Standing
from gpa_tui.store.chain import Head

Acting = Callable[[Day], Sequence[Said]]
"""An act with everything handed in but the day: it checks, and says what happened or raises `Refused`."""


class Desk(Log[Day]):
    """One person's place at one terminal on one date."""

    def __init__(self, bench: Bench, on: date, standing: Standing | None = None) -> None:
        """Open that date's journal; `refresh` reads it. Raises `StoreUnusable`.

        `standing` is what earlier days left, as it is and will be.
        """
        self.day = Day(on) if standing is None else Day(on, known_before=standing.carried.known_before(on))
        self._paper_row: AppointmentId | None = None  # whose paper it is
        super().__init__(bench, bench.practice.open_day(on, bench.keys, bench.actor.staff, bench.holder))

    @property
    def state(self) -> Day:
        return self.day

    @property
    def date(self) -> date:
        return self.day.date

    def do(self, act: Acting, heads: Mapping[str, Head] | None = None) -> list[Event]:
        """As `Log.do`; raises `NotAllowed` as well, once the attempt is recorded."""
        refused: list[NotAllowed] = []

        def acted(day: Day) -> Sequence[Said]:
            try:
                said = act(day)
                self._require_fits_paper(day, said)
                return said
            except NotAllowed as refusal:
                refused.append(refusal)
                return [self._attempt(refusal)]

        events = super().do(acted, heads)
        if refused:
            raise refused[0]
        if self.paper is not None:
            self._paper_row = next((event.appointment for event in events if event.on_paper), self._paper_row)
        return events

    def write_from_paper(self, at: datetime | None, row: AppointmentId | None = None) -> None:
        """What is typed from now on, of `row`, was done `at` that time, as a paper says; `at` None: now.

        Without `row` it is the first that is typed of.
        """
        self.paper, self._paper_row = at, row

    def _require_fits_paper(self, day: Day, said: Sequence[Said]) -> None:
        """A time on a paper is of one row, and not before what it follows there. Raises `Refused`."""
        at, written = self.paper, [one for one in said if is_written(one)]
        if at is None or not written:
            return
        if self._paper_row is not None and any(one.appointment != self._paper_row for one in written):
            whose = name_of(day, self._paper_row)
            raise Refused(f"The paper's time was for {whose}.", "z gives this one its own, or ends it.")
        for one in written:
            visit = day.visits.get(one.appointment) if one.appointment else None
            if visit is None:
                continue
            before = _follows(visit, one)
            if before is not None and before > at:
                when = local_time(before, self.practice.settings.zone)
                raise Refused(f"The paper's time is before what it follows, at {when}.", "z mends it.")

    def _attempt(self, refusal: NotAllowed) -> Said:
        tried = ActRefused(act=refusal.act, why=refusal.reason)
        visit = self.day.visits.get(AppointmentId(refusal.appointment or ""))
        return about(visit, tried) if visit else Said(data=tried)

    def take(self, events: Sequence[Event]) -> None:
        orders = [event.order for event in (*self.day.events[-1:], *events)]
        if all(earlier <= later for earlier, later in pairwise(orders)):
            for event in events:
                fold(self.day, event)
        else:  # something comes late from another store: everything takes its place anew
            self.day = folded(self.day.date, [*self.day.events, *events], self.day.known_before)


def _follows(visit: Visit, said: Said) -> datetime | None:
    """When that was done which has to come first; None where nothing has to."""
    plan, ecg = visit.plan, visit.ecgs.get(said.about) if said.about else None
    match said.data:
        case facts.AppointmentMoved():
            return visit.moves[-1].at if visit.moves else None
        case facts.EscalationTold() if said.about in visit.escalations:
            return visit.escalations[said.about].at
        case facts.PlanWorded() | facts.PlanReleased():
            return plan.given_at
        case facts.PlanTaught() | facts.SafetyNetGiven():
            return plan.released_at or plan.given_at
        case facts.EcgHanded() | facts.EcgReviewed() if ecg is not None and ecg.latest is not None:
            return ecg.latest.said.recorded_at
        case _:
            return None
