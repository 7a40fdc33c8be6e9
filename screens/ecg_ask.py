"""The questions of an ECG's card: what is asked at each step, and what is then written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from gpa_tui.clinical.ecg import misfit
from gpa_tui.records.appointment import NO_CLINICIAN
from gpa_tui.records.base import EventId
from gpa_tui.records.ecg import EcgCheck, EcgFileSays, NotObtained, Symptoms, Urgency
from gpa_tui.records.event import EscalationRaised, Event
from gpa_tui.session import acts
from gpa_tui.session.ecg import MOST_TRIES, Ecg, Step
from gpa_tui.session.ecg_match import NEAR, recorded_at
from gpa_tui.session.ecg_rules import told_today
from gpa_tui.session.escalations import HEARERS
from gpa_tui.settings import EcgSettings
from screens.ecg_line import EcgLine, as_line, read_ecg_line
from screens.entry_line import LineError
from screens.escalation import ask_told
from screens.room import OFFERED
from screens.taken import of_today
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.patient import PatientScreen

NOW: dict[str, tuple[Symptoms, str]] = {
    "n": ("none", "none"),
    "c": ("chest pain", "chest pain"),
    "b": ("other", "breathless"),
    "f": ("other", "faint or blackout"),
    "p": ("other", "palpitations"),
    "s": ("other", "sweaty, clammy"),
    "o": ("other", "other: in words"),
}
URGENCIES: dict[str, Urgency] = {"t": "today", "n": "now", "r": "routine"}
WHY_TWICE = {"p": "as the cart printed", "r": "irregular rhythm", "a": "paced"}
WHY_CORRECTED = {"m": "mistyped", "r": "misread", "o": "numbers of another trace"}
HINT = "rate PR QRS QT/QTc axis: 72 158 92 402/440b 45. b f m h: the formula the cart names. - none given"
NO_WORDS = "The machine's words, as printed; they stay marked unconfirmed. Enter alone: it printed none"


@dataclass(frozen=True, slots=True)
class Trace:
    """One recording whose numbers are asked for: of which ECG, which try, or that it is corrected."""

    ecg: Ecg
    attempt: int
    correcting: bool

    @property
    def form(self) -> str:
        """The draft of its numbers, and of no other recording's."""
        return f"ecg numbers {self.ecg.id} {'c' if self.correcting else self.attempt}"

    @property
    def words_form(self) -> str:
        return f"ecg words {self.ecg.id} {'c' if self.correcting else self.attempt}"

    def verbatim(self, text: str) -> tuple[str, ...]:
        """The statements as its file has them, where nothing of them was changed; else as typed."""
        for one in self.ecg.filed:
            statements = one.said.attachment.says.statements
            if text == "; ".join(statements):
                return statements
        return (text,) if text.strip() else ()


def _seen(ecg: Ecg) -> EventId | None:
    """The recording that whoever is asked looks at now."""
    return ecg.latest.event.id if ecg.latest else None


