"""A person's portfolio: what they did, how often, under whose eye; visits as evidence; words that were read.

It is made of counts and of `Bare` visits, which have no field for anything that tells who a patient is; words
are in it only after their owner read those very words with everything marked that may name somebody, and
never while a known patient's name, a number or a date stands in them. No I/O, no clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from gpa_tui.clock import whole_minutes
from gpa_tui.errors import NotAllowed, Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import AppointmentId, EventId, StaffId, age_in_years
from gpa_tui.records.competency import CompetencyList, Gate
from gpa_tui.records.event import Event, Said
from gpa_tui.records.facts_portfolio import HEADINGS, Bare
from gpa_tui.records.plan import TeachBackOutcome
from gpa_tui.records.prep import PrepTemplate
from gpa_tui.session.acts.common import Place, about, required_words, words
from gpa_tui.session.competence import SignedOff
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.prep_list import prep_list
from gpa_tui.session.review import worked_by
from gpa_tui.session.roles import Act, require
from gpa_tui.session.stages import ENDED, IN_THE_BUILDING
from gpa_tui.session.telling import telling

COUNTED: Mapping[Gate, tuple[type[facts.Fact], ...]] = {
    Gate.PREP: (facts.PrepHandedOver,),
    Gate.OBSERVATIONS: (facts.ObservationRecorded,),
    Gate.ECG: (facts.EcgRecorded,),
    Gate.PLAN: (facts.PlanTaught,),
}
"""What is counted for a competency that the workstation asks for: each visit in which it was done, once."""
ALONE = ""  # under nobody's eye: signed off
Done = dict[str, dict[str, dict[str, int]]]
"""By person, gate and under whose eye: in how many visits."""


def done_in(day: Day) -> Done:
    """What each person did on a date, as it was done: under whose direct supervision, or alone."""
    eyes: dict[tuple[str, str, str], str] = {}  # person, terminal, visit: whose
    seen: dict[tuple[str, str, str], str] = {}  # person, gate, visit: under whose eye it was first done
    for event in day.events:
        who, where, row = event.by.staff, event.terminal, event.appointment or ""
        if isinstance(event.data, facts.SupervisionStated):
            eyes[who, where, row] = event.data.supervisor_name
        elif isinstance(event.data, facts.RecordClosed | facts.SignInLocked | facts.SignInOpened):
            eyes = {key: eye for key, eye in eyes.items() if key[:2] != (who, where)}
        for gate, kinds in COUNTED.items():
            if isinstance(event.data, kinds) and event.id not in day.struck:
                seen.setdefault((who, gate.value, row), eyes.get((who, where, row), ALONE))
    found: Done = {}
    for (person, gate_name, _), eye in seen.items():
        of = found.setdefault(person, {}).setdefault(gate_name, {})
        of[eye] = of.get(eye, 0) + 1
    return found


# ── evidence ──────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Evidence:
    """One visit as evidence, and what its owner wrote of it."""

    id: EventId
    staff: StaffId
    row: AppointmentId | None  # of which visit: it does not leave
    picked: facts.EvidencePicked
    reflections: dict[str, str] = field(default_factory=dict)  # by heading


@dataclass(slots=True)
class Portfolios:
    """Everybody's evidence, and which words each has read, by their SHA-256."""

    evidence: dict[EventId, Evidence] = field(default_factory=dict)
    read: dict[StaffId, dict[str, bool]] = field(default_factory=dict)

    def of(self, staff: StaffId) -> list[Evidence]:
        return [one for one in self.evidence.values() if one.staff == staff]

    def gathered(self, staff: StaffId, competency: str) -> list[EventId]:
        """The evidence of one person for one competency."""
        return [one.id for one in self.of(staff) if competency in one.picked.competencies]

    def included(self, staff: StaffId, text: str) -> bool:
        """Whether these very words were read by them and may leave."""
        return self.read.get(staff, {}).get(sha_of(text), False)

    def is_read(self, staff: StaffId, text: str) -> bool:
        return sha_of(text) in self.read.get(staff, {})


