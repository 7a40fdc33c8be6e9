"""Who needs the GPA next: the order of the rule, and nothing else."""

from __future__ import annotations

import pytest
from clinic import Morning, a_patient, an_appointment

from gpa_tui.records.appointment import Appointment, Stage
from gpa_tui.records.base import AppointmentId
from gpa_tui.session import acts
from gpa_tui.session.next_patient import in_need, next_after, rank

ROWS: tuple[Appointment, ...] = tuple(an_appointment(n, a_patient(f"Patient{n}")) for n in range(1, 7))
ONE, TWO, THREE, FOUR, FIVE, SIX = (row.id for row in ROWS)


def moved(morning: Morning, appointment: AppointmentId, *stages: Stage) -> None:
    for stage in (Stage.ARRIVED, *stages):
        morning.do(acts.move, appointment, stage)


def needing(morning: Morning) -> list[AppointmentId]:
    return [visit.id for visit in in_need(morning.day.rows)]


def test_the_order_is_escalated_then_wrap_up_then_arrived_then_in_prep() -> None:
    morning = Morning(*ROWS)
    moved(morning, ONE, Stage.IN_PREP)
    moved(morning, TWO)
    moved(morning, THREE, Stage.WITH_GP, Stage.WRAP_UP)
    moved(morning, FOUR, Stage.WITH_GP, Stage.READY)
    morning.do(acts.escalate, FIVE, "fell in the car park")
    assert needing(morning) == [FIVE, THREE, TWO, ONE]


@pytest.mark.parametrize(
    ("stage", "place"),
    [
        (Stage.BOOKED, None),
        (Stage.ARRIVED, 2),
        (Stage.IN_PREP, 3),
        (Stage.READY, None),
        (Stage.WITH_GP, None),
        (Stage.WRAP_UP, 1),
        (Stage.LEFT, None),
        (Stage.WALKED_OUT, None),
    ],
)
def test_a_stage_has_its_place_and_an_open_escalation_comes_before_all(
    stage: Stage, place: int | None
) -> None:
    morning = Morning(*ROWS)
    if stage is not Stage.BOOKED:
        way = {Stage.ARRIVED: (), Stage.READY: (Stage.WITH_GP, Stage.READY)}
        moved(morning, ONE, *way.get(stage, (stage,)))
    visit = morning.day.visits[ONE]
    assert rank(visit) == place
    (raised,) = morning.do(acts.escalate, ONE, "grey")
    assert rank(visit) == 0
    morning.do(acts.tell, ONE, raised.id, "Dr N Patel")
    assert rank(visit) == place


def test_within_a_stage_the_longest_waiting_comes_first_whatever_the_list_says() -> None:
    morning = Morning(*ROWS)
    for appointment in (SIX, ONE, THREE):
        moved(morning, appointment)
    assert needing(morning) == [SIX, ONE, THREE]


def test_of_two_who_wait_as_long_the_earlier_appointment_comes_first() -> None:
    morning = Morning(ROWS[2], ROWS[0])
    for row in (ROWS[2], ROWS[0]):
        morning.do(acts.escalate, row.id, "grey")
    assert needing(morning) == [ONE, THREE]


def test_pressed_again_it_goes_round() -> None:
    morning = Morning(*ROWS)
    for appointment in (ONE, TWO, THREE):
        moved(morning, appointment)
    seen, current = [], None
    for _ in range(4):
        found = next_after(morning.day.rows, current)
        assert found is not None
        current = found.id
        seen.append(current)
    assert seen == [ONE, TWO, THREE, ONE]


def test_from_somebody_who_does_not_wait_it_goes_to_the_first() -> None:
    morning = Morning(*ROWS)
    moved(morning, TWO)
    moved(morning, THREE)
    for current in (None, SIX, AppointmentId("nowhere")):
        found = next_after(morning.day.rows, current)
        assert found is not None
        assert found.id == TWO


def test_the_only_one_who_waits_is_given_again_and_with_nobody_there_is_none() -> None:
    morning = Morning(*ROWS)
    assert next_after(morning.day.rows, None) is None
    moved(morning, TWO)
    found = next_after(morning.day.rows, TWO)
    assert found is not None
    assert found.id == TWO
