"""What was written down on paper while this could not be used, typed with the time at which it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.taken import TIME, of_today
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.base import ClinicScreen


def ask_paper(screen: ClinicScreen) -> None:
    """The time that stands on the paper; it holds for all that is typed till another is given."""
    station = screen.workstation

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
        screen.notice("Typed from paper, till z and another time, or z and Enter.")
        return True

    now = f" Now {station.show_time(station.paper)}." if station.paper is not None else ""
    screen.ask(Question(f"From paper: done at what time?{now} Enter alone: not from paper.", typed))
