from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.intake.ids import clinic_id, patient_id
from gpa_tui.intake.listing import DayList, RejectedRow, RowSource
from gpa_tui.intake.reconcile import BACK_ON_THE_LIST, Changes, reconcile
from gpa_tui.records.appointment import Appointment, Clinic, Mode
from gpa_tui.records.base import AppointmentId, ClinicId
from gpa_tui.records.patient import Allergy, AllergyState, Gender, Need, Patient, PersonName

ON = date(2026, 11, 22)
NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
NUMBER = "9990000018"
CARRIES = ("allergies", "medicines", "needs")

Known = dict[AppointmentId, Appointment]


def clinic(clinician: str = "Dr N Patel") -> Clinic:
    found = clinic_id("elm", ON, clinician, "morning")
    return Clinic(id=found, date=ON, clinician=clinician, session="morning")


def person(family: str = "Okonkwo", **changes: Any) -> Patient:
    values: dict[str, Any] = {
        "name": PersonName(family=family, given="Grace"),
        "born": "1954-04-12",
        "nhs_number": NUMBER,
    } | changes
    name: PersonName = values["name"]
    key = values.pop("key", "")
    identifier = patient_id("elm", values["nhs_number"], key, name.matching, values["born"] or "")
    return Patient(id=identifier, **values)


def visit(key: str = "a1", patient: Patient | None = None, **changes: Any) -> Appointment:
    values: dict[str, Any] = {"clinic": clinic().id, "start": NINE, "reason": "Back pain"} | changes
    return Appointment(id=AppointmentId(key), patient=patient or person(), **values)


def day_list(*rows: Appointment, **changes: Any) -> DayList:
    values: dict[str, Any] = {
        "file": "list.csv",
        "sha256": "0" * 64,
        "date": ON,
        "clinics": tuple({each.id: each for each in (clinic(), clinic("Dr A Jones"))}.values()),
        "appointments": rows,
        "rejected": (),
        "notes": (),
        "carries": CARRIES,
        "sources": tuple(
            RowSource(appointment=row.id, row=f"row {place}", content=f"raw {row.id}")
            for place, row in enumerate(rows, 2)
        ),
    } | changes
    return DayList(**values)


def known_as(*rows: Appointment) -> Known:
    return {row.id: row for row in rows}


def compare(
    known: Known,
    found: DayList,
    *,
    clinics: Iterable[ClinicId] = (),
    unlisted: Iterable[str] = (),
    answers: dict[str, bool] | None = None,
) -> Changes:
    gone = [AppointmentId(key) for key in unlisted]
    said = {AppointmentId(key): answer for key, answer in (answers or {}).items()}
    return reconcile(known, list(clinics), gone, found, said)


def test_a_first_list_is_all_new() -> None:
    changes = compare({}, day_list(visit("a1"), visit("a2", start=NINE + timedelta(minutes=10))))
    assert [row.id for row in changes.listed] == ["a1", "a2"]
    assert changes.opened == (clinic(),)  # Dr Jones's has no row
    assert (changes.revised, changes.unlisted, changes.unchanged) == ((), (), 0)


def test_a_clinic_that_is_open_is_not_opened_again() -> None:
    assert not compare({}, day_list(visit()), clinics=[clinic().id]).opened


def test_the_same_list_changes_nothing() -> None:
    assert compare(known_as(visit()), day_list(visit()), clinics=[clinic().id]) == Changes(unchanged=1)


ALLERGIC: dict[str, Any] = {"allergy_state": AllergyState.RECORDED, "allergies": (Allergy(substance="nuts"),)}


