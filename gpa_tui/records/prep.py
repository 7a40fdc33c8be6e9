"""Prep templates and the answers to their items."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from gpa_tui.records.base import Record
from gpa_tui.records.observation import Measure
from gpa_tui.records.patient import Gender


class AnswerKind(StrEnum):
    """How an item is answered."""

    DONE = "done"  # done, with words or without
    WORDS = "words"
    CHOICE = "choice"
    NUMBER = "number"
    MEASURED = "measured"  # by an observation set
    LIST = "list"  # some few, with ; between them


AskedOf = Literal["patient", "parent", "carer"]
Known = Literal["", "allergies", "medicines", "needs", "chaperone"]


def choice_letters(choices: tuple[str, ...]) -> dict[str, str]:
    """Each choice by the first of its letters that no earlier choice has: `{"y": "yes", "n": "no"}`.

    Raises ValueError where one has no letter left.
    """
    letters: dict[str, str] = {}
    for choice in choices:
        own = next((letter for letter in choice if letter.isalnum() and letter not in letters), None)
        if own is None:
            raise ValueError(f"the choice {choice!r} has no letter of its own")
        letters[own] = choice
    return letters


class PrepItem(Record, extra="forbid"):
    """One thing to ask or do before the GP.

    With `choices` the answer is one of them, by its first letter; a `measure` is answered by the observation
    set that has it; a number has a `unit` and lies from `least` to `most`; a list has up to `most` parts.
    `stop_on` are the choices, and `stop_below` and `stop_above` the numbers beyond which, the GP is fetched
    now. `known` is what the list says already, shown beside it.
    """

    id: str = Field(pattern=r"^[a-z0-9_]{1,40}$")
    text: str = Field(min_length=1, max_length=100)
    why: str = Field(default="", max_length=200)
    kind: AnswerKind = AnswerKind.DONE
    choices: tuple[str, ...] = ()
    measure: Measure | None = None
    unit: str = Field(default="", max_length=20)
    least: int | None = None
    most: int | None = None
    stop_on: tuple[str, ...] = ()
    stop_below: int | None = None
    stop_above: int | None = None
    asked_of: tuple[AskedOf, ...] = ("patient",)
    known: Known = ""

    @model_validator(mode="before")
    @classmethod
    def _kind_follows(cls, given: Any) -> Any:
        """`choices` and `measure` say the kind by themselves."""
        if isinstance(given, dict) and "kind" not in given:
            kind = "choice" if given.get("choices") else "measured" if given.get("measure") else "done"
            return {**given, "kind": kind}
        return given

    @model_validator(mode="after")
    def _of_a_piece(self) -> Self:
        if (self.kind is AnswerKind.CHOICE) is not bool(self.choices):
            raise ValueError("choices go with the kind choice, and with no other")
        if (self.kind is AnswerKind.MEASURED) is not (self.measure is not None):
            raise ValueError("a measure goes with the kind measured, and with no other")
        if len(set(self.choices)) < len(self.choices) or not all(one.strip() for one in self.choices):
            raise ValueError("a choice is empty, or stands twice")
        if not self.text.strip():
            raise ValueError("the text is empty")
        choice_letters(self.choices)
        if strangers := set(self.stop_on) - set(self.choices):
            raise ValueError(f"stop_on {', '.join(sorted(strangers))} is none of the choices")
        return self._numbers()

    def _numbers(self) -> Self:
        limits = (self.least, self.most, self.stop_below, self.stop_above)
        if self.kind is AnswerKind.NUMBER:
            if self.least is None or self.most is None or not self.unit or self.least > self.most:
                raise ValueError("a number needs its unit, least and most, in order")
            beyond = [one for one in limits[2:] if one is not None and not self.least <= one <= self.most]
            if beyond:
                raise ValueError(f"stop at {beyond[0]}: no answer from {self.least} to {self.most} is beyond")
        elif self.kind is AnswerKind.LIST:
            if self.most is None or self.most < 2 or (self.least, *limits[2:]) != (None,) * 3 or self.unit:
                raise ValueError("a list needs most, from 2 on, and no other limit or unit")
        elif any(limit is not None for limit in limits) or self.unit:
            raise ValueError("unit and limits go with the kind number, and with no other")
        return self

    def shown(self, value: str) -> str:
        """An answer as it is read: the parts of a list by number, `1 sleep · 2 the rash`."""
        parts = self.parts(value) if self.kind is AnswerKind.LIST else []
        return " · ".join(f"{number} {part}" for number, part in enumerate(parts, 1)) or value

    def parts(self, value: str) -> list[str]:
        """The parts of a list's answer."""
        return [part.strip() for part in value.split(";") if part.strip()]

    @property
    def stops(self) -> bool:
        """Whether any answer to it fetches the GP."""
        return bool(self.stop_on) or self.stop_below is not None or self.stop_above is not None

    def stopped_by(self, value: str) -> bool:
        """Whether this answer does."""
        if self.kind is AnswerKind.NUMBER and is_whole_number(value):
            number = int(value)
            below = self.stop_below is not None and number < self.stop_below
            return below or (self.stop_above is not None and number > self.stop_above)
        return value in self.stop_on


def is_whole_number(text: str) -> bool:
    """Whether it is one as it is typed, `-3` among them."""
    return re.fullmatch(r"-?[0-9]{1,9}", text) is not None


class PrepTemplate(Record, extra="forbid"):
    """A checklist for a kind of visit. An answer keeps the version it was given under."""

    id: str = Field(pattern=r"^[a-z0-9_]{1,40}$")
    version: int = Field(ge=1)
    title: str = Field(min_length=1, max_length=60)
    owner: str = Field(min_length=1, max_length=80)
    review: date  # by when its owner looks at it again
    source: str = Field(min_length=1, max_length=300)
    reasons: tuple[str, ...] = ()  # words in an appointment's reason that propose it
    unless: tuple[str, ...] = ()  # longer words that do not, though one of those stands in them: hay fever
    from_age: int | None = Field(default=None, ge=0, le=130)  # years: of whom it is proposed
    to_age: int | None = Field(default=None, ge=0, le=130)
    gender: Gender | None = None
    observations: tuple[Measure, ...] = ()  # asked for beside the slip's own fields
    items: tuple[PrepItem, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        ids = [item.id for item in self.items]
        twice = next((id_ for id_ in ids if ids.count(id_) > 1), None)
        if twice is not None:
            raise ValueError(f"the item {twice!r} stands twice")
        return self

    def fits(self, age: int | None, gender: Gender) -> bool:
        """Whether it is for somebody of this age and gender; what is not known does not speak against it."""
        of_age = age is None or (self.from_age or 0) <= age <= (130 if self.to_age is None else self.to_age)
        return of_age and (self.gender is None or gender not in {Gender.MALE, Gender.FEMALE} - {self.gender})

    def past_review(self, on: date) -> bool:
        """Whether its owner should have looked at it again before `on`."""
        return on > self.review


class PrepOutcome(StrEnum):
    """How an item was met."""

    DONE = "done"
    NOT_NEEDED = "not needed"
    DECLINED = "declined"
    UNABLE = "unable"


class PrepAnswer(Record):
    """One item's answer; `value` is what was said or found, `why` the reason it could not be met."""

    template: str
    template_version: int
    item: str
    text: str  # the item's words as they were when answered
    outcome: PrepOutcome
    value: str = ""
    why: str = ""
    known: Known = ""  # what the list says of it already, so that later days know who last checked it


class Checked(Record):
    """Who last checked what the list says, and what was said."""

    known: Known
    by: str
    at: AwareDatetime
    value: str = ""
