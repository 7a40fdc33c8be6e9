"""What the machine carries from a day into the standing journal, so that later days know it."""

from __future__ import annotations

import datetime
from typing import Literal

from gpa_tui.records.fact import Fact
from gpa_tui.records.patient import Need


class PatientCarried(Fact):
    """All that stands of one patient at the end of `on`, or as far as it went; a later one replaces it.

    `needs` were noted that day; `ended` are the words of those that were said not to hold any more.
    """

    says = "carried to later days"
    kind: Literal["patient.carried"] = "patient.carried"
    on: datetime.date
    needs: tuple[Need, ...] = ()
    ended: tuple[str, ...] = ()
