"""What a list changes on the day as it is known: new, changed and vanished rows, and questions to a person.

Nothing is ever removed. A row is said to be gone only where the list is whole and covers its clinic.
Pure: no file, no clock, no store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from gpa_tui.intake import needs
from gpa_tui.intake.listing import DayList, RejectedRow
from gpa_tui.records.appointment import Appointment, Clinic
from gpa_tui.records.base import AppointmentId, ClinicId, PatientId, Record, show_date
from gpa_tui.records.patient import AllergyState, Patient

BACK_ON_THE_LIST = "back on the list"


class Question(Record):
    """Is the patient of this row the one that is known? Answered by `row.id` in `reconcile`'s `answers`."""

    nhs_number: str | None
    row: Appointment  # as the list has it
    after: Appointment  # as it would be, with what is known and the list does not speak of
    changed: tuple[str, ...]  # what that would change of the one that is known
    ours: Patient
    theirs: Patient
    sentence: str
    unanswered: RejectedRow  # what the row is as long as nobody answers


class Changes(Record):
    """What a list would change."""

    opened: tuple[Clinic, ...] = ()
    listed: tuple[Appointment, ...] = ()
    revised: tuple[tuple[Appointment, tuple[str, ...]], ...] = ()  # the whole new row, and what changed
    unlisted: tuple[AppointmentId, ...] = ()
    unchanged: int = 0
    questions: tuple[Question, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()  # answered: another person

    @property
    def relisted(self) -> tuple[AppointmentId, ...]:
        """Those of `revised` that had vanished and are back."""
        return tuple(row.id for row, changed in self.revised if BACK_ON_THE_LIST in changed)


def reconcile(
    known: Mapping[AppointmentId, Appointment],
    known_clinics: Collection[ClinicId],
    unlisted: Collection[AppointmentId],
    day_list: DayList,
    answers: Mapping[AppointmentId, bool],
) -> Changes:
    """Compare a list with what is known. Importing the same list again changes nothing.

    `known` is every appointment of the day, those in `unlisted` (marked as gone) among them. A match of
    patients needs NHS number, birth date and name; with less it is a question, and its row is not
    applied until `answers` says True (the same person: take the new details) or False (another
    person: set the row aside). A list that does not speak of allergies, needs or medicines at all
    takes none away.
    """
    people: defaultdict[PatientId, list[Patient]] = defaultdict(list)
    for appointment in known.values():
        people[appointment.patient.id].append(appointment.patient)
    listed: list[Appointment] = []
    revised: list[tuple[Appointment, tuple[str, ...]]] = []
    questions: list[Question] = []
    rejected: list[RejectedRow] = []
    unchanged = 0
    for row in day_list.appointments:
        before = known.get(row.id)
        ours = _in_question(row.patient, before.patient if before else None, people[row.patient.id])
        if ours is not None and not answers.get(row.id, False):
            question = _question(row, before, ours, day_list)
            if row.id in answers:
                rejected.append(_other_person(question))
            else:
                questions.append(question)
            continue
        if before is None:
            listed.append(row)
            people[row.patient.id].append(row.patient)
            continue
        after = _keeping(before, row, day_list.carries)
        people[after.patient.id].append(after.patient)
        changed = tuple(_changed(before, after))
        if row.id in unlisted:
            changed = (BACK_ON_THE_LIST, *changed)
        if changed:
            revised.append((after, changed))
        else:
            unchanged += 1
    touched = {row.clinic for row in listed} | {row.clinic for row, _ in revised}
    return Changes(
        opened=tuple(
            clinic for clinic in day_list.clinics if clinic.id in touched and clinic.id not in known_clinics
        ),
        listed=tuple(listed),
        revised=tuple(revised),
        unlisted=tuple(_gone(known, unlisted, day_list)),
        unchanged=unchanged,
        questions=tuple(questions),
        rejected=tuple(rejected),
    )


def _gone(
    known: Mapping[AppointmentId, Appointment], unlisted: Collection[AppointmentId], day_list: DayList
) -> Iterable[AppointmentId]:
    """What is known to be gone; and what is known in the clinics that the list covers, and not in it."""
    yield from (key for key in day_list.gone if key in known and key not in unlisted)
    if not day_list.whole:
        return
    covered = {clinic.id for clinic in day_list.clinics}
    there = {row.id for row in day_list.appointments} | set(day_list.held) | set(unlisted)
    for key, appointment in known.items():
        if appointment.clinic in covered and key not in there and not appointment.walk_in:
            yield key


# ── the same person? ──────────────────────────────────────────────────────────────────────────


def _in_question(theirs: Patient, before: Patient | None, same_id: Sequence[Patient]) -> Patient | None:
    """The known patient that `theirs` may or may not be; None when there is nothing to ask.

    `before` is the patient of the same appointment, `same_id` are those of the same identifier.
    """
    if before is not None:
        return None if _identity(before) == _identity(theirs) else before
    if not same_id or any(_matches(each, theirs) for each in same_id):
        return None
    return same_id[0]


def _identity(patient: Patient) -> tuple[str | None, str | None, tuple[str, str]]:
    return patient.nhs_number, patient.born, patient.name.matching


def _matches(ours: Patient, theirs: Patient) -> bool:
    """NHS number, full birth date and name the same; without a number, the list's own word for it."""
    full = theirs.nhs_number is None or len(theirs.born or "") == len("1954-04-12")
    return full and _identity(ours) == _identity(theirs)


def _question(row: Appointment, before: Appointment | None, ours: Patient, day_list: DayList) -> Question:
    theirs = row.patient
    after = _keeping(before, row, day_list.carries) if before else row
    if ours.nhs_number and ours.nhs_number == theirs.nhs_number:
        sentence = f"NHS number {ours.nhs_number_shown} is {_who(ours)} here and {_who(theirs)} on the list."
    else:
        sentence = (
            f"The list now gives {_who(theirs)}, NHS number {theirs.nhs_number_shown}, "
            f"where {_who(ours)}, NHS number {ours.nhs_number_shown}, is known."
        )
    source = next((each for each in day_list.sources if each.appointment == row.id), None)
    return Question(
        nhs_number=theirs.nhs_number,
        row=row,
        after=after,
        changed=tuple(_changed(before, after)) if before else (),
        ours=ours,
        theirs=theirs,
        sentence=sentence,
        unanswered=RejectedRow(
            file=day_list.file,
            row=source.row if source else f"{theirs.name.listed}",
            field="patient",
            reason=f"is it the same person? {sentence}",
            content=source.content if source else "",
        ),
    )


def _who(patient: Patient) -> str:
    return f"{patient.name.listed}, born {show_date(patient.born)}"


def _other_person(question: Question) -> RejectedRow:
    return question.unanswered.model_copy(update={"reason": f"another person: {question.sentence}"})


# ── what changed ──────────────────────────────────────────────────────────────────────────────


def _keeping(before: Appointment, row: Appointment, carries: Collection[str]) -> Appointment:
    """The new row, with what is known of the patient and the list does not speak of."""
    ours, theirs = before.patient, row.patient
    kept: dict[str, object] = {}
    if "allergies" not in carries and theirs.allergy_state is AllergyState.NOT_ASKED:
        kept |= {"allergy_state": ours.allergy_state, "allergies": ours.allergies}
    if "needs" not in carries:
        kept |= {"needs": needs.without_repeats((*ours.needs, *theirs.needs))}
    if "medicines" not in carries and not theirs.medicines:
        kept |= {"medicines": ours.medicines}
    return row.model_copy(update={"patient": theirs.model_copy(update=kept)})


def _changed(before: Appointment, row: Appointment) -> Iterable[str]:
    """What is different, in words."""
    if before.cancelled != row.cancelled:
        yield "cancelled" if row.cancelled else "no longer cancelled"
    for word, field in (
        ("clinic", "clinic"),
        ("time", "start"),
        ("length", "minutes"),
        ("reason", "reason"),
        ("way to meet", "mode"),
    ):
        if getattr(before, field) != getattr(row, field):
            yield word
    ours, theirs = before.patient, row.patient
    for word, fields in (
        ("name", ("name",)),
        ("birth date", ("born",)),
        ("death", ("deceased", "died")),
        ("gender", ("gender",)),
        ("NHS number", ("nhs_number", "id")),
        ("allergies", ("allergy_state", "allergies")),
        ("needs", ("needs",)),
        ("medicines", ("medicines",)),
    ):
        if any(getattr(ours, field) != getattr(theirs, field) for field in fields):
            yield word
