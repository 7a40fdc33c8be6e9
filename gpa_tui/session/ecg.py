"""One ECG from its being asked for to its review: how far it is, what is next, how long it waits. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from gpa_tui.clinical.ecg import MACHINE, NAMES, numbers_shown
from gpa_tui.clock import whole_minutes
from gpa_tui.records import event as facts
from gpa_tui.records.base import EventId
from gpa_tui.records.ecg import AFTER, BEFORE, EcgCheck
from gpa_tui.records.event import Event

MOST_TRIES = 3  # recordings; then the best there is, or none (the ECG brief, section 6)
ShowTime = Callable[[datetime], str]
AFact = TypeVar("AFact", bound=facts.Fact)


class Step(StrEnum):
    """What is next of an ECG beside the checks, which have their own names."""

    SYMPTOMS = "symptoms"
    ALLOW = "allow"
    RECORD = "record"
    HAND = "hand"
    REVIEW = "review"


class Lateness(StrEnum):
    """How loud the wait for a review is."""

    IN_TIME = ""
    LATE = "late"
    VERY_LATE = "very late"


class ReviewLimits(NamedTuple):
    """Minutes from the recording after which its review is late, and very late."""

    late: int
    very_late: int


@dataclass(frozen=True, slots=True)
class Entry(Generic[AFact]):
    """What was said, and the event that says by whom and when."""

    event: Event
    said: AFact


@dataclass(slots=True)
class Ecg:
    """What was said of one request, the last of each kind."""

    asked: Event
    request: facts.EcgRequested
    symptoms: Entry[facts.EcgSymptomsAsked] | None = None
    allowed: list[Entry[facts.EcgAllowed]] = field(default_factory=list)
    prepared: dict[EcgCheck, Entry[facts.EcgPrepared]] = field(default_factory=dict)
    recorded: dict[int, Entry[facts.EcgRecorded]] = field(default_factory=dict)  # by attempt, from 1
    checked: dict[tuple[int, EcgCheck], Entry[facts.EcgQualityChecked]] = field(default_factory=dict)
    filed: list[Entry[facts.EcgFiled]] = field(default_factory=list)
    handed: Entry[facts.EcgHanded] | None = None
    not_obtained: Entry[facts.EcgNotObtained] | None = None
    reviewed: Entry[facts.EcgReviewed] | None = None

    @property
    def id(self) -> EventId:
        return self.asked.id

    def take(self, event: Event) -> None:
        """Take in what is said about it, in order. What is recorded anew is yet to be handed and reviewed."""
        match event.data:
            case facts.EcgSymptomsAsked() as said:
                self.symptoms = Entry(event, said)
            case facts.EcgAllowed() as said:
                self.allowed.append(Entry(event, said))
            case facts.EcgPrepared() as said:
                self.prepared[said.check] = Entry(event, said)
            case facts.EcgRecorded() as said:
                self.recorded[said.attempt] = Entry(event, said)
                self.handed = self.reviewed = None
            case facts.EcgQualityChecked() as said:
                self.checked[(said.attempt, said.check)] = Entry(event, said)
            case facts.EcgFiled() as said:
                self.filed.append(Entry(event, said))
            case facts.EcgHanded() as said:
                self.handed = Entry(event, said)
            case facts.EcgNotObtained() as said:
                self.not_obtained, self.handed, self.reviewed = Entry(event, said), None, None
            case facts.EcgReviewed() as said:
                self.reviewed = Entry(event, said)

    @property
    def done(self) -> bool:
        """Whether nothing more is recorded for this request: handed, given up, or reviewed as it is."""
        good = bool(self.recorded) and self.attempt in self.recorded
        return bool(self.handed or self.not_obtained or (self.reviewed and good))

    @property
    def allowed_for(self) -> set[str]:
        """For what a clinician said to go on."""
        return {reason for one in self.allowed for reason in one.said.stopped_for}

    @property
    def symptomatic(self) -> bool:
        """Symptoms now, or in the last twelve hours."""
        return self.symptoms is not None and self.symptoms.said.found != "none"

    @property
    def latest(self) -> Entry[facts.EcgRecorded] | None:
        """The last recording."""
        return self.recorded.get(max(self.recorded, default=0))

    def failed(self, attempt: int) -> bool:
        """Whether that recording was found not to be good."""
        looks = (self.checked.get((attempt, check)) for check in AFTER)
        return any(look is not None and not look.said.ok for look in looks)

    @property
    def attempt(self) -> int:
        """The number of the recording that is under way or was the last: one more for each that failed."""
        last = max(self.recorded, default=0)
        return max(1, min(last + self.failed(last), MOST_TRIES))

    @property
    def open_checks(self) -> list[EcgCheck]:
        """What is to be looked at of the recording that is under way."""
        return [check for check in AFTER if (self.attempt, check) not in self.checked]

    def next_step(self, stopped_for: Sequence[str]) -> Step | EcgCheck | None:
        """What comes next; None when it is reviewed. `stopped_for`: at what the practice's rule stops."""
        if self.done:
            told = self.handed or self.reviewed
            return None if self.reviewed else Step.REVIEW if told else Step.HAND
        before: list[Step | EcgCheck] = [check for check in BEFORE if check not in self.prepared]
        steps: list[tuple[bool, list[Step | EcgCheck]]] = [
            (self.symptoms is None, [Step.SYMPTOMS]),
            (bool(stopped_for), [Step.ALLOW]),
            (True, before),
            (self.attempt not in self.recorded, [Step.RECORD]),
            (True, [*self.open_checks]),
        ]
        return next((step for due, those in steps if due for step in those), Step.HAND)

    @property
    def waits_since(self) -> datetime | None:
        """Since when a clinician's eyes are waited for: the first recording, or that there will be none."""
        if self.reviewed:
            return None
        times = [one.said.recorded_at for one in self.recorded.values()]
        return min(times, default=self.not_obtained.event.done_at if self.not_obtained else None)

    @property
    def minutes_to_review(self) -> int | None:
        """From the first recording, as the clock of the day list runs; None where either is missing."""
        times = [one.said.recorded_at for one in self.recorded.values()]
        return whole_minutes(min(times), self.reviewed.event.done_at) if times and self.reviewed else None

    def lateness(self, now: datetime, limits: ReviewLimits) -> Lateness:
        """How late its review is; with symptoms it is at once."""
        if self.waits_since is None:
            return Lateness.IN_TIME
        minutes = whole_minutes(self.waits_since, now)
        if self.symptomatic or minutes >= limits.very_late:
            return Lateness.VERY_LATE
        return Lateness.LATE if minutes >= limits.late else Lateness.IN_TIME

    def stage(self, show_time: ShowTime) -> str:
        """How far it is: `asked 09:35`, `recorded 09:50`, `quality ok`, `to Dr N Patel`, `reviewed 10:02`."""
        if self.reviewed:
            return f"reviewed {show_time(self.reviewed.event.done_at)}"
        if self.not_obtained:
            return f"{self.not_obtained.said.outcome} {show_time(self.not_obtained.event.done_at)}"
        if self.handed:
            return f"to {self.handed.said.to}"
        if self.latest is None:
            ready = all(check in self.prepared for check in BEFORE)
            return "prepared" if ready else f"asked {show_time(self.asked.done_at)}"
        if self.attempt not in self.recorded:
            return f"record again, {self.attempt} of {MOST_TRIES}"
        return f"recorded {show_time(self.latest.said.recorded_at)}" if self.open_checks else "quality ok"


