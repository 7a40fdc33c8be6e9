"""An event in words: one line for lists, and every field for the one that is looked at. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from gpa_tui.clinical.ecg import numbers_shown
from gpa_tui.records import event as facts
from gpa_tui.records.base import show_date
from gpa_tui.records.event import Event
from gpa_tui.records.facts_review import Seen
from gpa_tui.records.staff import StaffMember
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.ecg import machine_words
from gpa_tui.session.figures import reading_line, score_line

WRITTEN = (
    *(facts.PrepAnswered, facts.ObservationRecorded, facts.EcgRecorded),
    *(
        facts.PresentRecorded,
        facts.ChaperoneRecorded,
        facts.InterpreterRecorded,
        facts.CapacityNoted,
        facts.SafeguardingRaised,
    ),
    *(facts.PlanGiven, facts.PlanWorded, facts.PlanReleased, facts.PlanTaught, facts.SafetyNetGiven),
)
"""Notes, which are late when they are made after the patient left."""


def says(event: Event) -> str:
    """What the event says in one line, without who and when: `observations RR 22, … NEWS2 5`."""
    words = event.data.says or event.kind
    handler = _SAYS.get(type(event.data))
    said = handler(event.data) if handler else ""
    return f"{words}: {said}" if said else words


def line(event: Event, day: Day, show_time: Callable[[datetime], str]) -> str:
    """One line of the log: time, person and role, patient, and what the event says."""
    visit = _visit(event, day)
    who = f"{event.by.name} {event.by.role.label}"
    whom = f" · {visit.appointment.patient.name.listed}" if visit else ""
    return f"{show_time(event.at)} {who}{whom} · {says(event)}{on_paper(event, show_time)}{mark(event, day)}"


def on_paper(event: Event, show_time: Callable[[datetime], str]) -> str:
    """` [on paper 09:40]` of what was typed from paper; else nothing."""
    return f" [on paper {show_time(event.on_paper)}]" if event.on_paper is not None else ""


def marks(event: Event, day: Day) -> list[str]:
    """What is to be known of an entry: that the patient had left, that it no longer counts."""
    visit = _visit(event, day)
    late = visit.minutes_since_left(event.done_at) if visit and isinstance(event.data, WRITTEN) else None
    found = [] if late is None else [f"late: {late} min after they left"]
    if event.id in day.struck:
        found.append("corrected" if event.id in day.corrected else "taken back")
    return found


def mark(event: Event, day: Day) -> str:
    """The marks as they stand behind an entry: ` [corrected]`, ` [taken back]`; else nothing."""
    return "".join(f" [{one}]" for one in marks(event, day))


def taken_back(strike: Event, day: Day) -> str:
    """Whose entry was taken back, and which: `OKONKWO, Grace (Mrs): stage: booked → arrived, taken back`."""
    visit = day.visits.get(strike.appointment) if strike.appointment else None
    whose = f"{visit.appointment.patient.name.listed}: " if visit else ""
    earlier = next((one for one in day.events if one.id == strike.about), strike)
    return f"{whose}{says(earlier)}, taken back. Both stay in the log."


def details(
    event: Event, day: Day, show_time: Callable[[datetime], str], others: Sequence[Event] = ()
) -> list[tuple[str, str]]:
    """Every field of one entry as (label, value), for reading one entry.

    What it is about stands in the day, or among `others`.
    """
    visit = _visit(event, day)
    rows = [
        ("Entry", f"{event.seq} · {event.kind}"),
        ("When", f"{show_time(event.at)} (clock {show_time(event.wall)})"),
        ("Who", f"{event.by.name}, {event.by.role.label}"),
        ("Where", event.terminal),
    ]
    if event.on_paper is not None:
        rows.append(("On paper", f"done {show_time(event.on_paper)}, typed {show_time(event.at)}"))
    if visit:
        patient = visit.appointment.patient
        rows.append(("Patient", f"{patient.name.listed} · NHS No. {patient.nhs_number_shown}"))
    rows.append(("What", says(event)))
    if isinstance(event.data, facts.SafeguardingRaised):
        rows.append(("Concern", event.data.words))
    if event.about:
        earlier = next((one for one in (*day.events, *others) if one.id == event.about), None)
        rows.append(("About", says(earlier) if earlier else f"entry {event.about}"))
    found = marks(event, day)
    if found:
        counts = ": it no longer counts" if event.id in day.struck else ""
        rows.append(("Mark", "; ".join(found) + counts))
    return rows


def _visit(event: Event, day: Day) -> Visit | None:
    """Whose entry it is, where they are on the day's list; of a task only the patient is named."""
    visit = day.visits.get(event.appointment) if event.appointment else None
    if visit is None and event.patient:
        visit = next(
            (one for one in day.visits.values() if one.appointment.patient.id == event.patient), None
        )
    return visit


