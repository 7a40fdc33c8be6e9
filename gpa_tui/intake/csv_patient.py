"""The patient of one CSV row."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gpa_tui.intake import allergies, needs
from gpa_tui.intake.column_map import ListField
from gpa_tui.intake.csv_row import Reading
from gpa_tui.intake.fields import (
    checked_born,
    checked_nhs_number,
    gender_of,
    person_name,
    short,
    whole_name,
)
from gpa_tui.intake.ids import patient_id
from gpa_tui.intake.spreadsheet import mended_nhs_number, read_date
from gpa_tui.records.patient import Gender, Need, Patient, PersonName


def patient_of(reading: Reading) -> Patient:
    """The patient with all that the row says of them. Raises `BadField`."""
    practice = reading.listing.practice
    name, number, born = _name(reading), _nhs_number(reading), _born(reading)
    deceased, died = _death(reading)
    state, recorded = allergies.in_words(_entries(reading.raw(ListField.ALLERGIES)))
    return Patient(
        id=patient_id(practice, number, reading.identifier(ListField.PATIENT_ID), name.matching, born or ""),
        name=name,
        born=born,
        deceased=deceased,
        died=died,
        gender=_gender(reading),
        nhs_number=number,
        allergy_state=state,
        allergies=recorded,
        needs=needs.without_repeats(_needs(reading)),
        medicines=tuple(dict.fromkeys(_entries(reading.raw(ListField.MEDICINES)))),
    )


def _name(reading: Reading) -> PersonName:
    family = reading.text(ListField.FAMILY)
    given = f"{reading.text(ListField.GIVEN)} {reading.text(ListField.MIDDLE)}".strip()
    if family or given:
        return person_name(family, given, reading.text(ListField.TITLE))
    return whole_name(reading.text(ListField.NAME))


def _nhs_number(reading: Reading) -> str | None:
    if not reading.text(ListField.NHS_NUMBER):
        return None
    number = reading.parsed(ListField.NHS_NUMBER, mended_nhs_number)
    return checked_nhs_number(number, demo=reading.listing.demo)


def _born(reading: Reading) -> str | None:
    if not reading.text(ListField.BORN):
        return None
    formats = reading.layout.chosen.dates
    day = reading.parsed(ListField.BORN, lambda text: read_date(text, formats))
    return checked_born(day, reading.listing.on)


def _death(reading: Reading) -> tuple[bool, str | None]:
    """Whether they have died, and when, where the list says so. Raises `BadField` for what is neither."""
    word = reading.text(ListField.DECEASED).casefold()
    if word in {"", "no", "n", "false", "0"}:
        return False, None
    if word in {"yes", "y", "true", "1", "deceased"}:
        return True, None
    formats = reading.layout.chosen.dates
    day = reading.parsed(ListField.DECEASED, lambda text: read_date(text, formats))
    return True, checked_born(day, reading.listing.on, "date of death")


def _needs(reading: Reading) -> Iterator[Need]:
    for words in _entries(reading.raw(ListField.NEEDS)):
        if needs.is_safeguarding(words):
            reading.listing.counts[needs.SAFEGUARDING_NOT_SHOWN] += 1
        elif (need := needs.need("", words)) is not None:
            yield need


def _gender(reading: Reading) -> Gender:
    word = reading.text(ListField.GENDER)
    gender = gender_of(word)
    if gender is None:
        reading.listing.counts[f"Gender not known here: “{short(word, 40)}”"] += 1
    return gender or Gender.UNKNOWN


def _entries(text: str) -> list[str]:
    """The entries of a cell that holds several: apart by ";", "|" or a line break."""
    return [entry for part in re.split(r"[;|\r\n]", text) if (entry := short(part))]
