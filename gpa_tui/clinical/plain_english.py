"""Plain words for a patient: sentences, jargon with its plain term, and what of a wording was never said.

The lexicon is data (`reference/lexicon.toml`, from the NHS digital service manual's A to Z of NHS health
writing). Nothing here changes a word; it finds, and says where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LONGEST_SENTENCE = 20  # words (NHS digital service manual, how to write good questions and content)
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\[])|\n+")
_UNITS = {  # by each form, the one name it has here
    **dict.fromkeys(("mg", "milligram", "milligrams"), "mg"),
    **dict.fromkeys(("mcg", "microgram", "micrograms"), "mcg"),
    **dict.fromkeys(("g", "gram", "grams"), "g"),
    **dict.fromkeys(("ml", "millilitre", "millilitres"), "ml"),
    **dict.fromkeys(("l", "litre", "litres"), "l"),
    **dict.fromkeys(("tab", "tabs", "tablet", "tablets"), "tablet"),
    **dict.fromkeys(("cap", "caps", "capsule", "capsules"), "capsule"),
    **{
        form: name
        for name in ["unit", "puff", "drop", "time", "minute", "hour", "day", "week", "month", "year"]
        for form in (name, f"{name}s")
    },
    **{form: form for form in ("%", "am", "pm")},
}
_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_FIGURES = {word: str(number) for number, word in enumerate(_WORDS, 1)}
_FIGURE = r"[0-9]+(?:[.,:][0-9]+)*"
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_NAMED = "|".join(_WORDS)
_MEASURED = re.compile(
    rf"(?:(?<![0-9])(?P<figure>{_FIGURE})(?: ?(?:to|or|-|–) ?(?P<upto>{_FIGURE}))?"
    rf"(?: ?(?P<unit>{_UNIT})(?![A-Za-z]))?"
    rf"|(?<![A-Za-z])(?P<word>{_NAMED})(?: (?:to|or) (?P<wordto>{_NAMED}))? (?P<of>{_UNIT})(?![A-Za-z]))",
    re.IGNORECASE,
)
_OFTEN = (  # how often, each with the ways to say it
    ("once a day", "1 time a day", "every day", "each day", "daily"),
    ("twice a day", "2 times a day", "two times a day", "twice daily"),
    ("every other day", "alternate days"),
    ("once a week", "every week", "each week", "weekly"),
    ("twice a week", "2 times a week"),
    ("once a month", "every month", "monthly"),
    ("every hour", "hourly"),
    ("at night", "every night", "at bedtime", "nightly"),
    ("in the morning", "every morning"),
    ("in the evening", "every evening"),
)


@dataclass(frozen=True, slots=True)
class Jargon:
    """A word that patients may not know: where it stands, and the plain one."""

    start: int
    end: int
    plain: str


def sentences(text: str) -> list[str]:
    """The sentences of a text, each by itself; blank ones are none."""
    return [one.strip() for one in _END.split(text) if one.strip()]


def long_sentences(text: str) -> list[str]:
    """Those that have more words than a patient should be given at once."""
    return [one for one in sentences(text) if len(one.split()) > LONGEST_SENTENCE]


def jargon(text: str, lexicon: Mapping[str, str]) -> list[Jargon]:
    """Every word of the lexicon in the text, in order; of two that begin together the longer."""
    words = "|".join(re.escape(word) for word in sorted(lexicon, key=len, reverse=True))
    if not words:
        return []
    found = re.finditer(rf"\b(?:{words})\b", text, re.IGNORECASE)
    return [Jargon(one.start(), one.end(), lexicon[one[0].casefold()]) for one in found]


def plainer(text: str, lexicon: Mapping[str, str]) -> str:
    """The text with each such word's plain term in its place, capital for capital."""
    for one in reversed(jargon(text, lexicon)):
        plain = one.plain[:1].upper() + one.plain[1:] if text[one.start].isupper() else one.plain
        text = text[: one.start] + plain + text[one.end :]
    return text


def unsaid(message: str, said: str, terms: frozenset[str]) -> Iterator[str]:
    """What of a message stands nowhere in what was said: numbers with their units, how often, conditions.

    `terms` are the names of conditions, in small letters. A number in figures or words counts as said only
    where it stands with the same unit; one without a unit where the same figure stands.
    """
    measured, figures = set(_measured(said)), set(re.findall(_FIGURE, said))
    for match in _MEASURED.finditer(message):
        if any(one not in measured if one[1] else one[0] not in figures for one in _pairs(match)):
            yield match[0]
    there, words = _normal(said), _normal(message)
    for ways in _OFTEN:
        if not any(_stands(way, there) for way in ways):
            yield from (way for way in ways if _stands(way, words))
    for term in sorted(terms, key=len, reverse=True):
        if _stands(term, words) and not _stands(term, there):
            words = words.replace(term, " ")
            yield term


def _measured(text: str) -> Iterator[tuple[str, str]]:
    return (pair for match in _MEASURED.finditer(text) for pair in _pairs(match))


def _pairs(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """(number in figures, name of its unit or nothing) of one match; of a span both ends."""
    unit = _UNITS.get((match["unit"] or match["of"] or "").casefold(), "")
    for number in (match["figure"], match["upto"], match["word"], match["wordto"]):
        if number:
            yield _FIGURES.get(number.casefold(), number), unit


def _stands(words: str, text: str) -> bool:
    return re.search(rf"(?<![a-z0-9]){re.escape(words)}(?![a-z0-9])", text) is not None


def _normal(text: str) -> str:
    return " ".join(text.casefold().split())
