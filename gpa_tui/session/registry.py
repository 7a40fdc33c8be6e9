"""The standing journal in hand: who may sign in and with which keys, and the anchors of the days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import date
from typing import TYPE_CHECKING

from gpa_tui.errors import JournalDamaged, StoreUnusable
from gpa_tui.records.event import Event, HeadAnchored, Said, StaffAdded
from gpa_tui.session.log import Bench, Log
from gpa_tui.session.standing import ABOUT_PEOPLE, Standing, differing, fold, fold_others
from gpa_tui.store.chain import ASK, Commit, Head
from gpa_tui.store.vault import Keyring, Roster, fingerprint
from gpa_tui.store.verify import signed_by

if TYPE_CHECKING:
    from gpa_tui.session.desk import Desk

LOOKED_BACK = 7  # days before the one that is opened: how far back a crash is looked for


class Registry(Log[Standing]):
    """The standing journal, for one person at one terminal."""

    ONE_BY_ONE = True

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

    def take_others(self, events: Sequence[Event]) -> None:
        fold_others(self.standing, events)

    def _understood(self, commit: bytes) -> Sequence[Event] | None:
        """As in any log; and what is said of people counts only with the signature of whoever says it.

        Elsewhere signatures are for `verify`; here somebody is let in on the strength of them.
        """
        events = super()._understood(commit)
        if events is not None and any(isinstance(event.data, ABOUT_PEOPLE) for event in events):
            envelope = self.storage.envelopes[self._commits_taken]
            if not self._signed(events, envelope):
                line = self._commits_taken + 2
                self.unreadable = JournalDamaged(
                    f"{self.storage.path.name}: line {line} is not signed by whoever says it.", ASK, line=line
                )
                return None
        return events

    def _signed(self, events: Sequence[Event], envelope: Commit) -> bool:
        first, *others = {event.by.staff for event in events}
        if others:
            return False
        known = self.standing.keys_of(first)
        if not self.standing.epochs:  # the founding: whoever makes the store says their own key
            known = [
                event.data.keys
                for event in events
                if isinstance(event.data, StaffAdded) and event.data.member.id == first
            ]
        return any(signed_by(keys, envelope, self.storage.journal) for keys in known)

    def anchor(self, on: date, head: Head) -> None:
        """Keep a day's head where it can be checked. Raises `NotSaved`.

        Where this journal can only be read nothing is kept: that is said at every sign-in.
        """
        if self.trouble is not None or not head[0]:
            return
        name, (n, hash_) = on.isoformat(), head
        self.do(lambda _: [Said(data=HeadAnchored(journal=name, n=n, hash=hash_))], {name: head})

    def left_unanchored(self, on: date) -> list[date]:
        """The latest days before `on` that were added to after they were last anchored: ended in a crash."""
        if self.trouble is not None:
            return []
        days = [day for day in self.practice.days() if day < on][-LOOKED_BACK:]
        return [
            day
            for day in days
            if self.practice.saves_of(day) > self.standing.anchors.get(day.isoformat(), (0, ""))[0]
        ]

    def anchor_earlier(self, on: date) -> None:
        """Anchor an earlier day, unless it departs from what was anchored of it. Raises `NotSaved`."""
        hashes = self.practice.day_hashes(on)
        n, hash_ = self.standing.anchors.get(on.isoformat(), (0, ""))
        if len(hashes) - 1 > n and (not n or hashes[n] == hash_):
            self.anchor(on, (len(hashes) - 1, hashes[-1]))

    def require_sound(self, desk: Desk) -> None:
        """What makes a day that was just read one that can only be read.

        It is not what was anchored of it (cut short, rewritten, removed); its last line is not signed by
        anybody on the list; or this journal is damaged so far up that who is on it cannot be told.
        """
        if desk.unreadable is None and any(differing(self.standing, self.practice.roster)):
            desk.unreadable = self.unreadable
        desk.require_signed_end()
        n, hash_ = self.standing.anchors.get(desk.date.isoformat(), (0, ""))
        hashes = desk.storage.hashes
        if desk.unreadable is None and n and (n >= len(hashes) or hashes[n] != hash_):
            desk.unreadable = JournalDamaged(
                f"{desk.storage.path.name} was cut short, rewritten or removed: it has {desk.head[0]} saves, "
                f"and was known to have {n}.",
                ASK,
                line=min(n, desk.head[0]) + 1,
            )

    def change(self, make: Callable[[Roster], tuple[Roster, Sequence[Said]]]) -> list[Event]:
        """Change who may sign in: `make` gives the new roster and what is said of it, from the old one.

        The new one is written beside the old, then the entry, then it takes the old one's place: whatever
        stops this half way, `settle` finishes it or leaves it. Raises what `make` raises, and `StoreError`.
        """
        practice = self.practice
        with self.storage.locked():
            self._take_in()
            self.require_whole()
            self.settle(self.bench.keys)
            roster, said = make(practice.roster)
            self._require_fit(roster, said)
            practice.write_next_roster(roster)
            events = self.do(lambda _: said)
            practice.promote_roster()
        return events

    def _require_fit(self, roster: Roster, said: Sequence[Said]) -> None:
        """Raises `StoreUnusable`, before anything is written, unless `roster` is what `said` will record."""
        after = Standing(people=deepcopy(self.standing.people), epochs=dict(self.standing.epochs))
        for number, one in enumerate(said, 1):
            fold(after, self._stamp(one, number))
        for wrong in differing(after, roster):
            raise StoreUnusable(f"Not done: {wrong}.", "Nothing was changed.")

    def settle(self, keys: Keyring | None = None) -> None:
        """Raises `StoreUnusable` unless `keys.json`, or the one that was to follow it, is as recorded.

        Where this journal is damaged that cannot be told: `require_sound` lets days be read then, no more.
        `keys` then close new entries under the newest key of the store that was recorded.
        """
        try:
            self.require_roster(self.practice.roster)
        except StoreUnusable:
            if self.unreadable is not None:
                return
            following = self.practice.next_roster()
            if following is None or self.practice.newer is not None:
                raise
            self.require_roster(following)
            self.practice.promote_roster()
        if keys is not None:
            keys.learn()
            if not self.approve(keys):
                raise StoreUnusable(
                    "keys.json holds a key of the store that was never recorded: changed from outside.",
                    _RESTORE,
                )

    def approve(self, keys: Keyring) -> bool:
        """Have new entries closed under the newest key of the store that was recorded; whether all were."""
        recorded = {number: epoch.fingerprint for number, epoch in self.standing.epochs.items()}
        good = [n for n, key in keys.epochs.items() if recorded.get(n) == fingerprint(key)]
        keys.epoch = max(good, default=keys.epoch)
        return len(good) == len(keys.epochs)

    def require_roster(self, roster: Roster) -> None:
        """Raises `StoreUnusable` where `keys.json` says other than what was recorded of people and keys.

        Where this journal is damaged, what stands before the damage is what was recorded.
        """
        for wrong in differing(self.standing, roster):
            raise StoreUnusable(f"{wrong}: changed from outside.", _RESTORE)


_RESTORE = "Restore keys.json from a backup, and tell whoever looks after the system."
