"""A page to the printer of this machine, or into a file that this account alone can read."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from gpa_tui.errors import NotSaved
from gpa_tui.store.files import replace_file

PRINT = "lp"  # of CUPS
LONGEST_PRINT = 30  # seconds
_INSTEAD = "Is the printer on? It can be saved as a file instead."
NO_PRINTER = "No printer is set up here (lp)."


def has_printer() -> bool:
    return shutil.which(PRINT) is not None


def print_pdf(content: bytes, title: str, printer: str = "") -> None:
    """By the standard input: no file is left. To the default printer, or that one. Raises `NotSaved`."""
    command = [PRINT, *(["-d", printer] if printer else []), "-t", title, "-"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=LONGEST_PRINT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotSaved(f"Not printed: {error}.", _INSTEAD) from error
    if done.returncode:
        why = done.stderr.decode(errors="replace").strip() or f"{PRINT} ended with {done.returncode}"
        raise NotSaved(f"Not printed: {why}.", _INSTEAD)


def save_private(content: bytes, target: Path) -> None:
    """Raises `NotSaved`."""
    try:
        replace_file(target, content)
    except OSError as error:
        raise NotSaved(
            f"{target} was not written: {error.strerror or error}.", "Is there room, and is its folder there?"
        ) from error
