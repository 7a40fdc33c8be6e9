"""`gpa-tui sync setup` and `check` against a FHIR server we did not write: who may, what is kept."""

from __future__ import annotations

import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from clinic import ADMINISTRATOR, a_bench
from real.fhir_server import fhir_server

from gpa_tui.records.event import SyncSetUp
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
        (("https://fhir.example.org", "--auth", "bearer"), "auth bearer needs token_file"),
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
