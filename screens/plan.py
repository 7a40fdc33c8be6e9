"""The plan page: the GP's words, one to three messages, how each was said back, and the safety net."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import BindingType

from gpa_tui.records.competency import Gate
from gpa_tui.records.plan import (
    MOST_MESSAGES,
    NET_PARTS,
    SafetyNet,
    TeachBack,
    TeachBackOutcome,
    is_whole,
    net_parts,
)
from gpa_tui.records.staff import Role
from gpa_tui.session import acts
from gpa_tui.session.acts.plan import NOT_RELEASED, Seen
from gpa_tui.session.day import Plan, Visit
from gpa_tui.session.plain_words import PlainWords, around
from screens.frame import show_day
from screens.handout import ask_handout
from screens.keys import bindings
from screens.tasks import ask_step, ask_task
from screens.widgets.line_list import AMBER, BOLD, DIM, PLAIN, LineList, Row, wrapped
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.patient import PatientScreen

WORDS, NET, NEXT = "words", "net", "next"
STEPS = {
    **{"f": "follow-up appointment", "b": "blood test", "r": "referral"},
    **{"s": "form for signature", "c": "call back"},
}
OTHER = "o"
MESSAGE_CHANGE = "Not released. Enter changes a message, or the GP's words."
NET_CHANGE = "Not saved; it is kept. Enter changes it, or the GP's words."
AS_IT_STANDS = "0"
PUT_CURSOR = "Put the cursor on a message first."
OLD = "from before the GP's words changed: Enter words it again"
FOURTH = "fourth"
MESSAGE_FORMS = tuple(f"plan message {number}" for number in range(1, MOST_MESSAGES + 2))
NET_FORM = "plan net"


class PlanPage(LineList):
    """A card of parts: GP's words, messages 1 to 3, safety net, next steps. Enter types, letters mark."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        *("plan.edit", "plan.plainer", "plan.release", "plan.handout"),
        *("plan.said_back", "plan.their_words", "plan.another_go", "plan.not_checked"),
    )

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._messages: list[str] = []
        self._answers: dict[str, str] = {}
        self._seen: Seen = ("", ())

    @property
    def patient(self) -> PatientScreen:
        return cast("PatientScreen", self.screen)

    @property
    def _part(self) -> str:
        """Which part the cursor is in: `words`, `1`, `2`, `3`, `net` or `next`."""
        return self.key

    @property
    def _plain(self) -> PlainWords:
        return self.patient.workstation.plain_words

    @property
    def _width(self) -> int:
        return max(20, self.screen.size.width - 4)

    def begin(self, visit: Visit) -> None:
        self._messages, self._answers = [], dict(visit.plan.answers)
        self._seen = (visit.plan.words, visit.plan.messages)
        self.refill(visit)
        self.action_row_first()

    def refill(self, visit: Visit) -> None:
        plan = visit.plan
        source = f"{plan.words_from.value}, {plan.given_by}" if plan.words_from else "Enter types them"
        rows = self._part_rows(WORDS, f"GP's words ({source})", plan.words)
        for number in range(1, MOST_MESSAGES + 1):
            rows += self._message_rows(plan, number)
        reading = self._plain.reading(plan.messages)
        if reading:
            rows.append(Row(str(len(plan.messages)), ((f"   all messages: {reading}", DIM),)))
        if plan.left_out and not plan.messages_are_old:
            rows += self._part_rows(FOURTH, "Left out, as it mattered least", plan.left_out)
        elif len(plan.messages) == MOST_MESSAGES and not plan.messages_are_old:
            rows += self._part_rows(FOURTH, "A fourth message (Enter): then which one matters least", "")
        net = plan.safety_net
        words = f"{net.what} – by {net.by_when} – {net.where}" if net else ""
        state = f" ({OLD if plan.net_is_old else plan.net_state})" if net else ""
        rows += self._part_rows(NET, f"Safety net: what, by when, where to turn{state}", words)
        steps = [
            f"{one.what} – {one.owner.name}, by {show_day(one.due)}" for one in self.patient.workstation.steps
        ]
        rows += self._part_rows(NEXT, "Next steps: who does what, by when", "\n".join(steps))
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
        rows = self._part_rows(str(number), f"Message {number} ({state})", text)
        unsaid = [] if plan.released_by else self._plain.unsaid([text], plan.words, plan.answers)
        marked = " ".join(f"[{one}]" for one in unsaid)
        below = [(f"not in the GP's words: {marked}", AMBER)] if unsaid else []
        below += [(nudge, DIM) for nudge in self._plain.nudges(text)]
        for line, style in below:
            rows += [Row(str(number), ((f"   {one}", style),)) for one in wrapped(line, self._width)]
        return rows

    def _part_rows(self, part: str, heading: str, text: str) -> list[Row]:
        width = self._width
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
        elif part == NEXT:
            await self.patient.when_identified(self._ask_step)
        elif part == FOURTH:
            await self._to_messages(MOST_MESSAGES + 1)
        else:
            await self._to_messages(int(part))

    async def _ask_words(self) -> None:
        async def given(words: str) -> bool:
            station = self.patient.workstation
            clinic = station.day.clinics.get(station.visit.appointment.clinic)
            if not await station.write(
                acts.give_plan, text=words, given_by=clinic.clinician if clinic else "the GP"
            ):
                return False
            self.patient.notice("Saved: the GP's words.")
            if not station.visit.plan.messages or station.visit.plan.messages_are_old:
                await self._to_messages(1)
            return True

        plan = self.patient.workstation.visit.plan
        typed = self.patient.workstation.place.actor.role is Role.CLINICIAN
        prompt = "Your words" if typed else "The GP's words, as heard"
        note = "Enter begins a new line. Ctrl+O saves."
        self.patient.ask(Question(prompt, given, "plan words", plan.words, note, rows=6, phrases=True))

    async def _to_messages(self, number: int) -> None:
        plan = self.patient.workstation.visit.plan
        if plan.words != self._seen[0]:  # what was answered was of other words
            self._answers = {} if plan.messages_are_old else dict(plan.answers)
        self._messages, self._seen = list(plan.messages), (plan.words, plan.messages)
        then = partial(self._ask_message, number)
        await self.patient.when_able(Gate.PLAN, partial(self._ask_sense, then))

    async def _ask_sense(self, then: Callable[[], Awaitable[object]]) -> None:
        """Each form of the GP's shorthand that may mean several things, one after the other, then go on."""
        words = self.patient.workstation.visit.plan.words
        found = self._plain.to_ask(words, self._answers)
        if found is None:
            await then()
            return
        senses = {str(number): sense.strip() for number, sense in enumerate(found.senses, 1)}
        senses = {number: sense for number, sense in senses.items() if sense != found.form}

        async def chosen(letter: str) -> bool:
            left = letter == AS_IT_STANDS
            self._answers[found.key] = found.form if left else found.senses[int(letter) - 1]
            await self._ask_sense(then)
            return True

        prompt = f"What is {found.form} here: {around(words, found)}"
        choices = {**senses, AS_IT_STANDS: "none of these: leave it"}
        note = "Not certain? Ask the GP. It holds for this plan only."
        self.patient.ask(Question(prompt, chosen, note=note, choices=choices))

    async def _ask_message(self, number: int, text: str = "") -> None:
        async def worded(text: str) -> bool:
            if number > MOST_MESSAGES:
                return await (self._ask_least(text) if text.strip() else self._word())
            self._messages[number - 1 :] = [text, *self._messages[number:]]
            old = self.patient.workstation.visit.plan.messages_are_old
            if text.strip() and number < MOST_MESSAGES and (old or number >= len(self._messages)):
                await self._ask_message(number + 1)
                return True
            return await self._word()

        plan = self.patient.workstation.visit.plan
        before = [*self._messages, *([plan.left_out] if number > MOST_MESSAGES else [])]
        again = text or (before[number - 1] if number <= len(before) else "")
        draft = self._plain.message(number, plan.words, self._answers)
        note = "Plain words, short sentences. Empty: no more messages." if number > 1 else "Plain words."
        if draft and not again:
            note += f"\nTab takes: {draft}"
        prompt = f"Message {number} of at most {MOST_MESSAGES}"
        form = MESSAGE_FORMS[number - 1]
        if number > MOST_MESSAGES:
            prompt = "A fourth message"
        self.patient.ask(
            Question(
                *(prompt, worded, form, again, note),
                step=True,
                rows=3,
                enter_saves=True,
                draft=draft,
                phrases=True,
            )
        )

    async def _ask_least(self, fourth: str) -> bool:
        """Of four messages the one that is left out; the GP's words have it still."""
        four = [*self._messages[:MOST_MESSAGES], fourth]

        async def chosen(letter: str) -> bool:
            left_out = four.pop(int(letter) - 1)
            self._messages = four
            return await self._word(left_out)

        choices = {str(number): f"message {number}" for number in range(1, len(four) + 1)}
        note = "\n".join(f"{number}: {text}" for number, text in enumerate(four, 1))
        self.patient.ask(
            Question("Which one matters least? It is left out.", chosen, note=note, choices=choices)
        )
        return True

    async def _word(self, left_out: str = "") -> bool:
        station = self.patient.workstation
        before = station.visit.plan.left_out
        left_out = left_out or (before if before not in self._messages else "")
        if not await station.write(
            acts.word_plan,
            messages=self._messages,
            answers=self._answers,
            plain_words=self._plain,
            seen=self._seen,
            left_out=left_out,
        ):
            return False
        station.half_typed.drop(*MESSAGE_FORMS)
        self.go_to("1")
        self.patient.notice("Saved. r: the GP released it. Then d, a or x as each is said back.")
        return True

    async def _ask_net(self, begun: str = "") -> None:
        station = self.patient.workstation
        before, own = station.visit.plan.safety_net, station.practice.settings.plan
        initial = begun or (f"{before.what}; {before.by_when}; {before.where}" if before else "")
        snippets = {str(number): net for number, net in enumerate(own.safety_nets, 1)}

        async def answered(text: str) -> bool:
            if text.strip() in snippets:
                station.half_typed.drop(NET_FORM)
                await self._ask_net(snippets[text.strip()])
                return True
            parts = net_parts(text)
            if not is_whole(parts):
                asked = (what for what, part in zip_longest(NET_PARTS, parts) if what and not part)
                missing = next(asked, "There are more")
                self.patient.notice(f"Three parts, with ; between them. {missing}?", loud=True)
                return False
            net = SafetyNet(what=parts[0], by_when=parts[1], where=parts[2])
            plan = station.visit.plan
            unsaid = self._plain.unsaid_of_net(net, plan.words, plan.answers)
            if unsaid:
                self._ask_confirmed(unsaid, partial(self._ask_net_said, net, unsaid), NET_CHANGE)
            else:
                await self._ask_net_said(net, [])
            return True

        prompt = f"Safety net: {'; '.join(NET_PARTS)}"
        note = "Like: fever or worse pain; Thursday evening; ring us, at night 111"
        if snippets and not initial:
            numbered = "\n".join(f"{number}: {net}" for number, net in snippets.items())
            note = f"{numbered}\nA number and Enter begins with one of these, adopted by {own.owner}."
        self.patient.ask(Question(prompt, answered, NET_FORM, initial, note, step=True, phrases=True))

    async def _ask_step(self) -> None:
        async def chosen(letter: str) -> bool:
            appointment = self.patient.workstation.visit.id
            if letter == OTHER:
                ask_task(self.patient, appointment, for_patient=True)
            else:
                ask_step(self.patient, appointment, STEPS[letter])
            return True

        self.patient.ask(Question("What is next?", chosen, choices={**STEPS, OTHER: "other words"}))

    async def _ask_net_said(self, net: SafetyNet, confirmed: list[str]) -> None:
        async def said(letter: str) -> bool:
            station = self.patient.workstation
            given = net.model_copy(update={"said_back": letter in "yw", "written": letter in "wc"})
            if not await station.write(
                acts.give_safety_net, net=given, plain_words=self._plain, confirmed=confirmed
            ):
                return False
            station.half_typed.drop(NET_FORM)
            self.patient.notice("Saved: the safety net.")
            self.go_to(NEXT)
            return True

        choices = {"y": "said back", "n": "not said back"}
        choices |= {"w": "said back, written copy given", "c": "written copy given, not said back"}
        self.patient.ask(Question("Did they say the safety net back?", said, choices=choices))

    async def action_plan_handout(self) -> None:
        await self.patient.when_identified(partial(ask_handout, self.patient))

    async def action_plan_plainer(self) -> None:
        part, plan = self._part, self.patient.workstation.visit.plan
        number = int(part) if part.isdigit() else 0
        text = plan.messages[number - 1] if 0 < number <= len(plan.messages) else ""
        plainer = self._plain.plainer(text)
        if plainer == text:
            self.patient.notice("No word of the list of hard words in this message." if text else PUT_CURSOR)
            return
        self._messages, self._seen = list(plan.messages), (plan.words, plan.messages)
        await self.patient.when_able(Gate.PLAN, partial(self._ask_message, number, plainer))

    # ── marking ───────────────────────────────────────────────────────────────────────────────

    async def action_plan_release(self) -> None:
        station = self.patient.workstation
        clinic = station.day.clinics.get(station.visit.appointment.clinic)
        clinician = clinic.clinician if clinic else ""
        plan = station.visit.plan
        wording = plan.messages
        unsaid = self._plain.unsaid(wording, plan.words, plan.answers)

        async def released(who: str) -> bool:
            if not await station.write(
                acts.release, wording=wording, released_by=who, plain_words=self._plain, confirmed=unsaid
            ):
                return False
            self.patient.notice("Saved: released.")
            return True

        async def ask() -> None:
            if unsaid:
                self._ask_confirmed(unsaid, ask_who, MESSAGE_CHANGE)
            else:
                await ask_who()

        async def ask_who() -> None:
            if station.place.actor.role is Role.CLINICIAN:
                await released(station.place.actor.name)
            else:
                note = "Only when the GP has said yes to these very words."
                form = "plan released by"
                self.patient.ask(Question("Released by whom, said aloud?", released, form, clinician, note))

        await self.patient.when_identified(ask)

    def _ask_confirmed(self, unsaid: list[str], then: Callable[[], Awaitable[object]], change: str) -> None:
        """What was not in the GP's words: y goes on, n says what to `change`."""

        async def confirmed(letter: str) -> bool:
            if letter == "y":
                await then()
            else:
                self.patient.notice(change, loud=True)
            return True

        marked = " ".join(f"[{one}]" for one in unsaid)
        prompt = f"Not in the GP's words: {marked}. Has the GP said that it is right?"
        self.patient.ask(Question(prompt, confirmed, choices={"y": "yes, these very words", "n": "no"}))

    async def action_plan_said_back(self) -> None:
        await self._teach(TeachBackOutcome.OWN_WORDS)

    async def action_plan_their_words(self) -> None:
        await self._teach(TeachBackOutcome.OWN_WORDS, "Their words")

    async def action_plan_another_go(self) -> None:
        await self._teach(TeachBackOutcome.ANOTHER_GO, "How you put it the second time, or their words")

    async def action_plan_not_checked(self) -> None:
        await self._teach(TeachBackOutcome.NOT_CHECKED, "Why was it not checked?")

    async def _teach(self, outcome: TeachBackOutcome, prompt: str = "") -> None:
        """Keep how a message was said back; with a `prompt` the words are asked first."""
        part = self._part
        if not part.isdigit() or not self.patient.workstation.visit.plan.messages:
            self.patient.notice(PUT_CURSOR)
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
            self.patient.notice(f"Saved: message {number} {outcome.value}. u takes it back.")
            plan = station.visit.plan
            self.go_to(str(number + 1) if number < len(plan.messages) else NET)
            if len(plan.teach_back) == len(plan.messages) and not plan.safety_net:
                await self._ask_net()
            return True

        async def ask() -> None:
            if prompt:
                form = f"plan teach-back {number}"
                asked = f"Message {number}, {outcome.value}. {prompt}"
                self.patient.ask(Question(asked, noted, form, phrases=True))
            else:
                await noted("")

        await self.patient.when_able(Gate.PLAN, ask)
