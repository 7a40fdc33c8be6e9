"""The worker as a child of the workstation: a process of its own, so that no key waits for it.

What it may open goes through a pipe and stands nowhere. When the workstation ends, however it ends, the pipe
closes and the child is gone. Light: nothing of the network is loaded here.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path

from gpa_tui.session.granting import granted
from gpa_tui.session.log import Bench
from gpa_tui.store.lock import is_held
from gpa_tui.store.practice import SYNC_CONFIG, SYNC_FOLDER, SYNC_LOCK


class Child:
    """At most one; `tend` it every few seconds."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._given: tuple[date, int] | None = None  # what the grant was made of

    def tend(self, bench: Bench, on: date) -> None:
        """Begin where a server is set up and nobody syncs this store; anew another day. Raises OSError."""
        given = (on, bench.keys.epoch)
        if self._process is not None and (self._process.poll() is not None or self._given != given):
            self.end()
        if self._process is None and needed(bench.practice.home):
            command = [sys.executable, "-m", "gpa_tui", "sync", "run", "--granted"]
            self._process = subprocess.Popen(
                [*command, "--home", str(bench.practice.home)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            self._given = given
            assert self._process.stdin is not None, "a pipe"
            self._process.stdin.write(granted(bench, on).model_dump_json().encode() + b"\n")
            self._process.stdin.flush()

    def end(self) -> None:
        """It ends at once when its pipe is closed."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            with suppress(OSError, subprocess.TimeoutExpired):
                process.stdin.close()
                process.wait(1)


def needed(home: Path) -> bool:
    """Whether a server is set up and nobody syncs with it."""
    return (home / SYNC_CONFIG).exists() and not is_held(home / SYNC_FOLDER / SYNC_LOCK)
