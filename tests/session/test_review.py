"""A session's review: what stands out and on which entry it rests, verdicts, the sample, the sign-off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from clinic import (
    DATE,
    DEVICE,
    FIRST,
    GP,
    GPA,
    NINE,
    SECOND,
    SUPERVISOR,
    Morning,
    a_patient,
    a_set,
    an_appointment,
    an_event,
)

from gpa_tui.errors import NotAllowed, Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Appointment, Stage
from gpa_tui.records.base import EventId, PatientId, StaffId
from gpa_tui.records.ecg import EcgNumbers
from gpa_tui.records.event import Event, Said
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.patient import Need
from gpa_tui.records.plan import SafetyNet, TeachBack, TeachBackOutcome, WordsFrom
from gpa_tui.records.prep import PrepOutcome
from gpa_tui.records.staff import Actor, Role
from gpa_tui.session import acts, reviewing
from gpa_tui.session.acts import Place
from gpa_tui.session.findings import HEADINGS, Finding, Given, findings
from gpa_tui.session.fold import fold
from gpa_tui.session.numbers import numbers_of
from gpa_tui.session.prep_list import CORE, PrepList
from gpa_tui.session.review import (
    Review,
    Reviews,
    State,
    fold_review,
    reviewed_entries,
    sampled,
    since_signed,
    threads_of,
    unexceptional,
    worked_on,
)
from gpa_tui.session.review_rows import ReviewRow, review_rows
from gpa_tui.session.tasks import Task, fold_task
from gpa_tui.settings import PracticeSettings, shipped_shorthand
from gpa_tui.templates import shipped_templates

SETTINGS = PracticeSettings(name="Elm Tree Surgery")
SUPERVISES = Place(SUPERVISOR, "room1")
OTHER = Actor(staff=StaffId("klee"), name="Dr K Lee", role=Role.SUPERVISOR)
NET = SafetyNet(what="fever", by_when="Friday", where="111")


def at(event_at: object) -> str:
    return f"{event_at:%H:%M}"


def a_morning(*rows: Appointment, by: Actor = GPA) -> Morning:
    morning = Morning(*rows or (FIRST, SECOND), by=by)
    for row in rows or (FIRST, SECOND):
        morning.do(acts.move, row.id, Stage.ARRIVED)
        morning.do(acts.open_record, row.id)
        morning.do(acts.check_identity, row.id, "patient", row.patient.name.family, row.patient.born)
    return morning


def of_kind(events: Sequence[Event], kind: str) -> Event:
    return next(event for event in events if event.kind == kind)


def what_stands_out(morning: Morning, *asked: Task) -> list[Finding]:
    found = findings(Given(morning.day, SETTINGS, at, shipped_shorthand()), morning.day.rows, asked)
    entries = {event.id for event in morning.day.events} | {task.id for task in asked}
    assert all(one.entry in entries for one in found)
    return found


def headings(morning: Morning, *asked: Task) -> list[str]:
    return [one.heading for one in what_stands_out(morning, *asked)]


def whole_plan(morning: Morning, *, taught: bool = True) -> None:
    morning.do(acts.give_plan, FIRST.id, "rest", "Dr N Patel")
    morning.do(acts.word_plan, FIRST.id, ["Rest today."])
    morning.release("Dr N Patel")
    if taught:
        morning.teach(TeachBack(message=1, outcome=TeachBackOutcome.OWN_WORDS))
    morning.do(acts.give_safety_net, FIRST.id, NET)


# ── what stands out ───────────────────────────────────────────────────────────────────────────


def test_a_visit_that_went_as_it_should_is_no_exception() -> None:
    morning = a_morning(FIRST)
    morning.do(acts.record_observations, FIRST.id, a_set(), (), NINE, False)
    morning.do(acts.hand_over, FIRST.id, PrepList(()), "")
    morning.do(acts.move, FIRST.id, Stage.WITH_GP)
    whole_plan(morning)
    morning.do(acts.move, FIRST.id, Stage.LEFT)
    assert headings(morning) == []


def test_an_escalation_says_who_heard_it_and_after_how_long_and_is_loud_till_then() -> None:
    morning = a_morning(FIRST)
    (raised,) = morning.do(acts.escalate, FIRST.id, "grey")
    (found,) = [one for one in what_stands_out(morning) if one.heading == "escalation"]
    assert (found.entry, found.loud) == (raised.id, True)
    morning.do(acts.acknowledge, FIRST.id, raised.id, by=GP)
    (found,) = [one for one in what_stands_out(morning) if one.heading == "escalation"]
    assert not found.loud
    assert "heard by Dr N Patel 09:00, after 0 min" in found.words


def test_raised_readings_and_what_was_typed_twice_rest_on_their_set() -> None:
    morning = a_morning(FIRST)
    said = morning.do(acts.record_observations, FIRST.id, a_set(respiration=25), (), NINE, False)
    (found,) = [one for one in what_stands_out(morning) if one.heading == "readings"]
    assert found.entry == of_kind(said, "observation.recorded").id
    assert "RR 25" in found.words


def test_vital_signs_that_no_table_scores_are_looked_at() -> None:
    child = an_appointment(3, a_patient("Bray", "Tom", "2018-01-01"))
    morning = a_morning(child)
    morning.do(acts.record_observations, child.id, a_set(), (), NINE, False)
    assert headings(morning)[:1] == ["readings"]


def test_a_correction_shows_what_stood_before_and_a_slip_of_one_key_is_none() -> None:
    morning = a_morning(FIRST)
    said = morning.do(acts.record_observations, FIRST.id, a_set(), (), NINE, False)
    morning.do(
        acts.correct_observations,
        FIRST.id,
        of_kind(said, "observation.recorded").id,
        a_set(pulse=80),
        (),
        "misread",
    )
    morning.do(acts.move, FIRST.id, Stage.WITH_GP)
    morning.do(acts.take_back, FIRST.id)
    mended = [one for one in what_stands_out(morning) if one.heading == "mended"]
    assert len(mended) == 1
    assert "pulse was 72" in mended[0].words
    assert "misread" in mended[0].words


def test_a_plan_that_was_not_gone_through_says_what_is_missing() -> None:
    morning = a_morning(FIRST)
    morning.do(acts.give_plan, FIRST.id, "rest", "Dr N Patel")
    assert "not gone through" in what_stands_out(morning)[0].words
    whole_plan(morning, taught=False)
    (found,) = [one for one in what_stands_out(morning) if one.heading == "plan"]
    assert found.words == "message 1 not said back"
    why = TeachBack(message=1, outcome=TeachBackOutcome.NOT_CHECKED, why="in a hurry")
    morning.teach(why)
    (found,) = [one for one in what_stands_out(morning) if one.heading == "plan"]
    assert found.words == "message 1 not checked: in a hurry"


def test_shorthand_that_was_left_in_what_the_patient_was_told_stands_out() -> None:
    morning = a_morning(FIRST)
    morning.do(acts.move, FIRST.id, Stage.WITH_GP)
    morning.do(acts.give_plan, FIRST.id, "paracetamol 1g qds, MS review", "Dr N Patel")
    morning.do(acts.word_plan, FIRST.id, ["Take paracetamol qds.", "MS review."])
    (found,) = [one.words for one in what_stands_out(morning) if one.heading == "plan"]
    assert "shorthand in the messages: qds, MS" in found


def test_who_the_patient_is_by_the_record_alone_stands_out() -> None:
    morning = Morning(FIRST)
    morning.do(acts.open_record, FIRST.id)
    (check,) = morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    (found,) = [one for one in what_stands_out(morning) if one.heading == "identity"]
    assert found.entry == check.id


@pytest.mark.parametrize(("minutes", "stands_out"), [(14, False), (15, True)])
def test_a_note_is_late_from_the_practices_minutes_on(minutes: int, stands_out: bool) -> None:
    morning = a_morning(FIRST)
    morning.do(acts.move, FIRST.id, Stage.LEFT)
    left = morning.day.events[-1].at
    late = an_event(facts.PresentRecorded(who="her son"), 900, FIRST, at=left + timedelta(minutes=minutes))
    morning.day.visits[FIRST.id].events.append(late)
    morning.day.events.append(late)
    assert ("late" in headings(morning)) is stands_out


def test_ecgs_without_a_reviewer_are_loud_and_late_reviews_are_named() -> None:
    morning = a_morning(FIRST)
    said_ = morning.do(acts.request_ecg, FIRST.id, "Dr N Patel", "today", "palpitations")
    asked = of_kind(said_, "ecg.requested")
    (found,) = [one for one in what_stands_out(morning) if one.heading == "ECG"]
    assert (found.entry, found.loud) == (asked.id, True)
    recorded = facts.EcgRecorded(attempt=1, recorded_at=NINE, numbers=EcgNumbers(rate=72))
    reviewed = facts.EcgReviewed(by="Dr N Patel", words="seen")

    def said(data: facts.Fact, minutes: int) -> None:
        event = an_event(
            data, 500 + minutes, FIRST, at=NINE + timedelta(minutes=minutes), about=asked.id, by=GP
        )
        morning.day.visits[FIRST.id].events.append(event)
        morning.day.events.append(event)
        morning.day.visits[FIRST.id].ecgs[asked.id].take(event)

    said(recorded, 5)
    said(reviewed, 15)
    (found,) = [one for one in what_stands_out(morning) if one.heading == "ECG"]
    assert found.words == "reviewed after 15 min by Dr N Patel"  # from when it was recorded, not typed


def test_an_escalation_that_nobody_was_told_of_is_not_heard_and_loud() -> None:
    morning = a_morning(FIRST)
    (raised,) = morning.do(acts.escalate, FIRST.id, "grey")
    morning.do(acts.tell, FIRST.id, raised.id, "GP out on visit", nobody=True)
    (found,) = [one for one in what_stands_out(morning) if one.heading == "escalation"]
    assert (found.words, found.loud) == ("09:00 grey: NOBODY TOLD: GP out on visit", True)
    numbers = numbers_of(morning.day, morning.day.rows, 15)
    assert (numbers.not_heard, numbers.heard.count) == (1, 0)


def test_a_confirmation_later_leaves_when_it_was_first_heard() -> None:
    morning = a_morning(FIRST)
    (raised,) = morning.do(acts.escalate, FIRST.id, "grey")
    visit = morning.visit()
    told, confirmed = facts.EscalationTold(told="Dr N Patel, in person"), facts.EscalationAcknowledged()
    for fact, minutes in ((told, 2), (confirmed, 100)):
        when = raised.at + timedelta(minutes=minutes)
        fold(morning.day, an_event(fact, 600 + minutes, FIRST, at=when, about=raised.id, by=GP))
    (found,) = [one for one in what_stands_out(morning) if one.heading == "escalation"]
    assert found.words.endswith("told Dr N Patel, in person 09:02, heard by Dr N Patel 10:40, after 2 min")
    assert visit.escalations[raised.id].heard


def test_a_raised_set_struck_at_once_with_the_words_of_a_slip_still_stands_out() -> None:
    morning = a_morning(FIRST)
    said_ = morning.do(acts.record_observations, FIRST.id, a_set(respiration=25), (), NINE, False)
    morning.do(acts.strike, FIRST.id, of_kind(said_, "observation.recorded").id, "taken back")
    assert headings(morning).count("mended") == 1  # what it raised goes with it
    assert numbers_of(morning.day, morning.day.rows, 15).corrections == 1
    morning.do(acts.move, FIRST.id, Stage.WITH_GP)
    morning.do(acts.take_back, FIRST.id)
    assert headings(morning).count("mended") == 1  # that was a slip


def test_what_was_declined_at_the_prep_with_the_key_alone_stands_out() -> None:
    morning = a_morning(FIRST)
    template = shipped_templates()[CORE]
    for item in template.items:
        if item.id in {"chaperone", "medicines"}:
            morning.do(acts.answer, FIRST.id, template, item, PrepOutcome.DECLINED)
    found = {one.heading: one.words for one in what_stands_out(morning)}
    assert found["room"] == "prep: Chaperone offered: declined"
    assert found["gap"] == "prep: Medicines really taken: declined"


def test_two_lines_that_rest_on_one_entry_are_agreed_with_each() -> None:
    row = an_appointment(1, a_patient(needs=(Need(text="Polish interpreter", mark="INT"),)))
    book = Book(a_morning(row))
    book.morning.do(acts.record_chaperone, row.id, "declined")
    keys = [one.key for one in book.rows if one.label == "room"]
    assert len(set(keys)) == len(keys) == 2
    book.agree("room")
    assert [one.state for one in book.rows if one.label == "room"] == [State.AGREED, State.OPEN]


def test_a_query_of_what_a_clinician_wrote_goes_to_whoever_worked_there_and_not_to_who_asks() -> None:
    book = Book(a_morning(FIRST))
    book.morning.do(acts.open_record, FIRST.id, by=GP)
    book.morning.do(acts.check_identity, FIRST.id, "record only", "", None, by=GP)
    (given, *_) = book.morning.do(acts.give_plan, FIRST.id, "rest", "", by=GP)
    (said,) = book.give("query", given, "why was it not gone through?")
    assert said.data.model_dump()["to"] == (GPA.staff,)


@pytest.mark.parametrize("ended", [Stage.LEFT, Stage.WALKED_OUT])
def test_a_note_is_late_however_the_visit_ended_and_though_it_is_wrapped_up_again(ended: Stage) -> None:
    morning = a_morning(FIRST)
    morning.do(acts.move, FIRST.id, ended)
    left = morning.visit().moves[-1].at
    again = facts.AppointmentMoved(was=ended, to=Stage.WRAP_UP)
    for number, (fact, minutes) in enumerate(((again, 180), (facts.PresentRecorded(who="son"), 181))):
        fold(morning.day, an_event(fact, 900 + number, FIRST, at=left + timedelta(minutes=minutes)))
    assert "late" in headings(morning)


def test_what_another_entry_raised_does_not_go_with_a_struck_set_before_it() -> None:
    morning = a_morning(FIRST)
    said = morning.do(acts.record_observations, FIRST.id, a_set(), (), NINE, False)
    morning.do(acts.strike, FIRST.id, of_kind(said, "observation.recorded").id, "wrong cuff")
    (raised,) = morning.do(acts.escalate, FIRST.id, "grey")
    red = raised.model_copy(update={"data": facts.EscalationRaised(because="asthma now", with_entry=True)})
    morning.visit().events[-1] = red
    fold(morning.day, an_event(facts.EntryStruck(why="mistyped"), 900, FIRST, about=red.id))
    assert headings(morning).count("mended") == 2


def test_who_went_in_without_a_hand_over_stands_out() -> None:
    morning = a_morning(FIRST)
    morning.do(acts.move, FIRST.id, Stage.WITH_GP)
    assert "went in to the GP without a hand-over" in [one.words for one in what_stands_out(morning)]


def test_room_gaps_refusals_tasks_and_who_is_still_here_stand_out_in_the_order_of_the_brief() -> None:
    morning = a_morning(FIRST)
    morning.do(acts.record_chaperone, FIRST.id, "declined")
    morning.do(acts.raise_safeguarding, FIRST.id, "bruises")
    prep = PrepList((shipped_templates()[CORE],))
    morning.do(acts.hand_over, FIRST.id, prep, "no time")
    morning.take([Said(data=facts.ActRefused(act="record an ECG", why="Ask"))], GPA, "room2")
    task = Task(EventId("t"), "ring", Owner(name="GPA"), DATE, GPA, NINE, FIRST.patient.id)
    found = headings(morning, task)
    order = [HEADINGS.index(one) for one in found]
    assert order == sorted(order)
    assert {"room", "gap", "refused", "task", "ended", "escalation"} <= set(found)
    assert all("bruises" not in one.words for one in what_stands_out(morning, task))


def test_a_chaperone_who_was_declined_at_the_prep_stands_out() -> None:
    morning = a_morning(FIRST)
    template = shipped_templates()[CORE]
    item = next(one for one in template.items if one.id == "chaperone")
    morning.do(acts.answer, FIRST.id, template, item, PrepOutcome.DONE, value="declined")
    assert "room" in headings(morning)


def test_a_row_that_was_only_listed_is_nothing_to_review() -> None:
    morning = Morning(FIRST)
    assert not worked_on(morning.visit())
    morning.do(acts.move, FIRST.id, Stage.ARRIVED)
    assert worked_on(morning.visit())


def test_an_interpreter_who_was_needed_and_nobody_noted_stands_out() -> None:
    needs = (Need(text="Polish interpreter", mark="INT"),)
    row = an_appointment(1, a_patient(needs=needs))
    morning = a_morning(row)
    taught = facts.PlanTaught(teach_back=TeachBack(message=1, outcome=TeachBackOutcome.OWN_WORDS))
    morning.take(
        [Said(data=taught, appointment=row.id, patient=row.patient.id, clinic=row.clinic)], GPA, "room2"
    )
    assert "Polish interpreter: nobody noted who interpreted" in [
        one.words for one in what_stands_out(morning)
    ]


def test_large_print_that_was_needed_and_not_made_stands_out() -> None:
    row = an_appointment(1, a_patient(needs=(Need(text="large print", mark="LP"),)))
    morning = a_morning(row)
    taught = facts.PlanTaught(teach_back=TeachBack(message=1, outcome=TeachBackOutcome.OWN_WORDS))

    def found(fact: facts.Fact) -> bool:
        said = Said(data=fact, appointment=row.id, patient=row.patient.id, clinic=row.clinic)
        morning.take([said], GPA, "room2")
        words = [one.words for one in what_stands_out(morning)]
        return "large print: no handout was made in it" in words

    assert not found(taught)  # there was no plan
    assert found(facts.PlanGiven(words="rest", words_from=WordsFrom.AS_HEARD, given_by="Dr N Patel"))
    assert found(facts.HandoutMade(how="printed", large=False))
    assert not found(facts.HandoutMade(how="printed", large=True))


# ── verdicts ──────────────────────────────────────────────────────────────────────────────────


class Book:
    """What was said of the morning's log, and how it is said."""

    def __init__(self, morning: Morning) -> None:
        self.morning = morning
        self.reviews: Reviews = {}
        self.seq = 1000

    def take(self, said: Sequence[Said], by: Actor) -> list[Event]:
        events = []
        for one in said:
            self.seq += 1
            event = an_event(one.data, self.seq, by=by, about=one.about)
            fold_review(self.reviews, event)
            events.append(event)
        return events

    def give(self, verdict: str, target: object, text: str = "", by: Actor = SUPERVISOR) -> list[Event]:
        place = Place(by, "room1")
        said = reviewing.give(self.reviews, place, self.morning.day, verdict, target, text)  # type: ignore[arg-type]
        return self.take(said, by)

    @property
    def review(self) -> Review:
        return self.reviews.get(DATE, Review(DATE))

    @property
    def rows(self) -> list[ReviewRow]:
        """As they are gone through."""
        day = self.morning.day
        found = what_stands_out(self.morning)
        return review_rows(day, day.rows, found, self.review, shipped_templates(), at)

    def agree(self, heading: str) -> None:
        """With the first finding under this heading, as it is read."""
        (row, *_) = [one for one in self.rows if one.label == heading]
        entry = next(event for event in self.morning.day.events if event.id == row.entry)
        place = Place(SUPERVISOR, "room1")
        day, found = self.morning.day, [row.stands_out]
        self.take(reviewing.give(self.reviews, place, day, "agreed", entry, "", found), SUPERVISOR)


