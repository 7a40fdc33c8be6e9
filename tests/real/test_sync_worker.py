"""Whoever syncs, against a server we did not write: in, out, away, killed, elected, and with its own key."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from clinic import ADMINISTRATOR, DATE, FakeClock, a_bench, a_desk, a_set
from real.fhir_server import FhirServer, fhir_server
from real.test_sync_pull import Book

from gpa_tui.clock import SystemClock, local_date
from gpa_tui.errors import StoreUnusable
from gpa_tui.records.appointment import Stage
from gpa_tui.records.event import Exported
from gpa_tui.session import acts
from gpa_tui.session.desk import Desk
from gpa_tui.session.granting import GRANT_FILE, delivered, granted
from gpa_tui.session.registry import Registry
from gpa_tui.store.files import replace_file
from gpa_tui.store.practice import Practice
from gpa_tui.sync.child import Child, needed
from gpa_tui.sync.client import Server
from gpa_tui.sync.config import SyncConfig, write_config
from gpa_tui.sync.outbox import key_of
from gpa_tui.sync.outgoing import outgoing
from gpa_tui.sync.probe import probe
from gpa_tui.sync.state import ask_again, read_state
from gpa_tui.sync.worker import FOUND_FILE, Elected, Worker
from gpa_tui.templates import read_templates

ZONE = ZoneInfo("Europe/London")
OURS = {"Encounter", "Observation", "AuditEvent", "QuestionnaireResponse", "Communication", "Task", "Flag"}
Run = Callable[..., tuple[int, str, str]]


def set_up(practice: Practice, server: FhirServer) -> None:
    config = SyncConfig(url=server.url)
    with Server(config) as asked:
        found = probe(asked)
    write_config(practice.home, config)
    replace_file(practice.home / FOUND_FILE, found.model_dump_json().encode())


@contextmanager
def a_worker(practice: Practice, clock: FakeClock) -> Iterator[Worker]:
    bench = a_bench(practice, clock=clock)
    keys = granted(bench, local_date(clock.now(), ZONE)).ring()
    with closing(Worker(practice, keys, clock, lambda _: None)) as worker:
        yield worker


def turns(worker: Worker, clock: FakeClock, number: int = 8, seconds: float = 3) -> None:
    for _ in range(number):
        worker.turn()
        clock.forward(seconds=seconds)


def a_morning(practice: Practice, clock: FakeClock, on: date = DATE) -> Desk:
    """The first two patients come, one is measured, the other did not attend."""
    desk = a_desk(practice, clock=clock, on=on)
    one, two = desk.day.rows[:2]
    for act in (
        partial(acts.move, appointment=one.id, to=Stage.ARRIVED),
        partial(acts.open_record, appointment=one.id),
        partial(acts.check_identity, appointment=one.id, said_by="record only", name="", born=None),
        partial(acts.note_present, appointment=one.id, who="her son"),
        partial(acts.move, appointment=two.id, to=Stage.DID_NOT_ATTEND),
    ):
        clock.forward(seconds=1)
        desk.do(partial(act, place=desk.place))
    taken, row = clock.now(), one.id
    desk.do(lambda day: acts.record_observations(day, desk.place, row, a_set(), (), taken, False))
    return desk


def held(server: FhirServer) -> dict[str, dict[str, Any]]:
    found = {f"{one['resourceType']}/{one['id']}": one for one in server.dump()}
    return {key: one for key, one in found.items() if one["resourceType"] in OURS and _made_here(one)}


def _made_here(one: dict[str, Any]) -> bool:
    return one["resourceType"] != "Flag" or "identifier" in one


def wanted(practice: Practice, on: date = DATE) -> set[str]:
    with closing(a_desk(practice, on=on)) as desk:
        return {key_of(one) for _, one in outgoing(desk.day, read_templates(practice.home))}


def test_the_list_comes_what_is_done_goes_and_the_log_says_so_first(
    practice: Practice, clock: FakeClock
) -> None:
    with fhir_server() as server, a_set_up(practice, server, clock) as (_, worker):
        turns(worker, clock, 2)
        desk = a_morning(practice, clock)
        turns(worker, clock)
        assert set(held(server)) == wanted(practice)
        statuses = {one["status"] for one in server.dump() if one["resourceType"] == "Appointment"}
        assert {"arrived", "noshow"} <= statuses
        state = read_state(practice, a_bench(practice).keys)
        assert state is not None
        assert (state.left, state.parked, state.trouble) == (0, (), "")
        assert state.heard is not None
        desk.refresh()
        exported = [one for one in desk.day.events if isinstance(one.data, Exported)]
        assert len(exported) == 1
        subject = next(
            one["subject"] for one in held(server).values() if one["resourceType"] == "Observation"
        )
        assert subject["reference"].startswith("Patient/")
        desk.close()


@contextmanager
def a_set_up(practice: Practice, server: FhirServer, clock: FakeClock) -> Iterator[tuple[Book, Worker]]:
    book = Book(server.url)
    set_up(practice, server)
    with a_worker(practice, clock) as worker:
        yield book, worker


def test_while_the_server_is_away_all_waits_is_counted_and_goes_when_it_is_back(
    practice: Practice, clock: FakeClock
) -> None:
    with fhir_server() as server, a_set_up(practice, server, clock) as (_, worker):
        turns(worker, clock, 2)
        server.faults(down=True)
        a_morning(practice, clock).close()
        began = clock.now()
        turns(worker, clock, 20)
        assert held(server) == {}
        assert worker.state.left == len(wanted(practice))
        assert len(worker.state.first) == worker.state.left
        assert all(line.endswith("not sent yet") for line in worker.state.first)
        assert worker.state.since is not None
        assert worker.state.since >= began
        assert worker.state.heard is not None
        assert worker.state.heard <= began
        assert worker.state.trouble
        server.well()
        turns(worker, clock, 60)
        assert set(held(server)) == wanted(practice)
        assert (worker.state.left, worker.state.trouble) == (0, "")


@pytest.mark.parametrize("after", [50, 600])
def test_a_server_that_asks_for_patience_is_not_asked_before(
    after: int, practice: Practice, clock: FakeClock
) -> None:
    with fhir_server() as server, a_set_up(practice, server, clock) as (_, worker):
        server.faults(failRate=1, failStatus=429, retryAfter=after)
        worker.turn()
        before = server.stats()["requests"]
        turns(worker, clock, 15, after * 0.06)
        assert server.stats()["requests"] == before
        turns(worker, clock, 3, after * 0.06)
        assert server.stats()["requests"] > before


def test_a_change_there_shows_within_seconds_and_a_deletion_within_two_minutes(
    practice: Practice, clock: FakeClock
) -> None:
    with fhir_server() as server, a_set_up(practice, server, clock) as (book, worker):
        turns(worker, clock, 2)
        first, second = sorted(book.of("Appointment"), key=lambda one: str(one["start"]))[:2]
        book.change(f"Appointment/{first['id']}", status="cancelled")
        worker.times.changes = clock.now()
        worker._cursor = None if worker._cursor is None else SystemClock().now()
        turns(worker, clock, 2)
        with closing(a_desk(practice, clock=clock)) as desk:
            assert desk.day.rows[0].stage is Stage.CANCELLED
        book.delete(f"Appointment/{second['id']}")
        turns(worker, clock, 40)
        with closing(a_desk(practice, clock=clock)) as desk:
            assert desk.day.rows[1].unlisted


def test_what_was_refused_is_sent_once_more_when_somebody_asks(practice: Practice, clock: FakeClock) -> None:
    with fhir_server() as server, a_set_up(practice, server, clock) as (_, worker):
        turns(worker, clock, 2)
        a_morning(practice, clock).close()
        turns(worker, clock)
        keys = a_bench(practice).keys
        key = next(key for key in wanted(practice) if key.startswith("Observation/"))
        dated = worker._dated[DATE]
        dated.outbox.items[key] = dated.outbox.items[key].model_copy(
            update={"state": "refused", "words": "no"}
        )
        dated.sent_of = None
        turns(worker, clock, 2)
        assert [one.key for one in worker.state.parked] == [key]
        assert worker.state.parked[0].words == "no"
        ask_again(practice, keys, key)
        turns(worker, clock, 2)
        assert worker.state.parked == ()


def test_an_earlier_date_that_did_not_arrive_goes_first_and_is_then_left_alone(
    practice: Practice, clock: FakeClock
) -> None:
    with fhir_server() as server:
        with a_set_up(practice, server, clock) as (_, worker):
            turns(worker, clock, 2)
        server.faults(down=True)
        a_morning(practice, clock).close()
        clock.forward(days=1)
        server.well()
        with a_worker(practice, clock) as worker:
            turns(worker, clock, 6)
        assert set(held(server)) == wanted(practice)
        assert delivered(practice.home)[DATE.isoformat()] == practice.saves_of(DATE)
        ring = granted(a_bench(practice, clock=clock), DATE + timedelta(days=1)).ring()
        with pytest.raises(StoreUnusable):
            ring.data_key(1, practice.journal_id(DATE.isoformat()))


# ── one of them, and what it may open ─────────────────────────────────────────────────────────


def test_one_at_a_time_and_the_next_as_soon_as_it_is_gone(practice: Practice) -> None:
    with closing(Elected(practice)) as one:
        assert one.is_won()
        with closing(Elected(practice)) as two:
            assert not two.is_won()
            assert not needed(practice.home)
    with closing(Elected(practice)) as three:
        assert three.is_won()


def test_what_was_granted_opens_the_week_and_not_the_store(practice: Practice, clock: FakeClock) -> None:
    long_ago = DATE - timedelta(days=30)
    a_desk(practice, on=long_ago, clock=clock).close()
    keys = a_bench(practice, clock=clock).keys
    ring = granted(a_bench(practice, clock=clock), DATE).ring()
    for on in (DATE, DATE + timedelta(days=7)):
        name = practice.journal_id(on.isoformat())
        assert ring.data_key(1, name) == keys.data_key(1, name)
    for on in (long_ago, DATE + timedelta(days=8)):
        with pytest.raises(StoreUnusable):
            ring.data_key(1, practice.journal_id(on.isoformat()))
    assert ring.signer(ring.member.id) is ring.device
    with pytest.raises(StoreUnusable):
        ring.store_key(1, "drafts")


def wait_for(true: Callable[[], bool], seconds: float = 25) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.1)


def listed_today(practice: Practice) -> int:
    with closing(a_desk(practice, on=today())) as desk:
        return len(desk.day.visits)


def today() -> date:
    return local_date(SystemClock().now(), ZONE)


def test_the_child_of_a_workstation_syncs_and_is_gone_with_it(practice: Practice) -> None:
    with fhir_server() as server:
        Book(server.url, today())
        set_up(practice, server)
        child = Child()
        bench = a_bench(practice, clock=SystemClock())  # type: ignore[arg-type]
        child.tend(bench, today())
        wait_for(lambda: listed_today(practice) > 0)
        process = child._process
        assert process is not None
        child.tend(bench, today())
        assert child._process is process  # one is enough
        child.end()
        assert process.wait(10) == 0
        assert needed(practice.home)


def test_killed_again_and_again_while_a_morning_goes_on_all_is_there_once(practice: Practice) -> None:
    with fhir_server("--latency", "10") as server:
        Book(server.url, today())
        set_up(practice, server)
        bench = a_bench(practice, clock=SystemClock())  # type: ignore[arg-type]
        child = Child()
        child.tend(bench, today())
        wait_for(lambda: listed_today(practice) > 0)
        with closing(Desk(bench, today())) as desk:
            desk.read()
            for number, visit in enumerate(desk.day.rows[:6]):
                child.tend(bench, today())
                desk.do(partial(acts.move, place=desk.place, appointment=visit.id, to=Stage.ARRIVED))
                time.sleep(2.4 + 0.17 * number)  # gathered, or on its way, or noted
                if child._process is not None:
                    child._process.send_signal(signal.SIGKILL)
                    child._process.wait()
        child.tend(bench, today())
        expected = wanted(practice, today())
        wait_for(lambda: set(held(server)) == expected)
        child.end()


def test_the_service_has_a_key_of_its_own_and_waits_until_somebody_has_signed_in(
    run: Run, practice: Practice, secret: Path, tmp_path: Path
) -> None:
    key = tmp_path / "service.key"
    with fhir_server() as server:
        Book(server.url, today())
        set_up(practice, server)
        words = ("sync", "service", "--key-file", key, "--staff", "lwong", "--passphrase-file", secret)
        status, said, _ = run("--home", practice.home, *words)
        assert (status, "keep no other copy" in said) == (0, True)
        assert key.stat().st_mode & 0o777 == 0o600
        status, _, wrong = run("--home", practice.home, *words)
        assert (status, "cannot be written" in wrong) == (1, True)  # never over another
        grant = practice.home / "sync" / GRANT_FILE
        kept = grant.read_bytes()
        grant.unlink()
        command = [sys.executable, "-m", "gpa_tui", "--home", str(practice.home), "sync", "run"]
        credentials = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
        (tmp_path / "gpa-tui-sync.key").write_bytes(key.read_bytes())
        (tmp_path / "gpa-tui-sync.key").chmod(0o600)
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=os.environ | credentials
        ) as process:
            assert process.stdout is not None
            assert "somebody has to sign in" in process.stdout.readline()
            replace_file(grant, kept)
            assert "server last heard" in process.stdout.readline()
            wait_for(lambda: listed_today(practice) > 0)
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        status, said, _ = run("--home", practice.home, "sync", "service", "--remove", *words[4:])
        assert (status, grant.exists()) == (0, False)
        with closing(Registry(a_bench(practice, by=ADMINISTRATOR))) as registry:
            registry.read()
            assert registry.standing.service == ""


def test_only_an_administrator_gives_the_service_a_key(
    run: Run, practice: Practice, secret: Path, tmp_path: Path
) -> None:
    words = (
        "sync",
        "service",
        "--key-file",
        tmp_path / "k",
        "--staff",
        "mokafor",
        "--passphrase-file",
        secret,
    )
    status, _, wrong = run("--home", practice.home, *words)
    assert (status, "may not" in wrong) == (1, True)
    assert not (tmp_path / "k").exists()


def test_what_is_synced_by_itself_is_not_sent_by_hand_beside_it(
    run: Run, practice: Practice, secret: Path, clock: FakeClock
) -> None:
    with fhir_server() as server, a_set_up(practice, server, clock) as (_, worker):
        turns(worker, clock, 2)
        with closing(Elected(practice)) as elected:
            assert elected.is_won()
            who = ("--date", DATE.isoformat(), "--staff", "npatel", "--passphrase-file", secret)
            status, _, wrong = run("--home", practice.home, "sync", "send", *who)
            assert (status, "synced already" in wrong) == (1, True)
        status, said, _ = run("--home", practice.home, "sync", "status", *who)
        assert (status, "server was last heard at 09:0" in said) == (0, True)
