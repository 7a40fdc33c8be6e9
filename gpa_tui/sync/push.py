"""Sends what is left of a date: in batches, an answer for each entry, patient with a server that is away.

Every resource of ours has one writer and an id that is always the same: a PUT that is sent twice is there
once. To a server that gives ids of its own it is a create with If-None-Exist, and references follow the ids
that it gave. A refused entry is parked with the server's words and never holds the others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from gpa_tui.sync.backoff import HOWEVER_OFTEN, LONGEST, MOST_TRIES, seconds_after
from gpa_tui.sync.client import (
    AGAIN,
    Answer,
    Server,
    SyncTrouble,
    TooSlow,
    as_entry,
    id_given,
    is_of_size,
    status_of,
    trouble,
    words_of,
)
from gpa_tui.sync.codes import UUID_SYSTEM
from gpa_tui.sync.frame import WITHOUT_IDENTIFIER, Resource
from gpa_tui.sync.outbox import RETIRED, Item, Outbox, key_of, retirable
from gpa_tui.sync.probe import Found
from gpa_tui.sync.pull import by_id
from gpa_tui.sync.two_writers import (
    NOT_COMPARED,
    TWO_WRITERS,
    as_written,
    but_for,
    changed,
    compared,
    differing,
    etag_of,
    short,
    written_in,
)

MOST_ENTRIES, MOST_BYTES = 50, 500_000  # of a batch
TRIES = 6
OFTEN = timedelta(seconds=1)
MOST_SLOW = 2  # requests without an answer in time before the server is left alone
CREATED = 201
BUSY = frozenset({429, 503})  # answers that are of the server, and not of the entry
TURNS = 4  # of reading and writing one, where somebody writes all the time
STALE = 412
CONFLICT = 409
WANTS_MATCH = frozenset({400, 412, 428})
NOT_OF_ONE = frozenset({401, 403, 409, 413})
"""Answers to a transaction that no entry of it is the cause of."""


class SomeLeft(SyncTrouble):
    """Entries that were answered and are to be tried again; whether none of several went."""

    none_went = False


How = Literal["batch", "transaction", "single"]
"""Entries with an answer each; all of a group or none, where the server keeps our ids; one request each."""


@dataclass
class Report:
    """What came of one sending."""

    sent: int = 0
    refused: int = 0
    left: int = 0
    requests: int = 0
    stopped: str = ""  # why it did not go on, where it did not
    wait: float | None = None  # seconds that the server asks us to wait then
    answered: bool = False  # it was there, and answered: what it did not take is held, each by itself


@dataclass
class Sender:
    """One date on its way to one server. `wait` sleeps, `tell` says how far it is."""

    server: Server
    found: Found
    outbox: Outbox
    now: Callable[[], datetime]
    wait: Callable[[float], object]
    tell: Callable[[int, int], None] = lambda *_: None
    how: How = "batch"
    tries: int = TRIES
    names: Mapping[str, str] = field(default_factory=dict)  # of the patient, by key
    report: Report = field(default_factory=Report)

    def send(self, resources: Sequence[Resource]) -> Report:
        """Raises nothing of the server: what is left, and why, is in the report. Raises `NotSaved`."""
        now = self.now()
        waiting = [one for one in self.outbox.left(resources) if self.outbox.held.is_due(key_of(one), now)]
        whole, done, saved = len(waiting), 0, now
        slow = 0
        try:
            self._meet(waiting)
        except SyncTrouble as error:
            self.report.stopped, self.report.wait = str(error), error.wait
        for group in self._groups(waiting, resources) if not self.report.stopped else ():
            try:
                self._group(group)
            except SomeLeft as error:
                self.report.wait = error.wait
                if error.wait is not None or error.none_went:  # the server, not one entry of many
                    self.report.stopped, self.report.answered = str(error), True
                    break
            except SyncTrouble as error:
                self.report.stopped, self.report.wait = str(error), error.wait
                slow += 1
                if slow >= MOST_SLOW or not isinstance(error, TooSlow) or error.wait is not None:
                    break
            done += len(group)
            self.tell(min(done, whole), whole)
            if self.now() - saved >= OFTEN:  # what is not noted when it is killed is sent once more
                self.outbox.save()
                saved = self.now()
        if waiting:
            self.outbox.save()
        self.report.left = sum(1 for _ in self.outbox.left(resources))
        return self.report

    def _groups(self, waiting: Sequence[Resource], all_: Sequence[Resource]) -> Iterator[list[Resource]]:
        """What waits; then what was found to be there already, by ids of the server's own, as it now is."""
        yield from _batches(waiting, apart=not self.found.put_creates)
        if not self.found.put_creates:
            found = {key for key, item in self.outbox.items.items() if item.there and not item.sha256}
            yield from _batches([one for one in all_ if key_of(one) in found], apart=True)

    def _group(self, group: Sequence[Resource]) -> None:
        """One batch; halved where it is too large or too slow, tried again where that may help."""
        left = list(group)
        for attempt in self._tries():
            with attempt:
                self._once(left)

    def _once(self, left: list[Resource]) -> None:
        """Sends these; where some are to be tried again `left` holds them alone, and it raises."""
        if not self.found.refuses_stale:
            self._look_first(left)
        if not left:
            return
        if self._singly:
            whole = len(left)
            again, wait = self._one_by_one(left)
        else:
            whole = len(left)
            try:
                answer = self._ask(left)
            except SyncTrouble as error:
                if not self._smaller(left, error):
                    raise
                return
            again, wait = self._take(left, answer), answer.wait
        if again:
            left[:] = again
            trouble_ = SomeLeft("The server is busy.", again=True, wait=wait)
            trouble_.none_went = len(again) == whole > 1
            raise trouble_

    @property
    def _singly(self) -> bool:
        return self.how == "single" or not self.found.batch_apart

    def _smaller(self, left: Sequence[Resource], error: SyncTrouble) -> bool:
        """Whether the same went in two halves: what is too large at once, too slow, or cannot be read by the
        server for one entry's sake. The one that is left is parked."""
        if not is_of_size(error):
            return False
        if len(left) == 1:
            if isinstance(error, TooSlow):
                return False
            self._refuse(left[0], error.status, error.reason)
            return True
        middle = len(left) // 2
        self._once(list(left[:middle]))
        self._once(list(left[middle:]))
        return True

    def _one_by_one(self, left: list[Resource]) -> tuple[list[Resource], float | None]:
        """A request each; what is done leaves `left`. What is to be tried again, and after how long."""
        again: list[Resource] = []
        while left:
            answer = self._alone(left[0])
            if answer.status in {401, 403}:
                raise trouble(answer, key_of(left[0]))
            resource = left.pop(0)
            if self._settle(resource, as_entry(answer)):
                again.append(resource)
                if answer.wait is not None:
                    return [*again, *left], answer.wait
        return again, None

    def _alone(self, resource: Resource) -> Answer:
        """By itself; a server that wants If-Match for what is there already is given it."""
        entry = self._entry(resource)
        request, body = entry["request"], entry["resource"]
        self.report.requests += 1
        answer = self.server.alone(entry)
        for _ in range(TURNS):
            if request["method"] != "PUT" or "ifMatch" in request or answer.status not in WANTS_MATCH:
                break
            self.report.requests += 2
            there = self.server.ask("GET", request["url"])
            if not (there.ok and there.etag):
                break
            answer = self.server.ask("PUT", request["url"], body, headers={"If-Match": there.etag})
        return answer

    def _ask(self, left: Sequence[Resource]) -> Answer:
        self.report.requests += 1
        entries = [self._entry(one) for one in left]
        whole = self.how == "transaction" and not any("ifNoneExist" in one["request"] for one in entries)
        kind = "transaction" if whole else "batch"
        answer = self.server.ask("POST", "", {"resourceType": "Bundle", "type": kind, "entry": entries})
        if whole and 400 <= answer.status < 500 and answer.status not in {*AGAIN, *NOT_OF_ONE}:
            self.report.requests += 1  # one of them is not taken: by a batch it is found which
            answer = self.server.ask(
                "POST", "", {"resourceType": "Bundle", "type": "batch", "entry": entries}
            )
        if answer.status == CONFLICT:  # a race within the server: nothing of ours has another writer
            raise SyncTrouble("The server is busy.", again=True, wait=answer.wait, status=answer.status)
        if not answer.ok:
            raise trouble(answer, "A batch")
        return answer

    def _entry(self, resource: Resource) -> Resource:
        id_ = resource["id"]
        known = self.outbox.items.get(key_of(resource))
        match = {"ifMatch": known.etag} if known is not None and known.etag else {}
        if self.found.put_creates:
            request = {"method": "PUT", "url": key_of(resource), **match}
            return {"resource": self._as_sent(resource), "request": request}
        body, by = self._as_sent(resource), "identifier"
        if resource["resourceType"] in WITHOUT_IDENTIFIER:
            tag = {"system": UUID_SYSTEM, "code": f"urn:uuid:{id_}"}
            body, by = body | {"meta": {**body.get("meta", {}), "tag": [tag]}}, "_tag"
        if known is not None and known.there:
            url = f"{resource['resourceType']}/{known.there}"
            return {"resource": body | {"id": known.there}, "request": {"method": "PUT", "url": url, **match}}
        request = {"method": "POST", "url": resource["resourceType"]}
        request["ifNoneExist"] = f"{by}={UUID_SYSTEM}|urn:uuid:{id_}"
        return {"resource": {name: value for name, value in body.items() if name != "id"}, "request": request}

    def _as_sent(self, resource: Resource) -> Resource:
        return as_written(self._upon_theirs(resource))

    def _upon_theirs(self, resource: Resource) -> Resource:
        """As it is sent: of what two may write, our changes since the last time upon what is there."""
        ours = resource if self.found.put_creates else self._with_their_ids(resource)
        known = self.outbox.items.get(key_of(resource))
        if known is None or not known.body:
            return ours
        fresh = set(changed(known.ours, ours))
        mine = {name: value for name, value in ours.items() if name in fresh or name in NOT_COMPARED}
        return {"resourceType": ours["resourceType"], **but_for(known.body, fresh), **mine}

    def _with_their_ids(self, resource: Resource) -> Resource:
        """References to what the server gave ids of its own, by those ids."""
        text = json.dumps(resource)
        for key, item in self.outbox.items.items():
            if item.there:
                text = text.replace(
                    f'"reference": "{key}"', f'"reference": "{key.split("/")[0]}/{item.there}"'
                )
        found = json.loads(text)
        assert isinstance(found, dict), "a resource"
        return found

    def _take(self, left: Sequence[Resource], answer: Answer) -> list[Resource]:
        """Notes what came of each; gives those that may go through later."""
        entries = answer.body.get("entry")
        if not isinstance(entries, list) or len(entries) != len(left):
            raise SyncTrouble("The server did not answer each entry.", again=True)
        return [one for one, entry in zip(left, entries, strict=True) if self._settle(one, entry)]

    def _settle(self, resource: Resource, entry: Any) -> bool:
        """Notes what came of one; whether it may go through later."""
        status = status_of(entry)
        outcome = entry["response"].get("outcome") if status else None
        words = words_of(outcome) if isinstance(outcome, dict) else ""
        if status in AGAIN or status in {0, CONFLICT}:
            tries = self.outbox.held.again(key_of(resource), self.now())
            if tries < MOST_TRIES or status in BUSY:
                return True
            self._refuse(resource, status, words or HOWEVER_OFTEN)
        elif status == STALE and resource["resourceType"] in TWO_WRITERS:
            return self._written_by_another(resource)
        elif 200 <= status < 300:
            self._is_there(resource, entry, status)
        else:
            self._refuse(resource, status, words)
        return False

    def _is_there(self, resource: Resource, entry: Resource, status: int) -> None:
        """A create that found one there says nothing of its content: that is looked at, or written over."""
        known = self.outbox.items.get(key_of(resource))
        there = known.there if known is not None else ""
        if self.found.put_creates or there or status == CREATED:
            two = self._of_two(resource, str(entry["response"].get("etag") or ""))
            given = "" if self.found.put_creates else there or id_given(entry)
            self.outbox.note(resource, "sent", self.now(), there=given, **two)
            self.report.sent += 1
            return
        self.outbox.note(resource, "sent", self.now(), there=id_given(entry), sha256="")
        if resource["resourceType"] in TWO_WRITERS:
            self._written_by_another(resource)

    def _meet(self, waiting: list[Resource]) -> None:
        """What two may write is looked at before it is first written: another store, or we, may have."""
        if self.found.put_creates:
            unknown = [one for one in waiting if one["resourceType"] in TWO_WRITERS and not self._etag(one)]
            for attempt in self._tries():
                with attempt:
                    self._look(waiting, {key_of(one): one for one in unknown})

    def _look_first(self, left: list[Resource]) -> None:
        """A server that writes over anything: what two may write is looked at each time."""
        known = [one for one in left if one["resourceType"] in TWO_WRITERS and self._etag(one)]
        there = {key_of(one): self.outbox.items[key_of(one)].there or one["id"] for one in known}
        self._look(left, {f"{one['resourceType']}/{there[key_of(one)]}": one for one in known})

    def _look(self, left: list[Resource], at: Mapping[str, Resource]) -> None:
        """Compares with what is there, by the server's keys; what is parked for it leaves `left`."""
        if at:
            self.report.requests += 1
        for key, status, there in by_id(self.server, at):
            resource, etag = at[key], etag_of(there)
            unchanged = self._etag(resource) == etag
            if status == 200 and etag and not unchanged and not self._compare(resource, there, etag):
                left.remove(resource)

    def _etag(self, resource: Resource) -> str:
        known = self.outbox.items.get(key_of(resource))
        return known.etag if known is not None else ""

    def _written_by_another(self, resource: Resource) -> bool:
        """Since we wrote it, somebody else did, or before we did; whether it is tried again."""
        known = self.outbox.items.get(key_of(resource))
        id_ = known.there if known is not None and known.there else resource["id"]
        self.report.requests += 1
        there = self.server.ask("GET", f"{resource['resourceType']}/{id_}")
        if not there.ok or not there.etag:
            return True
        return self._compare(resource, there.body, there.etag)

    def _compare(self, resource: Resource, there: Resource, etag: str) -> bool:
        """Ours with what is there; whether it is to be sent.

        Three ways, by field: what they changed and we did not is taken along; the same on both sides is none;
        what one of our own stores wrote, as it says in it, is written over; else it is parked with both
        values, and goes over theirs only when somebody says so.
        """
        key, known = key_of(resource), self.outbox.items.get(key_of(resource))
        ours = compared(resource if self.found.put_creates else self._with_their_ids(resource))
        theirs, written = compared(there), written_in(there)
        by_them = {name for name, value in theirs.items() if written.get(name) != short(value)}
        by_them |= {name for name in written if name not in theirs}
        if not written:
            by_them = set(changed(known.body if known is not None else ours, theirs))
        base = known.ours if known is not None and known.ours else but_for(theirs, by_them)
        by_us = set(changed(base, ours))
        both = {name for name in by_us & by_them if ours.get(name) != theirs.get(name)}
        id_ = "" if self.found.put_creates else str(there.get("id", ""))
        if not any(ours.get(name) != theirs.get(name) for name in by_us):
            more = {"etag": etag, "ours": ours, "body": theirs}
            self.outbox.note(resource, "sent", self.now(), there=id_, **more)
            self.report.sent += 1
            return False
        kept = Item(sha256="", state="sent", at=self.now(), there=id_, etag=etag, ours=base, body=theirs)
        self.outbox.items[key] = kept
        if not both:
            return True
        words = [differing(name, ours.get(name), theirs.get(name)) for name in sorted(both)]
        self._refuse(resource, STALE, f"Changed there by somebody else: {'; '.join(words)}")
        return False

    def _of_two(self, resource: Resource, etag: str) -> dict[str, Any]:
        """What is kept of what may be retired; of what two may write also the version and what was there."""
        kind = resource["resourceType"]
        if kind not in TWO_WRITERS:
            return {"ours": retirable(resource)} if kind in RETIRED else {}
        ours = resource if self.found.put_creates else self._with_their_ids(resource)
        return {"etag": etag, "ours": compared(ours), "body": compared(self._upon_theirs(resource))}

    def _refuse(self, resource: Resource, status: int, words: str) -> None:
        key = key_of(resource)
        known, of = self.outbox.items.get(key), self.names.get(key, "")
        kept = known.model_dump(include={"there", "etag", "ours", "body"}) if known is not None else {}
        self.outbox.note(resource, "refused", self.now(), status=status, words=words, of=of, **kept)
        self.report.refused += 1

    def _tries(self) -> Iterable[Any]:
        def how_long(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked = error.wait if isinstance(error, SyncTrouble) else None
            return asked if asked is not None else seconds_after(state.attempt_number)

        def is_worth_it(error: BaseException) -> bool:
            return isinstance(error, SyncTrouble) and error.again and (error.wait or 0) <= LONGEST

        def sleep(seconds: float) -> None:
            self.wait(seconds)

        return Retrying(
            retry=retry_if_exception(is_worth_it),
            stop=stop_after_attempt(self.tries),
            wait=how_long,
            sleep=sleep,
            reraise=True,
        )


def _batches(resources: Iterable[Resource], *, apart: bool) -> Iterator[list[Resource]]:
    """In their order, as many in one as may be; `apart`: nothing with what it refers to in the same."""
    group: list[Resource] = []
    size = 0
    for resource in resources:
        text = json.dumps(resource)
        refers = apart and any(f'"reference": "{key_of(one)}"' in text for one in group)
        if group and (refers or len(group) == MOST_ENTRIES or size + len(text) > MOST_BYTES):
            yield group
            group, size = [], 0
        group.append(resource)
        size += len(text)
    if group:
        yield group
