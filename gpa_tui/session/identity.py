"""What a patient said about who they are, against what the list says. No I/O."""

from __future__ import annotations

import re
from datetime import date

from gpa_tui.records.base import show_date
from gpa_tui.records.patient import Patient, PersonName

_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}  # noqa: SIM905
_DATE = re.compile(r"^(\d{1,2})[ ./-]?(\d{1,2}|[a-z]{3,9})[ ./-]?(\d{4}|\d{2})$")


def read_birth_date(text: str, today: date) -> str:
    """An ISO date from a birth date as said in Britain, day first: `12 4 1954`, `12apr54`, `120454`.

    Two-digit years are the latest that is not after `today`. Raises ValueError with the sentence to show.
    """
    found = _DATE.match(" ".join(text.lower().split()))
    if found is None:
        raise ValueError("Type day, month and year, e.g. 12 4 1954 or 12 apr 1954.")
    day, month_text, year_text = found.groups()
    month = int(month_text) if month_text.isdigit() else _MONTHS.get(month_text[:3], 0)
    year = int(year_text)
    if len(year_text) == 2:
        century = today.year // 100 * 100
        year += century if century + year <= today.year else century - 100
    try:
        born = date(year, month, int(day))
    except ValueError as error:
        raise ValueError("There is no such date: day, month and year, e.g. 12 4 1954.") from error
    if born > today:
        raise ValueError("That date is still to come.")
    return born.isoformat()


def matches(patient: Patient, name: str, born: str | None) -> bool:
    """Whether both the name and the birth date said are the list's.

    Every word said must be one of the patient's names, and the family name must be among them.
    """
    own, said = _words(patient.name), _split(name)
    family = _split(patient.name.family)
    return born is not None and born == patient.born and bool(said) and said <= own and family <= said


def difference(patient: Patient, name: str, born: str | None) -> str:
    """One sentence naming what does not fit, for the person at the screen."""
    said = f"Said: {name}, born {show_date(born)}."
    return f"{said} The list says: {patient.name.listed}, born {show_date(patient.born)}."


def _words(name: PersonName) -> frozenset[str]:
    return _split(f"{name.family} {name.given}")


def _split(text: str) -> frozenset[str]:
    words = (PersonName(family=word).matching[0] for word in re.split(r"[\s,'’-]+", text))
    return frozenset(word for word in words if word)