@pytest.fixture
def book() -> Book:
    return Book(a_morning())


def test_a_row_that_was_agreed_with_is_open_again_when_more_is_said(book: Book) -> None:
    visit = book.morning.visit()
    book.give("agreed", [visit])
    assert book.review.state_of_row(visit) is State.AGREED
    assert all(book.review.state_of_entry(one, visit) is State.AGREED for one in reviewed_entries(visit))
    book.morning.do(acts.open_record, FIRST.id)
    assert book.review.state_of_row(visit) is State.AGREED  # it was read, and nothing was said
    book.morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    assert book.review.state_of_row(visit) is State.CHANGED


def test_a_finding_that_says_something_else_than_was_agreed_with_is_open_again() -> None:
    book = Book(a_morning(FIRST))
    whole_plan(book.morning, taught=False)
    book.agree("plan")
    (plan,) = [one for one in book.rows if one.label == "plan"]
    assert plan.state is State.AGREED
    book.morning.teach(TeachBack(message=1, outcome=TeachBackOutcome.NOT_CHECKED, why="in a hurry"))
    (plan,) = [one for one in book.rows if one.label == "plan"]
    assert plan.state is State.CHANGED
    book.agree("plan")
    assert all(one.done for one in book.rows if one.label == "plan")


def test_what_came_since_the_sign_off_is_told_by_store_and_number_not_by_its_place_in_the_day() -> None:
    book = Book(a_morning(FIRST))
    said = reviewing.sign(book.reviews, SUPERVISES, book.morning.day, (7, "ab" * 32), [])
    book.take(said, SUPERVISOR)
    assert since_signed(book.review, book.morning.day) == set()
    first = book.morning.day.events[0]
    late = first.model_copy(update={"id": EventId("late"), "origin": "another-store", "seq": 1})
    book.morning.day.events.insert(1, late)  # timed before what was there
    assert since_signed(book.review, book.morning.day) == {"late"}


