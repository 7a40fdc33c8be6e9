"""Real disks that say no: one filled to the brim, one made read-only, and folders without permission.

Mounting needs root; what root would be let through is tried as nobody, in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from clinic import DATE, FIRST, GPA, a_desk, a_practice, keys_of

from gpa_tui.errors import NotSaved, StoreUnusable
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.event import PlanGiven, Said
from gpa_tui.records.plan import WordsFrom
from gpa_tui.session.desk import Desk
from gpa_tui.store.drafts import Draft
from gpa_tui.store.practice import Practice
from gpa_tui.store.verify import verify

NOBODY = 65534
PLAN = PlanGiven(words="rest, fluids " * 400, words_from=WordsFrom.AS_HEARD, given_by="Dr N Patel")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def say(desk: Desk) -> None:
    desk.do(lambda _: [Said(data=PLAN)])


def checked(practice: Practice) -> int:
    """How many saves there are; every line follows and is signed."""
    journal = practice.home / "clinics" / f"{DATE}.journal"
    found = verify(journal, practice.info.practice, practice.roster.signers)
    assert (found.damage, found.torn_bytes) == (None, 0)
    return found.commits


def half(text: str = "half typed") -> Draft:
    return Draft(staff=GPA.staff, date="2026-11-23", appointment=AppointmentId("a"), form="plan", text=text)


def saved_until_refused(desk: Desk) -> int:
    """How many acts the disk still takes before it says no, in words."""
    for saves in range(1000):
        try:
            say(desk)
        except NotSaved as refused:
            assert "No space left on device" in refused.reason  # noqa: PT017
            assert "kept here" in refused.remedy  # noqa: PT017
            return saves
    raise AssertionError("the disk never said no")


def test_a_full_disk_refuses_in_words_and_the_next_act_works_once_there_is_room(small_disk: Path) -> None:
    practice = a_practice(small_disk)
    drafts = practice.drafts(keys_of(practice, GPA))
    with closing(a_desk(practice, FIRST)) as desk:
        say(desk)
        filler = small_disk / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        saves = saved_until_refused(desk)
        with pytest.raises(NotSaved, match="could not be kept: No space left"):
            drafts.save(half("words " * 4000))
        assert checked(practice) == 2 + saves
        filler.unlink()
        say(desk)
        drafts.save(half())
        assert checked(practice) == 3 + saves
    assert drafts.load(half("")).text == "half typed"


def test_a_disk_made_read_only_refuses_in_words_and_works_again_afterwards(small_disk: Path) -> None:
    practice = a_practice(small_disk)
    drafts = practice.drafts(keys_of(practice, GPA))
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    try:
        again = Practice(practice.home)
        with pytest.raises(StoreUnusable, match="cannot be opened: Read-only file system"):
            a_desk(again)
        with pytest.raises(NotSaved, match="could not be kept: Read-only file system"):
            drafts.save(half())
    finally:
        subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    drafts.save(half())
    with closing(a_desk(again, FIRST)) as desk:
        say(desk)
    assert checked(practice) == 2


def as_nobody(folder: Path, act: Callable[[], None]) -> None:
    """Do `act` in a process that is not root; raises what went wrong there."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    for path in folder.parents:
        path.chmod(path.stat().st_mode | 0o011)
        if path.name.startswith("pytest-of"):
            break
    read, write = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            act()
        except BaseException:  # noqa: BLE001 – told to whoever asked
            os.write(write, traceback.format_exc().encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as said:
        wrong = said.read()
    os.waitpid(process, 0)
    assert not wrong, wrong


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_whose_permission_was_lost_refuses_in_words(tmp_path: Path) -> None:
    practice = a_practice(tmp_path)
    keys, home = keys_of(practice, GPA), practice.home

    def act() -> None:
        drafts = practice.drafts(keys)
        drafts.save(half("before"))
        with closing(a_desk(practice, FIRST)) as desk:
            for folder in (home / "clinics", home / "drafts"):
                folder.chmod(0o500)
            with pytest.raises(NotSaved, match="could not be kept: Permission denied"):
                drafts.save(half("after"))
            assert drafts.load(half("")).text == "before"
            say(desk)  # the file itself is open and may be written
            with pytest.raises(StoreUnusable, match="cannot be opened: Permission denied"):
                a_desk(practice, on=DATE.replace(day=24))
        (home / "clinics" / f"{DATE}.journal").chmod(0o400)
        with pytest.raises(StoreUnusable, match="cannot be opened: Permission denied"):
            a_desk(practice)
        for folder in (home / "clinics", home / "drafts"):
            folder.chmod(0o700)
        (home / "clinics" / f"{DATE}.journal").chmod(0o600)
        drafts.save(half("after"))
        with closing(a_desk(practice)) as desk:
            say(desk)

    as_nobody(home, act)
    assert checked(practice) == 3
