"""The record entry on its way to the practice's system: by the clipboard, or alone on a bare screen."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from rich.cells import cell_len, chop_cells
from textual.binding import BindingType
from textual.widget import Widget

from gpa_tui.session import acts
from gpa_tui.session.entry_text import HIDE, entry_text, hidden_by_default
from gpa_tui.session.prep_list import prep_list
from screens.base import ClinicScreen
from screens.keys import ROWS, bindings, place_bindings
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from textual.geometry import Size

    from screens.app import Workstation

PAINTED = 0.2  # seconds, after which what Textual paints of an empty screen is out


def ask_copy(
    screen: ClinicScreen, hidden: bool | None = None, *, brief: Callable[[], list[str]] | None = None
) -> None:
    """Copied, or shown bare; and whether it is to be hidden from the patient's online access.

    With `brief` its lines are copied instead of the record entry.
    """
    station = screen.workstation
    hide = hidden_by_default(station.visit, station.day) if hidden is None else hidden

    async def chosen(letter: str) -> bool:
        if letter == "h":
            ask_copy(screen, not hide, brief=brief)
            return True
        how: Literal["clipboard", "bare screen"] = "clipboard" if letter == "y" else "bare screen"
        lines = [*([HIDE] if hide else []), *brief()] if brief else _lines(station, hidden=hide)
        if not await station.write(acts.copy_entry, how=how, hidden=hide):
            return False
        if letter == "y":
            to_clipboard(station, "\n".join(lines))
            screen.notice(
                f"Copied: {len(lines)} lines. Nothing to paste? Then y, s shows them to be selected."
            )
        else:
            await station.push_screen(BareScreen(lines))
        return True

    state = "HIDDEN from online access" if hide else "to be seen online"
    choices = {"y": "copy", "s": "show it bare", "h": "not hidden" if hide else "hidden"}
    what = "Brief" if brief else "Record entry"
    screen.ask(Question(f"{what} for the practice's system, {state}", chosen, choices=choices))


def _broken(lines: Iterable[str], most: int) -> Iterator[str]:
    """The lines, one that is longer than a whole screen in pieces of as many cells."""
    for line in lines:
        yield from chop_cells(line, max(1, most)) or [""]


def _lines(station: Workstation, *, hidden: bool) -> list[str]:
    return entry_text(
        station.visit,
        station.day,
        prep_list(station.visit, station.templates),
        station.practice.settings.name,
        station.place.actor,
        station.clock.now(),
        station.show_time,
        station.steps,
        hidden=hidden,
    )


def to_clipboard(station: Workstation, text: str) -> None:
    """By OSC 52; nothing is kept of it in the program. An empty text empties the clipboard."""
    station.write_to_terminal(f"\x1b]52;c;{b64encode(text.encode()).decode()}\a")


class BareScreen(ClinicScreen):
    """Lines alone, without frame, broken by the terminal itself, so that a selection has none of it."""

    BINDINGS: ClassVar[list[BindingType]] = [*place_bindings("bare"), *bindings(*ROWS)]
    DEFAULT_CSS = "BareScreen > * { display: none; }"
    place = "bare"

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._whole = lines
        self._page = 0
        self._written_for: Size | None = None

    def compose_body(self) -> Iterable[Widget]:
        return ()

    def repaint(self) -> None:
        """Once for each size: writing anew would take a selection away."""
        if self._written_for != self.size:
            self._written_for = self.size
            self.set_timer(PAINTED, self._write)

    def on_screen_suspend(self) -> None:
        self._written_for = None

    def _write(self) -> None:
        if self.is_current:
            page = self.pages()[self._page]
            self.workstation.write_to_terminal(
                "\x1b[?7h\x1b[0m\x1b[2J\x1b[H" + "\r\n".join(page) + "\x1b[?7l"
            )

    def pages(self) -> list[list[str]]:
        """The lines by screens of this size."""
        pages: list[list[str]] = [[]]
        room = self.size.height
        for line in _broken(self._whole, self.size.width * self.size.height):
            takes = max(1, -(-cell_len(line) // max(1, self.size.width)))
            if takes > room and pages[-1]:
                pages.append([])
                room = self.size.height
            pages[-1].append(line)
            room -= takes
        return pages

    def _turn(self, by: int) -> None:
        self._page = min(max(0, self._page + by), len(self.pages()) - 1)
        self._write()

    def action_row_first(self) -> None:
        self._turn(-len(self._whole))

    def action_row_last(self) -> None:
        self._turn(len(self._whole))

    def action_row_down(self) -> None:
        self._turn(1)

    def action_row_page_down(self) -> None:
        self._turn(1)

    def action_row_up(self) -> None:
        self._turn(-1)

    def action_row_page_up(self) -> None:
        self._turn(-1)

    async def action_screen_back(self) -> None:
        self.workstation.pop_screen()
