"""The day as it stands: what folding the events gives, and the questions asked of it. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from gpa_tui.clock import whole_minutes
from gpa_tui.records.appointment import Appointment, Clinic, Mode, Stage
from gpa_tui.records.base import AppointmentId, ClinicId, EventId, PatientId, StaffId
from gpa_tui.records.event import (
    AppointmentListed,
    AppointmentRevised,
    BackgroundNoted,
    EcgFiled,
    Event,
    NeedEnded,
    NeedNoted,
    ObservationRecorded,
    PrepAnswered,
    ServerAsked,
    Spo2ScaleSet,
    StatusClashed,
)
from gpa_tui.records.observation import Lasting, Measure, ObservationSet, Spo2Decision, TakenSet
from gpa_tui.records.patient import Need, Patient
from gpa_tui.records.plan import SafetyNet, TeachBack, TeachBackOutcome, Translation, WordsFrom
from gpa_tui.records.prep import Checked, PrepAnswer, PrepOutcome
from gpa_tui.records.staff import Actor
from gpa_tui.session.ecg import Ecg
from gpa_tui.session.stages import ENDED, IN_THE_BUILDING


@dataclass(frozen=True, slots=True)
class Known:
    """What was said here of a patient, today or before, and holds: needs, the SpO2 scale, the last sets."""

    needs: tuple[Need, ...] = ()
    scale: Spo2Decision | None = None
    sets: tuple[TakenSet, ...] = ()  # by when they were taken
    lasting: tuple[Lasting, ...] = ()  # the last of each measure that later days need
    background: str = ""  # family background, where they were asked whether it may be used for BMI
    checked: tuple[Checked, ...] = ()  # who last checked what the list says

    def then(self, later: Known, ended: Collection[str]) -> Known:
        """With what was said later, and without the needs whose words (in small letters) are `ended`."""
        held = {need.text.casefold(): need for need in (*self.needs, *later.needs)}
        sets = sorted((*self.sets, *later.sets), key=lambda one: one.found.taken_at)
        return Known(
            tuple(need for words, need in held.items() if words not in ended),
            later.scale or self.scale,
            tuple(sets[-MOST_SETS:]),
            last_of_each((*self.lasting, *later.lasting)),
            later.background or self.background,
            tuple({one.known: one for one in (*self.checked, *later.checked)}.values()),
        )


GIVEN = (AppointmentListed, AppointmentRevised)
MOST_SETS = 5  # of observations that a later day knows
LASTS = (Measure.HEIGHT, Measure.WEIGHT, Measure.PEAK_FLOW, Measure.BEST_PEAK_FLOW)


def last_of_each(readings: Iterable[Lasting]) -> tuple[Lasting, ...]:
    """Of each measure the reading that was taken last."""
    found = {one.measure: one for one in sorted(readings, key=lambda one: one.taken_at)}
    return tuple(found[measure] for measure in LASTS if measure in found)


KnownOf = Callable[[PatientId], Known]


def nothing_known(_: PatientId) -> Known:
    """Of no patient anything."""
    return Known()


@dataclass(frozen=True, slots=True)
class Move:
    """One change of stage: when, to what, and the event that says so."""

    event: EventId
    at: datetime
    was: Stage
    to: Stage
    by: Actor


@dataclass(frozen=True, slots=True)
class Shown:
    """Whose terminal has shown an escalation, and when."""

    who: str
    terminal: str
    at: datetime
    gone: bool = False  # that terminal was locked or left since


@dataclass(slots=True)
class Escalation:
    """Something the GP must hear of: open until a clinician acknowledged it at their terminal (`heard_by`),
    or somebody said whom they told, or why nobody."""

    event: EventId
    at: datetime
    because: str
    by: Actor
    told: str = ""
    nobody_told: bool = False
    heard_by: str = ""
    heard_at: datetime | None = None  # first, in whatever way
    confirmed_at: datetime | None = None  # by `heard_by`
    seen: list[Shown] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether nobody has said anything of it yet."""
        return not (self.told or self.heard_by)

    @property
    def heard(self) -> bool:
        """Whether somebody has heard it; that nobody was told, and why, is no hearing."""
        return bool(self.heard_by or (self.told and not self.nobody_told))


