"""One owner for each task that is accepted in two stores: whoever's claim was first at the server."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from gpa_tui.records.base import StaffId
from gpa_tui.records.event import ClaimLost, Said
from gpa_tui.session.registry import Registry
from gpa_tui.session.tasks import Task
from gpa_tui.store import seal
from gpa_tui.sync.carrier import content_of
from gpa_tui.sync.client import SyncTrouble
from gpa_tui.sync.frame import resource_id
from gpa_tui.sync.shelf import Shelf


def claim_id(task: Task) -> str:
    """Each time that it is passed on it can be claimed anew."""
    return resource_id(task.id, "claim", str(task.passed_on))


class Claims:
    """Of one store. `key` is what paired stores share."""

    def __init__(self, shelf: Shelf, registry: Registry, key: bytes, practice: str, origin: str) -> None:
        self._shelf, self._registry, self._key = shelf, registry, key
        self._group, self._origin = f"{practice}/claims", origin

    def unclaimed(self, claimed: Collection[str]) -> list[Task]:
        """What was accepted here and is not among those claimed; none where one alone cannot be told."""
        standing = self._registry.standing
        if not (self._shelf.found.claims and standing.hosts):
            return []
        return [
            task
            for task in standing.tasks.values()
            if task.accepted_in == self._origin and task.open and claim_id(task) not in claimed
        ]

    def claim(self, task: Task) -> None:
        """Claimed for us, or said to be another's. Raises `SyncTrouble`, `StoreError`, OSError."""
        claim = claim_id(task)
        mine = {"origin": self._origin, "staff": task.accepted_staff, "name": task.accepted_by}
        content = seal.close(self._key, json.dumps(mine).encode(), claim.encode())
        owner = self._opened(self._shelf.first(self._shelf.made(claim, self._group, content)), claim)
        if owner["origin"] != self._origin:
            lost = ClaimLost(what=task.what, owner=owner["name"], staff=StaffId(owner["staff"]))
            self._registry.do(lambda _: [Said(data=lost, about=task.id, patient=task.patient)])

    def _opened(self, resource: Mapping[str, object], claim: str) -> dict[str, str]:
        try:
            found = json.loads(seal.open_(self._key, content_of(resource) or b"", claim.encode()))
            return {name: str(found[name]) for name in ("origin", "staff", "name")}
        except (seal.CannotOpen, ValueError, KeyError, TypeError) as error:
            words = "What stands in place of a claim cannot be read."
            raise SyncTrouble(words, again=True, answered=True) from error
