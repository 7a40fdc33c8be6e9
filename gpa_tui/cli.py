"""The command line: what can be typed after `gpa-tui`, and the door to the screens."""

from __future__ import annotations

import os
import sys
from argparse import SUPPRESS, Action, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpa_tui import __version__

if TYPE_CHECKING:
    from gpa_tui.clock import Clock

DONE, REFUSED = 0, 1
RULES = (
    "news2",
    "bp",
    "bmi",
    "qtc",
    "peak-flow",
    "shorthand",
)  # of `calc`, whose module is loaded only for it
FORMATS = ("jsonl", "csv", "fhir", "audit", "pdf", "txt")
"""The log as JSON Lines or CSV, as FHIR resources or their AuditEvents alone, as the sheet to sign."""
EXAMPLES = """\
examples:
  gpa-tui demo                                   a made-up clinic, to try things
  gpa-tui init --practice "Elm Tree Surgery" --staff mokafor --name "M Okafor"
  gpa-tui import today.json --staff mokafor      a FHIR R4 bundle or a CSV list
  gpa-tui import --dry-run --map emis list.csv   show what would be listed
  gpa-tui                                        open the workstation
  gpa-tui huddle --staff mokafor                 the huddle sheet, as text
  gpa-tui log show --staff npatel                today's session log
  gpa-tui log verify --staff npatel              is every line as it was written, and by whom?
  gpa-tui log export --as pdf --staff npatel     the sheet, with the log's hash on every page
  gpa-tui log search --by mokafor --what escalation --since 2026-11-01
  gpa-tui staff add npatel --name "Dr N Patel" --role clinician --role supervisor
  gpa-tui calc news2 < vectors.csv > results.csv   the shipped rules over your own vectors
  gpa-tui templates check mine.toml              what is wrong with a prep list of your own
  gpa-tui backup surgery.tar                     a copy in one file, sealed as the store is

A store is the folder --home, or $GPA_TUI_HOME, or the platform's data folder.
Exit status: 0 done, 1 refused or partly done (said in words), 2 wrong usage.
"""


