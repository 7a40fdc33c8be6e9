"""The commands about the store as a whole: `gpa-tui backup`, `restore`, `doctor`, `templates`."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from pathlib import Path

from gpa_tui.clock import Clock
from gpa_tui.commands import DONE, REFUSED, sign_in
from gpa_tui.records.event import BackedUp, Restored, Said
from gpa_tui.session.admission import note_beside
from gpa_tui.session.registry import Registry
from gpa_tui.session.roles import Act, require
from gpa_tui.store.practice import Practice
from gpa_tui.terminal import say
from gpa_tui.text import clean


def backup(home: Path, arguments: Namespace, clock: Clock) -> int:
    """A consistent copy of the store in one file, while it is in use; the log says so first."""
    from gpa_tui.store.backup import back_up

    practice = Practice(home)
    bench = sign_in(practice, arguments, Act.BACK_UP, clock)
    require(bench.actor, Act.BACK_UP)
    with closing(Registry(bench)) as registry:
        note_beside(registry, [Said(data=BackedUp(file=clean(arguments.file.name)))])
    size = back_up(practice, arguments.file)
    say(f"{arguments.file}: {size} bytes, sealed as the store is. It opens with the same passphrases.")
    return DONE


def restore(home: Path, arguments: Namespace, clock: Clock) -> int:
    """A new store of a backup, with an origin of its own; needs a passphrase that held when it was made."""
    from gpa_tui.store.backup import heads
    from gpa_tui.store.backup import restore as restored

    def begin(made: Practice, before: str) -> None:
        bench = sign_in(made, arguments, Act.BACK_UP, clock)
        with closing(Registry(bench)) as registry:
            said = [Said(data=Restored(origin=before, file=clean(arguments.file.name)))]
            note_beside(registry, said, heads(made))

    practice = restored(arguments.file, home, begin)
    say(f"Restored in {home}: {len(practice.days())} days. `gpa-tui --home {home} log verify` checks them.")
    return DONE


def doctor(home: Path, _: Namespace, clock: Clock) -> int:
    """What is well and what is not, a line each with its remedy."""
    from gpa_tui.doctor import examine

    report = examine(home, clock.now())
    for line in report.lines:
        say(line)
    return DONE if report.well else REFUSED


def templates(home: Path, arguments: Namespace, clock: Clock) -> int:
    """The prep lists of a store, or of none the shipped ones; or what is wrong with files of them."""
    from gpa_tui.templates import FOLDER, check, read_templates

    if arguments.verb == "list":
        for one in read_templates(home).values():
            past = ", PAST ITS REVIEW DATE" if one.past_review(clock.now().date()) else ""
            say(f"{one.id:<18} {one.title}, version {one.version}, {one.owner}, review {one.review}{past}")
        return DONE
    files = arguments.file or sorted((home / FOLDER).glob("*.toml"))
    if not files:
        say(f"There is no list in {home / FOLDER}: the shipped ones hold.")
    wrong = 0
    for path in files:
        template, faults = check(path)
        if template is not None:
            say(f"{path}: {template.title}, version {template.version}, {len(template.items)} items.")
        for fault in faults:
            say(clean(str(fault)))
        wrong += len(faults)
    return REFUSED if wrong else DONE