def _member(member: StaffMember) -> str:
    return f"{member.name} ({member.id}: {', '.join(role.label for role in member.roles)})"


def _identity(data: facts.IdentityChecked) -> str:
    if data.matched is None:
        return f"by the record only: {data.why or 'nobody said it'}"
    fits = "fits the list" if data.matched else "DOES NOT FIT the list"
    if data.by_name_alone and data.matched:
        fits = "the name fits; the list has no whole birth date"
    more = f", {data.one_more}" if data.one_more else ""
    return f"{data.said_by} said {data.name_said}, born {show_date(data.born_said)}{more}: {fits}"


def _prep(data: facts.PrepAnswered) -> str:
    answer = data.answer
    words = ", ".join(part for part in (answer.value, answer.why) if part)
    return f"{answer.text}: {answer.outcome.value}{f' – {words}' if words else ''}"


def _handed_over(data: facts.PrepHandedOver) -> str:
    if not data.gaps:
        return "nothing open"
    return f"open: {', '.join(data.gaps)} – {data.why_gaps_stand}"


def _taught(data: facts.PlanTaught) -> str:
    result = data.teach_back
    words = result.words or result.why
    return f"message {result.message} {result.outcome.value}{f' – {words}' if words else ''}"


def _net(data: facts.SafetyNetGiven) -> str:
    net = data.safety_net
    back = "said back" if net.said_back else "not said back"
    back += ", written copy given" if net.written else ""
    fresh = f"not in their words, confirmed: {', '.join(data.confirmed)}" if data.confirmed else ""
    return _dashed(f"{net.what}; {net.by_when}; {net.where} ({back})", fresh)


def _imported(data: facts.ListImported) -> str:
    counts = {
        "new": data.listed,
        "changed": data.changed,
        "unchanged": data.unchanged,
        "gone": data.gone,
        "rejected": data.rejected,
    }
    return f"{data.file}: " + ", ".join(f"{count} {word}" for word, count in counts.items())


def _dashed(*parts: str) -> str:
    return " – ".join(part for part in parts if part)


def _signed_off(data: facts.CompetencySigned) -> str:
    until = f" till {data.expires}" if data.expires else ""
    return f"{data.name}, {data.title}, on {data.on}{until}: {data.words}"


def _rows_shown(rows: Sequence[Seen]) -> str:
    return f"{len(rows)} {'row' if len(rows) == 1 else 'rows'}" if rows else ""


def _ecg_recorded(data: facts.EcgRecorded) -> str:
    when = f"attempt {data.attempt}, {data.recorded_at:%H:%M} UTC: {numbers_shown(data.numbers)}"
    return _dashed(when, *machine_words(data))


def _ecg_filed(data: facts.EcgFiled) -> str:
    one = data.attachment
    odd = f"DOES NOT FIT: {'; '.join(one.did_not_fit)}; stays: {one.stays_because}" if one.did_not_fit else ""
    return _dashed(f"{one.file_name}, {one.says.format.value}, {one.size} bytes, {one.sha256[:12]}", odd)


