"""What the machine carries from a day into the standing journal, so that later days know it.

`upto` is how many saves of the day were read for it: one that has read more replaces one that has read less.
"""

from __future__ import annotations

import datetime
from typing import Literal

from gpa_tui.records.fact import Fact
from gpa_tui.records.observation import Lasting, Spo2Decision, TakenSet
from gpa_tui.records.patient import Need
from gpa_tui.records.prep import Checked


class PatientCarried(Fact):
    """What was said of one patient on `on`: needs noted, words of those that ended, the SpO2 scale, sets."""

    says = "carried to later days"
    kind: Literal["patient.carried"] = "patient.carried"
    on: datetime.date
    upto: int = 0
    needs: tuple[Need, ...] = ()
    ended: tuple[str, ...] = ()
    scale: Spo2Decision | None = None
    sets: tuple[TakenSet, ...] = ()  # of observations: the last few
    lasting: tuple[Lasting, ...] = ()  # the last height, weight, peak flow and its best
    background: str = ""  # family background, for BMI
    checked: tuple[Checked, ...] = ()  # who last checked allergies, medicines


class DayLeftOpen(Fact):
    """What nobody had ended of `on` when somebody last left it: (heading, words) rows."""

    says = "left open"
    kind: Literal["day.left_open"] = "day.left_open"
    on: datetime.date
    upto: int = 0
    rows: tuple[tuple[str, str], ...] = ()
