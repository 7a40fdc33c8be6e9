"""Measures gpa-tui beside two bare Textual programs: in turn, in one run, on one machine.

The floors show what Textual itself costs here and now; trust the ratios more than the numbers.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

from demo_clinic import GPA_TUI, PASSPHRASE, SIGN_IN_SCREEN, open_command, sign_in
from floors.day_rows import READY
from long_list import lengthen
from pty_terminal import Terminal

BENCH = Path(__file__).parent
ARROWS = ("down",) * 8 + ("up",) * 8  # stays within the view
FLOOR_TABLE_VIEW = 22  # rows of the list on screen at 80x24
FLOOR_LINES_VIEW = 23
APP_VIEW = 18
QUIET_MS = 200  # the program has come to rest
TICK_MARGIN = 1.5  # s after the minute in which a clock on screen may still be changing
CLEAN_MINUTE = 59.0  # s into the minute by which idling must be over

Samples = defaultdict[str, list[float]]

ARGON2_PROGRAM = """
import json, sys, time
from gpa_tui.store.seal import Stretching, raw
slot = json.load(open(sys.argv[1]))["staff"][0]["slot"]
stretching = Stretching.model_validate(slot["stretching"])
started = time.perf_counter()
stretching.key(sys.argv[2], raw(slot["salt"]))
print(time.perf_counter() - started)
"""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured in a run."""

    rounds: int
    arrows: int
    scrolls: int
    pages: int
    idle_seconds: float


FULL = Effort(rounds=7, arrows=48, scrolls=8, pages=4, idle_seconds=20)
QUICK = Effort(rounds=2, arrows=16, scrolls=4, pages=2, idle_seconds=5)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A program to measure, and what was measured of it: a list of samples for each metric."""

    name: str
    command: list[str]
    ready: str
    rows_in_view: int
    home: Path | None = None
    samples: Samples = field(default_factory=lambda: defaultdict(list))

    def open(self) -> Terminal:
        """A new terminal with the program in it, showing its first screen."""
        terminal = Terminal(self.command, cwd=BENCH)
        try:
            terminal.wait_for(self.ready, timeout=30)
        except AssertionError:
            terminal.close()
            raise
        return terminal


# metric, heading, percentile
TABLE = (
    ("start_ms", "start-up to first screen, ms", 50),
    ("sign_in_ms", "Enter to day list, ms", 50),
    ("sign_in_less_argon2_ms", "  the same less Argon2, ms", 50),
    ("arrow_ms", "arrow within the view, ms", 50),
    ("arrow_ms", "  the same, p99", 99),
    ("arrow_bytes", "  bytes", 50),
    ("scroll_ms", "arrow that scrolls, ms", 50),
    ("scroll_bytes", "  bytes", 50),
    ("page_ms", "page down, ms", 50),
    ("page_bytes", "  bytes", 50),
    ("idle_bytes", "idle, bytes in all", 50),
    ("idle_cpu_percent", "idle, CPU %", 50),
    ("memory_mb", "memory (PSS), MB", 50),
)


def main() -> None:
    """Measures as told on the command line and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, help=f"default {FULL.rounds}")
    parser.add_argument("--quick", action="store_true", help="a rough answer within a minute")
    parser.add_argument("--only", choices=("all", "floors"), default="all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the numbers there")
    options = parser.parse_args()
    effort = QUICK if options.quick else FULL
    rounds = options.rounds or effort.rounds
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="gpa-tui-bench-") as folder:
        candidates = floors()
        if options.only == "all":
            candidates.append(application(Path(folder) / "demo"))
        measure(candidates, effort, rounds)
    print(f"{rounds} rounds at 80x24; load of the machine before: {load:.2f}\n")
    print_table(candidates)
    if options.json:
        options.json.write_text(json.dumps(as_data(candidates, rounds, load), indent=1) + "\n")


def floors() -> list[Candidate]:
    """The two bare Textual programs."""
    python = [sys.executable, "-m"]
    return [
        Candidate("floor-table", [*python, "floors.table"], READY, FLOOR_TABLE_VIEW),
        Candidate("floor-lines", [*python, "floors.lines"], READY, FLOOR_LINES_VIEW),
    ]


def application(home: Path) -> Candidate:
    """The application on a demo store made for this run."""
    subprocess.run([GPA_TUI, "demo", "--home", home, "--create-only"], check=True, capture_output=True)
    lengthen(home)
    return Candidate("gpa-tui", open_command(home), SIGN_IN_SCREEN, APP_VIEW, home)


def measure(candidates: list[Candidate], effort: Effort, rounds: int) -> None:
    """Each candidate once without measuring, then rounds of one after the other, then idling."""
    for candidate in candidates:
        candidate.open().close()
    for number in range(rounds):
        for candidate in candidates:
            show(f"round {number + 1}/{rounds} {candidate.name}")
            measure_once(candidate, effort)
    show(f"idling for {effort.idle_seconds:g} s")
    measure_idle(candidates, effort.idle_seconds)
    show("")


def show(progress: str) -> None:
    """Says on a terminal how far the run has come."""
    if sys.stderr.isatty():
        print(f"{progress:40}", end="\r", file=sys.stderr)


