"""The quiet view: only what waits for an answer of whoever is signed in, and one key that answers it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from gpa_tui.records.base import AppointmentId, EventId
from gpa_tui.session import acts, reviewing, tasks
from gpa_tui.session.for_me import Kind, Waiting, for_me
from gpa_tui.session.handover import brief
from gpa_tui.session.prep_list import prep_list
from screens.keys import place_bindings
from screens.list_screen import ListScreen
from screens.sheet import Fact, SheetScreen
from screens.widgets.line_list import ALERT, BOLD, PLAIN, Row, wrapped
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.app import Workstation

LABELS: dict[Kind, str] = {
    "escalation": "! hear",
    "ecg": "ECG",
    "query": "! query",
    "reply": "reply",
    "earlier": "left",
    "answer": "answer",
    "task": "asked",
    "wording": "release",
    "brief": "brief",
}
LABEL = 9  # cells


class ForMeScreen(ListScreen):
    """Escalations, answers, asks, wording to release, briefs."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("for_me")
    EMPTY = "  Nothing waits for you."
    place = "for_me"

    def _waiting(self) -> list[Waiting]:
        station = self.workstation
        actor = station.place.actor
        return list(
            for_me(
                station.loud_day,
                station.rows,
                station.tasks,
                station.earlier,
                actor,
                station.templates,
                station.show_time,
                station.reviews,
            )
        )

    def repaint(self) -> None:
        if self.workstation.desk is None:
            return
        rows = []
        for one in self._waiting():
            style = ALERT if one.kind in {"escalation", "ecg", "query"} else BOLD
            for number, line in enumerate(wrapped(one.words, max(20, self.size.width - LABEL - 2))):
                label = LABELS[one.kind] if number == 0 else ""
                rows.append(Row(one.key, ((f" {label:<{LABEL}}", style), (line, PLAIN))))
        self.show("What waits for you", rows)

    async def action_waiting_answer(self) -> None:
        key, station = self.chosen(), self.workstation
        one = next((one for one in self._waiting() if one.key == key), None)
        if one is None:
            return
        if one.kind == "escalation":
            await self._hear(one)
        elif one.kind == "query" and one.event is not None and one.on is not None:
            self._ask_reply(one.on, one.event, one.words)
        elif one.on is not None:
            await station.turn_to(one.on)  # this screen is left
            if one.kind == "reply":
                await station.open_review()
            return
        elif one.kind == "answer" and one.event is not None:
            await self._seen(one.event)
        elif one.kind == "task" and one.event is not None:
            self._ask_answer(one.event, one.words)
        elif one.appointment is not None:
            await self._open(one.appointment, one.kind)
        self.acted()

    async def _hear(self, one: Waiting) -> None:
        station = self.workstation
        assert one.appointment is not None, "an escalation is about somebody"
        assert one.event is not None, "an escalation is an event"
        if one.appointment not in station.day.visits:
            self.notice("It is on today's list: y goes there.", loud=True)
        elif await station.perform(acts.acknowledge, one.appointment, escalation=one.event):
            self.notice(f"Heard: {one.words}.")

    async def _seen(self, task: EventId) -> None:
        place = self.workstation.place
        await self.workstation.perform_standing(
            lambda standing: tasks.see_answer(standing.tasks, place, task)
        )

    def _ask_answer(self, task: EventId, words: str) -> None:
        place = self.workstation.place

        async def answered(text: str) -> bool:
            done = await self.workstation.perform_standing(
                lambda standing: tasks.finish(standing.tasks, place, task, text)
            )
            self.acted()
            if done:
                self.notice("Done: whoever asked sees it.")
            return bool(done)

        self.ask(
            Question(
                "Your answer. Enter alone: done.", answered, form=f"answer {task}", note=words, phrases=True
            )
        )

    def _ask_reply(self, on: date, query: EventId, words: str) -> None:
        place = self.workstation.place

        async def answered(text: str) -> bool:
            done = await self.workstation.perform_standing(
                lambda standing: reviewing.answer(standing.reviews, place, on, query, text)
            )
            self.acted()
            if done:
                self.notice("Answered: it stays with the entry, and whoever asked sees it.")
            return bool(done)

        self.ask(Question("Your answer.", answered, form=f"reply {query}", note=words, phrases=True))

    async def _open(self, appointment: AppointmentId, kind: Kind) -> None:
        station = self.workstation
        await station.open_record(appointment)
        if station.open_visit != appointment:
            return
        if kind == "brief":
            await station.push_screen(SheetScreen(lambda: _brief(station)))
        else:
            station.show_page("ecg" if kind == "ecg" else "plan")


def _brief(station: Workstation) -> list[Fact]:
    visit = station.visit
    substantial = station.practice.settings.bp_substantial_mmhg
    prep = prep_list(visit, station.templates)
    rows = brief(visit, prep, station.show_time, substantial, station.open_before)
    return [(label, text, ALERT if label == "!" else BOLD) for label, text in rows]
