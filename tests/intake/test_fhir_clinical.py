from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from intake.lists import (
    Resource,
    about,
    appointment,
    coded,
    patient,
    practitioner,
    read_bundle,
    reasons,
    said,
)

from gpa_tui.intake.daylist import DayList
from gpa_tui.records.patient import AllergyState, Patient


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.json"


def with_(file: Path, *resources: Resource) -> DayList:
    return read_bundle(file, practitioner(), patient(), appointment(), *resources)


def patient_with(file: Path, *resources: Resource) -> Patient:
    return with_(file, *resources).appointments[0].patient


def allergy(text: str = "penicillin", identifier: str = "g1", **changes: Any) -> Resource:
    return about("AllergyIntolerance", identifier, **({"code": {"text": text}} | changes))


def status(code: str) -> Resource:
    return {"coding": [{"code": code}]}


NONE = coded("716186003", "No known allergy")


@pytest.mark.parametrize(
    ("resources", "state", "shown"),
    [
        ([], AllergyState.NOT_ASKED, "Not asked"),
        ([allergy(code=NONE)], AllergyState.NONE_KNOWN, "none known"),
        ([allergy(code=coded("no-known-allergies"))], AllergyState.NONE_KNOWN, "none known"),
        ([allergy(code=coded("no-allergy-info"))], AllergyState.NOT_ASKED, "Not asked"),
        ([allergy(code=coded("409137002"))], AllergyState.NONE_KNOWN, "no known drug allergy"),
        ([allergy(code=NONE, verificationStatus=status("refuted"))], AllergyState.NOT_ASKED, "Not asked"),
        ([allergy(), allergy(identifier="g2", code=NONE)], AllergyState.RECORDED, "penicillin"),
        ([allergy(), allergy(identifier="g2")], AllergyState.RECORDED, "penicillin"),
        ([allergy(), allergy("latex", "g2")], AllergyState.RECORDED, "penicillin, latex"),
        ([allergy(clinicalStatus=status("active"))], AllergyState.RECORDED, "penicillin"),
        ([allergy(clinicalStatus=status("inactive"))], AllergyState.NOT_ASKED, "Not asked"),
        ([allergy(clinicalStatus=status("resolved"))], AllergyState.NOT_ASKED, "Not asked"),
        ([allergy(verificationStatus=status("unconfirmed"))], AllergyState.RECORDED, "penicillin"),
        ([allergy(verificationStatus=status("refuted"))], AllergyState.NOT_ASKED, "Not asked"),
        ([allergy(verificationStatus=status("entered-in-error"))], AllergyState.NOT_ASKED, "Not asked"),
        (
            [allergy(code={"coding": [{"code": "91936005", "display": "Allergy to penicillin"}]})],
            AllergyState.RECORDED,
            "Allergy to penicillin",
        ),
        (
            [allergy(reaction=[{"manifestation": [{"text": "rash"}, {"text": "rash"}, {"text": "wheeze"}]}])],
            AllergyState.RECORDED,
            "penicillin (rash, wheeze)",
        ),
        ([allergy(reaction=[{"severity": 7}])], AllergyState.RECORDED, "penicillin"),
    ],
)
def test_allergies(file: Path, resources: list[Resource], state: AllergyState, shown: str) -> None:
    found = patient_with(file, *resources)
    assert (found.allergy_state, found.allergies_shown) == (state, shown)


@pytest.mark.parametrize(
    "broken",
    [
        allergy(code={}),
        allergy(code=7),
        allergy(code=coded("1234")),
        allergy(clinicalStatus="active"),
        allergy(modifierExtension=[{"url": "x", "valueBoolean": True}]),
    ],
)
def test_an_allergy_that_cannot_be_read_never_looks_like_none(file: Path, broken: Resource) -> None:
    found = with_(file, broken, allergy(identifier="g2", code=NONE))
    patient = found.appointments[0].patient
    assert patient.allergy_state is AllergyState.RECORDED
    assert "could not be read" in patient.allergies_shown
    assert [row for row, _, _ in reasons(found)] == ["entry 4 AllergyIntolerance/g1"]
    assert found.whole  # the appointment itself was read


def flag(code: Resource, **changes: Any) -> Resource:
    return about("Flag", **({"status": "active", "code": code} | changes))


@pytest.mark.parametrize(
    ("resource", "needs"),
    [
        (flag(coded("285055002")), [("hearing aid", "HA")]),
        (flag(coded("957331000000109")), [("large print", "LP")]),
        (flag(coded("1108191000000103")), [("wheelchair", "WC")]),
        (flag(coded("204331000000107")), [("BSL interpreter", "BSL")]),
        (flag(coded("203901000000102")), [("Polish interpreter", "PL")]),
        (flag({"text": "Chaperone requested"}), [("Chaperone requested", "CH")]),
        (flag(coded("999", "Sits near the door")), [("Sits near the door", "")]),
        (
            flag({"coding": [{"code": "999", "display": "x"}, {"code": "285055002"}]}),
            [("hearing aid", "HA")],
        ),
        (flag(coded("285055002"), status="inactive"), []),
        (flag(coded("285055002"), status="entered-in-error"), []),
        (flag(coded("285055002"), period={"end": "2026-11-21"}), []),
        (flag(coded("285055002"), period={"end": "2026-10"}), []),
        (flag(coded("285055002"), period={"end": "2026-11-22"}), [("hearing aid", "HA")]),
        (flag(coded("285055002"), period={"end": "2026"}), [("hearing aid", "HA")]),
    ],
)
def test_active_flags_are_needs(file: Path, resource: Resource, needs: list[tuple[str, str]]) -> None:
    assert [(need.text, need.mark) for need in patient_with(file, resource).needs] == needs


