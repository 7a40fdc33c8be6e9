"""A series of blood pressures by NICE NG136: what is taken next, and which reading stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.clinical.blood_pressure import SECOND, THIRD, Pressure, arms, postural_drop, series


def of(text: str) -> list[Pressure]:
    return [Pressure(*(int(number) for number in word.split("/"))) for word in text.split()]


@pytest.mark.parametrize(
    ("readings", "clinic", "parents", "then"),
    [
        ("139/89", "139/89", (0,), ""),
        ("140/89", "140/89", (0,), SECOND),
        ("139/90", "139/90", (0,), SECOND),
        ("150/85", "150/85", (0,), SECOND),
        ("130/95", "130/95", (0,), SECOND),
        ("150/94 146/90", "146/90", (0, 1), ""),
        ("150/94 140/94", "140/94", (0, 1), ""),  # 10 apart is not over 10
        ("150/94 139/94", "139/94", (0, 1), THIRD),
        ("150/94 150/83", "150/83", (0, 1), THIRD),
        ("170/94 150/90 152/92", "150/90", (1, 2), ""),
        ("170/94 150/90 148/92", "148/92", (1, 2), ""),
        ("150/94 150/90", "150/90", (0, 1), ""),
        ("130/80 160/80", "130/80", (0, 1), ""),
    ],
)
def test_the_lower_of_the_last_two_stands(
    readings: str, clinic: str, parents: tuple[int, ...], then: str
) -> None:
    found = series(of(readings))
    assert found.clinic is not None
    assert (found.clinic.shown, found.parents, found.next) == (clinic, parents, then)


def test_nothing_taken_is_nothing() -> None:
    assert series([]).clinic is None


def test_what_is_substantial_is_the_practices() -> None:
    assert series(of("150/94 144/94"), substantial=5).next == THIRD
    assert series(of("150/94 130/94"), substantial=25).next == ""


PRESSURES = st.builds(Pressure, st.integers(40, 300), st.integers(20, 200))


@given(st.lists(PRESSURES, min_size=2, max_size=6))
def test_what_stands_is_always_one_of_the_last_two_as_it_was_taken(readings: list[Pressure]) -> None:
    found = series(readings)
    assert found.clinic in readings[-2:]
    assert found.clinic is not None
    assert found.clinic.systolic == min(one.systolic for one in readings[-2:])


def test_arms_and_standing() -> None:
    assert arms(Pressure(150, 90), Pressure(134, 88)) == 16
    assert postural_drop(Pressure(150, 90), Pressure(128, 88)) == 22
    assert postural_drop(Pressure(128, 90), Pressure(150, 88)) == -22
