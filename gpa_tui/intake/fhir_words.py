"""Small readings that every FHIR resource shares: codes, the words of a concept, names, ended periods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from gpa_tui.intake.fields import short, tidy

if TYPE_CHECKING:
    from fhir.resources.R4B.codeableconcept import CodeableConcept
    from fhir.resources.R4B.extension import Extension
    from fhir.resources.R4B.humanname import HumanName
    from fhir.resources.R4B.period import Period

NHS_NUMBER_SYSTEMS = {"https://fhir.nhs.uk/id/nhs-number", "http://fhir.nhs.net/id/nhs-number"}  # folded
_NAME_USES = ("official", "usual", None, "temp", "nickname")  # best first; any other comes last
_NAMES_NOT_SHOWN = {"old", "maiden", "anonymous"}


def codes(concept: CodeableConcept | None) -> list[str]:
    """The codes of a concept, whatever their system."""
    codings = (concept.coding if concept else None) or []
    return [coding.code for coding in codings if coding.code]


def words(concept: CodeableConcept | None) -> str:
    """What a concept says: its text, else what its first coding with a display says."""
    if concept is None:
        return ""
    if concept.text and tidy(concept.text):
        return short(concept.text)
    shown = (short(coding.display) for coding in concept.coding or [] if coding.display)
    return next((text for text in shown if text), "")


def all_words(concepts: Iterable[CodeableConcept] | None) -> str:
    """What several concepts say, each once."""
    return short(", ".join(dict.fromkeys(text for each in concepts or () if (text := words(each)))))


def ended(period: Period | None, on: date) -> bool:
    """True when a period was over before the day `on`. A partial date ends with its month or year."""
    end = str(period.end)[:10] if period and period.end else ""
    return bool(end) and end < on.isoformat()[: len(end)]


def best_name(names: Iterable[HumanName] | None, on: date) -> HumanName | None:
    """The name to call a person by: one still in use before one that is not, then official, then usual."""
    shown = [name for name in names or () if name.use not in _NAMES_NOT_SHOWN]
    named = [name for name in shown if name.family or given_names(name) or name.text]
    return min(named, key=lambda name: (ended(name.period, on), _rank(name)), default=None)


def _rank(name: HumanName) -> int:
    return _NAME_USES.index(name.use) if name.use in _NAME_USES else len(_NAME_USES)


def given_names(name: HumanName) -> str:
    return " ".join(each for each in name.given or [] if each)


def prefix(name: HumanName) -> str:
    return " ".join(each for each in name.prefix or [] if each)


def whole(name: HumanName | None) -> str:
    """A clinician's name as a heading: its text, else title, given and family name."""
    if name is None:
        return ""
    parts = name.text or " ".join((prefix(name), given_names(name), name.family or ""))
    return short(parts, 60)


def extensions(found: Iterable[Extension] | None, *ends: str) -> Iterator[Extension]:
    """The extensions whose URL ends so, case aside."""
    for each in found or ():
        if each.url and each.url.casefold().endswith(ends):
            yield each