_SAYS: dict[type[facts.Fact], Callable[[Any], str]] = {
    facts.ClinicOpened: lambda d: d.clinic.title,
    facts.ListImported: _imported,
    facts.AppointmentListed: lambda d: (
        f"{'walk-in, ' if d.appointment.walk_in else ''}{d.appointment.reason or 'no reason given'}"
    ),
    facts.AppointmentRevised: lambda d: ", ".join(d.changed),
    facts.AppointmentUnlisted: lambda d: d.file,
    facts.AppointmentMoved: lambda d: f"{d.was.value} → {d.to.value}{', quietly' if d.quiet else ''}",
    facts.IdentityChecked: _identity,
    facts.PresentRecorded: lambda d: d.who,
    facts.InterpreterRecorded: lambda d: f"{d.mode}, {d.words}",
    facts.ChaperoneRecorded: lambda d: f"{d.offered}{f', {d.words}' if d.words else ''}",
    facts.CapacityNoted: lambda d: d.words,
    facts.NeedNoted: lambda d: d.need.text,
    facts.BackgroundNoted: lambda d: f"{d.words}, asked whether it may be used for BMI",
    facts.NeedEnded: lambda d: f"{d.need} – {d.why}",
    facts.PatientCarried: lambda d: _dashed(
        "; ".join(need.text for need in d.needs),
        f"ended: {'; '.join(d.ended)}" if d.ended else "",
        f"SpO2 scale {d.scale.scale}" if d.scale else "",
        f"{len(d.sets)} sets of observations" if d.sets else "",
    ),
    facts.DayLeftOpen: lambda d: "; ".join(f"{heading} {words}" for heading, words in d.rows) or "nothing",
    facts.EntryMoved: lambda d: f"from the record of {d.from_name}",
    facts.PrepTemplateChosen: lambda d: d.title,
    facts.PrepAnswered: _prep,
    facts.PrepHandedOver: _handed_over,
    facts.ObservationRecorded: lambda d: (
        f"{reading_line(d.observations)}. {score_line(d.observations.score)}"
    ),
    facts.EcgRequested: lambda d: f"{d.urgency}, by {d.asked_by}: {d.reason}",
    facts.EcgSymptomsAsked: lambda d: f"{d.words or d.found} now or in the last 12 hours",
    facts.EcgAllowed: lambda d: f"said by {d.by}, stopped for: {', '.join(d.stopped_for)}",
    facts.EcgPrepared: lambda d: _dashed(d.check.value, d.words),
    facts.EcgRecorded: _ecg_recorded,
    facts.EcgQualityChecked: lambda d: _dashed(
        f"attempt {d.attempt}, {d.check.value} {'seen to' if d.ok else 'NOT GOOD, record again'}", d.words
    ),
    facts.EcgFiled: _ecg_filed,
    facts.EcgHanded: lambda d: _dashed(f"to {d.to}{f', {d.how}' if d.how else ''}", "; ".join(d.told)),
    facts.EcgNotObtained: lambda d: f"{d.outcome} – {d.why}",
    facts.EcgReviewed: lambda d: f"by {d.by}{', as they said' if d.said else ''} – {d.words}",
    facts.Spo2ScaleSet: lambda d: f"{d.decision.scale} – {d.decision.words}",
    facts.EscalationRaised: lambda d: f"{d.because}{f' – told {d.told}' if d.told else ''}",
    facts.EscalationTold: lambda d: f"nobody: {d.told}" if d.nobody else d.told,
    facts.EscalationSeen: lambda d: f"to {d.who} at {d.terminal}",
    facts.PlanGiven: lambda d: f"({d.words_from.value}, {d.given_by}) {d.words}",
    facts.PlanWorded: lambda d: _dashed(
        " / ".join(f"{n} {text}" for n, text in enumerate(d.messages, 1)),
        "; ".join(f"{form} is {sense}" for form, sense in d.answers.items()),
        f"left out: {d.left_out}" if d.left_out else "",
    ),
    facts.PlanReleased: lambda d: _dashed(
        f"by {d.released_by}{', said' if d.said else ''}",
        f"not in their words, confirmed: {', '.join(d.confirmed)}" if d.confirmed else "",
    ),
    facts.PlanTaught: _taught,
    facts.SafetyNetGiven: _net,
    facts.EntryCopied: lambda d: _dashed(d.how, "to be hidden from online access" if d.hidden else ""),
    facts.TaskAsked: lambda d: (
        f"{d.what}, of {d.owner.name}, by {d.due}{', told to the patient' if d.for_patient else ''}"
    ),
    facts.PlanTranslated: lambda d: (
        f"{d.translation.language}, by {d.translation.by}: {' / '.join(d.translation.lines)}"
    ),
    facts.HandoutMade: lambda d: _dashed(d.how, "large print" if d.large else ""),
    facts.TaskAccepted: lambda d: d.what,
    facts.TaskReassigned: lambda d: _dashed(d.what, f"to {d.owner.name}"),
    facts.TaskDone: lambda d: _dashed(d.what, d.words),
    facts.TaskDropped: lambda d: _dashed(d.what, d.why),
    facts.TaskReopened: lambda d: d.what,
    facts.TaskAnswerSeen: lambda d: d.what,
    facts.PhraseKept: lambda d: d.text,
    facts.PhraseDropped: lambda d: d.text,
    facts.EntryStruck: lambda d: d.why,
    facts.StaffAdded: lambda d: f"{_member(d.member)}, key {d.keys.id}",
    facts.StaffChanged: lambda d: _member(d.member),
    facts.StaffLeft: lambda d: d.staff,
    facts.CompetenciesListed: lambda d: f"version {d.version} of {d.owner}, {d.gated} asked for",
    facts.CompetencySigned: _signed_off,
    facts.CompetencyWithdrawn: lambda d: f"{d.name}, {d.title}: {d.why}",
    facts.SupervisionStated: lambda d: f"of {d.supervisor_name}: {'; '.join(d.titles)}",
    facts.KeysReplaced: lambda d: f"{d.staff}, {d.why}, key {d.keys.id}",
    facts.EpochBegun: lambda d: f"{d.number}",
    facts.HeadAnchored: lambda d: f"{d.journal}, save {d.n}",
    facts.BackedUp: lambda d: d.file,
    facts.SyncSetUp: lambda d: _dashed(f"{d.url} ({d.auth})", " ".join(d.found)),
    facts.ServiceKeySet: lambda d: "set" if d.box else "taken away",
    facts.ServerAsked: lambda d: d.sentence,
    facts.ServerAnswered: lambda d: "the same person" if d.same else "another person",
    facts.StatusClashed: lambda d: f"{d.ours} here, {d.theirs} there",
    facts.StatusPicked: lambda d: "as it is here" if d.ours else "as it is there",
    facts.HostPaired: lambda d: _dashed(
        f"{d.name}, {len(d.keys)} keys", f"named by {d.vouched_by}" if d.vouched_by else ""
    ),
    facts.HostUnpaired: lambda d: d.name,
    facts.ClaimLost: lambda d: f"{d.what} – {d.owner} was first",
    facts.SampleDrawn: lambda d: f"{d.on}: {d.percent} % of the rows, seed {d.seed}",
    facts.ReviewGiven: lambda d: _dashed(f"{d.on}: {d.verdict}", d.of or _rows_shown(d.rows), d.words),
    facts.ReviewAnswered: lambda d: f"{d.on}: {d.words}",
    facts.ReviewSigned: lambda d: _dashed(
        f"{d.on}: save {d.n}, {d.hash[:16]}",
        f"still open: {'; '.join(d.still_open)}" if d.still_open else "nothing open",
        d.words,
    ),
    facts.ReviewReopened: lambda d: f"{d.on}: {d.why}",
    facts.EvidencePicked: lambda d: _dashed(d.month, ", ".join(d.competencies)),
    facts.ReflectionWritten: lambda d: d.heading,  # the words are for whoever wrote them
    facts.PortfolioViewed: lambda d: d.staff,
    facts.TextRead: lambda d: "may leave" if d.include else "stays here",
    facts.DayPurged: lambda d: _dashed(
        f"{d.on}, save {d.n}, {d.hash[:16]}",
        f"archived in {d.file}, {d.sha256[:16]}" if d.file else "destroyed",
    ),
    facts.LogSearched: lambda d: d.what,
    facts.Printed: lambda d: d.what,
    facts.ClinicClosed: lambda d: "; ".join(d.still_open) or "nothing was open",
    facts.Restored: lambda d: f"from {d.file}, a copy of store {d.origin}",
    facts.ReadBeside: lambda d: f"{d.name} at {d.terminal}, {d.when:%Y-%m-%d %H:%M:%S} UTC: {d.read}",
    facts.SignInRefusedFact: lambda d: f"{d.name} at {d.terminal}, {d.when:%Y-%m-%d %H:%M:%S} UTC",
    facts.ActRefused: lambda d: f"{d.act} – {d.why}",
    facts.Exported: lambda d: f"{d.what} to {d.file}",
    facts.UnknownFact: lambda d: d.kind,
}
