"""What the stores of one practice say to each other over its FHIR server: their journals, line by line.

Each line travels as it was written and signed, closed with its journal's key under the key that paired stores
share. A head of each store says how far its journals are; it is signed by that store's machine. What is not
signed by a paired store, or does not follow, is not taken, and it is said why. Our own head tells whether the
server still has what it had.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field, ValidationError

from gpa_tui.clock import Clock
from gpa_tui.errors import JournalDamaged, NewerFormat
from gpa_tui.records.base import Record
from gpa_tui.records.event import Said
from gpa_tui.records.facts_sync import HostPaired
from gpa_tui.records.staff import DEVICE
from gpa_tui.session.hosts import Identity, Pair, identity, signers
from gpa_tui.session.registry import Registry
from gpa_tui.store import seal
from gpa_tui.store.chain import Head
from gpa_tui.store.journal import STANDING
from gpa_tui.store.practice import Practice
from gpa_tui.store.replica import Replica
from gpa_tui.store.vault import Keyring
from gpa_tui.store.verify import is_signed
from gpa_tui.sync.backoff import Held
from gpa_tui.sync.carrier import content_of, our_id
from gpa_tui.sync.claims import Claims, claim_id
from gpa_tui.sync.client import SyncTrouble
from gpa_tui.sync.frame import Resource, resource_id
from gpa_tui.sync.sealed import sync_file
from gpa_tui.sync.shelf import Shelf
from gpa_tui.sync.state import Host
from gpa_tui.text import clean

AT_ONCE = 50  # lines in one request
MOST_BYTES = 300_000  # of lines in one request, before they are closed
TWICE = 2  # times that our head must be found missing before it is believed
WIPED = (
    "The server does not have what it had: it was wiped or restored. Nothing is sent to it until an "
    "administrator says so: gpa-tui sync refill"
)


class Posted(Record):
    """What of ours is there. Kept sealed; where it is lost all is put there once more, and is there once."""

    journals: dict[str, int] = Field(default_factory=dict)
    seq: int = 0
    head: str = ""  # the server's id of our head, where it keeps none of ours
    said: str = ""  # of what our head was made last
    heard: dict[str, int] = Field(default_factory=dict)  # the highest number of each other store's head
    claimed: tuple[str, ...] = ()


class JournalHead(Record):
    """How far one journal is, and its first line."""

    n: int
    hash: str
    header: str


class HeadBody(Record):
    """What a store's head says."""

    identity: Identity
    seq: int
    at: datetime
    journals: dict[str, JournalHead]
    hosts: tuple[Identity, ...]


