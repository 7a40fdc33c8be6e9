"""The commands about who may sign in: `gpa-tui staff …`, `passphrase`, `recover`."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from pathlib import Path

from gpa_tui.clock import Clock
from gpa_tui.commands import DONE, sign_in
from gpa_tui.records.event import PassphraseChanged, Said
from gpa_tui.records.staff import Role, StaffMember
from gpa_tui.session.admission import as_device, bench_of, require_member
from gpa_tui.session.log import Bench
from gpa_tui.session.people import (
    Change,
    Changed,
    adding,
    changing,
    leaving,
    replaced,
    require_free,
    require_short_name,
    resetting,
)
from gpa_tui.session.registry import Registry
from gpa_tui.session.roles import Act, require
from gpa_tui.store import vault
from gpa_tui.store.practice import Practice
from gpa_tui.store.vault import Roster
from gpa_tui.terminal import read_new_passphrase, read_passphrase, say, this_terminal
from gpa_tui.text import clean


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
    make = _change(bench, arguments)
    with closing(Registry(bench)) as registry:
        registry.change(make)
    say(f"Done: {arguments.verb} {arguments.person}.")
    return DONE


def _change(bench: Bench, arguments: Namespace) -> Change:
    verb = arguments.verb
    if verb == "add":
        person, name = require_short_name(arguments.person), clean(arguments.name)
        require_free(bench.practice.roster, person)
        roles = tuple(dict.fromkeys(Role(role) for role in arguments.role or [Role.GPA]))
        passphrase = read_new_passphrase(arguments.new_passphrase_file, name)
        return adding(bench.keys, StaffMember(id=person, name=name, roles=roles), passphrase)
    person = require_member(bench.practice, arguments.person)
    if verb == "change":
        return changing(person, clean(arguments.name or ""), [Role(role) for role in arguments.role])
    if verb == "reset":
        passphrase = read_new_passphrase(arguments.new_passphrase_file, person)
        return resetting(bench.keys, person, passphrase)
    return leaving(person)


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
                [replaced(changed, person, "recovery code")],
            )
        )
    say(f"Done: {person} signs in with the new passphrase. The log says that the recovery code was used.")
    return DONE
