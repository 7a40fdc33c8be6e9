"""Prep: the lists that are shipped, which one fits a reason, answers, stop answers and handing over."""

from __future__ import annotations

from datetime import datetime

import pytest
from clinic import DATE, FIRST, NINE, Morning
from pydantic import ValidationError

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.event import Event
from gpa_tui.records.observation import Measure, Missing
from gpa_tui.records.patient import Gender
from gpa_tui.records.prep import PrepAnswer, PrepItem, PrepOutcome, PrepTemplate
from gpa_tui.session import acts
from gpa_tui.session.prep_list import CORE, PrepList, known_already, prep_list, proposed
from gpa_tui.templates import shipped_templates

SHIPPED = shipped_templates()
DONE, DECLINED, UNABLE = PrepOutcome.DONE, PrepOutcome.DECLINED, PrepOutcome.UNABLE

PLAIN = PrepItem(id="allergies", text="Allergies asked")
CHOICE = PrepItem(id="chaperone", text="Chaperone offered", choices=("accepted", "declined"))
STOP = PrepItem(id="now", text="Chest pain now", choices=("yes", "no"), stop_on=("yes",))
LIST = PrepTemplate(
    id="chest",
    version=3,
    title="Chest",
    owner="x",
    review=DATE,
    source="x",
    reasons=("chest pain",),
    items=(PLAIN, CHOICE, STOP),
)


def arrived() -> Morning:
    morning = Morning()
    morning.do(acts.move, FIRST.id, Stage.ARRIVED)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    return morning


def answer(
    morning: Morning, item: PrepItem, outcome: PrepOutcome = DONE, value: str = "", why: str = ""
) -> list[Event]:
    return morning.do(acts.answer, FIRST.id, LIST, item, outcome, value=value, why=why)


# ── the lists ─────────────────────────────────────────────────────────────────────────────────


def test_the_core_list_is_shipped_and_every_list_can_be_told_apart() -> None:
    assert CORE in SHIPPED
    assert all(key == template.id for key, template in SHIPPED.items())
    titles = [template.title for template in SHIPPED.values()]
    assert titles == sorted(set(titles))


@pytest.mark.parametrize("template", SHIPPED.values(), ids=lambda template: template.id)
def test_each_shipped_list_is_whole(template: PrepTemplate) -> None:
    ids = [item.id for item in template.items]
    assert len(set(ids)) == len(ids)
    assert template.owner
    assert template.source
    for item in template.items:
        assert set(item.stop_on) <= set(item.choices)
        assert item.why, item.text


@pytest.mark.parametrize("template", SHIPPED.values(), ids=lambda template: template.id)
def test_each_of_a_lists_reasons_proposes_that_list(template: PrepTemplate) -> None:
    for reason in template.reasons:
        found = proposed(f"New {reason.upper()}, since Monday", SHIPPED)
        assert template in found


@pytest.mark.parametrize("reason", ["", "nothing that is on any list", "chestpain", "xchest pain"])
def test_another_reason_proposes_none(reason: str) -> None:
    assert proposed(reason, {"chest": LIST}) == []


def test_of_two_lists_that_fit_the_longer_reason_wins() -> None:
    longer = LIST.model_copy(update={"id": "severe", "reasons": ("severe chest pain",)})
    found = proposed("severe chest pain", {"chest": LIST, "severe": longer})
    assert found == [longer]


def test_a_visit_has_the_core_list_and_the_one_proposed_or_chosen() -> None:
    templates = {CORE: SHIPPED[CORE], "chest": LIST}
    morning = Morning()
    visit = morning.visit()
    assert prep_list(visit, templates).templates == (SHIPPED[CORE],)
    visit.appointment = FIRST.model_copy(update={"reason": "Chest pain"})
    assert prep_list(visit, templates).templates == (SHIPPED[CORE], LIST)
    morning.do(acts.choose_template, FIRST.id, SHIPPED[CORE])
    assert prep_list(morning.visit(), templates).templates == (SHIPPED[CORE],)
    morning.do(acts.choose_template, FIRST.id, LIST)
    assert prep_list(morning.visit(), templates).title == "Chest"
    morning.visit().templates = ("gone-since",)
    assert prep_list(morning.visit(), templates).templates == (SHIPPED[CORE], LIST)


def test_progress_counts_answered_items_of_the_list_in_hand() -> None:
    morning, prep = arrived(), PrepList((LIST,))
    assert prep.progress(morning.visit()) == (0, 3)
    answer(morning, PLAIN)
    answer(morning, PLAIN, DECLINED)
    assert prep.progress(morning.visit()) == (1, 3)
    assert prep.open_items(morning.visit()) == [CHOICE, STOP]
    given = prep.answer(morning.visit(), LIST, PLAIN)
    assert given is not None
    assert given.outcome is DECLINED


# ── answers ───────────────────────────────────────────────────────────────────────────────────


