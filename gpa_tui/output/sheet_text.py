"""Whether a log is the one of a sheet, and what came after: of this store, of the others, or gone by rule."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from gpa_tui.errors import GpaTuiError, JournalDamaged, NewerFormat, StoreUnusable
from gpa_tui.output.verify_text import EVENT, hashes_of, others, signed_heads, standing_events
from gpa_tui.records.event import DayPurged, Event
from gpa_tui.session.describe import says
from gpa_tui.store import seal
from gpa_tui.store.chain import Chain, written
from gpa_tui.store.journal import STANDING
from gpa_tui.store.practice import Practice
from gpa_tui.store.vault import Keyring
from gpa_tui.store.verify import Verified, departures, gone_by_rule, verify
from gpa_tui.text import clean

Mark = tuple[int, str]
"""What stands at the foot of a sheet: how many saves, and the hash of the last, or its beginning."""
LEAST_HEX = 16


def read_mark(text: str) -> Mark:
    """`N:HASH`, as it is printed; of the hash sixteen signs are enough. Raises `GpaTuiError`."""
    found = _MARK.fullmatch("".join(text.split()).lower())
    if found is None:
        raise GpaTuiError(
            f"{clean(text)[:80]} is not what stands at the foot of a sheet.",
            f"A number, a colon, and {LEAST_HEX} or more of the hash's signs: 41:3f9c...",
        )
    return int(found[1]), found[2]


_MARK = re.compile(rf"([0-9]{{1,9}}):([0-9a-f]{{{LEAST_HEX},64}})")


def sheet_lines(
    practice: Practice, keys: Keyring | None, mark: Mark, on: date | None
) -> tuple[list[str], bool]:
    """Of which date's log a sheet is, whether that is whole, and what came after; a line each."""
    n, hash_ = mark
    days = [on] if on is not None else practice.days()
    for day in days:
        hashes = practice.day_hashes(day)
        if n < len(hashes) and hashes[n].startswith(hash_):
            lines, whole = _after_the_sheet(practice, keys, day, n)
            return _with_others(practice, keys, day, hashes[n], lines, whole=whole)
    for path, whose in others(practice, keys, on):
        found = verify(path, practice.info.practice, whose)
        if n < len(found.hashes) and found.hashes[n].startswith(hash_):
            lines, whole = _found_up_to(n, found, f"{path.stem} of store {path.parent.name[:8]}")
            if path.stem == STANDING:
                return lines, whole
            of = date.fromisoformat(path.stem)
            return _with_others(practice, keys, of, found.hashes[n], lines, whole=whole)
    return _not_here(practice, keys, mark, on)


def _not_here(
    practice: Practice, keys: Keyring | None, mark: Mark, on: date | None
) -> tuple[list[str], bool]:
    """It is of the standing journal, of a date that was taken away by the rule, or of no log as it is."""
    n, hash_ = mark
    standing = _standing_of(practice)
    if n < len(standing.hashes) and standing.hashes[n].startswith(hash_):
        return _found_up_to(n, standing, "people, tasks and reviews")
    by_rule = "taken away by the practice's rule"
    gone = {
        name: last for name, last in gone_by_rule([standing]).items() if on is None or name == on.isoformat()
    }
    for name, (last, last_hash) in [*gone.items(), *_gone_of_others(practice, keys, on)]:
        if n == last and last_hash.startswith(hash_):
            return [f"ok   {name}: {by_rule}; its last save is the one of the sheet."], True
    where = f"the log of {on.isoformat()}" if on is not None else "any log here"
    longer = [f"{name} at save {last}" for name, (last, _) in gone.items() if n < last]
    if longer:
        why = f"{by_rule.capitalize()}: {', '.join(longer)}. Compare with the archive."
        if on is None:
            why += " If it is of none of these, a log was cut short or rewritten."
        return [f"     Save {n} of the sheet is not in {where}. {why}"], False
    why = "Read the mark again; if it is right, the log was cut short or rewritten."
    days = [on] if on is not None else practice.days()
    if keys is None and any(practice.replicas(day.isoformat()) for day in days):
        why = f"With --staff NAME also the logs that came from other stores are looked through. {why}"
    return [f"BAD  Save {n} of {where} is not the one on the sheet. {why}"], False


def _gone_of_others(
    practice: Practice, keys: Keyring | None, on: date | None
) -> Iterator[tuple[str, tuple[int, str]]]:
    """The logs of other stores that went with a date: what it was called, its saves and last hash."""
    for event in standing_events(practice, keys) if keys is not None else ():
        if isinstance(event.data, DayPurged) and on in {None, event.data.on}:
            yield from (
                (f"{event.data.on} of store {origin[:8]}", head) for origin, head in event.data.others.items()
            )


def _with_others(
    practice: Practice, keys: Keyring | None, on: date | None, hash_: str, lines: list[str], *, whole: bool
) -> tuple[list[str], bool]:
    """The logs of the practice's other stores, as they were when the date was signed off; a line each."""
    if keys is None or on is None:
        return lines, whole
    for day, origin, n, head in signed_heads(practice, keys, hash_):
        if day != on:
            continue
        name = f"store {origin[:8]}"
        hashes = hashes_of(practice, origin, on)
        if n >= len(hashes) or hashes[n] != head:
            has = f"it has {max(0, len(hashes) - 1)} saves, {n} were signed"
            lines.append(f"BAD  The log of {name} is not what was signed: {has}.")
            whole = False
        elif len(hashes) - 1 > n:
            lines.append(f"     {len(hashes) - 1 - n} saves of {name} came after.")
    return lines, whole


def _standing_of(practice: Practice) -> Verified:
    path = practice.home / f"{STANDING}.journal"
    return verify(path, practice.info.practice, practice.roster.signers)


def _after_the_sheet(practice: Practice, keys: Keyring | None, on: date, n: int) -> tuple[list[str], bool]:
    (path,) = (one for one in practice.journals() if one.stem == on.isoformat())
    found = verify(path, practice.info.practice, practice.roster.signers, keys)
    lines, whole = _found_up_to(n, found, on.isoformat())
    for text in departures([found, _standing_of(practice)]):
        if on.isoformat() in text:
            lines.append(f"BAD  {text}")
            whole = False
    for event in _behind(path, practice, keys, n) if keys is not None else ():
        lines.append(f"     {event.at:%Y-%m-%d %H:%M} UTC {event.by.name}: {says(event)}")
    if keys is None and found.commits > n:
        lines.append("With --staff NAME also what it was.")
    return lines, whole


def _found_up_to(n: int, found: Verified, name: str) -> tuple[list[str], bool]:
    lines = [f"ok   {name}: the log is the one of the sheet up to save {n}."]
    if found.damage is not None:
        lines.append(f"BAD  {found.damage.reason}")
    match found.commits - n:
        case 0:
            lines.append("     Nothing came after.")
        case 1:
            lines.append("     1 save came after.")
        case later:
            lines.append(f"     {later} saves came after.")
    return lines, found.damage is None


def _behind(path: Path, practice: Practice, keys: Keyring, n: int) -> Iterator[Event]:
    """The entries of the saves after `n`."""
    chain = Chain(path.name, practice.info.practice, path.stem)
    with suppress(JournalDamaged, NewerFormat, StoreUnusable, seal.CannotOpen):
        for line in written(path.read_bytes())[0]:
            commit = chain.read(line)
            if commit is not None and commit.n > n:
                key = keys.data_key(commit.epoch, chain.journal)
                box = seal.open_(key, seal.raw(commit.box), commit.bound(chain.journal))
                yield from (EVENT.validate_python(one) for one in json.loads(box))
            chain.took(line)
