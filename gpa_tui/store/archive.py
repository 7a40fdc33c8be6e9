"""One date's files: together in an archive, sealed as they are; and taken away.

The archive is a plain tar with the store's own paths: unpacked in its folder the date is there as it was.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import BinaryIO

from gpa_tui.errors import NotSaved
from gpa_tui.store.attachments import ATTACHMENTS
from gpa_tui.store.files import FILE_MODE, flush_folder, make_private_folder, replace_file, sweep
from gpa_tui.store.lock import Lock
from gpa_tui.store.practice import CLINICS, DIGESTS, OTHERS, SYNC_FOLDER, Practice

GOING = ".going"
"""After a date's name: it is being taken away."""


def files_of(practice: Practice, on: date, attached: Iterable[str]) -> list[Path]:
    """What an archive of the date has: its journals, the keys of other stores' and its attached files."""
    name = on.isoformat()
    replicas = sorted((practice.home / OTHERS).glob(f"*/{name}.*"))
    kept = [path for path in replicas if path.suffix in {".journal", ".keys"}]
    files = [practice.home / ATTACHMENTS / one for one in attached]
    return [path for path in (*practice.journals_of(on)[:1], *kept, *files) if path.exists()]


def pack(practice: Practice, files: Iterable[Path], target: Path) -> str:
    """Write them to `target`, a new private file; gives its SHA-256. Raises `NotSaved`."""
    try:
        make_private_folder(target.parent)
        sweep(target.parent, f"{target.name}.*")  # what a program left that was killed here
        replace_file(target, partial(_write, practice.home, list(files)))
        return hashlib.sha256(target.read_bytes()).hexdigest()
    except OSError as error:
        raise NotSaved(
            f"{target} was not written: {error.strerror or error}.", "Nothing was taken away."
        ) from error


def is_packed(practice: Practice, files: Iterable[Path], target: Path) -> bool:
    """Whether `target` is what `pack` would write: of a run that was stopped before it was told of."""
    again = target.with_name(f"{target.name}.again")
    try:
        return pack(practice, files, again) == hashlib.sha256(target.read_bytes()).hexdigest()
    finally:
        again.unlink(missing_ok=True)


def _write(home: Path, files: Iterable[Path], file: BinaryIO) -> None:
    with tarfile.open(fileobj=file, mode="w") as archive:
        for path in files:
            data = path.read_bytes()
            member = tarfile.TarInfo(str(path.relative_to(home)))
            member.size, member.mode = len(data), FILE_MODE
            archive.addfile(member, io.BytesIO(data))


@contextmanager
def held_still(practice: Practice, on: date) -> Iterator[None]:
    """Nobody adds to the date meanwhile. Raises `NotSaved` where somebody is writing."""
    with ExitStack() as held:
        for path in practice.journals_of(on):
            if path.exists():
                lock = held.enter_context(closing(Lock(path.with_suffix(".lock"), "retention", FILE_MODE)))
                held.enter_context(lock.writing())
        yield


def begin_taking(practice: Practice, on: date) -> None:
    """From now on the date is on its way out; what stops half way is finished. Raises `NotSaved`."""
    try:
        replace_file(_going(practice, on), b"")
    except OSError as error:
        raise NotSaved(f"{on} stays: {error.strerror or error}.", "Nothing was taken away.") from error


def going(practice: Practice) -> list[date]:
    """The dates that were on their way out when it was stopped."""
    found = (practice.home / CLINICS).glob(f"*{GOING}")
    return sorted(date.fromisoformat(path.name.removesuffix(GOING)) for path in found)


def stays(practice: Practice, on: date) -> None:
    """It is not on its way out any more."""
    _going(practice, on).unlink(missing_ok=True)


def _going(practice: Practice, on: date) -> Path:
    return practice.home / CLINICS / f"{on.isoformat()}{GOING}"


def take_away(practice: Practice, on: date, attached: Iterable[str]) -> None:
    """All files of the date, which is held still; done twice it does no harm. Raises `NotSaved`."""
    name, home = on.isoformat(), practice.home
    gone = [
        *files_of(practice, on, attached),
        home / DIGESTS / f"{name}.digest",
        *(home / SYNC_FOLDER).glob(f"{name}.*"),
    ]
    try:
        for path in reversed(gone):  # the journals last: they tell what is attached
            path.unlink(missing_ok=True)
        flush_folder(home)
    except OSError as error:
        raise NotSaved(
            f"{on} was not taken away whole: {error.strerror or error}.", "Run it again."
        ) from error
    for path in (*home.glob(f"{CLINICS}/{name}.lock"), *(home / OTHERS).glob(f"*/{name}.lock")):
        path.unlink(missing_ok=True)
    stays(practice, on)
