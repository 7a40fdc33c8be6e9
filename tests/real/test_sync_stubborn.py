"""A server that will not: one entry, one line, one claim; what was there, and is not any more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from clinic import DATE, GP, GPA, FakeClock, a_bench, a_desk, a_set
from real.fhir_server import FhirServer, fhir_server
from real.hosts import Host, settled, several
from real.proxy import proxied
from real.test_sync_pull import Book
from real.test_sync_worker import a_morning, a_set_up, a_worker, held, turns, wanted

from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.plan import SafetyNet
from gpa_tui.records.prep import PrepOutcome
from gpa_tui.records.staff import Role
from gpa_tui.session import acts, tasks
from gpa_tui.session.desk import Desk
from gpa_tui.session.granting import granted
from gpa_tui.session.prep_list import prep_list
from gpa_tui.store.practice import Practice
from gpa_tui.sync.carrier import carried
from gpa_tui.sync.claims import claim_id
from gpa_tui.sync.outbox import RETIRED
from gpa_tui.sync.worker import Worker
from gpa_tui.templates import shipped_templates

Resource = dict[str, Any]
WITHIN = 5  # seconds in which another host has an escalation


def raises(host: Host, number: int) -> AppointmentId:
    row = host.desk.day.rows[number].id
    assert host.do(acts.escalate, row, "grey")
    return row


def seconds_until(hosts: Sequence[Host], there: Callable[[], bool], most: int = 200) -> int:
    """Of the hosts' clocks, with a turn each second, and none pushed."""
    for seconds in range(most):
        for host in hosts:
            host.worker.turn()
        if there():
            return seconds
        for host in hosts:
            host.clock.forward(seconds=1)
    return most


def has(host: Host, row: AppointmentId) -> bool:
    host.desk.refresh()
    return bool(host.desk.day.visits[row].open_escalations)


def measured(host: Host) -> None:
    row = host.desk.day.rows[0].id
    host.do(acts.move, row, Stage.ARRIVED)
    host.do(acts.open_record, row)
    host.do(acts.check_identity, row, "record only", "", None)
    assert host.do(acts.record_observations, row, a_set(), (), host.clock.now(), False)


def test_one_entry_that_never_goes_is_parked_and_holds_neither_the_rest_nor_an_escalation(
    tmp_path: Path,
) -> None:
    bad: set[str] = set()

    def one_fails(entries: list[Resource], answers: list[Resource]) -> None:
        for entry, answer in zip(entries, answers, strict=True):
            url = str(entry["request"]["url"])
            if entry["request"]["method"] == "PUT" and url.startswith("Observation/"):
                bad.add(min({*bad, url}))
                if url in bad and url == min(bad):
                    issue = {"severity": "error", "code": "exception", "diagnostics": "row 7 is locked"}
                    outcome = {"resourceType": "OperationOutcome", "issue": [issue]}
                    answer.clear()
                    answer["response"] = {"status": "500", "outcome": outcome}

    with fhir_server() as real, proxied(real, one_fails) as server:
        Book(real.url)
        with several(tmp_path, server, skews=(0, 0), by=(GPA, GP)) as hosts:
            one, two = hosts
            settled(hosts)
            measured(one)
            for _ in range(10):
                seconds_until(hosts, lambda: False, 3)
                row = raises(one, len(one.desk.day.events) % 5 + 1) if one.worker.state.left == 1 else None
                if row is not None:
                    assert seconds_until(hosts, lambda at=row: has(two, at), 60) <= WITHIN  # type: ignore[misc]
                    break
            row = raises(two, 7)
            assert seconds_until(hosts, lambda: has(one, row)) <= WITHIN
            assert one.worker.state.trouble == ""
            assert seconds_until(hosts, lambda: bool(one.worker.state.parked), 1200) < 1200
            (parked,) = one.worker.state.parked
            assert (parked.status, parked.words) == (500, "row 7 is locked")
            assert one.worker.state.left == 0


