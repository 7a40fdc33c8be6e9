"""What each command does once its words are read. Nothing here draws a screen."""

from __future__ import annotations

import getpass
import re
import sys
from argparse import Namespace
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gpa_tui.clock import Clock, local_date, local_time
from gpa_tui.errors import GpaTuiError, SignInRefused, StoreUnusable
from gpa_tui.records.base import StaffId
from gpa_tui.records.staff import DEVICE, Actor, Role, StaffMember
from gpa_tui.session.desk import Desk, note_refused_sign_in
from gpa_tui.session.roles import MAY, Act
from gpa_tui.store.files import replace_file
from gpa_tui.store.practice import Practice, create_practice
from gpa_tui.terminal import this_terminal
from gpa_tui.text import clean, printable

if TYPE_CHECKING:
    from gpa_tui.intake.daylist import DayList
    from gpa_tui.intake.reconcile import Question

DONE, REFUSED = 0, 1  # exit statuses
_SHORT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")


def say(text: str = "") -> None:
    """A line for the person; nothing that came from a file can steer the terminal."""
    print("\n".join(printable(line) for line in text.split("\n")))  # noqa: T201


# ── people ────────────────────────────────────────────────────────────────────────────────────


def read_passphrase(arguments: Namespace, prompt: str) -> str:
    """From `--passphrase-file` (its first line), else asked for on the terminal; never an argument."""
    if arguments.passphrase_file is None:
        return getpass.getpass(prompt)
    try:
        return str(arguments.passphrase_file.read_text("utf-8-sig").partition("\n")[0].rstrip("\r"))
    except (OSError, UnicodeDecodeError) as error:
        raise SignInRefused(
            f"The passphrase file {arguments.passphrase_file} cannot be read.", "Give another one."
        ) from error


def sign_in(practice: Practice, arguments: Namespace, act: Act, clock: Clock) -> Actor:
    """Who gives the command: `--staff NAME`, or asked; in the first of their roles that may do `act`.

    Raises `SignInRefused` once the refusal is in today's log.
    """
    names = {entry.member.id: entry.member for entry in practice.roster.staff}
    chosen = arguments.staff or input(f"Who are you ({', '.join(names)})? ").strip()
    passphrase = read_passphrase(arguments, f"Passphrase of {chosen}: ")
    try:
        member = practice.sign_in(StaffId(chosen), passphrase)
    except SignInRefused:
        note_refused_sign_in(practice, clock, this_terminal(), chosen)
        raise
    role = next((role for role in member.roles if act in MAY[role]), member.roles[0])
    return Actor(staff=member.id, name=member.name, role=role)


def demo(home: Path, arguments: Namespace, clock: Clock) -> None:
    """The made-up practice in `home` with a list for today; what was done in it earlier today stays."""
    from gpa_tui.demo import IMPORTER, demo_practice, write_demo_list
    from gpa_tui.intake.daylist import read_list
    from gpa_tui.intake.take import take_in

    practice = demo_practice(home)
    today = local_date(clock.now(), practice.settings.zone)
    with closing(Desk(practice, today, clock, IMPORTER, this_terminal())) as desk:
        desk.refresh()
        if not desk.day.visits:
            path = write_demo_list(home, today, practice.settings.zone)
            day_list = read_list(
                path, settings=practice.settings, practice=practice.info.practice, on=today, demo=True
            )
            take_in(desk, day_list, None)
    if arguments.create_only:
        say(f"The made-up practice is in {home}.")


# ── init ──────────────────────────────────────────────────────────────────────────────────────


def init(home: Path, arguments: Namespace) -> int:
    """Make a new store with one person, who is GPA, supervisor or whatever roles were asked for."""
    if not _SHORT_NAME.fullmatch(arguments.staff):
        raise SignInRefused(
            f"“{arguments.staff}” cannot be a short name.", "Use letters and digits, e.g. --staff mokafor."
        )
    if arguments.staff.casefold() == DEVICE:
        raise SignInRefused(f"“{arguments.staff}” is what the log calls the machine.", "Choose another.")
    passphrase = read_passphrase(arguments, f"Passphrase for {arguments.staff_name}: ")
    if arguments.passphrase_file is None and getpass.getpass("The same again: ") != passphrase:
        raise SignInRefused("The two passphrases differ.", "Start again.")
    if len(passphrase) < 8:
        raise SignInRefused(
            "A passphrase has at least 8 characters.", "Three or four words are easy to keep."
        )
    roles = tuple(Role(role) for role in arguments.role or [Role.GPA])
    member = StaffMember(id=StaffId(arguments.staff), name=clean(arguments.staff_name), roles=roles)
    settings = f"name = {_toml_string(clean(arguments.practice_name))}\n"
    create_practice(home, settings, [(member, passphrase)], demo=arguments.demo)
    say(f"Made a {'demo ' if arguments.demo else ''}practice in {home}.")
    say("This version does not yet encrypt what it keeps: put made-up patients only in it.")
    say(f"Next: gpa-tui --home {home} import FILE")
    return DONE


def _toml_string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# ── import ────────────────────────────────────────────────────────────────────────────────────


