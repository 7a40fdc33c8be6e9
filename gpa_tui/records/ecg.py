"""What is kept of a 12-lead ECG: the cart's numbers, its words, and what the file from it says. No rule."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from gpa_tui.records.base import PartialDate, Record

Formula = Literal["", "bazett", "fridericia", "framingham", "hodges"]
"""By which the cart corrected QT; empty: it did not say."""


class EcgNumbers(Record):
    """As the cart gives them, none of them ours. None: not given; a PR of None may mean no P waves."""

    rate: int | None = None  # ventricular, beats/min
    pr_ms: int | None = None
    qrs_ms: int | None = None
    qt_ms: int | None = None
    qtc_ms: int | None = None
    qtc_formula: Formula = ""
    axis_deg: int | None = None  # QRS, frontal plane

    @property
    def any_given(self) -> bool:
        return any(value is not None for name, value in self if name != "qtc_formula")


class EcgFormat(StrEnum):
    """What a file is, told by its content; the words are for the screen."""

    DICOM = "DICOM ECG"
    PHILIPS = "Philips Sierra XML"
    AECG = "HL7 aECG"
    MUSE = "GE MUSE XML"
    SCP = "SCP-ECG"
    PDF = "PDF"
    OTHER = "unknown kind"


class EcgFileSays(Record):
    """What the file from a cart says; all of it unchecked, and only what stands in it.

    `recorded_at` is the cart's own clock, with a time zone only where the file gives one. `notes` are what
    is odd about the file or what the cart itself says of the recording's quality, a clause each:
    `V3: lead off, says the cart`.
    """

    format: EcgFormat
    patient_ids: tuple[str, ...] = ()
    name: str = ""
    born: PartialDate | None = None
    gender: Literal["", "male", "female", "other"] = ""
    recorded_at: datetime | None = None
    numbers: EcgNumbers = Field(default_factory=EcgNumbers)
    statements: tuple[str, ...] = ()  # the machine's interpretation, word for word
    notes: tuple[str, ...] = ()


class EcgCheck(StrEnum):
    """What is answered each for itself before a recording (the first four) and after it."""

    CART = "cart"
    CONSENT = "consent"
    CHAPERONE = "chaperone"
    SITES = "sites"
    PAPER = "paper"
    TRACE = "trace"
    ELECTRODES = "electrodes"

    @property
    def before(self) -> bool:
        """Whether it is seen to before the recording."""
        return self in BEFORE


BEFORE = (EcgCheck.CART, EcgCheck.CONSENT, EcgCheck.CHAPERONE, EcgCheck.SITES)
AFTER = (EcgCheck.PAPER, EcgCheck.TRACE, EcgCheck.ELECTRODES)

Urgency = Literal["now", "today", "routine"]
Symptoms = Literal["none", "chest pain", "other"]
NotObtained = Literal["refused", "not obtained", "poor quality", "not needed"]


class EcgAttachment(Record):
    """A file that was attached: where it is kept, what it says, what did not fit, and why it stays."""

    kept_as: str  # the name in the store's folder of attachments
    file_name: str
    size: int  # bytes
    sha256: str
    says: EcgFileSays
    did_not_fit: tuple[str, ...] = ()
    stays_because: str = ""