def test_a_line_that_is_refused_holds_no_other_journal(tmp_path: Path) -> None:
    refused: list[str] = []

    def standing(entries: list[Resource], answers: list[Resource]) -> None:
        for entry, answer in zip(entries, answers, strict=True):
            names = [one["value"] for one in (entry.get("resource") or {}).get("identifier", ())]
            if active and any(name.endswith("/standing") for name in names):
                refused.append(names[0])
                answer["response"] = {"status": "422"}

    active = False
    with fhir_server() as real, proxied(real, standing) as server:
        Book(real.url)
        with several(tmp_path, server, skews=(0, 0), by=(GPA, GP)) as hosts:
            one, two = hosts
            settled(hosts)
            active = True
            assert one.ask(lambda _, place: tasks.ask(place, "ring", Owner(name="GPA", role=Role.GPA), DATE))
            row = raises(one, 1)
            assert seconds_until(hosts, lambda: has(two, row)) <= WITHIN
            assert any("422" in note for note in one.worker.state.notes)
            before = len(refused)
            seconds_until(hosts, lambda: False, 120)
            assert len(refused) - before < 12  # it is not asked twice a second


def test_a_claim_that_cannot_be_read_holds_nothing_else(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server, skews=(0, 0), by=(GPA, GP)) as hosts:
            one, two = hosts
            settled(hosts)
            (asked,) = one.ask(
                lambda _, place: tasks.ask(place, "ring", Owner(name="GPA", role=Role.GPA), DATE)
            )
            settled(hosts)
            claim = claim_id(one.registry.standing.tasks[asked.id])
            garbage = carried("Basic", claim, "x", b"garbage" * 10)
            httpx.put(f"{server.url}/Basic/{claim}", json=garbage).raise_for_status()
            one.ask(tasks.accept, asked.id)
            one.do(acts.move, one.desk.day.rows[1].id, Stage.ARRIVED)
            row = raises(one, 2)
            assert seconds_until(hosts, lambda: has(two, row)) <= WITHIN
            seconds_until(hosts, lambda: False, 30)
            assert one.worker.state.left == 0
            assert any("claim cannot be read" in note for note in one.worker.state.notes)


def encounter(server: FhirServer) -> Resource:
    (found,) = (one for one in server.dump() if one["resourceType"] == "Encounter")
    return found


def cancelled_there(server: FhirServer) -> None:
    there = encounter(server)
    match = {"If-Match": f'W/"{there["meta"]["versionId"]}"'}
    url = f"{server.url}/Encounter/{there['id']}"
    httpx.put(url, json=there | {"status": "cancelled"}, headers=match).raise_for_status()


def test_what_another_store_wrote_is_written_over_and_what_somebody_changed_there_is_not(
    tmp_path: Path,
) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server, skews=(0, 0), by=(GPA, GP)) as hosts:
            one, two = hosts
            settled(hosts)
            row = one.desk.day.rows[0].id
            one.do(acts.move, row, Stage.ARRIVED)
            settled(hosts)
            two.do(acts.move, row, Stage.IN_PREP)
            settled(hosts)
            assert encounter(server)["status"] == "triaged"
            assert [host.worker.state.parked for host in hosts] == [(), ()]
            cancelled_there(server)
            one.do(acts.move, row, Stage.WITH_GP)
            settled(hosts)
            assert encounter(server)["status"] == "cancelled"
            (parked,) = one.worker.state.parked
            assert "in-progress here, cancelled there" in parked.words


def test_a_store_that_forgot_what_it_sent_still_sees_what_was_changed_there(
    practice: Practice, clock: FakeClock
) -> None:
    with fhir_server() as server:
        with a_set_up(practice, server, clock) as (_, worker):
            turns(worker, clock, 2)
            a_morning(practice, clock).close()
            turns(worker, clock)
        cancelled_there(server)
        for file in (practice.home / "sync").glob("*.sent"):
            file.unlink()
        with a_worker(practice, clock) as worker, closing(a_desk(practice, clock=clock)) as desk:
            row = desk.day.rows[0].id
            desk.do(lambda day: acts.move(day, desk.place, row, Stage.WITH_GP))
            clock.forward(seconds=5)
            turns(worker, clock)
            assert encounter(server)["status"] == "cancelled"
            assert any("Encounter" in one.key for one in worker.state.parked)


def test_a_store_that_forgot_what_it_said_is_heard_by_the_others_again(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server, skews=(0, 0), by=(GPA, GP)) as hosts:
            one, two = hosts
            settled(hosts)
            raises(one, 0)
            settled(hosts)
            one.worker.close()
            (one.practice.home / "sync" / "posted").unlink()
            ring = granted(a_bench(one.practice, clock=one.clock), DATE).ring()
            one.worker = Worker(one.practice, ring, one.clock, lambda _: None)
            settled(hosts)
            row = raises(one, 3)
            assert seconds_until(hosts, lambda: has(two, row)) <= WITHIN