@dataclass(frozen=True, slots=True)
class ForPerson:
    """What the practice's server says and only a person can decide; open until somebody has answered."""

    event: EventId
    at: datetime
    appointment: AppointmentId
    says: ServerAsked | StatusClashed
    answer: bool | None = None  # the same person; our status

    @property
    def open(self) -> bool:
        return self.answer is None

    def is_same(self, other: ForPerson) -> bool:
        """Whether both ask the same: two stores may have met it at once."""
        if self.appointment != other.appointment:
            return False
        if isinstance(self.says, ServerAsked) and isinstance(other.says, ServerAsked):
            return self.says.appointment.patient.who == other.says.appointment.patient.who
        return self.says == other.says


@dataclass(frozen=True, slots=True)
class GoneThrough:
    """Wording that was released and gone through, before the GP's words changed."""

    messages: tuple[str, ...]
    teach_back: dict[int, TeachBack]
    released_by: str
    released_at: datetime


@dataclass(slots=True)
class Plan:
    """The GP's words and what became of them.

    When the GP's words change, the messages and the safety net that were drawn from the old ones stay to be
    read and changed, but are `old`: neither released nor said back.
    """

    words: str = ""
    words_from: WordsFrom | None = None
    given_by: str = ""
    given_at: datetime | None = None
    messages: tuple[str, ...] = ()
    messages_are_old: bool = False
    left_out: str = ""  # of four messages the one that mattered least
    answers: dict[str, str] = field(default_factory=dict)  # which sense a form of the GP's shorthand has
    released_by: str = ""
    released_at: datetime | None = None
    teach_back: dict[int, TeachBack] = field(default_factory=dict)
    safety_net: SafetyNet | None = None
    net_is_old: bool = False
    gone_through: tuple[GoneThrough, ...] = ()  # the patient heard it, and may hold it in writing
    net_written: bool = False  # the patient has it in writing
    translation: Translation | None = None

    @property
    def net_state(self) -> str:
        """How the safety net was taken in."""
        back = "said back" if self.safety_net and self.safety_net.said_back else "not said back"
        return f"{back}, {'written copy given' if self.net_written else 'no written copy'}"

    @property
    def shown(self) -> str:
        """The plan's state in a word or two for the page line."""
        if not self.words and not self.messages:
            return "–"
        if not self.messages:
            return "GP's words"
        if self.messages_are_old:
            return "changed, word again"
        said = sum(result.outcome is not TeachBackOutcome.NOT_CHECKED for result in self.teach_back.values())
        back = f"{said}/{len(self.messages)} said back"
        if self.safety_net is None or self.net_is_old:
            return f"{back}, no net"
        return back if self.safety_net.said_back else f"{back}, net not"


