"""Entries in the wrong record: struck there, entered here, in one act, with what had left meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from clinic import FIRST, GP, GPA, NINE, SECOND, SUPERVISOR, Morning, a_patient, a_set, an_appointment

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import EventId
from gpa_tui.records.prep import PrepOutcome
from gpa_tui.session import acts
from gpa_tui.session.acts.mend import left_since, mine_here
from gpa_tui.session.fold import folded
from gpa_tui.session.prep_list import CORE, shipped_templates

TEMPLATE = shipped_templates()[CORE]
CHILD = an_appointment(3, a_patient("Hall", "Mia", "2016-01-01"))


@pytest.fixture
def morning() -> Morning:
    """Answers and a raised set in the first record, all meant for another."""
    begun = Morning(FIRST, SECOND, CHILD)
    begun.do(acts.check_identity, FIRST.id, "patient", "Grace Okonkwo", "1954-04-12")
    begun.do(acts.answer, FIRST.id, TEMPLATE, TEMPLATE.items[0], PrepOutcome.DONE, value="it grinds")
    begun.do(acts.record_observations, FIRST.id, a_set(respiration=25, spo2=93), (), NINE, False)
    return begun


def mine(morning: Morning) -> list[EventId]:
    return [event.id for event in mine_here(morning.day, morning.place, FIRST.id)]


def test_all_of_mine_moves_in_one_act_and_both_stay(morning: Morning) -> None:
    before = list(morning.visit().events)
    morning.do(acts.move_entries, FIRST.id, SECOND.id, mine(morning))
    wrong, right = morning.visit(), morning.visit(SECOND)
    assert (wrong.answers, wrong.observations, wrong.escalations) == ({}, [], {})
    assert [answer.value for answer in right.answers.values()] == ["it grinds"]
    assert right.observations[0][1].taken_at == NINE
    assert len(right.open_escalations) == 1, "what a set raises it raises for the right patient, once"
    assert wrong.events[: len(before)] == before
    struck = [event.data.why for event in wrong.events if isinstance(event.data, facts.EntryStruck)]
    assert set(struck) == {"wrong patient: moved to SMITH, John"}
    moved = [event for event in right.events if isinstance(event.data, facts.EntryMoved)]
    assert {event.data.from_name for event in moved if isinstance(event.data, facts.EntryMoved)} == {
        "OKONKWO, Grace"
    }
    assert mine(morning) == []
    again = folded(morning.day.date, morning.day.events)
    assert again.visits[SECOND.id].answers == right.answers
    assert again.visits[FIRST.id].escalations == {}


def test_a_set_alone_takes_what_it_raised_with_it(morning: Morning) -> None:
    taken = morning.visit().observations[0][0].id
    morning.do(acts.move_entries, FIRST.id, SECOND.id, [taken])
    assert morning.visit().escalations == {}
    assert len(morning.visit().answers) == 1
    assert len(morning.visit(SECOND).open_escalations) == 1


def test_a_set_is_scored_anew_for_whom_it_belongs_to(morning: Morning) -> None:
    taken = morning.visit().observations[0][0].id
    morning.do(acts.move_entries, FIRST.id, CHILD.id, [taken])
    found = morning.visit(CHILD).last_observations
    assert found is not None
    assert found.score.total is None
    assert "16" in found.score.not_scored
    assert morning.visit(CHILD).escalations == {}


def test_only_ones_own_entries_that_stand_are_moved(morning: Morning) -> None:
    (first, *_) = mine(morning)
    for by in (GP, SUPERVISOR):
        with pytest.raises(Refused, match="That entry is M Okafor's"):
            morning.do(acts.move_entries, FIRST.id, SECOND.id, [first], by=by)
    with pytest.raises(Refused, match="That is the record they are in"):
        morning.do(acts.move_entries, FIRST.id, FIRST.id, [first])
    with pytest.raises(Refused, match="nothing of yours here"):
        morning.do(acts.move_entries, FIRST.id, SECOND.id, [])
    with pytest.raises(Refused, match="cannot be mended"):
        morning.do(acts.move_entries, FIRST.id, SECOND.id, [EventId("nowhere")])
    morning.do(acts.move_entries, FIRST.id, SECOND.id, [first])
    with pytest.raises(Refused, match="struck already"):
        morning.do(acts.move_entries, FIRST.id, SECOND.id, [first])


def test_an_entry_is_struck_with_a_reason(morning: Morning) -> None:
    (first, *_) = mine(morning)
    with pytest.raises(Refused, match="Say why"):
        morning.do(acts.strike, FIRST.id, first, " ")
    (struck,) = morning.do(acts.strike, FIRST.id, first, "asked the daughter, not her")
    assert struck.about == first
    assert morning.visit().answers == {}
    opened = next(event for event in morning.day.events if event.kind == "appointment.listed")
    with pytest.raises(Refused, match="cannot be mended"):
        morning.do(acts.strike, FIRST.id, opened.id, "no")


def test_what_left_the_store_since_is_named(morning: Morning) -> None:
    entries = mine_here(morning.day, morning.place, FIRST.id)
    assert left_since(morning.day, entries) == []
    (gone,) = morning.do(acts.note_export, "session log as csv", "log.csv", by=SUPERVISOR)
    assert left_since(morning.day, entries) == [gone]
    assert entries[0].by == GPA
    assert gone.at > NINE - timedelta(hours=1)