def test_where_nothing_carries_our_word_a_wiped_server_is_noticed_all_the_same(
    practice: Practice, clock: FakeClock
) -> None:
    with fhir_server() as server:
        with a_set_up(practice, server, clock) as (_, worker):
            worker.found = worker.found.model_copy(update={"carrier": ""})
            turns(worker, clock, 2)
            a_morning(practice, clock).close()
            turns(worker, clock)
            assert set(held(server)) == wanted(practice)
            server.reset()
            Book(server.url)
            turns(worker, clock, 60)
            assert "wiped or restored" in worker.state.stopped
            assert held(server) == {}


def test_a_server_without_batches_gives_the_list_and_takes_the_record_and_carries_between_hosts(
    tmp_path: Path,
) -> None:
    with fhir_server() as real, proxied(real, batches=False) as server:
        Book(real.url)
        with several(tmp_path, server, skews=(0, 0), by=(GPA, GP)) as hosts:
            one, two = hosts
            settled(hosts)
            assert not one.worker.found.batch_apart
            assert len(one.desk.day.rows) == 16
            row = raises(one, 1)
            settled(hosts)
            assert has(two, row)
            assert [host.worker.state.trouble for host in hosts] == ["", ""]


# ── corrections ───────────────────────────────────────────────────────────────────────────────


def the_whole_way(desk: Desk, row: AppointmentId, clock: FakeClock) -> list[Any]:
    """Prep, a plan that is released and gone through; gives the entries."""
    before = len(desk.day.events)
    prep = prep_list(desk.day.visits[row], shipped_templates())
    template, item = prep.rows[0]
    for act in (
        partial(acts.answer, template=template, item=item, outcome=PrepOutcome.DONE, value="since Tuesday"),
        partial(acts.give_plan, text="rest", given_by="Dr N Patel"),
        partial(acts.word_plan, messages=["Rest today."]),
        partial(acts.release, wording=("Rest today.",), released_by="Dr N Patel"),
        partial(acts.give_safety_net, net=SafetyNet(what="fever", by_when="Friday", where="111")),
    ):
        clock.forward(seconds=1)
        desk.do(partial(act, place=desk.place, appointment=row))
    return desk.day.events[before:]


def test_what_is_taken_back_is_said_at_the_server_not_to_hold(practice: Practice, clock: FakeClock) -> None:
    with fhir_server() as server, a_set_up(practice, server, clock) as (_, worker):
        turns(worker, clock, 2)
        desk = a_morning(practice, clock)
        row = desk.day.rows[0].id
        said = the_whole_way(desk, row, clock)
        clock.forward(seconds=5)
        turns(worker, clock)
        kinds = {one["resourceType"] for one in held(server).values()}
        assert {"Encounter", "Communication", "QuestionnaireResponse", "Observation"} <= kinds
        for event in [*said, *desk.day.events]:
            if event.appointment == row and event.id not in desk.day.struck:
                try:
                    desk.do(partial(acts.strike, place=desk.place, appointment=row, entry=event.id, why="x"))
                except Exception:  # noqa: BLE001 - what may not be struck stays
                    continue
        while desk.day.visits[row].moves:
            desk.do(partial(acts.take_back, place=desk.place, appointment=row))
        clock.forward(seconds=5)
        turns(worker, clock, 20)
        now = held(server)
        live = {
            key: one["status"]
            for key, one in now.items()
            if one["resourceType"] in {*RETIRED, "Observation"} and one["status"] != "entered-in-error"
        }
        assert live == {}
        server_row = next(base.key for id_, base in worker._dated[DATE].bases.items.items() if id_ == row)
        status = httpx.get(f"{server.url}/{server_row}").json()["status"]
        assert status == "booked"
        assert (worker.state.left, worker.state.parked) == (0, ())
        desk.do(partial(acts.move, place=desk.place, appointment=row, to=Stage.ARRIVED))
        clock.forward(seconds=5)
        turns(worker, clock)
        (again,) = (one for one in held(server).values() if one["resourceType"] == "Encounter")
        assert again["status"] == "arrived"
        desk.close()
