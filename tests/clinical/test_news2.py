"""NEWS2 against tables written here from the printed chart (RCP 2017), and against worked sets."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.clinical.limits import LIMITS
from gpa_tui.clinical.names import NAMES
from gpa_tui.clinical.news2 import SCORED, News2, Readings, Spo2Scale, parts, score
from gpa_tui.records.observation import Measure

WELL = Readings(18, 97, 0, 128, 72, "A", 368)
SCALE_2 = Spo2Scale.SCALE_2
ON_OXYGEN = 2  # l/min

# Every cell of the chart: its first and its last value, and its score. Temperature is in tenths.
CELLS: dict[str, list[tuple[int, int, int]]] = {
    "respiration": [(3, 8, 3), (9, 11, 1), (12, 20, 0), (21, 24, 2), (25, 80, 3)],
    "spo2": [(50, 91, 3), (92, 93, 2), (94, 95, 1), (96, 100, 0)],
    "oxygen": [(0, 0, 0), (1, 15, 2)],
    "systolic": [(40, 90, 3), (91, 100, 2), (101, 110, 1), (111, 219, 0), (220, 300, 3)],
    "pulse": [(20, 40, 3), (41, 50, 1), (51, 90, 0), (91, 110, 1), (111, 130, 2), (131, 300, 3)],
    "temperature": [(250, 350, 3), (351, 360, 1), (361, 380, 0), (381, 390, 1), (391, 450, 2)],
}
SPO2_SCALE_2_ON_AIR = [(50, 83, 3), (84, 85, 2), (86, 87, 1), (88, 100, 0)]
SPO2_SCALE_2_ON_OXYGEN = [
    (50, 83, 3), (84, 85, 2), (86, 87, 1), (88, 92, 0), (93, 94, 1), (95, 96, 2), (97, 100, 3),
]  # fmt: skip
CONSCIOUSNESS = {"A": 0, "C": 3, "V": 3, "P": 3, "U": 3}


def adult(readings: Readings, scale: Spo2Scale = Spo2Scale.SCALE_1) -> News2:
    return score(readings, age=40, pregnant_or_postpartum=False, scale=scale)


def part(name: str, value: Any, scale: Spo2Scale = Spo2Scale.SCALE_1, **also: Any) -> int:
    return parts(replace(WELL, **{name: value}, **also), scale)[Measure(name)]


BOUNDARIES = [
    pytest.param(name, value, points, id=f"{name} {value} scores {points}")
    for name, cells in CELLS.items()
    for first, last, points in cells
    for value in sorted({first, last})
]


@pytest.mark.parametrize(("name", "value", "points"), BOUNDARIES)
def test_each_cell_holds_its_first_and_its_last_value(name: str, value: int, points: int) -> None:
    assert part(name, value) == points


@pytest.mark.parametrize("name", CELLS)
def test_every_value_that_can_be_typed_scores_as_the_chart_says(name: str) -> None:
    limit = LIMITS[Measure(name)]
    expected = {value: points for first, last, points in CELLS[name] for value in range(first, last + 1)}
    assert sorted(expected) == list(range(limit.least, limit.most + 1))
    assert {value: part(name, value) for value in expected} == expected


@pytest.mark.parametrize(
    ("oxygen", "cells"),
    [(0, SPO2_SCALE_2_ON_AIR), *((litres, SPO2_SCALE_2_ON_OXYGEN) for litres in (1, 2, 15))],
)
def test_every_saturation_on_scale_2_scores_as_the_chart_says(
    oxygen: int, cells: list[tuple[int, int, int]]
) -> None:
    expected = {value: points for first, last, points in cells for value in range(first, last + 1)}
    assert sorted(expected) == list(range(50, 101))
    assert {value: part("spo2", value, SCALE_2, oxygen=oxygen) for value in expected} == expected


def test_scale_1_does_not_depend_on_oxygen() -> None:
    on_air = [part("spo2", value) for value in range(50, 101)]
    assert [part("spo2", value, oxygen=ON_OXYGEN) for value in range(50, 101)] == on_air


@pytest.mark.parametrize(("letter", "points"), CONSCIOUSNESS.items())
def test_anything_but_alert_scores_3(letter: str, points: int) -> None:
    assert part("consciousness", letter) == points


def vector(title: str, total: int, scale: Spo2Scale = Spo2Scale.SCALE_1, **changed: Any) -> Any:
    return pytest.param(replace(WELL, **changed), scale, total, id=title)


@pytest.mark.parametrize(
    ("readings", "scale", "total"),
    [
        vector("a set at rest", 0),
        vector("8 breaths", 3, respiration=8),
        vector("35.0", 3, temperature=350),
        vector("35.1", 1, temperature=351),
        vector("36.0", 1, temperature=360),
        vector("36.1", 0, temperature=361),
        vector("38.0", 0, temperature=380),
        vector("38.1", 1, temperature=381),
        vector("39.0", 1, temperature=390),
        vector("39.1", 2, temperature=391),
        vector("systolic 219", 0, systolic=219),
        vector("systolic 220", 3, systolic=220),
        vector("pulse 90", 0, pulse=90),
        vector("pulse 91", 1, pulse=91),
        vector("pulse 110", 1, pulse=110),
        vector("pulse 111", 2, pulse=111),
        vector("pulse 130", 2, pulse=130),
        vector("pulse 131", 3, pulse=131),
        vector("scale 2, 93 on air", 0, SCALE_2, spo2=93),
        vector("scale 2, 93 on oxygen", 3, SCALE_2, spo2=93, oxygen=ON_OXYGEN),
        vector("scale 2, 97 on oxygen", 5, SCALE_2, spo2=97, oxygen=ON_OXYGEN),
        vector("scale 2, 87 on air", 1, SCALE_2, spo2=87),
        vector("scale 1, 95 on oxygen", 3, spo2=95, oxygen=ON_OXYGEN),
        vector("new confusion", 3, consciousness="C"),
        pytest.param(Readings(25, 91, 1, 90, 131, "V", 350), Spo2Scale.SCALE_1, 20, id="the highest"),
    ],
)
def test_a_worked_set_has_its_total(readings: Readings, scale: Spo2Scale, total: int) -> None:
    assert adult(readings, scale).total == total


def test_the_uk_core_example_totals_5_and_not_the_6_it_claims() -> None:
    """UKCore-Bundle-NEWS2Observations-Example gives 37.5 °C a part score of 1; the chart gives it 0."""
    found = adult(Readings(21, 93, 0, 120, 95, "A", 375))
    assert [found.parts[measure] for measure in SCORED] == [2, 2, 0, 0, 1, 0, 0]
    assert found.parts[Measure.TEMPERATURE] == 0
    assert found.total == 5


@pytest.mark.parametrize(
    ("changed", "trigger"),
    [
        ({}, ""),
        ({"respiration": 21, "pulse": 111}, ""),  # 4
        ({"respiration": 8}, "3 in one parameter"),
        ({"respiration": 21, "pulse": 111, "temperature": 381}, "total 5 or 6"),
        ({"respiration": 21, "pulse": 111, "spo2": 93}, "total 5 or 6"),
        ({"respiration": 8, "pulse": 111}, "total 5 or 6"),
        ({"respiration": 21, "pulse": 111, "spo2": 93, "temperature": 381}, "total 7 or more"),
        ({"respiration": 8, "pulse": 131, "consciousness": "U"}, "total 7 or more"),
        ({"respiration": 8, "temperature": None}, "3 in one parameter"),  # even without a total
    ],
)
def test_a_trigger_is_named_as_published(changed: dict[str, Any], trigger: str) -> None:
    assert adult(replace(WELL, **changed)).trigger == trigger


@pytest.mark.parametrize("name", [field.name for field in fields(Readings)])
def test_one_missing_part_means_no_total_and_is_named(name: str) -> None:
    found = adult(replace(WELL, **{name: None}))
    assert found.total is None
    assert Measure(name) not in found.parts
    assert found.not_scored == f"incomplete: {NAMES[Measure(name)]} not taken"


def test_diastolic_is_never_scored() -> None:
    assert Measure.DIASTOLIC not in SCORED
    assert len(SCORED) == len(fields(Readings)) == 7


ANY_READINGS = st.builds(
    Readings,
    **{
        name: st.none() | st.integers(LIMITS[Measure(name)].least, LIMITS[Measure(name)].most)
        for name in CELLS
    },
    consciousness=st.none() | st.sampled_from(sorted(CONSCIOUSNESS)),
)


@given(ANY_READINGS, st.sampled_from(Spo2Scale))
def test_a_total_is_the_sum_of_seven_parts_and_never_of_fewer(readings: Readings, scale: Spo2Scale) -> None:
    found = adult(readings, scale)
    taken = {Measure(f.name) for f in fields(Readings) if getattr(readings, f.name) is not None}
    assert set(found.parts) <= taken
    if len(taken) == 7:
        assert found.total == sum(found.parts.values())
        assert 0 <= found.total <= 20
        assert not found.not_scored
    else:
        assert found.total is None
        assert found.not_scored.startswith("incomplete")


def test_saturation_on_scale_2_has_no_part_until_air_or_oxygen_is_known() -> None:
    found = adult(replace(WELL, oxygen=None), SCALE_2)
    assert Measure.SPO2 not in found.parts
    assert found.total is None


def test_what_is_called_not_taken_was_not_taken() -> None:
    assert adult(replace(WELL, oxygen=None), SCALE_2).not_scored == "incomplete: air or oxygen not taken"


@pytest.mark.parametrize(
    ("age", "pregnant", "why"),
    [
        (15, False, "not scored: under 16"),
        (0, False, "not scored: under 16"),
        (15, True, "not scored: under 16"),
        (None, False, "not scored: age not known"),
        (16, True, "not scored: pregnant or newly delivered"),
        (None, True, "not scored: age not known"),
    ],
)
def test_who_is_excluded_has_neither_parts_nor_total_nor_trigger(
    age: int | None, pregnant: bool | None, why: str
) -> None:
    worst = Readings(25, 91, 1, 90, 131, "V", 350)
    assert score(worst, age=age, pregnant_or_postpartum=pregnant) == News2({}, None, why, "")


@pytest.mark.parametrize("age", [16, 17, 110])
def test_from_sixteen_on_a_set_is_scored(age: int) -> None:
    assert score(WELL, age=age, pregnant_or_postpartum=False).total == 0


def test_pregnancy_that_was_not_asked_gives_parts_and_a_trigger_but_no_total() -> None:
    found = score(replace(WELL, respiration=8), age=30, pregnant_or_postpartum=None)
    assert found.parts[Measure.RESPIRATION] == 3
    assert found.total is None
    assert found.not_scored == "not scored: pregnancy not known"
    assert found.trigger == "3 in one parameter"


@pytest.mark.parametrize(
    ("taken", "trigger"),
    [
        ({"respiration": 22, "spo2": 93}, ""),
        ({"respiration": 22, "spo2": 93, "pulse": 95}, "parts already 5 or more"),
        ({"respiration": 22, "spo2": 93, "pulse": 112, "temperature": 385}, "parts already 7 or more"),
        ({"respiration": 25}, "3 in one parameter"),
    ],
)
def test_parts_that_reach_a_threshold_alone_are_a_trigger_without_a_total(
    taken: dict[str, Any], trigger: str
) -> None:
    found = score(Readings(**taken), age=50, pregnant_or_postpartum=False)
    assert (found.total, found.trigger) == (None, trigger)
