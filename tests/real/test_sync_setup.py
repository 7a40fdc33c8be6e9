"""`gpa-tui sync setup` and `check` against a FHIR server we did not write: who may, what is kept."""

from __future__ import annotations

import stat
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from clinic import ADMINISTRATOR, DATE, FIRST, a_bench, a_desk
from real.fhir_server import fhir_server

from gpa_tui.records.appointment import Stage
from gpa_tui.records.event import Exported, SyncSetUp
from gpa_tui.session import acts
from gpa_tui.session.registry import Registry
from gpa_tui.store.practice import Practice

Run = Callable[..., tuple[int, str, str]]


def setups(practice: Practice) -> list[SyncSetUp]:
    with closing(Registry(a_bench(practice, by=ADMINISTRATOR))) as registry:
        registry.read()
        return [one.data for one in registry.standing.events if isinstance(one.data, SyncSetUp)]


def test_it_is_asked_what_it_does_kept_without_the_secret_and_recorded(
    run: Run, practice: Practice, secret: Path, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.touch(mode=0o600)
    token.write_text("s3cret\n")
    with fhir_server("--token", "s3cret") as server:
        words = ("sync", "setup", server.url, "--auth", "bearer", "--token-file", token)
        status, said, _ = run(
            "--home", practice.home, *words, "--staff", "lwong", "--passphrase-file", secret
        )
        assert status == 0
        assert "claims can be offered" in said
        status, said, _ = run("--home", practice.home, "sync", "check")
        assert (status, "Our ids are kept." in said) == (0, True)
    kept = practice.home / "sync.toml"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "s3cret" not in kept.read_text("utf-8")
    (recorded,) = setups(practice)
    assert (recorded.url, recorded.auth) == (server.url, "bearer")
    assert "s3cret" not in recorded.model_dump_json()


def test_only_an_administrator_sets_a_server_up(run: Run, practice: Practice, secret: Path) -> None:
    with fhir_server() as server:
        words = ("sync", "setup", server.url, "--staff", "mokafor", "--passphrase-file", secret)
        status, _, wrong = run("--home", practice.home, *words)
    assert (status, "may not" in wrong) == (1, True)
    assert not (practice.home / "sync.toml").exists()
    assert setups(practice) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("http://fhir.example.org/R4",), "is not encrypted: https:// only"),
        (("fhir.example.org",), "is no web address"),
        (("https://u:p@fhir.example.org",), "has more than an address in it"),
        (("https://fhir.example.org", "--auth", "bearer"), "--auth bearer needs --token-file"),
        (("https://fhir.example.org", "--certificate-file", "x"), "go together"),
        (("http://127.0.0.1:9/R4",), "was not reached"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_kept(
    run: Run, practice: Practice, secret: Path, words: tuple[str, ...], says: str
) -> None:
    who = ("--staff", "lwong", "--passphrase-file", secret)
    status, _, wrong = run("--home", practice.home, "sync", "setup", *words, *who)
    assert (status, says in wrong) == (1, True), wrong
    assert not (practice.home / "sync.toml").exists()


def test_check_without_a_server_says_how_to_set_one_up(run: Run, practice: Practice) -> None:
    status, _, wrong = run("--home", practice.home, "sync", "check")
    assert (status, "gpa-tui sync setup URL" in wrong) == (1, True)
    (practice.home / "sync.toml").write_text('url = "ftp://x"\n')
    status, _, wrong = run("--home", practice.home, "sync", "check")
    assert (status, "sync.toml: url" in wrong or "is no web address" in wrong) == (1, True), wrong


def test_a_date_is_sent_by_who_may_export_it_and_its_log_says_so_first(
    run: Run, practice: Practice, secret: Path
) -> None:
    desk = a_desk(practice, FIRST)
    desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.ARRIVED))
    desk.close()
    who = ("--passphrase-file", secret, "--date", DATE.isoformat())
    home = ("--home", practice.home)
    status, _, wrong = run(*home, "sync", "send", "--staff", "npatel", *who)
    assert (status, "No server is set up here." in wrong) == (1, True)
    with fhir_server() as server:
        run(*home, "sync", "setup", server.url, "--staff", "lwong", "--passphrase-file", secret)
        status, said, _ = run(*home, "sync", "status", "--staff", "npatel", *who)
        assert (status, "0 there, 0 refused, 2 to be sent" in said) == (0, True), said
        status, _, wrong = run(*home, "sync", "send", "--staff", "mokafor", *who)
        assert (status, "may not" in wrong) == (1, True)
        status, said, _ = run(*home, "sync", "send", "--staff", "npatel", *who)
        assert (status, "0 refused, 0 left" in said) == (0, True), said
        kinds = sorted(one["resourceType"] for one in server.dump())
        assert kinds[-1] == "Encounter"
        assert "AuditEvent" in kinds
    with closing(a_desk(practice)) as desk:
        (exported,) = (one.data for one in desk.day.events if isinstance(one.data, Exported))
        assert (exported.what, exported.file) == ("FHIR resources", server.url)


def test_a_server_that_went_away_leaves_the_date_for_later(
    run: Run, practice: Practice, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gpa_tui.commands_sync.time.sleep", lambda _: None)
    a_desk(practice, FIRST).close()
    desk = a_desk(practice)
    desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.ARRIVED))
    desk.close()
    home = ("--home", practice.home)
    with fhir_server() as server:
        run(*home, "sync", "setup", server.url, "--staff", "lwong", "--passphrase-file", secret)
    who = ("--staff", "npatel", "--passphrase-file", secret, "--date", DATE.isoformat())
    status, said, _ = run(*home, "sync", "send", *who)
    assert status == 1
    assert "It did not go on: The server was not reached" in said
    assert "0 sent" in said
