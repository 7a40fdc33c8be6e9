"""Acts of an ECG: asked for, prepared, recorded, looked at, filed, handed, given up, reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gpa_tui.clinical import ecg as rules_of_numbers
from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Mode, Stage
from gpa_tui.records.base import AppointmentId, EventId
from gpa_tui.records.competency import Gate
from gpa_tui.records.ecg import (
    AFTER,
    BEFORE,
    EcgAttachment,
    EcgCheck,
    EcgNumbers,
    NotObtained,
    Symptoms,
    Urgency,
)
from gpa_tui.records.event import Said
from gpa_tui.records.facts_room import Chaperone
from gpa_tui.session.acts.common import (
    Place,
    about,
    carried_on,
    raised_with,
    require_identity,
    require_signed_off,
    required_words,
    visit_of,
    words,
)
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.ecg import MOST_TRIES, Ecg
from gpa_tui.session.ecg_rules import BEST, stopped_for, told_now, told_today
from gpa_tui.session.escalations import HEARERS
from gpa_tui.session.roles import Act, require
from gpa_tui.settings import EcgSettings


def request_ecg(
    day: Day, place: Place, appointment: AppointmentId, asked_by: str, urgency: Urgency, reason: str
) -> list[Said]:
    """Somebody wants an ECG of this patient. Raises `Refused` while one is still to be recorded."""
    require(place.actor, Act.ASK_ECG, appointment)
    visit = visit_of(day, appointment)
    _require_here(visit)
    require_identity(day, place, visit)
    if any(not one.done for one in visit.ecgs.values()):
        raise Refused("An ECG is asked for already.", "Finish that one, or say why it was not obtained.")
    asked = facts.EcgRequested(
        asked_by=required_words(asked_by, "Say who asks for it."),
        urgency=urgency,
        reason=required_words(reason, "Say why it is asked for."),
    )
    return [*carried_on(visit, (Stage.ARRIVED, Stage.IN_PREP)), about(visit, asked)]


def note_ecg_symptoms(
    day: Day, place: Place, appointment: AppointmentId, ecg: EventId, found: Symptoms, text: str = ""
) -> list[Said]:
    """Symptoms now or in the last 12 hours. With any the GP is called in the same act; no other gate."""
    require(place.actor, Act.ECG, appointment)
    visit, one = _ecg(day, appointment, ecg)
    before = one.symptoms.said.found if one.symptoms else "none"
    if _WORSE[found] < _WORSE[before]:
        raise Refused(f"Symptoms are noted already: {before}.", "6, then v, strikes that with the reason.")
    said = [about(visit, facts.EcgSymptomsAsked(found=found, words=words(text)), one.id)]
    if found != "none":
        said.append(_raised(visit, f"ECG asked for, {words(text) or found} now or in the last 12 hours"))
    return said


_WORSE: dict[Symptoms, int] = {"none": 0, "other": 1, "chest pain": 2}


def allow_ecg(
    day: Day, place: Place, appointment: AppointmentId, ecg: EventId, by: str, rules: EcgSettings
) -> list[Said]:
    """A clinician said to go on where the practice's rule stops; at their own terminal it is they."""
    visit, one = _ready_for(day, place, appointment, ecg)
    _require_symptoms(one)
    stops = stopped_for(day, visit, one, rules)
    if not stops:
        raise Refused("Nothing stops this ECG.")
    name = place.actor.name if place.actor.role in HEARERS else required_words(by, "Say who said to go on.")
    return [about(visit, facts.EcgAllowed(by=name, stopped_for=tuple(stops)), one.id)]


def prepare_ecg(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    ecg: EventId,
    check: EcgCheck,
    rules: EcgSettings,
    text: str = "",
    chaperone: Chaperone | None = None,
) -> list[Said]:
    """One thing before the recording was seen to, as standard or as `text` says."""
    visit, one = _going_on(day, place, appointment, ecg, rules)
    if check not in BEFORE:
        raise Refused("That is looked at after the recording.")
    if (check is EcgCheck.CHAPERONE) is not (chaperone is not None):
        raise Refused("Say whether a chaperone was accepted, declined, or not to be had.")
    said: list[Said] = []
    if chaperone is not None:
        asked = "Say the chaperone's name." if chaperone == "accepted" else "Say why there was no chaperone."
        text = words(text) if chaperone == "declined" else required_words(text, asked)
        said.append(about(visit, facts.ChaperoneRecorded(offered=chaperone, words=text)))
        text = f"{chaperone} {text}".strip()
    return [*said, about(visit, facts.EcgPrepared(check=check, words=words(text)), one.id)]