def test_the_sample_is_of_the_rows_in_which_nothing_stands_out() -> None:
    book = Book(a_morning(FIRST, SECOND))
    for row in (FIRST, SECOND):
        book.morning.do(acts.move, row.id, Stage.LEFT)
    book.morning.do(acts.escalate, FIRST.id, "grey")
    for seed in "abcdef":
        drawn = facts.SampleDrawn(on=DATE, seed=seed, percent=20)
        book.reviews[DATE] = Review(DATE, drawn)
        assert {one.appointment for one in book.rows if one.label == "sample"} == {SECOND.id}


def test_a_query_goes_to_whoever_wrote_it_is_answered_and_agreed_with(book: Book) -> None:
    entry = reviewed_entries(book.morning.visit())[-1]
    with pytest.raises(Refused, match="Say what you ask"):
        book.give("query", entry)
    (query,) = book.give("query", entry, "why?")
    (thread,) = threads_of(book.review, query.id)
    assert thread is not None
    assert (thread.state, thread.waits_for(GPA.staff)) == (State.ASKED, True)
    with pytest.raises(Refused, match="not for you"):
        reviewing.answer(book.reviews, Place(GP, "x"), DATE, query.id, "so")
    book.take(reviewing.answer(book.reviews, Place(GPA, "x"), DATE, query.id, "so"), GPA)
    assert (thread.state, thread.waits_for(GPA.staff)) == (State.ANSWERED, False)
    assert thread.answers(SUPERVISOR.staff)
    book.give("agreed", entry)
    assert thread.state is State.AGREED
    with pytest.raises(Refused, match="no longer open"):
        reviewing.answer(book.reviews, Place(GPA, "x"), DATE, query.id, "late")


