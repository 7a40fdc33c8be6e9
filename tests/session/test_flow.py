"""Stages and taking back: every pair of stages, and whose last slip of a key can be taken back when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from clinic import FIRST, GP, GPA, NINE, RECEPTION, SECOND, Morning, a_day_with, an_event
from session.instances import INSTANCES

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Mode, Stage
from gpa_tui.records.event import Event
from gpa_tui.records.prep import PrepOutcome
from gpa_tui.session import acts
from gpa_tui.session.acts import Place
from gpa_tui.session.describe import says
from gpa_tui.session.prep_list import CORE, PrepList
from gpa_tui.session.stages import ENDED, IN_THE_BUILDING, OUTCOMES, may_follow, natural
from gpa_tui.templates import shipped_templates

FOLLOWS = {
    "booked": {"arrived", "did not attend"},
    "arrived": {"in prep", "ready for GP", "with GP", "wrap-up", "left", "walked out"},
    "in prep": {"ready for GP", "with GP", "wrap-up", "left", "walked out"},
    "ready for GP": {"in prep", "with GP", "wrap-up", "left", "walked out"},
    "with GP": {"in prep", "ready for GP", "wrap-up", "left", "walked out"},
    "wrap-up": {"in prep", "ready for GP", "with GP", "left", "walked out"},
    "left": {"wrap-up"},
    "did not attend": {"arrived"},
    "walked out": {"arrived"},
    "cancelled": {"arrived"},
    "call done": set(),
    "no answer": set(),
    "visited": set(),
    "not seen": set(),
}
BEGUN = {"in prep", "ready for GP", "with GP", "wrap-up"}
BY_CALL = {
    "cancelled": {"arrived"},
    "booked": {"in prep", "with GP", "call done", "no answer", "arrived"},
    **{stage: (BEGUN | {"call done", "no answer"}) - {stage} for stage in BEGUN},
    "call done": {"wrap-up"},
    "no answer": {"in prep", "with GP", "call done", "arrived"},
}
AT_HOME = {
    "cancelled": {"arrived"},
    "booked": {"in prep", "with GP", "visited", "not seen", "arrived"},
    **{stage: (BEGUN | {"visited", "not seen"}) - {stage} for stage in BEGUN},
    "visited": {"wrap-up"},
    "not seen": {"with GP", "visited", "arrived"},
}
PAIRS = [pytest.param(was, to, id=f"{was.value} to {to.value}") for was in Stage for to in Stage]
TEMPLATE = shipped_templates()[CORE]


def morning_at(stage: Stage) -> Morning:
    """A morning with the first patient at `stage`."""
    morning = Morning()
    if stage is not Stage.BOOKED:
        move = facts.AppointmentMoved(was=Stage.BOOKED, to=stage)
        morning.take([facts_said(move)], RECEPTION, "desk")
    return morning


def facts_said(data: facts.KnownFact) -> facts.Said:
    return facts.Said(data=data, appointment=FIRST.id, patient=FIRST.patient.id)


# ── stages ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("was", "to"), PAIRS)
def test_a_stage_follows_where_the_table_says_and_nowhere_else(was: Stage, to: Stage) -> None:
    morning = morning_at(was)
    if to is Stage.READY and was in {Stage.ARRIVED, Stage.IN_PREP}:
        with pytest.raises(Refused, match="OKONKWO, Grace is not handed over yet"):
            morning.do(acts.move, FIRST.id, to)
        assert morning.visit().stage is was
    elif to.value in FOLLOWS[was.value]:
        (event,) = morning.do(acts.move, FIRST.id, to)
        assert event.data == facts.AppointmentMoved(was=was, to=to)
        assert (event.appointment, event.patient, event.clinic) == (FIRST.id, FIRST.patient.id, FIRST.clinic)
        assert morning.visit().stage is to
        assert morning.visit(SECOND).stage is Stage.BOOKED
    else:
        with pytest.raises(Refused, match=f"OKONKWO, Grace is (already )?{was.value}"):
            morning.do(acts.move, FIRST.id, to)
        assert morning.visit().stage is was


@pytest.mark.parametrize(
    ("mode", "way"),
    [
        (Mode.IN_PERSON, "booked, arrived, in prep, ready for GP, with GP, wrap-up, left"),
        (Mode.TELEPHONE, "booked, in prep, ready for GP, with GP, wrap-up, call done"),
        (Mode.VIDEO, "booked, in prep, ready for GP, with GP, wrap-up, call done"),
        (Mode.HOME, "booked, with GP, visited"),
    ],
)
def test_the_natural_way_leads_from_booked_to_an_end(mode: Mode, way: str) -> None:
    gone = [Stage.BOOKED]
    while (to := natural(mode, gone[-1])) is not None:
        assert to in may_follow(mode, gone[-1])
        gone.append(to)
    assert ", ".join(gone) == way


@pytest.mark.parametrize(
    ("mode", "follows"), [(Mode.TELEPHONE, BY_CALL), (Mode.VIDEO, BY_CALL), (Mode.HOME, AT_HOME)]
)
@pytest.mark.parametrize("was", Stage)
def test_calls_and_visits_have_stages_of_their_own(
    mode: Mode, follows: dict[str, set[str]], was: Stage
) -> None:
    assert {to.value for to in may_follow(mode, was)} == follows.get(was.value, set())


@pytest.mark.parametrize("mode", Mode)
def test_each_letter_is_an_outcome_that_can_be_had(mode: Mode) -> None:
    for to in OUTCOMES[mode].values():
        assert to in may_follow(mode, Stage.IN_PREP)


def test_who_was_to_be_rung_and_comes_in_is_there_in_person() -> None:
    morning = Morning(FIRST.model_copy(update={"mode": Mode.TELEPHONE}))
    assert morning.visit().mode is Mode.TELEPHONE
    morning.do(acts.move, FIRST.id, Stage.ARRIVED)
    assert morning.visit().mode is Mode.IN_PERSON
    assert morning.visit().here
    morning.do(acts.move, FIRST.id, Stage.LEFT)


def test_a_call_under_way_is_nobody_in_the_building() -> None:
    morning = Morning(FIRST.model_copy(update={"mode": Mode.TELEPHONE}))
    morning.do(acts.move, FIRST.id, Stage.WITH_GP)
    assert morning.visit().under_way
    assert not morning.visit().here


def test_sent_in_quietly_is_in_the_log() -> None:
    morning = morning_at(Stage.ARRIVED)
    (moved,) = morning.do(acts.move, FIRST.id, Stage.WITH_GP, quiet=True)
    assert says(moved) == "stage: arrived → with GP, quietly"


def test_each_stage_is_before_in_or_after_the_building() -> None:
    assert frozenset(Stage) == IN_THE_BUILDING | ENDED | {Stage.BOOKED}
    assert not IN_THE_BUILDING & ENDED


@pytest.mark.parametrize("stage", Stage)
def test_here_means_in_the_building(stage: Stage) -> None:
    inside = {"arrived", "in prep", "ready for GP", "with GP", "wrap-up"}
    assert morning_at(stage).visit().here is (stage.value in inside)


# ── taking back ───────────────────────────────────────────────────────────────────────────────


def test_a_move_taken_back_gives_the_stage_before_and_both_stay() -> None:
    morning = morning_at(Stage.ARRIVED)
    (move,) = morning.do(acts.move, FIRST.id, Stage.LEFT)
    (strike,) = morning.do(acts.take_back)
    assert (strike.about, strike.data) == (move.id, facts.EntryStruck(why="taken back"))
    assert (strike.appointment, strike.patient) == (FIRST.id, FIRST.patient.id)
    assert morning.visit().stage is Stage.ARRIVED
    assert [move, strike] == morning.visit().events[-2:]


def test_pressed_again_it_takes_back_the_one_before() -> None:
    morning = Morning()
    for stage in (Stage.ARRIVED, Stage.IN_PREP, Stage.WITH_GP):
        morning.do(acts.move, FIRST.id, stage)
    for stage in (Stage.IN_PREP, Stage.ARRIVED, Stage.BOOKED):
        morning.do(acts.take_back)
        assert morning.visit().stage is stage
    with pytest.raises(Refused, match="nothing of yours"):
        morning.do(acts.take_back)


def test_on_the_list_it_is_the_last_move_of_any_patient() -> None:
    morning = Morning()
    morning.do(acts.move, FIRST.id, Stage.ARRIVED)
    morning.do(acts.move, SECOND.id, Stage.ARRIVED)
    morning.do(acts.take_back)
    assert (morning.visit().stage, morning.visit(SECOND).stage) == (Stage.ARRIVED, Stage.BOOKED)


def test_in_a_record_it_is_the_last_slip_in_that_record() -> None:
    morning = Morning()
    morning.do(acts.move, FIRST.id, Stage.ARRIVED)
    morning.do(acts.move, SECOND.id, Stage.ARRIVED)
    morning.do(acts.take_back, FIRST.id)
    assert (morning.visit().stage, morning.visit(SECOND).stage) == (Stage.BOOKED, Stage.ARRIVED)


@pytest.mark.parametrize(
    ("by", "terminal"), [(GP, "room2"), (GPA, "room1")], ids=["another person", "another terminal"]
)
def test_what_was_done_by_another_person_or_at_another_terminal_is_not_taken_back(
    by: object, terminal: str
) -> None:
    morning = Morning()
    morning.do(acts.move, FIRST.id, Stage.ARRIVED, by=by, terminal=terminal)  # type: ignore[arg-type]
    for where in (None, FIRST.id):
        with pytest.raises(Refused, match="nothing of yours"):
            morning.do(acts.take_back, where)
    assert morning.visit().stage is Stage.ARRIVED


def test_a_move_is_not_taken_back_once_somebody_moved_the_patient_on() -> None:
    morning = Morning()
    morning.do(acts.move, FIRST.id, Stage.ARRIVED)
    morning.do(acts.move, FIRST.id, Stage.WITH_GP, by=GP, terminal="room1")
    with pytest.raises(Refused, match="moved to with GP since, by Dr N Patel"):
        morning.do(acts.take_back)
    assert morning.visit().stage is Stage.WITH_GP


SLIPS = {
    "appointment.moved",
    "prep.answered",
    "prep.template_chosen",
    "plan.taught",
    "plan.released",
    "ecg.prepared",
    "ecg.quality_checked",
}


@pytest.mark.parametrize("fact", INSTANCES, ids=lambda fact: fact.kind)
def test_in_a_record_only_a_slip_of_one_key_is_taken_back(fact: facts.Fact) -> None:
    event: Event = an_event(fact, 1, FIRST)
    day = a_day_with(event)
    place = Place(GPA, "room2")
    if event.kind in SLIPS:
        (said,) = acts.take_back(day, place, FIRST.id)
        assert said.about == event.id
    else:
        with pytest.raises(Refused, match="nothing of yours"):
            acts.take_back(day, place, FIRST.id)


@pytest.mark.parametrize("fact", INSTANCES, ids=lambda fact: fact.kind)
def test_on_the_list_only_a_move_is_taken_back(fact: facts.Fact) -> None:
    day = a_day_with(an_event(fact, 1, FIRST))
    if isinstance(fact, facts.AppointmentMoved):
        assert len(acts.take_back(day, Place(GPA, "room2"))) == 1
    else:
        with pytest.raises(Refused, match="nothing of yours"):
            acts.take_back(day, Place(GPA, "room2"))


def test_taking_back_a_hand_over_takes_it_back_whole() -> None:
    morning = morning_at(Stage.ARRIVED)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    morning.do(acts.hand_over, FIRST.id, PrepList((TEMPLATE,)), "late")
    morning.do(acts.take_back, FIRST.id)
    assert morning.visit().stage is Stage.ARRIVED
    assert morning.visit().handed_over_at is None


def test_an_answer_and_the_move_it_showed_are_taken_back_one_by_one() -> None:
    morning = morning_at(Stage.ARRIVED)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    morning.do(acts.answer, FIRST.id, TEMPLATE, TEMPLATE.items[0], PrepOutcome.DONE)
    morning.do(acts.take_back, FIRST.id)
    assert (morning.visit().answers, morning.visit().stage) == ({}, Stage.IN_PREP)
    morning.do(acts.take_back, FIRST.id)
    assert morning.visit().stage is Stage.ARRIVED


def test_taking_back_a_move_that_came_before_its_listing_is_refused_in_words() -> None:
    early = an_event(
        facts.AppointmentMoved(was=Stage.BOOKED, to=Stage.ARRIVED), 1, FIRST, at=NINE - timedelta(hours=2)
    )
    with pytest.raises(Refused):
        acts.take_back(a_day_with(early), Place(GPA, "room2"))
