"""Entries in the wrong record: struck there, entered here, in one act, with what had left meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from clinic import FIRST, GP, GPA, NINE, SECOND, SUPERVISOR, Morning, a_patient, a_set, an_appointment

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Mode
from gpa_tui.records.base import EventId
from gpa_tui.records.patient import Gender
from gpa_tui.records.plan import TeachBack, TeachBackOutcome
from gpa_tui.records.prep import PrepOutcome
from gpa_tui.session import acts
from gpa_tui.session.acts.mend import left_since, mine_here
from gpa_tui.session.fold import folded
from gpa_tui.session.prep_list import CORE
from gpa_tui.templates import shipped_templates

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
    raised = [one.because for one in morning.visit(CHILD).open_escalations]
    assert raised == ["a set moved here is not scored: tell the readings"]


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


# ── what rested on an entry goes with it ──────────────────────────────────────────────────────


def planned() -> Morning:
    """A plan that was worded twice, the second wording released and said back."""
    morning = Morning()
    morning.do(acts.check_identity, FIRST.id, "patient", "Grace Okonkwo", "1954-04-12")
    morning.do(acts.give_plan, FIRST.id, "paracetamol 400", "Dr N Patel")
    morning.do(acts.word_plan, FIRST.id, ["Take 4000 mg"])
    morning.do(acts.word_plan, FIRST.id, ["Take 400 mg"])
    morning.release("Dr N Patel")
    morning.teach(TeachBack(message=1, outcome=TeachBackOutcome.OWN_WORDS))
    return morning


def last(morning: Morning, kind: str) -> EventId:
    return next(event.id for event in reversed(morning.visit().events) if event.kind == kind)


def test_a_release_never_stands_for_another_wording() -> None:
    morning = planned()
    morning.do(acts.strike, FIRST.id, last(morning, "plan.worded"), "a slip")
    plan = morning.visit().plan
    assert (plan.messages, plan.released_by, plan.teach_back) == (("Take 4000 mg",), "", {})


def test_the_gps_words_take_all_that_was_drawn_from_them_along() -> None:
    morning = planned()
    morning.do(acts.move_entries, FIRST.id, SECOND.id, [last(morning, "plan.given")])
    plan = morning.visit().plan
    assert (plan.words, plan.messages, plan.released_by) == ("", (), "")
    assert morning.visit(SECOND).plan.words == "paracetamol 400"
    assert morning.visit(SECOND).plan.released_by == ""


def test_a_set_that_is_moved_is_not_scored_on_the_answers_of_another() -> None:
    woman = an_appointment(3, a_patient("Hall", "Mia", "1996-01-01", gender=Gender.FEMALE))
    man = an_appointment(4, a_patient("Ash", "Tom", "1996-01-01", gender=Gender.MALE))
    morning = Morning(woman, man)
    for row, name in ((woman, "Mia Hall"), (man, "Tom Ash")):
        morning.do(acts.check_identity, row.id, "patient", name, "1996-01-01")
        high = a_set(respiration=28, spo2=88, pulse=135)
        morning.do(acts.record_observations, row.id, high, (), NINE, row is woman)
    hers = morning.visit(woman).observations[0][0].id
    morning.do(acts.check_identity, man.id, "patient", "Tom Ash", "1996-01-01")
    his = morning.visit(man).observations[0][0].id
    morning.do(acts.move_entries, woman.id, man.id, [hers])
    morning.do(acts.move_entries, man.id, woman.id, [his])
    assert morning.visit(man).last_observations.score.total is not None  # type: ignore[union-attr]
    found = morning.visit(woman).last_observations
    assert found is not None
    assert found.score.total is None
    assert found.pregnancy_unknown_because == "moved from another record: ask"
    assert morning.visit(woman).open_escalations, "a set that is not scored is told all the same"


def test_the_latest_figures_are_those_taken_last(morning: Morning) -> None:
    morning.do(acts.check_identity, SECOND.id, "patient", "John Smith", "1980-02-29")
    later = NINE + timedelta(minutes=30)
    morning.do(acts.record_observations, SECOND.id, a_set(pulse=60), (), later, False)
    morning.do(acts.move_entries, FIRST.id, SECOND.id, [morning.visit().observations[0][0].id])
    found = morning.visit(SECOND).last_observations
    assert found is not None
    assert found.taken_at == later


def test_what_a_set_raised_does_not_move_or_end_without_it(morning: Morning) -> None:
    raised = last(morning, "escalation.raised")
    with pytest.raises(Refused, match="raised by the entry before it"):
        morning.do(acts.move_entries, FIRST.id, SECOND.id, [raised])
    with pytest.raises(Refused, match="raised by the entry before it"):
        morning.do(acts.strike, FIRST.id, raised, "no")


def test_a_concern_moves_with_its_call_for_the_gp() -> None:
    morning = Morning()
    (concern, _) = morning.do(acts.raise_safeguarding, FIRST.id, "bruises")
    morning.do(acts.move_entries, FIRST.id, SECOND.id, [concern.id])
    assert not morning.visit().open_escalations
    assert [one.because for one in morning.visit(SECOND).open_escalations] == [
        "speak with M Okafor in private"
    ]


def test_an_identity_check_that_is_struck_opens_nothing(morning: Morning) -> None:
    morning.do(acts.strike, FIRST.id, last(morning, "identity.checked"), "was the neighbour")
    with pytest.raises(Refused, match="Check who this is first"):
        morning.do(acts.note_present, FIRST.id, "her son")


# ── what is not theirs to take, and what is there already ─────────────────────────────────────


def test_an_escalation_that_somebody_raised_right_after_a_set_is_not_the_sets() -> None:
    morning = Morning()
    morning.do(acts.open_record, FIRST.id)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    (taken,) = (
        event
        for event in morning.do(acts.record_observations, FIRST.id, a_set(), (), NINE, False)
        if event.kind == "observation.recorded"
    )
    (raised,) = morning.do(acts.escalate, FIRST.id, "grey and clammy", by=GP, terminal="room1")
    morning.do(acts.strike, FIRST.id, taken.id, "another patient's")
    assert [one.event for one in morning.visit().open_escalations] == [raised.id]


def with_plan() -> Morning:
    """Two patients, each with words of the GP."""
    morning = Morning()
    for row, words in ((SECOND, "Stop amoxicillin"), (FIRST, "Double insulin")):
        morning.do(acts.open_record, row.id)
        morning.do(acts.check_identity, row.id, "record only", "", None)
        morning.do(acts.give_plan, row.id, words, "Dr N Patel")
        morning.do(acts.answer, row.id, TEMPLATE, TEMPLATE.items[0], PrepOutcome.DONE, value=words)
    return morning


@pytest.mark.parametrize(
    ("kind", "says"), [("plan.given", "has a plan already"), ("prep.answered", "answer to")]
)
def test_what_is_in_the_right_record_already_is_not_written_over(kind: str, says: str) -> None:
    morning = with_plan()
    entry = next(event.id for event in morning.visit().events if event.kind == kind)
    with pytest.raises(Refused, match=says):
        morning.do(acts.move_entries, FIRST.id, SECOND.id, [entry])
    assert morning.visit(SECOND).plan.words == "Stop amoxicillin"
    assert morning.visit().plan.words == "Double insulin"


def test_a_set_is_not_moved_into_a_row_in_which_nothing_is_measured() -> None:
    call = SECOND.model_copy(update={"mode": Mode.TELEPHONE})
    morning = Morning(FIRST, call)
    morning.do(acts.open_record, FIRST.id)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    taken = morning.do(acts.record_observations, FIRST.id, a_set(), (), NINE, False)
    entry = next(event.id for event in taken if event.kind == "observation.recorded")
    with pytest.raises(Refused, match="nothing is measured there"):
        morning.do(acts.move_entries, FIRST.id, call.id, [entry])


def test_a_copy_or_a_handout_of_this_visit_has_left_the_store_and_of_another_has_not() -> None:
    morning = Morning()
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    (entry,) = morning.do(acts.note_present, FIRST.id, "her son")
    morning.do(acts.check_identity, SECOND.id, "record only", "", None)
    morning.do(acts.copy_entry, SECOND.id, "clipboard", False)
    assert left_since(morning.day, [entry]) == []
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    morning.do(acts.copy_entry, FIRST.id, "clipboard", False)
    assert [one.kind for one in left_since(morning.day, [entry])] == ["entry.copied"]