@dataclass(slots=True)
class Visit:
    """One appointment's day: the row, its stages, and everything recorded in it."""

    appointment: Appointment
    unlisted: bool = False
    known: KnownOf = field(default=nothing_known, compare=False)
    moves: list[Move] = field(default_factory=list)
    templates: tuple[str, ...] = ()  # prep lists that were chosen, beside the core block
    answers: dict[tuple[str, str], PrepAnswer] = field(default_factory=dict)
    observations: list[tuple[Event, ObservationSet]] = field(default_factory=list)
    escalations: dict[EventId, Escalation] = field(default_factory=dict)
    plan: Plan = field(default_factory=Plan)
    ecgs: dict[EventId, Ecg] = field(default_factory=dict)  # by their request, in order
    identity: Event | None = None
    room: dict[str, str] = field(default_factory=dict)  # present, chaperone, capacity: what was said last
    noted: list[Need] = field(default_factory=list)  # needs that were noted in this visit
    ended: set[str] = field(
        default_factory=set
    )  # needs noted here or before that hold no more, in small letters
    events: list[Event] = field(default_factory=list)

    @property
    def id(self) -> AppointmentId:
        return self.appointment.id

    @property
    def noted_needs(self) -> Sequence[Need]:
        """The needs that were noted here, today or on an earlier day, and hold."""
        return self.known(self.appointment.patient.id).needs

    @property
    def spo2_decision(self) -> Spo2Decision | None:
        """The clinician's decision on the SpO2 scale, if there is one."""
        return self.known(self.appointment.patient.id).scale

    @property
    def sets(self) -> Sequence[TakenSet]:
        """The last sets of observations of this patient, today's and earlier ones, as they were taken."""
        return self.known(self.appointment.patient.id).sets

    def lasting(self, measure: Measure) -> Lasting | None:
        """The last reading of a measure that lasts, of today or before."""
        known = self.known(self.appointment.patient.id).lasting
        return next((one for one in known if one.measure is measure), None)

    def checked(self, known: str) -> Checked | None:
        """Who last checked what the list says of `known`, today or before."""
        found = self.known(self.appointment.patient.id).checked
        return next((one for one in found if one.known == known), None)

    @property
    def listed_at(self) -> datetime:
        """When the list that holds gave this row."""
        given = (event.at for event in self.events if isinstance(event.data, GIVEN))
        return max(given, default=self.appointment.start)

    @property
    def background(self) -> str:
        """Their family background as they said it, where they were asked whether it may be used for BMI."""
        return self.known(self.appointment.patient.id).background

    @property
    def patient(self) -> Patient:
        """The patient as the list gave them, with the needs that were noted here."""
        patient, noted = self.appointment.patient, self.noted_needs
        listed = {need.text.casefold() for need in patient.needs}
        fresh = tuple(need for need in noted if need.text.casefold() not in listed)
        return patient.model_copy(update={"needs": (*patient.needs, *fresh)}) if fresh else patient

    @property
    def stage(self) -> Stage:
        """Where the appointment is now. Cancelled by the book shows only while nobody has come."""
        if self.moves:
            return self.moves[-1].to
        return Stage.CANCELLED if self.appointment.cancelled else Stage.BOOKED

    @property
    def since(self) -> datetime | None:
        """When the present stage began; None while booked."""
        return self.moves[-1].at if self.moves else None

    def minutes_since_left(self, at: datetime) -> int | None:
        """How long before `at` the visit had ended, in minutes; None where it was still under way.

        That it is wrapped up again later does not begin it anew.
        """
        ended: datetime | None = None
        for move in self.moves:
            if move.at >= at:
                break
            if move.to in ENDED - {Stage.DID_NOT_ATTEND, Stage.CANCELLED}:
                ended = ended or move.at
            elif move.to is not Stage.WRAP_UP:
                ended = None
        return whole_minutes(ended, at) if ended is not None else None

    @property
    def handed_over_at(self) -> datetime | None:
        """When the patient was last made ready for the GP."""
        return next((move.at for move in reversed(self.moves) if move.to is Stage.READY), None)

    @property
    def open_escalations(self) -> list[Escalation]:
        return [escalation for escalation in self.escalations.values() if escalation.open]

    @property
    def last_observations(self) -> ObservationSet | None:
        sets = [found for _, found in self.observations]
        return next((found for found in reversed(sets) if found.for_news2), sets[-1] if sets else None)

    @property
    def mode(self) -> Mode:
        """How they meet: as booked, until the patient comes in."""
        came = any(move.to is Stage.ARRIVED for move in self.moves)
        return Mode.IN_PERSON if came else self.appointment.mode

    @property
    def under_way(self) -> bool:
        """Begun and not ended."""
        return self.stage in IN_THE_BUILDING

    @property
    def here(self) -> bool:
        """In the building."""
        return self.under_way and self.mode is Mode.IN_PERSON


class IdentityState(StrEnum):
    """What is known of who the patient is; the words are for the record's page line."""

    NOT_CHECKED = "ID not checked"
    CHECKED = "ID checked"
    BY_NAME = "ID by name only"
    BY_RECORD = "ID by record only"
    MISFIT = "ID DOES NOT FIT"
    BY_RECORD_AFTER_MISFIT = "ID DID NOT FIT, by record"


@dataclass(slots=True)
class AtTerminal:
    """Whose record one person has open at one terminal, and the identity check made since."""

    appointment: AppointmentId
    identity: IdentityState = IdentityState.NOT_CHECKED
    misfit: bool = False  # what was said did not fit the list, and nothing said since did
    by: str = ""  # the person's name
    here: bool = True  # the record is open there now
    supervised: dict[str, str] = field(default_factory=dict)  # competency: under whom, since they switched