@dataclass
class Exchange:
    """One store among those of its practice. `pair` is what they share."""

    practice: Practice
    keys: Keyring
    clock: Clock
    shelf: Shelf
    registry: Registry
    pair: Pair
    hosts: dict[str, Host] = field(default_factory=dict)
    missing: int = 0  # times in a row that our head was not there
    held: Held = field(default_factory=Held)  # journals and claims that the server did not take,
    troubles: dict[str, str] = field(default_factory=dict)  # and what it said of them
    _replicas: dict[tuple[str, str], Replica] = field(default_factory=dict)

    def __post_init__(self) -> None:
        key = seal.raw(self.pair.key)
        self._lines_key, self._heads_key = seal.derive(key, "lines"), seal.derive(key, "heads")
        info = self.practice.info
        self._claims = Claims(self.shelf, self.registry, self._heads_key, info.practice, info.origin)
        self._file = sync_file(
            self.practice.home, "posted", self.shelf.server.config.base, self.keys, self.practice.modes
        )
        try:
            self.posted = Posted.model_validate_json(self._file.read() or b"{}")
        except ValidationError:
            self.posted = Posted()

    @property
    def lost(self) -> bool:
        """Whether the server has not what it had."""
        return self.missing >= TWICE

    def forget(self) -> None:
        """All is to be put there anew. Raises OSError."""
        self._keep(Posted(seq=self.posted.seq))
        self.missing = 0

    def close(self) -> None:
        for replica in self._replicas.values():
            replica.close()

    # ── out ───────────────────────────────────────────────────────────────────────────────────

    def publish(self, heads: Mapping[str, Head]) -> bool:
        """What of these journals is not there yet, then our head; whether anything was put there.

        Raises `SyncTrouble`, OSError.
        """
        wrote = False
        now = self.clock.now()
        for name in _urgent_first(heads):
            there, n = self.posted.journals.get(name, 0), heads[name][0]
            if n > there and self.held.is_due(name, now):
                try:
                    self._publish_lines(name, there, n)
                    self._let_go(name)
                except SyncTrouble as error:
                    self._hold(name, error)
                wrote = True
        known = {name: head for name, head in heads.items() if self.posted.journals.get(name, 0) >= head[0]}
        said = self._said(known)
        if said != self.posted.said:
            self._publish_head(known, said)
            wrote = True
        return wrote

    def _hold(self, what: str, error: SyncTrouble) -> None:
        """An answer, if no good one: nothing else is held by it."""
        if error.away:
            raise error
        self.held.again(what, self.clock.now())
        self.troubles[what] = str(error)

    def _let_go(self, what: str) -> None:
        self.held.let_go(what)
        self.troubles.pop(what, None)

    def _publish_lines(self, name: str, there: int, until: int) -> None:
        lines = self.practice.lines(name)[: until + 1]
        for part in _parts([(n, lines[n]) for n in range(there + 1, until + 1)]):
            self.shelf.put_all([self._line(name, n, line) for n, line in part])
            journals = {**self.posted.journals, name: part[-1][0]}
            self._keep(self.posted.model_copy(update={"journals": journals}))

    def _line(self, name: str, n: int, line: bytes) -> Resource:
        origin = self.practice.info.origin
        key = self.keys.data_key(json.loads(line)["epoch"], self.practice.journal_id(name))
        content = json.dumps({"line": line.decode(), "key": seal.text(key)}).encode()
        closed = seal.close(self._lines_key, content, _bound_line(origin, name, n))
        return self.shelf.made(line_id(origin, name, n), f"{origin}/{name}", closed)

    def _said(self, heads: Mapping[str, Head]) -> str:
        ours = identity(self.practice, self.pair.name)
        hosts = sorted(self.registry.standing.hosts)
        return seal.derive(
            self._heads_key, json.dumps([ours.fingerprint, hosts, {n: list(h) for n, h in heads.items()}])
        ).hex()

    def _publish_head(self, heads: Mapping[str, Head], said: str) -> None:
        journals = {}
        for name, (n, hash_) in heads.items():
            lines = self.practice.lines(name)
            if lines:
                journals[name] = JournalHead(n=n, hash=hash_, header=lines[0].decode())
        body = HeadBody(
            identity=identity(self.practice, self.pair.name),
            seq=self.posted.seq + 1,
            at=self.clock.now(),
            journals=journals,
            hosts=tuple(
                Identity(origin=one.origin, name=one.name, keys=one.keys)
                for one in self.registry.standing.hosts.values()
            ),
        ).model_dump_json()
        device = self.keys.device
        signed = {"body": body, "by": device.id, "sig": seal.text(device.sign(body.encode()))}
        origin = self.practice.info.origin
        content = seal.close(self._heads_key, json.dumps(signed).encode(), self._bound_head)
        resource = self.shelf.made(head_id(origin), self._group, content)
        there = self.shelf.replace(resource, self.posted.head)
        # noted after: what is there may be newer than what is known of it, and never older
        done = {"seq": self.posted.seq + 1, "head": there, "said": said}
        self._keep(self.posted.model_copy(update=done))

    def _keep(self, posted: Posted) -> None:
        self.posted = posted
        self._file.write(posted.model_dump_json().encode())

    # ── in ────────────────────────────────────────────────────────────────────────────────────

    def poll(self, names: Sequence[str], *, widely: bool) -> bool:
        """What the others have said of these journals; whether anything was new.

        `widely`: also what stores say that are not known here.

        Raises `SyncTrouble`, `StoreError`, OSError.
        """
        ours = self.practice.info.origin
        for origin in self.registry.standing.unpaired:
            if origin in self.hosts and self.hosts[origin].paired:
                del self.hosts[origin]  # let go since
        heads = self.shelf.find([head_id(origin) for origin in (ours, *self.registry.standing.hosts)])
        if widely:
            heads = self.shelf.of_group(self._group) | heads
        self._look_at_own(heads.pop(head_id(ours), None))
        new = False
        for resource in heads.values():
            new = self._hear(resource, names) or new
        return new

    def _look_at_own(self, resource: Resource | None) -> None:
        opened = self._opened(resource) if resource is not None else None
        seq = opened[0].seq if opened is not None else -1
        if not self.posted.said:  # we begin, or what we had put there is forgotten: later than it we go on
            if opened is not None and seq > self.posted.seq and self._is_ours(*opened[1:]):
                self._keep(self.posted.model_copy(update={"seq": seq}))
            return
        self.missing = self.missing + 1 if seq < self.posted.seq else 0

    def _is_ours(self, by: str, signature: str, signed: bytes) -> bool:
        device = self.keys.device
        public = device.private.public_key().public_bytes_raw()
        return by == device.id and is_signed(public, signature, signed)

    def _opened(self, resource: Resource) -> tuple[HeadBody, str, str, bytes] | None:
        """(what a head says, the key that it says signed it, signature, what is signed); None: not ours."""
        content = content_of(resource)
        try:
            if content is None:
                return None
            signed = json.loads(seal.open_(self._heads_key, content, self._bound_head))
            body = HeadBody.model_validate_json(signed["body"])
            return body, signed["by"], str(signed["sig"]), signed["body"].encode()
        except (seal.CannotOpen, ValueError, KeyError, TypeError, RecursionError):
            return None

    def _hear(self, resource: Resource, names: Sequence[str]) -> bool:
        """One store's head, and what it has of these journals that is not here."""
        known = self.registry.standing.hosts
        origin = next((one for one in known if head_id(one) == our_id(resource)), "")
        opened = self._opened(resource)
        if opened is None:
            self._note(origin or clean(our_id(resource))[:8], trouble="What it says was altered.")
            return False
        body, by, signature, signed = opened
        said = body.identity
        if head_id(said.origin) != our_id(resource):
            self._note(clean(our_id(resource))[:8], trouble="It says that it is another.")
            return False
        host = known.get(said.origin)
        if host is None:
            gone = said.origin in self.registry.standing.unpaired
            asking = Host(
                origin=said.origin,
                name=clean(said.name),
                heard=body.at,
                paired=False,
                fingerprint=said.fingerprint,
                trouble="It was let go of: nothing that it says is taken." if gone else "",
            )
            self.hosts[said.origin] = asking.model_copy(update={"identity": said.model_dump_json()})
            return False
        if not _is_of_machine(host, by, signature, signed):
            self._note(said.origin, trouble="What it says is not signed by it.")
            return False
        if body.seq < self.posted.heard.get(said.origin, 0):
            self._note(said.origin, trouble="The server shows an older word of it.")
            return False
        if body.seq > self.posted.heard.get(said.origin, 0):
            self._keep(self.posted.model_copy(update={"heard": {**self.posted.heard, said.origin: body.seq}}))
        new = self._trust(host, body)
        troubled = ""
        for name in names:
            try:
                if name in body.journals and self._catch_up(host, name, body.journals[name]):
                    new = True
            except (JournalDamaged, NewerFormat) as error:
                troubled = error.reason
        ahead = body.at - self.clock.now()
        if not troubled and ahead > CLOCKS_APART:
            troubled = f"Its clock is {int(ahead.total_seconds() // 60)} min ahead."
        self._note(said.origin, name=said.name, heard=body.at, trouble=troubled, paired=True)
        return new

    def _note(self, origin: str, **more: Any) -> None:
        host = self.hosts.get(origin) or Host(origin=origin, name=more.get("name", origin))
        self.hosts[origin] = host.model_copy(
            update={name: clean(value) if isinstance(value, str) else value for name, value in more.items()}
        )

    def _trust(self, host: HostPaired, body: HeadBody) -> bool:
        """New people of a store that counts; and stores that it knows, unless they were let go of here."""
        standing, ours = self.registry.standing, self.practice.info.origin
        said = [
            Said(data=one.paired(host.origin))
            for one in body.hosts
            if one.origin not in {ours, *standing.hosts, *standing.unpaired}
        ]
        if body.identity.keys != host.keys or body.identity.name != host.name:
            said.append(Said(data=body.identity.paired(host.origin)))
        if said:
            self.registry.do(lambda _: said)
        return bool(said)

    def _catch_up(self, host: HostPaired, name: str, head: JournalHead) -> bool:
        replica = self._replica(host.origin, name)
        before = replica.commits
        whose = signers(host.keys)
        if before < 0:
            replica.take([head.header.encode()], {}, whose)
        while replica.commits < head.n:
            first = replica.commits + 1
            wanted = range(first, min(first + AT_ONCE, head.n + 1))
            there = self.shelf.find([line_id(host.origin, name, n) for n in wanted])
            lines: list[bytes] = []
            keys: dict[int, bytes] = {}
            for n in wanted:
                resource = there.get(line_id(host.origin, name, n))
                if resource is None:
                    break  # it does not show yet
                line, key = self._opened_line(resource, host.origin, name, n)
                lines.append(line)
                keys[json.loads(line)["epoch"]] = key
            if not lines:
                break
            replica.take(lines, keys, whose)
        return replica.commits > before

    def _opened_line(self, resource: Resource, origin: str, name: str, n: int) -> tuple[bytes, bytes]:
        content = content_of(resource)
        try:
            if content is None:
                raise seal.CannotOpen
            found = json.loads(seal.open_(self._lines_key, content, _bound_line(origin, name, n)))
            line = found["line"].encode()
            int(json.loads(line)["epoch"])
            return line, seal.raw(found["key"])
        except (seal.CannotOpen, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise JournalDamaged(
                f"{name}: save {n} was altered on its way: it is not taken.", line=n + 1
            ) from error

    def _replica(self, origin: str, name: str) -> Replica:
        if (origin, name) not in self._replicas:
            self._replicas[origin, name] = Replica(self.practice, origin, name, self.keys)
        return self._replicas[origin, name]

    # ── claims ────────────────────────────────────────────────────────────────────────────────

    def claim(self) -> bool:
        """What was accepted here is claimed at the server, where one alone can: the first has it.

        Raises `SyncTrouble`, `StoreError`, OSError.
        """
        now = self.clock.now()
        found = [one for one in self._claims.unclaimed(self.posted.claimed) if self.held.is_due(one.id, now)]
        for task in found:
            try:
                self._claims.claim(task)
            except SyncTrouble as error:
                self._hold(task.id, error)
                continue
            self._let_go(task.id)
            self._keep(self.posted.model_copy(update={"claimed": (*self.posted.claimed, claim_id(task))}))
        return bool(found)

    # ── names ─────────────────────────────────────────────────────────────────────────────────

    @property
    def _group(self) -> str:
        return f"{self.practice.info.practice}/heads"

    @property
    def _bound_head(self) -> bytes:
        """Who it is stands in it, signed."""
        return f"{self.practice.info.practice} head".encode()


def _urgent_first(names: Collection[str]) -> list[str]:
    """The latest day, with its escalations, then tasks, then the days before."""
    days = sorted((name for name in names if name != STANDING), reverse=True)
    return [*days[:1], *(name for name in names if name == STANDING), *days[1:]]


CLOCKS_APART = timedelta(minutes=5)


def _parts(lines: Sequence[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    """As many in one request as may be, by number and by length."""
    part: list[tuple[int, bytes]] = []
    size = 0
    for n, line in lines:
        if part and (len(part) == AT_ONCE or size + len(line) > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append((n, line))
        size += len(line)
    if part:
        yield part


def head_id(origin: str) -> str:
    return resource_id(origin, "head")


def line_id(origin: str, name: str, n: int) -> str:
    return resource_id(f"{origin}/{name}", "line", str(n))


def _bound_line(origin: str, name: str, n: int) -> bytes:
    return f"{origin}/{name}/{n}".encode()


def _is_of_machine(host: HostPaired, by: str, signature: str, signed: bytes) -> bool:
    """Whether the machine of that store signed it, with a key that it is known by."""
    whose = signers(host.keys).get(by)
    return whose is not None and whose[0] == DEVICE and is_signed(whose[1], signature, signed)
