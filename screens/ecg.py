"""The ECG page: each request with its card, one row a step, answered by one key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from rich.cells import cell_len
from rich.style import Style
from textual.binding import BindingType

from gpa_tui.clinical.ecg import numbers_shown
from gpa_tui.records.base import EventId
from gpa_tui.records.competency import Gate
from gpa_tui.records.ecg import AFTER, BEFORE, EcgCheck, NotObtained
from gpa_tui.records.event import EscalationRaised, Event
from gpa_tui.session.day import Visit
from gpa_tui.session.describe import says
from gpa_tui.session.ecg import AFact, Ecg, Entry, Step, machine_words, summary
from gpa_tui.session.ecg_rules import formulas, stopped_for
from gpa_tui.settings import EcgSettings
from screens.ecg_ask import EcgQuestions, Trace
from screens.ecg_file import ask_copy, ask_file
from screens.ecg_line import as_line
from screens.escalation import ask_told
from screens.keys import bindings
from screens.supervision import asked_for
from screens.widgets.line_list import ALERT, BOLD, DIM, PLAIN, LineList, Row, wrapped

if TYPE_CHECKING:
    from screens.patient import PatientScreen

INDENT = 4  # cells before a step's words
TEXTS: dict[Step | EcgCheck, str] = {
    Step.SYMPTOMS: "Symptoms now, or in the last 12 hours",
    Step.ALLOW: "STOP: a clinician says to go on",
    EcgCheck.CART: "Cart: name, birth date and NHS number as the patient said them",
    EcgCheck.CONSENT: "Explained, undressing too, and agreed to",
    EcgCheck.CHAPERONE: "Chaperone offered",
    EcgCheck.SITES: "Lying, warm, skin dry; sites as standard, V4 before V3, limbs at wrists and ankles",
    Step.RECORD: "Recorded: the cart's numbers and words",
    EcgCheck.PAPER: "Paper: full name, birth date, time; 25 mm/s, 10 mm/mV, calibration mark",
    EcgCheck.TRACE: "All 12 leads, steady baseline, no tremor or mains; filter off",
    EcgCheck.ELECTRODES: (
        "No sign of a swap: aVR upright, I upside down, a limb lead flat, P taller in I than II, "
        "R not growing V1 to V6"
    ),
    Step.HAND: "Handed to",
    Step.REVIEW: "Reviewed by a clinician",
}
SHORT: dict[Step | EcgCheck, str] = {
    Step.SYMPTOMS: "Symptoms",
    Step.ALLOW: "To go on",
    EcgCheck.CART: "Cart",
    EcgCheck.CONSENT: "Consent",
    EcgCheck.CHAPERONE: "Chaperone",
    EcgCheck.SITES: "Position, skin and sites",
    Step.RECORD: "Recorded",
    EcgCheck.PAPER: "Paper",
    EcgCheck.TRACE: "Trace",
    EcgCheck.ELECTRODES: "Electrodes",
    Step.HAND: "Handed to",
    Step.REVIEW: "Reviewed",
}
AS_STANDARD = "as it should be"
STEPS: tuple[Step | EcgCheck, ...] = (
    Step.SYMPTOMS,
    Step.ALLOW,
    *BEFORE,
    Step.RECORD,
    *AFTER,
    Step.HAND,
    Step.REVIEW,
)
AT_ONCE = {Step.SYMPTOMS, Step.RECORD, Step.HAND}
"""What is asked as soon as it is next, as is the chaperone: the card goes on by itself."""
NONE_ASKED = " No ECG is asked for. + asks for one."


class EcgPage(LineList):
    """Every ECG of this visit: the one under way step by step, the others in their words."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "ecg.done",
        "ecg.words",
        "ecg.not_good",
        "ecg.refused",
        "ecg.not_needed",
        "ecg.ask",
        "ecg.file",
        "ecg.correct",
    )

    @property
    def patient(self) -> PatientScreen:
        return cast("PatientScreen", self.screen)

    @property
    def _rules(self) -> EcgSettings:
        return self.patient.workstation.practice.settings.ecg

    @property
    def _questions(self) -> EcgQuestions:
        return EcgQuestions(self.patient, self._advance)

    def _stops(self, visit: Visit, ecg: Ecg) -> list[str]:
        return stopped_for(self.patient.workstation.day, visit, ecg, self._rules)

    def begin(self, visit: Visit) -> None:
        """A record was opened: the cursor on what is next."""
        self.refill(visit)
        self.action_row_first()
        self._to_next(visit)

    # ── painting ──────────────────────────────────────────────────────────────────────────────

    def refill(self, visit: Visit) -> None:
        self.empty = NONE_ASKED
        self.show_rows([row for ecg in visit.ecgs.values() for row in self._card(visit, ecg)])

    def _card(self, visit: Visit, ecg: Ecg) -> Iterator[Row]:
        station, width = self.patient.workstation, max(20, self.screen.size.width - INDENT - 1)
        shown: tuple[Step | EcgCheck, ...]
        if ecg.done:
            for at, text in enumerate(summary(ecg, station.show_when)):
                yield from _lines(f"{ecg.id} {at}", "", text, BOLD if at == 0 else PLAIN, width)
            shown = (Step.REVIEW,) if ecg.handed or ecg.reviewed else (Step.HAND, Step.REVIEW)
        else:
            request = ecg.request
            asked = f"{station.show_when(ecg.asked.at)} {request.asked_by}, {request.urgency}"
            yield from _lines(f"{ecg.id} asked", "", f"Asked {asked}: {request.reason}", BOLD, width)
            asked_for_leave = bool(self._stops(visit, ecg) or ecg.allowed)
            shown = tuple(step for step in STEPS if step is not Step.ALLOW or asked_for_leave)
        if visit.identity is not None and not ecg.done:
            who = f"{visit.identity.by.name} {station.show_when(visit.identity.at)}"
            text = f"Identity: {says(visit.identity).partition(': ')[2]}"
            yield from _lines(f"{ecg.id} identity", "✓", text, PLAIN, width, who)
        for step in shown:
            yield from self._step(visit, ecg, step, width)
        for filed in ecg.filed:
            notes = "; ".join(filed.said.attachment.says.notes)
            text = f"File {filed.said.attachment.file_name}{f': {notes}' if notes else ''}"
            yield from _lines(f"{ecg.id} file {filed.event.id}", "✓", text, PLAIN, width)

    def _step(self, visit: Visit, ecg: Ecg, step: Step | EcgCheck, width: int) -> Iterator[Row]:
        stops = self._stops(visit, ecg)
        event, words = said_at(ecg, step)
        event = None if step is Step.ALLOW and stops else event
        due = ecg.next_step(stops) is step
        unanswered = "ask" if asked_for(self.patient, Gate.ECG) and step is not Step.REVIEW else "·"
        text = f"{TEXTS[step]} ({', '.join(stops)})" if step is Step.ALLOW else TEXTS[step]
        style = PLAIN if event else ALERT if due and step is Step.ALLOW else BOLD if due else DIM
        key = f"{ecg.id} {step.value}"
        if event is None:
            yield from _lines(key, unanswered, text, style, width)
            return
        who = f"{event.by.name} {self.patient.workstation.show_when(event.at)}"
        first, *more = words or [AS_STANDARD]
        yield from _lines(key, "✓", f"{SHORT[step]}: {first}", PLAIN, width, who if not more else "")
        for at, line in enumerate(more, 1):
            yield from _lines(key, "", line, BOLD, width, who if at == len(more) else "")
        if step is Step.RECORD and ecg.latest and self._rules.show_formulas:
            yield from _lines(key, "", formulas(ecg.latest.said), DIM, width)

    def _to_next(self, visit: Visit, of: EventId | None = None) -> Ecg | None:
        """The cursor goes to what is next of that ECG, else of the first under way or not reviewed."""
        ecgs = sorted(visit.ecgs.values(), key=lambda one: (one.id != of, one.done))
        for ecg in ecgs:
            step = ecg.next_step(self._stops(visit, ecg))
            if step is not None:
                self.go_to(f"{ecg.id} {step.value}")
                return ecg
        return None

    async def _advance(self, of: EventId | None = None) -> None:
        """After an answer: on to what is next of that ECG, asked at once where that is a question."""
        visit = self.patient.workstation.visit
        self.refill(visit)
        ecg = self._to_next(visit, of)
        if ecg is None:
            return
        step = ecg.next_step(self._stops(visit, ecg))
        if step is EcgCheck.CHAPERONE:
            await self._able(partial(self._questions.check, ecg, step, words=False))
        elif isinstance(step, Step) and step in AT_ONCE:
            await self._questions.step(ecg, step)

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    def _at(self) -> tuple[Ecg, str] | None:
        """The ECG under the cursor, and the step or file there; None, and it is said, where there is none."""
        id_, _, step = self.key.partition(" ")
        ecg = self.patient.workstation.visit.ecgs.get(EventId(id_))
        if ecg is None:
            self.patient.notice(NONE_ASKED.strip())
            return None
        return ecg, step

    async def _able(self, then: Callable[[], Awaitable[None]]) -> None:
        await self.patient.when_able(Gate.ECG, then)

    async def action_ecg_done(self) -> None:
        await self._press(words=False)

    async def action_ecg_words(self) -> None:
        await self._press(words=True)

    async def _press(self, *, words: bool) -> None:
        found = self._at()
        if found is None:
            return
        ecg, step = found
        ask = self._questions
        file = next((one for one in ecg.filed if step == f"file {one.event.id}"), None)
        if file is not None:
            ask_copy(self.patient, ecg, file.said)
        elif step == Step.REVIEW:
            await self.patient.when_identified(partial(ask.review, ecg))
        elif step == Step.SYMPTOMS:
            await ask.symptoms(ecg)
        elif step in {one.value for one in EcgCheck}:
            await self._able(partial(ask.check, ecg, EcgCheck(step), words=words))
        elif step in {one.value for one in Step}:
            await self._able(partial(ask.step, ecg, Step(step)))

    async def action_ecg_not_good(self) -> None:
        found = self._at()
        if found is None:
            return
        ecg, step = found
        if not ecg.done and step in {check.value for check in AFTER} and ecg.attempt in ecg.recorded:
            await self._able(partial(self._questions.not_good, ecg, EcgCheck(step)))
        else:
            await self._give_up("not obtained")

    async def action_ecg_refused(self) -> None:
        await self._give_up("refused")

    async def action_ecg_not_needed(self) -> None:
        await self._give_up("not needed")

    async def _give_up(self, outcome: NotObtained) -> None:
        found = self._at()
        if found is not None and found[0].done:
            self.patient.notice("That ECG is handed over, or given up, already. + asks for another.")
        elif found is not None:
            await self._able(partial(self._questions.give_up, found[0], outcome))

    async def action_ecg_ask(self) -> None:
        await self.patient.when_identified(self._questions.request)

    async def action_ecg_file(self) -> None:
        found = self._at()
        if found is not None:
            filed = partial(self._filed, found[0])
            await self._able(partial(ask_file, self.patient, found[0], filed))

    async def _filed(self, ecg: Ecg, said: list[Event]) -> None:
        """A file was attached: what it says stands in the questions from now on."""
        station = self.patient.workstation
        trace = Trace(ecg, ecg.attempt, correcting=False)
        station.half_typed.drop(trace.form, trace.words_form)
        self.refill(station.visit)
        for event in said:
            if isinstance(event.data, EscalationRaised):
                ask_told(self.patient, station.visit.id, event.id)

    async def action_ecg_correct(self) -> None:
        found = self._at()
        if found is None:
            return
        latest = found[0].latest
        if latest is None:
            self.patient.notice("Nothing is recorded yet that could be corrected.")
            return
        line, words = as_line(latest.said.numbers), "; ".join(latest.said.statements)
        await self._able(partial(self._questions.numbers, found[0], line, words, correcting=True))


