"""Text from outside made safe to show and store: no control characters, no escape sequences."""

from __future__ import annotations

import re
import unicodedata

# ECMA-48 sequences: CSI, OSC, DCS/SOS/PM/APC strings, and two-character escapes, in 7- and 8-bit form.
# A string that nothing ends loses its beginning alone: the words after it are somebody's name.
_ESCAPE_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]*(?:\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]?"
)
# Formatting characters that reorder or hide text on screen (Unicode Cf) are dropped, but for the
# two joiners that some scripts spell with.
_JOINERS = {"\u200c", "\u200d"}


def clean(text: str, *, keep_lines: bool = False) -> str:
    """`text` in NFC without escape sequences, control, bidi or unassigned characters.

    Runs of white space become one blank and the ends are trimmed; with `keep_lines`, line breaks stay.
    """
    lines = _ESCAPE_SEQUENCE.sub("", text).replace("\r\n", "\n").split("\n")
    folded = [" ".join(printable(line).split()) for line in lines]
    return "\n".join(folded).strip("\n") if keep_lines else " ".join(line for line in folded if line)


def printable(line: str) -> str:
    """One line that cannot steer a terminal, its blanks as they are."""
    shown = (
        " " if char.isspace() else char
        for char in _ESCAPE_SEQUENCE.sub("", line)
        if char.isspace() or char in _JOINERS or unicodedata.category(char)[0] != "C"
    )
    return unicodedata.normalize("NFC", "".join(shown))


def plain_lines(text: str) -> str:
    """What somebody typed or pasted, without anything that could steer a terminal; line breaks stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(printable(line) for line in lines)


def sentence(text: str) -> str:
    """`text` with its first letter large and the others as they are: `Ready for GP`."""
    return text[:1].upper() + text[1:]
