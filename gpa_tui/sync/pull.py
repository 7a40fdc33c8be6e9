"""One date as the practice's server has it: its appointments, with all that they refer to.

No filter of a server is believed: what comes is filtered again here, what is missing is read by its id before
it is called gone, and what we made ourselves is an echo and left out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from gpa_tui.intake.fhir_list import read_fhir
from gpa_tui.intake.ids import appointment_id
from gpa_tui.intake.listing import DayList, Listing
from gpa_tui.records.base import AppointmentId
from gpa_tui.sync.client import Answer, Server, SyncTrouble, status_of, trouble
from gpa_tui.sync.codes import UUID_SYSTEM
from gpa_tui.sync.frame import Resource

CLINICAL = {
    "AllergyIntolerance": "allergies",
    "Flag": "needs",
    "MedicationStatement": "medicines",
    "MedicationRequest": "medicines",
}
"""What is asked of each patient, and what of the list it is."""
PATIENTS_AT_ONCE = 20  # in one search: an address is not to grow past 2,000 characters
IDS_AT_ONCE = 50
PAGE = 200
MOST_PAGES = 100
OVERLAP = timedelta(seconds=30)
STRICT = {"Prefer": "handling=strict"}
GONE = frozenset({404, 410})
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")


@dataclass
class ServerDay:
    """All that a server said of one date."""

    on: date
    resources: dict[str, Resource] = field(default_factory=dict)  # by `Type/id`
    etags: dict[str, str] = field(default_factory=dict)  # of those that were read one by one
    gone: list[str] = field(default_factory=list)  # ids of appointments that are of this date no more
    carries: set[str] = field(default_factory=set)  # what was asked and answered
    refused: list[str] = field(default_factory=list)  # kinds that the server does not let us see
    at: datetime | None = None  # the server's own time, when it was asked

    @property
    def appointments(self) -> list[Resource]:
        return [one for one in self.resources.values() if one["resourceType"] == "Appointment"]

    def add(self, resource: Resource) -> None:
        """Unless it is ours, coming back, or has no id that could be one."""
        id_ = resource.get("id")
        if not is_ours(resource) and isinstance(id_, str) and _ID.fullmatch(id_):
            self.resources[f"{resource['resourceType']}/{resource['id']}"] = resource


def is_ours(resource: Resource) -> bool:
    """Whether this program made it: an echo is never news."""
    identifiers = resource.get("identifier")
    listed = identifiers if isinstance(identifiers, list) else [identifiers]
    tags = resource.get("meta", {}).get("tag", []) if isinstance(resource.get("meta"), dict) else []
    return any(
        isinstance(one, dict) and one.get("system") == UUID_SYSTEM
        for one in (*listed, *(tags if isinstance(tags, list) else ()))
    )


def search(server: Server, kind: str, *params: tuple[str, str]) -> Iterator[Resource]:
    """Every resource of every page. Raises `SyncTrouble`."""
    for answer in pages(server, kind, *params):
        yield from in_bundle(answer.body)


def pages(server: Server, kind: str, *params: tuple[str, str]) -> Iterator[Answer]:
    """Every page of a search. Raises `SyncTrouble`."""
    path = f"{kind}?{urlencode([*params, ('_count', str(PAGE))])}"
    for _ in range(MOST_PAGES):
        answer = server.ask("GET", path, headers=STRICT)
        if not answer.ok or answer.body.get("resourceType") != "Bundle":
            raise trouble(answer, f"A search for {kind}")
        yield answer
        path = _next(answer.body)
        if not path:
            return
    raise SyncTrouble(f"The search for {kind} has over {MOST_PAGES} pages.", again=False)


def in_bundle(bundle: Resource) -> Iterator[Resource]:
    """The resources of a Bundle's entries, but for what says how the search went."""
    entries = bundle.get("entry")
    for entry in entries if isinstance(entries, list) else ():
        found = entry.get("resource") if isinstance(entry, dict) else None
        kind = found.get("resourceType") if isinstance(found, dict) else None
        if isinstance(found, dict) and isinstance(kind, str) and kind != "OperationOutcome":
            yield found


