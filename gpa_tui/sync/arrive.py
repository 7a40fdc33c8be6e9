"""Takes a server's day into ours: what is new, changed or gone, as one act of the machine.

Questions are asked of a person; where nothing changed nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gpa_tui.intake.listing import DayList
from gpa_tui.intake.take import compare, counted
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.event import Event, Said, ServerAsked
from gpa_tui.session.acts import ask_same_person, take_list
from gpa_tui.session.day import Day
from gpa_tui.session.desk import Desk


def take_day(desk: Desk, listed: DayList) -> list[Event]:
    """What it changed; nothing where all is as it was. Raises `NotSaved`, `ReadOnly`."""
    if not _news(desk.day, listed, desk):
        return []
    return desk.do(lambda day: _news(day, listed, desk))


def _news(day: Day, listed: DayList, desk: Desk) -> Sequence[Said]:
    changes = compare(day, listed, _answers(day, listed))
    clinics = {clinic.id: clinic for clinic in listed.clinics}
    said: list[Said] = []
    if changes.listed or changes.revised or changes.unlisted:
        said += take_list(
            day,
            desk.place,
            counted(listed, changes),
            changes.opened,
            changes.listed,
            changes.revised,
            changes.unlisted,
        )
    for question in changes.questions:
        opened = clinics.get(question.row.clinic)
        said += ask_same_person(day, desk.place, question.sentence, question.after, question.changed, opened)
    return said


def _answers(day: Day, listed: DayList) -> dict[AppointmentId, bool]:
    """What a person has said of the same row before."""
    rows: Mapping[AppointmentId, object] = {row.id: row.patient.who for row in listed.appointments}
    return {
        one.appointment: one.answer
        for one in day.for_person.values()
        if isinstance(one.says, ServerAsked)
        and one.answer is not None
        and rows.get(one.appointment) == one.says.appointment.patient.who
    }
