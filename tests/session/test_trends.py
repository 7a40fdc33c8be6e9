"""Earlier readings as numbers and bars: each between the lowest and the highest beside it."""

from __future__ import annotations

import pytest
from clinic import NINE

from gpa_tui.records.observation import Comparator, Measure, ObservationSet, Reading, Score, TakenSet
from gpa_tui.session.trends import bars, trends


def a_set(*readings: Reading, total: int | None = None) -> TakenSet:
    score = Score(rule="x", parts={}, total=total)
    return TakenSet(by="M Okafor", found=ObservationSet(taken_at=NINE, readings=readings, score=score))


def of(measure: Measure, value: int | None, comparator: Comparator = "") -> Reading:
    return Reading(measure=measure, value=value, comparator=comparator, typed=str(value))


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([16, 18, 22], "▁▃█"),
        ([72, 72], "▄▄"),
        ([9, 1], "█▁"),
        ([5], ""),
        ([], ""),
    ],
)
def test_a_bar_stands_between_the_lowest_and_the_highest(values: list[int], shown: str) -> None:
    assert bars([a_set(of(Measure.PULSE, value)) for value in values], Measure.PULSE) == shown


def test_a_meter_out_of_its_range_has_no_bar_and_a_letter_none_at_all() -> None:
    sets = [
        a_set(of(Measure.GLUCOSE, 56)),
        a_set(of(Measure.GLUCOSE, None, ">")),
        a_set(of(Measure.GLUCOSE, 81)),
    ]
    assert list(trends(sets)) == [("capillary glucose", "▁ █ 5.6 HI 8.1 mmol/L")]
    letters = [a_set(Reading(measure=Measure.CONSCIOUSNESS, letter=letter, typed=letter)) for letter in "AC"]
    assert list(trends(letters)) == []


def test_a_total_stands_between_0_and_20_whatever_the_others() -> None:
    breaths = (16, 17, 20, 21)
    totals = (0, 3, None, 20)
    sets = [
        a_set(of(Measure.RESPIRATION, value), total=total)
        for value, total in zip(breaths, totals, strict=True)
    ]
    assert list(trends(sets)) == [("NEWS2", "▁▂ █ 0 3 – 20"), ("RR", "▁▂▆█ 16 17 20 21")]


def test_a_pressure_has_both_its_numbers_and_the_bar_of_the_upper_one() -> None:
    sets = [
        a_set(of(Measure.SYSTOLIC, 152), of(Measure.DIASTOLIC, 94)),
        a_set(of(Measure.SYSTOLIC, 138), of(Measure.DIASTOLIC, 86)),
    ]
    assert list(trends(sets)) == [("BP", "█▁ 152/94 138/86")]
