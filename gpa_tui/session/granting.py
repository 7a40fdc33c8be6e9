"""Which journals the program that syncs may open, and how their keys reach it: by a pipe, or closed to it.

Today's and the week's to come, so that a list can arrive before anybody is in; of the week before those that
have not reached the server whole; and the standing journal, which holds tasks and what was carried.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from gpa_tui.session.log import Bench
from gpa_tui.session.standing import Standing
from gpa_tui.store.files import make_private_folder, replace_file
from gpa_tui.store.grant import Grant, close_grant, grant
from gpa_tui.store.journal import STANDING
from gpa_tui.store.practice import SYNC_FOLDER, Practice

WEEK = timedelta(days=7)
GRANT_FILE = "service.grant"
DELIVERED_FILE = "delivered.json"


def granted(bench: Bench, on: date) -> Grant:
    """For the program that syncs, from whoever is signed in."""
    practice = bench.practice
    days = [one.isoformat() for one in dates_to_sync(practice, on)]
    of_others = [STANDING, *(one.isoformat() for one in dates_of_others(on))]
    return grant(bench.keys, practice, [STANDING, *days], of_others)


def renew_service_grant(bench: Bench, standing: Standing, on: date) -> None:
    """Where there is a service: what it may open from now on. Raises OSError."""
    if not standing.service:
        return
    folder = bench.practice.home / SYNC_FOLDER
    make_private_folder(folder, bench.practice.modes.folder)
    content = close_grant(standing.service, granted(bench, on))
    replace_file(folder / GRANT_FILE, content, mode=bench.practice.modes.file)


def dates_to_sync(practice: Practice, on: date) -> list[date]:
    """The dates about which there may be something to send or to take in, oldest first."""
    done = delivered(practice.home)
    before = [
        day
        for day in practice.days()
        if on - WEEK <= day < on and done.get(day.isoformat()) != practice.saves_of(day)
    ]
    return [*before, *_coming(on)]


def dates_of_others(on: date) -> list[date]:
    """The dates of which other stores' journals are taken in: a rebuilt store is fed by them."""
    return [on + timedelta(days=days) for days in range(-WEEK.days, WEEK.days + 1)]


def _coming(on: date) -> Iterator[date]:
    for days in range(WEEK.days + 1):
        yield on + timedelta(days=days)


def delivered(home: Path) -> dict[str, int]:
    """By date, how many of its saves were whole at the server when it was last sent."""
    with suppress(OSError, ValueError, AttributeError):
        found = json.loads((home / SYNC_FOLDER / DELIVERED_FILE).read_text("utf-8"))
        return {str(day): int(saves) for day, saves in found.items()}
    return {}
