"""What a running process and its children cost, and when a process has ended (Linux)."""

import os
import select
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def tree(pid: int) -> list[int]:
    """The process and every process below it."""
    found = [pid]
    for parent in found:
        with suppress(OSError):
            for children in (PROC / str(parent) / "task").glob("*/children"):
                with suppress(OSError):
                    found.extend(int(child) for child in children.read_text().split())
    return found


def memory_mb(pid: int) -> float:
    """Memory of the tree in MB: PSS where the kernel gives it, otherwise resident size."""
    return sum(_memory_kb(member) for member in tree(pid)) / 1024


def cpu_seconds(pid: int) -> float:
    """Processor time the tree has used so far, in seconds and to the nanosecond.

    Each process has a kernel clock whose id is made from its pid; see clock_getcpuclockid(3).
    """
    total = 0.0
    for member in tree(pid):
        with suppress(OSError):
            total += time.clock_gettime((~member << 3) | 2)
    return total


def mentioning(words: str) -> dict[int, str]:
    """The processes, other than this one, whose command line holds these words: pid and command line."""
    return {pid: line for pid, line in _command_lines() if words in line and pid != os.getpid()}


def wait_ended(pid: int, timeout: float) -> bool:
    """Whether the process, which need not be a child of ours, ends within so many seconds."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], timeout)[0])
    finally:
        os.close(descriptor)


def _memory_kb(pid: int) -> int:
    for name, field in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        with suppress(OSError):
            for line in (PROC / str(pid) / name).read_text().splitlines():
                if line.startswith(field):
                    return int(line.split()[1])
    return 0


def _command_lines() -> Iterator[tuple[int, str]]:
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
                yield int(entry.name), line.decode(errors="replace")
