"""How fast the store is, beside its floors in the same run: part of `make bench`.

A commit (one event, sealed, signed, chained, flushed) at 100, 5,000 and 50,000 events, against a bare append
and flush of the same bytes, SQLite (WAL, synchronous=FULL) and stock TinyDB; opening a day; checking one.
Each round takes turns, so that a slow moment of the disk meets all of them.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pydantic import TypeAdapter
from tinydb import TinyDB

from gpa_tui.clock import SystemClock
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import AppointmentId, StaffId
from gpa_tui.records.event import AppointmentMoved, Event, PlanGiven, Said
from gpa_tui.records.plan import WordsFrom
from gpa_tui.records.staff import Role, StaffMember
from gpa_tui.session.admission import bench_of, found
from gpa_tui.session.day import Day
from gpa_tui.session.desk import Desk
from gpa_tui.store import seal
from gpa_tui.store.journal import LogTable
from gpa_tui.store.practice import Practice, create_practice
from gpa_tui.store.seal import Stretching
from gpa_tui.store.vault import Keyring
from gpa_tui.store.verify import verify

Way = tuple[Callable[[], float], Callable[[], None]]
"""One write, giving its seconds; and what closes the file."""
ON = date(2026, 11, 23)
SIZES = (100, 5_000, 50_000)
ROUNDS, EACH = 20, 25
FEW = 20  # stock TinyDB's inserts at the larger sizes: each takes as long as hundreds of ours
WORDS = "Rest, fluids, paracetamol 1g up to four times a day when needed. Review in three days if no better."


def percentile(seconds: list[float], share: float) -> float:
    """In milliseconds."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] * 1000


@contextmanager
def without_flushing() -> Iterator[None]:
    """For filling a file, which is not what is measured."""
    with patch.object(os, "fsync", lambda _: None), patch.object(os, "fdatasync", lambda _: None):
        yield


def a_store(folder: Path) -> tuple[Practice, Keyring]:
    member = StaffMember(id=StaffId("mokafor"), name="M Okafor", roles=(Role.GPA,))
    quick = Stretching(memory_kib=8, passes=1, lanes=1)
    practice, _ = create_practice(
        folder / "practice",
        'name = "Bench"\n',
        [(member, "green kettle")],
        demo=True,
        stretching=quick,
        begin=lambda made: found(made, member.id, "green kettle", SystemClock(), "bench"),
    )
    return practice, practice.unlock(member.id, "green kettle", terminal="bench", now=datetime.now(UTC))


def said(number: int, _: Day) -> list[Said]:
    """A morning's mixture: mostly moves, every fifth a plan in words."""
    if number % 5:
        moved = AppointmentMoved(was=Stage.BOOKED, to=Stage.ARRIVED)
        return [Said(data=moved, appointment=AppointmentId("none"))]
    return [Said(data=PlanGiven(words=WORDS, words_from=WordsFrom.AS_HEARD, given_by="Dr N Patel"))]


def filled(practice: Practice, keys: Keyring, size: int) -> Desk:
    """A desk on a day with `size` events, one to a commit, as a busy day has them."""
    desk = Desk(bench_of(practice, keys, SystemClock(), "bench"), ON)
    with without_flushing():
        for number in range(size):
            desk.do(partial(said, number))
    os.sync()
    return desk


# ── commits ───────────────────────────────────────────────────────────────────────────────────


def commits(desk: Desk) -> Callable[[], float]:
    """One commit through TinyDB's table: lock, look, close, sign, write, flush."""
    table = desk._journal.table(desk._journal.default_table_name)
    assert isinstance(table, LogTable)
    document = json.loads(desk.storage.commits[-5])[0]

    def once() -> float:
        begun = time.perf_counter()
        table.insert_multiple([document])
        return time.perf_counter() - begun

    return once


