"""Small lists for the tests of intake: CSV tables and FHIR bundles, and the reading of them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from gpa_tui.intake.daylist import DayList, read_list
from gpa_tui.settings import PracticeSettings

ON = date(2026, 11, 22)  # a Sunday in winter: local time is UTC
PRACTICE = "elm-tree"
SHIPPED_LISTS = Path(__file__).parents[2] / "fixtures" / "lists"
NUMBER = "9990000018"
OTHER_NUMBER = "9990000026"
NHS = "https://fhir.nhs.uk/Id/nhs-number"

PLAIN = {
    "AppointmentId": "a1",
    "Date": "2026-11-22",
    "Start": "08:40",
    "Clinician": "Dr N Patel",
    "Given": "Grace",
    "Family": "Okonkwo",
    "Born": "1954-04-12",
    "NhsNumber": NUMBER,
    "Reason": "Back pain",
}
EMIS = {
    "SlotGuid": "{AAAA-1}",
    "AppointmentDate": "46348",
    "AppointmentStartTime": "0.361111111111111",
    "PlannedDurationInMinutes": "10",
    "PatientGuid": "{PPPP-1}",
    "SlotStatus": "Booked",
    "SlotType": "GP review",
    "ModeOfContact": "Face to face",
    "IsBlocked": "FALSE",
    "Deleted": "FALSE",
    "Description": "Dr N Patel",
    "Title": "Mrs",
    "GivenName": "Grace",
    "MiddleNames": "",
    "Surname": "Okonkwo",
    "DateOfBirth": "12/04/1954",
    "Sex": "F",
    "NhsNumber": NUMBER,
}

Resource = dict[str, Any]


def read(
    path: Path, content: bytes | str, *, on: date = ON, demo: bool = True, csv_map: str | None = None
) -> DayList:
    """What intake makes of `content`, written to the file `path`."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_list(
        path,
        settings=PracticeSettings(name="Elm Tree Surgery"),
        practice=PRACTICE,
        on=on,
        demo=demo,
        csv_map=csv_map,
    )


def table(*rows: Mapping[str, str], separator: str = ",") -> str:
    """Rows as CSV, each cell quoted; the first row's keys are the headings."""
    headings = list(rows[0])
    lines = [separator.join(headings)]
    lines += [separator.join(_cell(row[name]) for name in headings) for row in rows]
    return "\r\n".join(lines) + "\r\n"


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def plain(**changes: str) -> dict[str, str]:
    return PLAIN | changes


def emis(**changes: str) -> dict[str, str]:
    return EMIS | changes


# ── FHIR ──────────────────────────────────────────────────────────────────────────────────────


def patient(identifier: str = "p1", number: str | None = NUMBER, /, **changes: Any) -> Resource:
    found: Resource = {
        "resourceType": "Patient",
        "id": identifier,
        "name": [{"use": "official", "family": "Okonkwo", "given": ["Grace"], "prefix": ["Mrs"]}],
        "gender": "female",
        "birthDate": "1954-04-12",
    }
    if number is not None:
        found["identifier"] = [{"system": NHS, "value": number}]
    return _changed(found, changes)


def appointment(identifier: str = "a1", /, of: Any = "Patient/p1", **changes: Any) -> Resource:
    reference = of if isinstance(of, dict) else {"reference": of}
    found: Resource = {
        "resourceType": "Appointment",
        "id": identifier,
        "status": "booked",
        "start": "2026-11-22T09:00:00Z",
        "participant": [
            {"actor": reference, "status": "accepted"},
            {"actor": {"reference": "Practitioner/dr", "display": "Dr N Patel"}, "status": "accepted"},
        ],
    }
    return _changed(found, changes)


def _changed(found: Resource, changes: Mapping[str, Any]) -> Resource:
    """`changes` laid over a resource; None takes a field away."""
    return {key: value for key, value in (found | dict(changes)).items() if value is not None}


def practitioner(**changes: Any) -> Resource:
    return _changed({"resourceType": "Practitioner", "id": "dr", "name": [{"text": "Dr N Patel"}]}, changes)


def about(kind: str, identifier: str = "x1", /, **changes: Any) -> Resource:
    """A clinical resource of a patient."""
    subject = "patient" if kind == "AllergyIntolerance" else "subject"
    return _changed({"resourceType": kind, "id": identifier, subject: {"reference": "Patient/p1"}}, changes)


def coded(code: str, text: str = "") -> Resource:
    found: Resource = {"coding": [{"system": "http://snomed.info/sct", "code": code}]}
    return found | ({"text": text} if text else {})


def bundle(*resources: Resource, kind: str = "searchset", base: str = "https://elm.example/R4") -> Resource:
    entries = [
        {"fullUrl": f"{base}/{each['resourceType']}/{each['id']}", "resource": each}
        if base and "id" in each
        else {"resource": each}
        for each in resources
    ]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def read_bundle(path: Path, *resources: Resource, on: date = ON, demo: bool = True) -> DayList:
    return read(path, json.dumps(bundle(*resources)), on=on, demo=demo)


def names(day_list: DayList) -> list[str]:
    return [row.patient.name.listed for row in day_list.appointments]


def reasons(day_list: DayList) -> list[tuple[str, str, str]]:
    return [(row.row, row.field, row.reason) for row in day_list.rejected]


def controls_in(day_list: DayList) -> set[str]:
    """The control, bidi and escape characters in all text of a list, but for the raw content of its rows."""
    shown = day_list.model_dump(mode="json")
    for row in (*shown["rejected"], *shown["sources"]):
        del row["content"]
    found = {char for text in _texts(shown) for char in text if unicodedata.category(char)[0] == "C"}
    return found - {"\u200c", "\u200d"}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def said(notes: Iterable[str], *words: str) -> bool:
    """True when one of the notes has all the words in it."""
    return any(all(word in note for word in words) for note in notes)
