"""Several stores of one practice by command: invite, join, let in, let go; and a server that was wiped."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from clinic import ADMINISTRATOR, NINE, a_bench

from gpa_tui.records.event import HostPaired
from gpa_tui.session.hosts import Identity, identity
from gpa_tui.session.registry import Registry
from gpa_tui.session.standing import Standing
from gpa_tui.store.practice import Practice
from gpa_tui.sync.paired import pair_of
from gpa_tui.sync.state import REFILL, Host, SyncState, asked_again, state_file

Run = Callable[..., tuple[int, str, str]]


def standing_of(practice: Practice) -> Standing:
    with closing(Registry(a_bench(practice, by=ADMINISTRATOR))) as registry:
        registry.read()
        return registry.standing


@pytest.fixture
def as_administrator(secret: Path) -> tuple[object, ...]:
    return ("--staff", "lwong", "--passphrase-file", secret)


def invited(run: Run, practice: Practice, who: tuple[object, ...], folder: Path) -> tuple[Path, Path]:
    """The invitation, and a file with its code."""
    file, code = folder / "invitation", folder / "code"
    status, said, wrong = run(
        "--home", practice.home, "sync", "pair", "--invite", file, "--called", "downstairs", *who
    )
    assert status == 0, wrong
    found = re.search(r"^  ((?:[A-Z2-9]{4}-?){5})$", said, re.MULTILINE)
    assert found is not None
    code.write_text(found[1].lower(), "utf-8")
    return file, code


def joined(run: Run, folder: Path, file: Path, code: Path) -> tuple[int, str, str]:
    passphrase = folder / "theirs"
    passphrase.write_text("a new kettle and a door\n", "utf-8")
    words = ("sync", "join", file, "--code-file", code, "--called", "upstairs", "--staff", "jhart")
    return run(
        "--home", folder / "two", *words, "--name", "J Hart", "--role", "gpa", "--passphrase-file", passphrase
    )


def test_a_store_that_joins_is_of_the_same_practice_and_knows_who_invited_it(
    run: Run, practice: Practice, as_administrator: tuple[object, ...], tmp_path: Path
) -> None:
    file, code = invited(run, practice, as_administrator, tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"Elm Tree" not in file.read_bytes()
    status, said, wrong = joined(run, tmp_path, file, code)
    assert (status, "paired with downstairs" in said) == (0, True), wrong
    two = Practice(tmp_path / "two")
    assert two.info.practice == practice.info.practice
    assert two.info.origin != practice.info.origin
    assert two.settings.name == practice.settings.name
    assert two.info.demo
    who = ("--staff", "jhart", "--passphrase-file", tmp_path / "theirs")
    status, said, _ = run("--home", two.home, "sync", "pair", *who)
    assert status == 0
    ours = identity(practice, "downstairs").fingerprint
    assert f"paired: downstairs, {ours}" in said
    status, said, _ = run("--home", two.home, "log", "verify", *who)
    assert (status, "All is as it was written." in said) == (0, True)


def test_another_code_and_a_file_that_is_none_open_nothing(
    run: Run, practice: Practice, as_administrator: tuple[object, ...], tmp_path: Path
) -> None:
    file, code = invited(run, practice, as_administrator, tmp_path)
    code.write_text("AAAA-AAAA-AAAA-AAAA-AAAA", "utf-8")
    status, _, wrong = joined(run, tmp_path, file, code)
    assert (status, "not the code" in wrong) == (1, True)
    status, _, wrong = joined(run, tmp_path, code, code)
    assert (status, "is no invitation" in wrong) == (1, True)
    assert not (tmp_path / "two").exists()
    status, _, wrong = run("--home", practice.home, "sync", "pair", "--invite", file, *as_administrator)
    assert (status, "is there already" in wrong) == (1, True)


def asking(practice: Practice, name: str = "upstairs") -> Identity:
    """A store that asks, as whoever syncs has noted it."""
    found = identity(practice, name).model_copy(update={"origin": "6f1c3f6e-6d5b-4a57-9d5f-3a3c5b1f2e10"})
    host = Host(
        origin=found.origin,
        name=name,
        paired=False,
        fingerprint=found.fingerprint,
        identity=found.model_dump_json(),
    )
    state = SyncState(server="https://fhir.example/R4", heard=NINE, hosts=(host,))
    state_file(practice, a_bench(practice).keys).write(state.model_dump_json().encode())
    return found


@pytest.mark.parametrize(("reply", "is_in"), [("yes", True), ("no", False), ("", False)])
def test_who_asks_is_let_in_by_an_administrator_who_compared(
    reply: str,
    is_in: bool,
    run: Run,
    practice: Practice,
    as_administrator: tuple[object, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = asking(practice)
    status, said, _ = run("--home", practice.home, "sync", "pair", *as_administrator)
    assert (status, f"asks to be paired: upstairs, {found.fingerprint}" in said) == (0, True)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{reply}\n"))
    status, said, _ = run("--home", practice.home, "sync", "pair", "--accept", *as_administrator)
    assert (status == 0, "is paired" in said) == (is_in, is_in)
    assert (found.origin in standing_of(practice).hosts) is is_in


def test_by_script_the_fingerprint_that_was_compared_is_given(
    run: Run, practice: Practice, as_administrator: tuple[object, ...]
) -> None:
    found = asking(practice)
    words = ("sync", "pair", "--accept", "--fingerprint")
    status, _, _ = run("--home", practice.home, *words, "0000 0000 0000", *as_administrator)
    assert (status, standing_of(practice).hosts) == (1, {})
    status, _, _ = run("--home", practice.home, *words, found.fingerprint, *as_administrator)
    assert status == 0
    (event,) = [one for one in standing_of(practice).events if isinstance(one.data, HostPaired)]
    assert event.by.name == "L Wong"
    status, said, _ = run("--home", practice.home, "sync", "pair", "--let-go", "upstairs", *as_administrator)
    assert (status, "let go" in said) == (0, True)
    assert standing_of(practice).hosts == {}
    status, _, wrong = run("--home", practice.home, "sync", "pair", "--let-go", "upstairs", *as_administrator)
    assert (status, "No paired stores are called upstairs" in wrong) == (1, True)


def test_nobody_asks_and_only_an_administrator_pairs(
    run: Run, practice: Practice, secret: Path, as_administrator: tuple[object, ...]
) -> None:
    status, _, wrong = run("--home", practice.home, "sync", "pair", "--accept", *as_administrator)
    assert (status, "No store asks" in wrong) == (1, True)
    who = ("--staff", "mokafor", "--passphrase-file", secret)
    status, _, wrong = run("--home", practice.home, "sync", "pair", *who)
    assert (status, "may not" in wrong) == (1, True)


def test_a_server_is_filled_again_only_where_it_was_wiped(
    run: Run, practice: Practice, as_administrator: tuple[object, ...]
) -> None:
    status, _, wrong = run("--home", practice.home, "sync", "refill", *as_administrator)
    assert (status, "Nothing is known of a server" in wrong) == (1, True)
    keys = a_bench(practice).keys
    state = SyncState(server="https://fhir.example/R4", heard=NINE, stopped="It was wiped.")
    state_file(practice, keys).write(state.model_dump_json().encode())
    status, said, _ = run("--home", practice.home, "sync", "refill", *as_administrator)
    assert (status, "sent to it once more" in said) == (0, True)
    assert asked_again(practice, keys) == [REFILL]


def test_a_key_that_does_not_open_is_never_made_anew(practice: Practice) -> None:
    keys = a_bench(practice).keys
    pair = pair_of(practice, keys)
    assert pair_of(practice, keys) == pair
    file = practice.home / "sync" / "pair"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(Exception, match="does not open"):
        pair_of(practice, keys)
