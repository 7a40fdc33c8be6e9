"""How long, in words: waits by the practice's limits, lateness by the clock, never an absence by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from clinic import FIRST, NINE, RECEPTION, SECOND, Morning, an_event
from clinic import a_day_with as a_day

from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Mode, Stage
from gpa_tui.session.waits import Limits, running_late, stage_words

LIMITS = Limits(15, 30)


def words_after(stage: Stage, minutes: int) -> str:
    move = an_event(facts.AppointmentMoved(was=Stage.BOOKED, to=stage), 5, FIRST, by=RECEPTION, at=NINE)
    day = a_day(move)
    return stage_words(day.visits[FIRST.id], NINE + timedelta(minutes=minutes), LIMITS)


@pytest.mark.parametrize(
    ("stage", "minutes", "words"),
    [
        (Stage.ARRIVED, 0, "arrived 0m"),
        (Stage.ARRIVED, 14, "arrived 14m"),
        (Stage.ARRIVED, 15, "waits 15m"),
        (Stage.ARRIVED, 29, "waits 29m"),
        (Stage.ARRIVED, 30, "WAITS 30m"),
        (Stage.READY, 14, "ready 14m"),
        (Stage.READY, 15, "waits 15m GP"),
        (Stage.READY, 45, "WAITS 45m GP"),
        (Stage.IN_PREP, 119, "in prep 119m"),
        (Stage.IN_PREP, 120, "in prep 2h"),
        (Stage.WITH_GP, 45, "with GP 45m"),
        (Stage.LEFT, 45, "left"),
        (Stage.DID_NOT_ATTEND, 45, "did not attend"),
    ],
)
def test_a_stage_says_how_long(stage: Stage, minutes: int, words: str) -> None:
    assert words_after(stage, minutes) == words


def test_who_is_late_is_late_and_never_absent_by_the_clock() -> None:
    visit = Morning().visit()
    assert stage_words(visit, NINE, LIMITS) == "booked"
    assert stage_words(visit, NINE + timedelta(minutes=12), LIMITS) == "late 12m"
    assert stage_words(visit, NINE + timedelta(hours=9), LIMITS) == "late 9h"
    assert visit.stage is Stage.BOOKED


@pytest.mark.parametrize("mode", [Mode.TELEPHONE, Mode.VIDEO, Mode.HOME])
def test_who_is_rung_or_visited_is_not_late(mode: Mode) -> None:
    visit = Morning(FIRST.model_copy(update={"mode": mode})).visit()
    assert stage_words(visit, NINE + timedelta(minutes=12), LIMITS) == "booked"


def test_a_clinic_runs_as_late_as_who_went_in_last() -> None:
    went_in = facts.AppointmentMoved(was=Stage.ARRIVED, to=Stage.WITH_GP)
    first = an_event(went_in, 5, FIRST, at=FIRST.start + timedelta(minutes=25))
    second = an_event(went_in, 6, SECOND, at=SECOND.start + timedelta(minutes=18))
    assert running_late(a_day().rows) == 0
    assert running_late(a_day(first).rows) == 25
    assert running_late(a_day(first, second).rows) == 18


def test_a_walk_in_makes_no_clinic_late() -> None:
    row = FIRST.model_copy(update={"walk_in": True})
    went_in = an_event(
        facts.AppointmentMoved(was=Stage.ARRIVED, to=Stage.WITH_GP), 5, row, at=NINE + timedelta(hours=1)
    )
    assert running_late(a_day(went_in, rows=(row,)).rows) == 0
