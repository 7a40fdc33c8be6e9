"""A person's portfolio from the store: dates in brief, the standing journal, the practice's competencies."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from gpa_tui.clock import local_date
from gpa_tui.records.base import StaffId
from gpa_tui.session.log import Bench
from gpa_tui.session.portfolio import Done, Portfolio, feedback_of, portfolio_of
from gpa_tui.session.search import digests_of
from gpa_tui.session.standing import Standing
from gpa_tui.session.telling import names_of


@dataclass(slots=True)
class Worked:
    """What all dates in brief say: what each person did, and every patient's name, folded."""

    done: list[tuple[date, Done]] = field(default_factory=list)
    names: frozenset[str] = frozenset()


def worked(bench: Bench) -> Worked:
    """Of every date, one at a time. Raises `StoreError`."""
    found, pairs = Worked(), set[tuple[str, str]]()
    for digest in digests_of(bench, bench.practice.days()):
        found.done.append((digest.on, digest.done))
        pairs |= {(whose.family, whose.given) for whose in digest.patients.values()}
        pairs |= {(part, "") for whose in digest.patients.values() for part in _parts(whose.listed)}
    found.names = names_of(pairs)
    return found


def _parts(listed: str) -> list[str]:
    return listed.partition("(")[0].replace(",", " ").split()


def portfolio_now(
    bench: Bench, standing: Standing, of: Worked, staff: StaffId | None = None, name: str = ""
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
        of.done,
        reviewers,
        standing.portfolios,
        standing.signed.get(staff, {}),
        bench.practice.competencies,
        feedback(standing, of, staff),
        of.names,
        local_date(bench.clock.now(), bench.practice.settings.zone),
    )


def feedback(standing: Standing, of: Worked, staff: StaffId) -> list[tuple[date, str, str]]:
    """What supervisors wrote to this person."""
    sessions = {on for on, done in of.done if staff in done}
    return list(feedback_of(staff, standing.events, sessions))
