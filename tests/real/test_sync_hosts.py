"""Several stores of one practice at a FHIR server we did not write: one day, whatever happens to the line."""

from __future__ import annotations

import json
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from clinic import (
    ADMINISTRATOR,
    DATE,
    FIRST,
    GP,
    GPA,
    NINE,
    SECOND,
    SUPERVISOR,
    a_bench,
    a_desk,
    a_practice,
    listed,
)
from real.fhir_server import FhirServer, fhir_server
from real.hosts import (
    Host,
    a_host,
    another,
    identity_of,
    lets_in,
    set_up,
    settled,
    several,
    shares_key,
    turns,
)
from real.test_sync_pull import Book

from gpa_tui.output.sheet_text import sheet_lines
from gpa_tui.output.verify_text import verified
from gpa_tui.records.appointment import Stage
from gpa_tui.records.event import HostPaired, HostUnpaired, Said, TaskAccepted
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.staff import Role
from gpa_tui.session import acts, reviewing, tasks
from gpa_tui.session.registry import Registry
from gpa_tui.store.backup import back_up, restore
from gpa_tui.store.practice import OTHERS, Practice
from gpa_tui.store.verify import verify
from gpa_tui.sync.hosts import head_id, line_id
from gpa_tui.sync.paired import pair_of
from gpa_tui.sync.state import REFILL, ask_again

KINDS: dict[str, tuple[str, ...]] = {
    "plain": (),
    "ids of its own": ("--put-create", "off"),
    "late index": ("--index-lag-ms", "1500", "--index-lag-spread"),
    "90 s behind": ("--skew-ms=-90000",),
}


def the_same(hosts: list[Host]) -> None:
    """Every store has the same entries, the same day and the same tasks."""
    days = [[event.id for event in host.desk.day.events] for host in hosts]
    assert all(day == days[0] for day in days)
    rows = [
        [(visit.id, visit.stage, visit.room, len(visit.escalations)) for visit in host.desk.day.rows]
        for host in hosts
    ]
    assert all(one == rows[0] for one in rows)
    assert all(
        host.registry.standing.tasks.keys() == hosts[0].registry.standing.tasks.keys() for host in hosts
    )
    owners = [
        {key: (task.accepted_by, task.accepted_staff) for key, task in host.registry.standing.tasks.items()}
        for host in hosts
    ]
    assert all(one == owners[0] for one in owners)


@pytest.mark.parametrize("kind", KINDS)
def test_what_one_does_the_other_has(kind: str, tmp_path: Path) -> None:
    with fhir_server(*KINDS[kind]) as server:
        if kind != "ids of its own":
            Book(server.url)
        with several(tmp_path, server, by=(GPA, GP)) as hosts:
            one, two = hosts
            if kind == "ids of its own":
                one.desk.do(lambda _: _listed())
            settled(hosts)
            row = one.desk.day.rows[0].id
            assert one.do(acts.move, row, Stage.ARRIVED)
            assert one.do(acts.escalate, row, "grey and sweating")
            if kind == "late index":
                turns(hosts, 2)
                time.sleep(2)
            settled(hosts)
            visit = two.desk.day.visits[row]
            assert visit.stage is Stage.ARRIVED
            (escalation,) = visit.open_escalations
            two.do(acts.acknowledge, row, escalation.event)
            settled(hosts)
            assert not one.desk.day.visits[row].open_escalations
            assert one.desk.day.visits[row].escalations[escalation.event].heard_by == "Dr N Patel"
            the_same(hosts)


def _listed() -> list[Said]:
    return listed(FIRST, SECOND)


