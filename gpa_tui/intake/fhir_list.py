"""The appointments of a FHIR file, with their clinicians, places and patients, put on the listing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from gpa_tui.intake.fhir_clinical import Clinical
from gpa_tui.intake.fhir_file import Entry, read_entries
from gpa_tui.intake.fhir_model import checked
from gpa_tui.intake.fhir_patient import patient_of
from gpa_tui.intake.fhir_refs import Ref, References, kind_of, ref_of
from gpa_tui.intake.fhir_words import all_words, best_name, codes, extensions, whole, words
from gpa_tui.intake.fields import BadField, mode_in, short
from gpa_tui.intake.listing import LONGEST_MINUTES, USUAL_MINUTES, Found, Listing, Origin
from gpa_tui.records.appointment import Mode
from gpa_tui.records.patient import Patient

if TYPE_CHECKING:
    from fhir.resources.R4B.appointment import Appointment
    from fhir.resources.R4B.slot import Slot

# HL7 FHIR R4 value set `appointmentstatus`
_LISTED = {"booked", "arrived", "checked-in", "fulfilled", "pending", "noshow", "cancelled"}
_LEFT_OUT = {
    "proposed": "Proposed or waiting, not booked, left out",
    "waitlist": "Proposed or waiting, not booked, left out",
    "entered-in-error": "Entered in error, left out",
}
_CHANNELS = {"in-person": Mode.IN_PERSON, "telephone": Mode.TELEPHONE, "video": Mode.VIDEO}
_CLINICIANS = ("Practitioner", "PractitionerRole")
_PLACES = ("Location", "HealthcareService")


def read_fhir(data: bytes, listing: Listing) -> None:
    """Put the appointments of a FHIR R4 file on the listing. Raises `IntakeError` when it is not one."""
    entries = read_entries(data, listing)
    reading = _Reading(entries, listing)
    appointments = [entry for entry in entries if entry.kind == "Appointment"]
    if not appointments:
        listing.notes.append("There are no appointments in the file.")
    for entry in appointments:
        try:
            found = reading.found(entry)
            if found is not None:
                listing.add(found, entry.origin)
        except BadField as why:
            listing.reject(why, entry.origin, appointment=listing.id_of(_key(entry)))
        except RecursionError:
            deep = BadField("resource", "is nested too deeply")
            listing.reject(deep, Origin(entry.row, ""), appointment=listing.id_of(_key(entry)))


def _key(entry: Entry) -> str:
    """The source system's own identifier of an appointment; empty when it has none that lasts."""
    if entry.id:
        return entry.id
    identifiers = entry.raw.get("identifier")
    for each in identifiers if isinstance(identifiers, list) else ():
        if isinstance(each, dict) and isinstance(each.get("value"), str) and each["value"]:
            return f"{each.get('system', '')}|{each['value']}"
    return entry.full_url if "://" in entry.full_url else ""


@dataclass(frozen=True, slots=True)
class _OnSlot:
    """The slot of an appointment: its resource, and what the models made of it."""

    entry: Entry
    slot: Slot


