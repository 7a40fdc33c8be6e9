"""Shorthand in a plan: what stands for what in plain words, what must be asked, and what must be typed out.

Whole tokens alone, letters as they stand where that matters. Nothing but the forms found is touched: numbers,
doses, negations and blanks come through as they are. The table is data (`reference/shorthand.toml`); here are
the forms that hold a number. Do-not-use forms: ISMP and Joint Commission lists; the UK's in BMJ Open, as the
domain brief gives them (5.6).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from gpa_tui.records.shorthand import Short, ShortAct, ShorthandTable

MOST_DAYS, MOST_WEEKS, MOST_MONTHS = 31, 52, 24  # beyond it is no length of time: a blood pressure, a date
UNITS = r"(?:mg|mcg|micrograms?|g|grams?|ml|l|units?|u|iu|tabs?|tablets?|caps?|capsules?|puffs?|drops?|%)"


@dataclass(frozen=True, slots=True)
class Found:
    """One form: where it stands, what is done with it, and its senses, or why it is refused."""

    start: int
    end: int
    form: str
    act: ShortAct
    senses: tuple[str, ...]
    behind: str = ""  # the number right before it, where it is of one
    nth: int = 1  # how many of the same form stand there up to it

    @property
    def key(self) -> str:
        """What an answer goes by: each place has its own, for a form may mean two things in one note."""
        return self.form if self.nth == 1 else f"{self.form} ({self.nth})"


@dataclass(frozen=True, slots=True)
class Plain:
    """The text with what could be put in plain words; what is to be asked or typed out stands as it was."""

    text: str
    open: tuple[Found, ...]


def plain(text: str, table: ShorthandTable, answers: Mapping[str, str] | None = None) -> Plain:
    """`text` in plain words. `answers`: by `Found.key`, the sense that was chosen for this note."""
    chosen, parts, left, at = answers or {}, [], [], 0
    for found in find(text, table):
        sense = chosen.get(found.key) if found.act is ShortAct.ASK else None
        if found.act is ShortAct.EXPAND:
            sense = found.senses[0]
        if sense is None:
            left.append(found)
            continue
        parts += [text[at : found.start], _in_place(text, found, sense)]
        at = found.end
    return Plain("".join((*parts, text[at:])), tuple(left))


def find(text: str, table: ShorthandTable) -> list[Found]:
    """Every form in `text`, in order; where two overlap the longer, and of numbers the pattern, stands."""
    forms = _forms(table)
    found = [one for pattern, of in _PATTERNS for match in pattern.finditer(text) if (one := of(match))]
    found += [forms.of(match) for match in forms.pattern.finditer(text)]
    found += [one for match in _DOTTED.finditer(text) if (one := forms.dotted(match)) is not None]
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start, one.start - one.end)):
        if not kept or one.start >= kept[-1].end:
            nth = 1 + sum(other.form == one.form for other in kept)
            kept.append(replace(one, nth=nth))
    return kept


def _in_place(text: str, found: Found, sense: str) -> str:
    """The sense as it stands there: one of it in the singular, a blank behind a number, a capital first."""
    if found.behind == "1" and sense in _COUNTED:
        sense = sense.removesuffix("s")
    before = text[: found.start]
    if before[-1:].isdigit():
        return f" {sense}"
    if before[-1:].isalpha() and sense[:1].isalnum():  # a mark straight behind a word: hip#
        sense = f" {sense}"
    if text[found.end : found.end + 1].isalnum():
        sense += " "
    begins = not before.strip() or before.rstrip()[-1] in ".!?\n" or before.endswith("\n")
    return sense[:1].upper() + sense[1:] if begins and found.form[:1].isupper() else sense


_COUNTED = {"hours", "grams", "milligrams", "micrograms", "millilitres", "tablets", "capsules"}


# ── forms of the table ────────────────────────────────────────────────────────────────────────

_BEFORE = r"(?<![A-Za-z0-9&'’_.-])"
_AFTER = r"(?![A-Za-z0-9_]|['’][A-Za-z]|&[A-Za-z0-9]|\.[A-Za-z])"
_DOMAIN = r"(?<=[A-Za-z0-9])@[A-Za-z0-9-]+\.[A-Za-z]"  # of an e-mail address
_NUMBER = r"(?P<{}>(?<![A-Za-z0-9/])[0-9]+(?:[.,][0-9]+)*) ?"


@dataclass(frozen=True, slots=True)
class _Forms:
    """One pattern of all forms, and each form's entry."""

    pattern: re.Pattern[str]
    by_form: Mapping[str, Short]

    def of(self, match: re.Match[str]) -> Found:
        number = match["number"] or match["cased"] or match["glued"] or ""
        groups = ("form", "unit", "unit_cased", "unit_as_is", "as_is", "sticky")
        name = next(group for group in groups if match[group])
        form = match[name]
        short = self.by_form.get(form) or self.by_form[form.casefold()]
        return Found(match.start(name), match.end(name), form, short.act, short.senses, number)

    def dotted(self, match: re.Match[str]) -> Found | None:
        """`q.d.`, `t.d.s.`: as without the points."""
        letters = match[0].replace(".", "")
        short = self.by_form.get(letters) or self.by_form.get(letters.casefold())
        if short is None:
            return None
        return Found(match.start(), match.end(), match[0], short.act, short.senses)


