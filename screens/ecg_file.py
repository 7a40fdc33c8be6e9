"""Attaching the file from the cart: which one, what it says, what does not fit; and saving a copy of one."""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from gpa_tui.errors import GpaTuiError, IntakeError, NotSaved
from gpa_tui.records.ecg import EcgAttachment, EcgFileSays
from gpa_tui.records.event import Event
from gpa_tui.records.facts_ecg import EcgFiled
from gpa_tui.session import acts
from gpa_tui.session.ecg import Ecg
from gpa_tui.session.ecg_match import does_not_fit
from gpa_tui.store.attachments import Attachments, Label
from gpa_tui.text import plain_lines
from screens.chooser import ChooserScreen
from screens.widgets.line_list import PLAIN, Row
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.patient import PatientScreen

MOST_LISTED = 100  # of the newest files in the cart's folder
PATIENCE = 10.0  # seconds for a folder that may lie on a network
TYPED = "another file: its path is typed"
Then = Callable[[list[Event]], Awaitable[None]]
What = TypeVar("What")


async def ask_file(screen: PatientScreen, ecg: Ecg, then: Then) -> None:
    """Which file, from the folder of the cart where the practice named one; `then` gets what was said."""
    folder, listed = screen.workstation.practice.settings.ecg.folder, []
    if folder:
        try:
            listed = await _beside(partial(_newest, folder))
        except GpaTuiError as error:
            screen.notice(f"{error} Type the file's path.", loud=True)
    if not listed:
        _ask_path(screen, ecg, then)
        return

    async def chosen(key: str) -> None:
        if key == TYPED:
            _ask_path(screen, ecg, then)
        else:
            await _take(screen, ecg, key, then)

    zone = screen.workstation.door.zone
    rows = [
        Row(path, ((f" {datetime.fromtimestamp(changed, zone):%d %b %H:%M}  {_name(path)}", PLAIN),))
        for path, changed in listed
    ]
    await screen.workstation.push_screen(
        ChooserScreen("Which file is this ECG's?", [*rows, Row(TYPED, ((f" {TYPED}", PLAIN),))], chosen)
    )


def _ask_path(screen: PatientScreen, ecg: Ecg, then: Then) -> None:
    async def typed(text: str) -> bool:
        if not text.strip():
            screen.notice("Type the path of the file.", loud=True)
            return False
        return await _take(screen, ecg, text.strip(), then)

    screen.ask(Question("The file from the cart: its path", typed))


async def _take(screen: PatientScreen, ecg: Ecg, typed: str, then: Then) -> bool:
    """Read it, say what does not fit, and attach it once that is answered; whether it could be read."""
    station, files = screen.workstation, _files(screen)
    whose, name = station.visit.id, _name(typed)
    try:
        content, says = await _beside(partial(_read, typed))
        before = await asyncio.to_thread(files.filed_before, content)
    except GpaTuiError as error:
        screen.notice(str(error), loud=True)
        return False
    patient = station.visit.appointment.patient
    odd = does_not_fit(says, patient, before, station.clock.now(), station.door.zone)

    async def attach(why: str) -> bool:
        if odd and not why.strip():
            screen.notice("Say why this file belongs here all the same. Esc: it is not attached.", loud=True)
            return False
        if station.open_visit != whose:
            station.say(f"{name} was not attached: another record is open now.", loud=True)
            return True
        said = await _attach(screen, ecg, files, content, _Odd(name, says, tuple(odd), why.strip()))
        if said:
            screen.notice(f"Attached: {name}, {says.format.value}.")
            await then(said)
        return bool(said)

    if odd:
        screen.notice(f"Stop. {name}: {'; '.join(odd)}.", loud=True)
        prompt = "Esc: not attached. Else: why does this file belong to this patient?"
        screen.ask(Question(prompt, attach))
        return True
    return await attach("")


class _Odd:
    """A file that was read, and what of it does not fit and why it stays all the same."""

    def __init__(self, name: str, says: EcgFileSays, odd: tuple[str, ...], why: str) -> None:
        self.name, self.says, self.odd, self.why = name, says, odd, why


async def _attach(
    screen: PatientScreen, ecg: Ecg, files: Attachments, content: bytes, found: _Odd
) -> list[Event] | None:
    """Keep it and say so; where that is refused, it is not kept either."""
    station, patient = screen.workstation, screen.workstation.visit.appointment.patient
    label = Label(
        file_name=found.name,
        sha256=hashlib.sha256(content).hexdigest(),
        patient=patient.id,
        patient_name=patient.name.listed,
        date=station.day.date,
        by=station.place.actor.name,
    )
    try:
        kept_as, fresh = await asyncio.to_thread(files.keep, content, label)
    except GpaTuiError as error:
        screen.notice(str(error), loud=True)
        return None
    attachment = EcgAttachment(
        kept_as=kept_as,
        file_name=found.name,
        size=len(content),
        sha256=label.sha256,
        says=found.says,
        did_not_fit=found.odd,
        stays_because=found.why,
    )
    rules = station.practice.settings.ecg
    said = await station.write(acts.file_ecg, ecg=ecg.id, attachment=attachment, rules=rules)
    if not said and fresh:
        await asyncio.to_thread(files.forget, kept_as)
    return said


