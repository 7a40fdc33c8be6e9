"""What of a date has reached the server, what has not, and why: one sealed file a date, replaced whole.

A resource is told by its kind and id, and what was sent of it by the hash of its content; the content itself
is made anew from the log. Killed at any moment, what was answered and not yet written down is sent once more,
and the server has it once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from gpa_tui.errors import NotSaved
from gpa_tui.records.base import Record
from gpa_tui.store.files import Modes
from gpa_tui.store.vault import Keyring
from gpa_tui.sync.frame import Resource
from gpa_tui.sync.sealed import sync_file

State = Literal["sent", "refused"]


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

    def forget_made(self) -> None:
        """What was made before is not asked about again."""
        self._hashes.clear()

    def note(self, resource: Resource, state: State, at: datetime, **more: Any) -> None:
        """What came of one, as it now is."""
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
