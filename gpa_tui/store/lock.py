"""One writer at a time: an advisory lock on a file beside the journal, on disks where such locks hold.

`flock(2)` on a sidecar, so that replacing a file never moves the lock. The kernel frees it when its holder
ends, however it ends; nobody takes it from a holder that lives.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gpa_tui.errors import NotSaved, StoreUnusable
from gpa_tui.store.files import open_private

PATIENCE = 2.0  # seconds to wait for another terminal before saying who it is
POLL = 0.002  # seconds
LONGEST = 64 * 1024  # bytes of names before those of programs that have ended are taken out
HELD = Path("/proc/locks")  # Linux: which process holds which lock


class Lock:
    """The lock of one journal, for one process; `holder` is what others are told while it is held.

    The file says who has it open, a line each, written once: a write at every act would have to be flushed
    with the act's own. Who of them holds it is asked of the system when somebody must wait.
    """

    def __init__(self, path: Path, holder: str, mode: int) -> None:
        self._depth = 0
        self._file = open_private(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, mode)
        with suppress(OSError):  # a full disk must not keep the lock from being taken
            if os.fstat(self._file).st_size > LONGEST:
                os.ftruncate(self._file, 0)
            os.write(self._file, f"{os.getpid()}\t{holder}\n".encode())

    @property
    def held(self) -> bool:
        return self._depth > 0

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold it against every other process. Raises `NotSaved`, naming the holder, after `PATIENCE`."""
        if self._depth == 0:
            self._wait()
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if self._depth == 0:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    @contextmanager
    def reading(self) -> Iterator[bool]:
        """Hold writers off; False while one is at work: what is not yet flushed has not happened."""
        if self._depth:
            yield True
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:  # held, or no lock to be had: an act says why
            yield False
            return
        try:
            yield True
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _wait(self) -> None:
        give_up = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > give_up:
                    raise NotSaved(
                        f"Not saved: the clinic's file is held by {self._other()}.",
                        "Your text is kept here. Try again; if it goes on, look at that terminal.",
                    ) from None
                time.sleep(POLL)
            except OSError as error:
                raise NotSaved(
                    f"Not saved: the clinic's file cannot be locked: {error.strerror or error}.",
                    "Your text is kept here. Tell whoever looks after this computer.",
                ) from error
            else:
                return

    def _other(self) -> str:
        """Who holds it, by the name they gave and their process; as much of that as can be told."""
        size = os.fstat(self._file).st_size
        lines = os.pread(self._file, size, 0).decode("utf-8", "replace").splitlines()
        names = dict(line.split("\t", 1) for line in lines if "\t" in line)
        holders = [
            f"{names.get(process, 'another terminal')} (process {process})" for process in self._holders()
        ]
        return ", ".join(holders) or "another terminal"

    def _holders(self) -> list[str]:
        """The processes that hold this file's lock, as the system says."""
        found = os.fstat(self._file)
        here = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
        try:
            fields = [line.split() for line in HELD.read_text().splitlines()]
        except OSError:
            return []
        return [one[4] for one in fields if len(one) > 5 and one[1] == "FLOCK" and one[5] == here]

    def close(self) -> None:
        os.close(self._file)


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock just now; makes no file and alters none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def require_locks(folder: Path) -> None:
    """Raises `StoreUnusable` where a lock that is held is not seen by another who asks for it.

    Some network mounts say yes to everybody; some (NFS) turn flock into a lock of the whole process.
    """
    probe = folder / f".lock-probe.{os.getpid()}.new"  # swept away where this program is killed
    try:
        first, second = (os.open(probe, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600) for _ in range(2))
    except OSError:
        return  # a folder that cannot be written: the first act says so in its own words
    try:
        fcntl.flock(first, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        raise StoreUnusable(
            f"Locks do not hold on the disk of {folder}: two terminals could write over each other.",
            "Keep the store on a local disk, not on a network mount.",
        )
    except OSError as error:
        raise StoreUnusable(
            f"The disk of {folder} takes no locks: {error.strerror}.", "Keep the store on a local disk."
        ) from error
    finally:
        for descriptor in (first, second):
            os.close(descriptor)
        probe.unlink(missing_ok=True)
