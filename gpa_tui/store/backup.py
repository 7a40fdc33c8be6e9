"""A consistent copy of a store in one file, taken while it is in use; and a new store made of it.

The file is a plain tar of the store's own files, which are sealed as they are: a copy opens with the same
passphrases. Every journal is cut at its last whole line, and the standing journal is read first, so that
every head it anchors is in the days that follow it.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import BinaryIO

from gpa_tui.errors import NotSaved, StoreUnusable
from gpa_tui.settings import OWN_LISTS
from gpa_tui.store.attachments import ATTACHMENTS, SUFFIX
from gpa_tui.store.chain import Head, written
from gpa_tui.store.door import INFO_FILE, ROSTER_FILE, SETTINGS_FILE
from gpa_tui.store.files import FILE_MODE, make_private_folder, open_private, replace_file
from gpa_tui.store.journal import STANDING
from gpa_tui.store.lock import Lock
from gpa_tui.store.practice import CLINICS, DRAFTS, FOLDERS, Practice, making_whole
from gpa_tui.store.verify import verify
from gpa_tui.templates import FOLDER as TEMPLATES

_PLAIN = (INFO_FILE, SETTINGS_FILE, ROSTER_FILE)
DRAFT = ".draft"
_WITHIN = {(CLINICS, ".journal"), (DRAFTS, DRAFT), (ATTACHMENTS, SUFFIX), (TEMPLATES, ".toml")}
LARGEST = 1 << 30  # bytes of one member: more is no journal of ours


def back_up(practice: Practice, target: Path) -> int:
    """Write the copy to `target`, a new private file; gives its bytes. Raises `NotSaved`, `StoreUnusable`."""
    if target.exists():
        raise StoreUnusable(f"{target} is there already.", "Choose another file.")
    try:
        replace_file(target, partial(_write, practice))
        return target.stat().st_size
    except OSError as error:
        raise NotSaved(
            f"The backup was not written: {error.strerror or error}.", "Nothing was kept."
        ) from error


def _write(practice: Practice, file: BinaryIO) -> None:
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in _members(practice):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), FILE_MODE
            archive.addfile(member, io.BytesIO(data))


def _members(practice: Practice) -> Iterator[tuple[str, bytes]]:
    standing, *days = practice.journals()
    lock = Lock(standing.with_suffix(".lock"), "a backup", practice.modes.file)
    with closing(lock), lock.writing():  # who may sign in changes under this lock: the two must agree
        people = [(name, (practice.home / name).read_bytes()) for name in _PLAIN]
        yield standing.name, _whole_lines(standing)
    yield from people
    own = [*(practice.home / name for name in OWN_LISTS), *sorted((practice.home / TEMPLATES).glob("*.toml"))]
    yield from ((str(path.relative_to(practice.home)), path.read_bytes()) for path in own if path.is_file())
    for path in days:
        lock = Lock(path.with_suffix(".lock"), "a backup", practice.modes.file)
        with closing(lock), lock.writing():
            data = _whole_lines(path)
        yield str(path.relative_to(practice.home)), data
    for folder, suffix in ((DRAFTS, DRAFT), (ATTACHMENTS, SUFFIX)):
        for path in sorted((practice.home / folder).glob(f"*{suffix}")):
            yield str(path.relative_to(practice.home)), path.read_bytes()


def _whole_lines(path: Path) -> bytes:
    """A journal without room and without what was never saved; one that is damaged as it is."""
    content = path.read_bytes()
    lines, _, destroyed = written(content)
    return content if destroyed else b"".join(line + b"\n" for line in lines)


def restore(source: Path, home: Path, begin: Callable[[Practice, str], None]) -> Practice:
    """A new store in `home` of the copy in `source`, with an origin of its own, whole or not at all.

    `begin` gets it, and the origin it grew from, to say in it that it was restored. Raises what that raises;
    `StoreUnusable` where something is in `home` already, or `source` is no backup.
    """
    home = home.absolute()
    with making_whole(home) as building:
        try:
            _require_end(source)
            with tarfile.open(source, mode="r:") as archive:
                for member in archive:
                    _take_out(archive, member, building)
            before = _new_origin(building)
        except (tarfile.TarError, OSError, ValueError, KeyError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else "it is not a backup"
            raise StoreUnusable(f"{source} cannot be restored: {why}.", "Nothing was kept.") from error
        made = Practice(building)
        if made.settings.shared_with_group:
            for folder in (building, *(building / name for name in FOLDERS)):
                folder.chmod(made.modes.folder)
                for path in folder.iterdir():
                    if path.is_file():
                        path.chmod(made.modes.file)
        begin(made, before)
    return Practice(home)


def _require_end(source: Path) -> None:
    """A tar ends in two blocks of zeros; one without them was cut. Raises ValueError, OSError."""
    with source.open("rb") as file:
        file.seek(-2 * tarfile.BLOCKSIZE, os.SEEK_END)
        if file.read().strip(b"\0"):
            raise ValueError("its end is missing")


def heads(practice: Practice) -> dict[str, Head]:
    """How far each day's journal goes that can be read to its end."""
    found = [verify(path, practice.info.practice, practice.roster.signers) for path in practice.journals()]
    return {
        one.path.stem: (one.commits, one.head)
        for one in found
        if one.damage is None and one.path.stem != STANDING and one.commits
    }


def _take_out(archive: tarfile.TarFile, member: tarfile.TarInfo, building: Path) -> None:
    """One file, and only where a store has files: no name leads out of the folder."""
    path = Path(member.name)
    known = member.name in (*_PLAIN, *OWN_LISTS, f"{STANDING}.journal") or (
        len(path.parts) == 2 and (path.parts[0], path.suffix) in _WITHIN and not path.name.startswith(".")
    )
    content = archive.extractfile(member) if member.isfile() and member.size <= LARGEST else None
    if not known or content is None:
        raise ValueError(f"{member.name} is no file of a store")
    make_private_folder((building / path).parent)
    descriptor = open_private(building / path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    with os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(content, file)
        file.flush()
        os.fsync(file.fileno())


def _new_origin(building: Path) -> str:
    info = json.loads((building / INFO_FILE).read_bytes())
    before = str(info["origin"])
    replace_file(building / INFO_FILE, json.dumps(info | {"origin": str(uuid.uuid4())}, indent=1).encode())
    return before
