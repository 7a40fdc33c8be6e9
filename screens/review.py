"""A session's review by single keys: what stands out first, then every patient; agree, ask, send back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from gpa_tui.records.base import EventId
from gpa_tui.records.event import Event
from gpa_tui.records.facts_review import Verdict
from gpa_tui.session import reviewing
from gpa_tui.session.day import Visit
from gpa_tui.session.findings import Given, findings
from gpa_tui.session.review import Review, is_own_work, reviewed_entries, unexceptional
from gpa_tui.session.review_rows import ReviewRow, review_rows, thread_lines
from screens.clinics import ask_clinic
from screens.keys import place_bindings
from screens.list_screen import ListScreen
from screens.search import ask_search
from screens.sheets import ask_day, ask_sheet, show_numbers
from screens.widgets.line_list import ALERT, BOLD, DIM, PLAIN, Row, wrapped
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.app import Workstation

LABEL = 11  # cells
ASKED: dict[Verdict, str] = {"query": "What do you ask?", "sent back": "What is to be mended?"}


def review_of(station: Workstation) -> Review:
    """What was said of the log of the day that is shown."""
    registry = station.registry
    known = registry.standing.reviews.get(station.day.date) if registry is not None else None
    return known or Review(station.day.date)


def rows_of(station: Workstation, *, whole: bool = False) -> list[ReviewRow]:
    """The rows of the review of the clinics that are followed; `whole`: of all of the date."""
    visits = station.day.rows if whole else station.rows
    given = Given(station.day, station.practice.settings, station.show_time, station.practice.shorthand)
    found = findings(given, station.day.rows, station.tasks)
    standing = station.registry.standing.events if station.registry is not None else []
    return review_rows(
        station.day, visits, found, review_of(station), station.templates, station.show_time, standing
    )


class ReviewScreen(ListScreen):
    """Findings, then rows, each with what was said of it below."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("review")
    EMPTY = "  Nothing was done in this session."
    place = "review"

    def __init__(self) -> None:
        super().__init__()
        self._looked_into = ""  # the row whose entries are open

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        looked_into, self._looked_into = self._looked_into, ""
        if any(one.key == looked_into and one.done for one in rows_of(self.workstation)):
            self._acted_on = looked_into
            self._go_on(looked_into)  # agreed with in there
            self.acted()

    def repaint(self) -> None:
        station = self.workstation
        if station.desk is None:
            return
        rows, width = rows_of(station), max(20, self.size.width - LABEL - 2)
        lines: list[Row] = []
        for one in rows:
            style = ALERT if one.loud else DIM if one.done else PLAIN
            state = f"[{one.state.value}] " if one.state.value else ""
            for number, text in enumerate(wrapped(f"{state}{one.words}", width)):
                if one.done and number and not one.loud:
                    break  # agreed with: a line is enough
                label = one.label if number == 0 else ""
                lines.append(Row(one.key, ((f" {label:<{LABEL}}", style or BOLD), (text, style))))
            if one.thread is not None and not one.done:
                for said in thread_lines(one.thread, station.show_when):
                    for text in wrapped(said, width - 2):
                        lines.append(Row(one.key, ((f" {'':<{LABEL}}  {text}", BOLD),)))
        self.show(self._title(rows), lines)

    def _title(self, rows: Sequence[ReviewRow]) -> str:
        station, review = self.workstation, review_of(self.workstation)
        left = sum(not one.done for one in rows)
        sample = f" · sample {review.sample.percent}%, seed {review.sample.seed}" if review.sample else ""
        state = station.sync_state
        waits = state.left + len(state.parked) if state is not None else 0
        unsent = f" · {waits} NOT SENT" if waits else ""
        signed = review.signed
        if signed is not None:
            return f"Signed off {station.show_when(signed.at)} by {signed.by.name}{sample}"
        return f"Review of {station.day.date:%a} {station.day.date.day} {station.day.date:%b}: " + (
            f"{left} of {len(rows)} to look at{unsent}{sample}"
        )

    # ── verdicts ──────────────────────────────────────────────────────────────────────────────

    async def action_review_agree(self) -> None:
        row = self._chosen()
        if row is not None and row.done:
            self._go_on(row.key)
        elif row is not None and await give(self, "agreed", self._target(row), found=[row.stands_out]):
            self.acted()
            self._go_on(row.key)

    async def action_review_query(self) -> None:
        self._ask("query")

    async def action_review_send_back(self) -> None:
        self._ask("sent back")

    def action_review_rest(self) -> None:
        """What is said of every row in which nothing is left that stands out, but for the sample."""
        rest, own = self._rest()
        if not rest:
            self.notice(f"No row is left in which all that stands out was agreed with.{own}")
            self.hold()
            return
        many = "1 row" if len(rest) == 1 else f"{len(rest)} rows"
        prompt = f"{many} in which nothing is left that stands out.{own}"
        choices = {"a": "agree", "q": "query", "b": "send back"}
        self.ask(Question(prompt, self._say_of_rest, choices=choices))

    async def _say_of_rest(self, letter: str) -> bool:
        rest, own = self._rest()
        if letter == "a" and rest and await give(self, "agreed", rest):
            many = "1 row" if len(rest) == 1 else f"{len(rest)} rows"
            self.acted()
            self._go_on(self.rows.key)  # what is left: the sample, and what was asked
            self.notice(f"Agreed with {many} in which nothing is left that stands out.{own}")
        elif letter != "a" and rest:
            names = "; ".join(visit.appointment.patient.name.listed for visit in rest)
            ask_words(self, "query" if letter == "q" else "sent back", rest, names, "the rest")
        return True

    def _rest(self) -> tuple[list[Visit], str]:
        """Those rows as they now are, and in words how many stay because of one's own work."""
        station = self.workstation
        rows, review = rows_of(station), review_of(station)
        looked_at = [one for one in rows if one.entry is not None or one.label == "sample"]
        exceptional = {one.appointment for one in looked_at if not one.done and one.appointment}
        me, left = station.place.actor.staff, unexceptional(review, station.rows, exceptional)
        rest = [
            visit for visit in left if not any(is_own_work(event, me) for event in reviewed_entries(visit))
        ]
        own = f" {len(left) - len(rest)} with work of your own stay." if len(left) > len(rest) else ""
        return rest, own

    def _ask(self, verdict: Verdict) -> None:
        row = self._chosen()
        if row is not None:
            ask_words(self, verdict, self._target(row), row.words, row.key)

    def _chosen(self) -> ReviewRow | None:
        key = self.chosen()
        return next((one for one in rows_of(self.workstation) if one.key == key), None)

    def _target(self, row: ReviewRow) -> Event | list[Visit]:
        station = self.workstation
        if row.entry is None:
            assert row.appointment is not None, "a row is somebody's"
            return [station.day.visits[row.appointment]]
        found = station.entry(row.entry)
        assert found is not None, "a finding rests on an entry"
        return found

    def _go_on(self, key: str) -> None:
        """To the next row that nobody has looked at."""
        rows = rows_of(self.workstation)
        at = next((number for number, one in enumerate(rows) if one.key == key), 0)
        following = next((one.key for one in (*rows[at:], *rows[:at]) if not one.done), "")
        if following:
            self.rows.go_to(following)

    # ── elsewhere ─────────────────────────────────────────────────────────────────────────────

    async def action_review_entries(self) -> None:
        from screens.review_entries import EntriesScreen

        row = self._chosen()
        if row is not None:
            self._looked_into = "" if row.done else row.key
            await self.workstation.push_screen(EntriesScreen(row.appointment, row.entry))

    async def action_log_whole(self) -> None:
        await self.workstation.push_screen("log")

    def action_clinic_choose(self) -> None:
        ask_clinic(self)

    async def action_review_numbers(self) -> None:
        await show_numbers(self)

    def action_review_sheet(self) -> None:
        ask_sheet(self)

    def action_review_day(self) -> None:
        ask_day(self)

    def action_log_search(self) -> None:
        ask_search(self)

    async def action_review_sign(self) -> None:
        from screens.sign_off import ask_sign_off

        ask_sign_off(self)


