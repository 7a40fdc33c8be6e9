"""Attaching the file from the cart: which one, what it says, what does not fit; and saving a copy of one."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gpa_tui.errors import GpaTuiError, IntakeError
from gpa_tui.records.ecg import EcgAttachment, EcgFileSays
from gpa_tui.records.facts_ecg import EcgFiled
from gpa_tui.session import acts
from gpa_tui.session.ecg import Ecg
from gpa_tui.session.ecg_match import does_not_fit
from gpa_tui.store.attachments import Attachments, Label
from screens.chooser import ChooserScreen
from screens.widgets.line_list import PLAIN, Row
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.patient import PatientScreen

MOST_LISTED = 100  # of the newest files in the cart's folder
TYPED = "another file: its path is typed"


async def ask_file(screen: PatientScreen, ecg: Ecg, then: Callable[[EcgFileSays], Awaitable[None]]) -> None:
    """Which file, from the folder of the cart where the practice named one; then `then` with what it says."""
    folder = screen.workstation.practice.settings.ecg.folder
    try:
        listed = await asyncio.to_thread(_newest, Path(folder)) if folder else []
    except OSError as error:
        screen.notice(f"{folder}: {error.strerror or error}. Type the file's path.", loud=True)
        listed = []
    if not listed:
        _ask_path(screen, ecg, then)
        return

    async def chosen(key: str) -> None:
        if key == TYPED:
            _ask_path(screen, ecg, then)
        else:
            await _take(screen, ecg, Path(key), then)

    zone = screen.workstation.door.zone
    rows = [
        Row(str(path), ((f" {datetime.fromtimestamp(changed, zone):%d %b %H:%M}  {path.name}", PLAIN),))
        for path, changed in listed
    ]
    await screen.workstation.push_screen(
        ChooserScreen("Which file is this ECG's?", [*rows, Row(TYPED, ((f" {TYPED}", PLAIN),))], chosen)
    )


def _files(screen: PatientScreen) -> Attachments:
    station = screen.workstation
    assert station.desk is not None, "somebody is signed in"
    return station.practice.attachments(station.desk.bench.keys)


def _newest(folder: Path) -> list[tuple[Path, float]]:
    """The files there with when they were written, the newest first. Raises OSError."""
    found = [(path, path.stat().st_mtime) for path in folder.iterdir() if path.is_file()]
    return sorted(found, key=lambda one: one[1], reverse=True)[:MOST_LISTED]


def _ask_path(screen: PatientScreen, ecg: Ecg, then: Callable[[EcgFileSays], Awaitable[None]]) -> None:
    async def typed(text: str) -> bool:
        if not text.strip():
            screen.notice("Type the path of the file.", loud=True)
            return False
        return await _take(screen, ecg, Path(text.strip()).expanduser(), then)

    screen.ask(Question("The file from the cart: its path", typed))


async def _take(
    screen: PatientScreen, ecg: Ecg, path: Path, then: Callable[[EcgFileSays], Awaitable[None]]
) -> bool:
    """Read it, say what does not fit, and attach it once that is answered; whether it could be read."""
    station = screen.workstation
    whose = station.visit.id
    files = _files(screen)
    try:
        content, says = await asyncio.to_thread(_read, path)
        before = await asyncio.to_thread(files.filed_before, content)
    except GpaTuiError as error:
        screen.notice(str(error), loud=True)
        return False
    odd = does_not_fit(
        says, station.visit.appointment.patient, before, station.clock.now(), station.door.zone
    )

    async def attach(why: str) -> bool:
        if odd and not why.strip():
            screen.notice("Say why this file belongs here all the same. Esc: it is not attached.", loud=True)
            return False
        visit = station.visit
        if visit.id != whose:
            return True
        label = Label(
            file_name=path.name,
            sha256=hashlib.sha256(content).hexdigest(),
            patient=visit.appointment.patient.id,
            patient_name=visit.appointment.patient.name.listed,
            date=station.day.date,
            by=station.place.actor.name,
        )
        try:
            kept_as = await asyncio.to_thread(files.keep, content, label)
        except GpaTuiError as error:
            screen.notice(str(error), loud=True)
            return False
        attachment = EcgAttachment(
            kept_as=kept_as,
            file_name=path.name,
            size=len(content),
            sha256=label.sha256,
            says=says,
            did_not_fit=tuple(odd),
            stays_because=why.strip(),
        )
        if not await station.write(acts.file_ecg, ecg=ecg.id, attachment=attachment):
            return False
        screen.notice(f"Attached: {path.name}, {says.format.value}.")
        await then(says)
        return True

    if odd:
        screen.notice(f"Stop. {path.name}: {'; '.join(odd)}.", loud=True)
        prompt = "Esc: not attached. Else: why does this file belong to this patient?"
        screen.ask(Question(prompt, attach))
        return True
    return await attach("")


def _read(path: Path) -> tuple[bytes, EcgFileSays]:
    """The whole file and what it says. Raises `IntakeError`."""
    from gpa_tui.intake.ecg_files import LARGEST, read_ecg_file

    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)  # one more tells that it is too large
    except OSError as error:
        raise IntakeError(f"{path}: {error.strerror or error}.", "Look at the path again.") from error
    return content, read_ecg_file(content)


def ask_copy(screen: PatientScreen, ecg: Ecg, filed: EcgFiled) -> None:
    """Where a copy of an attached file is to be saved, to be looked at with the cart's own program."""

    async def typed(text: str) -> bool:
        station, target = screen.workstation, Path(text.strip()).expanduser()
        target = target / filed.attachment.file_name if target.is_dir() else target
        if not text.strip() or target.exists():
            screen.notice(f"{target} is there already." if text.strip() else "Type a path.", loud=True)
            return False
        save = partial(_save, _files(screen).read, filed.attachment.kept_as, target)
        name = filed.attachment.file_name
        if not await station.write(acts.copy_ecg_file, ecg=ecg.id, file=name, to=str(target)):
            return False
        try:
            await asyncio.to_thread(save)
        except GpaTuiError as error:
            screen.notice(str(error), loud=True)
            return False
        screen.notice(f"Saved: {target}. Whoever can read it there sees it: take it away afterwards.")
        return True

    screen.ask(Question(f"Save a copy of {filed.attachment.file_name} to (a path)", typed))


def _save(read: Callable[[str], bytes], kept_as: str, target: Path) -> None:
    """Raises `GpaTuiError`."""
    from gpa_tui.errors import NotSaved
    from gpa_tui.store.files import replace_file

    try:
        replace_file(target, read(kept_as))
    except OSError as error:
        raise NotSaved(f"{target} was not written: {error.strerror or error}.", "Another path?") from error
