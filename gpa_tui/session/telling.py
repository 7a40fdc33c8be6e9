"""What in somebody's words may tell who a patient is: found, and marked for whoever reads them. No I/O."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from gpa_tui.records.patient import PersonName

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_JOINS = re.compile(r"['’ʼ-]")
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BROKEN = re.compile(r"[^\W\d_]+-\s+[^\W\d_]+")
_SPELT = re.compile(r"(?<!\w)(?:[^\W\d_][\s.-]{1,2}){2,}[^\W\d_](?!\w)")
_PAIR = re.compile(r"(?=\b([^\W\d_]+\s+[^\W\d_]+)\b)")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−﹣－", "-"))
_ALIKE = str.maketrans("АВЕКМНОРСТУХаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTYXaeopcyxijsABEZHIKMNOPTYXo")
"""Letters of other alphabets that look like Latin ones."""
_MONTH = "(?:jan(?:uary)?|feb(?:ruary)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
_MONTH += "|nov(?:ember)?|dec(?:ember)?|(?-i:Mar(?:ch)?|May))"
_NTH = r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+teenth"
_NTH += r"|(?:twent|thirt)ieth|(?:twenty|thirty)[\s-]\w+|\d{1,2}(?:st|nd|rd|th)?)"
_NUMBER = "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|double|eleven|twelve|thirteen"
_NUMBER += "|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy"
_NUMBER += "|eighty|ninety)"
_AGE = rf"(?:\d{{1,3}}|{_NUMBER}(?:[\s-]{_NUMBER})?)"
_PLACES = "close|drive|way|hill|place|square|row|walk|park|green|view|rise|house|yard"
_ROADS = "road|street|lane|avenue|court|crescent|gardens|terrace|cottage|grove|mews|rd|st|ave"
_ROADS += f"|(?-i:{'|'.join(one.title() for one in _PLACES.split('|'))})"
_TELLS = tuple(
    re.compile(rule, re.IGNORECASE)
    for rule in (
        # an NHS or a telephone number
        r"\d{6,}|(?<!\d)\d{3,}(?:[\s./_-]{1,4}\d{3,})+|\b(?:\d[\s._-]){6,}\d\b",
        r"\b\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}\b|\b\d{1,2}\s\d{1,2}\s(?:19|20)\d\d\b",
        r"\b(?:18|19|20)\d\d[\s./-]\d{1,2}[\s./-]\d{1,2}\b|\b\d\d\s\d\d\s\d\d\b",
        r"\b(?:on|by|from|since|until|till|before|after|born)\s+(?:the\s+)?\d{1,2}/\d{1,2}\b",
        rf"\b(?:{_NUMBER}[\s-]+){{6,}}{_NUMBER}\b",
        rf"\b{_NTH}(?:\s+of)?[\s-]*{_MONTH}(?:[\s-]*\d{{2,4}})?\b",
        rf"\b{_MONTH}\s+(?:the\s+)?{_NTH}\b",
        rf"\b{_MONTH}\s+(?:(?:18|19|20)\d\d|nineteen\s\w+)\b",
        r"\bborn\s+(?:in|on|at)?\s*['’]?(?:\d{2,4}|nineteen)\b",
        rf"\b(?:aged?|turned)\s+{_AGE}\b|\b{_AGE}[\s-]+years?[\s-]+old\b|\b\d{{2,3}}\s?(?:yo|y/o|(?-i:[FM]))\b",
        rf"\b(?:she|he)(?:['’]s|\s+is|\s+was)\s+{_AGE}(?=\s*(?:[.,;)]|and\b|years|$))",
        r"\S+@\S+",
        r"(?-i:\b[A-Z]{1,2}\d[A-Z\d]?[\s-]*\d[ABD-HJLNP-UW-Z]{2}\b)",  # a postcode
        rf"\b\d+[a-z]?,?\s+(?:[^\W\d_]+['’]?[^\W\d_]*\s+){{0,3}}(?:{_ROADS})\b",
        rf"\b\d+[a-z]?,\s+(?:[^\W\d_]+\s+){{1,3}}(?:{_PLACES})\b",
        rf"\b(?:at|lives\s+at|from)\s+\d+[a-z]?,?\s+(?:[^\W\d_]+\s+){{1,2}}(?:{_PLACES})\b",
        r"\b(?:flat\s+\d+\w?|\d+\s+the\s+(?-i:[A-Z][a-z]+))\b",
        r"(?-i:\b(?:Mr|Mrs|Ms|Mx|Master)\.?\s+[A-Z]\w*|\bMiss\s+[A-Z]\w*|\bmrs?\.?\s+[^\W\d_]+)",
    )
)
_PRESSURE = re.compile(r"(?<![\d/])(?:[6-9]\d|[12]\d\d)/(?:[3-9]\d|1\d\d)(?![\d/])")
_RUNS = re.compile(r"\d+(?:[\s./_-]{1,3}\d+)+")
LONG = 9  # digits of a number that is somebody's, however they are grouped
"""What is most likely a number, a date, an age, an address or somebody's name."""
_TITLE = re.compile(r"\b(?:mr|mrs|miss|mx|master|baby)\.?\s+[^\W\d_]+", re.IGNORECASE)
_FIGURES = re.compile(r"\w*\d\w*")
_MONTHS = re.compile(rf"\b{_MONTH}\b", re.IGNORECASE)
_AGED = re.compile(rf"\baged?\s+\w+|\b(?:{_NUMBER}[\s-]+){{3,}}{_NUMBER}\b", re.IGNORECASE)
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
    splits = (r"[\s'’-]+", r"[\s-]+")  # O'Neill is looked for as Neill, and as ONeill
    parts = (part for pair in patients for name in pair for rule in splits for part in re.split(rule, name))
    return frozenset(folded for part in parts if len(folded := _folded(part)) >= LEAST)