class Words(ArgumentParser):
    """A parser that takes no shortened options: `--passphrase WORDS` must never be taken for a file's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"allow_abbrev": False})


class _CalcHelp(Action):
    """The help of a rule; only when it is asked for are the rules loaded."""

    def __call__(self, parser: ArgumentParser, namespace: Namespace, *_: object) -> None:
        from gpa_tui.calc import help_of

        print(help_of(namespace.rule))  # noqa: T201
        parser.exit()


def parser() -> ArgumentParser:
    """Everything that can be typed."""
    top = Words(
        prog="gpa-tui",
        description="The General Practice Assistant's workstation. Without a command it opens.",
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"gpa-tui {__version__}")
    _home(top)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    demo = commands.add_parser("demo", help="open a made-up clinic for today")
    _home(demo)
    demo.add_argument("--create-only", action="store_true", help="make it, but do not open it")
    init = commands.add_parser("init", help="make a new, empty practice with one person")
    _home(init)
    init.add_argument("--practice", dest="practice_name", required=True, help="the practice's name")
    init.add_argument("--staff", metavar="NAME", required=True, help="a short name to sign in by")
    init.add_argument("--name", dest="staff_name", required=True, help="the name others see")
    _role(init)
    init.add_argument("--demo", action="store_true", help="for made-up patients (999 numbers) only")
    _passphrase(init)
    listing = commands.add_parser("import", help="read a day's list: FHIR R4 bundle, NDJSON or CSV")
    _home(listing)
    listing.add_argument("file", type=Path)
    listing.add_argument("--date", type=_date, help="the clinic's date, e.g. 2026-11-23; today if not given")
    listing.add_argument("--map", help="column map for CSV: plain, emis, or a TOML file")
    listing.add_argument("--dry-run", action="store_true", help="show what would be listed, save nothing")
    _person(listing)
    sheet = commands.add_parser("huddle", help="print one date's huddle sheet; the printing is recorded")
    _home(sheet)
    sheet.add_argument("--date", type=_date, help="the clinic's date; today if not given")
    _person(sheet)
    pack = commands.add_parser("pack", help="the downtime pack: list, briefs and blank forms, as one PDF")
    _home(pack)
    pack.add_argument("--date", type=_date, help="the clinic's date; today if not given")
    pack.add_argument("--out", type=Path, help="the file; downtime-DATE.pdf in this folder if not given")
    _person(pack)
    portfolio = commands.add_parser("portfolio", help="your portfolio: nothing in it tells of a patient")
    _home(portfolio)
    portfolio.add_argument("--as", dest="format", choices=("md", "pdf", "zip"), default="zip")
    portfolio.add_argument("--out", type=Path, help="the file; portfolio-NAME in this folder if not given")
    _person(portfolio)
    calc = commands.add_parser(
        "calc", add_help=False, help="the shipped rules over your own vectors: CSV in, out"
    )
    calc.add_argument("rule", metavar="RULE", choices=RULES, nargs="?")
    calc.add_argument("-h", "--help", action=_CalcHelp, nargs=0)
    _log(commands.add_parser("log", help="the session log: show, export, verify, search"))
    _people(commands)
    _store(commands)
    _sync(commands)
    return top


def _people(commands: Any) -> None:
    verbs = commands.add_parser(
        "staff", help="who may sign in: list, add, change, reset, leave"
    ).add_subparsers(dest="verb", required=True, metavar="VERB")
    _home(verbs.add_parser("list", help="everybody on the list; needs no passphrase"))
    for verb, words in (
        ("add", "somebody new, with a passphrase of their own"),
        ("reset", "new keys and a new passphrase for somebody who forgot theirs"),
        ("change", "another name, or other roles, for somebody"),
        ("leave", "somebody has left: what is saved from now on they cannot open"),
        ("remove", "the same as leave"),
    ):
        change = verbs.add_parser(verb, help=words)
        _home(change)
        change.add_argument("person", metavar="NAME", help="the short name to sign in by")
        if verb in {"add", "change"}:
            change.add_argument("--name", required=verb == "add", help="the name others see")
            _role(change)
        if verb in {"add", "reset"}:
            _new_passphrase(change)
        _person(change)
    own = commands.add_parser("passphrase", help="change your own passphrase")
    recovery = commands.add_parser("recover", help="a new passphrase by the printed recovery code")
    for command in (own, recovery):
        _home(command)
        _new_passphrase(command)
    _person(own)
    recovery.add_argument("person", metavar="NAME", help="whose passphrase is made anew")
    recovery.add_argument("--code-file", type=Path, metavar="FILE", help="read the code from this file")


def _store(commands: Any) -> None:
    backup = commands.add_parser("backup", help="a consistent copy in one file, while in use")
    restore = commands.add_parser("restore", help="a new store of a backup; never over another")
    for command in (backup, restore):
        _home(command)
        command.add_argument("file", type=Path)
        _person(command)
    lists = commands.add_parser("templates", help="prep lists: which there are; what is wrong with one")
    verbs = lists.add_subparsers(dest="verb", required=True, metavar="VERB")
    _home(verbs.add_parser("list", help="every list with its version, owner and review date"))
    check = verbs.add_parser("check", help="what is wrong with these files, or the store's own, line by line")
    _home(check)
    check.add_argument("file", type=Path, nargs="*")
    keeping = commands.add_parser("retention", help="which dates are kept till when; take away what is due")
    keeping.add_argument("--apply", action="store_true", help="archive or destroy what is due, as set")
    _home(keeping)
    _person(keeping)
    _home(commands.add_parser("doctor", help="is the store, and its disk, as it should be?"))


def _sync(commands: Any) -> None:
    verbs = commands.add_parser(
        "sync", help="the practice's FHIR server: set it up, look what it does"
    ).add_subparsers(dest="verb", required=True, metavar="VERB")
    _sync_setup(
        verbs.add_parser("setup", help="where it is and who we are to it; it is asked what it really does")
    )
    _home(verbs.add_parser("check", help="ask the server again what it really does"))
    send = verbs.add_parser("send", help="send what of one date has not reached it yet")
    send.add_argument("--again", action="store_true", help="what was refused, too")
    state = verbs.add_parser("status", help="what of one date is there, what is not, and why")
    run = verbs.add_parser("run", help="sync until told to end: as a service, with a key of its own")
    run.add_argument("--key-file", type=Path, help="as `sync service` wrote it; else as systemd loads it")
    run.add_argument("--granted", action="store_true", help=SUPPRESS)  # by the workstation, through a pipe
    _home(run)
    key = verbs.add_parser("service", help="give the service a key of its own; administrators")
    key.add_argument("--key-file", type=Path, default=Path("gpa-tui-sync.key"), help="where to write it")
    key.add_argument("--remove", action="store_true", help="there is no service any more")
    _home(key)
    _person(key)
    pair = verbs.add_parser("pair", help="other stores of this practice: invite one, let it in, let it go")
    pair.add_argument("--invite", type=Path, metavar="FILE", help="write an invitation for a new store")
    pair.add_argument("--called", default="", help="with --invite: what the others call this store")
    pair.add_argument("--accept", action="store_true", help="let in a store that asks")
    pair.add_argument("--fingerprint", default="", help="with --accept: the one that was compared")
    pair.add_argument("--let-go", metavar="NAME", default="", help="take nothing more of this store")
    _home(pair)
    _person(pair)
    joined = verbs.add_parser("join", help="a new store of a practice that has one, by its invitation")
    joined.add_argument("file", type=Path, help="the invitation")
    joined.add_argument("--code-file", type=Path, metavar="FILE", help="read its code from this file")
    joined.add_argument(
        "--called", default="", help="what the others call this store; else the machine's name"
    )
    joined.add_argument("--staff", required=True, metavar="NAME", help="a short name to sign in by")
    joined.add_argument("--name", dest="staff_name", required=True, help="the name others see")
    _role(joined)
    _home(joined)
    _passphrase(joined)
    refill = verbs.add_parser("refill", help="the server was wiped or restored: send it all once more")
    _home(refill)
    _person(refill)
    for verb in (send, state):
        _home(verb)
        verb.add_argument("--date", type=_date, help="the clinic's date, e.g. 2026-11-23")
        _person(verb)


def _sync_setup(command: ArgumentParser) -> None:
    command.add_argument("url", help="its base address, e.g. https://fhir.example.org/R4")
    command.add_argument(
        "--auth",
        choices=("none", "bearer", "client_credentials", "private_key_jwt"),
        help="none if not given",
    )
    for name, words in (
        ("token-file", "bearer: the token; secrets stand in files that only you can read"),
        ("client-id", "client_credentials, private_key_jwt (SMART backend services)"),
        ("secret-file", "client_credentials: the secret"),
        ("private-key-file", "private_key_jwt: PEM, RSA (RS384) or EC (ES384)"),
        ("key-id", "private_key_jwt: the key's id in the set that was registered"),
        ("token-url", "where a token is asked for; else as the server says"),
        ("scope", "system/*.cruds if not given"),
        (
            "ca-file",
            "PEM of the authority that signed the server's certificate, if this machine does not know it",
        ),
        ("certificate-file", "mutual TLS: our certificate, PEM"),
        ("certificate-key-file", "mutual TLS: its key, PEM"),
        ("proxy", "the address of a proxy"),
    ):
        command.add_argument(f"--{name}", help=words)
    _home(command)
    _person(command)


def _role(command: ArgumentParser) -> None:
    command.add_argument(
        "--role",
        action="append",
        default=[],
        choices=("reception", "gpa", "clinician", "supervisor", "administrator"),
        help="may be given more than once; gpa if not given",
    )


def _new_passphrase(command: ArgumentParser) -> None:
    command.add_argument(
        "--new-passphrase-file", type=Path, metavar="FILE", help="read the new one from this file"
    )


def _log(log: ArgumentParser) -> None:
    verbs = log.add_subparsers(dest="verb", required=True, metavar="VERB")
    show = verbs.add_parser("show", help="print one date's log; the reading is recorded")
    export = verbs.add_parser(
        "export", help="write it, in the clear, to a private file; as the log, or as FHIR resources"
    )
    verify = verbs.add_parser("verify", help="check every line of every journal; with --staff the inside too")
    verify.add_argument(
        "--sheet", metavar="N:HASH", help="is this log the one of a printed sheet, and what came after?"
    )
    search = verbs.add_parser("search", help="look through the log of all days; the search is recorded")
    search.add_argument("--patient", metavar="WHO", help="NHS number or names; with --born")
    search.add_argument("--born", type=_date, help="the patient's birth date, e.g. 1954-04-12")
    search.add_argument("--by", metavar="NAME", help="who acted")
    search.add_argument("--what", metavar="KIND", help="a kind of entry, e.g. escalation, or a word of it")
    search.add_argument("--since", type=_date, help="the first date")
    search.add_argument("--until", type=_date, help="the last date")
    _home(search)
    for verb in (show, export, verify):
        _home(verb)
        verb.add_argument("--date", type=_date, help="the clinic's date, e.g. 2026-11-23")
    export.add_argument("--as", dest="format", choices=FORMATS, default="jsonl")
    export.add_argument("--out", type=Path, help="the file; session-log-DATE in this folder if not given")
    for verb in (show, export, verify, search):
        _person(verb)


def _home(command: ArgumentParser) -> None:
    command.add_argument("--home", type=Path, metavar="DIR", default=None, help="the store's folder")


def _passphrase(command: ArgumentParser) -> None:
    command.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="read it from this file's first line"
    )


def _person(command: ArgumentParser) -> None:
    command.add_argument("--staff", metavar="NAME", help="who you are on the roster; asked if not given")
    _passphrase(command)


def _date(text: str) -> date:
    return date.fromisoformat(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status."""
    asked = _parsed(list(sys.argv[1:] if arguments is None else arguments))
    from gpa_tui.errors import GpaTuiError
    from gpa_tui.text import clean

    try:
        status = _run(asked)
        sys.stdout.flush()
        return status
    except GpaTuiError as error:
        sentence = str(error)
    except (KeyboardInterrupt, EOFError):
        sentence = "Stopped. Nothing more was saved."
    except BrokenPipeError:  # what reads our words has read enough, e.g. `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    print(f"gpa-tui: {clean(sentence)}", file=sys.stderr)  # noqa: T201
    return REFUSED


