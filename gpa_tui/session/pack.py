"""The downtime pack: the day's list, each patient's brief, and blank forms, to work from on paper. No I/O."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import show_age, show_date
from gpa_tui.records.prep import PrepTemplate
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.handover import brief
from gpa_tui.session.prep_list import CORE, prep_list

ShowTime = Callable[[datetime], str]
OBSERVATIONS = (
    "Time taken", "Breaths a minute", "SpO2 %", "Air, or oxygen L/min", "Systolic / diastolic, arm",
    "Pulse, regular or not", "ACVPU", "Temperature C", "Pregnant or within six weeks (if asked)",
    "Weight, height", "Glucose, ketones", "Not taken, and why",
    "NEWS2 by the practice's paper chart; who was told, at",
)  # fmt: skip
ECG = (
    "Asked by, how soon, why", "Symptoms now or in 12 hours", "Name, birth date, number put in at the cart",
    "Skin, electrodes, leads checked", "Recorded at, attempt", "Rate, PR, QRS, QT, QTc (formula), axis",
    "The cart's words", "Quality seen to", "Handed to, at", "Reviewed by, at, their words",
)  # fmt: skip
PLAN = (
    "The GP's words, and whose", "Message 1", "Message 2", "Message 3", "Released by, at",
    "Said back: own words / another go / not checked, for each",
    "Safety net: watch for; by when; where to turn",
    "Said back; written copy given", "Who does what, by when",
)  # fmt: skip
HEAD = ("Patient: name, birth date, NHS number", "Identity: who said what", "By (print), at, room")


@dataclass(frozen=True, slots=True)
class Pack:
    """All of it. `rows`: time, whose, what for and how far, what is loud."""

    practice: str
    telephone: str
    on: date
    made: str
    rows: tuple[tuple[str, ...], ...]
    briefs: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    prep: tuple[str, ...]
    forms: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def mark(self) -> str:
        """What tells whether another has anything new: all but when it was made."""
        known = {name: value for name, value in asdict(self).items() if name != "made"}
        return hashlib.sha256(json.dumps(known, default=str, sort_keys=True).encode()).hexdigest()


def pack_of(
    day: Day,
    visits: Sequence[Visit],
    templates: Mapping[str, PrepTemplate],
    practice: str,
    telephone: str,
    now: datetime,
    show_time: ShowTime,
    bp_substantial: int,
) -> Pack:
    """Of a day as it is `now`."""
    here = [
        visit
        for visit in visits
        if not visit.appointment.cancelled and not (visit.unlisted and visit.stage is Stage.BOOKED)
    ]
    return Pack(
        practice,
        telephone,
        day.date,
        show_time(now),
        tuple(_row(visit, day.date, show_time) for visit in here),
        tuple(
            (
                f"{show_time(visit.appointment.start)} {visit.appointment.patient.name.listed}",
                tuple(brief(visit, prep_list(visit, templates), show_time, bp_substantial)),
            )
            for visit in here
        ),
        tuple(item.text for item in templates[CORE].items) if CORE in templates else (),
        (("Observations", OBSERVATIONS), ("ECG", ECG), ("Plan, gone through", PLAN)),
    )


def _row(visit: Visit, on: date, show_time: ShowTime) -> tuple[str, ...]:
    row, patient = visit.appointment, visit.patient
    age = show_age(patient.born, on)
    needs = "; ".join(need.text for need in patient.needs)
    born = f"born {show_date(patient.born)}{f' ({age})' if age else ''}"
    raised = "".join(f"NOT HEARD YET: {one.because}. " for one in visit.open_escalations)
    return (
        show_time(row.start),
        f"{patient.name.listed}, {born}, NHS No. {patient.nhs_number_shown}",
        f"{row.reason or 'no reason on the list'}; {visit.stage.value}",
        f"{raised}Allergies: {patient.allergies_shown}{f'. Needs: {needs}' if needs else ''}",
    )
