"""A column map laid over the headings of one file, and one row read through it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from gpa_tui.errors import IntakeError
from gpa_tui.intake.column_map import MANDATORY, SHIPPED, ColumnMap, ListField, read_map
from gpa_tui.intake.fields import BadField, short, tidy
from gpa_tui.intake.listing import Listing, Origin
from gpa_tui.intake.table import Row, Table, fold

_TRUE = {"true", "yes", "y", "1", "t"}
_FALSE = {"false", "no", "n", "0", "f", ""}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where in a row each field can stand: `places`, in the order in which they are asked."""

    chosen: ColumnMap
    places: dict[ListField, tuple[int, ...]]


def lay_out(table: Table, chosen: ColumnMap, file: str, map_name: str) -> Layout:
    """The map laid over a table's headings.

    Raises `IntakeError` naming a column that is missing or stands there twice, and what is there.
    """
    headings = [fold(name) for name in table.headings]
    places = _places(headings, chosen)
    for choice in MANDATORY:
        if not any(column in places or column in chosen.fixed for column in choice):
            looked_for = _quoted(name for column in choice for name in chosen.columns.get(column, ()))
            raise IntakeError(
                f"{file} has no column for the {choice[0].words}: the map {tidy(map_name)} looks for "
                f"{looked_for}. Its columns are {_quoted(short(name, 40) for name in table.headings[:40])}.",
                _remedy(headings, map_name),
            )
    for place in (place for column in places.values() for place in column):
        if headings.count(headings[place]) > 1:
            raise IntakeError(
                f"{file} has two columns headed “{short(table.headings[place], 40)}”.",
                "Rename or remove the one that is not meant.",
            )
    return Layout(chosen, places)


def _places(headings: list[str], chosen: ColumnMap) -> dict[ListField, tuple[int, ...]]:
    found = {
        column: tuple(headings.index(fold(name)) for name in names if fold(name) in headings)
        for column, names in chosen.columns.items()
    }
    return {column: places for column, places in found.items() if places}


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _remedy(headings: list[str], map_name: str) -> str:
    for other in SHIPPED:
        places = _places(headings, read_map(other))
        if other != map_name and all(any(column in places for column in choice) for choice in MANDATORY):
            return f"These columns fit the map {other}: choose that one."
    return "Choose another column map, or put the column's name into this one."


@dataclass(frozen=True, slots=True)
class Reading:
    """One row under its layout."""

    layout: Layout
    row: Row
    listing: Listing

    def text(self, column: ListField) -> str:
        """The first column of this field that holds anything, else what the map fixes; tidy."""
        return tidy(self.raw(column))

    def raw(self, column: ListField) -> str:
        """As `text`, with its line breaks and whatever else stands in the cell."""
        cells = (self.row.cells[place] for place in self.layout.places.get(column, ()))
        return next((cell for cell in cells if tidy(cell)), self.layout.chosen.fixed.get(column, ""))

    def parsed(self, column: ListField, parse: Callable[[str], T]) -> T:
        """What `parse` makes of the field's text. Raises `BadField`, also when the field is empty."""
        text = self.text(column)
        if not text:
            raise BadField(column.words, "is empty")
        try:
            return parse(text)
        except ValueError as error:
            raise BadField(column.words, str(error)) from error

    def flag(self, column: ListField) -> bool:
        """A yes or no; an empty cell is no. Raises `BadField` for another word."""
        word = self.text(column).casefold()
        if word not in _TRUE | _FALSE:
            raise BadField(column.words, f"“{short(word, 40)}” is neither true nor false")
        return word in _TRUE

    def identifier(self, column: ListField) -> str:
        """An identifier without the braces and the capitals that exports put on or leave off."""
        return self.text(column).strip("{}").casefold()

    @property
    def key(self) -> str:
        """The list's own identifier of the appointment, empty without one.

        The patient's is part of it, since a slot can go to another patient: that is another appointment.
        """
        number = self.identifier(ListField.APPOINTMENT_ID)
        return f"{number} {self.identifier(ListField.PATIENT_ID)}".strip() if number else ""

    @property
    def origin(self) -> Origin:
        return Origin(f"row {self.row.number}", self.row.raw)
