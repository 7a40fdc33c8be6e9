"""Event → state. The only place that changes a day; total, and the same for the same set of events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Appointment
from gpa_tui.records.base import AppointmentId, EventId, show_date
from gpa_tui.records.event import Event
from gpa_tui.session.day import (
    AtTerminal,
    Day,
    Escalation,
    ForPerson,
    GoneThrough,
    IdentityState,
    KnownOf,
    Move,
    Shown,
    Visit,
    nothing_known,
)
from gpa_tui.session.ecg import take_ecg


def folded(on: date, events: Iterable[Event], known: KnownOf = nothing_known) -> Day:
    """The day that `events` make, whatever order they come in; `known` is what earlier days left."""
    day = Day(on, known_before=known)
    for event in sorted(events, key=lambda event: event.order):
        fold(day, event)
    return day


def fold(day: Day, event: Event) -> None:
    """Take one event, later in order than all before it, into `day`. Never raises."""
    day.events.append(event)
    match event.data:
        case facts.ClinicOpened(clinic=clinic):
            day.clinics[clinic.id] = clinic
        case facts.AppointmentRevised(appointment=appointment):
            _perhaps_another(day, appointment)
        case facts.AppointmentListed(appointment=appointment):
            _list(day, event, appointment)
        case facts.EntryStruck() if event.about:
            day.struck.add(event.about)
            if event.data.corrected:
                day.corrected.add(event.about)
            _unchecked(day, event.about)
    if isinstance(event.data, _KNOWN) and event.patient is not None:
        day.known_events.setdefault(event.patient, []).append(event)
    _fold_place(day, event)
    _fold_for_person(day, event)
    visit = day.visits.get(event.appointment) if event.appointment else None
    if visit is not None:
        visit.events.append(event)
        if event.id not in day.struck:
            _fold_visit(visit, event)
    if isinstance(event.data, facts.EntryStruck):
        for one in day.visits.values():
            if any(entry.id == event.about for entry in one.events):
                _refold_visit(one, day.struck)


def _fold_place(day: Day, event: Event) -> None:
    """Whose record is open at the event's terminal, and whether the person there was identified."""
    key = (event.by.staff, event.terminal)
    match event.data:
        case facts.RecordViewed() if event.appointment:
            place = day.at_terminal.get(key)
            if place is None or place.appointment != event.appointment:
                place = day.at_terminal[key] = AtTerminal(event.appointment)
            place.by, place.here = event.by.name, True
        case facts.RecordClosed():
            place = day.at_terminal.get(key)
            if place is not None and place.appointment == event.appointment:
                place.here, place.supervised = False, {}
        case facts.IdentityChecked() if event.appointment:
            before = day.at_terminal.get(key)
            after = day.at_terminal[key] = _after_check(before, event.appointment, event.data)
            after.by, after.here = event.by.name, before is None or before.here
            if before is not None and before.appointment == event.appointment:
                after.supervised = before.supervised
        case facts.SupervisionStated(supervisor_name=name, competencies=competencies) if event.appointment:
            place = day.at_terminal.get(key)
            if place is None or place.appointment != event.appointment:
                place = day.at_terminal[key] = AtTerminal(event.appointment, by=event.by.name)
            place.supervised = place.supervised | dict.fromkeys(competencies, name)
        case facts.SignInOpened() | facts.SignInClosed():
            day.at_terminal.pop(key, None)
            _screen_gone(day, event)
        case facts.SignInLocked():
            _screen_gone(day, event)
            if key in day.at_terminal:
                day.at_terminal[key].supervised = {}


def _fold_for_person(day: Day, event: Event) -> None:
    """What the practice's server leaves to somebody, and what they said."""
    match event.data:
        case facts.ServerAsked() | facts.StatusClashed() if event.appointment:
            _ask_person(day, event, event.data)
        case facts.ServerAnswered(same=answer) | facts.StatusPicked(ours=answer):
            about = day.for_person.get(event.about) if event.about else None
            for one in [one for one in day.for_person.values() if about is not None and one.is_same(about)]:
                day.for_person[one.event] = replace(one, answer=answer)


def _list(day: Day, event: Event, appointment: Appointment) -> None:
    visit = day.visits.get(appointment.id)
    if visit is None:
        day.visits[appointment.id] = Visit(appointment, known=day.known)
    elif visit.appointment.patient.who == appointment.patient.who:
        visit.appointment, visit.unlisted = appointment, False
    elif event.appointment is not None:  # another store listed somebody else: neither is taken for the other
        _ask_person(day, event, _listed_elsewhere(visit.appointment, appointment))


def _ask_person(day: Day, event: Event, says: facts.ServerAsked | facts.StatusClashed) -> None:
    """Left to somebody, unless the same was answered before."""
    assert event.appointment is not None, "of a row"
    asked = ForPerson(event.id, event.at, event.appointment, says)
    before = (one.answer for one in day.for_person.values() if one.is_same(asked) and not one.open)
    day.for_person[event.id] = replace(asked, answer=next(before, None))


