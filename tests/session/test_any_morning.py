"""Random acts by random people: what was refused left no trace, what was done is whole, replay is equal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from clinic import FIRST, GP, GPA, RECEPTION, SECOND, SUPERVISOR, Morning, a_patient, an_appointment
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gpa_tui.errors import Refused
from gpa_tui.records.appointment import Appointment, Mode, Stage
from gpa_tui.records.base import ClinicId
from gpa_tui.records.event import Said
from gpa_tui.records.staff import Actor
from gpa_tui.session import acts
from gpa_tui.session.acts.mend import mine_here
from gpa_tui.session.fold import folded
from gpa_tui.session.stages import may_follow

OTHER_CLINIC = ClinicId("clinic-2")
ROWS = (
    FIRST,
    SECOND,
    an_appointment(3, a_patient("Hall", "Mia", "2001-05-06"), mode=Mode.TELEPHONE, clinic=OTHER_CLINIC),
    an_appointment(4, a_patient("Bray", "Tom", "2016-05-06"), mode=Mode.HOME, clinic=OTHER_CLINIC),
)
people = st.sampled_from([GPA, GP, RECEPTION, SUPERVISOR])
rows = st.sampled_from(ROWS)
terminals = st.sampled_from(["room1", "room2"])
said = st.sampled_from([None, "1954-04-12", "1980-02-29"])


class AnyMorning(RuleBasedStateMachine):
    """Every rule is one key of one person; the day is what the acts made of it."""

    def __init__(self) -> None:
        super().__init__()
        self.morning = Morning(*ROWS)

    def attempt(self, act: Callable[..., Sequence[Said]], *args: Any, **kwargs: Any) -> None:
        """An act that is refused leaves the day as it was."""
        day = self.morning.day
        count = len(day.events)
        stages = {key: visit.stage for key, visit in day.visits.items()}
        try:
            self.morning.do(act, *args, **kwargs)
        except Refused:
            assert len(day.events) == count
            assert {key: visit.stage for key, visit in day.visits.items()} == stages

    @rule(row=rows, to=st.sampled_from(Stage), by=people, terminal=terminals)
    def move(self, row: Appointment, to: Stage, by: Actor, terminal: str) -> None:
        visit = self.morning.day.visits[row.id]
        was, mode = visit.stage, visit.mode
        self.attempt(acts.move, visit.id, to, by=by, terminal=terminal)
        assert visit.stage is was or visit.stage in may_follow(mode, was)

    @rule(by=people, terminal=terminals)
    def take_back(self, by: Actor, terminal: str) -> None:
        self.attempt(acts.take_back, by=by, terminal=terminal)

    @rule(row=rows, by=people, terminal=terminals)
    def open_record(self, row: Appointment, by: Actor, terminal: str) -> None:
        self.attempt(acts.open_record, row.id, by=by, terminal=terminal)

    @rule(row=rows, born=said, by=people, terminal=terminals)
    def check_identity(self, row: Appointment, born: str | None, by: Actor, terminal: str) -> None:
        name = row.patient.name.family
        self.attempt(
            acts.check_identity,
            row.id,
            "patient",
            name,
            born,
            by=by,
            terminal=terminal,
        )

    @rule(row=rows, by=people)
    def escalate(self, row: Appointment, by: Actor) -> None:
        self.attempt(acts.escalate, row.id, by=by)

    @rule(row=rows, by=people)
    def hear(self, row: Appointment, by: Actor) -> None:
        waiting = self.morning.day.visits[row.id].open_escalations
        if waiting:
            self.attempt(acts.acknowledge, row.id, waiting[0].event, by=by)

    @rule(row=rows, who=st.sampled_from(["her son", ""]), by=people, terminal=terminals)
    def note_present(self, row: Appointment, who: str, by: Actor, terminal: str) -> None:
        self.attempt(acts.note_present, row.id, who, by=by, terminal=terminal)

    @rule(row=rows, to=rows, by=people)
    def move_mine(self, row: Appointment, to: Appointment, by: Actor) -> None:
        place = acts.Place(by, "room1")
        mine = [one.id for one in mine_here(self.morning.day, place, row.id)]
        before = len(self.morning.day.struck)
        self.attempt(acts.move_entries, row.id, to.id, mine, by=by)
        assert len(self.morning.day.struck) >= before

    @invariant()
    def every_entry_is_of_its_own_row_and_clinic(self) -> None:
        for visit in self.morning.day.visits.values():
            for event in visit.events:
                assert event.appointment == visit.id
                assert event.clinic == visit.appointment.clinic or event.kind == "appointment.listed"
                assert event.patient == visit.appointment.patient.id

    @invariant()
    def replay_makes_the_same_day(self) -> None:
        day = self.morning.day
        again = folded(day.date, reversed(day.events))
        assert {key: visit.stage for key, visit in again.visits.items()} == {
            key: visit.stage for key, visit in day.visits.items()
        }
        for key, visit in day.visits.items():
            other = again.visits[key]
            assert (other.escalations, other.room, other.moves) == (
                visit.escalations,
                visit.room,
                visit.moves,
            )
        assert again.at_terminal == day.at_terminal


TestAnyMorning = AnyMorning.TestCase
TestAnyMorning.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
