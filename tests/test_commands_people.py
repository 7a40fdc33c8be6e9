"""`gpa-tui staff`, `passphrase` and `recover`: who may sign in, changed by whom it may be, and recorded."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from clinic import ADMINISTRATOR, PASSPHRASE, a_bench

from gpa_tui.session.registry import Registry
from gpa_tui.store import vault
from gpa_tui.store.door import read_door
from gpa_tui.store.practice import Practice

Run = Callable[..., tuple[int, str, str]]
NEW = "purple lantern"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A file with another passphrase."""
    file = tmp_path / "other"
    file.write_text(f"{NEW}\n")
    return file


def kinds(practice: Practice) -> list[str]:
    with closing(Registry(a_bench(practice, by=ADMINISTRATOR))) as registry:
        registry.read()
        return [event.kind for event in registry.standing.events]


def signs_in(run: Run, practice: Practice, staff: str, secret: Path) -> bool:
    words = ("log", "verify", "--staff", staff, "--passphrase-file", secret)
    return "go together" not in run("--home", practice.home, *words)[2]


def test_somebody_new_signs_in_with_their_own_passphrase(
    run: Run, practice: Practice, secret: Path, other: Path
) -> None:
    who = ("--staff", "lwong", "--passphrase-file", secret, "--new-passphrase-file", other)
    words = ("staff", "add", "jdoe", "--name", "J Doe", "--role", "gpa", "--role", "reception")
    assert run("--home", practice.home, *words, *who)[0] == 0
    assert signs_in(run, practice, "jdoe", other)
    assert not signs_in(run, practice, "jdoe", secret)
    assert kinds(practice)[-1] == "staff.added"
    status, said, _ = run("--home", practice.home, "staff", "list")
    assert status == 0
    assert "jdoe                  J Doe                     GPA, Reception" in said
    status, _, wrong = run("--home", practice.home, *words, *who)
    assert (status, "on the list already" in wrong) == (1, True)


@pytest.mark.parametrize("staff", ["mokafor", "npatel", "sreed"])
def test_only_an_administrator_changes_who_may_sign_in(
    run: Run, practice: Practice, secret: Path, other: Path, staff: str
) -> None:
    before = (practice.home / "keys.json").read_bytes()
    who = ("--staff", staff, "--passphrase-file", secret, "--new-passphrase-file", other)
    status, _, wrong = run("--home", practice.home, "staff", "reset", "lwong", *who)
    assert status == 1
    assert "may not change who may sign in. Ask: Administrator." in wrong
    assert (practice.home / "keys.json").read_bytes() == before


def test_a_forgotten_passphrase_is_made_anew(run: Run, practice: Practice, secret: Path, other: Path) -> None:
    who = ("--staff", "lwong", "--passphrase-file", secret, "--new-passphrase-file", other)
    assert run("--home", practice.home, "staff", "reset", "mokafor", *who)[0] == 0
    assert signs_in(run, practice, "mokafor", other)
    assert kinds(practice)[-1] == "keys.replaced"


def test_who_has_left_signs_in_no_more_and_the_last_administrator_stays(
    run: Run, practice: Practice, secret: Path
) -> None:
    who = ("--staff", "lwong", "--passphrase-file", secret)
    assert run("--home", practice.home, "staff", "leave", "mokafor", *who)[0] == 0
    assert not signs_in(run, practice, "mokafor", secret)
    assert kinds(practice)[-2:] == ["staff.left", "epoch.begun"]
    assert "(has left)" in run("--home", practice.home, "staff", "list")[1]
    assert "mokafor" not in [person.id for person in read_door(practice.home).people]
    status, _, wrong = run("--home", practice.home, "staff", "leave", "lwong", *who)
    assert (status, "Nobody else is an administrator" in wrong) == (1, True)
    status, _, wrong = run("--home", practice.home, "staff", "leave", "mokafor", *who)
    assert (status, "has left already" in wrong) == (1, True)


@pytest.mark.parametrize("verb", ["reset", "leave"])
def test_nobody_of_that_name_is_said(
    run: Run, practice: Practice, secret: Path, other: Path, verb: str
) -> None:
    new = ("--new-passphrase-file", other) if verb == "reset" else ()
    who = ("--staff", "lwong", "--passphrase-file", secret)
    status, _, wrong = run("--home", practice.home, "staff", verb, "nobody", *who, *new)
    assert (status, "Nobody on the list is called nobody" in wrong) == (1, True)


