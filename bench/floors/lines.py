"""The floor with a list of our own lines: the least any Textual list can cost."""

from floors.day_rows import HINT, ROWS, WIDTHS
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

PLAIN, CURSOR = Style(), Style(reverse=True)
TEXTS = tuple(" ".join(f"{cell:<{width}}" for cell, width in zip(row, WIDTHS, strict=True)) for row in ROWS)


class LineList(Widget, can_focus=True):
    """Rows drawn one by one; a move of the cursor redraws the two rows it concerns."""

    BINDINGS = [  # noqa: RUF012  (declared so by the base class)
        ("down", "move(1)"),
        ("up", "move(-1)"),
        ("pagedown", "page(1)"),
        ("pageup", "page(-1)"),
    ]
    cursor = 0
    top = 0

    def render_line(self, y: int) -> Strip:
        """The row `y` below the top of the view."""
        row, width = self.top + y, self.size.width
        if row >= len(TEXTS):
            return Strip.blank(width)
        style = CURSOR if row == self.cursor else PLAIN
        return Strip([Segment(f"{TEXTS[row]:<{width}.{width}}", style)], width)

    def action_move(self, rows: int) -> None:
        """Moves the cursor, and the view when the cursor leaves it."""
        before, height = self.cursor, self.size.height
        self.cursor = max(0, min(len(TEXTS) - 1, before + rows))
        if self.top <= self.cursor < self.top + height:
            self.refresh(self._row_region(before), self._row_region(self.cursor))
        else:
            self.top = self.cursor if rows < 0 else self.cursor - height + 1
            self.refresh()

    def action_page(self, pages: int) -> None:
        """Moves cursor and view by a page."""
        height = self.size.height
        self.cursor = max(0, min(len(TEXTS) - 1, self.cursor + pages * height))
        self.top = max(0, min(len(TEXTS) - height, self.top + pages * height))
        self.refresh()

    def _row_region(self, row: int) -> Region:
        return Region(0, row - self.top, self.size.width, 1)


class LinesFloor(App[None]):
    """A day list in lines of our own with a hint line; `q` quits."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "LineList { height: 1fr; }"
    BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012  (declared so by the base class)
    animation_level = "none"

    def compose(self) -> ComposeResult:
        """The list above the hint line."""
        yield LineList()
        yield Static(HINT)


if __name__ == "__main__":
    LinesFloor().run(mouse=False)
