"""What all tests share: how hypothesis runs, a clock set by hand, a store of the test's own and a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from clinic import FIRST, PASSPHRASE, SECOND, FakeClock, a_desk, a_practice
from hypothesis import HealthCheck, settings

from gpa_tui.cli import main
from gpa_tui.session.desk import Desk
from gpa_tui.store.practice import Practice

Run = Callable[..., tuple[int, str, str]]

settings.register_profile(
    "suite", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("suite")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return a_practice(tmp_path)


@pytest.fixture
def desk(practice: Practice, clock: FakeClock) -> Iterator[Desk]:
    """The GPA's desk in room 2, with two patients listed."""
    opened = a_desk(practice, FIRST, SECOND, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def stocked(desk: Desk, practice: Practice) -> Practice:
    """A store with two patients on today's list."""
    assert desk.day.visits
    return practice


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command line; gives the exit status, what was said, and what was said as an error."""

    def run_it(*words: object) -> tuple[int, str, str]:
        try:
            status = main([str(word) for word in words])
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        said, wrong = capsys.readouterr()
        return status, said, wrong

    return run_it


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file with everybody's passphrase in its first line."""
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\nanother line\n")
    return file


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The keystrokes of each task of the journeys, and what was predicted from them, beside the results."""
    for report in terminalreporter.getreports("passed"):
        for name, tasks in report.user_properties:
            if name == "keystrokes" and report.when == "call":
                terminalreporter.section(f"keystrokes: {report.nodeid.rpartition('::')[2]}", sep="-")
                for task, count in tasks:
                    terminalreporter.write_line(f"{count:5d}  {task}")
            elif name == "predicted" and report.when == "call":
                terminalreporter.write_line(tasks)
