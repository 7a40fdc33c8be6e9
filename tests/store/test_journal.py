"""One journal: a line an act, flushed before it counts; a disk that says no; several who write."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from clinic import a_desk
from store.journals import (
    COMMITS,
    DATE,
    PRACTICE,
    Disk,
    a_journal,
    caught_up,
    commit,
    kept,
    lines_by_hand,
    opened,
    storage,
    verified,
)

from gpa_tui.errors import NotSaved, ReadOnly
from gpa_tui.records.event import LogViewed, Said
from gpa_tui.session.desk import Desk
from gpa_tui.store import journal as journal_module
from gpa_tui.store import lock as lock_module

EVENTS = [event for events in COMMITS for event in events]
NO_SPACE = "No space left on device"


@pytest.fixture(autouse=True)
def without_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that end where their lines end; test_room.py has those that do not."""
    monkeypatch.setattr(journal_module, "ROOM", 0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / f"{DATE}.journal"


def lines(path: Path) -> list[bytes]:
    content = path.read_bytes()
    assert content.endswith(b"\n") or not content
    return content.split(b"\n")[:-1]


def path_holds(folder: Path) -> list[dict[str, Any]]:
    return kept(folder / f"{DATE}.journal")


# ── what is in the file ───────────────────────────────────────────────────────────────────────


def test_each_act_is_one_line_that_names_the_line_before(tmp_path: Path) -> None:
    header, *commits = lines(a_journal(tmp_path))
    assert json.loads(header) == {"format": 1, "journal": "j", "practice": PRACTICE, "date": DATE}
    assert path_holds(tmp_path) == EVENTS
    assert not any(word in line for line in commits for word in (b"first", b"words", "Zoë".encode()))
    assert all(list(json.loads(line)) == ["n", "prev", "epoch", "by", "box", "sig"] for line in commits)
    assert [json.loads(line)["n"] for line in commits] == [1, 2, 3]
    before = [hashlib.sha256(line).hexdigest() for line in (header, *commits)]
    assert [json.loads(line)["prev"] for line in commits] == before[:-1]


def test_a_line_break_in_the_words_stays_inside_the_line(path: Path) -> None:
    words = "one\ntwo\r\nthree\u2028four\x85five"
    with opened(path) as journal:
        commit(journal, [{"words": words}])
    assert len(lines(path)) == 2
    assert kept(path) == [{"words": words}]


def test_a_journal_that_was_not_written_by_this_program_but_follows_its_format_opens(path: Path) -> None:
    header = {"format": 1, "journal": "j", "practice": PRACTICE, "date": DATE}
    path.write_bytes(lines_by_hand(header, COMMITS))
    assert kept(path) == EVENTS


def test_opening_again_gives_the_same_and_alters_nothing(tmp_path: Path) -> None:
    path = a_journal(tmp_path)
    before = path.read_bytes()
    assert kept(path) == kept(path) == EVENTS
    assert path.read_bytes() == before


def test_a_new_journal_is_empty_until_the_first_act(path: Path) -> None:
    assert kept(path) == []
    assert path.read_bytes() == b""


def test_the_files_are_their_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        a_journal(tmp_path)
    finally:
        os.umask(before)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == {f"{DATE}.journal": 0o600, f"{DATE}.lock": 0o600}


# ── flushed before it counts ──────────────────────────────────────────────────────────────────


def test_an_act_is_flushed_whole_before_it_returns(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[bytes] = []
    real = os.fdatasync

    def noted(descriptor: int) -> None:
        real(descriptor)
        flushed.append(path.read_bytes())

    monkeypatch.setattr(os, "fdatasync", noted)
    with opened(path) as journal:
        for events in COMMITS:
            commit(journal, events)
            assert flushed[-1] == path.read_bytes()
            assert kept(path)[-len(events) :] == events


@pytest.mark.parametrize(("function", "nth"), [("fdatasync", 1), ("fsync", 1), ("fdatasync", 2)])
def test_the_first_act_is_not_saved_when_the_disk_cannot_flush(
    path: Path, monkeypatch: pytest.MonkeyPatch, function: str, nth: int
) -> None:
    """The header, the folder's entry and the commit are flushed in this order; any may fail."""
    flush = Disk(monkeypatch, function)
    flush.refuses = lambda call: call == nth
    with opened(path) as journal:
        with pytest.raises(NotSaved, match=NO_SPACE):
            commit(journal, COMMITS[0])
        assert kept(path) == []
        assert list(journal.all()) == []
        commit(journal, COMMITS[1])
    assert kept(path) == COMMITS[1]
    assert verified(path).damage is None


@pytest.mark.parametrize(
    ("function", "half_first"),
    [("fdatasync", False), ("pwrite", False), ("pwrite", True)],
    ids=["not flushed", "not written", "half written"],
)
def test_nothing_of_an_act_that_was_not_saved_remains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, half_first: bool
) -> None:
    path = a_journal(tmp_path)
    before = path.read_bytes()
    with opened(path) as journal:
        storage(journal).catch_up()
        disk = Disk(monkeypatch, function)
        calls = 2 if function == "pwrite" else 1  # the room, then the line
        disk.refuses, disk.half_first = (lambda call: call <= calls), half_first
        with pytest.raises(NotSaved, match=NO_SPACE) as refused:
            commit(journal, [{"kind": "fourth"}])
        assert refused.value.remedy
        assert path.read_bytes() == before
        assert list(journal.all()) == EVENTS
        commit(journal, [{"kind": "fifth"}])
    assert kept(path) == [*EVENTS, {"kind": "fifth"}]
    assert verified(path).damage is None


def test_what_could_not_be_cut_off_is_set_aside_at_the_next_act(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_journal(tmp_path)
    with opened(path) as journal:
        storage(journal).catch_up()
        write, cut = Disk(monkeypatch, "pwrite"), Disk(monkeypatch, "ftruncate")
        write.refuses, write.half_first = (lambda call: call <= 2), True
        cut.refuses = lambda call: call == 1
        with pytest.raises(NotSaved, match=NO_SPACE):
            commit(journal, [{"kind": "fourth"}])
        commit(journal, [{"kind": "fifth"}])
        assert storage(journal).torn is not None
    assert kept(path) == [*EVENTS, {"kind": "fifth"}]
    assert verified(path).damage is None


def test_a_disk_that_writes_a_few_bytes_at_a_time_gets_the_whole_line(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda file, content, at: real(file, content[:7], at))
    with opened(path) as journal:
        commit(journal, COMMITS[0])
    assert kept(path) == COMMITS[0]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}])
