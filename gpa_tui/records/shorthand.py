"""A practice's table of shorthand, as data."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, field_validator, model_validator

from gpa_tui.records.base import Record


class ShortAct(StrEnum):
    """What is done with a form: its plain words stand in its place, it is asked which, or it is typed out."""

    EXPAND = "expand"
    ASK = "ask"
    REFUSE = "refuse"


class Short(Record, extra="forbid"):
    """Some forms of one short word, and what they may mean; of a refused one the sense says why.

    `case`: only in these letters. `behind_a_number`: only there. `glued`: there without a blank, too.
    """

    forms: tuple[str, ...] = Field(min_length=1)
    act: ShortAct
    senses: tuple[str, ...] = Field(min_length=1)
    nhs: bool = False  # the meaning stands on a public NHS list; else it is from training, not sourced
    case: bool = False
    behind_a_number: bool = False
    glued: bool = False


class ShorthandTable(Record, extra="forbid"):
    """A whole table. `conditions`: names that a message may not bring in unless the GP said them."""

    version: int = Field(ge=1)
    owner: str
    source: str
    conditions: tuple[str, ...] = ()
    short: tuple[Short, ...] = ()

    @model_validator(mode="after")
    def _forms_once(self) -> Self:
        forms = [form if short.case else form.casefold() for short in self.short for form in short.forms]
        twice = next((form for form in forms if forms.count(form) > 1), None)
        if twice is not None:
            raise ValueError(f"the form {twice!r} stands twice")
        return self


class Lexicon(Record, extra="forbid"):
    """Words that patients may not know, in small letters, and the plain ones."""

    version: int = Field(ge=1)
    owner: str
    source: str
    words: dict[str, str]

    @field_validator("words")
    @classmethod
    def _in_small_letters(cls, words: dict[str, str]) -> dict[str, str]:
        return {word.casefold(): plain for word, plain in words.items()}
