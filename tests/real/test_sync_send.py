"""A day on its way to a FHIR server we did not write: after every fault it has what the log has."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from clinic import DATE, GPA, a_bench
from real.fhir_server import FhirServer, fhir_server, kept_servers
from whole_day import whole_day

from gpa_tui.store.practice import Practice
from gpa_tui.store.vault import Keyring
from gpa_tui.sync import client as client_module
from gpa_tui.sync import push as push_module
from gpa_tui.sync.client import Server
from gpa_tui.sync.config import SyncConfig
from gpa_tui.sync.outbox import Outbox, key_of
from gpa_tui.sync.probe import Found, probe
from gpa_tui.sync.push import How, Report, Sender
from gpa_tui.sync.two_writers import written_in

Resource = dict[str, Any]
DAY: list[Resource] = [json.loads(line) for line in whole_day().splitlines()]
SOME = DAY[:40]  # for a request each
ALL = Found(put_creates=True, refuses_stale=True, stale_in_batch=True, batch_apart=True, create_once=True)
FOLDERS = [str(Path(__file__).parents[1] / name) for name in ("", "sync", "..")]
KINDS: dict[str, tuple[str, ...]] = {
    "plain": (),
    "ids of its own": ("--put-create", "off"),
    "require If-Match": ("--require-if-match",),
    "uuid versions": ("--version-ids", "uuid"),
    "small pages": ("--page-size", "3"),
}


@pytest.fixture(scope="module")
def empty() -> Iterator[Callable[[str], FhirServer]]:
    """One server of a kind for all of this module, with nothing in it and nothing wrong."""
    with kept_servers(KINDS) as of:
        yield of


@pytest.fixture
def keys(practice: Practice) -> Keyring:
    return a_bench(practice, by=GPA).keys


class Post:
    """One outbox at one server; waits are counted and not waited."""

    def __init__(self, practice: Practice, keys: Keyring, server: FhirServer, found: Found = ALL) -> None:
        self.practice, self.keys, self.server, self.found = practice, keys, server, found
        self.waits: list[float] = []

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.practice.home, DATE, self.server.url, self.keys)

    def send(
        self, resources: list[Resource], *, again: bool = False, how: How = "batch", **config: Any
    ) -> Report:
        with Server(SyncConfig(url=self.server.url, **config)) as server:
            now = lambda: datetime.now(UTC)  # noqa: E731
            outbox = self.outbox
            if again:
                outbox.try_again(outbox.refused)
            return Sender(server, self.found, outbox, now, self.waits.append, how=how).send(resources)


def bare(resource: Resource) -> Resource:
    """Without what a server adds, or takes as its own, and what we say of having written it."""
    kept = {name: value for name, value in resource.items() if name not in {"meta", "id", "text"}}
    if written_in(kept):
        kept.pop("extension")
    return kept


def ours(resource: Resource) -> str:
    """Our id, wherever the server put it."""
    identifier = resource.get("identifier", [])
    listed = identifier if isinstance(identifier, list) else [identifier]
    tags = [{"value": tag.get("code", "")} for tag in resource.get("meta", {}).get("tag", [])]
    found = [one["value"] for one in (*listed, *tags) if str(one.get("value", "")).startswith("urn:uuid:")]
    return f"{resource['resourceType']}/{found[0].removeprefix('urn:uuid:') if found else resource['id']}"


def held(server: FhirServer) -> dict[str, Resource]:
    """What the server holds, by our key; two of one are a failure."""
    found: dict[str, Resource] = {}
    for one in server.dump():
        assert ours(one) not in found, f"{ours(one)} is there twice"
        found[ours(one)] = one
    return found


def assert_equal(server: FhirServer, resources: list[Resource]) -> None:
    there = held(server)
    assert set(there) == {key_of(one) for one in resources}
    ids = {key: f"{one['resourceType']}/{one['id']}" for key, one in there.items()}
    for one in resources:
        text = json.dumps(bare(one))
        for key, known in ids.items():
            text = text.replace(f'"reference": "{key}"', f'"reference": "{known}"')
        assert bare(there[key_of(one)]) == json.loads(text), key_of(one)


# ── every kind of server ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("how", ["batch", "transaction", "single"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_day_is_there_once_and_what_changed_is_there_anew(
    kind: str, how: How, practice: Practice, keys: Keyring
) -> None:
    with fhir_server(*KINDS[kind]) as server:
        with Server(SyncConfig(url=server.url)) as asked:
            found = probe(asked)
        post = Post(practice, keys, server, found)
        report = post.send(DAY, how=how)
        assert (report.sent, report.refused, report.left, report.stopped) == (len(DAY), 0, 0, "")
        assert_equal(server, DAY)
        before = report.requests
        assert post.send(DAY, how=how).requests == 0  # nothing changed: nothing is sent
        changed = [one | {"description": "changed"} if one["resourceType"] == "Task" else one for one in DAY]
        report = post.send(changed, how=how)
        assert report.left == 0
        assert 0 < report.requests < before
        assert_equal(server, changed)


# ── every fault ───────────────────────────────────────────────────────────────────────────────

FAULTS: dict[str, dict[str, Any]] = {
    "drop before": {"plan": "2:drop-before"},
    "drop after": {"plan": "2:drop-after"},
    "drop mid": {"plan": "2:drop-mid"},
    "hang": {"plan": "2:hang"},
    "409": {"plan": "2:409"},
    "429 seconds": {"plan": "2:429", "retryAfter": 3},
    "429 date": {"plan": "2:429", "retryAfter": "date"},
    "503": {"plan": "1:503,2:503,3:503"},
}


@pytest.mark.parametrize("how", ["batch", "transaction", "single"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", FAULTS)
def test_after_any_fault_the_server_has_what_the_log_has_once(
    fault: str,
    kind: str,
    how: How,
    practice: Practice,
    keys: Keyring,
    monkeypatch: pytest.MonkeyPatch,
    empty: Callable[[str], FhirServer],
) -> None:
    monkeypatch.setattr(client_module, "SECONDS", 1.0)
    some, server, own = SOME if how == "single" else DAY, empty(kind), kind == "ids of its own"
    post = Post(practice, keys, server, ALL.model_copy(update={"put_creates": not own}))
    server.faults(**FAULTS[fault], only="^(POST|PUT)")
    report = post.send(some, how=how)
    server.well()
    assert (report.sent, report.left, report.stopped) == (len(some), 0, "")
    assert_equal(server, some)
    assert post.waits or fault == "hang"  # a batch that hangs is halved at once
    if fault == "429 seconds":
        assert 3 in post.waits


@pytest.mark.parametrize("how", ["batch", "transaction", "single"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_somebody_else_does_in_between_does_not_stay_in_what_is_ours(
    kind: str, how: How, practice: Practice, keys: Keyring, empty: Callable[[str], FhirServer]
) -> None:
    server, own = empty(kind), kind == "ids of its own"
    post = Post(practice, keys, server, ALL.model_copy(update={"put_creates": not own}))
    assert post.send(SOME, how=how).left == 0
    changed = [one | {"language": "en-GB"} for one in SOME]
    server.faults(conflictRate=0.4, only="^(POST|PUT)")
    for _ in range(4):
        report = post.send(changed, how=how, again=True)
    server.well()
    report = post.send(changed, how=how, again=True)  # what was found changed there was parked: now it goes
    assert (report.left, report.stopped, post.outbox.refused) == (0, "", {})
    assert_equal(server, changed)


def test_a_server_that_is_away_leaves_all_of_it_and_says_so_and_goes_on_later(
    practice: Practice, keys: Keyring
) -> None:
    with fhir_server() as server:
        post = Post(practice, keys, server)
        server.faults(failRate=1, failStatus=503)
        report = post.send(DAY)
        assert (report.sent, report.left) == (0, len(DAY))
        assert "503" in report.stopped
        assert len(post.waits) == push_module.TRIES - 1
        server.well()
        assert post.send(DAY).left == 0
        assert_equal(server, DAY)


@pytest.mark.parametrize("how", ["batch", "transaction", "single"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_token_that_ends_on_the_way_is_asked_for_anew(
    kind: str, how: How, practice: Practice, keys: Keyring, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    secret.write_text("hush")
    some = SOME if how == "single" else DAY
    with fhir_server(*KINDS[kind], "--client", "surgery", "--client-secret", "hush") as server:
        server.faults(plan="3:401", only="^(POST|PUT) /fhir")
        own = kind == "ids of its own"
        post = Post(practice, keys, server, ALL.model_copy(update={"put_creates": not own}))
        config: dict[str, Any] = {
            "auth": "client_credentials",
            "client_id": "surgery",
            "secret_file": str(secret),
        }
        report = post.send(some, how=how, **config)
        assert (report.left, report.stopped) == (0, "")
        assert report.sent == len(some)
        assert_equal(server, some)


ENCOUNTER = next(one for one in DAY if one["resourceType"] == "Encounter")


@pytest.mark.parametrize("how", ["batch", "single"])
def test_nor_where_the_server_would_write_over_anything(
    how: How, practice: Practice, keys: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that ignores If-Match, as some do: what is there is looked at first."""
    entry_of = Sender._entry

    def without(self: Sender, resource: Resource) -> Resource:
        entry = entry_of(self, resource)
        entry["request"].pop("ifMatch", None)
        return entry

    monkeypatch.setattr(Sender, "_entry", without)
    with fhir_server() as server:
        post = Post(practice, keys, server, ALL.model_copy(update={"refuses_stale": False}))
        post.send([ENCOUNTER], how=how)
        url = f"{server.url}/{key_of(ENCOUNTER)}"
        httpx.put(url, json=ENCOUNTER | {"status": "cancelled"}).raise_for_status()
        ours = ENCOUNTER | {"status": "finished"}
        assert post.send([ours], how=how).refused == 1
        assert httpx.get(url).json()["status"] == "cancelled"
        assert post.send([ours], how=how, again=True).sent == 1
        assert httpx.get(url).json()["status"] == "finished"


