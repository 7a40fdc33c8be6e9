"""Answers that nobody asked for: each is a trouble in words, and one entry's fault is that entry's alone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from clinic import DATE, a_bench

from gpa_tui.errors import GpaTuiError
from gpa_tui.store.practice import Practice
from gpa_tui.sync import client as client_module
from gpa_tui.sync.client import Server, SyncTrouble, TooSlow, retry_after, status_of
from gpa_tui.sync.config import SyncConfig
from gpa_tui.sync.outbox import Outbox
from gpa_tui.sync.probe import Found
from gpa_tui.sync.pull import by_id, read_day, search
from gpa_tui.sync.push import Report, Sender

Answering = Callable[[httpx.Request], httpx.Response]
ALL = Found(put_creates=True, refuses_stale=True, stale_in_batch=True, batch_apart=True, create_once=True)
ZONE = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
APPOINTMENT = {"resourceType": "Appointment", "id": "a", "status": "booked", "start": "2026-11-23T09:00:00Z"}
OBSERVATIONS = [{"resourceType": "Observation", "id": f"0{number}"} for number in range(3)]


def a_server(answering: Answering, url: str = "http://127.0.0.1:9/R4") -> Server:
    """A connection whose other end is `answering`."""

    def streamed(request: httpx.Request) -> httpx.Response:
        found = answering(request)
        if not found.is_closed:
            return found
        return httpx.Response(
            found.status_code, headers=found.headers, stream=httpx.ByteStream(found.content)
        )

    server = Server(SyncConfig(url=url))
    server._http = httpx.Client(transport=httpx.MockTransport(streamed))
    return server


def says(body: Any, status: int = 200, **headers: str) -> Answering:
    return lambda _: httpx.Response(status, json=body, headers=headers)


def sent(practice: Practice, answering: Answering, resources: Sequence[Any]) -> tuple[Report, Outbox]:
    outbox = Outbox(practice.home, DATE, "x", a_bench(practice).keys)
    sender = Sender(a_server(answering), ALL, outbox, lambda: NOW, lambda _: None, tries=1)
    return sender.send(resources), outbox


@pytest.mark.parametrize(
    "entry", [None, 5, {}, {"response": None}, {"response": "200"}, {"response": {"status": "Created"}}, []]
)
def test_an_entry_that_says_nothing_that_can_be_read_is_tried_again(entry: Any, practice: Practice) -> None:
    assert status_of(entry) == 0
    report, outbox = sent(practice, says({"entry": [entry] * 3}), OBSERVATIONS)
    assert (report.sent, report.left, outbox.items) == (0, 3, {})
    server = a_server(says({"entry": [entry]}))
    assert [status for _, status, _ in by_id(server, ["Patient/1"])] == [0]


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999/x", "http://[x", "http://other.example/R4", "::"])
def test_a_next_page_that_is_nowhere_is_said_to_be_so(url: str) -> None:
    bundle = {"resourceType": "Bundle", "link": [{"relation": "next", "url": url}]}
    with pytest.raises(SyncTrouble):
        list(search(a_server(says(bundle)), "Appointment"))


@pytest.mark.parametrize("where", ["http://[::1", "//127.0.0.1:99999999/", "http://other.example/"])
def test_a_redirect_to_nowhere_is_said_to_be_so(where: str) -> None:
    with pytest.raises(SyncTrouble):
        a_server(says({}, 302, location=where)).ask("GET", "x")


def test_the_default_port_is_the_same_host_named_or_not() -> None:
    pages = iter(
        [{"resourceType": "Bundle", "link": [{"relation": "next", "url": "https://fhir.example:443/R4?p=2"}]}]
    )
    server = a_server(
        lambda _: httpx.Response(200, json=next(pages, {"resourceType": "Bundle"})), "https://fhir.example/R4"
    )
    assert list(search(server, "Appointment")) == []


@pytest.mark.parametrize("said", ["²", "-5", "soon", "Mon, 01 Jan 0001 00:00:00 GMT", "9" * 400])
def test_a_wait_that_cannot_be_is_none_or_no_less_than_nothing(said: str) -> None:
    found = retry_after({"retry-after": said}, NOW)
    assert found is None or found >= 0


@pytest.mark.parametrize(
    "resource",
    [
        APPOINTMENT | {"meta": ["a"], "identifier": [["x"]]},
        APPOINTMENT | {"id": 5},
        APPOINTMENT | {"participant": {"actor": 5}},
        APPOINTMENT | {"start": 7},
        APPOINTMENT | {"comment": "\ud83d"},
        {"resourceType": "Appointment"},
        {"id": "p"},
        5,
        None,
    ],
)
def test_a_day_of_odd_resources_is_read_or_is_a_trouble_in_words(resource: Any) -> None:
    def answering(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            number = len(json.loads(request.content)["entry"])
            odd = [{"response": {"status": "200"}, "resource": {"id": "p"}}] * number
            return httpx.Response(200, json={"entry": odd})
        content = json.dumps({"resourceType": "Bundle", "entry": [{"resource": resource}]})
        return httpx.Response(200, content=content.encode())

    try:
        found = read_day(a_server(answering), DATE, ZONE, ())
    except GpaTuiError:
        return
    json.dumps(found.resources, ensure_ascii=False).encode()


def entries_of(request: httpx.Request) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(request.content)["entry"]
    return found


def test_one_that_is_too_large_is_parked_and_the_others_arrive(practice: Practice) -> None:
    def answering(request: httpx.Request) -> httpx.Response:
        if len(request.content) > 1_000_000:
            return httpx.Response(413, text="<html>too large</html>")
        return httpx.Response(
            200, json={"entry": [{"response": {"status": "201"}} for _ in entries_of(request)]}
        )

    large = {"resourceType": "DocumentReference", "id": "large", "data": "x" * 1_100_000}
    report, outbox = sent(practice, answering, [OBSERVATIONS[0], large, *OBSERVATIONS[1:]])
    assert (report.sent, report.refused, report.left, report.stopped) == (3, 1, 0, "")
    assert outbox.refused["DocumentReference/large"].status == 413


def test_one_for_which_the_server_refuses_all_of_them_is_found_and_parked(practice: Practice) -> None:
    def answering(request: httpx.Request) -> httpx.Response:
        entries = entries_of(request)
        if any(one["resource"]["id"] == "bad" for one in entries):
            outcome = {"resourceType": "OperationOutcome", "issue": [{"diagnostics": "cannot be parsed"}]}
            return httpx.Response(400, json=outcome)
        return httpx.Response(200, json={"entry": [{"response": {"status": "201"}} for _ in entries]})

    bad = {"resourceType": "Observation", "id": "bad"}
    report, outbox = sent(practice, answering, [OBSERVATIONS[0], bad, *OBSERVATIONS[1:]])
    assert (report.sent, report.refused, report.left) == (3, 1, 0)
    assert "cannot be parsed" in outbox.refused["Observation/bad"].words


def test_one_that_always_fails_at_the_server_holds_no_batch_behind_it(practice: Practice) -> None:
    def answering(request: httpx.Request) -> httpx.Response:
        statuses = ["500" if one["resource"]["id"] == "bad" else "201" for one in entries_of(request)]
        return httpx.Response(200, json={"entry": [{"response": {"status": one}} for one in statuses]})

    many = [{"resourceType": "Observation", "id": f"{number:04}"} for number in range(500)]
    report, _ = sent(practice, answering, [{"resourceType": "Observation", "id": "bad"}, *many])
    assert (report.sent, report.left) == (500, 1)


def test_an_answer_in_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "SECONDS", 0.1)

    class Drips(httpx.SyncByteStream):
        def __iter__(self) -> Any:
            while True:
                time.sleep(0.05)
                yield b" "

    begun = time.monotonic()
    with pytest.raises(TooSlow):
        a_server(lambda _: httpx.Response(200, stream=Drips())).ask("GET", "x")
    assert time.monotonic() - begun < 5
