"""Real processes on one clinic's file: several at once, and one that is killed in the middle of writing."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from clinic import DATE, a_desk, a_practice

from gpa_tui.records.event import LogViewed, Said
from gpa_tui.store.practice import Practice
from gpa_tui.store.verify import verify

# Acts at a desk of its own until there is a file `stop`; says the id of each entry once its act returned.
ACTS = """\
import sys
from datetime import date
from pathlib import Path

from gpa_tui.clock import SystemClock
from gpa_tui.records.event import PlanGiven, Said
from gpa_tui.records.plan import WordsFrom
from gpa_tui.session.admission import admit, bench_of
from gpa_tui.session.desk import Desk
from gpa_tui.store.practice import Practice

home, staff, name, stop = sys.argv[1:]
practice, clock = Practice(Path(home)), SystemClock()
keys = admit(practice, staff, "green kettle", clock, name)
desk = Desk(bench_of(practice, keys, clock, name), date(2026, 11, 23))
plan = PlanGiven(words="rest, fluids " * 40, words_from=WordsFrom.AS_HEARD, given_by="Dr N Patel")
print("ready", flush=True)
sys.stdin.readline()
while not Path(stop).exists():
    events = desk.do(lambda day: [Said(data=plan)])
    print(events[0].id, flush=True)
"""


def worker(practice: Practice, staff: str, stop: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ACTS, str(practice.home), staff, f"terminal of {staff}", str(stop)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def lines(process: subprocess.Popen[str], count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(count)]


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def test_several_processes_at_once_keep_the_chain_whole(tmp_path: Path) -> None:
    practice, stop, at_least = a_practice(tmp_path), tmp_path / "stop", 20
    processes = [worker(practice, name, stop) for name in ("mokafor", "npatel", "sreed")]
    said_saved: list[str] = []
    try:
        for process in processes:
            assert lines(process, 1) == ["ready"]
        for process in processes:
            begin(process)
        for process in processes:
            said_saved += lines(process, at_least)
        stop.touch()
        for process in processes:
            assert process.stdout is not None
            said_saved += process.stdout.read().split()
            assert process.wait() == 0
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    _, journal = practice.journals()
    found = verify(journal, practice.info.practice, practice.roster.signers)
    assert (found.damage, found.commits, found.torn_bytes) == (None, len(said_saved), 0)
    desk = a_desk(practice)
    desk.close()
    assert sorted(event.id for event in desk.day.events) == sorted(said_saved)
    assert [event.seq for event in desk.day.events] == list(range(1, len(said_saved) + 1))
    assert [event.at for event in desk.day.events] == sorted(event.at for event in desk.day.events)


@pytest.mark.parametrize("after", [1, 2, 25])
def test_every_act_that_was_called_saved_is_there_after_a_kill(tmp_path: Path, after: int) -> None:
    practice = a_practice(tmp_path)
    with worker(practice, "mokafor", tmp_path / "never") as process:
        assert lines(process, 1) == ["ready"]
        begin(process)
        said_saved = lines(process, after)
        process.send_signal(signal.SIGKILL)
        assert process.stdout is not None
        rest = process.stdout.read().splitlines(keepends=True)
        said_saved += [line.strip() for line in rest if line.endswith("\n")]
        assert process.wait() == -signal.SIGKILL
    desk = a_desk(practice)
    kept = [event.id for event in desk.day.events]
    assert kept[: len(said_saved)] == said_saved
    assert len(kept) <= len(said_saved) + 1, "at most the act that was under way is more"
    (event,) = desk.do(lambda _: [Said(data=LogViewed())])
    assert event.seq == len(kept) + 1
    desk.close()
    journal = practice.home / "clinics" / f"{DATE}.journal"
    assert verify(journal, practice.info.practice, practice.roster.signers).damage is None
