"""Keys delivered one at a time, so that a burst keeps its order and type-ahead survives a new screen.

Textual looks bindings up after a key has bubbled to the App, against whatever screen is then current;
letters that arrive in the same read overtake it (Textual issue 6605). Here each key waits until the one
before it has been handled by every widget on its way, and the screen it may have opened stands.
Drop this module when that issue is resolved; tests/journeys/test_bursts.py says whether it is.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import Generic

from textual import events
from textual.app import App, ReturnType
from textual.message_pump import MessagePump

from screens.driver import KeyboardDriver

PATIENCE = 5.0  # seconds: longer than the store waits for a lock; then the next key goes all the same
CLOSING_POLL = 0.05  # seconds between looks at whether a widget went away with the hop in its queue
ROUNDS = 2  # a key's own handlers, then those of the messages which these posted


class KeyGate(App[ReturnType], Generic[ReturnType]):
    """An App that takes keys and pastes one by one."""

    def __init__(self) -> None:
        super().__init__(driver_class=KeyboardDriver, ansi_color=True)
        self._waiting_keys: deque[events.Key | events.Paste] = deque()
        self._delivering: asyncio.Task[None] | None = None

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.key_arrived()
            self._waiting_keys.append(event)
            if self._delivering is None or self._delivering.done():
                self._delivering = asyncio.create_task(self._deliver_all())
            return
        await super().on_event(event)

    def key_arrived(self) -> None:
        """Called as each key arrives, before it is delivered."""

    def takes_key(self, event: events.Key | events.Paste) -> bool:  # noqa: ARG002
        """Whether `event` is delivered at all; asked when its turn has come."""
        return True

    async def _deliver_all(self) -> None:
        while self._waiting_keys:
            event = self._waiting_keys.popleft()
            if not self.takes_key(event):
                continue
            target = self.focused or self.screen
            await super().on_event(event)
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    for _ in range(ROUNDS):
                        await self._settled(target)
                        target = self.focused or self.screen

    async def _settled(self, target: MessagePump) -> None:
        """Return when `target` and everything above it have handled what was posted to them so far."""
        for node in (*_way_up(target), self.screen, self.focused or self.screen):
            await self._passed(node)
        await self.screen._mounted_event.wait()

    async def _passed(self, node: MessagePump) -> None:
        """Return when `node` has handled all that is in its queue now, or is closing."""
        if node._closing or node._closed:
            return
        passed = asyncio.Event()
        node.call_later(passed.set)
        while not passed.is_set() and node.is_running:
            with suppress(TimeoutError):
                await asyncio.wait_for(passed.wait(), CLOSING_POLL)


def _way_up(node: MessagePump) -> list[MessagePump]:
    way = [node]
    while node._parent is not None:
        node = node._parent
        way.append(node)
    return way
