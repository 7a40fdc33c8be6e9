"""NHS numbers: shape, check digit, and the range kept for tests.

Source: NHS Data Dictionary, NHS NUMBER (modulus 11, weights 10 to 2; worked example 943 476 5919).
"""

from __future__ import annotations

_SEPARATORS = str.maketrans("", "", " -\u2010\u2011\u2013\u00a0")


def read(text: str) -> str:
    """Ten digits from `text` as written with blanks or dashes.

    Raises ValueError with the sentence to show: wrong length, other characters, the same digit ten
    times (these pass the check digit but were never issued), or a check digit that does not fit.
    """
    digits = text.translate(_SEPARATORS)
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("an NHS number has only digits")
    if len(digits) != 10:
        raise ValueError(f"an NHS number has 10 digits, this has {len(digits)}")
    if len(set(digits)) == 1:
        raise ValueError("the same digit ten times is not an NHS number")
    if check_digit(digits[:9]) != int(digits[9]):
        raise ValueError("the last digit does not fit the others: mistyped?")
    return digits


def check_digit(nine: str) -> int:
    """The modulus-11 check digit of nine digits; 10 means that no number with them can exist."""
    remainder = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return (11 - remainder) % 11


def is_test_number(number: str) -> bool:
    """True in the range 999 000 0000 to 999 999 9999, which is never issued."""
    return number.startswith("999")
