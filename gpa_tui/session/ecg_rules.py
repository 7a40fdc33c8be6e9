"""The practice's rules on ECGs, applied: where to stop and ask, and who is told when. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gpa_tui.clinical import ecg as numbers
from gpa_tui.clinical import qtc
from gpa_tui.clock import whole_minutes
from gpa_tui.records import event as facts
from gpa_tui.records.base import age_in_years
from gpa_tui.records.ecg import EcgNumbers
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.ecg import Ecg, Lateness, ReviewLimits, ShowTime, not_reviewed
from gpa_tui.session.escalations import LONGEST_NAME
from gpa_tui.settings import EcgSettings

YOUNGEST = 16  # years; a routine surgery ECG is for adults (domain brief, 4.1)


def ecgs_waiting(day: Day) -> list[tuple[Visit, Ecg]]:
    """Every ECG that waits for a clinician's eyes, the longest waiting first."""
    found = [(visit, one) for visit in day.visits.values() for one in not_reviewed(visit.ecgs)]
    return sorted(found, key=lambda pair: pair[1].waits_since or pair[1].asked.at)


def review_limits(rules: EcgSettings) -> ReviewLimits:
    """After how long a review is late, and very late."""
    return ReviewLimits(rules.late_minutes, rules.very_late_minutes)


def late_in_the_frame(
    day: Day, now: datetime, rules: EcgSettings, show_time: ShowTime, *, short: bool
) -> str:
    """` ! ECG 09:20 BRAY 21 min: not reviewed `, of the longest wait that is very late; empty without one.

    `short`, beside an escalation: how many.
    """
    limits = review_limits(rules)
    late = [pair for pair in ecgs_waiting(day) if pair[1].lateness(now, limits) is Lateness.VERY_LATE]
    if not late:
        return ""
    if short:
        return f"! {len(late)} ECG "
    visit, ecg = late[0]
    more = f"{len(late)} ECGs, " if len(late) > 1 else "ECG "
    name = visit.appointment.patient.name.family.upper()[:LONGEST_NAME]
    minutes = whole_minutes(ecg.waits_since or now, now)
    return f" ! {more}{show_time(visit.appointment.start)} {name} {minutes} min: not reviewed "


def late_nameless(day: Day, now: datetime, rules: EcgSettings) -> str:
    """The same for a locked screen, which shows nothing of any patient."""
    limits = review_limits(rules)
    late = [ecg for _, ecg in ecgs_waiting(day) if ecg.lateness(now, limits) is Lateness.VERY_LATE]
    if not late:
        return ""
    them = "An ECG is" if len(late) == 1 else f"{len(late)} ECGs are"
    minutes = whole_minutes(late[0].waits_since or now, now)
    return f" ! {them} not reviewed yet, {minutes} min. Sign in, or go and tell the GP. "


def clock_words(visit: Visit, now: datetime, rules: EcgSettings) -> tuple[str, Lateness]:
    """The longest wait for a review here: `ecg 4m`, late `ECG 12m`, very late `ECG!21m`; or nothing."""
    waiting = [one for one in not_reviewed(visit.ecgs) if one.waits_since is not None]
    if not waiting:
        return "", Lateness.IN_TIME
    oldest = min(waiting, key=lambda one: one.waits_since or now)
    lateness = oldest.lateness(now, review_limits(rules))
    minutes = whole_minutes(oldest.waits_since or now, now)
    span = f"{minutes}m" if minutes < 100 else f"{minutes // 60}h"
    mark = {Lateness.IN_TIME: "ecg ", Lateness.LATE: "ECG ", Lateness.VERY_LATE: "ECG!"}[lateness]
    return f"{mark}{span}", lateness


def stopped_for(day: Day, visit: Visit, ecg: Ecg, rules: EcgSettings) -> list[str]:
    """For what the practice's rule says to stop and ask a clinician first, and nobody has said to go on."""
    age = age_in_years(visit.appointment.patient.born, day.date)
    reasons = []
    if rules.chest_pain == "ask" and ecg.symptoms and ecg.symptoms.said.found == "chest pain":
        reasons.append("chest pain")
    if rules.under_16 == "ask" and (age is None or age < YOUNGEST):
        reasons.append("age not known" if age is None else "under 16")
    return [one for one in reasons if one not in ecg.allowed_for]


def limits(rules: EcgSettings) -> numbers.Limits:
    """From which numbers of the cart's the GP is told."""
    return numbers.Limits(
        rules.rate_now_low,
        rules.rate_now_high,
        rules.rate_today_low,
        rules.rate_today_high,
        rules.qtc_now_ms,
    )


def formulas(recorded: facts.EcgRecorded) -> str:
    """QTc of the cart's QT and rate by the four formulas, named, without a verdict; or why there is none.

    None in a rhythm that is not regular, or with a wide QRS (domain brief, 4.5).
    """
    found = recorded.numbers
    if found.qt_ms is None or found.rate is None:
        return "QTc by formula: QT or rate is not given"
    said = " ; ".join((*recorded.statements, recorded.typed_twice_because))
    rhythm = next((one for word, one in _NOT_REGULAR if numbers.says(said, word)), "regular")
    result = qtc.qtc(found.qt_ms, found.rate, qrs_ms=found.qrs_ms, rhythm=rhythm)
    by_formula = ", ".join(f"{name.capitalize()} {value}" for name, value in result.by_formula.items())
    return f"QTc by formula, for comparison: {by_formula or result.not_computed}"


_NOT_REGULAR = (
    *((word, "af") for word in ("af", "afib", "a fib", "atrial fib*", "flutter", "aflutter")),
    *(("pace*", "paced"), ("paced", "paced"), ("irregular*", "irregular")),
)


def told_now(numbers_given: EcgNumbers, statements: Iterable[str], rules: EcgSettings) -> list[str]:
    """For what of the cart's numbers and words the GP is called at once, in clauses."""
    return list(numbers.told_now(numbers_given, statements, limits(rules), rules.alarming_words))


def told_today(ecg: Ecg, rules: EcgSettings) -> list[str]:
    """What the GP is told before the patient leaves, in clauses: a rate of any recording, that it is the best
    of three, or that there is none, and why."""
    found = [
        text
        for _, one in sorted(ecg.recorded.items())
        for text in numbers.told_today(one.said.numbers, limits(rules))
    ]
    found += [look.said.words for look in ecg.checked.values() if look.said.words.startswith(BEST)]
    if ecg.not_obtained:
        found.append(f"no ECG, {ecg.not_obtained.said.outcome}: {ecg.not_obtained.said.why}")
    return list(dict.fromkeys(found))


BEST = "the best of three tries: "