def _files(screen: PatientScreen) -> Attachments:
    station = screen.workstation
    assert station.desk is not None, "somebody is signed in"
    return station.practice.attachments(station.desk.bench.keys)


# ── files, beside the screen ──────────────────────────────────────────────────────────────────


async def _beside(work: Callable[[], What]) -> What:
    """Do it in a thread that is not waited for at the end; raises `IntakeError` where it takes too long.

    A network folder that does not answer, or a pipe that nobody writes to, must not hold the keys.
    """
    done: Future[What] = Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001  whatever it is, it is raised where it is waited for
            done.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        return await asyncio.wait_for(asyncio.wrap_future(done), PATIENCE)
    except TimeoutError as error:
        raise IntakeError(f"No answer within {PATIENCE:.0f} seconds.", "Try again, or another.") from error


def _name(path: str) -> str:
    """The file's own name, as it can be shown and kept whatever bytes it is made of."""
    shown = os.fsencode(os.path.basename(path)).decode(errors="replace")  # noqa: PTH119  a Path may refuse it
    return plain_lines(shown).replace("\n", " ")[:200]


def _newest(folder: str) -> list[tuple[str, float]]:
    """The files there with when they were written, the newest first. Raises `IntakeError`."""
    try:
        found = [(str(path), path.stat().st_mtime) for path in _path(folder).iterdir() if path.is_file()]
    except (OSError, ValueError) as error:
        raise _cannot(folder, error) from error
    return sorted(found, key=lambda one: one[1], reverse=True)[:MOST_LISTED]


def _read(typed: str) -> tuple[bytes, EcgFileSays]:
    """The whole file and what it says. Raises `IntakeError`."""
    from gpa_tui.intake.ecg_files import LARGEST, read_ecg_file

    try:
        descriptor = os.open(_path(typed), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise IntakeError(f"{typed} is no file.", "Type the path of the file itself.")
            content = file.read(LARGEST + 1)  # one more tells that it is too large
    except (OSError, ValueError) as error:
        raise _cannot(typed, error) from error
    return content, read_ecg_file(content)


def _path(typed: str) -> Path:
    """Raises `IntakeError` for a home that nobody has."""
    try:
        return Path(typed).expanduser()
    except RuntimeError as error:
        raise IntakeError(f"{typed}: there is no such home.", "Look at the path again.") from error


def _cannot(path: str, error: Exception) -> IntakeError:
    why = (error.strerror or str(error)) if isinstance(error, OSError) else "it is no path"
    return IntakeError(f"{path}: {why}.", "Look at the path again.")


def ask_copy(screen: PatientScreen, ecg: Ecg, filed: EcgFiled) -> None:
    """Where a copy of an attached file is to be saved, to be looked at with the cart's own program."""
    name = filed.attachment.file_name

    async def typed(text: str) -> bool:
        if not text.strip():
            screen.notice("Type a path.", loud=True)
            return False
        try:
            content = await asyncio.to_thread(_files(screen).read, filed.attachment.kept_as)
            target = await _beside(partial(_free, text.strip(), name))
            if not await screen.workstation.write(acts.copy_ecg_file, ecg=ecg.id, file=name, to=str(target)):
                return False
            await _beside(partial(_save, content, target))
        except GpaTuiError as error:
            screen.notice(str(error), loud=True)
            return False
        screen.notice(f"Saved: {target}. Whoever can read it there sees it: take it away afterwards.")
        return True

    screen.ask(Question(f"Save a copy of {name} to (a path)", typed))


def _free(typed: str, name: str) -> Path:
    """The path that was typed, within it the file's own name where it is a folder. Raises `IntakeError`."""
    try:
        target = _path(typed)
        target = target / name if target.is_dir() else target
        if target.exists():
            raise IntakeError(f"{target} is there already.", "Type another path.")
    except (OSError, ValueError) as error:
        raise _cannot(typed, error) from error
    return target


def _save(content: bytes, target: Path) -> None:
    """Raises `NotSaved`."""
    from gpa_tui.store.files import replace_file

    try:
        replace_file(target, content)
    except OSError as error:
        raise NotSaved(f"{target} was not written: {error.strerror or error}.", "Another path?") from error