def sha_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def fold_portfolio(portfolios: Portfolios, event: Event) -> None:
    """Take one event into `portfolios`; only its owner says anything of it. Never raises."""
    staff, data = event.by.staff, event.data
    mine = portfolios.evidence.get(event.about) if event.about else None
    match data:
        case facts.EvidencePicked():
            portfolios.evidence[event.id] = Evidence(event.id, staff, event.appointment, data)
        case facts.EvidenceDropped() if mine is not None and mine.staff == staff:
            del portfolios.evidence[mine.id]
        case facts.ReflectionWritten(heading=heading, words=text) if mine and mine.staff == staff:
            mine.reflections[heading] = text
        case facts.TextRead(sha256=sha, include=include):
            portfolios.read.setdefault(staff, {})[sha] = include


def bare(visit: Visit, on: date, templates: Mapping[str, PrepTemplate]) -> Bare:
    """The visit without anything that tells who it was: by what is copied, not by what is taken out."""
    age = age_in_years(visit.appointment.patient.born, on)
    prep = prep_list(visit, templates)
    done, items = prep.progress(visit)
    taught = [one.outcome for one in visit.plan.teach_back.values()]
    minutes: dict[str, int] = {}
    for move, then in zip(visit.moves, visit.moves[1:], strict=False):
        if move.to in IN_THE_BUILDING:
            spent = minutes.get(move.to.value, 0)
            minutes[move.to.value] = spent + whole_minutes(move.at, then.at)
    net = visit.plan.safety_net
    return Bare(
        decade=age // 10 * 10 if age is not None and age >= YOUNGEST else None,
        prep_lists=tuple(template.title for template in prep.templates),
        prep_done=done,
        prep_items=items,
        sets=len(visit.observations),
        raised=sum(bool(found.score.trigger) for _, found in visit.observations),
        minutes_to_heard=tuple(
            whole_minutes(one.at, one.heard_at) for one in visit.escalations.values() if one.heard_at
        ),
        ecgs=len(visit.ecgs),
        ecgs_reviewed=sum(one.reviewed is not None for one in visit.ecgs.values()),
        messages=len(visit.plan.messages),
        own_words=taught.count(TeachBackOutcome.OWN_WORDS),
        another_go=taught.count(TeachBackOutcome.ANOTHER_GO),
        not_checked=taught.count(TeachBackOutcome.NOT_CHECKED),
        safety_net_back=net.said_back if net is not None else None,
        interpreter="Interpreter" in visit.room,
        minutes=minutes,
    )


YOUNGEST = 16  # years; a child's decade would say too much in a small practice


def bare_lines(one: Bare) -> Iterator[str]:
    """The same in words."""
    yield f"A patient in their {one.decade}s" if one.decade is not None else "A patient"
    if one.prep_items:
        yield f"Prepared by {', '.join(one.prep_lists)}: {one.prep_done} of {one.prep_items} items"
    if one.sets:
        heard = ", ".join(f"{minutes} min" for minutes in one.minutes_to_heard)
        raised = f"; a raised score in {one.raised}" if one.raised else ""
        yield f"Observations: {one.sets} {'set' if one.sets == 1 else 'sets'}{raised}"
        if heard:
            yield f"Escalated; heard after {heard}"
    if one.ecgs:
        yield f"ECGs: {one.ecgs}, of which a clinician reviewed {one.ecgs_reviewed}"
    if one.messages:
        yield (
            f"Plan in {one.messages} messages: {one.own_words} said back in own words, "
            f"{one.another_go} after another go, {one.not_checked} not checked"
        )
    if one.safety_net_back is not None:
        yield f"Safety net {'said back' if one.safety_net_back else 'given, not said back'}"
    if one.interpreter:
        yield "With an interpreter"
    if one.minutes:
        yield "; ".join(f"{stage} {minutes} min" for stage, minutes in one.minutes.items())


