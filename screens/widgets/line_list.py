"""A list drawn line by line: moving the cursor repaints the two rows it concerns and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from screens.keys import ROWS, bindings

PLAIN = Style()
BOLD = Style(bold=True)
DIM = Style(dim=True)
LOUD = Style(bold=True, reverse=True)
CURSOR = Style(reverse=True)
ALERT = Style(color="red", bold=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a key that stays the same while its text changes, and the text in styled pieces."""

    key: str
    pieces: tuple[tuple[str, Style], ...]

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` cells, with `…` where it was cut."""
    if cell_len(text) > width > 0:
        return set_cell_size(text, width - 1) + "…"
    return set_cell_size(text, width)


def strip_of(pieces: Sequence[tuple[str, Style]], width: int, over: Style | None = None) -> Strip:
    """The pieces as one line of `width` cells; `over` is laid over each piece's own style."""
    segments = [Segment(text, style + over if over else style) for text, style in pieces]
    line = Strip(segments)
    return line.adjust_cell_length(width, over or PLAIN)


class LineList(Widget, can_focus=True):
    """Rows with a cursor. Not a scroll view: no scrollbar, no animation, no hover."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(*ROWS)
    DEFAULT_CSS = "LineList { height: 1fr; }"

    class Moved(Message):
        """The cursor is on another row."""

        def __init__(self, row: Row | None) -> None:
            super().__init__()
            self.row = row

    EMPTY: ClassVar[Row] = Row("", (("", PLAIN),))

    def __init__(self, empty: str = "", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._rows: list[Row] = []
        self._empty = empty
        self._top = 0
        self._cursor = 0

    # ── rows ──────────────────────────────────────────────────────────────────────────────────

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self._cursor] if self._rows else None

    @property
    def key(self) -> str:
        """The key of the row under the cursor, empty without rows."""
        return self.current.key if self.current else ""

    @property
    def index(self) -> int:
        return self._cursor

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show `rows`; the cursor stays on its key, and only lines that differ are painted."""
        before, key, lines = self._rows, self.key, self._visible()
        self._rows = list(rows)
        keys = [row.key for row in self._rows]
        if key in keys:
            self._cursor = keys.index(key)
        self._cursor = max(0, min(self._cursor, len(keys) - 1))
        self._keep_in_view()
        if not before or not rows:
            self.refresh()
            return
        changed = [y for y, line in enumerate(self._visible()) if y >= len(lines) or line != lines[y]]
        for y in (*changed, *range(len(self._visible()), len(lines))):
            self._paint(y)

    def go_to(self, key: str) -> bool:
        """Put the cursor on the row with `key`; False when there is none."""
        for index, row in enumerate(self._rows):
            if row.key == key:
                self.move_to(index)
                return True
        return False

    def move_to(self, index: int) -> None:
        """Put the cursor on a row, or as near as there are rows."""
        before, top = self._cursor, self._top
        self._cursor = max(0, min(index, len(self._rows) - 1))
        if self._cursor == before:
            return
        self._keep_in_view()
        if self._top != top:
            self.refresh()
        else:
            self._paint(before - top)
            self._paint(self._cursor - top)
        self.post_message(self.Moved(self.current))

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    def action_row_up(self) -> None:
        self.move_to(self._cursor - 1)

    def action_row_down(self) -> None:
        self.move_to(self._cursor + 1)

    def action_row_page_up(self) -> None:
        self.move_to(self._cursor - max(1, self.size.height - 1))

    def action_row_page_down(self) -> None:
        self.move_to(self._cursor + max(1, self.size.height - 1))

    def action_row_first(self) -> None:
        self.move_to(0)

    def action_row_last(self) -> None:
        self.move_to(len(self._rows) - 1)

    # ── painting ──────────────────────────────────────────────────────────────────────────────

    def render_line(self, y: int) -> Strip:
        width, index = self.size.width, self._top + y
        if not self._rows and y == 0:
            return strip_of(((self._empty, PLAIN),), width)
        if index >= len(self._rows):
            return Strip.blank(width, PLAIN)
        over = CURSOR if index == self._cursor else None
        return strip_of(self._rows[index].pieces, width, over)

    def on_resize(self) -> None:
        self._keep_in_view()

    def _visible(self) -> list[tuple[Row, bool]]:
        shown = self._rows[self._top : self._top + max(1, self.size.height)]
        return [(row, self._top + y == self._cursor) for y, row in enumerate(shown)]

    def _keep_in_view(self) -> None:
        height = max(1, self.size.height)
        if self._cursor < self._top:
            self._top = self._cursor
        elif self._cursor >= self._top + height:
            self._top = self._cursor - height + 1
        self._top = max(0, min(self._top, len(self._rows) - height))

    def _paint(self, y: int) -> None:
        self.refresh(Region(0, y, self.size.width, 1))
