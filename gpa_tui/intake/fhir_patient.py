"""A FHIR Patient, UK Core or plain R4: name, NHS number, birth date, and the needs it carries itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from gpa_tui.intake import needs
from gpa_tui.intake.fhir_file import Entry
from gpa_tui.intake.fhir_model import checked
from gpa_tui.intake.fhir_words import (
    NHS_NUMBER_SYSTEMS,
    best_name,
    codes,
    ended,
    extensions,
    given_names,
    prefix,
    words,
)
from gpa_tui.intake.fields import (
    BadField,
    checked_born,
    checked_nhs_number,
    gender_of,
    person_name,
    short,
    tidy,
    whole_name,
)
from gpa_tui.intake.ids import patient_id
from gpa_tui.intake.listing import Listing
from gpa_tui.records.patient import Gender, Need, Patient, PersonName

if TYPE_CHECKING:
    from fhir.resources.R4B.codeableconcept import CodeableConcept
    from fhir.resources.R4B.patient import Patient as FhirPatient


def patient_of(entry: Entry, listing: Listing) -> Patient:
    """The patient without allergies, flags and medicines. Raises `BadField`."""
    from fhir.resources.R4B.patient import Patient as FhirPatient

    found = checked(FhirPatient, entry.raw, listing)
    name = _name(found, listing.on)
    number = _nhs_number(found, listing)
    born = _born(found, listing.on)
    deceased = bool(found.deceasedBoolean or found.deceasedDateTime)
    if deceased:
        listing.notes.append(f"{entry.row} is recorded as having died: check with the practice.")
    # An identifier inside another resource says nothing outside it.
    key = entry.id if entry.holder is None else ""
    return Patient(
        id=patient_id(listing.practice, number, key, name.matching, born or ""),
        name=name,
        born=born,
        deceased=deceased,
        died=str(found.deceasedDateTime)[:10] if found.deceasedDateTime else None,
        gender=_gender(found, listing),
        nhs_number=number,
        needs=needs.without_repeats(_needs(found)),
    )


def _name(found: FhirPatient, on: date) -> PersonName:
    name = best_name(found.name, on)
    if name is None:
        raise BadField("name", "there is no name")
    if name.family or name.given:
        return person_name(name.family or "", given_names(name), prefix(name))
    return whole_name(name.text or "")


def _nhs_number(found: FhirPatient, listing: Listing) -> str | None:
    given = {
        "".join(tidy(each.value).split())
        for each in found.identifier or ()
        if each.system and each.system.casefold().rstrip("/") in NHS_NUMBER_SYSTEMS
        if each.value and each.use != "old" and not ended(each.period, listing.on)
    }
    if len(given) > 1:
        raise BadField("NHS number", "there are two, and neither is marked as old")
    return checked_nhs_number("".join(given), demo=listing.demo)


def _born(found: FhirPatient, on: date) -> str | None:
    """As FHIR has it: a date, or a year with or without its month."""
    born = found.birthDate
    if born is None:
        return None
    if isinstance(born, date):
        return checked_born(born, on)
    partial = str(born)
    try:
        checked_born(date.fromisoformat(f"{partial}-01-01"[:10]), on)
    except ValueError as error:
        raise BadField("birth date", "is not a date such as 1954-04-12") from error
    return partial


def _gender(found: FhirPatient, listing: Listing) -> Gender:
    gender = gender_of(found.gender or "")
    if gender is None:
        listing.counts[f"Gender not known here: “{short(found.gender or '', 40)}”"] += 1
    return gender or Gender.UNKNOWN


def _needs(found: FhirPatient) -> Iterator[Need]:
    """An interpreter, and what the UK Core contact preference asks for."""
    if any(each.valueBoolean for each in extensions(found.extension, "interpreterrequired")):
        spoken = sorted(found.communication or [], key=lambda each: not each.preferred)
        yield _interpreter(spoken[0].language if spoken else None)
    for each in found.communication or ():
        if any(mark.valueBoolean for mark in extensions(each.extension, "interpreterrequired")):
            yield _interpreter(each.language)
    # Retired in UK Core, and still sent.
    for older in extensions(found.extension, "-nhscommunication"):
        if any(part.valueBoolean for part in extensions(older.extension, "interpreterrequired")):
            language = next(iter(extensions(older.extension, "language")), None)
            yield _interpreter(language.valueCodeableConcept if language else None)
    for wish in extensions(found.extension, "-contactpreference"):
        for part in extensions(wish.extension, "preferredwrittencommunicationformat"):
            for code in codes(part.valueCodeableConcept):
                if code in needs.WRITTEN_FORMATS:
                    text, mark = needs.WRITTEN_FORMATS[code]
                    yield Need(text=text, mark=mark)
        for part in extensions(wish.extension, "preferredcontactmethod"):
            if needs.SIGN_LANGUAGE_METHOD in codes(part.valueCodeableConcept):
                yield Need(text="sign language", mark="SIGN")


def _interpreter(language: CodeableConcept | None) -> Need:
    return needs.interpreter(next(iter(codes(language)), ""), words(language))
