"""All that the list says of one patient, line by line: what a banner of few lines may have to leave out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from gpa_tui.records.base import show_age, show_date
from gpa_tui.records.patient import AllergyState
from gpa_tui.session.day import Visit
from screens.base import ClinicScreen
from screens.frame import frame_lines
from screens.keys import place_bindings
from screens.widgets.line_list import ALERT, BOLD, DIM, LineList, Row, wrapped

LABEL = 12  # cells


class AboutScreen(ClinicScreen):
    """Name, identifiers, appointment, every allergy, need and medicine."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("about")
    place = "about"

    def compose_body(self) -> Iterable[Widget]:
        yield LineList(id="list")

    def repaint(self) -> None:
        station = self.workstation
        self.show_frame(frame_lines(station, station.clock.now(), self.size.width))
        loud = station.visit.appointment.patient.allergy_state is AllergyState.RECORDED
        width, rows = max(20, self.size.width - LABEL - 2), []
        for number, (label, text) in enumerate(self._facts(station.visit)):
            style = ALERT if label == "Allergies" and loud else BOLD
            for line, piece in enumerate(wrapped(text, width)):
                shown = label if line == 0 else ""
                rows.append(Row(str(number), ((f" {shown:<{LABEL}}", DIM), (piece, style))))
        self.query_one("#list", LineList).show_rows(rows)

    def _facts(self, visit: Visit) -> Iterable[tuple[str, str]]:
        station, row, patient = self.workstation, visit.appointment, visit.appointment.patient
        clinic = station.day.clinics.get(row.clinic)
        yield "Patient", patient.name.listed
        yield "Born", f"{show_date(patient.born)}  {show_age(patient.born, station.day.date)}"
        yield "Gender", patient.gender.value.capitalize()
        yield "NHS No.", patient.nhs_number_shown
        yield "Appointment", f"{station.show_time(row.start)}, {row.minutes} min, {row.mode.value}"
        if clinic is not None:
            yield "Clinic", " · ".join(part for part in (clinic.title, clinic.location) if part)
        yield "Reason", row.reason or "no reason on the list"
        for allergy in patient.allergies:
            yield "Allergies", allergy.shown
        if not patient.allergies:
            yield "Allergies", patient.allergies_shown
        for need in patient.needs:
            yield "Needs", need.text
        for medicine in patient.medicines or ("none on the list",):
            yield "Medicines", medicine

    def take_focus(self) -> None:
        self.query_one("#list", LineList).focus()

    async def action_screen_back(self) -> None:
        self.workstation.pop_screen()
