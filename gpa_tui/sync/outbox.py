"""What of a date has reached the server, what has not, and why: one sealed file a date, replaced whole.

A resource is told by its kind and id, and what was sent of it by the hash of its content; the content itself
is made anew from the log. Killed at any moment, what was answered and not yet written down is sent once more,
and the server has it once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from gpa_tui.errors import NotSaved
from gpa_tui.records.base import Record
from gpa_tui.store.files import Modes
from gpa_tui.store.vault import Keyring
from gpa_tui.sync.backoff import Held
from gpa_tui.sync.frame import Resource
from gpa_tui.sync.sealed import sync_file

State = Literal["sent", "refused"]
SAMPLE = 3  # of what was sent, to see whether it is still there


class Item(Record):
    """What came of one resource. `there`: the id that the server gave, where it keeps none of ours."""

    sha256: str
    state: State
    at: AwareDatetime
    there: str = ""
    etag: str = ""  # of what two may write: the version that we wrote,
    ours: Resource = Field(default_factory=dict)  # what we said then,
    body: Resource = Field(default_factory=dict)  # and what was there after it
    of: str = ""  # the patient's name
    status: int = 0
    words: str = ""  # of the server, where it refused


RETIRED = {
    "Encounter": "entered-in-error",
    "QuestionnaireResponse": "entered-in-error",
    "Task": "entered-in-error",
    "Communication": "entered-in-error",
    "DiagnosticReport": "entered-in-error",
    "DocumentReference": "entered-in-error",
}
"""By kind, the status of what was sent and does not hold any more: what it was made of was taken back."""


def retirable(resource: Resource) -> Resource:
    """What is kept of one that was sent, to say later that it does not hold: all but a file's content."""
    kept: Resource = json.loads(json.dumps(resource))
    for one in kept.get("content", ()) if kept["resourceType"] == "DocumentReference" else ():
        one["attachment"].pop("data", None)
    return kept


_ITEMS = TypeAdapter(dict[str, Item])


def key_of(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def content_hash(resource: Resource) -> str:
    text = json.dumps(resource, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Outbox:
    """Of one date and one server. Nothing is on the disk until `save`."""

    def __init__(self, home: Path, on: date, server: str, keys: Keyring, modes: Modes | None = None) -> None:
        self._file = sync_file(home, f"{on.isoformat()}.sent", server, keys, modes)
        self.items: dict[str, Item] = self._read()
        self.held = Held()
        self.salts: dict[str, str] = {}  # by key, what else than its content makes it to be sent anew
        self._hashes: dict[int, tuple[Resource, str]] = {}

    def left(self, resources: Iterable[Resource]) -> Iterator[Resource]:
        """What is still to be sent: new, or changed since."""
        for resource in resources:
            known = self.items.get(key_of(resource))
            if known is None or known.sha256 != self._hash(resource):
                yield resource

    def try_again(self, keys: Iterable[str]) -> None:
        """What of these was refused is to be sent once more."""
        for key in self.refused.keys() & set(keys):
            self.items[key] = self.items[key].model_copy(update={"sha256": ""})

    def sample(self) -> list[str]:
        """A few of what is there, as the server calls them: where all are gone, all is."""
        sent = [(key, item) for key, item in self.items.items() if item.state == "sent" and item.sha256]
        few = sent[:: max(1, len(sent) // SAMPLE)][:SAMPLE]
        return [f"{key.partition('/')[0]}/{item.there or key.partition('/')[2]}" for key, item in few]

    def to_retire(self, made: Collection[str]) -> Iterator[Resource]:
        """Of what was sent and is not among `made` any more, what says that it does not hold."""
        for key, item in self.items.items():
            kind, _, id_ = key.partition("/")
            if key not in made and kind in RETIRED and item.ours and item.state == "sent":
                yield {"resourceType": kind, "id": id_, **item.ours, "status": RETIRED[kind]}

    def forget_made(self) -> None:
        """What was made before is not asked about again."""
        self._hashes.clear()

    def note(self, resource: Resource, state: State, at: datetime, **more: Any) -> None:
        """What came of one, as it now is."""
        self.held.let_go(key_of(resource))
        self.items[key_of(resource)] = Item(
            **{"sha256": self._hash(resource), "state": state, "at": at, **more}
        )

    def _hash(self, resource: Resource) -> str:
        """Of one resource it is worked out once, however often it is asked for while it is sent."""
        known = self._hashes.get(id(resource))
        if known is None or known[0] is not resource:
            hashed = content_hash(resource) + self.salts.get(key_of(resource), "")
            known = self._hashes[id(resource)] = (resource, hashed)
        return known[1]

    @property
    def refused(self) -> dict[str, Item]:
        return {key: item for key, item in self.items.items() if item.state == "refused"}

    def save(self) -> None:
        """Raises `NotSaved`."""
        try:
            self._file.write(_ITEMS.dump_json(self.items))
        except OSError as error:
            raise NotSaved(
                f"What was sent could not be noted: {error.strerror or error}.",
                "It is sent once more the next time; the server keeps it once.",
            ) from error

    def _read(self) -> dict[str, Item]:
        """Nothing, where it cannot be read: then all is sent once more, and the server keeps it once."""
        try:
            return _ITEMS.validate_json(self._file.read() or b"{}")
        except ValidationError:
            return {}
