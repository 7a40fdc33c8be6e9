"""How long a date is kept: while its review is open, then as the practice's rule says. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from gpa_tui.clock import local_date
from gpa_tui.records import event as facts
from gpa_tui.records.event import Event, Said
from gpa_tui.session.acts.common import Place
from gpa_tui.session.day import Day
from gpa_tui.session.review import Review, Reviews, reviewed_entries, since_signed
from gpa_tui.session.roles import Act, require
from gpa_tui.store.chain import Head


@dataclass(frozen=True, slots=True)
class Kept:
    """One date: until when it is kept, or why it is kept beyond."""

    on: date
    until: date | None = None  # the last day
    why: str = ""

    def is_due(self, today: date) -> bool:
        return self.until is not None and today > self.until


def kept(days: Iterable[date], reviews: Reviews, keep_days: int, zone: ZoneInfo) -> Iterator[Kept]:
    """Each of these dates."""
    for on in days:
        review = reviews.get(on)
        why = _why(review)
        if why or review is None or review.signed is None:
            yield Kept(on, why=why)
        else:
            signed = local_date(review.signed.wall, zone)
            yield Kept(on, until=max(on, signed) + timedelta(days=keep_days))


def _why(review: Review | None) -> str:
    if review is None or review.signed is None:
        return "its review is open"
    if review.open_threads():
        return "a query is open"
    return ""


def said_since(review: Review, day: Day) -> int:
    """How many entries that a review is of came after its sign-off."""
    since = since_signed(review, day)
    return sum(event.id in since for visit in day.rows for event in reviewed_entries(visit))


def note_purge(
    place: Place,
    on: date,
    head: Head,
    file: str,
    sha256: str,
    names: Sequence[str] = (),
    others: Mapping[str, Head] | None = None,
) -> list[Said]:
    """That a date is taken away: as it was, and where it is kept, if anywhere."""
    require(place.actor, Act.RETAIN)
    gone = facts.DayPurged(
        on=on,
        n=head[0],
        hash=head[1],
        file=file,
        sha256=sha256,
        names=tuple(names),
        others=dict(others or {}),
    )
    return [Said(data=gone)]


def purged(events: Iterable[Event]) -> dict[date, facts.DayPurged]:
    """What was taken away, by date."""
    return {event.data.on: event.data for event in events if isinstance(event.data, facts.DayPurged)}