def said_in(events: Iterable[Event]) -> tuple[Known, set[str]]:
    """What these say of one patient, in order; and the words, in small letters, of needs that they end."""
    noted: dict[str, Need] = {}
    ended: set[str] = set()
    scale, sets, lasting, background = None, [], [], ""
    checked: dict[str, Checked] = {}
    for event in events:
        match event.data:
            case NeedNoted(need=need):
                noted[need.text.casefold()] = need
                ended.discard(need.text.casefold())
            case NeedEnded(need=words):
                noted.pop(words.casefold(), None)
                ended.add(words.casefold())
            case Spo2ScaleSet(decision=decision):
                scale = decision
            case ObservationRecorded(observations=found):
                sets.append(TakenSet(by=event.by.name, found=found))
                lasting += [
                    Lasting(measure=one.measure, number=one.value, taken_at=found.taken_at, by=event.by.name)
                    for one in found.readings
                    if one.measure in LASTS and one.value is not None
                ]
            case BackgroundNoted(words=said):
                background = said
            case PrepAnswered(answer=answer) if answer.known and answer.outcome is PrepOutcome.DONE:
                checked[answer.known] = Checked(
                    known=answer.known, by=event.by.name, at=event.at, value=answer.value
                )
    known = Known(
        tuple(noted.values()),
        scale,
        tuple(sets[-MOST_SETS:]),
        last_of_each(lasting),
        background,
        tuple(checked.values()),
    )
    return known, ended


@dataclass(slots=True)
class Day:
    """All that is known of one date's clinics. Only `fold` changes it."""

    date: date
    clinics: dict[ClinicId, Clinic] = field(default_factory=dict)
    visits: dict[AppointmentId, Visit] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    struck: set[EventId] = field(default_factory=set)
    corrected: set[EventId] = field(default_factory=set)  # those of them in whose place another stands
    at_terminal: dict[tuple[StaffId, str], AtTerminal] = field(default_factory=dict)
    known_before: KnownOf = field(default=nothing_known, compare=False)  # what earlier days left
    known_events: dict[PatientId, list[Event]] = field(default_factory=dict)
    for_person: dict[EventId, ForPerson] = field(default_factory=dict)  # what the server leaves to somebody

    def known(self, patient: PatientId) -> Known:
        """What was said here of a patient, in any of their visits or before, and holds."""
        said = [event for event in self.known_events.get(patient, ()) if event.id not in self.struck]
        before = self.known_before(patient)
        return before.then(*said_in(said)) if said else before

    @property
    def rows(self) -> list[Visit]:
        """All visits in the order of the list: by time, then name."""
        return sorted(
            self.visits.values(), key=lambda v: (v.appointment.start, v.appointment.patient.name.matching)
        )

    def left_to_person(self) -> list[ForPerson]:
        """What the server says and nobody has decided, the oldest first."""
        found: list[ForPerson] = []
        for one in sorted(self.for_person.values(), key=lambda one: one.at):
            if one.open and not any(one.is_same(other) for other in found):
                found.append(one)
        return found

    def in_question(self, visit: Visit) -> str:
        """Why it is not sure whose row this is: the server knows another birth date or name; else empty."""
        patient = visit.appointment.patient.id
        return next(
            (
                one.says.sentence
                for one in self.left_to_person()
                if isinstance(one.says, ServerAsked)
                and (one.appointment == visit.id or one.says.appointment.patient.id == patient)
            ),
            "",
        )

    def identity(self, actor: Actor, terminal: str, appointment: AppointmentId) -> IdentityState:
        """What this person knows of who the patient is, since they last switched patient here."""
        place = self.at_terminal.get((actor.staff, terminal))
        at_hand = place is not None and place.appointment == appointment
        return place.identity if place is not None and at_hand else IdentityState.NOT_CHECKED

    def supervised(self, actor: Actor, terminal: str, appointment: AppointmentId) -> dict[str, str]:
        """By competency, whose direct supervision this person said they act under in this record."""
        place = self.at_terminal.get((actor.staff, terminal))
        return place.supervised if place is not None and place.appointment == appointment else {}

    def others_in(self, appointment: AppointmentId, actor: Actor, terminal: str) -> list[str]:
        """Who else has this record open now, and where: `Dr N Patel (room1)`."""
        return sorted(
            f"{place.by} ({where})"
            for (staff, where), place in self.at_terminal.items()
            if place.appointment == appointment and place.here and (staff, where) != (actor.staff, terminal)
        )

    def identity_checked(self, actor: Actor, terminal: str, appointment: AppointmentId) -> bool:
        """Whether it is enough to write in the record."""
        state = self.identity(actor, terminal, appointment)
        return state not in {IdentityState.NOT_CHECKED, IdentityState.MISFIT}


def attached_to(day: Day) -> list[str]:
    """The attached files of a date, by the names they are kept under."""
    return list(
        dict.fromkeys(
            event.data.attachment.kept_as for event in day.events if isinstance(event.data, EcgFiled)
        )
    )
