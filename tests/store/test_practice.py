"""A practice's store: made whole or not at all, opened or refused in words, signed in to."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import stat
import subprocess
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from clinic import DATE, NINE, PASSPHRASE, PEOPLE, SETTINGS, a_desk, a_practice
from store.journals import Disk

from gpa_tui.doctor import examine
from gpa_tui.errors import GpaTuiError, NewerFormat, SettingsError, SignInRefused, StoreUnusable
from gpa_tui.output.verify_text import verified
from gpa_tui.records.base import StaffId
from gpa_tui.store.practice import Practice, create_practice
from gpa_tui.store.vault import Keyring


def bare(home: Path) -> Practice:
    """A store without people."""
    return create_practice(home, SETTINGS, (), demo=True)[0]


def signed_in(practice: Practice, staff: str, passphrase: str, now: datetime = NINE) -> Keyring:
    return practice.unlock(StaffId(staff), passphrase, terminal="room2", now=now)


# ── made whole or not at all ──────────────────────────────────────────────────────────────────


def test_a_new_store_holds_what_it_was_given(tmp_path: Path) -> None:
    made = a_practice(tmp_path)
    assert made.settings.name == "Elm Tree Surgery"
    assert [entry.member for entry in made.roster.staff] == [member for member, _ in PEOPLE]
    assert made.info.demo
    assert made.days() == []
    assert [path.stem for path in made.journals()] == ["standing"]


def test_a_new_store_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        home = bare(tmp_path / "new" / "practice").home
    finally:
        os.umask(before)
    modes = {str(path.relative_to(home)): stat.S_IMODE(path.stat().st_mode) for path in home.rglob("*")}
    assert modes == {
        "attachments": 0o700,
        "clinics": 0o700,
        "drafts": 0o700,
        "store.json": 0o600,
        "keys.json": 0o600,
        "practice.toml": 0o600,
    }
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_two_stores_are_never_the_same_practice_or_origin(tmp_path: Path) -> None:
    one, other = bare(tmp_path / "one").info, bare(tmp_path / "other").info
    assert len({one.practice, other.practice, one.origin, other.origin}) == 4


def test_no_passphrase_and_no_private_key_is_on_the_disk(tmp_path: Path) -> None:
    home = a_practice(tmp_path).home
    keys = signed_in(Practice(home), "mokafor", PASSPHRASE)
    private = keys.own.private.private_bytes_raw()
    device = keys.device.private.private_bytes_raw()
    secrets = [PASSPHRASE.encode(), private, device, keys.drafts, *keys.epochs.values()]
    in_clear = [
        *secrets,
        *(base64.b64encode(one) for one in secrets),
        *(one.hex().encode() for one in secrets),
    ]
    for path in home.rglob("*"):
        if path.is_file():
            assert not any(secret in path.read_bytes() for secret in in_clear), path
    salts = [entry.slot.salt for entry in Practice(home).roster.staff if entry.slot]
    assert len(set(salts)) == len(PEOPLE), "each has a salt of its own"


def test_an_empty_folder_may_be_there_already(tmp_path: Path) -> None:
    home = tmp_path / "practice"
    home.mkdir(mode=0o755)
    bare(home)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "store.json"])
def test_a_folder_with_anything_in_it_is_refused_and_left_alone(tmp_path: Path, name: str) -> None:
    home = tmp_path / "practice"
    home.mkdir()
    (home / name).write_text("mine")
    with pytest.raises(StoreUnusable, match="is not an empty folder") as refused:
        bare(home)
    assert "--home" in refused.value.remedy
    assert [(path.name, path.read_text()) for path in home.iterdir()] == [(name, "mine")]
    assert list(tmp_path.iterdir()) == [home]


@pytest.mark.parametrize("there_before", [False, True], ids=["no folder", "an empty folder"])
def test_a_disk_that_says_no_at_any_moment_leaves_no_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there_before: bool
) -> None:
    home = tmp_path / "practice"
    if there_before:
        home.mkdir()
    flush = Disk(monkeypatch, "fsync")
    flushes = 11  # three files, each with its folder; the four folders, and the one they are in
    for nth in range(1, flushes + 1):
        flush.calls, flush.refuses = 0, nth.__eq__
        with pytest.raises(StoreUnusable, match="No space left"):
            bare(home)
        assert list(tmp_path.iterdir()) == ([home] if there_before else [])
        assert not (home / "store.json").exists()
    flush.calls, flush.refuses = 0, lambda _: False
    bare(home)
    assert flush.calls == flushes


def test_settings_that_cannot_be_read_leave_no_store(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="name"):
        create_practice(tmp_path / "practice", "", (), demo=True)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_making_leaves_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        bare(tmp_path / "practice")
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_the_folder_should_be_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "practice").write_text("mine")
    with pytest.raises(StoreUnusable):
        bare(tmp_path / "practice")


def test_the_folder_one_is_in_can_be_named_with_a_dot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with contextlib.suppress(GpaTuiError):
        bare(Path())


# ── opened, or refused in words ───────────────────────────────────────────────────────────────


def changed_info(home: Path, **fields: Any) -> None:
    file = home / "store.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | fields))


def test_no_store_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="There is no practice in") as refused:
        Practice(tmp_path)
    assert "gpa-tui init" in refused.value.remedy


def test_a_newer_store_opens_and_says_that_nothing_may_be_added(tmp_path: Path) -> None:
    home = bare(tmp_path / "practice").home
    assert Practice(home).newer is None
    changed_info(home, format=2)
    assert "has format 2, this version writes format 1" in str(Practice(home).newer)


def test_a_newer_list_of_people_is_read_and_never_written(tmp_path: Path) -> None:
    practice = bare(tmp_path / "practice")
    file = practice.home / "keys.json"
    file.write_text(file.read_text().replace('"format": 1', '"format": 2', 1))
    before = file.read_bytes()
    with pytest.raises(NewerFormat, match=r"keys\.json has format 2"):
        practice.write_next_roster(practice.roster)
    assert file.read_bytes() == before
    assert practice.next_roster() is None


def test_an_old_demo_says_what_to_do_with_it(tmp_path: Path) -> None:
    home = bare(tmp_path / "practice").home
    changed_info(home, format=0)
    with pytest.raises(StoreUnusable, match="has format 0") as refused:
        Practice(home)
    assert "delete the folder" in refused.value.remedy


DAMAGED: dict[str, Callable[[Path], Any]] = {
    "store.json is cut off": lambda home: (home / "store.json").write_text('{"format'),
    "store.json lacks a field": lambda home: (home / "store.json").write_text("{}"),
    "keys.json is cut off": lambda home: (home / "keys.json").write_text("{"),
    "keys.json is gone": lambda home: (home / "keys.json").unlink(),
    "practice.toml is gone": lambda home: (home / "practice.toml").unlink(),
}


@pytest.mark.parametrize("how", DAMAGED)
def test_a_damaged_store_is_refused_in_words(tmp_path: Path, how: str) -> None:
    home = bare(tmp_path / "practice").home
    DAMAGED[how](home)
    with pytest.raises((StoreUnusable, SettingsError)) as refused:
        signed_in(Practice(home), "mokafor", PASSPHRASE)
    assert refused.value.remedy


def test_days_are_the_dates_that_have_a_journal_oldest_first(tmp_path: Path) -> None:
    made = a_practice(tmp_path)
    for on in (date(2026, 11, 24), DATE):
        a_desk(made, on=on).close()
    assert made.days() == [DATE, date(2026, 11, 24)]
    assert made.has_day(DATE)
    assert not made.has_day(date(2026, 11, 25))
    names = ["standing", "2026-11-23", "2026-11-24"]
    assert [path.stem for path in made.journals()] == names


def test_a_file_that_is_not_a_dates_journal_is_passed_over(tmp_path: Path) -> None:
    made = a_practice(tmp_path)
    a_desk(made).close()
    (made.home / "clinics" / "2026-11-23 (copy).journal").touch()
    assert made.days() == [DATE]


def test_a_journal_that_cannot_be_opened_is_refused_in_words(tmp_path: Path) -> None:
    made = a_practice(tmp_path)
    (made.home / "clinics" / f"{DATE}.journal").mkdir()
    with pytest.raises(StoreUnusable, match="cannot be opened"):
        a_desk(made)


# ── signing in ────────────────────────────────────────────────────────────────────────────────


def test_the_right_passphrase_gives_the_person_and_their_keys(tmp_path: Path) -> None:
    made = a_practice(tmp_path)
    for member, passphrase in PEOPLE[:2]:
        keys = signed_in(made, member.id, passphrase)
        assert keys.member == member
        assert keys.epoch == 1


def test_a_refusal_does_not_say_whether_name_or_passphrase_was_wrong(tmp_path: Path) -> None:
    made = a_practice(tmp_path)
    sentences = set()
    for minutes, (staff, passphrase) in enumerate(
        (
            ("mokafor", "blue window"),
            ("mokafor", ""),
            ("mokafor", f"{PASSPHRASE} "),
            ("mokafor", PASSPHRASE.upper()),
            ("nobody", PASSPHRASE),
            ("", ""),
        )
    ):
        with pytest.raises(SignInRefused) as refused:
            signed_in(made, staff, passphrase, NINE + timedelta(minutes=10 * minutes))
        sentences.add(str(refused.value))
    assert len(sentences) == 1


@pytest.mark.parametrize("field", ["salt", "sealed"])
def test_a_damaged_slot_lets_nobody_in(tmp_path: Path, field: str) -> None:
    made = a_practice(tmp_path)
    file = made.home / "keys.json"
    roster = json.loads(file.read_text())
    for broken in ("", "?", base64.b64encode(bytes(40)).decode()):
        roster["staff"][0]["slot"][field] = broken
        file.write_text(json.dumps(roster))
        with pytest.raises((SignInRefused, StoreUnusable)):
            signed_in(made, "mokafor", PASSPHRASE, NINE + timedelta(hours=len(broken)))


def test_several_wrong_passphrases_make_the_next_wait_and_are_noted(tmp_path: Path) -> None:
    made, now = a_practice(tmp_path), NINE
    for _ in range(3):
        with pytest.raises(SignInRefused, match="do not go together"):
            signed_in(made, "mokafor", "wrong", now)
    with pytest.raises(SignInRefused, match="3 wrong passphrases") as refused:
        signed_in(made, "mokafor", PASSPHRASE, now)
    assert refused.value.remedy == "Wait 3 s, then try again."
    signed_in(made, "npatel", PASSPHRASE, now)  # another name does not wait
    with pytest.raises(SignInRefused, match="do not go together"):
        signed_in(made, "mokafor", "wrong", now + timedelta(seconds=3))
    with pytest.raises(SignInRefused, match="4 wrong passphrases"):
        signed_in(made, "mokafor", PASSPHRASE, now + timedelta(seconds=3))
    assert signed_in(made, "mokafor", PASSPHRASE, now + timedelta(seconds=8)).member.id == "mokafor"
    assert [one.name for one in made.refusals.waiting()] == ["mokafor"] * 4


# ── who may read the files ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["", "clinics", "drafts", "keys.json", "store.json", "standing.journal"])
@pytest.mark.parametrize("bit", [0o040, 0o004, 0o002])
def test_a_store_that_others_may_read_is_refused_until_it_is_mended(
    tmp_path: Path, name: str, bit: int
) -> None:
    home = a_practice(tmp_path).home
    path = home / name
    before = stat.S_IMODE(path.stat().st_mode)
    path.chmod(before | bit)
    with pytest.raises(StoreUnusable, match="may be read or written by others") as refused:
        Practice(home)
    assert "gpa-tui doctor" in refused.value.remedy
    report = examine(home, NINE)
    (wrong,) = [line for line in report.lines if "by others" in line]
    command = wrong.partition(": chmod ")[2].split()
    Path(command[1]).chmod(int(command[0], 8))
    Practice(home)


def test_a_practice_may_share_its_store_with_a_group(tmp_path: Path) -> None:
    home = a_practice(tmp_path).home
    (home / "practice.toml").write_text(f"{SETTINGS}shared_with_group = true\n")
    before = os.umask(0o077)
    try:
        a_desk(Practice(home)).close()
    finally:
        os.umask(before)
    journal = home / "clinics" / f"{DATE}.journal"
    assert stat.S_IMODE(journal.stat().st_mode) == 0o660
    journal.chmod(0o664)
    with pytest.raises(StoreUnusable, match="by others"):
        Practice(home)


def test_a_disk_whose_locks_do_not_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in: no mount with broken locks can be had here. Every lock says yes, as some shares do."""
    home = a_practice(tmp_path).home
    monkeypatch.setattr(fcntl, "flock", lambda *_: None)
    with pytest.raises(StoreUnusable, match="Locks do not hold on the disk") as refused:
        Practice(home)
    assert "local disk" in refused.value.remedy
    assert not list(home.glob(".lock-probe*"))


