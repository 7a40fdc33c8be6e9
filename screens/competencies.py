"""What one person is signed off for; the evidence that each competency gathered, and the sign-off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from gpa_tui.records.base import EventId, StaffId
from gpa_tui.records.competency import Competency
from gpa_tui.records.event import Said
from gpa_tui.records.staff import StaffMember
from gpa_tui.session import competence, portfolio
from gpa_tui.session.competence import SignedOff
from gpa_tui.session.dates import read_ahead, read_past
from gpa_tui.session.portfolio import Known
from gpa_tui.session.portfolio_now import portfolio_now
from gpa_tui.session.roles import Act
from screens.keys import place_bindings
from screens.list_screen import ListScreen
from screens.portfolio import Entry, EvidenceScreen, all_known, entry_rows
from screens.widgets.line_list import ALERT, BOLD, DIM, PLAIN, Row, wrapped
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from gpa_tui.session.standing import Standing


class _OfOnePerson(ListScreen):
    """What a person is signed off for, or is to be."""

    def __init__(self, staff: StaffId) -> None:
        super().__init__()
        self._staff = staff

    @property
    def _standing(self) -> Standing:
        registry = self.workstation.registry
        assert registry is not None, "nobody is signed in"
        return registry.standing

    @property
    def _member(self) -> StaffMember:
        return self._standing.people[self._staff].member

    @property
    def _held(self) -> dict[str, SignedOff]:
        return self._standing.signed.get(self._staff, {})

    def _competency(self) -> Competency | None:
        """The one that a key is about."""
        raise NotImplementedError

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    async def action_competency_sign(self) -> None:
        one, station = self._competency(), self.workstation
        if one is None or not await station.may(Act.SIGN_OFF):
            return
        place, member, today = station.place, self._member, station.today
        if member.id == place.actor.staff:
            await station.perform_standing(  # which refuses it, in words, and records the attempt
                lambda _: competence.sign_off(place, member, one, today, None, "-", today=today)
            )
            return

        async def seen(text: str) -> bool:
            on = self._date(text, read_past)
            if on is None:
                return False

            async def till(text: str) -> bool:
                expires = self._date(text, read_ahead) if text.strip() else None
                if text.strip() and expires is None:
                    return False

                async def words(text: str) -> bool:
                    def said(now: Standing) -> list[Said]:
                        evidence = now.portfolios.gathered(member.id, one.id)
                        return competence.sign_off(
                            place, member, one, on, expires, text, today=today, evidence=evidence
                        )

                    if not await station.perform_standing(said):
                        return False
                    self.notice(f"Signed off: {member.name}, {one.title}.")
                    return True

                form = f"sign off {member.id} {one.id}"
                self.ask(Question("What you saw, in a few words", words, form=form))
                return True

            self.ask(Question("Till when? 1y, or day month year. Enter: no end.", till))
            return True

        self.ask(Question(f"{one.title}: seen on which day? Enter: today.", seen))

    async def action_competency_withdraw(self) -> None:
        one, station = self._competency(), self.workstation
        if one is None or not await station.may(Act.SIGN_OFF):
            return
        place, member = station.place, self._member

        async def why(text: str) -> bool:
            done = await station.perform_standing(
                lambda _: competence.withdraw(place, member, one, self._held, text)
            )
            return bool(done)

        prompt = f"{one.title}: why does the sign-off no longer hold?"
        self.ask(Question(prompt, why, form=f"withdraw {member.id} {one.id}"))

    def _date(self, text: str, read: Callable[[str, date], date]) -> date | None:
        try:
            return read(text, self.workstation.today)
        except ValueError as error:
            self.notice(str(error), loud=True)
            return None


class CompetenciesScreen(_OfOnePerson):
    """What one person is signed off for, and by whom."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("competencies")
    place = "competencies"

    def repaint(self) -> None:
        if self.workstation.registry is None:
            return
        rows, domain = [], ""
        for one in self.workstation.practice.competencies.competency:
            if one.domain != domain:
                domain = one.domain
                rows.append(Row(one.id, ((f" {domain}", DIM),)))
            rows.extend(self._rows(one))
        self.show(f"{self._member.name}: signed off for", rows)

    def _rows(self, one: Competency) -> list[Row]:
        held, today = self._held.get(one.id), self.workstation.today
        good = held is not None and held.holds(today)
        mark = ("   ✓ ", BOLD) if good else (" ask ", ALERT if one.gates else PLAIN)
        said = "" if held is None else f": {_words(held, today)}"
        evidence = len(self._standing.portfolios.gathered(self._staff, one.id))
        waits = f" [{evidence} as evidence]" if evidence else ""
        first, *more = wrapped(f"{one.title}{said}{waits}", max(20, self.size.width - 6))
        return [
            Row(one.id, (mark, (first, BOLD if good else PLAIN))),
            *(Row(one.id, (("     ", PLAIN), (line, PLAIN))) for line in more),
        ]

    def _competency(self) -> Competency | None:
        listed = self.workstation.practice.competencies.competency
        return next((one for one in listed if one.id == self.rows.key), None)

    async def action_competency_gathered(self) -> None:
        one, station = self._competency(), self.workstation
        if one is None:
            return
        if self._staff != station.place.actor.staff and not await station.may(Act.SIGN_OFF):
            return
        known, place = await all_known(station), station.place
        if known is None:
            return
        if self._staff != place.actor.staff and not await station.perform_standing(
            lambda _: portfolio.note_view(place, self._staff)
        ):
            return
        await station.push_screen(GatheredScreen(self._staff, one, known))


