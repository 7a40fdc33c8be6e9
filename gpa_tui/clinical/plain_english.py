"""Plain words for a patient: sentences, jargon with its plain term, and what of a wording was never said.

The lexicon is data (`reference/lexicon.toml`, from the NHS digital service manual's A to Z of NHS health
writing). Nothing here changes a word; it finds, and says where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LONGEST_SENTENCE = 20  # words (NHS digital service manual, how to write good questions and content)
_END = re.compile(r"(?<=[.!?])(?<!\bDr\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bSt\.)\s+(?=[A-Z0-9\[])|\n+")
_UNITS = {  # by each form, the one name it has here
    form: name
    for name, forms in {
        "mg": "mg mgs milligram milligrams",
        "mcg": "mcg mcgs microgram micrograms",
        "g": "g gram grams",
        "ml": "ml mls millilitre millilitres",
        "l": "l litre litres",
        "tablet": "tab tabs tablet tablets",
        "capsule": "cap caps capsule capsules",
        "unit": "unit units",
        "puff": "puff puffs",
        "drop": "drop drops",
        "spray": "spray sprays",
        "sachet": "sachet sachets",
        "patch": "patch patches",
        "spoon": "spoon spoons spoonful spoonfuls teaspoon teaspoons",
        "time": "time times x",
        "minute": "min mins minute minutes",
        "hour": "hr hrs hour hours hourly",
        "day": "day days daily",
        "week": "wk wks week weeks weekly",
        "month": "month months monthly",
        "year": "year years",
        "%": "%",
        "am": "am",
        "pm": "pm",
    }.items()
    for form in forms.split()
}
_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TEENS = ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_FIGURES = {word: str(number) for number, word in enumerate((*_ONES, *_TEENS), 1)}
_FIGURES |= {word: str(number) for number, word in zip(range(20, 100, 10), _TENS, strict=True)}
_FIGURES |= {f"{ten}-{one}": _FIGURES[ten][0] + _FIGURES[one] for ten in _TENS for one in _ONES[:9]}
_FIGURES |= {"a": "1", "an": "1", "half": "0.5", "half a": "0.5", "½": "0.5", "¼": "0.25", "quarter": "0.25"}
_FIGURES |= {"a quarter": "0.25", "once": "1", "twice": "2"}
_FIGURES |= {
    "hundred": "100",
    "a hundred": "100",
    "thousand": "1000",
    "a thousand": "1000",
    "dozen": "12",
    "a dozen": "12",
}
_FIGURES |= {"couple of": "2", "a couple of": "2"}
_FIGURE = r"(?<![0-9.,])(?:[0-9]+(?:[.,:/][0-9]+)*|\.[0-9]+)"
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_BARE = {*_ONES[1:], *_TEENS, *_TENS, "half", "½", "¼", "quarter", "twice", "hundred", "thousand", "dozen"}
_NAMED = "|".join(sorted(map(re.escape, _FIGURES), key=len, reverse=True))
_SPAN = rf"(?:{_FIGURE}|(?<![A-Za-z-])(?:{_NAMED})(?![A-Za-z-]))"
_MEASURED = re.compile(
    rf"(?:(?P<every>every)\s+)?(?P<figure>{_SPAN})(?:\s*(?:to|or|-|–)\s*(?P<upto>{_SPAN}))?"
    rf"(?:[\s-]*(?P<unit>{_UNIT})(?![A-Za-z]))?"
    rf"(?:\s*(?:a|per|each|every|/)?\s*(?P<per>minute|hour|day|week|month|daily|weekly|monthly)(?![A-Za-z]))?",
    re.IGNORECASE,
)
_OFTEN = (  # how often without a number, each with the ways to say it
    ("every day", "each day", "daily"),
    ("every other day", "alternate days"),
    ("every week", "each week", "weekly"),
    ("every month", "monthly"),
    ("every hour", "hourly"),
    ("at night", "every night", "at bedtime", "nightly"),
    ("in the morning", "every morning"),
    ("in the evening", "every evening"),
    ("every second day", "second day"),
    ("each meal", "every meal", "with meals", "with food"),
    *(
        ("fortnight",),
        ("fortnightly",),
        ("triple",),
        ("halve",),
        ("halved",),
        ("half of it",),
        ("some weeks",),
        ("a few days",),
        ("tomorrow",),
        ("tonight",),
        ("next week",),
        ("next month",),
        ("double",),
    ),
    *((day,) for day in ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]),
)
HOW_OFTEN = frozenset(way for ways in _OFTEN for way in ways)
_ONCE_A = {
    ("1", "time", "day"): _OFTEN[0],
    ("1", "time", "week"): _OFTEN[2],
    ("1", "time", "month"): _OFTEN[3],
}
Pair = tuple[str, str, str]
"""A number in figures, its unit, and every how long or within what: `("3", "time", "day")`."""


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
    where it stands with the same unit and the same "a day" or "every"; one without a unit, where it stands
    without one too. It errs towards a question: what it finds is asked, not wrong.
    """
    there, words = _normal(said), _normal(message)
    measured, kept = set(_measured(there)), _MEASURED.sub(_rest, there)
    for match in _MEASURED.finditer(words):
        found = list(_pairs(match))
        if any(pair not in measured and not _once(pair, kept) for pair in found):
            yield match[0].strip()
    yield from _swapped(words, there)
    left = _MEASURED.sub(_rest, words)
    for ways in _OFTEN:
        if not any(_stands(way, kept) for way in ways) and not _once_said(ways, measured):
            yield from (way for way in ways if _stands(way, left))
    for term in sorted(terms, key=len, reverse=True):
        if _stands(term, words) and not _stands(term, there):
            words = words.replace(term, " ")
            yield term


