from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.errors import IntakeError
from gpa_tui.intake.table import LONGEST_ROW, Table, decode, read_table

KNOWN = {"date", "name"}
HEADS = "Date,Name,Note"


def rows(*lines: str, heads: str = HEADS) -> Table:
    return read_table("\n".join((heads, *lines)) + "\n", KNOWN)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfDate", "Date"),
        ("Zoë".encode(), "Zoë"),
        ("Zoë".encode("cp1252"), "Zoë"),
        ("Zoë € Ž".encode("cp1252"), "Zoë € Ž"),
        ("Zoë".encode("utf-16"), "Zoë"),
        (b"\xfe\xff" + "Zoë".encode("utf-16-be"), "Zoë"),
        ("Zoë ".encode() + b"\xff", "Zoë \ufffd"),
        (b"caf\x81", "caf\ufffd"),
    ],
)
def test_encodings(data: bytes, text: str) -> None:
    assert decode(data) == text


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_the_one_that_gives_known_headings(separator: str) -> None:
    found = rows(separator.join("123"), heads=separator.join(("Date", "Name", "Note")))
    assert found.headings == ("Date", "Name", "Note")
    assert found.rows[0].cells == ("1", "2", "3")


def test_excels_hint_of_the_separator_is_a_row_of_its_own() -> None:
    found = read_table("sep=;\r\nDate;Name\r\n1;2\r\n", KNOWN)
    assert found.headings == ("Date", "Name")
    assert [(row.number, row.cells) for row in found.rows] == [(3, ("1", "2"))]


def test_rows_are_numbered_as_a_spreadsheet_does() -> None:
    found = rows("1,2,3", "", '4,"5\n5",6', "7,8,9")
    assert [(row.number, row.cells[0]) for row in found.rows] == [(2, "1"), (4, "4"), (5, "7")]


def test_rows_of_empty_cells_are_nothing() -> None:
    assert rows(",,", " , ,").rows == ()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("1,2", "2 cells, and the headings are 3"),
        ("1,2,3,4", "4 cells, and the headings are 3"),
        ("1,2,3\0", "NUL"),
        ('1,"2"x,3', "quotation marks"),
        ('1,"2,3', "quotation marks"),
    ],
)
def test_a_broken_row_costs_itself_alone(line: str, why: str) -> None:
    found = rows("a,b,c", line, "d,e,f")
    assert [row.cells for row in found.rows if not row.broken] == [("a", "b", "c"), ("d", "e", "f")]
    (broken,) = (row for row in found.rows if row.broken)
    assert why in broken.broken
    assert broken.number == 3
    assert broken.raw == line


def test_extra_empty_cells_are_cut_off() -> None:
    assert rows("1,2,3,,").rows[0].cells == ("1", "2", "3")


def test_a_quotation_mark_left_open_does_not_take_in_the_rows_up_to_the_next() -> None:
    found = rows('1,"open,x', "2,whole,y", '3,"quoted",z')
    assert [row.cells[0] for row in found.rows if not row.broken] == ["2", "3"]


def test_a_row_may_run_over_lines_up_to_a_limit() -> None:
    long = "\n" * (LONGEST_ROW - 1)
    assert rows(f'1,"{long}",3').rows[0].cells == ("1", long, "3")
    assert rows(f'1,"\n{long}",3').rows[0].broken


@pytest.mark.parametrize("text", ["", "\n \n", "\0\0\n1,2\n"])
def test_a_file_without_headings_is_no_table(text: str) -> None:
    with pytest.raises(IntakeError):
        read_table(text, KNOWN)


CELLS = st.text(st.characters(exclude_categories=["C"]), max_size=8).filter(lambda cell: bool(cell.strip()))


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6), st.sampled_from(",;\t"))
def test_what_a_spreadsheet_writes_comes_back(table: list[tuple[str, str, str]], separator: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(("Date", "Name", "Note"))
    writer.writerows(table)
    assert [row.cells for row in read_table(out.getvalue(), KNOWN).rows] == table
