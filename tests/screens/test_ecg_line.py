"""The cart's numbers in one line: read, pointed at, or refused; never silently another number."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.clinical.ecg import LIMITS
from gpa_tui.records.ecg import EcgNumbers, Formula
from screens.ecg_line import EcgLine, as_line, read_ecg_line
from screens.entry_line import LineError

WHOLE = EcgNumbers(rate=72, pr_ms=158, qrs_ms=92, qt_ms=402, qtc_ms=440, qtc_formula="bazett", axis_deg=45)


@pytest.mark.parametrize(
    "line",
    [
        "72 158 92 402/440b 45",
        "72 158 92 402 440b 45",
        "axis45 qtc440B qt402 qrs92 PR158 hr72",
        "rate 72 pr 158 qrs 92 qt 402/440b ax 45",
        "  72   158 92 qt402 440b 45 ",
        "qt402/440b 45 hr72 158 92",
    ],
)
def test_in_order_or_by_labels_it_is_the_same(line: str) -> None:
    assert read_ecg_line(line) == EcgLine(WHOLE)


def test_the_time_the_axis_below_zero_and_what_the_cart_did_not_give() -> None:
    found = read_ecg_line("@09:10 72 - 92 402/440 -20")
    assert found.recorded_at == (9, 10)
    assert found.numbers == EcgNumbers(rate=72, qrs_ms=92, qt_ms=402, qtc_ms=440, axis_deg=-20)


@pytest.mark.parametrize(
    ("letter", "formula"),
    [("", ""), ("b", "bazett"), ("f", "fridericia"), ("m", "framingham"), ("h", "hodges")],
)
def test_the_letter_behind_qtc_is_the_carts_formula(letter: str, formula: Formula) -> None:
    assert read_ecg_line(f"qtc440{letter}").numbers.qtc_formula == formula


@pytest.mark.parametrize(
    ("line", "at", "says"),
    [
        ("", 0, "Type what the cart printed"),
        ("72 0.16", 3, "PR is a whole number"),
        ("72 158 92 402/4400", 14, "QTc is a whole number, with b, f, m or h"),
        ("72 158 92 402b", 10, "QT is a whole number"),
        ("72 158 92 402/440x", 14, "QTc is a whole number"),
        ("72 158 92 402/440b 45 9", 22, "Every number stands there already"),
        ("72 hr80", 5, "rate stands here twice"),
        ("qt402/440 qtc441", 13, "QTc stands here twice"),
        ("qt", 0, "qt: and the number?"),
        ("@9:61 72", 0, "When it was taken"),
        ("@09:10 @09:11 72", 7, "twice"),
        ("fast", 0, "rate is a whole number"),
    ],
)
def test_what_cannot_be_read_is_pointed_at(line: str, at: int, says: str) -> None:
    with pytest.raises(LineError, match=re.escape(says)) as wrong:
        read_ecg_line(line)
    assert wrong.value.at == at


def outcome(line: str) -> tuple[EcgNumbers | None, int]:
    """The numbers, or where it is pointed at."""
    try:
        return read_ecg_line(line).numbers, 0
    except LineError as error:
        return None, error.at


def test_a_cart_that_prints_no_numbers_is_a_dash() -> None:
    assert read_ecg_line("-").numbers == EcgNumbers()


@given(st.text(alphabet="0123456789/-bfmhprqstcax @:.", max_size=40))
def test_anything_typed_is_read_or_pointed_at_and_no_number_is_made_up(line: str) -> None:
    found, at = outcome(line)
    if found is None:
        assert 0 <= at <= len(line)
        return
    typed = {int(number) for number in re.findall(r"-?[0-9]{1,3}(?![0-9])", re.sub(r"@\S+", " ", line))}
    for name in LIMITS:
        value = getattr(found, name)
        assert value is None or value in typed


@given(
    st.builds(
        EcgNumbers,
        rate=st.none() | st.sampled_from(LIMITS["rate"]),
        pr_ms=st.none() | st.sampled_from(LIMITS["pr_ms"]),
        qrs_ms=st.none() | st.sampled_from(LIMITS["qrs_ms"]),
        qt_ms=st.none() | st.sampled_from(LIMITS["qt_ms"]),
        qtc_ms=st.sampled_from(LIMITS["qtc_ms"]),
        qtc_formula=st.sampled_from(["", "bazett", "fridericia", "framingham", "hodges"]),
        axis_deg=st.none() | st.sampled_from(LIMITS["axis_deg"]),
    )
)
def test_what_a_file_gives_is_read_back_as_it_is(numbers: EcgNumbers) -> None:
    assert read_ecg_line(as_line(numbers)).numbers == numbers
