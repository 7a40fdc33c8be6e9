"""What is stated of a 12-lead ECG, from its being asked for to its review; the others are about the first."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from gpa_tui.records.ecg import EcgAttachment, EcgCheck, EcgNumbers, NotObtained, Symptoms, Urgency
from gpa_tui.records.fact import Fact


class EcgRequested(Fact):
    """Somebody wants one: who, how soon, and why."""

    says = "ECG asked for"
    kind: Literal["ecg.requested"] = "ecg.requested"
    asked_by: str
    urgency: Urgency
    reason: str


class EcgSymptomsAsked(Fact):
    """Symptoms now, or in the last twelve hours."""

    says = "ECG symptoms"
    kind: Literal["ecg.symptoms_asked"] = "ecg.symptoms_asked"
    found: Symptoms
    words: str = ""


class EcgAllowed(Fact):
    """The practice's rule says to stop and ask; a clinician said to go on."""

    says = "ECG to go on"
    kind: Literal["ecg.allowed"] = "ecg.allowed"
    by: str
    stopped_for: tuple[str, ...]


class EcgPrepared(Fact):
    """One thing before the recording was seen to; `words` is what is other than standard."""

    says = "ECG prepared"
    kind: Literal["ecg.prepared"] = "ecg.prepared"
    check: EcgCheck
    words: str = ""


class EcgRecorded(Fact):
    """The cart recorded; its numbers, and its words verbatim: the machine's, unconfirmed.

    `typed_twice_because`: the numbers do not fit together and were typed twice. `corrected_because`: it takes
    the place of an entry that said what it `was`.
    """

    says = "ECG recorded"
    kind: Literal["ecg.recorded"] = "ecg.recorded"
    attempt: int = Field(ge=1)
    recorded_at: AwareDatetime
    numbers: EcgNumbers
    statements: tuple[str, ...] = ()
    typed_twice_because: str = ""
    was: str = ""
    corrected_because: str = ""


class EcgQualityChecked(Fact):
    """One thing after the recording was looked at; not `ok`: it is recorded again, and why."""

    says = "ECG quality"
    kind: Literal["ecg.quality_checked"] = "ecg.quality_checked"
    attempt: int = Field(ge=1)
    check: EcgCheck
    ok: bool
    words: str = ""


class EcgFiled(Fact):
    says = "ECG file attached"
    kind: Literal["ecg.filed"] = "ecg.filed"
    attempt: int = Field(ge=1)  # of which recording
    attachment: EcgAttachment


class EcgHanded(Fact):
    """To whom it was given, how, and what they were told to look at today."""

    says = "ECG handed"
    kind: Literal["ecg.handed"] = "ecg.handed"
    to: str
    how: str
    told: tuple[str, ...] = ()


class EcgNotObtained(Fact):
    says = "ECG not obtained"
    kind: Literal["ecg.not_obtained"] = "ecg.not_obtained"
    outcome: NotObtained
    why: str


class EcgReviewed(Fact):
    """A clinician has seen it, or seen that there is none; `said`: as they said it, typed by another."""

    says = "ECG reviewed"
    kind: Literal["ecg.reviewed"] = "ecg.reviewed"
    by: str
    words: str
    said: bool = False
