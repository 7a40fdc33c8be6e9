"""A day's list from a FHIR server we did not write: what is there, what changes, what it leaves to us."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from clinic import DATE, DEVICE, NINE, a_desk, a_set
from real.fhir_server import FhirServer, fhir_server

from fixtures.demo_clinic import bundle
from gpa_tui.errors import Refused
from gpa_tui.intake.daylist import read_list
from gpa_tui.intake.ids import appointment_id
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.event import Event, ServerAsked
from gpa_tui.session import acts
from gpa_tui.store.practice import Practice
from gpa_tui.sync.arrive import take_day
from gpa_tui.sync.client import Server, SyncTrouble
from gpa_tui.sync.config import SyncConfig
from gpa_tui.sync.probe import Found, probe
from gpa_tui.sync.pull import ServerDay, day_list, read_day, references
from gpa_tui.sync.sealed import sync_file
from gpa_tui.sync.statuses import Bases, Statuses, Wrote

ZONE = ZoneInfo("Europe/London")
# whose ids our own resources get makes no difference here: these are the server's
KINDS: dict[str, tuple[str, ...]] = {
    "plain": (),
    "require If-Match": ("--require-if-match",),
    "uuid versions": ("--version-ids", "uuid"),
    "small pages": ("--page-size", "3", "--max-count", "3"),
}
Resource = dict[str, Any]


class Book:
    """The practice's own system: what stands in it, and a change of it by somebody there."""

    def __init__(self, url: str, on: date = DATE) -> None:
        self.url = url
        found = bundle(on, ZONE)["entry"]
        assert isinstance(found, list)
        self.resources = [entry["resource"] for entry in found]
        lines = "\n".join(json.dumps(one) for one in self.resources)
        httpx.post(f"{url.rsplit('/', 1)[0]}/_admin/load", content=lines).raise_for_status()

    def put(self, resource: Resource) -> None:
        key = f"{resource['resourceType']}/{resource['id']}"
        httpx.put(f"{self.url}/{key}", json=resource).raise_for_status()

    def of(self, kind: str) -> list[Resource]:
        return [one for one in self.resources if one["resourceType"] == kind]

    def now(self, key: str) -> Resource:
        found: Resource = httpx.get(f"{self.url}/{key}").raise_for_status().json()
        return found

    def patient_of(self, appointment: str) -> str:
        actors = [part["actor"] for part in self.now(f"Appointment/{appointment}")["participant"]]
        named = (str(one.get("reference", "")) for one in actors)
        return next(one for one in named if one.startswith("Patient/"))

    def change(self, key: str, **fields: Any) -> None:
        self.put(self.now(key) | fields)

    def delete(self, key: str) -> None:
        httpx.delete(f"{self.url}/{key}").raise_for_status()


class Station:
    """One store and the server: reads the day and takes it in, writes the statuses."""

    def __init__(self, practice: Practice, server: FhirServer) -> None:
        self.practice, self.url = practice, server.url
        self.machine = a_desk(practice, by=DEVICE)
        self.person = a_desk(practice)
        with Server(SyncConfig(url=server.url)) as asked:
            self.found = probe(asked)
        file = sync_file(practice.home, f"{DATE}.statuses", server.url, self.machine.bench.keys)
        self.bases = Bases(file)
        self.known: set[str] = set()

    def read(self) -> ServerDay:
        with Server(SyncConfig(url=self.url)) as server:
            return read_day(server, DATE, ZONE, self.known)

    def pull(self) -> list[Event]:
        day = self.read()
        listed = day_list(day, "the server", self.practice.info.practice, ZONE, demo=True)
        events = take_day(self.machine, listed)
        self.machine.refresh()
        self.person.refresh()
        names = references(day, listed, self.practice.info.practice)
        rows = {AppointmentId(id_): day.resources[key] for id_, key in names.items() if key in day.resources}
        self.bases.learn(
            self.machine.day, {id_: one for id_, one in rows.items() if one["resourceType"] == "Appointment"}
        )
        self.known = {str(one["id"]) for one in day.appointments}
        return events

    def write(self, found: Found | None = None) -> Wrote:
        self.machine.refresh()
        with Server(SyncConfig(url=self.url)) as server:
            wrote = Statuses(server, found or self.found, self.bases).write(
                self.machine.day, self.practice.info.origin, datetime.now(UTC)
            )
        for id_, ours, theirs in wrote.clashes:
            self.machine.do(
                partial(acts.note_clash, place=self.machine.place, appointment=id_, ours=ours, theirs=theirs)
            )
        self.person.refresh()
        return wrote

    def row(self, server_id: str) -> AppointmentId:
        return appointment_id(self.practice.info.practice, DATE, server_id)

    def move(self, row: AppointmentId, to: Stage) -> None:
        self.person.do(partial(acts.move, place=self.person.place, appointment=row, to=to))

    def close(self) -> None:
        self.machine.close()
        self.person.close()


