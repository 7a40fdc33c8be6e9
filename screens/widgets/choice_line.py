"""A line, or as many as it takes, that takes one letter."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.widget import Widget


class ChoiceLine(Widget, can_focus=True):
    """Shows `{letter: words}` and takes one of the letters; other letters do nothing."""

    DEFAULT_CSS = "ChoiceLine { height: auto; }"

    class Chosen(Message):
        """One of the letters was pressed."""

        def __init__(self, letter: str) -> None:
            super().__init__()
            self.letter = letter

    def __init__(self) -> None:
        super().__init__()
        self._choices: Mapping[str, str] = {}

    def offer(self, choices: Mapping[str, str]) -> None:
        """Take one of these from now on."""
        self._choices = choices
        self.refresh(layout=True)

    def render(self) -> str:
        """Every letter that is taken is to be seen, on as many lines as it takes."""
        lines = [""]
        for letter, words in self._choices.items():
            one = f"   {letter}  {words}" if lines[-1] else f" {letter}  {words}"
            if lines[-1] and cell_len(lines[-1] + one) > max(20, self.app.size.width):
                lines.append(one[2:])
            else:
                lines[-1] += one
        return "\n".join(lines)

    def on_key(self, event: events.Key) -> None:
        if event.character is not None and event.character in self._choices:
            self.post_message(self.Chosen(event.character))
        if event.is_printable or event.key == "enter":
            event.stop()
