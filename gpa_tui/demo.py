"""The made-up practice: its people, their passphrases, and a clinic for today."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gpa_tui.clock import Clock, local_date
from gpa_tui.errors import StoreUnusable
from gpa_tui.records.base import StaffId
from gpa_tui.records.competency import Gate
from gpa_tui.records.staff import Role, StaffMember
from gpa_tui.session.admission import admit, bench_of, found
from gpa_tui.session.competence import sign_off
from gpa_tui.session.registry import Registry
from gpa_tui.store.door import INFO_FILE
from gpa_tui.store.files import replace_file
from gpa_tui.store.practice import Practice, create_practice
from gpa_tui.store.vault import Keyring
from gpa_tui.terminal import this_terminal

YEAR = timedelta(days=365)
SETTINGS = """\
# A made-up practice. docs/settings.md says what each setting does.
name = "Elm Tree Surgery"
"""

PEOPLE: tuple[tuple[StaffMember, str], ...] = (
    (StaffMember(id=StaffId("mokafor"), name="M Okafor", roles=(Role.GPA,)), "green kettle"),
    (
        StaffMember(id=StaffId("npatel"), name="Dr N Patel", roles=(Role.CLINICIAN, Role.SUPERVISOR)),
        "blue window",
    ),
    (StaffMember(id=StaffId("sreed"), name="S Reed", roles=(Role.RECEPTION,)), "red door"),
    (StaffMember(id=StaffId("jhart"), name="J Hart", roles=(Role.GPA,)), "white chair"),
)
_SAID = [f"{member.name} “{passphrase}”" for member, passphrase in PEOPLE]
SIGN_IN_NOTE = "\n".join(
    ["Made-up people and patients. Passphrases:", "   ".join(_SAID[:3]), "   ".join(_SAID[3:])]
)


def demo_practice(home: Path, clock: Clock) -> tuple[Practice, Keyring]:
    """The demo store in `home`, made if it is not there, and the keys of its first person.

    Raises `StoreUnusable`.
    """
    (first, passphrase), *_ = PEOPLE
    if not (home / INFO_FILE).exists():
        create_practice(
            home,
            SETTINGS,
            PEOPLE,
            demo=True,
            begin=lambda made: _begin(made, clock),
        )
    practice = Practice(home)
    if not practice.info.demo:
        raise StoreUnusable(
            f"{home} is a live practice: no made-up patients go in there.", "Choose another --home."
        )
    return practice, admit(practice, first.id, passphrase, clock, this_terminal())


def _begin(made: Practice, clock: Clock) -> None:
    """Its people, and what the supervisor has signed them off for: J Hart is learning to reiterate plans."""
    (first, passphrase), (supervisor, theirs), *_ = PEOPLE
    found(made, first.id, passphrase, clock, this_terminal())
    keys = made.unlock(supervisor.id, theirs, terminal=this_terminal(), now=clock.now())
    bench = bench_of(made, keys, clock, this_terminal(), Role.SUPERVISOR)
    on = local_date(clock.now(), made.settings.zone)
    with closing(Registry(bench)) as registry:
        registry.do(
            lambda _: [
                said
                for member, _ in PEOPLE
                if Role.GPA in member.roles
                for one in made.competencies.competency
                if one.gates and (member is first or Gate.PLAN not in one.gates)
                for said in sign_off(
                    bench.place, member, one, on, on + YEAR, "Made up, for the demo.", today=on
                )
            ]
        )


def write_demo_list(folder: Path, on: date, zone: ZoneInfo) -> Path:
    """Write the made-up list for `on` as a FHIR bundle, as a practice's own system might."""
    path = folder / f"demo-list-{on.isoformat()}.json"
    replace_file(path, json.dumps(_bundle()(on, zone), indent=1).encode())
    return path


def _bundle() -> Callable[[date, ZoneInfo], dict[str, Any]]:
    """The fixture: in the wheel it is part of this package, in a checkout it lies beside it."""
    try:
        module = importlib.import_module("gpa_tui._fixtures.demo_clinic")
    except ModuleNotFoundError:
        module = importlib.import_module("fixtures.demo_clinic")
    bundle: Callable[[date, ZoneInfo], dict[str, Any]] = module.bundle
    return bundle
