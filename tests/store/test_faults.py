"""A disk that says no, at every call in turn: refused in words, nothing half written, the next act works."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
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

from gpa_tui.errors import JournalDamaged, NewerFormat, NotSaved
from gpa_tui.store.journal import JournalDB

EVENTS = [event for events in COMMITS for event in events]
FOURTH, FIFTH = {"kind": "fourth"}, {"kind": "fifth"}
FAULTS = [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS, errno.EINTR, errno.EBADF]
CALLS = ["pwrite", "fsync", "fdatasync", "ftruncate", "lseek", "pread", "open", "readlink"]


class Faulty:
    """Stands before functions of `os`: the `nth` call of them all is refused, once or from then on."""

    def __init__(
        self, patch: pytest.MonkeyPatch, names: list[str], fault: int, nth: int, *, lasting: bool
    ) -> None:
        self.fired = False
        self._calls, self._fault, self._nth, self._lasting = 0, fault, nth, lasting
        for name in names:
            patch.setattr(os, name, self._before(getattr(os, name), name))

    def _before(self, real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def called(*args: Any, **kwargs: Any) -> Any:
            self._calls += 1
            due = self._calls >= self._nth if self._lasting else self._calls == self._nth
            if not due:
                return real(*args, **kwargs)
            self.fired = True
            if name == "pwrite":  # a part of it reaches the disk all the same
                descriptor, content, at = args
                real(descriptor, content[: len(content) // 2], at)
            raise OSError(self._fault, os.strerror(self._fault))

        return called


def each_call(
    path: Path, names: list[str], fault: int, *, lasting: bool
) -> Iterator[tuple[bool, list[dict[str, Any]]]]:
    """An act with the fault at its first, second … call, until an act is done before its turn comes.

    Gives whether the act was refused, and what a new reader finds after the next act.
    """
    for nth in count(1):
        before = kept(path)
        with opened(path) as journal:
            caught_up(journal)
            with pytest.MonkeyPatch.context() as patch:
                faulty = Faulty(patch, names, fault, nth, lasting=lasting)
                refused = refusal(journal)
            if not faulty.fired:
                return
            assert refused is None or os.strerror(fault) in refused.reason
            commit(journal, [FIFTH])
            after = caught_up_with(journal)
        assert after == kept(path)
        assert after[: len(before)] == before
        assert verified(path).damage is None
        yield refused is not None, after[len(before) :]


def refusal(journal: JournalDB) -> NotSaved | None:
    """How the disk refused an act, None when the act was done."""
    try:
        commit(journal, [FOURTH])
    except NotSaved as error:
        return error
    return None


def caught_up_with(journal: JournalDB) -> list[dict[str, Any]]:
    return [dict(document) for document in journal.all()]


@pytest.mark.parametrize("fault", FAULTS, ids=errno.errorcode.get)
def test_one_refusal_at_any_call_leaves_nothing_of_the_act_and_the_next_one_works(
    tmp_path: Path, fault: int
) -> None:
    outcomes = list(each_call(a_journal(tmp_path), CALLS, fault, lasting=False))
    assert len(outcomes) >= 5
    for refused, added in outcomes:
        assert added == ([FIFTH] if refused else [FOURTH, FIFTH])


@pytest.mark.parametrize("fault", FAULTS, ids=errno.errorcode.get)
def test_a_disk_that_says_no_from_any_call_on_is_worked_on_again_once_it_does_not(
    tmp_path: Path, fault: int
) -> None:
    """Where not even cutting off worked, the whole line may have stayed: whole, once, and never altered."""
    for refused, added in each_call(a_journal(tmp_path), CALLS, fault, lasting=True):
        assert refused
        assert added in ([FIFTH], [FOURTH, FIFTH])


def test_after_a_failed_flush_the_file_is_read_again_before_anything_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_journal(tmp_path)
    with opened(path) as journal:
        caught_up(journal)
        with monkeypatch.context() as patch:
            Faulty(patch, ["fdatasync", "fsync"], errno.EIO, 1, lasting=True)
            with pytest.raises(NotSaved):
                commit(journal, [FOURTH])
        with path.open("r+b") as file:  # what the disk lost of what was in memory only
            file.seek(len(text_of(path)) - 60)
            file.write(b"\0" * 20)
        with pytest.raises(JournalDamaged, match=r"is not as it was|is not a commit"):
            commit(journal, [FIFTH])


def test_a_writer_that_was_refused_takes_in_what_others_saved_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_journal(tmp_path)
    with opened(path) as one, opened(path) as other:
        caught_up(one)
        with monkeypatch.context() as patch:
            Faulty(patch, ["fdatasync"], errno.EIO, 1, lasting=False)
            with pytest.raises(NotSaved):
                commit(one, [FOURTH])
        assert caught_up(one) == [], "not trusted without the lock"
        commit(other, [{"kind": "another's"}])
        commit(one, [FIFTH])
    assert kept(path) == [*EVENTS, {"kind": "another's"}, FIFTH]


# ── any damage is named or harmless ───────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return text_of(a_journal(tmp_path_factory.mktemp("whole")))


@given(data=st.data())
@settings(max_examples=200)
def test_any_cut_any_flip_and_any_swap_is_recovered_or_named(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("damaged") / f"{DATE}.journal"
    how = data.draw(st.sampled_from(["cut", "flip", "swap"]))
    at = data.draw(st.integers(0, len(whole) - 1))
    last_line = whole.rindex(b"\n", 0, -1) + 1
    if how == "cut":
        content = whole[:at]
    elif how == "flip":
        content = whole[:at] + bytes([whole[at] ^ 1 << data.draw(st.integers(0, 7))]) + whole[at + 1 :]
    else:
        lines = whole.splitlines(keepends=True)
        one, other = data.draw(st.permutations(range(len(lines))))[:2]
        lines[one], lines[other] = lines[other], lines[one]
        content = b"".join(lines)
    path.write_bytes(content)
    damage = verified(path).damage
    if damage is not None:
        assert isinstance(damage, JournalDamaged | NewerFormat)
        assert path.read_bytes() == content
        return
    with opened(path) as journal, storage(journal).locked():
        found = caught_up(journal)
    assert found == EVENTS[: len(found)], "what can be read is what was written"
    if how == "cut":
        assert content.count(b"\n") == whole[:at].count(b"\n")
    else:
        assert at >= last_line, "only in the last line can a change pass for a write that was cut off"
        assert found == EVENTS[:-1]


def test_a_refused_line_that_could_not_be_cut_off_is_cut_off_before_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_journal(tmp_path)
    before = kept(path)
    with opened(path) as journal:
        with monkeypatch.context() as broken:
            for name in ("fdatasync", "ftruncate"):
                broken.setattr(os, name, lambda *_: (_ for _ in ()).throw(OSError(errno.EROFS, "read-only")))
            with pytest.raises(NotSaved):
                commit(journal, [{"kind": "refused"}])
        commit(journal, [{"kind": "retyped"}])
    assert kept(path) == [*before, {"kind": "retyped"}]
