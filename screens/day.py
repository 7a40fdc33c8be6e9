"""The day's list: translate between keys, acts and rows; nothing else."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from gpa_tui.errors import GpaTuiError
from gpa_tui.records.appointment import Appointment, Mode, Stage
from gpa_tui.records.base import AppointmentId, show_age
from gpa_tui.records.patient import PersonName
from gpa_tui.session import acts
from gpa_tui.session.alike import Alike, alike_today
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.describe import taken_back
from gpa_tui.session.ecg import Lateness
from gpa_tui.session.ecg_rules import clock_words
from gpa_tui.session.escalations import not_heard
from gpa_tui.session.huddle import huddle, still_open
from gpa_tui.session.next_patient import in_need, next_after
from gpa_tui.session.prep_list import prep_list
from gpa_tui.session.stages import OUTCOMES, natural
from gpa_tui.session.waits import Limits, short_stage, stage_words
from gpa_tui.text import sentence
from screens.base import ClinicScreen
from screens.clinics import ask_clinic
from screens.escalation import tell_or_hear
from screens.for_me import ForMeScreen
from screens.frame import frame_lines
from screens.keys import place_bindings
from screens.pin import Pin, is_guessed_first, is_pin
from screens.server import ServerScreen
from screens.sheet import CloseScreen, Fact, SheetScreen
from screens.staff import StaffScreen
from screens.tasks import TasksScreen
from screens.walk_in import ask_walk_in
from screens.widgets.line_list import ALERT, AMBER, BOLD, DIM, PLAIN, LineList, Row, fit
from screens.widgets.lines import Lines
from screens.widgets.strip import Question

NO_LIST = "  No list yet for today. At a shell: gpa-tui import FILE"
FROM_SERVER = "  No list yet for today: it comes from the practice's server. v shows how that stands."
UNREADABLE = "  What there was of this list cannot be read."
ROOM_FOR_ALIKE = 3  # cells taken from the reason, which the record shows whole
NOBODY_HERE = "  Nobody is in this clinic: g shows the others."
OFF_THE_LIST = "no longer on the list"
CANCELLED_THERE = "CANCELLED THERE"
GENDERS = {"male": "M", "female": "F", "other": "O", "unknown": "–"}
LATENESS = {Lateness.IN_TIME: PLAIN, Lateness.LATE: AMBER, Lateness.VERY_LATE: ALERT}
MODES = {Mode.TELEPHONE: "tel", Mode.VIDEO: "video", Mode.HOME: "home"}


class DayScreen(ClinicScreen):
    """Everybody on today's list, one line each."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("day")
    place = "day"

    def __init__(self) -> None:
        super().__init__()
        self.alike: dict[AppointmentId, list[Alike]] = {}
        self._listed: list[tuple[Visit, Appointment]] = []
        self._made: dict[AppointmentId, tuple[tuple[Any, ...], Row]] = {}

    def compose_body(self) -> Iterable[Widget]:
        yield Lines(1, id="headings")
        yield LineList(id="list")

    @property
    def list(self) -> LineList:
        return self.query_one("#list", LineList)

    def take_focus(self) -> None:
        self.list.focus()

    def repaint(self) -> None:
        station, now = self.workstation, self.workstation.clock.now()
        self.show_frame(frame_lines(station, now, self.size.width))
        self.query_one("#headings", Lines).show_lines([((heading_line(self.size.width), DIM),)])
        none = FROM_SERVER if station.syncs else NO_LIST
        self.list.empty = UNREADABLE if station.read_only else NOBODY_HERE if station.day.visits else none
        waiting = in_need(station.day.rows)
        first = waiting[0].id if waiting else None
        self._look_for_alike(station.day)
        everywhere = (station.show_time(now), self.size.width, self._elsewhere())
        rows = [self._row(visit, now, visit.id == first, everywhere) for visit in station.rows]
        self.list.show_rows(rows)

    def _elsewhere(self) -> tuple[int, ...]:
        """What tells that something beside a visit's own entries has changed that its row may show."""
        station = self.workstation
        beside = len(station.registry.standing.events) if station.registry is not None else 0
        return beside, len(station.day.struck), len(station.day.left_to_person()), id(station.templates)

    def _row(self, visit: Visit, now: datetime, needs_me: bool, everywhere: tuple[object, ...]) -> Row:
        """As it was made before where nothing that it shows has changed: a list of sixty is not made anew."""
        last = visit.events[-1].id if visit.events else ""
        known = len(self.workstation.day.known_events.get(visit.appointment.patient.id, ()))
        alike = len(self.alike.get(visit.id, ()))
        mark = (visit.appointment, len(visit.events), last, known, alike, needs_me, everywhere)
        made = self._made.get(visit.id)
        if made is None or made[0][0] is not mark[0] or made[0][1:] != mark[1:]:
            made = self._made[visit.id] = mark, day_row(self, visit, now, needs_me=needs_me)
        return made[1]

    def _look_for_alike(self, day: Day) -> None:
        """Anew only where somebody on the list is another than before."""
        listed = [(visit, visit.appointment) for visit in day.visits.values()]
        same = len(listed) == len(self._listed) and all(
            one is before and row is row_before
            for (one, row), (before, row_before) in zip(listed, self._listed, strict=True)
        )
        if not same:
            self._listed, self.alike = listed, alike_today(day)

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    def _current(self) -> Visit | None:
        return self.workstation.day.visits.get(AppointmentId(self.list.key))

    async def _move(
        self,
        to: Stage | None,
        *,
        quiet: bool = False,
        of: AppointmentId | None = None,
        seen: Stage | None = None,
    ) -> None:
        """The row under the cursor, or the one that was asked about when it was `seen` so, and no other."""
        visit = self.workstation.day.visits.get(of) if of else self._current()
        if visit is None:
            return
        if to is None:
            self.notice(f"{sentence(visit.stage.value)} has no next stage.")
            return
        station = self.workstation
        done = await station.perform(acts.move, visit.id, to, quiet=quiet, seen=seen or visit.stage)
        if done:
            self.notice(f"{visit.appointment.patient.name.listed}: {to.value}. u takes it back.")

    async def action_stage_next(self) -> None:
        visit = self._current()
        to = natural(visit.mode, visit.stage) if visit else None
        if visit is not None and to is Stage.READY:  # not a move but the hand-over, with its brief
            await self.workstation.open_record(visit.id)
            await self.workstation.hand_over()
        else:
            await self._move(to)

    async def action_appointment_arrived(self) -> None:
        await self._move(Stage.ARRIVED)

    async def action_appointment_sent_in(self) -> None:
        await self._move(Stage.WITH_GP)

    async def action_appointment_left(self) -> None:
        await self._move(Stage.LEFT)

    async def action_appointment_absent(self) -> None:
        await self._move(Stage.DID_NOT_ATTEND)

    async def action_appointment_walked_out(self) -> None:
        await self._move(Stage.WALKED_OUT)

    def action_appointment_outcome(self) -> None:
        visit = self._current()
        if visit is None:
            return
        outcomes = OUTCOMES[visit.mode]
        words = {"q": "quiet send in: no name called"} | {
            letter: stage.value for letter, stage in outcomes.items() if letter != "q"
        }
        asked, seen = visit.id, visit.stage

        async def chosen(letter: str) -> bool:
            await self._move(outcomes[letter], quiet=letter == "q", of=asked, seen=seen)
            return True

        name = visit.appointment.patient.name.listed
        self.ask(Question(f"{name}: what came of it?", chosen, choices={one: words[one] for one in outcomes}))

    def action_appointment_walk_in(self) -> None:
        ask_walk_in(self)

    @property
    def whose(self) -> AppointmentId | None:
        visit = self._current()
        return visit.id if visit else None

    async def action_escalation_tell(self) -> None:
        """Of the patient under the cursor; else the cursor goes to whoever has waited longest."""
        station, visit = self.workstation, self._current()
        waiting = not_heard(station.day)
        if waiting and (visit is None or not visit.open_escalations):
            (other, escalation), *_ = waiting
            station.followed = None
            station.repaint()
            self.list.go_to(other.id)
            self.notice(f"{other.appointment.patient.name.listed}: {escalation.because}. k again.", loud=True)
        else:
            await tell_or_hear(self)

    async def action_act_take_back(self) -> None:
        station = self.workstation
        for strike in await station.perform(acts.take_back) or ():
            self.notice(taken_back(strike, station.day))

    def action_patient_next(self) -> None:
        """In the clinic that is followed; somebody who waits to be heard, in any."""
        station = self.workstation
        loud = [visit for visit in station.day.rows if visit.open_escalations and visit not in station.rows]
        visit = next_after([*loud, *station.rows], AppointmentId(self.list.key))
        if visit is None:
            self.notice("Nobody needs you now.")
            return
        if visit in loud:
            station.followed = None
            station.repaint()
        self.list.go_to(visit.id)

    async def action_appointment_open(self) -> None:
        visit = self._current()
        if visit is not None:
            await self.workstation.open_record(visit.id)

    def action_clinic_choose(self) -> None:
        ask_clinic(self)

    async def action_session_huddle(self) -> None:
        station = self.workstation

        def rows() -> Iterable[Fact]:
            found = huddle(station.day, station.rows, station.tasks, station.earlier, station.show_time)
            return ((label, text, BOLD) for label, text in found)

        await station.push_screen(SheetScreen(rows))

    async def action_session_close(self) -> None:
        station = self.workstation

        def rows() -> Iterable[Fact]:
            day, shown, earlier = station.day, station.rows, station.earlier
            found = still_open(day, shown, station.tasks, earlier, station.show_time)
            which = station.day.clinics[station.followed].title if station.followed in day.clinics else "all"
            heading = [("Closing", which, DIM)]
            return heading + ([(*row, BOLD) for row in found] or [("", "Nothing is open.", DIM)])

        await station.push_screen(CloseScreen(rows))

    async def action_portfolio_list(self) -> None:
        from screens.portfolio import open_portfolio

        await open_portfolio(self.workstation)

    def action_pin_set(self) -> None:
        """Only with the passphrase: who passes an open terminal must not give it a lock of their own."""
        station = self.workstation

        async def passphrase(text: str) -> bool:
            try:
                keys = await asyncio.to_thread(station.verify, station.place.actor.staff, text)
            except GpaTuiError as error:
                self.notice(str(error), loud=True)
                return False
            self.ask(Question("PIN, four to six digits", partial(self._set_pin, keys.own.id), secret=True))
            return True

        self.ask(Question("Your passphrase, to set a PIN", passphrase, secret=True))

    async def _set_pin(self, key_id: str, digits: str) -> bool:
        station = self.workstation
        if not is_pin(digits) or is_guessed_first(digits):
            self.notice("Four to six digits, not all alike and not in a row.", loud=True)
            return False
        if not await station.perform(acts.set_pin):
            return False
        station.pin = await asyncio.to_thread(Pin, key_id, digits)
        self.notice("This PIN opens the lock of this terminal till you sign out. Five wrong: passphrase.")
        return True

    def action_patient_find(self) -> None:
        """The cursor goes to whoever's name begins so; where that is one alone, their record opens."""
        station = self.workstation

        async def typed(text: str) -> bool:
            wanted = PersonName(family=text).matching[0]
            hits = [visit for visit in station.rows if wanted and _begins(visit, wanted)]
            if not hits:
                self.notice("Nobody's name on this list begins so.", loud=True)
                return False
            self.list.go_to(hits[0].id)
            if len(hits) == 1:
                await station.open_record(hits[0].id)
            else:
                self.notice(f"{len(hits)} names begin so: the cursor is on the first.")
            return True

        self.ask(Question("Find: the beginning of a name", typed))

    async def action_task_list(self) -> None:
        await self.workstation.push_screen(TasksScreen())

    async def action_waiting_list(self) -> None:
        await self.workstation.push_screen(ForMeScreen())

    async def action_server_open(self) -> None:
        await self.workstation.push_screen(ServerScreen())

    async def action_staff_list(self) -> None:
        await self.workstation.push_screen(StaffScreen())

    async def action_day_earlier(self) -> None:
        await self.workstation.turn_to_earlier()

    async def action_review_open(self) -> None:
        await self.workstation.open_review()


