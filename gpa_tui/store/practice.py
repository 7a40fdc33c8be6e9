"""What is where on the disk: a practice's store, its settings, roster, journals and drafts."""

from __future__ import annotations

import json
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from gpa_tui.errors import JournalDamaged, NewerFormat, NotSaved, StoreUnusable
from gpa_tui.records.base import Record, StaffId
from gpa_tui.records.competency import CompetencyList
from gpa_tui.records.shorthand import ShorthandTable
from gpa_tui.records.staff import StaffMember
from gpa_tui.settings import read_competencies, read_settings, read_shorthand
from gpa_tui.store.attachments import ATTACHMENTS, Attachments
from gpa_tui.store.chain import END, FORMAT, Chain, written
from gpa_tui.store.door import EFFORT, INFO_FILE, ROSTER_FILE, SETTINGS_FILE, no_store
from gpa_tui.store.drafts import Drafts
from gpa_tui.store.files import Modes, flush_folder, loose, make_private_folder, replace_file, sweep
from gpa_tui.store.journal import STANDING, JournalDB, JournalStorage
from gpa_tui.store.lock import require_locks
from gpa_tui.store.refusals import Refusals
from gpa_tui.store.seal import Stretching
from gpa_tui.store.vault import Keyring, Roster, new_roster, read_roster, unlock, write_roster

CLINICS, DRAFTS = "clinics", "drafts"
FOLDERS = (CLINICS, DRAFTS, ATTACHMENTS)
SYNC_FOLDER, SYNC_CONFIG, SYNC_LOCK = "sync", "sync.toml", "worker.lock"
OTHERS = "others"  # journals of the practice's other stores
DIGESTS = "digests"  # dates in brief
_TELL = "Tell whoever looks after this computer."
NEXT_ROSTER = f"{ROSTER_FILE}.next"
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}")


class StoreInfo(Record):
    """`store.json`: what this store is, for life. `demo` stores hold made-up patients only."""

    format: int
    practice: str
    origin: str
    demo: bool


