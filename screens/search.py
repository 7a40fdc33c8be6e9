"""Entries of all days: whom, who, what, from when to when; each may be left out. The search is in the log."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from gpa_tui.clock import local_time
from gpa_tui.errors import GpaTuiError
from gpa_tui.session.dates import read_past
from gpa_tui.session.identity import read_birth_date
from gpa_tui.session.search import Found, Wanted, note_search, search
from screens.keys import place_bindings
from screens.list_screen import ListScreen
from screens.widgets.line_list import PLAIN, Row, fit
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.base import ClinicScreen

MOST = 500  # entries that are shown
WHEN = 16  # cells


def ask_search(screen: ClinicScreen) -> None:
    """Whom it is about."""

    async def whom(text: str) -> bool:
        wanted = Wanted(whom=text.strip())
        if wanted.whom:
            _ask_born(screen, wanted)
        else:
            _ask_staff(screen, wanted)
        return True

    screen.ask(Question("Search, about whom? NHS number or name. Enter: anybody.", whom))


def _ask_born(screen: ClinicScreen, wanted: Wanted) -> None:
    async def born(text: str) -> bool:
        try:
            found = read_birth_date(text, screen.workstation.today)
        except ValueError as error:
            screen.notice(str(error), loud=True)
            return False
        _ask_staff(screen, replace(wanted, born=found))
        return True

    screen.ask(Question(f"{wanted.whom}, born? Day month year: two identifiers find nobody else.", born))


def _ask_staff(screen: ClinicScreen, wanted: Wanted) -> None:
    async def staff(text: str) -> bool:
        _ask_kind(screen, replace(wanted, staff=text.strip()))
        return True

    screen.ask(Question("By whom? Part of a name. Enter: anybody.", staff))


def _ask_kind(screen: ClinicScreen, wanted: Wanted) -> None:
    async def kind(text: str) -> bool:
        _ask_dates(screen, replace(wanted, kind=text.strip()))
        return True

    screen.ask(Question("What? A kind, e.g. escalation, or a word of it. Enter: all.", kind))


def _ask_dates(screen: ClinicScreen, wanted: Wanted) -> None:
    async def since(text: str) -> bool:
        first, _, last = text.partition(" to ")
        try:
            between = (_day(screen, first), _day(screen, last))
        except ValueError as error:
            screen.notice(str(error), loud=True)
            return False
        return await _search(screen, replace(wanted, since=between[0], until=between[1]))

    screen.ask(Question("From when? 1 9 2026, or 1 9 2026 to 30 9 2026. Enter: all days.", since))


def _day(screen: ClinicScreen, text: str) -> date | None:
    return read_past(text.strip(), screen.workstation.today) if text.strip() else None


async def _search(screen: ClinicScreen, wanted: Wanted) -> bool:
    station = screen.workstation
    desk, registry, place = station.desk, station.registry, station.place
    assert desk is not None, "somebody is signed in"
    assert registry is not None, "somebody is signed in"
    if not await station.perform_standing(lambda _: note_search(wanted, place)):
        return False
    events, unread = list(registry.standing.events), registry.unread
    try:
        looking = search(desk.bench, events, wanted, unread=unread)
        found = await asyncio.to_thread(lambda: list(islice(looking, MOST + 1)))
    except GpaTuiError as error:
        screen.notice(str(error), loud=True)
        return False
    shown = FoundScreen(wanted, found)
    if isinstance(screen, FoundScreen):
        station.pop_screen()
    await station.push_screen(shown)
    return True


class FoundScreen(ListScreen):
    """One line an entry; Enter goes to it in its day's log."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("found")
    EMPTY = "  Nothing was found."
    place = "found"

    def __init__(self, wanted: Wanted, found: Sequence[Found]) -> None:
        super().__init__()
        self._wanted, self._found = wanted, found

    def repaint(self) -> None:
        station = self.workstation
        if station.desk is None:
            return
        rows = []
        for number, (on, line, whose) in enumerate(self._found[:MOST]):
            when = f" {on:%d %b %y} {local_time(datetime.fromisoformat(line.at), station.door.zone)}"
            text = f"{fit(when, WHEN)} {f'{whose} · ' if whose else ''}{line.name} · {line.says}"
            rows.append(Row(str(number), ((fit(text, self.size.width), PLAIN),)))
        more = len(self._found) > MOST
        found = sum(bool(one.line.id) for one in self._found)  # the others say what was not looked through
        count = f"The first {MOST} entries" if more else "1 entry" if found == 1 else f"{found} entries"
        self.show(f"{count}: {self._wanted.shown}", rows)

    async def action_found_open(self) -> None:
        from screens.log import LogScreen

        key, station = self.chosen(), self.workstation
        if not key:
            return
        on, line, _ = self._found[int(key)]
        if on not in station.practice.days():
            self.notice("It is of the standing journal: the whole entry is what stands here.")
            return
        await station.turn_to(on)
        await station.open_review()
        if not isinstance(station.screen, LogScreen):
            await station.push_screen("log")
        log = station.screen
        if isinstance(log, LogScreen):
            log.call_after_refresh(log.go_to, line.id)

    def action_log_search(self) -> None:
        ask_search(self)
