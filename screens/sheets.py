"""The session's sheet to the printer or a file, its numbers, and another day to review."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gpa_tui.errors import GpaTuiError
from gpa_tui.printing import NO_PRINTER, has_printer, print_pdf, save_private
from gpa_tui.session import acts
from gpa_tui.session.dates import read_past
from gpa_tui.session.numbers import beside, numbers_of, rows_of
from gpa_tui.session.retention import purged
from gpa_tui.session.search import numbers_before
from gpa_tui.session.sheet import sheet_of
from screens.effort import effort_on
from screens.sheet import Fact, SheetScreen
from screens.widgets.line_list import BOLD, DIM, PLAIN
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.base import ClinicScreen
    from screens.review import ReviewScreen

HOW = {"p": "printed", "s": "PDF", "t": "text"}


def ask_sheet(screen: ClinicScreen) -> None:
    """Print it, or save it as PDF or text; that it was made is in the log first."""
    choices = {"p": "print", "s": "save as PDF", "t": "save as text"}
    screen.ask(Question("The sheet of this session", partial(_sheet, screen), choices=choices))


async def _sheet(screen: ClinicScreen, letter: str) -> bool:
    from gpa_tui.output.session_sheet import as_pdf, as_text

    station = screen.workstation
    how = HOW[letter] if letter != "p" or has_printer() else "PDF"
    ending = "txt" if how == "text" else "pdf"
    target = Path.home() / f"session-{station.day.date}-{station.clock.now():%H%M%S}.{ending}"
    file = "the printer" if how == "printed" else target.name
    if not await station.perform(acts.note_export, what=f"session sheet, {how}", file=file):
        return True
    assert station.desk is not None, "somebody is signed in"
    assert station.registry is not None, "somebody is signed in"
    try:
        sheet = sheet_of(station.desk, station.registry)
        content = await asyncio.to_thread(lambda: as_text(sheet).encode() if how == "text" else as_pdf(sheet))
        if how == "printed":
            await asyncio.to_thread(print_pdf, content, sheet.title)
            screen.notice(f"Sent to the printer: {sheet.mark[:24]}.")
        else:
            await asyncio.to_thread(save_private, content, target)
            none = f"{NO_PRINTER} " if letter == "p" else ""
            screen.notice(f"{none}Saved: {target}")
    except GpaTuiError as error:
        screen.notice(str(error), loud=True)
    return True


async def show_numbers(screen: ClinicScreen) -> None:
    """The session's numbers, beside those of the sessions before it; and the effort meter's."""
    station = screen.workstation
    assert station.desk is not None, "somebody is signed in"
    bench, on = station.desk.bench, station.day.date
    try:
        await asyncio.to_thread(station.effort.flush)
        before = await asyncio.to_thread(numbers_before, bench, on)
    except GpaTuiError as error:
        screen.notice(str(error), loud=True)
        return
    late = station.practice.settings.review.late_note_minutes

    def facts() -> Iterable[Fact]:
        now = numbers_of(station.day, station.rows, late)
        one_clinic = len(station.rows) < len(station.day.rows)
        if one_clinic:
            yield "Clinic", "the one that is followed; g, all: beside the sessions before", DIM
        yield from ((label, text, BOLD) for label, text in rows_of(now))
        if not one_clinic:  # those before are whole dates
            yield from ((label, text, PLAIN) for label, text in beside(now, before))
        if station.practice.settings.effort_meter:
            for number, (place, text) in enumerate(effort_on(station.door.home, on)):
                yield "Effort" if number == 0 else "", f"{place}: {text}", DIM

    await station.push_screen(SheetScreen(facts))


def ask_day(screen: ReviewScreen) -> None:
    """Another day of this store to review."""
    station = screen.workstation

    async def typed(text: str) -> bool:
        try:
            on = read_past(text, station.today)
        except ValueError as error:
            screen.notice(str(error), loud=True)
            return False
        if on not in station.practice.days() and on != station.today:
            latest = [day for day in station.practice.days() if day < on][-1:]
            hint = f" The latest before it: {latest[0]:%d %b %Y}." if latest else ""
            gone = purged(station.registry.standing.events).get(on) if station.registry is not None else None
            if gone is not None:
                hint = f" It was taken away by the practice's rule{f': {gone.file}' if gone.file else ''}."
            screen.notice(f"There is no log of {on:%d %b %Y}.{hint}", loud=True)
            return False
        await station.turn_to(on)
        await station.open_review()
        return True

    screen.ask(Question("Which day? Enter: today; yesterday, or day and month.", typed))
