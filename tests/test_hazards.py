"""The hazard log: every hazard is whole, and every test that it names is there."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HAZARDS = tomllib.loads((ROOT / "docs" / "safety" / "hazards.toml").read_text())["hazard"]


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard["id"])
def test_a_hazard_says_cause_and_control_and_names_tests_that_are_there(hazard: dict[str, object]) -> None:
    assert all(hazard[field] for field in ("id", "kind", "hazard", "cause", "control", "status"))
    tests = hazard["tests"]
    assert isinstance(tests, list)
    assert tests, "a control without a test"
    for named in tests:
        path, _, name = str(named).partition("::")
        tree = ast.parse((ROOT / path).read_text())
        names = {
            node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert name in names, f"{named} is not there"


def test_ids_are_not_used_twice() -> None:
    ids = [hazard["id"] for hazard in HAZARDS]
    assert len(ids) == len(set(ids))
