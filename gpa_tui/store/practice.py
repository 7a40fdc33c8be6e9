"""What is where on the disk: a practice's store, its settings, roster, journals and drafts."""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from gpa_tui.errors import SignInRefused, StoreUnusable
from gpa_tui.records.base import Record, StaffId
from gpa_tui.records.staff import StaffMember
from gpa_tui.settings import read_settings
from gpa_tui.store.chain import FORMAT
from gpa_tui.store.door import INFO_FILE, ROSTER_FILE, SETTINGS_FILE, no_store
from gpa_tui.store.drafts import Drafts
from gpa_tui.store.files import make_private_folder, replace_file
from gpa_tui.store.journal import JournalDB, JournalStorage

STANDING = "standing"
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}")


class StoreInfo(Record):
    """`store.json`: what this store is, for life. `demo` stores hold made-up patients only."""

    format: int
    practice: str
    origin: str
    demo: bool


class RosterEntry(Record):
    """A person on the roster and the Argon2id verifier of their passphrase (PHC string)."""

    member: StaffMember
    verifier: str


class Roster(Record):
    """`keys.json`: who may sign in. Format 1 puts each person's sealed keys here."""

    format: int
    staff: tuple[RosterEntry, ...]


class Practice:
    """An opened store."""

    def __init__(self, home: Path) -> None:
        """Open the store in `home`. Raises `StoreUnusable` or `SettingsError`."""
        self.home = home
        self.info = _read_info(home)
        self.settings = read_settings(home / SETTINGS_FILE)
        self.drafts = Drafts(home / "drafts")

    @property
    def roster(self) -> Roster:
        try:
            return Roster.model_validate_json((self.home / ROSTER_FILE).read_bytes())
        except (OSError, ValueError) as error:
            raise StoreUnusable(
                f"The list of people in {self.home} cannot be read: {_why(error)}.",
                "Tell whoever looks after this computer.",
            ) from error

    def sign_in(self, staff: StaffId, passphrase: str) -> StaffMember:
        """The person, if the passphrase is theirs; takes as long as Argon2 takes.

        Raises `SignInRefused`, which does not say whether name or passphrase was wrong.
        """
        entry = next((entry for entry in self.roster.staff if entry.member.id == staff), None)
        if entry is None or not _verified(entry.verifier, passphrase):
            raise SignInRefused("That name and passphrase do not go together.", "Type the passphrase again.")
        return entry.member

    def has_day(self, on: date) -> bool:
        return self._day_path(on).exists()

    def days(self) -> list[date]:
        """The dates that have a journal, oldest first."""
        return [date.fromisoformat(path.stem) for path in self._day_files()]

    def open_day(self, on: date) -> JournalDB:
        """The journal of the clinics on `on`; a new date begins as an empty file."""
        return self._open(self._day_path(on), on.isoformat())

    def open_standing(self) -> JournalDB:
        """The journal of what outlives a day."""
        return self._open(self.home / f"{STANDING}.journal", STANDING)

    def journals(self) -> list[Path]:
        """Every journal's file: the standing one if there is one, then the days, oldest first."""
        standing = self.home / f"{STANDING}.journal"
        return [
            *([standing] if standing.exists() else []),
            *self._day_files(),
        ]

    def _day_files(self) -> list[Path]:
        """The journals of dates, oldest first; a copy under another name that somebody left is none."""
        named = (path for path in (self.home / "clinics").glob("*.journal") if _DATED.fullmatch(path.stem))
        return sorted(named)

    def _day_path(self, on: date) -> Path:
        return self.home / "clinics" / f"{on.isoformat()}.journal"

    def _open(self, path: Path, name: str) -> JournalDB:
        journal = str(uuid.uuid5(uuid.UUID(self.info.practice), f"{self.info.origin}/{name}"))
        try:
            return JournalDB(
                path, storage=JournalStorage, practice=self.info.practice, journal=journal, date=name
            )
        except OSError as error:
            raise StoreUnusable(
                f"{path} cannot be opened: {_why(error)}.", "Tell whoever looks after this computer."
            ) from error


def create_practice(
    home: Path, settings_toml: str, people: Sequence[tuple[StaffMember, str]], *, demo: bool
) -> Practice:
    """Make a new store in `home` for `people`, each with a passphrase. It is there whole or not at all.

    Raises `StoreUnusable` when there is something in `home` already, or the disk says no.
    """
    home = home.absolute()
    if home.exists() and not (home.is_dir() and not any(home.iterdir())):
        raise StoreUnusable(f"{home} is not an empty folder.", "Choose another folder with --home.")
    building = home.with_name(f".{home.name}.{os.getpid()}.new")
    try:
        make_private_folder(building)
        make_private_folder(building / "clinics")
        make_private_folder(building / "drafts")
        info = StoreInfo(format=FORMAT, practice=str(uuid.uuid4()), origin=str(uuid.uuid4()), demo=demo)
        entries = tuple(RosterEntry(member=who, verifier=_verifier(words)) for who, words in people)
        replace_file(building / INFO_FILE, info.model_dump_json(indent=1).encode())
        replace_file(building / SETTINGS_FILE, settings_toml.encode())
        roster = Roster(format=FORMAT, staff=entries)
        replace_file(building / ROSTER_FILE, roster.model_dump_json(indent=1).encode())
        Practice(building)  # what cannot be opened must not be made
        if home.exists():
            home.rmdir()
        building.rename(home)
    except OSError as error:
        raise StoreUnusable(
            f"A store cannot be made in {home}: {_why(error)}.", "Choose another folder with --home."
        ) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Practice(home)


def _read_info(home: Path) -> StoreInfo:
    try:
        info = StoreInfo.model_validate_json((home / INFO_FILE).read_bytes())
    except FileNotFoundError as error:
        raise no_store(home) from error
    except (OSError, ValueError) as error:
        raise StoreUnusable(
            f"{home / 'store.json'} cannot be read: {_why(error)}.", "Tell whoever looks after this computer."
        ) from error
    if info.format != FORMAT:
        raise StoreUnusable(
            f"The store in {home} has format {info.format}, this version reads format {FORMAT}.",
            "Use the version of gpa-tui that made it.",
        )
    return info


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else "it is damaged"


def _verifier(passphrase: str) -> str:
    from argon2 import PasswordHasher

    return PasswordHasher().hash(passphrase)


def _verified(verifier: str, passphrase: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(verifier, passphrase)
    except (VerificationError, InvalidHashError):
        return False
