"""Who may do what: one table, role × act. Reading the list is everybody's."""

from __future__ import annotations

from enum import StrEnum

from gpa_tui.errors import NotAllowed
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.staff import Actor, Role


class Act(StrEnum):
    """What a person can ask for; the words are for the sentence that refuses."""

    IMPORT_LIST = "import a list"
    MOVE = "move an appointment to another stage"
    OPEN_RECORD = "open a patient's record"
    CHECK_IDENTITY = "record an identity check"
    PREPARE = "answer prep items"
    OBSERVE = "record observations"
    ASK_ECG = "ask for an ECG"
    ECG = "record an ECG"
    REVIEW_ECG = "review an ECG"
    NOTE = "note who is in the room, a chaperone, capacity or a need"
    SET_SCALE = "decide on the SpO2 scale"
    SAFEGUARD = "raise a safeguarding concern"
    MEND = "strike or move their own entries"
    ESCALATE = "escalate"
    ACKNOWLEDGE = "acknowledge an escalation as heard"
    SHOW_ESCALATION = "note that a terminal has shown an escalation"
    GIVE_PLAN = "write down the GP's plan"
    WORD_PLAN = "word the messages"
    RELEASE = "record that the GP released the wording"
    COPY = "copy a record entry, or make a handout"
    TEACH = "record teach-back and safety net"
    TASK = "ask for a task, or answer one"
    PHRASE = "keep a phrase"
    CLOSE_SESSION = "close the session"
    READ_LOG = "read the session log"
    REVIEW = "review a session"
    ANSWER = "answer what a review asks"
    EXPORT_LOG = "export the session log"
    PACK = "make the downtime pack"
    PORTFOLIO = "keep a portfolio"
    SIGN_OFF = "sign off a competency"
    MANAGE_STAFF = "change who may sign in"
    BACK_UP = "back up the store"
    RETAIN = "archive or destroy what the practice's rule says"
    SET_UP_SYNC = "set up the practice's server, or other hosts"


_LIST = frozenset({Act.IMPORT_LIST, Act.MOVE, Act.TASK, Act.PHRASE, Act.ESCALATE, Act.ANSWER})
_RECORD = frozenset({Act.OPEN_RECORD, Act.CHECK_IDENTITY})
_PLAN = frozenset({Act.GIVE_PLAN, Act.WORD_PLAN, Act.RELEASE, Act.TEACH, Act.COPY})
_ECG = frozenset({Act.ASK_ECG, Act.ECG})
_NOTES = frozenset({Act.NOTE, Act.SAFEGUARD, Act.MEND, Act.PREPARE, Act.OBSERVE})
_CARE = _PLAN | _ECG | _NOTES | {Act.CLOSE_SESSION, Act.PACK, Act.PORTFOLIO}
_SEES = frozenset({Act.ACKNOWLEDGE, Act.REVIEW_ECG})
_LOG = frozenset({Act.READ_LOG, Act.EXPORT_LOG})

MAY: dict[Role, frozenset[Act]] = {
    Role.RECEPTION: _LIST,
    Role.GPA: _LIST | _RECORD | _CARE,
    Role.CLINICIAN: _LIST | _RECORD | _CARE | _SEES | {Act.READ_LOG, Act.SET_SCALE},
    Role.SUPERVISOR: _LIST | _RECORD | _CARE | _SEES | _LOG | {Act.REVIEW, Act.SIGN_OFF, Act.BACK_UP},
    Role.ADMINISTRATOR: frozenset(
        {Act.IMPORT_LIST, Act.EXPORT_LOG, Act.MANAGE_STAFF, Act.BACK_UP, Act.RETAIN, Act.SET_UP_SYNC}
    ),
    Role.DEVICE: frozenset({Act.IMPORT_LIST, Act.EXPORT_LOG, Act.SHOW_ESCALATION}),
}


def require(actor: Actor, act: Act, appointment: AppointmentId | None = None) -> None:
    """Raises `NotAllowed` when the role acted in may not do `act`, in `appointment` where it is about one."""
    if act not in MAY[actor.role]:
        able = ", ".join(role.label for role, acts in MAY.items() if act in acts and role is not Role.DEVICE)
        raise NotAllowed(
            f"{actor.role.label} may not {act}.",
            f"Ask: {able}." if able else "",
            act=act.value,
            appointment=appointment,
        )
