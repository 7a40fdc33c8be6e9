"""What is half typed: one small sealed file a form, replaced atomically, offered again after a crash."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

from gpa_tui.errors import NotSaved
from gpa_tui.records.base import AppointmentId, Record, StaffId
from gpa_tui.store import seal
from gpa_tui.store.files import Modes, make_private_folder, replace_file


class Draft(Record):
    """The text of one form as it stood, for one person and one appointment."""

    staff: StaffId
    date: str  # the clinic's date, ISO 8601
    appointment: AppointmentId
    form: str  # what is being typed, e.g. "observations", "plan message 2"
    text: str


class Drafts:
    """The drafts of one person: `key` is derived from their own, so nobody else opens them.

    A file's name says neither whose it is nor of whom.
    """

    def __init__(self, folder: Path, key: bytes, modes: Modes | None = None) -> None:
        self._folder = folder
        self._seal = seal.derive(key, "draft text")
        self._name = seal.derive(key, "draft name")
        self._modes = modes or Modes()

    def save(self, draft: Draft) -> None:
        """Keep `draft`; one without any text is dropped. Raises `NotSaved`."""
        path = self._path(draft)
        try:
            if draft.text:
                make_private_folder(self._folder, self._modes.folder)
                sealed = seal.close(self._seal, draft.model_dump_json().encode(), path.name.encode())
                replace_file(path, sealed, mode=self._modes.file)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise NotSaved(
                f"The half-typed text could not be kept: {error.strerror or error}.",
                "Do not close the program; tell whoever looks after this computer.",
            ) from error

    def load(self, empty: Draft) -> Draft:
        """The draft of the same person, date, appointment and form; `empty` itself if there is none."""
        return self._read(self._path(empty)) or empty

    def of(self, staff: StaffId, date: str) -> list[Draft]:
        """All drafts of one person for one date."""
        found = (self._read(path) for path in sorted(self._folder.glob("*.draft")))
        return [draft for draft in found if draft and draft.staff == staff and draft.date == date]

    def _path(self, draft: Draft) -> Path:
        key = json.dumps([draft.staff, draft.date, draft.appointment, draft.form])
        name = hmac.new(self._name, key.encode(), hashlib.sha256).hexdigest()[:32]
        return self._folder / f"{name}.draft"

    def _read(self, path: Path) -> Draft | None:
        try:
            text = seal.open_(self._seal, path.read_bytes(), path.name.encode())
            return Draft.model_validate_json(text)
        except (OSError, ValueError, seal.CannotOpen):
            return None