def take_ecg(ecgs: dict[EventId, Ecg], event: Event) -> None:
    """Take one event of a visit into its ECGs, in order. Never raises."""
    if isinstance(event.data, facts.EcgRequested):
        ecgs[event.id] = Ecg(event, event.data)
    elif event.about in ecgs:
        ecgs[event.about].take(event)


def not_reviewed(ecgs: Mapping[EventId, Ecg]) -> Iterator[Ecg]:
    """Those that wait for a clinician's eyes."""
    return (one for one in ecgs.values() if one.waits_since is not None)


def unfinished(ecgs: Mapping[EventId, Ecg]) -> Iterator[Ecg]:
    """Those that are not done: asked for, recorded or handed, and not reviewed."""
    return (one for one in ecgs.values() if not one.reviewed)


def summary(ecg: Ecg, show_time: ShowTime) -> Iterator[str]:
    """What a clinician reads of it, a clause each: asked, symptoms, every recording with the cart's numbers
    and words, what was other than standard, files, to whom it went, and whether anybody has reviewed it."""
    request = ecg.request
    yield f"ECG asked by {request.asked_by}, {request.urgency}: {request.reason} – {ecg.stage(show_time)}"
    if ecg.symptoms and ecg.symptomatic:
        said = ecg.symptoms.said
        yield f"symptoms now or in the last 12 hours: {said.words or said.found}"
    for one in ecg.allowed:
        yield f"{', '.join(one.said.stopped_for)}: {one.said.by} said to go on"
    several = len(ecg.recorded) > 1
    for attempt, recording in sorted(ecg.recorded.items()):
        which = f"try {attempt} " if several else ""
        who = f"recorded {show_time(recording.said.recorded_at)} by {recording.event.by.name}"
        yield f"{which}{who}, {numbers_shown(recording.said.numbers)}"
        yield from (f"{which}{text}" for text in machine_words(recording.said))
        yield from (f"{which}{text}" for text in file_differs(ecg, attempt))
    yield from deviations(ecg)
    for filed in ecg.filed:
        yield f"file {filed.said.attachment.file_name}, {filed.said.attachment.says.format.value}"
        yield from (f"the file: {note}" for note in filed.said.attachment.says.notes)
    if ecg.not_obtained:
        yield f"{ecg.not_obtained.said.outcome}: {ecg.not_obtained.said.why}"
    if ecg.handed:
        told = "; ".join(ecg.handed.said.told)
        at = f"{show_time(ecg.handed.event.done_at)} by {ecg.handed.event.by.name}"
        yield f"handed to {ecg.handed.said.to}, {at}{f'; told: {told}' if told else ''}"
    if ecg.reviewed:
        seen = ecg.reviewed.said
        how = f", as they said to {ecg.reviewed.event.by.name}" if seen.said else ""
        yield f"reviewed by {seen.by}{how}, {show_time(ecg.reviewed.event.done_at)}: {seen.words}"
    elif ecg.waits_since is not None:
        yield "NOT REVIEWED by a clinician"


