"""A patient's banner words: name, allergies, NHS number; and the name as it is compared."""

from __future__ import annotations

import pytest
from clinic import a_patient

from gpa_tui.records.patient import Allergy, AllergyState, PersonName


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        (PersonName(family="Okonkwo", given="Grace", title="Mrs"), "OKONKWO, Grace (Mrs)"),
        (PersonName(family="Okonkwo", given="Grace"), "OKONKWO, Grace"),
        (PersonName(family="Suharto"), "SUHARTO"),
        (PersonName(family="Suharto", title="Mr"), "SUHARTO (Mr)"),
        (PersonName(family="Weiß", given="Zoë"), "WEISS, Zoë"),
    ],
)
def test_a_name_is_listed_family_name_first(name: PersonName, listed: str) -> None:
    assert name.listed == listed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("O'Brien", "Seán"), ("OBRIEN", "sean")),
        (("Smith-Jones", "Ann Marie"), ("Smith Jones", "ann")),
        (("Núñez", "José"), ("nunez", "jose")),
        (("Weiß", "Jo"), ("Weiss", "JO")),
        (("Suharto", ""), ("suharto", "")),
    ],
)
def test_names_that_differ_in_accents_case_and_joins_match(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    first, second = (PersonName(family=family, given=given) for family, given in (one, other))
    assert first.matching == second.matching


def test_names_that_differ_in_a_letter_do_not_match() -> None:
    assert (
        PersonName(family="Smith", given="Jon").matching != PersonName(family="Smyth", given="Jon").matching
    )


@pytest.mark.parametrize(
    ("state", "allergies", "shown"),
    [
        (AllergyState.NOT_ASKED, (), "Not asked"),
        (AllergyState.NONE_KNOWN, (), "none known"),
        (AllergyState.RECORDED, (Allergy(substance="penicillin"),), "penicillin"),
        (
            AllergyState.RECORDED,
            (Allergy(substance="penicillin", reaction="rash"), Allergy(substance="latex")),
            "penicillin (rash), latex",
        ),
    ],
)
def test_not_asked_and_none_known_are_different_words(
    state: AllergyState, allergies: tuple[Allergy, ...], shown: str
) -> None:
    assert a_patient(allergy_state=state, allergies=allergies).allergies_shown == shown


def test_an_allergy_is_shown_whatever_the_state_says() -> None:
    patient = a_patient(allergy_state=AllergyState.NONE_KNOWN, allergies=(Allergy(substance="latex"),))
    assert patient.allergies_shown == "latex"


def test_recorded_allergies_are_never_shown_as_not_asked() -> None:
    patient = a_patient(allergy_state=AllergyState.RECORDED, allergies=())
    assert patient.allergies_shown != "Not asked"


def test_an_nhs_number_is_shown_3_3_4() -> None:
    assert a_patient().nhs_number_shown == "999 000 0018"
    assert a_patient(nhs_number=None).nhs_number_shown == "Not known"