def test_what_a_killed_program_left_over_is_swept_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    home = a_practice(tmp_path).home
    with subprocess.Popen(["true"]) as ended:
        pass
    left, living = home / "drafts" / f".x.draft.{ended.pid}.new", home / f".keys.json.{os.getpid()}.new"
    for path in (left, living):
        path.touch(mode=0o600)
    Practice(home)
    assert not left.exists()
    assert living.exists()


def test_a_store_whose_first_entry_was_not_written_is_not_there(tmp_path: Path) -> None:
    def stopped(_: Practice) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        create_practice(tmp_path / "practice", SETTINGS, (), demo=True, begin=stopped)
    assert list(tmp_path.iterdir()) == []


# ── wrong passphrases: neither reset, nor outrun, nor turned into a lock-out ────────────────────


def test_a_sign_in_of_anybody_does_not_free_the_next_tries(tmp_path: Path) -> None:
    made = a_practice(tmp_path)
    for _ in range(3):
        with pytest.raises(SignInRefused, match="do not go together"):
            signed_in(made, "mokafor", "wrong", NINE)
    made.refusals.absorbed(made.refusals.waiting(), NINE)
    assert made.refusals.waiting() == []
    with pytest.raises(SignInRefused, match="3 wrong passphrases"):
        signed_in(made, "mokafor", PASSPHRASE, NINE)
    made.refusals.absorbed([], NINE + timedelta(minutes=15))
    assert not (made.home / "refused.jsonl").exists()


