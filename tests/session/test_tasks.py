"""Tasks: one owner, accepted by one, done or dropped with why; none is lost when a day ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import pytest
from clinic import ADMINISTRATOR, DATE, FIRST, GP, GPA, NINE, RECEPTION, FakeClock, Morning, a_bench

from gpa_tui.errors import NotAllowed, Refused
from gpa_tui.records.base import EventId
from gpa_tui.records.event import Said
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.staff import Actor, Role
from gpa_tui.session import tasks
from gpa_tui.session.acts import Place
from gpa_tui.session.registry import Registry
from gpa_tui.session.tasks import Task
from gpa_tui.store.practice import Practice

DOCTORS = Owner(name="Clinician", role=Role.CLINICIAN)
OKAFOR = Owner(name="M Okafor", staff=GPA.staff)
SECOND_GP = Actor(staff=GPA.staff, name="Dr B Else", role=Role.CLINICIAN)


class Book:
    """Tasks in memory, as the standing journal has them."""

    def __init__(self) -> None:
        self.tasks: dict[EventId, Task] = {}
        self._morning = Morning()

    def say(self, said: Sequence[Said], by: Actor) -> EventId:
        (event,) = self._morning.take(said, by, "room2")
        tasks.fold_task(self.tasks, event)
        return event.id

    def ask(self, owner: Owner, due: date = DATE, by: Actor = GPA) -> EventId:
        return self.say(tasks.ask(Place(by, "room2"), " ring about bloods ", owner, due), by)

    def do(self, act: Callable[..., Sequence[Said]], task: EventId, *args: Any, by: Actor = GPA) -> None:
        self.say(act(self.tasks, Place(by, "room2"), task, *args), by)


def test_a_roles_task_is_whose_accepts_it_first() -> None:
    book = Book()
    task = book.ask(DOCTORS)
    assert book.tasks[task].what == "ring about bloods"
    with pytest.raises(Refused, match="It is Clinician's"):
        book.do(tasks.accept, task)
    book.do(tasks.accept, task, by=GP)
    with pytest.raises(Refused, match="Dr N Patel has accepted it already"):
        book.do(tasks.accept, task, by=SECOND_GP)
    with pytest.raises(Refused, match="It is Dr N Patel's"):
        book.do(tasks.finish, task, by=SECOND_GP)
    book.do(tasks.finish, task, by=GP)
    assert not book.tasks[task].open
    with pytest.raises(Refused, match="done already"):
        book.do(tasks.finish, task, by=GP)


def test_passed_on_it_waits_for_an_answer_again() -> None:
    book = Book()
    task = book.ask(DOCTORS)
    book.do(tasks.accept, task, by=GP)
    book.do(tasks.pass_on, task, OKAFOR, by=GP)
    assert (book.tasks[task].accepted_by, book.tasks[task].owner) == ("", OKAFOR)
    book.do(tasks.accept, task)
    book.do(tasks.finish, task)


def test_dropped_with_why_by_its_owner_or_who_asked() -> None:
    book = Book()
    task = book.ask(DOCTORS)
    with pytest.raises(Refused, match="It is Clinician's"):
        book.do(tasks.drop, task, "no", by=RECEPTION)
    with pytest.raises(Refused, match="Say why"):
        book.do(tasks.drop, task, " ")
    book.do(tasks.drop, task, "rang back already")
    assert book.tasks[task].ended == "dropped"
    with pytest.raises(Refused, match="not on the list"):
        book.do(tasks.drop, EventId("nowhere"), "x")


def test_it_needs_words_and_a_role_that_may() -> None:
    with pytest.raises(Refused, match="Say what is to be done"):
        tasks.ask(Place(GPA, "room2"), " ", DOCTORS, DATE)
    with pytest.raises(NotAllowed):
        tasks.ask(Place(ADMINISTRATOR, "office"), "x", DOCTORS, DATE)


def test_what_nobody_answers_climbs_and_what_is_accepted_does_not() -> None:
    book = Book()
    mine, theirs, late = book.ask(OKAFOR), book.ask(DOCTORS), book.ask(DOCTORS, DATE - timedelta(days=1))
    tomorrow = book.ask(OKAFOR, DATE + timedelta(days=1))

    def order(minutes: int) -> list[EventId]:
        now = NINE + timedelta(minutes=minutes)
        return [task.id for task in tasks.in_order(book.tasks.values(), GPA, now, DATE, 10)]

    assert order(1) == [late, mine, tomorrow, theirs]
    assert order(12) == [mine, late, theirs, tomorrow]
    book.do(tasks.accept, mine)
    assert order(12)[0] == late
    assert not tasks.climbed(book.tasks[mine], NINE + timedelta(hours=5), DATE, 10)
    assert tasks.climbed(book.tasks[mine], NINE, DATE + timedelta(days=1), 10)


def test_an_open_task_is_there_on_the_next_day_and_at_every_terminal(practice: Practice) -> None:
    with closing(Registry(a_bench(practice))) as first:
        visit = Morning().visit(FIRST)
        (asked,) = first.do(lambda _: tasks.ask(Place(GPA, "room2"), "ring", DOCTORS, DATE, visit))
    tomorrow = a_bench(practice, by=GP, clock=FakeClock(NINE + timedelta(days=1)))
    with closing(Registry(tomorrow)) as later:
        later.read()
        task = later.standing.tasks[asked.id]
        assert (task.patient_name, task.patient, task.open) == ("OKONKWO, Grace", FIRST.patient.id, True)
        later.do(lambda standing: tasks.accept(standing.tasks, later.place, task.id))
        assert later.standing.tasks[asked.id].accepted_by == "Dr N Patel"


# ── answers, and a slip of one key ────────────────────────────────────────────────────────────


def test_what_was_ended_by_a_slip_is_open_again_the_latest_first() -> None:
    book = Book()
    first, second = book.ask(OKAFOR), book.ask(OKAFOR)
    with pytest.raises(Refused, match="no task that you ended here lately"):
        book.do(lambda found, place, _: tasks.take_back(found, place, NINE), first)
    book.do(tasks.finish, second)
    book.do(tasks.drop, first, "no need")
    book.do(lambda found, place, _: tasks.take_back(found, place, NINE), first)
    assert (book.tasks[first].open, book.tasks[second].open) == (True, False)
    book.do(lambda found, place, _: tasks.take_back(found, place, NINE), first)
    assert book.tasks[second].open


def test_an_answer_that_was_seen_is_not_taken_back() -> None:
    book = Book()
    task = book.ask(DOCTORS)
    book.do(tasks.finish, task, "yes", by=GP)
    with pytest.raises(Refused, match="no answer to you"):
        book.do(tasks.see_answer, task, by=RECEPTION)
    book.do(tasks.see_answer, task)
    with pytest.raises(Refused, match="no answer to you"):
        book.do(tasks.see_answer, task)
    with pytest.raises(Refused, match="M Okafor has seen the answer"):
        book.do(lambda found, place, _: tasks.take_back(found, place, NINE), task, by=GP)