def _next(bundle: Resource) -> str:
    links = bundle.get("link")
    found = (
        link.get("url")
        for link in (links if isinstance(links, list) else ())
        if isinstance(link, dict) and link.get("relation") == "next"
    )
    return str(next(found, ""))


def by_id(server: Server, keys: Iterable[str]) -> Iterator[tuple[str, int, Resource]]:
    """(`Type/id`, status, resource) of each, many in one request."""
    wanted = list(keys)
    for at in range(0, len(wanted), IDS_AT_ONCE):
        part = wanted[at : at + IDS_AT_ONCE]
        entries = server.batch([{"request": {"method": "GET", "url": key}} for key in part])
        for key, entry in zip(part, entries, strict=True):
            body = entry.get("resource")
            whole = isinstance(body, dict) and isinstance(body.get("resourceType"), str)
            status = status_of(entry)
            yield key, 0 if status == 200 and not whole else status, body if isinstance(body, dict) else {}


def read_day(server: Server, on: date, zone: ZoneInfo, known: Collection[str]) -> ServerDay:
    """The whole date. `known` are the ids of appointments that were of it before. Raises `SyncTrouble`."""
    day = ServerDay(on)
    begin, end = _bounds(on, zone)
    dates = (("date", f"ge{begin.isoformat()}"), ("date", f"lt{end.isoformat()}"))
    included = tuple(("_include", f"Appointment:{who}") for who in ("patient", "practitioner", "location"))
    try:
        answers = list(pages(server, "Appointment", *dates, *included))
    except SyncTrouble as error:
        if error.status != 400:  # a server that knows no _include: what is missing is read below
            raise
        answers = list(pages(server, "Appointment", *dates))
    day.at = answers[0].at
    for one in (resource for answer in answers for resource in in_bundle(answer.body)):
        if one["resourceType"] != "Appointment" or _is_of(one, begin, end):
            day.add(one)
    there = {str(one["id"]) for one in day.appointments}
    for key, status, one in by_id(server, (f"Appointment/{id_}" for id_ in sorted(set(known) - there))):
        if status == 200 and _is_of(one, begin, end):
            day.add(one)
        elif status == 200 or status in GONE:
            day.gone.append(key.partition("/")[2])
        else:
            raise SyncTrouble(f"{key} came back with {status}.", again=True, status=status)
    _add_missing(server, day)
    _add_clinical(server, day)
    return day


def changed_since(
    server: Server, on: date, zone: ZoneInfo, since: datetime
) -> tuple[dict[str, str], datetime | None]:
    """(version by `Appointment/id` of what the date's appointments changed since, the server's own time).

    `since` is of the server's clock. Asked with an overlap: a change may show later than it was made.
    """
    begin, end = _bounds(on, zone)
    asked = (since - OVERLAP).isoformat()
    dates = (("date", f"ge{begin.isoformat()}"), ("date", f"lt{end.isoformat()}"))
    found: dict[str, str] = {}
    at = None
    for page in pages(server, "Appointment", *dates, ("_lastUpdated", f"ge{asked}")):
        at = at or page.at
        for one in in_bundle(page.body):
            meta = one.get("meta")
            if one["resourceType"] == "Appointment" and isinstance(meta, dict) and _is_of(one, begin, end):
                found[f"Appointment/{one.get('id')}"] = str(meta.get("versionId", ""))
    return found, at


