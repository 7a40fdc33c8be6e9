"""A list to choose one thing from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from screens.base import ClinicScreen
from screens.frame import frame_lines
from screens.keys import place_bindings
from screens.widgets.line_list import BOLD, LineList, Row
from screens.widgets.lines import Lines


class ChooserScreen(ClinicScreen):
    """Rows; Enter takes one, Esc or Backspace none."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("choice")
    place = "choice"

    def __init__(self, title: str, rows: Sequence[Row], then: Callable[[str], Awaitable[None]]) -> None:
        super().__init__()
        self._title_text = title
        self._rows = rows
        self._then = then

    def compose_body(self) -> Iterable[Widget]:
        yield Lines(2, id="title")
        yield LineList(id="list")

    def on_mount(self) -> None:
        self.query_one("#title", Lines).show_text(f" {self._title_text}", style=BOLD)
        self.query_one("#list", LineList).show_rows(self._rows)

    def repaint(self) -> None:
        self.show_frame(frame_lines(self.workstation, self.workstation.clock.now(), self.size.width))

    def take_focus(self) -> None:
        self.query_one("#list", LineList).focus()

    async def action_choice_take(self) -> None:
        key = self.query_one("#list", LineList).key
        station = self.workstation
        station.pop_screen()
        await self._then(key)

    async def action_screen_back(self) -> None:
        self.workstation.pop_screen()
