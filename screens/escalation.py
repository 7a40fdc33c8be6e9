"""Escalating by keys: raise it, say whom you told, hear it, read out the call card."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from gpa_tui.records.appointment import NO_CLINICIAN
from gpa_tui.records.base import AppointmentId, EventId
from gpa_tui.session import acts
from gpa_tui.session.day import Visit
from gpa_tui.session.escalations import HEARERS, call_card, heard_words, not_heard
from gpa_tui.session.roles import Act
from screens.chooser import ChooserScreen
from screens.sheet import Fact, SheetScreen
from screens.widgets.line_list import BOLD, PLAIN, Row
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.base import ClinicScreen


async def ask_escalation(screen: ClinicScreen, appointment: AppointmentId) -> None:
    """What worries you; Enter without words raises it too. Then whom you told."""
    station = screen.workstation
    name = station.day.visits[appointment].appointment.patient.name.listed

    async def raised(because: str) -> bool:
        events = await station.perform(acts.escalate, appointment, because=because)
        if not events:
            return False
        ask_told(screen, appointment, events[0].id)
        return True

    screen.ask(
        Question(
            f"Escalate {name}: what worries you? Enter raises it.",
            raised,
            phrases=True,
            form="escalate" if station.open_visit else f"escalate {appointment}",
        )
    )


async def when_known_whose(
    screen: ClinicScreen, prompt: str, then: Callable[[ClinicScreen, AppointmentId], Awaitable[None]]
) -> None:
    """Do `then` for the patient of this place; where it has none, the list is shown to choose from."""
    station = screen.workstation

    async def chosen(key: str) -> None:
        await then(screen, AppointmentId(key))

    if screen.whose is not None:
        await then(screen, screen.whose)
    elif station.rows:
        rows = [
            Row(visit.id, ((f" {station.show_time(visit.appointment.start)} ", PLAIN), (_name(visit), BOLD)))
            for visit in station.day.rows
        ]
        await station.push_screen(ChooserScreen(prompt, rows, chosen))
    else:
        screen.notice("Nobody is on this list. Go and tell.", loud=True)


def _name(visit: Visit) -> str:
    return visit.appointment.patient.name.listed


async def tell_or_hear(screen: ClinicScreen) -> None:
    """A clinician hears the oldest thing that is open; anybody else says whom they told of it.

    Of this place's patient; where there is none, of whoever has waited longest: the frame names them.
    """
    station = screen.workstation
    visit = station.day.visits.get(screen.whose) if screen.whose else None
    waiting = [(visit, one) for one in visit.open_escalations] if visit else not_heard(station.day)
    if not waiting:
        elsewhere = station.day is not station.loud_day and not_heard(station.loud_day)
        where = " One of today's list is: y goes there." if elsewhere else ""
        screen.notice(f"Nothing is waiting to be heard here.{where}", loud=bool(elsewhere))
        return
    whose, oldest = waiting[0]
    if station.place.actor.role not in HEARERS:
        ask_told(screen, whose.id, oldest.event)
    elif await station.perform(acts.acknowledge, whose.id, escalation=oldest.event):
        screen.notice(f"Heard: {_name(whose)}, {oldest.because}.")


def ask_told(screen: ClinicScreen, appointment: AppointmentId, event: EventId, response: str = "") -> None:
    """Whom they told: the clinic's GP by one key, somebody else or nobody in words.

    `response`: what the practice's own text says beside it.
    """
    station = screen.workstation
    visit = station.day.visits[appointment]
    escalation, name = visit.escalations[event], _name(visit)
    clinic = station.day.clinics.get(visit.appointment.clinic)
    doctor = clinic.clinician if clinic and clinic.clinician != NO_CLINICIAN else ""
    ways = {"p": "in person", "t": "by telephone"} if doctor else {}

    heard = heard_words(escalation, station.show_time)

    async def told(text: str, *, nobody: bool = False) -> bool:
        return bool(await station.perform(acts.tell, appointment, escalation=event, told=text, nobody=nobody))

    async def nobody(why: str) -> bool:
        return await told(why, nobody=True)

    async def chosen(letter: str) -> bool:
        if letter == "9":
            await show_call_card(screen, appointment)
            return True
        if letter in ways:
            return await told(f"{doctor}, {ways[letter]}")
        asked = "Why was nobody told?" if letter == "n" else "Whom did you tell, and how?"
        prompt = f"{name}: {escalation.because}. {asked}"
        form = f"{'not told' if letter == 'n' else 'tell'} {event}"
        screen.ask(Question(prompt, nobody if letter == "n" else told, form=form))
        return True

    screen.ask(
        Question(
            f"{name}: {escalation.because}. Whom did you tell?{f' {doctor}:' if doctor else ''}",
            chosen,
            note=". ".join(part for part in (response, heard, "Esc leaves it open.") if part),
            choices=ways | {"o": "somebody else", "n": "nobody", "9": "call card"},
        )
    )


async def show_call_card(screen: ClinicScreen, appointment: AppointmentId) -> None:
    """What an ambulance call asks for, whole, on one sheet."""
    station = screen.workstation
    if not await station.may(Act.ESCALATE):
        return
    if not station.read_only:  # where the disk says no it is shown all the same: somebody is on the telephone
        await station.perform(acts.show_call_card, appointment)

    def rows() -> Iterable[Fact]:
        visit = station.day.visits.get(appointment)
        if visit is None:
            return ()
        card = call_card(visit, station.day, station.practice.settings, station.show_time)
        return ((heading, text, BOLD) for heading, text in card)

    await station.push_screen(SheetScreen(rows))
