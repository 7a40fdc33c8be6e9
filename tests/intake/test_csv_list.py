from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake.lists import (
    NUMBER,
    OTHER_NUMBER,
    SHIPPED_LISTS,
    controls_in,
    names,
    plain,
    read,
    reasons,
    said,
    table,
)

from gpa_tui.errors import IntakeError
from gpa_tui.records.appointment import Mode
from gpa_tui.records.patient import Allergy, AllergyState, Gender, Need, PersonName


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def test_a_whole_row(file: Path) -> None:
    row = plain(
        Title="Mrs",
        Minutes="15",
        Location="Room 2",
        Gender="F",
        Mode="Telephone",
        Allergies="penicillin (rash); latex; latex",
        Needs="Polish interpreter; large print; sits near the door",
        Medicines="amlodipine 5 mg | ramipril 5 mg",
    )
    found = read(file, table(row))
    (appointment,) = found.appointments
    (clinic,) = found.clinics
    patient = appointment.patient
    assert not found.rejected
    assert (clinic.clinician, clinic.session, clinic.location) == ("Dr N Patel", "morning", "Room 2")
    assert appointment.clinic == clinic.id
    assert appointment.start == datetime(2026, 11, 22, 8, 40, tzinfo=UTC)
    assert (appointment.minutes, appointment.reason, appointment.mode) == (15, "Back pain", Mode.TELEPHONE)
    assert patient.name == PersonName(family="Okonkwo", given="Grace", title="Mrs")
    assert (patient.born, patient.gender, patient.nhs_number) == ("1954-04-12", Gender.FEMALE, NUMBER)
    assert patient.allergy_state is AllergyState.RECORDED
    assert patient.allergies == (
        Allergy(substance="penicillin", reaction="rash"),
        Allergy(substance="latex"),
    )
    assert patient.needs == (
        Need(text="Polish interpreter", mark="PL"),
        Need(text="large print", mark="LP"),
        Need(text="sits near the door"),
    )
    assert patient.medicines == ("amlodipine 5 mg", "ramipril 5 mg")


def test_summer_time_is_the_practices(file: Path) -> None:
    found = read(file, table(plain(Date="2026-07-01")), on=date(2026, 7, 1))
    assert found.appointments[0].start == datetime(2026, 7, 1, 7, 40, tzinfo=UTC)


def test_clinics_are_formed_by_clinician_and_session(file: Path) -> None:
    rows = [
        plain(AppointmentId=str(number), Start=start, Clinician=clinician, NhsNumber="", Family=f"F{number}")
        for number, (start, clinician) in enumerate(
            [
                ("08:40", "Dr N Patel"),
                ("12:59", "DR N PATEL"),
                ("13:00", "Dr N Patel"),
                ("18:00", "Dr N Patel"),
                ("08:40", "Dr A Jones"),
            ]
        )
    ]
    found = read(file, table(*rows))
    assert [(clinic.clinician, clinic.session) for clinic in found.clinics] == [
        ("Dr N Patel", "morning"),
        ("Dr N Patel", "afternoon"),
        ("Dr N Patel", "evening"),
        ("Dr A Jones", "morning"),
    ]
    assert found.appointments[0].clinic != found.appointments[-1].clinic


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"Date": ""}, "date", "is empty"),
        ({"Date": "11/22/2026"}, "date", "there is no month 22"),
        ({"Start": ""}, "start time", "is empty"),
        ({"Start": "25:00"}, "start time", "not a time of day"),
        ({"Clinician": " "}, "clinician", "is empty"),
        ({"NhsNumber": "9990000019"}, "NHS number", "last digit"),
        ({"NhsNumber": "9.99E+09"}, "NHS number", "Excel has shortened it"),
        ({"NhsNumber": "9434765919"}, "NHS number", "made-up numbers only"),
        ({"Born": "12/04/54"}, "birth date", "is not a date"),
        ({"Born": "2026-11-23"}, "birth date", "after the day"),
        ({"Family": "A" * 101}, "name", "longer than 100"),
        ({"Family": "O\ufffdNeill"}, "name", "could not be read"),
    ],
)
def test_a_bad_row_is_set_aside_and_the_rest_goes_on(
    file: Path, changes: dict[str, str], field: str, reason: str
) -> None:
    rows = plain(AppointmentId="b"), plain(**changes), plain(AppointmentId="c", NhsNumber=OTHER_NUMBER)
    found = read(file, table(*rows))
    ((row, named, why),) = reasons(found)
    assert (row, named) == ("row 3", field)
    assert reason in why
    assert len(found.appointments) == 2
    assert found.rejected[0].file == "list.csv"
    assert "Back pain" in found.rejected[0].content


def test_a_row_set_aside_is_not_gone(file: Path) -> None:
    whole = read(file, table(plain()))
    bad = read(file, table(plain(NhsNumber="9990000019")))
    assert bad.held == (whole.appointments[0].id,)
    assert bad.whole


