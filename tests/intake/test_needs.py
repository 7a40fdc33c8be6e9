from __future__ import annotations

import pytest

from gpa_tui.intake import needs
from gpa_tui.records.patient import Need


@pytest.mark.parametrize(
    ("code", "words", "text", "mark"),
    [
        ("285055002", "anything", "hearing aid", "HA"),
        ("957371000000106", "", "large print (28 point)", "LP"),
        ("204331000000107", "", "BSL interpreter", "BSL"),
        ("203901000000102", "", "Polish interpreter", "PL"),
        ("203631000000100", "", "Hausa interpreter", "HAU"),  # HA is the hearing aid
        ("204081000000109", "", "Sylheti interpreter", "SYL"),
        ("315594003", "", "interpreter", "INT"),
        ("12345", "Polish interpreter please", "Polish interpreter please", "PL"),
        ("", "BSL interpreter", "BSL interpreter", "BSL"),
        ("", "Interpreter", "Interpreter", "INT"),
        ("", "Uses a wheelchair", "Uses a wheelchair", "WC"),
        ("", "Chaperone", "Chaperone", "CH"),
        ("", "Large print", "Large print", "LP"),
        ("", "Polish food", "Polish food", ""),
        ("936741000000100", "", "contact by email", ""),
    ],
)
def test_codes_and_words(code: str, words: str, text: str, mark: str) -> None:
    assert needs.need(code, words) == Need(text=text, mark=mark, code=code)


def test_a_code_is_cleaned_too() -> None:
    assert needs.need("1\x1b[2J2", "by the door") == Need(text="by the door", code="12")


def test_neither_code_nor_words_is_no_need() -> None:
    assert needs.need("12345", " \x1b[m") is None


@pytest.mark.parametrize(
    ("language", "name", "text", "mark"),
    [
        ("pl", "", "Polish interpreter", "PL"),
        ("PL-pl", "", "Polish interpreter", "PL"),
        ("q4", "", "BSL interpreter", "BSL"),
        ("en", "English", "interpreter", "INT"),
        ("", "", "interpreter", "INT"),
        ("", "Klingon", "Klingon interpreter", "INT"),
        ("xx", "Elvish", "Elvish interpreter", "XX"),
        ("tlh", "", "TLH interpreter", "TLH"),
        ("too-long", "", "TOO interpreter", "TOO"),
        ("nonsense", "", "INT interpreter", "INT"),
    ],
)
def test_interpreters(language: str, name: str, text: str, mark: str) -> None:
    found = needs.interpreter(language, name)
    assert (found.text, found.mark) == (text, mark)


def test_every_mark_fits_the_day_list() -> None:
    codes = [*needs._BY_CODE, *needs._INTERPRETER_CODES]
    marks = [found.mark for code in codes if (found := needs.need(code, "")) is not None]
    marks += [mark for _, mark in needs._BY_WORDS] + [mark for _, mark in needs.WRITTEN_FORMATS.values()]
    assert len(codes) > 100
    assert max(map(len, marks)) <= 4


def test_a_language_never_reads_as_another_need() -> None:
    others = {mark for _, mark in needs._BY_CODE.values()} | {mark for _, mark in needs._BY_WORDS}
    others -= {"BSL", "MAK", "INT"}  # these are what an interpreter of theirs is for
    spoken = {needs.interpreter(code).mark for code in needs._LANGUAGES}
    assert not spoken & others


# Verhoeff's scheme: every SNOMED CT identifier ends in a check digit (RF2, "Check-digit computation").
_DIHEDRAL = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7], [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3], [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
]  # fmt: skip
_PERMUTED = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4], [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7], [9, 4, 5, 3, 1, 2, 6, 8, 7, 0], [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5], [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
]  # fmt: skip


@pytest.mark.parametrize("code", [*needs._BY_CODE, *needs._INTERPRETER_CODES, "342191000000101", "716186003"])
def test_every_code_has_its_check_digit(code: str) -> None:
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = _DIHEDRAL[check][_PERMUTED[place % 8][int(digit)]]
    assert check == 0


@pytest.mark.parametrize(
    "words", ["Safeguarding: adult", "On child protection plan", "MARAC", "342191000000101", "child at risk"]
)
def test_safeguarding_is_known_by_its_words(words: str) -> None:
    assert needs.is_safeguarding(words)


@pytest.mark.parametrize("words", ["At risk of falls", "Wheelchair", "Child under 5", "Looks after a parrot"])
def test_other_words_are_not_safeguarding(words: str) -> None:
    assert not needs.is_safeguarding(words)


def test_a_need_said_twice_is_one() -> None:
    twice = needs.without_repeats(
        [
            Need(text="large print", mark="LP"),
            Need(text="LARGE PRINT", mark="LP"),
            Need(text="by the door"),
            Need(text="By the door"),
        ]
    )
    assert [need.text for need in twice] == ["large print", "by the door"]
