"""What is half typed: kept whole for one person, date, patient and form, and dropped when emptied."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store.journals import Disk

from gpa_tui.errors import NotSaved
from gpa_tui.records.base import AppointmentId, StaffId
from gpa_tui.store.drafts import Draft, Drafts

STAFF, OTHER = StaffId("mokafor"), StaffId("npatel")
DATE = "2026-11-23"
KEY = bytes(32)
APPOINTMENT = AppointmentId("appointment-1")


def a_draft(text: str = "half", **changed: str) -> Draft:
    key = {"staff": STAFF, "date": DATE, "appointment": APPOINTMENT, "form": "plan"}
    return Draft.model_validate(key | changed | {"text": text})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "drafts"


@pytest.fixture
def drafts(folder: Path) -> Drafts:
    return Drafts(folder, KEY)


def test_what_was_half_typed_comes_back(drafts: Drafts, folder: Path) -> None:
    drafts.save(a_draft("chest pain\n“since Tuesday”"))
    for again in (drafts, Drafts(folder, KEY)):
        assert again.load(a_draft("")).text == "chest pain\n“since Tuesday”"


def test_the_newest_text_is_what_is_kept(drafts: Drafts) -> None:
    drafts.save(a_draft("one"))
    drafts.save(a_draft("two"))
    assert drafts.load(a_draft("")).text == "two"
    assert len(drafts.of(STAFF, DATE)) == 1


@pytest.mark.parametrize(
    ("part", "other"),
    [("staff", "npatel"), ("date", "2026-11-24"), ("appointment", "appointment-2"), ("form", "prep")],
)
def test_drafts_that_differ_in_one_part_are_apart(drafts: Drafts, part: str, other: str) -> None:
    drafts.save(a_draft("mine"))
    drafts.save(a_draft("other", **{part: other}))
    assert drafts.load(a_draft("")).text == "mine"
    drafts.save(a_draft("", **{part: other}))
    assert drafts.load(a_draft("")).text == "mine"


def test_a_person_gets_their_own_drafts_of_that_date(drafts: Drafts) -> None:
    mine = [a_draft("one"), a_draft("two", form="prep"), a_draft("three", appointment="appointment-2")]
    for draft in (*mine, a_draft("x", staff=OTHER), a_draft("y", date="2026-11-22")):
        drafts.save(draft)
    assert sorted(draft.text for draft in drafts.of(STAFF, DATE)) == ["one", "three", "two"]
    assert [draft.text for draft in drafts.of(OTHER, DATE)] == ["x"]


def test_an_emptied_draft_is_dropped(drafts: Drafts, folder: Path) -> None:
    drafts.save(a_draft())
    drafts.save(a_draft(""))
    assert drafts.load(a_draft("")).text == ""
    assert list(folder.iterdir()) == []


def test_dropping_what_was_never_kept_does_nothing(drafts: Drafts, folder: Path) -> None:
    drafts.save(a_draft(""))
    assert not folder.exists()
    assert drafts.of(STAFF, DATE) == []
    assert drafts.load(a_draft("")).text == ""


def test_a_draft_is_in_a_private_file_that_does_not_name_the_patient(drafts: Drafts, folder: Path) -> None:
    drafts.save(a_draft())
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert APPOINTMENT not in file.name
    content = file.read_bytes()
    assert not any(word in content for word in (b"half", APPOINTMENT.encode(), STAFF.encode()))


def test_nobody_else_opens_a_draft_and_none_opens_under_another_name(drafts: Drafts, folder: Path) -> None:
    drafts.save(a_draft())
    others = Drafts(folder, bytes([1]) * 32)
    assert others.of(STAFF, DATE) == []
    assert others.load(a_draft("")).text == ""
    (file,) = folder.iterdir()
    file.rename(folder / f"{'0' * 32}.draft")
    assert drafts.of(STAFF, DATE) == []


def test_the_old_text_stands_when_the_new_one_cannot_be_kept(
    drafts: Drafts, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts.save(a_draft("old"))
    Disk(monkeypatch, "fsync").refuses = lambda call: call == 1
    with pytest.raises(NotSaved, match="No space") as refused:
        drafts.save(a_draft("new"))
    assert "Do not close" in refused.value.remedy
    assert drafts.load(a_draft("")).text == "old"
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("content", [b"", b"{", b"null", b'{"staff":1}', b"\xff"])
def test_a_draft_that_cannot_be_read_is_passed_over(drafts: Drafts, folder: Path, content: bytes) -> None:
    drafts.save(a_draft())
    (file,) = folder.iterdir()
    file.write_bytes(content)
    assert drafts.load(a_draft("")).text == ""
    assert drafts.of(STAFF, DATE) == []


@given(text=st.text(min_size=1), form=st.text(max_size=20), appointment=st.text(max_size=20))
def test_any_words_come_back(
    tmp_path_factory: pytest.TempPathFactory, text: str, form: str, appointment: str
) -> None:
    drafts = Drafts(tmp_path_factory.getbasetemp() / "any-words", KEY)
    drafts.save(a_draft(text, form=form, appointment=appointment))
    assert drafts.load(a_draft("", form=form, appointment=appointment)).text == text
    drafts.save(a_draft("", form=form, appointment=appointment))
    assert drafts.load(a_draft("", form=form, appointment=appointment)).text == ""
