"""An ECG's numbers and words: what cannot be, what does not fit, and who is told when."""

from __future__ import annotations

import pytest

from gpa_tui.clinical.ecg import (
    LIMITS,
    Limits,
    misfit,
    numbers_shown,
    outside,
    says,
    told_now,
    told_today,
)
from gpa_tui.records.ecg import EcgNumbers
from gpa_tui.settings import ALARMING

TELL = Limits()
PUBLISHED = [  # QT ms, rate, Bazett, Fridericia, Framingham, Hodges: the ECG brief, 5.1
    (278, 88, 336.7, 315.9, 327.0, 327.0),
    (334, 112, 456.3, 411.2, 405.5, 425.0),
    (402, 47, 355.8, 370.6, 359.4, 379.3),
    (219, 132, 324.8, 284.8, 303.0, 345.0),
]


@pytest.mark.parametrize("name", LIMITS)
def test_a_number_one_beyond_its_limit_is_asked_again(name: str) -> None:
    least, most = LIMITS[name][0], LIMITS[name][-1]
    assert outside(name, least) == outside(name, most) == ""
    for value in (least - 1, most + 1):
        assert f"{value} is outside what carts print, {least} to {most}" in outside(name, value)
        assert misfit(EcgNumbers.model_validate({name: value})) == outside(name, value)


@pytest.mark.parametrize(("qt", "rate", "bazett", "fridericia", "framingham", "hodges"), PUBLISHED)
def test_published_qtc_fits_by_its_own_formula_and_a_slip_does_not(
    qt: int, rate: int, bazett: float, fridericia: float, framingham: float, hodges: float
) -> None:
    printed = {"bazett": bazett, "fridericia": fridericia, "framingham": framingham, "hodges": hodges}
    for formula, value in printed.items():
        numbers = EcgNumbers(rate=rate, qt_ms=qt, qtc_ms=round(value))
        assert misfit(numbers) == ""
        named = numbers.model_copy(update={"qtc_formula": formula})
        assert misfit(named) == ""
        slipped = named.model_copy(update={"qt_ms": qt + 100})
        assert misfit(slipped).endswith("do not fit")


def test_a_qtc_is_held_against_the_formula_that_the_cart_names() -> None:
    bazett_alone = EcgNumbers(rate=112, qt_ms=334, qtc_ms=456)
    assert misfit(bazett_alone) == ""
    named = bazett_alone.model_copy(update={"qtc_formula": "fridericia"})
    assert misfit(named) == "QT 334, rate 112 and QTc 456 by Fridericia do not fit"


@pytest.mark.parametrize(("off", "fits"), [(10, True), (11, False), (-10, True), (-11, False)])
def test_ten_ms_are_allowed_for_how_a_cart_rounds(off: int, fits: bool) -> None:
    at_sixty = EcgNumbers(rate=60, qt_ms=400, qtc_ms=400 + off)  # all formulas agree
    assert (misfit(at_sixty) == "") is fits


def test_a_qt_as_long_as_a_beat_is_asked_again() -> None:
    assert misfit(EcgNumbers(rate=150, qt_ms=400)) == "QT 400 ms is as long as a whole beat at 150/min"
    assert misfit(EcgNumbers(rate=150, qt_ms=399)) == ""


@pytest.mark.parametrize("missing", ["rate", "qt_ms", "qtc_ms"])
def test_what_was_not_given_speaks_against_nothing(missing: str) -> None:
    numbers = EcgNumbers(rate=72, qt_ms=402, qtc_ms=540).model_copy(update={missing: None})
    assert misfit(numbers) == ""


# ── who is told, and when: every boundary on both sides, the stricter of the two briefs ───────


@pytest.mark.parametrize(
    ("rate", "when"),
    [
        (40, "now"),
        (41, "today"),
        (50, "today"),
        (51, ""),
        (110, ""),
        (111, "today"),
        (130, "today"),
        (131, "now"),
    ],
)
def test_a_rate_is_told_now_or_today_at_its_limits(rate: int, when: str) -> None:
    numbers = EcgNumbers(rate=rate)
    assert list(told_now(numbers, (), TELL, ALARMING)) == ([f"rate {rate}"] if when == "now" else [])
    assert list(told_today(numbers, TELL)) == ([f"rate {rate}"] if when == "today" else [])


@pytest.mark.parametrize(("qtc", "now"), [(499, False), (500, True)])
def test_a_qtc_of_500_by_any_formula_is_told_now(qtc: int, now: bool) -> None:
    found = list(told_now(EcgNumbers(qtc_ms=qtc), (), TELL, ALARMING))
    assert found == ([f"QTc {qtc} ms (formula not stated)"] if now else [])


@pytest.mark.parametrize(
    "numbers",
    [EcgNumbers(qtc_ms=470), EcgNumbers(qrs_ms=140), EcgNumbers(pr_ms=240), EcgNumbers(axis_deg=-60)],
)
def test_what_goes_in_the_ordinary_queue_is_no_alarm(numbers: EcgNumbers) -> None:
    assert not list(told_now(numbers, (), TELL, ALARMING))
    assert not list(told_today(numbers, TELL))


@pytest.mark.parametrize(
    "statement",
    [
        "*** ACUTE MI ***",
        "ST elevation, consider STEMI",
        "Lateral ischaemia",
        "anterolateral ischemic changes",
        "Non-sustained VT",
        "VENTRICULAR TACHYCARDIA",
        "Complete heart block",
        "Third-degree AV block",
        "2nd degree AV block, Mobitz II",
        "Sinus pauses",
        "Wide-complex tachycardia",
        "AF, new",
        "WPW pattern",
        "Brugada type 1",
        "Long QT interval",
        "infarct, acute",
        "COMPLETE AV BLOCK",
        "NEW ATRIAL FIBRILLATION",
        "ST ELEVATION, probably early repolarization",
        "ST-elevation MI",
        "WIDE QRS TACHYCARDIA",
        "VF",
        "V-TACH",
        "PROLONGED QT",
        "Long QTc",
        "asystole",
        "sinus arrest",
    ],
)
def test_alarming_words_of_the_machine_are_told_now_word_for_word(statement: str) -> None:
    found = list(told_now(EcgNumbers(), ("Sinus rhythm", statement), TELL, ALARMING))
    assert found == [f"the machine says, unconfirmed: {statement}"]


@pytest.mark.parametrize(
    "statement", ["Sinus rhythm", "AVT lead", "first degree AV block", "QT interval 400", "subacutely", ""]
)
def test_words_that_only_look_alike_are_not(statement: str) -> None:
    assert not list(told_now(EcgNumbers(), (statement,), TELL, ALARMING))


def test_an_entry_of_the_list_is_whole_words_or_a_beginning() -> None:
    assert says("Possible pauses", "pause*")
    assert not says("Possible pauses", "pause")
    assert not says("anything", "")
    assert says("** ACUTE MI! **", "acute, mi.")  # what a practice writes between the words does not count


def test_numbers_are_shown_with_the_formula_or_that_it_is_not_stated() -> None:
    whole = EcgNumbers(
        rate=72, pr_ms=158, qrs_ms=92, qt_ms=402, qtc_ms=440, qtc_formula="bazett", axis_deg=-20
    )
    shown = "rate 72/min, PR 158 ms, QRS 92 ms, QT 402 ms, QTc 440 ms (Bazett), axis -20°"
    assert numbers_shown(whole) == shown
    assert numbers_shown(EcgNumbers(qtc_ms=443)) == "QTc 443 ms (formula not stated)"
    assert numbers_shown(EcgNumbers()) == "no numbers"
