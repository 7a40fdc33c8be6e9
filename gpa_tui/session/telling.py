"""What in somebody's words may tell who a patient is: found, and marked for whoever reads them. No I/O."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from gpa_tui.records.patient import PersonName

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMBERS = re.compile(
    r"\d[\d ./:-]{4,}\d"  # an NHS or telephone number, a date
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
_STREET = re.compile(
    r"\b\d+[a-z]?\s+(?:[^\W\d_]+\s+){1,3}(?:road|street|lane|avenue|close|drive|way|rd|st|ave)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|mx|master|baby)\.?\s+[^\W\d_]+", re.IGNORECASE)
LEAST = 2  # letters of a name that is looked for; of two, only with a large letter within a sentence


def names_of(patients: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Every part of these (family, given) names that is looked for in words, folded."""
    parts = (part for pair in patients for name in pair for part in re.split(r"[\s'’-]+", name))
    return frozenset(folded for part in parts if len(folded := _folded(part)) >= LEAST)


def telling(text: str, names: Collection[str]) -> list[str]:
    """What in these words tells who somebody is: they do not leave while it stands there."""
    found = [match.group() for rule in (_NUMBERS, _POSTCODE, _STREET) for match in rule.finditer(text)]
    for match in _WORD.finditer(text):
        parts = [match.group(), *re.split(r"['’-]", match.group())]
        large = match.group()[0].isupper() and not _begins(text, match.start())
        if any(_folded(part) in names for part in parts if len(part) > LEAST or large):
            found.append(match.group())
    return list(dict.fromkeys(found))


def suspicious(text: str, names: Collection[str]) -> list[str]:
    """What may tell it, and is marked: also a title with a word, and every large letter within a sentence."""
    found = [*telling(text, names), *(match.group() for match in _TITLE.finditer(text))]
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
    return re.sub("|".join(map(re.escape, found)), lambda one: f"»{one.group()}«", text)


def _begins(text: str, at: int) -> bool:
    """Whether a sentence begins here, where a large letter says nothing."""
    before = text[:at].rstrip()
    return not before or before[-1] in ".!?:\n"


_COMMON = frozenset({"I", "GP", "GPA", "ECG", "NEWS", "BP", "A", "ACVPU", "NHS", "SBAR", "I'm", "I’m"})


def _folded(word: str) -> str:
    return PersonName(family=word, given="").matching[0]
