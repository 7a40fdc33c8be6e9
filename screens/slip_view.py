"""The slip as painted: what is asked for, each field with its part score and the last value, the total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.style import Style

from gpa_tui.clinical.names import NAMES
from gpa_tui.records.competency import Gate
from gpa_tui.records.observation import Score
from gpa_tui.records.prep import URINE
from gpa_tui.session.acts.observe import scored
from gpa_tui.session.day import Visit
from gpa_tui.session.figures import pressure, score_line, value_shown
from gpa_tui.session.prep_list import prep_list
from screens.breaths import Breaths
from screens.entry_line import BY_MEASURE
from screens.slip import Asking, Slip
from screens.slip_fields import HOW_LETTERS, LABELS, MEASURES, UNITS, Field
from screens.supervision import asked_for
from screens.widgets.line_list import ALERT, BOLD, DIM, LOUD, PLAIN, fit, wrapped
from screens.widgets.lines import Pieces

if TYPE_CHECKING:
    from screens.app import Workstation
    from screens.patient import PatientScreen

MOST_LINES = 2  # of what is asked for, and of what is there beside the fields


@dataclass(frozen=True, slots=True)
class SlipView:
    """One slip of one visit on one screen."""

    screen: PatientScreen
    slip: Slip
    visit: Visit
    correcting: bool
    breaths: Breaths | None  # a count that is under way

    @property
    def station(self) -> Workstation:
        return self.screen.workstation

    def lines(self) -> Iterator[Pieces]:
        """All of it, from the top."""
        totals = self.station.practice.settings.news2.totals
        score = scored(self.station.day, self.visit, self.slip.taken(), self.slip.pregnant, totals=totals)
        yield from self._wrapped(self._asked_for(), BOLD)
        yield self._heading()
        for current in self.slip.fields:
            yield self._field_line(current, score)
        yield from self._wrapped(self._others() or " ", BOLD)
        yield self._total_line(score)
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
        sets = [found for _, found in self.visit.observations]
        there = {*self.slip.extras, *(one.measure for found in sets for one in found.readings)}
        urine = self.slip.urine or any(found.urine for found in sets)
        asked = [
            "urine dipstick (ua)" if one == URINE else f"{NAMES[one]} ({BY_MEASURE[one]})"
            for one in prep_list(self.visit, self.station.templates).observations
            if (not urine if one == URINE else one not in there)
        ]
        tasks = [
            f"{task.asked_by.name}: {task.what}"
            for task in self.station.tasks
            if task.open and task.patient == self.visit.appointment.patient.id
        ]
        said = "; ".join([*([f"{', '.join(asked)}: o, one line"] if asked else []), *tasks])
        return f"Asked for: {said}" if said else ""

    def _heading(self) -> Pieces:
        station, show_time = self.station, self.station.show_time
        earlier = self.visit.sets[-1] if self.visit.sets else None
        begun = f"taken {show_time(self.slip.begun)}" if self.slip.begun else "@ taken earlier   o one line"
        if self.correcting:
            begun = f"CORRECTING THE SET OF {begun.removeprefix('taken ')}"
        when = "no set yet"
        if earlier is not None:
            at = earlier.found.taken_at.astimezone(station.door.zone)
            day = "" if at.date() == station.day.date else f"{at.day} {at:%b} "
            when = f"{day}{at:%H:%M} {earlier.by}"
        return ((f" {'':<11}{begun:<45}part   ", DIM), (fit(when, 16), DIM))

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
        said = [word.removesuffix(" arm") for word in slip.how_of(current)]
        unit = f"{unit.partition(' ')[0] if said else unit} {', '.join(said)}".strip()
        return (
            (f" {LABELS[current]:<10} ", BOLD if here else PLAIN),
            (f"{value:<9}", LOUD if here else BOLD),
            (f" {fit(unit, 36)}", DIM),
            (f"{part:<6}", ALERT if part == "3" else PLAIN),
            (self._earlier(current), DIM),
        )

    def _earlier(self, current: Field) -> str:
        """The same field in the last set that has it; of when, where that is not the last set of all."""
        measures = MEASURES.get(current, ())
        for number, one in enumerate(reversed(self.visit.sets)):
            values = {reading.measure: reading for reading in one.found.readings}
            if measures and measures[0] in values:
                at = one.found.taken_at.astimezone(self.station.door.zone)
                today = at.date() == self.station.day.date
                when = "" if number == 0 else f" {at:%H:%M}" if today else f" {at.day} {at:%b}"
                shown = pressure(values) if current is Field.PRESSURE else value_shown(values[measures[0]])
                return f"{shown}{when}"
        return ""

    def _others(self) -> str:
        """What is there beside the fields."""
        others = [f"{NAMES[measure]} {text}" for measure, text in self.slip.extras.items()]
        pads = ", ".join(f"{pad.value} {value}" for pad, value in self.slip.urine.items())
        said = ", ".join([*others, *([f"urine {pads}"] if pads else [])])
        return f"also {said}" if said else ""

    def _total_line(self, score: Score) -> Pieces:
        if self.slip.empty:
            return ((" ", PLAIN),)
        if score.not_scored.startswith("incomplete"):
            return ((" NEWS2 no total yet: all seven are needed", PLAIN), (f"   {score.trigger}", ALERT))
        return ((f" {score_line(score)}", BOLD), (f"   {score.trigger}" if score.trigger else "", ALERT))

    def _asking(self) -> tuple[str, Style]:
        """What the slip waits for, loud; else what the keys do here."""
        loud = self._loud()
        if loud:
            return loud, LOUD
        if self.slip.current is None:
            return "Enter saves this set. ↑ goes back to a field.", BOLD
        if self.slip.current is Field.RESPIRATION and not self.slip.texts.get(Field.RESPIRATION):
            return "Space counts breaths: 60 s, or 30 s doubled.", DIM
        return _letters(HOW_LETTERS.get(self.slip.current, {})), DIM

    def _loud(self) -> str:
        slip, current = self.slip, self.slip.current
        if self.breaths is not None:
            return self.breaths.shown(self.station.lookout.monotonic())
        if slip.asking is Asking.WHY_UNLIKELY and current:
            return f"{LABELS[current]}, typed twice. Why? {_letters(slip.reasons_asked)}"
        if slip.asking is Asking.WHY_MISSING and current:
            missing = "Pregnancy not known" if current is Field.PREGNANT else f"{LABELS[current]} not taken"
            return f"{missing}. Why? {_letters(slip.reasons_asked)}"
        asks = asked_for(self.screen, Gate.OBSERVATIONS) if slip.begun is None else []
        if asks and not slip.message:
            who = self.station.place.who_signs
            return f"Ask: not signed off for {asks[0].title}. {who} can sign it off."
        return slip.message


def _letters(choices: dict[str, str]) -> str:
    return " · ".join(f"{letter} {words}" for letter, words in choices.items())
