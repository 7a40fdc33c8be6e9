"""The acts of taking out what was recorded: the entry for the practice's system, the patient's handout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.event import Said
from gpa_tui.records.plan import Translation
from gpa_tui.session.acts.common import (
    Place,
    about,
    require_identity,
    required_words,
    visit_of,
    words,
)
from gpa_tui.session.day import Day
from gpa_tui.session.handout import english, require_released
from gpa_tui.session.roles import Act, require


def copy_entry(
    day: Day, place: Place, appointment: AppointmentId, how: Literal["clipboard", "bare screen"], hidden: bool
) -> list[Said]:
    """It was put on the terminal's clipboard or shown bare; `hidden`: marked so for online access."""
    require(place.actor, Act.COPY, appointment)
    visit = visit_of(day, appointment)
    require_identity(day, place, visit)
    return [about(visit, facts.EntryCopied(how=how, hidden=hidden))]


def translate(
    day: Day, place: Place, appointment: AppointmentId, of: Sequence[str], given: Translation
) -> list[Said]:
    """The released words in another language, as a person wrote or approved them. Nothing is translated here.

    `of` are the English lines as they were shown: refused when they have changed since.
    """
    require(place.actor, Act.COPY, appointment)
    visit = visit_of(day, appointment)
    require_identity(day, place, visit)
    require_released(visit)
    if tuple(of) != english(visit):
        raise Refused("The words were changed meanwhile.", "Go through them as they are now.")
    lines = tuple(said for line in given.lines if (said := words(line)))
    if len(lines) != len(of):
        raise Refused(f"{len(lines)} lines for {len(of)}.", "One line for each, in the same order.")
    kept = Translation(
        language=required_words(given.language, "Say in which language."),
        lines=lines,
        of=tuple(of),
        by=required_words(given.by, "Say who wrote or approved these words."),
    )
    return [about(visit, facts.PlanTranslated(translation=kept))]


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
