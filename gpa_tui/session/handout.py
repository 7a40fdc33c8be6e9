"""What the patient takes home: released messages, safety net, who does what, numbers to ring. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from gpa_tui.errors import Refused
from gpa_tui.records.patient import PersonName
from gpa_tui.records.plan import Translation
from gpa_tui.session.day import Visit
from gpa_tui.settings import PracticeSettings

if TYPE_CHECKING:
    from gpa_tui.session.tasks import Task

TITLE = "Your plan from today"
LARGE_PRINT = "LP"
_LARGE = re.compile(
    r"^(?!.*\b(?:no|not)\b).*(?:\b(?:large|big|giant)[ -]?print|\b(?:1[6-9]|[2-4][0-9])[ -]?p(?:oin)?t)",
    re.IGNORECASE,
)
NOT_YET = "No handout yet: the GP has not released these words."
HELP = (  # NHS website, "When to use NHS 111" and "When to call 999"
    ("If you need medical help now and it is not an emergency", "ring 111, or go to 111.nhs.uk"),
    ("If somebody's life is at risk", "ring 999"),
)


@dataclass(frozen=True, slots=True)
class Handout:
    """One sheet. `parts`: (heading, lines); a heading's lines are a numbered list where `numbered`."""

    practice: str
    whose: str
    on: date
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    large: bool
    language: str = ""  # of the first part, where it is not English

    @property
    def text(self) -> str:
        """Plain text, a sentence a line."""
        lines = [self.practice, f"{TITLE}, {show_day(self.on)}", f"For {self.whose}"]
        for heading, under in self.parts:
            lines += ["", heading, *(f"- {line}" for line in under)]
        return "\n".join(lines) + "\n"


def handout(visit: Visit, on: date, settings: PracticeSettings, steps: Iterable[Task]) -> Handout:
    """The sheet for this visit. Raises `Refused` while the wording is not released.

    Only what was worded for the patient is on it: no note, no concern, no task they were not told of.
    """
    require_released(visit)
    plan = visit.plan
    other = translation(visit)
    parts = [(f"{other.language} ({other.by})", other.lines)] if other else []
    parts.append(("What matters", plan.messages))
    net = _net(visit)
    if net:
        parts.append(("Watch for", net))
    next_steps = tuple(
        f"{task.what}: {task.owner.name}, by {show_day(task.due)}" for task in steps if task.for_patient
    )
    if next_steps:
        parts.append(("What happens next", next_steps))
    parts.append(("Who to ring", tuple(_numbers(settings))))
    large = wants_large_print(visit)
    whose = _whole(visit.appointment.patient.name)
    return Handout(settings.name, whose, on, tuple(parts), large, other.language if other else "")


def wants_large_print(visit: Visit) -> bool:
    """By a need that the list or somebody here gave."""
    return any(need.mark == LARGE_PRINT or _LARGE.search(need.text) for need in visit.patient.needs)


def translation(visit: Visit) -> Translation | None:
    """The words in another language, while they stand for what the English ones now say."""
    found = visit.plan.translation
    return found if found is not None and found.of == english(visit) else None


def english(visit: Visit) -> tuple[str, ...]:
    """The lines for the patient that another language stands for: messages, and the safety net."""
    return (*visit.plan.messages, *_net(visit))


def _net(visit: Visit) -> tuple[str, ...]:
    net = visit.plan.safety_net
    if net is None or visit.plan.net_is_old:
        return ()
    return (net.what, f"Better by: {net.by_when}", f"If not: {net.where}")


def require_released(visit: Visit) -> None:
    """Raises `Refused` while the GP has not released the words as they now are."""
    if not visit.plan.released_by or visit.plan.messages_are_old:
        raise Refused(NOT_YET, "r records the GP's yes to the wording.")


def show_day(on: date) -> str:
    """`Monday 30 November 2026`, as a patient reads a date."""
    return f"{on:%A} {on.day} {on:%B %Y}"


def _numbers(settings: PracticeSettings) -> Iterator[str]:
    if settings.telephone:
        yield f"{settings.name}: {settings.telephone}"
    yield from (f"{when}: {whom}" for when, whom in HELP)


def _whole(name: PersonName) -> str:
    return " ".join(part for part in (name.title, name.given, name.family) if part)
