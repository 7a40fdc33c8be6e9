"""The session log, entry by entry: a line each above, the whole entry below."""

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
from screens.search import ask_search
from screens.sheet import Fact, SheetScreen
from screens.widgets.line_list import ALERT, BOLD, DIM, PLAIN, LineList, Row, wrapped
from screens.widgets.lines import Lines, Pieces

DETAIL_LINES = 9


class LogScreen(ClinicScreen):
    """Every entry of the day in the order of the log."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("session_log")
    place = "session_log"

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
        entries = station.whole_log
        title = f" Session log: {len(entries)} entries, {commits} saves, head {head[:16]}"
        self.query_one("#title", Lines).show_text(title, style=BOLD)
        rows = [_row(event, line(event, day, station.show_time), event.id in day.struck) for event in entries]
        self.query_one("#list", LineList).show_rows(rows)
        self._show_detail()

    @on(LineList.Moved)
    def _show_detail(self) -> None:
        width = self.size.width
        lines: list[Pieces] = [(("─" * width, DIM),)]
        for label, text in self._details():
            for number, piece in enumerate(wrapped(text, max(20, width - 11))):
                lines.append(((f" {label if number == 0 else '':<9}", DIM), (piece, PLAIN)))
        if len(lines) > DETAIL_LINES:
            lines = [*lines[: DETAIL_LINES - 1], ((f" {'':<9}… Enter shows the whole entry", BOLD),)]
        self.query_one("#detail", Lines).show_lines(lines)

    def _event(self) -> tuple[int, Event] | None:
        """The entry under the cursor, and which it is of those of the date."""
        key = self.query_one("#list", LineList).key
        entries = enumerate(self.workstation.whole_log, 1)
        return next((entry for entry in entries if entry[1].id == key), None)

    def _details(self) -> list[tuple[str, str]]:
        station, found = self.workstation, self._event()
        if found is None:
            return []
        number, event = found
        others = station.registry.standing.events if station.registry is not None else ()
        _, *rows = details(event, station.day, station.show_time, others)
        return [("Entry", f"{number} · {event.kind}"), *rows]

    async def action_entry_whole(self) -> None:
        whole = self._details()

        def facts() -> Iterable[Fact]:
            return ((label, text, BOLD) for label, text in whole)

        if whole:
            await self.workstation.push_screen(SheetScreen(facts))

    def go_to(self, entry: str) -> None:
        """The cursor on one entry."""
        self.query_one("#list", LineList).go_to(entry)

    def action_log_search(self) -> None:
        ask_search(self)

    async def action_screen_back(self) -> None:
        self.workstation.pop_screen()


def _row(event: Event, text: str, struck: bool) -> Row:
    loud = event.kind in {"escalation.raised", "signin.refused", "act.refused"}
    return Row(event.id, ((f" {text}", ALERT if loud else DIM if struck else PLAIN),))
