"""`gpa-tui import` as a person or a script runs it: what is listed, set aside, and the exit status."""

from __future__ import annotations

import csv
import stat
import subprocess
from datetime import date
from pathlib import Path

import pytest
from demo_clinic import GPA_TUI, PASSPHRASES
from pty_terminal import Terminal

TODAY = date.today().isoformat()  # noqa: DTZ011
COLUMNS = ("AppointmentId", "Date", "Start", "Clinician", "Family", "Given", "Born", "NhsNumber", "Reason")
GRACE = ("1", TODAY, "08:40", "Dr B Osei", "Okoro", "Grace", "1954-04-12", "999 900 0002", "Breathless")
EWAN = ("2", TODAY, "08:50", "Dr B Osei", "Duncan", "Ewan", "1981-01-01", "", "Back pain")


class Shell:
    """A store, a list file, and the commands on them."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.home = home
        self.list = folder / "list.csv"
        self.secret = folder / "passphrase"
        self.secret.write_text(PASSPHRASES["M Okafor"] + "\n")
        self.rejected = folder / "list.csv.rejected"

    def write(self, *rows: tuple[str, ...]) -> None:
        with self.list.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(rows)

    def run(self, *words: str | Path) -> tuple[int, str]:
        """Exit status and what was said."""
        done = subprocess.run(
            [GPA_TUI, "--home", self.home, *words],
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        return done.returncode, done.stdout + done.stderr

    def take(self, *rows: tuple[str, ...]) -> tuple[int, str]:
        self.write(*rows)
        return self.run("import", self.list, "--staff", "mokafor", "--passphrase-file", self.secret)


@pytest.fixture
def shell(home: Path, tmp_path: Path) -> Shell:
    return Shell(tmp_path, home)


def test_a_list_is_taken_once_and_changes_only_what_changed(shell: Shell) -> None:
    assert shell.take(GRACE, EWAN) == (
        0,
        "list.csv: 2 new, 0 changed, 0 as before, 0 no longer on the list.\n",
    )
    assert shell.take(GRACE, EWAN) == (
        0,
        "list.csv: 0 new, 0 changed, 2 as before, 0 no longer on the list.\n",
    )
    later = (*EWAN[:2], "09:15", *EWAN[3:])
    assert shell.take(GRACE, later) == (
        0,
        "list.csv: 0 new, 1 changed, 1 as before, 0 no longer on the list.\n",
    )
    assert shell.take(GRACE) == (0, "list.csv: 0 new, 0 changed, 1 as before, 1 no longer on the list.\n")


def test_a_dry_run_shows_and_saves_nothing(shell: Shell) -> None:
    shell.write(GRACE, EWAN)
    before = {path: path.read_bytes() for path in shell.home.rglob("*.journal")}
    status, said = shell.run("import", "--dry-run", shell.list)
    assert status == 0
    assert "08:40  OKORO, Grace" in said
    assert "2 to list, 0 set aside. Nothing was saved." in said
    assert {path: path.read_bytes() for path in shell.home.rglob("*.journal")} == before
    assert not shell.rejected.exists()


def test_a_bad_row_is_set_aside_and_the_rest_is_listed(shell: Shell) -> None:
    bad = ("3", TODAY, "09:00", "Dr B Osei", "Wrong", "Number", "1990-01-01", "999 900 0003", "x")
    status, said = shell.take(GRACE, bad)
    assert status == 1
    assert "1 new" in said
    assert "1 rows were set aside" in said
    assert "the last digit does not fit" in said
    assert stat.S_IMODE(shell.rejected.stat().st_mode) == 0o600
    assert "Wrong" in shell.rejected.read_text()
    assert shell.take(GRACE)[0] == 0
    assert not shell.rejected.exists()


def test_a_live_store_refuses_the_never_issued_range_and_a_demo_everything_else(
    shell: Shell, tmp_path: Path
) -> None:
    real = ("4", TODAY, "09:00", "Dr B Osei", "Real", "Number", "1990-01-01", "943 476 5919", "x")
    assert shell.take(real)[0] == 1
    live = Shell(tmp_path, tmp_path / "live")
    words = ("--practice", "Live Surgery", "--staff", "mokafor", "--name", "M Okafor")
    assert live.run("init", *words, "--passphrase-file", live.secret)[0] == 0
    status, said = live.take(real, GRACE)
    assert status == 1
    assert "1 new" in said
    assert "999" in live.rejected.read_text()


def test_another_birth_date_for_one_number_is_a_question_at_the_terminal(shell: Shell) -> None:
    assert shell.take(GRACE)[0] == 0
    other = (*GRACE[:6], "1945-04-12", *GRACE[7:])
    status, said = shell.take(other)
    assert status == 1, "a script cannot answer"
    assert "12-Apr-1954" in said
    command = [str(GPA_TUI), "--home", str(shell.home), "import", str(shell.list), "--staff", "mokafor"]
    with Terminal(command) as terminal:
        terminal.wait_for("Passphrase of mokafor")
        terminal.type(PASSPHRASES["M Okafor"]).press("enter").wait_for("Same person")
        terminal.type("y").press("enter").wait_for("1 changed")
        assert terminal.wait_exit() == 0


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (("import", "nowhere.json"), 1, "nowhere.json"),
        (("import",), 2, "usage"),
        (("log",), 2, "usage"),
        (("log", "show", "--date", "yesterday"), 2, "invalid"),
        (("log", "show", "--date", "2001-01-01", "--staff", "npatel"), 1, "There is no log for 2001-01-01"),
        (("frobnicate",), 2, "invalid choice"),
    ],
)
def test_exit_statuses(shell: Shell, words: tuple[str, ...], status: int, sentence: str) -> None:
    found, said = shell.run(*words)
    assert found == status
    assert sentence in said


def test_a_passphrase_that_is_wrong_is_refused_in_a_script(shell: Shell) -> None:
    shell.secret.write_text("not this one\n")
    status, said = shell.take(GRACE)
    assert status == 1
    assert "do not go together" in said


def test_without_a_terminal_the_workstation_says_so(shell: Shell) -> None:
    status, said = shell.run()
    assert status == 1
    assert "needs a terminal" in said


def test_no_made_up_clinic_goes_into_a_live_store(tmp_path: Path) -> None:
    live = Shell(tmp_path, tmp_path / "live")
    words = ("--practice", "Live Surgery", "--staff", "mokafor", "--name", "M Okafor")
    assert live.run("init", *words, "--passphrase-file", live.secret)[0] == 0
    status, said = live.run("demo", "--create-only")
    assert status == 1
    assert "is a live practice" in said
    assert not list((live.home / "clinics").glob("*.journal"))