def _listed_elsewhere(ours: Appointment, theirs: Appointment) -> facts.ServerAsked:
    def named(row: Appointment) -> str:
        return f"{row.patient.name.listed}, born {show_date(row.patient.born)}"

    sentence = f"This row is {named(ours)}, here and {named(theirs)}, on another host."
    return facts.ServerAsked(sentence=sentence, appointment=theirs, changed=("patient",))


def _perhaps_another(day: Day, now: Appointment) -> None:
    """Where the list says that the row is somebody else's, nobody there has been identified."""
    visit = day.visits.get(now.id)
    if visit is None or visit.appointment.patient.who == now.patient.who:
        return
    for place in day.at_terminal.values():
        if place.appointment == now.id:
            place.identity, place.misfit, place.supervised = IdentityState.NOT_CHECKED, False, {}


_KNOWN = (
    facts.NeedNoted,
    facts.NeedEnded,
    facts.Spo2ScaleSet,
    facts.ObservationRecorded,
    facts.BackgroundNoted,
    facts.PrepAnswered,
)


def _screen_gone(day: Day, event: Event) -> None:
    """What stood on the screen of this terminal stands there no longer."""
    for visit in day.visits.values():
        for one in visit.escalations.values():
            one.seen = [
                replace(shown, gone=True) if shown.terminal == event.terminal else shown for shown in one.seen
            ]


def _unchecked(day: Day, struck: EventId) -> None:
    """An identity check that is struck opens nothing any more."""
    check = next((one for one in day.events if one.id == struck), None)
    if check is not None and isinstance(check.data, facts.IdentityChecked):
        place = day.at_terminal.get((check.by.staff, check.terminal))
        if place is not None and place.appointment == check.appointment:
            place.identity, place.misfit = IdentityState.NOT_CHECKED, False


def _after_check(
    before: AtTerminal | None, appointment: AppointmentId, check: facts.IdentityChecked
) -> AtTerminal:
    """Only words that fit take a misfit away: that nobody could say it does not."""
    if check.matched is not None:
        fits = IdentityState.BY_NAME if check.by_name_alone else IdentityState.CHECKED
        state = fits if check.matched else IdentityState.MISFIT
        return AtTerminal(appointment, state, misfit=not check.matched)
    misfit = before is not None and before.appointment == appointment and before.misfit
    state = IdentityState.BY_RECORD_AFTER_MISFIT if misfit else IdentityState.BY_RECORD
    return AtTerminal(appointment, state, misfit)


def _refold_visit(visit: Visit, struck: set[EventId]) -> None:
    """Make the visit anew from its own events but for those that were taken back."""
    fresh = Visit(visit.appointment, visit.unlisted)
    for event in visit.events:
        if event.id not in struck:
            _fold_visit(fresh, event)
    for name in ("moves", "templates", "answers", "observations", "escalations", "plan", "ecgs"):
        setattr(visit, name, getattr(fresh, name))
    visit.identity, visit.room = fresh.identity, fresh.room


def _fold_visit(visit: Visit, event: Event) -> None:
    handler = _VISIT.get(type(event.data))
    if handler is not None:
        handler(visit, event, event.data)
    take_ecg(visit.ecgs, event)


def _revised(visit: Visit, _: Event, data: facts.AppointmentRevised) -> None:
    if data.appointment.id == visit.id:
        visit.appointment, visit.unlisted = data.appointment, False


def _unlisted(visit: Visit, _: Event, __: facts.AppointmentUnlisted) -> None:
    visit.unlisted = True


def _moved(visit: Visit, event: Event, data: facts.AppointmentMoved) -> None:
    visit.moves.append(Move(event.id, event.done_at, data.was, data.to, event.by))


def _identity(visit: Visit, event: Event, _: facts.IdentityChecked) -> None:
    visit.identity = event


def _present(visit: Visit, _: Event, data: facts.PresentRecorded) -> None:
    visit.room["In the room"] = data.who


def _chaperone(visit: Visit, _: Event, data: facts.ChaperoneRecorded) -> None:
    visit.room["Chaperone"] = f"{data.offered} {data.words}".strip()


def _interpreter(visit: Visit, _: Event, data: facts.InterpreterRecorded) -> None:
    visit.room["Interpreter"] = f"{data.mode}: {data.words}"


def _capacity(visit: Visit, _: Event, data: facts.CapacityNoted) -> None:
    visit.room["Capacity"] = data.words


def _template(visit: Visit, _: Event, data: facts.PrepTemplateChosen) -> None:
    kept = visit.templates if data.added else ()
    visit.templates = (*(one for one in kept if one != data.template), data.template)


def _answered(visit: Visit, _: Event, data: facts.PrepAnswered) -> None:
    visit.answers[(data.answer.template, data.answer.item)] = data.answer


