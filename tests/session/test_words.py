"""No word of ours that could be read as a verdict on a patient is ever shown."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import gpa_tui
import screens

PACKAGES = [Path(str(package.__file__)).parent for package in (gpa_tui, screens)]
SOURCES = sorted(
    path for package in PACKAGES for path in package.rglob("*.py") if "_fixtures" not in path.parts
)
DATA = sorted(
    path for package in PACKAGES for path in package.rglob("*.toml") if "_fixtures" not in path.parts
)
VERDICT = re.compile(
    r"\b(normal(ly)?|abnormal|safe(ly)?|fine|reassur\w*|healthy|harmless|stable|all clear)\b"
    r"|nothing to worry",
    re.IGNORECASE,
)


def shown_strings(source: str) -> Iterator[str]:
    """Every string in Python source that is not a docstring or another string standing by itself."""
    tree = ast.parse(source)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_in(inner)


def test_the_search_finds_a_verdict_where_there_is_one() -> None:
    source = (
        '"""A normal docstring."""\nx = f"NEWS2 {1}: normal"\ny = ["is safe"]\n"""fine"""\nz = "safety net"\n'
    )
    assert [text for text in shown_strings(source) if VERDICT.search(text)] == [": normal", "is safe"]
    assert VERDICT.search("This is reassuring.")


def test_there_is_something_to_search() -> None:
    assert len(SOURCES) > 40
    assert len(DATA) > 5
    assert sum(1 for path in SOURCES for _ in shown_strings(path.read_text("utf-8"))) > 500


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_string_of_ours_passes_a_verdict(path: Path) -> None:
    assert [text for text in shown_strings(path.read_text("utf-8")) if VERDICT.search(text)] == []


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
def test_no_words_of_our_data_pass_a_verdict(path: Path) -> None:
    assert [text for text in strings_in(tomllib.loads(path.read_text("utf-8"))) if VERDICT.search(text)] == []
