"""Acts of reiterating the plan: the GP's words, the messages, release, teach-back, safety net."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.competency import Gate
from gpa_tui.records.event import Said
from gpa_tui.records.plan import MOST_MESSAGES, SafetyNet, TeachBack, TeachBackOutcome, WordsFrom
from gpa_tui.records.staff import Role
from gpa_tui.session.acts.common import (
    Place,
    about,
    carried_on,
    require_identity,
    require_signed_off,
    required_words,
    visit_of,
    words,
)
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.plain_words import PlainWords
from gpa_tui.session.roles import Act, require
from gpa_tui.text import sentence

Seen = tuple[str, tuple[str, ...]]
"""The GP's words and the messages, as somebody saw them."""
_BEGUN = (Stage.WITH_GP, Stage.WRAP_UP)
INTERPRETED = frozenset({"INT", "BSL", "SIGN", "MAK", "SSE", "DB"})
"""Marks of the needs that only an interpreter meets (`intake/needs.py`)."""
_INTERPRETER = re.compile(r"^(?!.*\bno\b).*\binterpret", re.IGNORECASE)
CHANGED_SINCE = "The wording was changed meanwhile."
NOT_RELEASED = "The GP has not released this wording yet."


def _visit(day: Day, place: Place, appointment: AppointmentId, act: Act) -> Visit:
    require(place.actor, act, appointment)
    visit = visit_of(day, appointment)
    if act in {Act.WORD_PLAN, Act.TEACH}:
        require_signed_off(day, place, appointment, Gate.PLAN, act)
    require_identity(day, place, visit)
    return visit


def give_plan(day: Day, place: Place, appointment: AppointmentId, text: str, given_by: str) -> list[Said]:
    """The GP's words, verbatim: typed by the GP when a clinician is signed in, else as heard."""
    visit = _visit(day, place, appointment, Act.GIVE_PLAN)
    verbatim = required_words(text, "Type the GP's words.")
    typed = place.actor.role is Role.CLINICIAN
    source = WordsFrom.TYPED_BY_GP if typed else WordsFrom.AS_HEARD
    by = place.actor.name if typed else required_words(given_by, "Say whose words these are.")
    return [about(visit, facts.PlanGiven(words=verbatim, words_from=source, given_by=by))]


def word_plan(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    messages: Sequence[str],
    answers: Mapping[str, str] | None = None,
    plain_words: PlainWords | None = None,
    seen: Seen | None = None,
    left_out: str = "",
) -> list[Said]:
    """One to three messages in plain words; a new wording is not yet released.

    `seen`: what stood there when the wording began; refused when somebody has changed it since.
    `left_out`: a fourth message, which is not gone through.

    `answers`: by form of the GP's shorthand, which sense it has in this note. With `plain_words` what is to
    be typed out is refused.
    """
    visit = _visit(day, place, appointment, Act.WORD_PLAN)
    kept = tuple(said for message in messages if (said := words(message)))
    if not kept:
        raise Refused("Type at least one message.")
    if len(kept) > MOST_MESSAGES:
        raise Refused(f"{len(kept)} messages: {MOST_MESSAGES} at most.", "Leave out what matters least.")
    if not visit.plan.words:
        raise Refused("The GP's words come first.", "Type what the GP said.")
    if seen is not None and seen != (visit.plan.words, visit.plan.messages):
        raise Refused(CHANGED_SINCE, "Esc, and read the plan as it is now; what you typed is kept.")
    _typed_out(kept, plain_words)
    worded = facts.PlanWorded(messages=kept, answers=dict(answers or {}), left_out=words(left_out))
    return [*carried_on(visit, _BEGUN), about(visit, worded)]


