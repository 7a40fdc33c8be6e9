"""Run as a program: writers on one clinic's file that compete, are killed at any instant, or hold its lock.

    python writers.py HOME race WRITERS ACTS ACKNOWLEDGED
    python writers.py HOME killed KILLS ACKNOWLEDGED
    python writers.py HOME hold

`ACKNOWLEDGED` gets the id of each entry after its act has returned, a line each. Writers are forked from a
program that has loaded everything, so that one starts in a few milliseconds.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import date
from pathlib import Path

from gpa_tui.clock import SystemClock
from gpa_tui.errors import NotSaved
from gpa_tui.records.base import StaffId
from gpa_tui.records.event import LogViewed, PlanGiven, Said
from gpa_tui.records.plan import WordsFrom
from gpa_tui.session.admission import bench_of
from gpa_tui.session.desk import Desk
from gpa_tui.store.practice import Practice
from gpa_tui.store.vault import Keyring, unlock

ON = date(2026, 11, 23)
PLAN = PlanGiven(words="rest, fluids " * 40, words_from=WordsFrom.AS_HEARD, given_by="Dr N Patel")
AT_ONCE = 4


def desk_of(practice: Practice, keys: Keyring) -> Desk:
    return Desk(bench_of(practice, keys, SystemClock(), f"process {os.getpid()}"), ON)


def write(practice: Practice, keys: Keyring, acknowledged: int, acts: int | None) -> None:
    """Act after act, each of two entries; what is held by another is tried again, as a person would."""
    desk = desk_of(practice, keys)
    while acts is None or acts > 0:
        try:
            events = desk.do(lambda _: [Said(data=PLAN), Said(data=LogViewed())])
        except NotSaved:
            continue
        os.write(acknowledged, "".join(f"{event.id}\n" for event in events).encode())
        acts = None if acts is None else acts - 1


def forked(practice: Practice, keys: Keyring, acknowledged: int, acts: int | None) -> int:
    process = os.fork()
    if process == 0:
        status = 1
        try:
            write(practice, keys, acknowledged, acts)
            status = 0
        finally:
            os._exit(status)
    return process


def race(practice: Practice, keys: Keyring, writers: int, acts: int, acknowledged: int) -> int:
    processes = [forked(practice, keys, acknowledged, acts) for _ in range(writers)]
    return max(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) for process in processes)


def killed(practice: Practice, keys: Keyring, kills: int, acknowledged: int) -> int:
    """One of several writers is killed and another takes its place, again and again."""
    chance = random.Random(kills)
    processes = [forked(practice, keys, acknowledged, None) for _ in range(AT_ONCE)]
    for _ in range(kills):
        time.sleep(chance.uniform(0, 0.03))  # the instant of the kill, not a wait for something
        victim = processes.pop(chance.randrange(len(processes)))
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
        processes.append(forked(practice, keys, acknowledged, None))
    for process in processes:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    return 0


def hold(practice: Practice, keys: Keyring) -> int:
    """Take the lock and stand still with it, as a terminal that was stopped does."""
    desk = desk_of(practice, keys)
    with desk.storage.locked():
        print(os.getpid(), flush=True)
        os.kill(os.getpid(), signal.SIGSTOP)
    return 0


def main(home: str, how: str, *words: str) -> int:
    practice = Practice(Path(home))
    keys = unlock(practice.roster, StaffId("mokafor"), "green kettle")
    if how == "hold":
        return hold(practice, keys)
    *numbers, path = words
    acknowledged = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    if how == "race":
        writers, acts = map(int, numbers)
        return race(practice, keys, writers, acts, acknowledged)
    return killed(practice, keys, int(numbers[0]), acknowledged)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
