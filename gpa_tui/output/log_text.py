"""The session log as plain text, JSON Lines or CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from gpa_tui.records.event import Event, ReflectionWritten, SafeguardingRaised
from gpa_tui.session.day import Day
from gpa_tui.session.describe import line, marks, says
from gpa_tui.session.whole_log import Entry
from gpa_tui.text import clean

_COLUMNS = (
    "journal", "seq", "at", "wall", "on_paper", "staff", "name", "role", "terminal", "kind", "patient",
    "appointment", "about", "taken_back", "says",
)  # fmt: skip


def text_lines(entries: Iterable[Entry], day: Day, show_time: Callable[[datetime], str]) -> Iterator[str]:
    """One line an entry, oldest first, fit for a terminal: no control characters."""
    return (clean(line(event, day, show_time)) for _, event in entries)


def json_lines(entries: Iterable[Entry]) -> str:
    """Every entry, one JSON object a line, in ASCII: no character of it can steer a terminal."""
    return "".join(
        json.dumps({"journal": journal} | _unrestricted(event)) + "\n" for journal, event in entries
    )


def _unrestricted(event: Event) -> dict[str, Any]:
    """The entry, but for the words of a safeguarding concern, and what somebody wrote of themselves."""
    found: dict[str, Any] = event.model_dump(mode="json", exclude_none=True)
    if isinstance(event.data, SafeguardingRaised):
        found["data"]["words"] = "restricted: read it at the workstation"
    if isinstance(event.data, ReflectionWritten):
        found["data"]["words"] = "in the portfolio of whoever wrote it"
    return found


def comma_separated(entries: Iterable[Entry], day: Day) -> str:
    """One row an entry; a cell that a spreadsheet would run as a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for journal, event in entries:
        visit = day.visits.get(event.appointment) if event.appointment else None
        cells = (
            journal, event.seq, event.at.isoformat(), event.wall.isoformat(),
            event.on_paper.isoformat() if event.on_paper else "", event.by.staff, event.by.name,
            event.by.role.value, event.terminal, event.kind,
            visit.appointment.patient.name.listed if visit else "", event.appointment or "",
            event.about or "", "; ".join(marks(event, day)), says(event),
        )  # fmt: skip
        writer.writerow([_no_formula(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue()


def _no_formula(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