def five_ts(one: Bare, heading: str) -> str:
    """What the log says to one of the five skills, for whoever watched to add to; else empty."""
    return {
        "Triage": f"{one.messages} messages" if one.messages else "",
        "Tell me": f"{one.own_words} of {one.messages} said in own words" if one.messages else "",
        "Try again": f"{one.another_go} put another way" if one.another_go else "",
    }.get(heading, "")


# ── acts ──────────────────────────────────────────────────────────────────────────────────────


def pick(
    portfolios: Portfolios,
    day: Day,
    place: Place,
    visit: Visit,
    competencies: Sequence[str],
    templates: Mapping[str, PrepTemplate],
) -> list[Said]:
    """A visit that has ended, by whoever worked in it, for these competencies."""
    require(place.actor, Act.PORTFOLIO)
    if visit.stage not in ENDED:
        raise Refused("Not yet: a visit is evidence once it has ended.")
    if place.actor.staff not in worked_by(visit):
        raise Refused("You did nothing in this visit.", "Evidence is of one's own work.")
    if any(one.row == visit.id for one in portfolios.of(place.actor.staff)):
        raise Refused("This visit is evidence already.", "j on the list opens it; x there drops it.")
    picked = facts.EvidencePicked(
        month=f"{day.date:%Y-%m}",
        competencies=tuple(competencies),
        bare=bare(visit, day.date, templates),
    )
    return [about(visit, picked)]


def drop(portfolios: Portfolios, place: Place, evidence: EventId) -> list[Said]:
    """It is no evidence any more."""
    return [Said(data=facts.EvidenceDropped(), about=_mine(portfolios, place, evidence).id)]


def reflect(portfolios: Portfolios, place: Place, evidence: EventId, heading: str, text: str) -> list[Said]:
    """What stands under a heading; empty words take it away."""
    one = _mine(portfolios, place, evidence)
    if heading not in HEADINGS:
        raise Refused("There is no such heading.")
    return [Said(data=facts.ReflectionWritten(heading=heading, words=words(text)), about=one.id)]


def note_read(place: Place, text: str, *, include: bool, names: Collection[str], on: date) -> list[Said]:
    """These words were read, and may leave or not. Raises `Refused` while they tell who somebody is."""
    require(place.actor, Act.PORTFOLIO)
    kept = required_words(text, "There are no words here.")
    if include and (found := telling(kept, names)):
        raise Refused(
            f"It tells who somebody is: {', '.join(found[:5])}.", "Put it another way, or leave it out."
        )
    return [Said(data=facts.TextRead(sha256=sha_of(text), include=include, on=on))]


def note_export(place: Place, file: str) -> list[Said]:
    """The portfolio of whoever says so left, without anything that tells of a patient."""
    require(place.actor, Act.PORTFOLIO)
    return [Said(data=facts.Exported(what="portfolio", file=file))]


def _mine(portfolios: Portfolios, place: Place, evidence: EventId) -> Evidence:
    require(place.actor, Act.PORTFOLIO)
    one = portfolios.evidence.get(evidence)
    if one is None:
        raise Refused("That evidence is no longer there.")
    if one.staff != place.actor.staff:
        raise NotAllowed("It is somebody else's portfolio.", act=Act.PORTFOLIO.value)
    return one


# ── the whole of it ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Row:
    """One competency: how often, under whose eye, how much evidence, and whether it is signed off."""

    id: str
    title: str
    domain: str
    count: int
    eyes: tuple[tuple[str, int], ...]
    evidence: int
    signed: str

    @property
    def done_words(self) -> str:
        """`done in 3 visits (2 under Dr N Patel; 1 alone)`."""
        if not self.count:
            return "not counted"
        eyes = "; ".join(f"{count} {f'under {eye}' if eye != ALONE else 'alone'}" for eye, count in self.eyes)
        return f"done in {self.count} {'visit' if self.count == 1 else 'visits'} ({eyes})"


