"""Coming in: from a passphrase to keys, and from keys to a day whose opening is in the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from datetime import date
from functools import partial
from platform import node

from gpa_tui.clock import Clock, local_date, local_time
from gpa_tui.errors import ReadOnly, Refused, SignInRefused
from gpa_tui.records.base import AppointmentId, EventId, StaffId
from gpa_tui.records.event import EpochBegun, ReadBeside, Said, SignInRefusedFact, StaffAdded
from gpa_tui.records.staff import DEVICE, Actor, Role
from gpa_tui.session import acts
from gpa_tui.session.acts.common import words
from gpa_tui.session.carry import to_carry
from gpa_tui.session.competence import listed
from gpa_tui.session.day import Day
from gpa_tui.session.desk import Desk
from gpa_tui.session.granting import renew_service_grant
from gpa_tui.session.log import Bench
from gpa_tui.session.registry import Registry
from gpa_tui.session.retention import purged
from gpa_tui.session.standing import Standing
from gpa_tui.store.chain import Head
from gpa_tui.store.journal import STANDING
from gpa_tui.store.practice import Practice
from gpa_tui.store.refusals import Refusal
from gpa_tui.store.vault import Keyring, Roster


def admit(practice: Practice, staff: StaffId, passphrase: str, clock: Clock, terminal: str) -> Keyring:
    """The keys of this person, once their passphrase fits and `keys.json` says what was recorded.

    Raises `SignInRefused`, `StoreError`.
    """
    keys = practice.unlock(staff, passphrase, terminal=terminal, now=clock.now())
    with closing(Registry(bench_of(practice, keys, clock, terminal))) as registry:
        registry.read()
        registry.settle(keys)
    return keys


def bench_of(
    practice: Practice, keys: Keyring, clock: Clock, terminal: str, role: Role | None = None
) -> Bench:
    """What a log is opened with for whoever holds `keys`, in `role` or the first of theirs."""
    member = keys.member
    actor = Actor(staff=member.id, name=member.name, role=role or member.roles[0])
    return Bench(practice, clock, actor, terminal, keys)


def as_device(bench: Bench) -> Bench:
    """The same place for what the machine does by itself, in its own name and with its own key."""
    return replace(bench, actor=Actor(staff=DEVICE, name=node(), role=Role.DEVICE))


def found(practice: Practice, staff: StaffId, passphrase: str, clock: Clock, terminal: str) -> None:
    """Begin the standing journal of a new store: who may sign in, and with which keys."""
    keys = practice.unlock(staff, passphrase, terminal=terminal, now=clock.now())
    roster = practice.roster
    said = [
        *(Said(data=StaffAdded(member=entry.member, keys=entry.keys)) for entry in roster.staff),
        Said(data=epoch_begun(roster)),
    ]
    with closing(Registry(bench_of(practice, keys, clock, terminal))) as registry:
        registry.do(lambda _: said)


def epoch_begun(roster: Roster) -> EpochBegun:
    """What is recorded of the newest key of the store."""
    epoch = roster.epochs[-1]
    return EpochBegun(
        number=epoch.number,
        device=epoch.device,
        fingerprint=epoch.fingerprint,
        recovery=roster.recovery,
    )


def open_day(bench: Bench, registry: Registry, on: date) -> Desk:
    """A desk whose opening is in the log: nobody reads a list without that.

    On a day that can only be read the opening is noted beside it. Raises `StoreError`.
    """
    desk = Desk(bench, on, registry.standing)
    try:
        registry.read()  # first: what it anchors is then in the day
        desk.read()
        registry.require_sound(desk)
        if desk.trouble is None:
            heads = {STANDING: registry.head} if registry.trouble is None else {}
            desk.do(partial(acts.open_sign_in, place=bench.place), heads)
            for left in registry.left_unanchored(on):
                settle_day(bench, registry, left)
            note_competencies(bench, registry)
            keep(desk, registry)
            with suppress(OSError):  # the service waits for the next sign-in
                renew_service_grant(bench, registry.standing, on)
        else:
            note_beside(registry, acts.open_sign_in(Day(on), bench.place))
    except BaseException:
        desk.close()
        raise
    return desk


def carry(desk: Desk, registry: Registry, *, leaving: bool = False) -> None:
    """In the machine's name: what later days must know of a day goes into the standing journal, if it is new.

    When somebody is `leaving` the day also what is still open in it. It comes before the day is anchored:
    what is anchored has been carried. Where that journal can only be read nothing is, as every sign-in says.
    Raises `NotSaved`.
    """
    bench = desk.bench
    show = partial(local_time, zone=bench.practice.settings.zone) if leaving else None

    def news(standing: Standing) -> list[Said]:
        return to_carry(desk.day, desk.head[0], standing.carried, show)

    if registry.trouble is not None or not news(registry.standing):
        return
    if desk.trouble is None:
        desk.read()
    with closing(Registry(as_device(bench))) as as_machine:
        as_machine.do(news)


def keep(desk: Desk, registry: Registry, *, leaving: bool = False) -> None:
    """What later days must know of a day is carried, and then the day is anchored. Raises `NotSaved`."""
    carry(desk, registry, leaving=leaving)
    registry.anchor(desk.date, desk.head)


def note_competencies(bench: Bench, registry: Registry) -> None:
    """In the machine's name: which list of competencies holds, where it is another than was recorded last."""
    found = listed(bench.practice.competencies)
    if registry.trouble is None and registry.standing.competencies != found:
        with closing(Registry(as_device(bench))) as as_machine:
            as_machine.do(lambda now: [Said(data=found)] if now.competencies != found else [])


