"""One set of observations in one line: `16 97 a 128/76 72 a 36.8`, or with labels in any order.

    line    = { item }                      items stand apart by blanks
    item    = time | [ label [ blank ] ] value
    time    = "@" hours ":" minutes         when it was taken, if not now
    value   = as on the slip; or not taken, and why: -r refused, -u unable, -d no device, -n not asked for
    other   = wt (70.5, 11st4) | ht (175, 5ft9) | glu | ket (5.6, lo, hi) | pef (420/450/430) | best | crt
            | pain: always by label
    how     = left | right | sit | stand | lie | small | large | manual | auto        of the BP
            | dev1 | dev2 …   the practice's BP devices
            | reg | irreg   of the pulse as felt   | ear | oral | axilla | forehead   of the temperature
            | nasal | mask | venturi | reservoir   of the oxygen
    urine   = "ua" { pad value } [ "rest" "neg" ]   to the end of the line; pads: leu nit pro glu bld ket bil
            uro ph sg; values: - tr 1+ 2+ 3+ 4+, as on the strip
    label   = rr | spo2, sats | o2 | bp | p, hr, pulse | acvpu | t, temp | preg

A value without a label is that of the field after the one before it, in the order of the slip; the first is
the breaths. `p` alone is ACVPU's where that is the next field, else it begins the pulse. `air` is `a`, and so
is `alert`. No field twice. What cannot be read is pointed at, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gpa_tui.clinical import extras, how, urine
from gpa_tui.records.observation import Aspect, Measure
from screens.slip_fields import BESIDE, LETTERED, MEASURES, WHY_MISSING, WHY_NOT_KNOWN, Field
from screens.slip_fields import LABELS as SHOWN

LABELS = {
    "rr": Field.RESPIRATION,
    "spo2": Field.SPO2,
    "sats": Field.SPO2,
    "o2": Field.OXYGEN,
    "bp": Field.PRESSURE,
    "p": Field.PULSE,
    "hr": Field.PULSE,
    "pulse": Field.PULSE,
    "acvpu": Field.CONSCIOUSNESS,
    "t": Field.TEMPERATURE,
    "temp": Field.TEMPERATURE,
    "preg": Field.PREGNANT,
}
BESIDE_LABELS = {
    "wt": Field.WEIGHT,
    "ht": Field.HEIGHT,
    "glu": Field.GLUCOSE,
    "ket": Field.KETONES,
    "pef": Field.PEAK_FLOW,
    "best": Field.BEST_PEAK_FLOW,
    "crt": Field.CAPILLARY_REFILL,
    "pain": Field.PAIN,
}
_BESIDE = re.compile(rf"({'|'.join(BESIDE_LABELS)})((?:[0-9]|lo|hi|-).*)?", re.IGNORECASE)
_DEVICE = re.compile(r"dev([0-9]+)")
WORDS = {
    Field.OXYGEN: {"air": "a"},
    Field.CONSCIOUSNESS: {"alert": "a"},
    Field.PREGNANT: {"yes": "y", "no": "n"},
}
SHAPES = {
    Field.PRESSURE: re.compile(r"[1-9][0-9]{1,2}/[1-9][0-9]{1,2}"),
    Field.TEMPERATURE: re.compile(r"[1-9][0-9]{1,2}\.[0-9]"),
}
EXAMPLES = {
    Field.RESPIRATION: "breaths: a whole number, e.g. 16",
    Field.SPO2: "SpO2: a whole number, e.g. 97",
    Field.OXYGEN: "air or O2: a for air, or l/min",
    Field.PRESSURE: "BP: both numbers, e.g. 128/76",
    Field.PULSE: "pulse: a whole number, e.g. 72",
    Field.CONSCIOUSNESS: "ACVPU: a, c, v, p or u",
    Field.TEMPERATURE: "temperature: degrees and one decimal, e.g. 36.8",
    Field.PREGNANT: "pregnant: y or n",
}
NOT_TAKEN = "Not taken: -r refused, -u unable, -d no device, -n not asked for."
NOT_KNOWN = "Not known: preg-r refused, -u unable to say, -n not asked."
_LARGE_UNIT = re.compile(r"[0-9]{1,2}(?:st|ft|')", re.IGNORECASE)
_WHOLE = re.compile(r"0|[1-9][0-9]{0,2}")
_TIME = re.compile(r"@([0-9]{1,2}):([0-9]{2})")
_LABELLED = re.compile(rf"({'|'.join(sorted(LABELS, key=len, reverse=True))})(.+)", re.IGNORECASE)


def label_of(measure: Measure) -> str:
    """What is typed before a value of this measure."""
    labels = LABELS | BESIDE_LABELS | {"ua": Field.URINE}
    return next((label for label, field in labels.items() if measure in MEASURES.get(field, ())), "")


class LineError(ValueError):
    """What cannot be read, and the character (from 0) where it begins."""

    def __init__(self, at: int, sentence: str) -> None:
        super().__init__(sentence)
        self.at = at

    def pointed(self, line: str) -> str:
        """The line with a caret before what cannot be read."""
        return f"{line[: self.at]}^{line[self.at :]}" if line else ""


@dataclass(slots=True)
class EntryLine:
    """What a line says: the text of each field as on the slip, why others were not taken, and when."""

    texts: dict[Field, str] = field(default_factory=dict)
    how: dict[Aspect, str] = field(default_factory=dict)
    not_taken: dict[Field, str] = field(default_factory=dict)
    taken_at: tuple[int, int] | None = None  # hours, minutes


def read_line(
    text: str, fields: Sequence[Field], *, devices: Sequence[str] = (), by_labels: bool = False
) -> EntryLine:
    """The line, for a slip with these fields in order, where these BP devices are. Raises `LineError`.

    `by_labels`: every value has its label, as where a few of a set are corrected.
    """
    fields = [one for one in fields if one not in BESIDE]
    found, items, following = EntryLine(), list(items_of(text)), 0
    while items:
        at, item = items.pop(0)
        word, beside = item.casefold(), _BESIDE.fullmatch(item)
        if item.startswith("@"):
            if found.taken_at is not None:
                raise LineError(at, "The time stands here twice.")
            found.taken_at = time_of(at, item)
        elif word in how.WORDS:
            _take_how(found, at, *how.WORDS[word])
        elif (device := _DEVICE.fullmatch(word)) is not None:
            _take_how(found, at, Aspect.MONITOR, _device(at, int(device[1]), devices))
        elif word[:3] == "ua-":
            _take(found, Field.URINE, at + 2, word[2:])
        elif word == "ua":
            _take_urine(found, at + len(word), text[at + len(word) :])
            break
        elif beside is not None:
            label = beside[1]
            at, value = (at + len(label), beside[2]) if beside[2] else (items.pop(0) if items else (at, ""))
            _take(found, BESIDE_LABELS[label.casefold()], at, _joined(value, items))
        else:
            current, at, value = _field_and_value(item, at, items, fields[following:], by_labels=by_labels)
            if current not in fields:
                raise LineError(at, f"{current.value} is not asked of this patient.")
            _take(found, current, at, value)
            following = fields.index(current) + 1
    return found


def _field_and_value(
    item: str, at: int, items: list[tuple[int, str]], left: Sequence[Field], *, by_labels: bool
) -> tuple[Field, int, str]:
    """Of which field an item is, and its value and where it begins; `left` are the fields that follow."""
    current, value = _labelled(item, left[0] if left else None)
    if current is None:
        if by_labels:
            raise LineError(at, f"{item}: of what? Say it first, e.g. temp 38.1.")
        if not left:
            raise LineError(at, "Every field has a value already: what is this?")
        return left[0], at, item
    if value:
        return current, at + len(item) - len(value), value
    if not items:
        raise LineError(at, f"{item}: and the value? {EXAMPLES[current]}.")
    return current, *items.pop(0)


def _joined(value: str, items: list[tuple[int, str]]) -> str:
    """`11st 4` and `5ft 9` are one value, though a blank stands in them; blows of a peak flow are not two."""
    if items and _LARGE_UNIT.fullmatch(value) and items[0][1].isdigit():
        return value + items.pop(0)[1]
    if items and value.isdigit() and len(value) == len(items[0][1]) == 3 and items[0][1].isdigit():
        raise LineError(items[0][0], f"{items[0][1]}: of what? Blows of a peak flow: {value}/{items[0][1]}.")
    return value


def _device(at: int, number: int, devices: Sequence[str]) -> str:
    if not 1 <= number <= len(devices):
        named = ", ".join(f"dev{place} {name}" for place, name in enumerate(devices, 1))
        raise LineError(at, f"BP devices: {named or 'none is named; bp_devices in practice.toml'}.")
    return devices[number - 1]


def _take_how(found: EntryLine, at: int, aspect: Aspect, said: str) -> None:
    if aspect in found.how:
        raise LineError(at, f"{found.how[aspect]} stands here already.")
    found.how[aspect] = said


def items_of(text: str) -> Iterator[tuple[int, str]]:
    """Where each item begins, and the item."""
    return ((item.start(), item.group()) for item in re.finditer(r"\S+", text))


def _labelled(item: str, following: Field | None) -> tuple[Field | None, str]:
    """The field that an item names, and what is left of it: `rr16`, `rr`; a value by itself names none."""
    word = item.casefold()
    if word in LABELS and not (word == "p" and following is Field.CONSCIOUSNESS):
        return LABELS[word], ""
    found = _LABELLED.fullmatch(item)
    if found is not None and (found[2][0].isdigit() or found[2].startswith("-") or len(found[1]) > 1):
        return LABELS[found[1].casefold()], found[2]
    return None, item


def time_of(at: int, item: str) -> tuple[int, int]:
    """Hours and minutes of `@09:10`. Raises `LineError`."""
    time = _TIME.fullmatch(item)
    if time is None or int(time[1]) > 23 or int(time[2]) > 59:
        raise LineError(at, "When it was taken: @ and the time, e.g. @09:10.")
    return int(time[1]), int(time[2])


def _take_urine(found: EntryLine, at: int, rest: str) -> None:
    """What is left of the line: pads with their values."""
    try:
        urine.read_strip(rest)
    except urine.StripError as error:
        raise LineError(at + error.at, str(error)) from error
    found.texts[Field.URINE] = rest.strip()


def _take(found: EntryLine, current: Field, at: int, value: str) -> None:
    if current in found.texts or current in found.not_taken:
        raise LineError(at, f"{SHOWN[current]} stands here twice.")
    if value.startswith("-"):
        whys = WHY_NOT_KNOWN if current is Field.PREGNANT else WHY_MISSING
        why = whys.get(value[1:].casefold())
        if why is None:
            raise LineError(at, NOT_KNOWN if current is Field.PREGNANT else NOT_TAKEN)
        found.not_taken[current] = why
        return
    if current in BESIDE:
        try:
            extras.read(MEASURES[current][0], value)
        except ValueError as error:
            raise LineError(at, str(error)) from error
        found.texts[current] = value.casefold()
        return
    text = WORDS.get(current, {}).get(value.casefold(), value.casefold())
    if text not in tuple(LETTERED.get(current, "")) and not SHAPES.get(current, _WHOLE).fullmatch(text):
        raise LineError(at, f"{value}: {EXAMPLES[current]}.")
    if current in {Field.CONSCIOUSNESS, Field.PREGNANT} and text not in tuple(LETTERED[current]):
        raise LineError(at, f"{value}: {EXAMPLES[current]}.")
    found.texts[current] = text