def test_what_arrived_is_as_it_was_signed_and_can_be_checked_here(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server) as hosts:
            one, two = hosts
            settled(hosts)
            one.do(acts.move, one.desk.day.rows[0].id, Stage.ARRIVED)
            settled(hosts)
            path = two.practice.home / OTHERS / one.practice.info.origin / f"{DATE}.journal"
            original = one.practice.home / "clinics" / f"{DATE}.journal"
            lines = original.read_bytes().split(b"\0")[0]
            assert path.read_bytes() == lines
            checked = verify(path, two.practice.info.practice, one.practice.roster.signers)
            assert checked.damage is None
            assert checked.signed[GPA.staff] > 0
            two.registry.refresh()
            keys = a_bench(two.practice).keys
            said, whole = verified(two.practice, keys)
            assert whole, said
            assert any(f"of store {one.practice.info.origin[:8]}" in line for line in said)
            n, last = one.desk.head
            sheet, whole = sheet_lines(two.practice, keys, (n, last), None)
            assert whole, sheet
            assert sheet[0].startswith(
                f"ok   {DATE} of store {one.practice.info.origin[:8]}: the log is the one"
            )
            unopened, whole = sheet_lines(two.practice, None, (n, last), None)
            assert (whole, "With --staff NAME" in unopened[0]) == (False, True)
            supervisor = a_bench(two.practice, clock=two.clock, by=SUPERVISOR)
            with closing(Registry(supervisor)) as registry, closing(a_desk(two.practice)) as desk:
                registry.read()
                place, day, head, theirs = supervisor.place, desk.day, desk.head, desk.heads_of_others
                assert theirs == {one.practice.info.origin: (n, last)}
                registry.do(lambda now: reviewing.sign(now.reviews, place, day, head, [], "", theirs))
            mark = (max(head[0], 0), head[1] or "0" * 16)
            one.do(acts.escalate, one.desk.day.rows[0].id, "rang back")
            settled(hosts)
            sheet, whole = sheet_lines(two.practice, keys, mark, DATE)
            assert any("saves of store" in line and "came after" in line for line in sheet), sheet
            assert verified(two.practice, keys)[1]
            content = path.read_bytes()
            path.write_bytes(b"\n".join(content.rstrip(b"\0").split(b"\n")[:2]) + b"\n")
            sheet, whole = sheet_lines(two.practice, keys, mark, DATE)
            assert (whole, any("is not what was signed" in line for line in sheet)) == (False, True), sheet
            assert any("is not what was signed off" in line for line in verified(two.practice, keys)[0])
            path.write_bytes(content)
            path.write_bytes(content.replace(b'"n":2,', b'"n":3,', 1))
            said, whole = verified(two.practice, keys)
            assert not whole
            path.write_bytes(content)
            ours = [one for one in server.dump() if one["resourceType"] == "Basic"]
            assert ours
            assert all("Okonkwo" not in json.dumps(one) for one in ours)


def test_each_resource_is_sent_by_one_store_and_all_of_them_are_there(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server) as hosts:
            one, two = hosts
            settled(hosts)
            first, second = one.desk.day.rows[0].id, one.desk.day.rows[1].id
            one.do(acts.move, first, Stage.ARRIVED)
            settled(hosts)
            two.do(acts.move, first, Stage.WITH_GP)
            two.do(acts.move, second, Stage.ARRIVED)
            settled(hosts)
            encounters = [one for one in server.dump() if one["resourceType"] == "Encounter"]
            assert sorted(one["status"] for one in encounters) == ["arrived", "in-progress"]
            versions = {one["meta"]["versionId"] for one in encounters}
            assert versions <= {"1", "2", "3"}  # nobody woke the other again and again
            statuses = [one["status"] for one in server.dump() if one["resourceType"] == "Appointment"]
            assert statuses.count("arrived") == 2


# ── the line is cut ───────────────────────────────────────────────────────────────────────────


def test_apart_each_goes_on_and_together_they_come_to_the_same(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server) as hosts:
            one, two = hosts
            settled(hosts)
            first, second = one.desk.day.rows[0].id, one.desk.day.rows[1].id
            two.cut = True
            one.do(acts.move, first, Stage.ARRIVED)
            two.do(acts.move, first, Stage.DID_NOT_ATTEND)
            two.do(acts.move, second, Stage.ARRIVED)
            turns(hosts)
            two.cut = False
            settled(hosts)
            the_same(hosts)
            stages = {move.to for move in one.desk.day.visits[first].moves}
            assert stages == {Stage.ARRIVED, Stage.DID_NOT_ATTEND}  # both are in the history


def stage_of(host: Host, number: int) -> Stage:
    return host.desk.day.rows[number].stage


def a_task(host: Host, what: str = "blood test") -> None:
    host.registry.refresh()
    owner = Owner(name="GPA", role=Role.GPA)
    host.registry.do(lambda _: tasks.ask(host.desk.place, what, owner, DATE))


