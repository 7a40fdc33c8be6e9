"""The record entry: what was recorded and planned in plain lines; no internal note, nothing struck."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from clinic import DATE, FIRST, GPA, NINE, SECOND, Morning, a_set

from gpa_tui.errors import Refused
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import EventId
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.plan import SafetyNet, TeachBack, TeachBackOutcome
from gpa_tui.records.prep import PrepItem, PrepOutcome, PrepTemplate
from gpa_tui.records.staff import Role
from gpa_tui.session import acts
from gpa_tui.session.describe import line, marks
from gpa_tui.session.entry_text import HIDE, entry_text, hidden_by_default
from gpa_tui.session.prep_list import PrepList
from gpa_tui.session.tasks import Task

OWN_WORDS = PrepItem(id="own_words", text="Reason in own words")
LIST = PrepTemplate(
    id="core", version=1, title="Every patient", owner="x", review=DATE, source="x", items=(OWN_WORDS,)
)
PREP = PrepList((LIST,))
AT = NINE


def show_time(at: datetime) -> str:
    return at.strftime("%H:%M")


def identified() -> Morning:
    morning = Morning()
    for stage in (Stage.ARRIVED, Stage.WITH_GP):
        morning.do(acts.move, FIRST.id, stage)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    return morning


def lines(morning: Morning, steps: list[Task] | None = None, *, hidden: bool = False) -> list[str]:
    day, visit = morning.day, morning.visit()
    at = max([event.at for event in day.events])
    return entry_text(visit, day, PREP, "Elm Tree", GPA, at, show_time, steps or [], hidden=hidden)


def planned() -> Morning:
    morning = identified()
    morning.do(acts.give_plan, FIRST.id, "rest\nfluids", "Dr N Patel")
    morning.do(acts.word_plan, FIRST.id, ["Rest.", "Drink."])
    return morning


def test_it_says_whose_it_is_who_wrote_it_and_when() -> None:
    found = lines(identified())
    assert found[0].startswith("Elm Tree, 23-Nov-2026 ")
    assert found[0].endswith(", M Okafor (GPA)")
    assert found[1] == "OKONKWO, Grace, born 12-Apr-1954, NHS No. 999 000 0018"


def test_what_was_said_and_measured_stands_there() -> None:
    morning = identified()
    morning.do(acts.answer, FIRST.id, LIST, OWN_WORDS, PrepOutcome.DONE, value="cannot climb; tired")
    morning.do(acts.record_observations, FIRST.id, a_set(), (), NINE, False)
    found = lines(morning)
    assert "Reason in own words: cannot climb; tired" in found
    assert [one for one in found if one.startswith("Observations ") and "NEWS2" in one]


def test_the_plan_with_its_release_what_was_said_back_and_the_net() -> None:
    morning = planned()
    assert "The wording for the patient was not released." in lines(morning)
    morning.release("Dr N Patel")
    morning.teach(TeachBack(message=1, outcome=TeachBackOutcome.OWN_WORDS, words="I rest"))
    net = SafetyNet(what="fever", by_when="Friday", where="111", said_back=True)
    morning.do(acts.give_safety_net, FIRST.id, net)
    found = lines(morning)
    assert "Plan (as heard, Dr N Patel): rest fluids" in found
    assert "1. Rest. – said in own words: I rest" in found
    assert "2. Drink. – not said back" in found
    assert "Safety net: fever; better by Friday; else 111 – said back, no written copy" in found
    morning.do(acts.give_plan, FIRST.id, "no rest", "Dr N Patel")
    assert not [one for one in lines(morning) if one.startswith("Safety net")]


def test_who_does_what_by_when() -> None:
    owner = Owner(name="Reception", role=Role.RECEPTION)
    task = Task(EventId("t"), "blood test", owner, date(2026, 11, 30), GPA, AT)
    assert lines(identified(), [task])[-1] == "Next: blood test – Reception, by 30-Nov-2026"


def test_a_concern_hides_it_and_its_words_stay_out() -> None:
    morning = identified()
    assert not hidden_by_default(morning.visit(), morning.day)
    morning.do(acts.raise_safeguarding, FIRST.id, "bruises on both arms")
    morning.do(acts.escalate, FIRST.id, "grey and sweating")
    assert hidden_by_default(morning.visit(), morning.day)
    found = lines(morning, hidden=True)
    assert found[0] == HIDE
    whole = "\n".join(found)
    assert "bruises" not in whole
    assert "in private" not in whole
    assert "grey and sweating" in whole


def test_no_word_of_it_steers_a_terminal() -> None:
    morning = identified()
    morning.do(acts.note_capacity, FIRST.id, "son \x1b]52;c;eA==\x07speaks\x9b2J")
    assert not [char for one in lines(morning) for char in one if ord(char) < 32 or 127 <= ord(char) < 160]


def test_what_is_written_after_the_patient_left_is_marked_late_with_the_minutes() -> None:
    morning = planned()
    (before,) = morning.release("Dr N Patel")
    morning.do(acts.move, FIRST.id, Stage.LEFT)
    assert marks(before, morning.day) == []
    (left,) = [event for event in morning.day.events if event.id == morning.visit().moves[-1].event]
    late = morning.teach(TeachBack(message=1, outcome=TeachBackOutcome.OWN_WORDS))[-1]
    late = late.model_copy(update={"at": left.at + timedelta(minutes=75)})
    assert marks(late, morning.day) == ["late: 75 min after they left"]
    assert line(late, morning.day, show_time).endswith(" [late: 75 min after they left]")
    assert morning.visit().minutes_since_left(left.at) is None
    found = entry_text(
        morning.visit(), morning.day, PREP, "Elm Tree", GPA, left.at + timedelta(minutes=75), show_time
    )
    assert "Late entry: 75 min after the patient left" in found


def test_only_who_knows_whose_it_is_copies_it_and_the_log_says_so() -> None:
    morning = identified()
    (event,) = morning.do(acts.copy_entry, FIRST.id, "clipboard", False)
    assert event.kind == "entry.copied"
    with pytest.raises(Refused, match="Check who this is first"):
        morning.do(acts.copy_entry, SECOND.id, "clipboard", False)


def test_words_of_others_are_hidden_from_online_access_unless_somebody_says_otherwise() -> None:
    morning = Morning()
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    morning.do(acts.note_present, FIRST.id, "nobody else")
    assert not hidden_by_default(morning.visit(), morning.day)
    morning.do(acts.note_present, FIRST.id, "daughter Ann says her husband hits her")
    assert hidden_by_default(morning.visit(), morning.day)


def test_what_was_hidden_once_is_hidden_the_next_time() -> None:
    morning = Morning()
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    morning.do(acts.copy_entry, FIRST.id, "clipboard", True)
    assert hidden_by_default(morning.visit(), morning.day)
    morning.do(acts.copy_entry, FIRST.id, "clipboard", False)
    assert not hidden_by_default(morning.visit(), morning.day)


def test_what_was_gone_through_before_the_gps_words_changed_stays_in_the_entry() -> None:
    morning = Morning()
    morning.do(acts.move, FIRST.id, Stage.ARRIVED)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    morning.do(acts.move, FIRST.id, Stage.WITH_GP)
    morning.do(acts.give_plan, FIRST.id, "rest", "Dr N Patel")
    morning.do(acts.word_plan, FIRST.id, ["Rest."])
    morning.release("Dr N Patel")
    morning.do(acts.give_plan, FIRST.id, "no rest", "Dr N Patel")
    found = lines(morning)
    assert "Gone through before the GP's words changed, released by Dr N Patel 09:00:" in found
    assert "1. Rest. – not said back" in found
