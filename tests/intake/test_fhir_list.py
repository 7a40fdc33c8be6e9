from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intake.lists import (
    OTHER_NUMBER,
    Resource,
    appointment,
    bundle,
    controls_in,
    names,
    patient,
    practitioner,
    read,
    read_bundle,
    reasons,
    said,
)

from gpa_tui.errors import IntakeError
from gpa_tui.intake.daylist import DayList
from gpa_tui.records.appointment import Mode


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.json"


def listed(file: Path, *others: Resource, on: date = date(2026, 11, 22), **changes: Any) -> DayList:
    return read_bundle(file, practitioner(), patient(), appointment(**changes), *others, on=on)


def test_a_whole_appointment(file: Path) -> None:
    room = {"resourceType": "Location", "id": "r2", "name": "Room 2"}
    visit = appointment(minutesDuration=15, reasonCode=[{"text": "Back pain"}])
    visit["participant"].append({"actor": {"reference": "Location/r2"}, "status": "accepted"})
    found = read_bundle(file, practitioner(), patient(), room, visit)
    (row,) = found.appointments
    (clinic,) = found.clinics
    assert (clinic.clinician, clinic.session, clinic.location) == ("Dr N Patel", "morning", "Room 2")
    assert row.start == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert (row.minutes, row.reason, row.mode, row.cancelled) == (15, "Back pain", Mode.IN_PERSON, False)
    assert (found.rejected, found.notes, found.whole) == ((), (), True)


@pytest.mark.parametrize(
    ("status", "cancelled"),
    [
        ("booked", False),
        ("arrived", False),
        ("checked-in", False),
        ("fulfilled", False),
        ("pending", False),
        ("noshow", False),
        ("cancelled", True),
    ],
)
def test_statuses_that_are_listed(file: Path, status: str, cancelled: bool) -> None:
    assert [row.cancelled for row in listed(file, status=status).appointments] == [cancelled]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("proposed", "Proposed or waiting"),
        ("waitlist", "Proposed or waiting"),
        ("entered-in-error", "Entered in error"),
    ],
)
def test_statuses_that_are_left_out_and_counted(file: Path, status: str, words: str) -> None:
    found = listed(file, status=status)
    assert (found.appointments, found.rejected) == ((), ())
    assert said(found.notes, words, "1")


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"status": "maybe"}, "status", "“maybe” is not an appointment's status"),
        ({"status": None}, "status", "is missing"),
        ({"start": None}, "start time", "is missing"),
        ({"start": "2026-11-22T09:00:00"}, "start time", "with a time zone"),
        ({"start": "22/11/2026"}, "start time", "with a time zone"),
        ({"start": 7}, "start time", "with a time zone"),
        ({"participant": "x"}, "participants", "not valid FHIR R4"),
        ({"modifierExtension": [{"url": "x"}]}, "modifier extension", "not known here"),
    ],
)
def test_an_appointment_that_cannot_be_read_is_set_aside(
    file: Path, changes: dict[str, Any], field: str, reason: str
) -> None:
    other = appointment("a2", start="2026-11-22T09:30:00Z")
    found = listed(file, other, **changes)
    ((row, named, why),) = reasons(found)
    assert (row, named) == ("entry 3 Appointment/a1", field)
    assert reason in why
    assert len(found.appointments) == 1
    assert found.held == (listed(file).appointments[0].id,)
    assert found.whole


@pytest.mark.parametrize(
    ("start", "on", "is_listed"),
    [
        ("2026-11-22T23:59:59Z", date(2026, 11, 22), True),
        ("2026-11-22T00:30:00+01:00", date(2026, 11, 22), False),  # 23:30 the evening before
        ("2026-07-01T23:30:00Z", date(2026, 7, 2), True),  # half past midnight in summer
        ("2026-07-01T00:30:00+01:00", date(2026, 7, 1), True),
        ("2026-03-29T00:30:00Z", date(2026, 3, 29), True),
        ("2026-03-29T23:00:00Z", date(2026, 3, 30), True),
        ("2026-10-24T23:30:00Z", date(2026, 10, 25), True),
        ("2026-10-25T23:30:00Z", date(2026, 10, 25), True),
    ],
)
def test_the_day_is_the_practices_local_date(file: Path, start: str, on: date, is_listed: bool) -> None:
    found = listed(file, on=on, start=start)
    assert bool(found.appointments) is is_listed
    assert said(found.notes, "On other days", "1") is not is_listed


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_the_ends_of_time_are_other_days(file: Path, start: str) -> None:
    assert said(listed(file, start=start).notes, "On other days")


