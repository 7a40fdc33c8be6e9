"""What a supervisor does in a review, and what whoever is asked answers. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import EventId, StaffId
from gpa_tui.records.event import Event, Said
from gpa_tui.records.facts_review import Seen, Verdict
from gpa_tui.records.staff import DEVICE
from gpa_tui.session.acts.common import Place, required_words, words
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.describe import says
from gpa_tui.session.review import (
    REVIEWED,
    Reviews,
    State,
    is_own_work,
    reviewed_entries,
    threads_of,
    worked_by,
    written_by,
)
from gpa_tui.session.roles import Act, require
from gpa_tui.store.chain import Head


def draw_sample(reviews: Reviews, place: Place, on: date, seed: str, percent: int) -> list[Said]:
    """Once a date: which rows are looked at in any case. Nothing where it was drawn before."""
    require(place.actor, Act.REVIEW)
    review = reviews.get(on)
    if review is not None and review.sample is not None:
        return []
    return [Said(data=facts.SampleDrawn(on=on, seed=seed, percent=percent))]


def give(
    reviews: Reviews,
    place: Place,
    day: Day,
    verdict: Verdict,
    target: Event | Sequence[Visit],
    text: str = "",
    found: Sequence[str] = (),
) -> list[Said]:
    """A verdict on one entry, or on the whole of these rows, as they are in `day`.

    `found`: what stands out about the entry. Raises `Refused` for what was signed off (an answer may still
    be agreed with), and for a verdict on one's own work.
    """
    require(place.actor, Act.REVIEW)
    if not (verdict == "agreed" and _is_answered(reviews, day.date, target)):
        _require_not_signed(reviews, day.date)
    if verdict != "agreed":
        ask = "Say what you ask." if verdict == "query" else "Say what is to be mended."
        text = required_words(text, ask)
    given = facts.ReviewGiven(on=day.date, verdict=verdict, words=words(text))
    if isinstance(target, Event):
        kept = tuple(words(one) for one in found)
        return [_on_entry(day, place, given.model_copy(update={"found": kept}), target)]
    if not target:
        raise Refused("There is nothing here to agree with.")
    if verdict != "agreed" and len({tuple(worked_by(visit)) for visit in target}) > 1:
        return _of_each(reviews, place, day, verdict, target, text)
    for visit in target:
        _require_no_query_in(reviews, day, verdict, visit)
        _require_anothers(place, reviewed_entries(visit), visit.appointment.patient.name.listed)
    rows = tuple(Seen(appointment=visit.id, entries=len(reviewed_entries(visit))) for visit in target)
    asked_of = [staff for visit in target for staff in worked_by(visit) or written_by(visit)]
    to = tuple(staff for staff in dict.fromkeys(asked_of) if staff != place.actor.staff)
    if verdict != "agreed" and not to:
        raise Refused("Nobody did anything in this row: nobody is there to answer.")
    names = "; ".join(visit.appointment.patient.name.listed for visit in target)
    asked = {"to": to, "of": names} if verdict != "agreed" else {}
    said = given.model_copy(update={"rows": rows, **asked})
    if len(target) > 1:
        return [Said(data=said)]
    row = target[0].appointment
    return [Said(data=said, clinic=row.clinic, appointment=row.id, patient=row.patient.id)]


def _of_each(
    reviews: Reviews, place: Place, day: Day, verdict: Verdict, target: Sequence[Visit], text: str
) -> list[Said]:
    """The same query to each who worked in some of these rows, of theirs."""
    by_whom: dict[tuple[StaffId, ...], list[Visit]] = {}
    for visit in target:
        by_whom.setdefault(tuple(worked_by(visit)), []).append(visit)
    return [said for rows in by_whom.values() for said in give(reviews, place, day, verdict, rows, text)]


def _require_no_query_in(reviews: Reviews, day: Day, verdict: Verdict, visit: Visit) -> None:
    """A row is not agreed with while one of its entries is asked about."""
    review = reviews.get(day.date)
    if verdict == "agreed" and review is not None and review.asked_in(visit) is not None:
        raise Refused("An entry of this row is still asked about.", "Agree with that entry first.")


def _on_entry(day: Day, place: Place, given: facts.ReviewGiven, entry: Event) -> Said:
    by = [entry.by.staff] if entry.by.staff != DEVICE else []
    _require_anothers(place, [entry], "this entry")
    if given.verdict != "agreed":
        visit = day.visits.get(entry.appointment) if entry.appointment else None
        if visit is not None and entry.by.role not in REVIEWED:
            by = worked_by(visit) or by
        by = [staff for staff in by if staff != place.actor.staff]
        if not by:
            raise Refused("Nobody but you or the machine did anything there: nobody is there to answer.")
        whose = f"{visit.appointment.patient.name.listed}: " if visit else ""
        given = given.model_copy(update={"to": tuple(by), "of": f"{whose}{says(entry)}"})
    return Said(
        data=given, clinic=entry.clinic, appointment=entry.appointment, patient=entry.patient, about=entry.id
    )


def _require_anothers(place: Place, entries: Iterable[Event], what: str) -> None:
    if any(is_own_work(event, place.actor.staff) for event in entries):
        raise Refused(f"You did part of this yourself: {what}.", "Another supervisor reviews it.")


def _is_answered(reviews: Reviews, on: date, target: Event | Sequence[Visit]) -> bool:
    """Whether all that it is about was asked, and has been answered."""
    review = reviews.get(on)
    keys = [target.id] if isinstance(target, Event) else [visit.id for visit in target]
    threads = [review.threads.get(key) for key in keys] if review is not None else []
    return bool(threads) and all(one is not None and one.state is State.ANSWERED for one in threads)


def answer(reviews: Reviews, place: Place, on: date, verdict: EventId, text: str) -> list[Said]:
    """Whoever is asked answers; a second answer adds to the first."""
    require(place.actor, Act.ANSWER)
    review = reviews.get(on)
    threads = [one for one in threads_of(review, verdict) if one.open] if review is not None else []
    if not threads:
        raise Refused("That query is no longer open.")
    thread = next((one for one in threads if one.verdict.id == verdict), threads[0])
    if place.actor.staff not in thread.given.to:
        raise Refused("That query is not for you to answer.")
    asked = next(event for event in thread.events if event.id == verdict)
    if asked is not thread.verdict:
        raise Refused("It was asked anew meanwhile.", "Read what is asked now, then answer.")
    said = facts.ReviewAnswered(on=on, words=required_words(text, "Say your answer."))
    return [Said(data=said, clinic=asked.clinic, patient=asked.patient, about=asked.id)]


def sign(
    reviews: Reviews,
    place: Place,
    day: Day,
    head: Head,
    still_open: Sequence[str],
    text: str = "",
    others: Mapping[str, Head] | None = None,
) -> list[Said]:
    """The review is signed off, with the log as it stands and what is still open named; never prevented."""
    require(place.actor, Act.REVIEW)
    _require_not_signed(reviews, day.date)
    return [
        Said(
            data=facts.ReviewSigned(
                on=day.date,
                n=head[0],
                hash=head[1],
                seen={event.origin: event.seq for event in sorted(day.events, key=lambda one: one.seq)},
                others=dict(others or {}),
                still_open=tuple(words(one) for one in still_open),
                worked=tuple(dict.fromkeys(staff for visit in day.rows for staff in worked_by(visit))),
                words=words(text),
            )
        )
    ]


def reopen(reviews: Reviews, place: Place, on: date, why: str) -> list[Said]:
    """What was signed off is looked at again, with the reason."""
    require(place.actor, Act.REVIEW)
    review = reviews.get(on)
    if review is None or review.signed is None:
        raise Refused("It is not signed off.")
    return [Said(data=facts.ReviewReopened(on=on, why=required_words(why, "Say why it is reopened.")))]


def _require_not_signed(reviews: Reviews, on: date) -> None:
    review = reviews.get(on)
    if review is not None and review.signed is not None:
        raise Refused("This session is signed off.", "s reopens it, with the reason.")
