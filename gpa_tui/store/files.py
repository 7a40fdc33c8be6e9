"""Files as the store wants them: private, replaced whole or not at all, and flushed to the disk."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

FILE_MODE = 0o600
FOLDER_MODE = 0o700
_LEFT_OVER = re.compile(r"\..+\.(\d+)\.new")


@dataclass(frozen=True, slots=True)
class Modes:
    """Who may read and write the store's files: their owner alone, or a group that the practice set up."""

    file: int = FILE_MODE
    folder: int = FOLDER_MODE

    @classmethod
    def of_group(cls) -> Modes:
        return cls(file=0o660, folder=0o2770)


def make_private_folder(path: Path, mode: int = FOLDER_MODE) -> None:
    """Create `path` and its parents; `path` itself is open to its owner, or to the mode's group, alone.

    One that is there already is left as it is: `loose` says what is wrong with it.
    """
    if not path.is_dir():
        path.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        path.chmod(mode)


def open_private(path: Path, flags: int, mode: int = FILE_MODE) -> int:
    """A descriptor of `path`, never of what a link points to, and not handed on to another program."""
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    found = os.fstat(descriptor)
    if found.st_size == 0 and stat.S_IMODE(found.st_mode) != mode and found.st_uid == os.geteuid():
        os.fchmod(descriptor, mode)  # new: what the umask took from the group is given back
    return descriptor


def flush_folder(path: Path) -> None:
    """Flush the folder's own entry, so that a new name in it survives a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes | Callable[[BinaryIO], object], *, mode: int = FILE_MODE) -> None:
    """Write `content` to `path` atomically: after a crash the file is the old one or the new one, whole.

    Raises OSError, and what a `content` that writes for itself raises; then the old file stands and no
    temporary file remains (or, when only the folder could not be flushed, the new one stands and might not
    outlive a power cut).
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        descriptor = open_private(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content) if isinstance(content, bytes) else content(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def tight(path: Path, modes: Modes) -> str:
    """What keeps the group that the practice set up from `path`, with the command that mends it."""
    found = path.stat(follow_symlinks=False)
    wanted = modes.folder if stat.S_ISDIR(found.st_mode) else modes.file
    mode = stat.S_IMODE(found.st_mode)
    if stat.S_ISLNK(found.st_mode) or path.name.startswith(".") or wanted & 0o770 & ~mode == 0:
        return ""
    return f"{path} is closed to the group (mode {mode:04o}): chmod {wanted:04o} {path}"


def sweep(folder: Path, name: str = "*") -> None:
    """Take away the temporary files of programs that were killed in the middle of `replace_file`."""
    for path in folder.glob(f".{name}.new"):
        found = _LEFT_OVER.fullmatch(path.name)
        if found and not _alive(int(found[1])):
            with suppress(OSError):
                path.unlink()


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def loose(path: Path, modes: Modes) -> str:
    """What is wrong with who may read `path`, with the command that mends it; empty when nothing is."""
    found = path.stat(follow_symlinks=False)
    if stat.S_ISLNK(found.st_mode):
        return f"{path} is a link: put the file itself there"
    allowed = modes.folder if stat.S_ISDIR(found.st_mode) else modes.file
    mode = stat.S_IMODE(found.st_mode)
    if mode & ~allowed & 0o777 == 0:
        return ""
    return f"{path} may be read or written by others (mode {mode:04o}): chmod {allowed:04o} {path}"
