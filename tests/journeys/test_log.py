"""`gpa-tui init` and `gpa-tui log` as a person or a script runs them."""

from __future__ import annotations

import csv
import json
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from demo_clinic import GPA_TUI, PASSPHRASES
from pty_terminal import Terminal

STAFF = {"mokafor": "M Okafor", "npatel": "Dr N Patel", "sreed": "S Reed"}


def run(home: Path, *words: str | Path, cwd: Path | None = None) -> tuple[int, str]:
    """Exit status and what was said."""
    done = subprocess.run(
        [GPA_TUI, "--home", home, *words],
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=cwd,
    )
    return done.returncode, done.stdout + done.stderr


def as_staff(folder: Path, staff: str) -> tuple[str | Path, ...]:
    """The words that say who gives a command."""
    secret = folder / f"{staff}.passphrase"
    secret.write_text(PASSPHRASES[STAFF[staff]] + "\n")
    return ("--staff", staff, "--passphrase-file", secret)


def test_the_log_is_shown_to_whom_it_may_be_and_both_are_recorded(home: Path, tmp_path: Path) -> None:
    status, said = run(home, "log", "show", *as_staff(tmp_path, "mokafor"))
    assert status == 1
    assert "GPA may not read the session log" in said
    status, said = run(home, "log", "show", *as_staff(tmp_path, "npatel"))
    assert status == 0
    assert "listed: Breathless 3 days" in said
    lines = said.strip().split("\n")
    assert "M Okafor GPA · refused" in lines[-3]
    assert "Dr N Patel Clinician · log opened" in lines[-2]


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_an_export_is_private_whole_and_recorded(home: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"log.{form}"
    words = ("log", "export", "--as", form, "--out", out, *as_staff(tmp_path, "npatel"))
    status, said = run(home, *words)
    assert status == 0, said
    assert "in the clear" in said
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    if form == "jsonl":
        entries = [json.loads(line) for line in out.read_text().splitlines()]
        assert entries[-1]["data"]["kind"] == "exported"
        numbers = [entry["seq"] for entry in entries if entry["journal"] != "standing"]
    else:
        rows = list(csv.DictReader(out.read_text().splitlines()))
        assert rows[-1]["kind"] == "exported"
        numbers = [int(row["seq"]) for row in rows if row["journal"] != "standing"]
    assert numbers == list(range(1, len(numbers) + 1))


def test_an_export_is_not_made_for_whom_it_may_not_be(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "log.jsonl"
    status, _ = run(home, "log", "export", "--out", out, *as_staff(tmp_path, "sreed"))
    assert status == 1
    assert not out.exists()


def test_verify_says_which_line_was_changed(home: Path) -> None:
    assert run(home, "log", "verify")[0] == 0
    (journal,) = (home / "clinics").glob("*.journal")
    lines = journal.read_bytes().split(b"\n")
    journal.write_bytes(b"\n".join([*lines[:2], *lines[1:]]))
    status, said = run(home, "log", "verify")
    assert status == 1
    assert "line 3" in said
    assert "Nothing was altered" in said


def test_a_day_with_a_changed_line_opens_to_be_read_alone(
    home: Path, opened: Callable[[], Terminal], tmp_path: Path
) -> None:
    terminal = opened()
    terminal.press("a").wait_for("SINGH, Amrit .*arrived")
    terminal.press("q").wait_exit()
    (journal,) = (home / "clinics").glob("*.journal")
    *lines, last, _ = journal.read_bytes().split(b"\n")
    journal.write_bytes(b"\n".join([*lines, last.replace(b'"epoch":1', b'"epoch":2'), b""]))
    before = journal.read_bytes()
    command = [str(GPA_TUI), "--home", str(home)]
    with Terminal(command) as again:
        again.wait_for("^ Passphrase")
        again.type("1").press("enter").type(PASSPHRASES["M Okafor"]).press("enter")
        again.wait_for("This day can only be read")
        again.wait_for("^ TEST  READ ONLY ")
        again.wait_for("SINGH, Amrit .*arrived")
        again.press("l").wait_for("Not saved: this day can only be read")
        again.press("q")
        assert again.wait_exit() == 0
    assert journal.read_bytes() == before
    status, said = run(home, "log", "show", *as_staff(tmp_path, "npatel"))
    assert status == 0
    assert "This day can only be read" in said
    assert "SINGH, Amrit (Mr) · stage: booked → arrived" in said


def test_init_asks_twice_and_makes_a_store_that_opens(tmp_path: Path) -> None:
    home = tmp_path / "surgery"
    words = ["init", "--practice", "Oak “Lane” Surgery", "--staff", "lwong", "--name", "L Wong"]
    with Terminal([str(GPA_TUI), "--home", str(home), *words]) as terminal:
        terminal.wait_for("Passphrase for L Wong")
        terminal.type("three plain words").press("enter").wait_for("The same again")
        terminal.type("three plain words").press("enter").wait_for("The recovery code opens the store")
        assert terminal.wait_exit() == 0
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    with Terminal([str(GPA_TUI), "--home", str(home)]) as terminal:
        terminal.wait_for("Oak “Lane” Surgery")
        assert "TEST" not in terminal.text()
        terminal.type("three plain words").press("enter").wait_for("more than one role")
        terminal.press("g").wait_for("No list yet for today")


@pytest.mark.parametrize(
    ("passphrases", "sentence"),
    [(("one of them", "another one"), "The two passphrases differ"), (("short", "short"), "at least 8")],
)
def test_init_refuses_a_passphrase_that_will_not_do(
    tmp_path: Path, passphrases: tuple[str, str], sentence: str
) -> None:
    home = tmp_path / "surgery"
    words = ["init", "--practice", "Oak Lane", "--staff", "lwong", "--name", "L Wong"]
    with Terminal([str(GPA_TUI), "--home", str(home), *words]) as terminal:
        terminal.wait_for("Passphrase for")
        terminal.type(passphrases[0]).press("enter").wait_for("The same again")
        terminal.type(passphrases[1]).press("enter").wait_for(sentence)
        assert terminal.wait_exit() == 1
    assert not home.exists()


def test_init_never_touches_a_store_that_is_there(home: Path, tmp_path: Path) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in home.rglob("*"))
    words = ("init", "--practice", "x", "--staff", "x", "--name", "x")
    status, said = run(home, *words, *as_staff(tmp_path, "mokafor")[2:])
    assert status == 1
    assert "is not an empty folder" in said
    assert sorted((path, path.stat().st_mtime_ns) for path in home.rglob("*")) == before
