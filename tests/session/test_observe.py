"""Recording a set: what is refused, how it is scored for this patient, and what opens an escalation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from clinic import FIRST, NINE, Morning, a_patient, a_set, an_appointment

from gpa_tui.clinical.limits import LIMITS
from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Appointment, Stage
from gpa_tui.records.base import EventId
from gpa_tui.records.event import Event
from gpa_tui.records.observation import Measure, Missing, ObservationSet, Reading
from gpa_tui.session import acts
from gpa_tui.session.figures import reading_line


def identified(row: Appointment = FIRST, stage: Stage = Stage.IN_PREP) -> Morning:
    morning = Morning(row)
    if stage is not Stage.BOOKED:
        morning.do(acts.move, row.id, Stage.ARRIVED)
    if stage not in {Stage.BOOKED, Stage.ARRIVED}:
        morning.do(acts.move, row.id, stage)
    morning.do(acts.check_identity, row.id, "record only", "", None)
    return morning


def record(
    morning: Morning,
    taken: Sequence[Reading],
    missing: Sequence[Missing] = (),
    pregnant: bool | None = False,
    unknown_because: str = "refused",
) -> list[Event]:
    (row,) = morning.day.visits
    return morning.do(acts.record_observations, row, taken, missing, NINE, pregnant, unknown_because)


def the_set(events: Sequence[Event]) -> ObservationSet:
    (found,) = [one.data.observations for one in events if isinstance(one.data, facts.ObservationRecorded)]
    return found


def escalations(events: Sequence[Event]) -> list[str]:
    return [one.data.because for one in events if isinstance(one.data, facts.EscalationRaised)]


# ── refused ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("measure", LIMITS)
def test_a_reading_one_beyond_its_hard_limit_is_refused(measure: Measure) -> None:
    limit = LIMITS[measure]
    for value in (limit.least - 1, limit.most + 1):
        morning = identified()
        before = len(morning.day.events)
        with pytest.raises(Refused, match=f"{value} cannot be right"):
            record(morning, [Reading(measure=measure, value=value)])
        assert len(morning.day.events) == before


@pytest.mark.parametrize("measure", LIMITS)
def test_a_reading_at_its_hard_limit_is_recorded(measure: Measure) -> None:
    for value in (LIMITS[measure].least, LIMITS[measure].most):
        taken = [Reading(measure=measure, value=value)]
        assert the_set(record(identified(), taken)).readings == tuple(taken)


ACVPU = Measure.CONSCIOUSNESS


@pytest.mark.parametrize(
    ("taken", "missing", "why"),
    [
        ([], (), "Nothing was taken"),
        (a_set(systolic=76, diastolic=128), (), "Swapped"),
        (a_set(systolic=80, diastolic=80), (), "Swapped"),
        ([Reading(measure=Measure.PULSE)], (), "Pulse None cannot be right"),
        (a_set(), (Missing(measure=Measure.PULSE, why="refused"),), "Pulse is both taken and not taken"),
        (a_set(), (Missing(measure=ACVPU, why="refused"),), "Consciousness is both"),
    ],
)
def test_a_set_that_cannot_be_is_refused(
    taken: Sequence[Reading], missing: Sequence[Missing], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        record(identified(), taken, missing)


@pytest.mark.parametrize("letter", ["", "X", "a"])
def test_a_letter_that_is_not_of_acvpu_is_refused(letter: str) -> None:
    with pytest.raises(Refused):
        record(identified(), [Reading(measure=ACVPU, letter=letter)])


def test_one_measure_twice_in_a_set_is_refused() -> None:
    with pytest.raises(Refused):
        record(identified(), [*a_set(), Reading(measure=Measure.PULSE, value=140)])


def test_what_is_missing_needs_a_reason() -> None:
    with pytest.raises(Refused):
        record(identified(), a_set(pulse=None), [Missing(measure=Measure.PULSE, why=" ")])


# ── scored for this patient ───────────────────────────────────────────────────────────────────


def test_a_set_is_kept_as_taken_with_its_score() -> None:
    taken = a_set(respiration=21, pulse=95)
    found = the_set(record(identified(), taken))
    assert found.readings == tuple(taken)
    assert found.taken_at == NINE
    assert (found.score.total, found.score.trigger, found.score.not_scored) == (3, "", "")
    assert found.score.rule == "RCP NEWS2 2017, 1"
    assert found.score.parts[Measure.RESPIRATION] == 2
    assert found.score.spo2_scale == 1


@pytest.mark.parametrize(
    ("born", "pregnant", "total", "why"),
    [
        ("1954-04-12", False, 0, ""),
        ("2010-11-23", False, 0, ""),  # 16 today
        ("2010-11-24", False, None, "not scored: under 16"),
        ("2010", False, None, "not scored: age not known"),
        (None, False, None, "not scored: age not known"),
        ("1996-04-12", True, None, "not scored: pregnant or newly delivered"),
        ("1996-04-12", None, None, "not scored: pregnancy not known"),
    ],
)
def test_who_the_patient_is_decides_whether_there_is_a_total(
    born: str | None, pregnant: bool | None, total: int | None, why: str
) -> None:
    morning = identified(an_appointment(patient=a_patient(born=born)))
    score = the_set(record(morning, a_set(), pregnant=pregnant)).score
    assert (score.total, score.not_scored) == (total, why)


def test_pregnancy_that_is_not_known_needs_a_reason_which_is_kept() -> None:
    morning = identified(an_appointment(patient=a_patient(born="1996-04-12")))
    with pytest.raises(Refused, match="or why that is not known"):
        record(morning, a_set(), pregnant=None, unknown_because=" ")
    found = the_set(record(morning, a_set(), pregnant=None, unknown_because="not asked"))
    assert found.pregnancy_unknown_because == "not asked"
    assert reading_line(found).endswith("pregnancy not known (not asked)")
    assert the_set(record(morning, a_set(), pregnant=False)).pregnancy_unknown_because == ""


@pytest.mark.parametrize("measure", [one.measure for one in a_set() if one.measure is not Measure.DIASTOLIC])
def test_without_one_of_the_seven_there_is_no_total(measure: Measure) -> None:
    taken = [one for one in a_set() if one.measure is not measure]
    score = the_set(record(identified(), taken, [Missing(measure=measure, why="unable")])).score
    assert score.total is None
    assert measure not in score.parts
    assert score.not_scored.startswith("incomplete")


# ── escalation ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({}, []),
        ({"respiration": 21, "pulse": 111}, []),
        ({"respiration": 8}, ["NEWS2 3: 3 in one parameter"]),
        ({"respiration": 21, "pulse": 111, "spo2": 93}, ["NEWS2 6: total 5 or 6"]),
        ({"respiration": 25, "pulse": 131, "spo2": 90}, ["NEWS2 9: total 7 or more"]),
        ({"consciousness": "C", "temperature": None}, ["NEWS2 part scores: 3 in one parameter"]),
    ],
)
def test_a_trigger_opens_an_escalation_in_the_same_act(changed: dict[str, Any], because: list[str]) -> None:
    morning = identified()
    events = record(morning, a_set(**changed))
    assert escalations(events) == because
    assert [one.because for one in morning.visit().open_escalations] == because


def test_a_child_is_never_escalated_by_a_score_made_for_adults() -> None:
    morning = identified(an_appointment(patient=a_patient(born="2020-01-01")))
    assert escalations(record(morning, a_set(respiration=30, pulse=140))) == []


@pytest.mark.parametrize(
    ("stage", "after"),
    [
        (Stage.BOOKED, Stage.BOOKED),
        (Stage.ARRIVED, Stage.IN_PREP),
        (Stage.IN_PREP, Stage.IN_PREP),
        (Stage.WRAP_UP, Stage.WRAP_UP),
        (Stage.WITH_GP, Stage.WITH_GP),
    ],
)
def test_taking_a_set_shows_that_prep_has_begun(stage: Stage, after: Stage) -> None:
    morning = identified(stage=stage)
    record(morning, a_set())
    assert morning.visit().stage is after


@pytest.mark.parametrize("because", ["", "  ", "\n"])
def test_a_worry_needs_no_words(because: str) -> None:
    (raised,) = Morning().do(acts.escalate, FIRST.id, because)
    assert raised.data == facts.EscalationRaised(because="asks for the GP now")


def test_a_worry_stays_open_until_somebody_was_told() -> None:
    morning = Morning()
    (raised,) = morning.do(acts.escalate, FIRST.id, " grey and sweating ")
    assert [one.because for one in morning.visit().open_escalations] == ["grey and sweating"]
    with pytest.raises(Refused, match="Say whom you told"):
        morning.do(acts.tell, FIRST.id, raised.id, "  ")
    with pytest.raises(Refused, match="not in this record"):
        morning.do(acts.tell, FIRST.id, EventId("nowhere"), "Dr N Patel")
    (told,) = morning.do(acts.tell, FIRST.id, raised.id, " Dr N Patel, in person ")
    assert told.about == raised.id
    assert morning.visit().open_escalations == []


def test_a_worry_that_was_told_at_once_is_one_act() -> None:
    morning = Morning()
    assert len(morning.do(acts.escalate, FIRST.id, "grey", "Dr N Patel")) == 1
    assert morning.visit().open_escalations == []
