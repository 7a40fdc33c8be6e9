"""The machine and terminal this runs at, and what a terminal program says and asks there."""

from __future__ import annotations

import getpass
import os
import platform
import sys
from contextlib import suppress
from pathlib import Path

from gpa_tui.errors import SignInRefused
from gpa_tui.text import printable


def this_terminal() -> str:
    """This machine and terminal as the log names it, e.g. `room2 pts/3`."""
    try:
        line = os.ttyname(sys.stdin.fileno()).removeprefix("/dev/")
    except (OSError, ValueError):
        line = "no terminal"
    return f"{platform.node()} {line}"


def keep_memory_private() -> None:
    """No core dump and no other program of this account may read what is in memory here: keys and names."""
    import ctypes
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, AttributeError):  # not on every system
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


_PR_SET_DUMPABLE = 4  # linux/prctl.h


def say(text: str = "") -> None:
    """A line for the person; nothing that came from a file can steer the terminal."""
    print("\n".join(printable(line) for line in text.split("\n")))  # noqa: T201


def read_passphrase(file: Path | None, prompt: str) -> str:
    """From the first line of `file`, else asked for on the terminal; never an argument."""
    if file is None:
        return getpass.getpass(prompt)
    try:
        return file.read_text("utf-8-sig").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise SignInRefused(f"The passphrase file {file} cannot be read.", "Give another one.") from error


def read_new_passphrase(file: Path | None, whose: str) -> str:
    """A passphrase that nobody had before: asked for twice. Raises `SignInRefused`."""
    from gpa_tui.session.people import require_passphrase

    passphrase = read_passphrase(file, f"Passphrase for {whose}: ")
    if file is None and getpass.getpass("The same again: ") != passphrase:
        raise SignInRefused("The two passphrases differ.", "Start again.")
    return require_passphrase(passphrase)