def measure_once(candidate: Candidate, effort: Effort) -> None:
    """One start of the program, from its first screen to its memory after some work."""
    samples, home = candidate.samples, candidate.home
    argon2 = argon2_seconds(home) if home else 0.0
    with candidate.open() as terminal:
        samples["start_ms"].append((terminal.seen_at - terminal.started_at) * 1000)
        if home:
            seconds = sign_in(terminal)
            samples["sign_in_ms"].append(seconds * 1000)
            samples["sign_in_less_argon2_ms"].append((seconds - argon2) * 1000)
        terminal.wait_quiet(QUIET_MS)
        measure_keys(terminal, candidate, effort)
        samples["memory_mb"].append(terminal.memory_mb())


def measure_keys(terminal: Terminal, candidate: Candidate, effort: Effort) -> None:
    """The keys of a morning: along the list, past its end of the view, and by pages."""
    samples = candidate.samples
    for key in ARROWS:
        terminal.time_key(key)
    time_keys(terminal, islice(cycle(ARROWS), effort.arrows), samples, "arrow")
    terminal.press("pageup", "pageup").wait_quiet(QUIET_MS)
    terminal.press(*["down"] * (candidate.rows_in_view - 1)).wait_quiet(QUIET_MS)
    time_keys(terminal, ["down"] * effort.scrolls, samples, "scroll")
    for _ in range(effort.pages):
        terminal.press("pageup", "pageup").wait_quiet(QUIET_MS)
        time_keys(terminal, ["pagedown"], samples, "page")


def time_keys(terminal: Terminal, keys: Iterable[str], samples: Samples, metric: str) -> None:
    """Times each key, at moments that do not keep step with the program's own timers."""
    for key in keys:
        terminal.listen(random.uniform(0, 0.033))
        timing = terminal.time_key(key)
        samples[f"{metric}_ms"].append(timing.last_ms)
        samples[f"{metric}_bytes"].append(timing.bytes)


def measure_idle(candidates: list[Candidate], seconds: float) -> None:
    """Watches all of them side by side, doing nothing, in a window without a minute's tick."""
    terminals = [candidate.open() for candidate in candidates]
    try:
        for candidate, terminal in zip(candidates, terminals, strict=True):
            if candidate.home:
                sign_in(terminal)
            terminal.wait_quiet(QUIET_MS)
        while not TICK_MARGIN <= time.time() % 60 <= CLEAN_MINUTE - seconds:
            listen_to_all(terminals, 0.5)
        before = [(terminal.bytes_out, terminal.cpu_seconds()) for terminal in terminals]
        listen_to_all(terminals, seconds)
        for candidate, terminal, (output, cpu) in zip(candidates, terminals, before, strict=True):
            candidate.samples["idle_bytes"].append(terminal.bytes_out - output)
            percent = (terminal.cpu_seconds() - cpu) / seconds * 100
            candidate.samples["idle_cpu_percent"].append(percent)
    finally:
        for terminal in terminals:
            terminal.close()


def listen_to_all(terminals: list[Terminal], seconds: float) -> None:
    """Reads the output of all of them for this long."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        for terminal in terminals:
            terminal.listen(min(left, 0.25) / len(terminals))


def argon2_seconds(home: Path) -> float:
    """What the store's own Argon2 parameters cost now, in a process that does nothing else."""
    command = [sys.executable, "-c", ARGON2_PROGRAM, str(home / "keys.json"), PASSPHRASE]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def percentile(samples: list[float], percent: int) -> float:
    """The median for 50, otherwise the smallest sample that so many per cent do not exceed."""
    if percent == 50:
        return statistics.median(samples)
    return sorted(samples)[-(-len(samples) * percent // 100) - 1]


def print_table(candidates: list[Candidate]) -> None:
    """One row a metric, one column a candidate, and the ratio of the last to each floor."""
    compared = candidates[2:]
    headings = [c.name for c in candidates] + [f"/{c.name}" for c in candidates[:2] if compared]
    print(f"{'':32}" + "".join(f"{heading:>13}" for heading in headings))
    for metric, title, percent in TABLE:
        values = [percentile(c.samples[metric], percent) if c.samples[metric] else None for c in candidates]
        ratios = [values[2] / v if v and values[2] is not None else None for v in values[:2] if compared]
        if any(value is not None for value in values):
            cells = [f"{v:13.1f}" if v is not None else f"{'':13}" for v in values]
            cells += [f"{r:13.2f}" if r is not None else f"{'':13}" for r in ratios]
            print(f"{title:32}" + "".join(cells))


def as_data(candidates: list[Candidate], rounds: int, load: float) -> dict[str, object]:
    """The numbers for a file: p50, p99 and the number of samples of every metric."""
    measured = {
        candidate.name: {
            metric: {"p50": percentile(s, 50), "p99": percentile(s, 99), "samples": len(s)}
            for metric, s in candidate.samples.items()
            if s
        }
        for candidate in candidates
    }
    return {"rounds": rounds, "load_before": load, "candidates": measured}


if __name__ == "__main__":
    main()
