"""Column maps: which column of a CSV list means what, one TOML file per kind of list.

`plain` and `emis` are shipped in `gpa_tui/reference/csv`; a practice's own file has the same shape:

    title = "Our report"
    dates = ["dd/mm/yyyy", "excel serial"]     # DateFormat, tried in this order
    times = ["hh:mm", "day fraction"]          # TimeFormat

    [columns]                                  # each of our fields: columns, the first with a value wins
    date = ["Appointment date"]
    start = ["Time"]
    clinician = ["Session holder"]
    family = ["Surname"]

    [fixed]                                    # a field that the list has no column for
    location = "Elm Tree Surgery"

    [mode]                                     # words of the list, for each way to meet
    telephone = ["telephone", "phone"]

    [status]                                   # words of the list; any other is listed, with a note
    cancelled = ["cancelled"]
    left_out = ["slot available"]
"""

from __future__ import annotations

import tomllib
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError, model_validator

from gpa_tui.errors import IntakeError
from gpa_tui.intake.fields import tidy
from gpa_tui.intake.spreadsheet import DateFormat, TimeFormat
from gpa_tui.records.base import Record

SHIPPED = ("plain", "emis")


class ListField(StrEnum):
    """What a column can be; the value is its name in a map."""

    APPOINTMENT_ID = "appointment_id"
    DATE = "date"
    START = "start"
    MINUTES = "minutes"
    CLINICIAN = "clinician"
    LOCATION = "location"
    PATIENT_ID = "patient_id"
    NAME = "name"  # in one piece: OKONKWO, Grace (Mrs)
    TITLE = "title"
    GIVEN = "given"
    MIDDLE = "middle"
    FAMILY = "family"
    BORN = "born"
    DECEASED = "deceased"
    GENDER = "gender"
    NHS_NUMBER = "nhs_number"
    REASON = "reason"
    SLOT_TYPE = "slot_type"
    MODE = "mode"
    STATUS = "status"
    DELETED = "deleted"
    BLOCKED = "blocked"
    ALLERGIES = "allergies"
    NEEDS = "needs"
    MEDICINES = "medicines"

    @property
    def words(self) -> str:
        """As a person calls it."""
        return _WORDS.get(self, self.value.replace("_", " "))


_WORDS = {
    ListField.APPOINTMENT_ID: "appointment number",
    ListField.DATE: "date",
    ListField.START: "start time",
    ListField.FAMILY: "family name",
    ListField.BORN: "birth date",
    ListField.NHS_NUMBER: "NHS number",
}

# A list without one of these cannot be a day's list; a name may come whole or in parts.
MANDATORY: tuple[tuple[ListField, ...], ...] = (
    (ListField.DATE,),
    (ListField.START,),
    (ListField.CLINICIAN,),
    (ListField.FAMILY, ListField.NAME),
)


def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tidy(word).casefold() for word in words)


Words = Annotated[tuple[str, ...], AfterValidator(_folded)]


class ModeWords(Record, extra="forbid"):
    """The list's words for how patient and surgery meet."""

    in_person: Words = ()
    telephone: Words = ()
    video: Words = ()
    home: Words = ()


class StatusWords(Record, extra="forbid"):
    """The list's words for what became of a slot."""

    listed: Words = ()
    cancelled: Words = ()
    left_out: Words = ()


class ColumnMap(Record, extra="forbid"):
    """One column map; the module's first lines show its file."""

    title: str = Field(min_length=1)
    dates: tuple[DateFormat, ...] = Field(min_length=1)
    times: tuple[TimeFormat, ...] = Field(min_length=1)
    columns: dict[ListField, tuple[str, ...]]
    fixed: dict[ListField, str] = Field(default_factory=dict)
    mode: ModeWords = ModeWords()
    status: StatusWords = StatusWords()

    @model_validator(mode="after")
    def _can_make_a_list(self) -> ColumnMap:
        for choice in MANDATORY:
            if not any(field in self.columns or field in self.fixed for field in choice):
                raise ValueError(f"no column is given for {' or '.join(choice)}")
        if ListField.DATE in self.fixed:
            raise ValueError("the date cannot be fixed: yesterday's file would pass for today's")
        return self


def read_map(name: str) -> ColumnMap:
    """The shipped map `name`, else the TOML file at that path. Raises `IntakeError` naming the mistake."""
    try:
        if name in SHIPPED:
            source = files("gpa_tui").joinpath("reference", "csv", f"{name}.toml")
            return ColumnMap.model_validate(tomllib.loads(source.read_text("utf-8")))
        return ColumnMap.model_validate(tomllib.loads(Path(name).expanduser().read_text("utf-8")))
    except OSError as error:
        raise IntakeError(
            f"There is no column map {tidy(name)}: {error.strerror}.",
            f"Choose {' or '.join(SHIPPED)}, or the path of a map of your own.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise IntakeError(f"The column map {tidy(name)}: {error}.", "Mend that line.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part != "[key]") or "the file"
        message = tidy(first["msg"].removeprefix("Value error, "))
        raise IntakeError(f"The column map {tidy(name)}: {tidy(place)}: {message}.", "Mend that.") from error
