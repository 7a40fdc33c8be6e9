"""Somebody without an appointment: name, birth date, reason; then they are on the list, arrived."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from gpa_tui.records.appointment import Clinic
from gpa_tui.records.patient import PersonName
from gpa_tui.session import acts
from gpa_tui.session.identity import read_birth_date
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.day import DayScreen

NAME_FORM = "walk-in name"


def _form(part: str, name: PersonName) -> str:
    """The draft of what is said of this person, and of nobody else who comes next."""
    return f"walk-in {part} {name.listed}"


def ask_walk_in(screen: DayScreen) -> None:
    """Ask for the name first; on today's list alone."""
    if screen.workstation.day.date != screen.workstation.today:
        screen.notice("This is not today's list: y goes there.", loud=True)
        return

    async def named(text: str) -> bool:
        from gpa_tui.intake.walk_in import read_name

        try:
            name = read_name(text)
        except ValueError as error:
            screen.notice(str(error), loud=True)
            return False
        _ask_born(screen, name)
        return True

    screen.ask(Question("Walk-in: name (family name, given name)", named, NAME_FORM, step=True))


def _ask_born(screen: DayScreen, name: PersonName) -> None:
    async def said(text: str) -> bool:
        try:
            born = read_birth_date(text, screen.workstation.day.date) if text.strip() else None
        except ValueError as error:
            screen.notice(str(error), loud=True)
            return False
        _ask_reason(screen, name, born)
        return True

    prompt = f"{name.listed} – born: day month year (Enter: not known)"
    screen.ask(Question(prompt, said, _form("born", name), step=True))


def _ask_reason(screen: DayScreen, name: PersonName, born: str | None) -> None:
    async def said(reason: str) -> bool:
        return await _in_clinic(screen, lambda clinic: _list(screen, name, born, reason, clinic))

    screen.ask(Question(f"{name.listed} – reason, in their words", said, _form("reason", name), step=True))


async def _in_clinic(screen: DayScreen, then: Callable[[Clinic | None], Awaitable[bool]]) -> bool:
    """Whose clinic they came to: asked only where there is more than one."""
    station = screen.workstation
    clinics = [
        clinic
        for clinic in station.day.clinics.values()
        if station.followed not in station.day.clinics or clinic.id == station.followed
    ]
    if len(clinics) < 2:
        return await then(clinics[0] if clinics else None)
    choices = {str(number): clinic.title for number, clinic in enumerate(clinics[:9], 1)}

    async def chosen(letter: str) -> bool:
        return await then(clinics[int(letter) - 1])

    screen.ask(Question("Which clinic?", chosen, choices=choices))
    return True


async def _list(
    screen: DayScreen, name: PersonName, born: str | None, reason: str, clinic: Clinic | None
) -> bool:
    from gpa_tui.intake.walk_in import clinic_without_list, known_today, walk_in

    station = screen.workstation
    practice, now = station.practice.info.practice, station.clock.now()
    there = clinic or clinic_without_list(practice, now, station.door.zone)
    known = known_today(station.day, name, born)
    row = walk_in(station.day, practice, there, name, born, reason, now)
    if not await station.perform(acts.list_walk_in, row, None if clinic else there):
        return False
    station.half_typed.drop(NAME_FORM, _form("born", name), _form("reason", name))
    screen.list.go_to(row.id)
    again = " On the list already today: the same person, by name and birth date." if known else ""
    screen.notice(f"{name.listed}: walk-in, arrived.{again} Check their details.")
    return True