def test_tries_at_the_same_moment_come_one_after_another(tmp_path: Path) -> None:
    made = a_practice(tmp_path)

    def tried(_: int) -> str:
        with pytest.raises(SignInRefused) as refused:
            signed_in(made, "mokafor", "wrong", NINE)
        return refused.value.reason

    with ThreadPoolExecutor(8) as many:
        said = Counter(many.map(tried, range(12)))
    assert said["That name and passphrase do not go together."] == 3


def test_a_clock_that_was_ahead_locks_nobody_out(tmp_path: Path) -> None:
    made = a_practice(tmp_path)
    for _ in range(3):
        with pytest.raises(SignInRefused):
            signed_in(made, "mokafor", "wrong", NINE + timedelta(days=30))
    assert signed_in(made, "mokafor", PASSPHRASE, NINE)


def test_a_name_that_is_no_text_is_noted_all_the_same(tmp_path: Path) -> None:
    made = a_practice(tmp_path)
    with pytest.raises(SignInRefused):
        signed_in(made, "m\udcff", "wrong", NINE)
    assert len(made.refusals.waiting()) == 1


# ── files that are not as they should be ──────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["keys.json", "store.json"])
def test_no_changed_letter_of_a_file_of_the_store_is_a_fault_of_the_program(
    tmp_path: Path, name: str
) -> None:
    made = a_practice(tmp_path)
    file = made.home / name
    whole = file.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 150)):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        with contextlib.suppress(GpaTuiError):
            opened = Practice(made.home)
            verified(opened, None)
            signed_in(opened, "mokafor", PASSPHRASE, NINE + timedelta(hours=at))
        made.refusals.absorbed(made.refusals.waiting(), NINE + timedelta(days=400))


def test_a_file_named_after_no_date_is_no_day(tmp_path: Path) -> None:
    made = a_practice(tmp_path)
    (made.home / "clinics" / "2026-02-30.journal").touch(0o600)
    assert made.days() == []


def test_a_link_in_a_store_is_named_and_no_mode_is_advised_for_it(tmp_path: Path) -> None:
    made = a_practice(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    (made.home / "drafts").rename(elsewhere)
    (made.home / "drafts").symlink_to(elsewhere)
    with pytest.raises(StoreUnusable, match="drafts is a link"):
        Practice(made.home)


def test_a_store_may_be_reached_by_a_link(run: Any, tmp_path: Path) -> None:
    made = a_practice(tmp_path)
    (tmp_path / "link").symlink_to(made.home)
    status, said, _ = run("--home", tmp_path / "link", "log", "verify")
    assert (status, "All is as it was written." in said) == (0, True)
