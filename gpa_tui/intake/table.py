"""A CSV file as headed rows: its encoding, its separator, and rows that cannot be read set apart.

Parsing is the standard library's `csv`, strictly and row by row, so that a stray quotation mark costs
its own row and not the rest of the file.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from gpa_tui.errors import IntakeError
from gpa_tui.intake.fields import tidy

SEPARATORS: tuple[str, ...] = (",", ";", "\t")
LONGEST_ROW = 100  # lines; a row that runs on for longer is taken for a quotation mark left open


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `number` counts as a spreadsheet does, the headings being row 1; `broken` says why not."""

    number: int
    cells: tuple[str, ...]
    raw: str
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The headings as they stand, and the rows that hold anything at all."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 by its mark, else UTF-8, else Windows-1252.

    A file that is UTF-8 but for a few damaged bytes stays UTF-8, with U+FFFD in their place: read as
    Windows-1252 it would spell every accented name wrongly.
    """
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        lossy = data.decode("utf-8-sig", "replace")
        if any(char > "\x7f" and char != "\ufffd" for char in lossy):
            return lossy
        return data.decode("cp1252", "replace")


def read_table(text: str, known: set[str]) -> Table:
    """The rows of `text`. The separator is the one that gives most headings that are `known` (folded).

    Raises `IntakeError` when there is no row of headings.
    """
    lines = list(io.StringIO(text, newline=""))
    first = next((place for place, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise IntakeError("The file is empty.", "Export the list again.")
    separators = SEPARATORS
    hint = lines[first].strip()
    if hint[:4].casefold() == "sep=" and len(hint) <= 5:  # Excel's own hint; a row of its own
        separators = (hint[4:] or "\t",)
        first += 1
    split = {separator: _headings(lines, first, separator) for separator in separators}
    headings, used, separator = max(
        ((*found, separator) for separator, found in split.items()),
        key=lambda found: (len({fold(name) for name in found[0]} & known), len(found[0])),
    )
    if not headings or any("\0" in name for name in headings):
        raise IntakeError(
            "The file has no row of column headings.", "Export the list again, as CSV in UTF-8."
        )
    rows = _rows(lines, first + used, len(headings), separator, number=first + 2)
    return Table(headings, tuple(row for row in rows if row.broken or any(map(str.strip, row.cells))))


def fold(heading: str) -> str:
    """A heading for comparison: case, and blanks at its ends, do not matter."""
    return tidy(heading).casefold()


def _headings(lines: list[str], first: int, separator: str) -> tuple[tuple[str, ...], int]:
    try:
        cells, used = _one_row(lines, first, separator)
    except csv.Error:
        return (), 1
    return tuple(cells), used


def _one_row(lines: list[str], first: int, separator: str) -> tuple[list[str], int]:
    """The cells of the row that starts at line `first`, and how many lines it takes up."""
    reader = csv.reader(lines[first : first + LONGEST_ROW], delimiter=separator, strict=True)
    return next(reader, []), reader.line_num


def _rows(lines: list[str], first: int, width: int, separator: str, number: int) -> Iterator[Row]:
    while first < len(lines):
        used, cells, broken = 1, [lines[first]], ""
        try:
            cells, used = _one_row(lines, first, separator)
            cells, broken = _fitted(cells, width)
        except csv.Error as error:
            broken = f"quotation marks do not pair up: {error}"
        if broken and used > 1:  # a quotation mark left open took in rows that are whole in themselves
            broken, used = "quotation marks do not pair up, or a cell breaks off", 1
        yield Row(number, tuple(cells), "".join(lines[first : first + used]).rstrip("\r\n"), broken)
        first += used
        number += 1


def _fitted(cells: list[str], width: int) -> tuple[list[str], str]:
    """Cells cut to the headings, and what is wrong with the row, if anything.

    A row without its last cells is refused: it may be half of a row, and what is missing may be an
    allergy. Excel leaves trailing empty cells out of some rows; a last column that is never empty helps.
    """
    if any(cell.strip() for cell in cells[width:]):
        return cells, f"{len(cells)} cells, and the headings are {width}: a separator inside a cell?"
    if cells and len(cells) < width:
        return cells, f"{len(cells)} cells, and the headings are {width}: is the row whole?"
    if any("\0" in cell for cell in cells):
        return cells, "has a NUL character in it: the file is damaged"
    return cells[:width], ""
