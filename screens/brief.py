"""The brief the GP will read, before it is handed over: one screen, exceptions first."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import BindingType
from textual.widget import Widget

from gpa_tui.records.base import show_date
from gpa_tui.session import acts
from gpa_tui.session.day import Visit
from gpa_tui.session.handover import brief
from gpa_tui.session.prep_list import PrepList, prep_list
from gpa_tui.text import clean
from screens.base import ClinicScreen
from screens.copied import ask_copy
from screens.frame import frame_lines
from screens.keys import place_bindings
from screens.widgets.line_list import ALERT, BOLD, PLAIN, LineList, Row, wrapped
from screens.widgets.lines import Lines
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.app import Workstation


def brief_rows(station: Workstation, prep: PrepList, width: int) -> list[Row]:
    """The brief of the record that is open, and first what of it is half typed."""
    substantial = station.practice.settings.bp_substantial_mmhg
    rows = brief(station.visit, prep, station.show_time, substantial, station.open_before)
    waiting = station.half_typed.forms()
    if waiting:
        rows.insert(0, ("!", f"half typed and not saved: {', '.join(waiting)}"))
    return [
        Row(
            f"{number}/{line}",
            ((f" {label if line == 0 else '':<12} ", ALERT if label == "!" else BOLD), (text, PLAIN)),
        )
        for number, (label, whole) in enumerate(rows)
        for line, text in enumerate(wrapped(whole, max(20, width - 14)))
    ]


def brief_text(station: Workstation, prep: PrepList) -> list[str]:
    """The brief for the practice's system: whose it is, who wrote it when, then its rows."""
    patient, by = station.visit.appointment.patient, station.place.actor
    substantial = station.practice.settings.bp_substantial_mmhg
    rows = brief(station.visit, prep, station.show_time, substantial, station.open_before)
    return [
        f"{patient.name.listed}, born {show_date(patient.born)}, NHS No. {patient.nhs_number_shown}",
        f"Prepared by {by.name} ({by.role.label}), {station.show_when(station.clock.now())}",
        *(clean(f"{label}: {text}" if label else text) for label, text in rows),
    ]


class BriefPage(LineList):
    """The same brief, at any time, for whoever has the record open: the GP's first page."""

    def begin(self, visit: Visit) -> None:
        self.refill(visit)
        self.action_row_first()

    def refill(self, visit: Visit) -> None:
        station = cast("ClinicScreen", self.screen).workstation
        prep = prep_list(visit, station.templates)
        self.show_rows(brief_rows(station, prep, self.screen.size.width))


OTHER_LINES = 7  # frame, title and what is below it, rule and hints


class BriefScreen(ClinicScreen):
    """Enter hands over; what is open asks why it may stand."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("brief")
    place = "brief"

    def __init__(self, prep: PrepList) -> None:
        super().__init__()
        self._prep = prep

    def compose_body(self) -> Iterable[Widget]:
        yield Lines(2, id="title")
        yield LineList(id="list")

    def repaint(self) -> None:
        station = self.workstation
        visit = station.visit
        self.show_frame(frame_lines(station, station.clock.now(), self.size.width))
        patient = visit.appointment.patient
        title = f" {patient.name.listed}  NHS No. {patient.nhs_number_shown}  for the GP"
        rows, room = brief_rows(station, self._prep, self.size.width), self.size.height - OTHER_LINES
        more = f" ↓ {len(rows) - room} more lines below" if len(rows) > room else ""
        self.query_one("#title", Lines).show_text(title, more, style=BOLD)
        self.query_one("#list", LineList).show_rows(rows)

    def take_focus(self) -> None:
        self.query_one("#list", LineList).focus()

    async def action_brief_hand_over(self) -> None:
        gaps = self._prep.open_items(self.workstation.visit)
        if not gaps:
            await self._hand_over("")
            return
        names = ", ".join(item.text for item in gaps)
        self.ask(
            Question(
                f"{len(gaps)} items open. Why may they stand?",
                self._hand_over,
                form="gaps",
                phrases=True,
                note=names,
                initial="",
            )
        )

    def action_entry_copy(self) -> None:
        ask_copy(self, brief=partial(brief_text, self.workstation, self._prep))

    async def _hand_over(self, why: str) -> bool:
        station = self.workstation
        if not await station.write(acts.hand_over, prep=self._prep, why_gaps_stand=why):
            return False
        await station.anchor()
        name = station.visit.appointment.patient.name.listed
        station.half_typed.drop("gaps")
        station.pop_screen()
        await station.close_record()
        station.say(f"{name} handed over: ready for the GP.")
        return True

    async def action_screen_back(self) -> None:
        self.workstation.pop_screen()
