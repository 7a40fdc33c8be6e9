"""The commands about who may sign in: `gpa-tui staff …`, `passphrase`, `recover`."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from gpa_tui.clock import Clock
from gpa_tui.commands import DONE, sign_in
from gpa_tui.errors import Refused, SignInRefused
from gpa_tui.records.base import StaffId
from gpa_tui.records.event import (
    KeysReplaced,
    PassphraseChanged,
    Said,
    StaffAdded,
    StaffChanged,
    StaffLeft,
)
from gpa_tui.records.staff import DEVICE, Role, StaffMember
from gpa_tui.session.admission import as_device, bench_of, epoch_begun, require_member
from gpa_tui.session.log import Bench
from gpa_tui.session.registry import Registry
from gpa_tui.session.roles import Act, require
from gpa_tui.store import vault
from gpa_tui.store.practice import Practice
from gpa_tui.store.vault import Roster
from gpa_tui.terminal import read_new_passphrase, read_passphrase, say, this_terminal
from gpa_tui.text import clean

_SHORT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
Changed = tuple[Roster, Sequence[Said]]


def require_short_name(name: str) -> StaffId:
    """A name to sign in by, as it may be. Raises `SignInRefused`."""
    if not _SHORT_NAME.fullmatch(name):
        raise SignInRefused(f"“{name}” cannot be a short name.", "Use letters and digits, e.g. mokafor.")
    if name.casefold() == DEVICE:
        raise SignInRefused(f"“{name}” is what the log calls the machine.", "Choose another.")
    return StaffId(name)


def staff(home: Path, arguments: Namespace, clock: Clock) -> int:
    """`staff list | add | reset | leave`: the list needs no passphrase, the rest an administrator's."""
    practice = Practice(home)
    if arguments.verb == "list":
        for entry in practice.roster.staff:
            roles = ", ".join(role.label for role in entry.member.roles)
            left = "" if entry.slot is not None else "  (has left)"
            say(f"{entry.member.id:<20}  {entry.member.name:<24}  {roles}  key {entry.keys.id}{left}")
        return DONE
    bench = sign_in(practice, arguments, Act.MANAGE_STAFF, clock)
    require(bench.actor, Act.MANAGE_STAFF)
    verbs = {"add": _add, "change": _change, "reset": _reset, "leave": _leave, "remove": _leave}
    make = verbs[arguments.verb](bench, arguments)
    with closing(Registry(bench)) as registry:
        registry.change(make)
    say(f"Done: {arguments.verb} {arguments.person}.")
    return DONE


def _add(bench: Bench, arguments: Namespace) -> partial[Changed]:
    person = require_short_name(arguments.person)
    name = clean(arguments.name)
    passphrase = read_new_passphrase(arguments.new_passphrase_file, name)
    roles = tuple(dict.fromkeys(Role(role) for role in arguments.role or [Role.GPA]))
    member = StaffMember(id=person, name=name, roles=roles)

    def make(roster: Roster) -> Changed:
        if roster.entry(person) is not None:
            raise Refused(f"{person} is on the list already.", "Choose another short name, or use reset.")
        changed = vault.with_person(roster, bench.keys, member, passphrase)
        entry = changed.entry(person)
        assert entry is not None
        return changed, [Said(data=StaffAdded(member=member, keys=entry.keys))]

    return partial(make)


def _change(bench: Bench, arguments: Namespace) -> partial[Changed]:
    person = require_member(bench.practice, arguments.person)

    def make(roster: Roster) -> Changed:
        before = roster.entry(person)
        assert before is not None
        if before.slot is None:
            raise Refused(f"{person} has left.", "Add them anew under another short name.")
        roles = tuple(dict.fromkeys(Role(role) for role in arguments.role)) or before.member.roles
        name = clean(arguments.name or "") or before.member.name
        member = before.member.model_copy(update={"name": name, "roles": roles})
        if member == before.member:
            raise Refused("Nothing is changed by that.", "Give --name, or --role as often as needed.")
        _require_administrator(roster, person, member.roles)
        return vault.with_member(roster, member), [Said(data=StaffChanged(member=member))]

    return partial(make)


def _require_administrator(roster: Roster, person: StaffId, roles: Sequence[Role]) -> None:
    """Raises `Refused` where nobody would be left who may change who signs in."""
    others = [entry for entry in roster.staff if entry.slot is not None and entry.member.id != person]
    if Role.ADMINISTRATOR in roles or any(Role.ADMINISTRATOR in entry.member.roles for entry in others):
        return
    raise Refused("Nobody else is an administrator.", "Add one first.")


def _reset(bench: Bench, arguments: Namespace) -> partial[Changed]:
    person = require_member(bench.practice, arguments.person)
    passphrase = read_new_passphrase(arguments.new_passphrase_file, person)

    def make(roster: Roster) -> Changed:
        before = roster.entry(person)
        assert before is not None
        if before.slot is None:
            raise Refused(f"{person} has left.", "Add them anew under another short name.")
        changed = vault.with_person(roster, bench.keys, before.member, passphrase)
        return changed, [_replaced(changed, person, "reset by an administrator")]

    return partial(make)


def _leave(bench: Bench, arguments: Namespace) -> partial[Changed]:
    person = require_member(bench.practice, arguments.person)

    def make(roster: Roster) -> Changed:
        before = roster.entry(person)
        assert before is not None
        if before.slot is None:
            raise Refused(f"{person} has left already.")
        _require_administrator(roster, person, ())
        changed = vault.without(roster, person)
        return changed, [Said(data=StaffLeft(staff=person)), Said(data=epoch_begun(changed))]

    return partial(make)


def _replaced(roster: Roster, person: StaffId, why: str) -> Said:
    entry = roster.entry(person)
    assert entry is not None
    return Said(data=KeysReplaced.model_validate({"staff": person, "keys": entry.keys, "why": why}))


def passphrase(home: Path, arguments: Namespace, clock: Clock) -> int:
    """Change one's own passphrase: the same keys under another."""
    practice = Practice(home)
    person = require_member(practice, arguments.staff or input("Who are you? ").strip())
    old = read_passphrase(arguments.passphrase_file, f"Passphrase of {person} now: ")
    keys = practice.unlock(person, old, terminal=this_terminal(), now=clock.now())
    new = read_new_passphrase(arguments.new_passphrase_file, keys.member.name)

    def make(roster: Roster) -> Changed:
        changed = vault.with_passphrase(roster, person, old, new)
        entry = changed.entry(person)
        assert entry is not None
        return changed, [Said(data=PassphraseChanged(slot=vault.slot_print(entry.slot)))]

    with closing(Registry(bench_of(practice, keys, clock, this_terminal()))) as registry:
        registry.change(make)
    say("Done: the new passphrase holds from now on.")
    return DONE


def recover(home: Path, arguments: Namespace, clock: Clock) -> int:
    """A new passphrase for somebody by the printed recovery code, when no administrator can give one."""
    practice = Practice(home)
    person = require_member(practice, arguments.person)
    code = read_passphrase(arguments.code_file, "Recovery code: ")
    new = read_new_passphrase(arguments.new_passphrase_file, person)
    roster = vault.recovered(practice.roster, code, person, new)
    keys = vault.unlock(roster, person, new)
    bench = as_device(bench_of(practice, keys, clock, this_terminal()))
    with closing(Registry(bench)) as registry:
        registry.change(
            lambda now: (
                changed := vault.recovered(now, code, person, new),
                [_replaced(changed, person, "recovery code")],
            )
        )
    say(f"Done: {person} signs in with the new passphrase. The log says that the recovery code was used.")
    return DONE
