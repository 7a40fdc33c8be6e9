"""Who works here: who may sign in as what, and what each of them is signed off for."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.binding import BindingType

from gpa_tui.errors import GpaTuiError, SignInRefused
from gpa_tui.records.base import StaffId
from gpa_tui.records.staff import Role, StaffMember
from gpa_tui.session import competence, people
from gpa_tui.session.roles import Act
from gpa_tui.session.standing import Person
from gpa_tui.store.vault import Keyring
from gpa_tui.text import clean
from screens.competencies import CompetenciesScreen
from screens.keys import place_bindings
from screens.list_screen import ListScreen
from screens.widgets.line_list import BOLD, DIM, PLAIN, Row, fit
from screens.widgets.strip import Question, Then

ROLES = {
    "r": Role.RECEPTION,
    "g": Role.GPA,
    "c": Role.CLINICIAN,
    "s": Role.SUPERVISOR,
    "a": Role.ADMINISTRATOR,
}
WHICH_ROLES = "Roles: r reception, g GPA, c clinician, s supervisor, a administrator; several: cs"


class _PeopleScreen(ListScreen):
    """A list about people."""

    def person(self, staff: str) -> Person:
        """Somebody of the practice, as recorded."""
        registry = self.workstation.registry
        assert registry is not None, "nobody is signed in"
        return registry.standing.people[StaffId(staff)]


class StaffScreen(_PeopleScreen):
    """Everybody of the practice."""

    BINDINGS: ClassVar[list[BindingType]] = place_bindings("staff")
    place = "staff"

    def repaint(self) -> None:
        registry = self.workstation.registry
        if registry is None:
            return
        width = self.size.width
        self.show(
            "Who works here", [self._row(person, width) for person in registry.standing.people.values()]
        )

    def _row(self, person: Person, width: int) -> Row:
        station, member = self.workstation, person.member
        assert station.registry is not None
        roles = ", ".join(role.label for role in member.roles)
        state, style = "", PLAIN
        if person.left:
            state, style = "has left", DIM
        elif Role.GPA in member.roles:
            competencies = station.practice.competencies.competency
            held = station.registry.standing.signed.get(member.id, {})
            asks = competence.asks(competencies, held, station.today)
            state = f"signed off {len(competencies) - len(asks)} of {len(competencies)}"
        name, short = max(10, width - 62), 12
        text = f" {fit(member.name, name)} {fit(member.id, short)} {fit(roles, 26)} "
        return Row(member.id, ((text, style or BOLD), (state, style)))

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    async def action_staff_open(self) -> None:
        await self.workstation.push_screen(CompetenciesScreen(StaffId(self.rows.key)))

    async def action_staff_add(self) -> None:
        if not await self.workstation.may(Act.MANAGE_STAFF):
            return

        async def short(text: str) -> bool:
            try:
                person = people.require_short_name(text.strip())
                people.require_free(self.workstation.practice.roster, person)
            except GpaTuiError as error:
                self.notice(str(error), loud=True)
                return False
            self.ask(
                Question(
                    f"{person}: the name others see",
                    partial(self._ask_roles, person),
                    form=f"name of {person}",
                )
            )
            return True

        self.ask(Question("A short name to sign in by", short, form="new person", step=True))

    async def action_staff_change(self) -> None:
        staff = self.rows.key
        if not await self.workstation.may(Act.MANAGE_STAFF):
            return

        async def named(text: str) -> bool:
            return await self._ask_changed_roles(StaffId(staff), clean(text))

        person = self.person(staff).member
        self.ask(Question(f"{staff}: the name others see", named, initial=person.name))

    async def action_staff_reset(self) -> None:
        staff = StaffId(self.rows.key)
        if not await self.workstation.may(Act.MANAGE_STAFF):
            return

        async def given(passphrase: str) -> bool:
            return await self._change(
                people.resetting(self._keys, staff, passphrase), f"{staff}: new passphrase."
            )

        self._ask_passphrase(staff, given)

    async def action_staff_leave(self) -> None:
        staff = StaffId(self.rows.key)
        if not await self.workstation.may(Act.MANAGE_STAFF):
            return

        async def typed(word: str) -> bool:
            if word.strip().casefold() != "left":
                self.notice("Nothing was changed: the word is left.", loud=True)
                return False
            return await self._change(people.leaving(staff), f"{staff} has left.")

        name = self.person(staff).member.name
        note = "What is saved from then on they cannot open. It cannot be taken back."
        self.ask(Question(f"{name} has left: type the word left", typed, note=note))

    @property
    def _keys(self) -> Keyring:
        desk = self.workstation.desk
        assert desk is not None, "nobody is signed in"
        return desk.bench.keys

    # ── what the keys ask ─────────────────────────────────────────────────────────────────────

    async def _ask_roles(self, person: StaffId, name: str) -> bool:
        async def roles(text: str) -> bool:
            read = self._read_roles(text)
            if not read:
                return False
            member = StaffMember(id=person, name=clean(name), roles=read)

            async def given(passphrase: str) -> bool:
                done = f"{member.name} signs in as {person}."
                return await self._change(people.adding(self._keys, member, passphrase), done)

            self._ask_passphrase(person, given)
            return True

        if not clean(name):
            self.notice("Type the name as others see it, e.g. J Doe.", loud=True)
            return False
        self.ask(Question(WHICH_ROLES, roles, initial="g"))
        return True

    async def _ask_changed_roles(self, person: StaffId, name: str) -> bool:
        async def roles(text: str) -> bool:
            read = self._read_roles(text)
            return bool(read) and await self._change(
                people.changing(person, name, read), f"{person} changed."
            )

        letters = {role: letter for letter, role in ROLES.items()}
        now = "".join(letters[role] for role in self.person(person).member.roles)
        self.ask(Question(WHICH_ROLES, roles, initial=now))
        return True

    def _read_roles(self, text: str) -> tuple[Role, ...]:
        letters = text.replace(" ", "").replace(",", "").casefold()
        if not letters or any(letter not in ROLES for letter in letters):
            self.notice(f"{WHICH_ROLES}.", loud=True)
            return ()
        return tuple(dict.fromkeys(ROLES[letter] for letter in letters))

    def _ask_passphrase(self, person: StaffId, then: Then) -> None:
        """Twice: nobody sees what is typed."""

        async def first(passphrase: str) -> bool:
            try:
                people.require_passphrase(passphrase)
            except SignInRefused as error:
                self.notice(str(error), loud=True)
                return False

            async def again(same: str) -> bool:
                if same != passphrase:
                    self.notice("The two differ: type the first one again.", loud=True)
                    self._ask_passphrase(person, then)
                    return True
                return await then(passphrase)

            self.ask(Question("The same again", again, secret=True))
            return True

        self.ask(Question(f"Passphrase for {person}", first, secret=True))

    async def _change(self, change: people.Change, done: str) -> bool:
        if not await self.workstation.change_people(change):
            return False
        self.notice(f"Done. {done}")
        return True