def hashed(folded: str, salt: str) -> str:
    """What of a name stays when its date is taken away."""
    return hashlib.sha256(f"{salt} {folded}".encode()).hexdigest()[:16]


def telling(text: str, names: Names) -> list[str]:
    """What in these words tells who somebody is: they do not leave while it stands there."""
    text = " ".join(plain(text).split())  # as it leaves
    found = [match.group().strip() for rule in _TELLS for match in rule.finditer(text)]
    found += [run for run in _RUNS.findall(_PRESSURE.sub("BP", text)) if sum(map(str.isdigit, run)) >= LONG]
    found += [
        word for word, begins in _words(text) if _is_named(word, names) and not _is_everyday(word, begins)
    ]
    for rule in (_BROKEN, _SPELT):  # Okon- kwo, O k o n k w o, o.k.o.n.k.w.o
        for match in rule.finditer(text):
            if _folded(re.sub(r"[\s.-]", "", match.group())) in names:
                found.append(match.group())
    return list(dict.fromkeys(found))


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Each word, and whether a sentence begins with it."""
    return ((match.group(), _begins(text, match.start())) for match in _WORD.finditer(text))


def _is_named(word: str, names: Names) -> bool:
    """Whether it is, or has in it, a part of a known name; of two letters only as a name is written."""
    word = word.translate(_ALIKE)
    parts = [word, *_JOINS.split(word), *_HUMPS.split(word), *([word[:-1]] if word[-1:] in "sS" else [])]
    return any(_folded(part) in names for part in parts if len(part) > LEAST or part[:1].isupper())


def _is_everyday(word: str, begins: bool) -> bool:
    """Whether it is rather the word that some people are called by: `will`, `young`, `An`."""
    return (word.islower() or begins) and (word.casefold() in EVERYDAY or word.casefold() in _BEGINNINGS)


def plain(text: str) -> str:
    """The same words without signs that nobody sees, and with one kind of dash."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf").translate(_DASHES)


def suspicious(text: str, names: Names) -> list[str]:
    """What may tell it, and is marked: also a title with a word, any figure, a month, words in which a name
    may hide, and every large letter but of words that everybody begins a sentence with."""
    text = plain(text)
    found = [*telling(text, names)]
    found += [match.group() for rule in (_TITLE, _FIGURES, _MONTHS, _AGED) for match in rule.finditer(text)]
    for word, begins in _words(text):
        large = word[0].isupper() and word not in _COMMON and not (begins and word.casefold() in _BEGINNINGS)
        if large or _is_named(word, names) or _has_name(word, names) or word.translate(_ALIKE) != word:
            found.append(word)
    found += [one[1] for one in _PAIR.finditer(text) if _folded("".join(one[1].split())) in names]
    return list(dict.fromkeys(found))


def _has_name(word: str, names: Names) -> bool:
    """Whether two names are written as one."""
    folded = _folded(word)
    cuts = range(HIDDEN, len(folded) - LEAST)
    return any(folded[:cut] in names and folded[cut:] in names for cut in cuts)


HIDDEN = 3  # letters of a name that is looked for within a word


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


_EVERYDAY_WORDS = """
abbot amber an angel apple april archer art as august baker banks barber bass bean beans bell bells bent
berry best better bird bishop black blood blow bolt bond bowman bread bridge brook brown bush butcher
butler butter cannon carol carpenter carter cash castle chamber chambers chapel church cliff coffee cook
cooper crane cross crystal dale dancer dawn day days dean do drake draper duke earl early east eve faith
farmer field fields fish fisher flood flowers ford forest fox frank freeman frost gale gardener gate gay
gene glass glover go good grace gray green grey guy hall hammer hand hands hardy hart hawk head heart
heath heather hedge hill holly hope horn house hunter in iris is ivy jack jay joy judge june justice
keen king knight lake lamb lane large law lee lily little long lord love major mark marsh mason may
mercy mill miller monk moody moor my nail new noble north of on or page parker pat patience peace
peacock pearl penny pepper piper player pond pope poppy porter potter pound power price priest prince
prior quick ray read reader reason rice rich rivers robin rod rope rose ruby salt sandy savage sharp
shepherd shields shore short singer sky small snow so south speaker spring star stern stone storm street
strong sue sugar summer swan sweet swift temple thorn to tower turner underwood up violet walker ward
waters weaver weeks west white will winter wise wolf wood woods young
"""
EVERYDAY = frozenset(_EVERYDAY_WORDS.split())
"""Words of everyday English that people are called by as well: in small letters, or where a sentence begins,
they are marked and left to whoever reads."""


def _folded(word: str) -> str:
    return PersonName(family=word, given="").matching[0]
