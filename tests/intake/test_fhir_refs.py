from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from intake.lists import (
    NHS,
    NUMBER,
    OTHER_NUMBER,
    Resource,
    appointment,
    bundle,
    names,
    patient,
    practitioner,
    read,
    read_bundle,
    reasons,
)

GRACE = patient()
AMRIT = patient("p2", OTHER_NUMBER, name=[{"family": "Singh", "given": ["Amrit"]}])
HERE = "https://elm.example/R4"
THERE = "https://oak.example/R4"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.json"


@pytest.mark.parametrize(
    "reference",
    [
        "Patient/p1",
        "Patient/p1/_history/3",
        f"{HERE}/Patient/p1",
        "HTTPS://ELM.example/R4/Patient/p1",
        f"{HERE}/Patient/p1/_history/2",
        f"Patient?identifier={NHS}|{NUMBER}",
        {"identifier": {"system": NHS, "value": "999 000 0018"}},
        {"type": "Patient", "identifier": {"system": NHS, "value": NUMBER}},
        {"reference": "Patient/unknown", "identifier": {"system": NHS, "value": NUMBER}},
    ],
)
def test_ways_to_name_one_patient(file: Path, reference: str | Resource) -> None:
    found = read_bundle(file, practitioner(), AMRIT, GRACE, appointment(of=reference))
    assert names(found) == ["OKONKWO, Grace (Mrs)"]


@pytest.mark.parametrize(
    "reference",
    [
        "Patient/p3",
        f"{THERE}/Patient/p1",
        "urn:uuid:00000000-0000-0000-0000-000000000000",
        "#p1",
        "Patient?identifier=x|y",
        "Patient?name=Grace",
        {"identifier": {"system": NHS, "value": "9990000034"}},
        {"identifier": {"system": "urn:other", "value": NUMBER}},
        {"type": "Patient", "display": "Grace Okonkwo"},
    ],
)
def test_a_patient_who_is_not_in_the_file_is_not_guessed(file: Path, reference: str | Resource) -> None:
    found = read_bundle(file, practitioner(), AMRIT, GRACE, appointment(of=reference))
    assert not found.appointments
    assert [field for _, field, _ in reasons(found)] in (["patient"], ["participants"])


def test_urn_uuid_by_full_url(file: Path) -> None:
    urns = {"Patient": "urn:uuid:AAAA-1", "Practitioner": "urn:uuid:bbbb-2", "Appointment": "urn:uuid:cccc-3"}
    visit = appointment(of="urn:uuid:aaaa-1", id=None)
    visit["participant"][1]["actor"] = {"reference": "urn:uuid:bbbb-2"}
    resources = [patient(id=None), practitioner(id=None), visit]
    entries = [{"fullUrl": urns[each["resourceType"]], "resource": each} for each in resources]
    found = read(file, json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}))
    assert names(found) == ["OKONKWO, Grace (Mrs)"]
    assert found.clinics[0].clinician == "Dr N Patel"
    entries[2]["fullUrl"] = "urn:uuid:dddd-4"  # another export of the same
    again = read(file, json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}))
    assert again.appointments == found.appointments


def test_a_contained_patient(file: Path) -> None:
    contained = [
        patient("me"),
        {"resourceType": "Practitioner", "id": "dr", "name": [{"text": "Dr A Jones"}]},
    ]
    visit = appointment(of="#me", contained=contained)
    visit["participant"][1]["actor"] = {"reference": "#dr"}
    found = read_bundle(file, visit)
    assert names(found) == ["OKONKWO, Grace (Mrs)"]
    assert found.clinics[0].clinician == "Dr A Jones"


def test_contained_patients_of_one_name_are_two_people(file: Path) -> None:
    """`#me` means another in each resource, so it is no identifier."""
    amrit = patient("me", None, name=[{"family": "Singh"}], birthDate="1965-09-03")
    grace = patient("me", None)
    found = read_bundle(
        file,
        practitioner(),
        appointment("a1", of="#me", contained=[grace]),
        appointment("a2", of="#me", contained=[amrit], start="2026-11-22T09:10:00Z"),
    )
    assert names(found) == ["OKONKWO, Grace (Mrs)", "SINGH"]
    assert found.appointments[0].patient.id != found.appointments[1].patient.id


def _on(server: str, resource: Resource) -> Resource:
    return {"fullUrl": f"{server}/{resource['resourceType']}/{resource['id']}", "resource": resource}


def _collection(*entries: Resource) -> str:
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


def test_a_relative_reference_means_its_own_server(file: Path) -> None:
    other = patient("p1", OTHER_NUMBER, name=[{"family": "Elsewhere"}])
    both = [_on(THERE, other), _on(HERE, GRACE), _on(HERE, practitioner())]
    found = read(file, _collection(*both, _on(HERE, appointment())))
    assert names(found) == ["OKONKWO, Grace (Mrs)"]
    found = read(file, _collection(*both, {"resource": appointment()}))
    assert not found.appointments  # without a server of its own it could mean either


def test_two_resources_of_one_id_that_differ_are_neither(file: Path) -> None:
    other = patient("p1", OTHER_NUMBER, name=[{"family": "Elsewhere"}])
    found = read_bundle(file, practitioner(), GRACE, other, appointment())
    assert reasons(found) == [
        ("entry 4 Appointment/a1", "patient", "is not in the file, or the reference could mean two")
    ]
    assert names(read_bundle(file, practitioner(), GRACE, GRACE, appointment())) == ["OKONKWO, Grace (Mrs)"]


def test_a_clinical_resource_of_another_server_is_not_this_patients(file: Path) -> None:
    allergy = {"resourceType": "AllergyIntolerance", "id": "g", "code": {"text": "nuts"}}
    entries = [_on(HERE, each) for each in (practitioner(), GRACE, appointment())]
    for server, reference, shown in (
        (HERE, "Patient/p1", "nuts"),
        (THERE, f"{THERE}/Patient/p1", "Not asked"),
    ):
        mine: dict[str, Any] = allergy | {"patient": {"reference": reference}}
        found = read(file, _collection(*entries, _on(server, mine)))
        assert found.appointments[0].patient.allergies_shown == shown


def test_malformed_references_are_no_reason_to_fall(file: Path) -> None:
    visit = appointment()
    visit["participant"].append({"actor": {"reference": "////", "display": "?"}, "status": "accepted"})
    assert len(read(file, json.dumps(bundle(practitioner(), GRACE, visit))).appointments) == 1
