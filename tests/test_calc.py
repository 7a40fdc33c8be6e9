"""`gpa-tui calc`: one line out for each line in, in their order, whatever is in them."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Mapping

import pytest
from demo_clinic import GPA_TUI
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.calc import RULES, calculate
from gpa_tui.cli import RULES as NAMED
from gpa_tui.errors import GpaTuiError

SET = {
    "respiration": "21", "spo2": "93", "oxygen": "air", "systolic": "120", "pulse": "95", "acvpu": "A",
    "temperature": "37.5", "spo2_scale": "1",
}  # fmt: skip


def run(rule: str, *lines: Mapping[str, str]) -> list[dict[str, str]]:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(lines[0]))
    writer.writeheader()
    writer.writerows(lines)
    out = io.StringIO()
    calculate(RULES[rule], io.StringIO(text.getvalue()), out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def news2(**changed: str) -> dict[str, str]:
    return run("news2", SET | changed)[0]


def test_the_uk_core_examples_set_scores_5_and_not_6() -> None:
    """UKCore-Bundle-NEWS2Observations-Example gives 37.5 °C one point; the chart gives it none."""
    found = news2()
    assert (found["total"], found["error"], found["not_scored"]) == ("5", "", "")
    assert [found[f"part_{name}"] for name in list(SET)[:-1]] == ["2", "2", "0", "0", "1", "0", "0"]


@pytest.mark.parametrize(
    ("changed", "total", "not_scored"),
    [
        ({"spo2": ""}, "", "incomplete: SpO2 not taken"),
        ({"oxygen": "oxygen"}, "7", ""),
        ({"spo2_scale": "2"}, "3", ""),
        ({"spo2_scale": "2", "oxygen": "oxygen"}, "6", ""),
        ({"acvpu": "c"}, "8", ""),
        ({"age": "15"}, "", "not scored: under 16"),
        ({"age": "16"}, "5", ""),
        ({"age": ""}, "", "not scored: age not known"),
        ({"pregnant": "yes"}, "", "not scored: pregnant or newly delivered"),
        ({"pregnant": "no"}, "5", ""),
        ({"pregnant": ""}, "", "not scored: pregnancy not known"),
        ({"temperature": "37"}, "5", ""),
    ],
)
def test_news2(changed: dict[str, str], total: str, not_scored: str) -> None:
    found = news2(**changed)
    assert (found["total"], found["not_scored"], found["error"]) == (total, not_scored, "")


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("respiration", "x"), ("respiration", "81"), ("respiration", "-1"), ("respiration", "16.0"),
        ("spo2", "101"), ("oxygen", "2"), ("systolic", "٣٠٠"), ("pulse", "1e2"), ("acvpu", "X"),
        ("temperature", "36.85"), ("temperature", "98.6"), ("spo2_scale", "3"), ("spo2_scale", ""),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_is_an_error_of_its_line_alone(column: str, cell: str) -> None:
    wrong, right = run("news2", SET | {column: cell}, SET)
    assert wrong["error"].startswith(f"{column}:")
    assert wrong["total"] == ""
    assert (right["total"], right["error"]) == ("5", "")


def test_other_columns_pass_through_and_what_came_out_goes_in_again() -> None:
    once = run("news2", SET | {"note": "a, b", "total": "99"})
    assert (once[0]["note"], once[0]["total"]) == ("a, b", "5")
    assert run("news2", *once) == once


@pytest.mark.parametrize(
    ("rule", "line", "expected"),
    [
        ("bp", {"readings": "152/94 138/96"}, {"clinic_bp": "138/96", "next": "take a third reading"}),
        ("bp", {"readings": "152/94 138/96", "substantial": "20"}, {"from_readings": "1 2", "next": ""}),
        ("bp", {"readings": "94/152"}, {"error": "readings: 94/152: systolic must be the higher one."}),
        ("bp", {"readings": ""}, {"error": "readings: is empty."}),
        (
            "bmi",
            {"weight_kg": "70", "height_cm": "175", "age": "40"},
            {"bmi": "22.9", "band": "18.5 to 24.9"},
        ),
        (
            "bmi",
            {"weight_kg": "74", "height_cm": "175", "age": "40", "lower_thresholds": "yes"},
            {"bmi": "24.2", "band": "23 to 27.4"},
        ),
        ("bmi", {"weight_kg": "70", "height_cm": "1.75", "age": "40"}, {"bmi": "", "band": ""}),
        ("qtc", {"qt_ms": "400", "heart_rate": "75"}, {"bazett": "447", "hodges": "426"}),
        (
            "qtc",
            {"qt_ms": "400", "heart_rate": "75", "rhythm": "AF"},
            {"bazett": "", "not_computed": "not computed: rhythm af"},
        ),
        (
            "peak-flow",
            {"sex": "Male", "age": "40", "height_cm": "175", "flow": "399", "best": "500"},
            {"predicted_eu": "633", "percent_of_best": "80", "zone": "amber"},
        ),
    ],
)
def test_the_other_rules(rule: str, line: dict[str, str], expected: dict[str, str]) -> None:
    found = run(rule, line)[0]
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("rule", RULES)
@given(data=st.data())
def test_any_cells_give_one_line_with_a_result_or_an_error(rule: str, data: st.DataObject) -> None:
    cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
    numbers = st.integers(-5, 500).map(str)
    line = {name: data.draw(cells | numbers) for name in (*RULES[rule].needs, *RULES[rule].may_have)}
    (found,) = run(rule, line)
    if found["error"]:
        assert not any(found[name] for name in RULES[rule].gives if name not in line)


def test_a_needed_column_that_is_not_there_and_one_that_is_twice_are_said() -> None:
    with pytest.raises(GpaTuiError, match="no column pulse"):
        run("news2", {name: cell for name, cell in SET.items() if name != "pulse"})
    with pytest.raises(GpaTuiError, match="twice"):
        calculate(RULES["bp"], io.StringIO("readings,readings\n1,2\n"), io.StringIO())


def typed(*words: str, stdin: str = "") -> tuple[int, str, str]:
    done = subprocess.run([GPA_TUI, "calc", *words], input=stdin, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_the_command_in_a_pipe() -> None:
    assert set(NAMED) == set(RULES)
    status, said, wrong = typed("bp", stdin="\ufeffreadings\r\n152/94\r\nx\r\n")
    assert (status, wrong) == (1, "")
    assert said.splitlines() == [
        "readings,clinic_bp,from_readings,next,error",
        "152/94,152/94,1,take a second reading,",
        "x,,,,readings: 'x' is not systolic/diastolic.",
    ]
    assert typed("bp", stdin="")[0] == 1
    assert "has no column" in typed("bp", stdin="")[2]
    assert "Which rule?" in typed()[2]
    assert "news2" in typed("--help")[1]
    for rule in RULES:
        status, said, _ = typed(rule, "--help")
        assert status == 0
        assert all(name in said for name in (*RULES[rule].needs, *RULES[rule].may_have, *RULES[rule].gives))


def test_thousands_of_lines_keep_their_order() -> None:
    lines = [SET | {"respiration": str(3 + number % 78), "n": str(number)} for number in range(5000)]
    found = run("news2", *lines)
    assert [line["n"] for line in found] == [str(number) for number in range(5000)]


def test_an_empty_line_has_its_line_too() -> None:
    out = io.StringIO()
    calculate(RULES["shorthand"], io.StringIO("text\nod\n\nbd\n"), out)
    found = list(csv.reader(io.StringIO(out.getvalue())))
    assert [row[-1] for row in found[1:]] == ["", "The line is empty.", ""]


def test_a_file_that_ends_within_a_quote_is_refused() -> None:
    with pytest.raises(csv.Error):
        calculate(RULES["shorthand"], io.StringIO('text\n"od\n'), io.StringIO())
