"""The brief that the GP reads: one screen in SBAR, exceptions first. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from gpa_tui.clinical.blood_pressure import SUBSTANTIAL
from gpa_tui.records.prep import PrepItem, PrepOutcome
from gpa_tui.session.day import Visit
from gpa_tui.session.ecg import not_reviewed, summary
from gpa_tui.session.escalations import heard_words
from gpa_tui.session.figures import reading_line, score_line
from gpa_tui.session.prep_list import PrepList
from gpa_tui.session.worked_out import to_be_seen, worked_out


def brief(
    visit: Visit,
    prep: PrepList,
    show_time: Callable[[datetime], str],
    bp_substantial: int = SUBSTANTIAL,
    open_before: Sequence[str] = (),
) -> list[tuple[str, str]]:
    """(heading, text) rows: exceptions, Situation, Background, Assessment, Recommendation asked for.

    Assessment is what was measured and found; the judgement is the GP's.
    """
    patient = visit.patient
    rows = [("!", text) for text in exceptions(visit, prep, show_time)]
    rows.append(("Situation", visit.appointment.reason or "no reason on the list"))
    rows.extend(("", f"{item.text}: {value}") for item, value in said(visit, prep))
    rows.extend(("", f"open from before: {text}") for text in open_before)
    rows.append(("Background", f"allergies {patient.allergies_shown}"))
    if patient.medicines:
        rows.append(("", "medicines " + "; ".join(patient.medicines)))
    if patient.needs:
        rows.append(("", "needs " + "; ".join(need.text for need in patient.needs)))
    rows.extend(("", f"{label.lower()} {text}") for label, text in visit.room.items())
    found = visit.last_observations
    if found:
        rows.append(("Assessment", f"{show_time(found.taken_at)} {reading_line(found)}"))
        rows.append(("", score_line(found.score)))
        others = (one for _, one in visit.observations if one is not found and not one.for_news2)
        rows.extend(("", f"{show_time(one.taken_at)} {reading_line(one)}") for one in others)
        worked = worked_out(visit, bp_substantial)
        rows.extend(("", text) for text, _ in worked if text != score_line(found.score))
    else:
        rows.append(("Assessment", "no observations taken"))
    rows.extend(("", text) for ecg in visit.ecgs.values() for text in summary(ecg, show_time))
    return rows


def exceptions(visit: Visit, prep: PrepList, show_time: Callable[[datetime], str]) -> list[str]:
    """What the GP must see first: escalations, answers that were declined or could not be had, gaps."""
    found = []
    for escalation in visit.escalations.values():
        heard = heard_words(escalation, show_time)
        found.append(f"{show_time(escalation.at)} {escalation.because} – {heard}")
    for ecg in not_reviewed(visit.ecgs):
        found.append(f"ECG not reviewed, {ecg.stage(show_time)}")
    found.extend(to_be_seen(visit))
    for template, item in prep.rows:
        answer = prep.answer(visit, template, item)
        if answer and answer.outcome in {PrepOutcome.DECLINED, PrepOutcome.UNABLE}:
            found.append(f"{item.text}: {answer.outcome.value} {answer.why}".strip())
    gaps = prep.open_items(visit)
    if gaps:
        found.append("open: " + ", ".join(item.text for item in gaps))
    return found


def said(visit: Visit, prep: PrepList) -> list[tuple[PrepItem, str]]:
    """The prep items that were answered in words or figures, with the answer."""
    answers = ((item, prep.answer(visit, template, item)) for template, item in prep.rows)
    return [(item, item.shown(answer.value)) for item, answer in answers if answer and answer.value]
