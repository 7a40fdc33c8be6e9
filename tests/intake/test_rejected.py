from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.errors import IntakeError
from gpa_tui.intake.daylist import RejectedRow
from gpa_tui.intake.rejected import write_rejected


def row(**changes: str) -> RejectedRow:
    values = {"file": "list.csv", "row": "row 3", "field": "date", "reason": "is empty", "content": "a,b"}
    return RejectedRow(**(values | changes))


@pytest.fixture
def day_list(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def test_one_line_a_row(day_list: Path) -> None:
    path = write_rejected(day_list, [row(), row(row="row 4", content="c\td\r\ne")])
    assert path == day_list.with_name("list.csv.rejected")
    assert path.read_text() == (
        "list.csv\trow 3\tdate\tis empty\ta,b\nlist.csv\trow 4\tdate\tis empty\tc d e\n"
    )


def test_it_is_for_its_owner_alone_whatever_stood_there(day_list: Path) -> None:
    path = day_list.with_name("list.csv.rejected")
    path.write_text("older and longer than what comes")
    path.chmod(0o644)
    before = os.umask(0)
    try:
        write_rejected(day_list, [row()])
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "older" not in path.read_text()
    assert [each.name for each in day_list.parent.iterdir()] == ["list.csv.rejected"]


def test_a_link_in_its_place_is_replaced_and_not_followed(day_list: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_text("untouched")
    day_list.with_name("list.csv.rejected").symlink_to(target)
    path = write_rejected(day_list, [row()])
    assert target.read_text() == "untouched"
    assert not path.is_symlink()


def test_without_rows_an_older_file_goes(day_list: Path) -> None:
    path = write_rejected(day_list, [row()])
    assert write_rejected(day_list, []) == path
    assert not path.exists()
    write_rejected(day_list, [])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\x1b[m="])
def test_what_a_spreadsheet_would_run_is_text(day_list: Path, start: str) -> None:
    text = write_rejected(day_list, [row(content=f"{start}cmd()")]).read_text()
    assert f"\t'{start[-1]}cmd()\n" in text


@given(st.text(), st.text())
def test_nothing_breaks_a_line_or_reaches_a_terminal(
    tmp_path_factory: pytest.TempPathFactory, reason: str, content: str
) -> None:
    path = tmp_path_factory.mktemp("lists") / "list.csv"
    text = write_rejected(path, [row(reason=reason, content=content)]).read_bytes().decode()
    assert text.count("\n") == 1
    assert text.count("\t") == 4
    assert not [char for char in text if (ord(char) < 32 or 127 <= ord(char) < 160) and char not in "\t\n"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"could not be written to list\.csv\.rejected"):
        write_rejected(tmp_path / "none" / "list.csv", [row()])