@pytest.mark.parametrize(
    ("row", "changed"),
    [
        (visit(start=NINE + timedelta(minutes=5)), ("time",)),
        (visit(minutes=20), ("length",)),
        (visit(reason="Headache"), ("reason",)),
        (visit(mode=Mode.TELEPHONE), ("way to meet",)),
        (visit(cancelled=True), ("cancelled",)),
        (visit(clinic=clinic("Dr A Jones").id), ("clinic",)),
        (visit(patient=person(gender=Gender.FEMALE)), ("gender",)),
        (visit(patient=person(name=PersonName(family="OKONKWO", given="Grace", title="Dr"))), ("name",)),
        (visit(patient=person(**ALLERGIC)), ("allergies",)),
        (visit(patient=person(needs=(Need(text="chaperone", mark="CH"),))), ("needs",)),
        (visit(patient=person(medicines=("aspirin",))), ("medicines",)),
        (visit(reason="x", cancelled=True, minutes=5), ("cancelled", "length", "reason")),
    ],
)
def test_what_changed_is_named(row: Appointment, changed: tuple[str, ...]) -> None:
    changes = compare(known_as(visit()), day_list(row))
    assert changes.revised == ((row, changed),)
    assert (changes.listed, changes.unlisted, changes.unchanged) == ((), (), 0)


def test_no_longer_cancelled() -> None:
    changes = compare(known_as(visit(cancelled=True)), day_list(visit()))
    assert [changed for _, changed in changes.revised] == [("no longer cancelled",)]


# ── gone, and back ────────────────────────────────────────────────────────────────────────────


def test_a_row_that_vanished_is_gone() -> None:
    assert compare(known_as(visit("a1"), visit("a2")), day_list(visit("a1"))).unlisted == ("a2",)


def test_a_list_for_one_clinician_says_nothing_of_anothers() -> None:
    known = known_as(visit("a1"), visit("a2", clinic=clinic("Dr B Else").id))
    assert compare(known, day_list(visit("a1"))).unlisted == ()


def test_who_walked_in_was_never_on_a_list() -> None:
    known = known_as(visit("a1"), visit("a2").model_copy(update={"walk_in": True}))
    assert compare(known, day_list(visit("a1"))).unlisted == ()


def test_what_is_gone_is_not_gone_again() -> None:
    known = known_as(visit("a1"), visit("a2"))
    assert compare(known, day_list(visit("a1")), unlisted=["a2"]).unlisted == ()


def test_a_row_that_was_set_aside_is_not_gone() -> None:
    assert compare(known_as(visit("a1")), day_list(held=(AppointmentId("a1"),))).unlisted == ()


def test_from_a_list_that_is_not_whole_nothing_is_gone() -> None:
    assert compare(known_as(visit("a1"), visit("a2")), day_list(visit("a1"), whole=False)).unlisted == ()


def test_a_row_that_comes_back_says_so_with_what_else_changed() -> None:
    changes = compare(known_as(visit()), day_list(visit(minutes=20)), unlisted=["a1"])
    assert [changed for _, changed in changes.revised] == [(BACK_ON_THE_LIST, "length")]
    assert changes.relisted == ("a1",)
    same = compare(known_as(visit()), day_list(visit()), unlisted=["a1"])
    assert same.revised == ((visit(), (BACK_ON_THE_LIST,)),)


# ── a list that does not speak of something ───────────────────────────────────────────────────

FULL = person(**ALLERGIC, needs=(Need(text="chaperone", mark="CH"),), medicines=("aspirin",))


def test_a_list_without_allergies_takes_none_away() -> None:
    assert compare(known_as(visit(patient=FULL)), day_list(visit(), carries=())).unchanged == 1


def test_a_list_with_allergies_takes_those_away_that_it_no_longer_has() -> None:
    changes = compare(known_as(visit(patient=FULL)), day_list(visit()))
    assert changes.revised == ((visit(), ("allergies", "needs", "medicines")),)


def test_needs_of_a_list_without_flags_are_added() -> None:
    polish = Need(text="Polish interpreter", mark="PL")
    row = visit(patient=person(needs=(polish,)))
    changes = compare(known_as(visit(patient=FULL)), day_list(row, carries=()))
    ((revised, changed),) = changes.revised
    assert changed == ("needs",)
    assert revised.patient == FULL.model_copy(update={"needs": (*FULL.needs, polish)})