def test_nobody_reviews_their_own_work() -> None:
    book = Book(a_morning(by=GPA.model_copy(update={"staff": SUPERVISOR.staff})))
    visit = book.morning.visit()
    for target in ([visit], reviewed_entries(visit)[-1]):
        with pytest.raises(Refused, match="did part of this yourself"):
            book.give("agreed", target)
    book.give("agreed", [visit], by=OTHER)


def test_a_query_of_one_entry_is_not_agreed_with_by_its_row(book: Book) -> None:
    visit = book.morning.visit()
    entry = reviewed_entries(visit)[-1]
    book.give("query", entry, "who said it?")
    assert book.review.state_of_row(visit) is State.ASKED
    assert visit not in unexceptional(book.review, [visit], set())
    with pytest.raises(Refused, match="An entry of this row is still asked about"):
        book.give("agreed", [visit])
    book.give("agreed", entry)
    assert book.review.state_of_row(visit) is State.OPEN
    book.give("agreed", [visit])
    assert book.review.state_of_row(visit) is State.AGREED


def test_what_comes_late_from_elsewhere_is_not_agreed_with_by_its_row(book: Book) -> None:
    visit = book.morning.visit()
    book.give("agreed", [visit])
    (raised,) = book.morning.do(acts.escalate, FIRST.id, "grey")
    early = raised.model_copy(update={"at": NINE})  # on another host, before the verdict
    assert book.review.state_of_entry(early, book.morning.visit()) is not State.AGREED


