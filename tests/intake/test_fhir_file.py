from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from intake.lists import (
    SHIPPED_LISTS,
    Resource,
    appointment,
    bundle,
    names,
    patient,
    practitioner,
    read,
    reasons,
    said,
)

WHOLE = (practitioner(), patient(), appointment())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.json"


@pytest.mark.parametrize("kind", ["searchset", "collection", "transaction", "batch", "batch-response"])
def test_kinds_of_bundle(file: Path, kind: str) -> None:
    assert len(read(file, json.dumps(bundle(*WHOLE, kind=kind))).appointments) == 1


def test_the_shipped_example(file: Path) -> None:
    found = read(file, (SHIPPED_LISTS / "bundle.json").read_bytes())
    assert names(found) == ["SINGH, Amrit", "OKONKWO, Grace"]
    assert found.appointments[1].patient.allergies_shown == "penicillin (rash)"
    assert [row for row, _, _ in reasons(found)] == ["entry 6 Appointment/a3"]
    assert said(found.notes, "other days", "23-Nov-2026 (1)")


def test_one_resource_a_line(file: Path) -> None:
    found = read(file, (SHIPPED_LISTS / "list.ndjson").read_bytes())
    assert names(found) == ["SINGH, Amrit", "OKONKWO, Grace"]
    ((row, field, reason),) = reasons(found)
    assert (row, field) == ("line 4", "line")
    assert "is not JSON" in reason
    assert not found.whole


def test_a_bad_line_is_set_aside(file: Path) -> None:
    lines = [json.dumps(each).encode() for each in WHOLE]
    found = read(file, b"\n".join([*lines, b"[1]", b"\xff", b'{"a": 1}', b""]))
    assert len(found.appointments) == 1
    assert [(row, reason) for row, _, reason in reasons(found)] == [
        ("line 4", "is not a FHIR resource"),
        ("line 5", "is not in UTF-8"),
        ("line 6", "is not a FHIR resource"),
    ]


def test_a_bundle_within_a_batchs_answer(file: Path) -> None:
    found = read(
        file, json.dumps(bundle(bundle(*WHOLE, appointment("a2", of="Patient/none")), kind="batch-response"))
    )
    assert len(found.appointments) == 1
    assert [row for row, _, _ in reasons(found)] == ["entry 1, entry 4 Appointment/a2"]


def test_bundles_too_deep_in_one_another_are_set_aside(file: Path) -> None:
    found = read(file, json.dumps(bundle(*WHOLE, bundle(bundle()))))
    assert len(found.appointments) == 1
    assert [reason for _, _, reason in reasons(found)] == ["is a FHIR Bundle that is no list"]


@pytest.mark.parametrize(
    "entry",
    [7, None, "x", {"resource": 7}, {"resource": {"id": "a"}}, {"resource": {"resourceType": 7}}],
)
def test_an_entry_that_is_no_resource_is_set_aside(file: Path, entry: Any) -> None:
    whole = bundle(*WHOLE)
    whole["entry"].append(entry)
    found = read(file, json.dumps(whole))
    assert len(found.appointments) == 1
    assert reasons(found) == [("entry 4", "entry", "is not a FHIR resource")]
    assert not found.whole


def test_an_entry_without_a_resource_is_nothing(file: Path) -> None:
    whole = bundle(*WHOLE)
    whole["entry"] += [{"request": {"method": "GET", "url": "x"}}, {}]
    found = read(file, json.dumps(whole))
    assert (len(found.appointments), found.rejected, found.notes) == (1, (), ())


def test_deletions_are_passed_over_with_a_note(file: Path) -> None:
    whole = bundle(*WHOLE, kind="transaction")
    whole["entry"].append({"request": {"method": "DELETE", "url": "Appointment/a1"}})
    whole["entry"].append({"request": {"method": "DELETE"}, "resource": appointment("a9")})
    found = read(file, json.dumps(whole))
    assert [row.id for row in found.appointments] == [
        row.id for row in read(file, json.dumps(bundle(*WHOLE))).appointments
    ]
    assert said(found.notes, "Deletions", "2")


def test_one_page_of_several_says_so_and_nothing_is_gone(file: Path) -> None:
    link = [{"relation": "self", "url": "x"}, {"relation": "next", "url": "y"}]
    found = read(file, json.dumps(bundle(*WHOLE) | {"link": link}))
    assert said(found.notes, "one page")
    assert not found.whole
    assert read(file, json.dumps(bundle(*WHOLE) | {"link": link[:1]})).whole


@pytest.mark.parametrize(
    ("issue", "words"),
    [
        ({"severity": "warning", "details": {"text": "3 left out"}}, "(warning): 3 left out"),
        ({"severity": "error", "diagnostics": "x\x1b[2Jy"}, "(error): xy"),
        ({"code": "incomplete"}, "(note): incomplete"),
    ],
)
def test_what_the_server_says_is_noted(file: Path, issue: Resource, words: str) -> None:
    outcome = {"resourceType": "OperationOutcome", "id": "o", "issue": [issue]}
    assert said(read(file, json.dumps(bundle(*WHOLE, outcome))).notes, words)


def test_a_file_without_appointments_says_so(file: Path) -> None:
    assert said(read(file, json.dumps(patient())).notes, "no appointments")


def test_a_resource_nested_without_end_costs_itself_alone(file: Path) -> None:
    deep = json.dumps(bundle(*WHOLE, appointment("a2", comment="DEEP")))
    found = read(file, deep.replace('"DEEP"', "[" * 900 + "]" * 900))
    assert [row.reason for row in found.rejected] in ([], ["is nested too deeply"])
    assert len(found.appointments) >= 1
