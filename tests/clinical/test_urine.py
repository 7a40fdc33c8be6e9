"""A urine dipstick: every pad, every value it can show, and nothing else."""

from __future__ import annotations

import pytest

from gpa_tui.clinical.urine import LABELS, VALUES, read
from gpa_tui.records.observation import Pad

PLUS = {"negative", "trace", "1+", "2+", "3+"}
OPENEHR = {  # the domain brief, 3.7
    Pad.LEUKOCYTES: PLUS,
    Pad.NITRITE: {"negative", "positive"},
    Pad.PROTEIN: PLUS | {"4+"},
    Pad.GLUCOSE: PLUS | {"4+"},
    Pad.KETONES: {"negative", "trace", "small", "moderate", "large", "large+"},
    Pad.BILIRUBIN: {"negative", "1+", "2+", "3+"},
}


def test_every_pad_has_a_label_and_values() -> None:
    assert set(LABELS.values()) == set(Pad)
    assert set(VALUES) == set(Pad) - {Pad.PH, Pad.SPECIFIC_GRAVITY}


@pytest.mark.parametrize("pad", OPENEHR)
def test_a_pad_shows_what_the_archetype_says(pad: Pad) -> None:
    assert set(VALUES[pad].values()) == OPENEHR[pad]
    for typed, kept in VALUES[pad].items():
        assert read(pad, typed.upper()) == kept


@pytest.mark.parametrize(
    ("pad", "text", "kept"),
    [
        (Pad.PH, "5", "5.0"),
        (Pad.PH, "6.5", "6.5"),
        (Pad.PH, "9.5", "9.5"),
        (Pad.SPECIFIC_GRAVITY, "1.000", "1.000"),
        (Pad.SPECIFIC_GRAVITY, "1.030", "1.030"),
    ],
)
def test_numbers_of_the_strip(pad: Pad, text: str, kept: str) -> None:
    assert read(pad, text) == kept


@pytest.mark.parametrize(
    ("pad", "text"),
    [
        (Pad.PH, "4.5"),
        (Pad.PH, "6.2"),
        (Pad.PH, "10"),
        (Pad.SPECIFIC_GRAVITY, "1.035"),
        (Pad.SPECIFIC_GRAVITY, "1.012"),
        (Pad.NITRITE, "2+"),
        (Pad.LEUKOCYTES, "4+"),
        (Pad.BILIRUBIN, "tr"),
        (Pad.PROTEIN, ""),
    ],
)
def test_what_a_pad_cannot_show_is_refused(pad: Pad, text: str) -> None:
    with pytest.raises(ValueError, match=r"\."):
        read(pad, text)
