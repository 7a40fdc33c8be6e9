"""Keeps what is half typed: within a quarter of a second of a key, off the UI thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from gpa_tui.errors import NotSaved

if TYPE_CHECKING:
    from gpa_tui.store.drafts import Draft, Drafts

PAUSE = 0.25  # seconds from the first unsaved key to the disk


class DraftKeeper:
    """Pending drafts by key; the newest text of each form is what is written."""

    def __init__(self, drafts: Drafts, complain: Callable[[NotSaved], None]) -> None:
        self._drafts = drafts
        self._complain = complain
        self._pending: dict[tuple[str, ...], Draft] = {}
        self._writing: asyncio.Task[None] | None = None

    def keep(self, draft: Draft) -> None:
        """Write `draft` soon; an empty one takes the file away."""
        self._pending[(draft.staff, draft.date, draft.appointment, draft.form)] = draft
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    def flush(self) -> None:
        """Write what is pending now: before a lock, at the end, when the line is lost."""
        while self._pending:
            _, draft = self._pending.popitem()
            try:
                self._drafts.save(draft)
            except NotSaved as error:
                self._complain(error)

    async def _write(self) -> None:
        while self._pending:
            await asyncio.sleep(PAUSE)
            batch, self._pending = self._pending, {}
            for draft in batch.values():
                try:
                    await asyncio.to_thread(self._drafts.save, draft)
                except NotSaved as error:
                    self._complain(error)
