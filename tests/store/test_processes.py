"""Real processes on one clinic's file: many at once, killed at any instant, and one that holds the lock."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from clinic import DATE, a_desk, a_practice

from gpa_tui.errors import NotSaved
from gpa_tui.records.event import LogViewed, Said
from gpa_tui.store.practice import Practice
from gpa_tui.store.verify import Verified, verify

WRITERS = Path(__file__).with_name("writers.py")
WRITERS_AT_ONCE, ACTS_EACH, KILLS = 8, 500, 320


def command(practice: Practice, *words: object) -> list[str]:
    return [sys.executable, str(WRITERS), str(practice.home), *map(str, words)]


def checked(practice: Practice) -> Verified:
    journal = practice.home / "clinics" / f"{DATE}.journal"
    return verify(journal, practice.info.practice, practice.roster.signers)


def test_eight_processes_with_five_hundred_acts_each_make_one_chain(tmp_path: Path) -> None:
    practice, acknowledged = a_practice(tmp_path), tmp_path / "acknowledged"
    subprocess.run(command(practice, "race", WRITERS_AT_ONCE, ACTS_EACH, acknowledged), check=True)
    found, saved = checked(practice), acknowledged.read_text().split()
    assert (found.damage, found.torn_bytes) == (None, 0)
    assert found.commits == WRITERS_AT_ONCE * ACTS_EACH == len(saved) / 2
    with closing(a_desk(practice)) as desk:
        events = desk.day.events
    assert Counter(event.id for event in events) == Counter(saved)
    assert [event.seq for event in events] == list(range(1, len(saved) + 1))
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert len({event.terminal for event in events}) == WRITERS_AT_ONCE


def test_no_kill_at_any_instant_loses_doubles_or_halves_what_was_called_saved(tmp_path: Path) -> None:
    practice, acknowledged = a_practice(tmp_path), tmp_path / "acknowledged"
    subprocess.run(command(practice, "killed", KILLS, acknowledged), check=True)
    saved = acknowledged.read_text().split()
    assert len(saved) > KILLS
    with closing(a_desk(practice)) as desk:
        (event,) = desk.do(lambda _: [Said(data=LogViewed())])
        events = desk.day.events
    kept = Counter(one.id for one in events)
    assert set(kept.values()) == {1}, "an entry is there twice"
    assert set(saved) <= set(kept), "an entry that was called saved is gone"
    assert len(kept) - 1 - len(saved) <= 2 * (KILLS + 4), "at most the act under way at each kill is more"
    assert [one.seq for one in events] == list(range(1, len(events) + 1))
    assert event.seq == len(events)
    found = checked(practice)
    assert (found.damage, found.torn_bytes) == (None, 0)
    assert found.commits == (len(kept) - 1) / 2 + 1, "half an act is there"


def test_a_holder_that_stands_still_is_named_and_one_that_is_killed_lets_go(tmp_path: Path) -> None:
    practice = a_practice(tmp_path)
    with (
        subprocess.Popen(command(practice, "hold"), stdout=subprocess.PIPE, text=True) as holder,
        closing(a_desk(practice, on=DATE.replace(day=24))) as other_day,
    ):
        assert holder.stdout is not None
        process = holder.stdout.readline().strip()
        os.waitid(os.P_PID, holder.pid, os.WSTOPPED | os.WNOWAIT)
        other_day.do(lambda _: [Said(data=LogViewed())])  # another day's file is nobody's concern
        begun = time.monotonic()
        with pytest.raises(NotSaved, match=f"held by M Okafor at process {process}") as refused:
            a_desk(practice)
        assert 2.0 <= time.monotonic() - begun < 4.0
        assert "kept here" in refused.value.remedy
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        begun = time.monotonic()
        a_desk(practice).close()
        assert time.monotonic() - begun < 1.0


LIMITED = """\
import resource, sys
from contextlib import closing
from pathlib import Path

sys.path[:0] = [sys.argv[2]]
from writers import PLAN, desk_of, unlock
from gpa_tui.errors import NotSaved
from gpa_tui.records.event import Said
from gpa_tui.store.practice import Practice

practice = Practice(Path(sys.argv[1]))
with closing(desk_of(practice, unlock(practice.roster, "mokafor", "green kettle"))) as desk:
    desk.do(lambda _: [Said(data=PLAN)])
    size = desk.storage._offset
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, resource.RLIM_INFINITY))
    try:
        desk.do(lambda _: [Said(data=PLAN)])
    except NotSaved as refused:
        print(refused.reason, desk.storage.path.stat().st_size == size)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    desk.do(lambda _: [Said(data=PLAN)])
"""


def test_a_file_that_may_not_grow_is_left_as_it_was(tmp_path: Path) -> None:
    """The kernel's own refusal in the middle of a line, as a quota's is."""
    practice = a_practice(tmp_path)
    limited = [sys.executable, "-c", LIMITED, str(practice.home), str(WRITERS.parent)]
    said = subprocess.run(limited, check=True, capture_output=True, text=True).stdout
    assert said.split("\n")[0] == "Not saved: File too large. True"
    assert (checked(practice).damage, checked(practice).commits) == (None, 2)
