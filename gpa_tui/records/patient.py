"""A patient as the list gave them: name, birth date, identifiers, allergies, needs, medicines."""

from __future__ import annotations

import unicodedata
from datetime import date
from enum import StrEnum
from functools import lru_cache

from gpa_tui.records.base import PartialDate, PatientId, Record, show_age, show_date


class Gender(StrEnum):
    """Administrative gender, HL7 FHIR R4 value set `administrative-gender`."""

    MALE = "male"
    FEMALE = "female"
    OTHER = "other"
    UNKNOWN = "unknown"


class PersonName(Record):
    """A person's name in parts; someone with one name has it in `family` alone."""

    family: str
    given: str = ""
    title: str = ""

    @property
    def listed(self) -> str:
        """NHS CUI order, family name in capitals: `OKONKWO, Grace (Mrs)`."""
        shown = self.family.upper()
        if self.given:
            shown += f", {self.given}"
        return f"{shown} ({self.title})" if self.title else shown

    @property
    def matching(self) -> tuple[str, str]:
        """Family and first given name folded for comparison: case, accents, hyphens and blanks drop out."""
        first = self.given.split()[0] if self.given else ""
        return _folded(self.family), _folded(first)


_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t", "ı": "i"}
)
"""Latin letters that Unicode does not take apart into a plain letter and a mark."""


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN)
    return "".join(char for char in plain if char.isalnum() and unicodedata.category(char) != "Lm")


class AllergyState(StrEnum):
    """What is known; `not asked` is a state of its own (NHS CUI patient banner)."""

    NOT_ASKED = "not asked"
    NONE_KNOWN = "none known"
    RECORDED = "recorded"


class Allergy(Record):
    """One allergy or intolerance as the list gave it."""

    substance: str
    reaction: str = ""

    @property
    def shown(self) -> str:
        return f"{self.substance} ({self.reaction})" if self.reaction else self.substance


class Need(Record):
    """A communication, access or care need. `mark` is what the day list shows in at most four letters."""

    text: str
    mark: str = ""
    code: str = ""  # SNOMED CT where the list gave one


class Patient(Record):
    """What is known of a patient from the list; a newer list replaces it whole."""

    id: PatientId
    name: PersonName
    born: PartialDate | None = None
    deceased: bool = False
    died: PartialDate | None = None  # where the list says when
    gender: Gender = Gender.UNKNOWN
    nhs_number: str | None = None  # ten digits, checked
    allergy_state: AllergyState = AllergyState.NOT_ASKED
    allergies: tuple[Allergy, ...] = ()
    needs: tuple[Need, ...] = ()
    medicines: tuple[str, ...] = ()

    @property
    def who(self) -> tuple[object, ...]:
        """What makes it this patient and no other."""
        return self.id, self.name.matching, self.born, self.nhs_number

    @property
    def died_shown(self) -> str:
        """The banner's words for somebody who has died, else empty: the date, and the age they came to."""
        if not self.deceased:
            return ""
        if self.died is None:
            return "date not known"
        age = (
            show_age(self.born, date.fromisoformat(self.died)) if len(self.died) == len("2026-11-22") else ""
        )
        return f"{show_date(self.died)}{f' ({age})' if age else ''}"

    @property
    def allergies_shown(self) -> str:
        """The banner's words: each allergy, `none known`, or `Not asked`."""
        if self.allergies:
            return ", ".join(allergy.shown for allergy in self.allergies)
        words = {
            AllergyState.NOT_ASKED: "Not asked",
            AllergyState.NONE_KNOWN: "none known",
            AllergyState.RECORDED: "recorded, but not named here: ask",
        }
        return words[self.allergy_state]

    @property
    def nhs_number_shown(self) -> str:
        """`999 000 0018`, or `Not known`."""
        number = self.nhs_number
        return f"{number[:3]} {number[3:6]} {number[6:]}" if number else "Not known"
