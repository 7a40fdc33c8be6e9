"""The patient's handout by two keys: printed where there is a printer, else a file."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gpa_tui.errors import GpaTuiError, NotSaved
from gpa_tui.printing import NO_PRINTER, has_printer, print_pdf, save_private
from gpa_tui.records.plan import Translation
from gpa_tui.session import acts
from gpa_tui.session.acts.plan import CHANGED_SINCE
from gpa_tui.session.handout import Handout, english, handout
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from gpa_tui.records.base import AppointmentId
    from screens.app import Workstation
    from screens.patient import PatientScreen

How = Literal["printed", "PDF file", "text file"]
HOW: dict[str, How] = {"s": "PDF file", "t": "text file"}


async def ask_handout(screen: PatientScreen) -> None:
    """Print it, or save it as PDF or plain text."""
    station = screen.workstation
    try:
        sheet = _sheet(station, station.visit.id)
    except GpaTuiError as refusal:
        screen.notice(str(refusal), loud=True)
        return

    visit = station.visit.id

    async def chosen(letter: str) -> bool:
        if letter == "l":
            _ask_language(screen)
            return True
        how: How = HOW[letter] if letter in HOW else "printed" if has_printer() else "PDF file"
        try:
            if _sheet(station, visit) != sheet:
                screen.notice(f"{CHANGED_SINCE} Nothing was printed. p makes it anew.", loud=True)
                return True
            if how == "printed":
                await asyncio.to_thread(lambda: print_pdf(_pdf(sheet), "handout"))
                said = "Sent to the printer."
            else:
                end = ".txt" if how == "text file" else ".pdf"
                target = Path.home() / f"handout-{station.clock.now():%Y%m%d-%H%M%S}{end}"
                await asyncio.to_thread(_saved, sheet, target)
                said = f"Saved: {target}. Print it, then take the file away."
        except GpaTuiError as error:
            screen.notice(str(error), loud=True)
            return True
        if await station.perform(acts.note_handout, visit, how=how, large=sheet.large):
            screen.notice(said if letter in HOW or how == "printed" else f"{NO_PRINTER} {said}")
        return True

    size = ", large print" if sheet.large else ""
    beside = f", and in {sheet.language}" if sheet.language else ""
    choices = {"p": "print", "s": "save as PDF", "t": "save as text", "l": "another language"}
    screen.ask(Question(f"Handout for {sheet.whose}{size}{beside}", chosen, choices=choices))


def _ask_language(screen: PatientScreen) -> None:
    """In which language, the words line by line, who wrote or approved them. Nothing is translated here."""
    station = screen.workstation
    visit = station.visit
    before, of = visit.plan.translation, english(visit)
    said = {"language": ""}
    lines: list[str] = []

    async def language(text: str) -> bool:
        if not text.strip():
            screen.notice("Say in which language.", loud=True)
            return False
        said["language"] = text.strip()
        note = "\n".join(("A line for each of these, typed or pasted:", *of))
        prompt, form = f"In {said['language']}. Ctrl+O goes on.", f"handout {said['language'].casefold()}"
        same = before is not None and before.language.casefold() == said["language"].casefold()
        shown = "\n".join(before.lines) if before is not None and same else ""
        screen.ask(Question(prompt, typed, form, shown, note, step=True, rows=len(of)))
        return True

    async def typed(text: str) -> bool:
        lines[:] = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) != len(of):
            screen.notice(f"{len(lines)} lines for {len(of)}: one for each, in the same order.", loud=True)
            return False
        apart = [
            number for number, pair in enumerate(zip(of, lines, strict=True), 1) if _figures_differ(*pair)
        ]
        if apart:
            numbers = ", ".join(str(number) for number in apart)
            prompt = f"Line {numbers}: not the same figures as in English. Is it right?"
            choices = {"y": "yes, it says the same", "n": "no"}
            screen.ask(
                Question(prompt, figures, note="\n".join(lines[one - 1] for one in apart), choices=choices)
            )
        else:
            ask_who()
        return True

    async def figures(letter: str) -> bool:
        if letter == "y":
            ask_who()
        else:
            screen.notice("Not taken; it is kept. p, l goes on with it.", loud=True)
        return True

    def ask_who() -> None:
        note = "An interpreter, a colleague who reads it, a translated leaflet. Not a machine."
        screen.ask(Question("Who wrote or approved these words?", approved, note=note))

    async def approved(by: str) -> bool:
        given = Translation(language=said["language"], lines=tuple(lines), of=of, by=by.strip())
        if not await station.write(acts.translate, of=of, given=given):
            return False
        station.half_typed.drop(f"handout {said['language'].casefold()}")
        await ask_handout(screen)
        return True

    shown = before.language if before is not None else ""
    screen.ask(Question("Which language?", language, initial=shown))


def _figures_differ(english: str, other: str) -> bool:
    """Whether the figures of the two lines are not the same, in any order and any script's digits."""
    first, second = (sorted(re.findall(r"\d+", text)) for text in (english, other))
    return [int(one) for one in first] != sorted(int(one) for one in second)


def _sheet(station: Workstation, visit: AppointmentId) -> Handout:
    """As it now is. Raises `Refused`."""
    return handout(station.day.visits[visit], station.day.date, station.practice.settings, station.steps)


def _pdf(sheet: Handout) -> bytes:
    from gpa_tui.output.handout_pdf import as_pdf

    try:
        return as_pdf(sheet)
    except RuntimeError as error:  # letters that its fonts do not have
        raise NotSaved(
            "Not made: it has letters that this PDF cannot show.", "p, t saves plain text."
        ) from error


def _saved(sheet: Handout, target: Path) -> None:
    """Readable by this account alone. Raises `NotSaved`."""
    save_private(sheet.text.encode() if target.suffix == ".txt" else _pdf(sheet), target)