def said_at(ecg: Ecg, step: Step | EcgCheck) -> tuple[Event | None, list[str]]:
    """What was said at a step: the event, and the words to show below it."""
    if isinstance(step, EcgCheck):
        look = ecg.prepared.get(step) if step.before else ecg.checked.get((ecg.attempt, step))
        return (look.event, [look.said.words] if look.said.words else []) if look else (None, [])
    event, words = _SAID[step](ecg) or (None, [])
    return event, words


Said = tuple[Event, list[str]]


def _recorded(ecg: Ecg) -> Said | None:
    one = ecg.recorded.get(ecg.attempt)
    return (one.event, [numbers_shown(one.said.numbers), *machine_words(one.said)]) if one else None


def _entry(one: Entry[AFact] | None, words: Callable[[AFact], str]) -> Said | None:
    return (one.event, [words(one.said)]) if one else None


_SAID: dict[Step, Callable[[Ecg], Said | None]] = {
    Step.SYMPTOMS: lambda ecg: _entry(ecg.symptoms, lambda said: said.words or said.found),
    Step.ALLOW: lambda ecg: _entry(
        ecg.allowed[-1] if ecg.allowed else None,
        lambda said: f"{', '.join(said.stopped_for)}, said by {said.by}",
    ),
    Step.RECORD: _recorded,
    Step.HAND: lambda ecg: _entry(ecg.handed, lambda said: said.to),
    Step.REVIEW: lambda ecg: _entry(ecg.reviewed, lambda said: said.words),
}


def _lines(key: str, mark: str, text: str, style: Style, width: int, who: str = "") -> Iterator[Row]:
    """The text on as many lines as it takes, the mark before the first, by whom and when behind the last."""
    lines = wrapped(text, width)
    if who and cell_len(f"{lines[-1]}  {who}") > width:
        lines.append("")
    for at, line in enumerate(lines):
        behind = ((f"  {who}", DIM),) if who and at == len(lines) - 1 else ()
        yield Row(key, ((f" {mark if at == 0 else '':<{INDENT - 1}}", BOLD), (line, style), *behind))
