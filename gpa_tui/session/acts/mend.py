"""Acts that mend the record: an entry is struck, or moved to the right patient. Both stay to be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gpa_tui.clinical.names import NAMES
from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Mode
from gpa_tui.records.base import AppointmentId, EventId, age_in_years
from gpa_tui.records.competency import Gate
from gpa_tui.records.event import Event, KnownFact, Said
from gpa_tui.records.observation import Correction, Missing, ObservationSet, Pad, Reading
from gpa_tui.records.patient import Gender
from gpa_tui.session.acts.common import (
    Place,
    about,
    raised_with,
    require_identity,
    require_signed_off,
    required_words,
    visit_of,
    words,
)
from gpa_tui.session.acts.observe import raised_by, require_possible, scored
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.figures import how_shown, value_shown
from gpa_tui.session.roles import Act, require

MOVABLE = (
    facts.PrepAnswered,
    facts.ObservationRecorded,
    facts.EscalationRaised,
    facts.PlanGiven,
    facts.PlanWorded,
    facts.SafetyNetGiven,
    facts.PresentRecorded,
    facts.ChaperoneRecorded,
    facts.InterpreterRecorded,
    facts.CapacityNoted,
    facts.NeedNoted,
    facts.NeedEnded,
    facts.SafeguardingRaised,
)
"""What can be re-entered elsewhere; a release or a teach-back, of one wording and patient, is only struck."""
_OF_AN_ECG = (
    facts.EcgSymptomsAsked,
    facts.EcgAllowed,
    facts.EcgPrepared,
    facts.EcgRecorded,
    facts.EcgQualityChecked,
    facts.EcgFiled,
    facts.EcgHanded,
    facts.EcgNotObtained,
    facts.EcgReviewed,
)
STRUCK_ALONE = (
    facts.BackgroundNoted,
    facts.PlanReleased,
    facts.PlanTaught,
    facts.PlanTranslated,
    facts.IdentityChecked,
    facts.Spo2ScaleSet,
    facts.EcgRequested,
    *_OF_AN_ECG,
)
"""An ECG is struck where it is wrong, and its file attached anew where it belongs."""
_OF_WORDING = (facts.PlanReleased, facts.PlanTaught, facts.PlanTranslated)
_OF_A_PLAN = (facts.PlanWorded, *_OF_WORDING, facts.SafetyNetGiven)
_RAISING = (
    facts.ObservationRecorded,
    facts.SafeguardingRaised,
    facts.PrepAnswered,
    facts.EcgSymptomsAsked,
    facts.EcgRecorded,
    facts.EcgQualityChecked,
    facts.EcgNotObtained,
    facts.EcgFiled,
)
NOT_SCORED_HERE = "a set moved here is not scored: tell the readings"
NOT_ASKED = "moved from another record: ask"
LEAVING = ("exported", "printed", "entry.copied", "handout.made")


def mine_here(day: Day, place: Place, appointment: AppointmentId) -> list[Event]:
    """What this person has entered in one record at any terminal, and is not struck: what can be moved."""
    visit = visit_of(day, appointment)
    return [
        event
        for event in visit.events
        if event.by.staff == place.actor.staff
        and isinstance(event.data, MOVABLE)
        and event.id not in day.struck
        and not _came_with_another(visit, event)
    ]


def left_since(day: Day, events: Sequence[Event]) -> list[Event]:
    """What had left the store with these entries in it: since the first of them, of the day or this visit."""
    first = min(event.order for event in events)
    whose = {None, *(event.appointment for event in events)}
    return [
        event
        for event in day.events
        if event.kind in LEAVING and event.order > first and event.appointment in whose
    ]


def strike(day: Day, place: Place, appointment: AppointmentId, entry: EventId, why: str) -> list[Said]:
    """One's own entry no longer counts, with the reason; nor does what rested on it."""
    require(place.actor, Act.MEND, appointment)
    visit = visit_of(day, appointment)
    event = _own(day, place, visit, entry, (*MOVABLE, *STRUCK_ALONE))
    _require_unseen(visit, event)
    reason = required_words(why, "Say why this entry is struck.")
    gone = (event.id, *_rests_on(day, visit, event))
    return [about(visit, facts.EntryStruck(why=reason), one) for one in gone]


