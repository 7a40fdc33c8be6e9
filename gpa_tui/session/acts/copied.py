"""The acts of taking out what was recorded: the entry for the practice's system, the patient's handout."""

from __future__ import annotations

from typing import Literal

from gpa_tui.records import event as facts
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.event import Said
from gpa_tui.session.acts.common import Place, about, require_identity, visit_of
from gpa_tui.session.day import Day
from gpa_tui.session.handout import require_released
from gpa_tui.session.roles import Act, require


def copy_entry(
    day: Day, place: Place, appointment: AppointmentId, how: Literal["clipboard", "bare screen"], hidden: bool
) -> list[Said]:
    """It was put on the terminal's clipboard or shown bare; `hidden`: marked so for online access."""
    require(place.actor, Act.COPY, appointment)
    visit = visit_of(day, appointment)
    require_identity(day, place, visit)
    return [about(visit, facts.EntryCopied(how=how, hidden=hidden))]


def note_handout(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    how: Literal["printed", "PDF file", "text file"],
    large: bool,
) -> list[Said]:
    """The patient's copy was made. Raises `Refused` while the wording is not released."""
    require(place.actor, Act.COPY, appointment)
    visit = visit_of(day, appointment)
    require_identity(day, place, visit)
    require_released(visit)
    return [about(visit, facts.HandoutMade(how=how, large=large))]