# ── the same person? ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "theirs",
    [
        person(born="1945-04-12"),
        person(born="1954-04"),
        person(born=None),
        person("Nowak"),
        person(name=PersonName(family="Okonkwo", given="Gloria")),
    ],
)
@pytest.mark.parametrize("key", ["a1", "a2"])
def test_one_nhs_number_with_another_name_or_birth_date_is_a_question(theirs: Patient, key: str) -> None:
    rows = [visit(key, theirs), visit("a1")] if key == "a2" else [visit(key, theirs)]
    changes = compare(known_as(visit("a1")), day_list(*rows))
    (question,) = changes.questions
    assert (question.ours, question.theirs, question.row.id) == (person(), theirs, key)
    assert question.nhs_number == NUMBER
    assert "999 000 0018" in question.sentence
    assert question.unanswered.row == "row 2"
    assert question.unanswered.content == f"raw {key}"
    assert (changes.listed, changes.revised, changes.unlisted) == ((), (), ())


@pytest.mark.parametrize(
    "theirs",
    [
        person("OKONKWO"),
        person("Okon-kwo"),
        person(name=PersonName(family="Okonkwo", given="Grace Ada", title="Dr")),
    ],
)
def test_spelling_and_middle_names_are_no_question(theirs: Patient) -> None:
    assert not compare(known_as(visit("a1")), day_list(visit("a1"), visit("a2", theirs))).questions


def test_another_number_in_the_same_row_is_a_question() -> None:
    (question,) = compare(known_as(visit()), day_list(visit(patient=person(nhs_number=None)))).questions
    assert "Not known" in question.sentence


def test_another_person_in_the_same_row_is_a_question() -> None:
    theirs = person("Singh", nhs_number="9990000026", born="1965-09-03")
    (question,) = compare(known_as(visit()), day_list(visit(patient=theirs))).questions
    assert (question.ours, question.theirs) == (person(), theirs)


def test_a_number_and_name_without_a_birth_date_are_no_match() -> None:
    known = known_as(visit("a1", person(born=None)))
    assert compare(known, day_list(visit("a1", person(born=None)))).unchanged == 1
    assert compare(known, day_list(visit("a2", person(born=None)))).questions


def test_without_a_number_two_rows_of_one_patient_are_no_question() -> None:
    who = person(nhs_number=None, born=None, key="p1")
    assert len(compare({}, day_list(visit("a1", who), visit("a2", who))).listed) == 2


def test_two_people_of_one_number_in_one_list_are_a_question() -> None:
    changes = compare({}, day_list(visit("a1"), visit("a2", person("Nowak"))))
    assert [row.id for row in changes.listed] == ["a1"]
    assert [question.row.id for question in changes.questions] == ["a2"]


def test_the_same_person_takes_the_new_details() -> None:
    row = visit(patient=person("Nowak"))
    changes = compare(known_as(visit()), day_list(row), answers={"a1": True})
    assert changes.revised == ((row, ("name",)),)
    new = visit("a2", person("Nowak"))
    both = compare(known_as(visit("a1")), day_list(visit("a1"), new), answers={"a2": True})
    assert both.listed == (new,)
    assert not compare(known_as(visit("a1"), new), day_list(visit("a1"), new)).questions


def test_a_different_person_is_set_aside() -> None:
    changes = compare(known_as(visit()), day_list(visit(patient=person("Nowak"))), answers={"a1": False})
    (row,) = changes.rejected
    assert isinstance(row, RejectedRow)
    assert (row.file, row.row, row.field, row.content) == ("list.csv", "row 2", "patient", "raw a1")
    assert "another person" in row.reason
    assert (changes.revised, changes.questions, changes.unlisted) == ((), (), ())


