"""A CSV table read as a day's list, through a column map (`column_map`)."""

from __future__ import annotations

from datetime import date, datetime

from gpa_tui.intake.column_map import ListField, read_map
from gpa_tui.intake.csv_patient import patient_of
from gpa_tui.intake.csv_row import Reading, lay_out
from gpa_tui.intake.fields import BadField, mode_in, short
from gpa_tui.intake.listing import LONGEST_MINUTES, USUAL_MINUTES, Found, Listing, Origin
from gpa_tui.intake.local_time import to_utc
from gpa_tui.intake.spreadsheet import read_date, read_time
from gpa_tui.intake.table import decode, fold, read_table
from gpa_tui.records.appointment import Mode

OF_A_PATIENT = (
    ListField.TITLE,
    ListField.BORN,
    ListField.GENDER,
    ListField.ALLERGIES,
    ListField.NEEDS,
    ListField.MEDICINES,
)
"""What stands in a row only where there is a patient: a slot with one of these is not a free one."""


def read_csv(data: bytes, listing: Listing, map_name: str) -> None:
    """Put the rows of a CSV file on the listing.

    Raises `IntakeError` when the map is wrong, or a column that a list cannot do without is missing.
    """
    chosen = read_map(map_name)
    table = read_table(decode(data), {fold(name) for names in chosen.columns.values() for name in names})
    layout = lay_out(table, chosen, listing.file, map_name)
    for column in (ListField.ALLERGIES, ListField.NEEDS, ListField.MEDICINES):
        if column in layout.places:
            listing.carries.add(column.value)
    if not table.rows:
        listing.notes.append("The list has headings and no rows.")
    seen: set[tuple[str, ...]] = set()
    for row in table.rows:
        if row.broken:
            origin = Origin(f"row {row.number}", row.raw)
            listing.reject(BadField("row", row.broken), origin, appointment=None)
        elif row.cells in seen:
            listing.counts["The same row twice, taken once"] += 1
        else:
            seen.add(row.cells)
            _take(Reading(layout, row, listing))


def _take(reading: Reading) -> None:
    """Put one row on the listing, or set it aside, or leave it out and count it."""
    listing = reading.listing
    try:
        left_out = _left_out(reading)
        day = _day(reading, needed=not left_out)
        if day is not None and day != listing.on:
            listing.other_days[day] += 1
        elif left_out:
            listing.counts[left_out] += 1
        else:
            listing.add(_found(reading), reading.origin)
    except BadField as why:
        listing.reject(why, reading.origin, appointment=listing.id_of(reading.key))


def _left_out(reading: Reading) -> str:
    """Why a row is not an appointment at all; empty when it is one."""
    if reading.flag(ListField.DELETED):
        return "Deleted in the practice's system, left out"
    if reading.flag(ListField.BLOCKED):
        return "Blocked slots, left out"
    if reading.text(ListField.STATUS).casefold() in reading.layout.chosen.status.left_out:
        return "Free slots, left out"
    who = (ListField.FAMILY, ListField.GIVEN, ListField.NAME, ListField.NHS_NUMBER, ListField.PATIENT_ID)
    if any(reading.text(column) for column in who):
        return ""
    if any(reading.text(column) for column in OF_A_PATIENT):
        raise BadField(ListField.FAMILY.words, "is empty, but other cells speak of a patient")
    return "Slots without a patient, left out"


def _day(reading: Reading, *, needed: bool) -> date | None:
    formats = reading.layout.chosen.dates
    try:
        return reading.parsed(ListField.DATE, lambda text: read_date(text, formats))
    except BadField:
        if needed:
            raise
        return None


def _found(reading: Reading) -> Found:
    """The appointment in a row of the listing's own date. Raises `BadField`."""
    slot_type = short(reading.text(ListField.SLOT_TYPE))
    return Found(
        key=reading.key,
        start=reading.parsed(ListField.START, lambda text: _start(text, reading)),
        minutes=_minutes(reading),
        clinician=reading.parsed(ListField.CLINICIAN, lambda text: short(text, 60)),
        location=short(reading.text(ListField.LOCATION), 60),
        reason=short(reading.text(ListField.REASON)) or slot_type,
        mode=_mode(reading) or mode_in(slot_type) or Mode.IN_PERSON,
        cancelled=_cancelled(reading),
        patient=patient_of(reading),
    )


def _start(text: str, reading: Reading) -> datetime:
    listing = reading.listing
    return to_utc(listing.on, read_time(text, reading.layout.chosen.times, listing.on), listing.zone)


def _minutes(reading: Reading) -> int:
    text = reading.text(ListField.MINUTES)
    digits = text.removesuffix(".0")
    minutes = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 5 else 0
    if 1 <= minutes <= LONGEST_MINUTES:
        return minutes
    if text:
        words = f"Length “{short(text, 12)}” is not a number of minutes, shown as {USUAL_MINUTES}"
        reading.listing.counts[words] += 1
    return USUAL_MINUTES


def _mode(reading: Reading) -> Mode | None:
    word = reading.text(ListField.MODE).casefold()
    words = reading.layout.chosen.mode
    for mode, known in (
        (Mode.IN_PERSON, words.in_person),
        (Mode.TELEPHONE, words.telephone),
        (Mode.VIDEO, words.video),
        (Mode.HOME, words.home),
    ):
        if word in known:
            return mode
    if word:
        reading.listing.counts[f"Way to meet not in the column map: “{short(word, 40)}”"] += 1
    return None


def _cancelled(reading: Reading) -> bool:
    word = reading.text(ListField.STATUS).casefold()
    words = reading.layout.chosen.status
    if word and word not in words.listed + words.cancelled:
        reading.listing.counts[f"Listed with a status not in the column map: “{short(word, 40)}”"] += 1
    return word in words.cancelled