def test_an_answer_keeps_the_words_and_the_version_it_was_given_under() -> None:
    morning = arrived()
    answer(morning, CHOICE, value="accepted", why=" her sister ")
    assert morning.visit().answers[("chest", "chaperone")] == PrepAnswer(
        template="chest",
        template_version=3,
        item="chaperone",
        text="Chaperone offered",
        outcome=DONE,
        value="accepted",
        why="her sister",
    )


@pytest.mark.parametrize(
    ("item", "outcome", "words", "why"),
    [
        (PLAIN, UNABLE, {}, "Say why it could not be done"),
        (PLAIN, UNABLE, {"why": "  "}, "Say why it could not be done"),
        (CHOICE, DONE, {}, "Answer accepted or declined"),
        (CHOICE, DONE, {"value": "maybe"}, "Answer accepted or declined"),
    ],
)
def test_an_answer_that_says_too_little_is_refused(
    item: PrepItem, outcome: PrepOutcome, words: dict[str, str], why: str
) -> None:
    morning = arrived()
    with pytest.raises(Refused, match=why):
        answer(morning, item, outcome, **words)
    assert morning.visit().answers == {}


@pytest.mark.parametrize("outcome", PrepOutcome)
def test_every_outcome_can_be_given_to_an_item(outcome: PrepOutcome) -> None:
    morning = arrived()
    answer(morning, PLAIN, outcome, why="no scales")
    assert morning.visit().answers[("chest", "allergies")].outcome is outcome


@pytest.mark.parametrize(("value", "because"), [("yes", ["Chest pain now: yes"]), ("no", [])])
def test_a_stop_answer_fetches_the_gp_in_the_same_act(value: str, because: list[str]) -> None:
    morning = arrived()
    events = answer(morning, STOP, value=value)
    raised = [event.data.because for event in events if isinstance(event.data, facts.EscalationRaised)]
    assert raised == because
    assert len(morning.visit().open_escalations) == len(because)


def test_taking_back_a_stop_answer_leaves_the_escalation_open() -> None:
    morning = arrived()
    answer(morning, STOP, value="yes")
    morning.do(acts.take_back, FIRST.id)
    assert morning.visit().answers == {}
    assert len(morning.visit().open_escalations) == 1


@pytest.mark.parametrize(
    ("stage", "after"),
    [(Stage.ARRIVED, Stage.IN_PREP), (Stage.WRAP_UP, Stage.WRAP_UP), (Stage.WITH_GP, Stage.WITH_GP)],
)
def test_the_first_answer_shows_that_prep_has_begun(stage: Stage, after: Stage) -> None:
    morning = arrived()
    if stage is not Stage.ARRIVED:
        morning.do(acts.move, FIRST.id, stage)
    answer(morning, PLAIN)
    answer(morning, CHOICE, value="declined")
    assert morning.visit().stage is after


# ── handing over ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("stage", [Stage.ARRIVED, Stage.IN_PREP])
def test_handing_over_makes_the_patient_ready(stage: Stage) -> None:
    morning = arrived()
    if stage is not Stage.ARRIVED:
        morning.do(acts.move, FIRST.id, stage)
    said, moved = morning.do(acts.hand_over, FIRST.id, PrepList((LIST,)), " in a hurry ")
    assert said.data == facts.PrepHandedOver(
        gaps=("Allergies asked", "Chaperone offered", "Chest pain now"), why_gaps_stand="in a hurry"
    )
    assert moved.data == facts.AppointmentMoved(was=stage, to=Stage.READY)
    assert morning.visit().handed_over_at == moved.at


def test_open_items_need_a_reason_and_a_whole_list_needs_none() -> None:
    morning = arrived()
    answer(morning, PLAIN)
    answer(morning, CHOICE, value="accepted")
    with pytest.raises(Refused, match="1 prep items are open"):
        morning.do(acts.hand_over, FIRST.id, PrepList((LIST,)), "  ")
    answer(morning, STOP, value="no")
    said, _ = morning.do(acts.hand_over, FIRST.id, PrepList((LIST,)), "not needed")
    assert said.data == facts.PrepHandedOver(gaps=(), why_gaps_stand="")


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in {Stage.ARRIVED, Stage.IN_PREP}])
def test_at_any_other_stage_there_is_nothing_to_hand_over(stage: Stage) -> None:
    morning = Morning()
    if stage is not Stage.BOOKED:
        move = facts.AppointmentMoved(was=Stage.BOOKED, to=stage)
        morning.take([facts.Said(data=move, appointment=FIRST.id)], morning.place.actor, "room2")
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    with pytest.raises(Refused, match=f"is {stage.value}: nothing to hand over"):
        morning.do(acts.hand_over, FIRST.id, PrepList((LIST,)), "late")


# ── a list of few, and what is known already ──────────────────────────────────────────────────

FEW = PrepItem.model_validate({"id": "wants", "text": "What they want", "kind": "list", "most": 3})


