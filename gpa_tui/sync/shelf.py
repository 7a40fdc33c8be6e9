"""Where the stores of a practice put things for each other at its server, and find them by their own ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gpa_tui.sync.carrier import GROUP, carried, our_id
from gpa_tui.sync.client import Server, SyncTrouble, id_given, is_of_size, status_of, trouble
from gpa_tui.sync.codes import UUID_SYSTEM
from gpa_tui.sync.frame import Resource
from gpa_tui.sync.probe import THERE_ALREADY, Found
from gpa_tui.sync.pull import by_id, search

SEARCHED_AT_ONCE = 20  # of a server that gives ids of its own


@dataclass
class Shelf:
    """One server. All of it raises `SyncTrouble`."""

    server: Server
    found: Found

    def made(self, id_: str, group: str, content: bytes) -> Resource:
        """`content` as it is put there."""
        return carried(self.found.carrier, id_, group, content)

    def put(self, resources: Sequence[Resource], known: Mapping[str, str] | None = None) -> dict[str, str]:
        """Puts them there, once. Gives the server's ids, where they are its own; `known`: those it gave."""
        kind, entries = self.found.carrier, []
        for one in resources:
            id_ = one["id"] if self.found.put_creates else (known or {}).get(one["id"], "")
            if id_:
                request = {"method": "PUT", "url": f"{kind}/{id_}"}
                entries.append({"resource": one | {"id": id_}, "request": request})
            else:
                request = {"method": "POST", "url": kind, "ifNoneExist": _by_our_id(one["id"])}
                entries.append({"resource": _without_id(one), "request": request})
        ids = {}
        for one, entry in zip(resources, self.server.batch(entries), strict=True):
            status = status_of(entry)
            if not 200 <= status < 300:
                words = f"An entry for the other hosts came back with {status}."
                raise SyncTrouble(words, again=True, status=status)
            if not self.found.put_creates:
                ids[one["id"]] = id_given(entry)
        return ids

    def put_all(self, resources: Sequence[Resource]) -> None:
        """The same, in halves where it is too much at once."""
        try:
            self.put(resources)
        except SyncTrouble as error:
            if len(resources) == 1 or not is_of_size(error):
                raise
            middle = len(resources) // 2
            self.put_all(resources[:middle])
            self.put_all(resources[middle:])

    def replace(self, resource: Resource, known: str) -> str:
        """In place of what was there of this id; gives the server's id, where that is its own.

        A create that finds one there leaves it as it was: then it is written over by the id that it has.
        """
        id_ = resource["id"]
        there = self.put([resource], {id_: known} if known else {}).get(id_, "")
        if there and not known:
            there = self.put([resource], {id_: there}).get(id_, "") or there
        return there

    def first(self, resource: Resource) -> Resource:
        """What of this id is there once we have tried: ours, or that of whoever was before us."""
        kind, id_ = self.found.carrier, resource["id"]
        if self.found.put_creates:
            answer = self.server.ask("PUT", f"{kind}/{id_}", resource, headers={"If-None-Match": "*"})
        else:
            once = {"If-None-Exist": _by_our_id(id_)}
            answer = self.server.ask("POST", kind, _without_id(resource), headers=once)
        if not (answer.ok or answer.status in THERE_ALREADY):
            raise trouble(answer, "A claim")
        there = self.find([id_]).get(id_)
        if there is None:
            raise SyncTrouble("A claim does not show yet.", again=True, answered=True)
        return there

    def find(self, ids: Sequence[str]) -> dict[str, Resource]:
        """Of these, what is there."""
        kind = self.found.carrier
        if self.found.put_creates:
            found = by_id(self.server, [f"{kind}/{id_}" for id_ in ids])
            return {key.partition("/")[2]: one for key, status, one in found if status == 200}
        there: dict[str, Resource] = {}
        for at in range(0, len(ids), SEARCHED_AT_ONCE):
            asked = ",".join(f"{UUID_SYSTEM}|urn:uuid:{id_}" for id_ in ids[at : at + SEARCHED_AT_ONCE])
            there |= {our_id(one): one for one in search(self.server, kind, ("identifier", asked))}
        return {id_: there[id_] for id_ in ids if id_ in there}

    def of_group(self, group: str) -> dict[str, Resource]:
        """All that belong together, by our ids."""
        found = search(self.server, self.found.carrier, ("identifier", f"{GROUP}|{group}"))
        return {our_id(one): one for one in found}


def _by_our_id(id_: str) -> str:
    return f"identifier={UUID_SYSTEM}|urn:uuid:{id_}"


def _without_id(resource: Resource) -> Resource:
    return {name: value for name, value in resource.items() if name != "id"}