def test_nothing_is_gone_when_a_row_could_be_any(file: Path) -> None:
    found = read(file, table(plain(AppointmentId="", NhsNumber="9990000019")))
    assert not found.whole
    assert said(found.notes, "nothing is marked as gone")
    assert not read(file, table(plain()) + 'a2,"2026\r\n').whole


def test_rows_that_are_no_appointment_are_counted_and_left_out(file: Path) -> None:
    rows = (
        plain(Status="booked"),
        plain(AppointmentId="a2", Date="2026-11-23"),
        plain(AppointmentId="a3", Date="2026-11-24"),
        plain(AppointmentId="a4", Date="2026-11-24", Start="nonsense"),
        plain(AppointmentId="a5", Status="free"),
        plain(AppointmentId="a6", Given="", Family="", NhsNumber="", Born=""),
    )
    found = read(file, table(*({"Status": ""} | row for row in rows)))
    assert len(found.appointments) == 1
    assert not found.rejected
    assert said(found.notes, "other days", "3", "23-Nov-2026 (1)", "24-Nov-2026 (2)")
    assert said(found.notes, "Free slots", "1")
    assert said(found.notes, "without a patient", "1")


@pytest.mark.parametrize("column", ["Born", "Title", "Gender", "Allergies", "Needs", "Medicines"])
def test_a_row_that_lost_its_name_is_a_bad_row_and_its_appointment_is_not_gone(
    file: Path, column: str
) -> None:
    nameless = {"Given": "", "Family": "", "NhsNumber": "", "Born": ""} | {column: "1954-04-12"}
    found = read(file, table(plain(AppointmentId="a1") | dict.fromkeys((column,), "") | nameless))
    assert reasons(found) == [("row 2", "family name", "is empty, but other cells speak of a patient")]
    assert len(found.held) == 1
    assert not found.notes


def test_the_same_row_twice_is_taken_once(file: Path) -> None:
    found = read(file, table(plain(), plain(), plain(Reason="Back  pain")))
    assert len(found.appointments) == 1
    assert not found.rejected
    assert said(found.notes, "same row twice", "1")
    assert said(found.notes, "same appointment twice", "1")


def test_one_appointment_with_two_contents_is_set_aside_the_second_time(file: Path) -> None:
    found = read(file, table(plain(), plain(Reason="Headache")))
    assert [row.reason for row in found.appointments] == ["Back pain"]
    assert reasons(found) == [("row 3", "appointment", "the same appointment as row 2, with other details")]


@pytest.mark.parametrize(
    ("word", "shown"),
    [("", ""), ("No", ""), ("yes", "date not known"), ("03/11/2026", "03-Nov-2026 (72y)")],
)
def test_that_somebody_has_died(file: Path, word: str, shown: str) -> None:
    (row,) = read(file, table(plain(Deceased=word))).appointments
    assert row.patient.died_shown == shown


@pytest.mark.parametrize("word", ["perhaps", "23/11/2026"])
def test_a_death_that_is_no_date_or_to_come_sets_the_row_aside(file: Path, word: str) -> None:
    ((_, field, _),) = reasons(read(file, table(plain(Deceased=word))))
    assert field in {"deceased", "date of death"}


def test_statuses(file: Path) -> None:
    rows = [
        plain(AppointmentId=status, Status=status, NhsNumber="", Family=f"Of {status}", Born="")
        for status in ("Booked", "DNA", "Cancelled", "Pending review")
    ]
    found = read(file, table(*rows))
    assert {row.patient.name.family: row.cancelled for row in found.appointments} == {
        "Of Booked": False,
        "Of DNA": False,
        "Of Cancelled": True,
        "Of Pending review": False,
    }
    assert said(found.notes, "status not in the column map", "pending review")


@pytest.mark.parametrize(
    ("word", "mode", "noted"),
    [
        ("in person", Mode.IN_PERSON, False),
        ("Video", Mode.VIDEO, False),
        ("home visit", Mode.HOME, False),
        ("by owl", Mode.IN_PERSON, True),
        ("", Mode.IN_PERSON, False),
    ],
)
def test_ways_to_meet(file: Path, word: str, mode: Mode, noted: bool) -> None:
    found = read(file, table(plain(Mode=word)))
    assert found.appointments[0].mode is mode
    assert said(found.notes, "by owl") is noted


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("15", 15), ("15.0", 15), ("", 10), ("0", 10), ("481", 10), ("x", 10), ("9" * 30, 10)],
)
def test_lengths(file: Path, text: str, minutes: int) -> None:
    assert read(file, table(plain(Minutes=text))).appointments[0].minutes == minutes