def settle_day(bench: Bench, registry: Registry, on: date) -> None:
    """A day that ended in a crash: what it left is carried as far as it can be read, then it is anchored."""
    with closing(Desk(bench, on, registry.standing)) as desk:
        desk.read()
        carry(desk, registry, leaving=True)
    registry.anchor_earlier(on)


def note_beside(registry: Registry, said: Sequence[Said], heads: Mapping[str, Head] | None = None) -> None:
    """What was done with a day that can only be read goes into the standing journal, with these anchors.

    Where that can only be read too it goes into a file that needs no key. Raises `NotSaved`.
    """
    bench = registry.bench
    try:
        registry.do(lambda _: said, heads)
    except ReadOnly:
        read = ", ".join(one.data.says for one in said)
        bench.practice.refusals.note(bench.actor.staff, bench.terminal, bench.clock.now(), read=read)


@contextmanager
def desk_for_one_act(bench: Bench, on: date) -> Iterator[Desk]:
    """A day for one command and no longer; what the command leaves is anchored. Raises `StoreError`."""
    with ExitStack() as open_:
        registry = open_.enter_context(closing(Registry(bench)))
        registry.read()
        gone = purged(registry.standing.events).get(on)
        if gone is not None and not bench.practice.has_day(on):
            where = f"Its archive is {gone.file}." if gone.file else "Nothing is kept of it."
            raise Refused(f"{on} was taken away by the practice's rule: nothing is added to it.", where)
        desk = open_.enter_context(closing(Desk(bench, on, registry.standing)))
        desk.read()
        registry.require_sound(desk)
        yield desk
        if desk.trouble is None:
            keep(desk, registry)


def note_shown(bench: Bench, on: date, shown: Sequence[tuple[AppointmentId, EventId]]) -> None:
    """In the machine's name: these escalations stand on the screen of `bench.actor`. Raises `StoreError`."""
    with desk_for_one_act(as_device(bench), on) as desk:
        for appointment, escalation in shown:
            act = partial(acts.show_escalation, place=desk.place, appointment=appointment)
            desk.do(partial(act, escalation=escalation, who=bench.actor.name))


def absorb_refusals(bench: Bench) -> None:
    """Take what was noted while no journal could be added to into today's log, in the machine's name."""
    refusals = bench.practice.refusals
    waiting = refusals.waiting()
    if not waiting:
        return

    def noted(day: Day) -> Sequence[Said]:
        there = {getattr(event.data, "refusal", getattr(event.data, "noted", None)) for event in day.events}
        return [Said(data=_fact_of(one)) for one in waiting if one.id not in there]

    today = local_date(bench.clock.now(), bench.practice.settings.zone)
    with desk_for_one_act(as_device(bench), today) as desk:
        desk.do(noted)
    refusals.absorbed(waiting, bench.clock.now())


def _fact_of(one: Refusal) -> SignInRefusedFact | ReadBeside:
    name, terminal = words(one.name), words(one.terminal)
    if one.read:
        return ReadBeside(name=name, read=words(one.read), noted=one.id, when=one.when, terminal=terminal)
    return SignInRefusedFact(name=name, refusal=one.id, when=one.when, terminal=terminal)


def require_member(practice: Practice, staff: str) -> StaffId:
    """The short name, if somebody on the list has it. Raises `SignInRefused`."""
    if practice.roster.entry(StaffId(staff)) is None:
        raise SignInRefused(f"Nobody on the list is called {staff}.", "Look at `gpa-tui staff list`.")
    return StaffId(staff)
