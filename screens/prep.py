"""The prep page: one row an item, answered by one key."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from rich.cells import cell_len
from textual.binding import BindingType

from gpa_tui.records.base import show_date
from gpa_tui.records.competency import Gate
from gpa_tui.records.prep import (
    AnswerKind,
    PrepAnswer,
    PrepItem,
    PrepOutcome,
    PrepTemplate,
    choice_letters,
)
from gpa_tui.session import acts
from gpa_tui.session.day import Visit
from gpa_tui.session.prep_list import CORE, PrepList, known_already, prep_list
from screens.chooser import ChooserScreen
from screens.escalation import ask_told
from screens.keys import bindings
from screens.supervision import asked_for
from screens.widgets.line_list import ALERT, BOLD, DIM, PLAIN, LineList, Row, wrapped
from screens.widgets.lines import Piece
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.patient import PatientScreen

MARKS = {
    PrepOutcome.DONE: "✓",
    PrepOutcome.NOT_NEEDED: "x",
    PrepOutcome.DECLINED: "-",
    PrepOutcome.UNABLE: "!",
}
REASONS = "refused, no time, no device, could not understand, gone to the toilet …"


Asked = tuple[PrepTemplate, PrepItem]
INDENT = 6  # cells before an item's words
OPEN: Piece = (" ·  ", DIM)
ASK: Piece = ("ask ", BOLD)  # not signed off for it


class PrepPage(LineList):
    """The core block and the list for this kind of visit."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "prep.done",
        "prep.not_needed",
        "prep.declined",
        "prep.unable",
        "prep.value",
        "prep.template",
    )

    @property
    def patient(self) -> PatientScreen:
        return cast("PatientScreen", self.screen)

    def begin(self, visit: Visit) -> None:
        """A record was opened: on the first open item."""
        self.refill(visit)
        self.action_row_first()
        self._to_open_item(visit, start=0)

    def refill(self, visit: Visit) -> None:
        prep, width = self._list(visit), self.screen.size.width
        unanswered = ASK if asked_for(self.patient, Gate.PREP) else OPEN
        before = "; ".join(self.patient.workstation.open_before)
        lines = wrapped(f"Open from before: {before}", max(20, width - 2)) if before else []
        heading = [Row("", ((f" {line}", BOLD),)) for line in lines]
        heading += [
            Row("", ((f" {template.title}{_past(template, self.patient.workstation.today)}", ALERT),))
            for template in prep.templates
            if template.past_review(self.patient.workstation.today)
        ]
        self.show_rows(
            heading
            + [
                row
                for template, item in prep.rows
                for answer in (prep.answer(visit, template, item),)
                for row in _rows(
                    item,
                    _key(template, item),
                    answer,
                    unanswered,
                    width,
                    "" if answer else self._known(item, visit),
                )
            ]
        )

    def _known(self, item: PrepItem, visit: Visit) -> str:
        return known_already(item, visit, self.patient.workstation.show_when)

    def _list(self, visit: Visit) -> PrepList:
        return prep_list(visit, self.patient.workstation.templates)

    def _to_open_item(self, visit: Visit, start: int) -> None:
        """The cursor goes to the next item without an answer, from `start` on, or stays at the end."""
        prep = self._list(visit)
        rows = prep.rows
        open_ones = (_key(*row) for row in rows[start:] if prep.answer(visit, *row) is None)
        self.go_to(next(open_ones, _key(*rows[min(start, len(rows) - 1)])))

    def _item(self) -> Asked | None:
        """The item under the cursor; above the items it is said that there is none."""
        rows = self._list(self.patient.workstation.visit).rows
        found = next((row for row in rows if _key(*row) == self.key), None)
        if found is None:
            self.patient.notice("Put the cursor on an item first.")
        return found

    # ── answering ─────────────────────────────────────────────────────────────────────────────

    async def _answer(self, asked: Asked, outcome: PrepOutcome, *, value: str = "", why: str = "") -> bool:
        """Answer the item that was asked about, wherever the cursor or the list is by now."""
        station = self.patient.workstation
        template, item = asked
        said = await station.write(
            acts.answer, template=template, item=item, outcome=outcome, value=value, why=why
        )
        if not said:
            return False
        rows = self._list(station.visit).rows
        self._to_open_item(station.visit, rows.index(asked) + 1 if asked in rows else 0)
        if outcome is PrepOutcome.DONE and item.stopped_by(value):
            self.patient.notice("Stop: fetch the GP now. Then say whom you told.", loud=True)
            ask_told(self.patient, self.patient.workstation.visit.id, said[-1].id)
        return True

    async def _at_once(self, outcome: PrepOutcome) -> None:
        asked = self._item()
        if asked is not None:
            await self.patient.when_able(Gate.PREP, partial(self._answer, asked, outcome))

    async def _ask(self, question: Question) -> None:
        async def ask() -> None:
            self.patient.ask(question)

        await self.patient.when_able(Gate.PREP, ask)

    async def action_prep_done(self) -> None:
        asked = self._item()
        if asked is not None and asked[1].kind in {AnswerKind.CHOICE, AnswerKind.NUMBER, AnswerKind.MEASURED}:
            await self.action_prep_value()
        else:
            await self._at_once(PrepOutcome.DONE)

    async def action_prep_not_needed(self) -> None:
        await self._at_once(PrepOutcome.NOT_NEEDED)

    async def action_prep_declined(self) -> None:
        await self._at_once(PrepOutcome.DECLINED)

    async def action_prep_unable(self) -> None:
        asked = self._item()
        if asked is None:
            return
        _, item = asked

        async def reason(why: str) -> bool:
            return await self._answer(asked, PrepOutcome.UNABLE, why=why)

        form = f"prep {item.id} why"
        await self._ask(Question(f"{item.text}: why not?", reason, form, note=REASONS, phrases=True))

    async def action_prep_value(self) -> None:
        asked = self._item()
        if asked is None:
            return
        template, item = asked
        if item.measure is not None:
            await self.patient.ask_measured(item.measure)
            return
        visit = self.patient.workstation.visit
        before = self._list(visit).answer(visit, template, item)

        async def value(text: str) -> bool:
            chosen = letters.get(text, text)
            if not await self._answer(asked, PrepOutcome.DONE, value=chosen):
                return False
            if letters and not item.stopped_by(chosen):
                await self._go_on_choosing()
            return True

        letters = choice_letters(item.choices)
        question = Question(
            item.text,
            value,
            form="" if letters else f"prep {item.id}",
            initial=before.value if before else "",
            note=_note(item, self._known(item, visit)),
            choices=letters or None,
            phrases=True,
        )
        await self._ask(question)

    async def _go_on_choosing(self) -> None:
        """A choice that follows a choice is asked at once; what is not one waits for its key."""
        visit, rows = self.patient.workstation.visit, self._list(self.patient.workstation.visit).rows
        following = next((row for row in rows if _key(*row) == self.key), None)
        if following is None or following[1].kind is not AnswerKind.CHOICE:
            return
        if self._list(visit).answer(visit, *following) is None:
            await self.action_prep_value()

    # ── other list, hand over ─────────────────────────────────────────────────────────────────

    async def action_prep_template(self) -> None:
        station = self.patient.workstation

        present = self._list(station.visit).templates[1:]

        async def chosen(key: str) -> None:
            template = station.templates[key]

            async def how(letter: str) -> bool:
                beside = present if letter == "b" else ()
                return bool(await station.write(acts.choose_template, template=template, beside=beside))

            if present and template not in present:
                ways = {"b": f"beside {self._list(station.visit).title}", "i": "in its place"}
                self.patient.ask(Question(f"{template.title}:", how, choices=ways))
            else:
                await how("i")

        rows = [
            Row(key, ((f" {'✓' if one in present else ' '} {one.title}{_past(one, station.today)}", PLAIN),))
            for key, one in station.templates.items()
            if key != CORE
        ]
        await station.push_screen(ChooserScreen("Prep list for this visit", rows, chosen))


