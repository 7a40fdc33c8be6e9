"""Attached files: sealed, known again, whole after a full disk, and in a backup."""

from __future__ import annotations

import hashlib
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from clinic import FIRST, GP, GPA, a_bench, a_desk, keys_of
from store.journals import Disk

from gpa_tui.errors import NotSaved, StoreUnusable
from gpa_tui.records.base import PatientId
from gpa_tui.session.registry import Registry
from gpa_tui.store.attachments import ATTACHMENTS, Attachments, Label
from gpa_tui.store.backup import back_up, restore
from gpa_tui.store.practice import Practice

CONTENT = b"\x00\x01SCP\n" * 5000
LABEL = Label(
    file_name="grace.scp",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    patient=PatientId("patient-okonkwo"),
    patient_name="OKONKWO, Grace",
    date=date(2026, 11, 23),
    by="M Okafor",
)


@pytest.fixture
def files(practice: Practice) -> Attachments:
    return practice.attachments(keys_of(practice, GPA))


def on_disk(practice: Practice) -> list[Path]:
    return sorted((practice.home / ATTACHMENTS).iterdir())


def test_a_file_is_kept_sealed_and_given_back_whole(practice: Practice, files: Attachments) -> None:
    name, _ = files.keep(CONTENT, LABEL)
    (path,) = on_disk(practice)
    assert path.name == name
    assert path.stat().st_mode & 0o777 == 0o600
    sealed = path.read_bytes()
    assert b"SCP" not in sealed
    assert b"OKONKWO" not in sealed
    assert LABEL.sha256[:16] not in name
    assert files.read(name) == CONTENT


def test_the_same_content_is_known_again_whoever_asks(practice: Practice, files: Attachments) -> None:
    assert files.filed_before(CONTENT) is None
    name, _ = files.keep(CONTENT, LABEL)
    others = practice.attachments(keys_of(practice, GP))
    assert others.filed_before(CONTENT) == LABEL
    assert others.filed_before(CONTENT + b".") is None
    assert others.keep(CONTENT, LABEL.model_copy(update={"by": "Dr N Patel"})) == (name, False)
    assert others.filed_before(CONTENT) == LABEL  # the first to file it stays named
    assert len(on_disk(practice)) == 1


def test_a_file_that_was_altered_or_is_gone_is_not_given(practice: Practice, files: Attachments) -> None:
    name, _ = files.keep(CONTENT, LABEL)
    (path,) = on_disk(practice)
    sealed = bytearray(path.read_bytes())
    sealed[100] ^= 1
    path.write_bytes(bytes(sealed))
    with pytest.raises(StoreUnusable, match="not as it was filed"):
        files.read(name)
    path.unlink()
    with pytest.raises(StoreUnusable, match="cannot be read"):
        files.read(name)
    with pytest.raises(StoreUnusable, match="no name"):
        files.read("../store.json")


def test_a_full_disk_leaves_nothing_and_says_so(
    practice: Practice, files: Attachments, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch, "fsync")
    disk.calls, disk.refuses = 0, lambda _: True
    with pytest.raises(NotSaved, match="was not attached: No space left"):
        files.keep(CONTENT, LABEL)
    assert on_disk(practice) == []
    disk.refuses = lambda _: False
    assert files.read(files.keep(CONTENT, LABEL)[0]) == CONTENT


def test_a_backup_has_it(practice: Practice, files: Attachments, tmp_path: Path) -> None:
    a_desk(practice, FIRST).close()
    with closing(Registry(a_bench(practice))):
        pass
    name, _ = files.keep(CONTENT, LABEL)
    back_up(practice, tmp_path / "copy.tar")
    again = restore(tmp_path / "copy.tar", tmp_path / "again", lambda *_: None)
    assert again.attachments(keys_of(again, GPA)).read(name) == CONTENT
