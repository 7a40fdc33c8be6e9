"""What stands on an observation slip: the readings it would save, why others are missing, and its draft."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gpa_tui.clinical import extras, how, readings, urine
from gpa_tui.clinical.limits import LIMITS
from gpa_tui.clinical.names import NAMES
from gpa_tui.clinical.news2 import CONSCIOUSNESS
from gpa_tui.records.observation import Aspect, Measure, Missing, ObservationSet, Pad, Reading
from gpa_tui.text import sentence
from screens.slip_fields import BESIDE, BY_THEMSELVES, LABELS, LETTERED, MEASURES, Field

UNUSUAL = "unusual"
SAME_NUMBER = {Field.SPO2: Field.RESPIRATION, Field.PULSE: Field.SPO2}
"""Where one number typed in two fields is likely one reading typed twice (proposal, domain brief 3.9)."""


@dataclass(slots=True)
class SlipValues:
    """One set as it stands: the text of each field, and what was said about it."""

    with_pregnancy: bool = False
    begun: datetime | None = None  # when the first value was typed: the time that the set was taken
    begun_said: bool = False  # or the time that was said
    texts: dict[Field, str] = field(default_factory=dict)
    reasons: dict[Field, str] = field(default_factory=dict)
    not_taken: dict[Field, str] = field(default_factory=dict)
    how: dict[Aspect, str] = field(default_factory=dict)  # how they were taken
    counted: str = ""  # the breaths as they were counted by key; another number was not
    alone: frozenset[Field] = frozenset()  # what may be saved by itself: a pressure that was named
    shown: frozenset[Field] = frozenset()  # of what is beside NEWS2: what is asked for, or was typed
    doubts: dict[Field, str] = field(default_factory=dict)  # of which each reason is
    settled: frozenset[Field] = frozenset()  # as they were saved: not doubted anew
    before: Mapping[Measure, int] = field(default_factory=dict)  # of other sets: weight, height, own best
    _first: dict[Field, str] = field(default_factory=dict)  # unusual, and typed once

    @property
    def fields(self) -> tuple[Field, ...]:
        """Those of this slip, in order."""
        hidden = {*BESIDE} - self.shown | (set() if self.with_pregnancy else {Field.PREGNANT})
        return tuple(one for one in Field if one not in hidden)

    @property
    def empty(self) -> bool:
        return not self._there

    @property
    def _there(self) -> set[Field]:
        """What has a text, or a reason why not."""
        return {one for one, text in self.texts.items() if text} | set(self.not_taken)

    @property
    def by_themselves(self) -> bool:
        """Whether nothing is there but a pressure, a pulse, and what is beside NEWS2."""
        return self._there <= {*BY_THEMSELVES, *BESIDE}

    def stands(self, current: Field) -> str:
        """The doubt of what is typed in a field that has no reason yet; else nothing. Raises ValueError."""
        doubt = "" if current in self.settled else self._doubt(current, self.texts.get(current, ""))
        answered = current in self.reasons and self.doubts.get(current, doubt) == doubt
        return "" if answered else doubt

    @property
    def beside_news2(self) -> bool:
        """Whether it holds nothing but what may be saved without the rest of NEWS2."""
        return self._there <= {*self.alone, *BESIDE}

    @property
    def urine(self) -> dict[Pad, str]:
        """The pads of the strip; none where it cannot be read."""
        try:
            return urine.read_strip(self.texts.get(Field.URINE, ""))
        except ValueError:
            return {}

    def restore(self, found: ObservationSet) -> None:
        """Stand as this set did when it was saved."""
        self.begun = found.taken_at
        self.alone = frozenset() if found.for_news2 else BY_THEMSELVES
        typed = {reading.measure: reading for reading in found.readings}
        missing = {one.measure: one.why for one in found.missing}
        for current, (first, *_) in MEASURES.items():
            if first in typed:
                self.texts[current] = typed[first].typed
                if typed[first].retyped_because:
                    self.reasons[current] = typed[first].retyped_because
            elif first in missing:
                self.not_taken[current] = missing[first]
        for reading in found.readings:
            self.how |= reading.how
        self.counted = self.texts.get(Field.RESPIRATION, "")
        if found.urine:
            self.texts[Field.URINE] = urine.strip_text(found.urine)
        self.shown = frozenset(BESIDE) & ({*self.texts} | {*self.not_taken})
        self.settled = frozenset(self.texts)
        if not found.for_news2:
            return
        if self.with_pregnancy and found.pregnant_or_postpartum is not None:
            self.texts[Field.PREGNANT] = "y" if found.pregnant_or_postpartum else "n"
        elif self.with_pregnancy:
            self.not_taken[Field.PREGNANT] = found.pregnancy_unknown_because

    # ── readings ──────────────────────────────────────────────────────────────────────────────

    def taken(self) -> list[Reading]:
        """The readings that are whole, possible and, where unusual, confirmed; as they would be saved."""
        found: list[Reading] = []
        for current in self.fields:
            text = self.texts.get(current, "")
            if text and current in MEASURES and current is not Field.URINE:
                found.extend(self._readings(current, text))
        return [self._with_how(reading) for reading in found]

    def missing(self) -> list[Missing]:
        return [
            Missing(measure=measure, why=why)
            for current, why in self.not_taken.items()
            for measure in MEASURES.get(current, ())
        ]

    @property
    def pregnant(self) -> bool | None:
        """As answered; False where it is not a question, None where it is and was not answered."""
        if not self.with_pregnancy:
            return False
        return {"y": True, "n": False}.get(self.texts.get(Field.PREGNANT, ""))

    @property
    def pregnancy_unknown_because(self) -> str:
        """Why it is not known, where it is a question."""
        return self.not_taken.get(Field.PREGNANT, "")

    def how_of(self, current: Field) -> list[str]:
        """What is said of how this field was taken, in words."""
        of = MEASURES.get(current, ())
        return [said for aspect, said in self._how_holds.items() if how.OF[aspect] in of]

    @property
    def _how_holds(self) -> dict[Aspect, str]:
        """How they were taken; of breaths only while they are those that were counted."""
        typed_since = self.texts.get(Field.RESPIRATION) != self.counted
        return {
            aspect: said
            for aspect, said in self.how.items()
            if not (aspect is Aspect.COUNTED and typed_since)
        }

    def _orphan(self) -> str:
        """What is said of how something was taken that is not there, in a sentence; else nothing."""
        there = {reading.measure for reading in self.taken()}
        on_air = self.texts.get(Field.OXYGEN) == "a"
        for aspect, said in self._how_holds.items():
            if how.OF[aspect] not in there or (aspect is Aspect.DEVICE and on_air):
                return f"{sentence(said)}: there is no {NAMES[how.OF[aspect]]} that it could be said of."
        return ""

    def _with_how(self, reading: Reading) -> Reading:
        said = {aspect: word for aspect, word in self._how_holds.items() if how.OF[aspect] is reading.measure}
        return reading.model_copy(update={"how": said}) if said else reading

    def _readings(self, current: Field, text: str) -> list[Reading]:
        if current is Field.CONSCIOUSNESS:
            letter = text.upper()
            known = letter in CONSCIOUSNESS
            return [Reading(measure=Measure.CONSCIOUSNESS, letter=letter, typed=text)] if known else []
        why = self.reasons.get(current, "")
        try:
            values = self._values(current, text)
            if text not in LETTERED.get(current, "") and self.stands(current):
                return []
        except ValueError:
            return []
        return [
            Reading(
                measure=measure,
                value=value.number,
                comparator=value.comparator,
                unit=LIMITS[measure].unit,
                typed=text,
                retyped_because=why,
            )
            for measure, value in zip(MEASURES[current], values, strict=True)
        ]

    def _values(self, current: Field, text: str) -> list[extras.Value]:
        """What is typed in a field of numbers, one of each of its measures. Raises ValueError."""
        measure = MEASURES[current][0]
        if current in BESIDE:
            return [extras.read(measure, text)]
        if current is Field.PRESSURE:
            return [extras.Value(number) for number in self._pressure(text)]
        on_air = text == "a" and current is Field.OXYGEN
        return [extras.Value(0 if on_air else readings.read(measure, text))]

    def _doubt(self, current: Field, text: str) -> str:
        """Why it is possible but worth typing twice, else nothing. Raises ValueError for what cannot be."""
        measure, other = MEASURES[current][0], SAME_NUMBER.get(current)
        if current is Field.URINE:
            urine.read_strip(text)
            return ""
        if current in BESIDE:
            value = extras.read(measure, text)
            doubt = extras.doubt(measure, value, {**self.before, **self._beside_it()})
            return doubt or (UNUSUAL if extras.unlikely(measure, value) else "")
        if current is Field.PRESSURE:
            systolic, diastolic = self._pressure(text)
            unusual = (
                readings.unlikely(Measure.SYSTOLIC, systolic)
                or readings.unlikely(Measure.DIASTOLIC, diastolic)
                or readings.unlikely_pressure(systolic, diastolic)
            )
            return UNUSUAL if unusual else ""
        if readings.unlikely(measure, readings.read(measure, text)):
            return UNUSUAL
        return f"{LABELS[other]} too" if other is not None and text == self.texts.get(other) else ""

    def _beside_it(self) -> dict[Measure, int]:
        """Height and own best where they are typed in this set."""
        found = {}
        for current in (Field.HEIGHT, Field.BEST_PEAK_FLOW):
            with suppress(ValueError):
                value = extras.read(MEASURES[current][0], self.texts.get(current, ""))
                if value.number is not None:
                    found[MEASURES[current][0]] = value.number
        return found

    @staticmethod
    def _pressure(text: str) -> tuple[int, int]:
        first, _, second = text.partition("/")
        if not second:
            raise ValueError("BP needs both numbers, e.g. 128/76.")
        systolic, diastolic = readings.read(Measure.SYSTOLIC, first), readings.read(Measure.DIASTOLIC, second)
        slip = readings.pressure_slip(systolic, diastolic)
        if slip:
            raise ValueError(slip)
        return systolic, diastolic

    # ── draft ─────────────────────────────────────────────────────────────────────────────────

    def kept(self) -> dict[str, object]:
        """What is typed, for the draft."""
        return {
            "texts": self.texts,
            "reasons": self.reasons,
            "not_taken": self.not_taken,
            "first": self._first,
            "doubts": self.doubts,
            "how": self.how,
            "counted": self.counted,
            "alone": sorted(self.alone),
            "shown": sorted(self.shown),
            "begun": self.begun.isoformat() if self.begun else "",
            "begun_said": self.begun_said,
        }

    def take_back(self, kept: Mapping[str, Any]) -> None:
        """Stand as `kept` says. Raises ValueError, KeyError, TypeError, AttributeError for anything else."""
        self.texts, self.reasons, self.not_taken, self._first, self.doubts = (
            {Field(name): str(value) for name, value in kept[part].items()}
            for part in ("texts", "reasons", "not_taken", "first", "doubts")
        )
        self.how = {Aspect(name): str(value) for name, value in kept["how"].items()}
        self.counted = str(kept["counted"])
        self.alone, self.shown = (
            frozenset(Field(name) for name in kept[part]) for part in ("alone", "shown")
        )
        self.begun = datetime.fromisoformat(kept["begun"]) if kept["begun"] else None
        self.begun_said = bool(kept["begun_said"])
