"""One's own portfolio: counts from the log, visits as evidence, words that were read before they leave."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.binding import BindingType

from gpa_tui.errors import GpaTuiError, Refused
from gpa_tui.printing import save_private
from gpa_tui.records.base import EventId
from gpa_tui.records.competency import Competency
from gpa_tui.records.event import Said
from gpa_tui.records.facts_portfolio import FIVE_TS, HEADINGS
from gpa_tui.session import portfolio
from gpa_tui.session.own_work import bare_lines, did_in, five_ts
from gpa_tui.session.portfolio import Evidence, Feedback, Known
from gpa_tui.session.portfolio_now import portfolio_now
from gpa_tui.session.telling import telling
from screens.keys import place_bindings
from screens.list_screen import ListScreen
from screens.reading import ReadingScreen
from screens.widgets.line_list import ALERT, BOLD, DIM, PLAIN, Row, wrapped
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from gpa_tui.session.standing import Standing
    from screens.app import Workstation
    from screens.base import ClinicScreen

LABEL = 12  # cells
MAY, STAYS, UNREAD = "leaves", "stays here", "not read yet"
Entry = tuple[str, str, str, Style]
"""Key, label, words, and how loud."""


async def all_known(station: Workstation) -> Known | None:
    """From all dates in brief; those that are not are made, which takes a moment once. None: said why not."""
    desk, registry = station.desk, station.registry
    assert desk is not None, "somebody is signed in"
    assert registry is not None, "somebody is signed in"
    try:
        standing = registry.standing
        events, months = list(standing.events), standing.portfolios.months
        return await asyncio.to_thread(station.worked.known, desk.bench, events, months)
    except GpaTuiError as error:
        station.say(str(error), loud=True)
        return None


async def open_portfolio(station: Workstation) -> None:
    """One's own."""
    from gpa_tui.session.roles import Act

    if await station.may(Act.PORTFOLIO) and (known := await all_known(station)) is not None:
        await station.push_screen(PortfolioScreen(known))


def entry_rows(entries: Sequence[Entry], width: int) -> list[Row]:
    """A label, and words over as many lines as they take."""
    rows = []
    cells = max([LABEL, *(len(label) + 1 for _, label, _, _ in entries)])
    for key, label, words, style in entries:
        for number, line in enumerate(wrapped(words, max(20, width - cells - 2))):
            shown = label if number == 0 else ""
            rows.append(Row(key, ((f" {shown:<{cells}}", DIM), (line, style))))
    return rows


def ask_evidence(screen: ClinicScreen) -> None:
    """The visit whose record is open, as evidence for which competencies."""
    station = screen.workstation
    listed = station.practice.competencies.competency
    day, visit, place = station.day, station.visit, station.place
    registry = station.registry
    assert registry is not None, "somebody is signed in"
    did = did_in(day, visit, place.actor.staff)
    can = [(n, one) for n, one in enumerate(listed, 1) if not one.counted or not one.counted.isdisjoint(did)]
    can.sort(key=lambda pair: not pair[1].counted)  # what was done in it first
    note = "; ".join(f"{number} {one.title}" for number, one in can)
    try:
        portfolio.pick(registry.standing.portfolios, day, place, visit, [])
    except Refused as error:
        screen.notice(str(error), loud=True)
        return

    async def chosen(text: str) -> bool:
        named = [_meant(listed, word) for word in text.replace(",", " ").split()]
        if None in named:
            screen.notice("Numbers of the list, or the beginning of a word of it: 1 3.", loud=True)
            return False
        those = list(dict.fromkeys(one for one in named if one is not None))
        said = await station.perform_standing(
            lambda now: portfolio.pick(now.portfolios, day, place, visit, those)
        )
        if said:
            screen.notice("Evidence: without name, number, date or reason. j on the list opens it.")
        return bool(said)

    screen.ask(Question("Evidence for which? Numbers; Enter: none named.", chosen, note=note))


def _meant(listed: Sequence[Competency], word: str) -> Competency | None:
    """By its number, or as the only one with a word that begins so."""
    if word.isdigit():
        return listed[int(word) - 1] if 0 < int(word) <= len(listed) else None
    small = word.casefold()
    found = [one for one in listed if any(part.startswith(small) for part in one.title.casefold().split())]
    return found[0] if len(found) == 1 else None


def _form(evidence: EventId, heading: str) -> str:
    """Under what its half-typed words are kept."""
    return f"reflection {evidence} {heading}"