_NOT = re.compile(
    r"\b(?:no|not|never|none|nil|avoid|stop|stopped|without|nor|neither|cannot|don'?t|doesn'?t|didn'?t|isn'?t|aren'?t"
    r"|can'?t|won'?t|shouldn'?t|mustn'?t|instead of|rather than)\b"
)
_CLAUSE = re.compile(r"[.!?,;:\n]|\b(?:if|or|unless|when|but|until|then)\b")
_WORD = re.compile(r"[a-z][a-z-]{3,}")
_LIGHT = (
    *("that", "this", "with", "from", "have", "more", "than", "take", "your", "they", "them", "then", "when"),
    *(
        "were",
        "will",
        "been",
        "some",
        "very",
        "much",
        "just",
        "also",
        "into",
        "over",
        "such",
        "after",
        "before",
    ),
    *("about", "there", "their", "what", "which", "need", "needs", "come", "back", "call", "ring", "give"),
    *(
        "goes",
        "being",
        "days",
        "weeks",
        "hours",
        "times",
        "months",
        "years",
        "daily",
        "week",
        "month",
        "hour",
    ),
    *("time", "tablet", "tablets"),
)
"""Words of which a not says nothing by itself."""


def lost_negations(message: str, said: str) -> Iterator[str]:
    """Words that were said only with a no or a not, and stand in the message without one.

    By clauses, and only this way round: a not that is missing is what harms. It errs towards a question.
    """
    there = _clauses(said)
    for words, negated in _clauses(message):
        for word in dict.fromkeys(words if not negated else ()):
            of = [without for known, without in there if word in known]
            if of and all(of):
                yield f"{word}, without a not"


def _clauses(text: str) -> list[tuple[list[str], bool]]:
    """The weighty words of each clause, and whether it has a no or a not."""
    found = (clause for line in text.splitlines() for clause in _CLAUSE.split(_normal(line)))
    return [
        (
            [word for word in _WORD.findall(_NOT.sub(" ", one)) if word not in _LIGHT],
            bool(_NOT.search(one)),
        )
        for one in found
    ]


_DOSES = frozenset(
    {"mg", "mcg", "g", "ml", "unit", "tablet", "capsule", "puff", "drop", "spray", "sachet", "patch"}
)
_NAME = re.compile(r"[a-z][a-z-]{5,}")
_NEAR = 60  # characters before a dose in which the name stands that it is of


def _swapped(words: str, there: str) -> Iterator[str]:
    """Doses that were said, but of another name: 10 mg of the one where that was said of the other."""
    of = _doses(there)
    names = {name for name, _, _ in of}
    for name, dose, shown in _doses(words):
        said = {other for known, other, _ in of if known == name}
        if name in names and dose not in said and any(other == dose for _, other, _ in of):
            yield f"{name} {shown}"


def _doses(text: str) -> list[tuple[str, Pair, str]]:
    """Each dose with the nearest long word before it, and as it stands."""
    found = []
    for match in _MEASURED.finditer(text):
        for pair in _pairs(match):
            before = _NAME.findall(text[max(0, match.start() - _NEAR) : match.start()])
            names = [name for name in before if name not in _NO_NAME]
            if pair[1] in _DOSES and names:
                found.append((names[-1], (pair[0], pair[1], ""), match[0].strip()))
    return found


_NO_NAME = frozenset(
    {"tablet", "tablets", "capsule", "capsules", "twice", "morning", "evening", "increase", "reduce", *_UNITS}
)


def _rest(match: re.Match[str]) -> str:
    """A match that is none by itself stays for the words of how often: `a` in `a day`."""
    return " " if list(_pairs(match)) else match[0]


def _once(pair: Pair, kept: str) -> bool:
    return any(_stands(way, kept) for way in _ONCE_A.get(pair, ()))


def _once_said(ways: tuple[str, ...], measured: set[Pair]) -> bool:
    return any(pair in measured for pair, same in _ONCE_A.items() if same is ways)


def _measured(text: str) -> Iterator[Pair]:
    return (pair for match in _MEASURED.finditer(text) for pair in _pairs(match))


def _pairs(match: re.Match[str]) -> Iterator[Pair]:
    """Each number of one match; of a span both ends. `a` and `one` alone are words, not numbers."""
    word, per = match["figure"], _PER.get(match["per"] or "", match["per"] or "")
    unit = _UNITS.get(match["unit"] or "", "")
    if word in {"once", "twice"}:
        unit = unit or "time"
        if unit in {"day", "week", "month"} and not per:  # twice daily
            unit, per = "time", unit
    elif (match["unit"] or "").endswith("ly") or match["every"]:
        per = "every"
    if word in {"a", "an"} and unit == "time":  # at a time
        return
    if not (unit or per or match["upto"] or word[0] in "0123456789." or word in _BARE):
        return
    for number in (word, match["upto"]):
        if number:
            yield _figure(number), unit, per


def _figure(number: str) -> str:
    figure = _FIGURES.get(number, number)
    return f"0{figure}" if figure.startswith(".") else figure


_PER = {"daily": "day", "weekly": "week", "monthly": "month"}


def _stands(words: str, text: str) -> bool:
    return re.search(rf"(?<![a-z0-9]){re.escape(words)}(?![a-z0-9])", text) is not None


def _normal(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split()).replace("at once", "at-once")  # no number
