"""A journal that was cut off anywhere in its last line opens with every earlier act."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest
from store.journals import COMMITS, Disk, a_journal, commit, kept, opened, storage, verified

from gpa_tui.errors import NotSaved
from gpa_tui.store import journal as journal_module

EARLIER = [event for events in COMMITS[:-1] for event in events]
AFTER = {"kind": "after"}


@pytest.fixture(autouse=True)
def without_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that end where their lines end; test_room.py has those that do not."""
    monkeypatch.setattr(journal_module, "ROOM", 0)


def test_a_cut_at_any_byte_of_the_last_line_loses_that_line_alone(tmp_path: Path) -> None:
    path = a_journal(tmp_path)
    whole = path.read_bytes()
    last_line = whole.rindex(b"\n", 0, -1) + 1
    assert len(whole) - last_line > 100
    for cut in range(last_line, len(whole)):
        path.write_bytes(whole[:cut])
        tail = whole[last_line:cut]
        assert kept(path) == EARLIER, "reading alone"
        assert path.read_bytes() == whole[:cut], "reading alone alters nothing"
        found = verified(path)
        assert (found.commits, found.torn_bytes, found.damage) == (2, len(tail), None)
        with opened(path) as journal:
            commit(journal, [AFTER])
            torn = storage(journal).torn
        if tail:
            assert torn is not None
            assert torn.read_bytes() == tail
            assert stat.S_IMODE(torn.stat().st_mode) == 0o600
            torn.unlink()
        else:
            assert torn is None
        assert kept(path) == [*EARLIER, AFTER]
        assert verified(path).damage is None
        assert sorted(file.suffix for file in tmp_path.iterdir()) == [".journal", ".lock"]


def test_a_cut_at_any_byte_of_the_header_begins_the_journal_anew(tmp_path: Path) -> None:
    path = a_journal(tmp_path)
    whole = path.read_bytes()
    for cut in range(whole.index(b"\n") + 1):
        path.write_bytes(whole[:cut])
        with opened(path) as journal:
            commit(journal, [AFTER])
        assert kept(path) == [AFTER]
        assert path.read_bytes().splitlines()[0] == whole.splitlines()[0]


def test_a_torn_tail_is_kept_beside_the_journal_under_its_place_in_it(tmp_path: Path) -> None:
    path = a_journal(tmp_path)
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(b'{"n":4')
    with opened(path) as journal, storage(journal).locked():
        storage(journal).catch_up()
        assert storage(journal).torn == tmp_path / f"2026-11-23.{size}.torn"
    assert path.stat().st_size == size


def test_a_second_torn_tail_does_not_overwrite_the_first(tmp_path: Path) -> None:
    path = a_journal(tmp_path)
    for tail in (b'{"n":4,"first', b'{"n":4,"second'):
        with path.open("ab") as file:
            file.write(tail)
        with opened(path) as journal, storage(journal).locked():
            storage(journal).catch_up()
    assert sorted(file.read_bytes()[-5:] for file in tmp_path.glob("*.torn")) == [b"econd", b"first"]


def test_a_tail_that_cannot_be_set_aside_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_journal(tmp_path)
    with path.open("ab") as file:
        file.write(b'{"n":4')
    before = path.read_bytes()
    with opened(path) as journal:
        Disk(monkeypatch, "fsync").refuses = lambda _: True
        with pytest.raises(NotSaved, match=os.strerror(errno.ENOSPC)):
            commit(journal, [AFTER])
        assert path.read_bytes() == before
