"""A set with a wrong value is corrected: both stay, the new one is scored anew, the mark is everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
from clinic import FIRST, GP, NINE, Morning, a_patient, a_set, an_appointment

from gpa_tui.errors import Refused
from gpa_tui.output.log_text import comma_separated, json_lines, text_lines
from gpa_tui.records.base import EventId
from gpa_tui.records.event import Event
from gpa_tui.records.observation import Measure, Missing, Reading
from gpa_tui.records.patient import Gender
from gpa_tui.session import acts
from gpa_tui.session.acts.mend import NOT_SCORED_HERE
from gpa_tui.session.describe import details
from gpa_tui.session.escalations import call_card
from gpa_tui.session.fold import folded
from gpa_tui.session.handover import brief
from gpa_tui.session.prep_list import CORE, PrepList
from gpa_tui.session.standing import Standing
from gpa_tui.session.whole_log import whole_log
from gpa_tui.settings import PracticeSettings
from gpa_tui.templates import shipped_templates

ALL = {"spo2": 93, "respiration": 25}


def show_time(at: object) -> str:
    return f"{at:%H:%M}"


def taken(*readings: Reading, missing: Sequence[Missing] = ()) -> tuple[Morning, EventId]:
    """A morning with one set in it, and the set's entry."""
    morning = Morning()
    morning.do(acts.open_record, FIRST.id)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    done = morning.do(acts.record_observations, FIRST.id, readings, missing, NINE, False)
    return morning, next(event.id for event in done if event.kind == "observation.recorded")


def correct(morning: Morning, entry: EventId, *readings: Reading, why: str = "mistyped") -> list[Event]:
    return morning.do(acts.correct_observations, FIRST.id, entry, readings, (), why)


def test_the_new_set_stands_with_what_was_and_why_and_both_stay_in_the_log() -> None:
    morning, entry = taken(*a_set(respiration=61))
    correct(morning, entry, *a_set(respiration=16))
    ((event, found),) = morning.visit().observations
    assert found.correction is not None
    assert (found.correction.entry, found.correction.was) == (entry, ("respiration rate was 61",))
    assert found.score.total == 0
    assert found.taken_at == NINE
    assert event.id != entry
    assert entry in {one.id for one in morning.day.events}
    assert morning.day.corrected >= {entry}
    assert folded(morning.day.date, morning.day.events).visits == morning.day.visits


def test_the_mark_is_on_every_list_sheet_and_export() -> None:
    morning, entry = taken(*a_set(respiration=61))
    correct(morning, entry, *a_set(respiration=16), why="misread")
    visit, said = morning.visit(), "[corrected, misread: respiration rate was 61]"
    prep = PrepList((shipped_templates()[CORE],))
    entries = whole_log(morning.day, Standing(), ZoneInfo("Europe/London"))
    shown = {
        "brief": " ".join(text for _, text in brief(visit, prep, show_time)),
        "call card": " ".join(
            text for _, text in call_card(visit, morning.day, PracticeSettings(name="x"), show_time)
        ),
        "log": " ".join(text_lines(entries, morning.day, show_time)),
        "table": comma_separated(entries, morning.day),
    }
    assert [name for name, text in shown.items() if said not in text] == []
    assert "RR 61" in shown["log"]
    assert "[corrected]" in shown["log"]
    assert '"correction": {"entry"' in json_lines(entries)
    old = next(event for event in morning.day.events if event.id == entry)
    assert ("Mark", "corrected: it no longer counts") in details(old, morning.day, show_time)


def test_what_the_wrong_value_raised_goes_and_what_the_right_one_raises_comes() -> None:
    morning, entry = taken(*a_set(respiration=25))
    assert morning.visit().open_escalations
    correct(morning, entry, *a_set(respiration=20))
    assert not morning.visit().open_escalations
    again = next(event.id for event, _ in morning.visit().observations)
    correct(morning, again, *a_set(respiration=8))
    assert [one.because for one in morning.visit().open_escalations] == ["NEWS2 3: 3 in one parameter"]


def test_a_correction_can_be_corrected_and_only_what_stands() -> None:
    morning, entry = taken(*a_set(pulse=27))
    correct(morning, entry, *a_set(pulse=72))
    with pytest.raises(Refused, match="struck already"):
        correct(morning, entry, *a_set(pulse=73))
    again = next(event.id for event, _ in morning.visit().observations)
    correct(morning, again, *a_set(pulse=74))
    ((_, found),) = morning.visit().observations
    assert found.correction is not None
    assert found.correction.was == ("pulse was 72",)


def test_what_was_not_taken_can_be_put_in_and_what_was_taken_out() -> None:
    missing = [Missing(measure=Measure.TEMPERATURE, why="no device")]
    morning, entry = taken(*a_set(temperature=None), missing=missing)
    correct(morning, entry, *a_set())
    ((_, found),) = morning.visit().observations
    assert found.score.total == 0
    assert found.correction is not None
    assert found.correction.was == ("temperature was not taken",)


@pytest.mark.parametrize(
    ("readings", "why", "says"),
    [
        (a_set(), "mistyped", "Nothing is changed"),
        (a_set(pulse=73), " ", "Say why"),
        (a_set(pulse=999), "mistyped", "cannot be right"),
        ([], "mistyped", "Nothing was taken"),
    ],
)
def test_a_correction_changes_something_possible_and_has_a_reason(
    readings: list[Reading], why: str, says: str
) -> None:
    morning, entry = taken(*a_set())
    with pytest.raises(Refused, match=says):
        correct(morning, entry, *readings, why=why)
    assert not morning.day.struck


def test_nobody_corrects_another_persons_set() -> None:
    morning, entry = taken(*a_set())
    morning.do(acts.open_record, FIRST.id, by=GP)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None, by=GP)
    with pytest.raises(Refused, match="M Okafor's"):
        morning.do(acts.correct_observations, FIRST.id, entry, a_set(pulse=73), (), "mistyped", by=GP)


def test_a_moved_set_takes_no_answer_about_pregnancy_along() -> None:
    man = an_appointment(1, a_patient("Smith", "John", "1980-02-29", gender=Gender.MALE))
    woman = an_appointment(2, a_patient("Nowak", "Zofia", "1990-04-12", gender=Gender.FEMALE))
    morning = Morning(man, woman)
    for row in (man, woman):
        morning.do(acts.check_identity, row.id, "record only", "", None)
    morning.do(acts.check_identity, man.id, "record only", "", None)
    (event,) = morning.do(acts.record_observations, man.id, a_set(respiration=22), (), NINE, False)
    morning.do(acts.move_entries, man.id, woman.id, [event.id])
    (moved, found) = morning.visit(woman).observations[-1]
    assert found.pregnant_or_postpartum is None
    morning.do(acts.check_identity, woman.id, "record only", "", None)
    morning.do(
        acts.correct_observations,
        woman.id,
        moved.id,
        a_set(respiration=21),
        (),
        "mistyped",
        pregnant_or_postpartum=None,
    )
    again = morning.visit(woman).observations[-1][1]
    assert again.score.total is None
    assert [one.because for one in morning.visit(woman).open_escalations] == [NOT_SCORED_HERE]