@pytest.mark.parametrize("how", ["batch", "transaction", "single"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_somebody_there_changed_of_a_visit_is_not_written_over_unseen(
    kind: str, how: How, practice: Practice, keys: Keyring, empty: Callable[[str], FhirServer]
) -> None:
    server, own = empty(kind), kind == "ids of its own"
    post = Post(practice, keys, server, ALL.model_copy(update={"put_creates": not own}))
    assert post.send([ENCOUNTER], how=how).left == 0

    def there() -> Resource:
        (found,) = server.dump()
        return found

    def changed_there(**fields: Any) -> None:
        found = there()
        headers = {"If-Match": f'W/"{found["meta"]["versionId"]}"'}
        url = f"{server.url}/Encounter/{found['id']}"
        httpx.put(url, json=found | fields, headers=headers).raise_for_status()

    changed_there(status="cancelled")
    ours = ENCOUNTER | {"status": "finished"}
    report = post.send([ours], how=how)
    assert (report.refused, report.sent) == (1, 0)
    (item,) = post.outbox.refused.values()
    assert item.words == "Changed there by somebody else: status finished here, cancelled there"
    assert there()["status"] == "cancelled"
    assert post.send([ours], how=how).requests == 0  # till somebody says so
    assert post.send([ours], how=how, again=True).sent == 1
    assert there()["status"] == "finished"
    changed_there(priority={"text": "seen by the nurse first"})  # something else: taken along
    ours = ENCOUNTER | {"status": "in-progress"}
    assert post.send([ours], how=how).refused == 0
    assert (there()["status"], there()["priority"]["text"]) == ("in-progress", "seen by the nurse first")
    ours = ENCOUNTER | {"status": "finished"}
    assert post.send([ours], how=how).refused == 0
    assert (there()["status"], there()["priority"]["text"]) == ("finished", "seen by the nurse first")
    changed_there(status="in-progress")  # the same as is to be sent: none
    assert post.send([ours | {"status": "in-progress"}], how=how).refused == 0
    assert there()["status"] == "in-progress"


def test_a_refused_entry_is_parked_with_the_servers_words_and_holds_no_other(
    practice: Practice, keys: Keyring
) -> None:
    bad = {"resourceType": "Observation", "id": DAY[0]["id"], "status": "perfect"}
    with fhir_server("--validate") as server:
        post = Post(practice, keys, server)
        report = post.send([bad, *DAY])
        assert (report.refused, report.sent, report.left) == (1, len(DAY), 0)
        (item,) = post.outbox.refused.values()
        assert item.status in {400, 422}
        assert item.words
        assert post.send([bad, *DAY]).requests == 0  # never tried again as it is
        assert post.send([bad, *DAY], again=True).refused == 1  # but when somebody says so
        assert_equal(server, DAY)


def test_an_outbox_that_was_lost_sends_all_of_it_once_more_and_the_server_has_it_once(
    practice: Practice, keys: Keyring
) -> None:
    for kind, creates in (("plain", True), ("ids of its own", False)):
        with fhir_server(*KINDS[kind]) as server:
            post = Post(practice, keys, server, ALL.model_copy(update={"put_creates": creates}))
            post.send(DAY)
            next((practice.home / "sync").glob("*.sent")).unlink()
            assert post.send(DAY).left == 0
            assert_equal(server, DAY)


def test_what_was_sent_is_sealed_and_another_server_begins_anew(practice: Practice, keys: Keyring) -> None:
    with fhir_server() as one, fhir_server() as two:
        Post(practice, keys, one).send(DAY)
        raw = next((practice.home / "sync").glob("*.sent")).read_bytes()
        assert b"Observation" not in raw
        assert Post(practice, keys, two).send(DAY).sent == len(DAY)


def test_killed_on_the_way_nothing_is_lost_and_nothing_is_there_twice(
    practice: Practice, keys: Keyring, tmp_path: Path
) -> None:
    """A process of its own that sends is killed again and again, at moments that move."""
    program = tmp_path / "send.py"
    program.write_text(
        textwrap.dedent(
            f"""
            import sys
            sys.path[:0] = {FOLDERS!r}
            from real.test_sync_send import *
            practice = Practice(Path({str(practice.home)!r}))
            post = Post(practice, a_bench(practice, by=GPA).keys, FhirServer(sys.argv[1]))
            print("ready", flush=True)
            print(post.send(DAY).left, flush=True)
            """
        )
    )
    with fhir_server("--latency", "20") as server:
        for number in range(6):
            command = [sys.executable, str(program), server.url]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                assert process.stdout is not None
                assert process.stdout.readline() == "ready\n"
                time.sleep(0.05 + 0.06 * number)
                process.send_signal(signal.SIGKILL)
            held(server)  # never two of one
        assert Post(practice, keys, server).send(DAY).left == 0
        assert_equal(server, DAY)
