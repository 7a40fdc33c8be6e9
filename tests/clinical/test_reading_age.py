"""The Automated Readability Index against worked values, and where it says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.clinical.plain_english import sentences
from gpa_tui.clinical.reading_age import reading_age

PLAIN = "Take one tablet in the morning. Drink a lot of water. Come back if you are not better."
HARD = (
    "Commence antihypertensive monotherapy immediately, monitoring electrolytes approximately fortnightly "
    "notwithstanding asymptomatic presentation, and subsequently reassess cardiovascular parameters."
)


@pytest.mark.parametrize(
    ("text", "age"),
    [
        (PLAIN, 6),  # 18 words, 66 letters, 3 sentences: -1.16
        ("One two three four five six seven eight. " * 2, 7),  # 16 words, 64 letters, 2 sentences: 1.41
        ("Take these tablets every morning before breakfast with water. " * 2, 16),  # 18, 104, 2: 10.28
        ("One two three four five six seven. " * 2, None),  # 14 words
        ("", None),
    ],
)
def test_the_index_is_that_of_the_paper(text: str, age: int | None) -> None:
    assert reading_age(text) == age


def test_hard_words_and_long_sentences_read_older() -> None:
    plain, hard = reading_age(PLAIN), reading_age(HARD)
    assert plain is not None
    assert hard is not None
    assert plain <= 9
    assert hard > 16
    one, two = reading_age(f"{PLAIN} {PLAIN}"), reading_age(PLAIN.replace(". ", " and ") * 2)
    assert one is not None
    assert two is not None
    assert one < two


@given(st.text(max_size=200))
def test_any_text_has_an_age_or_none(text: str) -> None:
    age = reading_age(text)
    assert age is None or age >= 6


@pytest.mark.parametrize("title", ["Dr", "Mr", "Mrs", "Ms", "St"])
def test_a_title_ends_no_sentence(title: str) -> None:
    assert sentences(f"See {title}. Patel. Rest.") == [f"See {title}. Patel.", "Rest."]
