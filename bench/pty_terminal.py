"""A terminal to drive any program through: a real pseudo-terminal with an emulated screen.

with Terminal(["gpa-tui"], env={"HOME": str(home)}) as terminal:
    terminal.wait_for("Passphrase")
    terminal.type("a passphrase").press("enter")
"""

import os
import re
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple, Self

import pty_process
from pty_child import Child
from pty_keys import key_bytes
from pty_screen import Screen
from pyte.screens import Char

KEPT_VARIABLES = ("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR")
TERMINAL_VARIABLES = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
QUIET_BEFORE_DRAWING = 0.012  # s; drawing waits for a pause so that it does not delay reading
LONGEST_WITHOUT_DRAWING = 0.2  # s
NO_ANSWER_AFTER = 2.0  # s; a key that changed nothing by then is reported


class TerminalError(AssertionError):
    """The program did not do what was waited for; the message ends with its screen."""


class KeyTiming(NamedTuple):
    """One key press: from just before it was written to the repaint's first and last byte."""

    first_ms: float
    last_ms: float
    bytes: int


@dataclass(slots=True)
class Task:
    """A named piece of work and the keystrokes it took."""

    name: str
    keystrokes: int = 0


class Terminal:
    """A program running in its own session on its own pseudo-terminal, 80x24 unless told.

    The program gets PATH, HOME and the like, TERM=xterm-256color, LANG=C.UTF-8 and what `env`
    holds; nothing else of our own environment. Every wait reads the program's output until what
    was waited for is there, and raises `TerminalError` with the screen when it does not come.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cols: int = 80,
        rows: int = 24,
        cwd: str | os.PathLike[str] | None = None,
    ) -> None:
        kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        self.keystrokes = 0
        self.tasks: list[Task] = []
        self._screen = Screen(cols, rows)
        self._raw = bytearray()
        self.started_at = self.seen_at = time.monotonic()
        environment = kept | TERMINAL_VARIABLES | dict(env or {})
        self._child = Child(command, environment, cwd, cols, rows)
        self.pid = self._child.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Input

    def send(self, data: bytes | str) -> Self:
        """Writes the bytes in one go, as they are; counts no keystroke."""
        rest = data.encode() if isinstance(data, str) else data
        while rest and self._child.is_open:
            taken = self._child.write(rest)
            rest = rest[taken:]
            if not taken:  # the program reads no further before we take its output
                if not self._child.wait_for_room(NO_ANSWER_AFTER):
                    raise self._error("The program takes no input")
                self._read(0)
        return self

    def press(self, *keys: str) -> Self:
        """Presses named keys (`enter`, `shift+tab`, `ctrl+l`, `j` ...), each in its own write."""
        for key in keys:
            self.keystrokes += 1
            self.send(key_bytes(key))
        return self

    def burst(self, *keys: str) -> Self:
        """Presses named keys so fast that the program gets them in one read."""
        self.keystrokes += len(keys)
        return self.send(b"".join(key_bytes(key) for key in keys))

    def type(self, text: str) -> Self:
        """Types the text in one write; every character is a keystroke."""
        self.keystrokes += len(text)
        return self.send(text)

    @contextmanager
    def count_task(self, name: str) -> Iterator[Task]:
        """Counts the keystrokes inside the `with` block; the task is kept in `tasks`."""
        task, before = Task(name), self.keystrokes
        self.tasks.append(task)
        try:
            yield task
        finally:
            task.keystrokes = self.keystrokes - before

    def time_key(self, key: str, settle_ms: float = 60) -> KeyTiming:
        """Presses a key and measures its repaint, which is over after `settle_ms` of silence."""
        while self._read(0):
            pass
        bytes_before, pressed_at = self.bytes_out, time.monotonic()
        self.press(key)
        first = last = self._read(NO_ANSWER_AFTER)
        if first is None or last is None:
            raise self._error(f"The key {key} changed nothing")
        while (at := self._read(settle_ms / 1000)) is not None:
            last = at
        return KeyTiming(
            (first - pressed_at) * 1000, (last - pressed_at) * 1000, self.bytes_out - bytes_before
        )

    # Waiting

    def wait_for(self, regex: str, timeout: float = 10) -> re.Match[str]:
        """Waits until the screen matches (`^` and `$` are the ends of a row); gives the match.

        `seen_at` then is the time (monotonic) at which the output that made it match was read.
        """
        match = self._wait_until(regex, timeout, wanted=True)
        assert match is not None
        return match

    def wait_gone(self, regex: str, timeout: float = 10) -> None:
        """Waits until the screen no longer matches."""
        self._wait_until(regex, timeout, wanted=False)

    def wait_quiet(self, ms: float = 60, timeout: float = 10) -> Self:
        """Waits until the program has written nothing for so many milliseconds."""
        deadline = time.monotonic() + timeout
        while self._read(ms / 1000) is not None:
            if time.monotonic() > deadline:
                raise self._error(f"Still writing after {timeout} s")
        return self

    def listen(self, seconds: float) -> None:
        """Reads what the program writes during this time, whatever it is."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if self._read(left) is None and not self._child.is_open:
                return

    def wait_exit(self, timeout: float = 10) -> int:
        """Waits for the end; gives the exit status, or minus the number of the signal."""
        deadline = time.monotonic() + timeout
        while self.exit_status is None:
            if not self._child.wait_end_or_output(deadline):
                raise self._error(f"Still running after {timeout} s")
            self._read(0)
        self.text()
        return self.exit_status

    # The screen

    def text(self) -> str:
        """The screen as it is now, rows joined by newlines, without trailing spaces."""
        while self._read(0) is not None:
            pass
        self._screen.draw_all()
        return "\n".join(self._screen.lines())

    def line(self, n: int) -> str:
        """One row of the screen, the top one being 0 and the last -1."""
        return self.text().split("\n")[n]

    @property
    def cells(self) -> list[list[Char]]:
        """Rows of cells, each with `data`, `fg`, `bg`, `bold`, `reverse`, `underscore` ..."""
        self.text()
        return self._screen.cells()

    @property
    def cursor(self) -> tuple[int, int]:
        """Row and column of the hardware cursor, counted from 0."""
        self.text()
        return self._screen.cursor()

    @property
    def raw(self) -> bytes:
        """Everything the program has written so far and we have read."""
        return bytes(self._raw)

    @property
    def bytes_out(self) -> int:
        """The number of bytes in `raw`."""
        return len(self._raw)

    def resize(self, cols: int, rows: int) -> Self:
        """Gives the terminal another size; the program gets SIGWINCH."""
        self._screen.resize(cols, rows)
        self._child.resize(cols, rows)
        return self

    # The process

    @property
    def exit_status(self) -> int | None:
        """The exit status once `wait_exit` has seen the end; minus the signal's number if killed."""
        return self._child.exit_status

    def memory_mb(self) -> float:
        """Memory of the program and its children in MB (PSS)."""
        return pty_process.memory_mb(self.pid)

    def cpu_seconds(self) -> float:
        """Processor time of the program and its children so far, in seconds."""
        return pty_process.cpu_seconds(self.pid)

    def kill(self, signal_number: int = signal.SIGKILL) -> Self:
        """Sends a signal to the program."""
        self._child.signal(signal_number)
        return self

    def hang_up(self) -> Self:
        """Closes the terminal as a lost window would; the program gets SIGHUP."""
        self._child.hang_up()
        return self

    def close(self) -> None:
        """Hangs up, and kills the program if that does not end it within two seconds."""
        self.hang_up()
        try:
            self.wait_exit(timeout=2)
        except TerminalError:
            self.kill().wait_exit()
        self._child.release()

    def _wait_until(self, regex: str, timeout: float, *, wanted: bool) -> re.Match[str] | None:
        pattern = re.compile(regex, re.MULTILINE)
        self.seen_at = time.monotonic()
        deadline = self.seen_at + timeout
        self.text()
        while True:
            match = pattern.search("\n".join(self._screen.lines()))
            if (match is not None) == wanted:
                return match
            drawn = self._screen.draw_next()
            if drawn is not None:
                self.seen_at = drawn
            elif not self._read_until_pause(deadline):
                verb = "appear" if wanted else "go"
                raise self._error(f"{regex!r} did not {verb} within {timeout} s")

    def _read_until_pause(self, deadline: float) -> bool:
        at = self._read(max(0.0, deadline - time.monotonic()))
        if at is None:
            return False
        end = at + LONGEST_WITHOUT_DRAWING
        while at is not None and at < end:
            at = self._read(QUIET_BEFORE_DRAWING)
        return True

    def _read(self, timeout: float) -> float | None:
        """Reads once, waiting at most so many seconds; gives the time of reading if there was output."""
        data = self._child.read(timeout)
        if not data:
            return None
        at = time.monotonic()
        self._raw += data
        if answer := self._screen.take(data, at):
            self.send(answer)
        return at

    def _error(self, sentence: str) -> TerminalError:
        """The error to raise, with the whole screen below the sentence."""
        rows = self.text().split("\n")
        width = max(len(row) for row in rows)
        frame = "-" * (width + 2)
        body = "\n".join(f"|{row:<{width}}|" for row in rows)
        if not self._child.is_open and self.exit_status is None:
            self._child.wait_end_or_output(time.monotonic() + 1)
        ended = "" if self.exit_status is None else f" (the program ended with {self.exit_status})"
        return TerminalError(f"{sentence}{ended}. The screen:\n{frame}\n{body}\n{frame}")
