"""A few lines of styled text that repaint only when they change: the frame, the banner, the hints."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from screens.widgets.line_list import PLAIN, strip_of

Piece = tuple[str, Style]
Pieces = Sequence[Piece]


class Lines(Widget):
    """A fixed number of lines, or as many as there is room for with `height=None`."""

    def __init__(self, height: int | None, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: list[Pieces] = []
        self.styles.height = height if height is not None else "1fr"

    def show_lines(self, lines: Sequence[Pieces]) -> None:
        """Show `lines`; those that are as before are not painted again."""
        before, self._lines = self._lines, list(lines)
        for y in range(max(len(before), len(self._lines))):
            if y >= len(before) or y >= len(self._lines) or before[y] != self._lines[y]:
                self.refresh(Region(0, y, self.size.width, 1))

    def show_text(self, *texts: str, style: Style = PLAIN) -> None:
        """Show plain lines in one style."""
        self.show_lines([((text, style),) for text in texts])

    def render_line(self, y: int) -> Strip:
        if y >= len(self._lines):
            return Strip.blank(self.size.width, PLAIN)
        return strip_of(self._lines[y], self.size.width)