def test_two_flags_of_one_need_are_one(file: Path) -> None:
    first, second = flag(coded("203901000000102")), flag({"text": "Polish interpreter"}, id="x2")
    assert [need.mark for need in patient_with(file, first, second).needs] == ["PL"]


@pytest.mark.parametrize(
    "resource",
    [
        flag({"text": "Safeguarding concern"}),
        flag(coded("342191000000101")),
        flag({"text": "See notes"}, category=[{"text": "Child protection"}]),
        flag({"text": "Domestic abuse"}, status="nonsense"),
    ],
)
def test_a_safeguarding_flag_is_counted_and_nothing_of_it_shown(file: Path, resource: Resource) -> None:
    found = with_(file, resource)
    assert not found.appointments[0].patient.needs
    assert not found.rejected
    assert said(found.notes, "Safeguarding flags are not shown here", "1")


def test_a_flag_that_cannot_be_read_is_set_aside_alone(file: Path) -> None:
    found = with_(file, flag(coded("1"), status="raised"), flag({}, id="x2"), flag(coded("1"), id="x3"))
    assert reasons(found) == [("entry 4 Flag/x1", "status", "“raised” is not a flag's status")]
    assert len(found.appointments) == 1
    assert said(found.notes, "Flags without words", "2")


def medicine(kind: str = "MedicationStatement", **changes: Any) -> Resource:
    first: Resource = {"status": "active", "medicationCodeableConcept": {"text": "amlodipine 5 mg"}}
    if kind == "MedicationRequest":
        first["intent"] = "order"
    return about(kind, **(first | changes))


@pytest.mark.parametrize(
    ("resource", "shown"),
    [
        (medicine(), ("amlodipine 5 mg",)),
        (medicine(dosage=[{"text": "one a day"}]), ("amlodipine 5 mg, one a day",)),
        (medicine(status="on-hold"), ("amlodipine 5 mg (on hold)",)),
        (medicine(status="completed"), ()),
        (medicine(status="entered-in-error"), ()),
        (medicine("MedicationRequest"), ("amlodipine 5 mg",)),
        (
            medicine("MedicationRequest", dosageInstruction=[{"text": "at night"}]),
            ("amlodipine 5 mg, at night",),
        ),
        (medicine("MedicationRequest", intent="proposal"), ()),
        (medicine("MedicationRequest", status="stopped"), ()),
        (
            medicine(medicationCodeableConcept=None, medicationReference={"reference": "Medication/m"}),
            ("ramipril 5 mg",),
        ),
        (
            medicine(medicationCodeableConcept=None, medicationReference={"display": "ramipril 10 mg"}),
            ("ramipril 10 mg",),
        ),
        (
            medicine(
                medicationCodeableConcept=None,
                medicationReference={"reference": "#m"},
                contained=[{"resourceType": "Medication", "id": "m", "code": {"text": "ramipril 2.5 mg"}}],
            ),
            ("ramipril 2.5 mg",),
        ),
    ],
)
def test_medicines(file: Path, resource: Resource, shown: tuple[str, ...]) -> None:
    medication = {"resourceType": "Medication", "id": "m", "code": {"text": "ramipril 5 mg"}}
    assert patient_with(file, resource, medication).medicines == shown


@pytest.mark.parametrize(
    "resource",
    [
        medicine(medicationCodeableConcept=None),
        medicine(medicationCodeableConcept={}),
        medicine(status=7),
        medicine("MedicationRequest", intent=None),
    ],
)
def test_a_medicine_that_cannot_be_read_shows_that_there_is_one(file: Path, resource: Resource) -> None:
    found = with_(file, resource)
    assert "could not be read" in found.appointments[0].patient.medicines[0]
    assert len(found.rejected) == 1


def test_the_list_says_what_it_speaks_of(file: Path) -> None:
    assert with_(file).carries == ()
    assert with_(file, allergy()).carries == ("allergies",)
    assert with_(file, flag(coded("1")), medicine(id="x2")).carries == ("medicines", "needs")


def test_what_is_of_nobody_in_the_file_is_noted(file: Path) -> None:
    found = with_(file, allergy(patient={"reference": "Patient/other"}))
    assert said(found.notes, "AllergyIntolerance of nobody in the file", "1")
    assert found.appointments[0].patient.allergy_state is AllergyState.NOT_ASKED


def test_each_entry_that_cannot_be_read_is_set_aside_once(file: Path) -> None:
    second = appointment("a2", start="2026-11-22T09:30:00Z")
    found = with_(file, second, allergy(code={}))
    assert len(found.appointments) == 2
    assert len(found.rejected) == 1
