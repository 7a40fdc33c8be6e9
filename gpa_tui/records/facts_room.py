"""What is noted of the room and the patient in it: who is there, chaperone, capacity, needs, a concern."""

from __future__ import annotations

from typing import Literal

from gpa_tui.records.base import AppointmentId
from gpa_tui.records.fact import Fact
from gpa_tui.records.patient import Need

Chaperone = Literal["accepted", "declined", "none to be had"]
Interpreter = Literal["in the room", "by telephone", "by video", "declined", "none to be had"]
"""A professional, and how; family is no interpreter, and a child never (domain brief, 5.4)."""


class PresentRecorded(Fact):
    """Who else is in the room, in words: `daughter Ruth`."""

    says = "in the room"
    kind: Literal["present.recorded"] = "present.recorded"
    who: str


class ChaperoneRecorded(Fact):
    """A chaperone was offered; accepted with their name, declined, or why there was none."""

    says = "chaperone"
    kind: Literal["chaperone.recorded"] = "chaperone.recorded"
    offered: Chaperone
    words: str = ""


class InterpreterRecorded(Fact):
    """Who interpreted, from which language, and how; or why nobody did."""

    says = "interpreter"
    kind: Literal["interpreter.recorded"] = "interpreter.recorded"
    mode: Interpreter
    words: str


class CapacityNoted(Fact):
    """What was seen of capacity, or who speaks for the patient and by which right, in words."""

    says = "capacity or proxy"
    kind: Literal["capacity.noted"] = "capacity.noted"
    words: str


class NeedNoted(Fact):
    says = "need"
    kind: Literal["need.noted"] = "need.noted"
    need: Need


class NeedEnded(Fact):
    """A need that was noted here, on this day or before, does not hold any more; `need` is its words."""

    says = "need ended"
    kind: Literal["need.ended"] = "need.ended"
    need: str
    why: str


class BackgroundNoted(Fact):
    """Family background as they said it, having been asked whether it may be used for BMI (NICE NG246)."""

    says = "family background"
    kind: Literal["background.noted"] = "background.noted"
    words: str


class SafeguardingRaised(Fact):
    """A concern. `words` are on no list, sheet, brief or export; clinicians read them in the log."""

    says = "safeguarding concern"
    kind: Literal["safeguarding.raised"] = "safeguarding.raised"
    words: str


class EntryMoved(Fact):
    """About an entry that was made in the wrong record and is struck there: it follows here."""

    says = "moved here"
    kind: Literal["entry.moved"] = "entry.moved"
    from_appointment: AppointmentId
    from_name: str