def import_list(home: Path, arguments: Namespace, clock: Clock) -> int:
    """Read a day's list into the store. 1 when a row was set aside or a question is open."""
    from gpa_tui.intake.daylist import read_list
    from gpa_tui.intake.rejected import write_rejected
    from gpa_tui.intake.take import take_in

    practice = Practice(home)
    on = arguments.date or local_date(clock.now(), practice.settings.zone)
    day_list = read_list(
        arguments.file,
        settings=practice.settings,
        practice=practice.info.practice,
        on=on,
        demo=practice.info.demo,
        csv_map=arguments.map,
    )
    if arguments.dry_run:
        show_list(day_list, practice)
        return REFUSED if day_list.rejected else DONE
    actor = sign_in(practice, arguments, Act.IMPORT_LIST, clock)
    with closing(Desk(practice, on, clock, actor, this_terminal())) as desk:
        imported, rejected = take_in(desk, day_list, ask_same_person if sys.stdin.isatty() else None)
    say(
        f"{imported.file}: {imported.listed} new, {imported.changed} changed, "
        f"{imported.unchanged} as before, {imported.gone} no longer on the list."
    )
    for note in day_list.notes:
        say(f"note: {note}")
    if rejected:
        say(f"{len(rejected)} rows were set aside:")
        for row in rejected:
            say(f"  {row.row}: {row.field}: {row.reason}")
    written = write_rejected(arguments.file, rejected)
    if rejected:
        say(f"They are kept in {written}.")
    return REFUSED if rejected else DONE


def show_list(day_list: DayList, practice: Practice) -> None:
    """What would be listed, and what would be set aside."""
    say(f"{day_list.file}: {day_list.date.isoformat()}")
    for row in sorted(day_list.appointments, key=lambda row: row.start):
        time = local_time(row.start, practice.settings.zone)
        name = row.patient.name.listed
        say(f"  {time}  {name:<32}  {row.patient.nhs_number_shown:<12}  {row.reason}")
    for rejected in day_list.rejected:
        say(f"  set aside  {rejected.row}: {rejected.field}: {rejected.reason}")
    for note in day_list.notes:
        say(f"  note: {note}")
    say(f"{len(day_list.appointments)} to list, {len(day_list.rejected)} set aside. Nothing was saved.")


def ask_same_person(question: Question) -> bool | None:
    """Put the question to the person. None when they cannot say."""
    say(question.sentence)
    reply = input("Same person? y takes the new details, n sets the row aside, Enter leaves it open: ")
    return {"y": True, "n": False}.get(reply.strip().lower()[:1])


# ── log ───────────────────────────────────────────────────────────────────────────────────────


def show_log(home: Path, arguments: Namespace, clock: Clock) -> int:
    """Print the session log of one date; the reading is itself recorded."""
    from gpa_tui.output.log_text import text_lines
    from gpa_tui.session import acts

    practice, on = _day_asked(home, arguments, clock)
    actor = sign_in(practice, arguments, Act.READ_LOG, clock)
    with closing(Desk(practice, on, clock, actor, this_terminal())) as desk:
        desk.do(partial(acts.view_log, place=desk.place))
        for line in text_lines(desk.day, lambda at: local_time(at, practice.settings.zone)):
            say(line)
    return DONE


def export_log(home: Path, arguments: Namespace, clock: Clock) -> int:
    """Write the session log of one date to a private file; the export is itself recorded, first."""
    from gpa_tui.output.log_text import comma_separated, json_lines
    from gpa_tui.session import acts

    practice, on = _day_asked(home, arguments, clock)
    actor = sign_in(practice, arguments, Act.EXPORT_LOG, clock)
    target: Path = arguments.out or Path(f"session-log-{on.isoformat()}.{arguments.format}")
    if target.exists():
        raise GpaTuiError(f"{target} is there already.", "Choose another --out, or take it away first.")
    with closing(Desk(practice, on, clock, actor, this_terminal())) as desk:
        what = f"session log as {arguments.format}"
        desk.do(partial(acts.note_export, place=desk.place, what=what, file=target.name))
        content = json_lines(desk.day) if arguments.format == "jsonl" else comma_separated(desk.day)
    try:
        replace_file(target, content.encode())
    except OSError as error:
        raise GpaTuiError(
            f"{target} cannot be written: {error.strerror}.", "Choose another --out."
        ) from error
    say(f"{len(desk.day.events)} entries in {target}, in the clear: keep it where only you can read it.")
    return DONE


def _day_asked(home: Path, arguments: Namespace, clock: Clock) -> tuple[Practice, date]:
    practice = Practice(home)
    on = arguments.date or local_date(clock.now(), practice.settings.zone)
    if not practice.has_day(on):
        days = practice.days()
        remedy = f"The latest is {days[-1].isoformat()}." if days else "No list was imported yet."
        raise GpaTuiError(f"There is no log for {on.isoformat()}.", remedy)
    return practice, on


def verify_log(home: Path, arguments: Namespace, _: Clock) -> int:
    """Check that every line of every journal follows from the one before. Needs no passphrase."""
    practice = Practice(home)
    wanted = arguments.date.isoformat() if arguments.date else None
    paths = [path for path in practice.journals() if wanted in {None, path.stem}]
    if wanted and not paths:
        raise GpaTuiError(f"There is no log for {wanted}.", "Nothing was checked.")
    bad = [line for path in paths if (line := _verified(path, practice)).startswith("BAD")]
    say("Nothing was altered." if bad else _WHOLE)
    say(f"{len(paths)} journals were there to check. This version does not notice one that was removed.")
    return REFUSED if bad else DONE


_WHOLE = "Every line follows from the one before."


def _verified(path: Path, practice: Practice) -> str:
    """Check one journal, and say in a line what was found."""
    from gpa_tui.store.chain import verify

    try:
        found = verify(path, practice.info.practice)
    except StoreUnusable as error:
        line = f"BAD  {error}"
    except OSError as error:
        line = f"BAD  {path.name} cannot be read: {error.strerror}."
    else:
        torn = f", then {found.torn_bytes} bytes of an entry that was never saved" if found.torn_bytes else ""
        whole = f"ok   {path.stem}: {found.commits} saves, {found.events} entries, head {found.head}{torn}"
        line = f"BAD  {found.damage.reason}" if found.damage else whole
    say(line)
    return line
