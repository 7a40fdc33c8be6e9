"""Any change to a journal behind the program's back is found, and the line is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from store.journals import COMMITS, DATE, PRACTICE, a_journal, kept, lines_by_hand, opened, storage

from gpa_tui.errors import JournalDamaged, StoreError, StoreUnusable
from gpa_tui.store.chain import verify

HEADER = {"format": 0, "journal": "j", "practice": PRACTICE, "date": DATE}
Change = Callable[[list[bytes]], list[bytes]]


def damage_found(path: Path) -> JournalDamaged:
    """The damage, on which `verify` and opening must agree; neither may alter anything."""
    before = path.read_bytes()
    found = verify(path, PRACTICE).damage
    assert found is not None
    with opened(path) as journal:
        for _ in range(2):  # and again: it never opens by asking twice
            with pytest.raises(JournalDamaged) as refused:
                storage(journal).catch_up()
            assert (refused.value.line, refused.value.reason) == (found.line, found.reason)
        with pytest.raises(JournalDamaged), storage(journal).locked():
            storage(journal).catch_up()
    assert path.read_bytes() == before
    assert f"line {found.line} " in found.reason
    assert "Nothing in it was altered" in found.remedy
    return found


def test_a_whole_journal_verifies(tmp_path: Path) -> None:
    path = a_journal(tmp_path)
    found = verify(path, PRACTICE)
    with opened(path) as journal:
        storage(journal).catch_up()
        head = storage(journal).head
    assert (found.path, found.commits, found.events, found.head) == (path, 3, 4, head[1])
    assert (found.torn_bytes, found.damage) == (0, None)
    assert head[0] == 3


def test_an_empty_journal_verifies(tmp_path: Path) -> None:
    path = tmp_path / f"{DATE}.journal"
    path.touch()
    found = verify(path, PRACTICE)
    assert (found.commits, found.events, found.torn_bytes, found.damage) == (0, 0, 0, None)


@pytest.mark.parametrize("to", ["one bit", "a line break", "another letter's case"])
def test_a_changed_byte_anywhere_before_the_last_line_is_found(tmp_path: Path, to: str) -> None:
    path = a_journal(tmp_path)
    whole = path.read_bytes()
    last_line = whole.rindex(b"\n", 0, -1)
    changed_to: dict[str, Callable[[int], int]] = {
        "one bit": lambda byte: byte ^ 1,
        "a line break": lambda _: ord("\n"),
        "another letter's case": lambda byte: byte ^ 0x20,
    }
    newer_formats = 0
    for place in range(last_line + 1):
        byte = changed_to[to](whole[place])
        if byte == whole[place]:
            continue
        path.write_bytes(whole[:place] + bytes([byte]) + whole[place + 1 :])
        changed_line = whole.count(b"\n", 0, place) + 1
        try:
            found = verify(path, PRACTICE).damage
        except StoreUnusable:
            newer_formats += 1
            continue
        assert found is not None, place
        assert found.line in {changed_line, changed_line + 1}, place
    assert newer_formats <= 1


def swapped(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[2], lines[1], lines[3]]


def words_of_line_2(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b"first", b"worst"), *lines[2:]]


@pytest.mark.parametrize(
    ("change", "line", "why"),
    [
        pytest.param(words_of_line_2, 3, "does not follow", id="other words in line 2"),
        pytest.param(swapped, 2, "says it is commit 2", id="lines swapped"),
        pytest.param(lambda x: [x[0], *x[2:]], 2, "says it is commit 2", id="first commit missing"),
        pytest.param(lambda x: [*x[:2], x[3]], 3, "says it is commit 3", id="a middle line missing"),
        pytest.param(lambda x: [*x[:3], x[2], x[3]], 4, "says it is commit 2", id="a line twice"),
        pytest.param(lambda x: x[1:], 1, "not a journal's header", id="no header"),
        pytest.param(lambda x: [*x[:2], b"", *x[2:]], 3, "not a commit", id="an empty line"),
        pytest.param(lambda x: [*x[:2], b"[]", *x[2:]], 3, "not a commit", id="a line that is a list"),
        pytest.param(lambda x: [*x[:2], b"{}", *x[2:]], 3, "not a commit", id="a line with nothing in it"),
        pytest.param(lambda x: [*x[:2], b"\xff\xfe", *x[2:]], 3, "not a commit", id="not text"),
        pytest.param(lambda x: [b"null", *x[1:]], 1, "not a journal's header", id="a header that is null"),
        pytest.param(
            lambda x: [b'{"format":"0"}', *x[1:]], 1, "not a journal's header", id="format in words"
        ),
    ],
)
def test_lines_that_do_not_follow_are_named(tmp_path: Path, change: Change, line: int, why: str) -> None:
    path = a_journal(tmp_path)
    path.write_bytes(b"".join(one + b"\n" for one in change(path.read_bytes().split(b"\n")[:-1])))
    found = damage_found(path)
    assert found.line == line
    assert why in found.reason


@pytest.mark.parametrize(
    ("field", "value"),
    [("practice", "0f0f0f0f-0000-4000-8000-000000000002"), ("date", "2026-11-24"), ("date", None)],
)
def test_a_journal_of_another_practice_or_date_is_refused(tmp_path: Path, field: str, value: Any) -> None:
    path = tmp_path / f"{DATE}.journal"
    path.write_bytes(lines_by_hand(HEADER | {field: value}, COMMITS))
    found = damage_found(path)
    assert found.line == 1
    assert f"another {field}" in found.reason


def test_a_file_put_under_another_date_is_refused(tmp_path: Path) -> None:
    path = a_journal(tmp_path).rename(tmp_path / "2026-11-24.journal")
    assert "another date" in damage_found(path).reason


def test_a_damaged_journal_cannot_be_added_to(tmp_path: Path) -> None:
    path = a_journal(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"second", b"other!"))
    before = path.read_bytes()
    with opened(path) as journal, storage(journal).locked(), pytest.raises(JournalDamaged):
        storage(journal).catch_up()
    assert path.read_bytes() == before


@pytest.mark.parametrize("newer", [1, 2, 99])
def test_a_newer_format_is_refused_with_a_sentence(tmp_path: Path, newer: int) -> None:
    path = tmp_path / f"{DATE}.journal"
    path.write_bytes(lines_by_hand(HEADER | {"format": newer}, COMMITS))
    for reads in (lambda: kept(path), lambda: verify(path, PRACTICE)):
        with pytest.raises(
            StoreUnusable, match=f"has format {newer}, this version reads format 0"
        ) as refused:
            reads()
        assert "version of gpa-tui" in refused.value.remedy


def test_a_newer_field_in_header_or_line_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / f"{DATE}.journal"
    path.write_bytes(lines_by_hand(HEADER | {"device": "room 2"}, COMMITS))
    assert kept(path) == [event for events in COMMITS for event in events]


def test_a_journal_that_grew_shorter_while_open_is_refused(tmp_path: Path) -> None:
    path = a_journal(tmp_path)
    with opened(path) as journal:
        storage(journal).catch_up()
        whole = path.read_bytes()
        path.write_bytes(whole[: whole.rindex(b"\n", 0, -1) + 1])
        with pytest.raises(JournalDamaged, match="shorter than it was"):
            storage(journal).catch_up()


def test_a_line_that_was_exchanged_while_open_is_found_with_the_next(tmp_path: Path) -> None:
    path = a_journal(tmp_path, COMMITS[:2])
    with opened(path) as journal:
        storage(journal).catch_up()
        path.unlink()
        a_journal(
            tmp_path, [COMMITS[0], [{"kind": "forged", "n": 1}, {"kind": "forged", "n": 2}], COMMITS[2]]
        )
    with opened(path) as journal:
        assert len(storage(journal).catch_up()) == 4


def test_every_damage_is_a_store_error_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / f"{DATE}.journal"
    path.write_bytes(b"not a journal\n")
    found = damage_found(path)
    assert isinstance(found, StoreError)
    assert found.remedy