def test_a_gp_who_saw_to_things_at_their_own_terminal_still_clears_the_row() -> None:
    book = Book(a_morning())
    said = book.morning.do(acts.escalate, FIRST.id, "grey")
    book.morning.do(acts.acknowledge, FIRST.id, said[0].id, by=GP)
    assert GP.staff == SUPERVISOR.staff
    book.give("agreed", [book.morning.visit()])
    assert book.review.state_of_row(book.morning.visit()) is State.AGREED


def test_an_answer_is_to_the_query_that_was_read(book: Book) -> None:
    entry = reviewed_entries(book.morning.visit())[-1]
    (first,) = book.give("query", entry, "why?")
    (second,) = book.give("query", entry, "and when?")
    with pytest.raises(Refused, match="asked anew"):
        reviewing.answer(book.reviews, Place(GPA, "x"), DATE, first.id, "so")
    assert reviewing.answer(book.reviews, Place(GPA, "x"), DATE, second.id, "so")


def test_only_a_supervisor_reviews(book: Book) -> None:
    for by in (GPA, GP, DEVICE):
        with pytest.raises(NotAllowed):
            book.give("agreed", [book.morning.visit()], by=by)


def test_signed_off_nothing_is_said_till_it_is_reopened_and_what_was_open_is_named(book: Book) -> None:
    visit = book.morning.visit()
    said = reviewing.sign(book.reviews, SUPERVISES, book.morning.day, (7, "ab" * 32), ["row x"], "well done")
    book.take(said, SUPERVISOR)
    signed = book.review.signed
    assert signed is not None
    assert isinstance(signed.data, facts.ReviewSigned)
    assert (signed.data.n, signed.data.still_open) == (7, ("row x",))
    with pytest.raises(Refused, match="signed off"):
        book.give("agreed", [visit])
    with pytest.raises(Refused, match="Say why"):
        reviewing.reopen(book.reviews, SUPERVISES, DATE, " ")
    book.take(reviewing.reopen(book.reviews, SUPERVISES, DATE, "a late entry"), SUPERVISOR)
    book.give("agreed", [visit])
    assert [one.kind for one in book.review.signings] == ["review.signed", "review.reopened"]


