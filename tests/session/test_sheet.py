"""A session's sheet: what stands on it, and whether a log is the one that was signed."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from clinic import DATE, FIRST, SUPERVISOR, FakeClock, a_bench, a_desk

from gpa_tui.errors import GpaTuiError
from gpa_tui.output.session_sheet import as_pdf, as_text
from gpa_tui.output.sheet_text import read_mark, sheet_lines
from gpa_tui.records.appointment import Stage
from gpa_tui.session import acts, reviewing
from gpa_tui.session.registry import Registry
from gpa_tui.session.sheet import NOT_SIGNED, PAGE, Sheet, sheet_of
from gpa_tui.store.practice import Practice


@pytest.fixture
def worked(stocked: Practice, clock: FakeClock) -> Practice:
    with closing(a_desk(stocked, clock=clock)) as desk:
        for to in (Stage.ARRIVED, Stage.LEFT):
            desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=to))
    return stocked


def a_sheet(practice: Practice) -> Sheet:
    with closing(Registry(a_bench(practice))) as registry, closing(a_desk(practice)) as desk:
        registry.read()
        return sheet_of(desk, registry)


def signs(practice: Practice, clock: FakeClock) -> None:
    bench = a_bench(practice, clock=clock, by=SUPERVISOR)
    with closing(Registry(bench)) as registry, closing(a_desk(practice)) as desk:
        registry.read()
        place, day, head = bench.place, desk.day, desk.head
        registry.do(lambda now: reviewing.sign(now.reviews, place, day, head, ["row SMITH"], "well done"))


def test_it_has_the_numbers_what_stands_out_every_entry_and_the_hash_on_every_page(
    worked: Practice,
) -> None:
    sheet = a_sheet(worked)
    assert sheet.signed == NOT_SIGNED
    assert [heading for heading, _ in sheet.parts] == ["Numbers", "What stands out", "Review", "Every entry"]
    text = as_text(sheet)
    pages = text.split("\f")
    assert all(len(page.splitlines()) == PAGE for page in pages)
    ends = [page.splitlines()[-1] for page in pages]
    assert ends == [f"{sheet.mark}  {n} / {len(pages)}" for n in range(1, len(pages) + 1)]
    assert "OKONKWO, Grace · stage: arrived → left" in text


def test_the_same_sheet_is_the_same_pdf(worked: Practice) -> None:
    pdf = as_pdf(a_sheet(worked))
    assert pdf.startswith(b"%PDF-")
    assert as_pdf(a_sheet(worked)) == pdf


def test_signed_off_it_says_by_whom_with_what_open_and_what_came_after_stands_apart(
    worked: Practice, clock: FakeClock
) -> None:
    clock.forward(minutes=5)
    signs(worked, clock)
    head = a_sheet(worked).head
    clock.forward(minutes=5)
    with closing(a_desk(worked, clock=clock)) as desk:
        desk.do(partial(acts.escalate, place=desk.place, appointment=FIRST.id, because="rang back"))
    sheet = a_sheet(worked)
    assert sheet.head == head
    assert sheet.signed == "Signed off 23 Nov 09:05 by Dr N Patel, Supervisor; still open: row SMITH."
    parts = dict(sheet.parts)
    assert any("rang back" in line for line in parts["After it was signed off"])
    assert not any("rang back" in line for line in parts["Every entry"])
    assert any("well done" in line for line in parts["Review"])


def test_what_was_said_in_the_review_names_the_row_or_the_entry(worked: Practice, clock: FakeClock) -> None:
    clock.forward(minutes=5)
    bench = a_bench(worked, clock=clock, by=SUPERVISOR)
    with closing(Registry(bench)) as registry, closing(a_desk(worked)) as desk:
        registry.read()
        place, day = bench.place, desk.day
        arrived = next(event for event in day.events if event.kind == "appointment.moved")
        rows = [day.visits[FIRST.id]]
        registry.do(lambda now: reviewing.give(now.reviews, place, day, "agreed", rows))
        registry.do(lambda now: reviewing.give(now.reviews, place, day, "query", arrived, "who saw her?"))
    said = dict(a_sheet(worked).parts)["Review"]
    moved = "OKONKWO, Grace · stage: booked → arrived: Dr N Patel 23 Nov 09:05 query: who saw her?"
    assert any(moved in one for one in said), said
    assert "23 Nov 09:00 OKONKWO, Grace: Dr N Patel 23 Nov 09:05 agreed" in said


# ── whether a log is the one of a sheet ───────────────────────────────────────────────────────


def test_a_log_is_the_one_of_its_sheet_and_what_came_after_is_told(
    worked: Practice, clock: FakeClock
) -> None:
    mark = read_mark(a_sheet(worked).mark)
    lines, whole = sheet_lines(worked, None, mark, None)
    assert whole
    assert "the log is the one of the sheet" in lines[0]
    assert "Nothing came after." in lines[1]
    with closing(a_desk(worked, clock=clock)) as desk:
        desk.do(partial(acts.escalate, place=desk.place, appointment=FIRST.id, because="rang back"))
    lines, whole = sheet_lines(worked, a_bench(worked).keys, mark, DATE)
    assert whole
    assert any("M Okafor: escalation: rang back" in line for line in lines)


def test_a_log_that_was_cut_short_or_rewritten_is_not(worked: Practice) -> None:
    n, hash_ = read_mark(a_sheet(worked).mark)
    for mark in ((n + 1, hash_), (n - 1, hash_), (n, "f" * 64)):
        lines, whole = sheet_lines(worked, None, mark, None)
        assert not whole
        assert "not the one on the sheet" in lines[0]
    path: Path = worked.home / "clinics" / f"{DATE}.journal"
    lines_ = path.read_bytes().rstrip(b"\0").split(b"\n")
    path.write_bytes(b"\n".join(lines_[:-2]) + b"\n")
    assert not sheet_lines(worked, None, (n, hash_), None)[1]


def test_a_log_whose_end_was_cut_off_behind_the_sheet_is_found(worked: Practice) -> None:
    with closing(Registry(a_bench(worked))) as registry, closing(a_desk(worked)) as desk:
        registry.read()
        registry.anchor(DATE, desk.head)
        n = desk.head[0]
    hashes = worked.day_hashes(DATE)
    path: Path = worked.home / "clinics" / f"{DATE}.journal"
    path.write_bytes(b"\n".join(path.read_bytes().rstrip(b"\0").split(b"\n")[:-2]) + b"\n")
    lines, whole = sheet_lines(worked, None, (n - 1, hashes[n - 1]), None)
    assert not whole
    assert any(f"BAD  {DATE}.journal was cut short" in line for line in lines)


def test_a_line_that_was_changed_behind_the_sheet_is_found(worked: Practice, clock: FakeClock) -> None:
    mark = read_mark(a_sheet(worked).mark)
    with closing(a_desk(worked, clock=clock)) as desk:
        desk.do(partial(acts.escalate, place=desk.place, appointment=FIRST.id, because="rang back"))
    path: Path = worked.home / "clinics" / f"{DATE}.journal"
    content = path.read_bytes().rstrip(b"\0")
    at = content.rindex(b'"sig":"') + 8
    path.write_bytes(content[:at] + (b"A" if content[at : at + 1] != b"A" else b"B") + content[at + 1 :])
    lines, whole = sheet_lines(worked, None, mark, None)
    assert not whole
    assert any(line.startswith("BAD") for line in lines)


@pytest.mark.parametrize("text", ["", "41", "41:", "41:abc", "41:" + "g" * 16, "-1:" + "a" * 64, "hello"])
def test_what_is_no_mark_is_said(text: str) -> None:
    with pytest.raises(GpaTuiError, match="not what stands at the foot"):
        read_mark(text)


def test_a_mark_may_be_typed_in_groups_and_in_part() -> None:
    assert read_mark("41: 3F9C 0011 2233 4455") == (41, "3f9c001122334455")
