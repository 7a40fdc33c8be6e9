"""What a patient said about who they are, against what the list says. No I/O."""

from __future__ import annotations

import re
from datetime import date

from gpa_tui.records.base import show_date
from gpa_tui.records.patient import Patient, PersonName

_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_SPOKEN = re.compile(r"([0-9]{1,2})[ ./-]+([0-9]{1,2}|[a-z]{3,9})[ ./-]+([0-9]{4}|[0-9]{2})")
_WORD = re.compile(r"([0-9]{1,2})([a-z]{3,9})([0-9]{4}|[0-9]{2})")
_DIGITS = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4}|[0-9]{2})")
_EXAMPLE = "Type day, month and year, e.g. 12 4 1954, 12 apr 1954 or 12041954."


def read_birth_date(text: str, today: date) -> str:
    """An ISO date from a birth date as said in Britain, day first: `12 4 1954`, `12apr54`, `120454`.

    A two-digit year is the latest that is not after `today`. Digits alone are six or eight: with fewer
    they could be two dates. Raises ValueError with the sentence to show.
    """
    words = " ".join(text.lower().split())
    found = _SPOKEN.fullmatch(words) or _WORD.fullmatch(words) or _DIGITS.fullmatch(words)
    if found is None:
        raise ValueError(_EXAMPLE)
    day, month, year = int(found[1]), _month(found[2]), int(found[3])
    try:
        if len(found[3]) == 2:
            born = date(today.year // 100 * 100 + year, month, day)
            born = born if born <= today else date(born.year - 100, month, day)
        else:
            born = date(year, month, day)
    except ValueError as error:
        raise ValueError("There is no such date: day, month and year, e.g. 12 4 1954.") from error
    if born > today:
        raise ValueError("That date is still to come.")
    return born.isoformat()


def _month(text: str) -> int:
    """1 to 12 from a number or the beginning of a month's name; 0 from a number no month has."""
    if text.isdigit():
        return int(text)
    named = [number for number, name in enumerate(_MONTHS, 1) if name.startswith(text)]
    if len(named) != 1:
        raise ValueError(_EXAMPLE)
    return named[0]


def matches(patient: Patient, name: str, born: str | None, one_more: str = "") -> bool:
    """Whether the name and the birth date said are the list's, and the NHS number where its digits were said.

    Where the list has no birth date, or a part of one, that part and the name decide. Other words of
    `one_more` are kept, not compared. Every word said must be one of the patient's names, and the family name
    must be among them; how a double name is joined (`Smith-Jones`, `smith jones`) does not matter.
    """
    if born is None or not born.startswith(patient.born or ""):
        return False
    if not number_fits(patient, one_more):
        return False
    return name_fits(patient, name)


def name_fits(patient: Patient, name: str) -> bool:
    """Whether every word of it is one of the patient's names, and the family name is whole among them."""
    said = _parts(name)
    family, given = _parts(patient.name.family), _parts(patient.name.given)
    return bool(said) and _made_of(said, family, given)


def number_fits(patient: Patient, said: str) -> bool:
    """False where four or more digits were said that are not the last of the list's NHS number."""
    digits = "".join(said.split()).replace("-", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) < FEWEST_DIGITS or not patient.nhs_number:
        return True
    return patient.nhs_number.endswith(digits)


def _made_of(said: list[str], family: list[str], given: list[str]) -> bool:
    """Whether `said` is the family name, whole, and any of the given names besides, in any order."""
    if len(said) > MOST_WORDS:
        return False
    whole = "".join(family)
    for start in range(len(said)):
        for end in range(start + 1, len(said) + 1):
            if "".join(said[start:end]) == whole:
                others = said[:start] + said[end:]
                if "".join(others) == "".join(given) or set(others) <= set(given):
                    return True
    return False


def difference(patient: Patient, name: str, born: str | None, one_more: str = "") -> str:
    """One sentence naming what does not fit, for the person at the screen."""
    number = "" if number_fits(patient, one_more) else f", NHS No. {one_more}"
    ours = f", NHS No. {patient.nhs_number_shown}" if number else ""
    said = f"Said: {name}, born {show_date(born)}{number}."
    return f"{said} The list says: {patient.name.listed}, born {show_date(patient.born)}{ours}."


def has_given_name(patient: Patient, said: str) -> bool:
    """Whether one of the given names was said, where the list has any: twins share the rest."""
    given = _parts(patient.name.given)
    return not given or bool(set(given) & set(_parts(said)))


def _parts(text: str) -> list[str]:
    """The words of a name, folded for comparison; what joins them is left out."""
    folded = (PersonName(family=word).matching[0] for word in _JOINTS.split(text))
    return [word for word in folded if word]


FEWEST_DIGITS = 4  # of an NHS number, said from its end
MOST_WORDS = 12  # more than anybody says of a name
_JOINTS = re.compile(r"[\s,'’ʼ‐‑–-]+")
