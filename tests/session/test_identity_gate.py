"""Nothing is written about a patient until the person here checked who that is, since they last switched."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from clinic import DEVICE, FIRST, GP, GPA, NINE, SECOND, Morning, a_patient, a_set, an_appointment
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Appointment, Stage
from gpa_tui.records.event import Event, Said
from gpa_tui.records.patient import Patient
from gpa_tui.records.plan import SafetyNet, TeachBack, TeachBackOutcome
from gpa_tui.records.prep import PrepOutcome
from gpa_tui.session import acts
from gpa_tui.session.day import IdentityState
from gpa_tui.session.describe import says
from gpa_tui.session.prep_list import CORE, PrepList
from gpa_tui.templates import shipped_templates

TEMPLATE = shipped_templates()[CORE]
NAMES = {FIRST.id: ("Grace Okonkwo", "1954-04-12"), SECOND.id: ("John Smith", "1980-02-29")}


def identify(morning: Morning, row: Appointment = FIRST, **where: str) -> Sequence[Event]:
    name, born = NAMES[row.id]
    return morning.do(acts.check_identity, row.id, "patient", name, born, terminal=where.get("terminal"))


def opened(*rows: Appointment) -> Morning:
    """A morning in which the records of `rows` were opened, one after the other."""
    morning = Morning()
    for row in rows:
        morning.do(acts.open_record, row.id)
    return morning


def write(morning: Morning, row: Appointment = FIRST, **where: str) -> Sequence[Event]:
    return morning.do(acts.give_plan, row.id, "rest", "Dr N Patel", terminal=where.get("terminal"))


def refused(morning: Morning, row: Appointment = FIRST, **where: str) -> bool:
    try:
        write(morning, row, **where)
    except Refused as refusal:
        return str(refusal).startswith("Check who this is first. Press i")
    return False


GATED: dict[str, Callable[[Morning], object]] = {
    "answer": lambda m: m.do(acts.answer, FIRST.id, TEMPLATE, TEMPLATE.items[0], PrepOutcome.DONE),
    "hand_over": lambda m: m.do(acts.hand_over, FIRST.id, PrepList((TEMPLATE,)), "late"),
    "record_observations": lambda m: m.do(acts.record_observations, FIRST.id, a_set(), (), NINE, False),
    "give_plan": lambda m: m.do(acts.give_plan, FIRST.id, "rest", "Dr N Patel"),
    "word_plan": lambda m: m.do(acts.word_plan, FIRST.id, ["Rest."]),
    "release": lambda m: m.release("Dr N Patel"),
    "teach_back": lambda m: m.teach(TeachBack(message=1, outcome=TeachBackOutcome.OWN_WORDS)),
    "give_safety_net": lambda m: m.do(
        acts.give_safety_net, FIRST.id, SafetyNet(what="fever", by_when="two days", where="111")
    ),
}


@pytest.mark.parametrize("name", GATED)
def test_what_is_written_about_a_patient_needs_the_check(name: str) -> None:
    morning = opened(FIRST)
    morning.do(acts.move, FIRST.id, Stage.ARRIVED)
    before = len(morning.day.events)
    with pytest.raises(Refused, match="Check who this is first"):
        GATED[name](morning)
    assert len(morning.day.events) == before
    identify(morning)
    if name in {"release", "teach_back", "word_plan"}:
        write(morning)
    if name in {"release", "teach_back"}:
        morning.do(acts.word_plan, FIRST.id, ["Rest."])
    if name == "teach_back":
        morning.release("Dr N Patel")
    assert GATED[name](morning)


def test_opening_moving_and_escalating_never_wait_for_the_check() -> None:
    morning = opened(FIRST)
    (raised,) = morning.do(acts.escalate, FIRST.id, "grey and sweating")
    assert morning.do(acts.tell, FIRST.id, raised.id, "Dr N Patel")


def test_one_check_holds_while_the_record_stays_open() -> None:
    morning = opened(FIRST)
    identify(morning)
    assert not refused(morning)
    morning.do(acts.open_record, FIRST.id)
    assert not refused(morning)


def test_a_switch_of_patient_asks_again_on_the_way_back() -> None:
    morning = opened(FIRST)
    identify(morning)
    morning.do(acts.open_record, SECOND.id)
    assert refused(morning, SECOND)
    morning.do(acts.open_record, FIRST.id)
    assert refused(morning)
    identify(morning)
    assert not refused(morning)


def test_a_check_of_one_patient_opens_no_other() -> None:
    morning = opened(FIRST)
    identify(morning)
    assert refused(morning, SECOND)
    identify(morning, SECOND)
    assert refused(morning)


def test_signing_in_asks_again_and_locking_does_not() -> None:
    morning = opened(FIRST)
    identify(morning)
    morning.do(acts.lock)
    morning.do(acts.unlock)
    assert not refused(morning)
    morning.do(acts.close_sign_in)
    morning.do(acts.open_sign_in)
    morning.do(acts.open_record, FIRST.id)
    assert refused(morning)


def test_a_check_is_one_persons_at_one_terminal() -> None:
    morning = opened(FIRST)
    identify(morning)
    assert refused(morning, terminal="room1")
    with pytest.raises(Refused, match="Check who this is first"):
        morning.do(acts.give_plan, FIRST.id, "rest", "", by=GP)
    identify(morning, SECOND, terminal="room1")
    assert not refused(morning)


@pytest.mark.parametrize(
    ("name", "born"),
    [("Grace Okonkwo", "1954-04-13"), ("John Smith", "1954-04-12"), ("Grace Okonkwo", None), ("", None)],
)
def test_a_misfit_is_recorded_and_does_not_open(name: str, born: str | None) -> None:
    morning = opened(FIRST)
    (event,) = morning.do(acts.check_identity, FIRST.id, "patient", name, born)
    assert event.data.model_dump()["matched"] is False
    assert refused(morning)


def test_by_the_record_alone_opens_and_says_so() -> None:
    morning = opened(FIRST)
    (event,) = morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    assert event.data.model_dump() == {
        "kind": "identity.checked",
        "said_by": "record only",
        "name_said": "",
        "born_said": None,
        "one_more": "",
        "matched": None,
        "by_name_alone": False,
        "why": "",
    }
    assert not refused(morning)


@pytest.mark.parametrize("said_by", ["patient", "parent", "carer"])
def test_who_said_it_is_kept_with_what_they_said(said_by: str) -> None:
    morning = opened(FIRST)
    (event,) = morning.do(acts.check_identity, FIRST.id, said_by, "grace OKONKWO", "1954-04-12")
    kept = event.data.model_dump()
    assert (kept["said_by"], kept["name_said"], kept["matched"]) == (said_by, "grace OKONKWO", True)
    assert morning.visit().identity == event
    assert not refused(morning)


STEPS = [
    "open 1",
    "open 2",
    "check 1",
    "check 2",
    "misfit 1",
    "misfit 2",
    "sign in",
    "lock",
    "write 1",
    "write 2",
]


@given(st.lists(st.sampled_from(STEPS), max_size=15))
def test_whatever_was_done_before_writing_is_open_exactly_when_this_patient_was_checked_last(
    steps: list[str],
) -> None:
    morning, in_hand, checked = Morning(), 0, False
    rows = {"1": FIRST, "2": SECOND}
    for step in steps:
        verb, _, number = step.partition(" ")
        row = rows.get(number, FIRST)
        if step == "sign in":
            morning.do(acts.open_sign_in)
            in_hand, checked = 0, False
        elif verb == "lock":
            morning.do(acts.lock)
            morning.do(acts.unlock)
        elif verb == "open":
            morning.do(acts.open_record, row.id)
            in_hand, checked = int(number), checked and in_hand == int(number)
        elif verb == "check":
            identify(morning, row)
            in_hand, checked = int(number), True
        elif verb == "misfit":
            morning.do(acts.check_identity, row.id, "patient", "nobody", "1900-01-01")
            in_hand, checked = int(number), False
        elif verb == "write":
            assert refused(morning, row) is not (checked and in_hand == int(number))
    assert morning.day.identity_checked(GPA, "room2", FIRST.id) is (checked and in_hand == 1)


def test_a_misfit_after_a_check_closes_the_record_again() -> None:
    morning = opened(FIRST)
    identify(morning)
    morning.do(acts.check_identity, FIRST.id, "patient", "Joy Okonjo", "1954-04-12")
    assert refused(morning)


# ── after a misfit, and when the list changes ─────────────────────────────────────────────────


def test_after_words_that_did_not_fit_the_record_alone_needs_a_reason() -> None:
    morning = opened(FIRST)
    morning.do(acts.check_identity, FIRST.id, "patient", "John Smith", "1980-02-29")
    with pytest.raises(Refused, match=r"did not fit\. Say why"):
        morning.do(acts.check_identity, FIRST.id, "record only", "", None, "", " ")
    morning.do(acts.check_identity, FIRST.id, "record only", "", None, "", "sister gave her own")
    assert not refused(morning)


def test_where_there_is_no_birth_date_it_says_by_name_only() -> None:
    row = an_appointment(3, a_patient("Suryani", "", None, id="s"))
    morning = Morning(row)
    morning.do(acts.open_record, row.id)
    (event,) = morning.do(acts.check_identity, row.id, "patient", "Suryani", "1992-01-01")
    assert morning.day.identity(GPA, "room2", row.id) is IdentityState.BY_NAME
    assert says(event).endswith("the name fits; the list has no whole birth date")


@pytest.mark.parametrize(
    "changed",
    [
        {"patient": SECOND.patient},
        {"patient": FIRST.patient.model_copy(update={"born": "1954-04-13"})},
        {"patient": FIRST.patient.model_copy(update={"nhs_number": "9990000026"})},
    ],
)
def test_when_the_list_says_it_is_somebody_else_nobody_is_identified(changed: dict[str, Patient]) -> None:
    morning = opened(FIRST)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    revised = FIRST.model_copy(update=changed)
    said = facts.AppointmentRevised(appointment=revised, changed=("name",))
    morning.take([Said(data=said, appointment=FIRST.id, patient=revised.patient.id)], DEVICE, "import")
    assert refused(morning)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    more = facts.AppointmentRevised(
        appointment=revised.model_copy(update={"reason": "Knee"}), changed=("reason",)
    )
    morning.take([Said(data=more, appointment=FIRST.id, patient=revised.patient.id)], DEVICE, "import")
    assert not refused(morning)
