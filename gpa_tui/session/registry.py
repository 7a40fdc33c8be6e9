"""The standing journal in hand: who may sign in and with which keys, and the anchors of the days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from gpa_tui.errors import StoreUnusable
from gpa_tui.records.event import Event, HeadAnchored, Said
from gpa_tui.session.log import Bench, Log
from gpa_tui.session.standing import Standing, fold
from gpa_tui.store.chain import Head
from gpa_tui.store.vault import Roster


class Registry(Log[Standing]):
    """The standing journal, for one person at one terminal."""

    def __init__(self, bench: Bench) -> None:
        """Open it; `refresh` reads it. Raises `StoreUnusable`."""
        self.standing = Standing()
        super().__init__(bench, bench.practice.open_standing(bench.keys, bench.actor.staff, bench.holder))

    @property
    def state(self) -> Standing:
        return self.standing

    def take(self, events: Sequence[Event]) -> None:
        for event in events:
            fold(self.standing, event)

    def anchor(self, on: date, head: Head) -> None:
        """Keep a day's head where it can be checked. Raises `NotSaved`.

        Where this journal can only be read nothing is kept: that is said at every sign-in.
        """
        if self.trouble is not None:
            return
        name, (n, hash_) = on.isoformat(), head
        self.do(lambda _: [Said(data=HeadAnchored(journal=name, n=n))], {name: (n, hash_)})

    def change(self, make: Callable[[Roster], tuple[Roster, Sequence[Said]]]) -> list[Event]:
        """Change who may sign in: `make` gives the new roster and what is said of it, from the old one.

        The new one is written beside the old, then the entry, then it takes the old one's place: whatever
        stops this half way, `settle` finishes it or leaves it. Raises what `make` raises, and `StoreError`.
        """
        practice = self.practice
        with self.storage.locked():
            self._take_in()
            self.require_whole()
            roster, said = make(practice.roster)
            practice.write_next_roster(roster)
            events = self.do(lambda _: said)
            practice.promote_roster()
        return events

    def settle(self) -> None:
        """Raises `StoreUnusable` unless `keys.json`, or the one that was to follow it, is as recorded."""
        try:
            self.require_roster(self.practice.roster)
        except StoreUnusable:
            following = self.practice.next_roster()
            if following is None:
                raise
            self.require_roster(following)
            self.practice.promote_roster()

    def require_roster(self, roster: Roster) -> None:
        """Raises `StoreUnusable` where `keys.json` says other than what was recorded of people and keys.

        Where this journal is damaged, what stands before the damage is what was recorded.
        """
        for entry in roster.staff:
            person = self.standing.people.get(entry.member.id)
            left = entry.slot is None
            same = person is not None and (person.member, person.keys, person.left) == (
                entry.member,
                entry.keys,
                left,
            )
            if not same:
                raise StoreUnusable(
                    f"keys.json says other of {entry.member.name} than was recorded: changed from outside.",
                    "Restore keys.json from a backup, and tell whoever looks after the system.",
                )
