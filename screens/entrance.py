"""From the passphrase to the list: the desk, the prep lists and the screens, loaded while one types."""

from __future__ import annotations

import asyncio
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from gpa_tui.clock import local_date
from gpa_tui.records.staff import Actor
from gpa_tui.session import acts
from gpa_tui.session.desk import Desk
from gpa_tui.session.prep_list import shipped_templates
from screens.base import ClinicScreen
from screens.day import DayScreen
from screens.frame import show_day
from screens.patient import PatientScreen
from screens.review import ReviewScreen

if TYPE_CHECKING:
    from screens.app import Workstation

SCREENS = {"day": DayScreen, "patient": PatientScreen, "review": ReviewScreen}
"""Kept and refilled, never built anew: opening one is then a repaint."""


async def enter(station: Workstation, actor: Actor) -> None:
    """Today's list for `actor`, and nothing left over of whoever was here before. Raises `GpaTuiError`."""
    today = local_date(station.clock.now(), station.door.zone)
    desk = await asyncio.to_thread(_opened, station, today, actor)
    if not station.templates:
        station.templates = shipped_templates()
    await station.sign_out()
    station.desk = desk
    station.open_visit = None
    for shown in station.screen_stack:
        if isinstance(shown, ClinicScreen):
            shown.strip.close()
            shown.notice()
    station.saved_at = station.clock.now()
    for name, screen in SCREENS.items():
        if not station.is_screen_installed(name):
            station.install_screen(screen(), name)
    while len(station.screen_stack) > 1:
        station.pop_screen()
    await station.push_screen("day")
    show_torn(station)


def _opened(station: Workstation, on: date, actor: Actor) -> Desk:
    """A desk whose opening is in the log: nobody reads a list without that."""
    desk = Desk(station.practice, on, station.clock, actor, station.terminal)
    try:
        desk.do(partial(acts.open_sign_in, place=desk.place))
    except BaseException:
        desk.close()
        raise
    return desk


def show_torn(station: Workstation) -> None:
    """Say once that an entry cut off by a crash was moved aside; it was never called saved."""
    assert station.desk is not None
    torn = station.desk.storage.torn
    if torn is not None:
        station.desk.storage.torn = None
        station.say(f"A half-written entry from a crash was put aside in {torn.name}.", loud=True)
    if torn is None:
        show_half_typed(station)


def show_half_typed(station: Workstation) -> None:
    """Whose half-typed words are waiting: of this day by name, of the one before by its key."""
    staff, today = station.place.actor.staff, station.day.date
    drafts = station.practice.drafts
    names = sorted(
        {
            visit.appointment.patient.name.listed
            for draft in drafts.of(staff, today.isoformat())
            if (visit := station.day.visits.get(draft.appointment)) is not None
        }
    )
    words = [f"Half-typed words of yours are kept for {'; '.join(names)}."] if names else []
    earlier = [day for day in station.practice.days() if day < today][-1:]
    words += [
        f"Half-typed words of yours are kept on the list of {show_day(day)}: y goes there."
        for day in earlier
        if drafts.of(staff, day.isoformat())
    ]
    if words:
        station.say(" ".join(words))


async def turn_to(station: Workstation, on: date) -> None:
    """The list of another date, with the same person. Raises `GpaTuiError`."""
    assert station.desk is not None
    old = station.desk
    station.desk = await asyncio.to_thread(_opened, station, on, old.actor)
    old.close()
    station.repaint()
