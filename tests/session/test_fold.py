"""What each kind of event does to the day; what was taken back no longer counts; what comes late fits in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from clinic import DATE, FIRST, GP, GPA, NINE, SECOND, a_day_with, a_patient, an_appointment, an_event
from session.instances import AN_ANSWER, BY_TYPE, INSTANCES, UNKNOWN

from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import EventId
from gpa_tui.records.event import Event
from gpa_tui.records.plan import TeachBack, TeachBackOutcome
from gpa_tui.records.prep import PrepOutcome
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.fold import fold, folded


def visit_after(*events: Event) -> Visit:
    return a_day_with(*events).visits[FIRST.id]


def moved(seq: int, to: Stage, was: Stage = Stage.BOOKED, **envelope: Any) -> Event:
    return an_event(facts.AppointmentMoved(was=was, to=to), seq, FIRST, **envelope)


def struck(seq: int, about: Event) -> Event:
    return an_event(facts.EntryStruck(why="taken back"), seq, FIRST, about=about.id)


def said_back(message: int, words: str) -> facts.PlanTaught:
    return facts.PlanTaught(
        teach_back=TeachBack(message=message, outcome=TeachBackOutcome.OWN_WORDS, words=words)
    )


EFFECTS: dict[type[facts.Fact], Callable[[Visit], object]] = {
    facts.AppointmentRevised: lambda visit: visit.appointment.reason == "Knee pain",
    facts.AppointmentUnlisted: lambda visit: visit.unlisted,
    facts.AppointmentMoved: lambda visit: (
        (visit.stage, visit.since) == (Stage.ARRIVED, NINE + timedelta(seconds=1))
    ),
    facts.IdentityChecked: lambda visit: visit.identity is not None,
    facts.PrepTemplateChosen: lambda visit: visit.templates == ("chest_pain",),
    facts.PrepAnswered: lambda visit: visit.answers == {("core", "allergies"): AN_ANSWER},
    facts.ObservationRecorded: lambda visit: visit.last_observations is not None,
    facts.EscalationRaised: lambda visit: (
        [one.because for one in visit.open_escalations] == ["NEWS2 7: total 7 or more"]
    ),
    facts.PlanGiven: lambda visit: (visit.plan.words, visit.plan.given_by) == ("rest", "Dr N Patel"),
    facts.PlanWorded: lambda visit: visit.plan.messages == ("Rest today.", "Drink enough."),
    facts.PlanReleased: lambda visit: visit.plan.released_by == "Dr N Patel",
    facts.PlanTaught: lambda visit: [one.words for one in visit.plan.teach_back.values()] == ["I rest"],
    facts.SafetyNetGiven: lambda visit: visit.plan.safety_net is not None,
}


@pytest.mark.parametrize("kind", EFFECTS, ids=lambda kind: kind.__name__)
def test_each_fact_has_its_effect_on_its_own_visit_and_on_no_other(kind: type[facts.Fact]) -> None:
    day = a_day_with(an_event(BY_TYPE[kind], 1, FIRST))
    before = a_day_with()
    assert EFFECTS[kind](day.visits[FIRST.id])
    assert not EFFECTS[kind](before.visits[FIRST.id])
    assert day.visits[SECOND.id] == before.visits[SECOND.id]


@pytest.mark.parametrize("fact", [*INSTANCES, UNKNOWN], ids=lambda fact: fact.kind)
def test_every_fact_about_a_visit_is_in_that_visits_log(fact: facts.Fact) -> None:
    event = an_event(fact, 1, FIRST)
    day = a_day_with(event)
    assert event in day.events
    assert event in day.visits[FIRST.id].events
    assert event not in day.visits[SECOND.id].events


@pytest.mark.parametrize("fact", [*INSTANCES, UNKNOWN], ids=lambda fact: fact.kind)
def test_a_fact_about_an_appointment_that_was_never_listed_is_kept_and_changes_nothing(
    fact: facts.Fact,
) -> None:
    if isinstance(fact, facts.AppointmentListed):
        return
    event = an_event(fact, 1, an_appointment(9))
    day = a_day_with(event)
    assert event in day.events
    assert day.visits == a_day_with().visits


def test_a_list_makes_clinics_and_visits() -> None:
    day = folded(
        DATE, [an_event(BY_TYPE[facts.ClinicOpened], 1), an_event(BY_TYPE[facts.AppointmentListed], 2)]
    )
    assert [clinic.title for clinic in day.clinics.values()] == ["Dr N Patel · morning"]
    assert [visit.appointment for visit in day.visits.values()] == [FIRST]
    assert day.visits[FIRST.id].stage is Stage.BOOKED


def test_rows_are_in_the_order_of_the_list() -> None:
    same_time = an_appointment(3, a_patient("Adams"), start=SECOND.start)
    day = a_day_with(rows=(SECOND, same_time, FIRST))
    assert [visit.id for visit in day.rows] == [FIRST.id, same_time.id, SECOND.id]


def test_a_row_that_is_listed_again_is_no_longer_gone_and_keeps_its_morning() -> None:
    gone = an_event(BY_TYPE[facts.AppointmentUnlisted], 2, FIRST)
    listed = an_event(facts.AppointmentListed(appointment=FIRST), 3, FIRST)
    visit = visit_after(moved(1, Stage.ARRIVED), gone, listed)
    assert (visit.unlisted, visit.stage) == (False, Stage.ARRIVED)


def test_cancelled_by_the_book_shows_only_while_nobody_has_come() -> None:
    cancelled = an_event(
        facts.AppointmentRevised(
            appointment=FIRST.model_copy(update={"cancelled": True}), changed=("cancelled",)
        ),
        1,
        FIRST,
    )
    assert visit_after(cancelled).stage is Stage.CANCELLED
    assert visit_after(moved(1, Stage.ARRIVED), an_event(cancelled.data, 2, FIRST)).stage is Stage.ARRIVED


def test_of_two_answers_to_one_item_the_later_stands_and_both_are_in_the_log() -> None:
    declined = AN_ANSWER.model_copy(update={"outcome": PrepOutcome.DECLINED})
    first = an_event(facts.PrepAnswered(answer=AN_ANSWER), 1, FIRST)
    second = an_event(facts.PrepAnswered(answer=declined), 2, FIRST, by=GP)
    visit = visit_after(first, second)
    assert visit.answers == {("core", "allergies"): declined}
    assert [first, second] == visit.events[-2:]


def test_an_escalation_is_open_until_somebody_says_whom_they_told() -> None:
    raised = an_event(facts.EscalationRaised(because="grey and sweating"), 1, FIRST)
    told = an_event(facts.EscalationTold(told="Dr N Patel"), 2, FIRST, about=raised.id)
    assert len(visit_after(raised).open_escalations) == 1
    visit = visit_after(raised, told)
    assert visit.open_escalations == []
    assert (visit.escalations[raised.id].told, visit.escalations[raised.id].heard_at) == (
        "Dr N Patel",
        told.at,
    )


def test_an_escalation_that_was_told_at_once_is_not_open() -> None:
    raised = an_event(facts.EscalationRaised(because="grey", told="Dr N Patel"), 1, FIRST)
    visit = visit_after(raised)
    assert visit.open_escalations == []
    assert visit.escalations[raised.id].heard_at == raised.at


def test_telling_of_one_escalation_leaves_the_other_open() -> None:
    one = an_event(facts.EscalationRaised(because="grey"), 1, FIRST)
    other = an_event(facts.EscalationRaised(because="worse"), 2, FIRST)
    told = an_event(facts.EscalationTold(told="Dr N Patel"), 3, FIRST, about=one.id)
    lost = an_event(facts.EscalationTold(told="nobody"), 4, FIRST, about=EventId("nowhere"))
    assert [open_one.because for open_one in visit_after(one, other, told, lost).open_escalations] == [
        "worse"
    ]


def test_new_wording_is_not_released_and_keeps_what_was_said_back_of_unchanged_messages() -> None:
    events = [
        an_event(data, seq, FIRST)
        for seq, data in enumerate(
            (
                facts.PlanWorded(messages=("Rest.", "Drink.", "Sleep.")),
                facts.PlanReleased(released_by="Dr N Patel", said=True),
                said_back(1, "I rest"),
                said_back(2, "I drink"),
                BY_TYPE[facts.SafetyNetGiven],
                facts.PlanWorded(messages=("Rest.", "Drink a lot.")),
            ),
            1,
        )
    ]
    plan = visit_after(*events).plan
    assert (plan.released_by, plan.released_at) == ("", None)
    assert {number: result.words for number, result in plan.teach_back.items()} == {1: "I rest"}
    assert plan.safety_net is not None


def test_the_plans_state_is_said_in_a_word_or_two() -> None:
    steps = (
        BY_TYPE[facts.PlanGiven],
        facts.PlanWorded(messages=("Rest.", "Drink.")),
        said_back(1, "I rest"),
        BY_TYPE[facts.SafetyNetGiven],
    )
    events = [an_event(data, seq, FIRST) for seq, data in enumerate(steps, 1)]
    shown = [visit_after(*events[:count]).plan.shown for count in range(5)]
    assert shown[:2] == ["–", "GP's words"]
    assert [words[:3] for words in shown[2:]] == ["0/2", "1/2", "1/2"]
    assert len(set(shown)) == 5


def test_a_changed_row_of_another_appointment_never_becomes_this_patients() -> None:
    other = facts.AppointmentRevised(appointment=SECOND, changed=("reason",))
    assert visit_after(an_event(other, 1, FIRST)).appointment == FIRST


# ── taken back ────────────────────────────────────────────────────────────────────────────────

FROM_THE_LIST = {facts.AppointmentRevised, facts.AppointmentUnlisted}
TAKEN_BACK = [kind for kind in EFFECTS if kind not in FROM_THE_LIST]


@pytest.mark.parametrize("kind", TAKEN_BACK, ids=lambda kind: kind.__name__)
def test_what_was_taken_back_no_longer_counts_and_both_stay_in_the_log(kind: type[facts.Fact]) -> None:
    event = an_event(BY_TYPE[kind], 1, FIRST)
    strike = struck(2, event)
    day = a_day_with(event, strike)
    visit, untouched = day.visits[FIRST.id], a_day_with().visits[FIRST.id]
    assert day.struck == {event.id}
    assert visit.events[-2:] == [event, strike]
    visit.events = untouched.events
    assert visit == untouched


def test_a_stage_taken_back_gives_the_one_before_since_when_it_began() -> None:
    arrived, ready = moved(1, Stage.ARRIVED), moved(2, Stage.READY, Stage.ARRIVED)
    visit = visit_after(arrived, ready, struck(3, ready))
    assert (visit.stage, visit.since) == (Stage.ARRIVED, arrived.at)


def test_what_came_after_the_entry_that_was_taken_back_still_counts() -> None:
    first = an_event(facts.PlanWorded(messages=("Rest.",)), 1, FIRST)
    taught = an_event(said_back(1, "I rest"), 2, FIRST)
    given = an_event(BY_TYPE[facts.PlanGiven], 3, FIRST)
    visit = visit_after(first, taught, given, struck(4, taught))
    assert visit.plan.messages == ("Rest.",)
    assert visit.plan.words == "rest"
    assert visit.plan.teach_back == {}


def test_a_strike_that_comes_before_what_it_is_about_strikes_it_all_the_same() -> None:
    arrived = moved(1, Stage.ARRIVED, at=NINE + timedelta(minutes=1))
    assert visit_after(struck(2, arrived), arrived).stage is Stage.BOOKED


@pytest.mark.parametrize("about", [None, EventId("nowhere")])
def test_a_strike_of_nothing_known_changes_nothing(about: EventId | None) -> None:
    arrived = moved(1, Stage.ARRIVED)
    strike = an_event(facts.EntryStruck(why="taken back"), 2, FIRST, about=about)
    assert visit_after(arrived, strike).stage is Stage.ARRIVED


def test_a_strike_said_of_another_visit_takes_effect_at_once() -> None:
    arrived = moved(1, Stage.ARRIVED)
    strike = an_event(facts.EntryStruck(why="wrong patient"), 2, SECOND, about=arrived.id)
    assert visit_after(arrived, strike).stage is Stage.BOOKED


# ── late ──────────────────────────────────────────────────────────────────────────────────────


def test_an_event_that_comes_late_from_elsewhere_takes_its_place() -> None:
    here = moved(1, Stage.LEFT, at=NINE + timedelta(minutes=9))
    late = moved(1, Stage.ARRIVED, at=NINE + timedelta(minutes=1), origin="elsewhere", by=GP)
    assert [move.to for move in visit_after(here, late).moves] == [Stage.ARRIVED, Stage.LEFT]


def test_the_fold_alters_no_event() -> None:
    events = [an_event(fact, seq, FIRST) for seq, fact in enumerate(INSTANCES, 1)]
    before = [event.model_dump() for event in events]
    day = Day(DATE)
    for event in events:
        fold(day, event)
    assert [event.model_dump() for event in events] == before
    assert day.events == events
    assert {event.by for event in day.events} == {GPA}
