"""From the bytes a terminal sends to text for Textual's parser, with the Esc key told from a sequence.

Textual takes Esc and a letter that arrive together for Alt and that letter, and loses the Esc. Nothing here
is bound to Alt, so what follows an Esc and begins no sequence is the next key.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

ESC = "\x1b"
_BEGINS_A_SEQUENCE = "[]OPX^_"  # ECMA-48: CSI, OSC, SS3 and the strings
_PASTE = f"{ESC}[200~"
_PASTED = f"{ESC}[201~"


class Keystream:
    """Takes what was read; gives pieces of text in order, and None for the Esc key."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._held = ""
        self._pasting = False

    @property
    def waiting(self) -> bool:
        """Whether what comes next decides what the last of it was."""
        return bool(self._held)

    def take(self, data: bytes) -> Iterator[str | None]:
        """The pieces that are certain now. A byte that is no UTF-8 becomes `\ufffd`, and is seen."""
        text, self._held = self._held + self._decode(data), ""
        while text:
            piece, text = self._paste(text) if self._pasting else self._typed(text)
            if piece == "":
                self._held = text
                return
            yield piece

    def waited(self) -> str | None:
        """Nothing followed: what was held, as it is."""
        held, self._held = self._held, ""
        return None if held == ESC and not self._pasting else held

    def _typed(self, text: str) -> tuple[str | None, str]:
        """The next piece and the rest; an empty piece where the rest must wait for more."""
        at = text.find(ESC)
        if at:
            return (text, "") if at < 0 else (text[:at], text[at:])
        if text.startswith(_PASTE):
            self._pasting = True
            return _PASTE, text[len(_PASTE) :]
        if _PASTE.startswith(text):
            return "", text
        return (text[:2], text[2:]) if text[1] in _BEGINS_A_SEQUENCE else (None, text[1:])

    def _paste(self, text: str) -> tuple[str, str]:
        at = text.find(_PASTED)
        if at >= 0:
            self._pasting = False
            end = at + len(_PASTED)
            return text[:end], text[end:]
        part = next((n for n in range(len(_PASTED) - 1, 0, -1) if text.endswith(_PASTED[:n])), 0)
        return text[: len(text) - part], text[len(text) - part :]
