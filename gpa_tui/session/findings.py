"""What a supervisor looks at first, in the order of `HEADINGS`, each with the entry that it rests on. No I/O.

The order is the domain brief's (1.5, a proposal drawn from the role's duties and limits).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from gpa_tui.clinical.limits import LIMITS
from gpa_tui.clinical.news2 import SCORED
from gpa_tui.clinical.shorthand import find
from gpa_tui.clock import local_date, whole_minutes
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import AppointmentId, EventId, PatientId
from gpa_tui.records.event import Event
from gpa_tui.records.observation import ObservationSet, Reading
from gpa_tui.records.plan import TeachBackOutcome
from gpa_tui.records.prep import PrepOutcome
from gpa_tui.records.shorthand import ShorthandTable
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.describe import WRITTEN, says
from gpa_tui.session.ecg import Ecg
from gpa_tui.session.escalations import heard_words
from gpa_tui.session.figures import reading_line, score_line
from gpa_tui.session.handout import wants_large_print
from gpa_tui.session.mended import late_notes, mended
from gpa_tui.session.tasks import Task
from gpa_tui.session.worked_out import to_be_seen
from gpa_tui.settings import PracticeSettings

ShowTime = Callable[[datetime], str]
HEADINGS = (
    "escalation", "readings", "mended", "ECG", "plan", "identity", "late", "task", "room", "gap", "refused",
    "server", "ended",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: what it is, in words, and the entry of the log that it rests on."""

    heading: str
    words: str
    entry: EventId
    appointment: AppointmentId | None = None
    loud: bool = False  # nobody has heard, seen or ended it yet
    number: int = 0  # of those under one heading that rest on one entry

    @property
    def key(self) -> str:
        return f"{self.heading} {self.entry} {self.number}".removesuffix(" 0")


class Given(NamedTuple):
    """What findings are drawn from, beside the rows."""

    day: Day
    settings: PracticeSettings
    show_time: ShowTime
    shorthand: ShorthandTable


def findings(given: Given, visits: Sequence[Visit], tasks: Iterable[Task]) -> list[Finding]:
    """All of these rows, and of the session itself."""
    found = [one for visit in visits for of in _OF_VISIT for one in of(given, visit)]
    found += _refusals(given, visits)
    found += _tasks(given, visits, tasks)
    seen = Counter[str]()
    for at, one in enumerate(found):
        found[at] = replace(one, number=seen[one.key])
        seen[one.key] += 1
    order = {heading: number for number, heading in enumerate(HEADINGS)}
    return sorted(found, key=lambda one: (order[one.heading], not one.loud))


def _escalations(given: Given, visit: Visit) -> Iterator[Finding]:
    for one in visit.escalations.values():
        after = f", after {whole_minutes(one.at, one.heard_at)} min" if one.heard_at else ""
        words = f"{given.show_time(one.at)} {one.because}: {heard_words(one, given.show_time)}{after}"
        yield Finding("escalation", words, one.event, visit.id, loud=not one.heard)


def _readings(given: Given, visit: Visit) -> Iterator[Finding]:
    last = visit.observations[-1][0] if visit.observations else None
    for event, found in visit.observations:
        no_table = not found.score.parts and any(one.measure in SCORED for one in found.readings)
        raised = found.score.trigger or no_table  # a child, a pregnancy: a clinician looks at the readings
        odd = [
            f"{one.measure.value} {one.typed} typed twice: {one.retyped_because}"
            for one in found.readings
            if one.retyped_because
        ]
        odd += [
            f"{one.measure.value} outside what is usual"
            for one in found.readings
            if _is_unusual(one) and not one.retyped_because
        ]
        if event is last:
            odd += to_be_seen(visit)
        if raised or odd:
            shown = f"{given.show_time(found.taken_at)} {reading_line(found)}. {score_line(found.score)}"
            yield Finding("readings", "; ".join([shown, *odd]), event.id, visit.id)


def _is_unusual(one: Reading) -> bool:
    """Whether it is outside what is typed once (clinical/limits.py)."""
    limit = LIMITS.get(one.measure)
    return limit is not None and one.value is not None and not limit.low <= one.value <= limit.high


def _mended(_: Given, visit: Visit) -> Iterator[Finding]:
    corrections = {
        found.correction.entry: found
        for event in visit.events
        if isinstance(event.data, facts.ObservationRecorded)
        and (found := event.data.observations).correction is not None
    }
    for event, earlier in mended(visit):
        if earlier is None:
            yield Finding("mended", f"wrong record: {says(event)}", event.id, visit.id)
        else:
            after = corrections.get(earlier.id)
            yield Finding("mended", _mended_words(earlier, event, after), event.id, visit.id)


