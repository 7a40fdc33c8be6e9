"""What checking a store found, a line a journal, for a person."""

from __future__ import annotations

from datetime import date

from pydantic import TypeAdapter

from gpa_tui.records.event import Event, KeysReplaced
from gpa_tui.session.standing import Standing, fold
from gpa_tui.store.journal import STANDING
from gpa_tui.store.practice import Practice
from gpa_tui.store.vault import Keyring
from gpa_tui.store.verify import Verified, departures, verify

_EVENTS = TypeAdapter(list[Event])
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
    wrong = [text for text in departures(found) if on is None or on.isoformat() in text]
    if keys is not None:
        wrong += list(_people(found, practice, lines))
    lines += [f"BAD  {text}" for text in wrong]
    whole = whole and not wrong
    lines.append("All is as it was written." if whole else "Nothing was altered now.")
    if keys is None:
        lines.append(_WITHOUT_A_KEY)
    return lines, whole


def _line(one: Verified) -> str:
    if one.damage is not None:
        return f"BAD  {one.damage.reason}"
    torn = f", then {one.torn_bytes} bytes of an entry that was never saved" if one.torn_bytes else ""
    signed = ", ".join(f"{staff} {count}" for staff, count in sorted(one.signed.items()))
    by = f", signed by {signed}" if signed else ""
    return f"ok   {one.path.stem}: {one.commits} saves{by}, head {one.head}{torn}"


def _people(found: list[Verified], practice: Practice, lines: list[str]) -> list[str]:
    """Where `keys.json` says other of people and keys than was recorded; keys that others set are noted."""
    standing = Standing()
    record = next((one for one in found if one.path.stem == STANDING), None)
    for event in _EVENTS.validate_python(record.events if record else []):
        fold(standing, event)
        if isinstance(event.data, KeysReplaced):
            since = f"{event.data.keys.id} since {event.at:%Y-%m-%d %H:%M} UTC"
            lines.append(
                f"note {event.data.staff} signs with key {since}: {event.data.why}, by {event.by.name}."
            )
    recorded = standing.signers
    wrong = []
    for entry in practice.roster.staff:
        for keys in (entry.keys, *entry.former):
            if recorded.get(f"{keys.id} {keys.sign}") != entry.member.id:
                wrong.append(f"keys.json gives {entry.member.id} a key that was never recorded: {keys.id}.")
    for epoch in practice.roster.epochs:
        if f"{epoch.device.id} {epoch.device.sign}" not in recorded:
            wrong.append(f"keys.json gives the machine a key that was never recorded: {epoch.device.id}.")
    return wrong
