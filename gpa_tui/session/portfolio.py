"""A person's portfolio: what they did, how often, under whose eye; visits as evidence; words that were read.

It is made of counts and of `Bare` visits, which have no field for anything that tells who a patient is; words
are in it only after their owner read those very words with everything marked that may name somebody, and
never while a known patient's name, a number or a date stands in them. No I/O, no clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from gpa_tui.errors import NotAllowed, Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import AppointmentId, EventId, StaffId
from gpa_tui.records.competency import Competency, CompetencyList
from gpa_tui.records.event import Event, Said
from gpa_tui.records.facts_portfolio import FIVE_TS, HEADINGS, Bare
from gpa_tui.session.acts.common import Place, about, required_words, words
from gpa_tui.session.competence import SignedOff
from gpa_tui.session.day import Day, Visit
from gpa_tui.session.own_work import ALONE, Done, bare, bare_lines, did_in, five_ts
from gpa_tui.session.review import worked_by
from gpa_tui.session.roles import MAY, Act, require
from gpa_tui.session.stages import ENDED
from gpa_tui.session.telling import Names, telling

# ── evidence ──────────────────────────────────────────────────────────────────────────────────


class Observed(NamedTuple):
    """What a supervisor saw of one of the five skills."""

    by: str
    words: str


@dataclass(slots=True)
class Evidence:
    """One visit as evidence, and what its owner wrote of it."""

    id: EventId
    staff: StaffId
    row: AppointmentId | None  # of which visit: it does not leave
    picked: facts.EvidencePicked
    reflections: dict[str, str] = field(default_factory=dict)  # by heading
    observed: dict[str, Observed] = field(default_factory=dict)  # by skill, from whoever watched
    written_at: datetime | None = None  # the last of its owner's words

    def is_written_since(self, held: SignedOff) -> bool:
        """Whether a sign-off rests on it and did not see all of it."""
        late = held.at is not None and self.written_at is not None and self.written_at > held.at
        return late and self.id in held.evidence


@dataclass(slots=True)
class Portfolios:
    """Everybody's evidence, and which words each has read, by their SHA-256."""

    evidence: dict[EventId, Evidence] = field(default_factory=dict)
    read: dict[StaffId, dict[str, bool]] = field(default_factory=dict)

    def clear(self) -> None:
        self.evidence.clear()
        self.read.clear()

    def of(self, staff: StaffId) -> list[Evidence]:
        """Theirs, the earliest month first."""
        mine = (one for one in self.evidence.values() if one.staff == staff)
        return sorted(mine, key=lambda one: one.picked.month)

    @property
    def months(self) -> set[str]:
        """From which anybody's evidence is."""
        return {one.picked.month for one in self.evidence.values()}

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


ABOUT_PORTFOLIOS = (facts.EvidencePicked, facts.EvidenceDropped, facts.ReflectionWritten, facts.TextRead)


def fold_portfolio(portfolios: Portfolios, event: Event) -> None:
    """Take one event into `portfolios`; only its owner says anything of it, and of the skills a supervisor.

    Never raises.
    """
    staff, data = event.by.staff, event.data
    one = portfolios.evidence.get(event.about) if event.about else None
    mine = one if one is not None and one.staff == staff else None
    match data:
        case facts.EvidencePicked():
            portfolios.evidence[event.id] = Evidence(event.id, staff, event.appointment, data)
        case facts.EvidenceDropped() if mine is not None:
            del portfolios.evidence[mine.id]
        case facts.ReflectionWritten(heading=heading, words=text) if mine is not None:
            mine.reflections[heading], mine.written_at = text, event.at
        case facts.ReflectionWritten(heading=heading, words=text) if (
            one is not None and heading in FIVE_TS and Act.SIGN_OFF in MAY[event.by.role]
        ):
            one.observed[heading] = Observed(event.by.name, text)
        case facts.TextRead(sha256=sha, include=include):
            portfolios.read.setdefault(staff, {})[sha] = include


# ── acts ──────────────────────────────────────────────────────────────────────────────────────


def pick(
    portfolios: Portfolios, day: Day, place: Place, visit: Visit, competencies: Sequence[Competency]
) -> list[Said]:
    """A visit that has ended, by whoever worked in it, for these competencies."""
    require(place.actor, Act.PORTFOLIO)
    me = place.actor.staff
    if visit.stage not in ENDED:
        raise Refused("Not yet: a visit is evidence once it has ended.")
    if me not in worked_by(visit):
        raise Refused("You did nothing in this visit.", "Evidence is of one's own work.")
    if any(one.row == visit.id for one in portfolios.of(me)):
        raise Refused("This visit is evidence already.", "j on the list opens it; x there drops it.")
    did = did_in(day, visit, me)
    for one in competencies:
        if one.counted and one.counted.isdisjoint(did):
            raise Refused(f"You did nothing here for: {one.title}.", "Name what you did in it.")
    picked = facts.EvidencePicked(
        month=f"{day.date:%Y-%m}",
        competencies=tuple(one.id for one in competencies),
        bare=bare(visit, day, me),
    )
    return [about(visit, picked)]


