"""A FHIR R4 file taken apart: a Bundle, a single resource, or NDJSON with one of them a line.

Only the outer shape is read here, so that one bad resource cannot cost the rest; what is in a
resource is checked where it is used (`fhir_model`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gpa_tui.errors import IntakeError
from gpa_tui.intake.fields import BadField, short
from gpa_tui.intake.listing import Listing, Origin

Raw = dict[str, Any]  # one JSON object as it stood in the file

_BUNDLES = {
    "searchset", "collection", "transaction", "batch", "document", "message",
    "transaction-response", "batch-response",
}  # fmt: skip
_DEEPEST = 2  # Bundles within one another
_BROKEN = "Export the list again; if it happens again, tell whoever looks after the practice's system."


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One resource of the file; `row` is its name for a person."""

    row: str
    full_url: str
    raw: Raw
    holder: Entry | None = None  # the resource it is contained in

    @property
    def kind(self) -> str:
        return str(self.raw.get("resourceType", ""))

    @property
    def id(self) -> str:
        found = self.raw.get("id")
        return found if isinstance(found, str) else ""

    @property
    def origin(self) -> Origin:
        return Origin(self.row, json.dumps(self.raw, ensure_ascii=False, separators=(",", ":")))


def read_entries(data: bytes, listing: Listing) -> list[Entry]:
    """The resources of a file. What has no resource in it is set aside, or noted, on the listing.

    Raises `IntakeError` when the file is not FHIR JSON.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return list(_from_lines(data, listing, "it is not in UTF-8"))
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        return list(_from_lines(data, listing, str(error)))
    if not isinstance(whole, dict) or not isinstance(whole.get("resourceType"), str):
        raise IntakeError("The file is JSON, but not a FHIR resource.", "Export it as a FHIR R4 Bundle.")
    if whole["resourceType"] != "Bundle":
        return [_entry("entry 1", "", whole)]
    if str(whole.get("type")) not in _BUNDLES:
        raise IntakeError(
            f"The file is a FHIR Bundle of the type “{short(str(whole.get('type')), 40)}”, which is no list.",
            "Export the list as a searchset or a collection.",
        )
    return list(_from_bundle(whole, listing, "", depth=1))


def _from_lines(data: bytes, listing: Listing, why_not_whole: str) -> Iterator[Entry]:
    """NDJSON. Raises `IntakeError` when no line is a resource: then it is one broken JSON file."""
    lines = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    found = [(number, line, _resource(line)) for number, line in lines]
    if not any(isinstance(resource, dict) for _, _, resource in found):
        raise IntakeError(f"The file is not whole, or not JSON: {short(why_not_whole)}.", _BROKEN)
    for number, line, resource in found:
        if isinstance(resource, str):
            raw_line = line.decode("utf-8", "replace").strip()
            listing.reject(BadField("line", resource), Origin(f"line {number}", raw_line), appointment=None)
        else:
            yield from _from_resource(resource, "", listing, f"line {number}", depth=0)


def _resource(line: bytes) -> Raw | str:
    """The resource on one line, or why there is none."""
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return "is not in UTF-8"
    except (ValueError, RecursionError) as error:
        return f"is not JSON: {error}"
    if isinstance(found, dict) and isinstance(found.get("resourceType"), str):
        return found
    return "is not a FHIR resource"


def _from_bundle(bundle: Raw, listing: Listing, before: str, *, depth: int) -> Iterator[Entry]:
    links = bundle.get("link")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("relation") == "next":
            listing.whole = False
            listing.notes.append(
                "The file is one page of a longer list: the rest is not in it, so nothing is marked as gone."
            )
    entries = bundle.get("entry")
    for number, entry in enumerate(entries if isinstance(entries, list) else (), 1):
        row = f"{before}entry {number}"
        if not isinstance(entry, dict):
            yield from _from_resource(entry, "", listing, row, depth=depth)
        elif _is_deletion(entry):
            listing.counts["Deletions in the file, passed over"] += 1
        elif entry.get("resource") is not None:
            full_url = entry.get("fullUrl")
            url = full_url if isinstance(full_url, str) else ""
            yield from _from_resource(entry["resource"], url, listing, row, depth=depth)


def _is_deletion(entry: Raw) -> bool:
    request = entry.get("request")
    return isinstance(request, dict) and request.get("method") == "DELETE"


def _from_resource(found: object, url: str, listing: Listing, row: str, *, depth: int) -> Iterator[Entry]:
    """The entries in one resource: itself, or those of a Bundle that answers one request of a batch."""
    if not isinstance(found, dict) or not isinstance(found.get("resourceType"), str):
        why = BadField("entry", "is not a FHIR resource")
    elif found["resourceType"] == "OperationOutcome":
        listing.notes.extend(_outcome(found))
        return
    elif found["resourceType"] != "Bundle":
        yield _entry(row, url, found)
        return
    elif depth < _DEEPEST and str(found.get("type")) in _BUNDLES:
        yield from _from_bundle(found, listing, f"{row}, ", depth=depth + 1)
        return
    else:
        why = BadField("entry", "is a FHIR Bundle that is no list")
    listing.reject(why, Origin(row, json.dumps(found, ensure_ascii=False)), appointment=None)


def _entry(row: str, full_url: str, raw: Raw) -> Entry:
    name = "/".join(str(raw[part]) for part in ("resourceType", "id") if part in raw)
    return Entry(row=f"{row} {short(name, 80)}", full_url=full_url, raw=raw)


def _outcome(resource: Raw) -> Iterator[str]:
    issues = resource.get("issue")
    for issue in issues if isinstance(issues, list) else ():
        if isinstance(issue, dict):
            details = issue.get("details")
            text = details.get("text") if isinstance(details, dict) else None
            words = text or issue.get("diagnostics") or issue.get("code") or "no reason given"
            severity = short(str(issue.get("severity", "note")), 20)
            yield f"The system that made the file says ({severity}): {short(str(words))}"