def test_of_two_who_say_that_they_do_it_one_has_it_and_the_other_is_told(tmp_path: Path) -> None:
    jhart = GPA.model_copy(update={"staff": "npatel", "name": "Dr N Patel", "role": Role.SUPERVISOR})
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server, by=(GPA, jhart)) as hosts:
            one, two = hosts
            settled(hosts)
            for_anybody = Owner(name="anybody", role=Role.SUPERVISOR)
            a_task(one)
            one.registry.do(lambda _: tasks.ask(one.desk.place, "call the lab", for_anybody, DATE))
            settled(hosts)
            task = next(key for key, it in two.registry.standing.tasks.items() if it.what == "blood test")
            one.cut = two.cut = True
            assert one.ask(tasks.accept, task)
            two.registry.do(lambda now: [_accepted(now.tasks[task])])
            two.cut = False
            turns(hosts)
            one.cut = False
            settled(hosts)
            the_same(hosts)
            owner = one.registry.standing.tasks[task]
            assert owner.accepted_by == "Dr N Patel"  # the first at the server
            lost = [event for event in one.registry.standing.events if event.kind == "task.claim_lost"]
            assert [event.about for event in lost] == [task]


def _accepted(task: tasks.Task) -> Said:
    return Said(data=TaskAccepted(what=task.what), about=task.id)


# ── who counts ────────────────────────────────────────────────────────────────────────────────