def record_ecg(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    ecg: EventId,
    attempt: int,
    recorded_at: datetime,
    numbers: EcgNumbers,
    statements: Sequence[str],
    rules: EcgSettings,
    typed_twice_because: str = "",
) -> list[Said]:
    """The cart recorded: its numbers and words. What must be told at once is raised in the same act.

    `attempt` is the number of the recording that was looked at. Raises `Refused` for numbers that are hardly
    what was printed unless they were typed twice with the reason, and before everything is prepared.
    """
    visit, one = _going_on(day, place, appointment, ecg, rules)
    missing = [check.value for check in BEFORE if check not in one.prepared]
    if missing:
        raise Refused(f"Not yet answered: {', '.join(missing)}.", "d is done; Enter says what is different.")
    if attempt != one.attempt or attempt in one.recorded:
        raise Refused("That recording stands here already.", "c corrects its numbers.")
    data = _recording(attempt, recorded_at, numbers, statements, typed_twice_because)
    said = [about(visit, data, one.id)]
    now = told_now(data.numbers, data.statements, rules)
    return [*said, *([_raised(visit, f"ECG: {'; '.join(now)}")] if now else [])]


def correct_ecg(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    ecg: EventId,
    numbers: EcgNumbers,
    statements: Sequence[str],
    rules: EcgSettings,
    why: str,
    typed_twice_because: str = "",
    recorded_at: datetime | None = None,
) -> list[Said]:
    """The last numbers or words were mistyped: both stay, and it is handed and reviewed anew."""
    visit, one = _ready_for(day, place, appointment, ecg)
    if one.latest is None:
        raise Refused("Nothing is recorded yet that could be corrected.")
    event, before = one.latest.event, one.latest.said
    if event.by.staff != place.actor.staff:
        name = event.by.name
        raise Refused(f"That was typed by {name}.", f"Ask {name}; only they can correct it.")
    reason = required_words(why, "Say why it is corrected.")
    at = recorded_at or before.recorded_at
    fresh = _recording(before.attempt, at, numbers, statements, typed_twice_because)
    same = ("numbers", "statements", "recorded_at")
    if all(getattr(fresh, name) == getattr(before, name) for name in same):
        raise Refused("Nothing is changed by that.")
    time = () if at == before.recorded_at else (f"recorded {before.recorded_at:%H:%M} UTC",)
    was = "; ".join((*time, rules_of_numbers.numbers_shown(before.numbers), *before.statements))
    fresh = fresh.model_copy(update={"was": was, "corrected_because": reason})
    gone = [event.id, *(one.id for one in visit.events if raised_with(event, one))]
    now = told_now(fresh.numbers, fresh.statements, rules)
    return [
        *(about(visit, facts.EntryStruck(why=f"corrected: {reason}", corrected=True), id_) for id_ in gone),
        about(visit, fresh, one.id),
        *([_raised(visit, f"ECG: {'; '.join(now)}")] if now else []),
    ]


def check_ecg(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    ecg: EventId,
    check: EcgCheck,
    rules: EcgSettings,
    *,
    ok: bool,
    seen: EventId | None = None,
    text: str = "",
) -> list[Said]:
    """One thing of the recording was looked at. Not `ok`: it is recorded again, three times at most.

    After the third it is the best there is, which `ok` with the reason says, or not obtained. `seen` is the
    recording that was looked at: refused when another stands there since.
    """
    visit, one = _going_on(day, place, appointment, ecg, rules)
    _require_seen(one, seen)
    if check not in AFTER:
        raise Refused("That is seen to before the recording.")
    if one.attempt not in one.recorded:
        raise Refused("It is not recorded yet.")
    said = words(text) if ok else required_words(text, "Say what is wrong with the recording.")
    if not ok and one.attempt >= MOST_TRIES:
        raise Refused(
            f"That was the last of {MOST_TRIES} tries.", "It is the best there is, or it was not obtained."
        )
    checked = facts.EcgQualityChecked(attempt=one.attempt, check=check, ok=ok, words=said)
    return [about(visit, checked, one.id)]


