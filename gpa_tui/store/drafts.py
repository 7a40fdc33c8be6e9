"""What is half typed: one small file a form, replaced atomically, offered again after a crash.

Format 0 keeps drafts in the clear in private files; encryption comes with the journal's.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from gpa_tui.errors import NotSaved
from gpa_tui.records.base import AppointmentId, Record, StaffId
from gpa_tui.store.files import make_private_folder, replace_file


class Draft(Record):
    """The text of one form as it stood, for one person and one appointment."""

    staff: StaffId
    date: str  # the clinic's date, ISO 8601
    appointment: AppointmentId
    form: str  # what is being typed, e.g. "observations", "plan message 2"
    text: str


class Drafts:
    """The drafts folder of a store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, draft: Draft) -> None:
        """Keep `draft`; one without any text is dropped. Raises `NotSaved`."""
        path = self._path(draft)
        try:
            if draft.text:
                make_private_folder(self._folder)
                replace_file(path, draft.model_dump_json().encode())
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise NotSaved(
                f"The half-typed text could not be kept: {error.strerror or error}.",
                "Do not close the program; tell whoever looks after this computer.",
            ) from error

    def load(self, empty: Draft) -> Draft:
        """The draft of the same person, date, appointment and form; `empty` itself if there is none."""
        return _read(self._path(empty)) or empty

    def of(self, staff: StaffId, date: str) -> list[Draft]:
        """All drafts of one person for one date."""
        found = (_read(path) for path in sorted(self._folder.glob("*.json")))
        return [draft for draft in found if draft and draft.staff == staff and draft.date == date]

    def _path(self, draft: Draft) -> Path:
        key = json.dumps([draft.staff, draft.date, draft.appointment, draft.form])
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"


def _read(path: Path) -> Draft | None:
    try:
        return Draft.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        return None