def test_the_sample_is_drawn_once_and_follows_from_its_seed(book: Book) -> None:
    rows = book.morning.day.rows
    book.take(reviewing.draw_sample(book.reviews, SUPERVISES, DATE, "4f2a", 50), SUPERVISOR)
    assert reviewing.draw_sample(book.reviews, SUPERVISES, DATE, "other", 100) == []
    chosen = sampled(book.review, rows, ())
    assert len(chosen) == 1
    assert chosen == sampled(book.review, list(reversed(rows)), ())
    others = {
        frozenset(sampled(Review(DATE, facts.SampleDrawn(on=DATE, seed=str(n), percent=50)), rows, ()))
        for n in range(20)
    }
    assert len(others) == 2  # another seed may choose the other


@pytest.mark.parametrize(("percent", "of_two"), [(0, 0), (1, 1), (50, 1), (51, 2), (100, 2)])
def test_how_many_rows_a_sample_has(percent: int, of_two: int, book: Book) -> None:
    drawn = facts.SampleDrawn(on=DATE, seed="s", percent=percent)
    assert len(sampled(Review(DATE, drawn), book.morning.day.rows, ())) == of_two


def test_one_key_agrees_with_what_stands_out_in_nothing_and_nothing_else(book: Book) -> None:
    rows = book.morning.day.rows
    assert [one.id for one in unexceptional(book.review, rows, {FIRST.id})] == [SECOND.id]
    book.give("query", [book.morning.visit(SECOND)], "why?")
    assert unexceptional(book.review, rows, {FIRST.id}) == []


