"""A copy taken while the store is in use opens with the same passphrases; nothing is written over."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from clinic import (
    DATE,
    FIRST,
    GPA,
    SECOND,
    a_bench,
    a_desk,
    keys_of,
)
from store.test_processes import command

from gpa_tui.errors import StoreUnusable
from gpa_tui.output.verify_text import verified
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.event import LogViewed, Said
from gpa_tui.session.admission import open_day
from gpa_tui.session.registry import Registry
from gpa_tui.store.backup import back_up, restore
from gpa_tui.store.drafts import Draft
from gpa_tui.store.practice import Practice

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def worked_on(practice: Practice) -> Practice:
    a_desk(practice, FIRST, SECOND).close()
    bench = a_bench(practice)
    with closing(Registry(bench)) as registry:
        open_day(bench, registry, DATE).close()
    practice.drafts(bench.keys).save(half_typed())
    return practice


def restored(file: Path, home: Path) -> Practice:
    return restore(file, home, lambda *_: None)


def half_typed() -> Draft:
    return Draft(staff=GPA.staff, date="2026-11-23", appointment=AppointmentId("a"), form="plan", text="half")


def test_a_restored_store_has_every_entry_and_draft_and_an_origin_of_its_own(
    worked_on: Practice, tmp_path: Path
) -> None:
    file = tmp_path / "copy.tar"
    assert back_up(worked_on, file) == file.stat().st_size
    assert file.stat().st_mode & 0o777 == 0o600
    before: list[str] = []
    again = restore(file, tmp_path / "again", lambda _, origin: before.append(origin))
    assert before == [worked_on.info.origin]
    assert again.info.practice == worked_on.info.practice
    assert again.info.origin != worked_on.info.origin
    with closing(a_desk(worked_on)) as ours, closing(a_desk(again)) as theirs:
        assert theirs.day == ours.day
        (event,) = theirs.do(lambda _: [Said(data=LogViewed())])
        assert event.origin == again.info.origin
        assert event.seq == 1, "each origin counts its own"
    assert again.drafts(keys_of(again, GPA)).of(GPA.staff, "2026-11-23") == [half_typed()]
    assert verified(again, keys_of(again, GPA))[1]


def test_a_copy_holds_no_words_in_clear(worked_on: Practice, tmp_path: Path) -> None:
    file = tmp_path / "copy.tar"
    back_up(worked_on, file)
    content = file.read_bytes()
    assert not any(word in content for word in (b"OKONKWO", b"Okonkwo", b"Back pain", b"half"))


def test_a_copy_taken_while_others_write_is_whole(worked_on: Practice, tmp_path: Path) -> None:
    acknowledged = tmp_path / "acknowledged"
    with subprocess.Popen(command(worked_on, "race", 3, 60, acknowledged)) as writers:
        copies = 0
        while writers.poll() is None:
            copies += 1
            back_up(worked_on, tmp_path / f"{copies}.tar")
        assert writers.returncode == 0
    assert copies > 1
    for copy in range(1, copies + 1):
        again = restored(tmp_path / f"{copy}.tar", tmp_path / f"again-{copy}")
        assert verified(again, keys_of(again, GPA))[1]


def test_a_torn_tail_is_not_copied(worked_on: Practice, tmp_path: Path) -> None:
    journal = worked_on.home / "clinics" / f"{DATE}.journal"
    whole = journal.read_bytes().rstrip(b"\0")
    journal.write_bytes(whole + b'{"n":9')
    back_up(worked_on, tmp_path / "copy.tar")
    again = restored(tmp_path / "copy.tar", tmp_path / "again")
    assert (again.home / "clinics" / journal.name).read_bytes() == whole


def test_nothing_is_written_over(worked_on: Practice, tmp_path: Path) -> None:
    file = tmp_path / "copy.tar"
    back_up(worked_on, file)
    with pytest.raises(StoreUnusable, match="is there already"):
        back_up(worked_on, file)
    before = sorted(path.read_bytes() for path in worked_on.home.rglob("*") if path.is_file())
    with pytest.raises(StoreUnusable, match="is not an empty folder"):
        restored(file, worked_on.home)
    assert sorted(path.read_bytes() for path in worked_on.home.rglob("*") if path.is_file()) == before


def archive(path: Path, *members: tuple[str, bytes], link: str = "") -> None:
    with tarfile.open(path, "w") as made:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            if link:
                member.type, member.linkname, member.size = tarfile.SYMTYPE, link, 0
            made.addfile(member, io.BytesIO(content))


@pytest.mark.parametrize(
    "name",
    [
        "../outside.journal",
        "/etc/passwd",
        "clinics/../../outside.journal",
        "clinics/x.txt",
        "clinics/.hidden.journal",
        "other.json",
    ],
)
def test_an_archive_that_would_write_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "evil.tar"
    archive(file, (name, b"x"))
    with pytest.raises(StoreUnusable, match="it is not a backup"):
        restored(file, tmp_path / "again")
    assert [path.name for path in tmp_path.iterdir()] == ["evil.tar"]


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "evil.tar"
    archive(file, ("store.json", b""), link="/etc/passwd")
    with pytest.raises(StoreUnusable, match="it is not a backup"):
        restored(file, tmp_path / "again")


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\0" * 1024])
def test_what_is_no_backup_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "copy.tar"
    file.write_bytes(content)
    with pytest.raises(StoreUnusable, match="cannot be restored"):
        restored(file, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_at_the_command_line_both_are_in_the_log(
    run: Run, worked_on: Practice, tmp_path: Path, secret: Path
) -> None:
    file, again = tmp_path / "copy.tar", tmp_path / "again"
    who = ("--staff", "lwong", "--passphrase-file", secret)
    assert run("--home", worked_on.home, "backup", file, *who)[0] == 0
    assert run("--home", again, "restore", file, *who)[0] == 0
    with closing(Registry(a_bench(Practice(again)))) as registry:
        registry.read()
        assert [event.kind for event in registry.standing.events][-2:] == ["backed_up", "restored"]
    assert (
        run("--home", worked_on.home, "backup", tmp_path / "no.tar", "--staff", "mokafor", *who[2:])[0] == 1
    )
    assert not (tmp_path / "no.tar").exists()


def test_a_restore_that_is_not_signed_leaves_nothing(
    run: Run, worked_on: Practice, tmp_path: Path, secret: Path
) -> None:
    file, other = tmp_path / "copy.tar", tmp_path / "other"
    back_up(worked_on, file)
    other.write_text("not it\n")
    other.chmod(0o600)
    home = tmp_path / "again"
    assert run("--home", home, "restore", file, "--staff", "lwong", "--passphrase-file", other)[0] == 1
    assert not home.exists()
    assert run("--home", home, "restore", file, "--staff", "lwong", "--passphrase-file", secret)[0] == 0
    (home / "clinics" / f"{DATE}.journal").unlink()
    assert not verified(Practice(home), None)[1], "the days that were restored are anchored"


def test_a_copy_that_was_cut_is_no_copy(worked_on: Practice, tmp_path: Path) -> None:
    file = tmp_path / "copy.tar"
    back_up(worked_on, file)
    with tarfile.open(file) as archive:
        starts = [member.offset for member in archive]
    whole = file.read_bytes()
    for start in starts[1:]:
        file.write_bytes(whole[:start])
        with pytest.raises(StoreUnusable, match="cannot be restored"):
            restored(file, tmp_path / "new")
        assert not (tmp_path / "new").exists()


def test_a_damaged_record_of_people_can_still_be_copied_and_restored(
    run: Run, worked_on: Practice, tmp_path: Path, secret: Path
) -> None:
    path = worked_on.home / "standing.journal"
    path.write_bytes(path.read_bytes().replace(b'"n":1,', b'"n":4,', 1))
    who = ("--staff", "npatel", "--passphrase-file", secret)
    file, home = tmp_path / "copy.tar", tmp_path / "new"
    assert run("--home", worked_on.home, "backup", file, *who)[0] == 0
    assert run("--home", home, "restore", file, *who)[0] == 0
    assert (home / "standing.journal").read_bytes().rstrip(b"\0") == path.read_bytes().rstrip(b"\0")


def test_a_store_of_a_group_is_restored_for_the_group(worked_on: Practice, tmp_path: Path) -> None:
    with (worked_on.home / "practice.toml").open("a") as settings:
        settings.write("shared_with_group = true\n")
    back_up(worked_on, tmp_path / "copy.tar")
    home = restored(tmp_path / "copy.tar", tmp_path / "new").home
    assert {path.stat().st_mode & 0o070 for path in home.rglob("*") if path.is_file()} <= {0o060}
