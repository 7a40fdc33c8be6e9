"""The two lines at the top of every screen: where, what, which day, who; and how the morning stands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size

from gpa_tui.clock import local_time
from gpa_tui.store.door import Door
from screens.widgets.line_list import AMBER, BOLD, DIM, LOUD, PLAIN, fit, wrapped
from screens.widgets.lines import Lines, Pieces

if TYPE_CHECKING:
    from screens.app import Workstation

TEST_MARK = " TEST "
NOT_TODAY = " NOT TODAY "
READ_ONLY = " READ ONLY "
UNHEARD = timedelta(minutes=3)  # then the age of what is shared is loud (proposal)
SMALLEST = Size(60, 16)  # columns and lines; 80×24 is what everything is laid out for


def fits(size: Size) -> bool:
    """Whether a screen of this size shows enough to act on."""
    return size.width >= SMALLEST.width and size.height >= SMALLEST.height


def rule(width: int) -> Pieces:
    return (("─" * width, DIM),)


def show_notice(line: Lines, text: str, width: int, *, loud: bool) -> None:
    """Put `text`, whole, where the rule above the hints is; without text the rule."""
    style = LOUD if loud else BOLD
    lines: list[Pieces] = [((f" {part} ", style),) for part in wrapped(text, max(20, width - 2))]
    line.styles.height = len(lines)
    line.show_lines(lines if text else [rule(width)])


def show_day(on: date) -> str:
    """`Mon 23 Nov 2026`, without a leading zero."""
    return f"{on:%a} {on.day} {on:%b %Y}"


def role_label(role: str) -> str:
    """The word for a role on screen."""
    return "GPA" if role == "gpa" else role.capitalize()


def sign_in_frame(door: Door, today: date) -> Pieces:
    test = ((TEST_MARK, LOUD),) if door.demo else ()
    return (*test, (f" {door.name} · {show_day(today)}", BOLD))


def frame_lines(station: Workstation, now: datetime, width: int) -> list[Pieces]:
    """Practice, clinic, date, person, time; then the counts and what the disk last said."""
    door, day = station.door, station.day
    person = f" {station.place.actor.name} {station.place.actor.role.label} · {local_time(now, door.zone)} "
    shown = [day.clinics[station.followed]] if station.followed in day.clinics else day.clinics.values()
    titles = " + ".join(clinic.title for clinic in shown) or "no list yet"
    marks = (TEST_MARK if door.demo else "") + (NOT_TODAY if day.date != station.today else "")
    marks += READ_ONLY if station.read_only else ""
    marks += f" PAPER {station.show_time(station.paper)} " if station.paper is not None else ""
    test = ((marks, LOUD),) if marks else ()
    room = width - cell_len(person) - len(marks)
    left = f" {show_day(day.date)} · {titles} · {door.name}"
    return [(*test, (fit(left, room), BOLD), (person, PLAIN)), _counts(station, width)]


def _tasks(station: Workstation) -> str:
    """Open tasks for whoever is signed in; of what they asked, what has climbed and what is answered."""
    from gpa_tui.session.tasks import climbed

    actor, tasks = station.place.actor, station.tasks
    mine = sum(task.open and task.is_for(actor) for task in tasks)
    answers = sum(task.answers(actor) for task in tasks)
    climbs, now = station.practice.settings.ask_climbs_minutes, station.clock.now()
    asked = [task for task in tasks if task.asked_by.staff == actor.staff]
    unanswered = sum(climbed(task, now, station.today, climbs) for task in asked)
    for review in station.reviews:
        mine += sum(thread.waits_for(actor.staff) for thread in review.open_threads())
        answers += sum(thread.answers(actor.staff) for thread in review.open_threads())
    counts = ((mine, "for you"), (unanswered, "unanswered"), (answers, "answered"))
    return "".join(f"{number} {words}  " for number, words in counts if number)


def _counts(station: Workstation, width: int) -> Pieces:
    from gpa_tui.session.ecg_rules import late_in_the_frame
    from gpa_tui.session.escalations import in_the_frame, not_heard_before
    from gpa_tui.session.waits import running_late

    rows = station.rows
    here = sum(visit.here for visit in rows)
    left = sum(visit.stage.value == "left" for visit in rows)
    late = running_late(rows) if station.day.date == station.today else 0
    running = f"running {late} min late  " if late else ""
    running += _tasks(station)
    counts = f" {len(rows)} listed  {here} here  {left} left  {running}"
    alert = in_the_frame(station.loud_day, station.clock.now(), station.show_time)
    rules, now = station.practice.settings.ecg, station.clock.now()
    alert += late_in_the_frame(station.loud_day, now, rules, station.show_time, short=bool(alert))
    alert = alert or not_heard_before(station.earlier)
    at = None if station.read_only else station.saved_at
    saved = f"saved {station.show_time(at)} " if at else ""
    says, style = _server(station, now)
    short = counts.removesuffix(running)
    fewest = f" {len(rows)} listed "
    room = width - cell_len(alert)
    for words, server, right in (
        (counts, says[0], saved),
        (short, says[0], saved),
        (short, says[0], ""),
        (short, says[1], ""),
        (short, says[2], ""),
        (fewest, says[2], ""),
        ("", says[2], ""),
    ):
        if cell_len(words + server + right) <= room:
            break
    blank = max(0, room - cell_len(words + server + right))
    return ((words, PLAIN), (alert, LOUD), (" " * blank, PLAIN), (server, style), (right, PLAIN))


def _server(station: Workstation, now: datetime) -> tuple[tuple[str, str, str], Style]:
    """When the practice's server last answered, how much waits for it, and whether it asks something.

    At length, in few words, and as a mark that always has room; as it should be it needs none.
    """
    state = station.sync_state
    asked = len(station.day.left_to_person())
    to_settle = f" {asked} to settle: v " if asked else ""
    if state is None:
        return (to_settle, to_settle, " v! " if asked else ""), LOUD
    at = station.show_time(state.heard) if state.heard else "not yet"
    quiet = state.heard is None or now - state.heard > UNHEARD
    odd = bool(state.stopped or state.parked)
    look = ", look: v" if odd and not asked else ""
    waits = f", {state.left} to send" if quiet and state.left else ""
    mark = " v! " if asked or odd or quiet else ""
    texts = (f"{to_settle}server last heard {at}{waits}{look} ", f"{to_settle}server {at}{look} ", mark)
    return texts, LOUD if asked or state.stopped else AMBER if quiet or odd else PLAIN
