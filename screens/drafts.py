"""Keeps what is half typed: within a quarter of a second of a key, off the UI thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from gpa_tui.errors import NotSaved

if TYPE_CHECKING:
    from gpa_tui.records.base import StaffId
    from gpa_tui.store.drafts import Draft, Drafts
    from screens.app import Workstation

PAUSE = 0.25  # seconds from the first unsaved key to the disk
TRY_AGAIN = 2.0  # seconds, when the disk said no
IDENTITY_FORMS = ("identity name", "identity born", "identity one more")
"""They end with the identity check, and when the record is left: the next check asks anew."""

THE_LIST = "the list"
"""What stands in a draft for the record, where none is open."""

OF_NO_DATE = ("reflection ", "reply ", "answer ", "query ", "sent back ", "sign off ", "reopen ", "withdraw ")
NO_DATE = "any date"
"""These forms name what they are about: whichever list is shown, the same words come back."""

Key = tuple[str, str, str, str]


class DraftKeeper:
    """The newest text of each form on its way to the disk; an older one never comes after a newer.

    What the disk does not take stays here, and is tried again.
    """

    def __init__(self, drafts: Drafts, complain: Callable[[NotSaved], None]) -> None:
        self._drafts = drafts
        self._complain = complain
        self._unsaved: dict[Key, Draft] = {}
        self._one_save = threading.Lock()
        self._writing: asyncio.Task[None] | None = None

    def keep(self, draft: Draft) -> None:
        """Write `draft` soon; an empty one takes the file away."""
        self._unsaved[_key(draft)] = draft
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    def text(self, empty: Draft) -> str:
        """The half-typed text of a form: the newest, whether or not it has reached the disk."""
        waiting = self._unsaved.get(_key(empty))
        if waiting is not None:
            return waiting.text
        return self._drafts.load(empty).text

    def forms(self, staff: StaffId, date: str, appointment: str) -> list[str]:
        """The forms that this person has half typed in one record, whether or not they reached the disk."""
        on_disk = {_key(draft): draft for draft in self._drafts.of(staff, date)}
        found = (on_disk | self._unsaved).values()
        mine = (one for one in found if (one.staff, one.date, one.appointment) == (staff, date, appointment))
        return sorted(one.form for one in mine if one.text)

    def flush(self) -> NotSaved | None:
        """Write what is not yet written, now: before a lock, at the end, when the line is lost.

        Gives what the disk said when it did not take all of it.
        """
        trouble: NotSaved | None = None
        for key in list(self._unsaved):
            try:
                self._save(key)
            except NotSaved as error:
                trouble = error
        return trouble

    async def _write(self) -> None:
        pause = PAUSE
        while self._unsaved:
            await asyncio.sleep(pause)
            trouble = await asyncio.to_thread(self.flush)
            if trouble is not None and pause == PAUSE:
                self._complain(trouble)
            pause = PAUSE if trouble is None else TRY_AGAIN

    def _save(self, key: Key) -> None:
        with self._one_save:
            waiting = self._unsaved.get(key)
            if waiting is None:
                return
            self._drafts.save(waiting)
            if self._unsaved.get(key) is waiting:  # no newer one came meanwhile
                del self._unsaved[key]


class HalfTyped:
    """What is half typed at this terminal, each person's own, by the form that it is typed in."""

    def __init__(self, station: Workstation) -> None:
        self.leaving = False  # somebody was told that words would be lost, and asked again
        self._station = station
        self._keepers: dict[tuple[str, str], DraftKeeper] = {}  # by person and their key: it closes them

    @property
    def _mine(self) -> DraftKeeper | None:
        """Of whoever is signed in. What the disk has not taken stays here, with its person."""
        desk = self._station.desk
        if desk is None:
            return None
        whose = (desk.bench.actor.staff, desk.bench.keys.own.id)
        if whose not in self._keepers:
            self._keepers[whose] = DraftKeeper(self._station.practice.drafts(desk.bench.keys), self._failed)
        return self._keepers[whose]

    def _failed(self, error: NotSaved) -> None:
        if not self.leaving:  # who asked to leave was told so, and what it means
            self._station.say(str(error), loud=True)

    def text(self, form: str) -> str:
        """The half-typed text of a form in the open record, or of the list where none is open."""
        mine = self._mine
        return mine.text(self._draft(form, "")) if mine else ""

    def forms(self) -> list[str]:
        """What this person has half typed in the open record and not saved."""
        station, mine = self._station, self._mine
        if mine is None or station.open_visit is None:
            return []
        return mine.forms(station.place.actor.staff, station.day.date.isoformat(), station.open_visit)

    def keep(self, form: str, text: str) -> None:
        """Keep `text` for a form in the open record, or of the list; empty text drops it."""
        mine = self._mine
        if mine and form:
            self.leaving = False
            mine.keep(self._draft(form, text))

    def drop(self, *forms: str) -> None:
        """These forms of the open record are saved, or no longer mean anything."""
        for form in forms:
            if self.text(form):
                self.keep(form, "")

    async def kept(self) -> NotSaved | None:
        """Write what is half typed, now; gives what the disk said when it could not."""
        return await asyncio.to_thread(self.flush)

    def flush(self) -> NotSaved | None:
        """The same, at once, of everybody who has typed here."""
        troubles = [keeper.flush() for keeper in self._keepers.values()]
        return next((trouble for trouble in reversed(troubles) if trouble is not None), None)

    def _draft(self, form: str, text: str) -> Draft:
        from gpa_tui.store.drafts import Draft

        station = self._station
        of_no_date = form.startswith(OF_NO_DATE)
        return Draft(
            staff=station.place.actor.staff,
            date=NO_DATE if of_no_date else station.day.date.isoformat(),
            appointment=THE_LIST if of_no_date else station.open_visit or THE_LIST,
            form=form,
            text=text,
        )


def _key(draft: Draft) -> Key:
    return (draft.staff, draft.date, draft.appointment, draft.form)