def test_an_appointment_of_another_day_is_not_judged(file: Path) -> None:
    found = listed(file, start="2026-11-23T09:00:00Z", status="maybe", participant=[])
    assert not found.rejected


@pytest.mark.parametrize(
    ("start", "session"),
    [
        ("2026-07-01T11:59:00Z", "morning"),
        ("2026-07-01T12:00:00Z", "afternoon"),
        ("2026-07-01T17:00:00Z", "evening"),
    ],
)
def test_sessions_are_by_local_time(file: Path, start: str, session: str) -> None:
    assert listed(file, on=date(2026, 7, 1), start=start).clinics[0].session == session


@pytest.mark.parametrize(
    ("changes", "minutes"),
    [
        ({}, 10),
        ({"minutesDuration": 20}, 20),
        ({"end": "2026-11-22T09:15:00Z"}, 15),
        ({"minutesDuration": 20, "end": "2026-11-22T09:15:00Z"}, 20),
        ({"end": "2026-11-22T08:00:00Z"}, 10),
        ({"end": "nonsense"}, 10),
        ({"minutesDuration": 0}, 10),
        ({"minutesDuration": 10_000}, 10),
    ],
)
def test_lengths(file: Path, changes: dict[str, Any], minutes: int) -> None:
    assert listed(file, **changes).appointments[0].minutes == minutes


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"reasonCode": [{"text": "A"}, {"coding": [{"display": "B"}]}], "description": "C"}, "A, B"),
        ({"reasonReference": [{"display": "A"}], "description": "C"}, "A"),
        ({"description": "A", "comment": "C"}, "A"),
        ({"comment": "A\n\x1b[31mB"}, "A B"),
        ({"serviceType": [{"text": "A"}]}, "A"),
        ({"reasonCode": [{"coding": [{"code": "1"}]}]}, ""),
        ({"description": "=HYPERLINK(1)"}, "=HYPERLINK(1)"),
        ({"description": "x" * 201}, "x" * 199 + "…"),
    ],
)
def test_the_reason(file: Path, changes: dict[str, Any], reason: str) -> None:
    assert listed(file, **changes).appointments[0].reason == reason


def channel(code: str, **changes: Any) -> dict[str, Any]:
    url = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeliveryChannel"
    return {"extension": [{"url": url, "valueCodeableConcept": {"coding": [{"code": code}]}}], **changes}


HOME = {"appointmentType": {"text": "Home visit"}}


@pytest.mark.parametrize(
    ("changes", "mode"),
    [
        ({}, Mode.IN_PERSON),
        (channel("In-person"), Mode.IN_PERSON),
        (channel("Telephone"), Mode.TELEPHONE),
        (channel("Video"), Mode.VIDEO),
        (channel("Carrier pigeon"), Mode.IN_PERSON),
        ({"extension": [{"url": channel("")["extension"][0]["url"], "valueCode": "Video"}]}, Mode.VIDEO),
        (HOME, Mode.HOME),
        (channel("In-person", **HOME), Mode.HOME),
        (channel("Telephone", **HOME), Mode.TELEPHONE),
        (channel("In-person", appointmentType={"text": "Telephone"}), Mode.IN_PERSON),
        ({"serviceType": [{"text": "Telephone triage"}]}, Mode.TELEPHONE),
        ({"description": "Telephone results"}, Mode.IN_PERSON),
    ],
)
def test_how_to_meet(file: Path, changes: dict[str, Any], mode: Mode) -> None:
    assert listed(file, **changes).appointments[0].mode is mode


SLOT: Resource = {
    "resourceType": "Slot",
    "id": "s1",
    "status": "busy",
    "start": "2026-11-22T09:10:00Z",
    "end": "2026-11-22T09:25:00Z",
    "schedule": {"reference": "Schedule/c1"},
    **channel("Telephone"),
}
SCHEDULE: Resource = {
    "resourceType": "Schedule",
    "id": "c1",
    "actor": [{"reference": "Practitioner/dr"}, {"reference": "Location/r9", "display": "Room 9"}],
}