def test_what_json_cannot_say_is_not_half_written(tmp_path: Path, value: Any) -> None:
    path = a_journal(tmp_path)
    before = path.read_bytes()
    with opened(path) as journal, pytest.raises((TypeError, ValueError), match="JSON"):
        commit(journal, [{"value": value}])
    assert path.read_bytes() == before


# ── several who write ─────────────────────────────────────────────────────────────────────────


def test_two_who_have_it_open_see_each_others_acts(path: Path) -> None:
    with opened(path) as one, opened(path) as other:
        commit(one, COMMITS[0])
        assert caught_up(other) == COMMITS[0]
        commit(other, COMMITS[1])
        assert caught_up(one) == COMMITS[1]
        assert caught_up(one) == []
        commit(one, COMMITS[2])
        storage(other).catch_up()
        assert list(one.all()) == list(other.all()) == EVENTS
        assert storage(one).head == storage(other).head


@pytest.mark.parametrize("already_open", [True, False], ids=["open before", "opened after"])
def test_inserting_never_overwrites_what_another_wrote(path: Path, already_open: bool) -> None:
    with opened(path) as one, opened(path) as other:
        if already_open:
            storage(other).catch_up()
        commit(one, COMMITS[0])
        other.insert_multiple(COMMITS[1])
    assert kept(path) == [*COMMITS[0], *COMMITS[1]]


def test_an_act_waits_for_the_lock_then_says_who_might_hold_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_journal(tmp_path)
    before = path.read_bytes()
    monkeypatch.setattr(lock_module, "PATIENCE", 0.02)
    with opened(path) as holder, opened(path) as waiting:
        with storage(holder).locked(), pytest.raises(NotSaved, match="held by M Okafor at room2"):
            commit(waiting, [{"kind": "fourth"}])
        assert path.read_bytes() == before
        commit(waiting, [{"kind": "fourth"}])
    assert kept(path) == [*EVENTS, {"kind": "fourth"}]


def test_the_lock_is_let_go_when_an_act_fails(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_module, "PATIENCE", 0.0)
    with opened(path) as one, opened(path) as other:
        with pytest.raises(ZeroDivisionError), storage(one).locked(), storage(one).locked():
            raise ZeroDivisionError
        commit(other, COMMITS[0])
    assert kept(path) == COMMITS[0]


def test_the_lock_is_held_until_the_outermost_hold_ends(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_module, "PATIENCE", 0.0)
    with opened(path) as one, opened(path) as other, storage(one).locked():
        with storage(one).locked():
            storage(one).catch_up()
        with pytest.raises(NotSaved), storage(other).locked():
            pytest.fail("two held the lock")


@pytest.mark.parametrize("replaced", [False, True], ids=["removed", "replaced by a copy"])
def test_nothing_is_saved_into_a_file_that_is_gone(desk: Desk, replaced: bool) -> None:
    path = desk.storage.path
    content = path.read_bytes()
    path.unlink()
    if replaced:
        path.write_bytes(content)
    with pytest.raises(NotSaved, match="removed or replaced"):
        desk.do(lambda _: [Said(data=LogViewed())])


def test_zero_bytes_with_lines_behind_them_are_damage_and_nothing_is_cut(desk: Desk) -> None:
    for _ in range(3):
        desk.do(lambda _: [Said(data=LogViewed())])
    file = desk.storage.path
    content = bytearray(file.read_bytes())
    middle = content.index(b"\n") + 20
    content[middle : middle + 8] = bytes(8)
    file.write_bytes(content)
    with closing(a_desk(desk.bench.practice)) as again:
        assert again.trouble is not None
        assert "has zero bytes in it, and whole lines behind them" in again.trouble.reason
        with pytest.raises(ReadOnly):
            again.do(lambda _: [Said(data=LogViewed())])
    assert file.read_bytes() == content
