"""The observation slip as keys fill it: which field is next, what is refused, what is asked again.

Draws nothing and saves nothing, so that every habit of the hand can be tested as a row of keys.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gpa_tui.clinical import how, readings, urine
from gpa_tui.records.observation import Aspect, Measure, ObservationSet
from screens.entry_line import EntryLine
from screens.slip_fields import (
    ANOTHER,
    BEGUN,
    BESIDE,
    BY_ENTER,
    BY_THEMSELVES,
    HOW_LETTERS,
    LABELS,
    LETTERED,
    LONGEST,
    MEASURES,
    NEXT_DEVICE,
    SEPARATORS,
    UNITS,
    WHY_MISSING,
    WHY_NOT_KNOWN,
    WHY_UNLIKELY,
    Field,
)
from screens.slip_values import SlipValues

WITH_POINTS = frozenset(
    {Field.TEMPERATURE, Field.WEIGHT, Field.HEIGHT, Field.GLUCOSE, Field.KETONES, Field.URINE}
)


class Asking(StrEnum):
    """What the slip waits for."""

    VALUE = "value"
    WHY_UNLIKELY = "why unlikely"
    WHY_MISSING = "why missing"  # what is still empty where the slip is to be saved
    WHY_NOT_TAKEN = "why not taken"  # the field in hand, as `-` says
    ANOTHER = "another"  # which measure is gone to


@dataclass(slots=True)
class Slip(SlipValues):
    """One set being typed. `index` is the field in hand; one past the last is "Enter saves"."""

    devices: Sequence[str] = ()  # the practice's BP devices
    index: int = 0
    message: str = ""
    asking: Asking = Asking.VALUE
    in_line: bool = False  # it was typed in one line: what is asked again saves it
    _behind: Field | None = None  # the field that was just left by itself
    _after_reason: bool = False  # it moved on by a reason's letter, which is no letter of the field behind
    _reached_by_enter: bool = False
    _wrong: bool = False

    @property
    def current(self) -> Field | None:
        """The field in hand, None at "Enter saves"."""
        return self.fields[self.index] if self.index < len(self.fields) else None

    @classmethod
    def of(cls, found: ObservationSet, *, with_pregnancy: bool, devices: Sequence[str] = ()) -> Slip:
        """The slip as it stood when this set was saved."""
        slip = cls(with_pregnancy=with_pregnancy, devices=devices)
        slip.restore(found)
        slip.index = len(slip.fields)
        return slip

    def show(self, fields: Iterable[Field]) -> None:
        """These of what is beside NEWS2 have their place too; the field in hand stays in hand."""
        current = self.current
        self.shown |= frozenset(fields) & frozenset(BESIDE)
        self.index = len(self.fields) if current is None else self.fields.index(current)

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    def press(self, key: str) -> bool:
        """Take one key: a character, `enter`, `backspace`, `forward`, `previous`. True means: save now."""
        if self.asking is Asking.ANOTHER:
            return self._another(key)
        if self.asking is not Asking.VALUE:
            return self._reason(key)
        self.message = ""
        if key == "enter":
            return self._enter()
        behind, self._behind = self._behind, None
        after_reason, self._after_reason = self._after_reason, False
        if key in {"previous", "forward"}:
            self.in_line = False
            self._go(self.index + (1 if key == "forward" else -1))
        elif key == "backspace":
            self._rub_out()
        elif key == "+" and not self.wants(key):
            self.asking = Asking.ANOTHER
        elif key == "-" and self.current is not None and not self.texts.get(self.current):
            self.asking = Asking.WHY_NOT_TAKEN
        elif len(key) == 1:
            self._type(key, behind, after_reason=after_reason)
        return False

    def wants(self, char: str) -> bool:
        """Whether a key goes on with a word that is being typed, so that it is no command."""
        current = self.current
        if current is None or current not in BESIDE or not self.texts.get(current):
            return False
        return self._longer(current, self.texts[current], char.lower()) is not None

    def _another(self, letter: str) -> bool:
        """Go to the measure that the letter stands for; any other key goes nowhere."""
        self.asking = Asking.VALUE
        found = ANOTHER.get(letter)
        if found is None:
            return False
        if found in BY_THEMSELVES and self.by_themselves:
            self.alone = BY_THEMSELVES
        self.show({found})
        self._go(self.fields.index(found))
        return False

    def count(self, breaths: int, words: str) -> None:
        """The breaths were counted by key: as if they were typed, with how long they were counted."""
        self.index, self.counted, self.message = 0, str(breaths), ""
        self._set(Field.RESPIRATION, "")
        self.how[Aspect.COUNTED] = words
        for digit in self.counted:
            self.press(digit)
        if self.current is Field.RESPIRATION:
            self.press("enter")

    def fill(self, line: EntryLine) -> bool:
        """Take the fields that were typed in one line; others stay as they are. True means: save now."""
        if {*line.texts, *line.not_taken} - {*BESIDE} <= BY_THEMSELVES and self.by_themselves:
            self.alone = BY_THEMSELVES
        self.show({*line.texts, *line.not_taken})
        self.how |= line.how
        for current, text in line.texts.items():
            strip = self.urine if current is Field.URINE else {}
            self._set(current, urine.strip_text(urine.read_strip(text, strip)) if strip else text)
            self._first.pop(current, None)
        for current, why in line.not_taken.items():
            self._set(current, "")
            self.not_taken[current] = why
        self.message, self.in_line = "", True
        return self._ready()

    def _go_through(self, fields: Iterable[Field]) -> Iterator[Field]:
        """Each of these that has a text, in hand."""
        for index, current in enumerate(self.fields):
            if current in fields and self.texts.get(current):
                self._go(index)
                yield current

    def _enter(self) -> bool:
        behind, self._behind, current = self._behind, None, self.current
        if behind is not None and current is not None:
            return False  # it only confirms the field that was left behind
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
            self._go(self._next(), by_enter=bool(self.texts.get(current)))
        return False

    def _type(self, char: str, behind: Field | None, *, after_reason: bool) -> None:
        if self._say_how(char.lower(), behind, letters=not after_reason):
            return
        if char in ".," and self._point(behind):
            return
        char = "." if char == "," else char
        current = self.current
        if behind is Field.TEMPERATURE and char.isdigit() and self.texts.get(behind):
            self._back_to_temperature(char)
            return
        if current is None:
            self.message = "The slip is full: Enter saves it, ↑ goes back to a field."
            return
        text = "" if self._wrong else self.texts.get(current, "")
        separator = SEPARATORS.get(current, "")
        if char == separator and (behind or not text or separator in text):
            return  # typed out of habit where the slip had put it already
        longer = self._longer(current, text, char.lower())
        if longer is None:
            self._explain(current)
            return
        self._wrong = False
        self._set(current, longer)
        if self._full(current, longer) and self._complete(current):
            self._go_by_itself(current)

    def _point(self, behind: Field | None) -> bool:
        """Whether a point was typed into a whole number, or straight behind it: it stays, to be rubbed out.

        Else what follows it would be another number, or another field's.
        """
        if behind is not None and behind not in WITH_POINTS and _last_number(self.texts.get(behind, "")):
            self._go(self.fields.index(behind))
        current = self.current
        text = self.texts.get(current, "") if current is not None else ""
        if current is None or current in WITH_POINTS or not _last_number(text):
            return False
        self._set(current, f"{text.rstrip('/')}.")
        self.message = self._rub_it_out(current)
        return True

    def _say_how(self, letter: str, behind: Field | None, *, letters: bool) -> bool:
        """Whether the letter says how the field in hand was taken, or with `letters` the one left behind.

        The same letter again takes it back.
        """
        current = self.current
        taken = current is not None and self._longer(current, self.texts.get(current, ""), letter) is not None
        for one in (current, behind if letters and not taken else None):
            if one is Field.PRESSURE and letter == NEXT_DEVICE:
                self._next_device()
            elif one is not None and letter in HOW_LETTERS.get(one, {}):
                self._take_word(HOW_LETTERS[one][letter])
            else:
                continue
            self._behind = behind
            return True
        return False

    def _take_word(self, word: str) -> None:
        aspect, said = how.WORDS[word]
        if self.how.get(aspect) == said:
            del self.how[aspect]
        else:
            self.how[aspect] = said
        by_hand = self.how.get(Aspect.METHOD) == how.BY_HAND
        if said == how.IRREGULAR and aspect in self.how and not by_hand:
            self.message = f"{how.BY_HAND_NOW}. m in the BP field says that it was."

    def _next_device(self) -> None:
        """The next of the practice's BP devices; behind the last, none."""
        if not self.devices:
            self.message = "No BP device is named: bp_devices in practice.toml."
            return
        order = ["", *self.devices]
        now = self.how.pop(Aspect.MONITOR, "")
        following = order[(order.index(now) + 1) % len(order)] if now in order else order[1]
        if following:
            self.how[Aspect.MONITOR] = following

    def _back_to_temperature(self, digit: str) -> None:
        """A digit straight after the temperature's one decimal is a second one: refused, never cut off."""
        self._go(self.fields.index(Field.TEMPERATURE))
        self._set(Field.TEMPERATURE, self.texts[Field.TEMPERATURE] + digit)
        self._complete(Field.TEMPERATURE)

    def _longer(self, current: Field, text: str, char: str) -> str | None:
        """The field's text with one more character, None when that character cannot stand there."""
        if current in BESIDE:
            return text + char if BEGUN[current].fullmatch(text + char) else None
        if char in LETTERED.get(current, ""):
            return char
        if char == SEPARATORS.get(current) and text and not text.endswith("."):
            return text + char
        return self._with_digit(current, text, char) if self._takes_digit(current, text, char) else None

    @staticmethod
    def _with_digit(current: Field, text: str, char: str) -> str:
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
        self.doubts.pop(current, None)
        self.not_taken.pop(current, None)
        self.settled -= {current}

    def _rub_out(self) -> None:
        current = self.current
        if current is None or not self.texts.get(current):
            self._go(self.index - 1)
            return
        text = self.texts[current][:-1]
        put_there = current in SEPARATORS and text.endswith(SEPARATORS[current])
        self._set(current, text[:-1] if put_there else text)
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
        asked, self.asking = self.asking, Asking.VALUE
        if asked is Asking.WHY_UNLIKELY:
            self.doubts[current] = self._doubt(current, self.texts[current])
            self.reasons[current] = choices[key]
        else:
            self.not_taken[current] = choices[key]
            self._first.pop(current, None)
        in_line = asked is Asking.WHY_UNLIKELY and self.in_line
        if asked is Asking.WHY_MISSING or in_line:
            return self._ready()
        self._go_by_itself(current)
        self._after_reason = True
        return False

    @property
    def reasons_asked(self) -> dict[str, str]:
        """The reasons that may be given now, by letter."""
        if self.asking is Asking.WHY_UNLIKELY:
            return WHY_UNLIKELY
        return WHY_NOT_KNOWN if self.current is Field.PREGNANT else WHY_MISSING

    def _explain(self, current: Field) -> None:
        pointed = current not in WITH_POINTS and self.texts.get(current, "").endswith(".")
        self.message = self._rub_it_out(current) if pointed else f"{LABELS[current]}: {UNITS[current]}."

    @staticmethod
    def _rub_it_out(current: Field) -> str:
        return f"{LABELS[current]} is a whole number: rub out the point."

    def _ask_again(self, current: Field) -> None:
        first = self._first[current]
        self.message = f"{LABELS[current]} {first} is {self._doubt(current, first)}: type it again."

    # ── moving on ─────────────────────────────────────────────────────────────────────────────

    def _go(self, index: int, *, by_enter: bool = False) -> None:
        self.index = max(0, min(index, len(self.fields)))
        self._reached_by_enter = by_enter
        self._behind = None
        self._wrong = False

    def _go_by_itself(self, behind: Field) -> None:
        self._go(self._next())
        self._behind = behind

    def _next(self) -> int:
        """The field after the one in hand; where NEWS2 is not taken, the next that may be without it."""
        fields, alone = self.fields, {*self.alone, *BESIDE}
        if self.empty or not self.beside_news2 or self.current not in alone:
            return self.index + 1
        left = (at for at, one in enumerate(fields) if one in alone and not self.texts.get(one))
        return next((at for at in left if at > self.index), len(fields))

    def _full(self, current: Field, text: str) -> bool:
        if current in BESIDE:
            return False
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
            if not self.stands(current):
                return True
        except ValueError as error:
            self.message, self._wrong = str(error), current is not Field.URINE
            return False
        self.reasons.pop(current, None)
        if self._first.get(current) == text:
            self.asking = Asking.WHY_UNLIKELY
        else:
            self._first[current] = text
            self._set(current, "")
            self._ask_again(current)
        return False

    def _ready(self) -> bool:
        """True when every field is whole or has a reason; else the first that is not is in hand."""
        self.asking = Asking.VALUE
        if self.empty:
            self.message = "Nothing is typed yet."
        if self.empty or self._still_doubted():
            return False
        if self.beside_news2:
            if not all(self._complete(one) for one in self._go_through({*self.alone, *BESIDE})):
                return False
            self._go(len(self.fields))
            return self._nothing_is_orphaned()
        for index, current in enumerate(self.fields):
            if self.texts.get(current):
                self._go(index)
                if not self._complete(current):
                    return False
            elif current not in self.not_taken and current not in BESIDE:
                self._go(index)
                self.asking = Asking.WHY_MISSING
                return False
        self._go(len(self.fields))
        return self._nothing_is_orphaned()

    def _still_doubted(self) -> bool:
        """Whether something that was unusual is still to be typed again; then it is in hand."""
        for index, current in enumerate(self.fields):
            if current in self._first and not self.texts.get(current) and current not in self.not_taken:
                self._go(index)
                self._ask_again(current)
                return True
        return False

    def _nothing_is_orphaned(self) -> bool:
        self.message = self._orphan() or self.message
        return not self._orphan()

    # ── draft ─────────────────────────────────────────────────────────────────────────────────

    def dump(self) -> str:
        """What is typed, for the draft; empty when nothing is."""
        if self.empty and not (self._first or self.how or self.begun_said):
            return ""
        return json.dumps({**self.kept(), "index": self.index, "in_line": self.in_line})

    def load(self, text: str) -> None:
        """Take back what `dump` gave; anything else is passed over."""
        try:
            kept = json.loads(text)
            self.take_back(kept)
            self.in_line = bool(kept["in_line"])
            self._go(int(kept["index"]))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            return


def _last_number(text: str) -> bool:
    """Whether it ends in a whole number, or in the mark that the slip put behind one."""
    return text.rstrip("/").rpartition("/")[2].isdigit()
