"""Birth dates as people say them, and names as they are typed, against the list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from clinic import a_patient
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.session.identity import difference, has_given_name, matches, number_fits, read_birth_date

TODAY = date(2026, 11, 23)
BORN = "1954-04-12"


# ── birth dates ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "12 4 1954",
        "12 04 1954",
        "12/4/1954",
        "12.4.1954",
        "12-4-1954",
        "12 4 54",
        "12/04/54",
        "120454",
        "12041954",
        "12 apr 1954",
        "12 Apr 54",
        "12 APRIL 1954",
        "12apr54",
        "12-apr-1954",
        "12apr1954",
        "  12   4   1954  ",
    ],
)
def test_the_day_comes_first_in_whatever_form(text: str) -> None:
    assert read_birth_date(text, TODAY) == BORN


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1 2 2003", "2003-02-01"),
        ("5.11.99", "1999-11-05"),
        ("1 sept 60", "1960-09-01"),
        ("29 2 2024", "2024-02-29"),
        ("31 dec 1999", "1999-12-31"),
    ],
)
def test_day_and_month_are_never_exchanged(text: str, iso: str) -> None:
    assert read_birth_date(text, TODAY) == iso


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("23 11 26", "2026-11-23"),
        ("1 1 26", "2026-01-01"),
        ("1 1 00", "2000-01-01"),
        ("1 1 27", "1927-01-01"),
        ("31 12 99", "1999-12-31"),
        ("29 2 00", "2000-02-29"),
    ],
)
def test_a_year_of_two_digits_is_the_latest_that_is_not_to_come(text: str, iso: str) -> None:
    assert read_birth_date(text, TODAY) == iso


@pytest.mark.parametrize(("text", "iso"), [("24 11 26", "1926-11-24"), ("31 12 26", "1926-12-31")])
def test_a_birthday_later_this_year_was_a_century_ago(text: str, iso: str) -> None:
    assert read_birth_date(text, TODAY) == iso


@pytest.mark.parametrize(
    "text",
    [
        "30 2 1954",
        "31 4 1954",
        "29 2 1953",
        "29 2 01",
        "0 4 1954",
        "12 0 1954",
        "12 13 1954",
        "4 12th 54",
        "12 foo 1954",
        "32 1 54",
    ],
)
def test_a_date_that_is_not_in_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no such date|Type day, month and year"):
        read_birth_date(text, TODAY)


@pytest.mark.parametrize("text", ["24 11 2026", "1 1 2027", "1 1 9999"])
def test_a_date_to_come_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="still to come"):
        read_birth_date(text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4 1954",
        "april 1954",
        "1954-04-12",
        "12 4 954",
        "12 4 19545",
        "12,4,1954",
        "x",
        "12 4 1954 x",
    ],
)
def test_another_form_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"12 4 1954"):
        read_birth_date(text, TODAY)


@pytest.mark.parametrize("text", ["12 junk 1954", "12 marble 1954", "12 decline 54"])
def test_a_word_that_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"12 4 1954"):
        read_birth_date(text, TODAY)


@pytest.mark.parametrize("text", ["1954", "12454", "11254", "1121954"])
def test_digits_run_together_are_a_date_only_when_there_are_six_or_eight(text: str) -> None:
    with pytest.raises(ValueError, match=r"12 4 1954"):
        read_birth_date(text, TODAY)


SEPARATED = [
    "{0.day} {0.month} {0.year}",
    "{0:%d/%m/%Y}",
    "{0:%d%m%Y}",
    "{0.day}.{0.month}.{0.year}",
    "{0:%d-%b-%Y}",
    "{0:%d%B%Y}",
]


@given(st.dates(date(1900, 1, 1), TODAY), st.sampled_from(SEPARATED))
def test_every_birth_date_is_read_back(born: date, form: str) -> None:
    assert read_birth_date(form.format(born), TODAY) == born.isoformat()


@given(st.dates(date(1927, 1, 1), TODAY), st.sampled_from(["{0:%d %m %y}", "{0:%d%m%y}", "{0:%d %b %y}"]))
def test_every_birth_date_of_the_last_hundred_years_is_read_back_from_two_digits(
    born: date, form: str
) -> None:
    assert read_birth_date(form.format(born), TODAY) == born.isoformat()


@given(st.text(max_size=14) | st.text(alphabet="0123456789 ./-aprmy", max_size=12))
def test_whatever_is_typed_is_a_date_up_to_today_or_refused(text: str) -> None:
    try:
        found = read_birth_date(text, TODAY)
    except ValueError:
        return
    assert date.fromisoformat(found) <= TODAY


@given(st.integers(1, 36500), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_no_date_after_today_is_ever_read(days: int, today: date) -> None:
    with pytest.raises(ValueError, match="still to come"):
        read_birth_date((today + timedelta(days=days)).strftime("%d %m %Y"), today)


# ── names ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("family", "given", "said"),
    [
        ("Okonkwo", "Grace", "Grace Okonkwo"),
        ("Okonkwo", "Grace", "okonkwo grace"),
        ("Okonkwo", "Grace", "OKONKWO, Grace"),
        ("Okonkwo", "Grace", "Okonkwo"),
        ("Okonkwo", "Grace Mary", "Grace Okonkwo"),
        ("Okonkwo", "Grace Mary", "Mary Okonkwo"),
        ("Núñez", "José", "jose nunez"),
        ("Nunez", "Jose", "José Núñez"),
        ("Weiß", "Jürgen", "jurgen weiss"),
        ("Smith-Jones", "Ann", "ann smith-jones"),
        ("Smith-Jones", "Ann", "ann smith jones"),
        ("Smith Jones", "Ann", "ann smith-jones"),
        ("O'Brien", "Seán", "sean o'brien"),
        ("O'Brien", "Seán", "Sean O’Brien"),
        ("O’Brien", "Seán", "sean o brien"),
        ("van der Berg", "Eva", "eva van der berg"),
        ("Suharto", "", "suharto"),
        ("李", "明", "李 明"),
    ],
)
def test_the_lists_name_is_recognised(family: str, given: str, said: str) -> None:
    assert matches(a_patient(family, given), said, BORN)


@pytest.mark.parametrize(
    ("family", "given", "said"),
    [
        ("Okonkwo", "Grace", "Grace"),
        ("Okonkwo", "Grace", "Joy Okonkwo"),
        ("Okonkwo", "Grace", "Grace Okonjo"),
        ("Okonkwo", "Grace", "Grace Joy Okonkwo"),
        ("Okonkwo", "Grace", "G Okonkwo"),
        ("Okonkwo", "Grace", ""),
        ("Okonkwo", "Grace", " - ' , "),
        ("Smith-Jones", "Ann", "ann smith"),
        ("van der Berg", "Eva", "eva berg"),
        ("Suharto", "", "suharto tommy"),
    ],
)
def test_another_name_or_half_of_it_is_not(family: str, given: str, said: str) -> None:
    assert not matches(a_patient(family, given), said, BORN)


@pytest.mark.parametrize(
    ("family", "said"),
    [
        ("O'Brien", "obrien"),
        ("OʼBrien", "o'brien"),
        ("Smith-Jones", "smithjones"),
        ("Smith‐Jones", "smith-jones"),
        ("de la Cruz", "delacruz"),
        ("Wałęsa", "walesa"),
        ("Ørsted", "orsted"),
        ("Đặng", "dang"),
        ("Kılıç", "kilic"),
    ],
)
def test_a_name_typed_on_a_british_keyboard_is_recognised(family: str, said: str) -> None:
    assert matches(a_patient(family, ""), said, BORN)


@pytest.mark.parametrize("born", [None, "1954-04-13", "1954-12-04", "1954-04", "1954"])
def test_the_name_alone_is_not_enough(born: str | None) -> None:
    assert not matches(a_patient(), "Grace Okonkwo", born)


@pytest.mark.parametrize("known", [None, "1954", "1954-04"])
def test_where_the_list_has_no_whole_birth_date_the_name_and_that_part_decide(known: str | None) -> None:
    assert matches(a_patient(born=known), "Grace Okonkwo", BORN)
    assert not matches(a_patient(born=known), "Joy Okonkwo", BORN)
    assert not matches(a_patient(born=known), "Grace Okonkwo", None)
    if known:
        assert not matches(a_patient(born=known), "Grace Okonkwo", "1955-04-12")


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("", True), ("0018", True), ("000 0018", True), ("999 000 0018", True), ("12 High Street", True),
        ("12 High Street NN3 4QX", True), ("0019", False), ("9990000026", False), ("018", True),
    ],
)  # fmt: skip
def test_digits_of_the_nhs_number_are_compared_from_its_end_and_other_words_kept(
    said: str, fits: bool
) -> None:
    assert matches(a_patient(), "Grace Okonkwo", BORN, said) is fits
    assert number_fits(a_patient(nhs_number=None), said)


def test_twins_are_told_apart_by_a_given_name() -> None:
    assert has_given_name(a_patient(), "Grace Okonkwo")
    assert not has_given_name(a_patient(), "Okonkwo")
    assert has_given_name(a_patient("Suryani", ""), "Suryani")


def test_the_difference_shows_both_sides() -> None:
    assert difference(a_patient(), "Joy Okonkwo", "1954-04-21") == (
        "Said: Joy Okonkwo, born 21-Apr-1954. The list says: OKONKWO, Grace, born 12-Apr-1954."
    )


LETTERS = st.text(
    alphabet=st.characters(categories=("Lu", "Ll"), exclude_characters="ı"), min_size=1, max_size=10
)


@given(family=LETTERS, given=LETTERS, case=st.sampled_from([str.upper, str.lower, str.title, str.casefold]))
def test_ones_own_name_always_fits_in_any_case(family: str, given: str, case: object) -> None:
    assert callable(case)
    assert matches(a_patient(family, given), case(f"{given} {family}"), BORN)
    assert matches(a_patient(family, given), f"{family}, {given}", BORN)
