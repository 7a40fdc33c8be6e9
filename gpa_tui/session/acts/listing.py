"""Acts that bring a list in, and the note that something left the store."""

from __future__ import annotations

from collections.abc import Sequence

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Appointment, Clinic, Stage
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.event import Said
from gpa_tui.session.acts.common import Place, about, visit_of
from gpa_tui.session.day import Day
from gpa_tui.session.roles import Act, require


def take_list(
    day: Day,
    place: Place,
    imported: facts.ListImported,
    opened: Sequence[Clinic],
    listed: Sequence[Appointment],
    revised: Sequence[tuple[Appointment, tuple[str, ...]]],
    unlisted: Sequence[AppointmentId],
) -> list[Said]:
    """A list was read: new clinics and rows, changed rows, and rows that are no longer on it."""
    require(place.actor, Act.IMPORT_LIST)
    return [
        Said(data=imported),
        *(Said(data=facts.ClinicOpened(clinic=clinic), clinic=clinic.id) for clinic in opened),
        *(_said(row, facts.AppointmentListed(appointment=row)) for row in listed),
        *(_said(row, facts.AppointmentRevised(appointment=row, changed=what)) for row, what in revised),
        *(about(visit_of(day, row), facts.AppointmentUnlisted(file=imported.file)) for row in unlisted),
    ]


def list_walk_in(
    day: Day, place: Place, appointment: Appointment, opened: Clinic | None = None
) -> list[Said]:
    """Somebody came without an appointment: listed, and arrived, in one act.

    `opened` is their clinic where the day has none yet. Raises `Refused` for one that is listed already.
    """
    require(place.actor, Act.MOVE)
    if appointment.id in day.visits:
        raise Refused(f"{appointment.patient.name.listed} is on the list already.")
    begun = [Said(data=facts.ClinicOpened(clinic=opened), clinic=opened.id)] if opened else []
    arrived = facts.AppointmentMoved(was=Stage.BOOKED, to=Stage.ARRIVED)
    row = _said(appointment, facts.AppointmentListed(appointment=appointment))
    return [*begun, row, row.model_copy(update={"data": arrived})]


def _said(row: Appointment, data: facts.AppointmentListed | facts.AppointmentRevised) -> Said:
    return Said(data=data, clinic=row.clinic, appointment=row.id, patient=row.patient.id)


def note_pack(day: Day, place: Place, what: str, file: str) -> list[Said]:  # noqa: ARG001
    """The downtime pack was made: list and briefs, in the clear."""
    require(place.actor, Act.PACK)
    return [Said(data=facts.Exported(what=what, file=file))]


def note_export(day: Day, place: Place, what: str, file: str) -> list[Said]:  # noqa: ARG001
    """Something was copied out of the store in the clear."""
    require(place.actor, Act.EXPORT_LOG)
    return [Said(data=facts.Exported(what=what, file=file))]
