"""NHS numbers: modulus 11 as the NHS Data Dictionary has it, and what can never be one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.clinical.nhs_number import check_digit, is_test_number, read

NINE_DIGITS = st.integers(0, 999_999_999).map("{:09d}".format)


def weighted_sum(ten: str) -> int:
    """The check as it is worded the other way round: the weights 10 to 1 make a multiple of 11."""
    return sum(int(digit) * (10 - place) for place, digit in enumerate(ten))


@pytest.mark.parametrize(
    "text",
    [
        "943 476 5919",
        "9434765919",
        "943-476-5919",
        " 943 476 5919 ",
        "9 4 3 4 7 6 5 9 1 9",
        "943\u00a0476\u00a05919",
        "943\u2011476\u20115919",
        "943\u2013476\u20135919",
        "943\u2010476\u20105919",
    ],
)
def test_the_worked_example_is_read_with_any_separator(text: str) -> None:
    assert read(text) == "9434765919"


@pytest.mark.parametrize("text", ["999 000 0018", "999 000 0026", "999 900 0002"])
def test_made_up_numbers_that_fit_are_read(text: str) -> None:
    assert read(text) == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "only digits"),
        ("not known", "only digits"),
        ("943 476 591X", "only digits"),
        ("943.476.5919", "only digits"),
        ("٩٤٣٤٧٦٥٩١٩", "only digits"),
        ("943476591²", "only digits"),
        ("943 476 591", "10 digits, this has 9"),
        ("943 476 59190", "10 digits, this has 11"),
        ("943 476 5918", "does not fit"),
        ("943 476 5910", "does not fit"),
        ("934 476 5919", "does not fit"),  # two digits swapped
    ],
)
def test_what_is_not_a_number_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read(text)


@pytest.mark.parametrize("digit", "0123456789")
def test_one_digit_ten_times_fits_the_check_digit_and_is_refused(digit: str) -> None:
    assert check_digit(digit * 9) == int(digit)
    with pytest.raises(ValueError, match="same digit"):
        read(digit * 10)


@pytest.mark.parametrize("last", "0123456789")
def test_no_number_begins_999_123_456(last: str) -> None:
    """999 123 4567 and 999 123 4560 are printed as examples; the check digit would be 10."""
    assert check_digit("999123456") == 10
    with pytest.raises(ValueError, match="does not fit"):
        read(f"999 123 456{last}")


@given(NINE_DIGITS)
def test_of_ten_last_digits_at_most_one_is_read(nine: str) -> None:
    read_ones = []
    for last in "0123456789":
        try:
            read_ones.append(read(nine + last))
        except ValueError:
            continue
    fits = [nine + last for last in "0123456789" if weighted_sum(nine + last) % 11 == 0]
    assert read_ones == [ten for ten in fits if len(set(ten)) > 1]
    assert bool(fits) is (check_digit(nine) < 10)


@given(NINE_DIGITS.filter(lambda nine: len(set(nine)) > 1), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(nine: str, place: int, off_by: int) -> None:
    digit = check_digit(nine)
    if digit == 10:
        return
    ten = f"{nine}{digit}"
    wrong = f"{ten[:place]}{(int(ten[place]) + off_by) % 10}{ten[place + 1 :]}"
    with pytest.raises(ValueError, match=r"does not fit|same digit"):
        read(wrong)


@pytest.mark.parametrize(
    ("number", "test_range"),
    [("9990000018", True), ("9999000002", True), ("9434765919", False), ("9989999999", False)],
)
def test_999_is_the_range_kept_for_tests(number: str, test_range: bool) -> None:
    assert is_test_number(number) is test_range
