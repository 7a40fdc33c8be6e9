"""The huddle sheet and what is still open: everything that matters, and nothing that must not be shared."""

from __future__ import annotations

from datetime import date, datetime

from clinic import DATE, FIRST, GPA, SECOND, Morning, a_patient, an_appointment

from gpa_tui.records.appointment import Mode, Stage
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.patient import Need
from gpa_tui.session import acts
from gpa_tui.session.huddle import huddle, still_open
from gpa_tui.session.tasks import Task

EARLIER = [(date(2026, 11, 22), "Not heard", "09:00 BRAY, Tom: grey")]


def show_time(at: datetime) -> str:
    return f"{at:%H:%M}"


def a_task(**fields: object) -> Task:
    return Task(
        **{
            "id": "t1",
            "what": "ring about bloods",
            "owner": Owner(name="Clinician"),
            "due": DATE,
            "asked_by": GPA,
            "asked_at": FIRST.start,
            "patient_name": "OKONKWO, Grace",
        }
        | fields  # type: ignore[arg-type]
    )


def test_the_sheet_names_needs_long_rows_calls_look_alikes_and_tasks() -> None:
    rows = (
        FIRST.model_copy(update={"minutes": 20}),
        SECOND.model_copy(
            update={"patient": SECOND.patient.model_copy(update={"needs": (Need(text="BSL interpreter"),)})}
        ),
        an_appointment(3, a_patient("Smyth", "Joan", "1970-01-01"), mode=Mode.TELEPHONE),
        an_appointment(4, a_patient("Gone", "Al", "1971-01-01"), cancelled=True),
    )
    morning = Morning(*rows)
    morning.do(acts.raise_safeguarding, FIRST.id, "bruises")
    sheet = list(huddle(morning.day, morning.day.rows, [a_task(), a_task(ended="done")], EARLIER, show_time))
    assert sheet == [
        ("Session", "Dr N Patel · morning"),
        ("Booked", "3, 09:00 to 09:20"),
        ("Needs", "09:10 SMITH, John: BSL interpreter"),
        ("Long", "09:00 OKONKWO, Grace: 20 min"),
        ("Not here", "09:20 SMYTH, Joan: telephone"),
        ("Alike", "09:10 SMITH, John and 09:20 SMYTH, Joan: a name like it"),
        ("Not heard", "Sun 22 Nov: 09:00 BRAY, Tom: grey"),
        ("Task", "OKONKWO, Grace: ring about bloods → Clinician"),
    ]


def test_a_day_without_a_list_has_a_sheet_too() -> None:
    morning = Morning()
    assert list(huddle(morning.day, [], [], [], show_time)) == [("Session", "no list yet")]


def test_what_is_not_heard_in_another_clinic_is_named_too() -> None:
    morning = Morning()
    morning.do(acts.escalate, FIRST.id, "grey")
    rows = [visit for visit in morning.day.rows if visit.id == SECOND.id]
    assert next(still_open(morning.day, rows, [], [], show_time)) == (
        "Not heard",
        "09:00 OKONKWO, Grace: grey",
    )


def test_what_is_open_is_named_and_what_is_ended_is_not() -> None:
    morning = Morning()
    morning.do(acts.check_identity, FIRST.id, "patient", "Grace Okonkwo", "1954-04-12")
    morning.do(acts.escalate, FIRST.id, "grey")
    morning.do(acts.give_plan, FIRST.id, "rest", "Dr N Patel")
    morning.do(acts.move, SECOND.id, Stage.DID_NOT_ATTEND)
    assert list(still_open(morning.day, morning.day.rows, [a_task()], EARLIER, show_time)) == [
        ("Not heard", "09:00 OKONKWO, Grace: grey"),
        ("Not ended", "09:00 OKONKWO, Grace: booked"),
        ("Plan", "09:00 OKONKWO, Grace: not released"),
        ("Not heard", "Sun 22 Nov: 09:00 BRAY, Tom: grey"),
        ("Task", "OKONKWO, Grace: ring about bloods → Clinician, 23 Nov"),
    ]
    morning = Morning(SECOND)
    morning.do(acts.move, SECOND.id, Stage.DID_NOT_ATTEND)
    assert list(still_open(morning.day, morning.day.rows, [a_task(ended="done")], [], show_time)) == []
