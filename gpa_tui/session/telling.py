"""What in somebody's words may tell who a patient is: found, and marked for whoever reads them. No I/O."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gpa_tui.records.patient import PersonName

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_JOINS = re.compile(r"['’ʼ-]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−﹣－", "-"))
_MONTH = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
_MONTH += "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
_ROADS = "road|street|lane|avenue|court|crescent|gardens|terrace|cottage|grove|mews|rd|st|ave"
_ROADS += "|(?-i:Close|Drive|Way|Hill|Place|Square|Row|Walk|Park|Green|View|Rise|House|Yard)"
_NUMBERS = "zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|double|eleven|twelve|thirteen"
_NUMBERS += "|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy"
_NUMBERS += "|eighty|ninety"
_TELLS = tuple(
    re.compile(rule, re.IGNORECASE)
    for rule in (
        r"(?:\d[\W_]{0,4}){5,}\d",  # an NHS or telephone number, a date in figures
        r"\b\d{1,2}[\s./-]\d{1,2}[\s./-]\d{2,4}\b",
        r"\b(?:18|19|20)\d\d\b",
        rf"\b(?:(?:{_NUMBERS})[\s-]+){{4,}}(?:{_NUMBERS})\b",
        rf"\b(?:{_NUMBERS}|twent\w+|thirt\w+|\w+(?:th|st|nd|rd))\s+of\s+{_MONTH}\b",
        rf"\bborn\s+(?:on|in|at)?\s*\w*\s*(?:{_MONTH}|\d+|nineteen|eighteen|twenty)\b",
        rf"\b{_ORDINAL}(?:\s+of)?[\s-]+{_MONTH}\b",
        rf"\b{_MONTH}\s+{_ORDINAL}\b",
        r"\b\d{1,2}(?:st|nd|rd|th)\b",
        rf"\baged?\s+(?:\d+|(?:{_NUMBERS})(?:[\s-](?:{_NUMBERS}))?)\b",
        rf"\b(?:\d+|(?:{_NUMBERS})(?:[\s-](?:{_NUMBERS}))?)[\s-]+years?[\s-]+old\b",
        r"\S+@\S+",
        r"\b[A-Z]{1,2}\d[A-Z\d]?[\s-]*\d[A-Z]{2}\b",  # a postcode
        rf"\b\d+[a-z]?,?\s+(?:[^\W\d_]+['’]?[^\W\d_]*\s+){{0,3}}(?:{_ROADS})\b",
        r"\b(?:flat\s+\d+\w?|\d+\s+the\s+[^\W\d_]+)\b",
        r"\b(?:mr|mrs|ms|miss|mx|master|baby)\.?\s+(?-i:[A-Z])\w*",
    )
)
_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|mx|master|baby)\.?\s+[^\W\d_]+", re.IGNORECASE)
_FIGURES = re.compile(r"\w*\d\w*")
_MONTHS = re.compile(rf"\b{_MONTH}\b", re.IGNORECASE)
_AGED = re.compile(r"\baged?\s+\w+", re.IGNORECASE)
LEAST = 2  # letters of a name that is looked for; of two, only with a large letter within a sentence


@dataclass(frozen=True, slots=True)
class Names:
    """Every part of the names of all patients of the store, folded; of dates that were taken away their
    SHA-256 with `salt`, cut to 16 signs. `unread`: the dates whose names are not known."""

    plain: frozenset[str] = frozenset()
    hashed: frozenset[str] = frozenset()
    salt: str = ""
    unread: tuple[date, ...] = ()

    def __contains__(self, folded: str) -> bool:
        return folded in self.plain or (bool(self.hashed) and hashed(folded, self.salt) in self.hashed)


def names_of(patients: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Every part of these (family, given) names that is looked for in words, folded."""
    parts = (part for pair in patients for name in pair for part in re.split(r"[\s'’-]+", name))
    return frozenset(folded for part in parts if len(folded := _folded(part)) >= LEAST)


