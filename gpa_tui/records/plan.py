"""The GP's plan, the one to three messages put to the patient, and how each was said back."""

from __future__ import annotations

from enum import StrEnum

from gpa_tui.records.base import Record

MOST_MESSAGES = 3  # "Triage": the 1-3 most important points (5Ts, Anderson 2020, PMC7156258)


NET_PARTS = ("watch for what", "better by when", "where to turn")


def net_parts(text: str) -> list[str]:
    """A safety net as it is typed, `fever; Thursday; ring us`, in its parts."""
    return [part.strip() for part in text.split(";")]


def is_whole(parts: list[str]) -> bool:
    """Whether there is each of `NET_PARTS`, and no more."""
    return len(parts) == len(NET_PARTS) and all(parts)


class Translation(Record):
    """The words for the patient in another language, line by line, as a person typed or approved them."""

    language: str
    lines: tuple[str, ...]
    of: tuple[str, ...]  # the English lines that they stand for
    by: str  # who wrote or approved them


class WordsFrom(StrEnum):
    """Whose hands wrote the GP's words down."""

    TYPED_BY_GP = "typed by the GP"
    AS_HEARD = "as heard"


class TeachBackOutcome(StrEnum):
    """How one message was said back (5Ts)."""

    OWN_WORDS = "said in own words"
    ANOTHER_GO = "needed another go"
    NOT_CHECKED = "not checked"


class TeachBack(Record):
    """One message's teach-back: the patient's words, or why it was not checked."""

    message: int  # 1, 2 or 3
    outcome: TeachBackOutcome
    words: str = ""
    why: str = ""


def said_back(result: TeachBack | None) -> str:
    """How a message was said back, in words; none is `not said back`."""
    if result is None:
        return "not said back"
    return ": ".join(part for part in (result.outcome.value, result.words or result.why) if part)


class SafetyNet(Record):
    """What to watch for, by when, and where to turn; all three in the GP's words."""

    what: str
    by_when: str
    where: str
    said_back: bool = False
    written: bool = False  # the patient has it in writing, on another sheet than the handout
