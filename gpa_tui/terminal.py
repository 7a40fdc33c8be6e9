"""Which machine and terminal this is, as the log names it."""

from __future__ import annotations

import os
import platform
import sys


def this_terminal() -> str:
    """This machine and terminal as the log names it, e.g. `room2 pts/3`."""
    try:
        line = os.ttyname(sys.stdin.fileno()).removeprefix("/dev/")
    except (OSError, ValueError):
        line = "no terminal"
    return f"{platform.node()} {line}"
