"""Taking a list in, and the note of what left the store, as events in their order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from clinic import DEVICE, FIRST, SECOND, Morning, a_clinic, an_appointment

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import AppointmentId, ClinicId
from gpa_tui.records.event import Said
from gpa_tui.session import acts

IMPORTED = facts.ListImported(
    file="later.json", sha256="0" * 64, listed=1, changed=1, unchanged=0, gone=1, rejected=0
)
THIRD = an_appointment(3)
AFTERNOON = a_clinic(id=ClinicId("clinic-2"), session="afternoon")
CHANGED = SECOND.model_copy(update={"reason": "Knee pain"})


def test_a_list_says_what_is_new_what_changed_and_what_is_gone() -> None:
    morning = Morning()
    events = morning.do(
        acts.take_list, IMPORTED, [AFTERNOON], [THIRD], [(CHANGED, ("reason",))], [FIRST.id], by=DEVICE
    )
    assert [(event.data, event.appointment) for event in events] == [
        (IMPORTED, None),
        (facts.ClinicOpened(clinic=AFTERNOON), None),
        (facts.AppointmentListed(appointment=THIRD), THIRD.id),
        (facts.AppointmentRevised(appointment=CHANGED, changed=("reason",)), SECOND.id),
        (facts.AppointmentUnlisted(file="later.json"), FIRST.id),
    ]
    assert [event.patient for event in events[2:]] == [THIRD.patient.id, SECOND.patient.id, FIRST.patient.id]
    assert events[1].clinic == AFTERNOON.id
    assert morning.visit(SECOND).appointment.reason == "Knee pain"
    assert morning.visit(FIRST).unlisted
    assert set(morning.day.visits) == {FIRST.id, SECOND.id, THIRD.id}


def test_a_list_that_changes_nothing_is_recorded_all_the_same() -> None:
    assert [event.data for event in Morning().do(acts.take_list, IMPORTED, (), (), (), ())] == [IMPORTED]


def test_a_row_that_was_never_listed_cannot_be_gone() -> None:
    with pytest.raises(Refused, match="not on this list"):
        Morning().do(acts.take_list, IMPORTED, (), (), (), [AppointmentId("nowhere")])


def test_an_export_says_what_went_where() -> None:
    (event,) = Morning().do(acts.note_export, "session log as csv", "log.csv", by=DEVICE)
    assert event.data == facts.Exported(what="session log as csv", file="log.csv")


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (acts.open_sign_in, "signin.opened"),
        (acts.lock, "signin.locked"),
        (acts.unlock, "signin.unlocked"),
        (acts.close_sign_in, "signin.closed"),
    ],
)
def test_signing_in_and_out_is_recorded(act: Callable[..., list[Said]], kind: str) -> None:
    (event,) = Morning().do(act)
    assert (event.kind, event.appointment) == (kind, None)
