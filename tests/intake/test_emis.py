from __future__ import annotations

from pathlib import Path

import pytest
from intake.lists import SHIPPED_LISTS, emis, names, read, reasons, said, table

from gpa_tui.records.appointment import Mode


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "extract.csv"


def test_the_extract_with_its_traps(file: Path) -> None:
    found = read(file, (SHIPPED_LISTS / "emis.csv").read_bytes(), csv_map="emis")
    assert names(found) == ["SINGH, Amrit (Mr)", "NOWÁK, Zoë Anaïs (Mlle)"]
    assert [row.start.strftime("%H:%M") for row in found.appointments] == ["08:40", "08:50"]
    assert [row.patient.born for row in found.appointments] == ["1965-09-03", "1997-03-14"]
    assert [(row, field) for row, field, _ in reasons(found)] == [
        ("row 4", "NHS number"),
        ("row 5", "NHS number"),
        ("row 10", "birth date"),
    ]
    for words in ("Free slots", "Blocked slots", "Deleted in the practice's system"):
        assert said(found.notes, words, "1")
    assert said(found.notes, "carrier pigeon")


def test_the_slot_type_stands_where_there_is_no_reason(file: Path) -> None:
    rows = emis(SlotType="Telephone triage", ModeOfContact=""), emis(SlotGuid="2", Reason="Cough")
    found = read(file, table(*({"Reason": ""} | row for row in rows)), csv_map="emis")
    assert sorted((row.reason, row.mode) for row in found.appointments) == [
        ("Cough", Mode.IN_PERSON),
        ("Telephone triage", Mode.TELEPHONE),
    ]


def test_a_slot_given_to_another_patient_is_another_appointment(file: Path) -> None:
    before = read(file, table(emis()), csv_map="emis")
    after = read(file, table(emis(PatientGuid="{PPPP-2}")), csv_map="emis")
    same = read(file, table(emis(PatientGuid="pppp-1", SlotGuid="aaaa-1", Reason="")), csv_map="emis")
    assert before.appointments[0].id != after.appointments[0].id
    assert before.appointments[0].id == same.appointments[0].id


@pytest.mark.parametrize("column", ["Deleted", "IsBlocked"])
def test_a_word_that_is_neither_true_nor_false_sets_the_row_aside(file: Path, column: str) -> None:
    found = read(file, table(emis(**{column: "maybe"})), csv_map="emis")
    assert [(field, reason) for _, field, reason in reasons(found)] == [
        ("deleted" if column == "Deleted" else "blocked", "“maybe” is neither true nor false")
    ]


def test_a_column_called_clinician_stands_before_the_sessions_name(file: Path) -> None:
    rows = emis(Clinician="Dr A Jones"), emis(SlotGuid="2", Clinician="")
    found = read(file, table(*rows), csv_map="emis")
    assert {clinic.clinician for clinic in found.clinics} == {"Dr A Jones", "Dr N Patel"}