class Practice:
    """An opened store."""

    def __init__(self, home: Path) -> None:
        """Open the store in `home`. Raises `StoreUnusable` or `SettingsError`."""
        self.home = home
        self.info = _read_info(home)
        self.settings = read_settings(home / SETTINGS_FILE)
        self.modes = Modes.of_group() if self.settings.shared_with_group else Modes()
        self.refusals = Refusals(home, self.modes.file)
        wrong = next(self.loose(), "")
        if wrong:
            raise StoreUnusable(f"{wrong.partition(': ')[0]}.", "`gpa-tui doctor` says how to mend it.")
        for folder in (home, home / DRAFTS, home / ATTACHMENTS):
            sweep(folder)
        require_locks(home)

    @property
    def newer(self) -> NewerFormat | None:
        """Why nothing may be added to this store, if a newer version made it."""
        made_by_newer = self.info.format > FORMAT
        return NewerFormat(f"The store in {self.home}", self.info.format, FORMAT) if made_by_newer else None

    def loose(self) -> Iterator[str]:
        """What of the store others may read or write, each with the command that mends it."""
        others = self.home / OTHERS
        own = (self.home / name for name in (*FOLDERS, SYNC_FOLDER, DIGESTS, EFFORT))
        for folder in (self.home, *own, others, *others.glob("*")):
            for path in (folder, *sorted(folder.glob("*"))) if folder.is_dir() else ():
                with suppress(FileNotFoundError):  # gone since
                    if wrong := loose(path, self.modes):
                        yield wrong

    @cached_property
    def competencies(self) -> CompetencyList:
        """What people are signed off for here. Raises `SettingsError`."""
        return read_competencies(self.home)

    @cached_property
    def shorthand(self) -> ShorthandTable:
        """What people write short here. Raises `SettingsError`."""
        return read_shorthand(self.home)

    @property
    def roster(self) -> Roster:
        """Who may sign in, as `keys.json` says now. Raises `StoreUnusable`."""
        return read_roster(self.home / ROSTER_FILE)

    def write_next_roster(self, roster: Roster) -> None:
        """Write what is to follow `keys.json`, beside it. Raises `NotSaved`; then the old one stands.

        Raises `NewerFormat` for a list of people that a newer version wrote.
        """
        if roster.format > FORMAT:
            raise NewerFormat(str(self.home / ROSTER_FILE), roster.format, FORMAT)
        try:
            write_roster(self.home / NEXT_ROSTER, roster, self.modes.file)
        except OSError as error:
            raise NotSaved(f"The list of people was not changed: {_why(error)}.", _TELL) from error

    def next_roster(self) -> Roster | None:
        """What was to follow `keys.json` when a program was stopped, if there is one."""
        path = self.home / NEXT_ROSTER
        return read_roster(path) if path.exists() else None

    def promote_roster(self) -> None:
        """What was written beside `keys.json` takes its place. Raises `NotSaved`."""
        try:
            (self.home / NEXT_ROSTER).replace(self.home / ROSTER_FILE)
            flush_folder(self.home)
        except OSError as error:
            raise NotSaved(f"The list of people was not changed: {_why(error)}.", _TELL) from error

    def unlock(self, staff: StaffId, passphrase: str, *, terminal: str, now: datetime) -> Keyring:
        """What this person's passphrase opens; takes as long as Argon2 takes.

        Raises `SignInRefused`, which does not say whether name or passphrase was wrong: the attempt is noted
        in a file that needs no key, and several make the next wait.
        """
        with self.refusals.attempt(staff, terminal, now):
            keys = unlock(self.roster, staff, passphrase)
        keys.source = lambda: self.roster
        return keys

    def drafts(self, keys: Keyring) -> Drafts:
        """The half-typed words of whoever holds `keys`."""
        return Drafts(self.home / DRAFTS, keys.drafts, self.modes)

    def attachments(self, keys: Keyring) -> Attachments:
        """The files that belong to entries."""
        return Attachments(self.home / ATTACHMENTS, keys, self.modes)

    def day_hashes(self, on: date) -> list[str]:
        """The hash of each line of a day's journal, the header's first, as far as they follow each other."""
        return self.hashes_in(self._day_path(on))

    def hashes_in(self, path: Path) -> list[str]:
        """The same of any journal; none where there is none."""
        try:
            lines, _, _ = written(path.read_bytes())
        except OSError:
            return []
        chain, hashes = Chain(path.name, self.info.practice, path.stem), []
        with suppress(JournalDamaged, NewerFormat):
            for line in lines:
                chain.read(line)
                chain.took(line)
                hashes.append(chain.last_hash)
        return hashes

    def saves_of(self, on: date) -> int:
        """How many lines a day's journal has after its header, whole or not known to be."""
        try:
            return max(0, self._day_path(on).read_bytes().count(b"\n") - 1)
        except OSError:
            return 0

    def has_day(self, on: date) -> bool:
        return self._day_path(on).exists()

    def days(self) -> list[date]:
        """The dates that have a journal here or in another store, oldest first."""
        others = (path for path in (self.home / OTHERS).glob("*/*.journal") if _is_date(path.stem))
        return sorted({date.fromisoformat(path.stem) for path in (*self._day_files(), *others)})

    def open_day(self, on: date, keys: Keyring, by: StaffId, holder: str) -> JournalDB:
        """The journal of the clinics on `on`, for `by`; a new date begins as an empty file."""
        return self._open(self._day_path(on), on.isoformat(), keys, by, holder)

    def open_standing(self, keys: Keyring, by: StaffId, holder: str) -> JournalDB:
        """The journal of what outlives a day."""
        return self._open(self.home / f"{STANDING}.journal", STANDING, keys, by, holder)

    def journals(self) -> list[Path]:
        """Every journal's file: the standing one if there is one, then the days, oldest first."""
        standing = self.home / f"{STANDING}.journal"
        return [
            *([standing] if standing.exists() else []),
            *self._day_files(),
        ]

    def _day_files(self) -> list[Path]:
        """The journals of dates, oldest first; a copy under another name that somebody left is none."""
        return sorted(path for path in (self.home / CLINICS).glob("*.journal") if _is_date(path.stem))

    def _day_path(self, on: date) -> Path:
        return self.home / CLINICS / f"{on.isoformat()}.journal"

    def lines(self, name: str) -> list[bytes]:
        """The whole lines of a journal of this store, the header first; none where there is none."""
        try:
            return written(self._journal_path(name).read_bytes())[0]
        except OSError:
            return []

    def _journal_path(self, name: str) -> Path:
        return (self.home if name == STANDING else self.home / CLINICS) / f"{name}.journal"

    def journals_of(self, on: date) -> list[Path]:
        """The journal of a date, this store's first, then those of others."""
        return [self._day_path(on), *self.replicas(on.isoformat())]

    def replicas(self, name: str) -> list[Path]:
        """The journals of other stores of the same name, as far as they came."""
        return sorted((self.home / OTHERS).glob(f"*/{name}.journal"))

    def journal_id(self, name: str) -> str:
        """The id of a journal of this store, of a date or the standing one's; as its header says, if any."""
        with suppress(OSError, ValueError, KeyError), self._journal_path(name).open("rb") as file:
            return str(json.loads(file.readline().rstrip(END))["journal"])
        return self._new_id(name)

    def _new_id(self, name: str) -> str:
        return str(uuid.uuid5(uuid.UUID(self.info.practice), f"{self.info.origin}/{name}"))

    def _open(self, path: Path, name: str, keys: Keyring, by: StaffId, holder: str) -> JournalDB:
        journal = self._new_id(name)
        try:
            return JournalDB(
                path,
                storage=JournalStorage,
                practice=self.info.practice,
                journal=journal,
                date=name,
                keys=keys,
                by=by,
                holder=holder,
                mode=self.modes.file,
            )
        except OSError as error:
            raise StoreUnusable(f"{path} cannot be opened: {_why(error)}.", _TELL) from error


