"""The identity check: who says it, the name and the birth date as they say them, against the list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gpa_tui.session import acts
from gpa_tui.session.acts.flow import SaidBy
from gpa_tui.session.alike import Alike, alike_today, in_words
from gpa_tui.session.day import IdentityState
from gpa_tui.session.identity import difference, has_given_name, read_birth_date
from screens.drafts import IDENTITY_FORMS
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.patient import PatientScreen

SAYERS: dict[str, SaidBy] = {"p": "patient", "a": "parent", "c": "carer", "o": "record only"}
Then = Callable[[], Awaitable[object]]
ASK = "Ask, do not tell: “What is your name, and when were you born?”"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said so far."""

    said_by: SaidBy
    name: str = ""
    born: str | None = None
    one_more: str = ""
    why: str = ""


def ask_identity(screen: PatientScreen, then: Then | None = None) -> None:
    """Ask the questions of an identity check; `then` runs when it fits the list."""

    async def sayer(letter: str) -> bool:
        if SAYERS[letter] == "record only":
            if screen.identity is IdentityState.MISFIT:
                _ask_why(screen, then)
                return True
            return await _record(screen, Answers("record only"), then)
        _ask_name(screen, SAYERS[letter], then)
        return True

    alike = in_words(_alike(screen))
    note = f"{alike} {ASK}" if alike else ASK
    screen.ask(Question("Identity: who says who this is?", sayer, note=note, choices=SAYERS))


def _alike(screen: PatientScreen) -> Sequence[Alike]:
    station = screen.workstation
    return alike_today(station.day).get(station.visit.id, ())


def _ask_name(screen: PatientScreen, said_by: SaidBy, then: Then | None) -> None:
    async def named(name: str) -> bool:
        patient = screen.workstation.visit.appointment.patient
        if not name.strip():
            screen.notice("Type the name they said, family name at least.", loud=True)
            return False
        if _alike(screen) and not has_given_name(patient, name):
            screen.notice("Somebody like them is on today's list: ask for the first name too.", loud=True)
            return False
        _ask_born(screen, Answers(said_by, name.strip()), then)
        return True

    form, *_ = IDENTITY_FORMS
    screen.ask(Question("Name, as they said it (family name at least)", named, form, step=True))


def _ask_born(screen: PatientScreen, said: Answers, then: Then | None) -> None:
    async def born(text: str) -> bool:
        try:
            date = read_birth_date(text, screen.workstation.day.date)
        except ValueError as error:
            screen.notice(str(error), loud=True)
            return False
        _ask_one_more(screen, replace(said, born=date), then)
        return True

    _, form, _ = IDENTITY_FORMS
    screen.ask(Question(f"Born, as they said it: day month year ({said.name})", born, form, step=True))


def _ask_one_more(screen: PatientScreen, said: Answers, then: Then | None) -> None:
    async def more(text: str) -> bool:
        if _alike(screen) and not text.strip():
            screen.notice("Somebody like them is on today's list: ask for one more thing.", loud=True)
            return False
        return await _record(screen, replace(said, one_more=text.strip()), then)

    *_, form = IDENTITY_FORMS
    prompt = "One more: address, or the end of the NHS number."
    prompt += "" if _alike(screen) else " Enter: not asked."
    screen.ask(Question(prompt, more, form, step=True))


def _ask_why(screen: PatientScreen, then: Then | None) -> None:
    async def why(text: str) -> bool:
        return await _record(screen, Answers("record only", why=text), then)

    prompt = "What they said did not fit. Why do you go on by the record?"
    screen.ask(Question(prompt, why, "identity why", note="Esc: you do not."))


async def _record(screen: PatientScreen, said: Answers, then: Then | None) -> bool:
    """Whether it is recorded, be it a fit or not."""
    station, visit = screen.workstation, screen.workstation.visit
    if not await station.write(
        acts.check_identity,
        said_by=said.said_by,
        name=said.name,
        born=said.born,
        one_more=said.one_more,
        why=said.why,
    ):
        return False
    station.half_typed.drop(*IDENTITY_FORMS)
    if station.day.identity_checked(station.place.actor, station.place.terminal, visit.id):
        kept = "Identity by the record only: kept in the log."
        screen.notice("Identity fits the list." if said.born else kept)
        if then is not None:
            await then()
    else:
        what = difference(visit.appointment.patient, said.name, said.born, said.one_more)
        screen.notice(f"STOP: not the same. {what} Esc, and find the right row; or ask reception.", loud=True)
    return True
