"""A desk on a journal that is not as it was written: nothing is passed over, nothing is acted on."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
from clinic import DATE, FIRST, SECOND, a_bench, a_desk

from gpa_tui.errors import JournalDamaged, NewerFormat, NotSaved, ReadOnly
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.event import Said
from gpa_tui.session import acts
from gpa_tui.session.admission import absorb_refusals, open_day
from gpa_tui.session.desk import Desk
from gpa_tui.session.registry import Registry
from gpa_tui.store import chain
from gpa_tui.store.practice import Practice


@pytest.fixture
def path(desk: Desk, practice: Practice) -> Path:
    """The journal of a morning with two commits: the list, and one arrival."""
    desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.ARRIVED))
    return practice.home / "clinics" / f"{DATE}.journal"


@pytest.fixture
def opened(path: Path, practice: Practice) -> Iterator[Desk]:
    """A desk that has not read yet."""
    assert path.exists()
    later = Desk(a_bench(practice, terminal="room3"), DATE)
    yield later
    later.close()


def test_a_damaged_journal_is_not_acted_on(path: Path, opened: Desk) -> None:
    path.write_bytes(path.read_bytes().replace(b'"n":2', b'"n":5'))
    before = path.read_bytes()
    for _ in range(2):
        with pytest.raises(ReadOnly, match=r"can only be read.* line 3 says it is commit 5"):
            opened.do(lambda _: [Said(data=facts.LogViewed())])
    assert path.read_bytes() == before


def test_the_other_days_work(path: Path, practice: Practice) -> None:
    path.write_bytes(path.read_bytes().replace(b'"n":2', b'"n":5'))
    with closing(a_desk(practice, on=DATE.replace(day=24))) as other:
        assert other.do(lambda _: [Said(data=facts.LogViewed())])


def unreadable(desk: Desk) -> None:
    """Append a whole line with an entry that no version of the program wrote."""
    with desk.storage.locked():
        desk.storage.append(b'[{"id": "x", "data": {"kind": "plan.worded"}}]', {})


def test_an_entry_that_cannot_be_read_is_named(desk: Desk, opened: Desk) -> None:
    unreadable(desk)
    assert opened.refresh()
    assert isinstance(opened.trouble, JournalDamaged)
    assert "cannot read" in opened.trouble.reason


def test_an_entry_that_cannot_be_read_is_never_passed_over_by_looking_again(desk: Desk, opened: Desk) -> None:
    unreadable(desk)
    for _ in range(3):
        with pytest.raises(ReadOnly):
            opened.do(lambda _: [Said(data=facts.LogViewed())])


def test_what_came_before_the_damage_can_still_be_read(path: Path, opened: Desk) -> None:
    path.write_bytes(path.read_bytes().replace(b'"n":2', b'"n":x'))
    assert opened.refresh()
    assert opened.trouble is not None
    assert set(opened.day.visits) == {FIRST.id, SECOND.id}


def test_an_act_that_was_seen_before_it_failed_is_forgotten_by_whoever_saw_it(
    desk: Desk, path: Path, opened: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another desk looks between the writing of a line and the flush that fails; then the line is cut off."""
    opened.refresh()

    def looked_at_and_refused(_: int) -> None:
        monkeypatch.undo()
        opened.refresh()
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fdatasync", looked_at_and_refused)
    with pytest.raises(NotSaved):
        desk.do(lambda _: [Said(data=facts.LogViewed())])
    opened.refresh()
    assert opened.day == desk.day
    assert path.read_bytes().count(b"\n") == 3


# ── written by a newer version ────────────────────────────────────────────────────────────────


def a_newer_day(practice: Practice, more: bytes) -> Path:
    """The journal of the 24th with one patient, as a version of another format wrote it, and `more`."""
    with patch.object(chain, "FORMAT", 2):
        a_desk(practice, FIRST, on=DATE.replace(day=24)).close()
    path = practice.home / "clinics" / "2026-11-24.journal"
    path.write_bytes(path.read_bytes().rstrip(b"\0") + more)
    return path


@pytest.mark.parametrize("more", [b"", b'{"n":2,"half":"a li', b'{"n":2,"in a way":"that is new"}\n'])
def test_a_newer_day_is_read_as_far_as_it_goes_and_left_as_it_is(practice: Practice, more: bytes) -> None:
    path = a_newer_day(practice, more)
    before = path.read_bytes()
    with closing(Desk(a_bench(practice), DATE.replace(day=24))) as desk:
        desk.read()
        assert isinstance(desk.trouble, NewerFormat)
        assert set(desk.day.visits) == {FIRST.id}
        with pytest.raises(ReadOnly, match="has format 2"):
            desk.do(lambda _: [Said(data=facts.LogViewed())])
    assert path.read_bytes() == before


def test_a_newer_store_is_read_and_who_read_it_is_in_its_log_later(path: Path, practice: Practice) -> None:
    info = practice.home / "store.json"
    info.write_text(info.read_text().replace('"format": 1', '"format": 2'))
    journals = [path, practice.home / "standing.journal"]
    before = [one.read_bytes() for one in journals]
    bench = a_bench(Practice(practice.home), terminal="room3")
    with suppress(ReadOnly):
        absorb_refusals(bench)
    with closing(Registry(bench)) as registry, closing(open_day(bench, registry, DATE)) as desk:
        assert desk.day.visits[FIRST.id].stage is Stage.ARRIVED
        with pytest.raises(ReadOnly, match="has format 2"):
            desk.do(lambda _: [Said(data=facts.LogViewed())])
        with pytest.raises(ReadOnly, match="has format 2"):
            registry.change(lambda roster: (roster, []))
    assert [one.read_bytes() for one in journals] == before
    info.write_text(info.read_text().replace('"format": 2', '"format": 1'))  # the newer version opens it
    absorb_refusals(a_bench(Practice(practice.home)))
    assert not practice.refusals.waiting()
    with closing(a_desk(practice)) as desk:
        read = [event.data for event in desk.day.events if isinstance(event.data, facts.ReadBeside)]
    assert [(one.name, one.read, one.terminal) for one in read] == [("mokafor", "signed in", "room3")]
