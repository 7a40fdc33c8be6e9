"""The plan page: the GP's words, one to three messages, how each was said back, and the safety net."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.binding import BindingType

from gpa_tui.records.competency import Gate
from gpa_tui.records.plan import MOST_MESSAGES, SafetyNet, TeachBack, TeachBackOutcome
from gpa_tui.records.staff import Role
from gpa_tui.session import acts
from gpa_tui.session.acts.plan import NOT_RELEASED
from gpa_tui.session.day import Plan, Visit
from screens.keys import bindings
from screens.widgets.line_list import BOLD, DIM, PLAIN, LineList, Row, wrapped
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.patient import PatientScreen

WORDS, NET = "words", "net"
OLD = "from before the GP's words changed: Enter words it again"
MESSAGE_FORMS = tuple(f"plan message {number}" for number in range(1, MOST_MESSAGES + 1))
NET_FORMS = ("plan net what", "plan net by when", "plan net where")


class PlanPage(LineList):
    """A card of parts: GP's words, messages 1 to 3, safety net. Enter types, letters mark."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "plan.edit", "plan.release", "plan.said_back", "plan.another_go", "plan.not_checked"
    )

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._messages: list[str] = []
        self._net: list[str] = []

    @property
    def patient(self) -> PatientScreen:
        return cast("PatientScreen", self.screen)

    @property
    def _part(self) -> str:
        """Which part the cursor is in: `words`, `1`, `2`, `3` or `net`."""
        return self.key

    def begin(self, visit: Visit) -> None:
        self._messages, self._net = [], []
        self.refill(visit)
        self.action_row_first()

    def refill(self, visit: Visit) -> None:
        plan = visit.plan
        source = f"{plan.words_from.value}, {plan.given_by}" if plan.words_from else "Enter types them"
        rows = self._part_rows(WORDS, f"GP's words ({source})", plan.words)
        for number in range(1, MOST_MESSAGES + 1):
            rows += self._message_rows(plan, number)
        net = plan.safety_net
        words = f"{net.what} – by {net.by_when} – {net.where}" if net else ""
        said = "said back" if net and net.said_back else "not said back"
        state = f" ({OLD if plan.net_is_old else said})" if net else ""
        rows += self._part_rows(NET, f"Safety net: what, by when, where to turn{state}", words)
        self.show_rows(rows)

    def _message_rows(self, plan: Plan, number: int) -> list[Row]:
        text = plan.messages[number - 1] if number <= len(plan.messages) else ""
        if not text and number > max(1, len(plan.messages)):
            return []
        result = plan.teach_back.get(number)
        said = (
            f"{result.outcome.value}{f': {result.words or result.why}' if result.words or result.why else ''}"
            if result
            else "not said back yet"
        )
        state = said if text else "Enter words it, after the GP's words"
        if plan.messages_are_old:
            state = OLD
        elif text and not plan.released_by:
            state += "; wording not released"
        elif text:
            state += f"; released by {plan.released_by}"
        return self._part_rows(str(number), f"Message {number} ({state})", text)

    def _part_rows(self, part: str, heading: str, text: str) -> list[Row]:
        width = max(20, self.screen.size.width - 4)
        shown = [Row(part, ((f" {line}", BOLD if text else DIM),)) for line in wrapped(heading, width + 3)]
        lines = wrapped(text, width) if text else []
        return shown + [Row(part, ((f"   {line}", PLAIN),)) for line in lines]

    # ── typing ────────────────────────────────────────────────────────────────────────────────

    async def action_plan_edit(self) -> None:
        part = self._part
        if part == WORDS:
            await self.patient.when_identified(self._ask_words)
        elif part == NET:
            await self.patient.when_able(Gate.PLAN, self._ask_net)
        else:
            self._messages = list(self.patient.workstation.visit.plan.messages)
            await self.patient.when_able(Gate.PLAN, partial(self._ask_message, int(part)))

    async def _ask_words(self) -> None:
        async def given(words: str) -> bool:
            station = self.patient.workstation
            clinic = station.day.clinics.get(station.visit.appointment.clinic)
            if not await station.write(
                acts.give_plan, text=words, given_by=clinic.clinician if clinic else "the GP"
            ):
                return False
            self.patient.notice("Saved: the GP's words.")
            self._messages = list(station.visit.plan.messages)
            if not self._messages or station.visit.plan.messages_are_old:
                await self.patient.when_able(Gate.PLAN, partial(self._ask_message, 1))
            return True

        plan = self.patient.workstation.visit.plan
        typed = self.patient.workstation.place.actor.role is Role.CLINICIAN
        prompt = "Your words" if typed else "The GP's words, as heard"
        note = "Enter begins a new line. Ctrl+O saves."
        self.patient.ask(Question(prompt, given, "plan words", plan.words, note, rows=6))

    async def _ask_message(self, number: int) -> None:
        async def worded(text: str) -> bool:
            self._messages[number - 1 :] = [text, *self._messages[number:]]
            old = self.patient.workstation.visit.plan.messages_are_old
            if text.strip() and number < MOST_MESSAGES and (old or number >= len(self._messages)):
                await self._ask_message(number + 1)
                return True
            return await self._word()

        again = self._messages[number - 1] if number <= len(self._messages) else ""
        note = "Plain words, short sentences. Empty: no more messages." if number > 1 else "Plain words."
        prompt = f"Message {number} of at most {MOST_MESSAGES}"
        form = MESSAGE_FORMS[number - 1]
        self.patient.ask(Question(prompt, worded, form, again, note, step=True, rows=3, enter_saves=True))

    async def _word(self) -> bool:
        station = self.patient.workstation
        if not await station.write(acts.word_plan, messages=self._messages):
            return False
        station.half_typed.drop(*MESSAGE_FORMS)
        self.go_to("1")
        self.patient.notice("Saved. r: the GP released it. Then d, a or x as each is said back.")
        return True

    async def _ask_net(self) -> None:
        before = self.patient.workstation.visit.plan.safety_net
        self._net = []
        asked = (
            ("Watch for what?", before.what if before else ""),
            ("Better by when?", before.by_when if before else ""),
            ("Where to turn?", before.where if before else ""),
        )
        await self._ask_net_part(asked)

    async def _ask_net_part(self, asked: tuple[tuple[str, str], ...]) -> None:
        part = len(self._net)
        prompt, initial = asked[part]

        async def answered(text: str) -> bool:
            if not text.strip():
                self.patient.notice("Type a few words, in the GP's sense.", loud=True)
                return False
            self._net[part:] = [text.strip()]
            if len(self._net) < len(asked):
                await self._ask_net_part(asked)
            else:
                self._ask_net_said()
            return True

        self.patient.ask(Question(f"Safety net. {prompt}", answered, NET_FORMS[part], initial, step=True))

    def _ask_net_said(self) -> None:
        async def said(letter: str) -> bool:
            station = self.patient.workstation
            what, by_when, where = self._net
            net = SafetyNet(what=what, by_when=by_when, where=where, said_back=letter == "y")
            if not await station.write(acts.give_safety_net, net=net):
                return False
            station.half_typed.drop(*NET_FORMS)
            self.patient.notice("Saved: the safety net.")
            return True

        choices = {"y": "said back", "n": "not said back"}
        self.patient.ask(Question("Did they say the safety net back?", said, choices=choices))

    # ── marking ───────────────────────────────────────────────────────────────────────────────

    async def action_plan_release(self) -> None:
        station = self.patient.workstation
        clinic = station.day.clinics.get(station.visit.appointment.clinic)
        clinician = clinic.clinician if clinic else ""
        wording = station.visit.plan.messages

        async def released(who: str) -> bool:
            if not await station.write(acts.release, wording=wording, released_by=who):
                return False
            self.patient.notice("Saved: released.")
            return True

        async def ask() -> None:
            if station.place.actor.role is Role.CLINICIAN:
                await released(station.place.actor.name)
            else:
                note = "Only when the GP has said yes to these very words."
                form = "plan released by"
                self.patient.ask(Question("Released by whom, said aloud?", released, form, clinician, note))

        await self.patient.when_identified(ask)

    async def action_plan_said_back(self) -> None:
        await self._teach(TeachBackOutcome.OWN_WORDS, "Their words (Enter alone leaves them out)")

    async def action_plan_another_go(self) -> None:
        await self._teach(TeachBackOutcome.ANOTHER_GO, "How you put it the second time, or their words")

    async def action_plan_not_checked(self) -> None:
        await self._teach(TeachBackOutcome.NOT_CHECKED, "Why was it not checked?")

    async def _teach(self, outcome: TeachBackOutcome, prompt: str) -> None:
        part = self._part
        if not part.isdigit() or not self.patient.workstation.visit.plan.messages:
            self.patient.notice("Put the cursor on a message first.")
            return
        if not self.patient.workstation.visit.plan.released_by:
            self.patient.notice(f"{NOT_RELEASED} r records the GP's yes.", loud=True)
            return
        number = int(part)
        message = self.patient.workstation.visit.plan.messages[number - 1]
        unchecked = outcome is TeachBackOutcome.NOT_CHECKED

        async def noted(text: str) -> bool:
            station = self.patient.workstation
            words, why = ("", text) if unchecked else (text, "")
            result = TeachBack(message=number, outcome=outcome, words=words.strip(), why=why.strip())
            if not await station.write(acts.teach_back, message=message, result=result):
                return False
            self.patient.notice(f"Saved: message {number} {outcome.value}.")
            messages = len(station.visit.plan.messages)
            self.go_to(str(number + 1) if number < messages else NET)
            return True

        form = f"plan teach-back {number}"
        question = Question(f"Message {number}, {outcome.value}. {prompt}", noted, form)
        await self.patient.when_able(Gate.PLAN, self._asking(question))

    def _asking(self, question: Question) -> Callable[[], Coroutine[Any, Any, None]]:
        async def ask() -> None:
            self.patient.ask(question)

        return ask
