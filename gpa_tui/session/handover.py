"""The brief that the GP reads: one screen in SBAR, exceptions first. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from gpa_tui.clinical.blood_pressure import SUBSTANTIAL
from gpa_tui.records.prep import AnswerKind, PrepItem, PrepOutcome
from gpa_tui.session.day import Visit
from gpa_tui.session.ecg import not_reviewed, summary
from gpa_tui.session.escalations import heard_words
from gpa_tui.session.figures import reading_line, score_line
from gpa_tui.session.prep_list import OWN_WORDS, PrepList
from gpa_tui.session.worked_out import to_be_seen, worked_out


def brief(
    visit: Visit,
    prep: PrepList,
    show_time: Callable[[datetime], str],
    bp_substantial: int = SUBSTANTIAL,
    open_before: Sequence[str] = (),
) -> list[tuple[str, str]]:
    """(heading, text) rows: exceptions, Situation, Background, Assessment, Request.

    Assessment is what was measured and what they answered; the judgement is the GP's. Request is what the
    patient most wants.
    """
    answers = said(visit, prep)
    own = "".join(f" – “{value}”" for item, value in answers if item.id == OWN_WORDS)
    rows = [("!", text) for text in exceptions(visit, prep, show_time)]
    rows.append(("Situation", f"{visit.appointment.reason or 'no reason on the list'}{own}"))
    rows.extend(("", f"open from before: {text}") for text in open_before)
    rows.extend(_headed("Background", _background(visit)))
    rows.extend(_headed("Assessment", _assessment(visit, answers, show_time, bp_substantial)))
    ticked = _ticked(visit, prep)
    if ticked:
        rows.append(("", f"ticked, nothing written: {', '.join(_head(item) for item in ticked)}"))
    rows.extend(_headed("Request", [value for item, value in answers if item.kind is AnswerKind.LIST]))
    return rows


def _ticked(visit: Visit, prep: PrepList) -> list[PrepItem]:
    """Items of words that were called done without any."""
    answers = ((item, prep.answer(visit, template, item)) for template, item in prep.rows)
    return [
        item
        for item, answer in answers
        if item.kind in {AnswerKind.WORDS, AnswerKind.LIST}
        and answer is not None
        and answer.outcome is PrepOutcome.DONE
        and not answer.value
    ]


def _headed(heading: str, texts: Iterable[str]) -> list[tuple[str, str]]:
    return [(heading if number == 0 else "", text) for number, text in enumerate(texts)]


def _background(visit: Visit) -> Iterator[str]:
    patient = visit.patient
    yield f"allergies {patient.allergies_shown}"
    if patient.medicines:
        yield "medicines " + "; ".join(patient.medicines)
    if patient.needs:
        yield "needs " + "; ".join(need.text for need in patient.needs)
    yield from (f"{label.lower()} {text}" for label, text in visit.room.items())


def _assessment(
    visit: Visit,
    answers: Sequence[tuple[PrepItem, str]],
    show_time: Callable[[datetime], str],
    bp_substantial: int,
) -> Iterator[str]:
    found = visit.last_observations
    if found:
        yield f"{show_time(found.taken_at)} {reading_line(found)}"
        yield score_line(found.score)
        others = (one for _, one in visit.observations if one is not found and not one.for_news2)
        yield from (f"{show_time(one.taken_at)} {reading_line(one)}" for one in others)
        worked = worked_out(visit, bp_substantial)
        yield from (text for text, _ in worked if text != score_line(found.score))
    else:
        yield "no observations taken"
    for ecg in visit.ecgs.values():
        yield from summary(ecg, show_time)
    asked = [
        f"{_head(item)}: {value}"
        for item, value in answers
        if item.id != OWN_WORDS and item.kind not in {AnswerKind.LIST, AnswerKind.MEASURED}
    ]
    if asked:
        yield f"asked: {'; '.join(asked)}"


def _head(item: PrepItem) -> str:
    """What an item is called where there is little room: its words up to a colon."""
    return item.text.partition(":")[0]


GAPS = 130  # characters for the names of what is open: about two lines


def _named(gaps: Sequence[PrepItem]) -> str:
    """As many names as two lines hold, and how many more there are; what fetches the GP stands first."""
    names = [_head(item) for item in gaps]
    shown = [name for number, name in enumerate(names) if len(", ".join(names[: number + 1])) <= GAPS]
    left = len(names) - len(shown)
    return ", ".join(shown) + (f" … and {left} more" if left else "")


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
        skipped = item.stops and answer is not None and answer.outcome is PrepOutcome.NOT_NEEDED
        if answer and (skipped or answer.outcome in {PrepOutcome.DECLINED, PrepOutcome.UNABLE}):
            found.append(f"{item.text}: {answer.outcome.value} {answer.why}".strip())
    gaps = prep.open_items(visit)
    if gaps:
        found.append("open: " + _named(sorted(gaps, key=lambda item: not item.stops)))
    return found


def said(visit: Visit, prep: PrepList) -> list[tuple[PrepItem, str]]:
    """The prep items that were answered in words or figures, with the answer."""
    answers = ((item, prep.answer(visit, template, item)) for template, item in prep.rows)
    return [(item, item.shown(answer.value)) for item, answer in answers if answer and answer.value]
