"""The closed set of facts that an event can state, and the envelope that says who, when and about whom.

A kind that this version does not know is kept as `UnknownFact` and shown, never dropped.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import AwareDatetime, ConfigDict, Discriminator, Field, Tag

from gpa_tui.records.appointment import Appointment, Clinic, Stage
from gpa_tui.records.base import (
    AppointmentId,
    ClinicId,
    EventId,
    PartialDate,
    PatientId,
    Record,
)
from gpa_tui.records.fact import Fact as Fact
from gpa_tui.records.facts_carried import DayLeftOpen as DayLeftOpen
from gpa_tui.records.facts_carried import PatientCarried as PatientCarried
from gpa_tui.records.facts_ecg import EcgAllowed as EcgAllowed
from gpa_tui.records.facts_ecg import EcgFiled as EcgFiled
from gpa_tui.records.facts_ecg import EcgHanded as EcgHanded
from gpa_tui.records.facts_ecg import EcgNotObtained as EcgNotObtained
from gpa_tui.records.facts_ecg import EcgPrepared as EcgPrepared
from gpa_tui.records.facts_ecg import EcgQualityChecked as EcgQualityChecked
from gpa_tui.records.facts_ecg import EcgRecorded as EcgRecorded
from gpa_tui.records.facts_ecg import EcgRequested as EcgRequested
from gpa_tui.records.facts_ecg import EcgReviewed as EcgReviewed
from gpa_tui.records.facts_ecg import EcgSymptomsAsked as EcgSymptomsAsked
from gpa_tui.records.facts_people import ActRefused as ActRefused
from gpa_tui.records.facts_people import CompetenciesListed as CompetenciesListed
from gpa_tui.records.facts_people import CompetencySigned as CompetencySigned
from gpa_tui.records.facts_people import CompetencyWithdrawn as CompetencyWithdrawn
from gpa_tui.records.facts_people import EpochBegun as EpochBegun
from gpa_tui.records.facts_people import HeadAnchored as HeadAnchored
from gpa_tui.records.facts_people import KeysReplaced as KeysReplaced
from gpa_tui.records.facts_people import PassphraseChanged as PassphraseChanged
from gpa_tui.records.facts_people import ReadBeside as ReadBeside
from gpa_tui.records.facts_people import SignInClosed as SignInClosed
from gpa_tui.records.facts_people import SignInLocked as SignInLocked
from gpa_tui.records.facts_people import SignInOpened as SignInOpened
from gpa_tui.records.facts_people import SignInRefusedFact as SignInRefusedFact
from gpa_tui.records.facts_people import SignInUnlocked as SignInUnlocked
from gpa_tui.records.facts_people import StaffAdded as StaffAdded
from gpa_tui.records.facts_people import StaffChanged as StaffChanged
from gpa_tui.records.facts_people import StaffLeft as StaffLeft
from gpa_tui.records.facts_people import SupervisionStated as SupervisionStated
from gpa_tui.records.facts_phrases import PhraseDropped as PhraseDropped
from gpa_tui.records.facts_phrases import PhraseKept as PhraseKept
from gpa_tui.records.facts_portfolio import EvidenceDropped as EvidenceDropped
from gpa_tui.records.facts_portfolio import EvidencePicked as EvidencePicked
from gpa_tui.records.facts_portfolio import PortfolioViewed as PortfolioViewed
from gpa_tui.records.facts_portfolio import ReflectionWritten as ReflectionWritten
from gpa_tui.records.facts_portfolio import TextRead as TextRead
from gpa_tui.records.facts_review import DayPurged as DayPurged
from gpa_tui.records.facts_review import ReviewAnswered as ReviewAnswered
from gpa_tui.records.facts_review import ReviewGiven as ReviewGiven
from gpa_tui.records.facts_review import ReviewReopened as ReviewReopened
from gpa_tui.records.facts_review import ReviewSigned as ReviewSigned
from gpa_tui.records.facts_review import SampleDrawn as SampleDrawn
from gpa_tui.records.facts_room import BackgroundNoted as BackgroundNoted
from gpa_tui.records.facts_room import CapacityNoted as CapacityNoted
from gpa_tui.records.facts_room import ChaperoneRecorded as ChaperoneRecorded
from gpa_tui.records.facts_room import EntryMoved as EntryMoved
from gpa_tui.records.facts_room import InterpreterRecorded as InterpreterRecorded
from gpa_tui.records.facts_room import NeedEnded as NeedEnded
from gpa_tui.records.facts_room import NeedNoted as NeedNoted
from gpa_tui.records.facts_room import PresentRecorded as PresentRecorded
from gpa_tui.records.facts_room import SafeguardingRaised as SafeguardingRaised
from gpa_tui.records.facts_sync import ClaimLost as ClaimLost
from gpa_tui.records.facts_sync import HostPaired as HostPaired
from gpa_tui.records.facts_sync import HostUnpaired as HostUnpaired
from gpa_tui.records.facts_sync import ServerAnswered as ServerAnswered
from gpa_tui.records.facts_sync import ServerAsked as ServerAsked
from gpa_tui.records.facts_sync import ServiceKeySet as ServiceKeySet
from gpa_tui.records.facts_sync import StatusClashed as StatusClashed
from gpa_tui.records.facts_sync import StatusPicked as StatusPicked
from gpa_tui.records.facts_sync import SyncSetUp as SyncSetUp
from gpa_tui.records.facts_tasks import TaskAccepted as TaskAccepted
from gpa_tui.records.facts_tasks import TaskAnswerSeen as TaskAnswerSeen
from gpa_tui.records.facts_tasks import TaskAsked as TaskAsked
from gpa_tui.records.facts_tasks import TaskDone as TaskDone
from gpa_tui.records.facts_tasks import TaskDropped as TaskDropped
from gpa_tui.records.facts_tasks import TaskReassigned as TaskReassigned
from gpa_tui.records.facts_tasks import TaskReopened as TaskReopened
from gpa_tui.records.observation import ObservationSet, Spo2Decision
from gpa_tui.records.plan import SafetyNet, TeachBack, Translation, WordsFrom
from gpa_tui.records.prep import PrepAnswer
from gpa_tui.records.staff import Actor

# ── clinic ────────────────────────────────────────────────────────────────────────────────────


class ClinicOpened(Fact):
    says = "clinic opened"
    kind: Literal["clinic.opened"] = "clinic.opened"
    clinic: Clinic


class ListImported(Fact):
    """A file was read: its name and SHA-256, and what came of its rows."""

    says = "list imported"
    kind: Literal["list.imported"] = "list.imported"
    file: str
    sha256: str
    listed: int
    changed: int
    unchanged: int
    gone: int
    rejected: int


class AppointmentListed(Fact):
    says = "listed"
    kind: Literal["appointment.listed"] = "appointment.listed"
    appointment: Appointment


class AppointmentRevised(Fact):
    """The list now says something else; `changed` names what, `appointment` is the whole new row."""

    says = "list changed"
    kind: Literal["appointment.revised"] = "appointment.revised"
    appointment: Appointment
    changed: tuple[str, ...]


class AppointmentUnlisted(Fact):
    """A newer list no longer has this row; it stays, marked."""

    says = "no longer on the list"
    kind: Literal["appointment.unlisted"] = "appointment.unlisted"
    file: str


class AppointmentMoved(Fact):
    says = "stage"
    kind: Literal["appointment.moved"] = "appointment.moved"
    was: Stage
    to: Stage
    quiet: bool = False  # sent in without the name being called or shown


# ── patient ───────────────────────────────────────────────────────────────────────────────────


class RecordViewed(Fact):
    says = "record opened"
    kind: Literal["record.viewed"] = "record.viewed"


class RecordClosed(Fact):
    says = "record closed"
    kind: Literal["record.closed"] = "record.closed"


class IdentityChecked(Fact):
    """Who said who the patient is, and the words; `matched` compares with the list (None: not said).

    `by_name_alone`: the list has no whole birth date to compare with. `why`: by the record after a misfit.
    """

    says = "identity check"
    kind: Literal["identity.checked"] = "identity.checked"
    said_by: Literal["patient", "parent", "carer", "record only"]
    name_said: str = ""
    born_said: PartialDate | None = None
    one_more: str = ""
    matched: bool | None = None
    by_name_alone: bool = False
    why: str = ""


# ── prep, observations, escalation ────────────────────────────────────────────────────────────


class PrepTemplateChosen(Fact):
    says = "prep list"
    kind: Literal["prep.template_chosen"] = "prep.template_chosen"
    template: str
    title: str
    added: bool = False  # to the lists that were there; else in their place


class PrepAnswered(Fact):
    says = "prep"
    kind: Literal["prep.answered"] = "prep.answered"
    answer: PrepAnswer


class PrepHandedOver(Fact):
    """Handed to the GP with what was still open, and why that may stand."""

    says = "handed over"
    kind: Literal["prep.handed_over"] = "prep.handed_over"
    gaps: tuple[str, ...] = ()
    why_gaps_stand: str = ""


class ObservationRecorded(Fact):
    says = "observations"
    kind: Literal["observation.recorded"] = "observation.recorded"
    observations: ObservationSet


class Spo2ScaleSet(Fact):
    """A clinician decided which SpO2 table is used for this patient from now on."""

    says = "SpO2 scale"
    kind: Literal["spo2_scale.set"] = "spo2_scale.set"
    decision: Spo2Decision


class EscalationRaised(Fact):
    """What called for it, and whom the person told; `told` is empty until they say so.

    `with_entry`: by the entry just before it, in the same act; it stands and falls with that one.
    """

    says = "escalation"
    kind: Literal["escalation.raised"] = "escalation.raised"
    because: str
    told: str = ""
    with_entry: bool = False


class EscalationTold(Fact):
    """About an `escalation.raised`: who was told, how, or why nobody was."""

    says = "escalation told"
    kind: Literal["escalation.told"] = "escalation.told"
    told: str
    nobody: bool = False  # then `told` is why


class EscalationSeen(Fact):
    """About an `escalation.raised`: the terminal of somebody who can hear it has shown it."""

    says = "escalation shown"
    kind: Literal["escalation.seen"] = "escalation.seen"
    who: str
    terminal: str


class EscalationAcknowledged(Fact):
    """About an `escalation.raised`: a clinician heard it, signed in, at their own terminal."""

    says = "escalation heard"
    kind: Literal["escalation.acknowledged"] = "escalation.acknowledged"


class CallCardShown(Fact):
    says = "call card shown"
    kind: Literal["call_card.shown"] = "call_card.shown"


# ── plan ──────────────────────────────────────────────────────────────────────────────────────


class PlanGiven(Fact):
    """The GP's words, verbatim."""

    says = "GP's plan"
    kind: Literal["plan.given"] = "plan.given"
    words: str
    words_from: WordsFrom
    given_by: str