def accept_best(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    ecg: EventId,
    check: EcgCheck,
    rules: EcgSettings,
    text: str,
    seen: EventId | None = None,
) -> list[Said]:
    """After three tries: the best that can be had, with what is wrong with it. The GP is told today;
    where there are symptoms, at once."""
    wrong = required_words(text, "Say what is wrong with the recording.")
    said = check_ecg(day, place, appointment, ecg, check, rules, ok=True, seen=seen, text=f"{BEST}{wrong}")
    visit, one = _ecg(day, appointment, ecg)
    if one.attempt < MOST_TRIES:
        raise Refused(f"It can be recorded again, {MOST_TRIES} times in all.")
    if one.symptomatic:
        said.append(_raised(visit, f"ECG with symptoms, {BEST}{wrong}"))
    return said


def file_ecg(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    ecg: EventId,
    attachment: EcgAttachment,
    rules: EcgSettings,
) -> list[Said]:
    """A file of the cart's belongs to the recording that is under way or was the last.

    What of its numbers and words must be heard at once, and was not raised of this ECG yet, is raised in the
    same act. Raises `Refused` where something does not fit, without a reason.
    """
    visit, one = _ready_for(day, place, appointment, ecg)
    if attachment.did_not_fit:
        required_words(attachment.stays_because, "Say why this file belongs here all the same.")
    raised = " ".join(escalation.because for escalation in visit.escalations.values())
    says = attachment.says
    now = [text for text in told_now(says.numbers, says.statements, rules) if text not in raised]
    return [
        about(visit, facts.EcgFiled(attempt=one.attempt, attachment=attachment), one.id),
        *([_raised(visit, f"ECG file: {'; '.join(now)}")] if now else []),
    ]


def copy_ecg_file(
    day: Day, place: Place, appointment: AppointmentId, ecg: EventId, file: str, to: str
) -> list[Said]:
    """A copy of an attached file leaves the store."""
    require(place.actor, Act.ECG, appointment)
    visit, one = _ecg(day, appointment, ecg)
    if file not in {filed.said.attachment.file_name for filed in one.filed}:
        raise Refused("That file is not attached here.")
    return [about(visit, facts.Exported(what=f"ECG file {words(file)}", file=words(to)), one.id)]


def hand_ecg(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    ecg: EventId,
    to: str,
    how: str,
    rules: EcgSettings,
    seen: EventId | None = None,
) -> list[Said]:
    """It was given to somebody who will look at it, or they were told that there is none; and what else they
    were told for today. `seen`: the recording that was handed."""
    visit, one = _ready_for(day, place, appointment, ecg)
    if not one.not_obtained:
        _going_on(day, place, appointment, ecg, rules)
        _require_seen(one, seen)
        missing = [check.value for check in one.open_checks]
        if one.attempt not in one.recorded or missing:
            raise Refused(f"Not yet looked at: {', '.join(missing) or 'the recording'}.")
    elif one.handed or one.reviewed:
        raise Refused("They were told already.")
    handed = facts.EcgHanded(
        to=required_words(to, "Say to whom."), how=words(how), told=tuple(told_today(one, rules))
    )
    return [about(visit, handed, one.id)]


def give_up_ecg(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    ecg: EventId,
    outcome: NotObtained,
    why: str,
) -> list[Said]:
    """There will be none, and why. A clinician has yet to see that; with symptoms at once."""
    visit, one = _ready_for(day, place, appointment, ecg)
    _require_open(one)
    reason = required_words(why, "Say why there is no ECG.")
    said = [about(visit, facts.EcgNotObtained(outcome=outcome, why=reason), one.id)]
    if one.symptomatic:
        said.append(_raised(visit, f"ECG with symptoms, {outcome}: {reason}"))
    return said


