"""The practice's server: what it leaves to a person, what it refused, what waits, which hosts share it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.binding import BindingType

from gpa_tui.records.base import AppointmentId, EventId
from gpa_tui.records.event import ServerAsked, StatusClashed
from gpa_tui.session import acts
from gpa_tui.session.day import ForPerson
from gpa_tui.session.roles import Act
from gpa_tui.sync.state import Host, Parked, SyncState, ask_again
from screens.keys import place_bindings
from screens.list_screen import ListScreen
from screens.widgets.line_list import ALERT, BOLD, DIM, PLAIN, Row, wrapped
from screens.widgets.strip import Question

if TYPE_CHECKING:
    from screens.app import Workstation

LABEL = 10  # cells
NO_SERVER = "  No server is set up. At a shell: gpa-tui sync setup URL"
NOT_YET = "  A server is set up; it was not reached from here yet."
ALL_THERE = "  All that is here is there too, and nothing is to be settled."
Entry = tuple[str, str, str, Style]
"""Key of the row, label, words, and how loud."""


class ServerScreen(ListScreen):
    """One row for each thing; Enter settles what is to be settled, r sends once more what was refused."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("server")
    EMPTY = NO_SERVER
    place = "server"

    def repaint(self) -> None:
        station = self.workstation
        if station.desk is None:
            return
        reached = station.sync_state is not None
        self.rows.empty = ALL_THERE if reached else NOT_YET if station.syncs else NO_SERVER
        rows, width = [], max(20, self.size.width - LABEL - 2)
        for key, label, words, style in self._entries(station):
            for number, line in enumerate(wrapped(words, width)):
                shown = label if number == 0 else ""
                rows.append(Row(key, ((f" {shown:<{LABEL}}", style), (line, PLAIN))))
        state = station.sync_state
        heard = f"{state.server}, last heard {_when(station, state)}" if state else "The practice's server"
        self.show(heard, rows)

    def _entries(self, station: Workstation) -> Iterator[Entry]:
        for one in station.day.left_to_person():
            yield one.event, "! settle", _asked(station, one), ALERT
        state = station.sync_state
        if state is None:
            return
        if state.stopped:
            yield "stopped", "! stopped", state.stopped, ALERT
        elif state.trouble:
            again = f" It is asked again {station.show_time(state.again)}." if state.again else ""
            yield "trouble", "away", f"{state.trouble}{again}", BOLD
        for parked in state.parked:
            yield f"parked {parked.key}", "refused", _parked(station, parked), BOLD
        if state.left:
            yield "waiting", "waiting", _waiting(station, state), PLAIN
            for number, line in enumerate(state.first):
                yield f"waiting {number}", "", line, DIM
            if state.left > len(state.first) > 0:
                yield "waiting more", "", f"and {state.left - len(state.first)} more", DIM
        for host in state.hosts:
            asks = not (host.paired or host.trouble)
            yield f"host {host.origin}", "host", _host(station, host), BOLD if asks else PLAIN
        for number, note in enumerate(state.notes):
            yield f"note {number}", "note", note, DIM
        if not state.claims:
            yield "claims", "note", "This server cannot prevent overwriting: claims are off.", DIM

    async def action_server_settle(self) -> None:
        key, station = self.chosen(), self.workstation
        one = station.day.for_person.get(EventId(key))
        if one is not None and one.open:
            self._ask(one)
        elif key.startswith("parked "):
            await self._mend(key.removeprefix("parked "))
        elif key:
            self.notice("There is nothing to settle in this row.")

    async def _mend(self, resource: str) -> None:
        """What was refused is corrected where it was written: in the record."""
        station = self.workstation
        parked = station.sync_state.parked if station.sync_state is not None else ()
        row = next((AppointmentId(one.row) for one in parked if one.key == resource and one.row), None)
        if row in station.day.visits:
            self.acted()
            await station.open_record(row)
        else:
            self.notice("It is of another day: y on the list goes there.")

    def _ask(self, one: ForPerson) -> None:
        station = self.workstation

        async def chosen(letter: str) -> bool:
            first = letter in {"s", "h"}
            if isinstance(one.says, ServerAsked):
                done = await station.perform(acts.answer_same_person, one.event, same=first)
            else:
                done = await station.perform(acts.pick_status, one.event, ours=first)
            if done:
                self.acted()
                self.notice("Settled.")
            return bool(done)

        self.notice()
        if isinstance(one.says, ServerAsked):
            choices = {"s": "the same person: take it", "o": "another person: nothing changes here"}
        else:
            choices = {
                "h": f"{one.says.ours} goes there",
                "t": f"{one.says.theirs} stays there; the list here stays as it is",
            }
        self.ask(Question(_asked(station, one), chosen, choices=choices))

    async def action_server_again(self) -> None:
        station = self.workstation
        parked = station.sync_state.parked if station.sync_state is not None else ()
        if not parked:
            self.notice("Nothing was refused.")
            return
        if not await station.may(Act.IMPORT_LIST):
            return
        assert station.desk is not None, "somebody is signed in"
        keys = (one.key for one in parked)
        again = partial(ask_again, station.practice, station.desk.bench.keys, *keys)
        try:
            await asyncio.to_thread(again)
        except OSError as error:
            self.notice(f"Not asked: {error.strerror or error}.", loud=True)
            return
        them = "It is" if len(parked) == 1 else f"All {len(parked)} are"
        self.notice(f"{them} sent once more. What is refused again is corrected in the record.")


def _when(station: Workstation, state: SyncState) -> str:
    return station.show_when(state.heard) if state.heard else "never"


def _asked(station: Workstation, one: ForPerson) -> str:
    visit = station.day.visits.get(one.appointment)
    row = visit.appointment if visit else one.says.appointment if isinstance(one.says, ServerAsked) else None
    whose = f"{station.show_time(row.start)} {row.patient.name.listed}: " if row else ""
    if isinstance(one.says, StatusClashed):
        return f"{whose}here {one.says.ours}, at the server {one.says.theirs}. Which holds?"
    return f"{whose}{one.says.sentence} The same person?"


def _parked(station: Workstation, parked: Parked) -> str:
    words = parked.words or "without a word"
    status = f" {parked.status}" if parked.status else ""
    return f"{parked.of}: {parked.key.partition('/')[0]} {station.show_when(parked.at)}{status}, {words}"


def _waiting(station: Workstation, state: SyncState) -> str:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(state.waiting.items()))
    since = f" since {station.show_when(state.since)}" if state.since else ""
    return f"{kinds}{since}{f'; {state.progress} sent' if state.progress else ''}"


def _host(station: Workstation, host: Host) -> str:
    heard = station.show_when(host.heard) if host.heard else "never"
    if not host.paired and host.trouble:
        return f"{host.name} ({host.fingerprint}): {host.trouble}"
    if not host.paired:
        return f"{host.name} ({host.fingerprint}) asks to be paired: gpa-tui sync pair --accept"
    return f"{host.name}, last heard {heard}{f'. {host.trouble}' if host.trouble else ''}"
