"""Any change to a journal behind the program's back is found, and the line is named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from clinic import GP, GPA
from store.journals import (
    COMMITS,
    DATE,
    KEYS,
    PRACTICE,
    ROSTER,
    a_journal,
    commit,
    kept,
    line_by_hand,
    lines_by_hand,
    opened,
    storage,
    verified,
)

from gpa_tui.errors import JournalDamaged, NewerFormat, StoreError
from gpa_tui.store import journal as journal_module

HEADER = {"format": 1, "journal": "j", "practice": PRACTICE, "date": DATE}
Change = Callable[[list[bytes]], list[bytes]]


@pytest.fixture(autouse=True)
def without_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that end where their lines end; test_room.py has those that do not."""
    monkeypatch.setattr(journal_module, "ROOM", 0)


def damage_found(path: Path) -> JournalDamaged:
    """The damage, on which `verify` and opening must agree; neither may alter anything."""
    before = path.read_bytes()
    found = verified(path).damage
    assert isinstance(found, JournalDamaged)
    with opened(path) as journal:
        for _ in range(2):  # and again: it never opens by asking twice
            with pytest.raises(JournalDamaged) as refused:
                storage(journal).catch_up()
            assert refused.value.line == found.line
        with pytest.raises(JournalDamaged), storage(journal).locked():
            storage(journal).catch_up()
    assert path.read_bytes() == before
    assert f"line {found.line} " in found.reason
    assert "Nothing in it was altered" in found.remedy
    return found


def test_a_whole_journal_verifies(tmp_path: Path) -> None:
    path = a_journal(tmp_path)
    found = verified(path)
    with opened(path) as journal:
        storage(journal).catch_up()
        head = storage(journal).head
    assert (found.path, found.commits, found.head) == (path, 3, head[1])
    assert found.signed == {GPA.staff: 3}
    assert (found.torn_bytes, found.damage) == (0, None)
    assert head[0] == 3


def test_an_empty_journal_verifies(tmp_path: Path) -> None:
    path = tmp_path / f"{DATE}.journal"
    path.touch()
    found = verified(path)
    assert (found.commits, found.torn_bytes, found.damage) == (0, 0, None)


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
        found = verified(path).damage
        if isinstance(found, NewerFormat):
            newer_formats += 1
            continue
        assert isinstance(found, JournalDamaged), place
        assert found.line in {changed_line, changed_line + 1}, place
    assert newer_formats <= 1


def swapped(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[2], lines[1], lines[3]]


def changed(line: bytes, field: str, value: Any) -> bytes:
    return json.dumps(json.loads(line) | {field: value}, separators=(",", ":")).encode()


def another_box(lines: list[bytes]) -> list[bytes]:
    return [lines[0], changed(lines[1], "box", json.loads(lines[2])["box"]), *lines[2:]]


def another_box_at_the_end(lines: list[bytes]) -> list[bytes]:
    return [*lines[:3], changed(lines[3], "box", json.loads(lines[2])["box"])]


@pytest.mark.parametrize(
    ("change", "line", "why"),
    [
        pytest.param(another_box, 2, "signature that does not fit", id="another box in line 2"),
        pytest.param(another_box_at_the_end, 4, "signature that does not fit", id="another box in the last"),
        pytest.param(
            lambda x: [*x[:3], changed(x[3], "by", "0" * 16)], 4, "nobody on the list", id="another signer"
        ),
        pytest.param(
            lambda x: [*x[:3], changed(x[3], "heads", {"standing": [1, "x"]})], 4, "does not fit", id="heads"
        ),
        pytest.param(
            lambda x: [*x[:3], changed(x[3], "heads", {"standing": "x"})], 4, "not a commit", id="wrong heads"
        ),
        pytest.param(lambda x: [*x[:3], changed(x[3], "epoch", 2)], 4, "does not fit", id="another epoch"),
        pytest.param(lambda x: [*x[:3], changed(x[3], "epoch", "1")], 4, "not a commit", id="epoch in words"),
        pytest.param(
            lambda x: [changed(x[0], "format", 0), *x[1:]], 1, "format 0", id="an old demo's header"
        ),
        pytest.param(
            lambda x: [changed(x[0], "journal", "k"), *x[1:]], 2, "does not follow", id="journal id"
        ),
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


@pytest.mark.parametrize("signature", ["", "AAAA", "?", "A" * 86 + "=="])
def test_a_signature_that_does_not_fit_is_found_by_checking(tmp_path: Path, signature: str) -> None:
    path = a_journal(tmp_path)
    *lines, last, _ = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*lines, changed(last, "sig", signature), b""]))
    damage = verified(path).damage
    assert isinstance(damage, JournalDamaged)
    assert damage.line == 4
    assert "signature that does not fit" in damage.reason