def review_ecg(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    ecg: EventId,
    text: str,
    said_by: str = "",
    seen: EventId | None = None,
) -> list[Said]:
    """A clinician has seen it: at their own terminal, or as they said it, typed by another and marked so.

    `seen` is the recording that they looked at: refused when it was corrected or made again since.
    """
    own = place.actor.role in HEARERS
    require(place.actor, Act.REVIEW_ECG if own else Act.ECG, appointment)
    visit, one = _ecg(day, appointment, ecg)
    require_identity(day, place, visit)
    if one.waits_since is None:
        raise Refused("It is reviewed already." if one.reviewed else "There is nothing to review yet.")
    _require_seen(one, seen)
    kept = required_words(text, "Type the clinician's words.")
    by = place.actor.name if own else required_words(said_by, "Say who reviewed it.")
    if not own and by.casefold() == place.actor.name.casefold():
        raise Refused("Only a clinician reviews an ECG.", "Say which one did.")
    return [about(visit, facts.EcgReviewed(by=by, words=kept, said=not own), one.id)]


# ── what every one of them needs ──────────────────────────────────────────────────────────────


def _ecg(day: Day, appointment: AppointmentId, ecg: EventId) -> tuple[Visit, Ecg]:
    visit = visit_of(day, appointment)
    found = visit.ecgs.get(ecg)
    if found is None:
        raise Refused("That ECG is not in this record.")
    return visit, found


def _ready_for(day: Day, place: Place, appointment: AppointmentId, ecg: EventId) -> tuple[Visit, Ecg]:
    """The ECG, for somebody who may record one and knows who the patient is."""
    require(place.actor, Act.ECG, appointment)
    visit, one = _ecg(day, appointment, ecg)
    require_signed_off(day, place, appointment, Gate.ECG, Act.ECG)
    require_identity(day, place, visit)
    _require_here(visit)
    return visit, one


def _going_on(
    day: Day, place: Place, appointment: AppointmentId, ecg: EventId, rules: EcgSettings
) -> tuple[Visit, Ecg]:
    """The same, where nothing stops it: symptoms were asked, and the practice's rule is met."""
    visit, one = _ready_for(day, place, appointment, ecg)
    _require_open(one)
    _require_symptoms(one)
    stops = stopped_for(day, visit, one, rules)
    if stops:
        raise Refused(f"Stop: {', '.join(stops)}.", "The practice's rule is to ask a clinician first.")
    return visit, one


def _require_symptoms(one: Ecg) -> None:
    if one.symptoms is None:
        raise Refused("Ask first for symptoms now, or in the last 12 hours.")


def _require_seen(one: Ecg, seen: EventId | None) -> None:
    """Raises `Refused` where another recording, or a correction, stands there than was looked at."""
    if seen is not None and (one.latest is None or one.latest.event.id != seen):
        raise Refused("The recording was changed meanwhile.", "Look at it again.")


def _require_open(one: Ecg) -> None:
    if one.done:
        raise Refused("That ECG is handed over, or given up, already.", "+ asks for another.")


def _require_here(visit: Visit) -> None:
    if visit.mode is not Mode.IN_PERSON:
        raise Refused(
            f"{visit.appointment.patient.name.listed} is a {visit.mode.value} row: nothing is recorded here.",
            "If they came in, mark them arrived first.",
        )


def _recording(
    attempt: int,
    recorded_at: datetime,
    numbers: EcgNumbers,
    statements: Sequence[str],
    typed_twice_because: str,
) -> facts.EcgRecorded:
    misfit = rules_of_numbers.misfit(numbers)
    if misfit and not typed_twice_because.strip():
        raise Refused(f"{misfit}: type the numbers again.")
    return facts.EcgRecorded(
        attempt=attempt,
        recorded_at=recorded_at,
        numbers=numbers,
        statements=tuple(kept for one in statements if (kept := words(one))),
        typed_twice_because=words(typed_twice_because) if misfit else "",
    )


def _raised(visit: Visit, because: str) -> Said:
    return about(visit, facts.EscalationRaised(because=because, with_entry=True))
