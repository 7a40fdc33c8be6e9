"""The patient banner by the NHS CUI rules: labels weaker than values, no colons, nothing cut off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from textwrap import wrap

from gpa_tui.records.base import show_age, show_date
from gpa_tui.records.patient import AllergyState, Patient
from screens.widgets.line_list import ALERT, BOLD, DIM, PLAIN
from screens.widgets.lines import Piece, Pieces


def banner_lines(patient: Patient, today: date, width: int) -> list[Pieces]:
    """Name and identifiers, then allergies and needs; as many lines as it takes to show them whole."""
    age = show_age(patient.born, today)
    facts = (
        ("Born", show_date(patient.born) + (f" ({age})" if age else "")),
        ("Gender", patient.gender.value.capitalize()),
        ("NHS No.", patient.nhs_number_shown),
    )
    identifiers = [piece for label, value in facts for piece in ((f" {label} ", DIM), (value, BOLD))]
    name = f" {patient.name.listed}"
    room = width - _length(identifiers)
    if len(name) <= room:
        lines: list[Pieces] = [[(f"{name:<{room}}", BOLD), *identifiers]]
    else:
        lines = [*([(f" {line}", BOLD)] for line in wrap(name.strip(), width - 1)), identifiers]
    return lines + _care_lines(patient, width)


def _care_lines(patient: Patient, width: int) -> list[Pieces]:
    allergies: list[Piece] = [
        (" Allergies ", DIM),
        (patient.allergies_shown, ALERT if patient.allergy_state is AllergyState.RECORDED else BOLD),
    ]
    words = " · ".join(need.text for need in patient.needs)
    needs: list[Piece] = [(" Needs ", DIM), (words, BOLD)] if words else []
    if _length([*allergies, (" ", PLAIN), *needs]) <= width:
        return [[*allergies, (" ", PLAIN), *needs]]
    return [line for pieces in (allergies, needs) for line in _wrapped(pieces, width)]


def _wrapped(pieces: Sequence[Piece], width: int) -> list[Pieces]:
    """A label and its value over several lines, the value's lines below one another."""
    if not pieces:
        return []
    (label, label_style), (value, style) = pieces
    texts = wrap(value, max(10, width - len(label)))
    return [
        [(label if number == 0 else " " * len(label), label_style), (text, style)]
        for number, text in enumerate(texts)
    ]


def _length(pieces: Sequence[Piece]) -> int:
    return sum(len(text) for text, _ in pieces)
