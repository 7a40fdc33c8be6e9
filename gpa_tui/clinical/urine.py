"""A urine dipstick as it was read: which pads there are and what each can show. No interpretation.

    strip = { pad value } [ "rest" "neg" ]      leu 2+ nit + rest neg

Pads and values: openEHR archetype urinalysis (CLUSTER laboratory_test_analyte v1 of its dipstick fields).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from gpa_tui.records.observation import Pad

_PLUS = {"-": "negative", "neg": "negative", "tr": "trace", "1+": "1+", "2+": "2+", "3+": "3+", "4+": "4+"}
_SIZED = {"s": "small", "m": "moderate", "l": "large", "l+": "large+"}
NEGATIVE = "negative"
REST = "rest"  # the pads not named, but pH and gravity


def _plus(*words: str) -> dict[str, str]:
    return {word: _PLUS[word] for word in ("-", "neg", *words)}


VALUES: dict[Pad, dict[str, str]] = {
    Pad.LEUKOCYTES: _plus("tr", "1+", "2+", "3+"),
    Pad.NITRITE: {"-": NEGATIVE, "neg": NEGATIVE, "+": "positive", "pos": "positive"},
    Pad.PROTEIN: _plus("tr", "1+", "2+", "3+", "4+"),
    Pad.GLUCOSE: _plus("tr", "1+", "2+", "3+", "4+"),
    Pad.BLOOD: _plus("1+", "2+", "3+")
    | {
        "ntr": "non-haemolysed trace",
        "nm": "non-haemolysed moderate",
        "htr": "haemolysed trace",
        "tr": "trace",
    },
    Pad.KETONES: _plus("tr") | _SIZED,
    Pad.BILIRUBIN: _plus("1+", "2+", "3+"),
    Pad.UROBILINOGEN: _plus("1+", "2+", "3+", "4+"),
}
"""By pad what is typed, and what is kept. pH and specific gravity are numbers."""
LABELS = {
    "leu": Pad.LEUKOCYTES,
    "nit": Pad.NITRITE,
    "pro": Pad.PROTEIN,
    "glu": Pad.GLUCOSE,
    "bld": Pad.BLOOD,
    "ket": Pad.KETONES,
    "bil": Pad.BILIRUBIN,
    "uro": Pad.UROBILINOGEN,
    "ph": Pad.PH,
    "sg": Pad.SPECIFIC_GRAVITY,
}
_PAD = re.compile(r"([a-z]+)(.*)")
_PH = re.compile(r"([5-9])(?:\.([05]))?")
_SG = re.compile(r"1\.0([0-3])([05])")


def read(pad: Pad, text: str) -> str:
    """The pad's value as it is kept. Raises ValueError, the sentence, for what the pad cannot show."""
    word = text.casefold()
    if pad is Pad.PH:
        found = _PH.fullmatch(word)
        if found is None:
            raise ValueError("pH is 5 to 9.5 in halves, e.g. 6.5.")
        return f"{found[1]}.{found[2] or 0}"
    if pad is Pad.SPECIFIC_GRAVITY:
        found = _SG.fullmatch(word)
        if found is None or found[1] + found[2] == "35":
            raise ValueError("Specific gravity is 1.000 to 1.030 in steps of 0.005, e.g. 1.015.")
        return word
    value = VALUES[pad].get(word)
    if value is None:
        raise ValueError(f"{pad.value}: {' '.join(word for word in VALUES[pad] if word != 'neg')}.")
    return value


class StripError(ValueError):
    """What cannot be read of a strip, and the character (from 0) where it begins."""

    def __init__(self, at: int, sentence: str) -> None:
        super().__init__(sentence)
        self.at = at


def read_strip(text: str, before: Mapping[Pad, str] = MappingProxyType({})) -> dict[Pad, str]:
    """The pads that were named, each with its value, over those of `before`. Raises `StripError`.

    `rest neg` is of the pads that neither names.
    """
    items = [(item.start(), item.group().casefold()) for item in re.finditer(r"\S+", text)]
    if not items:
        raise StripError(0, "ua: and the strip? E.g. ua leu 2+ nit + rest neg.")
    found: dict[Pad, str] = {}
    while items:
        at, item = items.pop(0)
        parts = _PAD.fullmatch(item)
        label, value = (parts[1], parts[2]) if parts else ("", "")
        if not value and items:
            _, value = items.pop(0)
        if label == REST and value in {"neg", "-"}:
            found |= {pad: NEGATIVE for pad in VALUES if pad not in found and pad not in before}
            continue
        pad = LABELS.get(label)
        if pad is None:
            raise StripError(at, f"{item}: the pads are {' '.join(LABELS)}; rest neg: those not named.")
        if pad in found:
            raise StripError(at, f"{pad.value} stands here twice.")
        try:
            found[pad] = read(pad, value)
        except ValueError as error:
            raise StripError(at, str(error)) from error
    return {**before, **found}


def strip_text(pads: Mapping[Pad, str]) -> str:
    """A strip as it would be typed: `leu 2+ nit +`."""
    labels = {pad: label for label, pad in LABELS.items()}
    return " ".join(f"{labels[pad]} {_as_typed(pad, value)}" for pad, value in pads.items())


def _as_typed(pad: Pad, value: str) -> str:
    return next((word for word, kept in VALUES.get(pad, {}).items() if kept == value), value)
