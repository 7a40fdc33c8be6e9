"""The workstation under test at 80×24, driven by keys alone: press, and read what is on the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from clinic import PASSPHRASE, FakeClock
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from gpa_tui.session.day import Day
from gpa_tui.store.door import read_door
from gpa_tui.store.practice import Practice
from screens.app import Workstation


class Station:
    """One terminal: keys in, screen out, and the day behind it."""

    def __init__(self, app: Workstation, pilot: Pilot[None]) -> None:
        self.app = app
        self._pilot = pilot

    async def press(self, *keys: str) -> Station:
        """Press keys by their Textual names, all in one burst; the gate delivers them one by one."""
        for key in keys:
            char = {"space": " ", "question_mark": "?"}.get(key, key)
            self.app.post_message(events.Key(key, char if len(char) == 1 else None))
        await self.settled()
        return self

    async def type(self, text: str) -> Station:
        """Type characters into whatever has the focus."""
        for char in text:
            self.app.post_message(events.Key(char if char.isalnum() else _character_to_key(char), char))
        await self.settled()
        return self

    async def settled(self) -> None:
        """Wait until every key is delivered and painted."""
        await self._pilot.pause()
        while self.app.acting or (self.app._delivering is not None and not self.app._delivering.done()):
            await self._pilot.pause()
        await self._pilot.pause()

    async def sign_in(self, name: str = "M Okafor", role: str = "") -> Station:
        await self.type(name)
        await self.press("enter")
        await self.type(PASSPHRASE)
        await self.press("enter")
        if role:
            await self.press(role)
        return self

    async def resize(self, width: int, height: int) -> None:
        await self._pilot.resize_terminal(width, height)
        await self.settled()

    @property
    def screen(self) -> str:
        """The text on the screen, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def day(self) -> Day:
        return self.app.day


@asynccontextmanager
async def station(
    practice: Practice, clock: FakeClock, *, width: int = 80, height: int = 24
) -> AsyncIterator[Station]:
    """The workstation on `practice`, at its sign-in screen."""
    app = Workstation(read_door(practice.home), clock, "room2")
    async with app.run_test(size=(width, height)) as pilot:
        driven = Station(app, pilot)
        await driven.settled()
        yield driven
        if app.desk is not None:
            app.desk.close()
