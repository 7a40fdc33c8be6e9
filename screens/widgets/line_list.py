"""A list drawn line by line: moving the cursor repaints the two rows it concerns and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from gpa_tui.text import printable
from screens.keys import ROWS, bindings

PLAIN = Style()
BOLD = Style(bold=True)
DIM = Style(dim=True)
LOUD = Style(bold=True, reverse=True)
CURSOR = Style(reverse=True)
ALERT = Style(color="red", bold=True)
AMBER = Style(color="yellow", bold=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a key that stays the same while its text changes, and the text in styled pieces.

    Lines that follow each other with the same key are one entry: the cursor is on all of them.
    """

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


def wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken at blanks where there are any; at least one line."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if cell_len(longer) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            *whole, line = chop_cells(word, width)
            lines.extend(whole)
        lines.append(line)
    return lines


def strip_of(pieces: Sequence[tuple[str, Style]], width: int, over: Style | None = None) -> Strip:
    """The pieces as one line of `width` cells; `over` is laid over each piece's own style.

    Here every list, sheet and frame goes through: nothing that could steer a terminal does.
    """
    segments = [
        Segment(text if text.isprintable() else printable(text), style + over if over else style)
        for text, style in pieces
    ]
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
        self.empty = empty
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

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show `rows`; the cursor stays on its key, and only lines that differ are painted."""
        before, key, lines = self._rows, self.key, self._visible()
        self._rows = list(rows)
        keys = [row.key for row in self._rows]
        self._cursor = keys.index(key) if key in keys else self._entry(self._cursor)[0]
        start, end = self._entry(self._cursor)
        if not (start < self._top + self._height and end > self._top <= len(keys) - self._height):
            self._keep_in_view()
        if not before or not rows:
            self.refresh()
            return
        changed = [y for y, line in enumerate(self._visible()) if y >= len(lines) or line != lines[y]]
        for y in (*changed, *range(len(self._visible()), len(lines))):
            self._paint(y)

    def go_to(self, key: str) -> bool:
        """Put the cursor on the entry with `key`; False when there is none."""
        for index, row in enumerate(self._rows):
            if row.key == key:
                self._move_to(index)
                return True
        return False

    def _move_to(self, index: int) -> None:
        """Put the cursor on the entry that has this line, or as near as there are lines."""
        before, top = self._entry(self._cursor), self._top
        self._cursor = self._entry(index)[0]
        if self._cursor == before[0]:
            return
        self._keep_in_view()
        if self._top != top:
            self.refresh()
        else:
            for line in (*range(*before), *range(*self._entry(self._cursor))):
                self._paint(line - top)
        self.post_message(self.Moved(self.current))

    def _entry(self, index: int) -> tuple[int, int]:
        """First line of the entry that has this line, and one past its last."""
        if not self._rows:
            return 0, 0
        start = max(0, min(index, len(self._rows) - 1))
        end, key = start + 1, self._rows[start].key
        while start and self._rows[start - 1].key == key:
            start -= 1
        while end < len(self._rows) and self._rows[end].key == key:
            end += 1
        return start, end

    @property
    def visible_keys(self) -> set[str]:
        """The keys of the rows that are on the screen."""
        return {row.key for row, _ in self._visible()}

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    def action_row_up(self) -> None:
        start, _ = self._entry(self._cursor)
        if start < self._top:
            self._scroll(-1)
        else:
            self._move_to(start - 1)

    def action_row_down(self) -> None:
        _, end = self._entry(self._cursor)
        if end > self._top + self._height:
            self._scroll(1)
        else:
            self._move_to(end)

    def action_row_page_up(self) -> None:
        self._move_to(self._cursor - max(1, self._height - 1))

    def action_row_page_down(self) -> None:
        page = max(1, self._height - 1)
        if self._entry(self._cursor)[1] > self._cursor + page:  # an entry that is longer than the page
            self._scroll(1)
        else:
            self._move_to(self._cursor + page)

    def action_row_first(self) -> None:
        self._move_to(0)

    def action_row_last(self) -> None:
        self._move_to(len(self._rows) - 1)

    def _scroll(self, lines: int) -> None:
        """Another part of an entry that is longer than there is room for."""
        self._top += lines
        self.refresh()

    # ── painting ──────────────────────────────────────────────────────────────────────────────

    def render_line(self, y: int) -> Strip:
        width, index = self.size.width, self._top + y
        if not self._rows and y == 0:
            return strip_of(((self.empty, PLAIN),), width)
        if index >= len(self._rows):
            return Strip.blank(width, PLAIN)
        start, end = self._entry(self._cursor)
        over = CURSOR if start <= index < end else None
        return strip_of(self._rows[index].pieces, width, over)

    def on_resize(self) -> None:
        """From the first row on where the cursor's is then to be seen: it may have had no room at all."""
        if self._entry(self._cursor)[1] <= self._height:
            self._top = 0
        self._keep_in_view()
        self.refresh()

    @property
    def at_end(self) -> bool:
        """Whether the last line is in view."""
        return self._top + self._height >= len(self._rows)

    @property
    def _height(self) -> int:
        return max(1, self.size.height)

    def _visible(self) -> list[tuple[Row, bool]]:
        start, end = self._entry(self._cursor)
        shown = enumerate(self._rows[self._top : self._top + self._height], self._top)
        return [(row, start <= index < end) for index, row in shown]

    def _keep_in_view(self) -> None:
        start, end = self._entry(self._cursor)
        if start < self._top:
            self._top = start
        elif end > self._top + self._height:
            self._top = min(start, end - self._height)
        self._top = max(0, min(self._top, len(self._rows) - self._height))

    def _paint(self, y: int) -> None:
        self.refresh(Region(0, y, self.size.width, 1))
