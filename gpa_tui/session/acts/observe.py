"""Acts of observing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from gpa_tui.clinical import news2, readings
from gpa_tui.clinical.limits import LIMITS, Limit
from gpa_tui.clinical.names import NAMES
from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Mode, Stage
from gpa_tui.records.base import AppointmentId, age_in_years
from gpa_tui.records.competency import Gate
from gpa_tui.records.event import Said
from gpa_tui.records.observation import (
    Measure,
    Missing,
    ObservationSet,
    Pad,
    Reading,
    Score,
    Spo2Decision,
)
from gpa_tui.session.acts.common import (
    Place,
    about,
    carried_on,
    require_identity,
    require_signed_off,
    required_words,
    visit_of,
    words,
)
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.roles import Act, require
from gpa_tui.text import sentence


def record_observations(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    taken: Sequence[Reading],
    missing: Sequence[Missing],
    taken_at: datetime,
    pregnant_or_postpartum: bool | None,
    pregnancy_unknown_because: str = "",
    urine: Mapping[Pad, str] | None = None,
    *,
    totals: bool = True,
) -> list[Said]:
    """One set, scored by NEWS2 where it may be. A trigger opens an escalation in the same act.

    `pregnant_or_postpartum` None is "it is a question, and not known", and needs the reason; hand in False
    where it is no question. Raises `Refused` for an impossible reading, one that is both taken and missing,
    or nothing taken.
    """
    require(place.actor, Act.OBSERVE, appointment)
    visit = visit_of(day, appointment)
    if visit.mode is not Mode.IN_PERSON:
        raise Refused(
            f"{visit.appointment.patient.name.listed} is a {visit.mode.value} row: nothing is measured here.",
            "If they came in, mark them arrived first.",
        )
    require_signed_off(day, place, appointment, Gate.OBSERVATIONS, Act.OBSERVE)
    require_identity(day, place, visit)
    require_possible(taken, missing, urine)
    if pregnant_or_postpartum is None:
        required_words(
            pregnancy_unknown_because,
            "Say whether the patient is pregnant or gave birth lately, or why that is not known.",
        )
    found = ObservationSet(
        taken_at=taken_at,
        readings=tuple(taken),
        missing=tuple(missing),
        urine=dict(urine or {}),
        pregnant_or_postpartum=pregnant_or_postpartum,
        pregnancy_unknown_because=words(pregnancy_unknown_because) if pregnant_or_postpartum is None else "",
        score=scored(day, visit, taken, pregnant_or_postpartum, totals=totals),
    )
    score = found.score
    said = carried_on(visit, (Stage.ARRIVED, Stage.IN_PREP))
    said.append(about(visit, facts.ObservationRecorded(observations=found)))
    return [*said, *(about(visit, raised) for raised in raised_by(score))]


def set_spo2_scale(
    day: Day, place: Place, appointment: AppointmentId, scale: Literal[1, 2], text: str
) -> list[Said]:
    """A clinician decides which SpO2 table is used for this patient from now on, and on what ground.

    Scale 2 is only for hypercapnic respiratory failure with a target of 88 to 92 % (RCP 2017).
    """
    require(place.actor, Act.SET_SCALE, appointment)
    visit = visit_of(day, appointment)
    require_identity(day, place, visit)
    ground = required_words(text, "Say on what ground: the diagnosis, the target, where it is written.")
    decision = Spo2Decision(scale=scale, by=place.actor.name, on=day.date, words=ground)
    return [about(visit, facts.Spo2ScaleSet(decision=decision))]


def raised_by(score: Score) -> list[facts.EscalationRaised]:
    """What a score calls for: the GP is told, in the same act."""
    if not score.trigger:
        return []
    total = "part scores" if score.total is None else str(score.total)
    return [facts.EscalationRaised(because=f"NEWS2 {total}: {score.trigger}", with_entry=True)]


def require_possible(
    taken: Sequence[Reading], missing: Sequence[Missing], urine: Mapping[Pad, str] | None = None
) -> None:
    """Raises `Refused` for what cannot be a set: nothing taken, an impossible value, one measure twice."""
    if not taken and not urine and not missing:
        raise Refused("Nothing was taken, so there is nothing to save.")
    for reading in taken:
        limit = LIMITS.get(reading.measure)
        if limit and not reading.comparator and not _within(limit, reading.value):
            raise Refused(f"{sentence(NAMES[reading.measure])} {reading.value} cannot be right.")
    values = {reading.measure: reading.value for reading in taken}
    if len(values) < len(taken):
        raise Refused("One measure stands twice in this set.")
    letter = next((r.letter for r in taken if r.measure is Measure.CONSCIOUSNESS), "A")
    if letter not in news2.CONSCIOUSNESS:
        raise Refused("Consciousness is one of A, C, V, P and U.")
    for absent in missing:
        required_words(absent.why, f"Say why {NAMES[absent.measure]} was not taken.")
    systolic, diastolic = values.get(Measure.SYSTOLIC), values.get(Measure.DIASTOLIC)
    if systolic is not None and diastolic is not None and readings.pressure_slip(systolic, diastolic):
        raise Refused(readings.pressure_slip(systolic, diastolic))
    twice = {one.measure for one in missing} & set(values)
    if twice:
        raise Refused(f"{sentence(NAMES[twice.pop()])} is both taken and not taken.")


def _within(limit: Limit, value: int | None) -> bool:
    return value is not None and limit.least <= value <= limit.most


def scored(
    day: Day,
    visit: Visit,
    taken: Sequence[Reading],
    pregnant_or_postpartum: bool | None,
    *,
    totals: bool = True,
) -> Score:
    """NEWS2 of these readings for this patient on this date, as the record keeps it.

    Without `totals`, which the practice has switched off, the parts, and of the triggers 3 in one parameter.
    """
    values = {reading.measure: reading for reading in taken}
    if not set(values) & set(news2.SCORED):
        return Score(rule=news2.RULE, parts={}, not_scored="not taken")

    def value(measure: Measure) -> int | None:
        return values[measure].value if measure in values else None

    letter = values.get(Measure.CONSCIOUSNESS)
    decision = visit.spo2_decision
    scale = news2.Spo2Scale(decision.scale if decision else 1)
    result = news2.score(
        news2.Readings(
            respiration=value(Measure.RESPIRATION),
            spo2=value(Measure.SPO2),
            oxygen=value(Measure.OXYGEN),
            systolic=value(Measure.SYSTOLIC),
            pulse=value(Measure.PULSE),
            consciousness=letter.letter if letter else None,
            temperature=value(Measure.TEMPERATURE),
        ),
        age=age_in_years(visit.appointment.patient.born, day.date),
        pregnant_or_postpartum=pregnant_or_postpartum,
        scale=scale,
    )
    if not totals:
        result = news2.without_total(result)
    return Score(
        rule=news2.RULE,
        spo2_scale=scale.value,
        spo2_scale_by=f"{decision.by}, {decision.on}" if decision and decision.scale == 2 else "",
        parts=result.parts,
        total=result.total,
        not_scored=result.not_scored,
        trigger=result.trigger,
    )
