from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from intake.lists import (
    NHS,
    NUMBER,
    OTHER_NUMBER,
    appointment,
    patient,
    practitioner,
    read_bundle,
    reasons,
    said,
)

from gpa_tui.intake.daylist import DayList
from gpa_tui.records.patient import Gender, Patient

UK_CORE = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-"
INTERPRETER = {
    "url": "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired",
    "valueBoolean": True,
}
POLISH = {"coding": [{"system": "urn:ietf:bcp:47", "code": "pl"}]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.json"


def listed(file: Path, demo: bool = True, **changes: Any) -> DayList:
    return read_bundle(file, practitioner(), patient(**changes), appointment(), demo=demo)


def only(file: Path, **changes: Any) -> Patient:
    found = listed(file, **changes)
    assert not found.rejected
    return found.appointments[0].patient


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([{"family": "B", "use": "usual"}, {"family": "A", "use": "official"}], "A"),
        ([{"family": "B"}, {"family": "A", "use": "usual"}], "A"),
        ([{"family": "B", "use": "nickname"}, {"family": "A"}], "A"),
        ([{"family": "B", "use": "old"}, {"family": "A", "use": "nickname"}], "A"),
        (
            [{"family": "B", "use": "official", "period": {"end": "2020"}}, {"family": "A", "use": "temp"}],
            "A",
        ),
        ([{"family": "A", "use": "official", "period": {"end": "2026-11-22"}}, {"family": "B"}], "A"),
        ([{"family": "A", "use": "something new"}], "A"),
        ([{"given": ["Suryani"]}], "SURYANI"),
        ([{"family": "Okonkwo", "given": ["Grace", "Ada"], "prefix": ["Mrs"]}], "OKONKWO, Grace Ada (Mrs)"),
        ([{"text": "OKONKWO, Grace (Mrs)"}], "OKONKWO, Grace (Mrs)"),
        ([{"family": "A", "given": ["G", None], "_given": [None, {"id": "x"}]}], "A, G"),
    ],
)
def test_which_name_is_shown(file: Path, names: list[Any], shown: str) -> None:
    assert only(file, name=names).name.listed == shown


@pytest.mark.parametrize(
    "names",
    [None, [], [{"use": "official"}], [{"family": "A", "use": "old"}], [{"family": "A", "use": "anonymous"}]],
)
def test_without_a_name_to_show_the_row_is_set_aside(file: Path, names: list[Any] | None) -> None:
    assert reasons(listed(file, name=names)) == [("entry 3 Appointment/a1", "name", "there is no name")]


def _identified(*identifiers: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"system": NHS, "value": NUMBER} | each for each in identifiers]


@pytest.mark.parametrize(
    ("identifiers", "number"),
    [
        (_identified({}), NUMBER),
        (_identified({"value": "999 000 0018"}), NUMBER),
        (_identified({}, {"value": "999 000 0018"}), NUMBER),
        (_identified({}, {"value": OTHER_NUMBER, "use": "old"}), NUMBER),
        (_identified({}, {"value": OTHER_NUMBER, "period": {"end": "2026-11-21"}}), NUMBER),
        (_identified({"system": "urn:local", "value": "7"}), None),
        (_identified({"value": None}), None),
        (None, None),
    ],
)
def test_nhs_numbers(file: Path, identifiers: list[dict[str, Any]] | None, number: str | None) -> None:
    assert only(file, identifier=identifiers).nhs_number == number


@pytest.mark.parametrize(
    ("identifiers", "demo", "reason"),
    [
        (_identified({"value": "9990000019"}), True, "last digit"),
        (_identified({"value": "9999999999"}), True, "same digit"),
        (_identified({}, {"value": OTHER_NUMBER}), True, "there are two"),
        (_identified({}), False, "made up"),
        (_identified({"value": "9434765919"}), True, "made-up numbers only"),
    ],
)
def test_nhs_numbers_that_set_the_row_aside(
    file: Path, identifiers: list[dict[str, Any]], demo: bool, reason: str
) -> None:
    ((row, field, why),) = reasons(listed(file, demo=demo, identifier=identifiers))
    assert (row, field) == ("entry 3 Appointment/a1", "NHS number")
    assert reason in why


@pytest.mark.parametrize("born", ["1954-04-12", "1954-04", "1954", None])
def test_birth_dates_may_be_partial_or_absent(file: Path, born: str | None) -> None:
    assert only(file, birthDate=born).born == born


@pytest.mark.parametrize("born", ["12/04/1954", "1954-02-31", "1954-13", "2027", "1890-01-01", "", 1954, 0])
def test_birth_dates_that_set_the_row_aside(file: Path, born: Any) -> None:
    assert [field for _, field, _ in reasons(listed(file, birthDate=born))] == ["birth date"]


@pytest.mark.parametrize(
    ("word", "gender"), [("male", Gender.MALE), ("other", Gender.OTHER), (None, Gender.UNKNOWN)]
)
def test_gender(file: Path, word: str | None, gender: Gender) -> None:
    assert only(file, gender=word).gender is gender


def test_a_gender_that_is_not_known_is_noted(file: Path) -> None:
    found = listed(file, gender="fe\x1b[2Jmail")
    assert found.appointments[0].patient.gender is Gender.UNKNOWN
    assert said(found.notes, "femail")


