"""A line that takes one letter."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.message import Message
from textual.widget import Widget


class ChoiceLine(Widget, can_focus=True):
    """Shows `{letter: words}` and takes one of the letters; other letters do nothing."""

    DEFAULT_CSS = "ChoiceLine { height: 1; }"

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
        self.refresh()

    def render(self) -> str:
        return " " + "   ".join(f"{letter}  {words}" for letter, words in self._choices.items())

    def on_key(self, event: events.Key) -> None:
        if event.character is not None and event.character in self._choices:
            self.post_message(self.Chosen(event.character))
        if event.is_printable or event.key == "enter":
            event.stop()
