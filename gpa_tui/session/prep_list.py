"""Which prep items a visit has: the core block and the template that fits its reason."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from gpa_tui.records.observation import Measure
from gpa_tui.records.prep import PrepAnswer, PrepItem, PrepTemplate
from gpa_tui.session.day import Visit

CORE = "core"


def shipped_templates() -> dict[str, PrepTemplate]:
    """The templates in `gpa_tui/reference/prep`, by id; `core` is part of every visit's list."""
    folder = files("gpa_tui").joinpath("reference", "prep")
    found = (
        PrepTemplate.model_validate(tomllib.loads(entry.read_text("utf-8")))
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    )
    return {template.id: template for template in sorted(found, key=lambda template: template.title)}


@dataclass(frozen=True, slots=True)
class PrepList:
    """The items of one visit, in order, each with the template it comes from."""

    templates: tuple[PrepTemplate, ...]

    @property
    def title(self) -> str:
        return self.templates[-1].title

    @property
    def rows(self) -> list[tuple[PrepTemplate, PrepItem]]:
        return [(template, item) for template in self.templates for item in template.items]

    @property
    def observations(self) -> list[Measure | Literal["urine"]]:
        """What is asked for beside the slip's own fields, each once."""
        return list(dict.fromkeys(one for template in self.templates for one in template.observations))

    def answer(self, visit: Visit, template: PrepTemplate, item: PrepItem) -> PrepAnswer | None:
        return visit.answers.get((template.id, item.id))

    def open_items(self, visit: Visit) -> list[PrepItem]:
        """The items without an answer."""
        return [item for template, item in self.rows if (template.id, item.id) not in visit.answers]

    def progress(self, visit: Visit) -> tuple[int, int]:
        """How many items are answered, and how many there are."""
        total = len(self.rows)
        return total - len(self.open_items(visit)), total


def prep_list(visit: Visit, templates: Mapping[str, PrepTemplate]) -> PrepList:
    """The core block, then the chosen template, or the one that the reason proposes."""
    chosen = templates.get(visit.template) if visit.template else None
    if chosen is None:
        chosen = proposed(visit.appointment.reason, templates)
    core = templates[CORE]
    return PrepList((core,) if chosen is None or chosen is core else (core, chosen))


def proposed(reason: str, templates: Mapping[str, PrepTemplate]) -> PrepTemplate | None:
    """The template with the longest of its `reasons` found in `reason` as whole words, any case."""
    hits = [
        (len(phrase), template)
        for template in templates.values()
        for phrase in template.reasons
        if re.search(rf"\b{re.escape(phrase)}\b", reason, re.IGNORECASE)
    ]
    return max(hits, key=lambda hit: hit[0])[1] if hits else None
