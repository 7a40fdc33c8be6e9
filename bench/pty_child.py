"""A program in its own session on a new pseudo-terminal: reading, writing, signals and its end."""

import os
import select
import signal
import time
import warnings
from collections.abc import Mapping, Sequence

from ptyprocess import PtyProcess

CHUNK = 65536  # bytes; more than a pty hands over in one read


class Child:
    """The program from its start to its end. `is_open` tells whether we still hold the terminal."""

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        cwd: str | os.PathLike[str] | None,
        cols: int,
        rows: int,
    ) -> None:
        with warnings.catch_warnings():  # forkpty warns of threads; the child only execs
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process = PtyProcess.spawn(
                list(command),
                cwd=None if cwd is None else os.fspath(cwd),
                env=dict(env),
                dimensions=(rows, cols),
            )
        self.pid: int = self._process.pid
        self.is_open = True
        self.exit_status: int | None = None
        self._fd: int = self._process.fd
        self._pidfd = os.pidfd_open(self.pid)
        os.set_blocking(self._fd, False)

    def read(self, timeout: float) -> bytes:
        """What the program has written, waiting at most so many seconds; empty when nothing came."""
        if not self.is_open or not select.select([self._fd], [], [], timeout)[0]:
            return b""
        try:
            data = os.read(self._fd, CHUNK)
        except OSError:  # EIO: the last process that had the terminal open has closed it
            data = b""
        if not data:
            self.hang_up()
        return data

    def write(self, data: bytes) -> int:
        """Writes what the terminal takes at once; gives the number of bytes, 0 when it is full."""
        try:
            return os.write(self._fd, data)
        except BlockingIOError:
            return 0
        except OSError:  # nobody has the terminal open any more
            self.hang_up()
            return len(data)

    def wait_for_room(self, timeout: float) -> bool:
        """Waits until the terminal takes input again or has output to read."""
        return any(select.select([self._fd], [self._fd], [], timeout))

    def wait_end_or_output(self, deadline: float) -> bool:
        """Waits until the program ends, keeping `exit_status`, or writes; whether either happened."""
        sources = [self._pidfd, self._fd] if self.is_open else [self._pidfd]
        ready = select.select(sources, [], [], max(0.0, deadline - time.monotonic()))[0]
        if self._pidfd in ready:
            self.exit_status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            self._process.terminated = True
        return bool(ready)

    def resize(self, cols: int, rows: int) -> None:
        """Gives the terminal another size; the program gets SIGWINCH."""
        self._process.setwinsize(rows, cols)

    def signal(self, number: int) -> None:
        """Sends the program a signal, if it is still there."""
        if self.exit_status is None:
            signal.pidfd_send_signal(self._pidfd, number)

    def hang_up(self) -> None:
        """Closes our end of the terminal; the program gets SIGHUP."""
        if self.is_open:
            self.is_open = False
            self._process.fileobj.close()
            self._process.closed = True

    def release(self) -> None:
        """Gives back what is left to give back once the program has ended."""
        self.hang_up()
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1
