"""The keys that work in the place one came from; typing narrows them, Enter does one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from screens.base import ClinicScreen
from screens.frame import frame_lines
from screens.keys import KEYS, PLACES, bindings
from screens.widgets.line_list import BOLD, PLAIN, LineList, Row
from screens.widgets.lines import Lines

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from screens.app import Workstation


class HelpScreen(ClinicScreen):
    """Every key of one place, by name."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("field.back", "row.up", "row.down")
    DEFAULT_CSS = "HelpScreen #find { height: 1; border: none; padding: 0 1; }"
    place = "help"

    def __init__(self, of: str, target: ClinicScreen) -> None:
        super().__init__()
        self._of = of
        self._target = target

    def compose_body(self) -> Iterable[Widget]:
        yield Lines(1, id="title")
        yield Input(placeholder="type to find", id="find")
        yield LineList(" Nothing of that name here.", id="list")

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        self._narrow("")

    def repaint(self) -> None:
        self.show_frame(frame_lines(self.workstation, self.workstation.clock.now(), self.size.width))
        title = f" Keys: {PLACES[self._of].title}. Enter does the marked one."
        self.query_one("#title", Lines).show_text(title, style=BOLD)

    def take_focus(self) -> None:
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:  # type: ignore[override]
        event.stop()
        self._narrow(event.value)

    def _narrow(self, wanted: str) -> None:
        rows = []
        for name in PLACES[self._of].keys:
            key = KEYS[name]
            if wanted.casefold() in f"{key.says} {key.hint} {key.id}".casefold():
                rows.append(Row(name, ((f"  {key.shown:<10}", BOLD), (key.says, PLAIN))))
        self.query_one("#list", LineList).show_rows(rows)

    def action_row_up(self) -> None:
        self.query_one("#list", LineList).action_row_up()

    def action_row_down(self) -> None:
        self.query_one("#list", LineList).action_row_down()

    @on(Input.Submitted)
    async def _do(self, event: Input.Submitted) -> None:
        event.stop()
        name = self.query_one("#list", LineList).key
        station = self.workstation
        station.pop_screen()
        if name and not name.startswith("app."):
            await _run(station, station.focused or self._target, KEYS[name].action)
        elif name in {"app.lock", "app.quit"}:
            await station.run_action(KEYS[name].action)

    async def action_field_back(self) -> None:
        self.workstation.pop_screen()


async def _run(station: Workstation, node: DOMNode | None, action: str) -> None:
    """Do `action` on the first widget from the focus upwards that has it."""
    while node is not None:
        if hasattr(node, f"action_{action}"):
            await station.run_action(action, node)
            return
        node = node.parent