class _Reading:
    """All resources of one file, with what was already made of its patients."""

    def __init__(self, entries: list[Entry], listing: Listing) -> None:
        self._listing = listing
        self._references = References(entries)
        self._clinical = Clinical(entries, self._references, listing)
        self._patients: dict[Entry, Patient | BadField] = {}

    def found(self, entry: Entry) -> Found | None:
        """The appointment, or None when it is left out and counted. Raises `BadField`."""
        from fhir.resources.R4B.appointment import Appointment

        listing = self._listing
        on_slot = self._slot(entry)
        slot = on_slot.slot if on_slot else None
        start = _moment(entry.raw.get("start")) or (slot.start if slot else None)
        if start is not None and not self._is_today(start):
            return None
        appointment = checked(Appointment, entry.raw, listing)
        if appointment.status in _LEFT_OUT:
            listing.counts[_LEFT_OUT[appointment.status]] += 1
            return None
        if appointment.status not in _LISTED:
            raise BadField(
                "status", f"“{short(appointment.status or '', 40)}” is not an appointment's status"
            )
        patient = self._patient(entry)
        if patient is None:
            listing.counts["Appointments without a patient, left out"] += 1
            return None
        start = appointment.start or start
        if start is None:
            raise BadField("start time", "is missing")
        clinician, location = self._who_and_where(entry, on_slot)
        return Found(
            key=_key(entry),
            start=start,
            minutes=self._minutes(appointment, slot, start),
            clinician=clinician,
            location=location,
            reason=_reason(appointment),
            mode=_mode(appointment, slot),
            cancelled=appointment.status == "cancelled",
            patient=patient,
        )

    def _is_today(self, start: datetime) -> bool:
        """Whether a start is on the listing's date, in the practice's time; counted when it is not."""
        try:
            day = start.astimezone(self._listing.zone).date()
        except OverflowError:
            day = date.max
        if day != self._listing.on:
            self._listing.other_days[day] += 1
        return day == self._listing.on

    def _slot(self, entry: Entry) -> _OnSlot | None:
        from fhir.resources.R4B.slot import Slot

        slots = entry.raw.get("slot")
        for raw in slots if isinstance(slots, list) else ():
            found = self._references.find(ref_of(raw), entry)
            if found is not None and found.kind == "Slot":
                try:
                    return _OnSlot(found, checked(Slot, found.raw, self._listing))
                except BadField:
                    self._listing.counts["Slots that are not valid FHIR R4, passed over"] += 1
        return None

    # ── who takes part ────────────────────────────────────────────────────────────────────────

    def _actors(self, entry: Entry) -> Iterator[tuple[Ref, Entry | None, bool]]:
        """Each participant: the reference, its resource if it is in the file, and whether they lead."""
        participants = entry.raw.get("participant")
        for raw in participants if isinstance(participants, list) else ():
            if isinstance(raw, dict):
                ref = ref_of(raw.get("actor"))
                yield ref, self._references.find(ref, entry), "PPRF" in str(raw.get("type"))

    def _patient(self, entry: Entry) -> Patient | None:
        """The patient, whole; None when the appointment names none. Raises `BadField`."""
        patients: dict[int, Entry] = {}
        unclear = False
        for ref, found, _ in self._actors(entry):
            kind = found.kind if found else kind_of(ref)
            if kind == "Patient" and found is None:
                raise BadField("patient", "is not in the file, or the reference could mean two")
            if kind == "Patient" and found is not None:
                patients[id(found.raw)] = found
            unclear |= not kind and bool(ref.reference or ref.value)
        if unclear and not patients:
            raise BadField("participants", "one of them is not in the file")
        if len(patients) > 1:
            raise BadField("patient", "there are two")
        return next(map(self._whole_patient, patients.values()), None)

    def _whole_patient(self, entry: Entry) -> Patient:
        if entry not in self._patients:
            try:
                self._patients[entry] = self._clinical.added_to(patient_of(entry, self._listing), entry)
            except BadField as why:
                self._patients[entry] = why
        made = self._patients[entry]
        if isinstance(made, BadField):
            raise BadField(made.field, made.reason)
        return made

    def _who_and_where(self, entry: Entry, on_slot: _OnSlot | None) -> tuple[str, str]:
        """The clinician, else the place, whose clinic this is; and the place. Raises `BadField`."""
        leading: list[str] = []
        others: list[str] = []
        places: list[str] = []
        for ref, found, leads in [*self._actors(entry), *self._scheduled(on_slot)]:
            kind = found.kind if found else kind_of(ref)
            if kind in _CLINICIANS and (name := self._clinician(ref, found)):
                (leading if leads else others).append(name)
            elif kind in _PLACES and (name := _place(ref, found)):
                places.append(name)
        clinician = next(iter([*leading, *others, *places]), "")
        if not clinician:
            raise BadField("participants", "name neither a clinician nor a place")
        return clinician, next(iter(places), "")

    def _scheduled(self, on_slot: _OnSlot | None) -> Iterator[tuple[Ref, Entry | None, bool]]:
        """Those whose schedule the slot is on; asked after the appointment's own participants."""
        from fhir.resources.R4B.schedule import Schedule

        if on_slot is None:
            return
        schedule = self._references.find(ref_of(on_slot.slot.schedule.model_dump()), on_slot.entry)
        if schedule is None or schedule.kind != "Schedule":
            return
        try:
            actors = checked(Schedule, schedule.raw, self._listing).actor
        except BadField:
            return
        for actor in actors or ():
            ref = ref_of(actor.model_dump())
            yield ref, self._references.find(ref, schedule), False

    def _clinician(self, ref: Ref, found: Entry | None) -> str:
        """A clinician's name: as their resource has it, else as the reference shows it."""
        from fhir.resources.R4B.practitioner import Practitioner
        from fhir.resources.R4B.practitionerrole import PractitionerRole

        name = ""
        try:
            if found is not None and found.kind == "PractitionerRole":
                role = checked(PractitionerRole, found.raw, self._listing)
                person = ref_of(role.practitioner.model_dump()) if role.practitioner else Ref()
                resource = self._references.find(person, found)
                if resource is None or resource.kind == "Practitioner":
                    name = self._clinician(person, resource) or all_words(role.code)
            elif found is not None and found.kind == "Practitioner":
                names = checked(Practitioner, found.raw, self._listing).name
                name = whole(best_name(names, self._listing.on))
        except BadField:
            self._listing.counts["Clinicians that are not valid FHIR R4, by their shown name"] += 1
        return name or short(ref.display, 60)

    def _minutes(self, appointment: Appointment, slot: Slot | None, start: datetime) -> int:
        minutes = appointment.minutesDuration
        end = appointment.end or (slot.end if slot else None)
        if minutes is None and end is not None:
            minutes = round((end - start).total_seconds() / 60)
        if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
            self._listing.counts[f"Length that cannot be, shown as {USUAL_MINUTES} minutes"] += 1
            minutes = None
        return USUAL_MINUTES if minutes is None else minutes