class EcgQuestions:
    """Asks on one patient's screen; `advance` gets the ECG of each answer that was written."""

    def __init__(self, screen: PatientScreen, advance: Callable[[EventId | None], Awaitable[None]]) -> None:
        self._screen = screen
        self._advance = advance

    @property
    def _rules(self) -> EcgSettings:
        return self._screen.workstation.practice.settings.ecg

    @property
    def _doctor(self) -> str:
        """The clinic's clinician, if it has one."""
        station = self._screen.workstation
        clinic = station.day.clinics.get(station.visit.appointment.clinic)
        return clinic.clinician if clinic and clinic.clinician != NO_CLINICIAN else ""

    def _choose(
        self, prompt: str, choices: Mapping[str, str], then: Callable[[str], Awaitable[bool]], note: str = ""
    ) -> None:
        async def chosen(letter: str) -> bool:
            return await then(letter)

        self._screen.ask(Question(prompt, chosen, choices=choices, note=note))

    def _type(self, prompt: str, form: str, then: Callable[[str], Awaitable[bool]], note: str = "") -> None:
        async def typed(text: str) -> bool:
            return await then(text)

        self._screen.ask(Question(prompt, typed, form=form, note=note))

    async def _written(self, said: list[Event] | None) -> bool:
        """On to what is next of that ECG; where something was raised, first whom they told of it."""
        if not said:
            return False
        about = (event.id if event.kind == "ecg.requested" else event.about for event in reversed(said))
        await self._advance(next((one for one in about if one is not None), None))
        for event in said:
            if isinstance(event.data, EscalationRaised):
                ask_told(self._screen, self._screen.workstation.visit.id, event.id)
        return True

    # ── asked for, and whether it may be recorded ─────────────────────────────────────────────

    async def request(self) -> None:
        """Who asks for it and how soon; then why."""
        station, doctor = self._screen.workstation, self._doctor
        if station.place.actor.role in HEARERS:
            doctor = station.place.actor.name
        ways = {letter: f"{doctor}, {urgency}" for letter, urgency in URGENCIES.items()} if doctor else {}

        async def chosen(letter: str) -> bool:
            if letter in ways:
                self._ask_reason(doctor, URGENCIES[letter])
            else:
                self._type("Who asks for it?", "ecg asked by", self._ask_urgency)
            return True

        self._choose("An ECG: who asks for it, and how soon?", ways | {"o": "somebody else"}, chosen)

    async def _ask_urgency(self, name: str) -> bool:
        async def chosen(letter: str) -> bool:
            self._ask_reason(name, URGENCIES[letter])
            return True

        self._choose("How soon?", URGENCIES, chosen)
        return True

    def _ask_reason(self, asked_by: str, urgency: Urgency) -> None:
        async def typed(reason: str) -> bool:
            said = await self._screen.workstation.write(
                acts.request_ecg, asked_by=asked_by, urgency=urgency, reason=reason
            )
            return await self._written(said)

        self._type("Why? In the words of whoever asks.", "ecg reason", typed)

    async def symptoms(self, ecg: Ecg) -> None:
        """Symptoms; with any the GP is called at once."""

        async def noted(found: Symptoms, text: str) -> bool:
            said = await self._screen.workstation.write(
                acts.note_ecg_symptoms, ecg=ecg.id, found=found, text=text
            )
            if said and found != "none":
                self._screen.notice("Stay with the patient. The GP is called from here.", loud=True)
            return await self._written(said)

        async def other(text: str) -> bool:
            return await noted("other", text)

        async def chosen(letter: str) -> bool:
            found, text = NOW[letter]
            if letter == "o":
                self._type("Which symptoms? Enter calls the GP.", f"ecg symptoms {ecg.id}", other)
                return True
            return await noted(found, "" if found == "none" else text)

        self._choose(
            "Symptoms now, or in the last 12 hours?",
            {letter: words for letter, (_, words) in NOW.items()},
            chosen,
        )

    async def allow(self, ecg: Ecg) -> None:
        """A clinician's word to go on: their own, or as they said it."""
        station, doctor = self._screen.workstation, self._doctor

        async def by(name: str) -> bool:
            said = await station.write(acts.allow_ecg, ecg=ecg.id, by=name, rules=self._rules)
            return await self._written(said)

        await self._by_whom("Which clinician says to go on?", f"ecg go on {ecg.id}", doctor, by)

    async def _by_whom(
        self, prompt: str, form: str, doctor: str, then: Callable[[str], Awaitable[bool]]
    ) -> None:
        """A clinician at their own terminal is not asked; else the clinic's by one key, or a name."""
        actor = self._screen.workstation.place.actor
        if actor.role in HEARERS:
            await then(actor.name)
            return

        async def chosen(letter: str) -> bool:
            if letter == "p":
                return await then(doctor)
            self._type(prompt, form, then)
            return True

        if doctor:
            self._choose(prompt, {"p": doctor, "o": "somebody else"}, chosen)
        else:
            self._type(prompt, form, then)

    # ── the checks ────────────────────────────────────────────────────────────────────────────

    async def check(self, ecg: Ecg, check: EcgCheck, *, words: bool) -> None:
        """Seen to; with `words` what is other than standard is typed."""
        if check is EcgCheck.CHAPERONE:
            self._chaperone(ecg)
            return

        seen = _seen(ecg)

        async def seen_to(text: str) -> bool:
            station = self._screen.workstation
            if check.before:
                said = await station.write(
                    acts.prepare_ecg, ecg=ecg.id, check=check, rules=self._rules, text=text
                )
            else:
                said = await station.write(
                    acts.check_ecg, ecg=ecg.id, check=check, rules=self._rules, ok=True, seen=seen, text=text
                )
            return await self._written(said)

        if words:
            form = f"ecg {check.value} {ecg.id} {ecg.attempt}"
            self._type("What is other than standard? It goes with the ECG.", form, seen_to)
        else:
            await seen_to("")

    def _chaperone(self, ecg: Ecg) -> None:
        async def chosen(letter: str) -> bool:
            offered = OFFERED[letter]

            async def said(text: str) -> bool:
                events = await self._screen.workstation.write(
                    acts.prepare_ecg,
                    ecg=ecg.id,
                    check=EcgCheck.CHAPERONE,
                    rules=self._rules,
                    text=text,
                    chaperone=offered,
                )
                return await self._written(events)

            if offered == "declined":
                return await said("")
            asked = "The chaperone's name" if offered == "accepted" else "Why was there no chaperone?"
            self._type(asked, f"ecg chaperone {ecg.id}", said)
            return True

        self._choose("A chaperone was offered:", OFFERED, chosen)

    async def not_good(self, ecg: Ecg, check: EcgCheck) -> None:
        """What is wrong; then it is recorded again, or after three times it is the best, or none."""

        seen, attempt = _seen(ecg), ecg.attempt

        async def typed(text: str) -> bool:
            station = self._screen.workstation
            if attempt < MOST_TRIES:
                said = await station.write(
                    acts.check_ecg, ecg=ecg.id, check=check, rules=self._rules, ok=False, seen=seen, text=text
                )
                return await self._written(said)

            async def chosen(letter: str) -> bool:
                if letter == "b":
                    said = await station.write(
                        acts.accept_best, ecg=ecg.id, check=check, rules=self._rules, text=text, seen=seen
                    )
                else:
                    said = await station.write(acts.give_up_ecg, ecg=ecg.id, outcome="poor quality", why=text)
                return await self._written(said)

            ways = {"b": "it is the best there is", "n": "not obtained: poor quality"}
            self._choose(f"That was try {MOST_TRIES} of {MOST_TRIES}:", ways, chosen)
            return True

        note = "Check the electrodes and the leads first." if check is EcgCheck.ELECTRODES else ""
        form = f"ecg {check.value} wrong {ecg.id} {attempt}"
        self._type("What is wrong with the recording?", form, typed, note)

    async def give_up(self, ecg: Ecg, outcome: NotObtained) -> None:
        """There will be none, and why."""

        async def typed(why: str) -> bool:
            said = await self._screen.workstation.write(
                acts.give_up_ecg, ecg=ecg.id, outcome=outcome, why=why
            )
            return await self._written(said)

        self._type(f"No ECG, {outcome}: why?", f"ecg {outcome} {ecg.id}", typed)

    # ── numbers and words ─────────────────────────────────────────────────────────────────────

    async def numbers(self, ecg: Ecg, text: str = "", words: str = "", *, correcting: bool = False) -> None:
        """The cart's numbers in one line, then its words; what the file said stands there already."""
        filed = [one.said.attachment.says for one in ecg.filed if one.said.attempt == ecg.attempt]
        if filed and not correcting:
            text, words = self._from_file(filed[-1]), "; ".join(filed[-1].statements)
        trace = Trace(ecg, ecg.attempt, correcting=correcting)
        self._ask_numbers(trace, text, "", None, words, None)

    def _from_file(self, says: EcgFileSays) -> str:
        """The file's numbers as they are typed; its time where that is near to now."""
        station = self._screen.workstation
        now, at = station.clock.now(), recorded_at(says, station.door.zone)
        near = at is not None and at <= now and now - at <= NEAR
        time = f"@{station.show_time(at)} " if at and near else ""
        return f"{time}{as_line(says.numbers)}".strip()

    def _ask_numbers(
        self, trace: Trace, text: str, pointed: str, cursor: int | None, words: str, before: EcgLine | None
    ) -> None:
        """`before`: what was typed first, where it is hardly what was printed."""
        again = partial(self._ask_numbers, trace, words=words, before=before)
        prompt = "Type the numbers again" if before else "The cart's numbers"

        async def typed(line: str) -> bool:
            try:
                found = read_ecg_line(line)
            except LineError as error:
                self._screen.notice(str(error), loud=True)
                again(text=line, pointed=error.pointed(line), cursor=error.at)
                return True
            if found.recorded_at is not None and of_today(self._screen, *found.recorded_at) is None:
                again(text=line, pointed="", cursor=None)
                return True
            odd = misfit(found.numbers)
            if not odd:
                self._ask_words(trace, found, words, "")
            elif before is not None and before.numbers == found.numbers:
                self._ask_why_twice(trace, found, words, odd)
            else:
                self._screen.notice(f"{odd}: type the numbers again, QT first.", loud=True)
                self._screen.workstation.half_typed.drop(trace.form)
                self._ask_numbers(trace, "", "", None, words, found)
            return True

        note = pointed or HINT
        self._screen.ask(Question(prompt, typed, trace.form, text, note, step=True, cursor=cursor))

    def _ask_why_twice(self, trace: Trace, found: EcgLine, words: str, odd: str) -> None:
        async def why(letter: str) -> bool:
            self._ask_words(trace, found, words, WHY_TWICE[letter])
            return True

        self._choose(f"{odd}, typed twice. Why?", WHY_TWICE, why)

    def _ask_words(self, trace: Trace, found: EcgLine, words: str, twice: str) -> None:
        async def typed(text: str) -> bool:
            statements = trace.verbatim(text)
            if trace.correcting:
                self._ask_why_corrected(trace, found, statements, twice)
                return True
            return await self._record(trace, found, statements, twice)

        self._screen.ask(Question(NO_WORDS, typed, trace.words_form, words, step=True))

    def _at(self, found: EcgLine) -> datetime | None:
        return of_today(self._screen, *found.recorded_at) if found.recorded_at else None

    async def _record(self, trace: Trace, found: EcgLine, statements: tuple[str, ...], twice: str) -> bool:
        station = self._screen.workstation
        said = await station.write(
            acts.record_ecg,
            ecg=trace.ecg.id,
            attempt=trace.attempt,
            recorded_at=self._at(found) or station.clock.now(),
            numbers=found.numbers,
            statements=statements,
            rules=self._rules,
            typed_twice_because=twice,
        )
        self._drop(trace, said)
        return await self._written(said)

    def _ask_why_corrected(
        self, trace: Trace, found: EcgLine, statements: tuple[str, ...], twice: str
    ) -> None:
        async def why(letter: str) -> bool:
            said = await self._screen.workstation.write(
                acts.correct_ecg,
                ecg=trace.ecg.id,
                numbers=found.numbers,
                statements=statements,
                rules=self._rules,
                why=WHY_CORRECTED[letter],
                typed_twice_because=twice,
                recorded_at=self._at(found),
            )
            self._drop(trace, said)
            return await self._written(said)

        self._choose("Why is it corrected?", WHY_CORRECTED, why)

    def _drop(self, trace: Trace, said: list[Event] | None) -> None:
        if said:
            self._screen.workstation.half_typed.drop(trace.form, trace.words_form)

    # ── handed, and reviewed ──────────────────────────────────────────────────────────────────

    async def hand(self, ecg: Ecg) -> None:
        """To whom; what must be told before the patient leaves stands above."""
        doctor, today = self._doctor, told_today(ecg, self._rules)
        ways = {"p": f"{doctor}, in person", "s": f"{doctor}, on their screen"} if doctor else {}

        seen = _seen(ecg)

        async def to(name: str, how: str = "") -> bool:
            said = await self._screen.workstation.write(
                acts.hand_ecg, ecg=ecg.id, to=name, how=how, rules=self._rules, seen=seen
            )
            return await self._written(said)

        async def chosen(letter: str) -> bool:
            if letter in ways:
                return await to(doctor, ways[letter].removeprefix(f"{doctor}, "))
            self._type("To whom, and how?", f"ecg handed {ecg.id}", to)
            return True

        tell = f"TELL BEFORE THE PATIENT LEAVES: {'; '.join(today)}. " if today else ""
        note = f"{tell}To the patient: the doctor will look, and the practice will be in touch."
        prompt = "Who is told that there is no ECG?" if ecg.not_obtained else "The ECG is handed to:"
        self._choose(prompt, ways | {"o": "somebody else"}, chosen, note)

    async def review(self, ecg: Ecg) -> None:
        """Who reviewed it, and in which words."""

        seen = _seen(ecg)

        async def by(name: str) -> bool:
            async def typed(text: str) -> bool:
                said = await self._screen.workstation.write(
                    acts.review_ecg, ecg=ecg.id, text=text, said_by=name, seen=seen
                )
                return await self._written(said)

            self._type(f"{name}'s words on this ECG", f"ecg reviewed {ecg.id}", typed)
            return True

        prompt = "Which clinician reviewed it, as they said?"
        await self._by_whom(prompt, f"ecg reviewer {ecg.id}", self._doctor, by)

    async def step(self, ecg: Ecg, step: Step) -> None:
        """What a step asks."""
        asks = {
            Step.SYMPTOMS: self.symptoms,
            Step.ALLOW: self.allow,
            Step.RECORD: self.numbers,
            Step.HAND: self.hand,
            Step.REVIEW: self.review,
        }
        await asks[step](ecg)
