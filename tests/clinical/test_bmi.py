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
        ("18.4", "under 18.5", "under 18.5"),
        ("18.5", "18.5 to 24.9", "18.5 to 22.9"),
        ("22.9", "18.5 to 24.9", "18.5 to 22.9"),
        ("23.0", "18.5 to 24.9", "23 to 27.4"),
        ("24.9", "18.5 to 24.9", "23 to 27.4"),
        ("25.0", "25 to 29.9", "23 to 27.4"),
        ("27.4", "25 to 29.9", "23 to 27.4"),
        ("27.5", "25 to 29.9", "27.5 to 32.4"),
        ("29.9", "25 to 29.9", "27.5 to 32.4"),
        ("30.0", "30 to 34.9", "27.5 to 32.4"),
        ("32.4", "30 to 34.9", "27.5 to 32.4"),
        ("32.5", "30 to 34.9", "32.5 to 37.4"),
        ("35.0", "35 to 39.9", "32.5 to 37.4"),
        ("37.5", "35 to 39.9", "37.5 and over"),
        ("39.9", "35 to 39.9", "37.5 and over"),
        ("40.0", "40 and over", "37.5 and over"),
    ],
)
def test_every_threshold_from_both_sides(weight: str, usual: str, lower: str) -> None:
    assert band(weight) == usual
    assert band(weight, lower=True) == lower


def test_the_band_is_of_the_number_that_is_shown() -> None:
    found = bmi(Decimal("24.95"), HEIGHT, age=40, pregnant=False)
    assert (str(found.value), found.band) == ("25.0", "25 to 29.9")
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