# ── rows ──────────────────────────────────────────────────────────────────────────────────────


def _begins(visit: Visit, wanted: str) -> bool:
    """Whether one of the words of the name begins with `wanted`, which is folded as they are."""
    name = visit.appointment.patient.name
    words = [name.family, *re.split(r"[\s-]+", f"{name.family} {name.given}")]
    return any(PersonName(family=word).matching[0].startswith(wanted) for word in words)


def columns(width: int) -> tuple[int, int]:
    """The widths of the patient and the reason column: what is left of the others, shared."""
    rest = max(30, width - 48)
    return rest - rest * 2 // 5, rest * 2 // 5 - ROOM_FOR_ALIKE


def heading_line(width: int) -> str:
    patient, reason = columns(width)
    return f"  Time  {'Patient':<{patient}} Age   {'Reason':<{reason}} {'Stage':<15} Prep NEWS2 Needs"


def day_row(screen: DayScreen, visit: Visit, now: datetime, *, needs_me: bool) -> Row:
    """`! 09:00 OKONKWO, Grace (Mrs) 72y F Breathless 3 days in prep 4 min 5/9  6 told`."""
    station, row, settings = screen.workstation, visit.appointment, screen.workstation.practice.settings
    patient_width, reason_width = columns(screen.size.width)
    ecg, lateness = clock_words(visit, now, settings.ecg)
    asked = _asked_of(station.day, visit)
    loud = bool(visit.open_escalations or asked) or lateness is Lateness.VERY_LATE
    mark = "!" if loud else "*" if needs_me else " "
    age = f"{show_age(row.patient.born, station.day.date)} {GENDERS[row.patient.gender.value]}"
    reason = f"{MODES[row.mode]}: {row.reason}" if row.mode in MODES else row.reason
    if row.walk_in:
        reason = f"walk-in: {row.reason}"
    stage = stage_words(visit, now, Limits(settings.wait_long_minutes, settings.wait_very_long_minutes))
    if ecg and (lateness or "waits" not in stage.casefold()):
        stage = f"{short_stage(visit.stage)} {ecg}"
    middle = f"{fit(reason, reason_width)} {fit(stage, 15)} "
    if visit.unlisted or (row.cancelled and visit.moves):
        away = OFF_THE_LIST if visit.unlisted else CANCELLED_THERE
        gone = away if visit.since is None else f"{away}, {stage}"
        middle = f"{fit(gone, reason_width + 16)} "
    if asked:
        middle = f"{fit(f'{asked}  {stage}', reason_width + 16)} "
    number = len(screen.alike.get(visit.id, ()))
    alike = [f"{number + 1} alike"] if number else []
    done, total = prep_list(visit, station.templates).progress(visit)
    prep = f"{done}/{total}" if done or visit.under_way else ""
    pieces = (
        (f"{mark} ", ALERT if mark == "!" else BOLD),
        (f"{station.show_time(row.start)} ", PLAIN),
        (f"{fit(row.patient.name.listed, patient_width)} ", DIM if visit.unlisted else BOLD),
        (f"{fit(age, 5)} {middle}{fit(prep, 4)} ", LATENESS[lateness]),
        (f"{fit(score_words(visit), 5)} ", ALERT if visit.open_escalations else PLAIN),
        ("DIED " if row.patient.deceased else "", ALERT),
        (" ".join([*alike, *(need.mark for need in visit.patient.needs if need.mark)]), PLAIN),
    )
    return Row(visit.id, pieces)


def _asked_of(day: Day, visit: Visit) -> str:
    """That the practice's server leaves something about this row to a person."""
    if day.in_question(visit):
        return "WHO IS IT? v"
    return "status? v" if any(one.appointment == visit.id for one in day.left_to_person()) else ""


def score_words(visit: Visit) -> str:
    """The last NEWS2 total, `5 cor` of a corrected set, `–` of one that is not scored; empty without one."""
    found = visit.last_observations
    if found is None:
        return ""
    total = "–" if found.score.total is None else str(found.score.total)
    return total if found.correction is None else f"{total} cor" if len(total) < 2 else f"{total}cor"