@pytest.mark.parametrize(
    ("text", "state", "shown"),
    [
        ("", AllergyState.NOT_ASKED, "Not asked"),
        ("not asked", AllergyState.NOT_ASKED, "Not asked"),
        ("none known", AllergyState.NONE_KNOWN, "none known"),
        ("No known allergies", AllergyState.NONE_KNOWN, "none known"),
        ("NKDA", AllergyState.NONE_KNOWN, "no known drug allergy"),
        ("none known; nuts", AllergyState.RECORDED, "nuts"),
        ("no", AllergyState.NONE_KNOWN, "none known"),
        ("nuts (no reaction on record)", AllergyState.RECORDED, "nuts (no reaction on record)"),
    ],
)
def test_allergies_are_asked_known_or_recorded(
    file: Path, text: str, state: AllergyState, shown: str
) -> None:
    patient = read(file, table(plain(Allergies=text))).appointments[0].patient
    assert (patient.allergy_state, patient.allergies_shown) == (state, shown)


def test_a_safeguarding_mark_is_not_a_need(file: Path) -> None:
    found = read(file, table(plain(Needs="Child protection plan; large print")))
    assert [need.mark for need in found.appointments[0].patient.needs] == ["LP"]
    assert said(found.notes, "Safeguarding", "1")
    assert not said(found.notes, "protection")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_and_line_breaks_in_cells(file: Path, separator: str) -> None:
    found = read(file, table(plain(Reason="Back pain,\nknee; hip\t=1+1"), separator=separator))
    assert found.appointments[0].reason == "Back pain, knee; hip =1+1"


def test_windows_1252(file: Path) -> None:
    found = read(file, table(plain(Family="Nowák", Given="Zoë")).encode("cp1252"))
    assert names(found) == ["NOWÁK, Zoë"]


def test_headings_in_any_case_and_with_a_byte_order_mark(file: Path) -> None:
    text = table(plain()).replace("AppointmentId,Date", "APPOINTMENTID, date ")
    assert len(read(file, b"\xef\xbb\xbf" + text.encode()).appointments) == 1


def test_a_missing_column_is_named_with_those_that_are_there(file: Path) -> None:
    with pytest.raises(IntakeError) as refused:
        read(file, "When,Time,Clinician,Surname\r\n")
    assert "no column for the date" in refused.value.reason
    assert "“Date”" in refused.value.reason
    assert "“When”, “Time”, “Clinician”, “Surname”" in refused.value.reason


def test_the_map_that_would_fit_is_named(file: Path) -> None:
    with pytest.raises(IntakeError) as refused:
        read(file, table(plain()), csv_map="emis")
    assert "the map plain" in refused.value.remedy


def test_two_columns_of_one_name_are_refused_where_they_matter(file: Path) -> None:
    with pytest.raises(IntakeError, match="two columns headed “Family”"):
        read(file, "Date,Start,Clinician,Family,family\n")
    assert not read(file, "Date,Start,Clinician,Family,x,x\n").appointments


def test_headings_alone_are_an_empty_list(file: Path) -> None:
    assert said(read(file, "Date,Start,Clinician,Family\n").notes, "no rows")


def test_escape_sequences_and_headings_of_them_are_gone(file: Path) -> None:
    found = read(file, table(plain(Family="Okon\x1b[2Jkwo", Reason="\x1b]0;x\x07Back\x00")))
    assert not found.appointments  # a NUL is damage
    found = read(file, table(plain(Family="Okon\x1b[2Jkwo", Reason="\x1b]0;x\x07Back")))
    assert (names(found), found.appointments[0].reason) == (["OKONKWO, Grace"], "Back")


TEXT = st.text(st.characters(exclude_characters="\0\ufffd"), max_size=30)


@given(family=TEXT, reason=TEXT, clinician=TEXT, mode=TEXT, needs=TEXT)
def test_no_control_character_comes_through(
    tmp_path_factory: pytest.TempPathFactory, family: str, reason: str, clinician: str, mode: str, needs: str
) -> None:
    file = tmp_path_factory.mktemp("lists") / "list.csv"
    row = plain(Family=f"A{family}", Reason=reason, Clinician=f"Dr {clinician}", Mode=mode, Needs=needs)
    found = read(file, table(row).encode("utf-8", "surrogatepass"))
    assert controls_in(found) == set()


def test_without_numbers_of_its_own_a_list_is_known_by_its_contents(file: Path) -> None:
    first = read(file, table(plain(AppointmentId="")))
    assert read(file, table(plain(AppointmentId=""))).appointments == first.appointments
    moved = read(file, table(plain(AppointmentId="", Start="08:50")))
    assert moved.appointments[0].id != first.appointments[0].id
    assert moved.appointments[0].patient.id == first.appointments[0].patient.id


def test_the_shipped_example(file: Path) -> None:
    found = read(file, (SHIPPED_LISTS / "plain.csv").read_bytes())
    assert names(found) == ["SINGH, Amrit (Mr)", "OKONKWO, Grace (Mrs)", "SURYANI", "NOWAK, Zoë (Miss)"]
    assert found.appointments[2].reason == "=1+1"
    assert reasons(found) == [("row 6", "NHS number", "the last digit does not fit the others: mistyped?")]
