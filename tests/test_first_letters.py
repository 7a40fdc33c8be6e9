"""Phrases are found by their first letters, on every key, and never by a guess that is not on the screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.first_letters import completed, in_hand, matching

PHRASES = (
    "Fever or worse pain",
    "Rest and drink.",
    "Ring us by Thursday",
    "Drink enough",
    "No better in 2 days",
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fe", ["Fever or worse pain"]),
        ("Take it. FEV", ["Fever or worse pain"]),
        ("fow", ["Fever or worse pain"]),
        ("dr", ["Drink enough", "Rest and drink."]),
        ("r", []),
        ("ri", ["Ring us by Thursday"]),
        ("ra", ["Rest and drink."]),
        ("thu", ["Ring us by Thursday"]),
        ("xyz", []),
        ("fever; ", []),
        ("", []),
        ("nbi2", ["No better in 2 days"]),
    ],
)
def test_a_phrase_is_found_by_its_beginning_its_first_letters_or_a_word(text: str, found: list[str]) -> None:
    assert matching(PHRASES, text) == found


def test_what_is_typed_whole_already_is_not_offered_and_nothing_twice() -> None:
    assert matching(("drink", "drink", "drink enough"), "drink") == ["drink enough"]
    assert len(matching([f"rest {number}" for number in range(9)], "re")) == 3


@given(st.text(max_size=40), st.text(min_size=2, max_size=40))
def test_only_the_word_in_hand_gives_way_to_a_phrase(text: str, phrase: str) -> None:
    done = completed(text, phrase)
    assert done.endswith(phrase)
    assert text.startswith(done[: -len(phrase)])
    assert len(text) - len(done) + len(phrase) == len(in_hand(text))
