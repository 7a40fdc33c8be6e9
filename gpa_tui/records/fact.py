"""The base of everything that an event can state."""

from __future__ import annotations

from typing import ClassVar

from gpa_tui.records.base import Record


class Fact(Record):
    """Base of all kinds; `says` is the word for it in the log."""

    says: ClassVar[str] = ""