def drop(
    portfolios: Portfolios, place: Place, evidence: EventId, signed: Mapping[str, SignedOff]
) -> list[Said]:
    """It is no evidence any more. What a sign-off rests on stays."""
    one = _there(portfolios, evidence)
    _require_mine(one, place)
    held = next((held for held in signed.values() if one.id in held.evidence), None)
    if held is not None:
        raise Refused(f"{held.by} signed a competency off on it: it stays.")
    return [Said(data=facts.EvidenceDropped(), about=one.id)]


def reflect(
    portfolios: Portfolios,
    place: Place,
    evidence: EventId,
    heading: str,
    text: str,
    before: str | None = None,
) -> list[Said]:
    """What stands under a heading; empty words take it away. A supervisor fills the sheet of the five skills.

    `before`: what stood there when it was begun. Raises `Refused` where another wrote meanwhile.
    """
    one = _there(portfolios, evidence)
    if heading not in HEADINGS:
        raise Refused("There is no such heading.")
    stands = one.reflections.get(heading, "")
    if heading in FIVE_TS and one.staff != place.actor.staff and Act.SIGN_OFF in MAY[place.actor.role]:
        stands = one.observed[heading].words if heading in one.observed else ""
    else:
        _require_mine(one, place)
    if before is not None and before != stands:
        raise Refused(
            f"Other words were saved there meanwhile: {stands[:60]}", "Yours are kept: look, then save."
        )
    return [Said(data=facts.ReflectionWritten(heading=heading, words=words(text)), about=one.id)]


def note_view(place: Place, staff: StaffId) -> list[Said]:
    """A supervisor reads what somebody lets be read. One's own is nobody else's matter."""
    return [Said(data=facts.PortfolioViewed(staff=staff))] if staff != place.actor.staff else []


def note_read(place: Place, text: str, *, include: bool, names: Names, on: date) -> list[Said]:
    """These words were read, and may leave or not. Raises `Refused` while they tell who somebody is."""
    require(place.actor, Act.PORTFOLIO)
    kept = required_words(text, "There are no words here.")
    if include and names.unread:
        raise Refused(CANNOT_COMPARE.format(", ".join(str(day) for day in names.unread)))
    if include and (found := telling(kept, names)):
        raise Refused(
            f"It tells who somebody is: {', '.join(found[:5])}.", "Put it another way, or leave it out."
        )
    return [Said(data=facts.TextRead(sha256=sha_of(text), include=include, on=on))]


def note_export(place: Place, file: str) -> list[Said]:
    """The portfolio of whoever says so left, without anything that tells of a patient."""
    require(place.actor, Act.PORTFOLIO)
    return [Said(data=facts.Exported(what="portfolio", file=file))]


def _there(portfolios: Portfolios, evidence: EventId) -> Evidence:
    one = portfolios.evidence.get(evidence)
    if one is None:
        raise Refused("That evidence is no longer there.")
    return one


def _require_mine(one: Evidence, place: Place) -> None:
    require(place.actor, Act.PORTFOLIO)
    if one.staff != place.actor.staff:
        raise NotAllowed("It is somebody else's portfolio.", act=Act.PORTFOLIO.value)


CANNOT_COMPARE = "No words can leave: the log of {} cannot be read whole, and so not whose names are in it."


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
    counted: bool = True

    @property
    def done_words(self) -> str:
        """`done in 3 visits (2 under Dr N Patel; 1 alone)`."""
        if not self.counted:
            return "not counted"
        if not self.count:
            return "done in 0 visits"
        eyes = "; ".join(f"{count} {f'under {eye}' if eye != ALONE else 'alone'}" for eye, count in self.eyes)
        return f"done in {self.count} {'visit' if self.count == 1 else 'visits'} ({eyes})"


@dataclass(frozen=True, slots=True)
class Item:
    """One visit as it leaves, and the words of it that may."""

    number: int
    month: str
    for_: tuple[str, ...]  # competencies' ids
    titles: tuple[str, ...]
    domains: tuple[str, ...]
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
    feedback: tuple[tuple[str, str, str, str], ...]  # month, by whom, words, of which competency if of one
    left_out: int = 0  # texts that stay: not read, not to leave, or they tell who somebody is
    gone: int = 0  # dates that the practice's rule took away, which are not counted
    unread: tuple[str, ...] = ()  # dates whose log cannot be read whole: counted as far as it can


class Feedback(NamedTuple):
    """What a supervisor wrote to somebody: of a session, of an entry, or of one competency."""

    on: date
    by: str
    words: str
    competency: str = ""


