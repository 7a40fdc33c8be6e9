"""`gpa-tui log`: show, export, verify and search the session log."""

from __future__ import annotations

import json
from argparse import Namespace
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpa_tui.clock import Clock, local_time
from gpa_tui.commands import DONE, REFUSED, day_asked, record_reading, sign_in, target_asked
from gpa_tui.errors import GpaTuiError
from gpa_tui.session.admission import desk_for_one_act
from gpa_tui.session.registry import Registry
from gpa_tui.session.roles import Act
from gpa_tui.session.sheet import sheet_of
from gpa_tui.session.whole_log import Entry, whole_log
from gpa_tui.store.files import replace_file, sweep
from gpa_tui.store.practice import Practice
from gpa_tui.terminal import say
from gpa_tui.text import clean

if TYPE_CHECKING:
    from gpa_tui.session.desk import Desk


def show_log(home: Path, arguments: Namespace, clock: Clock) -> int:
    """Print the session log of one date; the reading is itself recorded."""
    from gpa_tui.output.log_text import text_lines
    from gpa_tui.session import acts

    practice, on = day_asked(home, arguments, clock)
    bench = sign_in(practice, arguments, Act.READ_LOG, clock)
    with desk_for_one_act(bench, on) as desk:
        record_reading(desk, acts.view_log)
        entries = _whole_log(desk)
        for line in text_lines(entries, desk.day, lambda at: local_time(at, practice.settings.zone)):
            say(line)
        saves, head = desk.head
        others = len(entries) - len(desk.day.events)
        beside = f"; {others} more from the standing journal" if others else ""
        say(f"{len(desk.day.events)} entries in {saves} saves, head {head}{beside}")
    return DONE


def export_log(home: Path, arguments: Namespace, clock: Clock) -> int:
    """Write the session log of one date to a private file; the export is itself recorded, first."""
    from gpa_tui.session import acts

    practice, on = day_asked(home, arguments, clock)
    bench = sign_in(practice, arguments, Act.EXPORT_LOG, clock)
    ending = f"{arguments.format}.ndjson" if arguments.format in {"fhir", "audit"} else arguments.format
    target = target_asked(arguments, f"session-log-{on.isoformat()}.{ending}")
    with desk_for_one_act(bench, on) as desk:
        note = partial(acts.note_export, what=f"session log as {arguments.format}", file=target.name)
        record_reading(desk, note, ": what stands before the damage is exported.")
        content, count = _as(arguments.format, desk)
    sweep(target.parent, f"{target.name}.*")  # what a program left that was killed here
    try:
        replace_file(target, content)
    except OSError as error:
        raise GpaTuiError(
            f"{target} cannot be written: {error.strerror}.", "Choose another --out."
        ) from error
    say(f"{count} in {target}, in the clear: keep it where only you can read it.")
    return DONE


def _as(format_: str, desk: Desk) -> tuple[bytes, str]:
    """The date in a format, and how much of what it is."""
    from gpa_tui.output.log_text import comma_separated, json_lines
    from gpa_tui.output.session_sheet import as_pdf, as_text

    if format_ in {"fhir", "audit"}:
        from gpa_tui.sync.trail import audit_log

        if format_ == "audit":
            found = list(audit_log(desk.day, (entry.event for entry in _whole_log(desk))))
        else:
            found = day_resources(desk)
        lines = "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in found)
        return lines.encode(), f"{len(found)} FHIR resources"
    if format_ in {"pdf", "txt"}:
        with closing(Registry(desk.bench)) as registry:
            registry.read()
            sheet = sheet_of(desk, registry)
        count = f"The sheet of {desk.date.isoformat()}, {sheet.mark}, is"
        return (as_pdf(sheet) if format_ == "pdf" else as_text(sheet).encode()), count
    whole = _whole_log(desk)
    text = json_lines(whole) if format_ == "jsonl" else comma_separated(whole, desk.day)
    return text.encode(), f"{len(whole)} entries"


def day_resources(desk: Desk) -> list[dict[str, Any]]:
    """The date as UK Core resources."""
    from gpa_tui.sync.outgoing import outgoing
    from gpa_tui.templates import read_templates

    with closing(Registry(desk.bench)) as registry:
        registry.read()
        asked = list(registry.standing.tasks.values())
    read_file = desk.practice.attachments(desk.bench.keys).at_hand
    templates = read_templates(desk.practice.home)
    return [one for _, one in outgoing(desk.day, templates, asked, read_file=read_file)]


def _whole_log(desk: Desk) -> list[Entry]:
    """The date's entries, with those of tasks and people."""
    with closing(Registry(desk.bench)) as registry:
        registry.read()
        return whole_log(desk.day, registry.standing, desk.practice.settings.zone)


def verify_log(home: Path, arguments: Namespace, clock: Clock) -> int:
    """Check every line of every journal; with a passphrase also what is inside. Nothing is altered."""
    from gpa_tui.output.verify_text import verified

    practice = Practice(home)
    if arguments.sheet:
        return _verify_sheet(practice, arguments, clock)
    if arguments.date and arguments.date not in practice.days():
        raise GpaTuiError(f"There is no log for {arguments.date.isoformat()}.", "Nothing was checked.")
    keys = sign_in(practice, arguments, Act.READ_LOG, clock).keys if arguments.staff else None
    lines, whole = verified(practice, keys, arguments.date)
    for line in lines:
        say(line)
    return DONE if whole else REFUSED


def _verify_sheet(practice: Practice, arguments: Namespace, clock: Clock) -> int:
    """Whether a log is the one of a sheet, and what came after; with a passphrase, in words."""
    from gpa_tui.output.sheet_text import read_mark, sheet_lines

    mark = read_mark(arguments.sheet)
    keys = sign_in(practice, arguments, Act.READ_LOG, clock).keys if arguments.staff else None
    lines, whole = sheet_lines(practice, keys, mark, arguments.date)
    for line in lines:
        say(line)
    return DONE if whole else REFUSED


def search_log(home: Path, arguments: Namespace, clock: Clock) -> int:
    """Look through the log of all days; that it is searched, and for what, is recorded first."""
    from gpa_tui.session.search import Wanted, note_search, search

    practice = Practice(home)
    bench = sign_in(practice, arguments, Act.READ_LOG, clock)
    wanted = Wanted(
        whom=clean(arguments.patient or ""),
        born=arguments.born.isoformat() if arguments.born else "",
        staff=clean(arguments.by or ""),
        kind=clean(arguments.what or ""),
        since=arguments.since,
        until=arguments.until,
    )
    with closing(Registry(bench)) as registry:
        registry.read()
        registry.do(lambda _: note_search(wanted, bench.place))
        count = 0
        for found in search(bench, registry.standing.events, wanted, unread=registry.unread):
            line, at = found.line, datetime.fromisoformat(found.line.at)
            when = local_time(at, practice.settings.zone)
            whose = f"{found.whose} · " if found.whose else ""
            say(f"{found.on.isoformat()} {when} {line.name} {line.role} · {whose}{line.says}")
            count += bool(line.id)  # else it says what was not looked through
    say(f"{count} {'entry' if count == 1 else 'entries'}: {wanted.shown}.")
    return DONE if count else REFUSED