def test_an_act_in_anothers_name_is_found_with_a_key(tmp_path: Path) -> None:
    """Whoever holds the store's key can close any words; they cannot sign them as somebody else."""
    path = tmp_path / f"{DATE}.journal"
    claimed = [{"by": {"staff": "npatel"}, "data": {"kind": "plan.given"}}]
    path.write_bytes(lines_by_hand(HEADER, [claimed]))
    assert verified(path).damage is None
    damage = verified(path, KEYS).damage
    assert isinstance(damage, JournalDamaged)
    assert damage.reason.endswith("line 2 says it is an act of npatel, but mokafor signed it.")


def test_a_line_in_the_name_of_anothers_key_is_found(tmp_path: Path) -> None:
    path = tmp_path / f"{DATE}.journal"
    other = ROSTER.entry(GP.staff)
    assert other is not None
    header = json.dumps(HEADER).encode()
    before = hashlib.sha256(header).hexdigest()
    forged = line_by_hand("j", 1, before, "[]", by=other.keys.id)
    path.write_bytes(header + b"\n" + forged + b"\n")
    damage = verified(path).damage
    assert isinstance(damage, JournalDamaged)
    assert "signature that does not fit" in damage.reason


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
    path.write_bytes(path.read_bytes().replace(b'"n":2', b'"n":5'))
    before = path.read_bytes()
    with opened(path) as journal, pytest.raises(JournalDamaged):
        commit(journal, [{"kind": "fourth"}])
    assert path.read_bytes() == before


@pytest.mark.parametrize("newer", [2, 99])
def test_a_newer_format_is_refused_with_a_sentence(tmp_path: Path, newer: int) -> None:
    path = tmp_path / f"{DATE}.journal"
    path.write_bytes(lines_by_hand(HEADER | {"format": newer}, COMMITS))
    with pytest.raises(NewerFormat, match=f"has format {newer}, this version writes format 1") as refused:
        kept(path)
    assert "version of gpa-tui" in refused.value.remedy
    assert isinstance(verified(path).damage, NewerFormat)


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
        *lines, last, _ = path.read_bytes().split(b"\n")
        forged = line_by_hand("j", 2, json.loads(last)["prev"], '[{"kind":"forged"}]')
        with path.open("r+b") as file:
            file.write(b"\n".join([*lines, forged, b""]).ljust(path.stat().st_size, b" "))
        with pytest.raises(JournalDamaged, match=r"line 3 is not as it was|shorter"):
            commit(journal, COMMITS[2])


def test_every_damage_is_a_store_error_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / f"{DATE}.journal"
    path.write_bytes(b"not a journal\n")
    found = damage_found(path)
    assert isinstance(found, StoreError)
    assert found.remedy


def test_a_line_with_half_a_character_in_a_name_is_no_commit(tmp_path: Path) -> None:
    path = a_journal(tmp_path)
    whole = path.read_bytes().rstrip(b"\0")
    prev = hashlib.sha256(whole.splitlines()[-1]).hexdigest()
    n = whole.count(b"\n")
    line = f'{{"n":{n},"prev":"{prev}","epoch":1,"by":"\\ud800","box":"AAAA","sig":"AAAA"}}\n'
    path.write_bytes(whole + line.encode())
    with pytest.raises(JournalDamaged, match="is not a commit"):
        kept(path)