def portfolio_of(
    staff: StaffId,
    name: str,
    practice: str,
    known: Known,
    reviewers: Mapping[date, str],
    portfolios: Portfolios,
    signed: Mapping[str, SignedOff],
    competencies: CompetencyList,
    feedback: Sequence[Feedback],
    today: date,
) -> Portfolio:
    """Of what all dates say (`known`); `reviewers` are who signed each off.

    Words that were read and have a name in them that was listed since, stay here.
    """

    def leaves(text: str) -> bool:
        tells = known.names.unread or telling(text, known.names)
        return portfolios.included(staff, text) and not tells

    worked = [(on, of[staff]) for on, of in known.done if staff in of]
    titles = {one.id: one for one in competencies.competency}
    evidence = portfolios.of(staff)
    rows = []
    for one in competencies.competency:
        eyes: dict[str, int] = {}
        for _, of in worked:
            for eye, count in of.get(one.id, {}).items():
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
                bool(one.counted),
            )
        )
    reviewed: dict[str, int] = {}
    for on, _ in worked:
        if on in reviewers:
            reviewed[reviewers[on]] = reviewed.get(reviewers[on], 0) + 1
    months = [f"{on:%Y-%m}" for on, _ in worked]
    texts = [text for one in evidence for text in texts_of(one)] + [one.words for one in feedback]
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
                tuple(titles[id_].title if id_ in titles else id_ for id_ in one.picked.competencies),
                tuple(dict.fromkeys(named.domain.value for named in _named(one, titles))),
                tuple(bare_lines(known.bare_of(one))),
                tuple(_reflections(one, known.bare_of(one), leaves)),
            )
            for number, one in enumerate(evidence, 1)
        ),
        tuple(
            (f"{one.on:%Y-%m}", one.by, one.words, one.competency) for one in feedback if leaves(one.words)
        ),
        sum(not leaves(text) for text in texts),
        len(known.gone),
        tuple(day.isoformat() for day in known.names.unread),
    )


def _named(one: Evidence, listed: Mapping[str, Competency]) -> Iterator[Competency]:
    return (listed[id_] for id_ in one.picked.competencies if id_ in listed)


def texts_of(one: Evidence) -> list[str]:
    """All words of it: its owner's, and what whoever watched wrote."""
    return [text for text in (*one.reflections.values(), *(it.words for it in one.observed.values())) if text]


def _reflections(one: Evidence, bare: Bare, leaves: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    for heading in HEADINGS:
        own, seen = one.reflections.get(heading, ""), one.observed.get(heading)
        parts = [five_ts(bare, heading), own if own and leaves(own) else ""]
        parts.append(f"{seen.by}: {seen.words}" if seen and seen.words and leaves(seen.words) else "")
        if any(parts):
            yield heading, "\n".join(part for part in parts if part)


@dataclass(slots=True)
class Known:
    """What all dates in brief say: what each person did, each visit as it now stands, everybody's name."""

    done: list[tuple[date, Done]] = field(default_factory=list)
    bare: dict[str, dict[str, Bare]] = field(default_factory=dict)  # by row and person
    names: Names = field(default_factory=Names)
    gone: tuple[date, ...] = ()

    def bare_of(self, one: Evidence) -> Bare:
        """As the log now has it, mended and all; as it was picked where the log is gone."""
        return self.bare.get(one.row or "", {}).get(one.staff, one.picked.bare)


def feedback_of(staff: StaffId, standing_events: Iterable[Event]) -> list[Feedback]:
    """What supervisors wrote: at the sign-off that stands of a session that this person worked in, to what
    they did, or with a sign-off of a competency that holds or has ended by its date."""
    at_sign_off: dict[date, Feedback] = {}
    of_competency: dict[str, list[Feedback]] = {}
    found: list[Feedback] = []
    for event in standing_events:
        if event.by.staff == staff or Act.SIGN_OFF not in MAY[event.by.role]:
            continue
        match event.data:
            case facts.ReviewSigned(on=on, words=said, worked=worked) if staff in worked:
                at_sign_off[on] = Feedback(on, event.by.name, said)
            case facts.ReviewReopened(on=on):
                at_sign_off.pop(on, None)
            case facts.ReviewGiven(on=on, words=said, to=to) if said and staff in to:
                found.append(Feedback(on, event.by.name, said))
            case facts.CompetencySigned(staff=whose, on=on, words=said, competency=id_) if (
                said and whose == staff
            ):
                of_competency.setdefault(id_, []).append(Feedback(on, event.by.name, said, id_))
            case facts.CompetencyWithdrawn(staff=whose, competency=id_) if whose == staff:
                of_competency.pop(id_, None)
    found += [one for those in of_competency.values() for one in those]
    return sorted([*found, *(one for one in at_sign_off.values() if one.words)], key=lambda one: one.on)