def test_an_answer_that_was_not_asked_for_does_nothing() -> None:
    assert compare(known_as(visit()), day_list(visit()), answers={"a1": False}) == Changes(unchanged=1)


# ── laws ──────────────────────────────────────────────────────────────────────────────────────

PEOPLE = st.builds(
    person,
    st.sampled_from(["Okonkwo", "OKONKWO", "Nowak"]),
    born=st.sampled_from(["1954-04-12", "1954", None]),
    nhs_number=st.sampled_from([NUMBER, "9990000026", None]),
    key=st.sampled_from(["p1", "p2"]),
    needs=st.sampled_from([(), (Need(text="chaperone", mark="CH"),)]),
    medicines=st.sampled_from([(), ("aspirin",)]),
)
VISITS = st.builds(
    visit,
    st.sampled_from(["a1", "a2", "a3", "a4"]),
    PEOPLE,
    clinic=st.sampled_from([clinic().id, clinic("Dr A Jones").id, clinic("Dr B Else").id]),
    minutes=st.sampled_from([10, 20]),
    cancelled=st.booleans(),
)
ROWS = st.lists(VISITS, unique_by=lambda row: row.id, max_size=4)
CARRIED = st.lists(st.sampled_from(CARRIES), unique=True).map(tuple)
ANSWERS = st.dictionaries(st.sampled_from(["a1", "a2", "a3", "a4"]), st.booleans())


def after(known: Known, changes: Changes) -> Known:
    """The appointments once the changes are made."""
    return known | known_as(*changes.listed, *(row for row, _ in changes.revised))


@given(known=ROWS, rows=ROWS, carries=CARRIED, answers=ANSWERS, whole=st.booleans())
def test_importing_twice_changes_nothing(
    known: list[Appointment],
    rows: list[Appointment],
    carries: tuple[str, ...],
    answers: dict[str, bool],
    whole: bool,
) -> None:
    found = day_list(*rows, carries=carries, whole=whole)
    first = compare(known_as(*known), found, answers=answers)
    opened = [each.id for each in first.opened]
    again = compare(
        after(known_as(*known), first), found, clinics=opened, unlisted=first.unlisted, answers=answers
    )
    taken = {row.id for row in (*first.listed, *(row for row, _ in first.revised))}
    aside = {row.id for row in rows} - taken - {row.id for row in known}
    assert {row.id for row in again.listed} <= aside, "only what was set aside may come in now"
    assert not {row.id for row, _ in again.revised} & taken
    assert again.unlisted == ()
    if not (first.questions or first.rejected):
        assert (again.listed, again.revised, again.opened) == ((), (), ())
        assert (again.questions, again.rejected) == ((), ())


@given(known=ROWS, rows=ROWS, answers=ANSWERS)
def test_every_row_is_accounted_for_once(
    known: list[Appointment], rows: list[Appointment], answers: dict[str, bool]
) -> None:
    changes = compare(known_as(*known), day_list(*rows), answers=answers)
    touched = [
        *(row.id for row in changes.listed),
        *(row.id for row, _ in changes.revised),
        *(question.row.id for question in changes.questions),
    ]
    assert len(touched) == len(set(touched))
    assert len(touched) + len(changes.rejected) + changes.unchanged == len(rows)
    assert not set(changes.unlisted) & {row.id for row in rows}


@given(rows=ROWS, kept=st.sets(st.sampled_from(["a1", "a2", "a3", "a4"])))
def test_any_part_of_a_list_changes_nothing_but_what_vanished(
    rows: list[Appointment], kept: set[str]
) -> None:
    known = known_as(*rows)
    part = [row for row in rows if row.id in kept]
    changes = compare(known, day_list(*part))
    assert (changes.listed, changes.revised, changes.questions) == ((), (), ())
    assert changes.unchanged == len(part)
    covered = {clinic().id, clinic("Dr A Jones").id}
    assert set(changes.unlisted) == {row.id for row in rows if row.clinic in covered} - kept
