"""The observation slip as keys fill it: which field is next, what is refused, what is asked again.

Draws nothing and saves nothing, so that every habit of the hand can be tested as a row of keys.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gpa_tui.clinical import extras, how, readings
from gpa_tui.clinical.limits import LIMITS
from gpa_tui.clinical.names import NAMES
from gpa_tui.clinical.news2 import CONSCIOUSNESS
from gpa_tui.records.observation import Aspect, Measure, Missing, ObservationSet, Pad, Reading
from gpa_tui.text import sentence
from screens.entry_line import EntryLine
from screens.slip_fields import (
    BY_ENTER,
    BY_THEMSELVES,
    HOW_LETTERS,
    LABELS,
    LETTERED,
    LONGEST,
    MEASURES,
    SEPARATORS,
    UNITS,
    WHY_MISSING,
    WHY_NOT_KNOWN,
    WHY_UNLIKELY,
    Field,
)


class Asking(StrEnum):
    """What the slip waits for."""

    VALUE = "value"
    WHY_UNLIKELY = "why unlikely"
    WHY_MISSING = "why missing"


@dataclass(slots=True)
class Slip:
    """One set being typed. `index` is the field in hand; one past the last is "Enter saves"."""

    with_pregnancy: bool = False
    begun: datetime | None = None  # when the first value was typed: the time that the set was taken
    begun_said: bool = False  # or the time that was said
    texts: dict[Field, str] = field(default_factory=dict)
    extras: dict[Measure, str] = field(default_factory=dict)  # beside NEWS2, typed in one line
    extra_reasons: dict[Measure, str] = field(default_factory=dict)
    extras_missing: dict[Measure, str] = field(default_factory=dict)  # not taken, and why
    how: dict[Aspect, str] = field(default_factory=dict)  # how they were taken
    counted: str = ""  # the breaths as they were counted by key; another number was not
    urine: dict[Pad, str] = field(default_factory=dict)  # a dipstick
    reasons: dict[Field, str] = field(default_factory=dict)
    not_taken: dict[Field, str] = field(default_factory=dict)
    index: int = 0
    message: str = ""
    asking: Asking = Asking.VALUE
    alone: frozenset[Field] = frozenset()  # what may be saved by itself: a pressure that was named in a line
    _first: dict[Field, str] = field(default_factory=dict)
    _moved_by_itself: bool = False
    _after_reason: bool = False  # it moved on by a reason's letter, which is no letter of the field behind
    _reached_by_enter: bool = False
    _wrong: bool = False

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(Field) if self.with_pregnancy else tuple(Field)[:-1]

    @property
    def current(self) -> Field | None:
        """The field in hand, None at "Enter saves"."""
        return self.fields[self.index] if self.index < len(self.fields) else None

    @property
    def empty(self) -> bool:
        return not (any(self.texts.values()) or self.extras or self.extras_missing or self.urine)

    @property
    def beside_news2(self) -> bool:
        """Whether it holds a pressure that was named in a line, or other measures, and nothing else."""
        return not self.not_taken and {one for one, text in self.texts.items() if text} <= self.alone

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    def press(self, key: str) -> bool:
        """Take one key: a character, `enter`, `backspace`, `forward`, `previous`. True means: save now."""
        if self.asking is not Asking.VALUE:
            return self._reason(key)
        self.message = ""
        if key == "enter":
            return self._enter()
        moved_by_itself, self._moved_by_itself = self._moved_by_itself, False
        after_reason, self._after_reason = self._after_reason, False
        if key == "previous":
            self._go(self.index - 1)
        elif key == "forward":
            self._go(self.index + 1)
        elif key == "backspace":
            self._rub_out()
        elif len(key) == 1:
            self._type(key, moved_by_itself=moved_by_itself, after_reason=after_reason)
        return False

    @classmethod
    def of(cls, found: ObservationSet, *, with_pregnancy: bool) -> Slip:
        """The slip as it stood when this set was saved."""
        slip = cls(with_pregnancy=with_pregnancy, begun=found.taken_at)
        slip.alone = frozenset() if found.for_news2 else BY_THEMSELVES
        typed = {reading.measure: reading for reading in found.readings}
        missing = {one.measure: one.why for one in found.missing}
        for current in slip.fields:
            first = MEASURES.get(current, (None,))[0]
            if first in typed:
                slip.texts[current] = typed[first].typed
                if typed[first].retyped_because:
                    slip.reasons[current] = typed[first].retyped_because
            elif first in missing:
                slip.not_taken[current] = missing[first]
        for reading in found.readings:
            if reading.measure in extras.EXTRAS:
                slip.extras[reading.measure] = reading.typed
                slip.extra_reasons[reading.measure] = reading.retyped_because
            slip.how |= reading.how
        slip.counted = slip.texts.get(Field.RESPIRATION, "")
        slip.urine = dict(found.urine)
        slip.extras_missing = {one.measure: one.why for one in found.missing if one.measure in extras.EXTRAS}
        if with_pregnancy and found.pregnant_or_postpartum is not None:
            slip.texts[Field.PREGNANT] = "y" if found.pregnant_or_postpartum else "n"
        elif with_pregnancy:
            slip.not_taken[Field.PREGNANT] = found.pregnancy_unknown_because
        slip.index = len(slip.fields)
        return slip

    def doubt(self, others: Mapping[Measure, str]) -> None:
        """Why an unusual value beside NEWS2 stands holds for that value, and for no other."""
        for measure, text in others.items():
            if self.extras.get(measure) != text:
                self.extra_reasons.pop(measure, None)

    def fill(self, line: EntryLine) -> bool:
        """Take the fields that were typed in one line; others stay as they are. True means: save now."""
        self.extras |= line.extras
        for measure in line.extras:
            self.extras_missing.pop(measure, None)
        for measure in line.extras_missing:
            self.extras.pop(measure, None)
        self.extras_missing |= line.extras_missing
        self.how |= line.how
        self.urine |= line.urine
        if set(line.texts) <= BY_THEMSELVES and not any(self.texts.values()):
            self.alone = BY_THEMSELVES
        for current, text in line.texts.items():
            self._set(current, text)
            self._first.pop(current, None)
        for current, why in line.not_taken.items():
            self._set(current, "")
            self.not_taken[current] = why
        self.message = ""
        return self._ready()

    def _go_through(self, fields: Iterable[Field]) -> Iterator[Field]:
        """Each of these that has a text, in hand."""
        for index, current in enumerate(self.fields):
            if current in fields and self.texts.get(current):
                self._go(index)
                yield current

    def _enter(self) -> bool:
        if self._moved_by_itself:
            self._moved_by_itself = False
            if self.current is not None:
                return False  # it only confirms the field that was left behind
        current = self.current
        if current is None:
            return self._ready()
        if not self.texts.get(current):
            if current in self._first:
                self._ask_again(current)
                return False
            if current in BY_ENTER:
                if not self._reached_by_enter:
                    self._explain(current)
                    return False
                self._set(current, BY_ENTER[current])
        if self._complete(current):
            self._go(self.index + 1, by_enter=bool(self.texts.get(current)))
        return False

    def _type(self, char: str, *, moved_by_itself: bool, after_reason: bool) -> None:
        if self._say_how(char.lower(), moved_by_itself=moved_by_itself, behind=not after_reason):
            return
        if char in ".," and self._point(moved_by_itself=moved_by_itself):
            return
        current = self.current
        if moved_by_itself and char.isdigit() and self._back_to_temperature(char):
            return
        if current is None:
            self.message = "The slip is full: Enter saves it, ↑ goes back to a field."
            return
        text = "" if self._wrong else self.texts.get(current, "")
        separator = SEPARATORS.get(current, "")
        if char == separator and (moved_by_itself or not text or separator in text):
            return  # typed out of habit where the slip had put it already
        longer = self._longer(current, text, char.lower())
        if longer is None:
            self._explain(current)
            return
        self._wrong = False
        self._set(current, longer)
        if self._full(current, longer) and self._complete(current):
            self._go(self.index + 1)
            self._moved_by_itself = True

    def _point(self, *, moved_by_itself: bool) -> bool:
        """Whether a point was typed into a whole number, or straight behind it: it stays, to be rubbed out.

        Else what follows it would be another number, or another field's.
        """
        if moved_by_itself and self.texts.get(self.fields[self.index - 1], "").isdigit():
            self._go(self.index - 1)
        current = self.current
        if current is None or current is Field.TEMPERATURE or not self.texts.get(current, "").isdigit():
            return False
        self._set(current, f"{self.texts[current]}.")
        self.message = f"{LABELS[current]} is a whole number: rub out the point."
        return True

    def _say_how(self, letter: str, *, moved_by_itself: bool, behind: bool) -> bool:
        """Whether the letter says how the field in hand was taken, or the one just left behind; then it does.

        The same letter again takes it back.
        """
        left_behind = self.fields[self.index - 1] if moved_by_itself and behind else None
        word = next(
            (
                HOW_LETTERS[one][letter]
                for one in (self.current, left_behind)
                if one in HOW_LETTERS and letter in HOW_LETTERS[one]
            ),
            None,
        )
        if word is None:
            return False
        aspect, said = how.WORDS[word]
        if self.how.get(aspect) == said:
            del self.how[aspect]
        else:
            self.how[aspect] = said
        by_hand = self.how.get(Aspect.METHOD) == how.BY_HAND
        if said == how.IRREGULAR and aspect in self.how and not by_hand:
            self.message = f"{how.BY_HAND_NOW}. m in the BP field says that it was."
        self._moved_by_itself = moved_by_itself
        return True

    def _orphan(self) -> str:
        """What is said of how something was taken that is not there, in a sentence; else nothing."""
        there = {reading.measure for reading in self.taken()}
        on_air = self.texts.get(Field.OXYGEN) == "a"
        for aspect, said in self._how_holds.items():
            if how.OF[aspect] not in there or (aspect is Aspect.DEVICE and on_air):
                return f"{sentence(said)}: there is no {NAMES[how.OF[aspect]]} that it could be said of."
        return ""

    def _back_to_temperature(self, digit: str) -> bool:
        """A digit straight after the temperature's one decimal is a second one: refused, never cut off."""
        before = self.fields[self.index - 1]
        if before is not Field.TEMPERATURE:
            return False
        self._go(self.index - 1)
        self._set(before, self.texts[before] + digit)
        self._complete(before)
        return True

    def _longer(self, current: Field, text: str, char: str) -> str | None:
        """The field's text with one more character, None when that character cannot stand there."""
        if char in LETTERED.get(current, ""):
            return char
        if char == SEPARATORS.get(current) and text:
            return text + char
        if not self._takes_digit(current, text, char):
            return None
        if text in tuple(LETTERED.get(current, "")):
            return char
        if current is Field.TEMPERATURE and len(text) == 2:
            return f"{text}.{char}"
        text += char
        systolic = current is Field.PRESSURE and "/" not in text
        return f"{text}/" if systolic and readings.full(Measure.SYSTOLIC, text) else text

    @staticmethod
    def _takes_digit(current: Field, text: str, char: str) -> bool:
        """Whether a digit can stand here: none behind a point that is to be rubbed out, or a nought."""
        numbered = current not in {Field.CONSCIOUSNESS, Field.PREGNANT}
        pointed = text.endswith(".") and current is not Field.TEMPERATURE
        a_digit = char.isascii() and char.isdigit()
        return numbered and a_digit and not pointed and text.rpartition("/")[2] != "0" and len(text) < LONGEST

    def _set(self, current: Field, text: str) -> None:
        """Another text in a field: what was said about the one before no longer holds."""
        self.texts[current] = text
        self.reasons.pop(current, None)
        self.not_taken.pop(current, None)

    def _rub_out(self) -> None:
        current = self.current
        if current is None or not self.texts.get(current):
            self._go(self.index - 1)
            return
        text = self.texts[current][:-1]
        self._set(current, text[:-1] if text.endswith((".", "/")) else text)
        self._wrong = False

    def _reason(self, key: str) -> bool:
        current, choices = self.current, self.reasons_asked
        if current is None:
            return False
        if key == "previous":
            self.asking = Asking.VALUE
            self._set(current, "")
            self._first.pop(current, None)
            return False
        if key not in choices:
            return False
        if self.asking is Asking.WHY_MISSING:
            self.not_taken[current] = choices[key]
            return self._ready()
        self.reasons[current] = choices[key]
        self.asking = Asking.VALUE
        if self.alone and self.beside_news2:
            return self._ready()
        self._go(self.index + 1)
        self._moved_by_itself = self._after_reason = True
        return False

    @property
    def reasons_asked(self) -> dict[str, str]:
        """The reasons that may be given now, by letter."""
        if self.asking is Asking.WHY_UNLIKELY:
            return WHY_UNLIKELY
        return WHY_NOT_KNOWN if self.current is Field.PREGNANT else WHY_MISSING

    def _explain(self, current: Field) -> None:
        self.message = f"{LABELS[current]}: {UNITS[current]}."

    def _ask_again(self, current: Field) -> None:
        self.message = f"{LABELS[current]} {self._first[current]} is unusual: type it again."

    # ── moving on ─────────────────────────────────────────────────────────────────────────────

    def _go(self, index: int, *, by_enter: bool = False) -> None:
        self.index = max(0, min(index, len(self.fields)))
        self._reached_by_enter = by_enter
        self._moved_by_itself = False
        self._wrong = False

    def _full(self, current: Field, text: str) -> bool:
        if current in LETTERED and text in tuple(LETTERED[current]):
            return True
        if current is Field.PRESSURE:
            systolic, slash, diastolic = text.partition("/")
            return bool(slash and systolic) and readings.full(Measure.DIASTOLIC, diastolic)
        return readings.full(MEASURES[current][0], text)

    def _complete(self, current: Field) -> bool:
        """Whether the field may be left; if not, `message` or `asking` says what is missing."""
        text = self.texts.get(current, "")
        if not text or current in {Field.CONSCIOUSNESS, Field.PREGNANT} or text == "a":
            return True
        try:
            unlikely = self._unlikely(current, text)
        except ValueError as error:
            self.message, self._wrong = str(error), True
            return False
        if not unlikely or current in self.reasons:
            return True
        if self._first.get(current) == text:
            self.asking = Asking.WHY_UNLIKELY
        else:
            self._first[current] = text
            self._set(current, "")
            self._ask_again(current)
        return False

    def _unlikely(self, current: Field, text: str) -> bool:
        if current is Field.PRESSURE:
            systolic, diastolic = self._pressure(text)
            return (
                readings.unlikely(Measure.SYSTOLIC, systolic)
                or readings.unlikely(Measure.DIASTOLIC, diastolic)
                or readings.unlikely_pressure(systolic, diastolic)
            )
        measure = MEASURES[current][0]
        return readings.unlikely(measure, readings.read(measure, text))

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

    def _ready(self) -> bool:
        """True when every field is whole or has a reason; else the first that is not is in hand."""
        self.asking = Asking.VALUE
        if self.empty:
            self.message = "Nothing is typed yet."
            return False
        if self.beside_news2:
            whole = all(self._complete(one) for one in self._go_through(self.alone))
            return whole and self._nothing_is_orphaned()
        for index, current in enumerate(self.fields):
            if self.texts.get(current):
                self._go(index)
                if not self._complete(current):
                    return False
            elif current not in self.not_taken:
                self._go(index)
                self.asking = Asking.WHY_MISSING
                return False
        self._go(len(self.fields))
        return self._nothing_is_orphaned()

    def _nothing_is_orphaned(self) -> bool:
        self.message = self._orphan() or self.message
        return not self._orphan()

    # ── what is there ─────────────────────────────────────────────────────────────────────────

    def taken(self) -> list[Reading]:
        """The readings that are whole, possible and, where unusual, confirmed; as they would be saved."""
        found: list[Reading] = []
        for current in self.fields:
            text = self.texts.get(current, "")
            if text and current in MEASURES:
                found.extend(self._readings(current, text))
        for measure, text in self.extras.items():
            value, why = extras.read(measure, text), self.extra_reasons.get(measure, "")
            found.append(
                Reading(
                    measure=measure,
                    value=value.number,
                    comparator=value.comparator,
                    unit=LIMITS[measure].unit,
                    typed=text,
                    retyped_because=why,
                )
            )
        return [self._with_how(reading) for reading in found]

    def count(self, breaths: int, words: str) -> None:
        """The breaths were counted by key: as if they were typed, with how long they were counted."""
        self.index, self.counted, self.message = 0, str(breaths), ""
        self._set(Field.RESPIRATION, "")
        self.how[Aspect.COUNTED] = words
        for digit in self.counted:
            self.press(digit)
        if self.current is Field.RESPIRATION:
            self.press("enter")

    @property
    def _how_holds(self) -> dict[Aspect, str]:
        """How they were taken; of breaths only while they are those that were counted."""
        typed_since = self.texts.get(Field.RESPIRATION) != self.counted
        return {
            aspect: said
            for aspect, said in self.how.items()
            if not (aspect is Aspect.COUNTED and typed_since)
        }

    def how_of(self, current: Field) -> list[str]:
        """What is said of how this field was taken, in words."""
        of = MEASURES.get(current, ())
        return [said for aspect, said in self._how_holds.items() if how.OF[aspect] in of]

    def _with_how(self, reading: Reading) -> Reading:
        said = {aspect: word for aspect, word in self._how_holds.items() if how.OF[aspect] is reading.measure}
        return reading.model_copy(update={"how": said}) if said else reading

    def _readings(self, current: Field, text: str) -> list[Reading]:
        why = self.reasons.get(current, "")
        if current is Field.CONSCIOUSNESS:
            letter = text.upper()
            known = letter in CONSCIOUSNESS
            return [Reading(measure=Measure.CONSCIOUSNESS, letter=letter, typed=text)] if known else []
        try:
            values = self._pressure(text) if current is Field.PRESSURE else (self._number(current, text),)
            if not why and text not in LETTERED.get(current, "") and self._unlikely(current, text):
                return []
        except ValueError:
            return []
        return [
            Reading(measure=measure, value=value, unit=LIMITS[measure].unit, typed=text, retyped_because=why)
            for measure, value in zip(MEASURES[current], values, strict=True)
        ]

    @staticmethod
    def _number(current: Field, text: str) -> int:
        return 0 if text == "a" and current is Field.OXYGEN else readings.read(MEASURES[current][0], text)

    def missing(self) -> list[Missing]:
        found = [
            Missing(measure=measure, why=why)
            for current, why in self.not_taken.items()
            for measure in MEASURES.get(current, ())
        ]
        return found + [Missing(measure=measure, why=why) for measure, why in self.extras_missing.items()]

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

    # ── draft ─────────────────────────────────────────────────────────────────────────────────

    def dump(self) -> str:
        """What is typed, for the draft; empty when nothing is."""
        if self.empty and not self._first:
            return ""
        return json.dumps(
            {
                "texts": self.texts,
                "reasons": self.reasons,
                "not_taken": self.not_taken,
                "extras": self.extras,
                "extra_reasons": self.extra_reasons,
                "how": self.how,
                "extras_missing": self.extras_missing,
                "counted": self.counted,
                "alone": sorted(self.alone),
                "begun_said": self.begun_said,
                "urine": self.urine,
                "first": self._first,
                "index": self.index,
                "begun": self.begun.isoformat() if self.begun else "",
            }
        )

    def load(self, text: str) -> None:
        """Take back what `dump` gave; anything else is passed over."""
        try:
            kept = json.loads(text)
            self.texts, self.reasons, self.not_taken, self._first = (
                {Field(name): str(value) for name, value in kept[part].items()}
                for part in ("texts", "reasons", "not_taken", "first")
            )
            others, why = kept.get("extras", {}), kept.get("extra_reasons", {})
            for name, value in others.items():
                extras.read(Measure(name), str(value))
            self.extras = {Measure(name): str(value) for name, value in others.items()}
            self.extra_reasons = {Measure(name): str(value) for name, value in why.items()}
            self.how = {Aspect(name): str(value) for name, value in kept.get("how", {}).items()}
            self.urine = {Pad(name): str(value) for name, value in kept.get("urine", {}).items()}
            self.extras_missing = {
                Measure(name): str(value) for name, value in kept.get("extras_missing", {}).items()
            }
            self.counted = str(kept.get("counted", ""))
            self.alone = frozenset(Field(name) for name in kept.get("alone", ()))
            self.begun_said = bool(kept.get("begun_said", False))
            self._go(int(kept["index"]))
            self.begun = datetime.fromisoformat(kept["begun"]) if kept["begun"] else None
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            return
