"""A file from the cart against the patient, the time and what was filed before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from clinic import NINE, a_patient

from gpa_tui.records.base import PatientId
from gpa_tui.records.ecg import EcgFileSays, EcgFormat
from gpa_tui.records.patient import Gender
from gpa_tui.session.ecg_match import does_not_fit
from gpa_tui.store.attachments import Label

LONDON = ZoneInfo("Europe/London")
PATIENT = a_patient(gender=Gender.FEMALE)
FITS: dict[str, Any] = {
    "format": EcgFormat.SCP,
    "patient_ids": ("999 000 0018",),
    "name": "Okonkwo, Grace",
    "born": "1954-04-12",
    "gender": "female",
    "recorded_at": datetime(2026, 11, 23, 9, 0),  # noqa: DTZ001  the cart's own clock
}


def odd(before: Label | None = None, now: datetime = NINE, **fields: Any) -> list[str]:
    return does_not_fit(EcgFileSays(**FITS | fields), PATIENT, before, now, LONDON)


def test_what_fits_is_not_asked_about() -> None:
    assert odd() == []
    assert odd(patient_ids=("cart-17", "9990000018")) == []
    assert odd(name="GRACE OKONKWO") == []
    assert odd(name="", born=None) == []  # the number alone is enough
    assert odd(patient_ids=()) == []  # name and birth date are


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"patient_ids": ("9990000026",)}, "the file's number is 9990000026"),
        ({"name": "Smith, John"}, "the file's name is Smith, John"),
        ({"born": "1954-04-21"}, "the file's birth date is 21-Apr-1954"),
        ({"gender": "male"}, "the file says male"),
        ({"recorded_at": None}, "the file has no time of recording"),
        (
            {"patient_ids": ("cart-17",), "name": "", "born": None},
            "too little tells whose it is (no name, no birth date; no NHS number): look at it",
        ),
    ],
)
def test_each_misfit_is_named(fields: dict[str, Any], says: str) -> None:
    assert odd(**fields) == [says]


@pytest.mark.parametrize(
    ("fields", "only"),
    [
        ({"name": "OKONKWO"}, "only a name and a birth date"),  # no given name: it may be her sister's
        ({"born": None}, "only a name"),
        ({"born": "1954"}, "only a name and a birth date"),
        ({"name": ""}, "only a birth date"),
    ],
)
def test_one_weak_identifier_is_not_enough(fields: dict[str, Any], only: str) -> None:
    found = odd(patient_ids=("cart-17",), **fields)
    assert found == [f"too little tells whose it is ({only}; no NHS number): look at it"]


@pytest.mark.parametrize("number", ["9990000026", "1234567890"])
def test_another_ten_digit_number_beside_what_fits_is_named(number: str) -> None:
    assert odd(patient_ids=("9990000018", number)) == [f"the file's number is {number}"]
    assert odd(patient_ids=(number,)) == [f"the file's number is {number}"]


@pytest.mark.parametrize("kind", [EcgFormat.PDF, EcgFormat.OTHER])
def test_a_file_that_is_not_read_is_to_be_looked_at(kind: EcgFormat) -> None:
    found = does_not_fit(EcgFileSays(format=kind), PATIENT, None, NINE, LONDON)
    assert found == [f"nothing tells whose it is (a {kind.value} is not read): look at it"]


@pytest.mark.parametrize(("minutes", "fits"), [(10, True), (11, False), (-10, True), (-11, False)])
def test_a_time_more_than_ten_minutes_from_now_is_asked_about(minutes: int, fits: bool) -> None:
    assert (odd(now=NINE + timedelta(minutes=minutes)) == []) is fits


def test_the_carts_clock_is_local_where_it_gives_no_zone() -> None:
    summer = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)  # 09:00 in London
    assert odd(now=summer, recorded_at=datetime(2026, 7, 1, 9, 0)) == []  # noqa: DTZ001
    assert odd(now=summer, recorded_at=summer) == []
    assert odd(now=summer, recorded_at=datetime(2026, 7, 1, 8, 0)) == [  # noqa: DTZ001
        "the cart's clock said 08:00 on 1 Jul 2026"
    ]


def test_a_file_that_was_filed_before_says_when_and_for_whom() -> None:
    label = Label(
        file_name="a.scp",
        sha256="0" * 64,
        patient=PATIENT.id,
        patient_name="OKONKWO, Grace",
        date=date(2026, 11, 20),
        by="M Okafor",
    )
    assert odd(label) == ["filed before, on Fri 20 Nov 2026, for this patient"]
    other = label.model_copy(update={"patient": PatientId("x"), "patient_name": "SMITH, John"})
    assert odd(other) == ["filed before, on Fri 20 Nov 2026, for ANOTHER PATIENT, SMITH, John"]
