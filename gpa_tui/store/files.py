"""Files as the store wants them: private, replaced whole or not at all, and flushed to the disk."""

from __future__ import annotations

import os
from pathlib import Path

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def make_private_folder(path: Path) -> None:
    """Create `path` and its parents; `path` itself is readable by its owner alone."""
    path.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)


def flush_folder(path: Path) -> None:
    """Flush the folder's own entry, so that a new name in it survives a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes) -> None:
    """Write `content` to `path` atomically: after a crash the file is the old one or the new one, whole.

    Raises OSError; then the old file stands and no temporary file remains (or, when only the folder could
    not be flushed, the new one stands and might not outlive a power cut).
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)
