"""`gpa-tui sync pair`, `join`, `refill`: several stores of one practice; a server that lost what it had."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from functools import partial
from pathlib import Path

from gpa_tui.clock import Clock
from gpa_tui.commands import DONE, REFUSED, sign_in
from gpa_tui.errors import GpaTuiError, SettingsError
from gpa_tui.records.event import HostUnpaired, Said
from gpa_tui.records.staff import Role, StaffMember
from gpa_tui.session.admission import admit, bench_of, found, note_beside
from gpa_tui.session.hosts import (
    Identity,
    Invitation,
    Pair,
    close_invitation,
    identity,
    new_code,
    open_invitation,
)
from gpa_tui.session.log import Bench
from gpa_tui.session.registry import Registry
from gpa_tui.session.roles import Act, require
from gpa_tui.session.standing import Standing
from gpa_tui.store.door import SETTINGS_FILE
from gpa_tui.store.files import replace_file
from gpa_tui.store.practice import Practice, create_practice
from gpa_tui.sync.paired import keep_pair, pair_of
from gpa_tui.sync.state import REFILL, Host, ask_again, read_state
from gpa_tui.terminal import read_new_passphrase, read_passphrase, say, this_terminal
from gpa_tui.text import clean


def pair(home: Path, arguments: Namespace, clock: Clock) -> int:
    """Which stores are paired; invite another, let one in that asks, or let one go."""
    practice = Practice(home)
    bench = sign_in(practice, arguments, Act.SET_UP_SYNC, clock)
    require(bench.actor, Act.SET_UP_SYNC)
    with closing(Registry(bench)) as registry:
        registry.read()
        if arguments.invite is not None:
            return _invite(bench, arguments.invite, arguments.called, clock)
        if arguments.let_go:
            return _let_go(registry, arguments.let_go)
        asking = _asking(bench)
        if arguments.accept:
            return _accept(registry, asking, arguments.fingerprint)
        ours = identity(practice, pair_of(practice, bench.keys).name)
        say(f"this store: {ours.name}, {ours.fingerprint}")
        for one in registry.standing.hosts.values():
            by = f", named by {_name(registry, one.vouched_by)}" if one.vouched_by else ""
            fingerprint = Identity(origin=one.origin, name=one.name, keys=one.keys).fingerprint
            say(f"paired: {clean(one.name)}, {fingerprint}{by}")
        for host in asking:
            say(f"asks to be paired: {clean(host.name)}, {host.fingerprint}. --accept lets it in.")
    return DONE


def _name(registry: Registry, origin: str) -> str:
    host = registry.standing.hosts.get(origin)
    return clean(host.name) if host else "a store that was let go"


def _asking(bench: Bench) -> list[Host]:
    state = read_state(bench.practice, bench.keys)
    return [host for host in state.hosts if not host.paired and host.identity] if state else []


def _invite(bench: Bench, file: Path, called: str, clock: Clock) -> int:
    """All that a new store of this practice needs, closed under a code that is shown this once."""
    practice = bench.practice
    if file.exists():
        raise SettingsError(f"{file} is there already.", "Choose another file.")
    ours = pair_of(practice, bench.keys)
    if called:
        ours = ours.model_copy(update={"name": clean(called)})
        keep_pair(practice, bench.keys, ours)
    code = new_code()
    invitation = Invitation(
        practice=practice.info.practice,
        settings=(practice.home / SETTINGS_FILE).read_text("utf-8"),
        demo=practice.info.demo,
        key=ours.key,
        inviter=identity(practice, ours.name),
        made=clock.now(),
    )
    try:
        replace_file(file, close_invitation(invitation, code))
    except OSError as error:
        raise GpaTuiError(f"{file} cannot be written: {error.strerror}.", "Choose another file.") from error
    say(f"The invitation is in {file}. Its code, shown this once:\n\n  {code}\n")
    say(f"On the other host: gpa-tui --home DIR sync join {file.name}. Tell the code by another way.")
    say("Then set the server up there (gpa-tui sync setup), and here: gpa-tui sync pair --accept")
    return DONE


def _accept(registry: Registry, asking: list[Host], fingerprint: str) -> int:
    """Let one in whose fingerprint somebody has compared."""
    if not asking:
        raise GpaTuiError(
            "No store asks to be paired.", "It asks once somebody is signed in there, or its service runs."
        )
    for host in asking:
        if fingerprint.replace(" ", "") == host.fingerprint.replace(" ", ""):
            agreed = True
        elif fingerprint:
            continue
        else:
            say(f"{clean(host.name)} says that its keys are {host.fingerprint}.")
            say("On that host `gpa-tui sync pair` shows the same, if it is the one.")
            agreed = input("Is it the same there (yes/no)? ").strip().lower() == "yes"
        if agreed:
            said = [Said(data=Identity.model_validate_json(host.identity).paired())]
            registry.do(partial(_saying, said))
            say(f"{clean(host.name)} is paired: its entries count here from now on.")
            return DONE
    if fingerprint:
        others = ", ".join(f"{clean(host.name)} {host.fingerprint}" for host in asking)
        say(f"None that asks has that fingerprint: {others}.")
    say("Nobody was let in.")
    return REFUSED


def _saying(said: list[Said], _: Standing) -> list[Said]:
    return said


def _let_go(registry: Registry, name: str) -> int:
    """What that store sends is not taken any more; what was taken stays."""
    matching = [one for one in registry.standing.hosts.values() if name in {one.name, one.origin}]
    if len(matching) != 1:
        raise GpaTuiError(
            f"{len(matching) or 'No'} paired stores are called {clean(name)}.",
            "gpa-tui sync pair lists them.",
        )
    (host,) = matching
    registry.do(lambda _: [Said(data=HostUnpaired(origin=host.origin, name=host.name))])
    say(f"{clean(host.name)} is let go. It still holds the key that all stores share: pair the others anew")
    say("if it is in wrong hands (docs/sync.md).")
    return DONE


def join(home: Path, arguments: Namespace, clock: Clock) -> int:
    """A new store of a practice that has one, by its invitation."""
    from gpa_tui.session.people import require_short_name

    person = require_short_name(arguments.staff)
    code = read_passphrase(arguments.code_file, "The invitation's code: ")
    invitation = open_invitation(arguments.file, code)
    passphrase = read_new_passphrase(arguments.passphrase_file, arguments.staff_name)
    roles = tuple(dict.fromkeys([*(Role(role) for role in arguments.role), Role.ADMINISTRATOR]))
    member = StaffMember(id=person, name=clean(arguments.staff_name), roles=roles)

    def begin(made: Practice) -> None:
        found(made, person, passphrase, clock, this_terminal())
        keys = admit(made, person, passphrase, clock, this_terminal())
        bench = bench_of(made, keys, clock, this_terminal(), Role.ADMINISTRATOR)
        with closing(Registry(bench)) as registry:
            note_beside(registry, [Said(data=invitation.inviter.paired())])
        ours = Pair(key=invitation.key, name=clean(arguments.called) or Pair.new().name)
        keep_pair(made, keys, ours)

    _, recovery = create_practice(
        home,
        invitation.settings,
        [(member, passphrase)],
        demo=invitation.demo,
        practice=invitation.practice,
        begin=begin,
    )
    say(f"Made a store of the practice in {home}, paired with {clean(invitation.inviter.name)}.")
    say(f"\nIts recovery code, shown this once. Print it:\n\n  {recovery}\n")
    say(f"Next: gpa-tui --home {home} sync setup URL, and sign in here; then, over there:")
    say("gpa-tui sync pair --accept")
    return DONE


def refill(home: Path, arguments: Namespace, clock: Clock) -> int:
    """The server was wiped or restored: all of the last week is sent to it once more."""
    practice = Practice(home)
    bench = sign_in(practice, arguments, Act.SET_UP_SYNC, clock)
    require(bench.actor, Act.SET_UP_SYNC)
    state = read_state(practice, bench.keys)
    if state is None or not state.stopped:
        raise GpaTuiError("Nothing is known of a server that lost what it had.", "gpa-tui sync status")
    try:
        ask_again(practice, bench.keys, REFILL)
    except OSError as error:
        raise GpaTuiError(f"It was not asked: {error.strerror}.", "Is the disk full?") from error
    say(f"{state.server}: all of the last week will be sent to it once more, by whoever syncs this store.")
    return DONE
