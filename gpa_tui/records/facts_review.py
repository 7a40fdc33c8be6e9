"""What a supervisor says of a session's log, and what is answered. It stands in the standing journal.

`on` is the clinic's date. What an entry is about stays with it: `about` names the entry, or the query.
"""

from __future__ import annotations

import datetime
from typing import Literal

from pydantic import Field

from gpa_tui.records.base import AppointmentId, Record, StaffId
from gpa_tui.records.fact import Fact

Verdict = Literal["agreed", "query", "sent back"]


class Seen(Record):
    """A patient's row, and how many entries it had when it was looked at."""

    appointment: AppointmentId
    entries: int


class SampleDrawn(Fact):
    """Which rows are looked at in any case: the `percent` of them whose SHA-256 of seed and row is lowest."""

    says = "sample drawn"
    kind: Literal["review.sampled"] = "review.sampled"
    on: datetime.date
    seed: str
    percent: int = Field(ge=0, le=100)


class ReviewGiven(Fact):
    """A verdict on the entry that it is about, or else on the whole of `rows`.

    A query, or what is sent back, is for `to` to answer; `of` says in words what it is about. `found` is what
    stood out about the entry when it was agreed with.
    """

    says = "reviewed"
    kind: Literal["review.given"] = "review.given"
    on: datetime.date
    verdict: Verdict
    words: str = ""
    rows: tuple[Seen, ...] = ()
    to: tuple[StaffId, ...] = ()
    of: str = ""
    found: tuple[str, ...] = ()


class ReviewAnswered(Fact):
    """About a `review.given` that asked or sent back."""

    says = "query answered"
    kind: Literal["review.answered"] = "review.answered"
    on: datetime.date
    words: str


class ReviewSigned(Fact):
    """The session is reviewed: its log as it then was, `n` saves up to `hash`, with what was still open.

    `others` are the same of the practice's other stores, by origin; `seen` the last entry of each that was
    there. `words` are feedback to whoever worked (`worked`, as a GPA).
    """

    says = "review signed off"
    kind: Literal["review.signed"] = "review.signed"
    on: datetime.date
    n: int
    hash: str
    seen: dict[str, int] = Field(default_factory=dict)
    others: dict[str, tuple[int, str]] = Field(default_factory=dict)
    still_open: tuple[str, ...] = ()
    worked: tuple[StaffId, ...] = ()
    words: str = ""


class DayPurged(Fact):
    """By the practice's rule a date's files were taken away: its log then, `n` saves up to `hash`.

    `file` is the archive that has them, with its SHA-256; empty where they were destroyed. `names` are hashes
    of its patients' names: in a portfolio they are still told from other words. `others` are the logs of the
    practice's other stores that went with it, by origin.
    """

    says = "taken away by rule"
    kind: Literal["day.purged"] = "day.purged"
    on: datetime.date
    n: int
    hash: str
    file: str = ""
    sha256: str = ""
    names: tuple[str, ...] = ()
    others: dict[str, tuple[int, str]] = Field(default_factory=dict)


class ReviewReopened(Fact):
    """What was signed off is looked at again."""

    says = "review reopened"
    kind: Literal["review.reopened"] = "review.reopened"
    on: datetime.date
    why: str
