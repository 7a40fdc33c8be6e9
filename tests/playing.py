"""Plays a clinic through the acts with chance in it: on a store, or in memory for many days at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any, Protocol

from clinic import GP, GPA, RECEPTION, FakeClock, a_set

from gpa_tui.errors import Refused
from gpa_tui.records.appointment import Mode, Stage
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.event import Event, Said
from gpa_tui.records.plan import SafetyNet, TeachBack, TeachBackOutcome
from gpa_tui.records.prep import AnswerKind, PrepItem, PrepOutcome
from gpa_tui.records.staff import Actor
from gpa_tui.session import acts
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.desk import Desk
from gpa_tui.session.prep_list import prep_list
from gpa_tui.templates import shipped_templates

TEMPLATES = shipped_templates()
PLANS = (
    ("Rest, paracetamol 1g qds prn, review 2w.", ("Take two paracetamol, up to four times a day.", "Rest.")),
    ("Bloods fasting, then r/v.", ("Have a blood test with nothing to eat before it.",)),
    ("Increase ramipril, U&E in 2w.", ("Take the new tablet each morning.", "Have a blood test in 2 weeks.")),
)
WORDS = ("since Tuesday", "worse at night", "two a day", "none that she knows of", "walks the dog daily")
Act = Callable[..., Sequence[Said]]
Doing = Callable[..., list[Event]]


class Player(Protocol):
    """Somewhere to do acts."""

    clock: FakeClock

    @property
    def day(self) -> Day: ...

    def do(self, by: Actor, act: Act, *args: Any, **kwargs: Any) -> list[Event]: ...


class AtDesks:
    """On a store, a desk for each person."""

    def __init__(self, desks: Sequence[Desk], clock: FakeClock) -> None:
        self.desks = {desk.place.actor.staff: desk for desk in desks}
        self.clock = clock

    @property
    def day(self) -> Day:
        return next(iter(self.desks.values())).day

    def do(self, by: Actor, act: Act, *args: Any, **kwargs: Any) -> list[Event]:
        desk = self.desks[by.staff]
        events = desk.do(lambda day: act(day, desk.place, *args, **kwargs))
        for other in self.desks.values():
            other.refresh()
        return events


def play(player: Player, rng: Random) -> None:
    """Every visit of the day, one after the other."""
    for visit in player.day.rows:
        if visit.mode is Mode.IN_PERSON and visit.stage is Stage.BOOKED:
            player.clock.at = max(player.clock.at, visit.appointment.start - timedelta(minutes=5))
            play_visit(player, visit.id, rng)


def play_visit(player: Player, row: AppointmentId, rng: Random) -> None:
    """One patient from arrival to left; now and then something that a supervisor is to look at."""

    def do(act: Act, *args: Any, by: Actor = GPA, **kwargs: Any) -> list[Event]:
        player.clock.forward(seconds=rng.randint(3, 25))
        return player.do(by, act, row, *args, **kwargs)

    if visit_of(player, row).stage is not Stage.ARRIVED:  # a walk-in has
        if rng.random() < 0.05:
            do(acts.move, Stage.DID_NOT_ATTEND, by=RECEPTION)
            return
        do(acts.move, Stage.ARRIVED, by=RECEPTION)
    do(acts.open_record)
    patient = visit_of(player, row).appointment.patient
    if rng.random() < 0.06:
        do(acts.check_identity, "record only", "", None)
    else:
        name = f"{patient.name.given} {patient.name.family}"
        do(acts.check_identity, "patient", name, patient.born)
    _prepare(player, row, rng, do)
    _observe(player, rng, do)
    prep = prep_list(visit_of(player, row), TEMPLATES)
    do(acts.hand_over, prep, "no time" if prep.open_items(visit_of(player, row)) else "")
    do(acts.move, Stage.WITH_GP)
    player.clock.forward(minutes=rng.randint(4, 14))
    _plan(player, row, rng, do)
    do(acts.move, Stage.LEFT)
    do(acts.close_record)
    if rng.random() < 0.05:
        player.clock.forward(minutes=20)
        do(acts.open_record)
        do(acts.note_present, "daughter Ruth")
        do(acts.close_record)


def visit_of(player: Player, row: AppointmentId) -> Visit:
    return player.day.visits[row]


def _value(item: PrepItem, rng: Random) -> str:
    if item.choices:
        return rng.choice([one for one in item.choices if one not in item.stop_on] or list(item.choices))
    return rng.choice(WORDS) if item.kind in {AnswerKind.WORDS, AnswerKind.LIST} else ""


def _prepare(player: Player, row: AppointmentId, rng: Random, do: Doing) -> None:
    prep = prep_list(visit_of(player, row), TEMPLATES)
    for template, item in prep.rows:
        if rng.random() < 0.93 and item.kind is not AnswerKind.MEASURED:
            with suppress(Refused):
                do(acts.answer, template, item, PrepOutcome.DONE, value=_value(item, rng))


def _observe(player: Player, rng: Random, do: Doing) -> None:
    ill = rng.random() < 0.12
    taken = a_set(respiration=25, pulse=112) if ill else a_set(pulse=rng.randint(55, 88))
    said = do(acts.record_observations, taken, (), player.clock.now(), False)
    for raised in (event for event in said if event.kind == "escalation.raised"):
        if rng.random() < 0.7:
            do(acts.acknowledge, raised.id, by=GP)
        elif rng.random() < 0.7:
            do(acts.tell, raised.id, "Dr N Patel, in person")
    if rng.random() < 0.08:
        with suppress(Refused):  # one that somebody has heard of stays
            do(acts.strike, said[0].id, "wrong cuff")


def _plan(player: Player, row: AppointmentId, rng: Random, do: Doing) -> None:
    words, messages = rng.choice(PLANS)
    do(acts.give_plan, words, "Dr N Patel")
    do(acts.word_plan, messages)
    if any("interpret" in need.text.casefold() for need in visit_of(player, row).patient.needs):
        do(acts.record_interpreter, "by telephone", "line 12")
    if rng.random() < 0.95:
        do(acts.release, visit_of(player, row).plan.messages, "Dr N Patel")
        for number, message in enumerate(visit_of(player, row).plan.messages, 1):
            how = rng.choices(list(TeachBackOutcome), weights=[8, 3, 1])[0]
            why = "in a hurry" if how is TeachBackOutcome.NOT_CHECKED else ""
            words = rng.choice(WORDS) if how is TeachBackOutcome.ANOTHER_GO else ""
            do(acts.teach_back, message, TeachBack(message=number, outcome=how, why=why, words=words))
        do(acts.give_safety_net, SafetyNet(what="fever", by_when="two days", where="ring 111"))
