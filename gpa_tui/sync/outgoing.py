"""All that one date is sent as, in the order in which a server can take it: what is referred to first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gpa_tui.records.event import ObservationRecorded, PlanReleased, PrepAnswered
from gpa_tui.records.prep import PrepTemplate
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.prep_list import prep_list
from gpa_tui.session.tasks import Task
from gpa_tui.sync.asks import ecgs, tasks
from gpa_tui.sync.frame import Frame, Resource
from gpa_tui.sync.observations import observations
from gpa_tui.sync.plans import plan
from gpa_tui.sync.trail import audit
from gpa_tui.sync.visits import answers, encounter, needs


def outgoing(
    day: Day,
    templates: Mapping[str, PrepTemplate],
    asked: Sequence[Task] = (),
    known: Mapping[str, str] | None = None,
) -> Iterator[Resource]:
    """The resources of every visit of the day. The same day gives the same resources.

    `asked` are the tasks of the practice, `known` the references that a server has given, by our id.
    """
    for visit in day.rows:
        yield from _of_visit(Frame(visit.appointment, known or {}), day, visit, templates, asked)


def _of_visit(
    frame: Frame,
    day: Day,
    visit: Visit,
    templates: Mapping[str, PrepTemplate],
    asked: Sequence[Task],
) -> Iterator[Resource]:
    holding = [event for event in visit.events if event.id not in day.struck]
    prep = [event for event in holding if isinstance(event.data, PrepAnswered)]
    releases = [event for event in holding if isinstance(event.data, PlanReleased)]
    yield from encounter(frame, visit)
    yield from needs(frame, visit, set(day.struck))
    yield from answers(frame, visit, prep_list(visit, templates), prep[-1] if prep else None)
    for event in visit.events:
        if isinstance(event.data, ObservationRecorded):
            yield from observations(frame, event, struck=event.id in day.struck)
    patient = visit.appointment.patient.id
    first = next(one for one in day.rows if one.appointment.patient.id == patient)
    if visit is first:  # of two visits of a day the first: an ask is of the patient
        yield from tasks(frame, (task for task in asked if task.patient == patient))
    yield from ecgs(frame, visit.ecgs.values())
    yield from plan(frame, visit, releases[-1] if releases else None)
    yield from audit(frame, visit.events)
