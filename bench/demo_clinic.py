"""The demo clinic as a terminal sees it: how to start it, sign in and leave; the one place that knows."""

import sys
import time
from pathlib import Path

from pty_terminal import Terminal

GPA_TUI = Path(sys.executable).with_name("gpa-tui")
SIGN_IN_SCREEN = "^ Passphrase"
DAY_LIST = r"\d+ listed .*\d here"
QUIT_KEYS = ("q",)
PASSPHRASES = {
    "M Okafor": "green kettle",
    "Dr N Patel": "blue window",
    "S Reed": "red door",
    "J Hart": "white chair",
}
GPA = "M Okafor"
PASSPHRASE = PASSPHRASES[GPA]


def demo_command(home: Path) -> list[str]:
    """The command that makes the demo clinic in this folder where it is missing, and opens it."""
    return [str(GPA_TUI), "demo", "--home", str(home)]


def open_command(home: Path) -> list[str]:
    """The command that opens the workstation on the store in this folder."""
    return [str(GPA_TUI), "--home", str(home)]


def sign_in(terminal: Terminal, name: str = GPA, role: str = "") -> float:
    """Signs in from the sign-in screen; gives the seconds from the last key to the usable day list.

    `role` is the letter pressed by somebody who has more than one.
    """
    terminal.wait_for(SIGN_IN_SCREEN)
    terminal.type(name).press("enter").type(PASSPHRASES[name]).wait_quiet()
    pressed_at = time.monotonic()
    terminal.press("enter")
    if role:
        terminal.wait_for("more than one role")
        pressed_at = time.monotonic()
        terminal.press(role)
    terminal.wait_for(DAY_LIST)
    return terminal.seen_at - pressed_at