def test_the_slot_gives_what_the_appointment_does_not(file: Path) -> None:
    visit = appointment(start=None, slot=[{"reference": "Slot/s1"}])
    del visit["participant"][1]
    found = read_bundle(file, practitioner(), patient(), visit, SLOT, SCHEDULE)
    (row,) = found.appointments
    assert row.start == datetime(2026, 11, 22, 9, 10, tzinfo=UTC)
    assert (row.minutes, row.mode) == (15, Mode.TELEPHONE)
    assert (found.clinics[0].clinician, found.clinics[0].location) == ("Dr N Patel", "Room 9")


def test_a_slot_that_is_not_valid_is_passed_over(file: Path) -> None:
    found = listed(file, SLOT | {"start": "then"}, slot=[{"reference": "Slot/s1"}])
    assert len(found.appointments) == 1
    assert said(found.notes, "Slots that are not valid")


def taking_part(*actors: Resource, **more: Any) -> dict[str, Any]:
    first: Resource = {"reference": "Patient/p1"}
    return {"participant": [{"actor": each, "status": "accepted"} for each in (first, *actors)], **more}


ROLE = {"resourceType": "PractitionerRole", "id": "role", "practitioner": {"reference": "Practitioner/dr"}}


@pytest.mark.parametrize(
    ("actors", "others", "clinician"),
    [
        ([{"reference": "Practitioner/dr"}], [], "Dr N Patel"),
        ([{"reference": "Practitioner/x", "display": "Dr A Jones"}], [], "Dr A Jones"),
        ([{"reference": "PractitionerRole/role"}], [ROLE], "Dr N Patel"),
        ([{"reference": "PractitionerRole/r", "display": "Duty doctor"}], [], "Duty doctor"),
        ([{"reference": "Location/x", "display": "Treatment room"}], [], "Treatment room"),
        (
            [{"reference": "HealthcareService/h"}],
            [{"resourceType": "HealthcareService", "id": "h", "name": "Blood tests"}],
            "Blood tests",
        ),
        (
            [{"reference": "Practitioner/q"}],
            [
                {
                    "resourceType": "Practitioner",
                    "id": "q",
                    "name": [{"family": "Jones", "given": ["Ada"], "prefix": ["Dr"]}],
                }
            ],
            "Dr Ada Jones",
        ),
        (
            [{"reference": "Practitioner/q", "display": "Dr Q"}],
            [{"resourceType": "Practitioner", "id": "q", "modifierExtension": [{"url": "x"}]}],
            "Dr Q",
        ),
    ],
)
def test_whose_clinic_it_is(
    file: Path, actors: list[Resource], others: list[Resource], clinician: str
) -> None:
    assert listed(file, *others, **taking_part(*actors)).clinics[0].clinician == clinician


def test_the_primary_performer_stands_before_others(file: Path) -> None:
    changes = taking_part(
        {"reference": "Practitioner/n", "display": "Nurse B"}, {"reference": "Practitioner/dr"}
    )
    changes["participant"][2]["type"] = [{"coding": [{"code": "PPRF"}]}]
    assert listed(file, **changes).clinics[0].clinician == "Dr N Patel"


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        (taking_part(), "participants", "neither a clinician nor a place"),
        (taking_part({"reference": "Patient/p2"}, {"reference": "Practitioner/dr"}), "patient", "two"),
    ],
)
def test_who_takes_part_must_be_clear(file: Path, changes: dict[str, Any], field: str, reason: str) -> None:
    found = listed(file, patient("p2", OTHER_NUMBER), **changes)
    ((_, named, why),) = reasons(found)
    assert named == field
    assert reason in why


def test_without_a_patient_it_is_no_visit(file: Path) -> None:
    blocked = [{"actor": {"reference": "Practitioner/dr"}, "status": "accepted"}]
    found = listed(file, participant=blocked)
    assert (found.appointments, found.rejected) == ((), ())
    assert said(found.notes, "without a patient", "1")