def correct_observations(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    entry: EventId,
    taken: Sequence[Reading],
    missing: Sequence[Missing],
    why: str,
    urine: Mapping[Pad, str] | None = None,
    *,
    pregnant_or_postpartum: bool | None = False,
    pregnancy_unknown_because: str = "",
    totals: bool = True,
) -> list[Said]:
    """One's own set was wrong in some value: the whole set anew, with what changed and why. Both stay.

    It is scored anew, and raises what it raises; what the old one raised goes with it.
    """
    require(place.actor, Act.MEND, appointment)
    visit = visit_of(day, appointment)
    require_signed_off(day, place, appointment, Gate.OBSERVATIONS, Act.MEND)
    require_identity(day, place, visit)
    event = _own(day, place, visit, entry, (facts.ObservationRecorded,))
    assert isinstance(event.data, facts.ObservationRecorded)
    before, reason = event.data.observations, required_words(why, "Say why it is corrected.")
    strip = dict(urine or {})
    pregnant, unknown = pregnant_or_postpartum, words(pregnancy_unknown_because)
    if pregnant is None:
        unknown = unknown or before.pregnancy_unknown_because or NOT_ASKED
    was = (
        *_changed(before, taken, missing),
        *_changed_strip(before.urine, strip),
        *_changed_pregnancy(before, pregnant),
    )
    if not was:
        raise Refused("Nothing is changed by that.")
    require_possible(taken, missing, strip)
    score = scored(day, visit, taken, pregnant, totals=totals)
    found = before.model_copy(
        update={
            "readings": tuple(taken),
            "missing": tuple(missing),
            "urine": strip,
            "pregnant_or_postpartum": pregnant,
            "pregnancy_unknown_because": unknown if pregnant is None else "",
            "score": score,
            "correction": Correction(entry=entry, why=reason, was=was),
        }
    )
    struck = (event.id, *_rests_on(day, visit, event))
    return [
        *(about(visit, facts.EntryStruck(why=f"corrected: {reason}", corrected=True), one) for one in struck),
        about(visit, facts.ObservationRecorded(observations=found)),
        *(about(visit, raised) for raised in _raised_of(found)),
    ]


def _changed(before: ObservationSet, taken: Sequence[Reading], missing: Sequence[Missing]) -> Iterator[str]:
    """What stood in the set and stands there no longer, in words."""
    now = {reading.measure: _as_read(reading) for reading in taken}
    for reading in before.readings:
        if now.get(reading.measure) != _as_read(reading):
            yield f"{NAMES[reading.measure]} was {value_shown(reading)} {how_shown(reading)}".rstrip()
    had = {reading.measure for reading in before.readings}
    yield from (f"{NAMES[one]} was not taken" for one in now if one not in had)
    whys = {one.measure: one.why for one in before.missing}
    for one in missing:
        if one.measure in whys and whys[one.measure] != one.why:
            yield f"{NAMES[one.measure]} was not taken, {whys[one.measure]}"


def _raised_of(found: ObservationSet) -> list[facts.EscalationRaised]:
    """What a set raises; one that was moved here, with pregnancy not asked about, that it is not scored."""
    raised = raised_by(found.score)
    if not raised and found.pregnancy_unknown_because == NOT_ASKED:
        raised = [facts.EscalationRaised(because=NOT_SCORED_HERE, with_entry=True)]
    return raised


def _changed_pregnancy(before: ObservationSet, now: bool | None) -> Iterator[str]:
    said = {True: "pregnant or gave birth lately", False: "not pregnant", None: "pregnancy not known"}
    if before.pregnant_or_postpartum is not now:
        yield f"was {said[before.pregnant_or_postpartum]}"


def _changed_strip(before: Mapping[Pad, str], now: Mapping[Pad, str]) -> Iterator[str]:
    for pad in Pad:
        if before.get(pad) != now.get(pad):
            yield f"urine {pad.value} was {before.get(pad, 'not read')}"


def _as_read(reading: Reading) -> tuple[object, ...]:
    return reading.value, reading.comparator, reading.letter, reading.how


def move_entries(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    to: AppointmentId,
    entries: Sequence[EventId],
    *,
    totals: bool = True,
) -> list[Said]:
    """Entries in the wrong record are struck there and re-entered in the record of `to`, in one act.

    What rested on them is struck too: a release, a teach-back, an escalation. Observations are scored anew
    for the patient they belong to, and raise what they raise there.
    """
    require(place.actor, Act.MEND, appointment)
    visit, target = visit_of(day, appointment), visit_of(day, to)
    if visit.id == target.id:
        raise Refused("That is the record they are in.")
    if not entries:
        raise Refused("There is nothing of yours here to move.")
    found = [_own(day, place, visit, entry, MOVABLE) for entry in entries]
    _require_room(target, found)
    resting = {one for event in found for one in _rests_on(day, visit, event)}
    why = f"wrong patient: moved to {target.appointment.patient.name.listed}"
    struck = dict.fromkeys([*(event.id for event in found), *sorted(resting)])
    here = facts.EntryMoved(from_appointment=visit.id, from_name=visit.appointment.patient.name.listed)
    said = [about(visit, facts.EntryStruck(why=why), entry) for entry in struck]
    for event in found:
        if event.id not in resting or isinstance(event.data, _OF_A_PLAN):
            said.append(about(target, here, event.id))
            said += _again(day, visit, target, event, totals=totals)
    return said


