"""What went wrong once in the long run: each of these lost something, held all of it, or ended the worker."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from clinic import ADMINISTRATOR, DATE, RECEPTION, FakeClock, a_bench, a_desk
from pydantic import ValidationError
from real.fhir_server import fhir_server
from real.hosts import settled, several
from real.test_sync_pull import Book
from real.test_sync_send import ALL, Post
from real.test_sync_worker import a_morning, a_set_up, a_worker, held, turns, wanted

from gpa_tui.records.appointment import Stage
from gpa_tui.records.facts_sync import HostPaired
from gpa_tui.session import acts
from gpa_tui.session.hosts import Identity
from gpa_tui.session.people import leaving
from gpa_tui.session.registry import Registry
from gpa_tui.store.practice import OTHERS, Practice
from gpa_tui.store.replica import Replica
from gpa_tui.sync.client import Server, SyncTrouble
from gpa_tui.sync.config import SyncConfig
from gpa_tui.sync.frame import begun
from gpa_tui.sync.hosts import head_id
from gpa_tui.sync.probe import probe
from gpa_tui.sync.state import REFILL, ask_again


@pytest.mark.parametrize("origin", ["../clinics", "../../x", "x", "", "6F1C3F6E-6D5B-4A57-9D5F-3A3C5B1F2E10"])
def test_an_origin_that_could_name_another_folder_is_none(origin: str, practice: Practice) -> None:
    with pytest.raises(ValidationError):
        Identity(origin=origin, name="x", keys=())
    with pytest.raises(ValidationError):
        HostPaired(origin=origin, name="x", keys=())
    if origin != origin.upper() or not origin:
        with pytest.raises(ValueError, match="UUID"):
            Replica(practice, origin, str(DATE), a_bench(practice).keys)
    assert not (practice.home / OTHERS / "..").joinpath("x").exists()


def test_a_wiped_server_is_noticed_though_something_was_saved_meanwhile(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server) as hosts:
            settled(hosts)
            for number, host in enumerate(hosts):
                host.do(acts.move, host.desk.day.rows[number].id, Stage.ARRIVED)
            settled(hosts)
            server.reset()
            for number, host in enumerate(hosts):
                host.do(acts.move, host.desk.day.rows[number + 4].id, Stage.ARRIVED)
            settled(hosts)
            assert all("wiped or restored" in host.worker.state.stopped for host in hosts)
            assert server.dump() == []


def test_a_refill_sends_the_days_too_that_had_arrived_whole(practice: Practice, clock: FakeClock) -> None:
    with fhir_server() as server:
        with a_set_up(practice, server, clock) as (_, worker):
            turns(worker, clock, 2)
            a_morning(practice, clock).close()
            turns(worker, clock)
        clock.forward(days=1)
        with a_worker(practice, clock) as worker:
            turns(worker, clock, 6)
            yesterday = wanted(practice)
            assert set(held(server)) == yesterday
            server.reset()
            turns(worker, clock, 6)
            assert "wiped" in worker.state.stopped
            ask_again(practice, a_bench(practice).keys, REFILL)
            turns(worker, clock, 10)
            assert set(held(server)) == yesterday


def test_a_correction_is_not_lost_behind_a_create_whose_answer_was_lost(practice: Practice) -> None:
    """A server with ids of its own: the retry finds what is there, which is older than what is here."""
    keys = a_bench(practice).keys
    with fhir_server("--put-create", "off") as server:
        with Server(SyncConfig(url=server.url)) as asked:
            found = probe(asked)
        post = Post(practice, keys, server, found)
        first = begun("Encounter", str(uuid4())) | {"status": "in-progress", "class": {"code": "AMB"}}
        server.faults(dropRate=1, drop="after", only="^POST")
        assert post.send([first]).left == 1
        server.well()
        changed = first | {"status": "finished"}
        assert post.send([changed]).left == 0
        assert [one["status"] for one in server.dump()] == ["finished"]
        assert post.send([changed]).requests == 0


def test_what_was_refused_once_keeps_the_servers_id(practice: Practice) -> None:
    keys = a_bench(practice).keys
    with fhir_server("--put-create", "off", "--validate") as server:
        post = Post(practice, keys, server, ALL.model_copy(update={"put_creates": False}))
        good = begun("Encounter", str(uuid4())) | {"status": "in-progress", "class": {"code": "AMB"}}
        assert post.send([good]).left == 0
        assert post.send([good | {"perfect": True}]).refused == 1
        assert post.send([good | {"status": "finished"}]).left == 0
        assert [one["status"] for one in server.dump()] == ["finished"]


def test_when_somebody_has_left_the_worker_says_that_it_cannot_go_on(
    practice: Practice, clock: FakeClock
) -> None:
    with fhir_server() as server, a_set_up(practice, server, clock) as (_, worker):
        turns(worker, clock, 2)
        with closing(Registry(a_bench(practice, by=ADMINISTRATOR, clock=clock))) as registry:
            registry.read()
            registry.change(leaving(RECEPTION.staff))
        with closing(Registry(a_bench(practice, clock=clock))) as registry:
            registry.read()
            keys = registry.bench.keys
            registry.settle(keys)
        a_morning(practice, clock).close()
        turns(worker, clock, 4)
        assert any("Not synced" in note for note in worker.state.notes) or keys.epoch == 1
        with a_worker(practice, clock) as fresh:  # with what is granted anew
            turns(fresh, clock, 8)
            assert set(held(server)) == wanted(practice)


@pytest.mark.parametrize("honest", [True, False])
def test_an_appointment_that_was_deleted_there_holds_nothing_else(
    honest: bool, practice: Practice, clock: FakeClock
) -> None:
    with fhir_server() as server, a_set_up(practice, server, clock) as (_, worker):
        turns(worker, clock, 2)
        worker.found = worker.found.model_copy(update={"refuses_stale": honest})
        with closing(a_desk(practice, clock=clock)) as desk:
            row = desk.day.rows[0].id
            key = worker._dated[DATE].bases.items[row].key
            httpx.delete(f"{server.url}/{key}").raise_for_status()
            desk.do(lambda day: acts.move(day, desk.place, row, Stage.ARRIVED))
        turns(worker, clock, 8)
        assert set(held(server)) == wanted(practice)
        assert worker.state.waiting == {}


def test_a_clock_that_is_set_back_does_not_stop_it(practice: Practice, clock: FakeClock) -> None:
    with fhir_server() as server, a_set_up(practice, server, clock) as (_, worker):
        turns(worker, clock, 3)
        clock.forward(hours=-5)
        before = server.stats()["requests"]
        turns(worker, clock, 3)
        assert server.stats()["requests"] > before


def test_midnight_in_the_middle_of_a_turn_ends_nothing(
    practice: Practice, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fhir_server() as server, a_set_up(practice, server, clock) as (_, worker):
        turns(worker, clock, 2)
        opened = worker._open_dates

        def late() -> None:
            opened()
            clock.forward(hours=16)

        monkeypatch.setattr(worker, "_open_dates", late)
        worker.turn()
        assert worker.state.trouble == ""


def test_an_answer_that_nobody_thought_of_ends_a_turn_and_not_the_worker(
    practice: Practice, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fhir_server() as server, a_set_up(practice, server, clock) as (_, worker):
        turns(worker, clock, 2)

        def odd(*_: Any) -> None:
            raise AttributeError("no such thing")

        with monkeypatch.context() as patch:
            patch.setattr(worker._dated[DATE], "pull", odd)
            said = set()
            for _ in range(40):
                turns(worker, clock, 1)
                said.add(worker.state.trouble)
            assert any("not understood" in words for words in said)
        turns(worker, clock, 60)
        assert worker.state.trouble == ""


def test_an_older_word_of_a_store_is_not_believed_and_changes_nothing(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server) as hosts:
            one, two = hosts
            settled(hosts)
            key = f"Basic/{head_id(one.practice.info.origin)}"
            older = httpx.get(f"{server.url}/{key}").json()
            one.do(acts.move, one.desk.day.rows[0].id, Stage.ARRIVED)
            settled(hosts)
            one.cut = True
            httpx.put(f"{server.url}/{key}", json=older).raise_for_status()
            saves = two.registry.head
            settled([two])
            (host,) = two.worker.state.hosts
            assert "older word" in host.trouble
            assert two.registry.head == saves


def test_long_lines_go_in_parts_that_the_server_takes(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server) as hosts:
            one, two = hosts
            settled(hosts)
            exchange = one.worker.exchange
            assert exchange is not None
            put, largest = exchange.shelf.put, 30_000

            def small(resources: Any, known: Any = None) -> Any:
                if len(json.dumps(resources)) > largest:
                    raise SyncTrouble("POST came back with 413.", again=False, status=413)
                return put(resources, known)

            exchange.shelf.put = small  # type: ignore[method-assign]
            row = one.desk.day.rows[0].id
            for number in range(30):
                one.do(acts.escalate, row, f"{number} " + "grey and sweating " * 20)
            settled(hosts)
            settled(hosts)
            assert len(two.desk.day.visits[row].escalations) == 30


def test_a_claim_needs_a_server_that_refuses_to_make_a_thing_twice() -> None:
    with fhir_server() as server, Server(SyncConfig(url=server.url)) as asked:
        found = probe(asked)
        assert found.create_refused
        assert found.claims
        assert not found.model_copy(update={"create_refused": False}).claims
        own = {"put_creates": False, "create_once": False}
        assert not found.model_copy(update=own).claims


def test_what_was_noted_of_a_month_ago_is_swept_away_and_nothing_younger(
    practice: Practice, clock: FakeClock
) -> None:
    with fhir_server() as server, a_set_up(practice, server, clock) as (_, worker):
        folder = practice.home / "sync"
        folder.mkdir(mode=0o700)
        for name in ("2026-10-20.sent", "2026-10-20.known", "2026-11-02.sent"):
            (folder / name).touch(mode=0o600)
        turns(worker, clock, 2)
        left = {path.name for path in folder.glob("2026-*")}
        assert "2026-11-02.sent" in left
        assert not any(name.startswith("2026-10-20") for name in left)


def test_a_server_that_lets_hosts_say_nothing_any_more_takes_the_record_all_the_same(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server) as hosts:
            one, _ = hosts
            settled(hosts)
            exchange = one.worker.exchange
            assert exchange is not None

            def forbidden(resources: Any, known: Any = None) -> Any:  # noqa: ARG001
                raise SyncTrouble("An entry for the other hosts came back with 403.", again=True, status=403)

            exchange.shelf.put = forbidden  # type: ignore[method-assign]
            one.do(acts.move, one.desk.day.rows[0].id, Stage.ARRIVED)
            settled([one])
            assert any(it["resourceType"] == "Encounter" for it in server.dump())
            assert any("403" in note for note in one.worker.state.notes)
