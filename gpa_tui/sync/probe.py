"""What a server really does, asked once with a scratch resource of our own; nothing is believed of it unseen.

Some servers take If-Match and write all the same, some ignore `_lastUpdated`, some give ids of their own
(docs/fhir.md). What is found is said in words and decides what is offered later.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from gpa_tui.records.base import Record
from gpa_tui.sync.carrier import CARRIERS, carried, content_of, in_group
from gpa_tui.sync.client import Answer, Server, SyncTrouble, id_given, trouble
from gpa_tui.sync.codes import UUID_SYSTEM
from gpa_tui.text import clean

SCRATCH = "Basic"
CARRIED_BYTES = 8000
THERE_ALREADY = frozenset({400, 409, 412, 428})  # answers to a create of what is there, however it is said
SHOWS_WITHIN = 6  # seconds
CODE = {"text": "gpa-tui connection check"}


class Found(Record):
    """What was found of one server."""

    software: str = ""  # name and version, as it says
    fhir: str = ""
    put_creates: bool = False  # our own ids may be used
    refuses_stale: bool = False  # a write over somebody else's is refused
    stale_in_batch: bool = False
    batch_apart: bool = False  # a bad entry does not hold the others
    create_once: bool = False  # If-None-Exist
    create_refused: bool = False  # If-None-Match: * where it is there already
    by_time: bool = False  # _lastUpdated is honoured
    carrier: str = ""  # what kind of resource carries bytes of ours there and back; empty: none does
    page: int = 0  # entries a page when nothing is asked for; 0 where it gives no pages
    seconds_apart: int = 0  # the server's clock less ours

    @property
    def claims(self) -> bool:
        """Whether two hosts may compete for one thing: only where one of them is refused."""
        first = self.create_refused if self.put_creates else self.create_once
        return self.refuses_stale and self.stale_in_batch and first

    def in_words(self) -> Iterator[str]:
        """A line for each thing that matters."""
        yield f"{self.software or 'A server that does not say its name'}, FHIR {self.fhir or 'not said'}"
        yield "Our ids are kept." if self.put_creates else "It gives ids of its own: ours go as identifiers."
        if self.claims:
            yield "A write over somebody else's is refused: claims can be offered."
        else:
            yield "THIS SERVER CANNOT PREVENT OVERWRITING: it ignores If-Match. Claims stay off."
        yield (
            f"Several hosts can share a day: {self.carrier} carries their entries, sealed."
            if self.carrier
            else "NOTHING OF OURS COMES BACK AS IT WENT: several hosts cannot share a day."
        )
        yield (
            "In a batch each entry is answered by itself."
            if self.batch_apart
            else "A batch fails as a whole: entries go one by one."
        )
        yield "The same create sent twice makes one." if self.create_once else "If-None-Exist is ignored."
        yield (
            "Changes can be asked for by time."
            if self.by_time
            else "It ignores _lastUpdated: the whole day is read each time."
        )
        if abs(self.seconds_apart) >= 5:
            yield f"Its clock is {self.seconds_apart:+d} s from this machine's."


@dataclass
class _Probe:
    server: Server
    made: list[str]
    others: list[str] = field(default_factory=list)  # `Kind/id`

    def put(self, id_: str, text: str, **headers: str) -> Answer:
        body = {"resourceType": SCRATCH, "id": id_, "code": CODE, "identifier": [{"value": text}]}
        return self.server.ask("PUT", f"{SCRATCH}/{id_}", body, headers=headers)

    def create(self, text: str, **headers: str) -> Answer:
        body = {
            "resourceType": SCRATCH,
            "code": CODE,
            "identifier": [{"system": UUID_SYSTEM, "value": text}],
        }
        answer = self.server.ask("POST", SCRATCH, body, headers=headers)
        if answer.ok and isinstance(answer.body.get("id"), str):
            self.made.append(answer.body["id"])
        return answer


def probe(server: Server) -> Found:
    """Ask it all. What was made is taken away again. Raises `SyncTrouble` where the server cannot be used."""
    named = server.expect("GET", "metadata")
    if named.body.get("resourceType") != "CapabilityStatement":
        raise SyncTrouble("That is no FHIR server.", "Give its base address, e.g. …/R4.", again=False)
    one = _Probe(server, [])
    try:
        return _found(one, named)
    finally:
        for key in (*(f"{SCRATCH}/{id_}" for id_ in dict.fromkeys(one.made)), *one.others):
            server.ask("DELETE", key)


def _found(one: _Probe, named: Answer) -> Found:
    software = named.body.get("software")
    name = software if isinstance(software, dict) else {}
    own = str(uuid4())
    first = one.put(own, own)
    put_creates = first.status in {200, 201} and first.body.get("id", own) == own
    if put_creates:
        one.made.append(own)
    else:
        first = one.create(own)
        if not first.ok:
            raise trouble(first, "A first resource")
        own = one.made[-1]
    etag = one.server.expect("GET", f"{SCRATCH}/{own}").etag
    second = one.put(own, "second", **{"If-Match": etag})
    if not second.ok:
        raise trouble(second, "A second version")
    stale = one.put(own, "stale", **{"If-Match": etag})
    second_first = one.put(own, "again", **{"If-None-Match": "*"})
    apart = int((named.at - one.server.now()).total_seconds()) if named.at else 0
    in_batch, batch_apart = _batch(one, own, etag)
    return Found(
        software=clean(f"{name.get('name', '')} {name.get('version', '')}")[:60],
        fhir=clean(str(named.body.get("fhirVersion", "")))[:12],
        put_creates=put_creates,
        refuses_stale=stale.status in {409, 412},
        stale_in_batch=in_batch,
        batch_apart=batch_apart,
        create_once=_once(one),
        create_refused=second_first.status in THERE_ALREADY,
        by_time=_by_time(one, own),
        carrier=_carrier(one, put_creates=put_creates),
        page=_page(one),
        seconds_apart=apart,
    )


def _batch(one: _Probe, own: str, stale: str) -> tuple[bool, bool]:
    """(a stale entry is refused, a good one beside it goes through)."""
    kept = str(uuid4())
    good: dict[str, Any] = {
        "request": {"method": "POST", "url": SCRATCH},
        "resource": {"resourceType": SCRATCH, "code": CODE, "identifier": [{"value": kept}]},
    }
    bad = {
        "request": {"method": "PUT", "url": f"{SCRATCH}/{own}", "ifMatch": stale},
        "resource": {"resourceType": SCRATCH, "id": own, "code": CODE},
    }
    answer = one.server.ask("POST", "", {"resourceType": "Bundle", "type": "batch", "entry": [bad, good]})
    entries = answer.body.get("entry")
    if not answer.ok or not isinstance(entries, list) or len(entries) != 2:
        return False, False
    statuses = [
        str(entry.get("response", {}).get("status", "")) for entry in entries if isinstance(entry, dict)
    ]
    made = id_given(entries[1]) if isinstance(entries[1], dict) else ""
    if made:
        one.made.append(made)
    return statuses[0][:3] in {"409", "412"}, statuses[1][:1] == "2"


def _once(one: _Probe) -> bool:
    mark = f"urn:uuid:{uuid4()}"
    asked = {"If-None-Exist": f"identifier={UUID_SYSTEM}|{mark}"}
    answers = [one.create(mark, **asked) for _ in range(2)]
    if not all(answer.ok for answer in answers):
        return False
    return len({answer.body.get("id") for answer in answers}) == 1


def _by_time(one: _Probe, own: str) -> bool:
    """Nothing of ours is from the far future: a server that gives it all the same did not look."""
    answer = one.server.ask("GET", SCRATCH, params={"_lastUpdated": "gt2999-01-01T00:00:00Z", "_id": own})
    return answer.ok and not answer.body.get("entry")


def _carrier(one: _Probe, *, put_creates: bool) -> str:
    """The first kind of resource that comes back as it went, by its id and by what it belongs to."""
    content, group = os.urandom(CARRIED_BYTES), f"probe-{uuid4()}"
    for kind in CARRIERS:
        id_ = str(uuid4())
        body = carried(kind, id_, group, content)
        if put_creates:
            answer = one.server.ask("PUT", f"{kind}/{id_}", body)
        else:
            answer = one.server.ask("POST", kind, {name: it for name, it in body.items() if name != "id"})
        there = answer.body.get("id", id_)
        if not answer.ok:
            continue
        one.others.append(f"{kind}/{there}")
        again = one.server.ask("GET", f"{kind}/{there}")
        if again.ok and content_of(again.body) == content and _shows(one, kind, group, content):
            return kind
    return ""


def _shows(one: _Probe, kind: str, group: str, content: bytes) -> bool:
    """Whether it is found by what it belongs to; many servers take a moment till a search knows of it."""
    for _ in range(SHOWS_WITHIN):
        listed = one.server.ask("GET", f"{kind}?{in_group(group)}")
        entries = listed.body.get("entry") or ()
        if [content_of(entry.get("resource")) for entry in entries if isinstance(entry, dict)] == [content]:
            return True
        time.sleep(1)
    return False


def _page(one: _Probe) -> int:
    answer = one.server.ask("GET", SCRATCH, params={"_count": "1"})
    links = answer.body.get("link")
    more = (
        [link for link in links if isinstance(link, dict) and link.get("relation") == "next"]
        if isinstance(links, list)
        else []
    )
    entries = answer.body.get("entry")
    return len(entries) if more and isinstance(entries, list) else 0
