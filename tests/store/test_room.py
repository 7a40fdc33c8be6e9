"""The room ahead of a journal's lines: nothing in it counts, and nothing a power cut left there stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store.journals import (
    COMMITS,
    DATE,
    a_journal,
    caught_up,
    commit,
    kept,
    opened,
    storage,
    text_of,
    verified,
)

EVENTS = [event for events in COMMITS for event in events]
AFTER = {"kind": "after"}


def test_the_file_is_longer_than_its_lines_and_reads_the_same(tmp_path: Path) -> None:
    path = a_journal(tmp_path)
    content = path.read_bytes()
    assert len(content) > len(text_of(path)) + 1000
    assert not content[len(text_of(path)) :].strip(b"\0")
    assert kept(path) == EVENTS
    assert (verified(path).torn_bytes, verified(path).damage) == (0, None)


@pytest.mark.parametrize("room", [0, 1, 3, 200])
def test_a_file_with_any_room_is_added_to(tmp_path: Path, room: int) -> None:
    path = a_journal(tmp_path)
    path.write_bytes(text_of(path) + b"\0" * room)
    with opened(path) as journal:
        commit(journal, [AFTER])
    assert kept(path) == [*EVENTS, AFTER]
    assert verified(path).damage is None


def test_the_room_is_not_made_anew_for_each_line(tmp_path: Path) -> None:
    path = a_journal(tmp_path)
    size = path.stat().st_size
    with opened(path) as journal:
        for _ in range(20):
            commit(journal, [AFTER])
    assert path.stat().st_size == size


@given(left=st.binary(min_size=1, max_size=400), hole=st.integers(0, 400))
def test_whatever_a_power_cut_left_of_a_line_is_put_aside(
    tmp_path_factory: pytest.TempPathFactory, left: bytes, hole: int
) -> None:
    """A later block of a line may have reached the disk and an earlier one not."""
    path = a_journal(tmp_path_factory.mktemp("cut"))
    text = text_of(path)
    rest = (b"\0" * hole + left.replace(b"\n", b"x")).ljust(5000, b"\0")
    path.write_bytes(text + rest)
    left_over = rest.rstrip(b"\0")
    assert kept(path) == EVENTS
    found = verified(path)
    assert (found.damage, found.torn_bytes) == (None, len(left_over))
    with opened(path) as journal:
        commit(journal, [AFTER])
        torn = storage(journal).torn
        assert (torn.read_bytes() if torn else b"") == left_over
        commit(journal, [AFTER])
    assert kept(path) == [*EVENTS, AFTER, AFTER]
    assert verified(path).torn_bytes == 0


def test_looking_for_news_sees_only_what_is_new(tmp_path: Path) -> None:
    path = a_journal(tmp_path)
    with opened(path) as one, opened(path) as other:
        caught_up(one)
        assert not storage(one).changed()
        commit(other, [AFTER])
        assert storage(one).changed()
        assert caught_up(one) == [AFTER]
        assert not storage(one).changed()
    assert path.name == f"{DATE}.journal"


def test_a_reader_far_behind_catches_up_whole(tmp_path: Path) -> None:
    path = a_journal(tmp_path)
    with opened(path) as one, opened(path) as other:
        caught_up(one)
        for number in range(40):
            commit(other, [{"kind": "many", "n": number}])
        assert [event["n"] for event in caught_up(one)] == list(range(40))