def _mended_words(earlier: Event, strike: Event, after: ObservationSet | None) -> str:
    assert isinstance(strike.data, facts.EntryStruck), "a strike"
    if after is not None and after.correction is not None:
        return f"corrected: {', '.join(after.correction.was)} – {after.correction.why}"
    return f"{'corrected' if strike.data.corrected else 'taken back'}: {says(earlier)} – {strike.data.why}"


def _ecgs(given: Given, visit: Visit) -> Iterator[Finding]:
    for ecg in visit.ecgs.values():
        words = _ecg_words(given, ecg)
        if words:
            yield Finding("ECG", words, ecg.id, visit.id, loud=ecg.reviewed is None)


def _ecg_words(given: Given, ecg: Ecg) -> str:
    limit = given.settings.ecg.late_minutes
    odd = [one.said.attachment.stays_because for one in ecg.filed if one.said.attachment.did_not_fit]
    parts = [f"file DID NOT FIT, stays: {why}" for why in odd]
    parts += [
        f"numbers that do not fit, typed twice: {one.said.typed_twice_because}"
        for one in ecg.recorded.values()
        if one.said.typed_twice_because
    ]
    if ecg.reviewed is None:
        parts.insert(0, f"no clinician has reviewed it, {ecg.stage(given.show_time)}")
    elif (minutes := ecg.minutes_to_review) is not None and minutes >= limit:
        parts.insert(0, f"reviewed after {minutes} min by {ecg.reviewed.said.by}")
    return "; ".join(parts)


def _plans(given: Given, visit: Visit) -> Iterator[Finding]:
    plan = visit.plan
    if not plan.words:
        return
    of = _last_of(visit, facts.PlanGiven, facts.PlanWorded)
    parts = []
    if not plan.messages or plan.messages_are_old:
        parts.append("the GP's words were not gone through")
    elif not plan.released_by:
        parts.append("wording not released")
    not_back = [
        f"message {number} {f'not checked: {result.why}' if result else 'not said back'}"
        for number in range(1, len(plan.messages) + 1)
        if (result := plan.teach_back.get(number)) is None or result.outcome is TeachBackOutcome.NOT_CHECKED
    ]
    if plan.messages and not plan.messages_are_old:
        parts += not_back
    if plan.safety_net is None or plan.net_is_old:
        parts.append("no safety net")
    short = [found.form for message in plan.messages for found in find(message, given.shorthand)]
    if short:
        parts.append(f"shorthand in the messages: {', '.join(dict.fromkeys(short))}")
    fresh = [
        words
        for event in visit.events
        if isinstance(event.data, facts.PlanReleased | facts.SafetyNetGiven)
        and event.id not in given.day.struck
        for words in event.data.confirmed
    ]
    if fresh:
        parts.append(f"not in the GP's words, confirmed: {', '.join(dict.fromkeys(fresh))}")
    if parts:
        yield Finding("plan", "; ".join(parts), of.id, visit.id)


def _identity(given: Given, visit: Visit) -> Iterator[Finding]:
    checks = [
        event
        for event in visit.events
        if isinstance(event.data, facts.IdentityChecked) and event.id not in given.day.struck
    ]
    for event in checks:
        assert isinstance(event.data, facts.IdentityChecked)
        if event.data.matched is not True or event.data.by_name_alone:
            yield Finding("identity", f"{given.show_time(event.done_at)} {says(event)}", event.id, visit.id)
    written = [event for event in visit.events if isinstance(event.data, WRITTEN)]
    if written and not checks:
        yield Finding("identity", "never checked, and written in", written[0].id, visit.id, loud=True)


def _late(given: Given, visit: Visit) -> Iterator[Finding]:
    for event, late in late_notes(given.day, visit, given.settings.review.late_note_minutes):
        yield Finding("late", f"{late} min after they left: {says(event)}", event.id, visit.id)


