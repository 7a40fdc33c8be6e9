"""`gpa-tui doctor`: is this store, and its disk, as it should be? One line each, with the remedy."""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gpa_tui.errors import GpaTuiError
from gpa_tui.printing import has_printer
from gpa_tui.settings import read_competencies, read_settings
from gpa_tui.store.door import INFO_FILE, ROSTER_FILE, SETTINGS_FILE
from gpa_tui.store.files import Modes, loose, open_private, tight
from gpa_tui.store.journal import STANDING
from gpa_tui.store.lock import is_held, require_locks
from gpa_tui.store.practice import CLINICS, DRAFTS, FOLDERS
from gpa_tui.store.seal import Stretching
from gpa_tui.store.vault import read_roster
from gpa_tui.store.verify import departures, verify

LEAST_FREE = 200 * 1024 * 1024  # bytes: some years of clinics (proposal)
FASTEST_FLUSH = (
    0.00005  # seconds: a flush that costs less than 50 µs has most likely reached no disk (proposal)
)
MOST_DRIFT = timedelta(minutes=5)


class Report:
    """The lines so far, and whether all is well."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.well = True

    def ok(self, what: str) -> None:
        self.lines.append(f"ok   {what}")

    def bad(self, what: str) -> None:
        self.lines.append(f"BAD  {what}")
        self.well = False

    def note(self, what: str) -> None:
        self.lines.append(f"note {what}")


def examine(home: Path, now: datetime) -> Report:
    """Look at everything that can be looked at without a passphrase; alters nothing."""
    report = Report()
    if not (home / INFO_FILE).exists():
        report.bad(f"There is no practice in {home}: make one with `gpa-tui init`.")
        return report
    for look in (
        _modes,
        _settings,
        _downtime,
        _locks,
        _flush,
        _clock,
        _space,
        _swap,
        _slots,
        _journals,
        _drafts,
    ):
        try:
            look(home, now, report)
        except (OSError, GpaTuiError, ValueError) as error:
            report.bad(f"{look.__name__.strip('_')}: {error}")
    return report


def _files(home: Path) -> Iterator[Path]:
    for folder in (home, *(home / name for name in FOLDERS)):
        if folder.is_dir():
            yield folder
            yield from sorted(path for path in folder.glob("*") if path.is_file())


def _modes(home: Path, _: datetime, report: Report) -> None:
    import tomllib

    settings = tomllib.loads((home / SETTINGS_FILE).read_text("utf-8"))
    modes = Modes.of_group() if settings.get("shared_with_group") else Modes()
    wrong = [found for path in _files(home) if (found := loose(path, modes) or tight(path, modes))]
    for found in wrong:
        report.bad(found)
    if not wrong:
        who = "you and your group" if settings.get("shared_with_group") else "you alone"
        report.ok(f"Files can be read by {who}.")


def _settings(home: Path, _: datetime, report: Report) -> None:
    read_settings(home / SETTINGS_FILE)
    competencies = read_competencies(home)
    gated = sum(bool(one.gates) for one in competencies.competency)
    report.ok(
        f"Settings can be read; {len(competencies.competency)} competencies, {gated} of them asked for."
    )


def _downtime(home: Path, _: datetime, report: Report) -> None:
    """The pack stands in the clear in its folder."""
    wanted = read_settings(home / SETTINGS_FILE).downtime
    if wanted.folder:
        folder = Path(wanted.folder)
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            report.bad(f"The downtime pack cannot go to {folder}: it is not there, or not ours to write in.")
        elif wrong := loose(folder, Modes()):
            report.note(f"The downtime pack goes to a folder that is not ours alone: {wrong}")
        else:
            report.ok(f"The downtime pack goes to {folder}.")
    if wanted.printer and not has_printer():
        report.bad(f"The downtime pack cannot go to {wanted.printer}: `lp` is not on this machine.")


def _locks(home: Path, _: datetime, report: Report) -> None:
    require_locks(home)
    report.ok("Locks hold on this disk.")


def _flush(home: Path, _: datetime, report: Report) -> None:
    probe = home / f".flush-probe.{os.getpid()}.new"  # swept away where this program is killed
    took = []
    try:
        with os.fdopen(open_private(probe, os.O_WRONLY | os.O_CREAT), "wb", buffering=0) as file:
            for _n in range(20):
                begun = time.perf_counter()
                file.write(b"x" * 512)
                os.fsync(file.fileno())
                took.append(time.perf_counter() - begun)
    finally:
        probe.unlink(missing_ok=True)
    middle = statistics.median(took)
    if middle < FASTEST_FLUSH:
        report.bad(
            f"A flush takes {middle * 1e6:.0f} µs: this disk most likely does not write through. "
            "Keep the store on a disk that does, not on tmpfs or with `nobarrier`."
        )
    else:
        report.ok(
            f"A flush takes {middle * 1000:.2f} ms. Only a power cut can prove that it reaches the disk."
        )


def _clock(home: Path, now: datetime, report: Report) -> None:
    newest = max((path.stat().st_mtime for path in (home / CLINICS).glob("*.journal")), default=0.0)
    ahead = datetime.fromtimestamp(newest, UTC) - now
    if ahead > MOST_DRIFT:
        report.bad(f"The clock is {ahead} behind the newest entry: set it, e.g. `timedatectl set-ntp true`.")
    else:
        report.ok(f"The clock says {now:%Y-%m-%d %H:%M} UTC, and no entry is later.")


def _space(home: Path, _: datetime, report: Report) -> None:
    free = shutil.disk_usage(home).free
    words = f"{free // (1024 * 1024)} MB are free on the store's disk"
    if free < LEAST_FREE:
        report.bad(f"{words}: make room before the next clinic.")
    else:
        report.ok(f"{words}.")


def _swap(_home: Path, _: datetime, report: Report) -> None:
    """Names in memory may be written there by the system."""
    areas = [line.split()[0] for line in Path("/proc/swaps").read_text().splitlines()[1:]]
    if areas:
        report.note(
            f"Swap is in use ({', '.join(areas)}): encrypt it or turn it off, names may be written there."
        )
    else:
        report.ok("No swap: what is in memory is not written to a disk.")


def _slots(home: Path, _: datetime, report: Report) -> None:
    roster = read_roster(home / ROSTER_FILE)
    slots = [(entry.member, entry.slot) for entry in roster.staff if entry.slot is not None]
    report.ok(f"{len(slots)} people can sign in; the store's key is number {len(roster.epochs)}.")
    weakest = Stretching()
    for member, slot in slots:
        if slot.stretching.memory_kib < weakest.memory_kib or slot.stretching.passes < weakest.passes:
            report.note(
                f"{member.name}'s passphrase is stretched less than is usual now: `gpa-tui passphrase`."
            )


def _journals(home: Path, _: datetime, report: Report) -> None:
    roster = read_roster(home / ROSTER_FILE)
    paths = [home / f"{STANDING}.journal", *sorted((home / CLINICS).glob("*.journal"))]
    found = [verify(path, roster.practice, roster.signers) for path in paths if path.exists()]
    for one in found:
        if one.damage is not None:
            report.bad(f"{one.damage.reason} {one.damage.remedy}")
        elif one.torn_bytes:
            report.note(f"{one.path.name} ends in an entry that was never saved; the next act puts it aside.")
    for departure in departures(found):
        report.bad(departure)
    if found and report.well:
        last = found[-1]
        report.ok(f"{len(found)} journals, every line signed; {last.path.stem} has head {last.head[:16]}.")
    for path in sorted(home.rglob("*.torn")):
        report.note(f"{path.name} holds what a crash left of an entry; it was never called saved.")
    for one in found:
        if is_held(one.path.with_suffix(".lock")):
            report.note(f"{one.path.name} is being written just now.")


def _drafts(home: Path, _: datetime, report: Report) -> None:
    drafts = list((home / DRAFTS).glob("*.draft"))
    if drafts:
        oldest = datetime.fromtimestamp(min(path.stat().st_mtime for path in drafts), UTC)
        report.note(f"{len(drafts)} forms are half typed, the oldest since {oldest:%Y-%m-%d %H:%M} UTC.")
    else:
        report.ok("Nothing is left half typed.")
