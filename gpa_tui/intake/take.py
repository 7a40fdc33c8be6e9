"""Take a list that was read into the day: compare, ask where it must be asked, and do it as one act."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gpa_tui.intake.daylist import DayList, RejectedRow
from gpa_tui.intake.reconcile import Changes, Question, reconcile
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.event import ListImported, Said
from gpa_tui.session.acts import take_list
from gpa_tui.session.day import Day
from gpa_tui.session.desk import Desk

Ask = Callable[[Question], bool | None]


def take_in(desk: Desk, day_list: DayList, ask: Ask | None) -> tuple[ListImported, list[RejectedRow]]:
    """Do the import on the day as it is under the lock; gives its counts and every row set aside.

    `ask` puts a question of sameness to a person; without it, or without an answer, that row is set
    aside. Raises `NotAllowed`, `NotSaved`.
    """
    desk.read()
    answers: dict[AppointmentId, bool] = {}
    for question in compare(desk.day, day_list, {}).questions if ask else ():
        reply = ask(question) if ask else None
        if reply is not None:
            answers[question.row.id] = reply
    done: list[tuple[ListImported, list[RejectedRow]]] = []

    def act(day: Day) -> Sequence[Said]:
        changes = compare(day, day_list, answers)
        rejected = [
            *day_list.rejected,
            *changes.rejected,
            *(question.unanswered for question in changes.questions),
        ]
        imported = counted(day_list, changes)
        done[:] = [(imported, rejected)]
        return take_list(
            day, desk.place, imported, changes.opened, changes.listed, changes.revised, changes.unlisted
        )

    desk.do(act)
    return done[0]


def counted(day_list: DayList, changes: Changes) -> ListImported:
    """What came of the rows of a list."""
    return ListImported(
        file=day_list.file,
        sha256=day_list.sha256,
        listed=len(changes.listed),
        changed=len(changes.revised),
        unchanged=changes.unchanged,
        gone=len(changes.unlisted),
        rejected=len(day_list.rejected) + len(changes.questions) + len(changes.rejected),
    )


def compare(day: Day, day_list: DayList, answers: dict[AppointmentId, bool]) -> Changes:
    """What the list would change on `day`."""
    visits = day.visits.values()
    return reconcile(
        {visit.id: visit.appointment for visit in visits},
        day.clinics.keys(),
        [visit.id for visit in visits if visit.unlisted],
        day_list,
        answers,
    )
