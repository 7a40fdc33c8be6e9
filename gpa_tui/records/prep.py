"""Prep templates and the answers to their items."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from gpa_tui.records.base import Record
from gpa_tui.records.observation import Measure

URINE: Literal["urine"] = "urine"  # a dipstick


class PrepItem(Record):
    """One thing to ask or do before the GP.

    With `choices` the answer is one of them, by its first letter; `stop_on` is the choice that means:
    fetch the GP now. Otherwise the answer is done, with a value or without.
    """

    id: str
    text: str
    why: str = ""
    choices: tuple[str, ...] = ()
    stop_on: str = ""


class PrepTemplate(Record):
    """A checklist for a kind of visit. An answer keeps the version it was given under."""

    id: str
    version: int
    title: str
    owner: str
    source: str
    reasons: tuple[str, ...] = ()  # words in an appointment's reason that propose it
    observations: tuple[Measure | Literal["urine"], ...] = ()  # asked for beside the slip's own fields
    items: tuple[PrepItem, ...] = Field(min_length=1)


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