def appends(path: Path, line: bytes) -> Way:
    """The floor: the same bytes at the end of a file, flushed."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    at = os.fstat(descriptor).st_size

    def once() -> float:
        nonlocal at
        begun = time.perf_counter()
        at += os.pwrite(descriptor, line, at)
        os.fsync(descriptor)
        return time.perf_counter() - begun

    return once, lambda: os.close(descriptor)


def rows(path: Path, line: bytes, size: int) -> Way:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("pragma journal_mode=wal")
    database.execute("create table log (number integer primary key, line blob)")
    database.execute("begin")
    database.executemany("insert into log(line) values (?)", ((line,) for _ in range(size)))
    database.execute("commit")
    database.execute("pragma synchronous=full")

    def once() -> float:
        begun = time.perf_counter()
        database.execute("insert into log(line) values (?)", (line,))
        return time.perf_counter() - begun

    return once, database.close


def documents(
    path: Path, document: dict[str, Any], size: int
) -> tuple[Callable[[], float], Callable[[], None]]:
    database = TinyDB(path)
    with without_flushing():
        database.insert_multiple(document for _ in range(size))

    def once() -> float:
        begun = time.perf_counter()
        database.insert(document)
        return time.perf_counter() - begun

    return once, database.close


def measured(folder: Path, size: int) -> dict[str, list[float]]:
    practice, keys = a_store(folder)
    with closing(filled(practice, keys, size)) as desk:
        line = desk.storage.path.read_bytes().split(b"\n")[-6] + b"\n"
        document = json.loads(desk.storage.commits[-5])[0]
        copy = folder / "bare"
        shutil.copyfile(desk.storage.path, copy)
        append, close_append = appends(copy, line)
        insert, close_rows = rows(folder / "sqlite.db", line, size)
        stock, close_stock = documents(folder / "tinydb.json", document, size)
        ways = {"commit": commits(desk), "append": append, "sqlite": insert}
        took: dict[str, list[float]] = {name: [] for name in (*ways, "tinydb")}
        gc.collect()
        for _ in range(ROUNDS):
            for name, once in ways.items():
                took[name] += [once() for _ in range(EACH)]
        took["tinydb"] = [stock() for _ in range(EACH if size <= SIZES[0] else FEW)]
        for close in (close_append, close_rows, close_stock):
            close()
    return took


# ── opening and checking ──────────────────────────────────────────────────────────────────────

_COMMIT = TypeAdapter(tuple[Event, ...])


def bare_open(path: Path, keys: Keyring) -> int:
    """The floor of opening: each line decrypted and parsed into its events, and nothing else."""
    header, *lines, _ = path.read_bytes().split(b"\n")
    journal = json.loads(header)["journal"]
    count = 0
    for line in lines:
        commit = json.loads(line)
        n, prev, epoch, by = commit["n"], commit["prev"], commit["epoch"], commit["by"]
        bound = f"gpa-tui commit 1\n{journal}\n{n}\n{prev}\n{epoch}\n{by}\n{{}}".encode()
        count += len(
            _COMMIT.validate_json(seal.open_(keys.data_key(epoch, journal), seal.raw(commit["box"]), bound))
        )
    return count


def opening(folder: Path, size: int) -> None:
    practice, keys = a_store(folder)
    filled(practice, keys, size).close()
    path = practice.home / "clinics" / f"{ON}.journal"
    ours, floor, checks = [], [], []
    for _ in range(7):
        begun = time.perf_counter()
        assert bare_open(path, keys) == size
        floor.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        with closing(Desk(bench_of(practice, keys, SystemClock(), "bench"), ON)) as desk:
            desk.read()
            ours.append(time.perf_counter() - begun)
            assert len(desk.day.events) == size
        begun = time.perf_counter()
        assert verify(path, practice.info.practice, practice.roster.signers, keys).damage is None
        checks.append(time.perf_counter() - begun)
    mine, bare, check = (percentile(one, 0.5) for one in (ours, floor, checks))
    print(f"\nopening a day of {size:,} events: {mine:.0f} ms, decrypt and parse alone {bare:.0f} ms", end="")
    print(f" = {mine / bare:.2f} ×")
    print(f"checking it, signatures and inside: {size / check * 1000:,.0f} events/s")
    print(f"memory at the end: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most")


def main() -> None:
    """Print the table."""
    print(f"{'events':>7}  {'':<8} {'p50 ms':>8} {'p99 ms':>8}   commit ÷ this (p50, p99)")
    for size in SIZES:
        with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
            took = measured(Path(folder), size)
        mine = [percentile(took["commit"], share) for share in (0.5, 0.99)]
        for name, seconds in took.items():
            this = [percentile(seconds, share) for share in (0.5, 0.99)]
            ratios = "   ".join(f"{a / b:6.2f}" for a, b in zip(mine, this, strict=True))
            print(f"{size:>7,}  {name:<8} {this[0]:>8.3f} {this[1]:>8.3f}   {ratios}")
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        opening(Path(folder), 5_000)


if __name__ == "__main__":
    main()
