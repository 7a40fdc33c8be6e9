"""What in somebody's words may tell who a patient is: found, and marked for whoever reads them. No I/O."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from gpa_tui.records.patient import PersonName

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_JOINS = re.compile(r"['’ʼ-]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−﹣－", "-"))
_MONTH = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
_MONTH += "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
_ROADS = "road|street|lane|avenue|court|crescent|gardens|terrace|cottage|grove|mews|rd|st|ave"
_ROADS += "|(?-i:Close|Drive|Way)"
_TELLS = tuple(
    re.compile(rule, re.IGNORECASE)
    for rule in (
        r"(?:\d[^\w\n]{0,2}){5,}\d",  # an NHS or telephone number, a date in figures
        rf"\b{_ORDINAL}(?:\s+of)?[\s-]+{_MONTH}\b",
        rf"\b{_MONTH}\s+{_ORDINAL}\b",
        r"\b(?:born\s+in|aged?)\s+\d+",
        r"\S+@\S+",
        r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b",  # a postcode
        rf"\b\d+[a-z]?,?\s+(?:[^\W\d_]+['’]?[^\W\d_]*\s+){{0,3}}(?:{_ROADS})\b",
        r"\b(?:flat\s+\d+|\d+\s+the\s+[^\W\d_]+)\b",
    )
)
_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|mx|master|baby)\.?\s+[^\W\d_]+", re.IGNORECASE)
_FIGURES = re.compile(r"\w*\d\w*")
LEAST = 2  # letters of a name that is looked for; of two, only with a large letter within a sentence


def names_of(patients: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Every part of these (family, given) names that is looked for in words, folded."""
    parts = (part for pair in patients for name in pair for part in re.split(r"[\s'’-]+", name))
    return frozenset(folded for part in parts if len(folded := _folded(part)) >= LEAST)


def telling(text: str, names: Collection[str]) -> list[str]:
    """What in these words tells who somebody is: they do not leave while it stands there."""
    text = " ".join(text.translate(_DASHES).split())  # as it leaves
    found = [match.group().strip() for rule in _TELLS for match in rule.finditer(text)]
    for match in _WORD.finditer(text):
        word = match.group()
        parts = [word, *_JOINS.split(word), *([word[:-1]] if word[-1:] in "sS" else [])]
        large = word[0].isupper() and not _begins(text, match.start())
        if any(_folded(part) in names for part in parts if len(part) > LEAST or large):
            found.append(word)
    return list(dict.fromkeys(found))


def suspicious(text: str, names: Collection[str]) -> list[str]:
    """What may tell it, and is marked: also a title with a word, any figure, large letters in a sentence."""
    found = [*telling(text, names)]
    found += [match.group() for rule in (_TITLE, _FIGURES) for match in rule.finditer(text)]
    for match in _WORD.finditer(text):
        large = match.group()[0].isupper() and match.group() not in _COMMON
        if large and (not _begins(text, match.start()) or _folded(match.group()) in names):
            found.append(match.group())
    return list(dict.fromkeys(found))


def marked(text: str, names: Collection[str]) -> str:
    """These words with whatever is suspicious between »«, each once however much of it is."""
    found = sorted(suspicious(text, names), key=len, reverse=True)
    if not found:
        return text
    rule = "|".join(r"\s+".join(map(re.escape, one.split())) for one in found)
    return re.sub(rule, lambda one: f"»{one.group()}«", text.translate(_DASHES))


def _begins(text: str, at: int) -> bool:
    """Whether a sentence begins here, where a large letter says nothing."""
    before = text[:at].rstrip()
    return not before or before[-1] in ".!?:\n"


_COMMON = frozenset({"I", "GP", "GPA", "ECG", "NEWS", "BP", "A", "ACVPU", "NHS", "SBAR", "I'm", "I’m"})


def _folded(word: str) -> str:
    return PersonName(family=word, given="").matching[0]
