"""The identity check: who says it, the name and the birth date as they say them, against the list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from gpa_tui.session import acts
from gpa_tui.session.acts.flow import SaidBy
from gpa_tui.session.alike import alike_today, in_words
from gpa_tui.session.identity import difference, read_birth_date
from screens.drafts import IDENTITY_FORMS
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.patient import PatientScreen

SAYERS: dict[str, SaidBy] = {"p": "patient", "a": "parent", "c": "carer", "o": "record only"}
ASK = "Ask, do not tell: “What is your name, and when were you born?”"


def ask_identity(screen: PatientScreen, then: Callable[[], Awaitable[object]] | None = None) -> None:
    """Ask the three questions of an identity check; `then` runs when it fits the list."""

    async def sayer(letter: str) -> bool:
        if SAYERS[letter] == "record only":
            return await _record(screen, SAYERS[letter], "", None, then)
        _ask_name(screen, SAYERS[letter], then)
        return True

    station = screen.workstation
    alike = in_words(alike_today(station.day).get(station.visit.id, ()))
    note = f"{alike} {ASK}" if alike else ASK
    screen.ask(Question("Identity: who says who this is?", sayer, note=note, choices=SAYERS))


def _ask_name(screen: PatientScreen, said_by: SaidBy, then: Callable[[], Awaitable[object]] | None) -> None:
    async def named(name: str) -> bool:
        if not name.strip():
            screen.notice("Type the name they said, family name at least.", loud=True)
            return False
        _ask_born(screen, said_by, name.strip(), then)
        return True

    form, _ = IDENTITY_FORMS
    screen.ask(Question("Name, as they said it (family name at least)", named, form, step=True))


def _ask_born(
    screen: PatientScreen, said_by: SaidBy, name: str, then: Callable[[], Awaitable[object]] | None
) -> None:
    async def born(text: str) -> bool:
        try:
            date = read_birth_date(text, screen.workstation.day.date)
        except ValueError as error:
            screen.notice(str(error), loud=True)
            return False
        return await _record(screen, said_by, name, date, then)

    _, form = IDENTITY_FORMS
    screen.ask(Question(f"Born, as they said it: day month year ({name})", born, form, step=True))


async def _record(
    screen: PatientScreen,
    said_by: SaidBy,
    name: str,
    born: str | None,
    then: Callable[[], Awaitable[object]] | None,
) -> bool:
    """Whether it is recorded, be it a fit or not."""
    station, visit = screen.workstation, screen.workstation.visit
    if not await station.write(acts.check_identity, said_by=said_by, name=name, born=born):
        return False
    station.half_typed.drop(*IDENTITY_FORMS)
    if station.day.identity_checked(station.place.actor, station.place.terminal, visit.id):
        screen.notice("Identity fits the list." if born else "Identity by the record only: kept in the log.")
        if then is not None:
            await then()
    else:
        patient = visit.appointment.patient
        screen.notice(f"STOP: not the same. {difference(patient, name, born)}", loud=True)
    return True
