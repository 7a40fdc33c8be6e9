"""Escalating by keys: raise it, say whom you told, hear it, read out the call card."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gpa_tui.records.base import AppointmentId, EventId
from gpa_tui.session import acts
from gpa_tui.session.day import Visit
from gpa_tui.session.escalations import HEARERS, call_card, heard_words
from screens.sheet import Fact, SheetScreen
from screens.widgets.line_list import BOLD
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.base import ClinicScreen


def ask_escalation(screen: ClinicScreen, appointment: AppointmentId) -> None:
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
            form="escalate" if station.open_visit else f"escalate {appointment}",
        )
    )


async def told_or_heard(screen: ClinicScreen, visit: Visit) -> None:
    """A clinician hears the oldest thing that is open; anybody else says whom they told of it."""
    station = screen.workstation
    waiting = visit.open_escalations
    if not waiting:
        screen.notice("Nothing is waiting to be heard here.")
    elif station.place.actor.role not in HEARERS:
        ask_told(screen, visit.id, waiting[0].event)
    elif await station.perform(acts.acknowledge, visit.id, escalation=waiting[0].event):
        screen.notice(f"Heard: {visit.appointment.patient.name.listed}, {waiting[0].because}.")


def ask_told(screen: ClinicScreen, appointment: AppointmentId, event: EventId) -> None:
    """Whom they told: the clinic's GP by one key, somebody else or nobody in words."""
    station = screen.workstation
    visit = station.day.visits[appointment]
    escalation, name = visit.escalations[event], visit.appointment.patient.name.listed
    clinic = station.day.clinics.get(visit.appointment.clinic)
    doctor = clinic.clinician if clinic else "the GP"
    ways = {"p": "in person", "t": "by telephone"}

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
        prompt = "Why was nobody told?" if letter == "n" else "Whom did you tell, and how?"
        form = f"{'not told' if letter == 'n' else 'tell'} {event}"
        screen.ask(Question(prompt, nobody if letter == "n" else told, form=form))
        return True

    screen.ask(
        Question(
            f"{name}: {escalation.because}. Whom did you tell? {doctor}:",
            chosen,
            note=f"{heard_words(escalation, station.show_time)}. Esc leaves it open.",
            choices=ways | {"o": "somebody else", "n": "nobody", "9": "call card"},
        )
    )


async def show_call_card(screen: ClinicScreen, appointment: AppointmentId) -> None:
    """What an ambulance call asks for, whole, on one sheet."""
    station = screen.workstation

    def rows() -> Iterable[Fact]:
        visit = station.day.visits.get(appointment)
        if visit is None:
            return ()
        card = call_card(visit, station.day, station.practice.settings, station.show_time)
        return ((heading, text, BOLD) for heading, text in card)

    await station.push_screen(SheetScreen(rows))