@contextmanager
def at_work(practice: Practice, *options: str) -> Iterator[tuple[Station, Book]]:
    with fhir_server(*options) as server:
        book = Book(server.url)
        station = Station(practice, server)
        yield station, book
        station.close()


@pytest.fixture
def worked(practice: Practice) -> Iterator[tuple[Station, Book]]:
    with at_work(practice) as both:
        both[0].pull()
        yield both


def first_two(book: Book) -> tuple[str, str]:
    rows = sorted(book.of("Appointment"), key=lambda one: str(one["start"]))
    return str(rows[0]["id"]), str(rows[1]["id"])


# ── in ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
def test_the_day_is_the_same_as_from_a_file_and_a_second_reading_says_nothing(
    kind: str, practice: Practice, tmp_path: Path
) -> None:
    path = tmp_path / "list.json"
    path.write_text(json.dumps(bundle(DATE, ZONE)), "utf-8")
    info = practice.info
    from_file = read_list(path, settings=practice.settings, practice=info.practice, on=DATE, demo=True)
    with at_work(practice, *KINDS[kind]) as (station, _):
        assert station.pull()
        rows = {visit.id: visit.appointment for visit in station.person.day.rows}
        assert rows == {row.id: row for row in from_file.appointments}
        saves = station.machine.head
        assert station.pull() == []
        assert station.machine.head == saves


def test_a_clinician_who_stands_on_the_slots_schedule_alone_is_found(worked: tuple[Station, Book]) -> None:
    station, book = worked
    id_, _ = first_two(book)
    one = book.now(f"Appointment/{id_}")
    doctor = {"resourceType": "Practitioner", "id": "dr-x", "name": [{"family": "Xu", "given": ["Lin"]}]}
    schedule = {"resourceType": "Schedule", "id": "of-x", "actor": [{"reference": "Practitioner/dr-x"}]}
    slot = {"resourceType": "Slot", "id": "slot-x", "schedule": {"reference": "Schedule/of-x"}}
    times = {name: one[name] for name in ("start", "end")}
    for resource in (doctor, schedule, slot | {"status": "busy", **times}):
        book.put(resource)
    patient = [it for it in one["participant"] if "Patient/" in it["actor"]["reference"]]
    book.put(one | {"participant": patient, "slot": [{"reference": "Slot/slot-x"}]})
    station.pull()
    row = appointment_id(station.practice.info.practice, DATE, id_)
    day = station.person.day
    assert "Xu" in day.clinics[day.visits[row].appointment.clinic].clinician


def test_what_changes_there_is_on_the_list_and_each_change_is_said_once(
    worked: tuple[Station, Book],
) -> None:
    station, book = worked
    one, two = first_two(book)
    moved = book.now(f"Appointment/{one}")
    later = {"start": moved["start"].replace(":40:", ":45:"), "end": moved["end"].replace(":50:", ":55:")}
    book.change(f"Appointment/{one}", **later)
    book.change(f"Appointment/{two}", status="cancelled")
    station.pull()
    visits = station.person.day.visits
    assert visits[station.row(one)].appointment.start.minute == 45
    assert visits[station.row(two)].stage is Stage.CANCELLED
    assert station.pull() == []


def test_a_row_that_was_deleted_or_moved_to_another_day_is_said_to_be_gone(
    worked: tuple[Station, Book],
) -> None:
    station, book = worked
    one, two = first_two(book)
    book.delete(f"Appointment/{one}")
    book.change(f"Appointment/{two}", start="2026-12-24T09:00:00Z", end="2026-12-24T09:10:00Z")
    station.pull()
    visits = station.person.day.visits
    assert visits[station.row(one)].unlisted
    assert visits[station.row(two)].unlisted
    assert sum(visit.unlisted for visit in visits.values()) == 2
    assert station.pull() == []