def _room(given: Given, visit: Visit) -> Iterator[Finding]:
    for event in visit.events:
        if event.id in given.day.struck:
            continue
        match event.data:
            case facts.SafeguardingRaised():
                yield Finding("room", f"{given.show_time(event.done_at)} {says(event)}", event.id, visit.id)
            case facts.ChaperoneRecorded(offered=offered) if offered != "accepted":
                yield Finding("room", says(event), event.id, visit.id)
            case facts.PrepAnswered(answer=answer) if answer.known == "chaperone" and (
                answer.outcome in NOT_DONE or "declin" in answer.value
            ):
                yield Finding("room", says(event), event.id, visit.id)
            case facts.InterpreterRecorded(mode=mode) if mode in {"declined", "none to be had"}:
                yield Finding("room", says(event), event.id, visit.id)
    needs = [need.text for need in visit.patient.needs if need.mark in INTERPRETED]
    written = [event for event in visit.events if isinstance(event.data, WRITTEN)]
    if needs and written and "Interpreter" not in visit.room:
        yield Finding("room", f"{needs[0]}: nobody noted who interpreted", written[-1].id, visit.id)
    plans = [event for event in visit.events if isinstance(event.data, facts.PlanGiven)]
    made = [event.data for event in visit.events if isinstance(event.data, facts.HandoutMade)]
    if plans and wants_large_print(visit) and not any(one.large for one in made):
        yield Finding("room", "large print: no handout was made in it", plans[-1].id, visit.id)


NOT_DONE = frozenset({PrepOutcome.DECLINED, PrepOutcome.UNABLE})
INTERPRETED = frozenset({"INT", "BSL", "MAK", "SSE"})
"""The marks of needs that ask for an interpreter."""


def _ended(given: Given, visit: Visit) -> Iterator[Finding]:
    if visit.under_way and visit.moves:
        since = given.show_time(visit.moves[-1].at)
        yield Finding("ended", f"still {visit.stage.value}, since {since}", visit.moves[-1].event, visit.id)


def _gaps(given: Given, visit: Visit) -> Iterator[Finding]:
    holding = [event for event in visit.events if event.id not in given.day.struck]
    handed = False
    for event in holding:
        match event.data:
            case facts.PrepHandedOver(gaps=gaps):
                handed = True
                if gaps:
                    yield Finding("gap", says(event), event.id, visit.id)
            case facts.PrepAnswered(answer=answer) if answer.outcome in NOT_DONE:
                current = visit.answers.get((answer.template, answer.item)) == answer
                if current and answer.known != "chaperone":  # that stands under room
                    yield Finding("gap", says(event), event.id, visit.id)
    went_in = next((move for move in visit.moves if move.to is Stage.WITH_GP), None)
    if went_in is not None and not handed:
        yield Finding("gap", "went in to the GP without a hand-over", went_in.event, visit.id)


def _server(given: Given, visit: Visit) -> Iterator[Finding]:
    for one in given.day.for_person.values():
        if one.appointment == visit.id and one.open:
            words = one.says.sentence if isinstance(one.says, facts.ServerAsked) else _clash(one.says)
            yield Finding("server", f"not settled: {words}", one.event, visit.id, loud=True)


def _clash(says_: facts.StatusClashed) -> str:
    return f"status {says_.ours} here, {says_.theirs} there"


_OF_VISIT = (
    *(_escalations, _readings, _mended, _ecgs, _plans, _identity, _late, _room, _gaps, _server, _ended),
)


def _refusals(given: Given, visits: Sequence[Visit]) -> Iterator[Finding]:
    """Acts that somebody may not do, of these rows or of none."""
    rows = {visit.id for visit in visits}
    for event in given.day.events:
        if event.appointment is not None and event.appointment not in rows:
            continue
        if isinstance(event.data, facts.ActRefused):
            by = f"{given.show_time(event.done_at)} {event.by.name}: "
            yield Finding("refused", f"{by}{says(event)}", event.id, event.appointment)
        elif isinstance(event.data, facts.SignInRefusedFact):
            yield Finding("refused", says(event), event.id)


def _tasks(given: Given, visits: Sequence[Visit], tasks: Iterable[Task]) -> Iterator[Finding]:
    """What was asked till the end of the date and is still to be done: about these patients, or in it."""
    by_patient = {visit.appointment.patient.id: visit.id for visit in reversed(visits)}
    on, zone = given.day.date, given.settings.zone
    for task in tasks:
        asked, row = local_date(task.asked_at, zone), by_patient.get(task.patient or PatientId(""))
        if task.open and (asked == on or (asked < on and row is not None)):
            who = task.accepted_by or f"{task.owner.name}, nobody has accepted it"
            whose = f"{task.patient_name}: " if row is None and task.patient_name else ""
            yield Finding("task", f"{whose}{task.what} → {who}, by {task.due:%d %b}", task.id, row)


def _last_of(visit: Visit, *kinds: type[facts.Fact]) -> Event:
    return next(event for event in reversed(visit.events) if isinstance(event.data, kinds))
