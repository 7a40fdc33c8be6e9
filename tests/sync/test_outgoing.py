"""What leaves for a FHIR server: valid R4, the same each time, corrected aloud, nothing private."""

from __future__ import annotations

import base64
import json
from typing import Any

import fhirkit
import pytest
from clinic import DATE, FIRST, NINE, ORIGIN, Morning, a_set, an_appointment
from clinics_played import TEMPLATES, Played, the_clinics
from hypothesis import given
from hypothesis import strategies as st
from whole_day import an_ecg

from gpa_tui.clinical import how
from gpa_tui.clinical.limits import LIMITS
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import EventId
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.observation import Aspect, Measure, Missing, Pad, Reading
from gpa_tui.records.patient import Need
from gpa_tui.records.staff import Role
from gpa_tui.session import acts
from gpa_tui.session.fold import folded
from gpa_tui.session.tasks import Task
from gpa_tui.sync.codes import COMPONENTS, NEWS2_PARTS, SIGNS
from gpa_tui.sync.outbox import key_of
from gpa_tui.sync.outgoing import outgoing

PLAYED = [
    pytest.param(number, of, id=f"{name}-{of['name'][2]}")
    for name, clinic in the_clinics().items()
    for number, of in enumerate(clinic["patients"], 1)
]
Resource = dict[str, Any]


def sent(morning: Morning, *asked: Task) -> list[Resource]:
    made = outgoing(morning.day, TEMPLATES, asked, read_file=lambda _: b"a trace")
    return [one for _, one in made]


def of_kind(found: list[Resource], kind: str) -> list[Resource]:
    return [one for one in found if one["resourceType"] == kind]


def arrived(**fields: Any) -> Morning:
    morning = Morning(an_appointment(**fields))
    morning.do(acts.move, FIRST.id, Stage.ARRIVED)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    return morning


def measured(morning: Morning, *readings: Reading, missing: tuple[Missing, ...] = ()) -> list[Resource]:
    morning.do(acts.record_observations, FIRST.id, readings, missing, NINE, False)
    return of_kind(sent(morning), "Observation")


def reading(measure: Measure, value: int | None, **fields: Any) -> Reading:
    return Reading(measure=measure, value=value, unit=LIMITS[measure].unit, **{"typed": str(value)} | fields)


@pytest.mark.parametrize(("number", "of"), PLAYED)
def test_every_resource_of_a_clinic_is_valid_and_the_same_each_time(number: int, of: dict[str, Any]) -> None:
    played = Played(number, of)
    steps = [
        Task(one.id, one.what, one.owner, one.due, one.asked_by, NINE, played.row.patient.id)
        for one in played.steps
    ]
    found = sent(played.morning, *steps)
    assert {one["resourceType"] for one in found} >= {"Encounter", "Observation", "QuestionnaireResponse"}
    assert len(of_kind(found, "Task")) == len(steps)
    for one in found:
        assert fhirkit.validate(one) == [], one
    ids = [(one["resourceType"], one["id"]) for one in found]
    assert len(set(ids)) == len(ids)
    assert found == sent(Played(number, of).morning, *steps)


def test_the_validator_finds_what_is_wrong() -> None:
    (one, *_) = measured(arrived(), *a_set())
    for broken in ({"status": None}, {"effectiveDateTime": "yesterday"}, {"madeUp": 1}):
        wrong = {**one, **broken}
        assert fhirkit.validate({key: value for key, value in wrong.items() if value is not None}), broken


def test_a_whole_set_has_each_sign_with_both_codes_and_news2_with_its_parts() -> None:
    found = measured(arrived(), *a_set(respiration=22))
    by_text = {one["code"]["text"]: one for one in found}
    breaths = by_text["Respiratory rate"]
    assert breaths["valueQuantity"] == {
        "value": 22,
        "unit": "per minute",
        "system": "http://unitsofmeasure.org",
        "code": "/min",
    }
    assert {one["system"] for one in breaths["code"]["coding"]} == {
        "http://loinc.org",
        "http://snomed.info/sct",
    }
    assert by_text["Body temperature"]["valueQuantity"]["value"] == 36.8
    pressure = by_text["Blood pressure"]
    assert [one["valueQuantity"]["value"] for one in pressure["component"]] == [128, 76]
    score = by_text["NEWS2 total score"]
    assert score["valueQuantity"]["value"] == 2
    assert [one["valueQuantity"]["value"] for one in score["component"]] == [2, 0, 0, 0, 0, 0, 0]
    assert "rule NEWS2" in score["note"][0]["text"] or "rule" in score["note"][0]["text"]
    assert "Breathing room air" in by_text


