"""An ECG's numbers and words from the cart: what was mistyped, and who is told when. Never what they mean.

Limits for typing are of the ECG brief, 5.3; when somebody is told, of its 5.4 and of the domain brief, 4.6,
the stricter where they differ (proposals: a clinician of the practice owns the limits and the words). The
formulas are those of `clinical/qtc.py` and serve here to catch a slip of the fingers alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gpa_tui.clinical import qtc
from gpa_tui.records.ecg import EcgNumbers

LIMITS: dict[str, range] = {
    "rate": range(20, 301),
    "pr_ms": range(80, 401),
    "qrs_ms": range(40, 251),
    "qt_ms": range(200, 701),
    "qtc_ms": range(200, 801),  # wide enough for any QT and rate above that a cart would print (proposal)
    "axis_deg": range(-180, 181),
}
NAMES = {
    "rate": "rate",
    "pr_ms": "PR",
    "qrs_ms": "QRS",
    "qt_ms": "QT",
    "qtc_ms": "QTc",
    "axis_deg": "axis",
}
UNITS = {"rate": "/min", "axis_deg": "°"}  # of the others: ms
MACHINE = "machine, unconfirmed"  # before the words of a cart
QTC_FITS = 10  # ms round what a formula gives (the ECG brief, 5.3)


def outside(name: str, value: int) -> str:
    """The clause for a number outside what carts print; empty within."""
    limit = LIMITS[name]
    if value in limit:
        return ""
    printed = f"{limit[0]} to {limit[-1]} {UNITS.get(name, 'ms')}"
    return f"{NAMES[name]} {value} is outside what carts print, {printed}"


def misfit(numbers: EcgNumbers) -> str:
    """Which numbers are hardly what was printed, a clause; empty where nothing speaks against them.

    One outside what a cart prints, QT as long as a whole beat, or a QTc that the named formula, or where none
    is named no formula, gives.
    """
    for name in LIMITS:
        value = getattr(numbers, name)
        if value is not None and (clause := outside(name, value)):
            return clause
    rate, qt, qtc_ms = numbers.rate, numbers.qt_ms, numbers.qtc_ms
    if rate is None or qt is None:
        return ""
    if qt * rate >= 60_000:
        return f"QT {qt} ms is as long as a whole beat at {rate}/min"
    return "" if qtc_ms is None else _misfit_of_qtc(numbers, qt, rate, qtc_ms)


def _misfit_of_qtc(numbers: EcgNumbers, qt: int, rate: int, qtc_ms: int) -> str:
    by_formula = qtc.qtc(qt, rate).by_formula
    asked = [numbers.qtc_formula] if numbers.qtc_formula else list(by_formula)
    if any(abs(by_formula[name] - qtc_ms) <= QTC_FITS for name in asked):
        return ""
    formula = f" by {numbers.qtc_formula.capitalize()}" if numbers.qtc_formula else ""
    return f"QT {qt}, rate {rate} and QTc {qtc_ms}{formula} do not fit"


@dataclass(frozen=True, slots=True)
class Limits:
    """From which numbers of the cart's the GP is told: rates in beats/min, QTc in ms."""

    rate_now_low: int = 40
    rate_now_high: int = 131
    rate_today_low: int = 50
    rate_today_high: int = 111
    qtc_now: int = 500


def told_now(
    numbers: EcgNumbers, statements: Iterable[str], limits: Limits, alarming: Iterable[str]
) -> Iterator[str]:
    """For what in the cart's numbers and words the GP is told at once, a clause each, the words verbatim."""
    words = list(alarming)
    for statement in statements:
        if any(says(statement, word) for word in words):
            yield f"the machine says, unconfirmed: {statement}"
    if numbers.rate is not None and not limits.rate_now_low < numbers.rate < limits.rate_now_high:
        yield f"rate {numbers.rate}"
    if numbers.qtc_ms is not None and numbers.qtc_ms >= limits.qtc_now:
        yield qtc_shown(numbers)


def told_today(numbers: EcgNumbers, limits: Limits) -> Iterator[str]:
    """For which of the cart's numbers the GP is told before the patient leaves, a clause each."""
    rate = numbers.rate
    low, high = (limits.rate_now_low, limits.rate_today_low), (limits.rate_today_high, limits.rate_now_high)
    if rate is not None and (low[0] < rate <= low[1] or high[0] <= rate < high[1]):
        yield f"rate {rate}"


def says(statement: str, words: str) -> bool:
    """Whether these words stand in the statement next to each other, whole; `ischaem*` also the beginning.

    Case, hyphens and what stands between words do not count: `VT` is in `NON-SUSTAINED VT`, not in `AVT`.
    """
    there, asked = _tokens(statement), re.findall(r"[^\W_]+\*?", words.casefold())
    return bool(asked) and any(
        all(_begins(token, word) for token, word in zip(there[at:], asked, strict=False))
        for at in range(len(there) - len(asked) + 1)
    )


def _begins(token: str, word: str) -> bool:
    return token.startswith(word[:-1]) if word.endswith("*") else token == word


def _tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def qtc_shown(numbers: EcgNumbers) -> str:
    """`QTc 470 ms (Bazett)`; where the cart did not say by which formula, that."""
    return f"QTc {numbers.qtc_ms} ms ({numbers.qtc_formula.capitalize() or 'formula not stated'})"


def numbers_shown(numbers: EcgNumbers) -> str:
    """`rate 72, PR 158, QRS 92, QT 402 ms, QTc 440 ms (Bazett), axis 45°`, of what was given."""
    given: list[str] = []
    if numbers.rate is not None:
        given.append(f"rate {numbers.rate}/min")
    for value, name in ((numbers.pr_ms, "PR"), (numbers.qrs_ms, "QRS"), (numbers.qt_ms, "QT")):
        if value is not None:
            given.append(f"{name} {value} ms")
    if numbers.qtc_ms is not None:
        given.append(qtc_shown(numbers))
    if numbers.axis_deg is not None:
        given.append(f"axis {numbers.axis_deg}°")
    return ", ".join(given) or "no numbers"
