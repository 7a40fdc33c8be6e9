"""Changing who may sign in: each gives what makes the new roster, and what is said of it, from the old one.

`Registry.change` does it. The command line and the staff screen ask for the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from gpa_tui.errors import Refused, SignInRefused
from gpa_tui.records.base import StaffId
from gpa_tui.records.event import KeysReplaced, Said, StaffAdded, StaffChanged, StaffLeft
from gpa_tui.records.staff import DEVICE, Role, StaffMember
from gpa_tui.session.admission import epoch_begun
from gpa_tui.store import vault
from gpa_tui.store.vault import Keyring, Roster, RosterEntry

Changed = tuple[Roster, Sequence[Said]]
Change = Callable[[Roster], Changed]
SHORTEST_PASSPHRASE = 8  # characters (proposal; NCSC advises three random words)
_SHORT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")


def require_short_name(name: str) -> StaffId:
    """A name to sign in by, as it may be. Raises `SignInRefused`."""
    if not _SHORT_NAME.fullmatch(name):
        raise SignInRefused(f"“{name}” cannot be a short name.", "Use letters and digits, e.g. mokafor.")
    if name.casefold() == DEVICE:
        raise SignInRefused(f"“{name}” is what the log calls the machine.", "Choose another.")
    return StaffId(name)


def require_passphrase(passphrase: str) -> str:
    """A passphrase that is long enough. Raises `SignInRefused`."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise SignInRefused(
            f"A passphrase has at least {SHORTEST_PASSPHRASE} characters.",
            "Three or four words are easy to keep.",
        )
    return passphrase


def adding(holder: Keyring, member: StaffMember, passphrase: str) -> Change:
    """Somebody new; `holder` opens the store for them."""

    def change(roster: Roster) -> Changed:
        require_free(roster, member.id)
        changed = vault.with_person(roster, holder, member, passphrase)
        return changed, [Said(data=StaffAdded(member=member, keys=_entry(changed, member.id).keys))]

    return change


def require_free(roster: Roster, person: StaffId) -> None:
    """Raises `Refused` where somebody is, or was, called so."""
    if roster.entry(person) is not None:
        raise Refused(f"{person} is on the list already.", "Choose another short name, or use reset.")


def changing(person: StaffId, name: str, roles: Sequence[Role]) -> Change:
    """Another name or other roles; what is empty stays as it is."""

    def change(roster: Roster) -> Changed:
        before = _present(roster, person).member
        member = StaffMember(
            id=person, name=name or before.name, roles=tuple(dict.fromkeys(roles)) or before.roles
        )
        if member == before:
            raise Refused("Nothing is changed by that.", "Give another name, or other roles.")
        _require_administrator(roster, person, member.roles)
        return vault.with_member(roster, member), [Said(data=StaffChanged(member=member))]

    return change


def resetting(holder: Keyring, person: StaffId, passphrase: str) -> Change:
    """New keys and a new passphrase for somebody who forgot theirs."""

    def change(roster: Roster) -> Changed:
        member = _present(roster, person).member
        changed = vault.with_person(roster, holder, member, passphrase)
        return changed, [replaced(changed, person, "reset by an administrator")]

    return change


def leaving(person: StaffId) -> Change:
    """Somebody has left: what is saved from now on they cannot open."""

    def change(roster: Roster) -> Changed:
        if _entry(roster, person).slot is None:
            raise Refused(f"{person} has left already.")
        _require_administrator(roster, person, ())
        changed = vault.without(roster, person)
        return changed, [Said(data=StaffLeft(staff=person)), Said(data=epoch_begun(changed))]

    return change


def replaced(roster: Roster, person: StaffId, why: str) -> Said:
    """What is said of keys that take the place of others."""
    keys = _entry(roster, person).keys
    return Said(data=KeysReplaced.model_validate({"staff": person, "keys": keys, "why": why}))


def _entry(roster: Roster, person: StaffId) -> RosterEntry:
    entry = roster.entry(person)
    if entry is None:
        raise Refused(f"Nobody on the list is called {person}.")
    return entry


def _present(roster: Roster, person: StaffId) -> RosterEntry:
    entry = _entry(roster, person)
    if entry.slot is None:
        raise Refused(f"{person} has left.", "Add them anew under another short name.")
    return entry


def _require_administrator(roster: Roster, person: StaffId, roles: Sequence[Role]) -> None:
    """Raises `Refused` where nobody would be left who may change who signs in."""
    others = [entry for entry in roster.staff if entry.slot is not None and entry.member.id != person]
    if Role.ADMINISTRATOR in roles or any(Role.ADMINISTRATOR in entry.member.roles for entry in others):
        return
    raise Refused("Nobody else is an administrator.", "Add one first.")
