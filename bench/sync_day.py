"""A day with a FHIR server: reading it, idling, catching up, another host's escalation, the keys meanwhile.

Needs Node and the server of tests/real/fhir (`make test-real` installs it). The floor of the reading is the
same search by httpx alone; of the keys, the same store without a server. They take turns in one run.
"""

# ruff: noqa: E402

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import httpx

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests"), str(HERE.parent / "tests" / "sync")]

from clinic import GPA, FakeClock, a_bench, a_practice, a_set, keys_of
from demo_clinic import open_command, sign_in
from pty_terminal import Terminal
from real.fhir_server import FhirServer, fhir_server
from real.hosts import another, identity_of, lets_in, set_up, several, shares_key, turns
from real.test_sync_pull import ZONE

from fixtures.demo_clinic import bundle, nhs_number
from gpa_tui.clock import SystemClock, local_date
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.event import Said
from gpa_tui.records.prep import PrepOutcome
from gpa_tui.session import acts
from gpa_tui.session.acts import Place
from gpa_tui.session.admission import bench_of
from gpa_tui.session.day import Day
from gpa_tui.session.desk import Desk
from gpa_tui.session.granting import granted
from gpa_tui.store.practice import Practice
from gpa_tui.sync import pull
from gpa_tui.sync.child import Child
from gpa_tui.sync.client import Server
from gpa_tui.sync.hosts import Exchange
from gpa_tui.sync.paired import pair_of
from gpa_tui.sync.worker import Worker
from gpa_tui.templates import shipped_templates

PATIENTS = 60
ROUNDS = 7
KEYS, KEY_ROUNDS = 400, 2
ARROWS = ("down",) * 8 + ("up",) * 8
ON = date(2026, 11, 23)


class Counted(Server):
    """A connection that counts."""

    requests = sent = received = 0

    def _exchange(
        self, method: str, url: str, content: bytes | None, headers: Any, params: Any
    ) -> tuple[int, Mapping[str, str], bytes]:
        found = super()._exchange(method, url, content, headers, params)
        self.requests += 1
        self.sent += len(content or b"") + len(url)
        self.received += len(found[2])
        return found


def sixty_rows(on: date) -> list[dict[str, Any]]:
    """The made-up clinic over and over: other people, ten minutes apart from eight o'clock on."""
    found = bundle(on, ZONE)["entry"]
    assert isinstance(found, list)
    text = json.dumps([entry["resource"] for entry in found])
    rows, patients = [], 0
    for turn in range(4):
        for one in json.loads(text):
            kind = one["resourceType"]
            if kind == "Appointment" and turn * 16 + int(one["id"].rsplit("-", 1)[1]) > PATIENTS:
                continue
            if kind == "Patient":
                patients += 1
                for identifier in one.get("identifier", []):
                    identifier["value"] = nhs_number(200 + patients)
            if kind not in {"Practitioner", "Location"}:
                one = json.loads(_renamed(json.dumps(one), turn))  # noqa: PLW2901
            rows.append(one)
    return rows


def _renamed(text: str, turn: int) -> str:
    resource_ = json.loads(text)

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: walk(it) for name, it in value.items()}
        if isinstance(value, list):
            return [walk(it) for it in value]
        if isinstance(value, str) and value.startswith(("Patient/", "Appointment/")):
            return f"{value}-{turn}"
        return value

    return json.dumps(walk(resource_) | {"id": f"{resource_['id']}-{turn}"})


def load(server: FhirServer, on: date = ON) -> None:
    lines = "\n".join(json.dumps(one) for one in sixty_rows(on))
    httpx.post(f"{server.url.rsplit('/', 1)[0]}/_admin/load", content=lines).raise_for_status()


@contextmanager
def a_worker(practice: Practice, clock: FakeClock, on: date = ON) -> Iterator[tuple[Worker, Counted]]:
    keys = granted(a_bench(practice, clock=clock), on).ring()
    with closing(Worker(practice, keys, clock, lambda _: None)) as worker:
        counted = Counted(worker.config, clock.now)
        worker.__dict__["server"] = counted
        yield worker, counted


def played(desk: Desk, clock: FakeClock) -> None:
    """Every patient of the list comes, is prepared and measured, and goes home with a plan."""
    core = shipped_templates()["core"]
    for visit in desk.day.rows:
        row, taken = visit.id, clock.now()
        for act in (
            partial(acts.move, appointment=row, to=Stage.ARRIVED),
            partial(acts.open_record, appointment=row),
            partial(acts.check_identity, appointment=row, said_by="record only", name="", born=None),
            *(
                partial(
                    acts.answer,
                    appointment=row,
                    template=core,
                    item=item,
                    outcome=PrepOutcome.NOT_NEEDED,
                    why="no",
                )
                for item in core.items[:3]
            ),
            partial(acts.note_present, appointment=row, who="alone"),
            partial(_measured, row=row, taken=taken),
            partial(acts.give_plan, appointment=row, text="rest, fluids", given_by="Dr N Patel"),
            partial(acts.word_plan, appointment=row, messages=["Rest today.", "Drink plenty of water."]),
            partial(acts.move, appointment=row, to=Stage.LEFT),
        ):
            clock.forward(seconds=20)
            try:
                desk.do(partial(act, place=desk.place))
            except Exception as error:  # noqa: BLE001 – what is refused for this patient is left out
                _refused.append(str(error))


