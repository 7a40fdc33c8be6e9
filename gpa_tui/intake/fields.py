"""Single fields of a row, made safe and checked: text, names, NHS numbers, birth dates, gender, mode."""

from __future__ import annotations

import re
from datetime import date

from gpa_tui.clinical import nhs_number
from gpa_tui.records.appointment import Mode
from gpa_tui.records.base import show_date
from gpa_tui.records.patient import Gender, PersonName
from gpa_tui.text import clean

LONGEST_TEXT = 200  # characters; longer text is cut and ends in an ellipsis
LONGEST_NAME = 100  # characters; a longer name sets the row aside, since a cut name is another name
OLDEST = 130  # years; an earlier birth date is a slip

UNREADABLE = "\ufffd"

# U+0080 to U+009F in a list are Windows letters that somebody read as Latin-1 ("ž" as U+009E). Left as
# they are, a terminal takes some for the start of a control string and swallows the rest of a name.
# Same reading as the HTML Standard's, "numeric character reference end state".
_WINDOWS_LETTERS = {
    code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0) if code != 0x85
}

_GENDERS = {
    Gender.MALE: ("m", "male", "man", "1"),
    Gender.FEMALE: ("f", "female", "woman", "2"),
    Gender.OTHER: ("o", "other", "x", "i", "indeterminate", "9", "not specified"),
    Gender.UNKNOWN: ("", "u", "unknown", "not known", "0"),
}

_MODE_WORDS = (
    (re.compile(r"\b(tele)?phone\b"), Mode.TELEPHONE),
    (re.compile(r"\bvideo\b"), Mode.VIDEO),
    (re.compile(r"\bhome visit\b"), Mode.HOME),
    (re.compile(r"\b(in[- ]person|face[- ]to[- ]face)\b"), Mode.IN_PERSON),
)


class BadField(Exception):
    """Why a row cannot be taken: `field` in words, and the `reason`. It never leaves `intake/`."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def tidy(text: str) -> str:
    """One line without control characters or escape sequences; what it says is left as typed."""
    return clean(text.translate(_WINDOWS_LETTERS))


def short(text: str, longest: int = LONGEST_TEXT) -> str:
    """`tidy`, and at most `longest` characters."""
    text = tidy(text)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def person_name(family: str, given: str = "", title: str = "") -> PersonName:
    """A name from its parts; someone with one name has it as the family name.

    Raises `BadField` when there is no letter in it, a letter could not be read, or it is too long.
    """
    family, given, title = tidy(family), tidy(given), short(title, 30)
    if not family:
        family, given = given, ""
    if not any(char.isalnum() for char in family):
        raise BadField("name", "there is no name")
    if UNREADABLE in family + given:
        raise BadField("name", "a letter could not be read: save the list again as UTF-8")
    if max(len(family), len(given)) > LONGEST_NAME:
        raise BadField("name", f"longer than {LONGEST_NAME} letters")
    return PersonName(family=family, given=given, title=title)


def whole_name(text: str) -> PersonName:
    """A name written in one piece: `OKONKWO, Grace (Mrs)`, else all of it as the family name."""
    text = tidy(text)
    title = ""
    if text.endswith(")") and "(" in text:
        text, _, title = text[:-1].rpartition("(")
    family, _, given = text.partition(",")
    return person_name(family, given, title)


def checked_nhs_number(text: str, *, demo: bool) -> str | None:
    """Ten digits, or None when there is no number. Raises `BadField`.

    A live store takes no number of the range that is never issued, and a demo store no other: a made-up
    number must never meet a real record, nor a real one a demo.
    """
    text = tidy(text)
    if not text:
        return None
    try:
        number = nhs_number.read(text)
    except ValueError as error:
        raise BadField("NHS number", str(error)) from error
    made_up = nhs_number.is_test_number(number)
    if made_up and not demo:
        raise BadField("NHS number", "numbers from 999 000 0000 on are made up: not for a live clinic")
    if demo and not made_up:
        raise BadField("NHS number", "a demo takes made-up numbers only, from 999 000 0000 on")
    return number


def checked_born(born: date, on: date, field: str = "birth date") -> str:
    """An ISO date. Raises `BadField` when it is after `on` or more than 130 years before."""
    if born > on:
        raise BadField(field, f"{show_date(born.isoformat())} is after the day of the clinic")
    if on.year - born.year > OLDEST:
        raise BadField(field, f"{show_date(born.isoformat())} is more than {OLDEST} years ago")
    return born.isoformat()


def gender_of(word: str) -> Gender | None:
    """The gender a list's word stands for; None for a word that is not known here."""
    word = tidy(word).casefold()
    return next((gender for gender, words in _GENDERS.items() if word in words), None)


def mode_in(words: str) -> Mode | None:
    """How patient and surgery meet, where the `words` of a slot or visit type say so."""
    words = tidy(words).casefold()
    return next((mode for pattern, mode in _MODE_WORDS if pattern.search(words)), None)
