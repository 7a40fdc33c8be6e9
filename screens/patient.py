"""One patient's record: the banner that never leaves, the page line, and the pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import BindingType
from textual.containers import Container
from textual.widget import Widget

from gpa_tui.records.appointment import Mode, Stage
from gpa_tui.records.base import EventId
from gpa_tui.records.competency import Gate
from gpa_tui.records.observation import Measure
from gpa_tui.records.staff import Role
from gpa_tui.session import acts
from gpa_tui.session.day import IdentityState, Visit
from gpa_tui.session.describe import taken_back
from gpa_tui.session.next_patient import next_after
from gpa_tui.session.prep_list import prep_list
from gpa_tui.session.stages import natural
from gpa_tui.text import sentence
from screens.banner import banner_lines
from screens.base import ClinicScreen
from screens.brief import BriefPage, BriefScreen
from screens.copied import ask_copy
from screens.ecg import EcgPage
from screens.frame import frame_lines, rule
from screens.identity import ask_identity
from screens.keys import CARD, EVERYWHERE, ROWS, bindings
from screens.log_page import LogPage
from screens.mend import ask_mend
from screens.observations import ObservationsPage
from screens.plan import PlanPage
from screens.prep import PrepPage
from screens.room import ask_room
from screens.sheet import SheetScreen, about_patient
from screens.supervision import asked_for, when_able
from screens.tasks import ask_task
from screens.widgets.line_list import ALERT, DIM, LOUD, PLAIN
from screens.widgets.lines import Lines, Piece, Pieces

Page = PrepPage | ObservationsPage | EcgPage | PlanPage | BriefPage | LogPage
PAGES: dict[str, type[Page]] = {
    "prep": PrepPage,
    "observations": ObservationsPage,
    "ecg": EcgPage,
    "plan": PlanPage,
    "gp": BriefPage,
    "log": LogPage,
}
OTHER_LINES = 7  # frame, page line and its rule, notice, hints
PAGE_LINES = 8  # what a page keeps, however much stands in the banner
FOR_THE_GP = {Stage.READY, Stage.WITH_GP}
AFTER_THE_GP = {Stage.WITH_GP, Stage.WRAP_UP}


class PatientScreen(ClinicScreen):
    """Banner, page line, and one page at a time."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        *(name for name in CARD if name not in ROWS + EVERYWHERE), "field.back"
    )
    DEFAULT_CSS = "PatientScreen #pages { height: 1fr; }"
    AROUND = 12  # with the banner, and without a row

    def __init__(self) -> None:
        super().__init__()
        self._page = "prep"
        self._visit_shown: str | None = None
        self._who_shown: object = None  # who the list said the patient is
        self._pages: dict[str, Page] = {name: page(id=name) for name, page in PAGES.items()}

    def action_evidence_pick(self) -> None:
        from screens.portfolio import ask_evidence

        ask_evidence(self)

    @property
    def place(self) -> str:  # type: ignore[override]
        """The keys of the page in front hold."""
        return self._page

    def compose_body(self) -> Iterable[Widget]:
        yield Lines(4, id="banner")
        with Container(id="pages"):
            yield from self._pages.values()

    @property
    def page(self) -> Page:
        """The page in front."""
        return self._pages[self._page]

    def take_focus(self) -> None:
        self.page.focus()

    def on_mount(self) -> None:
        self._show_page("prep")

    # ── painting ──────────────────────────────────────────────────────────────────────────────

    def repaint(self) -> None:
        station = self.workstation
        if station.open_visit is None:
            self._visit_shown = None
            return
        visit = station.visit
        if self._visit_shown != visit.id:
            self._visit_shown = visit.id
            self.strip.close()
            self.notice()
            for page in self._pages.values():
                page.begin(visit)
            self._show_page(self._first_page(visit))
        elif self._who_shown != visit.appointment.patient.who:
            self.notice("The list now says that this is somebody else: check who it is.", loud=True)
        self._who_shown = visit.appointment.patient.who
        self.show_frame(frame_lines(station, station.clock.now(), self.size.width))
        lines = self._banner(visit)
        banner = self.query_one("#banner", Lines)
        banner.styles.height = len(lines)
        banner.show_lines(lines)
        self.page.refill(visit)

    def _first_page(self, visit: Visit) -> str:
        """What is next to be read or done by whoever opens it."""
        if self.workstation.place.actor.role is Role.CLINICIAN and visit.stage in FOR_THE_GP:
            return "gp"
        return "plan" if visit.stage in AFTER_THE_GP else "prep"

    def _banner(self, visit: Visit) -> list[Pieces]:
        width = self.size.width
        most = max(3, self.size.height - OTHER_LINES - PAGE_LINES)
        who = banner_lines(visit.patient, self.workstation.day.date, width, most)
        return [*who, self._page_line(visit), rule(width)]

    def _page_line(self, visit: Visit) -> Pieces:
        station = self.workstation
        done, total = prep_list(visit, station.templates).progress(visit)
        found = visit.last_observations
        score = (
            "–" if found is None else "taken" if found.score.total is None else f"NEWS2 {found.score.total}"
        )
        prep, observations, ecg, plan = (" ask" if asked_for(self, gate) else "" for gate in Gate)
        latest = [one.stage(station.show_time) for one in visit.ecgs.values()][-1:]
        pages = (
            f"1 Prep {done}/{total}{prep}",
            f"2 Obs {score}{observations}",
            f"3 ECG {latest[0] if latest else '–'}{ecg}",
            f"4 Plan {visit.plan.shown}{plan}",
        )
        shorter = (
            f"1 Prep {done}/{total}{prep}",
            f"2 {score}{observations}",
            f"3 ECG{ecg}",
            f"4 Plan{plan}",
        )
        told: list[Piece] = [(" ! k told? ", ALERT)] if visit.open_escalations else []
        identity = self.identity
        others = station.day.others_in(visit.id, station.place.actor, station.place.terminal)
        also: list[Piece] = [(f" also here {', '.join(others)} ", ALERT)] if others else []
        if station.day.in_question(visit):
            also.append((" WHO IS IT? On the list: v ", ALERT))
        state = [*told, (f" {identity.value}", DIM if identity is IdentityState.CHECKED else ALERT), *also]
        stage: list[Piece] = [(f"  {visit.stage.value}", DIM)]
        named, bare = ("5 Brief", "6 Log"), ("5", "6")
        worded = [((*pages, *named), stage), ((*pages, *bare), stage), ((*pages, *bare), [])]
        ways = [*worded, *(((*words, *bare), then) for words in (shorter, "1234") for then in (stage, []))]
        lines = (self._fitted(words, [*state, *then]) for words, then in ways)
        return next((line for line in lines if line), state)

    def _fitted(self, words: Sequence[str], state: Sequence[Piece]) -> Pieces | None:
        """The pages in these words and the state, where that is not wider than the screen."""
        pages = [
            (f" {text} ", LOUD if name == self._page else PLAIN)
            for name, text in zip(PAGES, words, strict=True)
        ]
        line = [*pages, *state]
        return line if sum(cell_len(text) for text, _ in line) <= self.screen.size.width else None

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    def _show_page(self, name: str) -> None:
        self._page = name
        for other, page in self._pages.items():
            page.display = other == name
        self.take_focus()

    def show_page(self, name: str) -> None:
        """Turn to a page."""
        self.notice()
        self._show_page(name)
        self.repaint()
        self.show_hints()

    def action_page_prep(self) -> None:
        self.show_page("prep")

    def action_page_brief(self) -> None:
        self.show_page("gp")

    def action_page_observations(self) -> None:
        mode = self.workstation.visit.mode
        if mode is not Mode.IN_PERSON:
            self.notice(f"A {mode.value} row. Nothing is measured here: if they came in, mark them arrived.")
            return
        self.show_page("observations")

    async def action_observations_line(self) -> None:
        if self.workstation.visit.mode is not Mode.IN_PERSON:
            self.action_page_observations()  # which says why not
            return
        await self.when_able(Gate.OBSERVATIONS, self._observations.ask_line)

    async def ask_measured(self, measure: Measure) -> None:
        """The one line, begun with the label of what a prep item asks for."""
        if self.workstation.visit.mode is not Mode.IN_PERSON:
            self.action_page_observations()  # which says why not
            return
        await self.when_able(Gate.OBSERVATIONS, partial(self._observations.ask_line, measure))

    async def action_observations_correct(self) -> None:
        entry = EventId(self.page.key) if isinstance(self.page, LogPage) else None
        await self.when_able(Gate.OBSERVATIONS, partial(self._observations.ask_correction, entry))

    @property
    def half_set(self) -> bool:
        """Whether a set of observations is begun and not saved."""
        return self._observations.half_filled

    @property
    def _observations(self) -> ObservationsPage:
        page = self._pages["observations"]
        assert isinstance(page, ObservationsPage)
        return page

    def action_page_ecg(self) -> None:
        self.show_page("ecg")

    def action_page_plan(self) -> None:
        self.show_page("plan")

    def action_page_log(self) -> None:
        self.show_page("log")

    async def action_screen_back(self) -> None:
        if self._page == "observations":
            if self._observations.abandon_correction():
                self.notice("Nothing was corrected.")
                return
            self.show_page("prep")
            await self.say_kept("observations")
        else:
            self.notice()
            await self.workstation.close_record()

    async def action_field_back(self) -> None:
        await self.action_screen_back()

    async def action_room_note(self) -> None:
        await ask_room(self)

    def action_task_ask(self) -> None:
        ask_task(self, self.workstation.visit.id)

    async def action_entry_mend(self) -> None:
        await ask_mend(self)

    def action_identity_check(self) -> None:
        ask_identity(self)

    async def action_stage_next(self) -> None:
        station, visit = self.workstation, self.workstation.visit
        to = natural(visit.mode, visit.stage)
        if to is None:
            self.notice(f"{sentence(visit.stage.value)} has no next stage.")
        elif to is Stage.READY:
            await self.action_prep_hand_over()
        elif await station.write(acts.move, to=to, seen=visit.stage):
            self.notice(f"{sentence(to.value)}. u takes it back.")

    async def action_prep_hand_over(self) -> None:
        """The brief that the GP will read, once it is certain whose it is; Enter there hands over."""
        station = self.workstation

        async def show() -> None:
            await station.push_screen(BriefScreen(prep_list(station.visit, station.templates)))

        await self.when_identified(show)

    async def action_patient_whole(self) -> None:
        station = self.workstation
        await station.push_screen(SheetScreen(partial(about_patient, station)))

    async def action_patient_next(self) -> None:
        station = self.workstation
        visit = next_after(station.rows, station.open_visit)
        if visit is None or visit.id == station.open_visit:
            self.notice("Nobody else needs you now.")
        else:
            self.notice()
            await station.open_record(visit.id)

    async def action_entry_copy(self) -> None:
        await self.when_identified(self._copy)

    async def _copy(self) -> None:
        ask_copy(self)

    async def action_act_take_back(self) -> None:
        station = self.workstation
        for strike in await station.write(acts.take_back) or ():
            self.notice(taken_back(strike, station.day))

    @property
    def identity(self) -> IdentityState:
        """What this person knows of who the patient is, since they last switched patient here."""
        station = self.workstation
        return station.day.identity(station.place.actor, station.place.terminal, station.visit.id)

    @property
    def identity_checked(self) -> bool:
        station = self.workstation
        return station.day.identity_checked(station.place.actor, station.place.terminal, station.visit.id)

    async def when_able(self, gate: Gate, then: Callable[[], Awaitable[object]]) -> None:
        """Do `then`, once they are signed off or supervised, and it is certain whose record it is."""
        await when_able(self, gate, partial(self.when_identified, then))

    async def when_identified(self, then: Callable[[], Awaitable[object]]) -> None:
        """Do `then`, after the identity check where one is still owed."""
        if self.identity_checked:
            await then()
        else:
            ask_identity(self, then)
