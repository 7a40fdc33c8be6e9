"""Every error a person can meet, each with a sentence and what to do next; no error text lives here twice.

GpaTuiError                 anything this program says no with
├── Refused                 an act that cannot be done on the day as it is
│   └── NotAllowed          … because the role acted in may not do it (goes into the log)
├── StoreError              the disk or a file on it
│   ├── NotSaved            a commit that did not reach the disk
│   ├── JournalDamaged      a line that is not as it was written
│   ├── ReadOnly            a day that can be looked at and not added to
│   └── StoreUnusable       no store here, or one this version cannot open
│       └── NewerFormat     … because a newer version wrote it
├── IntakeError             a file that cannot be read as a list at all
├── SettingsError           a settings file with a mistake in it
└── SignInRefused           a name or passphrase that does not fit
"""

from __future__ import annotations


class GpaTuiError(Exception):
    """Base of all errors shown to a person: `reason` says what happened, `remedy` what to do."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.reason} {self.remedy}".strip()


class Refused(GpaTuiError):
    """An act that cannot be done on the day as it now is; nothing was recorded."""


class NotAllowed(Refused):
    """The role acted in may not do this; the attempt at `act` (in `appointment`) is itself recorded."""

    def __init__(self, reason: str, remedy: str = "", *, act: str, appointment: str | None = None) -> None:
        super().__init__(reason, remedy)
        self.act = act
        self.appointment = appointment


class StoreError(GpaTuiError):
    """The disk, or a file of the store, is not as it should be."""


class NotSaved(StoreError):
    """A commit did not reach the disk; what was typed is still with the person."""


class JournalDamaged(StoreError):
    """A line of a journal is not as it was written; `line` counts from 1, the header being line 1."""

    def __init__(self, reason: str, remedy: str = "", *, line: int) -> None:
        super().__init__(reason, remedy)
        self.line = line


class StoreUnusable(StoreError):
    """There is no store here, or this version cannot open it."""


class NewerFormat(StoreUnusable):
    """A newer version wrote `what`; it may be read as far as it goes, and nothing may be added to it here."""

    def __init__(self, what: str, found: int, ours: int) -> None:
        super().__init__(
            f"{what} has format {found}, this version writes format {ours}.",
            "To add to it, use the version of gpa-tui that made it.",
        )


class ReadOnly(StoreError):
    """A day that can be looked at and not added to: it is damaged, or a newer version's."""


class IntakeError(GpaTuiError):
    """A file that cannot be read as a day's list at all; a bad row is not an error but a rejected row."""


class SettingsError(GpaTuiError):
    """A settings file with a mistake in it, naming file and field."""


class SignInRefused(GpaTuiError):
    """The name or the passphrase does not fit; it never says which."""