def file_differs(ecg: Ecg, attempt: int) -> Iterator[str]:
    """Where the file of a recording gives another number than was typed."""
    recording = ecg.recorded[attempt].said.numbers
    for filed in ecg.filed:
        if filed.said.attempt == attempt:
            file = filed.said.attachment.says.numbers
            for name, label in NAMES.items():
                typed, given = getattr(recording, name), getattr(file, name)
                if typed is not None and given is not None and typed != given:
                    yield f"{label} {given} in the file, {typed} typed"


def machine_words(recorded: facts.EcgRecorded) -> Iterator[str]:
    """What the machine printed, word for word, and what is to be known of the numbers."""
    yield from (f"{MACHINE}: {statement}" for statement in recorded.statements)
    if recorded.typed_twice_because:
        yield f"numbers that do not fit, typed twice: {recorded.typed_twice_because}"
    if recorded.corrected_because:
        yield f"CORRECTED, {recorded.corrected_because}: was {recorded.was}"


def deviations(ecg: Ecg) -> Iterator[str]:
    """What was other than standard, and each recording that was not good, in the recorder's words."""
    for check, one in ecg.prepared.items():
        if one.said.words:
            yield f"{check.value}: {one.said.words}"
    for (attempt, check), look in ecg.checked.items():
        if look.said.words:
            again = "" if look.said.ok else ", recorded again"
            yield f"try {attempt}, {check.value}: {look.said.words}{again}"
