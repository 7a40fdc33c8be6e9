"""What each way in loads, looked at in a process of its own; and what the wheel holds."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import gpa_tui
import screens
from gpa_tui.store.practice import Practice

ROOT = Path(__file__).parents[1]
HEAVY = ("pydantic", "tinydb", "argon2", "httpx", "fhir", "uuid6")


def loaded(program: str, *modules: str, home: Path | None = None) -> set[str]:
    """Which of `modules` a new process has loaded after running `program`."""
    ending = f"\nimport sys; print('LOADED', *(name for name in {modules!r} if name in sys.modules))"
    environment = os.environ | ({"GPA_TUI_HOME": str(home)} if home else {})
    result = subprocess.run(
        [sys.executable, "-c", program + ending], check=True, capture_output=True, text=True, env=environment
    )
    last = result.stdout.strip().split("\n")[-1].split()
    assert last[0] == "LOADED", result.stdout
    return set(last[1:])


RUN = "from gpa_tui.cli import main\ntry: main({words!r})\nexcept SystemExit: pass"


@pytest.mark.parametrize(
    "words", [["--help"], ["log", "verify"], ["log", "verify", "--date", "2026-11-23"], ["import", "--help"]]
)
@pytest.mark.usefixtures("desk")
def test_commands_load_no_screens(words: list[str], practice: Practice) -> None:
    program = RUN.format(words=words)
    assert loaded(program, "textual", "screens", "rich", "httpx", "fhir", home=practice.home) == set()


def test_help_loads_nothing_heavy() -> None:
    assert loaded(RUN.format(words=["--help"]), *HEAVY) == set()


def test_what_the_sign_in_screen_needs_is_light() -> None:
    assert loaded("import gpa_tui.cli, gpa_tui.store.door, screens.app", *HEAVY) == set()


def test_the_first_painted_screen_and_the_day_load_neither_network_nor_fhir(practice: Practice) -> None:
    program = """
import asyncio, os
from pathlib import Path
from gpa_tui.clock import SystemClock
from gpa_tui.store.door import read_door
from screens.app import Workstation
async def first_screen():
    app = Workstation(read_door(Path(os.environ["GPA_TUI_HOME"])), SystemClock(), "here")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
asyncio.run(first_screen())
"""
    modules = ("httpx", "fhir", "requests", "screens.day", "textual")
    assert loaded(program, *modules, home=practice.home) == {"screens.day", "textual"}


def test_the_wheel_holds_exactly_the_two_packages(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"gpa_tui", "screens"}
    for needed in (
        "gpa_tui/_fixtures/demo_clinic.py",
        "gpa_tui/reference/prep/core.toml",
        "gpa_tui/reference/csv/plain.toml",
        "gpa_tui/reference/lexicon.toml",
        "gpa_tui/reference/fonts/DejaVuSans.ttf",
        "gpa_tui/reference/fonts/LICENSE",
        "gpa_tui/py.typed",
        "screens/style.tcss",
    ):
        assert needed in names
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


@pytest.mark.skipif("GPA_TUI_WHEEL" not in os.environ, reason="only when the suite runs against the wheel")
def test_this_run_is_against_the_wheel() -> None:
    wheel = Path(os.environ["GPA_TUI_WHEEL"]).resolve()
    assert Path(gpa_tui.__file__).is_relative_to(wheel)
    assert Path(screens.__file__ or "").is_relative_to(wheel)