def test_a_list_takes_three_parts_and_refuses_a_fourth_by_name() -> None:
    morning = arrived()
    answer(morning, FEW, value="sleep; the rash;; a note for work")
    with pytest.raises(Refused, match="What they want: 3 at most, with ; between them"):
        answer(morning, FEW, value="a; b; c; d")
    assert FEW.shown("sleep; the rash;; a note") == "1 sleep · 2 the rash · 3 a note"
    assert PLAIN.shown("a; b") == "a; b"


@pytest.mark.parametrize(
    "given",
    [{}, {"most": 1}, {"most": 3, "least": 0}, {"most": 3, "unit": "mg"}, {"most": 3, "stop_above": 2}],
)
def test_a_list_says_how_many_at_most_and_nothing_else(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="a list needs most, from 2 on"):
        PrepItem.model_validate({"id": "wants", "text": "What they want", "kind": "list", **given})


def when(instant: datetime) -> str:
    return f"{instant:%d %b %H:%M}"


def test_what_the_list_says_has_its_time_and_who_last_checked_it() -> None:
    morning = arrived()
    item = PrepItem(id="allergies", text="Allergies asked", known="allergies")
    known = known_already(item, morning.visit(), when)
    assert known == "list of 23 Nov 09:00: Not asked; not checked here before"
    (said,) = (one for one in answer(morning, item, value="and latex") if one.kind == "prep.answered")
    known = known_already(item, morning.visit(), when)
    assert known.endswith("; last checked 23 Nov 09:00, M Okafor: and latex")
    morning.do(acts.strike, FIRST.id, said.id, "mistyped")
    assert known_already(item, morning.visit(), when).endswith("not checked here before")


@pytest.mark.parametrize("outcome", [DECLINED, PrepOutcome.NOT_NEEDED])
def test_what_was_declined_was_not_checked(outcome: PrepOutcome) -> None:
    morning = arrived()
    item = PrepItem(id="allergies", text="Allergies asked", known="allergies")
    answer(morning, item, outcome)
    assert morning.visit().checked("allergies") is None


@pytest.mark.parametrize(
    ("reason", "age", "gender", "lists"),
    [
        ("Hay fever", 3, Gender.MALE, []),
        ("Fever", 3, Gender.MALE, ["fever_child"]),
        ("Fever", 40, Gender.MALE, []),
        ("UTI symptoms", 29, Gender.FEMALE, ["uti_under_65"]),
        ("UTI symptoms", 71, Gender.FEMALE, ["uti_over_65"]),
        ("UTI symptoms", 71, Gender.MALE, ["uti_over_65"]),
        ("UTI symptoms", 40, Gender.MALE, []),
        ("UTI symptoms", None, Gender.UNKNOWN, ["uti_over_65", "uti_under_65"]),
        ("breathless and chest pain", 60, Gender.MALE, ["breathless", "chest_pain"]),
        ("shortness of breath", 60, Gender.MALE, ["breathless"]),
    ],
)
def test_lists_are_proposed_by_age_and_gender_and_all_that_fit(
    reason: str, age: int | None, gender: Gender, lists: list[str]
) -> None:
    assert sorted(one.id for one in proposed(reason, SHIPPED, age, gender)) == lists


def test_lists_that_are_merged_measure_once() -> None:
    both = PrepList((SHIPPED["hypertension"], SHIPPED["medication_review"]))
    measures = [item.measure for _, item in both.rows if item.measure]
    assert len(set(measures)) == len(measures)


@pytest.mark.parametrize("text", ["--5", "5-", "٥", "1e3", "", "- 5", "99999999999"])
def test_what_is_no_whole_number_is_refused_in_words(text: str) -> None:
    number = PrepItem.model_validate(
        {"id": "n", "text": "Score", "kind": "number", "least": 0, "most": 21, "unit": "points"}
    )
    with pytest.raises(Refused, match="Score: a whole number, 0 to 21 points"):
        answer(arrived(), number, value=text)
    assert not number.stopped_by(text)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"choices": ["no", "on", "oo"]}, "has no letter of its own"),
        ({"choices": ["yes", " "]}, "empty"),
        ({"text": "  "}, "the text is empty"),
        ({"kind": "number", "least": 0, "most": 10, "unit": "x", "stop_above": 50}, "no answer from 0 to 10"),
    ],
)
def test_a_list_that_would_break_in_use_is_refused(given: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        PrepItem.model_validate({"id": "x", "text": "X", **given})


def test_a_measure_that_was_not_taken_answers_its_item_with_the_reason() -> None:
    morning = arrived()
    weight = PrepItem(id="weight", text="Weight", measure=Measure.WEIGHT)
    template = LIST.model_copy(update={"items": (weight,)})
    missing = (Missing(measure=Measure.WEIGHT, why="refused"),)
    morning.do(acts.record_observations, FIRST.id, (), missing, NINE, False)
    found = PrepList((template,)).answer(morning.visit(), template, weight)
    assert found is not None
    assert (found.outcome, found.why) == (UNABLE, "refused")
