"""The brief for the GP: exceptions first, then what was said, known and measured; never a judgement."""

from __future__ import annotations

from datetime import datetime

import pytest
from clinic import DATE, FIRST, NINE, Morning, a_patient, a_set, an_appointment

from gpa_tui.records.appointment import Stage
from gpa_tui.records.observation import Measure, Missing
from gpa_tui.records.patient import Allergy, AllergyState, Need
from gpa_tui.records.prep import PrepItem, PrepOutcome, PrepTemplate
from gpa_tui.session import acts
from gpa_tui.session.handover import brief, exceptions
from gpa_tui.session.prep_list import PrepList

OWN_WORDS = PrepItem(id="own_words", text="Reason in own words")
WEIGHT = PrepItem(id="weight", text="Weight")
URINE = PrepItem(id="urine", text="Urine")
LIST = PrepTemplate(
    id="core",
    version=1,
    title="Every patient",
    owner="x",
    review=DATE,
    source="x",
    items=(OWN_WORDS, WEIGHT, URINE),
)
PREP = PrepList((LIST,))


def show_time(at: datetime) -> str:
    return at.strftime("%H:%M")


def identified(**patient: object) -> Morning:
    row = an_appointment(patient=a_patient(**patient)) if patient else FIRST  # type: ignore[arg-type]
    morning = Morning(row)
    morning.do(acts.move, FIRST.id, Stage.ARRIVED)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    return morning


def rows(morning: Morning) -> list[tuple[str, str]]:
    return brief(morning.visit(), PREP, show_time)


def answer_all(morning: Morning, value: str = "") -> None:
    for item in LIST.items:
        morning.do(acts.answer, FIRST.id, LIST, item, PrepOutcome.DONE, value=value)


def test_a_visit_without_anything_done_says_what_is_open() -> None:
    assert rows(identified()) == [
        ("!", "open: Reason in own words, Weight, Urine"),
        ("Situation", "Back pain"),
        ("Background", "allergies Not asked"),
        ("Assessment", "no observations taken"),
    ]


def test_a_whole_visit_has_everything_in_its_place() -> None:
    morning = identified(
        allergy_state=AllergyState.RECORDED,
        allergies=(Allergy(substance="penicillin", reaction="rash"),),
        medicines=("ramipril 5 mg", "aspirin 75 mg"),
        needs=(Need(text="large print"), Need(text="BSL interpreter")),
    )
    morning.do(acts.answer, FIRST.id, LIST, OWN_WORDS, PrepOutcome.DONE, value="it grinds")
    morning.do(acts.answer, FIRST.id, LIST, WEIGHT, PrepOutcome.DONE)
    morning.do(acts.answer, FIRST.id, LIST, URINE, PrepOutcome.NOT_NEEDED)
    morning.do(acts.record_observations, FIRST.id, a_set(), (), NINE, False)
    assert rows(morning) == [
        ("Situation", "Back pain – “it grinds”"),
        ("Background", "allergies penicillin (rash)"),
        ("", "medicines ramipril 5 mg; aspirin 75 mg"),
        ("", "needs large print; BSL interpreter"),
        ("Assessment", "09:00 RR 18, SpO2 97 air, BP 128/76, pulse 72, ACVPU A, temp 36.8"),
        ("", "NEWS2 0 (0+0+0+0+0+0+0)"),
    ]


def test_exceptions_come_first_in_the_order_of_their_weight() -> None:
    morning = identified()
    (told, open_one) = (morning.do(acts.escalate, FIRST.id, why)[0] for why in ("grey", "worse"))
    heard_at = morning.do(acts.tell, FIRST.id, told.id, "Dr N Patel")[0].at
    morning.do(acts.answer, FIRST.id, LIST, WEIGHT, PrepOutcome.UNABLE, why="no scales")
    morning.do(acts.answer, FIRST.id, LIST, URINE, PrepOutcome.DECLINED)
    assert exceptions(morning.visit(), PREP, show_time) == [
        f"{show_time(told.at)} grey – told Dr N Patel {show_time(heard_at)}",
        f"{show_time(open_one.at)} worse – NOT HEARD YET",
        "Weight: unable no scales",
        "Urine: declined",
        "open: Reason in own words",
    ]
    assert [heading for heading, _ in rows(morning)[:6]] == ["!"] * 5 + ["Situation"]