class PlanWorded(Fact):
    says = "messages worded"
    kind: Literal["plan.worded"] = "plan.worded"
    messages: tuple[str, ...] = Field(min_length=1, max_length=3)
    answers: dict[str, str] = Field(default_factory=dict)  # by form of the GP's shorthand, the sense chosen
    left_out: str = ""  # a fourth message, which mattered least


class PlanReleased(Fact):
    """The GP let the wording go to the patient: at their own terminal, or said aloud."""

    says = "wording released"
    kind: Literal["plan.released"] = "plan.released"
    released_by: str
    said: bool
    confirmed: tuple[str, ...] = ()  # what is in the wording and was not in the GP's words


class PlanTaught(Fact):
    says = "teach-back"
    kind: Literal["plan.taught"] = "plan.taught"
    teach_back: TeachBack


class SafetyNetGiven(Fact):
    says = "safety net"
    kind: Literal["plan.safety_netted"] = "plan.safety_netted"
    safety_net: SafetyNet
    confirmed: tuple[str, ...] = ()  # what is in it and was not in the GP's words


class PlanTranslated(Fact):
    """A person wrote or approved the words for the patient in another language."""

    says = "in another language"
    kind: Literal["plan.translated"] = "plan.translated"
    translation: Translation


class HandoutMade(Fact):
    """The patient's copy of the released words, on paper or in a file to be printed elsewhere."""

    says = "handout"
    kind: Literal["handout.made"] = "handout.made"
    how: Literal["printed", "PDF file", "text file"]
    large: bool


