"""Signing in, and the lock: who you are and your passphrase. Shows nothing of any patient."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Input

from gpa_tui.clock import local_date
from gpa_tui.errors import GpaTuiError
from gpa_tui.store.door import Person
from screens.frame import role_label, rule, show_notice, sign_in_frame
from screens.keys import bindings, hint_line
from screens.pin import is_pin
from screens.widgets.choice_line import ChoiceLine
from screens.widgets.line_list import BOLD, LOUD, PLAIN, fit
from screens.widgets.lines import Lines

if TYPE_CHECKING:
    from gpa_tui.records.staff import Role
    from gpa_tui.store.vault import Keyring
    from screens.app import Workstation


OTHER_LINES = 15  # all but the people and the second line of the note


class SignInScreen(Screen[None], inherit_bindings=False):
    """The first screen, and what hides everything when the workstation is locked."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("field.previous", "field.forward", "sign_in.leave")
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    SignInScreen Horizontal { height: 2; }
    SignInScreen Horizontal Lines { width: 14; }
    SignInScreen Input { height: 1; border: none; padding: 0; width: 1fr; }
    SignInScreen ChoiceLine { width: 1fr; }
    SignInScreen #role_row, SignInScreen #alert { display: none; }
    """

    def __init__(self, locked_by: Person | None = None) -> None:
        super().__init__()
        self._locked_by = locked_by
        self._people: tuple[Person, ...] = ()
        self._chosen: Person | None = None  # whose name stands in the field
        self._roles: dict[str, Role] = {}
        self._verified: Keyring | None = None

    @property
    def workstation(self) -> Workstation:
        return cast("Workstation", self.app)

    def compose(self) -> ComposeResult:
        yield Lines(2, id="frame")
        yield Lines(None, id="people")
        with Horizontal():
            yield Lines(1, id="who_label")
            yield Input(id="who")
        with Horizontal():
            yield Lines(1, id="passphrase_label")
            yield Input(password=True, id="passphrase", select_on_focus=False)
        with Horizontal(id="role_row"):
            yield Lines(1, id="role_label")
            yield ChoiceLine()
        yield Lines(None, id="below")
        yield Lines(1, id="alert")
        yield Lines(1, id="notice")
        yield Lines(1, id="hints")

    def on_mount(self) -> None:
        for field in self.query(Input):
            field.cursor_blink = False
        for name, label in (("who", "Who"), ("passphrase", "Passphrase"), ("role", "Acting as")):
            self.query_one(f"#{name}_label", Lines).show_text(f" {label}", style=BOLD)
        self.query_one("#below", Lines).show_text(*self.workstation.sign_in_note.split("\n"))
        self._people = self.workstation.read_people()
        known = self._people[0] if len(self._people) == 1 else None
        if self._locked_by is not None:
            known = next((person for person in self._people if person.id == self._locked_by.id), known)
        self._chosen = known
        if known is not None:
            self.query_one("#who", Input).value = known.name
        self.query_one("#passphrase" if known else "#who", Input).focus()
        self.warm_up()

    def warm_up(self) -> None:
        """Load what the day needs while the passphrase is being typed."""
        self.run_worker(asyncio.to_thread(__import__, "screens.entrance"), exit_on_error=False)

    def on_resize(self) -> None:
        station = self.workstation
        lines = sign_in_frame(station.door, local_date(station.clock.now(), station.door.zone))
        self.query_one("#frame", Lines).show_lines([lines, rule(self.size.width)])
        self._show_people()
        self.query_one("#hints", Lines).show_text(f" {hint_line('sign_in', self.size.width)}")
        self.notice()

    def _show_people(self) -> None:
        """As many people as there is room for; who is not shown signs in by name."""
        locked = self._locked_by
        title = f" Locked by {locked.name}" if locked else " Sign in"
        room = max(1, self.size.height - OTHER_LINES - self.workstation.sign_in_note.count("\n"))
        rows = [((title, BOLD),), (("", PLAIN),)]
        for number, person in enumerate(self._people[:room], 1):
            roles = ", ".join(role_label(role) for role in person.roles)
            rows.append(((f"  {number:>2}  {fit(person.name, 24)} {roles}", PLAIN),))
        if len(self._people) > room:
            rows.append(((f"      and {len(self._people) - room} more: type the name", PLAIN),))
        ask = " Type your number or name, then your passphrase."
        if locked and any(person.id == locked.id for person in self._people):
            ask = f" {locked.name}: type your passphrase. Somebody else: ↑, then your number or name."
        rows += [(("", PLAIN),), ((ask, PLAIN),)]
        people = self.query_one("#people", Lines)
        people.styles.height = len(rows) + 1
        people.show_lines(rows)

    def notice(self, text: str = "", *, loud: bool = False) -> None:
        """Say one thing above the hints."""
        show_notice(self.query_one("#notice", Lines), text, self.size.width, loud=loud)

    def alert(self, text: str) -> None:
        """What must be seen even on a locked screen; it names nobody."""
        line = self.query_one("#alert", Lines)
        if line.display or text:
            line.display = bool(text)
            line.show_text(text, style=LOUD)

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    def action_field_previous(self) -> None:
        self.query_one("#who", Input).focus()

    def action_field_forward(self) -> None:
        self.query_one("#passphrase", Input).focus()

    async def action_sign_in_leave(self) -> None:
        if self._locked_by is None:
            self.workstation.exit()
        else:
            self.notice("Locked: type your passphrase, or sign in as somebody else.")

    @on(Input.Submitted, "#who")
    def _who(self, event: Input.Submitted) -> None:
        event.stop()
        person = self._named(event.value)
        if person is None:  # somebody may have been added since
            self._people = self.workstation.read_people()
            self._show_people()
            person = self._named(event.value)
        if person is None:
            self.notice("Nobody of that name or number is on the list.", loud=True)
            return
        self._chosen = person
        event.input.value = person.name
        self.notice()
        self.query_one("#passphrase", Input).focus()

    @on(Input.Submitted, "#passphrase")
    async def _passphrase(self, event: Input.Submitted) -> None:
        event.stop()
        typed = self.query_one("#who", Input).value
        chosen = self._chosen if self._chosen is not None and self._chosen.name == typed else None
        person = chosen or self._named(typed)
        if person is None:
            self.notice("Say who you are first.", loud=True)
            self.query_one("#who", Input).focus()
            return
        self.notice("Checking …")
        pin = self.workstation.pin
        if self._locked_by is not None and self._locked_by.id == person.id and pin and is_pin(event.value):
            digits, event.input.value = event.value, ""
            if not await self.workstation.re_open(digits):
                gone = "This PIN no longer opens it: type your passphrase."
                self.notice("That is not the PIN." if self.workstation.pin else gone, loud=True)
            return
        try:
            keys = await asyncio.to_thread(self.workstation.verify, person.id, event.value)
        except GpaTuiError as error:
            event.input.value = ""
            self.notice(str(error), loud=True)
            return
        event.input.value = ""
        await self._verified_as(keys)

    async def _verified_as(self, keys: Keyring) -> None:
        roles = keys.member.roles
        if self._locked_by is not None and self.workstation.still_theirs(keys.own.id):
            await self.workstation.unlock()
        elif len(roles) == 1:
            await self._enter(keys, roles[0])
        else:
            self._verified = keys
            self._roles = {role.value[0]: role for role in roles}
            choice = self.query_one(ChoiceLine)
            choice.offer({letter: role.label for letter, role in self._roles.items()})
            self.query_one("#role_row").display = True
            self.notice("You have more than one role: press its letter.")
            choice.focus()

    @on(ChoiceLine.Chosen)
    async def _role(self, event: ChoiceLine.Chosen) -> None:
        event.stop()
        if self._verified is not None:
            await self._enter(self._verified, self._roles[event.letter])

    async def _enter(self, keys: Keyring, role: Role) -> None:
        try:
            await self.workstation.sign_in(keys, role)
        except GpaTuiError as error:
            self.notice(str(error), loud=True)
            self.query_one("#passphrase", Input).focus()

    def _named(self, text: str) -> Person | None:
        """The one person whose number, id or name was typed; the beginning of a name is enough."""
        wanted = text.strip().casefold()
        if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= len(self._people):
            return self._people[int(wanted) - 1]
        whole = [one for one in self._people if wanted in {one.id.casefold(), one.name.casefold()}]
        begun = [
            one
            for one in self._people
            if wanted
            and any(part.startswith(wanted) for part in (one.name.casefold(), *one.name.casefold().split()))
        ]
        hits = whole or begun
        return hits[0] if len(hits) == 1 else None