def _observed(visit: Visit, event: Event, data: facts.ObservationRecorded) -> None:
    visit.observations.append((event, data.observations))
    visit.observations.sort(key=lambda one: (one[1].taken_at, one[0].order))


def _escalated(visit: Visit, event: Event, data: facts.EscalationRaised) -> None:
    heard_at = event.done_at if data.told else None
    visit.escalations[event.id] = Escalation(
        event.id, event.done_at, data.because, event.by, data.told, heard_at=heard_at
    )


def _told(visit: Visit, event: Event, data: facts.EscalationTold) -> None:
    escalation = visit.escalations.get(event.about) if event.about else None
    if escalation is not None:
        escalation.told, escalation.nobody_told = data.told, data.nobody
        if not data.nobody:
            escalation.heard_at = escalation.heard_at or event.done_at


def _shown(visit: Visit, event: Event, data: facts.EscalationSeen) -> None:
    escalation = visit.escalations.get(event.about) if event.about else None
    if escalation is not None:
        escalation.seen.append(Shown(data.who, data.terminal, event.at))


def _acknowledged(visit: Visit, event: Event, _: facts.EscalationAcknowledged) -> None:
    escalation = visit.escalations.get(event.about) if event.about else None
    if escalation is not None:
        escalation.heard_by, escalation.confirmed_at = event.by.name, event.done_at
        escalation.heard_at = escalation.heard_at or event.done_at


def _plan_given(visit: Visit, event: Event, data: facts.PlanGiven) -> None:
    """Other words of the GP: what was drawn from the ones before is old, and nothing of it is said back."""
    plan = visit.plan
    if plan.words and plan.words != data.words:
        plan.messages_are_old, plan.net_is_old = bool(plan.messages), plan.safety_net is not None
        if plan.released_by and plan.released_at:
            gone = GoneThrough(plan.messages, plan.teach_back, plan.released_by, plan.released_at)
            plan.gone_through = (*plan.gone_through, gone)
        plan.teach_back, plan.answers = {}, {}
        plan.released_by, plan.released_at = "", None
    plan.words, plan.words_from, plan.given_by = data.words, data.words_from, data.given_by
    plan.given_at = event.done_at


def _plan_worded(visit: Visit, _: Event, data: facts.PlanWorded) -> None:
    """New wording is not yet released; what was said back stands for the messages that did not change."""
    old = visit.plan
    kept = {
        number: result
        for number, result in old.teach_back.items()
        if old.messages[number - 1 : number] == data.messages[number - 1 : number]
    }
    visit.plan = replace(
        old,
        messages=data.messages,
        messages_are_old=False,
        left_out=data.left_out,
        answers=data.answers,
        released_by="",
        released_at=None,
        teach_back=kept,
    )


def _released(visit: Visit, event: Event, data: facts.PlanReleased) -> None:
    visit.plan.released_by, visit.plan.released_at = data.released_by, event.done_at


def _taught(visit: Visit, _: Event, data: facts.PlanTaught) -> None:
    visit.plan.teach_back[data.teach_back.message] = data.teach_back


def _safety_netted(visit: Visit, _: Event, data: facts.SafetyNetGiven) -> None:
    visit.plan.safety_net, visit.plan.net_is_old = data.safety_net, False
    visit.plan.net_written = data.safety_net.written


def _translated(visit: Visit, _: Event, data: facts.PlanTranslated) -> None:
    visit.plan.translation = data.translation


def _handed_out(visit: Visit, _: Event, __: facts.HandoutMade) -> None:
    """The safety net as it now is stands on the handout."""
    visit.plan.net_written = visit.plan.net_written or bool(
        visit.plan.safety_net and not visit.plan.net_is_old
    )


_VISIT: dict[type[facts.Fact], Callable[[Visit, Event, Any], None]] = {
    facts.AppointmentRevised: _revised,
    facts.AppointmentUnlisted: _unlisted,
    facts.AppointmentMoved: _moved,
    facts.IdentityChecked: _identity,
    facts.PresentRecorded: _present,
    facts.ChaperoneRecorded: _chaperone,
    facts.InterpreterRecorded: _interpreter,
    facts.CapacityNoted: _capacity,
    facts.PrepTemplateChosen: _template,
    facts.PrepAnswered: _answered,
    facts.ObservationRecorded: _observed,
    facts.EscalationRaised: _escalated,
    facts.EscalationTold: _told,
    facts.EscalationSeen: _shown,
    facts.EscalationAcknowledged: _acknowledged,
    facts.PlanGiven: _plan_given,
    facts.PlanWorded: _plan_worded,
    facts.PlanReleased: _released,
    facts.PlanTaught: _taught,
    facts.SafetyNetGiven: _safety_netted,
    facts.PlanTranslated: _translated,
    facts.HandoutMade: _handed_out,
}