class EntryCopied(Fact):
    """The record entry of the visit went to the terminal, to be put into the practice's system."""

    says = "record entry copied"
    kind: Literal["entry.copied"] = "entry.copied"
    how: Literal["clipboard", "bare screen"]
    hidden: bool  # marked to be hidden from the patient's online access


# ── corrections, people, leaving the store ────────────────────────────────────────────────────


class EntryStruck(Fact):
    """About another event: it no longer counts, and both stay visible."""

    says = "taken back"
    kind: Literal["entry.struck"] = "entry.struck"
    why: str
    corrected: bool = False  # another entry takes its place, in the same act


class LogViewed(Fact):
    says = "log opened"
    kind: Literal["log.viewed"] = "log.viewed"


class LogSearched(Fact):
    """Somebody looked through the log of all days, and for what."""

    says = "log searched"
    kind: Literal["log.searched"] = "log.searched"
    what: str


class Exported(Fact):
    says = "exported"
    kind: Literal["exported"] = "exported"
    what: str
    file: str


class Printed(Fact):
    """Something was shown to be printed: a sheet, as text."""

    says = "printed"
    kind: Literal["printed"] = "printed"
    what: str


class ClinicClosed(Fact):
    """Somebody closed the session, having been shown what was still open."""

    says = "session closed"
    kind: Literal["clinic.closed"] = "clinic.closed"
    still_open: tuple[str, ...] = ()


class PinSet(Fact):
    """Somebody set a PIN for the lock of this terminal, having given their passphrase."""

    says = "PIN set"
    kind: Literal["pin.set"] = "pin.set"


class PinRefused(Fact):
    """A wrong PIN at a locked terminal."""

    says = "PIN refused"
    kind: Literal["pin.refused"] = "pin.refused"


class BackedUp(Fact):
    says = "backed up"
    kind: Literal["backed_up"] = "backed_up"
    file: str


