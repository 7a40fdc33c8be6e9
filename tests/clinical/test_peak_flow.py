"""Predicted peak flow against worked values; zones of the personal best at their edges."""

from __future__ import annotations

import pytest

from gpa_tui.clinical.peak_flow import percent_of, predicted, zone

WORKED = [
    ("male", 40, 175, 636, 633),
    ("male", 20, 175, 590, 571),
    ("male", 60, 175, 587, 566),
    ("female", 20, 160, 468, 419),
    ("female", 40, 160, 478, 431),
    ("female", 70, 155, 407, 351),
    ("female", 85, 152, 363, 306),
    ("male", 35, 190, 660, 666),
]


@pytest.mark.parametrize(("sex", "age", "height", "wright", "eu"), WORKED)
def test_the_worked_values(sex: str, age: int, height: int, wright: int, eu: int) -> None:
    found = predicted(sex, age, height)
    assert (found.wright, found.eu) == (wright, eu)


@pytest.mark.parametrize(
    ("sex", "age", "height", "says"),
    [
        ("other", 40, 175, "male or female"),
        ("M", 40, 175, "male or female"),
        ("male", 14, 175, "begins at 15"),
        ("male", 121, 175, "up to 120"),
        ("male", 40, 2, "metres"),
        ("male", 40, 119, "can be 120 to 230"),
    ],
)
def test_where_the_formula_ends_it_says_so(sex: str, age: int, height: int, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        predicted(sex, age, height)


@pytest.mark.parametrize(
    ("flow", "colour", "percent"),
    [(500, "green", 100), (400, "green", 80), (399, "amber", 80), (250, "amber", 50), (249, "red", 50)],
)
def test_zones_are_of_the_flows_not_of_the_rounded_per_cent(flow: int, colour: str, percent: int) -> None:
    assert zone(500, flow) == colour
    assert percent_of(500, flow) == percent
