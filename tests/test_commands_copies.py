"""Copies by command: the sheet and whether it is this log, trail, search, downtime pack and portfolio."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from clinic import DATE, FIRST, SECOND, SUPERVISOR, a_bench, a_desk

from gpa_tui.records.appointment import Stage
from gpa_tui.session import acts
from gpa_tui.session.registry import Registry
from gpa_tui.session.whole_log import whole_log
from gpa_tui.store.practice import Practice

ON = DATE.isoformat()
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(practice: Practice) -> Path:
    """A store with a list for `ON` and one move."""
    with closing(a_desk(practice, FIRST, SECOND)) as desk:
        desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.ARRIVED))
    return practice.home


def as_(secret: Path, staff: str = "npatel") -> tuple[object, ...]:
    return ("--staff", staff, "--passphrase-file", secret)


def standing_kinds(home: Path) -> list[str]:
    practice = Practice(home)
    with closing(Registry(a_bench(practice, by=SUPERVISOR))) as registry:
        registry.read()
        return [event.kind for event in registry.standing.events]


def day_kinds(home: Path) -> list[str]:
    with closing(a_desk(Practice(home))) as desk:
        return [event.kind for event in desk.day.events]


def private(file: Path) -> bytes:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    return file.read_bytes()


def test_a_sheet_in_text_names_a_head_that_verify_knows_and_says_what_came_after(
    run: Run, home: Path, secret: Path, tmp_path: Path
) -> None:
    out = tmp_path / "sheet.txt"
    words = ("--date", ON, "--as", "txt", "--out", out, *as_(secret))
    status, said, wrong = run("--home", home, "log", "export", *words)
    assert (status, wrong) == (0, ""), said
    text = private(out).decode()
    assert "OKONKWO" in text
    mark, beside = re.search(r"\b(\d+:[0-9a-f]{64})\b", text), re.search(r"\b(\d+:[0-9a-f]{16})\b", text)
    assert mark, text
    assert beside, text
    verify = ("--home", home, "log", "verify", "--date", ON, *as_(secret))
    status, said, _ = run(*verify, "--sheet", mark.group(1))
    assert status == 0
    assert "is the one" in said or "same log" in said, said
    with closing(a_desk(Practice(home))) as desk:
        desk.do(partial(acts.move, place=desk.place, appointment=SECOND.id, to=Stage.ARRIVED))
    status, said, _ = run(*verify, "--sheet", mark.group(1))
    assert (status, "1 save" in said) == (0, True), said
    status, said, _ = run("--home", home, "log", "verify", *as_(secret), "--sheet", beside.group(1))
    assert (status, "people, tasks and reviews: the log is the one" in said) == (0, True), said
    number, _, digits = mark.group(1).partition(":")
    other = f"{number}:{'0' if digits[0] != '0' else '1'}{digits[1:]}"
    status, said, wrong = run(*verify, "--sheet", other)
    assert (status, "not the one on the sheet" in said) == (1, True), said + wrong
    status, said, wrong = run(*verify, "--sheet", "rubbish")
    assert (status, "not what stands at the foot of a sheet" in wrong) == (1, True)


def test_the_sheet_in_pdf_and_the_trail_are_private_and_that_they_left_is_in_the_log(
    run: Run, home: Path, secret: Path, tmp_path: Path
) -> None:
    for form, begins in (("pdf", b"%PDF-"), ("audit", b"{")):
        out = tmp_path / f"copy.{form}"
        words = ("--date", ON, "--as", form, "--out", out, *as_(secret))
        status, said, wrong = run("--home", home, "log", "export", *words)
        assert (status, wrong) == (0, ""), said
        assert private(out).startswith(begins)
    trail = [json.loads(line) for line in (tmp_path / "copy.audit").read_text().splitlines()]
    assert {one["resourceType"] for one in trail} == {"AuditEvent"}
    with closing(a_desk(Practice(home))) as desk, closing(Registry(a_bench(Practice(home)))) as registry:
        registry.read()
        whole = whole_log(desk.day, registry.standing, desk.practice.settings.zone)
    assert len(trail) == len(whole), "one for each entry, exports and people among them"
    assert {"110106"} <= {one["type"]["code"] for one in trail}
    assert day_kinds(home).count("exported") == 2


def test_a_search_needs_two_identifiers_finds_the_patient_and_is_itself_in_the_log(
    run: Run, home: Path, secret: Path
) -> None:
    find = ("--home", home, "log", "search", *as_(secret))
    status, said, wrong = run(*find, "--patient", "Okonkwo")
    assert status != 0
    assert "birth date" in (said + wrong)
    status, said, wrong = run(*find, "--patient", "Okonkwo", "--born", "1954-04-12")
    assert (status, wrong) == (0, ""), said
    assert "arrived" in said
    assert "Smith" not in said
    status, said, _ = run(*find, "--patient", "Okonkwo", "--born", "1954-04-13")
    assert "arrived" not in said
    assert standing_kinds(home).count("log.searched") == 2
    status, said, wrong = run(*("--home", home, "log", "search", *as_(secret, "sreed")), "--by", "Okafor")
    assert status == 1
    assert "may not" in said + wrong


def test_the_pack_is_one_private_pdf_and_in_the_log(
    run: Run, home: Path, secret: Path, tmp_path: Path
) -> None:
    out = tmp_path / "pack.pdf"
    status, said, wrong = run("--home", home, "pack", "--date", ON, "--out", out, *as_(secret, "mokafor"))
    assert (status, wrong) == (0, ""), said
    assert private(out).startswith(b"%PDF-")
    assert "2 briefs" in said
    assert day_kinds(home)[-1] == "exported"
    status, _, wrong = run("--home", home, "pack", "--date", ON, "--out", out, *as_(secret, "mokafor"))
    assert status == 1
    assert "pack.pdf is there already" in wrong


@pytest.mark.parametrize(
    ("form", "begins"), [("md", b"# Portfolio of M Okafor"), ("pdf", b"%PDF-"), ("zip", b"PK")]
)
def test_a_portfolio_is_ones_own_private_and_in_the_log(
    run: Run, home: Path, secret: Path, tmp_path: Path, form: str, begins: bytes
) -> None:
    out = tmp_path / f"mine.{form}"
    words = ("portfolio", "--as", form, "--out", out, *as_(secret, "mokafor"))
    status, said, wrong = run("--home", home, *words)
    assert (status, wrong) == (0, ""), said
    assert private(out).startswith(begins)
    assert standing_kinds(home)[-1] == "exported"
