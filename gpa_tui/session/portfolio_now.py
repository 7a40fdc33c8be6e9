"""A person's portfolio from the store: dates in brief, the standing journal, the practice's competencies."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from gpa_tui.clock import local_date
from gpa_tui.records.base import StaffId
from gpa_tui.records.event import Event
from gpa_tui.session.digest import Digest, Stamp, names_in, stamp_of
from gpa_tui.session.log import Bench
from gpa_tui.session.portfolio import Known, Portfolio, feedback_of, portfolio_of
from gpa_tui.session.retention import purged
from gpa_tui.session.search import digests_of
from gpa_tui.session.standing import Standing
from gpa_tui.session.telling import Names


class Worked:
    """What all dates in brief say, kept up: a date is read again when its log was added to."""

    def __init__(self) -> None:
        self._dates: dict[date, tuple[Stamp, Digest, frozenset[str]]] = {}

    def known(self, bench: Bench, standing: Iterable[Event], months: Collection[str] = ()) -> Known:
        """Of every date, as it now is; one at a time is read. Raises `StoreError`.

        `months` (`2026-11`) are those from which visits are evidence.
        """
        practice = bench.practice
        days = practice.days()
        self._dates = {on: one for on, one in self._dates.items() if on in days}
        for on in days:
            stamp = stamp_of(practice, on)
            if on not in self._dates or self._dates[on][0] != stamp:
                (digest,) = digests_of(bench, [on])
                names = names_in(digest.patients.values())
                self._dates[on] = (stamp, replace(digest, packed_lines=b"", patients={}), names)
        found, gone = Known(), purged(standing)
        for on, (_, digest, _) in sorted(self._dates.items()):
            found.done.append((on, digest.done))
            if f"{on:%Y-%m}" in months:
                found.bare |= digest.bare
        found.gone = tuple(on for on in gone if on not in self._dates)
        found.names = Names(
            plain=frozenset().union(*(names for _, _, names in self._dates.values())),
            hashed=frozenset(name for one in gone.values() for name in one.names),
            salt=practice.info.practice,
            unread=tuple(on for on, (_, digest, _) in sorted(self._dates.items()) if digest.trouble),
        )
        return found


def portfolio_now(
    bench: Bench, standing: Standing, known: Known, staff: StaffId | None = None, name: str = ""
) -> Portfolio:
    """Of this person; None: of whoever the bench is."""
    if staff is None:
        staff, name = bench.actor.staff, bench.actor.name
    reviewers = {
        on: review.signed.by.name for on, review in standing.reviews.items() if review.signed is not None
    }
    return portfolio_of(
        staff,
        name,
        bench.practice.settings.name,
        known,
        reviewers,
        standing.portfolios,
        standing.signed.get(staff, {}),
        bench.practice.competencies,
        feedback_of(staff, standing.events),
        local_date(bench.clock.now(), bench.practice.settings.zone),
    )
