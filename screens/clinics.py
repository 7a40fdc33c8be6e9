"""Which of the day's clinics is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.base import ClinicScreen


def ask_clinic(screen: ClinicScreen) -> None:
    """One of them, or all."""
    station = screen.workstation
    clinics = list(station.day.clinics.values())[:9]
    choices = {"a": "all"} | {str(number): clinic.title for number, clinic in enumerate(clinics, 1)}

    async def chosen(letter: str) -> bool:
        station.followed = None if letter == "a" else clinics[int(letter) - 1].id
        station.repaint()
        return True

    if len(clinics) < 2:
        screen.notice("There is one clinic today." if clinics else "There is no clinic yet today.")
    else:
        screen.ask(Question("Which clinic?", chosen, choices=choices))
