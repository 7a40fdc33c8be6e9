"""Acts of noting who is in the room, a chaperone, capacity or proxy, a need, a safeguarding concern."""

from __future__ import annotations

import re

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import AppointmentId
from gpa_tui.records.event import Said
from gpa_tui.records.facts_room import Chaperone, Interpreter
from gpa_tui.records.patient import Need
from gpa_tui.session.acts.common import Place, about, require_identity, required_words, visit_of, words
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.roles import Act, require

FAMILY = re.compile(
    r"\b(?:son|daughter|child|boy|girl|husband|wife|partner|mother|father|mum|dad|brother|sister|aunt|uncle"
    r"|cousin|niece|nephew|grand\w+|friend|neighbour|aged? \d+)\b",
    re.IGNORECASE,
)
"""Who has no place as an interpreter (NHS England, 2018; domain brief, 5.5)."""
IN_PRIVATE = "speak with {} in private"


def _visit(day: Day, place: Place, appointment: AppointmentId) -> Visit:
    require(place.actor, Act.NOTE, appointment)
    visit = visit_of(day, appointment)
    require_identity(day, place, visit)
    return visit


def note_present(day: Day, place: Place, appointment: AppointmentId, who: str) -> list[Said]:
    """Who else is in the room."""
    visit = _visit(day, place, appointment)
    return [about(visit, facts.PresentRecorded(who=required_words(who, "Say who is in the room.")))]


def record_chaperone(
    day: Day, place: Place, appointment: AppointmentId, offered: Chaperone, text: str = ""
) -> list[Said]:
    """A chaperone was offered. Accepted needs the chaperone's name, and none to be had the reason."""
    visit = _visit(day, place, appointment)
    if offered == "declined":
        said = words(text)
    else:
        asked = "Say the chaperone's name." if offered == "accepted" else "Say why there was no chaperone."
        said = required_words(text, asked)
    return [about(visit, facts.ChaperoneRecorded(offered=offered, words=said))]


def record_interpreter(
    day: Day, place: Place, appointment: AppointmentId, mode: Interpreter, text: str
) -> list[Said]:
    """Who interprets from which language, or why nobody does. Family and children have no place in it."""
    visit = _visit(day, place, appointment)
    there = mode not in {"declined", "none to be had"}
    asked = "Say the language and the interpreter's name or number." if there else "Say who declined, or why."
    said = required_words(text, asked)
    if there and (family := FAMILY.search(said)):
        raise Refused(
            f"{family[0]}: family and friends do not interpret, and a child never does.",
            "A professional, in the room, by telephone or by video; or n, none to be had.",
        )
    return [about(visit, facts.InterpreterRecorded(mode=mode, words=said))]


def note_capacity(day: Day, place: Place, appointment: AppointmentId, text: str) -> list[Said]:
    """What was seen of capacity, or who speaks for the patient; the judgement is the clinician's."""
    visit = _visit(day, place, appointment)
    asked = "Say what you saw, or who speaks for the patient and by which right."
    return [about(visit, facts.CapacityNoted(words=required_words(text, asked)))]


def note_need(day: Day, place: Place, appointment: AppointmentId, need: Need) -> list[Said]:
    """A need that the list did not give. Raises `Refused` for one that is known."""
    visit = _visit(day, place, appointment)
    kept = need.model_copy(update={"text": required_words(need.text, "Say what is needed.")})
    if any(one.text.casefold() == kept.text.casefold() for one in visit.patient.needs):
        raise Refused(f"{kept.text} is noted already.")
    return [about(visit, facts.NeedNoted(need=kept))]


def end_need(day: Day, place: Place, appointment: AppointmentId, need: str, why: str) -> list[Said]:
    """A need that was noted here does not hold any more; what the list says is the practice system's."""
    visit = _visit(day, place, appointment)
    if need.casefold() not in {one.text.casefold() for one in visit.noted_needs}:
        raise Refused(
            "That need was not noted here.", "What the list says is changed in the practice's system."
        )
    return [about(visit, facts.NeedEnded(need=need, why=required_words(why, "Say why it holds no more.")))]


def note_background(day: Day, place: Place, appointment: AppointmentId, text: str) -> list[Said]:
    """Family background as they said it, once they were asked whether it may be used for BMI."""
    visit = _visit(day, place, appointment)
    said = required_words(text, "Type what they said of their family background.")
    return [about(visit, facts.BackgroundNoted(words=said))]


def raise_safeguarding(day: Day, place: Place, appointment: AppointmentId, text: str) -> list[Said]:
    """A concern goes to the GP at once, without its words; it waits for no identity check."""
    require(place.actor, Act.SAFEGUARD, appointment)
    visit = visit_of(day, appointment)
    concern = required_words(text, "Say what you saw or heard, in their words.")
    escalation = facts.EscalationRaised(because=IN_PRIVATE.format(place.actor.name), with_entry=True)
    return [about(visit, facts.SafeguardingRaised(words=concern)), about(visit, escalation)]