def test_the_last_allergy_that_is_taken_away_there_is_taken_away_here(worked: tuple[Station, Book]) -> None:
    station, book = worked
    before = {id_: visit.patient.allergies for id_, visit in station.person.day.visits.items()}
    assert any(before.values())
    for one in book.of("AllergyIntolerance"):
        book.delete(f"AllergyIntolerance/{one['id']}")
    station.pull()
    assert not any(visit.patient.allergies for visit in station.person.day.visits.values())


def test_our_own_flag_coming_back_is_no_news(worked: tuple[Station, Book]) -> None:
    station, book = worked
    patient = book.of("Patient")[0]
    ours = {
        "resourceType": "Flag",
        "id": "6f1c3f6e-6d5b-4a57-9d5f-3a3c5b1f2e10",
        "identifier": [
            {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:6f1c3f6e-6d5b-4a57-9d5f-3a3c5b1f2e10"}
        ],
        "status": "active",
        "code": {"text": "hoist"},
        "subject": {"reference": f"Patient/{patient['id']}"},
    }
    book.put(ours)
    assert station.pull() == []


def test_a_server_that_filters_nothing_gives_the_same_day(practice: Practice) -> None:
    """Appointments of other days, flags of other patients: all of it comes, and is left out here."""
    with at_work(practice) as (station, book):
        other = dict(book.of("Appointment")[0]) | {"id": "another-day", "start": "2026-12-24T09:00:00Z"}
        stranger = dict(book.of("Patient")[0]) | {"id": "stranger"}
        flag = {"resourceType": "Flag", "id": "theirs", "status": "active", "code": {"text": "not ours"}}
        flag["subject"] = {"reference": "Patient/stranger"}
        for one in (other, stranger, flag):
            book.put(one)
        everything = [
            {"fullUrl": f"{book.url}/{one['resourceType']}/{one['id']}", "resource": one}
            for one in [*book.resources, other, stranger, flag]
        ]

        class Sloppy(Server):
            def ask(self, method: str, path: str, *args: Any, **more: Any) -> Any:
                answer = super().ask(method, path, *args, **more)
                if method == "GET" and "?" in path:
                    answer.body["entry"] = everything
                    answer.body.pop("link", None)
                return answer

        with Server(SyncConfig(url=book.url)) as plain, Sloppy(SyncConfig(url=book.url)) as sloppy:
            one_way, other_way = (read_day(one, DATE, ZONE, ()) for one in (plain, sloppy))
        lists = [day_list(day, "x", practice.info.practice, ZONE, demo=True) for day in (one_way, other_way)]
        assert lists[0].appointments == lists[1].appointments
        assert station.pull()


def test_what_the_server_refuses_to_show_is_said_and_takes_nothing_away(worked: tuple[Station, Book]) -> None:
    station, _ = worked
    httpx.put(
        f"{station.url.rsplit('/', 1)[0]}/_admin/faults",
        json={"failRate": 1, "failStatus": 403, "only": "AllergyIntolerance"},
    )
    day = station.read()
    assert day.refused == ["AllergyIntolerance"]
    assert "allergies" not in day.carries
    assert station.pull() == []


def test_another_birth_date_for_the_same_number_stops_that_patient_with_a_question(
    worked: tuple[Station, Book],
) -> None:
    station, book = worked
    one, _ = first_two(book)
    row = station.row(one)
    book.change(book.patient_of(one), birthDate="1971-01-01")
    station.pull()
    assert station.pull() == []  # asked once
    (asked,) = station.person.day.left_to_person()
    assert isinstance(asked.says, ServerAsked)
    assert "01-Jan-1971" in asked.says.sentence
    visit = station.person.day.visits[row]
    assert visit.patient.born != "1971-01-01"
    person = station.person
    person.do(partial(acts.open_record, place=person.place, appointment=row))
    with pytest.raises(Refused, match="01-Jan-1971"):
        person.do(lambda day: acts.record_observations(day, person.place, row, a_set(), (), NINE, False))
    person.do(partial(acts.answer_same_person, place=person.place, question=asked.event, same=True))
    assert person.day.visits[row].patient.born == "1971-01-01"
    assert station.pull() == []
    with pytest.raises(Refused, match="settled"):
        person.do(partial(acts.answer_same_person, place=person.place, question=asked.event, same=False))


def test_said_to_be_another_person_nothing_is_taken_and_nothing_is_asked_again(
    worked: tuple[Station, Book],
) -> None:
    station, book = worked
    one, _ = first_two(book)
    book.change(book.patient_of(one), birthDate="1971-01-01")
    station.pull()
    (asked,) = station.person.day.left_to_person()
    place = station.person.place
    station.person.do(partial(acts.answer_same_person, place=place, question=asked.event, same=False))
    station.machine.refresh()
    assert station.pull() == []
    assert all(visit.patient.born != "1971-01-01" for visit in station.person.day.visits.values())


# ── the status, out ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
def test_a_stage_is_the_appointments_status_and_nothing_else_of_it_changes(
    kind: str, practice: Practice
) -> None:
    with at_work(practice, *KINDS[kind]) as (station, book):
        station.pull()
        one, two = first_two(book)
        before = book.now(f"Appointment/{one}")
        station.move(station.row(one), Stage.ARRIVED)
        station.move(station.row(two), Stage.DID_NOT_ATTEND)
        assert station.write().sent == 2
        after = book.now(f"Appointment/{one}")
        assert after.pop("status") == "arrived"
        before.pop("status")
        assert {name: one for name, one in after.items() if name != "meta"} == {
            name: one for name, one in before.items() if name != "meta"
        }
        assert book.now(f"Appointment/{two}")["status"] == "noshow"
        assert station.write().sent == 0
        assert station.pull() == []


def test_a_change_of_something_else_there_is_taken_along(worked: tuple[Station, Book]) -> None:
    station, book = worked
    one, _ = first_two(book)
    station.move(station.row(one), Stage.ARRIVED)
    book.change(f"Appointment/{one}", description="rang: running late")
    assert station.write().sent == 1
    now = book.now(f"Appointment/{one}")
    assert (now["status"], now["description"]) == ("arrived", "rang: running late")


def test_the_same_status_said_by_both_is_no_conflict(worked: tuple[Station, Book]) -> None:
    station, book = worked
    one, _ = first_two(book)
    station.move(station.row(one), Stage.ARRIVED)
    book.change(f"Appointment/{one}", status="arrived")
    wrote = station.write()
    assert wrote.clashes == []
    assert station.write().sent == 0


@pytest.mark.parametrize("honest", [True, False])
@pytest.mark.parametrize("ours", [True, False])
def test_two_statuses_go_to_a_person_who_picks_and_none_is_lost(
    honest: bool, ours: bool, worked: tuple[Station, Book]
) -> None:
    station, book = worked
    found = station.found.model_copy(update={"refuses_stale": honest})
    one, _ = first_two(book)
    row = station.row(one)
    station.move(row, Stage.ARRIVED)
    book.change(f"Appointment/{one}", status="noshow")
    assert station.write(found).clashes == [(row, "arrived", "noshow")]
    assert book.now(f"Appointment/{one}")["status"] == "noshow"
    station.write(found)
    station.pull()
    (clash,) = station.person.day.left_to_person()  # asked once
    place = station.person.place
    station.person.do(partial(acts.pick_status, place=place, clash=clash.event, ours=ours))
    station.write(found)
    assert book.now(f"Appointment/{one}")["status"] == ("arrived" if ours else "noshow")
    station.pull()
    assert station.write(found).clashes == []
    assert not station.person.day.left_to_person()


def test_a_lost_answer_is_no_conflict_and_a_reading_in_between_is_none_either(
    worked: tuple[Station, Book],
) -> None:
    station, book = worked
    one, two = first_two(book)
    station.move(station.row(one), Stage.ARRIVED)
    station.pull()
    httpx.put(f"{station.url.rsplit('/', 1)[0]}/_admin/faults", json={"plan": "1:drop-after", "only": "^PUT"})
    with pytest.raises(SyncTrouble):
        station.write()
    httpx.delete(f"{station.url.rsplit('/', 1)[0]}/_admin/faults")
    assert station.write().clashes == []
    assert book.now(f"Appointment/{one}")["status"] == "arrived"
    assert station.write().sent == 0
    station.move(station.row(one), Stage.IN_PREP)
    book.change(f"Appointment/{two}", status="fulfilled")  # nothing of ours: theirs holds
    station.pull()
    assert station.write().sent == 0


def test_where_what_was_agreed_is_not_known_any_more_nothing_is_written_over(
    worked: tuple[Station, Book],
) -> None:
    station, book = worked
    one, _ = first_two(book)
    station.move(station.row(one), Stage.ARRIVED)
    book.change(f"Appointment/{one}", status="noshow")
    station.bases.items.clear()
    station.pull()
    assert station.write().clashes == [(station.row(one), "arrived", "noshow")]
