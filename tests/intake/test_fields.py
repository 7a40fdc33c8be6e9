from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gpa_tui.intake import fields
from gpa_tui.intake.fields import BadField
from gpa_tui.records.appointment import Mode
from gpa_tui.records.patient import Gender, PersonName

ON = date(2026, 11, 22)
ESCAPES = [
    "\x1b[31m",
    "\x1b]0;title\x07",
    "\x1bP1$q\x1b\\",
    "\x9b2J",
    "\x9dtitle",
    "\x90",
    "\u202e",
    "\x00",
    "\r\n",
]


@given(st.lists(st.one_of(st.text(), st.sampled_from(ESCAPES))).map("".join))
@example("Novo\x9eny\x1b[2J")
def test_no_control_character_of_any_text_is_left(text: str) -> None:
    shown = fields.tidy(text)
    joiners = {"\u200c", "\u200d"}
    assert not [char for char in shown if unicodedata.category(char)[0] == "C" and char not in joiners]
    assert "\n" not in shown
    assert "\x1b" not in shown


@given(st.text(), st.integers(min_value=1, max_value=300))
def test_shortened_text_is_never_longer_than_asked(text: str, longest: int) -> None:
    assert len(fields.short(text, longest)) <= longest


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "'"])
def test_text_that_starts_like_a_formula_stays_as_typed(start: str) -> None:
    assert fields.tidy(f"{start}SUM(A1)") == f"{start}SUM(A1)"


def test_a_windows_letter_read_as_latin_1_keeps_the_rest_of_the_name() -> None:
    assert fields.person_name("Novo\x9eny", "Pavel").listed == "NOVOŽNY, Pavel"


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("OKONKWO, Grace (Mrs)", "OKONKWO, Grace (Mrs)"),
        ("Okonkwo,Grace Ada", "OKONKWO, Grace Ada"),
        ("Suryani", "SURYANI"),
        ("Suryani (Ms)", "SURYANI (Ms)"),
        ("Grace Okonkwo", "GRACE OKONKWO"),
    ],
)
def test_a_name_in_one_piece(text: str, listed: str) -> None:
    assert fields.whole_name(text).listed == listed


def test_a_given_name_alone_is_a_one_word_name() -> None:
    assert fields.person_name("", "Suryani") == PersonName(family="Suryani")


@pytest.mark.parametrize(
    ("family", "given", "reason"),
    [
        ("", "", "there is no name"),
        ("\u200d", "", "there is no name"),
        ("-", "", "there is no name"),
        ("O\ufffdNeill", "", "could not be read"),
        ("O", "Si\ufffdn", "could not be read"),
        ("A" * 101, "", "longer than 100"),
        ("A", "B" * 101, "longer than 100"),
    ],
)
def test_a_name_that_cannot_be_a_name_is_refused(family: str, given: str, reason: str) -> None:
    with pytest.raises(BadField, match=reason):
        fields.person_name(family, given)


def test_a_name_of_a_hundred_letters_is_taken() -> None:
    assert fields.person_name("A" * 100).family == "A" * 100


@pytest.mark.parametrize(
    ("text", "demo", "number"),
    [
        ("999 000 0018", True, "9990000018"),
        ("999-000-0018", True, "9990000018"),
        ("943 476 5919", False, "9434765919"),
        ("", True, None),
        (" \t", False, None),
    ],
)
def test_nhs_numbers_that_are_taken(text: str, demo: bool, number: str | None) -> None:
    assert fields.checked_nhs_number(text, demo=demo) == number


@pytest.mark.parametrize(
    ("text", "demo", "reason"),
    [
        ("999 000 0018", False, "made up"),
        ("943 476 5919", True, "made-up numbers only"),
        ("943 476 5918", False, "last digit"),
        ("4444444444", False, "same digit"),
        ("9999999999", True, "same digit"),
        ("94347659190", False, "10 digits"),
        ("943476591x", False, "only digits"),
        ("'9990000018", True, "only digits"),
    ],
)
def test_nhs_numbers_that_are_refused(text: str, demo: bool, reason: str) -> None:
    with pytest.raises(BadField, match=reason) as refused:
        fields.checked_nhs_number(text, demo=demo)
    assert refused.value.field == "NHS number"


@pytest.mark.parametrize("born", [date(2026, 11, 22), date(1896, 1, 1)])
def test_birth_dates_that_can_be(born: date) -> None:
    assert fields.checked_born(born, ON) == born.isoformat()


@pytest.mark.parametrize(
    ("born", "reason"), [(date(2026, 11, 23), "after the day"), (date(1895, 12, 31), "130 years")]
)
def test_birth_dates_that_cannot_be(born: date, reason: str) -> None:
    with pytest.raises(BadField, match=reason):
        fields.checked_born(born, ON)


@pytest.mark.parametrize(
    ("word", "gender"),
    [
        ("F", Gender.FEMALE),
        ("Male", Gender.MALE),
        ("1", Gender.MALE),
        ("X", Gender.OTHER),
        ("I", Gender.OTHER),
        ("U", Gender.UNKNOWN),
        ("", Gender.UNKNOWN),
        ("sometimes", None),
    ],
)
def test_words_for_gender(word: str, gender: Gender | None) -> None:
    assert fields.gender_of(word) is gender


@pytest.mark.parametrize(
    ("words", "mode"),
    [
        ("Telephone triage", Mode.TELEPHONE),
        ("GP phone call", Mode.TELEPHONE),
        ("Video consultation", Mode.VIDEO),
        ("Home Visit", Mode.HOME),
        ("Face-to-face", Mode.IN_PERSON),
        ("Online booking GP", None),
        ("Health visitor", None),
        ("", None),
    ],
)
def test_words_for_how_to_meet(words: str, mode: Mode | None) -> None:
    assert fields.mode_in(words) is mode
