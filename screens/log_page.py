"""Every entry of one patient today, with what was taken back beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from gpa_tui.session.day import Visit
from gpa_tui.session.describe import mark, on_paper, says
from screens.widgets.line_list import DIM, PLAIN, LineList, Row, fit, wrapped

if TYPE_CHECKING:
    from screens.patient import PatientScreen

INDENT = 24  # cells for time, person and role


class LogPage(LineList):
    """The patient's entries, oldest first, each whole over as many lines as it takes."""

    def begin(self, visit: Visit) -> None:
        self.refill(visit)
        self.action_row_last()

    def refill(self, visit: Visit) -> None:
        station = cast("PatientScreen", self.screen).workstation
        width = max(20, self.screen.size.width - INDENT - 1)
        rows = []
        patient = visit.appointment.patient.id
        whole = [
            event
            for event in station.whole_log
            if event.appointment == visit.id or (event.appointment is None and event.patient == patient)
        ]
        for event in whole:
            struck = event.id in station.day.struck
            when = f" {station.show_time(event.at)} {event.by.name} {event.by.role.label}"
            words = f"{says(event)}{on_paper(event, station.show_time)}{mark(event, station.day)}"
            for number, line in enumerate(wrapped(words, width)):
                text = f"{fit(when if number == 0 else '', INDENT)} {line}"
                rows.append(Row(event.id, ((text, DIM if struck else PLAIN),)))
        self.show_rows(rows)
