"""Every entry of one patient in the session's log, for whoever reviews it: one key an entry."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from gpa_tui.records.base import AppointmentId, EventId
from gpa_tui.records.event import Event
from gpa_tui.records.facts_review import Verdict
from gpa_tui.session.describe import details, mark, on_paper, says
from gpa_tui.session.review import ABOUT_REVIEWS
from gpa_tui.session.review_rows import thread_lines
from screens.keys import place_bindings
from screens.list_screen import ListScreen
from screens.review import ask_words, give, review_of, stands_out
from screens.sheet import Fact, SheetScreen
from screens.widgets.line_list import BOLD, DIM, PLAIN, Row, wrapped

INDENT = 22  # cells for time and person


class EntriesScreen(ListScreen):
    """The entries of `appointment`, with the cursor on `entry`; what is about nobody stands alone."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("entries")
    EMPTY = "  No entries."
    place = "entries"

    def __init__(self, appointment: AppointmentId | None, entry: EventId | None) -> None:
        super().__init__()
        self._appointment, self._entry = appointment, entry
        self._is_there = False  # the cursor, where it belongs first

    def _entries(self) -> list[Event]:
        station = self.workstation
        visit = station.day.visits.get(self._appointment) if self._appointment else None
        rests = station.entry(self._entry) if self._entry is not None else None
        if visit is None:
            return [rests] if rests is not None else []
        patient = visit.appointment.patient.id
        found = [
            event
            for event in station.whole_log
            if (event.appointment == visit.id or (event.appointment is None and event.patient == patient))
            and not isinstance(event.data, ABOUT_REVIEWS)  # they stand with what they are about
        ]
        return found if rests is None or rests in found else [rests, *found]

    def repaint(self) -> None:
        station = self.workstation
        if station.desk is None:
            return
        review, width = review_of(station), max(20, self.size.width - INDENT - 1)
        visit = station.day.visits.get(self._appointment) if self._appointment else None
        lines: list[Row] = []
        for event in self._entries():
            state = review.state_of_entry(event, visit).value
            struck = event.id in station.day.struck
            style = DIM if struck or state == "agreed" else BOLD if event.id == self._entry else PLAIN
            when = f" {station.show_when(event.at)} {event.by.name}"
            marks = f"{on_paper(event, station.show_time)}{mark(event, station.day)}"
            words = f"{says(event)}{marks}{f' [{state}]' if state else ''}"
            for number, text in enumerate(wrapped(words, width)):
                shown = when[: INDENT - 1] if number == 0 else ""
                lines.append(Row(event.id, ((f"{shown:<{INDENT}}{text}", style),)))
            thread = review.threads.get(event.id)
            for said in thread_lines(thread, station.show_when) if thread is not None else ():
                lines += [
                    Row(event.id, ((f"{'':<{INDENT}}  {text}", BOLD),)) for text in wrapped(said, width - 2)
                ]
        title = f"{visit.appointment.patient.name.listed}: every entry" if visit else "One entry"
        self.show(title, lines)
        if not self._is_there:
            self._is_there = True
            self.rows.go_to(self._entry or "")  # before any key is read

    def _event(self) -> Event | None:
        key = self.chosen()
        return next((event for event in self._entries() if event.id == key), None)

    async def action_review_agree(self) -> None:
        event = self._event()
        if event is None:
            return
        if await give(self, "agreed", event, found=stands_out(self.workstation, event.id)):
            self.acted()

    async def action_review_query(self) -> None:
        self._ask("query")

    async def action_review_send_back(self) -> None:
        self._ask("sent back")

    def _ask(self, verdict: Verdict) -> None:
        event = self._event()
        if event is not None:
            ask_words(self, verdict, event, says(event), event.id)

    async def action_entry_whole(self) -> None:
        event, station = self._event(), self.workstation
        if event is None:
            return
        standing = station.registry.standing.events if station.registry is not None else ()
        whole = details(event, station.day, station.show_time, standing)

        def facts() -> list[Fact]:
            return [(label, text, BOLD) for label, text in whole]

        await station.push_screen(SheetScreen(facts))