def _measured(day: Day, place: Place, row: AppointmentId, taken: datetime) -> list[Said]:
    return acts.record_observations(day, place, row, a_set(), (), taken, False)


_refused: list[str] = []


def the_pull(server: FhirServer) -> None:
    """The whole date beside the one search that no reading can do without."""
    ours, theirs, asked, got = [], [], 0, 0
    begin = f"date=ge{ON}T00:00:00Z&date=lt{ON + timedelta(days=1)}T00:00:00Z&_count=200"
    search = f"{server.url}/Appointment?{begin}&_include=Appointment:patient"
    with tempfile.TemporaryDirectory() as folder:
        practice, clock = a_practice(Path(folder)), FakeClock()
        set_up(practice, server)
        with a_worker(practice, clock) as (worker, counted), httpx.Client() as http:
            worker.turn()
            dated = worker._dated[ON]
            for _ in range(ROUNDS):
                theirs.append(seconds(lambda: http.get(search).json()))
                before = counted.requests, counted.received
                ours.append(seconds(lambda: dated.pull(counted)))
                asked, got = counted.requests - before[0], counted.received - before[1]
    floor, own = statistics.median(theirs), statistics.median(ours)
    print(
        f"the day's pull   {own * 1000:7.0f} ms, {asked} requests, {got / 1000:.0f} kB, {PATIENTS} patients"
    )
    print(f"one bare search  {floor * 1000:7.0f} ms, ratio {own / floor:.1f}")


def idling(server: FhirServer) -> None:
    """A minute in which nothing happens: alone, and with another host.

    The minute passes at once here: what was loaded a moment ago is to be older than the overlap.
    """
    time.sleep(1.5)
    pull.OVERLAP = timedelta()
    with tempfile.TemporaryDirectory() as folder:
        practice, clock = a_practice(Path(folder)), FakeClock()
        set_up(practice, server)
        with a_worker(practice, clock) as (worker, counted):
            for _ in range(20):
                worker.turn()
                clock.forward(seconds=3)
            _idle("alone", worker, counted, clock)
    with tempfile.TemporaryDirectory() as folder, several(Path(folder), server) as hosts:
        turns(hosts, 8)
        first = hosts[0]
        counted = Counted(first.worker.config, first.clock.now)
        first.worker.__dict__["server"] = counted
        assert isinstance(first.worker.exchange, Exchange)
        first.worker.exchange.shelf.server = counted
        _idle("with another host", first.worker, counted, first.clock)


def _idle(what: str, worker: Worker, counted: Counted, clock: FakeClock, minutes: int = 6) -> None:
    before = counted.requests, counted.sent + counted.received
    began = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    for _ in range(minutes * 120):
        worker.turn()
        clock.forward(seconds=0.5)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime - began
    asked = (counted.requests - before[0]) / minutes
    moved = (counted.sent + counted.received - before[1]) / minutes
    print(
        f"idle a minute    {asked:7.0f} requests, {moved / 1000:.0f} kB, {used / minutes:.2f} s CPU, {what}"
    )


def catching_up() -> None:
    """Eight hours without the server, then all of it; with another host that is to have it too."""
    with fhir_server("--tx-limits", "off") as server, tempfile.TemporaryDirectory() as folder:
        load(server)
        with several(Path(folder), server) as hosts:
            one, two = hosts
            turns(hosts, 4)
            server.faults(down=True)
            one.desk.refresh()
            played(one.desk, one.clock)
            one.clock.at = max(one.clock.at, one.clock.at.replace(hour=17))
            server.well()
            counted = Counted(one.worker.config, one.clock.now)
            one.worker.__dict__["server"] = counted
            assert isinstance(one.worker.exchange, Exchange)
            one.worker.exchange.shelf.server = counted
            one.worker.times.ask = one.clock.now()
            began = time.perf_counter()
            for _ in range(40):
                one.worker.turn()
                one.clock.forward(seconds=3)
                if one.worker.state.left == 0 and one.worker._dated[ON].sent_of is not None:
                    break
            out = time.perf_counter() - began
            made = len(one.worker._dated[ON].made)
            lines = one.desk.head[0]
            began = time.perf_counter()
            two.clock.at = one.clock.at
            turns([two], 3)
            two.desk.refresh()
            heard = time.perf_counter() - began
            assert [it.id for it in two.desk.day.events] == [it.id for it in _refreshed(one.desk).day.events]
            print(
                f"caught up        {out:7.1f} s: {made} resources, {lines} saves to the others, "
                f"{counted.requests} requests, {counted.sent / 1e6:.1f} MB"
            )
            print(f"the other host   {heard:7.1f} s until its day is the same")


