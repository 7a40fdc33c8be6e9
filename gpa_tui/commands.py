"""What each command does once its words are read. Nothing here draws a screen."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gpa_tui.clock import Clock, local_date, local_time
from gpa_tui.errors import GpaTuiError
from gpa_tui.records.base import StaffId
from gpa_tui.records.event import Said
from gpa_tui.records.staff import Role, StaffMember
from gpa_tui.session.admission import admit, as_device, bench_of, desk_for_one_act, found, note_beside
from gpa_tui.session.log import Bench
from gpa_tui.session.registry import Registry
from gpa_tui.session.roles import MAY, Act
from gpa_tui.store.practice import Practice, create_practice
from gpa_tui.terminal import read_new_passphrase, read_passphrase, say, this_terminal
from gpa_tui.text import clean

if TYPE_CHECKING:
    from gpa_tui.intake.daylist import DayList
    from gpa_tui.intake.reconcile import Question
    from gpa_tui.session.desk import Desk

DONE, REFUSED = 0, 1  # exit statuses


def sign_in(practice: Practice, arguments: Namespace, act: Act, clock: Clock) -> Bench:
    """Who gives the command: `--staff NAME`, or asked; in the first of their roles that may do `act`.

    Raises `SignInRefused`; the attempt is then noted for the log.
    """
    names = [entry.member.id for entry in practice.roster.staff if entry.slot is not None]
    chosen = StaffId(arguments.staff or input(f"Who are you ({', '.join(names)})? ").strip())
    passphrase = read_passphrase(arguments.passphrase_file, f"Passphrase of {chosen}: ")
    keys = admit(practice, chosen, passphrase, clock, this_terminal())
    role = next((role for role in keys.member.roles if act in MAY[role]), keys.member.roles[0])
    return bench_of(practice, keys, clock, this_terminal(), role)


def demo(home: Path, arguments: Namespace, clock: Clock) -> None:
    """The made-up practice in `home` with a list for today; what was done in it earlier today stays."""
    from gpa_tui.demo import demo_practice, write_demo_list
    from gpa_tui.intake.daylist import read_list
    from gpa_tui.intake.take import take_in

    practice, keys = demo_practice(home, clock)
    today = local_date(clock.now(), practice.settings.zone)
    bench = as_device(bench_of(practice, keys, clock, this_terminal()))
    with desk_for_one_act(bench, today) as desk:
        if not desk.day.visits:
            with TemporaryDirectory() as folder:
                path = write_demo_list(Path(folder), today, practice.settings.zone)
                day_list = read_list(
                    path, settings=practice.settings, practice=practice.info.practice, on=today, demo=True
                )
            take_in(desk, day_list, None)
    if arguments.create_only:
        say(f"The made-up practice is in {home}.")


# ── init ──────────────────────────────────────────────────────────────────────────────────────


def init(home: Path, arguments: Namespace, clock: Clock) -> int:
    """Make a new store with one person, in the roles asked for and as its administrator."""
    from gpa_tui.session.people import require_short_name

    person = require_short_name(arguments.staff)
    passphrase = read_new_passphrase(arguments.passphrase_file, arguments.staff_name)
    roles = tuple(dict.fromkeys([*(Role(role) for role in arguments.role or [Role.GPA]), Role.ADMINISTRATOR]))
    member = StaffMember(id=person, name=clean(arguments.staff_name), roles=roles)
    settings = f"name = {_toml_string(clean(arguments.practice_name))}\n"
    _, code = create_practice(
        home,
        settings,
        [(member, passphrase)],
        demo=arguments.demo,
        begin=lambda made: found(made, person, passphrase, clock, this_terminal()),
    )
    say(f"Made a {'demo ' if arguments.demo else ''}practice in {home}.")
    say("\nThe recovery code opens the store when every passphrase is forgotten. It is shown this once:")
    say(f"\n  {code}\n\nPrint it, and keep it where the practice keeps its keys. Nothing here has a copy.")
    say(f"Next: gpa-tui --home {home} import FILE; gpa-tui staff add for everybody else.")
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
    bench = sign_in(practice, arguments, Act.IMPORT_LIST, clock)
    with desk_for_one_act(bench, on) as desk:
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


# ── a date's log ───────────────────────────────────────────────────────────────────────────────


def print_huddle(home: Path, arguments: Namespace, clock: Clock) -> int:
    """Print the huddle sheet of one date as plain text; that it was printed is recorded first."""
    from gpa_tui.session import acts
    from gpa_tui.session.huddle import huddle

    practice, on = day_asked(home, arguments, clock)
    bench = sign_in(practice, arguments, Act.MOVE, clock)
    with desk_for_one_act(bench, on) as desk, closing(Registry(bench)) as registry:
        record_reading(desk, partial(acts.note_printed, what="huddle sheet"))
        registry.read()
        tasks = list(registry.standing.tasks.values())
        show = partial(local_time, zone=practice.settings.zone)
        earlier = registry.standing.carried.open_before(on)
        for label, text in huddle(desk.day, desk.day.rows, tasks, earlier, show):
            say(f"{label:<10}{clean(text)}")
    return DONE


def target_asked(arguments: Namespace, otherwise: str) -> Path:
    """The file that a copy goes into. Raises `GpaTuiError` where one is there already."""
    target: Path = arguments.out or Path(otherwise)
    if target.exists():
        raise GpaTuiError(f"{target} is there already.", "Choose another --out, or take it away first.")
    return target


def day_asked(home: Path, arguments: Namespace, clock: Clock) -> tuple[Practice, date]:
    practice = Practice(home)
    on = arguments.date or local_date(clock.now(), practice.settings.zone)
    days = practice.days()
    if on not in days:
        remedy = f"The latest is {days[-1].isoformat()}." if days else "No list was imported yet."
        raise GpaTuiError(f"There is no log for {on.isoformat()}.", remedy)
    return practice, on


def record_reading(desk: Desk, act: Callable[..., Sequence[Said]], what_is_read: str = ".") -> None:
    """What the command does with a day goes into its log; beside it where it can only be read."""
    if desk.trouble is None:
        desk.do(partial(act, place=desk.place))
        return
    say(f"This day can only be read{what_is_read} {desk.trouble}")
    with closing(Registry(desk.bench)) as registry:
        note_beside(registry, act(desk.day, desk.place))
