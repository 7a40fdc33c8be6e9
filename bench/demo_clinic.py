"""The demo clinic as a terminal sees it: how to start it, sign in and leave; the one place that knows."""

import sys
import time
from pathlib import Path

from pty_terminal import Terminal

GPA_TUI = Path(sys.executable).with_name("gpa-tui")
PASSPHRASE = "demo"
SIGN_IN_SCREEN = "Passphrase"
DAY_LIST = "appointments"
QUIT_KEYS = ("ctrl+q",)


def demo_command(home: Path) -> list[str]:
    """The command that opens the demo clinic kept in this folder."""
    return [str(GPA_TUI), "demo", "--home", str(home)]


def sign_in(terminal: Terminal) -> float:
    """Signs in from the sign-in screen; gives the seconds from Enter to the usable day list."""
    terminal.wait_for(SIGN_IN_SCREEN)
    terminal.type(PASSPHRASE).wait_quiet()
    pressed_at = time.monotonic()
    terminal.press("enter").wait_for(DAY_LIST)
    return terminal.seen_at - pressed_at