def test_a_store_that_is_not_paired_is_shown_with_its_fingerprint_and_never_folded(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        first, second = two_stores(tmp_path, server)
        shares_key(second, pair_of(first, a_bench(first).keys), "upstairs")
        lets_in(second, identity_of(first))
        hosts = [a_host("one", first), a_host("two", second)]
        settled(hosts)
        hosts[1].do(acts.move, hosts[1].desk.day.rows[0].id, Stage.ARRIVED)
        settled(hosts)
        (asking,) = hosts[0].worker.state.hosts
        assert (asking.paired, asking.name) == (False, "upstairs")
        assert asking.fingerprint == identity_of(second).fingerprint
        assert stage_of(hosts[0], 0) is Stage.BOOKED
        lets_in(first, identity_of(second))
        settled(hosts)
        assert stage_of(hosts[0], 0) is Stage.ARRIVED
        close(hosts)


def test_a_store_with_another_key_is_not_even_shown_as_asking(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        first, second = two_stores(tmp_path, server)
        hosts = [a_host("one", first), a_host("two", second)]
        settled(hosts)
        assert all(not host.identity for host in hosts[0].worker.state.hosts)
        close(hosts)


def two_stores(folder: Path, server: FhirServer) -> tuple[Practice, Practice]:
    """Of one practice, not paired."""
    first = a_practice(folder)
    (folder / "two").mkdir()
    second = another(folder / "two", first)
    for store in (first, second):
        set_up(store, server)
    return first, second


def close(hosts: list[Host]) -> None:
    for host in hosts:
        host.worker.close()
        host.desk.close()
        host.registry.close()


def altered(server: FhirServer, key: str, change: Any) -> None:
    found = httpx.get(f"{server.url}/{key}").json()
    change(found)
    httpx.put(f"{server.url}/{key}", json=found).raise_for_status()


@pytest.mark.parametrize("what", ["altered", "another's in its place", "signed by nobody"])
def test_what_is_altered_on_its_way_is_not_taken_and_it_is_said_why(what: str, tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server) as hosts:
            one, two = hosts
            settled(hosts)
            two.cut = True
            row = one.desk.day.rows[0].id
            one.do(acts.move, row, Stage.ARRIVED)
            turns(hosts)
            n, origin = one.desk.head[0], one.practice.info.origin
            key = f"Basic/{line_id(origin, str(DATE), n)}"
            if what == "altered":

                def change(found: dict[str, Any]) -> None:
                    box = found["extension"][0]["valueBase64Binary"]
                    found["extension"][0]["valueBase64Binary"] = box[:-8] + "AAAAAAA="

                altered(server, key, change)
            elif what == "another's in its place":
                other = httpx.get(f"{server.url}/Basic/{line_id(origin, str(DATE), n - 1)}").json()
                altered(server, key, lambda found: found.update(extension=other["extension"]))
            else:
                with closing(Registry(a_bench(two.practice, by=ADMINISTRATOR))) as registry:
                    registry.read()
                    host = registry.standing.hosts[origin]
                    machine = tuple(one for one in host.keys if one.staff == "device")
                    registry.do(lambda _: [Said(data=host.model_copy(update={"keys": machine}))])
            two.cut = False
            two.worker.registry.refresh()
            if what == "signed by nobody":  # nor does its machine tell of its people any more
                two.worker.exchange._trust = lambda *_: False  # type: ignore[method-assign, union-attr]
            settled(hosts)
            assert two.desk.day.visits[row].stage is Stage.BOOKED
            (trouble,) = [host.trouble for host in two.worker.state.hosts]
            assert ("not taken" in trouble) if what != "signed by nobody" else ("nobody there" in trouble)


def test_a_head_that_another_machine_signed_is_not_believed(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server) as hosts:
            one, two = hosts
            settled(hosts)
            exchange = two.worker.exchange
            assert exchange is not None
            exchange.practice, kept = one.practice, exchange.practice  # the thief says it is the first
            origin = one.practice.info.origin
            exchange._publish_head({}, "said")
            exchange.practice = kept
            three = a_host("look", a_third(tmp_path, server, one.practice))
            settled([three])
            (trouble,) = [it.trouble for it in three.worker.state.hosts if it.origin == origin]
            assert "not signed by it" in trouble
            close([three])


def a_third(folder: Path, server: FhirServer, first: Any) -> Any:
    (folder / "three").mkdir()
    third = another(folder / "three", first)
    set_up(third, server)
    shares_key(third, pair_of(first, a_bench(first).keys), "three")
    lets_in(third, identity_of(first))
    return third


def test_a_store_is_named_to_the_others_by_one_that_counts_and_stays_away_when_let_go(
    tmp_path: Path,
) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server) as hosts:
            one, two = hosts
            settled(hosts)
            third = a_third(tmp_path, server, one.practice)
            lets_in(one.practice, identity_of(third))
            three = a_host("three", third)
            everybody = [*hosts, three]
            settled(everybody)
            named = two.registry.standing.hosts[third.info.origin]
            assert named.vouched_by == one.practice.info.origin
            settled(everybody)
            three.do(acts.move, three.desk.day.rows[2].id, Stage.ARRIVED)
            settled(everybody)
            the_same(everybody)
            with closing(Registry(a_bench(two.practice, by=ADMINISTRATOR))) as registry:
                registry.do(lambda _: [Said(data=HostUnpaired(origin=third.info.origin, name="three"))])
            settled(everybody)
            three.do(acts.move, three.desk.day.rows[3].id, Stage.ARRIVED)
            settled(everybody)
            assert third.info.origin not in two.registry.standing.hosts
            shown = {host.name: host for host in two.worker.state.hosts}["three"]
            assert (shown.paired, "let go" in shown.trouble) == (False, True)
            assert stage_of(two, 3) is Stage.BOOKED
            assert stage_of(one, 3) is Stage.ARRIVED
            close([three])


def test_only_an_administrator_lets_a_store_in(tmp_path: Path) -> None:
    practice = a_practice(tmp_path)
    with closing(Registry(a_bench(practice))) as registry:
        registry.read()
        stranger = HostPaired(origin=str(uuid4()), name="x", keys=())
        registry.do(lambda _: [Said(data=stranger)])
        assert registry.standing.hosts == {}
        assert registry.standing.irregular


# ── a server that lost what it had, a store that was lost ─────────────────────────────────────


def test_a_server_that_was_wiped_is_noticed_and_not_refilled_unasked(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server) as hosts:
            one, _ = hosts
            settled(hosts)
            one.do(acts.move, one.desk.day.rows[0].id, Stage.ARRIVED)
            settled(hosts)
            server.reset()
            settled(hosts)
            assert "wiped or restored" in one.worker.state.stopped
            assert server.dump() == []
            assert not any(visit.unlisted for visit in one.desk.day.rows)  # nobody is gone
            for host in hosts:
                ask_again(host.practice, a_bench(host.practice).keys, REFILL)
            Book(server.url)
            settled(hosts)
            settled(hosts)
            assert one.worker.state.stopped == ""
            kinds = {it["resourceType"] for it in server.dump()}
            assert {"Encounter", "AuditEvent", "Basic"} <= kinds


def test_a_server_that_was_set_back_is_noticed_too(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server) as hosts:
            one, _ = hosts
            settled(hosts)
            key = f"Basic/{head_id(one.practice.info.origin)}"
            before = httpx.get(f"{server.url}/{key}").json()
            one.do(acts.move, one.desk.day.rows[0].id, Stage.ARRIVED)
            settled(hosts)
            httpx.put(f"{server.url}/{key}", json=before).raise_for_status()
            one.cut = False
            turns([one], 4)
            assert "wiped or restored" in one.worker.state.stopped


def test_a_new_store_is_fed_with_what_the_others_have(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server) as hosts:
            one, two = hosts
            settled(hosts)
            for number in range(4):
                two.do(acts.move, two.desk.day.rows[number].id, Stage.ARRIVED)
            a_task(two)
            settled(hosts)
            third = a_third(tmp_path, server, one.practice)
            lets_in(third, identity_of(two.practice))
            three = a_host("three", third)
            settled([three])
            arrived = [visit.id for visit in three.desk.day.rows if visit.stage is Stage.ARRIVED]
            assert arrived == [visit.id for visit in one.desk.day.rows if visit.stage is Stage.ARRIVED]
            assert len(three.registry.standing.tasks) == 1
            close([three])


def test_a_store_that_was_restored_gets_back_what_it_lost_and_nothing_is_there_twice(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server) as hosts:
            one, two = hosts
            settled(hosts)
            assert one.do(acts.move, one.desk.day.rows[0].id, Stage.ARRIVED)
            back_up(one.practice, tmp_path / "copy")
            assert one.do(acts.move, one.desk.day.rows[1].id, Stage.ARRIVED)  # after the backup
            settled(hosts)
            one.cut = True
            before = [event.id for event in two.desk.day.events]
            again = restore(tmp_path / "copy", tmp_path / "again", lambda *_: None)
            assert again.info.origin != one.practice.info.origin
            set_up(again, server)
            shares_key(again, pair_of(two.practice, a_bench(two.practice).keys), "again")
            lets_in(again, identity_of(two.practice))
            lets_in(two.practice, identity_of(again))
            fresh = a_host("again", again)
            settled([two, fresh])
            settled([two, fresh])
            assert [stage_of(fresh, number) for number in (0, 1)] == [Stage.ARRIVED, Stage.ARRIVED]
            ids = [event.id for event in fresh.desk.day.events]
            assert len(ids) == len(set(ids))
            assert set(before) <= set(ids)
            the_same([two, fresh])
            close([fresh])


# ── time ──────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_comes_after_what_it_answers_though_the_clocks_differ(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server, skews=(90, 0), by=(GPA, GP)) as hosts:
            one, two = hosts
            settled(hosts)
            row = one.desk.day.rows[0].id
            (raised,) = one.do(acts.escalate, row, "grey")
            settled(hosts)
            (heard,) = two.do(acts.acknowledge, row, raised.id)
            assert heard.wall < raised.wall + timedelta(seconds=120)
            assert heard.at >= raised.at
            settled(hosts)
            the_same(hosts)
            assert one.desk.day.visits[row].escalations[raised.id].heard_by == "Dr N Patel"
            assert heard.at > NINE


def test_a_clock_that_is_far_ahead_is_said_aloud_and_not_followed(tmp_path: Path) -> None:
    with fhir_server() as server:
        Book(server.url)
        with several(tmp_path, server, skews=(3600, 0)) as hosts:
            one, two = hosts
            settled(hosts)
            one.do(acts.move, one.desk.day.rows[0].id, Stage.ARRIVED)
            settled(hosts)
            (host,) = two.worker.state.hosts
            assert "min ahead" in host.trouble
            with closing(a_desk(two.practice, clock=two.clock)) as desk:
                (moved,) = desk.do(lambda day: acts.move(day, desk.place, day.rows[1].id, Stage.ARRIVED))
                assert moved.at - moved.wall < timedelta(minutes=5)