def test_ones_own_passphrase_is_changed(run: Run, practice: Practice, secret: Path, other: Path) -> None:
    words = ("passphrase", "--staff", "mokafor", "--passphrase-file", secret, "--new-passphrase-file", other)
    assert run("--home", practice.home, *words)[0] == 0
    assert signs_in(run, practice, "mokafor", other)
    assert not signs_in(run, practice, "mokafor", secret)
    assert kinds(practice)[-1] == "passphrase.changed"


@pytest.mark.parametrize("new", ["short", ""])
def test_a_new_passphrase_that_is_too_short_changes_nothing(
    run: Run, practice: Practice, secret: Path, other: Path, new: str
) -> None:
    other.write_text(new)
    words = ("passphrase", "--staff", "mokafor", "--passphrase-file", secret, "--new-passphrase-file", other)
    status, _, wrong = run("--home", practice.home, *words)
    assert (status, "at least 8 characters" in wrong) == (1, True)
    assert signs_in(run, practice, "mokafor", secret)


def test_the_recovery_code_of_init_opens_a_store_whose_passphrases_are_forgotten(
    run: Run, tmp_path: Path, secret: Path, other: Path
) -> None:
    home, code = tmp_path / "surgery", tmp_path / "code"
    words = ("--practice", "Elm", "--staff", "lwong", "--name", "L Wong", "--passphrase-file", secret)
    said = run("--home", home, "init", *words)[1]
    code.write_text(next(line for line in said.splitlines() if line.count("-") == 13) + "\n")
    wrong = tmp_path / "wrong"
    wrong.write_text("AAAA-BBBB\n")
    asked = ("recover", "lwong", "--new-passphrase-file", other)
    status, _, sentence = run("--home", home, *asked, "--code-file", wrong)
    assert (status, "not this store's recovery code" in sentence) == (1, True)
    assert run("--home", home, *asked, "--code-file", code)[0] == 0
    assert signs_in(run, Practice(home), "lwong", other)
    assert not signs_in(run, Practice(home), "lwong", secret)
    assert PASSPHRASE not in said
    keys = vault.unlock(Practice(home).roster, ADMINISTRATOR.staff, NEW)
    assert keys.epoch == 1


def test_who_has_left_cannot_be_recovered_and_nobody_is_shut_out(
    run: Run, tmp_path: Path, secret: Path, other: Path
) -> None:
    home, code = tmp_path / "new", tmp_path / "code"
    init = (
        "init",
        "--practice",
        "Elm Tree",
        "--staff",
        "boss",
        "--name",
        "B Boss",
        "--passphrase-file",
        secret,
    )
    status, said, _ = run("--home", home, *init)
    assert status == 0
    code.write_text(next(line.strip() for line in said.splitlines() if line.count("-") > 8))
    boss = ("--staff", "boss", "--passphrase-file", secret)
    add = ("staff", "add", "jdoe", "--name", "J Doe", *boss, "--new-passphrase-file", other)
    assert run("--home", home, *add)[0] == 0
    assert run("--home", home, "staff", "leave", "jdoe", *boss)[0] == 0
    recover = ("recover", "jdoe", "--code-file", code, "--new-passphrase-file", other)
    status, _, wrong = run("--home", home, *recover)
    assert (status, "jdoe has left" in wrong) == (1, True)
    assert run("--home", home, "log", "verify", *boss)[0] == 0


def test_a_name_and_roles_are_changed_and_the_last_administrator_stays(
    run: Run, practice: Practice, secret: Path
) -> None:
    who = ("--staff", "lwong", "--passphrase-file", secret)
    change = ("staff", "change")
    words = ("sreed", "--name", "S Reed-Jones", "--role", "reception", "--role", "gpa")
    assert run("--home", practice.home, *change, *words, *who)[0] == 0
    assert kinds(practice)[-1] == "staff.changed"
    _, said, _ = run("--home", practice.home, "staff", "list")
    assert "S Reed-Jones              Reception, GPA" in said
    status, _, wrong = run("--home", practice.home, *change, *words, *who)
    assert (status, "Nothing is changed by that" in wrong) == (1, True)
    status, _, wrong = run("--home", practice.home, *change, "lwong", "--role", "gpa", *who)
    assert (status, "Nobody else is an administrator" in wrong) == (1, True)
    assert run("--home", practice.home, "staff", "remove", "sreed", *who)[0] == 0
    status, _, wrong = run("--home", practice.home, *change, "sreed", "--name", "X", *who)
    assert (status, "sreed has left" in wrong) == (1, True)
    assert run("--home", practice.home, "log", "verify", *who)[0] == 0