def test_a_part_of_scale_2_has_its_own_code() -> None:
    assert "1104321000000108" not in NEWS2_PARTS.values()


def test_lo_is_no_number_and_leaves_the_profile() -> None:
    (one,) = measured(arrived(), reading(Measure.GLUCOSE, None, comparator="<", typed="lo"))
    assert "valueQuantity" not in one
    assert one["valueString"].startswith("LO")
    assert "meta" not in one


def test_how_it_was_taken_what_was_typed_and_why_it_stands_travel() -> None:
    said = {
        Aspect.ARM: how.LEFT,
        Aspect.METHOD: how.BY_HAND,
        Aspect.MONITOR: "Aneroid",
        Aspect.POSITION: "sitting",
    }
    pressure = (
        reading(Measure.SYSTOLIC, 212, how=said, retyped_because="GP aware"),
        reading(Measure.DIASTOLIC, 110),
    )
    weight = reading(Measure.WEIGHT, 717, typed="11st4")
    taken, heavy = measured(arrived(), *pressure, weight)
    assert taken["bodySite"] == {"text": "left arm"}
    assert taken["method"] == {"text": "by hand"}
    assert taken["device"] == {"display": "Aneroid"}
    words = " ".join(one["text"] for one in taken["note"])
    assert "sitting" in words
    assert "unusual, typed twice: GP aware" in words
    assert heavy["valueQuantity"]["value"] == 71.7
    assert [one["text"] for one in heavy["note"]] == ["typed 11st4"]


def test_what_was_not_taken_is_sent_as_absent_with_the_reason() -> None:
    found = measured(
        arrived(),
        *a_set(temperature=None),
        missing=(Missing(measure=Measure.TEMPERATURE, why="refused"),),
    )
    absent = next(one for one in found if "dataAbsentReason" in one)
    assert absent["code"]["text"] == "Body temperature"
    assert absent["dataAbsentReason"]["coding"][0]["code"] == "asked-declined"
    assert not any(one["code"]["text"] == "NEWS2 total score" for one in found)


def test_a_correction_says_what_stood_there_and_the_old_set_is_in_error() -> None:
    morning = arrived()
    (event,) = (
        one
        for one in morning.do(acts.record_observations, FIRST.id, a_set(), (), NINE, False)
        if one.kind == "observation.recorded"
    )
    before = {one["id"]: one for one in of_kind(sent(morning), "Observation")}
    morning.do(acts.correct_observations, FIRST.id, event.id, a_set(pulse=80), (), "misread")
    found = of_kind(sent(morning), "Observation")
    old = [one for one in found if one["id"] in before]
    new = [one for one in found if one["id"] not in before]
    assert len(old) == len(before) == len(new)
    assert {one["status"] for one in old} == {"entered-in-error"}
    assert {one["status"] for one in new} == {"corrected"}
    assert all("Corrected, misread: pulse was 72" in one["note"][0]["text"] for one in new)
    assert not any("meta" in one for one in found)  # the profiles fix `final`
    assert all(fhirkit.validate(one) == [] for one in found)


def test_a_concern_and_its_words_never_leave() -> None:
    morning = arrived()
    morning.do(acts.raise_safeguarding, FIRST.id, "bruises on both arms")
    text = json.dumps(sent(morning)).casefold()
    for word in ("bruises", "safeguard", "concern", "private"):
        assert word not in text


