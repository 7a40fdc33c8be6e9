"""Acts about what the practice's server says: what it leaves to a person, and what the person decides."""

from __future__ import annotations

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Appointment, Clinic
from gpa_tui.records.base import AppointmentId, EventId
from gpa_tui.records.event import Said
from gpa_tui.session.acts.common import Place, about, visit_of
from gpa_tui.session.day import Day, ForPerson
from gpa_tui.session.roles import Act, require


def ask_same_person(
    day: Day, place: Place, sentence: str, row: Appointment, changed: tuple[str, ...], opened: Clinic | None
) -> list[Said]:
    """The server's row may be somebody else's: a person is asked, once for the same row."""
    require(place.actor, Act.IMPORT_LIST)
    asked = facts.ServerAsked(sentence=sentence, appointment=row, changed=changed, opened=opened)
    if any(one.says == asked for one in day.for_person.values()):
        return []
    return [_of_row(row, asked)]


def answer_same_person(day: Day, place: Place, question: EventId, *, same: bool) -> list[Said]:
    """It is the same person, and the server's details are taken; or another, and nothing is.

    Raises `Refused` where somebody has answered already.
    """
    require(place.actor, Act.IMPORT_LIST)
    one = _open(day, question)
    assert isinstance(one.says, facts.ServerAsked), "a question of sameness"
    row, opened = one.says.appointment, one.says.opened
    said = [_of_row(row, facts.ServerAnswered(same=same)).model_copy(update={"about": question})]
    if not same:
        return said
    if opened is not None and opened.id not in day.clinics:
        said.append(Said(data=facts.ClinicOpened(clinic=opened), clinic=opened.id))
    known = row.id in day.visits
    said.append(
        _of_row(
            row,
            facts.AppointmentRevised(appointment=row, changed=one.says.changed)
            if known
            else facts.AppointmentListed(appointment=row),
        )
    )
    return said


def note_clash(day: Day, place: Place, appointment: AppointmentId, ours: str, theirs: str) -> list[Said]:
    """The appointment's status is `ours` here and `theirs` at the server: both were changed."""
    require(place.actor, Act.IMPORT_LIST)
    clash = facts.StatusClashed(ours=ours, theirs=theirs)
    if any(one.open and (one.appointment, one.says) == (appointment, clash) for one in day.left_to_person()):
        return []
    return [about(visit_of(day, appointment), clash)]


def pick_status(day: Day, place: Place, clash: EventId, *, ours: bool) -> list[Said]:
    """Which of the two statuses holds at the server. Raises `Refused` where somebody has said so already."""
    require(place.actor, Act.MOVE)
    one = _open(day, clash)
    assert isinstance(one.says, facts.StatusClashed), "a clash"
    return [about(visit_of(day, one.appointment), facts.StatusPicked(ours=ours), clash)]


def _open(day: Day, event: EventId) -> ForPerson:
    one = day.for_person.get(event)
    if one is None or not one.open:
        raise Refused("Somebody has settled it already.", "Look again.")
    return one


def _of_row(row: Appointment, data: facts.KnownFact) -> Said:
    return Said(data=data, clinic=row.clinic, appointment=row.id, patient=row.patient.id)
