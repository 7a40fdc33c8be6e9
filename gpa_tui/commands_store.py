"""The commands about the store as a whole: `backup`, `restore`, `retention`, `doctor`, `templates`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from gpa_tui.clock import Clock, local_date
from gpa_tui.commands import DONE, REFUSED, day_asked, record_reading, sign_in, target_asked
from gpa_tui.errors import Refused
from gpa_tui.records.event import BackedUp, Restored, Said
from gpa_tui.session.admission import desk_for_one_act, note_beside
from gpa_tui.session.desk import Desk
from gpa_tui.session.log import Bench
from gpa_tui.session.registry import Registry
from gpa_tui.session.roles import Act, require
from gpa_tui.store.practice import Practice
from gpa_tui.store.verify import PURGED
from gpa_tui.terminal import say
from gpa_tui.text import clean

MOST_SILENCE = timedelta(days=60)  # beyond it the clock is rather wrong than the practice shut (proposal)


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


def retention(home: Path, arguments: Namespace, clock: Clock) -> int:
    """Which dates are kept till when; with `--apply` what is due is archived or destroyed, the log first.

    What a crash left half taken away is finished first.
    """
    from gpa_tui.session.retention import kept, purged
    from gpa_tui.store.archive import going

    practice = Practice(home)
    bench = sign_in(practice, arguments, Act.RETAIN, clock)
    require(bench.actor, Act.RETAIN)
    rule, zone = practice.settings.retention, practice.settings.zone
    today = local_date(clock.now(), zone)
    with closing(Registry(bench)) as registry:
        registry.read()
        if arguments.apply:
            _require_likely(practice, registry, today)
        half, gone = going(practice), purged(registry.standing.events)
        for on in half if arguments.apply else ():
            if _finished(registry, on):
                say(f"{on}  taken away: it was half done")
        due = 0
        for one in kept(practice.days(), registry.standing.reviews, rule.keep_days, zone):
            if one.on in half and not arguments.apply:
                say(f"{one.on}  half taken away: --apply finishes it")
                continue
            back = ", brought back from its archive" if one.on in gone else ""
            if not one.is_due(today):
                say(f"{one.on}  kept: {one.why or f'till {one.until}'}{back}")
                continue
            due += 1
            if arguments.apply:
                say(f"{one.on}  {_taken_away(registry, one.on)}")
            else:
                say(f"{one.on}  due since {one.until}: to {rule.then}{back}")
    if due and not arguments.apply:
        say(f"{due} due. --apply does it; a backup before it is yours to make.")
    return DONE


def _require_likely(practice: Practice, registry: Registry, today: date) -> None:
    """A clock that is years ahead takes nothing away. Raises `Refused`."""
    zone = practice.settings.zone
    newest = max(
        *(local_date(event.wall, zone) for event in registry.standing.events), *practice.days(), date.min
    )
    if today - newest > MOST_SILENCE:
        raise Refused(
            f"The clock says {today}, and nothing was written since {newest}. Nothing was taken away.",
            "If it is right, sign in at the workstation first.",
        )


def _finished(registry: Registry, on: date) -> bool:
    """What a crash left half done goes, where that it goes is in the log; else it stays as it is."""
    from gpa_tui.session.day import attached_to
    from gpa_tui.session.retention import purged
    from gpa_tui.store.archive import held_still, stays, take_away

    practice = registry.practice
    gone, hashes = purged(registry.standing.events).get(on), practice.day_hashes(on)
    if gone is None or (hashes and hashes[-1] != gone.hash):
        stays(practice, on)
        return False
    attached = []
    if hashes:
        with closing(Desk(registry.bench, on)) as desk:
            desk.read()
            attached = attached_to(desk.day)
    alone = _of_no_other(registry.bench, on, attached)
    with held_still(practice, on):
        take_away(practice, on, alone)
    return True


def _of_no_other(bench: Bench, on: date, attached: Sequence[str]) -> list[str]:
    """Which of these files no other date has: what is the same on two dates is kept once."""
    from gpa_tui.session.search import digests_of

    left = set(attached)
    for digest in digests_of(bench, (day for day in bench.practice.days() if day != on)) if left else ():
        left -= left if digest.trouble else set(digest.attached)
    return [name for name in attached if name in left]


def _taken_away(registry: Registry, on: date) -> str:
    """Packed where that is the rule, then in the log, then gone; what became of it, in words."""
    from gpa_tui.session.day import attached_to
    from gpa_tui.session.digest import names_in, patients_of
    from gpa_tui.session.retention import note_purge, said_since
    from gpa_tui.session.telling import hashed
    from gpa_tui.store.archive import begin_taking, files_of, held_still, is_packed, pack, take_away

    practice = registry.practice
    rule = practice.settings.retention
    with closing(Desk(registry.bench, on)) as desk:
        desk.read()
        registry.require_sound(desk)
        if trouble := desk.unread:
            return f"kept: it is not as it was written. {trouble}"
        head, attached, others = desk.head, attached_to(desk.day), desk.heads_of_others
        names = names_in(patients_of(desk.day).values())
        since = said_since(registry.standing.reviews[on], desk.day)
    if since:
        return f"kept: entries came after the sign-off ({since}). Review them, and sign off anew."
    file, sha256 = "", ""
    alone = _of_no_other(registry.bench, on, attached)
    with held_still(practice, on):
        if (practice.day_hashes(on)[-1:] or [""]) != [head[1]]:
            return "kept: somebody wrote in it just now. Run it again."
        if rule.then == "archive":
            target = Path(rule.folder or practice.home / "archive") / f"{on.isoformat()}.tar"
            files = files_of(practice, on, attached)
            if target.exists() and not is_packed(practice, files, target):
                return f"kept: {target} is there already, and is another."
            file, sha256 = target.name, pack(practice, files, target)
        kept = sorted(hashed(name, practice.info.practice) for name in names)
        begin_taking(practice, on)
        said = note_purge(registry.bench.place, on, head, file, sha256, kept, others)
        registry.do(lambda _: said, {f"{PURGED}{on.isoformat()}": head})
        take_away(practice, on, alone)
    return f"archived in {target}" if file else "destroyed"


def pack(home: Path, arguments: Namespace, clock: Clock) -> int:
    """The downtime pack of one date in a private file; that it was made is in the log first."""
    from gpa_tui.downtime import WHAT, pack_now
    from gpa_tui.output.pack_pdf import as_pdf
    from gpa_tui.printing import save_private
    from gpa_tui.session import acts
    from gpa_tui.templates import read_templates

    practice, on = day_asked(home, arguments, clock)
    bench = sign_in(practice, arguments, Act.PACK, clock)
    target = target_asked(arguments, f"downtime-{on.isoformat()}.pdf")
    with desk_for_one_act(bench, on) as desk:
        record_reading(desk, partial(acts.note_pack, what=WHAT, file=target.name))
        save_private(as_pdf(pack_now(desk, read_templates(home))), target)
    say(f"{target}: the list, {len(desk.day.rows)} briefs and blank forms. Keep it private; shred it.")
    return DONE


def portfolio(home: Path, arguments: Namespace, clock: Clock) -> int:
    """The portfolio of whoever asks, in a private file; that it was made is in the log first."""
    from gpa_tui.output.portfolio_text import as_markdown, as_pdf, as_zip, left_out_words
    from gpa_tui.printing import save_private
    from gpa_tui.session.portfolio import note_export
    from gpa_tui.session.portfolio_now import Worked, portfolio_now

    practice = Practice(home)
    bench = sign_in(practice, arguments, Act.PORTFOLIO, clock)
    target = target_asked(arguments, f"portfolio-{bench.actor.staff}.{arguments.format}")
    with closing(Registry(bench)) as registry:
        registry.read()
        registry.do(lambda _: note_export(bench.place, target.name))
        standing = registry.standing
        known = Worked().known(bench, standing.events, standing.portfolios.months)
        made = portfolio_now(bench, standing, known)
    content = {
        "md": lambda: as_markdown(made).encode(),
        "pdf": lambda: as_pdf(made),
        "zip": lambda: as_zip(made),
    }
    save_private(content[arguments.format](), target)
    left = f" {left_out_words(made)}" if made.left_out else ""
    say(f"{target}: {made.sessions} sessions, {len(made.items)} visits as evidence.{left}")
    return DONE
