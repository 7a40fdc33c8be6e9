"""From the passphrase to the list: the desk, the prep lists and the screens, loaded while one types."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gpa_tui.errors import StoreError
from gpa_tui.session.admission import absorb_refusals, open_day
from gpa_tui.session.desk import Desk
from gpa_tui.session.log import Bench
from gpa_tui.session.plain_words import PlainWords
from gpa_tui.session.registry import Registry
from gpa_tui.settings import read_lexicon, read_shorthand
from gpa_tui.templates import read_templates
from screens.base import ClinicScreen
from screens.day import DayScreen
from screens.drafts import NO_DATE
from screens.frame import show_day
from screens.log import LogScreen
from screens.patient import PatientScreen
from screens.review import ReviewScreen

if TYPE_CHECKING:
    from screens.app import Workstation

SCREENS = {"day": DayScreen, "patient": PatientScreen, "log": LogScreen, "review": ReviewScreen}
"""Kept and refilled, never built anew: opening one is then a repaint."""


async def enter(station: Workstation, bench: Bench) -> None:
    """Today's list for `bench.actor`, and nothing left over of whoever was here before.

    Raises `GpaTuiError`; then nobody new is signed in.
    """
    desk, registry = await asyncio.to_thread(_opened, bench, station.today)
    station.templates = await asyncio.to_thread(read_templates, bench.practice.home)
    station.plain_words = await asyncio.to_thread(
        _plain_words, bench.practice.home, bench.practice.settings.plan.safety_nets
    )
    await station.sign_out()
    station.desk, station.registry = desk, registry
    station.open_visit = station.followed = station.pin = None
    for shown in station.screen_stack:
        if isinstance(shown, ClinicScreen):
            shown.strip.close()
            shown.notice()
    station.saved_at = station.clock.now()
    station.effort.on = bench.practice.settings.effort_meter
    for name, screen in SCREENS.items():
        if not station.is_screen_installed(name):
            station.install_screen(screen(), name)
    while len(station.screen_stack) > 1:
        station.pop_screen()
    await station.push_screen("day")
    show_state(station)


def _plain_words(home: Path, nets: tuple[str, ...]) -> PlainWords:
    return PlainWords(read_shorthand(home), read_lexicon(home).words, nets)


def _opened(bench: Bench, on: date) -> tuple[Desk, Registry]:
    registry = Registry(bench)
    _ = bench.practice.competencies  # read here, so that a mistake in it is said before anybody is in
    try:
        with suppress(StoreError):  # they wait until a day can be added to
            absorb_refusals(bench)
        desk = open_day(bench, registry, on)
    except BaseException:
        registry.close()
        raise
    return desk, registry


def _watched(bench: Bench, on: date) -> Desk:
    """Today's log, for what is not heard in it; nothing of it is listed."""
    desk = Desk(bench, on)
    desk.read()
    return desk


def show_state(station: Workstation) -> None:
    """What is to be said of a day that was just opened, the gravest alone."""
    assert station.desk is not None
    trouble, torn = station.desk.trouble, station.desk.storage.torn
    record = station.registry.trouble if station.registry is not None else None
    if trouble is not None:
        station.say(f"This day can only be read. {trouble}", loud=True)
    elif record is not None:
        station.say(f"The record of people and anchors is damaged. {record}", loud=True)
    elif torn is not None:  # it was never called saved
        station.desk.storage.torn = None
        station.say(f"A half-written entry from a crash was put aside in {torn.name}.", loud=True)
    else:
        show_half_typed(station)


def show_half_typed(station: Workstation) -> None:
    """Whose half-typed words are waiting: of this day by name, of the one before by its key."""
    assert station.desk is not None
    staff, today = station.place.actor.staff, station.day.date
    drafts = station.practice.drafts(station.desk.bench.keys)
    names = sorted(
        {
            visit.appointment.patient.name.listed
            for draft in drafts.of(staff, today.isoformat())
            if (visit := station.day.visits.get(draft.appointment)) is not None
        }
    )
    threads = [thread for review in station.reviews for thread in review.open_threads()]
    asked = sum(thread.waits_for(staff) for thread in threads)
    replies = sum(thread.answers(staff) for thread in threads)
    words = [f"A review asks you about {asked} {'entry' if asked == 1 else 'entries'}: f."] if asked else []
    words += [f"{replies} of your queries {'is' if replies == 1 else 'are'} answered: f."] if replies else []
    words += [f"Half-typed words of yours are kept for {'; '.join(names)}."] if names else []
    if drafts.of(staff, NO_DATE):
        words.append("Half-typed words of yours are kept: of a review, a task (f) or your portfolio (j).")
    if station.earlier:
        words.append(f"{len(station.earlier)} things are left open on earlier days: f shows them.")
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
    old, registry = station.desk, station.registry
    assert old is not None
    assert registry is not None
    await station.anchor()
    station.followed = None
    station.desk = await asyncio.to_thread(open_day, old.bench, registry, on)
    station.lookout.stop_watching()
    if on != station.today:
        station.lookout.today_desk = await asyncio.to_thread(_watched, old.bench, station.today)
    old.close()
    station.repaint()
