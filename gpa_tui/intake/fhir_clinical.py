"""What a FHIR file says of a patient besides who they are: allergies, flags, medicines.

An entry that cannot be read is set aside, and in its place the patient shows that there is one: an
allergy that could not be read must not look like none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gpa_tui.intake import allergies, needs
from gpa_tui.intake.fhir_file import Entry
from gpa_tui.intake.fhir_model import checked
from gpa_tui.intake.fhir_refs import References, ref_of
from gpa_tui.intake.fhir_words import codes, ended, words
from gpa_tui.intake.fields import BadField, short
from gpa_tui.intake.listing import Listing
from gpa_tui.records.patient import Allergy, AllergyState, Need, Patient

if TYPE_CHECKING:
    from fhir.resources.R4B.allergyintolerance import AllergyIntolerance
    from fhir.resources.R4B.codeableconcept import CodeableConcept
    from fhir.resources.R4B.dosage import Dosage
    from fhir.resources.R4B.reference import Reference

UNREADABLE_MEDICINE = "a medicine that could not be read: see the practice's record"

_KINDS = {
    "AllergyIntolerance": "allergies",
    "Flag": "needs",
    "MedicationStatement": "medicines",
    "MedicationRequest": "medicines",
}
_NOT_SHOWN = {"inactive", "resolved", "refuted", "entered-in-error"}
# SNOMED CT, and HL7's International Patient Summary, "absent and unknown data"
_NONE_KNOWN = {"716186003", "no-known-allergies"}
_NO_DRUG_ALLERGY = {"409137002", "no-known-medication-allergies"}
_NOTHING_SAID = {"no-allergy-info"}
_FLAG_STATUSES = {"active", "inactive", "entered-in-error"}
_ORDERS = {"order", "original-order", "reflex-order", "filler-order", "instance-order"}


class Clinical:
    """The allergies, flags and medicines of a file, by patient."""

    def __init__(self, entries: Iterable[Entry], references: References, listing: Listing) -> None:
        self._references = references
        self._listing = listing
        self._of: defaultdict[Entry, list[Entry]] = defaultdict(list)
        for entry in entries:
            if entry.kind not in _KINDS:
                continue
            listing.carries.add(_KINDS[entry.kind])
            subject = "patient" if entry.kind == "AllergyIntolerance" else "subject"
            patient = references.find(ref_of(entry.raw.get(subject)), entry)
            if patient is None:
                listing.counts[f"{entry.kind} of nobody in the file, left out"] += 1
            else:
                self._of[patient].append(entry)

    def added_to(self, patient: Patient, entry: Entry) -> Patient:
        """The patient, whose resource is `entry`, with all that the file says of them."""
        mine = self._of.get(entry, [])
        state, recorded = self._allergies([each for each in mine if each.kind == "AllergyIntolerance"])
        flags = (need for each in mine if each.kind == "Flag" for need in self._flag(each))
        medicines = (
            text for each in mine if each.kind.startswith("Medication") for text in self._medicine(each)
        )
        return patient.model_copy(
            update={
                "allergy_state": state,
                "allergies": recorded,
                "needs": needs.without_repeats((*patient.needs, *flags)),
                "medicines": tuple(dict.fromkeys(medicines)),
            }
        )

    # ── allergies ─────────────────────────────────────────────────────────────────────────────

    def _allergies(self, entries: list[Entry]) -> tuple[AllergyState, tuple[Allergy, ...]]:
        named: list[Allergy] = []
        said: set[str] = set()
        for entry in entries:
            try:
                allergy = self._allergy(entry)
            except BadField as why:
                self._listing.set_aside(why, entry.origin)
                named.append(allergies.UNREADABLE)
                continue
            if isinstance(allergy, Allergy):
                named.append(allergy)
            else:
                said |= allergy
        return allergies.summed_up(
            named,
            none_known=not said.isdisjoint(_NONE_KNOWN),
            no_drug_allergy=not said.isdisjoint(_NO_DRUG_ALLERGY),
        )

    def _allergy(self, entry: Entry) -> Allergy | set[str]:
        """The allergy, or the codes by which an entry says that there is none; none if it is past."""
        from fhir.resources.R4B.allergyintolerance import AllergyIntolerance

        found = checked(AllergyIntolerance, entry.raw, self._listing)
        status = {*codes(found.clinicalStatus), *codes(found.verificationStatus)}
        if not status.isdisjoint(_NOT_SHOWN):
            return set()
        given = set(codes(found.code))
        if not given.isdisjoint(_NONE_KNOWN | _NO_DRUG_ALLERGY | _NOTHING_SAID):
            return given
        substance = words(found.code)
        if not substance:
            raise BadField("allergy", "does not say what the allergy is to")
        return Allergy(substance=substance, reaction=_reaction(found))

    # ── flags ─────────────────────────────────────────────────────────────────────────────────

    def _flag(self, entry: Entry) -> Iterator[Need]:
        from fhir.resources.R4B.flag import Flag

        if needs.is_safeguarding(str(entry.raw)):  # before anything of it can reach a file or a screen
            self._listing.counts[needs.SAFEGUARDING_NOT_SHOWN] += 1
            return
        try:
            found = checked(Flag, entry.raw, self._listing)
            if found.status not in _FLAG_STATUSES:
                raise BadField("status", f"“{short(found.status or '', 40)}” is not a flag's status")
        except BadField as why:
            self._listing.set_aside(why, entry.origin)
            return
        if found.status != "active" or ended(found.period, self._listing.on):
            return
        given = codes(found.code)
        readings = [need for code in given if (need := needs.need(code, words(found.code))) is not None]
        best = next((need for need in readings if need.mark), None) or next(iter(readings), None)
        best = best or needs.need("", words(found.code))
        if best is None:
            self._listing.counts["Flags without words, left out"] += 1
        else:
            yield best

    # ── medicines ─────────────────────────────────────────────────────────────────────────────

    def _medicine(self, entry: Entry) -> Iterator[str]:
        try:
            text = self._statement(entry) if entry.kind == "MedicationStatement" else self._request(entry)
        except BadField as why:
            self._listing.set_aside(why, entry.origin)
            text = UNREADABLE_MEDICINE
        if text:
            yield text

    def _statement(self, entry: Entry) -> str:
        from fhir.resources.R4B.medicationstatement import MedicationStatement

        found = checked(MedicationStatement, entry.raw, self._listing)
        if found.status not in ("active", "on-hold"):
            return ""
        name = self._named(found.medicationCodeableConcept, found.medicationReference, entry)
        return _as_taken(name, found.dosage, on_hold=found.status == "on-hold")

    def _request(self, entry: Entry) -> str:
        from fhir.resources.R4B.medicationrequest import MedicationRequest

        found = checked(MedicationRequest, entry.raw, self._listing)
        if found.status not in ("active", "on-hold") or found.intent not in _ORDERS:
            return ""
        name = self._named(found.medicationCodeableConcept, found.medicationReference, entry)
        return _as_taken(name, found.dosageInstruction, on_hold=found.status == "on-hold")

    def _named(self, concept: CodeableConcept | None, reference: Reference | None, entry: Entry) -> str:
        from fhir.resources.R4B.medication import Medication

        name = words(concept)
        if not name and reference is not None:
            medication = self._references.find(ref_of(reference.model_dump()), entry)
            if medication is not None and medication.kind == "Medication":
                name = words(checked(Medication, medication.raw, self._listing).code)
            name = name or short(reference.display or "")
        if not name:
            raise BadField("medicine", "is not named")
        return name


def _reaction(found: AllergyIntolerance) -> str:
    shown = (words(sign) for each in found.reaction or () for sign in each.manifestation or ())
    return short(", ".join(dict.fromkeys(text for text in shown if text)))


def _as_taken(name: str, dosage: list[Dosage] | None, *, on_hold: bool) -> str:
    how = next((short(each.text) for each in dosage or () if each.text), "")
    return short(f"{name}{', ' if how else ''}{how}{' (on hold)' if on_hold else ''}")