def test_only_a_released_plan_leaves_with_both_who_spoke_and_who_wrote() -> None:
    morning = arrived()
    morning.do(acts.move, FIRST.id, Stage.WITH_GP)
    morning.do(acts.give_plan, FIRST.id, "rest", "Dr N Patel")
    morning.do(acts.word_plan, FIRST.id, ["Rest today."])
    assert of_kind(sent(morning), "Communication") == []
    morning.release("Dr N Patel")
    (plan,), (source,) = (of_kind(sent(morning), kind) for kind in ("Communication", "Provenance"))
    assert plan["payload"] == [{"contentString": "Rest today. (not said back)"}]
    assert [one["who"]["display"] for one in source["agent"]] == ["Dr N Patel", "M Okafor (GPA)"]
    assert source["target"] == [{"reference": f"Communication/{plan['id']}"}]
    morning.do(acts.give_plan, FIRST.id, "do not rest", "Dr N Patel")
    assert of_kind(sent(morning), "Communication") == []


def test_a_need_that_holds_no_more_and_a_task_that_was_dropped_say_so() -> None:
    morning = arrived()
    morning.do(acts.note_need, FIRST.id, Need(text="hoist"))
    assert [one["status"] for one in of_kind(sent(morning), "Flag")] == ["active"]
    morning.do(acts.end_need, FIRST.id, "hoist", "walks again")
    assert [one["status"] for one in of_kind(sent(morning), "Flag")] == ["inactive"]
    owner = Owner(name="Reception", role=Role.RECEPTION)
    task = Task(EventId("a"), "ring", owner, NINE.date(), morning.place.actor, NINE, FIRST.patient.id)
    task.for_patient = True
    (asked,) = of_kind(sent(morning, task), "Task")
    assert (asked["status"], asked["owner"]) == ("requested", {"display": "Reception"})
    assert asked["description"] == "ring"
    task.ended, task.answer = "dropped", "rang already"
    (dropped,) = of_kind(sent(morning, task), "Task")
    assert (dropped["status"], dropped["statusReason"]) == ("cancelled", {"text": "rang already"})


def test_what_is_asked_among_the_staff_leaves_without_its_words() -> None:
    morning = arrived()
    owner = Owner(name="Reception", role=Role.RECEPTION)
    words = "watch out: her partner is outside"
    task = Task(EventId("a"), words, owner, NINE.date(), morning.place.actor, NINE, FIRST.patient.id)
    task.ended, task.answer = "done", words
    (asked,) = of_kind(sent(morning, task), "Task")
    assert asked["status"] == "completed"
    assert words not in json.dumps(asked)


def test_nothing_in_the_trail_tells_a_concern_from_any_other_note() -> None:
    morning = arrived()
    for act, args in (
        (acts.note_present, ("her son",)),
        (acts.raise_safeguarding, ("bruises",)),
        (acts.note_capacity, ("can decide",)),
    ):
        morning.do(act, FIRST.id, *args)
    trail = [one for one in of_kind(sent(morning), "AuditEvent") if one["entity"][0]["description"] == "note"]
    assert len(trail) == 3
    without = [{name: one[name] for name in one if name not in {"id", "recorded"}} for one in trail]
    assert without[0] == without[1] == without[2]


def test_a_booked_row_has_no_encounter_and_somebody_who_left_a_finished_one() -> None:
    assert of_kind(sent(Morning()), "Encounter") == []
    morning = arrived()
    assert [one["status"] for one in of_kind(sent(morning), "Encounter")] == ["arrived"]
    morning.do(acts.move, FIRST.id, Stage.WALKED_OUT)
    (one,) = of_kind(sent(morning), "Encounter")
    assert (one["status"], "end" in one["period"]) == ("cancelled", True)


def test_the_trail_names_who_and_whom_and_no_content() -> None:
    morning = arrived()
    morning.do(acts.escalate, FIRST.id, "grey and sweating")
    trail = of_kind(sent(morning), "AuditEvent")
    assert {one["agent"][0]["who"]["display"] for one in trail} == {"M Okafor (GPA)"}
    assert all(one["entity"][0]["what"]["identifier"]["value"] == "9990000018" for one in trail)
    assert "sweating" not in json.dumps(trail)
    assert len(trail) == len([one for one in morning.day.events if one.by == morning.place.actor])