class Restored(Fact):
    """This store grew from a backup of the store `origin`."""

    says = "restored"
    kind: Literal["restored"] = "restored"
    origin: str
    file: str


class UnknownFact(Fact):
    """A kind that a newer version wrote, kept whole."""

    model_config = ConfigDict(frozen=True, extra="allow")
    says = "from a newer version"
    kind: str


KnownFact = (
    ClinicOpened
    | ListImported
    | AppointmentListed
    | AppointmentRevised
    | AppointmentUnlisted
    | AppointmentMoved
    | RecordViewed
    | RecordClosed
    | IdentityChecked
    | PresentRecorded
    | ChaperoneRecorded
    | InterpreterRecorded
    | CapacityNoted
    | NeedNoted
    | NeedEnded
    | BackgroundNoted
    | PatientCarried
    | DayLeftOpen
    | SafeguardingRaised
    | EntryMoved
    | PrepTemplateChosen
    | PrepAnswered
    | PrepHandedOver
    | ObservationRecorded
    | Spo2ScaleSet
    | EcgRequested
    | EcgSymptomsAsked
    | EcgAllowed
    | EcgPrepared
    | EcgRecorded
    | EcgQualityChecked
    | EcgFiled
    | EcgHanded
    | EcgNotObtained
    | EcgReviewed
    | EscalationRaised
    | EscalationTold
    | EscalationSeen
    | EscalationAcknowledged
    | CallCardShown
    | PlanGiven
    | PlanWorded
    | PlanReleased
    | PlanTaught
    | SafetyNetGiven
    | PlanTranslated
    | HandoutMade
    | EntryCopied
    | TaskAsked
    | TaskAccepted
    | TaskReassigned
    | TaskDone
    | TaskDropped
    | TaskReopened
    | TaskAnswerSeen
    | PhraseKept
    | PhraseDropped
    | EntryStruck
    | StaffAdded
    | StaffChanged
    | StaffLeft
    | CompetenciesListed
    | CompetencySigned
    | CompetencyWithdrawn
    | SupervisionStated
    | KeysReplaced
    | PassphraseChanged
    | EpochBegun
    | HeadAnchored
    | SignInOpened
    | SignInLocked
    | SignInUnlocked
    | SignInClosed
    | SignInRefusedFact
    | ReadBeside
    | ActRefused
    | LogViewed
    | LogSearched
    | Exported
    | Printed
    | ClinicClosed
    | PinSet
    | PinRefused
    | BackedUp
    | SyncSetUp
    | ServiceKeySet
    | ServerAsked
    | ServerAnswered
    | StatusClashed
    | StatusPicked
    | HostPaired
    | HostUnpaired
    | ClaimLost
    | SampleDrawn
    | ReviewGiven
    | ReviewAnswered
    | ReviewSigned
    | ReviewReopened
    | DayPurged
    | EvidencePicked
    | EvidenceDropped
    | PortfolioViewed
    | ReflectionWritten
    | TextRead
    | Restored
)
KNOWN: dict[str, type[Fact]] = {cls.model_fields["kind"].default: cls for cls in get_args(KnownFact)}


def _tag(value: Any) -> str:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return "known" if kind in KNOWN else "unknown"


AnyFact = Annotated[
    Annotated[Annotated[KnownFact, Discriminator("kind")], Tag("known")]
    | Annotated[UnknownFact, Tag("unknown")],
    Discriminator(_tag),
]


class Event(Record):
    """One fact with its envelope. `seq` counts 1, 2, 3 … per origin and journal.

    `at` never goes backwards within a store (a hybrid clock); `wall` is what the clock said. `on_paper`: it
    was written down on paper while this could not be used, and done then; typed here at `at`.
    A correction, undo, answer or review names the event it is about in `about`.
    """

    id: EventId
    origin: str
    seq: int = Field(ge=1)
    at: AwareDatetime
    wall: AwareDatetime
    by: Actor
    terminal: str
    clinic: ClinicId | None = None
    appointment: AppointmentId | None = None
    patient: PatientId | None = None
    about: EventId | None = None
    on_paper: AwareDatetime | None = None
    data: AnyFact

    @property
    def done_at(self) -> AwareDatetime:
        """When it was done: as the paper says, where it was typed from one."""
        return self.on_paper or self.at

    @property
    def kind(self) -> str:
        return self.data.kind

    @property
    def order(self) -> tuple[AwareDatetime, str, int]:
        """Sorting by this gives every terminal the same day."""
        return (self.at, self.origin, self.seq)


class Said(Record):
    """What an act wants recorded, before the desk gives it an identity, a time and a person."""

    data: KnownFact
    clinic: ClinicId | None = None
    appointment: AppointmentId | None = None
    patient: PatientId | None = None
    about: EventId | None = None
