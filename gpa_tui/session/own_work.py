"""What each person did on a date, for their portfolio: counted, and each visit without what tells who it was.

No I/O, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gpa_tui.clock import whole_minutes
from gpa_tui.records import event as facts
from gpa_tui.records.base import StaffId, age_in_years
from gpa_tui.records.competency import CompetencyList, Counted, Gate
from gpa_tui.records.event import Event
from gpa_tui.records.facts_portfolio import Bare
from gpa_tui.records.observation import Measure
from gpa_tui.records.plan import TeachBackOutcome
from gpa_tui.records.prep import PrepOutcome
from gpa_tui.records.staff import Role
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.review import READS, worked_by
from gpa_tui.session.stages import ENDED, IN_THE_BUILDING
from gpa_tui.session.taught import taught_in

ALONE = ""  # under nobody's eye: signed off
Done = dict[str, dict[str, dict[str, int]]]
"""By person, competency and under whose eye: in how many visits. Whoever worked as a GPA is in it."""


def what_counts(event: Event) -> set[str]:
    """Which `Gate` or `Counted` it is of; each visit in which it was done counts once."""
    data, is_of = event.data, dict[str, bool]()
    match data:
        case facts.ObservationRecorded(observations=found):
            measures = {one.measure for one in found.readings}
            is_of = {
                Gate.OBSERVATIONS: True,
                Counted.URINE: bool(found.urine),
                Counted.GLUCOSE: not measures.isdisjoint({Measure.GLUCOSE, Measure.KETONES}),
                Counted.PEAK_FLOW: Measure.PEAK_FLOW in measures,
            }
        case facts.ChaperoneRecorded(offered=offered, words=named):
            mine = rf"\b(?:me|myself|i|self|{re.escape(event.by.name.split()[-1])})\b"
            is_me = re.search(mine, named, re.IGNORECASE) is not None
            is_of = {Counted.CHAPERONE: offered == "accepted" and is_me}
        case facts.InterpreterRecorded(mode=mode):
            is_of = {Counted.INTERPRETER: mode not in {"declined", "none to be had"}}
        case _:
            is_of = {
                Gate.PREP: isinstance(data, facts.PrepHandedOver)
                or (isinstance(data, facts.PrepAnswered) and data.answer.outcome is PrepOutcome.DONE),
                Gate.ECG: isinstance(data, facts.EcgRecorded),
                Gate.PLAN: isinstance(data, facts.PlanTaught),
            }
    return {one for one, is_ in is_of.items() if is_}


def done_in(day: Day, competencies: CompetencyList) -> Done:
    """What each person did on a date, as it was done: under whose direct supervision in it, or alone."""
    eyes: dict[tuple[str, str, str], dict[str, str]] = {}  # person, terminal, visit: by competency, whose
    seen: dict[tuple[str, str, str], str] = {}  # person, competency, visit: under whose eye it was first done
    found: Done = {}
    for event in day.events:
        who, where, row = event.by.staff, event.terminal, event.appointment or ""
        if isinstance(event.data, facts.SupervisionStated):
            eyes.setdefault((who, where, row), {}).update(
                dict.fromkeys(event.data.competencies, event.data.supervisor_name)
            )
        elif isinstance(event.data, facts.RecordClosed | facts.SignInLocked | facts.SignInOpened):
            eyes = {key: eye for key, eye in eyes.items() if key[:2] != (who, where)}
        if event.by.role is not Role.GPA or not row or isinstance(event.data, READS):
            continue
        found.setdefault(who, {})
        counts = what_counts(event) if event.id not in day.struck else set()
        for one in competencies.competency if counts else ():
            if not one.counted.isdisjoint(counts):
                seen.setdefault((who, one.id, row), eyes.get((who, where, row), {}).get(one.id, ALONE))
    for (person, competency, _), eye in seen.items():
        of = found[person].setdefault(competency, {})
        of[eye] = of.get(eye, 0) + 1
    return found


def bare_in(day: Day) -> dict[str, dict[str, Bare]]:
    """Every visit that has ended, by its row and by who worked in it, as it would leave."""
    return {
        visit.id: {staff: bare(visit, day, staff) for staff in worked_by(visit)}
        for visit in day.rows
        if visit.stage in ENDED and worked_by(visit)
    }


def did_in(day: Day, visit: Visit, staff: StaffId) -> set[str]:
    """Which gates and counted things this person did in a visit."""
    mine = (event for event in visit.events if event.by.staff == staff and event.id not in day.struck)
    return {one for event in mine for one in what_counts(event)}


def bare(visit: Visit, day: Day, staff: StaffId) -> Bare:
    """What this person did in the visit, without anything that tells who it was: by what is copied, not by
    what is taken out."""
    age = age_in_years(visit.appointment.patient.born, day.date)
    mine = [event for event in visit.events if event.by.staff == staff and event.id not in day.struck]
    ids = {event.id for event in mine}
    answered = {
        (event.data.answer.template, event.data.answer.item)
        for event in mine
        if isinstance(event.data, facts.PrepAnswered) and event.data.answer.outcome is PrepOutcome.DONE
    }
    taught = taught_in(mine)
    sets = [found for event, found in visit.observations if event.id in ids]
    ecgs = [one for one in visit.ecgs.values() if any(it.event.id in ids for it in one.recorded.values())]
    raised = [one for one in visit.escalations.values() if one.by.staff == staff]
    minutes: dict[str, int] = {}
    for move, then in zip(visit.moves, visit.moves[1:], strict=False):
        if move.to in IN_THE_BUILDING:
            spent = minutes.get(move.to.value, 0)
            minutes[move.to.value] = spent + whole_minutes(move.at, then.at)
    net = next((event.data for event in reversed(mine) if isinstance(event.data, facts.SafetyNetGiven)), None)
    outcomes = list(taught.values())
    return Bare(
        decade=min(age // 10 * 10, OLDEST) if age is not None and age >= YOUNGEST else None,
        prep_done=len(answered),
        sets=len(sets),
        raised=sum(bool(found.score.trigger) for found in sets),
        escalated=len(raised),
        minutes_to_heard=tuple(whole_minutes(one.at, one.heard_at) for one in raised if one.heard_at),
        ecgs=len(ecgs),
        ecgs_reviewed=sum(one.reviewed is not None for one in ecgs),
        messages=len(taught),
        own_words=outcomes.count(TeachBackOutcome.OWN_WORDS),
        another_go=outcomes.count(TeachBackOutcome.ANOTHER_GO),
        not_checked=outcomes.count(TeachBackOutcome.NOT_CHECKED),
        safety_net_back=net.safety_net.said_back if net is not None else None,
        interpreter=any(Counted.INTERPRETER in what_counts(event) for event in mine),
        minutes=minutes,
    )


YOUNGEST = 16  # years; a child's decade would say too much in a small practice
OLDEST = 80  # and over: of a practice's oldest each would be known by the decade


def bare_lines(one: Bare) -> Iterator[str]:
    """The same in words."""
    older = " or older" if one.decade == OLDEST else ""
    yield f"A patient in their {one.decade}s{older}" if one.decade is not None else "A patient"
    if one.prep_done:
        yield f"Prepared: {one.prep_done} {'item' if one.prep_done == 1 else 'items'}"
    if one.sets:
        raised = f"; a raised score in {one.raised}" if one.raised else ""
        yield f"Observations: {one.sets} {'set' if one.sets == 1 else 'sets'}{raised}"
    if one.escalated:
        heard = ", ".join(f"{minutes} min" for minutes in one.minutes_to_heard)
        not_heard = one.escalated - len(one.minutes_to_heard)
        parts = [f"heard after {heard}" if heard else "", f"{not_heard} not heard" if not_heard else ""]
        yield f"Escalated {one.escalated}: {', '.join(part for part in parts if part)}"
    if one.ecgs:
        yield f"ECGs: {one.ecgs}, of which a clinician reviewed {one.ecgs_reviewed}"
    if one.messages:
        yield (
            f"Plan in {one.messages} {'message' if one.messages == 1 else 'messages'}: "
            f"{one.own_words} said back in own words, {one.another_go} after another go, "
            f"{one.not_checked} not checked"
        )
    if one.safety_net_back is not None:
        yield f"Safety net {'said back' if one.safety_net_back else 'given, not said back'}"
    if one.interpreter:
        yield "With an interpreter"
    if one.minutes:
        yield "; ".join(f"{stage} {minutes} min" for stage, minutes in one.minutes.items())


def five_ts(one: Bare, heading: str) -> str:
    """What the log says to one of the five skills, for whoever watched to add to; else empty."""
    return {
        "Triage": f"{one.messages} messages" if one.messages else "",
        "Tell me": f"{one.own_words} of {one.messages} said in own words" if one.messages else "",
        "Try again": f"{one.another_go} put another way" if one.another_go else "",
    }.get(heading, "")
