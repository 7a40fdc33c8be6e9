"""Mending the record: an entry is struck with why, or moved to the patient it was meant for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from gpa_tui.records.base import AppointmentId, EventId
from gpa_tui.session import acts
from gpa_tui.session.acts.mend import left_since, mine_here
from screens.chooser import ChooserScreen
from screens.log_page import LogPage
from screens.widgets.line_list import BOLD, PLAIN, Row, fit
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.patient import PatientScreen

WAYS = {"m": "wrong patient: move it", "a": "move all of mine here", "s": "strike it"}


async def ask_mend(screen: PatientScreen) -> None:
    """What is to become of the entry under the cursor of the log page; elsewhere the page is shown first."""
    page = screen.page
    if not isinstance(page, LogPage):
        screen.show_page("log")
        screen.notice("Put the cursor on the entry, then v.")
        return
    station, entry = screen.workstation, EventId(page.key)

    async def chosen(letter: str) -> bool:
        if letter == "s":
            screen.ask(
                Question("Why is this entry struck?", partial(_strike, screen, entry), form=f"strike {entry}")
            )
            return True
        mine = [event.id for event in mine_here(station.day, station.place, station.visit.id)]
        await _ask_whose(screen, mine if letter == "a" else [entry])
        return True

    screen.ask(Question("This entry:", chosen, choices=WAYS))


async def _strike(screen: PatientScreen, entry: EventId, why: str) -> bool:
    if not await screen.workstation.write(acts.strike, entry=entry, why=why):
        return False
    screen.notice("Struck. Both stay in the log.")
    return True


async def _ask_whose(screen: PatientScreen, entries: Sequence[EventId]) -> None:
    """Whose record they belong in: the day's list, with birth dates."""
    station = screen.workstation
    rows = [
        Row(
            visit.id,
            (
                (f" {station.show_time(visit.appointment.start)} ", PLAIN),
                (fit(visit.appointment.patient.name.listed, 40), BOLD),
                (f" {visit.appointment.patient.born or 'birth date not known'}  {visit.stage.value}", PLAIN),
            ),
        )
        for visit in station.day.rows
        if visit.id != station.visit.id
    ]
    title = f"{len(entries)} of your entries here: whose are they?"
    await station.push_screen(ChooserScreen(title, rows, partial(_move, screen, entries)))


async def _move(screen: PatientScreen, entries: Sequence[EventId], to: str) -> None:
    station = screen.workstation
    if not to:
        return
    found = [event for event in station.visit.events if event.id in entries]
    totals = station.practice.settings.news2.totals
    said = await station.write(acts.move_entries, to=AppointmentId(to), entries=entries, totals=totals)
    if not said:
        return
    name = station.day.visits[AppointmentId(to)].appointment.patient.name.listed
    left = left_since(station.day, found)
    gone = f" Left the store since: {', '.join(sorted({event.data.says for event in left}))}." if left else ""
    screen.notice(f"Moved to {name}: struck here, entered there.{gone}", loud=bool(left))
