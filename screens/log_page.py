"""Every entry of one patient today, with what was taken back beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from gpa_tui.session.day import Visit
from gpa_tui.session.describe import says
from screens.widgets.line_list import DIM, PLAIN, LineList, Row

if TYPE_CHECKING:
    from screens.patient import PatientScreen


class LogPage(LineList):
    """The patient's entries, newest last; the whole entry shows in the notice line's place below."""

    def begin(self, visit: Visit) -> None:
        self.refill(visit)

    def refill(self, visit: Visit) -> None:
        station = cast("PatientScreen", self.screen).workstation
        rows = []
        for event in visit.events:
            struck = event.id in station.day.struck
            who = f"{event.by.name} {event.by.role.label}"
            text = f" {station.show_time(event.at)} {who:<22} {says(event)}"
            rows.append(
                Row(event.id, ((text + ("  [taken back]" if struck else ""), DIM if struck else PLAIN),))
            )
        self.show_rows(rows)
