"""Plain words: sentences, hard words with their plain ones, and what of a message was never said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.clinical.plain_english import jargon, long_sentences, lost_negations, plainer, sentences, unsaid

LEXICON = {"abdomen": "tummy", "acute": "sudden", "acute pain": "sudden pain", "fever": "high temperature"}
CONDITIONS = frozenset({"chest infection", "infection", "stroke"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rest. Drink water.", ["Rest.", "Drink water."]),
        ("Take 2.5 mg. Then stop", ["Take 2.5 mg.", "Then stop"]),
        ("one\n\ntwo", ["one", "two"]),
        ("Worse? Ring us! 111 at night", ["Worse?", "Ring us!", "111 at night"]),
        (" \n ", []),
    ],
)
def test_sentences(text: str, found: list[str]) -> None:
    assert sentences(text) == found


def test_a_sentence_of_more_than_20_words_is_long() -> None:
    assert not long_sentences(" ".join(["word"] * 20))
    assert len(long_sentences(f"{' '.join(['word'] * 21)}. Short.")) == 1


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Your abdomen hurts", "Your tummy hurts"),
        ("Abdomen", "Tummy"),
        ("acute pain, acute", "sudden pain, sudden"),
        ("feverfew is a plant", "feverfew is a plant"),
    ],
)
def test_plain_words_for_hard_ones(text: str, plain: str) -> None:
    assert plainer(text, LEXICON) == plain


def test_no_lexicon_finds_nothing() -> None:
    assert jargon("abdomen", {}) == []


@pytest.mark.parametrize(
    ("message", "said", "fresh"),
    [
        ("Take it for 3 days.", "nitrofurantoin 3 days", []),
        ("Take it for three days.", "nitrofurantoin 3 days", []),
        ("Take it for 3 days.", "for three days", []),
        ("Come back in 3 weeks.", "nitrofurantoin 3 days", ["3 weeks"]),
        ("Come back in three weeks.", "nitrofurantoin", ["three weeks"]),
        ("Take 500 mg.", "500 milligrams", []),
        ("Take 500mg.", "50mg", ["500mg"]),
        ("Take 50 mg.", "500 mg", ["50 mg"]),
        ("Take 5 mg.", "5 mcg", ["5 mg"]),
        ("1 to 2 tablets", "1-2 tabs", []),
        ("1 to 3 tablets", "1-2 tabs", ["1 to 3 tablets"]),
        ("one or two", "nothing", ["one or two"]),
        ("once a day", "twice daily", ["once a day"]),
        ("twice daily", "2 times a day", []),
        ("every hour", "4-hourly", ["every hour"]),
        ("4-hourly", "every 4 hours", []),
        ("3 times a day", "3 times a week", ["3 times a day"]),
        ("take every 2 days", "take for 2 days", ["every 2 days"]),
        ("Take 5 mg.", "digoxin .5 mg", ["5 mg"]),
        ("half a tablet", "1 tablet", ["half a tablet"]),
        ("½ tablet", "1/2 tablet", ["½ tablet"]),
        ("fifteen mg", "5 mg", ["fifteen mg"]),
        ("twenty-eight days", "8 days", ["twenty-eight days"]),
        ("two a day", "2 times a day", ["two a day"]),
        ("10 mls", "10 mg", ["10 mls"]),
        ("2 wks", "2 weeks", []),
        ("in a month", "in 1 week", ["a month"]),
        ("on Friday", "on Monday", ["friday"]),
        ("Take 2", "1 tablet for 2 weeks", ["2"]),
        ("one at a time", "", []),
        ("Ring 111.", "ring 111 at once", []),
        ("Ring 999.", "ring 111 at once", ["999"]),
        ("Take it every day.", "once a day", []),
        ("Take it daily.", "2 times a day", ["daily"]),
        ("Take it at night.", "nocte", ["at night"]),
        ("It is a chest infection.", "chest infection", []),
        ("It is a chest infection.", "cough", ["chest infection"]),
        ("It was a Stroke", "", ["stroke"]),
        ("strokes of luck", "", []),
    ],
)
def test_what_was_never_said_is_found(message: str, said: str, fresh: list[str]) -> None:
    assert list(unsaid(message, said, CONDITIONS)) == fresh


TEXTS = st.text(alphabet="ab 0123456789.,-:mgdays tolet\n", max_size=50)


@given(TEXTS)
def test_words_said_as_they_are_bring_nothing_in(text: str) -> None:
    assert list(unsaid(text, text, CONDITIONS)) == []


@given(st.integers(1, 9999), st.sampled_from(["mg", "days", "tablets", "weeks"]), TEXTS)
def test_no_number_comes_in_unseen(number: int, unit: str, said: str) -> None:
    if str(number) not in said:
        assert list(unsaid(f"Take {number} {unit}.", said, CONDITIONS)) == [f"{number} {unit}"]


def test_at_once_is_no_number_of_times() -> None:
    assert list(unsaid("Ring 999 at once.", "ring 999", frozenset())) == []
    assert list(unsaid("Take it once a day.", "take it", frozenset())) == ["once a day"]


@pytest.mark.parametrize(
    ("said", "message", "lost"),
    [
        ("No NSAIDs. Rest.", "You may take NSAIDs.", ["nsaids, without a not"]),
        ("do not drive", "You can drive tomorrow.", ["drive, without a not"]),
        ("avoid ibuprofen", "Take ibuprofen.", ["ibuprofen, without a not"]),
        ("Stop amlodipine", "Take amlodipine.", ["amlodipine, without a not"]),
        ("Stop amlodipine", "Stop amlodipine.", []),
        ("do not drive", "Do not drive.", []),
        ("No NSAIDs", "Ibuprofen and other NSAIDs: do not take them.", ["nsaids, without a not"]),
        ("review if no better", "Come for a review if you are not better.", []),
        ("no antibiotics", "Antibiotics do not help.", []),
        ("no fever. fever: ring", "With a fever, ring us.", []),
        ("rest", "Rest.", []),
        ("don’t lift", "You may lift it.", ["lift, without a not"]),
    ],
)
def test_a_not_that_is_missing_is_found_by_clauses(said: str, message: str, lost: list[str]) -> None:
    assert list(lost_negations(message, said)) == lost


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_texts_have_negations_or_none(said: str, message: str) -> None:
    assert list(lost_negations(said, said)) == []
    list(lost_negations(message, said))