def _past(template: PrepTemplate, on: date) -> str:
    """What stands behind the title of a list that its owner should have looked at again."""
    review = show_date(template.review.isoformat())
    return f", PAST ITS REVIEW DATE {review}" if template.past_review(on) else ""


def _note(item: PrepItem, known: str) -> str:
    """Why it is asked and of whom, which number it takes, and what is known already."""
    of = "" if item.asked_of == ("patient",) else f"Asked of: {', '.join(item.asked_of)}"
    number = f"{item.least} to {item.most} {item.unit}" if item.kind is AnswerKind.NUMBER else ""
    parts = (item.why.removesuffix("."), of, number, f"Known: {known}" if known else "")
    return ". ".join(part for part in parts if part)


def _key(template: PrepTemplate, item: PrepItem) -> str:
    return f"{template.id}/{item.id}"


def _rows(
    item: PrepItem, key: str, answer: PrepAnswer | None, unanswered: Piece, width: int, known: str
) -> list[Row]:
    """The item and its answer, or what is known already, in one line; or that whole below it."""
    mark: Piece = (f" {MARKS[answer.outcome]}  ", BOLD) if answer else unanswered
    stop: Piece = ("! " if item.stops else "  ", ALERT)
    said, style = (answer_words(answer), BOLD) if answer else (known, DIM)
    room = max(20, width - INDENT - 1)
    if said and cell_len(f"{item.text}  {said}") <= room:
        return [Row(key, (mark, stop, (item.text, PLAIN), (f"  {said}", style)))]
    first, *more = wrapped(item.text, room)
    lines: list[tuple[Piece, ...]] = [(mark, stop, (first, PLAIN))]
    lines += [((" " * INDENT, PLAIN), (line, PLAIN)) for line in more]
    if said:
        lines += [((" " * INDENT, PLAIN), (f"  {line}", style)) for line in wrapped(said, room - 2)]
    return [Row(key, pieces) for pieces in lines]


def answer_words(answer: PrepAnswer) -> str:
    """What was said or found, or why not, e.g. `declined`, `unable: no device`."""
    outcome = "" if answer.outcome is PrepOutcome.DONE else answer.outcome.value
    return ": ".join(part for part in (answer.value or outcome, answer.why) if part)