def _place(ref: Ref, found: Entry | None) -> str:
    name = found.raw.get("name") if found else ""
    return short(name if isinstance(name, str) else "", 60) or short(ref.display, 60)


def _moment(raw: object) -> datetime | None:
    """An instant with its time zone; None for anything else, which is judged later if it is judged at all."""
    try:
        moment = datetime.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _reason(appointment: Appointment) -> str:
    referred = (short(each.display) for each in appointment.reasonReference or () if each.display)
    return (
        all_words(appointment.reasonCode)
        or next(referred, "")
        or short(appointment.description or "")
        or short(appointment.comment or "")
        or all_words(appointment.serviceType)
    )


def _mode(appointment: Appointment, slot: Slot | None) -> Mode:
    """By UK Core's delivery channel, then by the words of the visit's type; a home visit is in person too."""
    kinds = [words(appointment.appointmentType), all_words(appointment.serviceType)]
    channels = [*extensions(appointment.extension, "-deliverychannel")]
    if slot is not None:
        kinds += [words(slot.appointmentType), all_words(slot.serviceType)]
        channels += extensions(slot.extension, "-deliverychannel")
    given = (each.valueCode or next(iter(codes(each.valueCodeableConcept)), "") for each in channels)
    channel = next((mode for code in given if (mode := _CHANNELS.get(code.casefold())) is not None), None)
    said = next((mode for kind in kinds if (mode := mode_in(kind)) is not None), None)
    if channel in (None, Mode.IN_PERSON) and said is not None:
        return said if channel is None or said is Mode.HOME else channel
    return channel or Mode.IN_PERSON
