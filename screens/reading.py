"""Words read again before they leave: whole, with whatever may tell who somebody is marked."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from gpa_tui.session import portfolio
from gpa_tui.session.telling import Names, marked, telling
from screens.keys import place_bindings
from screens.list_screen import ListScreen
from screens.widgets.line_list import ALERT, BOLD, PLAIN, Row, wrapped


class ReadingScreen(ListScreen):
    """They leave by one key, once their end was on the screen; never while they tell who somebody is."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("reading")
    place = "reading"

    def __init__(self, text: str, names: Names) -> None:
        super().__init__()
        self._text, self._names = text, names
        self._tells = telling(text, names)

    def repaint(self) -> None:
        width = max(20, self.size.width - 2)
        verdict = "May it leave? »Marked« words may tell who somebody is. y it leaves, n it stays."
        style = BOLD
        if self._tells:
            verdict = f"It tells who somebody is and cannot leave: {', '.join(self._tells[:4])}"
            style = ALERT
        rows = [Row(f"verdict {n}", ((f" {line}", style),)) for n, line in enumerate(wrapped(verdict, width))]
        said = [
            line
            for part in marked(self._text, self._names).split("\n")
            for line in wrapped(part, width) or [""]
        ]
        rows += [Row(f"line {n}", ((f" {line}", PLAIN),)) for n, line in enumerate(said)]
        self.show("Read it again", rows)

    async def action_reading_leaves(self) -> None:
        if not self.rows.at_end:
            self.notice("Not yet: it goes on below. Down, or PgDn.", loud=True)
        else:
            await self._say(include=True)

    async def action_reading_stays(self) -> None:
        await self._say(include=False)

    async def _say(self, *, include: bool) -> None:
        station = self.workstation
        place, text, names, on = station.place, self._text, self._names, station.today
        if await station.perform_standing(
            lambda _: portfolio.note_read(place, text, include=include, names=names, on=on)
        ):
            station.pop_screen()
