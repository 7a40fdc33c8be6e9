"""What is worked out from readings by a published rule, each with its source: for the sheet and the brief.

Figures and bands of a table, never a word on what they mean. No I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gpa_tui.clinical import bmi, extras, peak_flow
from gpa_tui.clinical.how import BY_HAND, IRREGULAR
from gpa_tui.clinical.limits import LIMITS
from gpa_tui.clinical.names import NAMES
from gpa_tui.clinical.rounding import whole
from gpa_tui.records.base import age_in_years
from gpa_tui.records.observation import Aspect, Lasting, Measure, ObservationSet
from gpa_tui.session.day import Visit
from gpa_tui.session.figures import UNITS, score_line, value_shown
from gpa_tui.session.pressures import clinic_pressure, compared, for_a_clinician, to_take

NEWS2 = "Royal College of Physicians, NEWS2 (2017); not in pregnancy or under 16; it overrides no concern"
PRESSURE = "NICE NG136 (2019, updated 2023), 1.1 and 1.2; when a third is asked for: the practice's setting"
BMI = "NICE NG246 (2025) and PH46 (2013); not under 18 or in pregnancy"
BEST = "of the patient's own best: from 80 % green, from 50 % amber, below red (British asthma action plans)"
PREDICTED = "Nunn & Gregg, BMJ 1989, on the EU scale (EN 13826); other formulas differ by 200 l/min"


WORKED_OUT_OF = frozenset({Measure.SYSTOLIC, Measure.WEIGHT, Measure.HEIGHT, Measure.PEAK_FLOW})
"""Readings from which something is worked out beside a score."""


def worked_out(visit: Visit, substantial: int) -> Iterator[tuple[str, str]]:
    """(what, source) of all that is worked out of this patient's last readings."""
    found = visit.last_observations
    if found is not None and found.for_news2:
        yield score_line(found.score), f"{NEWS2}. Rule {found.score.rule}"
    take = to_take(visit, substantial)
    for text in (clinic_pressure(visit, substantial), *compared(visit), take):
        if text:
            yield text, PRESSURE
    yield from _meters(visit)
    yield from _bmi(visit)
    yield from _peak_flow(visit)


def _meters(visit: Visit) -> Iterator[tuple[str, str]]:
    """The last of each meter's readings of this visit, as it is."""
    for measure in (Measure.GLUCOSE, Measure.KETONES):
        limit = LIMITS[measure]
        low, high = extras.shown(measure, limit.low), extras.shown(measure, limit.high)
        source = f"as the meter showed it, nothing worked out; typed twice outside {low} to {high} (proposal)"
        readings = [found.reading(measure) for _, found in visit.observations]
        last = next((one for one in reversed(readings) if one is not None), None)
        if last is not None:
            yield f"{NAMES[measure]} {value_shown(last)} {UNITS[measure]}", source


def _bmi(visit: Visit) -> Iterator[tuple[str, str]]:
    """Of the last weight and the last height, where either was taken in this visit."""
    weight, height = visit.lasting(Measure.WEIGHT), visit.lasting(Measure.HEIGHT)
    if not (weight and height and _today(visit, weight, height)):
        return
    pregnant = next((one.pregnant_or_postpartum for _, one in reversed(visit.observations)), None)
    found = bmi.bmi(
        Decimal(weight.number) / 10,
        Decimal(height.number) / 10,
        age=_age(visit),
        pregnant=pregnant,
        lower_thresholds=bool(visit.background),
    )
    band = f", band {found.band}" if found.band else f", no band: {found.not_classified}"
    lower = (
        f"; the lower thresholds for some family backgrounds, as they said: {visit.background}"
        if found.band and visit.background
        else ""
    )
    earlier = _dated(visit, height)
    yield f"BMI {found.value} kg/m²{earlier}{band}{lower}", BMI


def _peak_flow(visit: Visit) -> Iterator[tuple[str, str]]:
    """The last peak flow of this visit against their own best, and against the formula."""
    flow, best = visit.lasting(Measure.PEAK_FLOW), visit.lasting(Measure.BEST_PEAK_FLOW)
    height, patient = visit.lasting(Measure.HEIGHT), visit.appointment.patient
    age = _age(visit)
    if flow is None or not _today(visit, flow):
        return
    if best is not None:
        percent = peak_flow.percent_of(best.number, flow.number)
        zone = peak_flow.zone(best.number, flow.number)
        own = f"own best {best.number}, of {best.on.day} {best.on:%b %Y}"
        yield f"peak flow {flow.number} l/min, {percent} % of {own}", f"{zone} zone: {BEST}"
    if height is not None and age is not None:
        try:
            eu = peak_flow.predicted(patient.gender.value, age, whole(height.number / 10)).eu
        except ValueError:  # the formula ends there: of their own best alone
            return
        percent = peak_flow.percent_of(eu, flow.number)
        text = f"peak flow {flow.number} l/min, {percent} % of {eu} predicted ({peak_flow.FORMULA})"
        yield f"{text}{_dated(visit, height)}", PREDICTED


def _age(visit: Visit) -> int | None:
    return age_in_years(visit.appointment.patient.born, visit.appointment.start.date())


def _dated(visit: Visit, height: Lasting) -> str:
    """Of which day a height is that was not taken in this visit."""
    return "" if _today(visit, height) else f" (height of {height.on:%d %b %Y})"


def _today(visit: Visit, *readings: Lasting) -> bool:
    """Whether one of them was taken in this visit."""
    taken = {found.taken_at for _, found in visit.observations}
    return any(one.taken_at in taken for one in readings)


def pulse_irregular(found: ObservationSet) -> bool:
    """Whether the pulse was felt to be irregular."""
    pulse = found.reading(Measure.PULSE)
    return pulse is not None and pulse.how.get(Aspect.RHYTHM) == IRREGULAR


def by_hand(found: ObservationSet) -> bool:
    """Whether the blood pressure of the set, if it has one, was taken by hand."""
    systolic = found.reading(Measure.SYSTOLIC)
    return systolic is None or systolic.how.get(Aspect.METHOD) == BY_HAND


def to_be_seen(visit: Visit) -> Iterator[str]:
    """Of the readings what a guideline brings before a clinician beside a score: for the brief."""
    found = visit.last_observations
    if found is not None and pulse_irregular(found):
        yield "pulse irregular, as felt (NICE NG196)"
    yield from for_a_clinician(visit)
