"""The observations page: the slip, its part scores as they are typed, and the last set beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import events
from textual.timer import Timer

from gpa_tui.clinical.how import BY_HAND_NOW
from gpa_tui.records.base import EventId, age_in_years
from gpa_tui.records.competency import Gate
from gpa_tui.records.event import EscalationRaised, Event
from gpa_tui.records.observation import Measure, ObservationSet
from gpa_tui.records.patient import Gender
from gpa_tui.session import acts
from gpa_tui.session.day import Visit
from gpa_tui.session.figures import reading_line, score_line
from gpa_tui.session.worked_out import WORKED_OUT_OF, by_hand, pulse_irregular, worked_out
from gpa_tui.text import sentence
from screens.breaths import Breaths
from screens.entry_line import EntryLine, LineError, label_of, read_line
from screens.escalation import ask_told
from screens.slip import Asking, Slip
from screens.slip_fields import Field
from screens.slip_view import SlipView, wanted
from screens.taken import TIME, of_today
from screens.widgets.lines import Lines
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.patient import PatientScreen

HELD = 0.12  # seconds: nobody presses a key twice within them, a held one repeats faster (proposal)
FORM, LINE_FORM = "observations", "observations line"
WHY_CORRECTED = {"m": "mistyped", "r": "misread", "d": "wrong device or cuff", "t": "taken again at once"}
KEYS = {
    "enter": "enter",
    "backspace": "backspace",
    "tab": "forward",
    "down": "forward",
    "shift+tab": "previous",
    "up": "previous",
}


class ObservationsPage(Lines, can_focus=True):
    """Takes the keys of the slip and paints it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(None, id=id)
        self._slip = Slip()
        self._correcting: EventId | None = None  # the entry whose place this slip is to take
        self._aside = Slip()  # what was half filled when a correction began
        self._breaths: Breaths | None = None  # a count that is under way
        self._ticking: Timer | None = None
        self._last_key = ("", 0.0)

    @property
    def patient(self) -> PatientScreen:
        return cast("PatientScreen", self.screen)

    def begin(self, visit: Visit) -> None:
        """A record was opened: an empty slip, or the half-filled one."""
        self._correcting = None
        self._stop_counting()
        self._slip = self._new(visit)
        kept = self.patient.workstation.half_typed.text(FORM)
        if kept:
            self._slip.load(kept)
            self._slip.message = "Your half-filled slip is back: check it before you save."
        self.refill(visit)

    def _new(self, visit: Visit) -> Slip:
        devices = self.patient.workstation.practice.settings.bp_devices
        return Slip(with_pregnancy=self._ask_pregnancy(visit), devices=devices)

    def _ask_pregnancy(self, visit: Visit) -> bool:
        station, patient = self.patient.workstation, visit.appointment.patient
        settings = station.practice.settings
        age = age_in_years(patient.born, station.day.date)
        asked = age is not None and settings.pregnancy_asked_from <= age <= settings.pregnancy_asked_to
        return asked and patient.gender is not Gender.MALE

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    async def on_key(self, event: events.Key) -> None:
        key = event.character if event.is_printable else KEYS.get(event.key)
        if key is None:
            return
        event.stop()
        event.prevent_default()
        command = self._slip.asking is Asking.VALUE and not self._slip.wants(key)
        ask = None if not command else {"o": self.ask_line, "@": self.ask_taken}.get(key)
        if ask is not None and self._correcting is not None:
            self.patient.notice("When it was taken stays: Esc, then strike the set, and type it anew.")
            return
        if ask is not None:
            await self.patient.when_able(Gate.OBSERVATIONS, ask)
            return
        begins = key == " " and self._slip.current is Field.RESPIRATION and self._slip.asking is Asking.VALUE
        press = self._count if self._breaths or begins else self._press
        await self.patient.when_able(Gate.OBSERVATIONS, partial(press, key))

    async def _press(self, key: str) -> None:
        station = self.patient.workstation
        self.patient.notice()
        if self._is_held(key):
            return
        if self._slip.press(key):
            await self._save()
        else:
            self._begun()
            self._keep()
        self.refill(station.visit)

    def _is_held(self, key: str) -> bool:
        """Whether a reason's letter is a key held down: each `not taken` is said by a key of its own."""
        now, before = self.patient.workstation.lookout.monotonic(), self._last_key
        self._last_key = (key, now)
        return self._slip.asking is Asking.WHY_MISSING and before[0] == key and now - before[1] < HELD

    @property
    def half_filled(self) -> bool:
        """Whether something stands in the slip."""
        return not self._slip.empty

    def _begun(self) -> None:
        """The set was taken when its first value was typed, unless it was said when."""
        slip = self._slip
        if slip.empty and not slip.begun_said:
            slip.begun = None
        elif slip.begun is None:
            slip.begun = self.patient.workstation.done_now

    def on_blur(self) -> None:
        """Breaths are counted with the eyes on the patient and the hand on this page, or not at all."""
        self._stop_counting()

    def _keep(self) -> None:
        """A slip is kept while it is filled; what corrects a set has that set to fall back on."""
        if self._correcting is None:
            self.patient.workstation.half_typed.keep(FORM, self._slip.dump())

    # ── counting breaths ──────────────────────────────────────────────────────────────────────

    async def _count(self, key: str) -> None:
        """A key while breaths are counted: Space for each; Enter takes the count; any other ends it."""
        station, breaths = self.patient.workstation, self._breaths
        now = station.lookout.monotonic()
        if breaths is None:
            self._breaths = Breaths(now)
            self._ticking = self.set_interval(1, self._tick)
        elif key == " ":
            if not breaths.over(now):
                breaths.breathe(now)
        elif key == "enter":
            self._take_count(now)
        else:
            self._stop_counting()
            if key != "backspace":
                await self._press(key)
        self.refill(station.visit)

    def _tick(self) -> None:
        station = self.patient.workstation
        now = station.lookout.monotonic()
        if self._breaths is not None and self._breaths.over(now):
            self._take_count(now)
        if station.open_visit is not None and not station.acting:
            self.refill(station.visit)

    def _take_count(self, now: float) -> None:
        found = self._breaths.rate(now) if self._breaths else None
        if found is None:
            return
        self._stop_counting()
        self._slip.count(*found)
        self._begun()
        self._keep()

    def _stop_counting(self) -> None:
        self._breaths = None
        if self._ticking is not None:
            self._ticking.stop()
            self._ticking = None

    # ── one line, and when it was taken ───────────────────────────────────────────────────────

    async def ask_line(self, measure: Measure | None = None) -> None:
        """The whole set, or some fields of it, in one line; begun with the label of one measure."""
        if self._correcting is not None:
            self.patient.show_page("observations")
            self.patient.notice("A correction is under way: Enter ends it, Esc leaves it.", loud=True)
            return
        label = label_of(measure) if measure is not None else ""
        self._ask_line(f"{label} " if label else "", "", None)

    def _ask_line(self, text: str, pointed: str, cursor: int | None) -> None:
        async def typed(line: str) -> bool:
            try:
                found = read_line(line, self._slip.fields, devices=self._slip.devices)
            except LineError as error:
                self.patient.notice(str(error), loud=True)
                self._ask_line(line, error.pointed(line), error.at)
                return True
            if found.taken_at is not None and not self._set_taken(*found.taken_at):
                self._ask_line(line, "", None)
                return True
            await self._take(found)
            return True

        note = pointed or "Breaths, SpO2, air or O2, BP, pulse, ACVPU, temperature; or by labels: rr16 t36.8"
        self.patient.ask(
            Question("16 97 a 128/76 72 a 36.8", typed, LINE_FORM, text, note, step=True, cursor=cursor)
        )

    async def _take(self, found: EntryLine) -> None:
        self.patient.workstation.half_typed.drop(LINE_FORM)
        ready = self._slip.fill(found)
        self._begun()
        if ready:
            await self._save()
        if not ready or not self._slip.empty:  # it was not saved: what is missing is asked for
            self._keep()
            self.patient.show_page("observations")

    async def ask_taken(self) -> None:
        """When the set was taken, if that was not now."""

        async def typed(text: str) -> bool:
            time = TIME.fullmatch(text.strip())
            if time is None:
                self.patient.notice("Hours and minutes of today, e.g. 09:10.", loud=True)
                return False
            return self._set_taken(int(time[1]), int(time[2]))

        self.patient.ask(Question("Taken at (hours:minutes, today)", typed))

    def _set_taken(self, hours: int, minutes: int) -> bool:
        """Whether that can be when it was taken: today, and not still to come."""
        taken = of_today(self.patient, hours, minutes)
        if taken is None:
            return False
        self._slip.begun, self._slip.begun_said = taken, True
        self._keep()
        self.refill(self.patient.workstation.visit)
        return True

    # ── correcting ────────────────────────────────────────────────────────────────────────────

    async def ask_correction(self, entry: EventId | None = None) -> None:
        """Which value of this set of theirs, or of their last one, and what it should be."""
        station = self.patient.workstation
        mine = [
            (event, found)
            for event, found in station.visit.observations
            if event.by.staff == station.place.actor.staff
        ]
        if not mine:
            self.patient.notice("There is no set of yours here to correct.")
            return
        event, found = next((one for one in mine if one[0].id == entry), mine[-1])
        self._ask_value(event.id, found, "", "", None)

    def _ask_value(
        self, entry: EventId, found: ObservationSet, text: str, pointed: str, cursor: int | None
    ) -> None:
        station = self.patient.workstation
        asked = self._ask_pregnancy(station.visit)

        async def typed(line: str) -> bool:
            slip = Slip.of(found, with_pregnancy=asked, devices=station.practice.settings.bp_devices)
            slip.before = _before(station.visit, found.taken_at)
            try:
                changed = read_line(line, slip.fields, devices=slip.devices, by_labels=True)
                if changed.taken_at is not None:
                    raise LineError(
                        line.index("@"), "When it was taken stays: strike the set, and type it anew."
                    )
                if changed == EntryLine():
                    raise LineError(0, "Say what is to be corrected, e.g. temp 38.1.")
            except LineError as error:
                self.patient.notice(str(error), loud=True)
                self._ask_value(entry, found, line, error.pointed(line), error.at)
                return True
            await self._corrected(slip, entry, changed)
            return True

        when = station.show_time(found.taken_at)
        note = pointed or reading_line(found)
        prompt = f"Correct the set of {when}: which value? e.g. temp 38.1"
        self.patient.ask(Question(prompt, typed, "", text, note, step=True, cursor=cursor))

    async def _corrected(self, slip: Slip, entry: EventId, changed: EntryLine) -> None:
        if self._correcting is None:
            self._aside = self._slip
        self._slip, self._correcting = slip, entry
        ready = slip.fill(changed)
        self.patient.show_page("observations")
        if ready:
            self._ask_why()

    def abandon_correction(self) -> bool:
        """Whether a correction was under way; then it is none any more, and the half-filled slip is back."""
        if self._correcting is None:
            return False
        self._slip, self._correcting = self._aside, None
        self.refill(self.patient.workstation.visit)
        return True

    def _ask_why(self) -> None:
        async def why(letter: str) -> bool:
            station, slip, entry = self.patient.workstation, self._slip, self._correcting
            assert entry is not None, "a correction is of an entry"
            said = await station.write(
                acts.correct_observations,
                entry=entry,
                taken=slip.taken(),
                missing=slip.missing(),
                urine=slip.urine,
                pregnant_or_postpartum=slip.pregnant,
                pregnancy_unknown_because=slip.pregnancy_unknown_because,
                why=WHY_CORRECTED[letter],
                totals=station.practice.settings.news2.totals,
            )
            self._slip, self._correcting = self._aside, None
            if said:
                self._saved(said)
            return bool(said)

        self.patient.ask(Question("Why is it corrected?", why, choices=WHY_CORRECTED))

    async def _save(self) -> None:
        if self._correcting is not None:
            self._ask_why()
            return
        station, slip = self.patient.workstation, self._slip
        said = await station.write(
            acts.record_observations,
            taken=slip.taken(),
            missing=slip.missing(),
            urine=slip.urine,
            taken_at=slip.begun or station.done_now,
            pregnant_or_postpartum=slip.pregnant,
            pregnancy_unknown_because="not asked" if slip.beside_news2 else slip.pregnancy_unknown_because,
            totals=station.practice.settings.news2.totals,
        )
        if not said:
            return
        station.half_typed.drop(FORM)
        self._slip = self._new(station.visit)
        self._saved(said)

    def _saved(self, said: Sequence[Event]) -> None:
        """Back to the prep page, with the score; and whom was told, where it raises something."""
        station = self.patient.workstation
        self.patient.show_page("prep")
        self._say_saved(station.visit)
        for event in said:
            if isinstance(event.data, EscalationRaised):
                response = self._response(station.visit)
                ask_told(self.patient, station.visit.id, event.id, response)

    def _response(self, visit: Visit) -> str:
        """The practice's text for the trigger that was met, and who has adopted it."""
        found, texts = visit.observations[-1][1].score, self.patient.workstation.practice.settings.news2
        text = texts.response(found.trigger)
        return f"{text} ({texts.owner or 'not adopted by a clinician here'})" if text else ""

    def _say_saved(self, visit: Visit) -> None:
        found = visit.observations[-1][1]
        words = f"Saved. {score_line(found.score)}" if found.for_news2 else f"Saved. {reading_line(found)}"
        if found.for_news2 and found.score.not_scored.startswith("not scored"):  # nothing here looks at them
            words += ". Tell the GP the readings."
        if pulse_irregular(found) and not by_hand(found):
            words += f". {BY_HAND_NOW}"
        substantial = self.patient.workstation.practice.settings.bp_substantial_mmhg
        shown = score_line(found.score)
        if {reading.measure for reading in found.readings} & WORKED_OUT_OF:
            said = (text for text, _ in worked_out(visit, substantial) if text != shown)
            words += "".join(f". {sentence(one)}" for one in said)
        self.patient.notice(words)

    # ── painting ──────────────────────────────────────────────────────────────────────────────

    def refill(self, visit: Visit) -> None:
        asked = wanted(visit, self.patient.workstation.templates)
        if self._correcting is None:
            self._slip.before = _before(visit)
            self._slip.show(asked)
        view = SlipView(
            self.patient,
            self._slip,
            visit,
            self._correcting is not None,
            self._breaths,
            self.size.height,
            asked,
            visit.sets,
        )
        self.show_lines(list(view.lines()))


def _before(visit: Visit, until: datetime | None = None) -> dict[Measure, int]:
    """What an earlier set says that a weight, or a peak flow, is held against; of before `until` only."""
    held = (Measure.WEIGHT, Measure.HEIGHT, Measure.BEST_PEAK_FLOW)
    known = visit.known(visit.appointment.patient.id)
    lasting = (one for one in known.lasting if one.measure in held)
    found = {one.measure: one.number for one in lasting if until is None or one.taken_at < until}
    if until is None:
        return found
    for one in known.sets:
        numbers = (one.found.reading(measure) for measure in held if one.found.taken_at < until)
        found |= {of.measure: of.value for of in numbers if of is not None and of.value is not None}
    return found
