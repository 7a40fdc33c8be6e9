"""Several stores of one practice, each with a clock and a worker of its own, at one FHIR server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from clinic import (
    ADMINISTRATOR,
    DATE,
    GPA,
    NINE,
    PASSPHRASE,
    PEOPLE,
    QUICK,
    FakeClock,
    a_bench,
    a_desk,
    a_practice,
)
from real.fhir_server import FhirServer

from gpa_tui.errors import Refused
from gpa_tui.records.base import StaffId
from gpa_tui.records.event import Event, Said
from gpa_tui.records.staff import Actor
from gpa_tui.session.admission import found
from gpa_tui.session.desk import Desk
from gpa_tui.session.granting import granted
from gpa_tui.session.hosts import Identity, Pair, identity
from gpa_tui.session.registry import Registry
from gpa_tui.settings import COMPETENCIES_FILE
from gpa_tui.store.files import replace_file
from gpa_tui.store.practice import Practice, create_practice
from gpa_tui.sync.client import Server
from gpa_tui.sync.config import SyncConfig, write_config
from gpa_tui.sync.paired import keep_pair, pair_of
from gpa_tui.sync.probe import Found, probe
from gpa_tui.sync.worker import FOUND_FILE, Worker

SETTINGS = 'name = "Elm Tree Surgery"\n'


@dataclass
class Host:
    """One store, its clock, who works at it, and the worker that can be cut off."""

    name: str
    practice: Practice
    clock: FakeClock
    worker: Worker
    desk: Desk
    registry: Registry
    cut: bool = False

    def turn(self) -> None:
        self.worker.times.ask = min(self.worker.times.ask, self.clock.now())
        self.worker.turn()

    def do(self, act: Callable[..., Sequence[Said]], *args: Any, **more: Any) -> list[Event]:
        """The act, or nothing where it is refused."""
        self.desk.refresh()
        try:
            return self.desk.do(lambda day: act(day, self.desk.place, *args, **more))
        except Refused:
            return []

    def ask(self, act: Callable[..., Sequence[Said]], *args: Any) -> list[Event]:
        """The same for what outlives the day."""
        self.registry.refresh()
        try:
            return self.registry.do(lambda now: act(now.tasks, self.desk.place, *args))
        except Refused:
            return []


def set_up(practice: Practice, server: FhirServer, found_of_it: Found | None = None) -> None:
    config = SyncConfig(url=server.url)
    if found_of_it is None:
        with Server(config) as asked:
            found_of_it = probe(asked)
    write_config(practice.home, config)
    replace_file(practice.home / FOUND_FILE, found_of_it.model_dump_json().encode())


def another(folder: Path, of: Practice) -> Practice:
    """Another store of the same practice, as an invitation makes it, without Argon2's patience."""
    member = PEOPLE[0][0].id
    practice, _ = create_practice(
        folder / "practice",
        SETTINGS,
        PEOPLE,
        demo=True,
        practice=of.info.practice,
        stretching=QUICK,
        begin=lambda made: found(made, StaffId(member), PASSPHRASE, FakeClock(), "room2"),
    )
    replace_file(practice.home / COMPETENCIES_FILE, b'version = 1\nowner = "nobody is asked"\n')
    return practice


def shares_key(practice: Practice, pair: Pair, name: str) -> None:
    keep_pair(practice, a_bench(practice).keys, pair.model_copy(update={"name": name}))


def lets_in(practice: Practice, other: Identity) -> None:
    with closing(Registry(a_bench(practice, by=ADMINISTRATOR))) as registry:
        registry.do(lambda _: [Said(data=other.paired())])


def identity_of(practice: Practice) -> Identity:
    return identity(practice, pair_of(practice, a_bench(practice).keys).name)


def a_host(name: str, practice: Practice, *, by: Actor = GPA, skew: float = 0) -> Host:
    clock = FakeClock(NINE + timedelta(seconds=skew))
    bench = a_bench(practice, clock=clock, by=by)
    worker = Worker(practice, granted(bench, DATE).ring(), clock, lambda _: None)
    desk = a_desk(practice, clock=clock, by=by, terminal=f"{name} pts/0")
    registry = Registry(a_bench(practice, clock=clock, by=by, terminal=f"{name} pts/0"))
    registry.read()
    return Host(name, practice, clock, worker, desk, registry)


@contextmanager
def several(
    folder: Path, server: FhirServer, *, skews: Sequence[float] = (0, 90), by: Sequence[Actor] = (GPA, GPA)
) -> Iterator[list[Host]]:
    """Stores that are all paired with one another."""
    first = a_practice(folder)
    set_up(first, server)
    asked = Found.model_validate(json.loads((first.home / FOUND_FILE).read_text("utf-8")))
    stores = [first]
    for number in range(1, len(skews)):
        own = folder / f"host{number}"
        own.mkdir()
        stores.append(another(own, first))
        set_up(stores[-1], server, asked)
    pair = pair_of(first, a_bench(first).keys)
    for number, store in enumerate(stores):
        shares_key(store, pair, f"host{number}")
    for store in stores:
        for other in stores:
            if other is not store:
                lets_in(store, identity_of(other))
    hosts = [
        a_host(f"host{number}", store, by=by[number % len(by)], skew=skews[number])
        for number, store in enumerate(stores)
    ]
    try:
        yield hosts
    finally:
        for host in hosts:
            host.worker.close()
            host.desk.close()
            host.registry.close()


def turns(hosts: Sequence[Host], number: int = 4, seconds: float = 3) -> None:
    for _ in range(number):
        for host in hosts:
            if not host.cut:
                host.turn()
        for host in hosts:
            host.clock.forward(seconds=seconds)


def settled(hosts: Sequence[Host]) -> None:
    """All look until nothing is new."""
    turns(hosts, 8)
    for host in hosts:
        host.desk.refresh()
        host.registry.refresh()
