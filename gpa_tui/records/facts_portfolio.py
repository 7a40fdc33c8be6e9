"""What a person puts into their portfolio: visits as evidence, what they thought of it, what they read again.

What leaves is made from these, and from counts: none has a field for anybody's name, number, date or address.
"""

from __future__ import annotations

import datetime
from typing import Literal

from pydantic import Field

from gpa_tui.records.base import Record, StaffId
from gpa_tui.records.fact import Fact

GIBBS = ("Description", "Feelings", "Evaluation", "Analysis", "Conclusion", "Action plan")
"""The reflective cycle (Gibbs 1988), as GPA courses ask for it (domain brief, 1.3)."""
FIVE_TS = ("Triage", "Tools", "Take responsibility", "Tell me", "Try again")
"""The five observable skills of teach-back (Anderson 2020, PMC7156258), for whoever watched."""
HEADINGS = (*GIBBS, *FIVE_TS)


class Bare(Record):
    """A visit as it may leave: what was done in it, in words of the program and in numbers.

    What its owner did in it, not what others did. `decade` is of the patient's age in years: 70 for 70 to 79,
    80 for 80 and over, of whom there are few; None where it is not known, or under 16.
    """

    decade: int | None = None
    prep_done: int = 0  # items
    sets: int = 0  # of observations
    raised: int = 0
    escalated: int = 0
    minutes_to_heard: tuple[int, ...] = ()
    ecgs: int = 0
    ecgs_reviewed: int = 0
    messages: int = 0
    own_words: int = 0
    another_go: int = 0
    not_checked: int = 0
    safety_net_back: bool | None = None  # said back; None: there was none
    interpreter: bool = False
    minutes: dict[str, int] = Field(default_factory=dict)  # by stage


class EvidencePicked(Fact):
    """Whoever did it picks a visit that has ended; the month of it stands, not the day."""

    says = "evidence picked"
    kind: Literal["portfolio.picked"] = "portfolio.picked"
    month: str = Field(pattern=r"^\d{4}-\d{2}$")
    competencies: tuple[str, ...] = ()
    bare: Bare


class EvidenceDropped(Fact):
    """About a `portfolio.picked`: it is no evidence any more."""

    says = "evidence dropped"
    kind: Literal["portfolio.dropped"] = "portfolio.dropped"


class ReflectionWritten(Fact):
    """About a `portfolio.picked`: what stands under one heading from now on.

    Of the five skills a supervisor's words stand beside its owner's.
    """

    says = "reflection"
    kind: Literal["portfolio.reflected"] = "portfolio.reflected"
    heading: str
    words: str


class PortfolioViewed(Fact):
    """A supervisor read what this person lets be read of one competency."""

    says = "portfolio read"
    kind: Literal["portfolio.viewed"] = "portfolio.viewed"
    staff: StaffId


class TextRead(Fact):
    """Whoever says so has read these very words on screen, with what may name somebody marked.

    `include`: they may leave with the portfolio. Told by the SHA-256 of the words.
    """

    says = "read for the portfolio"
    kind: Literal["portfolio.read"] = "portfolio.read"
    sha256: str
    include: bool
    on: datetime.date
