"""Keeps what is half typed: within a quarter of a second of a key, off the UI thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from gpa_tui.errors import NotSaved

if TYPE_CHECKING:
    from gpa_tui.store.drafts import Draft, Drafts

PAUSE = 0.25  # seconds from the first unsaved key to the disk

Key = tuple[str, str, str, str]


class DraftKeeper:
    """The newest text of each form on its way to the disk; an older one never comes after a newer."""

    def __init__(self, drafts: Drafts, complain: Callable[[NotSaved], None]) -> None:
        self._drafts = drafts
        self._complain = complain
        self._unsaved: dict[Key, Draft] = {}
        self._one_save = threading.Lock()
        self._writing: asyncio.Task[None] | None = None

    def keep(self, draft: Draft) -> None:
        """Write `draft` soon; an empty one takes the file away."""
        key = (draft.staff, draft.date, draft.appointment, draft.form)
        self._unsaved[key] = draft
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    def flush(self) -> None:
        """Write what is not yet written, now: before a lock, at the end, when the line is lost."""
        for key in list(self._unsaved):
            try:
                self._save(key)
            except NotSaved as error:
                self._complain(error)

    async def _write(self) -> None:
        while self._unsaved:
            await asyncio.sleep(PAUSE)
            for key in list(self._unsaved):
                try:
                    await asyncio.to_thread(self._save, key)
                except NotSaved as error:
                    self._complain(error)

    def _save(self, key: Key) -> None:
        with self._one_save:
            waiting = self._unsaved.get(key)
            if waiting is None:
                return
            try:
                self._drafts.save(waiting)
            finally:
                if self._unsaved.get(key) is waiting:  # no newer one came meanwhile
                    del self._unsaved[key]