def test_a_task_that_was_asked_after_the_sign_off_says_so() -> None:
    book = Book(a_morning(FIRST))
    said = reviewing.sign(book.reviews, SUPERVISES, book.morning.day, (7, "ab" * 32), [])
    (signed,) = book.take(said, SUPERVISOR)
    asked = facts.TaskAsked(what="ring her", owner=Owner(name="GPA", role=Role.GPA), due=DATE)
    event = an_event(asked, 5000, FIRST, at=signed.at + timedelta(minutes=30))
    tasks: dict[EventId, Task] = {}
    fold_task(tasks, event)
    found = what_stands_out(book.morning, *tasks.values())
    day = book.morning.day
    rows = review_rows(day, day.rows, found, book.review, shipped_templates(), at, [event])
    (task,) = [one for one in rows if one.label == "task"]
    assert task.words.startswith("since the sign-off: 09:00 OKONKWO, Grace: ring her")
    assert task.loud


def test_a_query_of_several_rows_is_answered_once_for_all_of_them_by_whoever_worked_there() -> None:
    book = Book(a_morning(FIRST, SECOND))
    rows = list(book.morning.day.rows)
    (query,) = book.give("query", rows, "why?")
    assert [thread.verdict.id for thread in book.review.open_threads()] == [query.id]
    book.take(reviewing.answer(book.reviews, Place(GPA, "x"), DATE, query.id, "so"), GPA)
    assert [book.review.state_of_row(row) for row in rows] == [State.ANSWERED] * 2
    book.give("agreed", rows)
    assert not book.review.open_threads()