def _bounds(on: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return datetime.combine(on, time(), zone), datetime.combine(on + timedelta(days=1), time(), zone)


def _is_of(appointment: Resource, begin: datetime, end: datetime) -> bool:
    """Of this date, as far as it says; one without a start is judged where the list is read."""
    try:
        start = datetime.fromisoformat(str(appointment["start"]))
        return begin <= start < end
    except (KeyError, ValueError, TypeError):
        return True


def _references(resource: Any) -> Iterator[str]:
    """Every `Type/id` of the same server that it refers to."""
    if isinstance(resource, list):
        for one in resource:
            yield from _references(one)
    elif isinstance(resource, dict):
        for name, value in resource.items():
            if name == "reference" and isinstance(value, str):
                parts = value.split("/_history")[0].split("/")
                if len(parts) == 2 and parts[0].isalpha():
                    yield value.split("/_history")[0]
            else:
                yield from _references(value)


_NEEDED = (
    "Patient/",
    "Practitioner/",
    "PractitionerRole/",
    "Location/",
    "HealthcareService/",
    "Slot/",
    "Schedule/",
)
_FOLLOWED = {
    "Appointment": ("participant", "slot"),
    "Slot": ("schedule",),
    "Schedule": ("actor",),
    "PractitionerRole": ("practitioner",),
}


def _add_missing(server: Server, day: ServerDay) -> None:
    """What the appointments refer to and the server did not send along; what it has not is left out."""
    asked: set[str] = set()
    for _ in range(4):  # an appointment's slot, its schedule, whose it is, and who that is
        wanted = {
            key
            for resource in day.resources.values()
            for name in _FOLLOWED.get(resource["resourceType"], ())
            for key in _references(resource.get(name))
            if key.startswith(_NEEDED) and key not in day.resources and key not in asked
        }
        if not wanted:
            return
        asked |= wanted
        for _, status, one in by_id(server, sorted(wanted)):
            if status == 200:
                day.add(one)


def _add_clinical(server: Server, day: ServerDay) -> None:
    """Allergies, flags and medicines of the patients; a kind that the server refuses is said to be so."""
    patients = sorted(key for key in day.resources if key.startswith("Patient/"))
    wanted = set(patients)
    missed = set()
    for kind, word in CLINICAL.items():
        try:
            for at in range(0, len(patients), PATIENTS_AT_ONCE):
                whose = ",".join(patients[at : at + PATIENTS_AT_ONCE])
                for one in search(server, kind, ("patient", whose)):
                    subject = one.get("patient", one.get("subject"))
                    if one["resourceType"] == kind and wanted & set(_references(subject)):
                        day.add(one)
        except SyncTrouble as error:
            if error.again or error.status in {0, 401}:
                raise
            day.refused.append(kind)
            missed.add(word)
        else:
            day.carries.add(word)
    day.carries -= missed


# ── as a list ─────────────────────────────────────────────────────────────────────────────────


def day_list(day: ServerDay, name: str, practice: str, zone: ZoneInfo, *, demo: bool) -> DayList:
    """The same as a list that was read from a file; `name` is what the server is called in the log."""
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": day.resources[key]} for key in sorted(day.resources)],
    }
    data = json.dumps(bundle, sort_keys=True).encode()
    listing = Listing(file=name, practice=practice, on=day.on, zone=zone, demo=demo)
    read_fhir(data, listing)
    listing.carries = {*day.carries}
    listing.whole = False  # who is gone is known by id
    gone = tuple(appointment_id(practice, day.on, id_) for id_ in day.gone)
    return listing.finish(hashlib.sha256(data).hexdigest()).model_copy(update={"gone": gone})


def references(day: ServerDay, listed: DayList, practice: str) -> dict[str, str]:
    """How the server calls what the list has: `Appointment/…` and `Patient/…` by our ids."""
    found: dict[str, str] = {}
    rows: Mapping[AppointmentId, Any] = {row.id: row for row in listed.appointments}
    for one in day.appointments:
        id_ = appointment_id(practice, day.on, str(one["id"]))
        row = rows.get(id_)
        if row is None:
            continue
        found[id_] = f"Appointment/{one['id']}"
        patients = [key for key in _references(one.get("participant")) if key.startswith("Patient/")]
        if len(set(patients)) == 1:
            found[row.patient.id] = patients[0]
    return found
