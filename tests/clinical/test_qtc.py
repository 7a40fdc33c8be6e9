"""QTc by four formulas against worked values; nothing where nobody but a clinician corrects it."""

from __future__ import annotations

import math

import pytest

from gpa_tui.clinical.qtc import FORMULAS, QT, RATE, qtc

# Bazett, Fridericia, Framingham, Hodges; Hodges of QT 440 at 50 is 422.5 exactly.
WORKED = [
    (400, 75, (447, 431, 431, 426)),
    (360, 100, (465, 427, 422, 430)),
    (440, 50, (402, 414, 409, 423)),
    (320, 120, (453, 403, 397, 425)),
]


@pytest.mark.parametrize(("qt", "rate", "expected"), WORKED)
def test_the_worked_values(qt: int, rate: int, expected: tuple[int, ...]) -> None:
    assert tuple(qtc(qt, rate).by_formula[name] for name in FORMULAS) == expected


@pytest.mark.parametrize("qt", QT[::50])
def test_at_sixty_beats_every_formula_gives_the_qt_itself(qt: int) -> None:
    assert set(qtc(qt, 60).by_formula.values()) == {qt}


@pytest.mark.parametrize("rate", RATE[::7])
def test_framingham_adds_milliseconds_not_seconds(rate: int) -> None:
    """A formula in seconds beside a QT in ms gives a correction of nearly nothing."""
    found = qtc(400, rate).by_formula["framingham"]
    assert abs(found - 400 - 154 * (1 - 60 / rate)) <= 0.5
    assert (found - 400) * (rate - 60) >= 0 or math.isclose(rate, 60, abs_tol=1)


@pytest.mark.parametrize(
    ("qrs", "rhythm", "why"),
    [
        (121, "regular", "QRS over 120 ms"),
        (90, "af", "rhythm af"),
        (None, "paced", "rhythm paced"),
        (None, "irregular", "rhythm irregular"),
    ],
)
def test_none_is_computed_where_a_clinician_has_to(qrs: int | None, rhythm: str, why: str) -> None:
    found = qtc(400, 75, qrs_ms=qrs, rhythm=rhythm)
    assert (found.by_formula, found.not_computed) == ({}, f"not computed: {why}")
    assert qtc(400, 75, qrs_ms=120).by_formula


@pytest.mark.parametrize(("qt", "rate"), [(199, 75), (701, 75), (400, 19), (400, 301)])
def test_what_cannot_be_is_refused(qt: int, rate: int) -> None:
    with pytest.raises(ValueError, match="can be"):
        qtc(qt, rate)