def _refreshed(desk: Desk) -> Desk:
    desk.refresh()
    return desk


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


# ── with processes: how soon the other host has it, and whether a key waits ───────────────────


def another_host(home: Path) -> None:
    """For a process of its own: a store that syncs, and in which somebody acts every two seconds."""
    practice, clock = Practice(home), SystemClock()
    on = local_date(clock.now(), ZONE)
    bench = bench_of(practice, keys_of(practice, GPA), clock, "upstairs")
    with closing(Worker(practice, granted(bench, on).ring(), clock, time.sleep)) as worker:
        print("ready", flush=True)
        with closing(Desk(bench, on)) as desk:
            last = 0.0
            while True:
                worker.turn()
                desk.refresh()
                if time.monotonic() - last > 2 and desk.day.rows:
                    last = time.monotonic()
                    row = random.choice(desk.day.rows).id
                    desk.do(partial(acts.open_record, place=desk.place, appointment=row))
                time.sleep(0.25)


def the_keys() -> None:
    """Arrow keys on the list: without a server, and while it syncs and another host does something."""
    on = local_date(SystemClock().now(), ZONE)
    timings: dict[str, list[float]] = {"no server": [], "while it syncs": []}
    with fhir_server("--tx-limits", "off") as server, tempfile.TemporaryDirectory() as folder:
        load(server, on)
        one, two = _paired(Path(folder), server)
        config = one.home / "sync.toml"
        command = [sys.executable, str(HERE / "sync_day.py"), "--host", str(two.home)]
        for number in range(2 * KEY_ROUNDS):
            syncs = number % 2 == 0  # first, so that the list is there
            if syncs:
                config.with_suffix(".away").rename(config) if not config.exists() else None
            else:
                config.rename(config.with_suffix(".away"))
            other = subprocess.Popen(command, stdout=subprocess.PIPE) if syncs else None
            if other is not None and other.stdout is not None:
                other.stdout.readline()
            with Terminal(open_command(one.home)) as terminal:
                sign_in(terminal)
                terminal.wait_for(f"{PATIENTS} listed", timeout=30)
                terminal.listen(8 if syncs else 1)
                for key in islice(cycle(ARROWS), KEYS // KEY_ROUNDS):
                    terminal.listen(random.uniform(0.02, 0.12))
                    timings["while it syncs" if syncs else "no server"].append(terminal.time_key(key).last_ms)
            if other is not None:
                other.kill()
                other.wait()
    for name, found in timings.items():
        p50, p99 = statistics.median(found), sorted(found)[-(-len(found) * 99 // 100) - 1]
        print(f"a key            {p50:7.1f} ms p50, {p99:.1f} ms p99, of {len(found)}, {name}")


def _paired(folder: Path, server: FhirServer) -> tuple[Practice, Practice]:
    one = a_practice(folder)
    (folder / "two").mkdir()
    two = another(folder / "two", one)
    set_up(one, server)
    set_up(two, server)
    pair = pair_of(one, keys_of(one, GPA))
    for name, store in (("one", one), ("two", two)):
        shares_key(store, pair, name)
    lets_in(one, identity_of(two))
    lets_in(two, identity_of(one))
    return one, two


def how_soon() -> None:
    """From an escalation saved on one host until another has it, both as they run: clocks, turns and all."""
    waits = []
    on = local_date(SystemClock().now(), ZONE)
    with fhir_server() as server, tempfile.TemporaryDirectory() as folder:
        load(server, on)
        one, two = _paired(Path(folder), server)
        running = []
        for store in (one, two):
            bench = bench_of(store, keys_of(store, GPA), SystemClock(), "bench")
            child = Child()
            child.tend(bench, on)
            running.append((child, Desk(bench, on)))
        (_, here), (_, there) = running
        deadline = time.monotonic() + 30
        while not (here.day.rows and there.day.rows) and time.monotonic() < deadline:
            here.refresh()
            there.refresh()
            time.sleep(0.1)
        time.sleep(6)
        for visit in here.day.rows[:12]:
            (raised,) = here.do(partial(acts.escalate, place=here.place, appointment=visit.id))
            began = time.monotonic()
            while raised.id not in there.day.visits[visit.id].escalations and time.monotonic() - began < 20:
                there.refresh()
                time.sleep(0.05)
            waits.append(time.monotonic() - began)
            time.sleep(random.uniform(0, 2))
        for child, desk in running:
            child.end()
            desk.close()
    print(
        f"an escalation    {statistics.median(waits):7.1f} s till another host has it, {max(waits):.1f} most"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--host", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.host:
        another_host(asked.host)
        return
    with fhir_server("--tx-limits", "off") as server:
        load(server)
        the_pull(server)
        idling(server)
    catching_up()
    how_soon()
    the_keys()


if __name__ == "__main__":
    main()
