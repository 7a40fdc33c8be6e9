"""The session log, entry by entry, for the supervisor: a line each above, the whole entry below."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from gpa_tui.records.event import Event
from gpa_tui.session.describe import details, line
from screens.base import ClinicScreen
from screens.frame import frame_lines
from screens.keys import place_bindings
from screens.sheet import Fact, SheetScreen
from screens.widgets.line_list import ALERT, BOLD, DIM, PLAIN, LineList, Row, wrapped
from screens.widgets.lines import Lines, Pieces

DETAIL_LINES = 9


class ReviewScreen(ClinicScreen):
    """Every entry of the day in the order of the log."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("review")
    place = "review"

    def compose_body(self) -> Iterable[Widget]:
        yield Lines(1, id="title")
        yield LineList(" No entries yet.", id="list")
        yield Lines(DETAIL_LINES, id="detail")

    def take_focus(self) -> None:
        self.query_one("#list", LineList).focus()

    def repaint(self) -> None:
        station = self.workstation
        day = station.day
        self.show_frame(frame_lines(station, station.clock.now(), self.size.width))
        assert station.desk is not None
        commits, head = station.desk.storage.head
        title = f" Session log: {len(day.events)} entries, {commits} saves, head {head[:16]}"
        self.query_one("#title", Lines).show_text(title, style=BOLD)
        rows = [
            _row(event, line(event, day, station.show_time), event.id in day.struck) for event in day.events
        ]
        self.query_one("#list", LineList).show_rows(rows)
        self._show_detail()

    @on(LineList.Moved)
    def _show_detail(self) -> None:
        station, width = self.workstation, self.size.width
        event = self._event()
        lines: list[Pieces] = [(("─" * width, DIM),)]
        for label, text in details(event, station.day, station.show_time) if event else ():
            for number, piece in enumerate(wrapped(text, max(20, width - 11))):
                lines.append(((f" {label if number == 0 else '':<9}", DIM), (piece, PLAIN)))
        if len(lines) > DETAIL_LINES:
            lines = [*lines[: DETAIL_LINES - 1], ((f" {'':<9}… Enter shows the whole entry", BOLD),)]
        self.query_one("#detail", Lines).show_lines(lines)

    def _event(self) -> Event | None:
        key = self.query_one("#list", LineList).key
        return next((event for event in self.workstation.day.events if event.id == key), None)

    async def action_entry_whole(self) -> None:
        event, station = self._event(), self.workstation
        if event is None:
            return

        def facts() -> Iterable[Fact]:
            return ((label, text, BOLD) for label, text in details(event, station.day, station.show_time))

        await station.push_screen(SheetScreen(facts))

    async def action_screen_back(self) -> None:
        self.workstation.pop_screen()


def _row(event: Event, text: str, struck: bool) -> Row:
    loud = event.kind in {"escalation.raised", "signin.refused", "act.refused"}
    return Row(event.id, ((f" {text}", ALERT if loud else DIM if struck else PLAIN),))
