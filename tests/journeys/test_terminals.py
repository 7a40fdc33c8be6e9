"""Other terminals than the usual one: no colours, another size, and text that tries to steer the screen."""

import csv
import re
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from demo_clinic import GPA_TUI, PASSPHRASES, open_command, sign_in
from pty_terminal import Terminal

Opens = Callable[..., Terminal]
MOUSE_OR_TITLE = re.compile(rb"\x1b\[\?100[0236]h|\x1b\][012];")


def test_without_colours_everything_is_still_said(home: Path) -> None:
    with Terminal(open_command(home), env={"NO_COLOR": "1"}) as terminal:
        sign_in(terminal)
        terminal.press("a").wait_for("SINGH, Amrit .*arrived")
        terminal.press("enter").wait_for("1 Prep 0/")
        terminal.press("2").wait_for("Breaths")
        terminal.press("ctrl+g").wait_for("Prep 0/")
        terminal.press("w").wait_for("In the room:.*")
        terminal.press("p").wait_for("Identity: who says")
        terminal.press("o").wait_for("Who else is in the room")
        terminal.send("nobody").press("enter").wait_for("Saved: who is in the room")
        terminal.press("backspace").wait_for("16 listed")
        colours = re.findall(rb"\x1b\[(?:[0-9]*;)*(?:3[0-7]|4[0-7]|38;[25]|48;[25])[0-9;]*m", terminal.raw)
        assert not colours, "a colour was sent"


@pytest.mark.parametrize(("cols", "rows"), [(60, 16), (132, 43)])
def test_other_sizes_work(opened: Opens, cols: int, rows: int) -> None:
    terminal = opened()
    terminal.resize(cols, rows)
    terminal.wait_for("16 listed")
    terminal.press("enter").wait_for("SINGH, Amrit")
    terminal.press("2").wait_for("Breaths")
    terminal.press("ctrl+g", "backspace", "q")
    assert terminal.wait_exit() == 0


def test_the_mouse_and_the_title_are_left_alone(opened: Opens) -> None:
    terminal = opened()
    terminal.press("q").wait_exit()
    assert not MOUSE_OR_TITLE.search(terminal.raw)


def test_a_name_with_escape_sequences_reaches_the_screen_as_plain_letters(home: Path, tmp_path: Path) -> None:
    hostile = "EV\x1b]0;owned\x07IL\x1b[31m\x1b[2J\u202eABC\x9b5n"
    listed, secret = tmp_path / "list.csv", tmp_path / "passphrase"
    secret.write_text(PASSPHRASES["M Okafor"] + "\n")
    with listed.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Date", "Start", "Clinician", "Family", "Given", "Born", "Reason"])
        today = date.today().isoformat()  # noqa: DTZ011
        writer.writerow([today, "07:00", "Dr N Patel", hostile, "=1+1", "1970-01-01", "@SUM(A1)\x1b[5mblink"])
    command: list[str | Path] = [
        GPA_TUI,
        "--home",
        home,
        "import",
        listed,
        "--staff",
        "mokafor",
        "--passphrase-file",
        secret,
    ]
    done = subprocess.run(command, check=False, capture_output=True)
    assert b"\x1b" not in done.stdout + done.stderr
    with Terminal(open_command(home)) as terminal:
        sign_in(terminal)
        terminal.wait_for("EVILABC.*, =1")
        terminal.wait_for("SINGH, Amrit .*no longer on the list")
        terminal.press("enter").wait_for("EVILABC.*, =1.1")
        for sequence in (b"owned", b"\x1b[5m", b"\xe2\x80\xae", b"\x9b5n", b"\x1b[31m"):
            assert sequence not in terminal.raw