_DOTTED = re.compile(r"(?<![A-Za-z0-9.])(?:[A-Za-z]\.){2,4}(?![A-Za-z0-9])")


@lru_cache(maxsize=8)
def _forms(table: ShorthandTable) -> _Forms:
    by_form = {
        form if short.case else form.casefold(): short for short in table.short for form in short.forms
    }

    def either(of: Callable[[Short], bool]) -> str:
        chosen = [form for short in table.short if of(short) for form in short.forms]
        return "|".join(re.escape(form) for form in sorted(chosen, key=len, reverse=True)) or r"(?!)"

    behind = either(lambda one: one.behind_a_number and not one.case)
    behind_as_is = either(lambda one: one.behind_a_number and one.case)
    glued = either(lambda one: one.glued)
    word = r"[A-Za-zµμ#]"
    letters = either(lambda one: not (one.case or one.behind_a_number) and _wordy(one))
    marks = either(lambda one: not (one.case or one.behind_a_number) and not _wordy(one))
    as_is = either(lambda one: one.case and not one.behind_a_number)
    pattern = (
        rf"{_NUMBER.format('number')}(?i:(?P<unit>{behind})){_AFTER}"
        rf"|{_NUMBER.format('cased')}(?P<unit_cased>{behind_as_is}){_AFTER}"
        rf"|{_NUMBER.format('glued')}(?i:(?P<unit_as_is>{glued})){_AFTER}"
        rf"|{_BEFORE}(?P<as_is>{as_is}){_AFTER}"
        rf"|{_BEFORE}(?i:(?P<form>{letters})){_AFTER}"
        rf"|(?!{_DOMAIN})(?P<sticky>{marks})(?={word}|\s|[0-9]|$)"
    )
    return _Forms(re.compile(pattern), by_form)


def _wordy(short: Short) -> bool:
    """Whether its forms end in a letter or digit, so that a whole token can be told."""
    return all(form[-1].isalnum() for form in short.forms)


# ── forms that hold a number ──────────────────────────────────────────────────────────────────


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _days(match: re.Match[str]) -> Found | None:
    number = int(match[1])
    if not 1 <= number <= MOST_DAYS:
        return None
    senses = ["7 days", "every day"] if number == 7 else [_count(number, "day")]
    senses += [f"{number} days out of 7"] if 1 < number < 7 else []
    return _as(match, ShortAct.ASK, *senses, f"{number} July", match[0])


def _weeks(match: re.Match[str]) -> Found | None:
    number = int(match[1])
    return _as(match, ShortAct.EXPAND, _count(number, "week")) if 1 <= number <= MOST_WEEKS else None


def _months(match: re.Match[str]) -> Found | None:
    number = int(match[1])
    if not 1 <= number <= MOST_MONTHS:
        return None
    return _as(match, ShortAct.ASK, _count(number, "month"), f"{number} December", match[0])


