"""What checking a store found, a line a journal, for a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter

from gpa_tui.errors import JournalDamaged, NewerFormat, StoreUnusable
from gpa_tui.records.event import (
    DayPurged,
    Event,
    HeadAnchored,
    KeysReplaced,
    ReviewSigned,
    SignInClosed,
    SignInLocked,
)
from gpa_tui.records.staff import DEVICE, Role
from gpa_tui.session.hosts import signers
from gpa_tui.session.standing import Standing, differing, fold
from gpa_tui.store.journal import STANDING
from gpa_tui.store.practice import OTHERS, Practice
from gpa_tui.store.replica import open_replica
from gpa_tui.store.vault import Keyring
from gpa_tui.store.verify import Signers, Verified, departures, verify

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
_COMMIT = TypeAdapter(tuple[Event, ...])
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
        wrong += [text for day, text in _others_signed(practice, keys) if on in {None, day}]
        wrong += list(_people(found, practice, lines))
    lines += [f"BAD  {text}" for text in wrong]
    whole = whole and not wrong
    lines.append("All is as it was written." if whole else "Nothing was altered now.")
    if keys is None:
        lines.append(_WITHOUT_A_KEY)
    return lines, whole


def _others_signed(practice: Practice, keys: Keyring) -> Iterator[tuple[date, str]]:
    """Where a log of another store that was here when a date was signed off is not as it then was."""
    gone = {event.data.on for event in standing_events(practice, keys) if isinstance(event.data, DayPurged)}
    for on, origin, n, head in signed_heads(practice, keys):
        hashes = hashes_of(practice, origin, on)
        if on not in gone and (n >= len(hashes) or hashes[n] != head):
            why = f"is not what was signed off: save {n} is missing or another"
            yield on, f"{on} of store {origin[:8]} {why}."


def signed_heads(practice: Practice, keys: Keyring, hash_: str = "") -> Iterator[tuple[date, str, int, str]]:
    """(date, store, saves, hash) of each log that a sign-off names beside its own; `hash_`: of that one."""
    for event in _all_standing(practice, keys):
        data = event.data
        if isinstance(data, ReviewSigned) and (not hash_ or data.hash == hash_):
            yield from ((data.on, origin, n, head) for origin, (n, head) in data.others.items())


def hashes_of(practice: Practice, origin: str, on: date) -> list[str]:
    if origin == practice.info.origin:
        return practice.day_hashes(on)
    return practice.hashes_in(practice.home / OTHERS / origin / f"{on.isoformat()}.journal")


def _all_standing(practice: Practice, keys: Keyring) -> Iterator[Event]:
    """What the practice's stores say beside the days, this one's first; what cannot be read is not said."""
    yield from standing_events(practice, keys)
    for path in practice.replicas(STANDING):
        with suppress(JournalDamaged, NewerFormat, StoreUnusable, ValueError):
            with closing(open_replica(practice, path, keys)) as storage, storage.looking():
                storage.catch_up()
            for commit in storage.commits:
                yield from _COMMIT.validate_json(commit)


def others(practice: Practice, keys: Keyring | None, on: date | None) -> Iterator[tuple[Path, Signers]]:
    """The journals of other stores that came here, and who may have signed them.

    With a key alone: who that is stands in the standing journal.
    """
    if keys is None:
        return
    standing = Standing()
    for event in standing_events(practice, keys):
        fold(standing, event)
    for origin, host in sorted(standing.hosts.items()):
        for path in sorted((practice.home / OTHERS / origin).glob("*.journal")):
            if on is None or path.stem == on.isoformat():
                yield path, signers(host.keys)


def standing_events(practice: Practice, keys: Keyring) -> Iterator[Event]:
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
            yield key, EVENT.validate_python(event)
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
