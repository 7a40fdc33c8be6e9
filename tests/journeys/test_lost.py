"""Nothing is lost: kill, hang-up, lock and resize, at any moment, with text half typed."""

import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from demo_clinic import GPA_TUI, PASSPHRASES
from pty_terminal import Terminal

from gpa_tui.clock import SystemClock, local_date
from gpa_tui.records.base import StaffId
from gpa_tui.store.drafts import Draft
from gpa_tui.store.practice import Practice
from gpa_tui.store.vault import unlock

Opens = Callable[..., Terminal]


def typing_words(terminal: Terminal, words: str) -> None:
    """Leaves `words` half typed in the first patient's GP's words."""
    terminal.press("enter")
    born = terminal.wait_for(r"Born (\d\d-[A-Z][a-z]{2}-\d{4})").group(1).replace("-", " ")
    terminal.send(f"ipamrit singh\r{born}\r0026\r").wait_for("Identity fits the list")
    terminal.press("4").wait_for("GP's words")
    terminal.press("enter").wait_for("as heard")
    terminal.send(words).wait_for(words[-12:])


def draft_kept(home: Path, words: str) -> None:
    """Waits, for a second at most, until the draft is on the disk."""
    deadline = time.monotonic() + 1.0
    while True:
        looked_at = time.monotonic()
        if drafts_with(home, words):
            return
        assert looked_at < deadline, "the draft is not on the disk within a second"


def drafts_with(home: Path, words: str) -> list[Draft]:
    """The drafts that hold `words`, as their own person opens them."""
    practice = Practice(home)
    keys = unlock(practice.roster, StaffId("mokafor"), PASSPHRASES["M Okafor"])
    today = local_date(SystemClock().now(), practice.settings.zone).isoformat()
    return [draft for draft in practice.drafts(keys).of(keys.member.id, today) if words in draft.text]


@pytest.mark.parametrize("ending", ["kill", "hang up"])
def test_half_typed_words_come_back_after(opened: Opens, home: Path, ending: str) -> None:
    terminal = opened()
    typing_words(terminal, "Rest. Fluids. Amoxicillin fi")
    if ending == "kill":
        draft_kept(home, "Amoxicillin fi")
        terminal.kill(signal.SIGKILL)
    else:
        terminal.hang_up()
    terminal.wait_exit()
    again = opened()
    again.wait_for("Half-typed words of yours are kept for SINGH, Amrit")
    again.press("enter").wait_for("ID not checked")
    born = again.wait_for(r"Born (\d\d-[A-Z][a-z]{2}-\d{4})").group(1).replace("-", " ")
    again.send(f"4\rpamrit singh\r{born}\r0026\r").wait_for("Your half-typed words are back")
    again.send("ve days").wait_for("Amoxicillin five days")
    again.press("ctrl+o").wait_for("Saved: the GP's words")
    deadline = time.monotonic() + 1.0
    while drafts_with(home, "Amoxicillin fi"):
        assert time.monotonic() < deadline, "the draft is still there a second after it was saved"


def test_locking_in_the_middle_of_a_word_hides_it_and_brings_it_back(opened: Opens, home: Path) -> None:
    terminal = opened()
    typing_words(terminal, "Paracetamol and re")
    terminal.press("ctrl+l").wait_for("Locked by M Okafor")
    assert "SINGH" not in terminal.text()
    assert "Paracetamol" not in terminal.text()
    draft_kept(home, "Paracetamol and re")
    terminal.type(PASSPHRASES["M Okafor"]).press("enter").wait_for("Paracetamol and re")
    terminal.send("st").wait_for("Paracetamol and rest")


def test_a_resize_keeps_the_words_and_the_place(opened: Opens) -> None:
    terminal = opened()
    typing_words(terminal, "Keep this sentence")
    terminal.resize(120, 40)
    terminal.wait_for("Keep this sentence")
    terminal.resize(80, 24)
    terminal.send(" whole").wait_for("Keep this sentence whole")


ORDER = ("booked", "arrived", "in prep", "ready for GP", "with GP", "wrap-up", "left")


@pytest.mark.parametrize("seed", range(4))
def test_what_was_called_saved_is_there_after_a_kill_at_any_moment(
    opened: Opens, home: Path, seed: int
) -> None:
    terminal = opened()
    for stage in ("arrived", "in prep"):
        terminal.press("space").wait_for(f"SINGH, Amrit .*: {stage}. u takes it back")
    terminal.send("   ")
    time.sleep(random.Random(seed).uniform(0, 0.04))  # the instant of the kill, not a wait for something
    terminal.kill(signal.SIGKILL)
    terminal.wait_exit()
    row = opened().wait_for("SINGH, Amrit .*").group(0)
    stage = next(stage for stage in ORDER if stage in row)
    assert ORDER.index(stage) >= ORDER.index("in prep"), row
    command: list[str | Path] = [GPA_TUI, "--home", home, "log", "verify"]
    verified = subprocess.run(command, check=False, capture_output=True, text=True)
    assert verified.returncode == 0, verified.stdout
