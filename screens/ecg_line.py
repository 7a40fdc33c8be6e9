"""The cart's numbers in one line: `72 158 92 402/440b 45`, or with labels in any order.

    line    = { item }                  items stand apart by blanks
    item    = "@" hours ":" minutes     when it was recorded, if not now
            | [ label [ blank ] ] value
    value   = a whole number, or - where the cart gave none
            | QT "/" QTc                both at once, in the place or under the label of QT
    label   = hr, rate | pr | qrs | qt | qtc | ax, axis

A value without a label is that of the number after the one before it: rate, PR, QRS, QT, QTc, axis. Right
behind a QTc stands the formula that the cart names: b Bazett, f Fridericia, m Framingham, h Hodges; nothing
where it names none. Times in ms. No number twice. `-` alone: the cart printed no numbers. What cannot be
read is pointed at, never guessed; a number outside what carts print is typed again, with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gpa_tui.clinical.ecg import LIMITS, NAMES
from gpa_tui.records.ecg import EcgNumbers, Formula
from screens.entry_line import LineError, items_of, time_of

ORDER = tuple(LIMITS)
LABELS = {
    "hr": "rate",
    "rate": "rate",
    "pr": "pr_ms",
    "qrs": "qrs_ms",
    "qt": "qt_ms",
    "qtc": "qtc_ms",
    "ax": "axis_deg",
    "axis": "axis_deg",
}
FORMULAS: dict[str, Formula] = {
    "": "",
    "b": "bazett",
    "f": "fridericia",
    "m": "framingham",
    "h": "hodges",
}
_ITEM = re.compile(rf"({'|'.join(sorted(LABELS, key=len, reverse=True))})?(.*)", re.IGNORECASE)
_VALUE = re.compile(r"(-?[0-9]{1,3})([bfmh]?)", re.IGNORECASE)


@dataclass(slots=True)
class EcgLine:
    """What a line says: the numbers, and the time of day (hours, minutes) if it says one."""

    numbers: EcgNumbers = field(default_factory=EcgNumbers)
    recorded_at: tuple[int, int] | None = None


def read_ecg_line(text: str) -> EcgLine:
    """The line. Raises `LineError`, for an empty one too."""
    found: dict[str, int | None] = {}
    formula: Formula = ""
    line, items, following = EcgLine(), list(items_of(text)), 0
    while items:
        at, item = items.pop(0)
        if item.startswith("@"):
            if line.recorded_at is not None:
                raise LineError(at, "The time stands here twice.")
            line.recorded_at = time_of(at, item)
            continue
        match = _ITEM.fullmatch(item)
        label, value = (match[1] or "", match[2]) if match else ("", item)
        name = LABELS[label.casefold()] if label else None
        if name is not None and not value:
            if not items:
                raise LineError(at, f"{item}: and the number?")
            at, value = items.pop(0)
        elif name is None:
            if following >= len(ORDER):
                raise LineError(at, "Every number stands there already: what is this?")
            name = ORDER[following]
        else:
            at += len(label)
        for one, part, where in _parts(name, value, at):
            if one in found:
                raise LineError(where, f"{NAMES[one]} stands here twice.")
            found[one], named = _value(one, part, where)
            formula = named or formula
            following = ORDER.index(one) + 1
    if not found:
        raise LineError(0, "Type what the cart printed: rate PR QRS QT/QTc axis, e.g. 72 158 92 402/440b 45.")
    line.numbers = EcgNumbers.model_validate({**found, "qtc_formula": formula})
    return line


def _parts(name: str, value: str, at: int) -> list[tuple[str, str, int]]:
    """(number, text, where): QT and QTc where they stand together, else the one."""
    if name == "qt_ms" and "/" in value:
        qt, _, qtc = value.partition("/")
        return [("qt_ms", qt, at), ("qtc_ms", qtc, at + len(qt) + 1)]
    return [(name, value, at)]


def _value(name: str, text: str, at: int) -> tuple[int | None, Formula]:
    if text == "-":
        return None, ""
    match = _VALUE.fullmatch(text)
    if match is None or (match[2] and name != "qtc_ms"):
        hint = ", with b, f, m or h for its formula" if name == "qtc_ms" else ""
        raise LineError(at, f"{text}: {NAMES[name]} is a whole number{hint}, or - where the cart gave none.")
    return int(match[1]), FORMULAS[match[2].casefold()]


def as_line(numbers: EcgNumbers) -> str:
    """The numbers as they would be typed, by labels: `hr72 pr158 qrs92 qt402 qtc440b axis45`."""
    labels = {
        "rate": "hr",
        "pr_ms": "pr",
        "qrs_ms": "qrs",
        "qt_ms": "qt",
        "qtc_ms": "qtc",
        "axis_deg": "axis",
    }
    letter = next((one for one, name in FORMULAS.items() if name == numbers.qtc_formula), "")
    given = ((name, getattr(numbers, name)) for name in ORDER)
    return " ".join(
        f"{labels[name]}{value}{letter if name == 'qtc_ms' else ''}"
        for name, value in given
        if value is not None
    )
