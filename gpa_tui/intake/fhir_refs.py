"""Which resource of the file a FHIR reference means (R4, sections 2.3 "References" and Bundle "Resolving
references"): contained, by full URL, relative to its own server, or by a business identifier.

Two patients must never be taken for each other: a reference that could mean two resources means none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

from gpa_tui.intake.fhir_file import Entry


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference as it stood; empty where it said nothing."""

    reference: str = ""
    kind: str = ""
    system: str = ""
    value: str = ""
    display: str = ""


def ref_of(raw: object) -> Ref:
    """The reference in a JSON object; an empty one where there is none."""
    if not isinstance(raw, dict):
        return Ref()
    identifier = raw.get("identifier")
    identifier = identifier if isinstance(identifier, dict) else {}
    return Ref(
        reference=_text(raw.get("reference")),
        kind=_text(raw.get("type")).rpartition("/")[2],
        system=_text(identifier.get("system")),
        value=_text(identifier.get("value")),
        display=_text(raw.get("display")),
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def kind_of(ref: Ref) -> str:
    """The type of resource a reference names, as far as it says so itself."""
    parts = _without_version(ref.reference).partition("?")[0].split("/")
    if ref.reference.startswith(("#", "urn:")) or not ref.reference:
        return ref.kind
    return parts[-2] if len(parts) > 1 else parts[0]


class References:
    """All resources of a file, by every way a reference can name them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_url: defaultdict[str, list[Entry]] = defaultdict(list)
        self._by_id: defaultdict[str, list[Entry]] = defaultdict(list)
        self._by_identifier: defaultdict[tuple[str, str, str], list[Entry]] = defaultdict(list)
        for entry in entries:
            if entry.full_url:
                self._by_url[_url(entry.full_url)].append(entry)
            if entry.id:
                self._by_id[f"{entry.kind}/{entry.id}"].append(entry)
            for system, value in _identifiers(entry):
                self._by_identifier[entry.kind, system, value].append(entry)

    def find(self, ref: Ref, holder: Entry) -> Entry | None:
        """The resource that `ref`, standing in `holder`, means; None when it is not in the file."""
        found = self._by_reference(ref, holder)
        if found is None and ref.value:
            kind = ref.kind or kind_of(ref)
            kinds = [kind] if kind else ["Patient", "Practitioner", "Location"]
            matches = [
                entry
                for each in kinds
                for entry in self._by_identifier.get((each, ref.system.casefold(), _folded(ref.value)), ())
            ]
            found = _only(matches)
        return found

    def _by_reference(self, ref: Ref, holder: Entry) -> Entry | None:
        name = _without_version(ref.reference)
        if not name:
            return None
        if name.startswith("#"):
            return _contained(name[1:], holder.holder or holder)
        if "?" in name:
            return self._by_query(name)
        if name.startswith("urn:"):
            return _only(self._by_url.get(_url(name), []))
        return self._by_path(name, holder.holder or holder)

    def _by_path(self, name: str, holder: Entry) -> Entry | None:
        absolute = "://" in name
        if not absolute and "://" in holder.full_url:
            own = _url(holder.full_url).removesuffix(_url(f"/{holder.kind}/{holder.id}"))
            same_server = self._by_url.get(f"{own}/{_url(name)}", [])
            if same_server:
                return _only(same_server)
        if absolute and (exact := self._by_url.get(_url(name), [])):
            return _only(exact)
        matches = self._by_id.get("/".join(name.split("/")[-2:]), [])
        if absolute:  # the resource of another server is another resource
            matches = [entry for entry in matches if "://" not in entry.full_url]
        return _only(matches)

    def _by_query(self, name: str) -> Entry | None:
        """A conditional reference, `Patient?identifier=system|value`."""
        kind, _, query = name.partition("?")
        wanted = parse_qs(query).get("identifier", [""])[0]
        system, _, value = unquote(wanted).rpartition("|")
        return _only(self._by_identifier.get((kind, system.casefold(), _folded(value)), []))


def _only(entries: list[Entry]) -> Entry | None:
    """The one entry meant; the same resource twice is one."""
    if entries and all(entry.raw == entries[0].raw for entry in entries):
        return entries[0]
    return None


def _contained(name: str, holder: Entry) -> Entry | None:
    contained = holder.raw.get("contained")
    for raw in contained if isinstance(contained, list) else ():
        if isinstance(raw, dict) and raw.get("id") == name and isinstance(raw.get("resourceType"), str):
            return Entry(row=holder.row, full_url="", raw=raw, holder=holder)
    return None


def _identifiers(entry: Entry) -> Iterable[tuple[str, str]]:
    identifiers = entry.raw.get("identifier")
    for each in identifiers if isinstance(identifiers, list) else ():
        if isinstance(each, dict) and (value := _text(each.get("value"))) and each.get("use") != "old":
            yield _text(each.get("system")).casefold(), _folded(value)


def _without_version(reference: str) -> str:
    return reference.partition("/_history/")[0]


def _url(text: str) -> str:
    scheme, mark, rest = _without_version(text).rstrip("/").partition("://")
    if mark:
        host, slash, path = rest.partition("/")
        return f"{scheme.casefold()}://{host.casefold()}{slash}{path}"
    return text.casefold() if text.casefold().startswith("urn:") else text.rstrip("/")


def _folded(value: str) -> str:
    return value.replace(" ", "").casefold()