class _Words(ListScreen):
    """Rows of which some are words that leave only once they were read."""

    def __init__(self, known: Known) -> None:
        super().__init__()
        self._known = known

    @property
    def _standing(self) -> Standing:
        registry = self.workstation.registry
        assert registry is not None, "somebody is signed in"
        return registry.standing

    def _state(self, text: str) -> str:
        staff, portfolios = self.workstation.place.actor.staff, self._standing.portfolios
        if not portfolios.is_read(staff, text):
            return UNREAD
        if self._known.names.unread or telling(text, self._known.names):
            return STAYS
        return MAY if portfolios.included(staff, text) else STAYS

    async def read(self, text: str) -> None:
        """These words, whole; and whether they may leave, by the names as they now are."""
        known = await all_known(self.workstation)
        if known is not None:
            self._known = known
            await self.workstation.push_screen(ReadingScreen(text, known.names))


class PortfolioScreen(_Words):
    """What was done, how often and under whose eye; evidence; what supervisors said."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("portfolio")
    place = "portfolio"

    def repaint(self) -> None:
        station = self.workstation
        if station.desk is None:
            return
        made = portfolio_now(station.desk.bench, self._standing, self._known)
        reviewed = "; ".join(f"{count} reviewed by {by}" for by, count in made.reviewed_by)
        word = "session" if made.sessions == 1 else "sessions"
        title = f"Portfolio of {made.name}: {made.sessions} {word}{f', {reviewed}' if reviewed else ''}"
        if made.unread:
            days = ", ".join(made.unread)
            title = f"The log of {days} cannot be read whole: no words leave. {title}"
        self.show(title, entry_rows(list(self._entries(made)), self.size.width))

    def _entries(self, made: portfolio.Portfolio) -> Iterator[Entry]:
        domain = ""
        for row in made.rows:
            if row.domain != domain:
                domain = row.domain
                yield f"domain {domain}", "", domain, BOLD
            words = f"{row.title}: {row.done_words}; {row.evidence} as evidence; {row.signed}"
            yield f"row {row.id}", "", words, PLAIN
        for one in self._evidence():
            written = [text for text in one.reflections.values() if text]
            unread = sum(self._state(text) == UNREAD for text in portfolio.texts_of(one))
            seen = sum(bool(it.words) for it in one.observed.values())
            words = f"{one.picked.month}: {'; '.join(bare_lines(self._known.bare_of(one)))}"
            words += f". {len(written)} of {len(HEADINGS)} written"
            words += f", {seen} by who watched" if seen else ""
            words += f", {unread} not read" if unread else ""
            yield one.id, "evidence", words, BOLD
        for said in self._feedback():
            words = f"{said.on:%b %Y}, {said.by} [{self._state(said.words)}]: {said.words}"
            yield f"said {portfolio.sha_of(said.words)}", "said", words, PLAIN

    def _evidence(self) -> list[Evidence]:
        return self._standing.portfolios.of(self.workstation.place.actor.staff)

    def _feedback(self) -> list[Feedback]:
        staff = self.workstation.place.actor.staff
        return portfolio.feedback_of(staff, self._standing.events)

    async def action_portfolio_open(self) -> None:
        key = self.chosen()
        for said in self._feedback():
            if key == f"said {portfolio.sha_of(said.words)}":
                await self.read(said.words)
                return
        if any(one.id == key for one in self._evidence()):
            await self.workstation.push_screen(EvidenceScreen(self._known, EventId(key)))
        elif key:
            self.notice("That is counted from the log: m shows a competency with what it gathered.")

    async def action_portfolio_drop(self) -> None:
        key = self.chosen()
        one = next((one for one in self._evidence() if one.id == key), None)
        if one is None:
            self.notice("x drops evidence: put the cursor on some.")
            return
        half_typed = self.workstation.half_typed
        halves = sum(bool(half_typed.text(_form(one.id, heading))) for heading in HEADINGS)
        written = len(portfolio.texts_of(one)) + halves
        if not written:
            await self._drop(one.id)
            return

        async def sure(_: str) -> bool:
            await self._drop(one.id)
            return True

        prompt = f"{written} {'text goes' if written == 1 else 'texts go'} with it."
        self.ask(Question(prompt, sure, choices={"d": "drop it with its words"}))

    async def _drop(self, id_: EventId) -> None:
        place = self.workstation.place

        def dropped(now: Standing) -> list[Said]:
            return portfolio.drop(now.portfolios, place, id_, now.signed.get(place.actor.staff, {}))

        if await self.workstation.perform_standing(dropped):
            self.workstation.half_typed.drop(*(_form(id_, heading) for heading in HEADINGS))
            self.acted()
            self.notice("Dropped.")

    def action_portfolio_export(self) -> None:
        choices = {"z": "ZIP for the portal", "s": "PDF", "t": "Markdown"}
        self.ask(Question("Your portfolio, as", self._export, choices=choices))

    async def _export(self, letter: str) -> bool:
        from gpa_tui.output.portfolio_text import as_markdown, as_pdf, as_zip, left_out_words

        station = self.workstation
        ending = {"z": "zip", "s": "pdf", "t": "md"}[letter]
        target = Path.home() / f"portfolio-{station.clock.now():%Y%m%d-%H%M%S}.{ending}"
        place = station.place
        if not await station.perform_standing(lambda _: portfolio.note_export(place, target.name)):
            return True
        known = await all_known(station)  # whom others listed meanwhile are in it
        if known is None:
            return True
        self._known = known
        assert station.desk is not None, "somebody is signed in"
        made = portfolio_now(station.desk.bench, self._standing, known)
        makes = {"z": as_zip, "s": as_pdf, "t": lambda one: as_markdown(one).encode()}[letter]
        try:
            content = await asyncio.to_thread(partial(makes, made))
            await asyncio.to_thread(save_private, content, target)
        except GpaTuiError as error:
            self.notice(str(error), loud=True)
        else:
            self.notice(f"Saved: {target} {left_out_words(made) if made.left_out else ''}".rstrip())
        return True


class EvidenceScreen(_Words):
    """One visit as evidence: what it was, and a heading a row, to write and to read again."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("evidence")
    place = "evidence"

    def __init__(self, known: Known, evidence: EventId) -> None:
        super().__init__(known)
        self._evidence_id = evidence

    @property
    def _one(self) -> Evidence | None:
        return self._standing.portfolios.evidence.get(self._evidence_id)

    def repaint(self) -> None:
        one = self._one if self.workstation.desk is not None else None
        if one is None:
            return
        titles = {each.id: each.title for each in self.workstation.practice.competencies.competency}
        for_ = "; ".join(titles.get(id_, id_) for id_ in one.picked.competencies) or "no competency named"
        entries: list[Entry] = [("for", "For", for_, PLAIN)]
        bare = self._known.bare_of(one)
        entries += [
            ("bare", "" if number else "Visit", text, PLAIN) for number, text in enumerate(bare_lines(bare))
        ]
        for heading in HEADINGS:
            own, seen = one.reflections.get(heading, ""), one.observed.get(heading)
            known = five_ts(bare, heading)
            if self._is_mine(one) or heading in FIVE_TS:
                text = own if self._is_mine(one) else seen.words if seen else ""
                words = f"{self._shown_state(one, text)}{'. '.join(part for part in (known, text) if part)}"
                entries.append((f"heading {heading}", heading, words or "–", self._loud(one, text)))
            if seen and seen.words and self._is_mine(one):
                words = f"{self._shown_state(one, seen.words)}{seen.by} saw: {seen.words}"
                entries.append((f"observed {heading}", "", words, self._loud(one, seen.words)))
        self.show(f"Evidence, {one.picked.month}", entry_rows(entries, self.size.width))

    def _is_mine(self, one: Evidence) -> bool:
        return one.staff == self.workstation.place.actor.staff

    def _shown_state(self, one: Evidence, text: str) -> str:
        return f"[{self._state(text)}] " if text and self._is_mine(one) else ""

    def _loud(self, one: Evidence, text: str) -> Style:
        unread = bool(text) and self._is_mine(one) and self._state(text) == UNREAD
        return ALERT if unread else BOLD if text else DIM

    def _heading(self) -> str:
        key = self.chosen()
        return key.removeprefix("heading ") if key.startswith("heading ") else ""

    async def action_evidence_write(self) -> None:
        heading, one = self._heading(), self._one
        if not heading or one is None:
            self.notice("Put the cursor on a heading: Enter writes there.")
            return
        station, id_ = self.workstation, self._evidence_id
        place, seen = station.place, one.observed.get(heading)
        before = one.reflections.get(heading, "") if self._is_mine(one) else seen.words if seen else ""

        async def typed(text: str) -> bool:
            done = await station.perform_standing(
                lambda now: portfolio.reflect(now.portfolios, place, id_, heading, text, before)
            )
            self.acted()
            if done and text.strip():
                self.notice("Kept here. Its owner reads it again, so that it may leave: d.")
            return bool(done)

        form = _form(id_, heading)
        self.ask(Question(f"{heading}. No names. Ctrl+O keeps it.", typed, form, before, rows=6))

    async def action_evidence_read(self) -> None:
        key, one = self.chosen(), self._one
        if one is None or not self._is_mine(one):
            self.notice("Its owner reads it, and says whether it leaves.")
            return
        kind, _, heading = key.partition(" ")
        text = one.reflections.get(heading, "") if kind == "heading" else ""
        if kind == "observed" and heading in one.observed:
            text = one.observed[heading].words
        if text:
            await self.read(text)
        elif heading:
            self.notice("Nothing is written here yet: Enter.")
