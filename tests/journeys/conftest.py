"""The installed program in a real pseudo-terminal, on a made-up clinic made once and copied for each test."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from demo_clinic import GPA_TUI, open_command, sign_in
from pty_terminal import Terminal

Opens = Callable[..., Terminal]


@pytest.fixture(scope="session")
def made_clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("made") / "clinic"
    subprocess.run([GPA_TUI, "demo", "--home", home, "--create-only"], check=True, capture_output=True)
    return home


@pytest.fixture
def home(made_clinic: Path, tmp_path: Path) -> Path:
    """A store with today's made-up list, of this test alone."""
    return Path(shutil.copytree(made_clinic, tmp_path / "clinic"))


@pytest.fixture
def opened(home: Path) -> Iterator[Opens]:
    """Opens the workstation on `home`, signed in as the GPA unless told; closes what was opened."""
    terminals: list[Terminal] = []

    def open_it(name: str = "M Okafor", role: str = "") -> Terminal:
        terminal = Terminal(open_command(home))
        terminals.append(terminal)
        sign_in(terminal, name, role)
        return terminal

    yield open_it
    for terminal in terminals:
        terminal.close()
