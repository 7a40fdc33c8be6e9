"""Nothing of a patient is in clear: not in the store, a temporary file, or the terminal after exit."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from demo_clinic import GPA_TUI
from pty_terminal import Terminal

NAME, WORDS, SAID = "Zyxplanted", "qwplanted words", "hvplanted"
PASSPHRASE = "three plain words"
TITLE = re.compile(rb"\x1b\][012];")


def _content(path: Path) -> bytes:
    """Empty where the program has put it in another's place since: that one is read too."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


class Surgery:
    """A live store of its own, with one planted patient, and folders that would hold whatever leaked."""

    def __init__(self, folder: Path) -> None:
        self.home, self.around = folder / "surgery", folder / "around"
        self.environment = {"HOME": str(self.around / "home"), "TMPDIR": str(self.around / "tmp")}
        for place in self.environment.values():
            Path(place).mkdir(parents=True)
        secret, listed = folder / "secret", folder / "list.csv"
        secret.write_text(f"{PASSPHRASE}\n")
        heading = "Date,Start,Clinician,Family,Given,Born,Reason\n"
        today = date.today().isoformat()  # noqa: DTZ011
        listed.write_text(f"{heading}{today},08:00,Dr N Patel,{NAME},Q,1970-01-02,{NAME} knee\n")
        who = ("--staff", "mokafor", "--passphrase-file", secret)
        self.run("init", "--practice", "Elm", "--name", "M Okafor", *who)
        own = self.home / "competencies.toml"
        own.write_text('version = 1\nowner = "nobody is asked"\n')
        own.chmod(0o600)
        self.run("import", listed, *who)

    def run(self, *words: object) -> None:
        command = [str(word) for word in (GPA_TUI, "--home", self.home, *words)]
        environment = self.environment | {"PATH": "/usr/bin:/bin"}
        subprocess.run(command, check=True, capture_output=True, env=environment, cwd=self.around)

    def opened(self) -> Terminal:
        terminal = Terminal([str(GPA_TUI), "--home", str(self.home)], env=self.environment, cwd=self.around)
        terminal.wait_for("^ Passphrase")
        terminal.type(PASSPHRASE).press("enter").wait_for("more than one role")
        terminal.press("g").wait_for("ZYXPLANTED")
        return terminal

    @property
    def files(self) -> Iterator[Path]:
        for folder in (self.home, self.around):
            yield from (path for path in folder.rglob("*") if path.is_file())

    def leaks(self) -> list[Path]:
        planted = [word.lower().encode() for word in (NAME, WORDS, SAID)]
        return [path for path in self.files if any(word in _content(path).lower() for word in planted)]


@pytest.fixture
def surgery(tmp_path: Path) -> Surgery:
    return Surgery(tmp_path)


def worked(terminal: Terminal) -> None:
    """A record is open, something is saved in it, and something is half typed."""
    terminal.press("enter").wait_for("1 Prep 0/")
    terminal.send(f"ip{NAME}\r02 01 1970\r\r").wait_for("Identity fits the list")
    terminal.send(f"\r{SAID}\r").wait_for(f"own words  {SAID}")
    terminal.press("4").wait_for("GP's words")
    terminal.press("enter").wait_for("as heard")
    terminal.send(WORDS).wait_for(WORDS)


def drafts(surgery: Surgery) -> list[Path]:
    deadline = time.monotonic() + 1.0
    while not (found := list((surgery.home / "drafts").iterdir())):
        assert time.monotonic() < deadline, "the draft is not on the disk within a second"
    return found


def test_no_file_holds_a_word_in_clear_and_leaving_clears_the_screen(surgery: Surgery) -> None:
    with surgery.opened() as terminal:
        worked(terminal)
        assert drafts(surgery)
        assert surgery.leaks() == []
        terminal.press("ctrl+l").wait_for("Locked by M Okafor")
        assert NAME.upper() not in terminal.text()
        terminal.type(PASSPHRASE).press("enter").wait_for(WORDS)
        terminal.press("ctrl+g", "backspace").wait_for("1 listed")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert not terminal.text().strip(), "the clinic is still on the screen"
        _, left, after = terminal.raw.rpartition(b"\x1b[?1049l")
        assert left
        assert b"planted" not in after.lower()
        assert not TITLE.search(terminal.raw)
    assert surgery.leaks() == []
    assert not [path for path in surgery.files if path.name.startswith("core")]


def test_a_killed_program_leaves_no_word_in_clear(surgery: Surgery) -> None:
    with surgery.opened() as terminal:
        worked(terminal)
        assert drafts(surgery)
        terminal.kill(signal.SIGKILL).wait_exit()
    assert surgery.leaks() == []


def test_no_core_dump_is_made_of_a_running_workstation(surgery: Surgery) -> None:
    with surgery.opened() as terminal:
        limits = Path(f"/proc/{terminal.pid}/limits").read_text()
        assert re.search(r"Max core file size +0 +0 ", limits)
        terminal.kill(signal.SIGABRT).wait_exit()
    assert not [path for path in surgery.files if path.name.startswith("core")]


def test_no_other_program_of_the_account_may_look_into_its_memory() -> None:
    look = (
        "import ctypes; from gpa_tui.terminal import keep_memory_private as k; c = ctypes.CDLL(None).prctl\n"
        "before = c(3, 0, 0, 0, 0); k(); print(before, c(3, 0, 0, 0, 0))"
    )
    said = subprocess.run([sys.executable, "-c", look], check=True, capture_output=True, text=True).stdout
    assert said.split()[-1] == "0"
