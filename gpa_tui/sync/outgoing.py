"""All that one date is sent as, in the order in which a server can take it: what is referred to first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gpa_tui.records.base import EventId
from gpa_tui.records.event import (
    AppointmentMoved,
    Event,
    ObservationRecorded,
    PlanGiven,
    PlanReleased,
    PlanTaught,
    PlanWorded,
    PrepAnswered,
    SafetyNetGiven,
)
from gpa_tui.records.prep import PrepTemplate
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.prep_list import prep_list
from gpa_tui.session.tasks import Task
from gpa_tui.sync.asks import ReadFile, ecgs, no_file, tasks
from gpa_tui.sync.frame import Frame, Resource, from_paper
from gpa_tui.sync.observations import observations
from gpa_tui.sync.plans import plan
from gpa_tui.sync.trail import audit
from gpa_tui.sync.visits import answers, encounter, needs

SHARED = frozenset({"Encounter", "QuestionnaireResponse", "Task", "Communication", "DiagnosticReport"})
"""Made of entries that several stores may have said: the one that said the last of them sends it."""
OF_PLAN = (PlanGiven, PlanWorded, PlanReleased, PlanTaught, SafetyNetGiven)


def outgoing(
    day: Day,
    templates: Mapping[str, PrepTemplate],
    asked: Sequence[Task] = (),
    known: Mapping[str, str] | None = None,
    *,
    origin: str = "",
    read_file: ReadFile = no_file,
) -> Iterator[tuple[Visit, Resource]]:
    """The resources of every visit of the day, each with its visit. The same day gives the same resources.

    `asked` are the tasks of the practice, `known` the references that a server has given, by our id; `origin`
    is the store that sends, where there are several: then only what is its to send. `read_file` gives an
    attached file's content.
    """
    for visit in day.rows:
        frame = Frame(visit.appointment, known or {})
        for resource in _of_visit(frame, day, visit, templates, asked, origin, read_file):
            yield visit, resource


def _of_visit(
    frame: Frame,
    day: Day,
    visit: Visit,
    templates: Mapping[str, PrepTemplate],
    asked: Sequence[Task],
    origin: str,
    read_file: ReadFile,
) -> Iterator[Resource]:
    def ours(event: Event | None) -> bool:
        return not origin or event is None or event.origin == origin

    holding = [event for event in visit.events if event.id not in day.struck]
    own = [event for event in visit.events if ours(event)]
    prep, releases = _last(holding, PrepAnswered), _last(holding, PlanReleased)
    if ours(_last(holding, AppointmentMoved)):
        moved = [event for event in holding if isinstance(event.data, AppointmentMoved)]
        yield from from_paper(encounter(frame, visit), *moved)
    yield from needs(frame, visit, own, set(day.struck))
    if ours(prep):
        yield from from_paper(answers(frame, visit, prep_list(visit, templates), prep), prep)
    for event in own:
        if isinstance(event.data, ObservationRecorded):
            yield from observations(frame, event, struck=event.id in day.struck)
    patient = visit.appointment.patient.id
    first = next(one for one in day.rows if one.appointment.patient.id == patient)
    if visit is first:  # of two visits of a day the first: an ask is of the patient
        theirs = (task for task in asked if task.patient == patient)
        yield from tasks(frame, (task for task in theirs if not origin or task.said_at == origin))
    mine = [one for one in visit.ecgs.values() if ours(_last_about(holding, one.id))]
    for ecg in mine:
        of_it = [event for event in holding if ecg.id in {event.id, event.about}]
        yield from from_paper(ecgs(frame, [ecg], read_file), *of_it)
    if ours(_last(holding, *OF_PLAN)):
        yield from from_paper(plan(frame, visit, releases), releases)
    yield from audit(frame, own)


def _last(events: Sequence[Event], *kinds: Any) -> Event | None:
    return next((event for event in reversed(events) if isinstance(event.data, kinds)), None)


def _last_about(events: Sequence[Event], about: EventId) -> Event | None:
    return next((event for event in reversed(events) if about in {event.id, event.about}), None)


def said_elsewhere(visit: Visit, origin: str) -> int:
    """How many entries of other stores a visit has: where another comes, what is shared is sent once more."""
    return sum(1 for event in visit.events if event.origin != origin)
