"""Random acts at three desks of one store, each with what it has looked at: nothing refused is applied, no
escalation goes quiet unasked, and every desk, and the disk read anew, comes to the same day.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from clinic import FIRST, GP, GPA, NINE, RECEPTION, SECOND, FakeClock, a_desk, a_practice, a_set
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Appointment, Mode, Stage
from gpa_tui.records.base import EventId
from gpa_tui.records.event import Event, Said
from gpa_tui.records.patient import Need
from gpa_tui.records.prep import PrepOutcome
from gpa_tui.session import acts
from gpa_tui.session.acts.mend import mine_here
from gpa_tui.session.day import Day
from gpa_tui.session.desk import Desk
from gpa_tui.session.prep_list import CORE, PrepList
from gpa_tui.session.stages import natural
from gpa_tui.templates import shipped_templates

TEMPLATE = shipped_templates()[CORE]
ROWS = (FIRST, SECOND)
PEOPLE = {"room1": GP, "room2": GPA, "desk": RECEPTION}
terminals = st.sampled_from(sorted(PEOPLE))
rows = st.sampled_from(ROWS)


class AnyDesks(RuleBasedStateMachine):
    """Every rule is one key at one desk, on the day as that desk last saw it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="gpa-tui-desks-"))
        self.practice, self.clock = a_practice(self.folder), FakeClock()
        a_desk(self.practice, *ROWS, clock=self.clock).close()
        self.desks: dict[str, Desk] = {
            where: a_desk(self.practice, clock=self.clock, by=who, terminal=where)
            for where, who in PEOPLE.items()
        }
        self.answered: set[EventId] = set()

        for where in ("room1", "room2"):
            self.identify(where, FIRST)

    def teardown(self) -> None:
        self.every_desk_and_the_disk_come_to_the_same_day()
        for desk in self.desks.values():
            desk.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def do(self, where: str, act: Callable[..., Sequence[Said]], *args: Any, **kwargs: Any) -> list[Event]:
        """The act, or nothing where it is refused: then the file has grown by no act of it."""
        desk = self.desks[where]
        self.clock.forward(seconds=1)
        try:
            done = desk.do(partial(act, *args, place=desk.place, **kwargs))
        except Refused:
            last = desk.day.events[-1]
            assert last.data.kind == "act.refused" or last.wall < self.clock.now()
            return []
        return done

    @rule(where=terminals)
    def look(self, where: str) -> None:
        self.desks[where].refresh()

    @rule(where=terminals, other=terminals, row=rows)
    def two_press_space(self, where: str, other: str, row: Appointment) -> None:
        """One after the other, and the second has not looked."""
        for terminal in (where, other):
            seen = self.desks[terminal].day.visits[row.id].stage
            to = natural(Mode.IN_PERSON, seen)
            if to is not None:
                self.move(terminal, row, to)

    @rule(where=terminals, row=rows, to=st.sampled_from(Stage))
    def move(self, where: str, row: Appointment, to: Stage) -> None:
        seen = self.desks[where].day.visits[row.id].stage
        for event in self.do(where, acts.move, appointment=row.id, to=to, seen=seen):
            assert isinstance(event.data, facts.AppointmentMoved)
            assert event.data.was is seen, "it acted on a stage that nobody there had seen"

    @rule(where=terminals, row=rows)
    def switch(self, where: str, row: Appointment) -> None:
        self.identify(where, row)

    def identify(self, where: str, row: Appointment) -> None:
        self.do(where, acts.open_record, appointment=row.id)
        said = {"said_by": "record only", "name": "", "born": None}
        self.do(where, acts.check_identity, appointment=row.id, **said)

    @rule(where=terminals, row=rows, breaths=st.sampled_from([18, 22, 25]))
    def observe(self, where: str, row: Appointment, breaths: int) -> None:
        taken = a_set(respiration=breaths)
        rest = {"missing": (), "taken_at": NINE, "pregnant_or_postpartum": False}
        self.do(where, acts.record_observations, appointment=row.id, taken=taken, **rest)

    @rule(where=terminals, row=rows)
    def prepare(self, where: str, row: Appointment) -> None:
        item = TEMPLATE.items[0]
        self.do(
            where, acts.answer, appointment=row.id, template=TEMPLATE, item=item, outcome=PrepOutcome.DONE
        )

    @rule(where=terminals, row=rows)
    def hand_over(self, where: str, row: Appointment) -> None:
        prep = PrepList((TEMPLATE,))
        self.do(where, acts.hand_over, appointment=row.id, prep=prep, why_gaps_stand="late")

    @rule(where=terminals, row=rows, words=st.sampled_from(["rest", "run"]))
    def plan(self, where: str, row: Appointment, words: str) -> None:
        self.do(where, acts.give_plan, appointment=row.id, text=words, given_by="Dr N Patel")
        self.do(where, acts.word_plan, appointment=row.id, messages=[words])

    @rule(where=terminals, row=rows, need=st.sampled_from(["BSL", "large print"]))
    def need(self, where: str, row: Appointment, need: str) -> None:
        self.do(where, acts.note_need, appointment=row.id, need=Need(text=need))

    @rule(where=terminals, row=rows)
    def escalate(self, where: str, row: Appointment) -> None:
        self.do(where, acts.escalate, appointment=row.id, because="grey")

    @rule(where=terminals, row=rows, by=terminals)
    def observe_and_somebody_is_worried(self, where: str, row: Appointment, by: str) -> None:
        """Right behind one another, as it happens in one room."""
        self.observe(where, row, 18)
        self.escalate(by, row)

    @rule(where=terminals, row=rows, how=st.sampled_from(["tell", "hear"]))
    def answer(self, where: str, row: Appointment, how: str) -> None:
        for one in self.desks[where].day.visits[row.id].open_escalations[:1]:
            act = acts.tell if how == "tell" else acts.acknowledge
            told = {"told": "Dr N Patel"} if how == "tell" else {}
            if self.do(where, act, appointment=row.id, escalation=one.event, **told):
                self.answered.add(one.event)

    @rule(where=terminals, row=rows, all_of_it=st.booleans())
    def mend(self, where: str, row: Appointment, all_of_it: bool) -> None:
        desk = self.desks[where]
        mine = [event.id for event in mine_here(desk.day, desk.place, row.id)]
        other = next(one for one in ROWS if one is not row)
        if all_of_it:
            self.do(where, acts.move_entries, appointment=row.id, to=other.id, entries=mine)
        for entry in mine[-2:] if not all_of_it else ():
            self.do(where, acts.strike, appointment=row.id, entry=entry, why="a slip")

    @rule(where=terminals)
    def take_back(self, where: str) -> None:
        self.do(where, acts.take_back)

    @rule()
    def settle(self) -> None:
        self.every_desk_and_the_disk_come_to_the_same_day()

    def every_desk_and_the_disk_come_to_the_same_day(self) -> None:
        for desk in self.desks.values():
            desk.read()
        with closing(a_desk(self.practice, clock=self.clock, terminal="anew")) as anew:
            days = [anew.day, *(desk.day for desk in self.desks.values())]
        first = days[0]
        for day in days[1:]:
            assert (day.visits, day.struck, day.at_terminal) == (
                first.visits,
                first.struck,
                first.at_terminal,
            )
        self.an_escalation_ends_only_by_an_answer_or_its_own_raiser(first)

    def an_escalation_ends_only_by_an_answer_or_its_own_raiser(self, day: Day) -> None:
        by_id = {event.id: event for event in day.events}
        strikes = {event.about: event for event in day.events if event.kind == "entry.struck"}
        for event in day.events:
            if event.kind != "escalation.raised" or event.appointment is None:
                continue
            one = day.visits[event.appointment].escalations.get(event.id)
            if one is None:
                assert strikes[event.id].by.staff == by_id[event.id].by.staff
            elif not one.open:
                assert event.id in self.answered


TestAnyDesks = AnyDesks.TestCase
TestAnyDesks.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