def test_a_trigger_leads_the_brief() -> None:
    morning = identified()
    answer_all(morning)
    missing = [Missing(measure=Measure.TEMPERATURE, why="no device")]
    taken = a_set(respiration=8, temperature=None)
    morning.do(acts.record_observations, FIRST.id, taken, missing, NINE, False)
    found = rows(morning)
    assert found[0][0] == "!"
    assert found[0][1].endswith("NEWS2 part scores: 3 in one parameter – NOT HEARD YET")
    assert found[-1] == ("", "NEWS2 incomplete: temperature not taken")


def test_the_last_set_is_what_the_gp_reads() -> None:
    morning = identified()
    for pulse in (120, 80):
        morning.do(acts.record_observations, FIRST.id, a_set(pulse=pulse), (), NINE, False)
    assert "pulse 80" in dict(rows(morning))["Assessment"]


@pytest.mark.parametrize("reason", ["", "Chest pain"])
def test_the_situation_is_the_lists_reason(reason: str) -> None:
    morning = Morning(an_appointment(reason=reason))
    assert dict(rows(morning))["Situation"] == (reason or "no reason on the list")


def test_answers_stand_in_one_line_and_what_they_want_is_the_request() -> None:
    wants = PrepItem.model_validate({"id": "wants", "text": "Wants", "kind": "list", "most": 3})
    pulse = PrepItem(id="pulse", text="Pulse felt: regular or irregular", choices=("regular", "irregular"))
    template = PrepTemplate(
        id="x", version=1, title="X", owner="x", review=DATE, source="x", items=(OWN_WORDS, wants, pulse)
    )
    morning = identified()
    for item, value in ((OWN_WORDS, "it grinds"), (wants, "sleep; work"), (pulse, "irregular")):
        morning.do(acts.answer, FIRST.id, template, item, PrepOutcome.DONE, value=value)
    found = brief(morning.visit(), PrepList((template,)), show_time)
    assert ("", "asked: Pulse felt: irregular") in found
    assert found[-1] == ("Request", "1 sleep · 2 work")
    assert sum("it grinds" in text for _, text in found) == 1


def test_what_was_skipped_or_ticked_without_words_is_not_lost() -> None:
    harm = PrepItem(id="harm", text="Any thought of self-harm", choices=("no", "yes"), stop_on=("yes",))
    words = PrepItem.model_validate({"id": "own", "text": "Thoughts: their words", "kind": "words"})
    template = PrepTemplate(
        id="x", version=1, title="X", owner="x", review=DATE, source="x", items=(harm, words)
    )
    morning = identified()
    morning.do(acts.answer, FIRST.id, template, harm, PrepOutcome.NOT_NEEDED)
    morning.do(acts.answer, FIRST.id, template, words, PrepOutcome.DONE)
    found = brief(morning.visit(), PrepList((template,)), show_time)
    assert found[0] == ("!", "Any thought of self-harm: not needed")
    assert ("", "ticked, nothing written: Thoughts") in found


def test_many_gaps_are_named_in_two_lines_what_fetches_the_gp_first() -> None:
    items = [PrepItem(id=f"i{n}", text=f"Something that is asked, number {n}") for n in range(12)]
    stop = PrepItem(id="stop", text="Pain now", choices=("no", "yes"), stop_on=("yes",))
    template = PrepTemplate(
        id="x", version=1, title="X", owner="x", review=DATE, source="x", items=(*items, stop)
    )
    found = exceptions(identified().visit(), PrepList((template,)), show_time)
    assert found[0].startswith("open: Pain now, Something")
    assert found[0].endswith(" more")
    assert len(found[0]) < 160
