"""The downtime pack where the practice wants it: made anew when the day has changed, and told of in the log.

Several terminals may do it: a file beside the pack says of what it was made, one in the store what was
printed last; both are replaced whole.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from gpa_tui.clock import local_time
from gpa_tui.errors import NotSaved
from gpa_tui.output.pack_pdf import as_pdf
from gpa_tui.printing import print_pdf
from gpa_tui.records.event import Exported
from gpa_tui.records.prep import PrepTemplate
from gpa_tui.session import acts
from gpa_tui.session.admission import as_device, desk_for_one_act
from gpa_tui.session.desk import Desk
from gpa_tui.session.pack import Pack, pack_of
from gpa_tui.store.files import replace_file

WHAT = "downtime pack"
PRINTED = "downtime.printed"
"""In the store's folder: of what the last pack to the printer was made, and when."""


def pack_now(desk: Desk, templates: Mapping[str, PrepTemplate]) -> Pack:
    """Of the desk's day, as it is."""
    settings = desk.practice.settings
    show = partial(local_time, zone=settings.zone)
    return pack_of(
        desk.day,
        desk.day.rows,
        templates,
        settings.name,
        settings.telephone,
        desk.bench.clock.now(),
        show,
        settings.bp_substantial_mmhg,
    )


@dataclass
class Keeper:
    """What one terminal does for the pack. `tend` it in a thread, every minute or so."""

    looked: datetime | None = None
    told: set[str] = field(default_factory=set)

    def is_due(self, desk: Desk) -> bool:
        """Whether it is time to look: a light question."""
        wanted = desk.practice.settings.downtime
        if not (wanted.folder or wanted.printer) or desk.trouble is not None:
            return False
        now = desk.bench.clock.now()
        return self.looked is None or not timedelta() <= now - self.looked < timedelta(
            minutes=wanted.folder_minutes
        )

    def tend(self, desk: Desk, templates: Mapping[str, PrepTemplate]) -> None:
        """Where something has changed, the pack anew. Raises `NotSaved`; the next time tries again."""
        wanted, now = desk.practice.settings.downtime, desk.bench.clock.now()
        self.looked = now
        pack = pack_now(desk, templates)
        if wanted.folder:
            _tidy(Path(wanted.folder), pack)
        if not pack.rows:
            return
        if wanted.folder:
            self._to_folder(desk, pack, Path(wanted.folder))
        if wanted.printer:
            self._to_printer(desk, pack, wanted.printer, timedelta(minutes=wanted.printer_minutes))

    def _to_printer(self, desk: Desk, pack: Pack, printer: str, pause: timedelta) -> None:
        """Once for all terminals: who prints says so first, and takes it back where it failed."""
        said, now = desk.practice.home / PRINTED, desk.bench.clock.now()
        before = b""
        with suppress(OSError, ValueError):
            before = said.read_bytes()
            mark, at = before.decode().split()
            if mark == pack.mark or timedelta() <= now - datetime.fromisoformat(at) < pause:
                return
        self._tell(desk, printer)
        try:
            replace_file(said, f"{pack.mark} {now.isoformat()}".encode(), mode=desk.practice.modes.file)
        except OSError as error:
            raise NotSaved(f"Not printed: {error.strerror or error}.", "Is the disk full?") from error
        try:
            print_pdf(as_pdf(pack), WHAT, printer)
        except NotSaved:
            with suppress(OSError):
                replace_file(said, before, mode=desk.practice.modes.file)
            raise

    def _to_folder(self, desk: Desk, pack: Pack, folder: Path) -> None:
        target = folder / f"downtime-{pack.on}.pdf"
        made_of = target.with_suffix(".mark")
        with suppress(OSError):
            kept = f"{pack.mark} {hashlib.sha256(target.read_bytes()).hexdigest()}"
            if made_of.read_text("ascii") == kept and target.stat().st_mode & 0o077 == 0:
                return
        self._tell(desk, target.name)
        try:
            content = as_pdf(pack)
            replace_file(target, content)
            replace_file(made_of, f"{pack.mark} {hashlib.sha256(content).hexdigest()}".encode())
        except OSError as error:
            raise NotSaved(
                f"The downtime pack was not written to {folder}: {error.strerror or error}.",
                "Is the folder there, and ours?",
            ) from error

    def _tell(self, desk: Desk, file: str) -> None:
        """In the machine's name, once a date: that it goes there."""
        said = Exported(what=WHAT, file=file)
        if file in self.told or any(event.data == said for event in desk.day.events):
            return
        with desk_for_one_act(as_device(desk.bench), desk.date) as machine:
            machine.do(partial(acts.note_export, place=machine.place, what=WHAT, file=file))
        self.told.add(file)


def _tidy(folder: Path, pack: Pack) -> None:
    """Packs of earlier days go, on a day without a list as well; and its own where nobody is listed any more.

    Raises `NotSaved`.
    """
    try:
        for old in folder.glob("downtime-*"):
            named = _NAME.fullmatch(old.name)
            if named and (named[1] < f"{pack.on}" or (named[1] == f"{pack.on}" and not pack.rows)):
                old.unlink(missing_ok=True)
    except OSError as error:
        raise NotSaved(
            f"An old downtime pack stays in {folder}: {error.strerror or error}.", "Take it away by hand."
        ) from error


_NAME = re.compile(r"downtime-(\d{4}-\d\d-\d\d)\.(?:pdf|mark)")
