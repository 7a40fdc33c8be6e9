"""A sheet to read: facts line by line, whole, whatever their length. Nothing is done here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.binding import BindingType
from textual.widget import Widget

from gpa_tui.records.base import show_age, show_date
from gpa_tui.records.patient import AllergyState
from gpa_tui.session import acts
from gpa_tui.session.figures import reading_line, score_line
from gpa_tui.session.trends import trends
from gpa_tui.session.worked_out import worked_out
from screens.base import ClinicScreen
from screens.frame import frame_lines
from screens.keys import place_bindings
from screens.widgets.line_list import ALERT, BOLD, DIM, LineList, Row, wrapped

if TYPE_CHECKING:
    from screens.app import Workstation

LABEL = 12  # cells
Fact = tuple[str, str, Style]


class SheetScreen(ClinicScreen):
    """Labels and what they stand for, as the day now has it."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("sheet")
    place = "sheet"

    def __init__(self, facts: Callable[[], Iterable[Fact]]) -> None:
        super().__init__()
        self._facts = facts

    def compose_body(self) -> Iterable[Widget]:
        yield LineList(id="list")

    def repaint(self) -> None:
        station = self.workstation
        self.show_frame(frame_lines(station, station.clock.now(), self.size.width))
        width, rows = max(20, self.size.width - LABEL - 2), []
        for number, (label, text, style) in enumerate(self._facts()):
            for line, piece in enumerate(wrapped(text, width)):
                shown = label if line == 0 else ""
                rows.append(Row(str(number), ((f" {shown:<{LABEL}}", DIM), (piece, style))))
        self.query_one("#list", LineList).show_rows(rows)

    def take_focus(self) -> None:
        self.query_one("#list", LineList).focus()

    async def action_screen_back(self) -> None:
        self.workstation.pop_screen()


class CloseScreen(SheetScreen):
    """What is still open; Enter closes the session with it."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("close")
    place = "close"

    async def action_session_closed(self) -> None:
        station = self.workstation
        open_now = [f"{label} {text}" for label, text, style in self._facts() if style is not DIM]
        if await station.perform(acts.close_session, still_open=open_now, clinic=station.followed):
            await station.anchor()
            await station.keep_digest()
            station.pop_screen()
            station.say(f"Session closed with {len(open_now)} open; they are kept.")


def about_patient(station: Workstation) -> Iterable[Fact]:
    """All that the list says of the patient whose record is open."""
    row, patient = station.visit.appointment, station.visit.patient
    clinic = station.day.clinics.get(row.clinic)
    age = show_age(patient.born, station.day.date)
    loud = ALERT if patient.allergy_state is AllergyState.RECORDED else BOLD
    yield "Patient", patient.name.listed, BOLD
    yield "Born", show_date(patient.born) + (f" ({age})" if age else ""), BOLD
    if patient.deceased:
        yield "Died", patient.died_shown, ALERT
    yield "Gender", patient.gender.value.capitalize(), BOLD
    yield "NHS No.", patient.nhs_number_shown, BOLD
    yield "Appointment", f"{station.show_time(row.start)}, {row.minutes} min, {row.mode.value}", BOLD
    if clinic is not None:
        yield "Clinic", " · ".join(part for part in (clinic.title, clinic.location) if part), BOLD
    yield "Reason", row.reason or "no reason on the list", BOLD
    for allergy in [allergy.shown for allergy in patient.allergies] or [patient.allergies_shown]:
        yield "Allergies", allergy, loud
    for need in patient.needs:
        yield "Needs", need.text, BOLD
    for label, text in station.visit.room.items():
        yield label, text, BOLD
    yield "Contact", "not kept here: look in the practice's system", DIM
    yield from _sets(station)
    substantial = station.practice.settings.bp_substantial_mmhg
    for number, (text, source) in enumerate(worked_out(station.visit, substantial)):
        yield "Worked out" if number == 0 else "", text, BOLD
        yield "", f"  {source}", DIM
    for medicine in patient.medicines or ("none on the list",):
        yield "Medicines", medicine, BOLD


def _sets(station: Workstation) -> Iterable[Fact]:
    """The last sets, the newest first; and their figures as bars and numbers, the oldest first."""
    sets = station.visit.sets
    for number, one in enumerate(reversed(sets)):
        at, found = one.found.taken_at.astimezone(station.door.zone), one.found
        words = f"{at.day} {at:%b %H:%M} {one.by}: {reading_line(found)}. {score_line(found.score)}"
        yield "Sets" if number == 0 else "", words, BOLD
    for number, (name, text) in enumerate(trends(sets)):
        yield "Trend" if number == 0 else "", f"{name} {text}", BOLD