def release(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    wording: Sequence[str],
    released_by: str,
    plain_words: PlainWords | None = None,
    confirmed: Sequence[str] = (),
) -> list[Said]:
    """The GP let this wording go: as themselves when signed in, else said aloud to the GPA.

    `wording` is what the GP saw or heard: refused when somebody has changed it since. With `plain_words` a
    dose, an interval or a condition that was not in the GP's words is refused unless it is `confirmed`.
    """
    visit = _visit(day, place, appointment, Act.RELEASE)
    if not visit.plan.messages:
        raise Refused("There is no wording to release yet.")
    if visit.plan.messages_are_old:
        raise Refused("The GP's words have changed since this wording.", "Word the messages again first.")
    if tuple(wording) != visit.plan.messages:
        raise Refused(CHANGED_SINCE, "Read the messages as they are now, then ask the GP again.")
    plan = visit.plan
    fresh = plain_words.unsaid(plan.messages, plan.words, plan.answers) if plain_words else []
    if not set(fresh) <= set(confirmed):
        raise Refused(f"Not in the GP's words: {', '.join(fresh)}.", "Only the GP can say that it is right.")
    own = place.actor.role is Role.CLINICIAN
    who = place.actor.name if own else required_words(released_by, "Say who released it.")
    said = facts.PlanReleased(released_by=who, said=not own, confirmed=tuple(fresh))
    return [about(visit, said)]


def teach_back(
    day: Day, place: Place, appointment: AppointmentId, message: str, result: TeachBack
) -> list[Said]:
    """How one message was said back; "not checked" needs why. Only what the GP released is gone through.

    `message` is the wording that was gone through: refused when somebody has changed it since.
    """
    visit = _visit(day, place, appointment, Act.TEACH)
    if not 1 <= result.message <= len(visit.plan.messages):
        raise Refused("There is no such message.")
    if message != visit.plan.messages[result.message - 1]:
        raise Refused(CHANGED_SINCE, "Go through the message as it is now.")
    if not visit.plan.released_by:
        raise Refused(NOT_RELEASED, "Ask the GP; r records their yes.")
    _require_interpreter(visit)
    if result.outcome is TeachBackOutcome.NOT_CHECKED:
        required_words(result.why, "Say why it was not checked.")
    if result.outcome is TeachBackOutcome.ANOTHER_GO:
        required_words(result.words, "Say how you put it the second time, or what they said then.")
    kept = result.model_copy(update={"words": words(result.words), "why": words(result.why)})
    return [*carried_on(visit, _BEGUN), about(visit, facts.PlanTaught(teach_back=kept))]


def _require_interpreter(visit: Visit) -> None:
    """Raises `Refused` where one is needed and nobody has said who interprets, or why nobody does."""
    needs = visit.patient.needs
    needed = next((one for one in needs if one.mark in INTERPRETED or _INTERPRETER.search(one.text)), None)
    if needed is not None and "Interpreter" not in visit.room:
        raise Refused(
            f"{sentence(needed.text)}: who interprets?", "w, then i records it, or why there is nobody."
        )


def give_safety_net(
    day: Day,
    place: Place,
    appointment: AppointmentId,
    net: SafetyNet,
    plain_words: PlainWords | None = None,
    confirmed: Sequence[str] = (),
) -> list[Said]:
    """What to watch for, by when, and where to turn. With `plain_words` what reads wrongly is refused."""
    visit = _visit(day, place, appointment, Act.TEACH)
    kept = SafetyNet(
        what=required_words(net.what, "Say what to watch for."),
        by_when=required_words(net.by_when, "Say by when it should be better."),
        where=required_words(net.where, "Say where to turn."),
        said_back=net.said_back,
        written=net.written,
    )
    _typed_out((kept.what, kept.by_when, kept.where), plain_words)
    fresh = plain_words.unsaid_of_net(kept, visit.plan.words, visit.plan.answers) if plain_words else []
    if not set(fresh) <= set(confirmed):
        raise Refused(f"Not in the GP's words: {', '.join(fresh)}.", "Only the GP can say that it is right.")
    given = facts.SafetyNetGiven(safety_net=kept, confirmed=tuple(fresh))
    return [*carried_on(visit, _BEGUN), about(visit, given)]


def _typed_out(texts: Sequence[str], plain_words: PlainWords | None) -> None:
    """Nothing that reaches a patient has a form in it that is read wrongly."""
    dangerous = plain_words.to_type_out(texts) if plain_words else []
    if dangerous:
        raise Refused(f"To be typed out: {'; '.join(dangerous)}.", "Ask the GP where it is not certain.")
