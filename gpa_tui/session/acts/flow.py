"""Acts on the list and the record as such: stages, opening, identity, sign-in and lock, taking back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import AppointmentId, ClinicId, EventId
from gpa_tui.records.event import Said
from gpa_tui.session.acts.common import Place, about, required_words, visit_of, words
from gpa_tui.session.day import Day, IdentityState
from gpa_tui.session.identity import matches
from gpa_tui.session.roles import Act, require
from gpa_tui.session.stages import may_follow

SaidBy = Literal["patient", "parent", "carer", "record only"]

BY_KEY = "taken back"  # why an entry was struck that `u` took back
TAKEN_BACK_BY_KEY = (
    facts.AppointmentMoved,
    facts.PrepAnswered,
    facts.PrepTemplateChosen,
    facts.PlanTaught,
    facts.PlanReleased,
    facts.EcgPrepared,
    facts.EcgQualityChecked,
)
"""What `u` takes back: one slip of one key. Words and readings are corrected, not taken back."""


def move(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    to: Stage,
    *,
    quiet: bool = False,
    seen: Stage | None = None,
) -> list[Said]:
    """The appointment goes to another stage. Raises `Refused` when that stage cannot follow.

    `seen` is the stage that the person looked at: refused when somebody has moved the patient on since.
    `quiet`: the name is not to be called or shown in the waiting room.

    From arrival or prep to ready for the GP is no move but the hand-over, which names what is open.
    """
    require(place.actor, Act.MOVE, appointment)
    visit = visit_of(day, appointment)
    name = visit.appointment.patient.name.listed
    if to is visit.stage:
        raise Refused(f"{name} is already {to.value}.")
    if seen is not None and visit.stage is not seen:
        who = f", by {visit.moves[-1].by.name}" if visit.moves else ""
        raise Refused(f"{name} was moved meanwhile: {visit.stage.value}{who}.", "Look, then press again.")
    able = may_follow(visit.mode, visit.stage)
    if to not in able:
        others = ", ".join(stage.value for stage in Stage if stage in able)
        raise Refused(
            f"{name} is {visit.stage.value}: {to.value} cannot follow.",
            f"What can: {others}." if others else "",
        )
    if to is Stage.READY and visit.stage in {Stage.ARRIVED, Stage.IN_PREP}:
        raise Refused(
            f"{name} is not handed over yet.",
            "Open the record: g shows the brief, and hands over.",
        )
    return [about(visit, facts.AppointmentMoved(was=visit.stage, to=to, quiet=quiet))]


def open_record(day: Day, place: Place, appointment: AppointmentId) -> list[Said]:
    """A record is opened for reading; nothing is asked, the opening is recorded."""
    require(place.actor, Act.OPEN_RECORD, appointment)
    return [about(visit_of(day, appointment), facts.RecordViewed())]


def close_record(day: Day, place: Place, appointment: AppointmentId) -> list[Said]:
    """The record is no longer on this screen."""
    require(place.actor, Act.OPEN_RECORD, appointment)
    return [about(visit_of(day, appointment), facts.RecordClosed())]


def check_identity(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    said_by: SaidBy,
    name: str,
    born: str | None,
    one_more: str = "",
    why: str = "",
) -> list[Said]:
    """Record who the patient says they are, and whether it fits the list. A misfit is recorded too.

    `one_more` is a third thing they said. `record only`: nobody could say it; nothing is compared, and the
    log says so. After words that did not fit that needs `why`.
    """
    require(place.actor, Act.CHECK_IDENTITY, appointment)
    visit = visit_of(day, appointment)
    patient, by_record = visit.appointment.patient, said_by == "record only"
    misfit = day.identity(place.actor, place.terminal, appointment) is IdentityState.MISFIT
    if by_record and misfit:
        required_words(why, "What they said did not fit. Say why you go on by the record.")
    return [
        about(
            visit,
            facts.IdentityChecked(
                said_by=said_by,
                name_said=words(name),
                born_said=born,
                one_more=words(one_more),
                matched=None if by_record else matches(patient, name, born, one_more),
                by_name_alone=not by_record and len(patient.born or "") < len("1954-04-12"),
                why=words(why) if by_record and misfit else "",
            ),
        )
    ]


def take_back(day: Day, place: Place, appointment: AppointmentId | None = None) -> list[Said]:
    """This person's last single-key act, in one record or anywhere on the list (stages only).

    Raises `Refused` when there is none, or somebody has moved the patient on since.
    """
    on_list = appointment is None
    kinds = (facts.AppointmentMoved,) if on_list else TAKEN_BACK_BY_KEY
    for event in reversed(day.events):
        mine = event.by.staff == place.actor.staff and event.terminal == place.terminal
        here = on_list or event.appointment == appointment
        if mine and here and isinstance(event.data, kinds) and event.id not in day.struck:
            return _strike(day, event.id, event)
    raise Refused("There is nothing of yours here to take back.")


def _strike(day: Day, event_id: EventId, event: facts.Event) -> list[Said]:
    if event.appointment is None:
        raise Refused("There is nothing of yours here to take back.")
    visit = visit_of(day, event.appointment)
    ecg = [one for one in visit.events if one.about == event.about and one.kind.startswith("ecg.")]
    if event.kind.startswith("ecg.") and [one for one in ecg if one.id not in day.struck][-1].id != event_id:
        raise Refused("More was recorded of that ECG since.", "6, then v, strikes an entry with the reason.")
    latest = visit.moves[-1] if visit.moves else None
    if isinstance(event.data, facts.AppointmentMoved) and (latest is None or latest.event != event_id):
        if latest is None:
            raise Refused("That move is not part of this record.")
        raise Refused(
            f"{visit.appointment.patient.name.listed} was moved to {latest.to.value} since, "
            f"by {latest.by.name}.",
            "Move the patient to the stage that is right.",
        )
    return [about(visit, facts.EntryStruck(why=BY_KEY), event_id)]


def open_sign_in(day: Day, place: Place) -> list[Said]:  # noqa: ARG001
    """Somebody signed in."""
    return [Said(data=facts.SignInOpened())]


def close_sign_in(day: Day, place: Place) -> list[Said]:  # noqa: ARG001
    """Somebody signed out."""
    return [Said(data=facts.SignInClosed())]


def lock(day: Day, place: Place) -> list[Said]:  # noqa: ARG001
    """The screen was hidden, by key or by the idle limit."""
    return [Said(data=facts.SignInLocked())]


def unlock(day: Day, place: Place) -> list[Said]:  # noqa: ARG001
    """The same person came back."""
    return [Said(data=facts.SignInUnlocked())]


def set_pin(day: Day, place: Place) -> list[Said]:  # noqa: ARG001
    """A PIN opens the lock of this terminal from now on."""
    return [Said(data=facts.PinSet())]


def refuse_pin(day: Day, place: Place) -> list[Said]:  # noqa: ARG001
    """A wrong PIN was typed at a locked terminal."""
    return [Said(data=facts.PinRefused())]


def close_session(
    day: Day, place: Place, still_open: Sequence[str], clinic: ClinicId | None = None
) -> list[Said]:
    """A clinic, or all of the day, is closed with what was open then; nothing of it is lost by that."""
    require(place.actor, Act.CLOSE_SESSION)
    clinics: list[ClinicId | None] = [clinic] if clinic is not None else [*day.clinics] or [None]
    closed = facts.ClinicClosed(still_open=tuple(words(one) for one in still_open))
    return [Said(data=closed, clinic=one) for one in clinics]


def note_printed(day: Day, place: Place, what: str) -> list[Said]:  # noqa: ARG001
    """A sheet of the list was given out as text."""
    require(place.actor, Act.MOVE)
    return [Said(data=facts.Printed(what=what))]


def view_log(day: Day, place: Place) -> list[Said]:  # noqa: ARG001
    """The session log is read; the reading is recorded."""
    require(place.actor, Act.READ_LOG)
    return [Said(data=facts.LogViewed())]
