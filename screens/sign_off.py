"""A review signed off with what is still open named, or reopened with the reason."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from gpa_tui.session import reviewing
from gpa_tui.session.review import reviewed_entries
from gpa_tui.session.review_rows import ReviewRow
from screens.review import review_of, rows_of
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.app import Workstation
    from screens.review import ReviewScreen

MOST_NAMED = 4
STILL_OPEN = frozenset({"task", "ended"})
"""Findings that are of something unfinished."""


def ask_sign_off(screen: ReviewScreen) -> None:
    """Sign off, with words for whoever worked in it; or reopen."""
    station = screen.workstation
    if review_of(station).signed is not None:
        form = f"reopen {station.day.date}"
        prompt = "It is signed off. Why is it reopened?"
        screen.ask(Question(prompt, partial(_reopen, screen), form=form, phrases=True))
        return
    open_ = _still_open(station)
    still = list(open_.values())
    named = "\n".join(still[:MOST_NAMED])
    more = f"\nand {len(still) - MOST_NAMED} more" if len(still) > MOST_NAMED else ""
    note = f"{len(still)} still open, and kept so:\n{named}{more}" if still else "Nothing is left open."
    form = f"sign off {station.day.date}"
    prompt = "Your words to whoever worked in it. Enter signs off."
    signs = partial(_sign, screen, open_.keys())
    screen.ask(Question(prompt, signs, form=form, note=note, phrases=True))


def _open_rows(station: Workstation) -> list[ReviewRow]:
    """Of the whole date, whichever clinics are followed: a sign-off is of the date's log.

    What nobody heard, reviewed, ended or did is open whatever was agreed with.
    """
    rows = rows_of(station, whole=True)
    return [one for one in rows if not one.done or one.loud or one.label in STILL_OPEN]


def _unsent(station: Workstation) -> list[str]:
    """What the practice's server has not got, of any date, while one is set up."""
    state = station.sync_state
    if state is None or not (state.left or state.parked):
        return []
    return [f"server: {state.left} wait to be sent, {len(state.parked)} refused: v on the list"]


def _still_open(station: Workstation) -> dict[str, str]:
    """What is open in words, by what would be another if anything came meanwhile: how much was done there."""
    visits = station.day.visits
    found = {text: text for text in _unsent(station)}
    for one in _open_rows(station):
        visit = visits.get(one.appointment) if one.appointment else None
        entries = len(reviewed_entries(visit)) if visit is not None else 0
        found[f"{one.key} {entries}"] = f"{one.label} {one.words}"
    return found


async def _sign(screen: ReviewScreen, looked_at: Collection[str], text: str) -> bool:
    station = screen.workstation
    desk, place = station.desk, station.place
    assert desk is not None, "a day is open"
    await station.perform(lambda *_: ())  # what others saved since
    head, others, open_ = desk.head, desk.heads_of_others, _still_open(station)
    if new := [words for key, words in open_.items() if key not in looked_at]:
        screen.notice(f"Not signed: since you looked there is also: {new[0]}. s again.", loud=True)
        return False
    still = list(open_.values())
    said = await station.perform_standing(
        lambda standing: reviewing.sign(standing.reviews, place, desk.day, head, still, text, others),
        {desk.date.isoformat(): head},
    )
    if said:
        screen.notice(f"Signed off at save {head[0]}, {head[1][:16]}. p makes the sheet.")
    return bool(said)


async def _reopen(screen: ReviewScreen, why: str) -> bool:
    station = screen.workstation
    place, on = station.place, station.day.date
    said = await station.perform_standing(lambda standing: reviewing.reopen(standing.reviews, place, on, why))
    return bool(said)
