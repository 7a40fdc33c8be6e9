"""`gpa-tui doctor`: what is well is said, what is not has its remedy, and nothing is altered."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from clinic import DATE, FIRST, a_desk

from gpa_tui import doctor
from gpa_tui.store.practice import Practice


@pytest.fixture
def home(practice: Practice) -> Path:
    a_desk(practice, FIRST).close()
    return practice.home


def now() -> datetime:
    return datetime.now(UTC)


def journal(home: Path) -> Path:
    return home / "clinics" / f"{DATE}.journal"


def contents(home: Path) -> dict[Path, bytes]:
    """Every file but the locks, which say who has them open."""
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file() and path.suffix != ".lock"}


def test_a_store_as_it_should_be(home: Path) -> None:
    before = contents(home)
    report = doctor.examine(home, now())
    assert report.well, report.lines
    said = "\n".join(report.lines)
    for words in (
        "by you alone",
        "Locks hold",
        "A flush takes",
        "no entry is later",
        "MB are free",
        "half typed",
    ):
        assert words in said
    assert "4 people can sign in" in said
    assert "2 journals, every line signed" in said
    assert contents(home) == before


def cut_short(home: Path) -> None:
    journal(home).write_bytes(journal(home).read_bytes().rstrip(b"\0")[:-40] + b"\n")


def half_written(home: Path) -> None:
    journal(home).write_bytes(journal(home).read_bytes().rstrip(b"\0") + b'{"n":')


def put_aside(home: Path) -> None:
    (home / "clinics" / "2026-11-22.900.torn").touch(mode=0o600)


def ahead(home: Path) -> None:
    later = (now() + timedelta(hours=2)).timestamp()
    os.utime(journal(home), (later, later))


def half_typed(home: Path) -> None:
    (home / "drafts" / f"{'0' * 32}.draft").touch(mode=0o600)


@pytest.mark.parametrize(
    ("harm", "line"),
    [
        (lambda home: journal(home).chmod(0o644), "BAD  .*chmod 0600 "),
        (lambda home: (home / "drafts").chmod(0o755), "BAD  .*chmod 0700 "),
        (cut_short, "BAD  .*line 2 is not a commit"),
        (half_written, "note .*ends in an entry that was never saved"),
        (put_aside, "note .*torn holds what a crash left"),
        (ahead, "BAD  The clock is .* behind the newest entry: set it"),
        (half_typed, "note 1 forms are half typed"),
        (lambda home: (home / "keys.json").write_text("{"), "BAD  .*keys.json, cannot be read"),
        (lambda home: (home / "practice.toml").unlink(), "BAD  modes: .*practice.toml"),
    ],
)
def test_what_is_not_well_is_named_with_its_remedy(
    home: Path, harm: Callable[[Path], None], line: str
) -> None:

    harm(home)
    report = doctor.examine(home, now())
    assert any(re.match(line, one) for one in report.lines), report.lines
    assert report.well is line.startswith("note")


def test_a_disk_that_is_nearly_full_and_one_that_flushes_too_fast_are_named(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stand-ins: what the disk says of itself."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1024))
    monkeypatch.setattr(os, "fsync", lambda _: None)
    said = "\n".join(doctor.examine(home, now()).lines)
    assert "BAD  0 MB are free on the store's disk: make room" in said
    assert "this disk most likely does not write through" in said


def test_where_the_downtime_pack_goes_is_looked_at(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "downtime"
    with (home / "practice.toml").open("a") as settings:
        settings.write(f'\n[downtime]\nfolder = "{folder}"\n')

    def said() -> str:
        return next(line for line in doctor.examine(home, now()).lines if "downtime pack" in line)

    assert (
        said() == f"BAD  The downtime pack cannot go to {folder}: it is not there, or not ours to write in."
    )
    folder.mkdir(mode=0o700)
    assert said() == f"ok   The downtime pack goes to {folder}."
    folder.chmod(0o777)
    assert f"chmod 0700 {folder}" in said()
    assert said().startswith("note ")


def test_no_store_says_how_to_make_one(tmp_path: Path) -> None:
    report = doctor.examine(tmp_path, now())
    assert not report.well
    assert "gpa-tui init" in report.lines[0]


def test_a_doctor_at_work_or_killed_at_it_shuts_nobody_out(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, opened = os.fsync, []

    def looked_at(descriptor: int) -> None:
        opened.append(Practice(home))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", looked_at)
    assert doctor.examine(home, now()).well
    assert opened
    left = home / ".flush-probe.999999.new"
    left.touch(0o600)
    Practice(home)
    assert not left.exists()


def test_a_missing_lock_is_not_made_by_looking(home: Path) -> None:
    lock = journal(home).with_suffix(".lock")
    lock.unlink()
    assert doctor.examine(home, now()).well
    assert not lock.exists()


def test_what_is_closed_to_the_group_that_the_practice_set_up_is_named(home: Path) -> None:
    with (home / "practice.toml").open("a") as file:
        file.write("shared_with_group = true\n")
    report = doctor.examine(home, now())
    wrong = [line for line in report.lines if "is closed to the group" in line]
    assert any("keys.json" in line for line in wrong)
    for line in wrong:
        mode, path = line.partition(": chmod ")[2].split()
        Path(path).chmod(int(mode, 8))
    assert doctor.examine(home, now()).well