class GatheredScreen(_OfOnePerson):
    """One competency: how often and under whose eye, each visit as evidence, and what the person wrote
    of it and lets be read."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("gathered")
    place = "gathered"

    def __init__(self, staff: StaffId, competency: Competency, known: Known) -> None:
        super().__init__(staff)
        self._of = competency
        self._known = known

    def repaint(self) -> None:
        if self.workstation.desk is None:
            return
        self.show(
            f"{self._member.name}: {self._of.title}", entry_rows(list(self._entries()), self.size.width)
        )

    def _entries(self) -> Iterator[Entry]:
        station = self.workstation
        assert station.desk is not None, "somebody is signed in"
        bench, member = station.desk.bench, self._member
        made = portfolio_now(bench, self._standing, self._known, member.id, member.name)
        row = next(one for one in made.rows if one.id == self._of.id)
        held = self._held.get(self._of.id)
        yield "signed", "Signed off", _words(held, station.today) if held is not None else "no", BOLD
        yield "count", "Done", row.done_words, PLAIN
        for one, item in self._items(made):
            late = " · written in since the sign-off" if held and one.is_written_since(held) else ""
            yield one.id, item.month, f"{'; '.join(item.lines)}{late}", BOLD
            for heading, text in item.reflections:
                yield one.id, "", f"{heading}: {text}", PLAIN
        for month, by, text, competency in made.feedback:
            if competency == self._of.id:
                yield f"said {month} {by}", "said", f"{month}, {by}: {text}", PLAIN
        if not row.evidence:
            yield "none", "", "No visit was picked for this yet: j in the record of one that has ended.", DIM

    def _items(self, made: portfolio.Portfolio) -> Iterator[tuple[portfolio.Evidence, portfolio.Item]]:
        evidence = self._standing.portfolios.of(self._staff)
        return (
            (one, item) for one, item in zip(evidence, made.items, strict=True) if self._of.id in item.for_
        )

    async def action_portfolio_open(self) -> None:
        """The visit, with the sheet of the five skills for whoever watched."""
        key = self.chosen()
        if any(one.id == key for one in self._standing.portfolios.of(self._staff)):
            await self.workstation.push_screen(EvidenceScreen(self._known, EventId(key)))

    def _competency(self) -> Competency:
        return self._of


def _words(held: SignedOff, today: date) -> str:
    """`3 Nov 2026 by Dr N Patel, till 3 Nov 2027, on 2 visits as evidence. Seen three.`"""
    until = on = ""
    if held.expires is not None:
        until = f", {'till' if held.holds(today) else 'EXPIRED'} {_date(held.expires)}"
    if held.evidence:
        many = len(held.evidence)
        on = f", on {many} {'visit' if many == 1 else 'visits'} as evidence"
    return f"{_date(held.on)} by {held.by}{until}{on}. {held.words}"


def _date(on: date) -> str:
    return f"{on.day} {on:%b %Y}"
