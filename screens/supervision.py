"""What is to be asked and not done: who could sign it off, and under whose eyes it is done all the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from gpa_tui.records.competency import Competency, Gate
from gpa_tui.session import acts
from gpa_tui.session.acts.common import lacking
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.patient import PatientScreen

LETTERS = "123456789abcdefghijklmnopqrstuvwxyz"


def asked_for(screen: PatientScreen, gate: Gate) -> list[Competency]:
    """What whoever is signed in must ask for in the record that is open, before doing what `gate` takes."""
    station = screen.workstation
    return lacking(station.day, station.place, station.visit.id, gate)


async def when_able(screen: PatientScreen, gate: Gate, then: Callable[[], Awaitable[object]]) -> None:
    """Do `then` where it may be done. Else the attempt is recorded, and it is asked who is beside them."""
    if not asked_for(screen, gate):
        await then()
        return
    station = screen.workstation
    await station.write(acts.attempt, gate=gate)
    supervisors = dict(zip(LETTERS, station.place.supervisors, strict=False))

    async def chosen(letter: str) -> bool:
        supervisor = supervisors[letter].id
        if not await station.write(acts.state_supervision, gate=gate, supervisor=supervisor):
            return False
        await then()
        return True

    if supervisors:
        screen.ask(
            Question(
                "Under whose direct supervision, here with you now?",
                chosen,
                note="It holds for this patient, till you leave the record. Esc: it is not done.",
                choices={letter: member.name for letter, member in supervisors.items()},
            )
        )
