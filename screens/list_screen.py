"""A screen of one list that others may change while it is looked at: no key acts on a row that slid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from screens.base import ClinicScreen
from screens.frame import frame_lines
from screens.widgets.line_list import BOLD, LineList, Row
from screens.widgets.lines import Lines

QUIET = 0.4  # seconds without the key, so that a held one never goes on to the next row


class ListScreen(ClinicScreen):
    """A title and rows. The cursor stays on its row; where that goes, the next key only says so."""

    EMPTY = ""

    def __init__(self) -> None:
        super().__init__()
        self._slid = False  # the row under the cursor went, and not by a key of this terminal
        self._acted_on = ""
        self._quiet_until = 0.0  # a second Enter of the same press answers nothing it was not meant for

    def compose_body(self) -> Iterable[Widget]:
        yield Lines(1, id="title")
        yield LineList(self.EMPTY, id="list")

    @property
    def rows(self) -> LineList:
        return self.query_one("#list", LineList)

    def take_focus(self) -> None:
        self.rows.focus()

    def show(self, title: str, rows: Sequence[Row]) -> None:
        """Repaint with these."""
        station, listed = self.workstation, self.rows
        self.show_frame(frame_lines(station, station.clock.now(), self.size.width))
        self.query_one("#title", Lines).show_text(f" {title}", style=BOLD)
        before = listed.key
        listed.show_rows(rows)
        if before and listed.key != before and not station.acting:
            self._slid = True
            self.notice("What was under the cursor is gone: look again.", loud=True)

    def chosen(self) -> str:
        """The key of the row under the cursor; empty when another one has come there since the last look.

        Straight after an act the key is held or was pressed twice: the next row was not read yet.
        """
        now = self.workstation.lookout.monotonic()
        if now < self._quiet_until:
            self._quiet_until = now + QUIET
            return ""
        if self._slid:
            self._slid = False
            self.notice("The list changed under the cursor: look, then press again.", loud=True)
            return ""
        self._acted_on = self.rows.key
        return self._acted_on

    def hold(self) -> None:
        """What is pressed at once now was meant for something else: it answers nothing."""
        self._quiet_until = self.workstation.lookout.monotonic() + QUIET

    def acted(self) -> None:
        """It was a key of this terminal that changed the list."""
        self._slid = False
        if self.rows.key != self._acted_on:
            self.hold()

    async def action_screen_back(self) -> None:
        self.workstation.pop_screen()
