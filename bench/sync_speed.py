"""How fast a day goes out, beside its floor in the same run: bare batches of the same resources, by httpx.

Needs Node and the server of tests/real/fhir (`make test-real` installs it). Prints resources/s, requests,
bytes and the ratio to the floor; takes turns, so that a slow moment meets both.
"""

# ruff: noqa: E402

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import httpx

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "tests"), str(HERE.parent / "tests" / "sync")]

from real.fhir_server import fhir_server
from whole_day import whole_day

from gpa_tui.store import seal
from gpa_tui.sync.client import Server
from gpa_tui.sync.config import SyncConfig
from gpa_tui.sync.outbox import Outbox
from gpa_tui.sync.probe import Found
from gpa_tui.sync.push import MOST_ENTRIES, Sender

ROUNDS = 5
PATIENTS = 60
FOUND = Found(put_creates=True, refuses_stale=True, stale_in_batch=True, batch_apart=True, create_once=True)


def sixty_patients() -> list[dict[str, Any]]:
    """The played clinics over and over, each time with ids of its own."""
    lines = [json.loads(line) for line in whole_day().splitlines()]
    patients = sum(one["resourceType"] == "Encounter" for one in lines)
    found = []
    for turn in range(-(-PATIENTS // patients)):
        text = json.dumps(lines)
        for one in lines:
            text = text.replace(one["id"], f"{turn:08x}{one['id'][8:]}")
        found += json.loads(text)
    return found


def floor(url: str, day: list[dict[str, Any]]) -> None:
    """The same batches, and nothing else."""
    with httpx.Client(headers={"Content-Type": "application/fhir+json"}) as http:
        for at in range(0, len(day), MOST_ENTRIES):
            entries = [
                {"resource": one, "request": {"method": "PUT", "url": f"{one['resourceType']}/{one['id']}"}}
                for one in day[at : at + MOST_ENTRIES]
            ]
            http.post(
                url, json={"resourceType": "Bundle", "type": "batch", "entry": entries}
            ).raise_for_status()


def ours(url: str, day: list[dict[str, Any]]) -> int:
    """As `gpa-tui sync send` does it, what was sent noted on the disk; gives the requests."""
    keys = Mock(epoch=1, store_key=Mock(return_value=seal.new_key()))
    with tempfile.TemporaryDirectory() as folder, Server(SyncConfig(url=url)) as server:
        outbox = Outbox(Path(folder), date(2026, 11, 23), url, keys)
        sender = Sender(server, FOUND, outbox, lambda: datetime.now(UTC), time.sleep)
        report = sender.send(day)
        assert (report.left, report.refused) == (0, 0)
        return report.requests


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    day = sixty_patients()
    size = len(json.dumps(day).encode())
    bare, made, requests = [], [], 0
    for _ in range(ROUNDS):
        with fhir_server("--tx-limits", "off") as server:
            bare.append(seconds(lambda: floor(server.url, day)))
        with fhir_server("--tx-limits", "off") as server:
            begun = time.perf_counter()
            requests = ours(server.url, day)
            made.append(time.perf_counter() - begun)
    theirs, own = statistics.median(bare), statistics.median(made)
    print(f"{PATIENTS} patients: {len(day)} resources, {size / 1e6:.1f} MB, {requests} requests")
    print(f"bare batches   {len(day) / theirs:7.0f} resources/s")
    print(f"sync send      {len(day) / own:7.0f} resources/s, {theirs / own:.0%} of the floor")


if __name__ == "__main__":
    main()
