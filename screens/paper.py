"""What was written down on paper while this could not be used, typed with the time at which it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.patient import PatientScreen
from screens.taken import TIME, of_today
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.base import ClinicScreen


def ask_paper(screen: ClinicScreen) -> None:
    """The time that stands on the paper; it holds for what is typed of one patient till another is given."""
    station = screen.workstation
    if isinstance(screen, PatientScreen) and screen.half_set:
        screen.notice("A set is half filled: save it first, or empty it. Then z.", loud=True)
        return

    async def typed(text: str) -> bool:
        if not text.strip():
            station.take_from_paper(None)
            screen.notice("What is typed is done now.")
            return True
        found = TIME.fullmatch(text.strip())
        at = of_today(screen, int(found[1]), int(found[2])) if found else None
        if found is None:
            screen.notice("A time of this day, e.g. 0940.", loud=True)
        if at is None:
            return False
        station.take_from_paper(at)
        screen.notice("From paper, for one patient, till z and another time, or z and Enter.")
        return True

    now = f" Now {station.show_time(station.paper)}." if station.paper is not None else ""
    screen.ask(Question(f"From paper: done at what time?{now} Enter alone: not from paper.", typed))
