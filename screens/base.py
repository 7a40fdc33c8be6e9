"""What every screen of the workstation has: the frame, a notice line, the strip and the hints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widget import Widget

from screens.frame import SMALLEST, fits, rule, show_notice
from screens.keys import EVERYWHERE, bindings, hint_line
from screens.widgets.line_list import PLAIN
from screens.widgets.lines import Lines, Pieces
from screens.widgets.strip import Question, Strip

if TYPE_CHECKING:
    from gpa_tui.records.base import AppointmentId
    from screens.app import Workstation


class ClinicScreen(Screen[None], inherit_bindings=False):
    """Frame above, body of the subclass, then notice, strip and hint line."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(*EVERYWHERE, "field.escalate")
    AUTO_FOCUS = ""
    AROUND = 9  # lines beside a question: frame, title, a row, the answer, phrases, notice, hints
    DEFAULT_CSS = """
    ClinicScreen { layout: vertical; layers: screen over; }
    ClinicScreen #too_small { layer: over; dock: top; width: 100%; display: none; }
    """
    place = ""

    def compose(self) -> ComposeResult:
        yield Lines(3, id="frame")
        yield from self.compose_body()
        yield Strip(self.AROUND)
        yield Lines(1, id="notice")
        yield Lines(1, id="hints")
        yield Lines(None, id="too_small")

    def compose_body(self) -> Iterable[Widget]:
        """The widgets between frame and notice."""
        raise NotImplementedError

    @property
    def workstation(self) -> Workstation:
        return cast("Workstation", self.app)

    @property
    def strip(self) -> Strip:
        return self.query_one(Strip)

    # ── frame, notice, hints ──────────────────────────────────────────────────────────────────

    def show_frame(self, lines: list[Pieces]) -> None:
        self.query_one("#frame", Lines).show_lines([*lines, rule(self.size.width)])

    def notice(self, text: str = "", *, loud: bool = False) -> None:
        """Say one thing above the hints, on as many lines as it takes; it stays until the next act."""
        show_notice(self.query_one("#notice", Lines), text, self.size.width, loud=loud)

    def show_hints(self) -> None:
        place = self.strip.place if self.strip.is_open else self.place
        self.query_one("#hints", Lines).show_lines([((f" {hint_line(place, self.size.width)}", PLAIN),)])

    def repaint(self) -> None:
        """Show the day as it now is. Called after every change and once a minute."""

    def take_focus(self) -> None:
        """Put the focus where the keys of this screen act."""

    # ── what is urgent ────────────────────────────────────────────────────────────────────────

    @property
    def whose(self) -> AppointmentId | None:
        """Whom an escalation from here is about; None: it is asked."""
        return self.workstation.open_visit

    async def action_patient_escalate(self) -> None:
        from screens.escalation import ask_escalation, when_known_whose

        await when_known_whose(self, "Escalate: who is it about?", ask_escalation)

    async def action_field_escalate(self) -> None:
        """From a field: what is half typed there is kept as a draft."""
        self.strip.close()
        await self.action_patient_escalate()

    async def action_escalation_tell(self) -> None:
        from screens.escalation import tell_or_hear

        await tell_or_hear(self)

    async def action_escalation_card(self) -> None:
        from screens.escalation import show_call_card, when_known_whose

        await when_known_whose(self, "Call card: of whom?", show_call_card)

    def action_paper_time(self) -> None:
        from screens.paper import ask_paper

        ask_paper(self)

    # ── asking ────────────────────────────────────────────────────────────────────────────────

    def ask(self, question: Question) -> None:
        """Put a question in the strip, with its draft if there is one."""
        kept = self.workstation.half_typed.text(question.form) if question.form else ""
        if kept and kept != question.initial:
            question = replace(question, initial=kept)
            self.notice("Your half-typed words are back.")
        self.strip.ask(question, self._phrases)
        self.show_hints()

    @property
    def _phrases(self) -> list[str]:
        station = self.workstation
        return [*station.own_phrases, *station.practice.settings.phrases]

    @on(Strip.Answered)
    async def _answered(self, event: Strip.Answered) -> None:
        event.stop()
        question = self.strip.question
        if question is None:
            return
        self.strip.close()
        self.notice()
        if await question.then(event.reply):
            if question.form and not question.step:
                self.workstation.half_typed.drop(question.form)
        elif not self.strip.is_open:
            self.strip.ask(replace(question, initial=event.reply), self._phrases)
        if not self.strip.is_open:
            self.take_focus()
        self.show_hints()

    @on(Strip.Closed)
    async def _left_unanswered(self, event: Strip.Closed) -> None:
        event.stop()
        self.notice()
        await self.say_kept(event.form)
        self.take_focus()
        self.show_hints()

    async def say_kept(self, form: str) -> None:
        """Where a form was left half typed: that it is kept, once the disk has said so."""
        station = self.workstation
        if not (form and station.half_typed.text(form).strip()):
            return
        trouble = await station.half_typed.kept()
        if trouble is None:
            self.notice("Not saved: kept as a draft, and offered again in the same place.")
        else:
            self.notice(f"Not saved. {trouble} It is offered again while the program runs.", loud=True)

    @on(Strip.Typed)
    def _typed(self, event: Strip.Typed) -> None:
        event.stop()
        self.workstation.half_typed.keep(event.form, event.text)

    @on(Strip.ToKeep)
    async def _phrase(self, event: Strip.ToKeep) -> None:
        from gpa_tui.session.phrases import keep_or_drop

        event.stop()
        station, had = self.workstation, len(self.workstation.own_phrases)
        staff, place = station.place.actor.staff, station.place
        patients = (visit.appointment.patient.name for visit in station.day.rows)
        names = {part for name in patients for part in f"{name.family} {name.given}".split()}
        said = await station.perform_standing(
            lambda standing: keep_or_drop(standing.phrases.get(staff, []), place, event.text, names)
        )
        if said:
            kept = len(station.own_phrases) > had
            self.notice("Kept: its first letters and Tab." if kept else "No longer a phrase of yours.")
            self.strip.remember(self._phrases)

    def on_screen_resume(self) -> None:
        if not self.workstation.acting:  # else it is repainted when the act is done
            self.repaint()
        self.show_hints()
        if not self.strip.is_open:
            self.take_focus()

    def on_resize(self) -> None:
        small = self.query_one("#too_small", Lines)
        small.display = not fits(self.size)
        least = f"{SMALLEST.width}×{SMALLEST.height} at least"
        small.show_text(
            f" {self.size.width}×{self.size.height} is too small: {least}.",
            " Nothing is lost. Make the window larger; till then Ctrl+L alone works.",
        )
        self.show_hints()
        self.notice()
        if not self.workstation.acting:
            self.repaint()
