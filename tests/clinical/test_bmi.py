"""BMI in tenths and its band: every threshold from both sides, and whom the bands are not for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gpa_tui.clinical.bmi import bmi

HEIGHT = Decimal(100)  # cm: the BMI is then the weight


def band(weight: str, *, lower: bool = False) -> str:
    return bmi(Decimal(weight), HEIGHT, age=40, pregnant=False, lower_thresholds=lower).band


@pytest.mark.parametrize(
    ("weight", "usual", "lower"),
    [
        ("18.4", "underweight", "underweight"),
        ("18.5", "healthy weight", "healthy weight"),
        ("22.9", "healthy weight", "healthy weight"),
        ("23.0", "healthy weight", "overweight"),
        ("24.9", "healthy weight", "overweight"),
        ("25.0", "overweight", "overweight"),
        ("27.4", "overweight", "overweight"),
        ("27.5", "overweight", "obesity class 1"),
        ("29.9", "overweight", "obesity class 1"),
        ("30.0", "obesity class 1", "obesity class 1"),
        ("32.4", "obesity class 1", "obesity class 1"),
        ("32.5", "obesity class 1", "obesity class 2"),
        ("35.0", "obesity class 2", "obesity class 2"),
        ("37.5", "obesity class 2", "obesity class 3"),
        ("39.9", "obesity class 2", "obesity class 3"),
        ("40.0", "obesity class 3", "obesity class 3"),
    ],
)
def test_every_threshold_from_both_sides(weight: str, usual: str, lower: str) -> None:
    assert band(weight) == usual
    assert band(weight, lower=True) == lower


def test_the_band_is_of_the_number_that_is_shown() -> None:
    found = bmi(Decimal("24.95"), HEIGHT, age=40, pregnant=False)
    assert (str(found.value), found.band) == ("25.0", "overweight")
    assert str(bmi(Decimal("70"), Decimal("175"), age=40, pregnant=False).value) == "22.9"


@pytest.mark.parametrize(
    ("age", "pregnant", "why"),
    [
        (17, False, "under 18: centiles"),
        (None, False, "age not known"),
        (30, True, "pregnant"),
        (30, None, "pregnancy not known"),
    ],
)
def test_whom_the_bands_are_not_for(age: int | None, pregnant: bool | None, why: str) -> None:
    found = bmi(Decimal(70), Decimal(175), age=age, pregnant=pregnant)
    assert (found.band, found.not_classified) == ("", why)
    assert str(found.value) == "22.9"


@pytest.mark.parametrize(
    ("weight", "height", "says"),
    [
        ("70", "1.75", "metres"),
        ("70", "29", "can be 30 to 250 cm"),
        ("70", "251", "can be"),
        ("0.2", "175", "Weight can be"),
        ("501", "175", "Weight can be"),
    ],
)
def test_what_cannot_be_is_refused(weight: str, height: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        bmi(Decimal(weight), Decimal(height), age=40, pregnant=False)
