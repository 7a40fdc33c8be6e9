"""Read a day's list from a file: which kind of file it is, and who reads it. Nothing is saved here."""

from __future__ import annotations

import hashlib
import stat
from datetime import date
from pathlib import Path

from gpa_tui.errors import IntakeError
from gpa_tui.intake.fields import short, tidy
from gpa_tui.intake.listing import DayList, Listing, RejectedRow, RowSource
from gpa_tui.settings import PracticeSettings

__all__ = ["MAX_BYTES", "DayList", "RejectedRow", "RowSource", "read_list"]

MAX_BYTES = 50 * 1024 * 1024

# How files begin that people take for a list, and what to do about each.
_NOT_A_LIST = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive", "Save the sheet as “CSV UTF-8”, and import that."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "Save the sheet as “CSV UTF-8”, and import that."),
    (b"%PDF", "a PDF", "Export the list as CSV or as a FHIR Bundle."),
    (b"\x1f\x8b", "a compressed file", "Unpack it, and import what is in it."),
    (b"{\\rtf", "a word processor's file", "Export the list as CSV or as a FHIR Bundle."),
    (b"<", "XML or a web page", "Export the list as CSV, or as a FHIR Bundle in JSON."),
)
_UTF8_MARK = b"\xef\xbb\xbf"


def read_list(
    path: Path,
    *,
    settings: PracticeSettings,
    practice: str,
    on: date,
    demo: bool,
    csv_map: str | None = None,
) -> DayList:
    """The list in `path` for the practice's local date `on`; its content says what it is, not its name.

    `practice` is the store's practice id; `demo` says which NHS numbers may come in; `csv_map` stands
    before the settings' own map. Raises `IntakeError` when the file cannot be read as a list at all.
    """
    file = short(path.name) or "the file"
    data = _bytes_of(path, file)
    listing = Listing(file=file, practice=practice, on=on, zone=settings.zone, demo=demo)
    begin = data.removeprefix(_UTF8_MARK).lstrip()
    for mark, what, remedy in _NOT_A_LIST:
        if begin.startswith(mark):
            raise IntakeError(f"{file} is {what}, not a list.", remedy)
    if begin.startswith((b"{", b"[")):
        from gpa_tui.intake.fhir_list import read_fhir

        try:
            read_fhir(data, listing)
        except RecursionError as error:
            raise IntakeError(f"{file} is nested too deeply to be a list.", "Export it again.") from error
    else:
        from gpa_tui.intake.csv_list import read_csv

        read_csv(data, listing, csv_map or settings.csv_map)
    return listing.finish(hashlib.sha256(data).hexdigest())


def _bytes_of(path: Path, file: str) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise IntakeError(f"{file} is not a file.", "Give the path of the list itself.")
        with path.open("rb") as source:
            data = source.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = tidy(getattr(error, "strerror", None) or "its name cannot be used")
        raise IntakeError(f"{file} cannot be read: {reason}.", "Check its name and where it lies.") from error
    if len(data) > MAX_BYTES:
        raise IntakeError(
            f"{file} is larger than {MAX_BYTES // (1024 * 1024)} MB.",
            "Export one day, not the whole book.",
        )
    if not data.strip():
        raise IntakeError(f"{file} is empty.", "Export the list again.")
    return data
