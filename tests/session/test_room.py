"""What is noted of the room: kept in words, shown where it belongs, and a concern's words nowhere else."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from clinic import FIRST, GP, GPA, Morning

from gpa_tui.errors import Refused
from gpa_tui.intake.needs import from_words
from gpa_tui.output.log_text import comma_separated, json_lines, text_lines
from gpa_tui.records.patient import Need
from gpa_tui.records.staff import Actor
from gpa_tui.session import acts
from gpa_tui.session.describe import details
from gpa_tui.session.handover import brief
from gpa_tui.session.prep_list import CORE, PrepList
from gpa_tui.session.standing import Standing
from gpa_tui.session.whole_log import whole_log
from gpa_tui.templates import shipped_templates

PREP = PrepList((shipped_templates()[CORE],))


@pytest.fixture
def morning() -> Morning:
    begun = Morning()
    begun.do(acts.check_identity, FIRST.id, "patient", "Grace Okonkwo", "1954-04-12")
    return begun


def test_who_is_there_a_chaperone_and_capacity_are_in_the_brief_as_said_last(morning: Morning) -> None:
    morning.do(acts.note_present, FIRST.id, "her son")
    morning.do(acts.note_present, FIRST.id, " nobody else ")
    morning.do(acts.record_chaperone, FIRST.id, "accepted", "J Doe")
    morning.do(acts.note_capacity, FIRST.id, "daughter has LPA for health")
    rows = [text for _, text in brief(morning.visit(), PREP, lambda at: f"{at:%H:%M}")]
    assert "in the room nobody else" in rows
    assert "chaperone accepted J Doe" in rows
    assert "capacity daughter has LPA for health" in rows


@pytest.mark.parametrize(
    ("offered", "words", "sentence"),
    [("accepted", " ", "Say the chaperone's name"), ("none to be had", "", "Say why there was no chaperone")],
)
def test_an_accepted_chaperone_has_a_name_and_a_missing_one_a_reason(
    morning: Morning, offered: str, words: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        morning.do(acts.record_chaperone, FIRST.id, offered, words)
    (event,) = morning.do(acts.record_chaperone, FIRST.id, "declined")
    assert event.data.kind == "chaperone.recorded"


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [("by telephone", "Say the language and the interpreter's name"), ("declined", "Say who declined")],
)
def test_an_interpreter_has_a_language_and_a_name_and_a_missing_one_a_reason(
    morning: Morning, mode: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        morning.do(acts.record_interpreter, FIRST.id, mode, " ")
    morning.do(acts.record_interpreter, FIRST.id, mode, "Polish, 4711")
    rows = [text for _, text in brief(morning.visit(), PREP, lambda at: f"{at:%H:%M}")]
    assert f"interpreter {mode}: Polish, 4711" in rows


def test_a_need_is_kept_beside_what_the_list_says_and_after_the_list_changes(morning: Morning) -> None:
    assert from_words(" hearing  LOOP ") == Need(text="hearing loop", mark="LOOP", code="198061000000105")
    assert from_words("lp").text == "large print"
    assert from_words("sits by the door") == Need(text="sits by the door")
    morning.do(acts.note_need, FIRST.id, from_words("loop"))
    with pytest.raises(Refused, match="hearing loop is noted already"):
        morning.do(acts.note_need, FIRST.id, from_words("Hearing loop"))
    assert [need.text for need in morning.visit().patient.needs] == ["hearing loop"]
    assert morning.visit().appointment.patient.needs == ()


def test_a_concern_goes_to_the_gp_at_once_and_its_words_are_on_nothing_that_is_shared() -> None:
    morning = Morning()  # and no identity check
    morning.do(acts.raise_safeguarding, FIRST.id, "bruises on both arms")
    visit = morning.visit()
    (raised,) = visit.open_escalations
    assert raised.because == "speak with M Okafor in private"
    entries = whole_log(morning.day, Standing(), ZoneInfo("Europe/London"))
    shared = [
        *text_lines(entries, morning.day, lambda at: f"{at:%H:%M}"),
        json_lines(entries),
        comma_separated(entries, morning.day),
        *(text for _, text in brief(visit, PREP, lambda at: f"{at:%H:%M}")),
    ]
    assert "bruises" not in " ".join(shared)
    concern = next(event for event in visit.events if event.kind == "safeguarding.raised")
    assert ("Concern", "bruises on both arms") in details(concern, morning.day, lambda at: f"{at:%H:%M}")


@pytest.mark.parametrize("by", [GPA, GP])
def test_a_concern_needs_words(by: Actor) -> None:
    with pytest.raises(Refused, match="Say what you saw or heard"):
        Morning().do(acts.raise_safeguarding, FIRST.id, " ", by=by)


@pytest.mark.parametrize(
    "words", ["BSL, her son Tom aged 9", "Polish, the daughter", "Urdu, a friend", "Welsh, boy of 12"]
)
def test_family_and_children_never_interpret(morning: Morning, words: str) -> None:
    with pytest.raises(Refused, match="do not interpret, and a child never does"):
        morning.do(acts.record_interpreter, FIRST.id, "in the room", words)
    morning.do(acts.record_interpreter, FIRST.id, "declined", f"wants {words}")
    morning.do(acts.record_interpreter, FIRST.id, "by telephone", "Polish, 2203, Sonia Partnerska")
