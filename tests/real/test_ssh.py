"""The clinic over a real ssh connection: signed in to, worked in, and cut off."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pty_process
import pytest
from demo_clinic import QUIT_KEYS, demo_command, sign_in
from pty_terminal import Terminal
from real.sshd import Sshd

BURST = ("down", "down", "up", "down")
CHANGE_KEYS = ("a",)
CHANGED = "arrived"


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[Sshd]:
    folder = tmp_path / "sshd"
    folder.mkdir()
    with Sshd(folder) as server:
        yield server


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "clinic"
    yield folder
    for pid in remote_programs(folder):
        os.kill(pid, signal.SIGKILL)


def test_the_remote_terminal_is_80_by_24_and_follows_a_resize(sshd: Sshd) -> None:
    remote = "trap 'stty size; kill $!; exit' WINCH; stty size; sleep 60 & wait"
    with Terminal(sshd.command(remote)) as terminal:
        terminal.wait_for("^24 80$")
        terminal.resize(100, 30)
        terminal.wait_for("^30 100$")


def test_a_morning_in_one_burst_of_keys(sshd: Sshd, home: Path) -> None:
    with Terminal(sshd.command(*demo_command(home))) as terminal:
        sign_in(terminal)
        terminal.burst(*BURST, *QUIT_KEYS)
        assert terminal.wait_exit() == 0
        assert not terminal.text().strip(), "the clinic is still on the screen"
    assert not remote_programs(home)


def test_a_dropped_connection_ends_the_program_and_loses_nothing(sshd: Sshd, home: Path) -> None:
    with Terminal(sshd.command(*demo_command(home))) as terminal:
        sign_in(terminal)
        assert terminal.line(-1), "the last of the 24 rows is empty"
        terminal.press(*CHANGE_KEYS).wait_for(CHANGED)
        remote = remote_programs(home)
        assert remote, "the program is not to be seen among the processes"
        terminal.kill().wait_exit()
    for pid in remote:
        assert pty_process.wait_ended(pid, timeout=10), "the program outlived its connection"
    with Terminal(sshd.command(*demo_command(home))) as terminal:
        sign_in(terminal)
        terminal.wait_for(CHANGED)


def remote_programs(home: Path) -> list[int]:
    """The processes working in this folder, the ssh clients (which name it too) left out."""
    found = pty_process.mentioning(str(home))
    return [pid for pid, line in found.items() if Path(line.split()[0]).name != "ssh"]
