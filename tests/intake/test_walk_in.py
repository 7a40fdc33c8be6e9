"""Somebody without an appointment: read from one line, known again where today's list knows them."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from clinic import CLINIC, FIRST, NINE, Morning, a_clinic

from gpa_tui.errors import Refused
from gpa_tui.intake.walk_in import clinic_without_list, known_today, read_name, walk_in
from gpa_tui.records.appointment import Stage
from gpa_tui.records.patient import PersonName
from gpa_tui.session import acts


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Okonkwo, Grace (Mrs)", PersonName(family="Okonkwo", given="Grace", title="Mrs")),
        ("okonkwo,grace", PersonName(family="okonkwo", given="grace")),
        ("Grace Ann Okonkwo", PersonName(family="Okonkwo", given="Grace Ann")),
        (" (Mr)  Sukarno ", PersonName(family="Sukarno", title="Mr")),
        ("van der Berg, Jan", PersonName(family="van der Berg", given="Jan")),
    ],
)
def test_a_name_is_read_as_people_type_it(typed: str, name: PersonName) -> None:
    assert read_name(typed) == name


@pytest.mark.parametrize("typed", ["", "   ", "(Mrs)", ", Grace"])
def test_no_family_name_is_said(typed: str) -> None:
    with pytest.raises(ValueError, match="Type the name"):
        read_name(typed)


def listed(morning: Morning, name: str, born: str | None) -> acts.Place:
    row = walk_in(morning.day, "practice", a_clinic(), read_name(name), born, "Cut  hand", NINE)
    morning.do(acts.list_walk_in, row)
    visit = morning.day.visits[row.id]
    assert visit.stage is Stage.ARRIVED
    assert (visit.appointment.reason, visit.appointment.walk_in) == ("Cut hand", True)
    return morning.place


def test_a_walk_in_is_listed_and_arrived_in_one_act() -> None:
    morning = Morning()
    listed(morning, "Hall, Mia", "2001-05-06")
    assert len(morning.day.visits) == 3
    assert morning.day.rows[0].appointment.start <= NINE + timedelta(minutes=10)


def test_who_is_on_the_list_already_keeps_what_is_known() -> None:
    morning = Morning()
    patient = FIRST.patient
    assert known_today(morning.day, read_name("Okonkwo, Grace"), patient.born) == patient
    assert known_today(morning.day, read_name("Okonkwo, Grace"), "1954-04-13") is None
    assert known_today(morning.day, read_name("Okonkwo, Grace"), None) is None
    assert known_today(morning.day, read_name("Okonkwo"), patient.born) is None
    row = walk_in(morning.day, "p", a_clinic(), read_name("Grace Okonkwo"), patient.born, "", NINE)
    assert row.patient == patient
    assert row.id != FIRST.id


def test_the_same_walk_in_twice_is_refused() -> None:
    morning = Morning()
    row = walk_in(morning.day, "p", a_clinic(), read_name("Hall, Mia"), None, "", NINE)
    morning.do(acts.list_walk_in, row)
    with pytest.raises(Refused, match="HALL, Mia is on the list already"):
        morning.do(acts.list_walk_in, row)


def test_on_a_day_without_a_list_a_clinic_is_opened() -> None:
    clinic = clinic_without_list("p", NINE + timedelta(hours=5), ZoneInfo("Europe/London"))
    assert (clinic.session, clinic.clinician) == ("afternoon", "no clinician named")
    assert clinic.id != CLINIC
