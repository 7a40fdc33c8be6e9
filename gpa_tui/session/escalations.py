"""What is not yet heard: in few words for every screen of the clinic, at length for the GP. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from gpa_tui.clock import whole_minutes
from gpa_tui.records.base import age_in_years, show_date
from gpa_tui.records.staff import Role
from gpa_tui.session.day import Day, Escalation, Visit
from gpa_tui.session.ecg import summary
from gpa_tui.session.figures import reading_line, score_line
from gpa_tui.session.huddle import ECG, NOT_HEARD, Earlier
from gpa_tui.settings import PracticeSettings

HEARERS = frozenset({Role.CLINICIAN, Role.SUPERVISOR})
"""Whose terminal it must be on."""
LONGEST_NAME = 14  # cells of a family name in the frame
ON_SCREEN = timedelta(minutes=5)  # then it has been overlooked (proposal)
NOT_SET = "not set in practice.toml"
ShowTime = Callable[[datetime], str]


def not_heard(day: Day) -> list[tuple[Visit, Escalation]]:
    """Every escalation that nobody has heard, the oldest first."""
    found = [(visit, one) for visit in day.visits.values() for one in visit.open_escalations]
    return sorted(found, key=lambda pair: pair[1].at)


def in_the_frame(day: Day, now: datetime, show_time: ShowTime) -> str:
    """` ! 09:00 OKONKWO 6 min: go and tell `, or on whose screen it is; empty when all is heard.

    Of several the oldest is named. It is on somebody's screen while they are there, for five minutes at most:
    then somebody has to go.
    """
    waiting = not_heard(day)
    if not waiting:
        return ""
    visit, oldest = waiting[0]
    more = f"{len(waiting)} not heard, " if len(waiting) > 1 else ""
    name = visit.appointment.patient.name.family.upper()[:LONGEST_NAME]
    name = f"{show_time(visit.appointment.start)} {name}"
    shown = [one for one in oldest.seen if not one.gone and now - one.at < ON_SCREEN]
    where = f"on {shown[-1].who}'s screen" if shown and not more else "go and tell"
    return f" ! {more}{name} {whole_minutes(oldest.at, now)} min: {where} "


def not_heard_before(earlier: Iterable[Earlier]) -> str:
    """The same of earlier days: what nobody had heard when they were last left."""
    rows = list(earlier)
    for heading, what in ((NOT_HEARD, "not heard"), (ECG, "ECG not reviewed")):
        days = [on for on, shown, _ in rows if shown == heading]
        if days:
            return f" ! {len(days)} {what} on {days[0]:%a} {days[0].day} {days[0]:%b}: f "
    return ""


def nameless(day: Day, now: datetime, earlier: Iterable[Earlier] = ()) -> str:
    """The same for a locked screen, which shows nothing of any patient."""
    waiting = not_heard(day)
    if not waiting:
        before = not_heard_before(earlier).removesuffix(": f ")
        return f"{before}. Sign in, or go and tell the GP. " if before else ""
    minutes = whole_minutes(waiting[0][1].at, now)
    them = "An escalation is" if len(waiting) == 1 else f"{len(waiting)} escalations are"
    return f" ! {them} not heard yet, {minutes} min. Sign in, or go and tell the GP. "


def sbar(visit: Visit, day: Day, show_time: ShowTime) -> Iterator[tuple[str, str]]:
    """(heading, text): what is the matter, what is known, the latest figures as taken, what is asked."""
    row, patient = visit.appointment, visit.appointment.patient
    for one in visit.escalations.values():
        yield "Situation", f"{show_time(one.at)} {one.because} – {heard_words(one, show_time)}"
    yield "", row.reason or "no reason on the list"
    age = age_in_years(patient.born, day.date)
    yield "Background", f"{age if age is not None else 'age not known'}, {patient.gender.value}"
    yield "", f"allergies {patient.allergies_shown}"
    if patient.medicines:
        yield "", "medicines " + "; ".join(patient.medicines)
    sets = visit.observations[-2:]
    for number, (_, found) in enumerate(reversed(sets)):
        yield "Figures" if number == 0 else "before", f"{show_time(found.taken_at)} {reading_line(found)}"
        yield "", score_line(found.score)
    if not sets:
        yield "Figures", "no observations taken"
    for ecg in visit.ecgs.values():
        yield from (("ECG" if at == 0 else "", text) for at, text in enumerate(summary(ecg, show_time)))


def call_card(
    visit: Visit, day: Day, settings: PracticeSettings, show_time: ShowTime
) -> Iterator[tuple[str, str]]:
    """What an ambulance call asks for: where, who, call-back, then the figures and times."""
    patient = visit.appointment.patient
    yield "Where", settings.address or f"{settings.name}: address {NOT_SET}"
    yield "Call back", settings.telephone or NOT_SET
    yield "Who", f"{patient.name.listed}, born {show_date(patient.born)}, NHS No. {patient.nhs_number_shown}"
    yield from sbar(visit, day, show_time)


def heard_words(one: Escalation, show_time: ShowTime) -> str:
    """`told Dr N Patel, in person 09:41, heard by Dr N Patel 09:52`, or how far it has come."""
    at = f" {show_time(one.heard_at)}" if one.heard_at else ""
    told = f"told {one.told}{at}" if one.told and not one.nobody_told else ""
    if one.heard_by and one.confirmed_at:
        return f"{f'{told}, ' if told else ''}heard by {one.heard_by} {show_time(one.confirmed_at)}"
    if one.nobody_told:
        return f"NOBODY TOLD: {one.told}"
    if told:
        return told
    if one.seen:
        last = one.seen[-1]
        return f"NOT HEARD YET; shown to {last.who} at {last.terminal} {show_time(last.at)}"
    return "NOT HEARD YET"
