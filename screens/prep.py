"""The prep page: one row an item, answered by one key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import BindingType

from gpa_tui.records.prep import PrepItem, PrepOutcome, PrepTemplate
from gpa_tui.session import acts
from gpa_tui.session.day import Visit
from gpa_tui.session.prep_list import PrepList, prep_list
from screens.brief import BriefScreen
from screens.chooser import ChooserScreen
from screens.keys import bindings
from screens.widgets.line_list import ALERT, BOLD, DIM, PLAIN, LineList, Row
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


class PrepPage(LineList):
    """The core block and the list for this kind of visit."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "prep.done",
        "prep.not_needed",
        "prep.declined",
        "prep.unable",
        "prep.value",
        "prep.template",
        "prep.hand_over",
    )

    @property
    def patient(self) -> PatientScreen:
        return cast("PatientScreen", self.screen)

    def begin(self, visit: Visit) -> None:
        """A record was opened: on the first open item."""
        self.refill(visit)
        self.move_to(0)
        self._to_open_item(visit, start=0)

    def refill(self, visit: Visit) -> None:
        prep = self._list(visit)
        self.show_rows([_row(visit, prep, template, item) for template, item in prep.rows])

    def _list(self, visit: Visit) -> PrepList:
        return prep_list(visit, self.patient.workstation.templates)

    def _to_open_item(self, visit: Visit, start: int) -> None:
        """The cursor goes to the next item without an answer, from `start` on, or stays at the end."""
        rows = self._list(visit).rows
        for index in range(start, len(rows)):
            template, item = rows[index]
            if (template.id, item.id) not in visit.answers:
                self.move_to(index)
                return
        self.move_to(min(start, len(rows) - 1))

    # ── answering ─────────────────────────────────────────────────────────────────────────────

    async def _answer(self, outcome: PrepOutcome, *, value: str = "", why: str = "") -> bool:
        station, visit = self.patient.workstation, self.patient.workstation.visit
        template, item = self._list(visit).rows[self.index]
        if not await station.write(
            acts.answer, template=template, item=item, outcome=outcome, value=value, why=why
        ):
            return False
        self._to_open_item(station.visit, self.index + 1)
        if item.stop_on and value == item.stop_on:
            self.patient.notice("Stop: fetch the GP now. Then say whom you told.", loud=True)
            self.patient.action_escalation_tell()
        return True

    async def _at_once(self, outcome: PrepOutcome) -> None:
        await self.patient.when_identified(partial(self._answer, outcome))

    async def _ask(self, question: Question) -> None:
        async def ask() -> None:
            self.patient.ask(question)

        await self.patient.when_identified(ask)

    async def action_prep_done(self) -> None:
        _, item = self._item()
        if item.choices:
            await self.action_prep_value()
        else:
            await self._at_once(PrepOutcome.DONE)

    async def action_prep_not_needed(self) -> None:
        await self._at_once(PrepOutcome.NOT_NEEDED)

    async def action_prep_declined(self) -> None:
        await self._at_once(PrepOutcome.DECLINED)

    async def action_prep_unable(self) -> None:
        async def reason(why: str) -> bool:
            return await self._answer(PrepOutcome.UNABLE, why=why)

        _, item = self._item()
        await self._ask(Question(f"{item.text}: why not?", reason, form=f"prep {item.id} why", note=REASONS))

    async def action_prep_value(self) -> None:
        template, item = self._item()
        visit = self.patient.workstation.visit
        before = self._list(visit).answer(visit, template, item)

        async def value(text: str) -> bool:
            chosen = letters.get(text, text)
            return await self._answer(PrepOutcome.DONE, value=chosen)

        letters = choice_letters(item.choices)
        question = Question(
            item.text,
            value,
            form="" if letters else f"prep {item.id}",
            initial=before.value if before else "",
            note=item.why,
            choices=letters or None,
        )
        await self._ask(question)

    def _item(self) -> tuple[PrepTemplate, PrepItem]:
        return self._list(self.patient.workstation.visit).rows[self.index]

    # ── other list, hand over ─────────────────────────────────────────────────────────────────

    async def action_prep_template(self) -> None:
        station = self.patient.workstation

        async def chosen(key: str) -> None:
            await station.write(acts.choose_template, template=station.templates[key])

        rows = [Row(key, ((f"  {template.title}", PLAIN),)) for key, template in station.templates.items()]
        await station.push_screen(ChooserScreen("Prep list for this visit", rows, chosen))

    async def action_prep_hand_over(self) -> None:
        station = self.patient.workstation
        await station.push_screen(BriefScreen(self._list(station.visit)))


def choice_letters(choices: tuple[str, ...]) -> dict[str, str]:
    """Each choice by the first of its letters that no earlier choice has: `{"y": "yes", "n": "no"}`."""
    letters: dict[str, str] = {}
    for choice in choices:
        letters[next(letter for letter in choice if letter not in letters)] = choice
    return letters


def _row(visit: Visit, prep: PrepList, template: PrepTemplate, item: PrepItem) -> Row:
    answer = prep.answer(visit, template, item)
    key = f"{template.id}/{item.id}"
    stop = "! " if item.stop_on else "  "
    if answer is None:
        return Row(key, ((" ·  ", DIM), (stop, ALERT), (item.text, PLAIN)))
    words = answer.value or (answer.outcome.value if answer.outcome is not PrepOutcome.DONE else "")
    said = ": ".join(part for part in (words, answer.why) if part)
    pieces = (
        (f" {MARKS[answer.outcome]}  ", BOLD),
        (stop, ALERT),
        (item.text, PLAIN),
        (f"  {said}" if said else "", BOLD),
    )
    return Row(key, pieces)