def test_a_patient_whom_the_server_knows_is_referred_to_as_it_does() -> None:
    morning = arrived()
    known = {str(FIRST.patient.id): "Patient/p1", str(FIRST.id): "Appointment/a1"}
    found = [one for _, one in outgoing(morning.day, TEMPLATES, known=known)]
    assert all(one["subject"] == {"reference": "Patient/p1"} for one in found if "subject" in one)
    assert found[0]["appointment"] == [{"reference": "Appointment/a1"}]


def test_the_carts_file_goes_with_what_it_is_and_its_content_or_without_where_it_cannot_be_read() -> None:
    morning = arrived()
    an_ecg(morning, FIRST)
    (document,) = of_kind(sent(morning), "DocumentReference")
    assert fhirkit.validate(document) == []
    attachment = document["content"][0]["attachment"]
    assert base64.b64decode(attachment["data"]) == b"a trace"
    assert (attachment["contentType"], attachment["title"]) == ("application/pdf", "ecg.pdf")
    without = [
        one for _, one in outgoing(morning.day, TEMPLATES) if one["resourceType"] == "DocumentReference"
    ]
    assert "data" not in without[0]["content"][0]["attachment"]


def test_each_of_two_stores_sends_what_is_its_own_and_together_they_send_all_of_it_once() -> None:
    morning = arrived()
    morning.do(acts.record_observations, FIRST.id, a_set(), (), NINE, False)
    an_ecg(morning, FIRST)
    events = [
        event.model_copy(update={"origin": "upstairs"}) if number % 2 else event
        for number, event in enumerate(morning.day.events)
    ]
    day = folded(DATE, events)
    whole = [key_of(one) for _, one in outgoing(day, TEMPLATES)]
    parts = [
        [key_of(one) for _, one in outgoing(day, TEMPLATES, origin=origin)] for origin in (ORIGIN, "upstairs")
    ]
    assert sorted(parts[0] + parts[1]) == sorted(whole)
    assert all(parts)


@given(st.sampled_from(sorted(SIGNS)), st.data())
def test_any_reading_is_sent_exactly(measure: Measure, data: st.DataObject) -> None:
    limit = LIMITS[measure]
    value = data.draw(st.integers(limit.least, limit.most))
    morning = arrived()
    found = measured(morning, reading(measure, value))
    sign = SIGNS[measure]
    number = found[0]["valueQuantity"]["value"]
    assert round(number * 10**sign.decimals) == value
    assert json.loads(json.dumps(number)) == number
    assert all(fhirkit.validate(one) == [] for one in found)


def test_every_measure_has_a_way_out() -> None:
    ways = {*SIGNS, *COMPONENTS, Measure.CONSCIOUSNESS, Measure.OXYGEN, Measure.URINE}
    assert ways == set(Measure)
    morning = arrived()
    morning.do(acts.record_observations, FIRST.id, (), (), NINE, False, urine={Pad.NITRITE: "positive"})
    (strip,) = of_kind(sent(morning), "Observation")
    assert strip["component"] == [{"code": {"text": "nitrite"}, "valueString": "positive"}]


@pytest.mark.parametrize(
    ("reviewed", "status"), [(False, ("in-progress", "preliminary")), (True, ("completed", "final"))]
)
def test_an_ecg_is_preliminary_and_the_machines_until_a_clinician_has_reviewed_it(
    reviewed: bool, status: tuple[str, str]
) -> None:
    morning = arrived()
    an_ecg(morning, FIRST, reviewed=reviewed)
    (task,), (report,) = (of_kind(sent(morning), kind) for kind in ("Task", "DiagnosticReport"))
    assert (task["status"], report["status"]) == status
    assert report["conclusion"].startswith("Machine, unconfirmed: rate 72 /min; PR 160 ms;")
    assert "QTc (formula not stated) 438 ms; Sinus rhythm" in report["conclusion"]
    assert ("Reviewed by Dr N Patel: seen, discussed" in report["conclusion"]) is reviewed
    assert ("resultsInterpreter" in report) is reviewed
    assert all(fhirkit.validate(one) == [] for one in (task, report))
