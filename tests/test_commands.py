"""The command line as words and exit statuses: 0 done, 1 refused in words, 2 wrong usage; and `init`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from clinic import NINE, PASSPHRASE

from gpa_tui import __version__
from gpa_tui.records.base import StaffId
from gpa_tui.records.staff import Role
from gpa_tui.store.practice import Practice

STEERING = "\x1b[2J\x9b31m\x07\u202e"
Run = Callable[..., tuple[int, str, str]]


# ── usage ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        ("log",),
        ("log", "edit"),
        ("undo",),
        ("log", "show", "--date", "23/11/2026"),
        ("log", "show", "--date", "2026-02-30"),
        ("log", "export", "--as", "docx"),
        ("init", "--practice", "Elm"),
        ("init", "--practice", "Elm", "--staff", "x", "--name", "x", "--role", "king"),
        ("import",),
    ],
)
def test_wrong_usage_is_exit_status_2(run: Run, words: tuple[str, ...]) -> None:
    status, said, wrong = run(*words)
    assert (status, said) == (2, "")
    assert "usage: gpa-tui" in wrong


def test_a_passphrase_on_the_command_line_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    words = ("init", "--practice", "Elm", "--staff", "x", "--name", "x", "--passphrase", "green kettle")
    assert run("--home", tmp_path / "surgery", *words)[0] == 2


@pytest.mark.parametrize("words", [("--help",), ("log", "--help"), ("init", "--help"), ("--version",)])
def test_help_and_version_are_exit_status_0(run: Run, words: tuple[str, ...]) -> None:
    status, said, wrong = run(*words)
    assert (status, wrong) == (0, "")
    assert __version__ in said if words == ("--version",) else "usage: gpa-tui" in said


def test_the_home_may_stand_before_the_command_or_after_it_and_the_later_holds(
    run: Run, practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, nowhere = practice.home, tmp_path / "nowhere"
    for words in (
        ("--home", home, "log", "verify"),
        ("log", "verify", "--home", home),
        ("--home", nowhere, "log", "verify", "--home", home),
    ):
        assert run(*words)[0] == 0
    monkeypatch.setenv("GPA_TUI_HOME", str(home))
    assert run("log", "verify")[0] == 0
    assert run("--home", nowhere, "log", "verify")[0] == 1


@pytest.mark.parametrize("words", [("log", "show"), ("log", "export"), ("log", "verify"), ()], ids=" ".join)
def test_without_a_store_each_command_says_how_to_make_one(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    status, said, wrong = run("--home", tmp_path / "nowhere", *words)
    assert (status, said) == (1, "")
    assert wrong.startswith("gpa-tui: There is no practice in")
    assert "gpa-tui init" in wrong
    assert wrong.count("\n") == 1


def test_the_workstation_needs_a_terminal(run: Run, practice: Practice) -> None:
    assert run("--home", practice.home) == (
        1,
        "",
        "gpa-tui: The workstation needs a terminal. Over ssh, use ssh -t.\n",
    )


# ── init ──────────────────────────────────────────────────────────────────────────────────────


def made(run: Run, home: Path, secret: Path, **changed: str) -> tuple[int, str, str]:
    words = {"--practice": "Elm Tree", "--staff": "mokafor", "--name": "M Okafor"}
    words |= {f"--{name}": value for name, value in changed.items()}
    pairs = (word for pair in words.items() for word in pair)
    return run("--home", home, "init", *pairs, "--passphrase-file", secret)


@pytest.mark.parametrize(
    "name", ["Elm Tree", 'The "Elm" Surgery', r"C:\Elm\new", "Ysbyty’r Llan", "x = [1]\n[y]", "Zoë’s – №1"]
)
def test_a_practice_may_have_any_name(run: Run, tmp_path: Path, secret: Path, name: str) -> None:
    home = tmp_path / "surgery"
    status, said, wrong = made(run, home, secret, practice=name)
    assert (status, wrong) == (0, "")
    (code,) = re.findall(r"^  ((?:[A-Z2-7]{4}-){13}[A-Z2-7]{4})$", said, re.MULTILINE)
    assert code
    found = Practice(home)
    assert found.settings.name == " ".join(name.split())
    assert not found.info.demo
    keys = found.unlock(StaffId("mokafor"), PASSPHRASE, terminal="room2", now=NINE)
    assert keys.member.roles == (Role.GPA, Role.ADMINISTRATOR)


@pytest.mark.parametrize("name", ["", "   ", "\x1b[2J", "x" * 61])
def test_a_practice_without_a_name_that_can_be_shown_is_not_made(
    run: Run, tmp_path: Path, secret: Path, name: str
) -> None:
    status, _, wrong = made(run, tmp_path / "surgery", secret, practice=name)
    assert status == 1
    assert "name" in wrong
    assert not (tmp_path / "surgery").exists()


def test_a_person_may_have_several_roles(run: Run, tmp_path: Path, secret: Path) -> None:
    words = ("--practice", "Elm", "--staff", "npatel", "--name", f"Dr N{STEERING} Patel", "--demo")
    roles = ("--role", "clinician", "--role", "supervisor")
    home = tmp_path / "surgery"
    assert run("init", *words, *roles, "--passphrase-file", secret, "--home", home)[0] == 0
    (entry,) = Practice(home).roster.staff
    assert entry.member.roles == (Role.CLINICIAN, Role.SUPERVISOR, Role.ADMINISTRATOR)
    assert entry.member.name == "Dr N Patel"
    assert Practice(home).info.demo


@pytest.mark.parametrize("staff", ["", "  ", f"m{STEERING}okafor"])
def test_a_short_name_that_cannot_be_typed_is_refused(
    run: Run, tmp_path: Path, secret: Path, staff: str
) -> None:
    assert made(run, tmp_path / "surgery", secret, staff=staff)[0] != 0


@pytest.mark.parametrize("content", [b"", b"short\n", b"1234567", b"\xff\xfe\xff\xfe\xff\xfe\xff\xfe"])
def test_a_passphrase_file_that_will_not_do_makes_nothing(run: Run, tmp_path: Path, content: bytes) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(content)
    assert made(run, tmp_path / "surgery", secret)[0] == 1
    assert not (tmp_path / "surgery").exists()


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf%b\n", b"%b\r\nmore\r\n", b"%b"])
def test_a_passphrase_file_may_come_from_any_editor(
    run: Run, tmp_path: Path, secret: Path, content: bytes
) -> None:
    made(run, tmp_path / "surgery", secret)
    edited = tmp_path / "edited"
    edited.write_bytes(content % PASSPHRASE.encode())
    listed = tmp_path / "list.csv"
    listed.write_text("Date,Start,Clinician,Family,Given,Born\n")
    words = ("import", listed, "--staff", "mokafor", "--passphrase-file", edited)
    assert "go together" not in run("--home", tmp_path / "surgery", *words)[2]


@pytest.mark.parametrize("staff", ["device", "Device"])
def test_nobody_has_the_name_of_the_machine(run: Run, tmp_path: Path, secret: Path, staff: str) -> None:
    status, _, wrong = made(run, tmp_path / "surgery", secret, staff=staff)
    assert status == 1
    assert "what the log calls the machine" in wrong


def test_a_demo_is_made_where_the_variable_says_and_never_in_a_live_store(
    run: Run, tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "elsewhere"
    monkeypatch.setenv("GPA_TUI_HOME", str(home))
    assert run("demo", "--create-only")[0] == 0
    assert Practice(home).info.demo
    live = tmp_path / "surgery"
    made(run, live, secret)
    monkeypatch.setenv("GPA_TUI_HOME", str(live))
    status, _, wrong = run("demo", "--create-only")
    assert status == 1
    assert "live practice" in wrong
    assert Practice(live).days() == []


def test_a_passphrase_file_that_is_not_there_is_refused_in_words(run: Run, tmp_path: Path) -> None:
    status, _, wrong = made(run, tmp_path / "surgery", tmp_path / "nowhere")
    assert status == 1
    assert "cannot be read" in wrong