def hashed(folded: str, salt: str) -> str:
    """What of a name stays when its date is taken away."""
    return hashlib.sha256(f"{salt} {folded}".encode()).hexdigest()[:16]


def telling(text: str, names: Names) -> list[str]:
    """What in these words tells who somebody is: they do not leave while it stands there."""
    text = " ".join(plain(text).split())  # as it leaves
    found = [match.group().strip() for rule in _TELLS for match in rule.finditer(text)]
    for match in _WORD.finditer(text):
        word = match.group()
        parts = [word, *_JOINS.split(word), *_HUMPS.split(word), *([word[:-1]] if word[-1:] in "sS" else [])]
        large = word[0].isupper() and not _begins(text, match.start())
        named = any(_folded(part) in names for part in parts if len(part) > LEAST or large)
        if named or _is_mixed(word):
            found.append(word)
    for rule in (_BROKEN, _SPELT):  # Okon- kwo, O k o n k w o
        for match in rule.finditer(text):
            if _folded(re.sub(r"[\s-]", "", match.group())) in names:
                found.append(match.group())
    return list(dict.fromkeys(found))


def plain(text: str) -> str:
    """The same words without signs that nobody sees, and with one kind of dash."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf").translate(_DASHES)


_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BROKEN = re.compile(r"[^\W\d_]+-\s+[^\W\d_]+")
_SPELT = re.compile(r"\b(?:[^\W\d_][\s-]){2,}[^\W\d_]\b")


def _is_mixed(word: str) -> bool:
    """Whether its letters are of two alphabets: one of them stands for another's."""
    return len({unicodedata.name(sign, "?").split()[0] for sign in word if sign.isalpha()}) > 1


def suspicious(text: str, names: Names) -> list[str]:
    """What may tell it, and is marked: also a title with a word, any figure, a month, every large letter but
    of words that everybody begins a sentence with."""
    text = plain(text)
    found = [*telling(text, names)]
    found += [match.group() for rule in (_TITLE, _FIGURES, _MONTHS, _AGED) for match in rule.finditer(text)]
    for match in _WORD.finditer(text):
        word = match.group()
        if not word[0].isupper() or word in _COMMON:
            continue
        known = _folded(word) in names
        if known or not (_begins(text, match.start()) and word.casefold() in _BEGINNINGS):
            found.append(word)
    return list(dict.fromkeys(found))


def marked(text: str, names: Names) -> str:
    """These words with whatever is suspicious between »«, each once however much of it is."""
    found = sorted(suspicious(text, names), key=len, reverse=True)
    if not found:
        return text
    rule = "|".join(r"\s+".join(map(re.escape, one.split())) for one in found)
    return re.sub(rf"(?<!\w)(?:{rule})(?!\w)", lambda one: f"»{one.group()}«", plain(text))


def _begins(text: str, at: int) -> bool:
    """Whether a sentence begins here, where a large letter says nothing."""
    before = text[:at].rstrip()
    return not before or before[-1] in ".!?:\n"


_COMMON = frozenset({"I", "GP", "GPA", "ECG", "NEWS", "BP", "A", "ACVPU", "NHS", "SBAR", "I'm", "I’m"})
_BEGINNINGS_WORDS = """
a after afterwards again all also although always an and another any as asked at because before both but by
can could did do during each even every everybody everyone finally first for from good had has have having
he her here herself his how however i if in instead it its just last later let looking maybe more most my
next no nobody none not nothing now of often on once one only or other our over perhaps please rather said
saying second see she should since so some somebody someone sometimes still that the their them then there
these they thing things this those though through to together today tomorrow took trying two under until up
using was we well went were what when where whether which while who why will with without would yes you your
"""
_BEGINNINGS = frozenset(_BEGINNINGS_WORDS.split())
"""What everybody begins a sentence with; any other large letter may be a name's."""


def _folded(word: str) -> str:
    return PersonName(family=word, given="").matching[0]
