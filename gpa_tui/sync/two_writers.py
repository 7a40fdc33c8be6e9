"""What two may write: the practice's own system and we. By field, what is whose.

The last of our stores that wrote it says so in it, by a hash of each field: whoever reads it, another store
or one that lost its memory, sees which fields somebody else has changed since.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from gpa_tui.sync.frame import Resource
from gpa_tui.sync.outbox import content_hash
from gpa_tui.text import clean

TWO_WRITERS = frozenset({"Encounter", "Task"})
"""What the practice's own system may change too: never written over unseen."""
NOT_COMPARED = frozenset({"meta", "text", "id"})
"""What a server writes itself."""
WRITTEN = "urn:gpa-tui:written"
"""The extension in which the last of our stores that wrote it says so: a short hash of each field."""


def as_written(body: Resource) -> Resource:
    """Of what two may write, with what says that one of our stores wrote it so."""
    if body["resourceType"] not in TWO_WRITERS:
        return body
    hashes = {name: short(value) for name, value in compared(body).items()}
    mine = {"url": WRITTEN, "valueString": json.dumps(hashes, sort_keys=True, separators=(",", ":"))}
    return body | {"extension": [*_others(body), mine]}


def written_in(resource: Resource) -> dict[str, str]:
    """By field, the hash of what one of our stores wrote there last; nothing where it does not say."""
    for one in resource.get("extension") or ():
        if isinstance(one, dict) and one.get("url") == WRITTEN:
            try:
                found = json.loads(str(one.get("valueString")))
            except (ValueError, RecursionError):
                return {}
            return found if isinstance(found, dict) else {}
    return {}


def _others(resource: Resource) -> list[Resource]:
    found = resource.get("extension")
    return (
        [one for one in found if not (isinstance(one, dict) and one.get("url") == WRITTEN)]
        if isinstance(found, list)
        else []
    )


def short(value: Any) -> str:
    return content_hash({"value": value})[:12]


def but_for(resource: Resource, names: Collection[str]) -> Resource:
    return {name: value for name, value in resource.items() if name not in names}


def etag_of(resource: Resource) -> str:
    """The entity tag of what was read in a batch: of its version."""
    meta = resource.get("meta")
    version = meta.get("versionId") if isinstance(meta, dict) else None
    return f'W/"{version}"' if isinstance(version, str) and version.isascii() else ""


def compared(resource: Resource) -> Resource:
    """Without what a server writes itself, and what we say of ourselves."""
    found = but_for(resource, NOT_COMPARED)
    others = _others(resource)
    found.pop("extension", None)
    return found | ({"extension": others} if others else {})


def changed(before: Resource, now: Resource) -> Iterator[str]:
    """The fields that are another than before."""
    for name in {*before, *now} - NOT_COMPARED:
        if before.get(name) != now.get(name):
            yield name


def differing(name: str, ours: Any, theirs: Any) -> str:
    if isinstance(ours, str) and isinstance(theirs, str):
        return f"{name} {clean(ours)[:40]} here, {clean(theirs)[:40]} there"
    return f"{name} is another"
