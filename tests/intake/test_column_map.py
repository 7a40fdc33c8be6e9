from __future__ import annotations

from pathlib import Path

import pytest

from gpa_tui.errors import IntakeError
from gpa_tui.intake.column_map import SHIPPED, ListField, read_map

OWN = """
title = "Ours"
dates = ["dd/mm/yyyy"]
times = ["hh:mm"]
[columns]
date = ["Day"]
start = ["At"]
family = ["Who"]
[fixed]
clinician = "Dr N Patel"
[status]
cancelled = ["Gone AWAY"]
"""


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_map_can_make_a_list(name: str) -> None:
    assert ListField.DATE in read_map(name).columns


def test_a_map_of_the_practices_own(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(OWN)
    found = read_map(str(path))
    assert found.fixed == {ListField.CLINICIAN: "Dr N Patel"}
    assert found.status.cancelled == ("gone away",)


@pytest.mark.parametrize(
    ("was", "becomes", "names"),
    [
        ('title = "Ours"', "", "title"),
        ('dates = ["dd/mm/yyyy"]', 'dates = ["mm/dd/yyyy"]', "dates"),
        ('dates = ["dd/mm/yyyy"]', "dates = []", "dates"),
        ('date = ["Day"]', "", "no column is given for date"),
        ('family = ["Who"]', "", "family or name"),
        ('start = ["At"]', 'start = ["At"]\nstrat = ["At"]', "columns.strat"),
        ("[fixed]", '[fixed]\ndate = "2026-11-22"', "the date cannot be fixed"),
        ("[status]", "[statuses]", "statuses"),
        ("[fixed]", "[fixed", "line 9"),
    ],
)
def test_a_mistake_in_a_map_is_named(tmp_path: Path, was: str, becomes: str, names: str) -> None:
    path = tmp_path / "ours.toml"
    assert was in OWN
    path.write_text(OWN.replace(was, becomes))
    with pytest.raises(IntakeError, match=r"ours\.toml") as refused:
        read_map(str(path))
    assert names in refused.value.reason
    assert refused.value.remedy


def test_a_map_that_is_not_there_names_the_shipped_ones(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="no column map") as refused:
        read_map(str(tmp_path / "none.toml"))
    assert "plain or emis" in refused.value.remedy