@dataclass(frozen=True, slots=True)
class Item:
    """One visit as it leaves, and the words of it that may."""

    number: int
    month: str
    for_: tuple[str, ...]  # competencies' ids
    titles: tuple[str, ...]
    lines: tuple[str, ...]
    reflections: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All that leaves."""

    name: str
    practice: str
    since: str  # months
    until: str
    sessions: int
    reviewed_by: tuple[tuple[str, int], ...]
    rows: tuple[Row, ...]
    items: tuple[Item, ...]
    feedback: tuple[tuple[str, str, str], ...]  # month, by whom, words


def portfolio_of(
    staff: StaffId,
    name: str,
    practice: str,
    done: Sequence[tuple[date, Done]],
    reviewers: Mapping[date, str],
    portfolios: Portfolios,
    signed: Mapping[str, SignedOff],
    competencies: CompetencyList,
    feedback: Sequence[tuple[date, str, str]],
    names: Collection[str],
    today: date,
) -> Portfolio:
    """`done` of each date, `reviewers` who signed each off, `feedback` as (date, by whom, words).

    Words that were read and have a name of `names` in them, which was listed since, stay here.
    """

    def leaves(text: str) -> bool:
        return portfolios.included(staff, text) and not telling(text, names)

    worked = [(on, of[staff]) for on, of in done if staff in of]
    titles = {one.id: one.title for one in competencies.competency}
    evidence = sorted(portfolios.of(staff), key=lambda one: one.picked.month)
    rows = []
    for one in competencies.competency:
        eyes: dict[str, int] = {}
        for _, of in worked:
            for gate in one.gates:
                for eye, count in of.get(gate.value, {}).items():
                    eyes[eye] = eyes.get(eye, 0) + count
        held = signed.get(one.id)
        by = f"signed off {held.on} by {held.by}" if held is not None else "not signed off"
        if held is not None and held.expires is not None:
            by += f", {'till' if held.holds(today) else 'EXPIRED'} {held.expires}"
        rows.append(
            Row(
                one.id,
                one.title,
                one.domain.value,
                sum(eyes.values()),
                tuple(sorted(eyes.items())),
                len(portfolios.gathered(staff, one.id)),
                by,
            )
        )
    reviewed: dict[str, int] = {}
    for on, _ in worked:
        if on in reviewers:
            reviewed[reviewers[on]] = reviewed.get(reviewers[on], 0) + 1
    months = [f"{on:%Y-%m}" for on, _ in worked]
    return Portfolio(
        name,
        practice,
        min(months, default=""),
        max(months, default=""),
        len(worked),
        tuple(sorted(reviewed.items())),
        tuple(rows),
        tuple(
            Item(
                number,
                one.picked.month,
                one.picked.competencies,
                tuple(titles.get(id_, id_) for id_ in one.picked.competencies),
                tuple(bare_lines(one.picked.bare)),
                tuple(_reflections(one, leaves)),
            )
            for number, one in enumerate(evidence, 1)
        ),
        tuple((f"{on:%Y-%m}", by, text) for on, by, text in feedback if leaves(text)),
    )


def _reflections(one: Evidence, leaves: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    for heading in HEADINGS:
        text = one.reflections.get(heading, "")
        said = text if text and leaves(text) else ""
        known = five_ts(one.picked.bare, heading)
        if said or known:
            yield heading, ". ".join(part for part in (known, said) if part)


def feedback_of(
    staff: StaffId, standing_events: Iterable[Event], sessions: Collection[date]
) -> Iterator[tuple[date, str, str]]:
    """What supervisors wrote: at the sign-off of a session that they worked in or of a competency, and to
    what they did."""
    for event in standing_events:
        match event.data:
            case facts.ReviewSigned(on=on, words=said) if said and on in sessions:
                yield on, event.by.name, said
            case facts.ReviewGiven(on=on, words=said, to=to) if said and staff in to:
                yield on, event.by.name, said
            case facts.CompetencySigned(staff=whose, on=on, words=said) if said and whose == staff:
                yield on, event.by.name, said
