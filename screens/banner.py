"""The patient banner by the NHS CUI rules: labels weaker than values, no colons, nothing cut off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.cells import cell_len

from gpa_tui.records.base import show_age, show_date
from gpa_tui.records.patient import AllergyState, Patient
from screens.keys import KEYS
from screens.widgets.line_list import ALERT, BOLD, DIM, LOUD, PLAIN, fit, wrapped
from screens.widgets.lines import Piece, Pieces


def banner_lines(patient: Patient, today: date, width: int, most: int = 99) -> list[Pieces]:
    """Name and identifiers, then allergies and needs; as many lines as it takes to show them whole.

    Where that is more than `most`, the last line says loudly that there is more, and which key shows it.
    """
    age = "" if patient.deceased else show_age(patient.born, today)
    facts = (
        ("Born", show_date(patient.born) + (f" ({age})" if age else "")),
        ("Gender", patient.gender.value.capitalize()),
        ("NHS No.", patient.nhs_number_shown),
    )
    identifiers = [piece for label, value in facts for piece in ((f" {label} ", DIM), (value, BOLD))]
    name = f" {patient.name.listed}"
    room = width - _length(identifiers)
    if cell_len(name) <= room:
        lines: list[Pieces] = [[(fit(name, room), BOLD), *identifiers]]
    else:
        lines = [*([(f" {line}", BOLD)] for line in wrapped(name, width - 1)), identifiers]
    if patient.deceased:
        lines.append(((f" RECORDED AS HAVING DIED, {patient.died_shown} ", LOUD),))
    lines += _care_lines(patient, width)
    if len(lines) <= most:
        return lines
    more = "more allergies" if len(_care_lines(patient, width, needs=False)) > most - 1 else "more needs"
    return [*lines[: most - 1], ((f" … {more}: {KEYS['patient.whole'].shown} shows all ", LOUD),)]


def _care_lines(patient: Patient, width: int, *, needs: bool = True) -> list[Pieces]:
    allergies: list[Piece] = [
        (" Allergies ", DIM),
        (patient.allergies_shown, ALERT if patient.allergy_state is AllergyState.RECORDED else BOLD),
    ]
    words = " · ".join(need.text for need in patient.needs) if needs else ""
    needed: list[Piece] = [(" Needs ", DIM), (words, BOLD)] if words else []
    if _length([*allergies, (" ", PLAIN), *needed]) <= width:
        return [[*allergies, (" ", PLAIN), *needed]]
    return [line for pieces in (allergies, needed) for line in _wrapped(pieces, width)]


def _wrapped(pieces: Sequence[Piece], width: int) -> list[Pieces]:
    """A label and its value over several lines, the value's lines below one another."""
    if not pieces:
        return []
    (label, label_style), (value, style) = pieces
    texts = wrapped(value, max(10, width - len(label)))
    return [
        [(label if number == 0 else " " * len(label), label_style), (text, style)]
        for number, text in enumerate(texts)
    ]


def _length(pieces: Sequence[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)