def _require_room(target: Visit, found: Sequence[Event]) -> None:
    """Raises `Refused` where what is there already would be written over, or could not have been measured."""
    name = target.appointment.patient.name.listed
    plan = (facts.PlanGiven, facts.PlanWorded, facts.SafetyNetGiven)
    if target.plan.words and any(isinstance(event.data, plan) for event in found):
        raise Refused(f"{name} has a plan already.", "Strike this one here, and type what is right there.")
    answered = [
        event.data.answer.text
        for event in found
        if isinstance(event.data, facts.PrepAnswered)
        and (event.data.answer.template, event.data.answer.item) in target.answers
    ]
    if answered:
        raise Refused(f"{name} has an answer to “{answered[0]}” already.", "Strike this one here.")
    measured = any(isinstance(event.data, facts.ObservationRecorded) for event in found)
    if measured and target.mode is not Mode.IN_PERSON:
        raise Refused(f"{name} is a {target.mode.value} row: nothing is measured there.", "Strike it here.")


def _again(day: Day, visit: Visit, target: Visit, event: Event, *, totals: bool) -> list[Said]:
    data = event.data
    if isinstance(data, facts.ObservationRecorded):
        pregnant = None if _could_be_pregnant(day, target) else False
        before = data.observations
        score = scored(day, target, before.readings, pregnant, totals=totals)
        unknown = NOT_ASKED if pregnant is None else ""
        moved = before.model_copy(
            update={
                "score": score,
                "pregnant_or_postpartum": pregnant,
                "pregnancy_unknown_because": unknown,
            }
        )
        return [
            about(target, facts.ObservationRecorded(observations=moved)),
            *(about(target, one) for one in _raised_of(moved)),
        ]
    raised_with_it = [one.data for one in visit.events if raised_with(event, one)]
    return [about(target, one) for one in (data, *raised_with_it) if isinstance(one, KnownFact)]


def _could_be_pregnant(day: Day, visit: Visit) -> bool:
    """Whether it is a question that nobody has asked of this patient for this set."""
    age = age_in_years(visit.appointment.patient.born, day.date)
    return visit.appointment.patient.gender is not Gender.MALE and (age is None or 8 <= age <= 70)


def _rests_on(day: Day, visit: Visit, event: Event) -> list[EventId]:
    """What cannot stand without this entry: what was raised with it, or said of its wording."""
    later = [one for one in visit.events if one.order > event.order and one.id not in day.struck]
    match event.data:
        case facts.EcgRequested() | facts.EcgRecorded():
            gone = [event, *(one for one in later if _of_that_ecg(event, one))]
            return [one.id for one in later if one in gone or any(raised_with(of, one) for of in gone)]
        case _ if isinstance(event.data, _RAISING):
            return [one.id for one in later if raised_with(event, one)]
        case facts.PlanGiven():
            return [one.id for one in later if isinstance(one.data, _OF_A_PLAN)]
        case facts.PlanWorded():
            return [one.id for one in later if isinstance(one.data, _OF_WORDING)]
    return []


def _of_that_ecg(event: Event, later: Event) -> bool:
    """Whether `later` is of the ECG that was asked for; or of the recording, or of its being handed."""
    if isinstance(event.data, facts.EcgRequested):
        return later.about == event.id and isinstance(later.data, _OF_AN_ECG)
    assert isinstance(event.data, facts.EcgRecorded), "asked for, or recorded"
    of_it = isinstance(later.data, facts.EcgQualityChecked) and later.data.attempt == event.data.attempt
    return later.about == event.about and (of_it or isinstance(later.data, facts.EcgHanded))


def _require_unseen(visit: Visit, event: Event) -> None:
    """Raises `Refused` where a recording would go that somebody has reviewed, or is still to review."""
    ecg = visit.ecgs.get(event.about or event.id)
    if ecg is None or not isinstance(event.data, (facts.EcgRequested, facts.EcgRecorded)):
        return
    if ecg.reviewed:
        raise Refused(f"{ecg.reviewed.said.by} has reviewed it.", "They strike their review first.")
    if isinstance(event.data, facts.EcgRequested) and ecg.recorded:
        raise Refused("It is recorded already.", "Strike each recording first, with the reason.")


def _came_with_another(visit: Visit, event: Event) -> bool:
    """Whether another entry raised this escalation: it stands and falls with that one."""
    return any(raised_with(one, event) for one in visit.events if isinstance(one.data, _RAISING))


def _own(day: Day, place: Place, visit: Visit, entry: EventId, kinds: tuple[type[facts.Fact], ...]) -> Event:
    event = next((one for one in visit.events if one.id == entry), None)
    if event is None:
        raise Refused("That entry cannot be mended here.", "What is said of tasks: t on the list.")
    if not isinstance(event.data, kinds):
        raise Refused("That entry cannot be mended here.", "Put the cursor on an entry of your own.")
    if event.id in day.struck:
        raise Refused("That entry is struck already.")
    if _came_with_another(visit, event):
        raise Refused("That was raised by the entry before it.", "Put the cursor on that one.")
    if event.by.staff != place.actor.staff:
        raise Refused(f"That entry is {event.by.name}'s.", f"Ask {event.by.name}; only they can mend it.")
    return event
