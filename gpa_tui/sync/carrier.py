"""Bytes of ours in a resource of the server's: what hosts of one practice say to each other, sealed.

Which kind of resource carries them is what `probe` found to come back as it went. The server sees whose they
are and how long; not what they say.
"""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlencode

from gpa_tui.sync.codes import UUID_SYSTEM
from gpa_tui.sync.frame import Resource

CARRIERS = ("Basic", "DocumentReference", "Communication")
"""Tried in this order."""
GROUP, CODE = "urn:gpa-tui:group", "urn:gpa-tui:kind"
BOX = "urn:gpa-tui:box"
KIND: Resource = {"coding": [{"system": CODE, "code": "sealed"}], "text": "Sealed entries of gpa-tui"}


def carried(kind: str, id_: str, group: str, content: bytes) -> Resource:
    """`content` as a resource of this kind; `group` is what is asked for to find all that belong together."""
    made: Resource = {
        "resourceType": kind,
        "id": id_,
        "identifier": [
            {"system": UUID_SYSTEM, "value": f"urn:uuid:{id_}"},
            {"system": GROUP, "value": group},
        ],
    }
    box = base64.b64encode(content).decode()
    if kind == "Basic":
        return made | {"code": KIND, "extension": [{"url": BOX, "valueBase64Binary": box}]}
    if kind == "DocumentReference":
        attachment = {"contentType": "application/octet-stream", "data": box}
        return made | {"status": "current", "type": KIND, "content": [{"attachment": attachment}]}
    return made | {"status": "completed", "category": [KIND], "payload": [{"contentString": box}]}


def content_of(resource: Any) -> bytes | None:
    """What one carries; None for anything that is not as we wrote it."""
    try:
        if resource["resourceType"] == "Basic":
            (box,) = (one["valueBase64Binary"] for one in resource["extension"] if one.get("url") == BOX)
        elif resource["resourceType"] == "DocumentReference":
            box = resource["content"][0]["attachment"]["data"]
        else:
            box = resource["payload"][0]["contentString"]
        return base64.b64decode(box, validate=True)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return None


def our_id(resource: Resource) -> str:
    """The id that we gave it, whatever the server calls it."""
    for one in resource.get("identifier") or ():
        value = str(one.get("value", "")) if isinstance(one, dict) else ""
        if isinstance(one, dict) and one.get("system") == UUID_SYSTEM and value.startswith("urn:uuid:"):
            return value.removeprefix("urn:uuid:")
    return ""


def in_group(group: str) -> str:
    """The search for all of a group."""
    return urlencode({"identifier": f"{GROUP}|{group}"})
