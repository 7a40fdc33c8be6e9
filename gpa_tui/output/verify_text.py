"""What checking a store found, a line a journal, for a person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter

from gpa_tui.errors import GpaTuiError, JournalDamaged, NewerFormat, StoreUnusable
from gpa_tui.records.event import Event, HeadAnchored, KeysReplaced, SignInClosed, SignInLocked
from gpa_tui.records.staff import DEVICE, Role
from gpa_tui.session.describe import says
from gpa_tui.session.hosts import signers
from gpa_tui.session.standing import Standing, differing, fold
from gpa_tui.store import seal
from gpa_tui.store.chain import Chain, written
from gpa_tui.store.journal import STANDING
from gpa_tui.store.practice import OTHERS, Practice
from gpa_tui.store.vault import Keyring
from gpa_tui.store.verify import Signers, Verified, departures, gone_by_rule, verify
from gpa_tui.text import clean

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
_GOING = (SignInLocked, SignInClosed, HeadAnchored)  # what a terminal does once it sees that its person left
_WITHOUT_A_KEY = (
    "Chain, signatures and anchors were checked. With --staff NAME also what is inside: who did what, and "
    "whether the list of people is as it was recorded."
)


def verified(practice: Practice, keys: Keyring | None, on: date | None = None) -> tuple[list[str], bool]:
    """A line for each journal and each departure, and whether all is as it was written.

    With `on` that day is read, and the standing journal for its anchors.
    """
    signers = practice.roster.signers
    wanted = {None: None} if on is None else {on.isoformat(), STANDING}
    paths = [path for path in practice.journals() if on is None or path.stem in wanted]
    lines: list[str] = []
    found: list[Verified] = []
    whole = True
    for path in paths:
        try:
            one = verify(path, practice.info.practice, signers, keys)
        except OSError as error:
            lines.append(f"BAD  {path.name} cannot be read: {error.strerror}.")
            whole = False
            continue
        found.append(one)
        lines.append(_line(one))
        whole = whole and one.damage is None
    for path, whose in others(practice, keys, on):
        one = verify(path, practice.info.practice, whose)
        lines.append(_line(one).replace(path.stem, f"{path.stem} of store {path.parent.name[:8]}", 1))
        whole = whole and one.damage is None
    wrong = [text for text in departures(found) if on is None or on.isoformat() in text]
    if keys is not None:
        wrong += list(_people(found, practice, lines))
    lines += [f"BAD  {text}" for text in wrong]
    whole = whole and not wrong
    lines.append("All is as it was written." if whole else "Nothing was altered now.")
    if keys is None:
        lines.append(_WITHOUT_A_KEY)
    return lines, whole


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
            return _after_the_sheet(practice, keys, day, n)
    for path, whose in others(practice, keys, on):
        found = verify(path, practice.info.practice, whose)
        if n < len(found.hashes) and found.hashes[n].startswith(hash_):
            return _found_up_to(n, found, f"{path.stem} of store {path.parent.name[:8]}")
    standing = _standing_of(practice)
    if on is None and n < len(standing.hashes) and standing.hashes[n].startswith(hash_):
        return _found_up_to(n, standing, "people, tasks and reviews")
    gone = gone_by_rule([standing])
    if on is not None:
        gone = {name: last for name, last in gone.items() if name == on.isoformat()}
    by_rule = "taken away by the practice's rule"
    for name, (last, last_hash) in gone.items():
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
    if keys is None and any(practice.replicas(day.isoformat()) for day in days):
        why = f"With --staff NAME also the logs that came from other stores are looked through. {why}"
    return [f"BAD  Save {n} of {where} is not the one on the sheet. {why}"], False


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
                yield from (_EVENT.validate_python(one) for one in json.loads(box))
            chain.took(line)


def others(practice: Practice, keys: Keyring | None, on: date | None) -> Iterator[tuple[Path, Signers]]:
    """The journals of other stores that came here, and who may have signed them.

    With a key alone: who that is stands in the standing journal.
    """
    if keys is None:
        return
    standing = Standing()
    for event in _standing_events(practice, keys):
        fold(standing, event)
    for origin, host in sorted(standing.hosts.items()):
        for path in sorted((practice.home / OTHERS / origin).glob("*.journal")):
            if on is None or path.stem == on.isoformat():
                yield path, signers(host.keys)


def _standing_events(practice: Practice, keys: Keyring) -> Iterator[Event]:
    path = practice.home / f"{STANDING}.journal"
    found = verify(path, practice.info.practice, practice.roster.signers, keys)
    for _, event in _events(found, []):
        yield event


def _line(one: Verified) -> str:
    if one.damage is not None:
        return f"BAD  {one.damage.reason}"
    torn = f", then {one.torn_bytes} bytes of an entry that was never saved" if one.torn_bytes else ""
    signed = ", ".join(f"{staff} {count}" for staff, count in sorted(one.signed.items()))
    by = f", signed by {signed}" if signed else ""
    return f"ok   {one.path.stem}: {one.commits} saves{by}, head {one.head}{torn}"


def _people(found: list[Verified], practice: Practice, lines: list[str]) -> list[str]:
    """Where people and keys are other than was recorded; keys that others set are noted."""
    standing = Standing()
    wrong: list[str] = []
    read = {one.path.stem: list(_events(one, wrong)) for one in found}
    for _, event in read.get(STANDING, ()):
        fold(standing, event)
        if isinstance(event.data, KeysReplaced):
            since = f"{event.data.keys.id} since {event.at:%Y-%m-%d %H:%M} UTC"
            lines.append(
                f"note {event.data.staff} signs with key {since}: {event.data.why}, by {event.by.name}."
            )
    wrong += [f"{text}." for text in (*standing.irregular, *differing(standing, practice.roster))]
    for name, entries in read.items():
        before = None
        for key, event in entries:
            entry = f"{name}: entry {event.seq}, {event.data.says} by {event.by.name}"
            if before is not None and event.at < before:
                wrong.append(f"{entry}, is timed before the one it follows.")
            before = event.at
            if why := _not_theirs(standing, key, event):
                wrong.append(f"{entry}, {why}.")
    return wrong


def _events(one: Verified, wrong: list[str]) -> Iterator[tuple[str, Event]]:
    """Each entry with the id of the key it is signed with; what cannot be understood is wrong."""
    for key, event in one.events:
        try:
            yield key, _EVENT.validate_python(event)
        except ValueError:
            wrong.append(f"{one.path.stem}: an entry signed with key {key} cannot be understood.")


def _not_theirs(standing: Standing, key: str, event: Event) -> str:
    """Why this entry cannot be by whom it says, or nothing."""
    if event.by.staff == DEVICE:
        return "" if event.by.role is Role.DEVICE else "gives the machine the role of a person"
    person = standing.people.get(event.by.staff)
    if person is None or (event.by.name, event.by.role) not in person.known_as:
        return f"is by {event.by.staff}, who never had that name and role"
    if isinstance(event.data, _GOING):
        return ""
    if person.left_at is not None and event.at > person.left_at:
        return "was made after they had left"
    if any(keys.id == key and event.at > ended for keys, ended in person.former):
        return f"is signed with key {key} after it was replaced"
    return ""
