"""Who could be taken for whom, by the rule that is written down."""

from __future__ import annotations

import pytest
from clinic import FIRST, SECOND, Morning, a_patient, an_appointment

from gpa_tui.session.alike import alike_today, how_alike, in_words


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (("Nowak", "Zofia", "1997-01-02"), ("NOWAK", "Zosia", "1990-05-05"), "same family name"),
        (("O'Neill", "Ann", None), ("Oneill", "Bea", None), "same family name"),
        (("Smith", "Ann", "1954-04-12"), ("Jones", "Bea", "1954-04-12"), "same birth date"),
        (
            ("Smith", "Ann", "1954-04-12"),
            ("Jones", "Bea", "1954-12-04"),
            "birth date with day and month swapped",
        ),
        (("Smith", "Ann", "1954"), ("Jones", "Bea", "1955"), ""),
        (("Smith", "Ann", None), ("Jones", "Bea", None), ""),
        (("Smith", "Ann", None), ("Smyth", "Bea", None), "a name like it"),
        (("Nowak", "Ann", None), ("Novak", "Bea", None), "a name like it"),
        (("Braithwaite", "Ann", None), ("Briathwaite", "Bea", None), "a name like it"),
        (("Ali", "Ann", None), ("Abi", "Bea", None), ""),
        (("Okonkwo", "Ann", "1954-04-12"), ("Okafor", "Bea", "1955-04-12"), ""),
    ],
)
def test_two_patients_are_alike_by_the_rule(
    one: tuple[str, str, str | None], other: tuple[str, str, str | None], why: str
) -> None:
    assert how_alike(a_patient(*one), a_patient(*other)) == why
    assert how_alike(a_patient(*other), a_patient(*one)) == why


def test_each_of_them_is_named_at_the_others() -> None:
    third = an_appointment(3, a_patient("Smyth", "Joan", "1970-01-01"))
    morning = Morning(FIRST, SECOND, third)
    found = alike_today(morning.day)
    assert set(found) == {SECOND.id, third.id}
    assert in_words(found[SECOND.id]) == "Alike today: SMYTH, Joan, a name like it."
    assert in_words([]) == ""


def test_the_same_patient_twice_on_the_list_is_nobody_else() -> None:
    again = an_appointment(3, FIRST.patient)
    assert alike_today(Morning(FIRST, SECOND, again).day) == {}


def test_a_patient_with_two_rows_is_named_at_both() -> None:
    again = an_appointment(3, FIRST.patient)
    other = an_appointment(4, a_patient("Okonkwo", "Ruth", "1980-01-01", id="another"))
    found = alike_today(Morning(FIRST, again, other).day)
    assert set(found) == {FIRST.id, again.id, other.id}