def create_practice(
    home: Path,
    settings_toml: str,
    people: Sequence[tuple[StaffMember, str]],
    *,
    demo: bool,
    practice: str = "",
    stretching: Stretching | None = None,
    begin: Callable[[Practice], None] = lambda _: None,
) -> tuple[Practice, str]:
    """Make a new store in `home` for `people`, each with a passphrase. It is there whole or not at all.

    Gives the store and its recovery code, which is kept nowhere. `practice` is the id of one that has other
    stores already. `begin` writes its first entry, the standing
    journal's. Raises what it raises, and `StoreUnusable` when there is something in `home` already, or the
    disk says no.
    """
    home = home.absolute()
    with making_whole(home) as building:
        id_ = practice or str(uuid.uuid4())
        info = StoreInfo(format=FORMAT, practice=id_, origin=str(uuid.uuid4()), demo=demo)
        roster, code = new_roster(info.practice, people, stretching or Stretching())
        replace_file(building / INFO_FILE, info.model_dump_json(indent=1).encode())
        replace_file(building / SETTINGS_FILE, settings_toml.encode())
        write_roster(building / ROSTER_FILE, roster)
        begin(Practice(building))
    return Practice(home), code


@contextmanager
def making_whole(home: Path) -> Iterator[Path]:
    """A folder to make a store in, which becomes `home` at the end: it is there whole or not at all.

    Raises `StoreUnusable` when there is something in `home` already, or the disk says no.
    """
    if home.exists() and not (home.is_dir() and not any(home.iterdir())):
        raise StoreUnusable(f"{home} is not an empty folder.", "Choose another folder with --home.")
    building = home.with_name(f".{home.name}.{os.getpid()}.new")
    try:
        for folder in (building, *(building / name for name in FOLDERS)):
            make_private_folder(folder)
        yield building
        Practice(building)  # what cannot be opened must not be made
        for folder in (*(building / name for name in FOLDERS), building):
            flush_folder(folder)
        there_before = home.exists()
        if there_before:
            home.rmdir()
        building.rename(home)
        try:
            flush_folder(home.parent)
        except OSError:
            home.rename(building)
            if there_before:
                home.mkdir()
            raise
    except OSError as error:
        raise StoreUnusable(
            f"A store cannot be made in {home}: {_why(error)}.", "Choose another folder with --home."
        ) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _is_date(name: str) -> bool:
    try:
        return bool(_DATED.fullmatch(name)) and bool(date.fromisoformat(name))
    except ValueError:
        return False


def _read_info(home: Path) -> StoreInfo:
    try:
        info = StoreInfo.model_validate_json((home / INFO_FILE).read_bytes())
        uuid.UUID(info.practice)
        uuid.UUID(info.origin)
    except FileNotFoundError as error:
        raise no_store(home) from error
    except (OSError, ValueError) as error:
        raise StoreUnusable(f"{home / 'store.json'} cannot be read: {_why(error)}.", _TELL) from error
    if info.format < FORMAT:
        raise StoreUnusable(
            f"The store in {home} has format {info.format}, this version reads format {FORMAT}.",
            "It held made-up patients only: delete the folder, and make another.",
        )
    return info


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else "it is damaged"
