"""Reviewing and searching a year of clinics (250 dates of some 2,800 entries), each in a process of its own.

Time and memory beside a floor in the same run: unsealing and unpacking the same briefs and nothing else.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from a_year import a_year, patient, working_days
from clinic import SUPERVISOR, FakeClock, a_bench

from gpa_tui.clock import local_time
from gpa_tui.session.desk import Desk
from gpa_tui.session.digest import PURPOSE, parts_of
from gpa_tui.session.findings import Given, findings
from gpa_tui.session.log import Bench
from gpa_tui.session.numbers import beside, numbers_of, rows_of
from gpa_tui.session.registry import Registry
from gpa_tui.session.review import Review
from gpa_tui.session.review_rows import review_rows
from gpa_tui.session.search import Wanted, numbers_before, search
from gpa_tui.store.practice import DIGESTS, Practice
from gpa_tui.store.sealed import SealedFile
from gpa_tui.templates import shipped_templates

LAST = date(2026, 11, 20)
YEAR = 250


def opened(bench: Bench, _: int) -> str:
    """The review's rows of the last date, from its journal."""
    with closing(Desk(bench, LAST)) as desk:
        desk.read()
        show = partial(local_time, zone=bench.practice.settings.zone)
        given = Given(desk.day, bench.practice.settings, show, bench.practice.shorthand)
        found = findings(given, desk.day.rows, ())
        rows = review_rows(desk.day, desk.day.rows, found, Review(LAST), shipped_templates(), show)
    return f"{len(rows)} rows of {len(desk.day.events)} entries"


def numbers(bench: Bench, _: int) -> str:
    """The last session's beside the ten before it."""
    before = numbers_before(bench, LAST)
    with closing(Desk(bench, LAST)) as desk:
        desk.read()
        now = numbers_of(desk.day, desk.day.rows, 15)
        rows = [*rows_of(now), *beside(now, before)]
    return f"{len(rows)} rows"


def looked(bench: Bench, days: int, **wanted: Any) -> str:
    """Through the last so many dates."""
    since = working_days(LAST, days)[0]
    with closing(Registry(bench)) as registry:
        registry.read()
        count = sum(1 for _ in search(bench, registry.standing.events, Wanted(since=since, **wanted)))
    return f"{count} found in {days} dates"


def floor(bench: Bench, days: int) -> str:
    """The same briefs unsealed, unpacked and parsed."""
    for on in working_days(LAST, days):
        path = bench.practice.home / DIGESTS / f"{on}.digest"
        raw = SealedFile(path, PURPOSE, on.isoformat(), bench.keys).read()
        assert raw is not None, "it was kept"
        head, lines, _ = parts_of(raw)
        json.loads(zlib.decompress(head))
        json.loads(zlib.decompress(lines))
    return f"{days} briefs"


ONE = patient(7)
DOES: dict[str, Callable[[Bench, int], str]] = {
    "open": opened,
    "numbers": numbers,
    "person": partial(looked, staff="patel", kind="escalation"),
    "patient": partial(looked, whom=ONE.name.family, born=ONE.born),
    "floor": floor,
}


def once(home: Path, what: str, days: int) -> None:
    """In this process: says the seconds, the memory it took beyond being there, and what it found."""
    bench = a_bench(Practice(home), clock=FakeClock(), by=SUPERVISOR)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    found = DOES[what](bench, days)
    seconds = time.perf_counter() - begun
    grew = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(json.dumps([seconds, grew / 1024, found]))


def measured(home: Path, what: str, days: int = 1) -> tuple[float, float, str]:
    command = [sys.executable, __file__, str(home), what, str(days)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, megabytes, found = json.loads(done.stdout)
    return seconds, megabytes, found


def line(name: str, got: tuple[float, float, str]) -> None:
    print(f"{name:<34} {got[0]:7.2f} s {got[1]:7.1f} MB  {got[2]}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        home, entries = a_year(Path(folder) / "year", LAST, YEAR)
        size = sum(path.stat().st_size for path in (home / "clinics").iterdir()) / 1e6
        print(f"{YEAR} dates, {entries} entries, {size:.0f} MB, made in {time.perf_counter() - begun:.0f} s")
        line("open a review", measured(home, "open"))
        line("numbers, ten sessions not in brief", measured(home, "numbers"))
        line("numbers, ten in brief", measured(home, "numbers"))
        line("first search of the year", measured(home, "person", YEAR))
        size = sum(path.stat().st_size for path in (home / DIGESTS).iterdir()) / 1e6
        print(f"{YEAR} briefs, {size:.1f} MB")
        for days in (1, 10, 50, YEAR):
            line(f"search by person, {days} dates", measured(home, "person", days))
        line(f"search by patient, {YEAR} dates", got := measured(home, "patient", YEAR))
        line("the floor", least := measured(home, "floor", YEAR))
        print(f"a search is {got[0] / least[0]:.1f} × the floor")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        once(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
    else:
        main()
