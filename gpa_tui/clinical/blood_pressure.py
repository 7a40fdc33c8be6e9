"""A series of clinic blood pressures by NICE NG136 (2019, updated 2023): what to take next, which stands.

1.1: at 140/90 or more a second reading; where it is substantially different a third; the lower of the last
two is the clinic BP. Both arms when a diagnosis is considered: over 15 mmHg apart, repeat; still apart, the
higher arm from then on. Standing after at least a minute: a systolic fall of 20 or more is for a clinician.
NICE gives no number for "substantially"; the practice's setting stands in (proposal: 10 mmHg). No diagnosis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HIGH = (140, 90)  # mmHg, either one (NG136 1.2.3)
ARMS_APART = 15  # mmHg systolic (NG136 1.1.6)
POSTURAL_DROP = 20  # mmHg systolic (NG136 1.1.4)
SUBSTANTIAL = 10  # mmHg (proposal)
SECOND, THIRD = "take a second reading", "take a third reading"


@dataclass(frozen=True, slots=True)
class Pressure:
    """mmHg."""

    systolic: int
    diastolic: int

    @property
    def high(self) -> bool:
        """At or over 140 systolic, or 90 diastolic: either alone is enough."""
        return self.systolic >= HIGH[0] or self.diastolic >= HIGH[1]

    @property
    def shown(self) -> str:
        return f"{self.systolic}/{self.diastolic}"


@dataclass(frozen=True, slots=True)
class Series:
    """The clinic BP so far, which of the readings (from 0) it is drawn from, and what to take next."""

    clinic: Pressure | None
    parents: tuple[int, ...]
    next: str


def series(readings: Sequence[Pressure], substantial: int = SUBSTANTIAL) -> Series:
    """The rule on seated readings of one arm, in the order taken.

    The lower of two is that with the lower systolic, and of equal ones the lower diastolic.
    """
    if not readings:
        return Series(None, (), "")
    if len(readings) == 1:
        return Series(readings[0], (0,), SECOND if readings[0].high else "")
    before, last = readings[-2:]
    parents = (len(readings) - 2, len(readings) - 1)
    clinic = min(before, last, key=lambda one: (one.systolic, one.diastolic))
    apart = max(abs(before.systolic - last.systolic), abs(before.diastolic - last.diastolic))
    third = len(readings) == 2 and readings[0].high and apart > substantial
    return Series(clinic, parents, THIRD if third else "")


def arms(left: Pressure, right: Pressure) -> int:
    """How far the systolic readings of both arms are apart, mmHg; over `ARMS_APART` they are repeated."""
    return abs(left.systolic - right.systolic)


def postural_drop(seated: Pressure, standing: Pressure) -> int:
    """The systolic fall on standing, mmHg; negative when it rose."""
    return seated.systolic - standing.systolic