async def draw_sample(station: Workstation) -> None:
    """Once a session, before it is first looked at: which rows are looked at in any case."""
    place, on = station.place, station.day.date
    percent, seed = station.practice.settings.review.sample_percent, secrets.token_hex(4)
    if review_of(station).sample is None:
        await station.perform_standing(
            lambda standing: reviewing.draw_sample(standing.reviews, place, on, seed, percent)
        )


async def give(
    screen: ListScreen,
    verdict: Verdict,
    target: Event | Sequence[Visit],
    text: str = "",
    found: Sequence[str] = (),
) -> bool:
    """Say it; whether it was taken. `found`: what stands out about the entry, as it is read."""
    station = screen.workstation
    place, day = station.place, station.day
    said = await station.perform_standing(
        lambda standing: reviewing.give(standing.reviews, place, day, verdict, target, text, found)
    )
    return bool(said)


def stands_out(station: Workstation, entry: EventId) -> list[str]:
    """What stands out about one entry."""
    return [one.stands_out for one in rows_of(station, whole=True) if one.entry == entry]


def ask_words(
    screen: ListScreen, verdict: Verdict, target: Event | Sequence[Visit], of: str, key: str
) -> None:
    """A query, or what is sent back, in words."""

    async def typed(text: str) -> bool:
        if not await give(screen, verdict, target, text):
            return False
        screen.acted()
        screen.notice("Asked: they see it when they next sign in.")
        return True

    form = f"{verdict} {screen.workstation.day.date} {key}"
    screen.ask(Question(ASKED[verdict], typed, form=form, note=of, phrases=True))