def test_a_query_of_rows_of_two_people_is_asked_of_each_about_theirs() -> None:
    book = Book(a_morning(FIRST, SECOND))
    hart = GPA.model_copy(update={"staff": StaffId("jhart"), "name": "J Hart"})
    for event in book.morning.visit(SECOND).events[:]:
        changed = event.model_copy(update={"by": hart})
        book.morning.visit(SECOND).events[book.morning.visit(SECOND).events.index(event)] = changed
    asked = book.give("query", list(book.morning.day.rows), "why?")
    data = [event.data for event in asked]
    assert [one.to for one in data if isinstance(one, facts.ReviewGiven)] == [(GPA.staff,), (hart.staff,)]


def test_a_reading_outside_what_is_usual_stands_out_however_it_came() -> None:
    morning = a_morning(FIRST)
    morning.do(acts.record_observations, FIRST.id, a_set(systolic=186), (), NINE, False)
    (found,) = [one for one in what_stands_out(morning) if one.heading == "readings"]
    assert found.words.endswith("; systolic outside what is usual")


def test_a_task_asked_in_the_session_stands_out_whoever_it_is_about() -> None:
    morning = a_morning(FIRST)
    other = Task(EventId("t"), "ring", Owner(name="GPA"), DATE, GPA, NINE, PatientId("p9"), "BROWN, Rose")
    earlier = replace(other, id=EventId("u"), asked_at=NINE - timedelta(days=1))
    found = findings(
        Given(morning.day, SETTINGS, at, shipped_shorthand()), morning.day.rows, [other, earlier]
    )
    assert [one.words for one in found if one.heading == "task"] == [
        "BROWN, Rose: ring → GPA, nobody has accepted it, by 23 Nov"
    ]
