"""Which prep items a visit has: the core block and the lists that fit its reason or were chosen.

The matching rule: all lists that are for the patient's age and gender, and of whose `reasons` one stands in
the appointment's reason as whole words, in any case, and not within a longer one. They are proposed; choosing
another takes their place, and one may be added. An item that stands in two of them, with the same id and
words or the same measure, is asked once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from gpa_tui.records.base import age_in_years
from gpa_tui.records.observation import Measure
from gpa_tui.records.patient import Gender
from gpa_tui.records.prep import AnswerKind, PrepAnswer, PrepItem, PrepOutcome, PrepTemplate
from gpa_tui.session.day import Visit
from gpa_tui.session.figures import how_shown, pressure, value_shown

CORE = "core"
OWN_WORDS = "own_words"  # the item of the core block: the reason as the patient puts it


@dataclass(frozen=True, slots=True)
class PrepList:
    """The items of one visit, in order, each with the template it comes from."""

    templates: tuple[PrepTemplate, ...]

    @property
    def title(self) -> str:
        return " + ".join(template.title for template in self.templates[1:]) or self.templates[0].title

    @property
    def rows(self) -> list[tuple[PrepTemplate, PrepItem]]:
        """Each item once, with the first list that has it; what is measured, once a measure."""
        found: dict[tuple[str, str], tuple[PrepTemplate, PrepItem]] = {}
        for template in self.templates:
            for item in template.items:
                key = ("measure", item.measure.value) if item.measure else (item.id, item.text)
                found.setdefault(key, (template, item))
        return list(found.values())

    @property
    def observations(self) -> list[Measure]:
        """What is asked for beside the slip's own fields, each once."""
        return list(dict.fromkeys(one for template in self.templates for one in template.observations))

    def answer(self, visit: Visit, template: PrepTemplate, item: PrepItem) -> PrepAnswer | None:
        """Its answer: under this list or another that asks the same, or by the last set that has it."""
        given = visit.answers.get((template.id, item.id))
        same = (one for (_, id_), one in visit.answers.items() if (id_, one.text) == (item.id, item.text))
        return given or next(same, None) or _measured(visit, template, item)

    def open_items(self, visit: Visit) -> list[PrepItem]:
        """The items without an answer."""
        return [item for template, item in self.rows if self.answer(visit, template, item) is None]

    def progress(self, visit: Visit) -> tuple[int, int]:
        """How many items are answered, and how many there are."""
        rows = self.rows
        return sum(self.answer(visit, template, item) is not None for template, item in rows), len(rows)


def _measured(visit: Visit, template: PrepTemplate, item: PrepItem) -> PrepAnswer | None:
    """What the last set of this visit says of the item's measure."""
    if item.kind is not AnswerKind.MEASURED or item.measure is None:
        return None
    for _, found in reversed(visit.observations):
        absent = next((one for one in found.missing if one.measure is item.measure), None)
        if absent is not None:
            return _by_the_set(template, item, PrepOutcome.UNABLE, why=absent.why)
        reading = found.reading(item.measure)
        if reading is not None:
            values = {one.measure: one for one in found.readings}
            value = pressure(values) if item.measure is Measure.SYSTOLIC else value_shown(reading)
            value = f"{value} {how_shown(reading)}".strip()
            return _by_the_set(template, item, PrepOutcome.DONE, value=value)
    return None


def _by_the_set(
    template: PrepTemplate, item: PrepItem, outcome: PrepOutcome, *, value: str = "", why: str = ""
) -> PrepAnswer:
    return PrepAnswer(
        template=template.id,
        template_version=template.version,
        item=item.id,
        text=item.text,
        outcome=outcome,
        value=value,
        why=why,
    )


def known_already(item: PrepItem, visit: Visit, show_when: Callable[[datetime], str]) -> str:
    """What the list, or the room, says already of what an item asks; of when, and who last checked it."""
    patient = visit.patient
    listed = {
        "allergies": patient.allergies_shown,
        "medicines": "; ".join(patient.medicines),
        "needs": "; ".join(need.text for need in patient.needs),
    }.get(item.known, "")
    said = [f"list of {show_when(visit.listed_at)}: {listed}"] if listed else []
    if item.known == "chaperone" and (room := visit.room.get("Chaperone")):
        said.append(room)
    checked = visit.checked(item.known) if item.known else None
    if checked is not None:
        words = f": {checked.value}" if checked.value else ""
        said.append(f"last checked {show_when(checked.at)}, {checked.by}{words}")
    elif listed:
        said.append("not checked here before")
    return "; ".join(said)


def prep_list(visit: Visit, templates: Mapping[str, PrepTemplate]) -> PrepList:
    """The core block, then the chosen lists, or those that the reason proposes."""
    chosen = [templates[id_] for id_ in visit.templates if id_ in templates]
    if not chosen:
        row = visit.appointment
        age = age_in_years(row.patient.born, row.start.date())
        chosen = proposed(row.reason, templates, age, row.patient.gender)
    core = templates[CORE]
    return PrepList((core, *(one for one in chosen if one is not core)))


@lru_cache(maxsize=1024)
def _whole_words(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(phrase)}\b", re.IGNORECASE)


def proposed(
    reason: str,
    templates: Mapping[str, PrepTemplate],
    age: int | None = None,
    gender: Gender = Gender.UNKNOWN,
) -> list[PrepTemplate]:
    """The lists with one of their `reasons` in `reason`, in the order in which these stand there."""
    hits = [
        (match.start(), match.end(), template, phrase in template.reasons)
        for template in templates.values()
        if template.fits(age, gender)
        for phrase in (*template.reasons, *template.unless)
        for match in _whole_words(phrase).finditer(reason)
    ]
    longest = [
        (start, template)
        for start, end, template, proposes in hits
        if proposes
        and not any(one <= start and end <= two and two - one > end - start for one, two, *_ in hits)
    ]
    return list({template.id: template for _, template in sorted(longest, key=lambda hit: hit[0])}.values())