def test_one_bad_patient_costs_only_their_own_rows(file: Path) -> None:
    bad = patient("p2", "9990000019")
    found = listed(
        file,
        bad,
        appointment("a2", of="Patient/p2"),
        appointment("a3", start="2026-11-22T10:00:00Z"),
        appointment("a4", of="Patient/p2"),
    )
    assert len(found.appointments) == 2
    assert [row for row, _, _ in reasons(found)] == ["entry 5 Appointment/a2", "entry 7 Appointment/a4"]


def test_the_same_appointment_keeps_its_identifier_when_it_is_moved(file: Path) -> None:
    first = listed(file).appointments[0]
    moved = listed(file, start="2026-11-22T15:00:00Z").appointments[0]
    assert moved.id == first.id
    assert moved.clinic != first.clinic


def test_an_identifier_stands_in_for_an_id(file: Path) -> None:
    changes: dict[str, Any] = {"id": None, "identifier": [{"system": "urn:book", "value": "7"}]}
    first = listed(file, **changes).appointments[0]
    assert listed(file, **changes, start="2026-11-22T09:05:00Z").appointments[0].id == first.id


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["Patient/p1", "2026-11-22T09:00:00Z", "booked", "active", "#x", "urn:uuid:1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["reference", "actor", "coding", "code", "text", "value", "system", "family", "url", "end"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        "id", "status", "start", "end", "participant", "slot", "reasonCode", "extension", "name",
        "identifier", "birthDate", "communication", "contained", "meta", "code", "patient", "subject",
        "dosage", "reaction",
    ]
)  # fmt: skip
KINDS = st.sampled_from(
    ["Appointment", "Patient", "Practitioner", "AllergyIntolerance", "Flag", "MedicationRequest", "Slot", "X"]
)


@settings(max_examples=150)
@given(broken=st.lists(st.tuples(KINDS, st.dictionaries(FIELDS, JUNK, max_size=6)), min_size=1, max_size=4))
def test_whatever_else_is_in_the_file_a_good_row_is_listed(
    tmp_path_factory: pytest.TempPathFactory, broken: list[tuple[str, Resource]]
) -> None:
    good = [practitioner(id="good-dr"), patient("good"), appointment("good", of="Patient/good")]
    good[2]["participant"][1]["actor"] = {"reference": "Practitioner/good-dr"}
    junk = [{"resourceType": kind} | fields for kind, fields in broken]
    entries = [{"resource": each} for each in (*junk, *good)]
    text = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})
    found = read(tmp_path_factory.mktemp("lists") / "list.json", text)
    assert "OKONKWO, Grace (Mrs)" in names(found)
    assert controls_in(found) == set()


STARTS = st.sampled_from([b"", b"{", b'{"resourceType":"Bundle","type":"batch","entry":'])


@given(st.binary(max_size=200), STARTS)
def test_any_bytes_are_a_list_or_are_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, start: bytes
) -> None:
    """Any other error fails the test."""
    with suppress(IntakeError):
        found = read(tmp_path_factory.mktemp("lists") / "list", start + data)
        assert controls_in(found) == set()


def test_half_a_character_in_an_identifier(file: Path) -> None:
    visit = appointment("a\ud800", description="\ud800")
    found = read_bundle(file, practitioner(), patient(), visit, appointment("\ud801", of="Patient/\ud801"))
    assert len(found.appointments) == 1
    assert [field for _, field, _ in reasons(found)] == ["participants"]
    assert found.model_dump_json().isascii()


def test_escape_sequences_in_every_field(file: Path) -> None:
    evil = "\x1b]0;owned\x07\x1b[2JA\u202e\x9bB"
    visit = appointment(description=evil, **taking_part({"display": evil, "type": "Practitioner"}))
    who = patient(name=[{"family": evil, "given": [evil], "prefix": [evil]}], gender=evil)
    extra = {
        "resourceType": "OperationOutcome",
        "id": "o",
        "issue": [{"severity": evil, "diagnostics": evil}],
    }
    flag = {"resourceType": "Flag", "id": "f", "status": "active", "subject": {"reference": "Patient/p1"}}
    flag["code"] = {"text": evil, "coding": [{"code": evil}]}
    text = json.dumps(
        bundle(who, visit, extra, flag, {"resourceType": "Appointment", "id": evil, "status": evil})
    )
    found = read(file.with_name("x\x1b[2J.json"), text)
    assert len(found.appointments) == 1
    assert controls_in(found) == set()
