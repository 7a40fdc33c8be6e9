"""The slip as painted: what is asked for, each field with its part score and the last value, the total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.style import Style

from gpa_tui.records.competency import Gate
from gpa_tui.records.observation import Measure, Score, TakenSet
from gpa_tui.records.prep import PrepTemplate
from gpa_tui.session.acts.observe import scored
from gpa_tui.session.day import Visit
from gpa_tui.session.figures import figure, score_line
from gpa_tui.session.prep_list import prep_list
from gpa_tui.session.trends import bars
from screens.breaths import Breaths
from screens.slip import Asking, Slip
from screens.slip_fields import ANOTHER, BESIDE, HOW_LETTERS, LABELS, MEASURES, NEXT_DEVICE, UNITS, Field
from screens.supervision import asked_for
from screens.widgets.line_list import ALERT, BOLD, DIM, LOUD, PLAIN, fit, wrapped
from screens.widgets.lines import Pieces

if TYPE_CHECKING:
    from screens.app import Workstation
    from screens.patient import PatientScreen

EARLIER = 16  # cells for the last value of a field
MOST_LINES = 2  # of what is asked for, and of what is there beside the fields


@dataclass(frozen=True, slots=True)
class SlipView:
    """One slip of one visit on one screen."""

    screen: PatientScreen
    slip: Slip
    visit: Visit
    correcting: bool
    breaths: Breaths | None  # a count that is under way
    height: int  # lines there are; 0 where that is not known yet
    wanted: Sequence[Field]  # what the prep list asks for beside NEWS2 that no set of this visit has
    sets: Sequence[TakenSet]  # of today and before, the oldest first

    @property
    def station(self) -> Workstation:
        return self.screen.workstation

    def lines(self) -> Iterator[Pieces]:
        """All of it, from the top."""
        totals = self.station.practice.settings.news2.totals
        score = scored(self.station.day, self.visit, self.slip.taken(), self.slip.pregnant, totals=totals)
        above = [*self._wrapped(self._asked_for(), BOLD), self._heading()]
        below = [self._total_line(score), ((" ", PLAIN),), *self._asking_lines()]
        yield from above
        room = (self.height or len(Field)) - len(above) - len(below)
        yield from self._fields(score, room)
        yield from below

    def _fields(self, score: Score, room: int) -> Iterator[Pieces]:
        """A line a field; where there is no room, those beside NEWS2 that are not in hand share one."""
        fields = self.slip.fields
        folded = [one for one in fields if one in BESIDE and one is not self.slip.current]
        whole = fields if len(fields) <= room else [one for one in fields if one not in folded]
        for current in whole:
            yield self._field_line(current, score)
        if whole is not fields:
            yield from self._wrapped(self._shared(folded), BOLD)

    def _asking_lines(self) -> Iterator[Pieces]:
        yield ((" ", PLAIN),)
        text, style = self._asking()
        for line in wrapped(text, self.screen.size.width - 2):
            yield ((f" {line} ", style),)

    def _wrapped(self, text: str, style: Style) -> Iterator[Pieces]:
        lines, room = wrapped(text, self.screen.size.width - 2) if text else [], self.screen.size.width - 9
        for at, line in enumerate(lines[:MOST_LINES]):
            cut = at == MOST_LINES - 1 and len(lines) > MOST_LINES
            yield ((f" {fit(line, room).rstrip()} … more" if cut else f" {line}", style),)

    def _asked_for(self) -> str:
        """What the prep list and open tasks ask for, before anything else, till it is there."""
        typed = {one for one, text in self.slip.texts.items() if text} | set(self.slip.not_taken)
        asked = [LABELS[one].casefold() for one in self.wanted if one not in typed]
        tasks = [
            f"{task.asked_by.name}: {task.what}"
            for task in self.station.tasks
            if task.open and task.patient == self.visit.appointment.patient.id
        ]
        said = "; ".join([*([", ".join(asked)] if asked else []), *tasks])
        return f"Asked for: {said}" if said else ""

    def _heading(self) -> Pieces:
        station, show_time = self.station, self.station.show_time
        earlier = self.sets[-1] if self.sets else None
        begun = f"taken {show_time(self.slip.begun)}" if self.slip.begun else "@ taken earlier   o one line"
        if self.correcting:
            begun = f"CORRECTING THE SET OF {begun.removeprefix('taken ')}"
        when = "no set yet"
        if earlier is not None:
            at = earlier.found.taken_at.astimezone(station.door.zone)
            day = "" if at.date() == station.day.date else f"{at.day} {at:%b} "
            when = f"{day}{at:%H:%M} {earlier.by}"
        return ((f" {'':<11}{begun:<45}part   ", DIM), (fit(when, EARLIER), DIM))

    def _field_line(self, current: Field, score: Score) -> Pieces:
        slip, decision = self.slip, self.visit.spo2_decision
        unit = UNITS[current]
        if current is Field.SPO2 and decision is not None and decision.scale == 2:
            unit = f"% scale 2, {decision.by} {decision.on.day} {decision.on:%b %Y}"
        here = slip.current is current
        text = slip.texts.get(current, "")
        shown = {"a": "air"}.get(text, text) if current is Field.OXYGEN else text.upper()
        if current in slip.not_taken and not text:
            shown = slip.not_taken[current]
        part = "+".join(str(score.parts[m]) for m in MEASURES.get(current, ()) if m in score.parts)
        value = f"{shown}_" if here and slip.asking is Asking.VALUE else shown
        if current is Field.URINE and (text or here):
            return ((f" {LABELS[current]:<10} ", BOLD if here else PLAIN), (value, LOUD if here else BOLD))
        said = [word.removesuffix(" arm") for word in slip.how_of(current)]
        unit = f"{unit.partition(' ')[0] if said else unit} {', '.join(said)}".strip()
        return (
            (f" {LABELS[current]:<10} ", BOLD if here else PLAIN),
            (f"{value:<12}", LOUD if here else BOLD),
            (f" {fit(unit, 33)}", DIM),
            (f"{part:<6}", ALERT if part == "3" else PLAIN),
            (self._earlier(current), DIM),
        )

    def _earlier(self, current: Field) -> str:
        """The same field in the last set that has it, of when where that is not the last of all; and bars."""
        measure, sets = MEASURES.get(current, (None,))[0], self.sets
        if measure is None:
            return ""
        for number, one in enumerate(reversed(sets)):
            if one.found.reading(measure):
                at = one.found.taken_at.astimezone(self.station.door.zone)
                today = at.date() == self.station.day.date
                when = "" if number == 0 else f" {at:%H:%M}" if today else f" {at.day} {at:%b}"
                text = f"{figure(one.found, measure)}{when} "
                room = EARLIER - len(text)
                return text + (bars(sets, measure)[-room:] if room > 0 else "")
        return ""

    def _shared(self, folded: Sequence[Field]) -> str:
        """These fields in one line: what is typed, and what is not taken."""
        slip = self.slip
        said = [
            f"{LABELS[one].casefold()} {slip.texts.get(one) or slip.not_taken.get(one, '')}".strip()
            for one in folded
        ]
        return f"also {', '.join(said)}" if said else ""

    def _total_line(self, score: Score) -> Pieces:
        if self.slip.empty:
            return ((" ", PLAIN),)
        if self.slip.beside_news2:
            return ((" By itself, without NEWS2", PLAIN),)
        if score.not_scored.startswith("incomplete"):
            return ((" NEWS2 no total yet: all seven are needed", PLAIN), (f"   {score.trigger}", ALERT))
        return ((f" {score_line(score)}", BOLD), (f"   {score.trigger}" if score.trigger else "", ALERT))

    def _asking(self) -> tuple[str, Style]:
        """What the slip waits for, loud; else what the keys do here."""
        loud = self._loud()
        if loud:
            return loud, LOUD
        if self.slip.current is None:
            return "Enter saves this set. ↑ goes back to a field. + another measure.", BOLD
        if self.slip.current is Field.RESPIRATION and not self.slip.texts.get(Field.RESPIRATION):
            return "Space counts breaths: 60 s, or 30 s doubled.   - not taken   + another measure", DIM
        device = {NEXT_DEVICE: "device"} if self.slip.current is Field.PRESSURE and self.slip.devices else {}
        letters = _letters(HOW_LETTERS.get(self.slip.current, {}) | device)
        return " · ".join(part for part in (self._before(self.slip.current), letters) if part), DIM

    def _before(self, current: Field) -> str:
        """The last value of the field in hand, when and by whom."""
        measure = MEASURES.get(current, (None,))[0]
        for one in reversed(self.sets):
            if measure is not None and one.found.reading(measure):
                when = self.station.show_when(one.found.taken_at)
                return f"before: {figure(one.found, measure)}, {when}, {one.by}"
        return ""

    def _loud(self) -> str:
        slip, current = self.slip, self.slip.current
        if self.breaths is not None:
            return self.breaths.shown(self.station.lookout.monotonic())
        if slip.asking is Asking.WHY_UNLIKELY and current:
            return f"{LABELS[current]}, typed twice. Why? {_letters(slip.reasons_asked)}"
        if slip.asking is Asking.ANOTHER:
            return _letters({letter: LABELS[one] for letter, one in ANOTHER.items()})
        if slip.asking in {Asking.WHY_MISSING, Asking.WHY_NOT_TAKEN} and current:
            missing = "Pregnancy not known" if current is Field.PREGNANT else f"{LABELS[current]} not taken"
            return f"{missing}. Why? {_letters(slip.reasons_asked)}"
        asks = asked_for(self.screen, Gate.OBSERVATIONS) if slip.begun is None else []
        if asks and not slip.message:
            who = self.station.place.who_signs
            return f"Ask: not signed off for {asks[0].title}. {who} can sign it off."
        return slip.message


def wanted(visit: Visit, templates: Mapping[str, PrepTemplate]) -> list[Field]:
    """What the prep list asks for beside NEWS2 that no set of the visit has."""
    sets = [found for _, found in visit.observations]
    there = {one.measure for found in sets for one in found.readings}
    there |= {one.measure for found in sets for one in found.missing}
    there |= {Measure.URINE for found in sets if found.urine}
    asked = {one for one in prep_list(visit, templates).observations if one not in there}
    return [one for one in BESIDE if MEASURES[one][0] in asked]


def _letters(choices: dict[str, str]) -> str:
    return " · ".join(f"{letter} {words}" for letter, words in choices.items())