def _every(match: re.Match[str]) -> Found | None:
    return _as(match, ShortAct.EXPAND, f"every {_count(int(match[1]), 'hour')}")


def _hours(match: re.Match[str]) -> Found | None:
    span = f"{match[1]} to {match[2]} hours"
    return _as(match, ShortAct.ASK, f"every {span}", f"for {span}", span)


def _refused(why: str) -> Callable[[re.Match[str]], Found | None]:
    return lambda match: _as(match, ShortAct.REFUSE, why)


def _at_night(match: re.Match[str]) -> Found | None:
    """`on` right behind a number or a dose; anywhere else it is English."""
    return Found(match.start(1), match.end(1), match[1], ShortAct.ASK, ("at night", "on"))


def _temperature(match: re.Match[str]) -> Found | None:
    return _as(match, ShortAct.EXPAND, "temperature")


def _pregnancies(match: re.Match[str]) -> Found | None:
    births = int(match[2])
    words = f"pregnant {match[1]} times, {_count(births, 'birth')}"
    return _as(match, ShortAct.EXPAND, words.replace(" 1 times", " once"))


def _query(match: re.Match[str]) -> Found | None:
    return _as(match, ShortAct.ASK, "possible ", "asked: ")


def _as(match: re.Match[str], act: ShortAct, *senses: str) -> Found:
    return Found(match.start(), match.end(), match[0], act, senses)


_OF = r"(?<![A-Za-z0-9/.])([0-9]{{1,2}})/{}(?![0-9/A-Za-z])"
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Found | None]], ...] = (
    (re.compile(_OF.format(7)), _days),
    (re.compile(_OF.format(52)), _weeks),
    (re.compile(_OF.format(12)), _months),
    (re.compile(r"(?<![A-Za-z0-9])[qQ]([0-9]{1,2})[hH](?![A-Za-z0-9])"), _every),
    (re.compile(r"(?<![0-9.,A-Za-z])\.[0-9]+"), _refused("a zero goes before the point")),
    (
        re.compile(rf"(?<![0-9.])[0-9]+\.0+(?= ?{UNITS}(?![A-Za-z]))", re.IGNORECASE),
        _refused("no zero goes behind the point: 5.0 is read as 50"),
    ),
    (
        re.compile(rf"(?<![A-Za-z0-9])[A-Za-z]{{4,}}[0-9]+(?:\.[0-9]+)? ?{UNITS}(?![A-Za-z])", re.IGNORECASE),
        _refused("a blank goes between the medicine and its dose"),
    ),
    (re.compile(r"\?(?=[A-Za-z#])"), _query),
    (re.compile(r"(?<![A-Za-z0-9])T(?= ?[34][0-9](?:\.[0-9])?(?![0-9]))"), _temperature),
    (re.compile(r"(?<![A-Za-z0-9])G([0-9]{1,2}) ?P([0-9]{1,2})(?![0-9A-Za-z])"), _pregnancies),
    (
        re.compile(rf"(?:[0-9] ?{UNITS}?|tabs?|caps?|puffs?|drops?|po) (on)(?![A-Za-z0-9])", re.IGNORECASE),
        _at_night,
    ),
    (re.compile(r"(?<![A-Za-z0-9])([0-9]{1,2})-([0-9]{1,2}) ?(?:h|hrs?|hrly)(?![A-Za-z0-9])"), _hours),
)


def questions(found: Iterator[Found] | tuple[Found, ...]) -> Iterator[str]:
    """What is to be asked, a clause each: `od: once a day | overdose | right eye`."""
    for one in found:
        if one.act is ShortAct.ASK:
            yield f"{one.form}: {' | '.join(one.senses)}"


def refusals(found: Iterator[Found] | tuple[Found, ...]) -> Iterator[str]:
    """What is to be typed out, and why, a clause each."""
    for one in found:
        if one.act is ShortAct.REFUSE:
            yield f"{one.form}: {one.senses[0]}"