def test_a_patient_recorded_as_dead_is_noted(file: Path) -> None:
    assert said(listed(file, deceasedBoolean=True).notes, "Patient/p1", "died")
    assert said(listed(file, deceasedDateTime="2026-01-01").notes, "Patient/p1", "died")
    assert not listed(file, deceasedBoolean=False).notes


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"deceasedBoolean": True}, "date not known"),
        ({"deceasedDateTime": "2026-01-01T10:00:00Z"}, "01-Jan-2026 (71y)"),
        ({"deceasedDateTime": "2025"}, "2025"),
        ({"deceasedBoolean": False}, ""),
        ({}, ""),
    ],
)
def test_that_somebody_has_died_is_kept_with_the_date(file: Path, given: dict[str, Any], shown: str) -> None:
    (row,) = listed(file, birthDate="1954-04-12", **given).appointments
    assert row.patient.died_shown == shown


@pytest.mark.parametrize(
    ("changes", "needs"),
    [
        ({"extension": [INTERPRETER]}, [("interpreter", "INT")]),
        (
            {"extension": [INTERPRETER], "communication": [{"language": POLISH, "preferred": True}]},
            [("Polish interpreter", "PL")],
        ),
        (
            {
                "extension": [INTERPRETER],
                "communication": [
                    {"language": {"coding": [{"code": "en"}]}},
                    {"language": POLISH, "preferred": True},
                ],
            },
            [("Polish interpreter", "PL")],
        ),
        ({"extension": [INTERPRETER | {"valueBoolean": False}], "communication": [{"language": POLISH}]}, []),
        ({"communication": [{"language": POLISH, "preferred": True}]}, []),
        (
            {"communication": [{"language": POLISH, "extension": [INTERPRETER]}]},
            [("Polish interpreter", "PL")],
        ),
        (
            {
                "extension": [
                    {
                        "url": f"{UK_CORE}NHSCommunication",
                        "extension": [
                            {"url": "language", "valueCodeableConcept": {"coding": [{"code": "q4"}]}},
                            {"url": "interpreterRequired", "valueBoolean": True},
                        ],
                    }
                ]
            },
            [("BSL interpreter", "BSL")],
        ),
        (
            {
                "extension": [
                    {
                        "url": f"{UK_CORE}ContactPreference",
                        "extension": [
                            {
                                "url": "PreferredWrittenCommunicationFormat",
                                "valueCodeableConcept": {"coding": [{"code": "11"}]},
                            },
                            {
                                "url": "PreferredContactMethod",
                                "valueCodeableConcept": {"coding": [{"code": "7"}]},
                            },
                        ],
                    }
                ]
            },
            [("large print", "LP"), ("sign language", "SIGN")],
        ),
        ({"extension": [{"url": "https://other.example/x", "valueString": "y"}]}, []),
    ],
)
def test_needs_that_the_patient_carries(
    file: Path, changes: dict[str, Any], needs: list[tuple[str, str]]
) -> None:
    assert [(need.text, need.mark) for need in only(file, **changes).needs] == needs


@pytest.mark.parametrize(
    "changes",
    [
        {"photo": "not a list"},
        {"contact": [{"name": 7}]},
        {"address": [{"nonsense": 1}]},
        {"text": {"status": "odd", "div": "<p>unclosed"}},
        {"meta": {"lastUpdated": "yesterday"}},
        {"contained": [{"resourceType": "Unheard"}]},
        {"id": "p1", "managingOrganization": []},
    ],
)
def test_parts_that_are_not_used_cost_nothing(file: Path, changes: dict[str, Any]) -> None:
    found = listed(file, **changes)
    assert len(found.appointments) == 1
    assert not found.rejected
    assert not found.notes


@pytest.mark.parametrize(
    "changes",
    [
        {"communication": [{"preferred": "perhaps"}]},
        {"extension": [{"valueBoolean": True}, INTERPRETER]},
        {"extension": [INTERPRETER | {"valueFuture": 1}]},
        {"name": [{"family": "Okonkwo", "nonsense": 1}]},
        {"gender": 7},
    ],
)
def test_parts_that_can_be_done_without_are_passed_over_and_counted(
    file: Path, changes: dict[str, Any]
) -> None:
    found = listed(file, **changes)
    assert len(found.appointments) == 1
    assert said(found.notes, "not valid FHIR R4, passed over")
    marks = [need.mark for need in found.appointments[0].patient.needs]
    assert marks == (["INT"] if str(changes).count("patient-interpreterRequired") else [])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "Grace"}, "name"),
        ({"name": [{"family": 7}]}, "name"),
        ({"identifier": [{"system": NHS, "value": 9990000018}]}, "NHS number"),
        ({"modifierExtension": [{"url": "x", "valueBoolean": True}]}, "modifier extension"),
        ({"implicitRules": "https://rules.example"}, "modifier extension"),
        ({"extension": [{}] * 60}, "resource"),
    ],
)
def test_parts_that_cannot_be_done_without_set_the_row_aside(
    file: Path, changes: dict[str, Any], field: str
) -> None:
    assert [(row, named) for row, named, _ in reasons(listed(file, **changes))] == [
        ("entry 3 Appointment/a1", field)
    ]