def _parsed(words: list[str]) -> Namespace:
    """`--home` may stand before the command or after it; the later one holds."""
    top = parser()
    asked = top.parse_args(words)
    if asked.home is None:
        before, _ = _only_home().parse_known_args(words)
        asked.home = before.home
    return asked


def _only_home() -> ArgumentParser:
    first = ArgumentParser(add_help=False)
    _home(first)
    return first


def _run(asked: Namespace) -> int:
    from gpa_tui.clock import SystemClock
    from gpa_tui.store.door import HOME_VARIABLE, default_home
    from gpa_tui.terminal import keep_memory_private

    keep_memory_private()
    if asked.command == "calc":
        from gpa_tui.calc import run

        return run(asked)
    home: Path = (asked.home or default_home()).resolve()
    if asked.command is None:
        return _open(home, "")
    clock = SystemClock()
    if asked.command == "demo":
        from gpa_tui.commands import demo
        from gpa_tui.demo import SIGN_IN_NOTE

        chosen = asked.home or os.environ.get(HOME_VARIABLE)
        home = home if chosen else home.with_name("gpa-tui-demo")
        demo(home, asked, clock)
        return DONE if asked.create_only else _open(home, SIGN_IN_NOTE)
    return _command(asked)(home, asked, clock)


_DOES = {
    "init": "commands init",
    "import": "commands import_list",
    "huddle": "commands print_huddle",
    "pack": "commands_store pack",
    "portfolio": "commands_store portfolio",
    **{name: f"commands_people {name}" for name in ("staff", "passphrase", "recover")},
    **{name: f"commands_store {name}" for name in ("backup", "restore", "doctor", "templates", "retention")},
    **{f"log {verb}": f"commands_log {verb}_log" for verb in ("show", "export", "verify", "search")},
    **{f"sync {verb}": f"commands_sync {verb}" for verb in ("setup", "check", "send", "status")},
    **{f"sync {verb}": f"commands_worker {verb}" for verb in ("run", "service")},
    **{f"sync {verb}": f"commands_hosts {verb}" for verb in ("pair", "join", "refill")},
}
"""Which function of which module does a command: only that module is loaded."""


def _command(asked: Namespace) -> Callable[[Path, Namespace, Clock], int]:
    """What does the command that was typed."""
    does = _DOES.get(asked.command) or _DOES[f"{asked.command} {asked.verb}"]
    module, name = does.split()
    found: Callable[[Path, Namespace, Clock], int] = getattr(import_module(f"gpa_tui.{module}"), name)
    return found


def _open(home: Path, note: str) -> int:
    """The door to the screens: nothing before this line has loaded them."""
    from gpa_tui.clock import SystemClock
    from gpa_tui.errors import GpaTuiError
    from gpa_tui.store.door import read_door
    from gpa_tui.terminal import this_terminal

    door = read_door(home)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise GpaTuiError("The workstation needs a terminal.", "Over ssh, use ssh -t.")
    from screens.app import Workstation

    station = Workstation(door, SystemClock(), this_terminal(), note)
    station.run(mouse=False)
    return station.return_code or DONE
