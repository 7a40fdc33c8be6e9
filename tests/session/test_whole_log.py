"""The log of one date has what was said of tasks and people on it, in its place by time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

from clinic import DATE, FIRST, GPA, SUPERVISOR, FakeClock, a_bench, a_desk

from gpa_tui.output.log_text import comma_separated, json_lines, text_lines
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.session import acts, tasks
from gpa_tui.session.describe import details
from gpa_tui.session.registry import Registry
from gpa_tui.session.whole_log import whole_log
from gpa_tui.store.practice import Practice

NEXT = DATE + timedelta(days=1)
OKAFOR = Owner(name="M Okafor", staff=GPA.staff)
Run = Callable[..., tuple[int, str, str]]


def a_day_of_tasks(practice: Practice, clock: FakeClock) -> None:
    """A task of yesterday done today, between two acts of the day; and one of tomorrow."""
    with closing(Registry(a_bench(practice, clock=clock))) as registry:
        (asked,) = registry.do(lambda _: tasks.ask(registry.place, "ring the lab", OKAFOR, NEXT))
        clock.forward(days=1)
        with closing(a_desk(practice, FIRST, clock=clock, on=NEXT)) as desk:
            clock.forward(minutes=1)
            desk.do(partial(acts.open_record, place=desk.place, appointment=FIRST.id))
            clock.forward(minutes=1)
            registry.do(lambda found: tasks.finish(found.tasks, registry.place, asked.id, "all well there"))
            clock.forward(minutes=1)
            desk.do(partial(acts.close_record, place=desk.place, appointment=FIRST.id))
        clock.forward(days=1)
        registry.do(lambda _: tasks.ask(registry.place, "tomorrow's", OKAFOR, NEXT + timedelta(days=1)))


def test_what_was_said_of_tasks_stands_between_the_acts_of_the_day(
    practice: Practice, clock: FakeClock
) -> None:
    a_day_of_tasks(practice, clock)
    with (
        closing(a_desk(practice, clock=clock, on=NEXT)) as desk,
        closing(Registry(a_bench(practice))) as registry,
    ):
        registry.read()
        zone = practice.settings.zone
        entries = whole_log(desk.day, registry.standing, zone)
        kinds = [event.kind for _, event in entries]
        assert kinds[-3:] == ["record.viewed", "task.done", "record.closed"]
        assert "task.asked" not in kinds
        assert {entry.journal for entry in entries} == {NEXT.isoformat(), "standing"}
        lines = list(text_lines(entries, desk.day, lambda at: f"{at:%H:%M}"))
        assert lines[-2] == "09:02 M Okafor GPA · task done: ring the lab – all well there"
        done = entries[-2].event
        shown = details(done, desk.day, lambda at: f"{at:%H:%M}", registry.standing.events)
        assert ("About", "task asked: ring the lab, of M Okafor, by 2026-11-24") in shown
        told = [json.loads(line) for line in json_lines(entries).splitlines()]
        assert [one["journal"] for one in told[-3:]] == ["2026-11-24", "standing", "2026-11-24"]
        rows = list(csv.DictReader(io.StringIO(comma_separated(entries, desk.day))))
        assert [row["journal"] for row in rows[-3:]] == ["2026-11-24", "standing", "2026-11-24"]


def test_the_commands_say_them_too(practice: Practice, clock: FakeClock, run: Run, secret: Path) -> None:
    a_day_of_tasks(practice, clock)
    who = ("--date", NEXT.isoformat(), "--staff", SUPERVISOR.staff, "--passphrase-file", secret)
    status, said, _ = run("--home", practice.home, "log", "show", *who)
    assert status == 0
    assert "task done: ring the lab – all well there" in said
    assert "more from the standing journal" in said
