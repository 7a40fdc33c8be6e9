from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fhir.resources.R4B import get_fhir_model_class
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st
from intake.lists import read

from fixtures import demo_clinic
from gpa_tui.intake.daylist import DayList
from gpa_tui.records.appointment import Mode
from gpa_tui.records.base import age_in_years, show_age
from gpa_tui.records.patient import AllergyState

ON = date(2026, 11, 22)
LONDON = ZoneInfo("Europe/London")


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> DayList:
    path = tmp_path_factory.mktemp("demo") / "list.json"
    return read(path, json.dumps(demo_clinic.bundle(ON, LONDON)), on=ON)


def test_it_is_read_whole_and_without_a_note(clinic: DayList) -> None:
    assert (clinic.rejected, clinic.notes) == ((), ())
    assert [(each.clinician, each.session, each.location) for each in clinic.clinics] == [
        ("Dr N Patel", "morning", "Room 2")
    ]
    assert len(clinic.appointments) == 16
    assert clinic.appointments[0].start == datetime(2026, 11, 22, 8, 40, tzinfo=UTC)
    gaps = {b.start - a.start for a, b in zip(clinic.appointments, clinic.appointments[1:], strict=False)}
    assert gaps == {timedelta(minutes=10)}


def test_the_first_rows_are_those_of_the_documentation(clinic: DayList) -> None:
    first = [
        (row.patient.name.listed, age_in_years(row.patient.born, ON), row.patient.gender[0], row.reason)
        for row in clinic.appointments[:5]
    ]
    assert first == [
        ("SINGH, Amrit (Mr)", 61, "m", "BP review"),
        ("DOUGLAS, Ewan (Mr)", 45, "m", "Back pain"),
        ("OKONKWO, Grace (Mrs)", 72, "f", "Breathless 3 days"),
        ("NOWAK, Zofia (Miss)", 29, "f", "Pill check"),
        ("BRAY, Tom (Mr)", 8, "m", "Fever"),
    ]
    grace = clinic.appointments[2].patient
    assert (grace.born, grace.nhs_number_shown) == ("1954-04-12", "999 000 0018")
    assert grace.allergies_shown == "penicillin (rash)"
    assert [need.text for need in grace.needs] == ["hearing aid", "large print"]


def test_it_has_what_a_clinic_has(clinic: DayList) -> None:
    patients = [row.patient for row in clinic.appointments]
    assert {patient.allergy_state for patient in patients} == set(AllergyState)
    assert {row.mode for row in clinic.appointments} == {Mode.IN_PERSON, Mode.TELEPHONE, Mode.HOME}
    marks = {need.mark for patient in patients for need in patient.needs}
    assert {"PL", "BSL", "LP", "HA", "WC", "CH"} <= marks
    ages = [show_age(patient.born, ON) for patient in patients]
    assert {"6w", "8y", "91y"} <= set(ages)
    assert [patient.name.family for patient in patients if not patient.name.given] == ["Suryani"]
    assert sum(patient.name.family == "Nowak" for patient in patients) == 2
    assert any(patient.medicines for patient in patients)
    numbers = [patient.nhs_number for patient in patients if patient.nhs_number]
    assert len(numbers) == len(set(numbers)) == 15


def test_every_resource_is_valid_and_has_every_field_that_r4_knows() -> None:
    whole = demo_clinic.bundle(ON, LONDON)
    entries = whole["entry"]
    assert isinstance(entries, list)
    for entry in entries:
        get_fhir_model_class(entry["resource"]["resourceType"]).model_validate(entry["resource"])
    assert Bundle.model_validate({**whole, "entry": []}).total == 16


@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)))
def test_ages_are_right_on_any_day(on: date) -> None:
    for person in demo_clinic.PEOPLE:
        born = demo_clinic.born(person, on)
        if person.born is None:
            assert age_in_years(born.isoformat(), on) == (person.age if person.days is None else 0)


def test_it_starts_when_asked_in_local_time(tmp_path: Path) -> None:
    on = date(2026, 7, 1)
    found = read(tmp_path / "list", json.dumps(demo_clinic.bundle(on, LONDON, starting=time(13, 30))), on=on)
    assert found.appointments[0].start == datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
    assert [each.session for each in found.clinics] == ["afternoon"]
