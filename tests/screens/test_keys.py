"""The table of keys: no clash, no key that a terminal loses, no hint that does not fit, every key real."""

from collections import Counter

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

from screens.app import Workstation
from screens.base import ClinicScreen
from screens.brief import BriefPage, BriefScreen
from screens.chooser import ChooserScreen
from screens.competencies import CompetenciesScreen, GatheredScreen
from screens.copied import BareScreen
from screens.day import DayScreen
from screens.ecg import EcgPage
from screens.for_me import ForMeScreen
from screens.frame import SMALLEST
from screens.help import HelpScreen
from screens.keys import EVERYWHERE, KEYS, PLACES, ROWS, Place, hint_line
from screens.log import LogScreen
from screens.log_page import LogPage
from screens.observations import KEYS as SLIP_KEYS
from screens.observations import ObservationsPage
from screens.patient import PatientScreen
from screens.plan import PlanPage
from screens.portfolio import EvidenceScreen, PortfolioScreen
from screens.prep import PrepPage
from screens.reading import ReadingScreen
from screens.review import ReviewScreen
from screens.review_entries import EntriesScreen
from screens.search import FoundScreen
from screens.server import ServerScreen
from screens.sheet import CloseScreen, SheetScreen
from screens.sign_in import SignInScreen
from screens.staff import StaffScreen
from screens.tasks import TasksScreen
from screens.widgets.line_list import LineList
from screens.widgets.strip import Strip, Words

# Where each place's keys are bound, from the focus upwards.
BOUND: dict[str, tuple[type[DOMNode], ...]] = {
    "sign_in": (SignInScreen,),
    "day": (LineList, DayScreen),
    "prep": (PrepPage, PatientScreen),
    "observations": (ObservationsPage, PatientScreen),
    "ecg": (EcgPage, PatientScreen),
    "plan": (PlanPage, PatientScreen),
    "gp": (PatientScreen, BriefPage),
    "log": (LogPage, PatientScreen),
    "review": (LineList, ReviewScreen),
    "entries": (LineList, EntriesScreen),
    "session_log": (LineList, LogScreen),
    "found": (LineList, FoundScreen),
    "portfolio": (LineList, PortfolioScreen),
    "evidence": (LineList, EvidenceScreen),
    "reading": (LineList, ReadingScreen),
    "brief": (LineList, BriefScreen),
    "bare": (BareScreen,),
    "choice": (LineList, ChooserScreen),
    "sheet": (LineList, SheetScreen),
    "close": (LineList, CloseScreen),
    "tasks": (LineList, TasksScreen),
    "for_me": (LineList, ForMeScreen),
    "server": (LineList, ServerScreen),
    "staff": (LineList, StaffScreen),
    "competencies": (LineList, CompetenciesScreen),
    "gathered": (LineList, GatheredScreen),
    "line": (Strip, PatientScreen),
    "words": (Words, Strip, PatientScreen),
    "choice_line": (Strip, ClinicScreen),
    "help": (HelpScreen,),
}
# Taken by the widget that has the focus without a binding of ours: Textual's Input, the slip, a letter line.
OF_THE_FIELD = {
    "sign_in": {"field.next"},
    "line": {"field.next"},
    "help": {"field.next"},
    "observations": {
        "field.next", "field.previous", "field.forward", "observations.line", "observations.taken",
        "observations.breaths",
    },
}  # fmt: skip
UNSAFE = {f"ctrl+{letter}" for letter in "abcdefhijkmqsuvwxyz"} | {"ctrl+@", "ctrl+left_square_bracket"}
PLACES_LISTED = list(PLACES.values())


@pytest.mark.parametrize("place", PLACES_LISTED, ids=lambda place: place.id)
def test_no_key_means_two_things_in_one_place(place: Place) -> None:
    counted = Counter(key for name in place.keys for key in KEYS[name].keys)
    assert [key for key, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("key", KEYS.values(), ids=lambda key: key.id)
def test_every_key_survives_ssh_tmux_and_putty(key: object) -> None:
    from screens.keys import Key

    assert isinstance(key, Key)
    for one in key.keys:
        assert one not in UNSAFE
        assert not one.startswith(("alt+", "f1", "f2", "ctrl+shift+", "shift+f"))
        assert not (len(one) == 1 and one.isupper()), "a bare capital can be half of a function key"


@pytest.mark.parametrize("place", PLACES_LISTED, ids=lambda place: place.id)
def test_letters_act_on_lists_and_type_in_fields(place: Place) -> None:
    typed = {"space", "minus", "colon", "question_mark"}
    letters = {key for name in place.keys for key in KEYS[name].keys if len(key) == 1 or key in typed}
    if place.kind == "field":
        assert letters == (
            {"o", "@", "space"} if place.id == "observations" else set()
        )  # which no field there takes


@pytest.mark.parametrize("place", PLACES_LISTED, ids=lambda place: place.id)
def test_the_hint_line_fits_80_columns_and_names_at_most_seven_keys(place: Place) -> None:
    whole = "  ".join(f"{KEYS[name].shown} {KEYS[name].hint}" for name in place.hints)
    assert hint_line(place.id, 80) == whole
    for width in (79, SMALLEST.width):  # where it is narrow, those before the last go
        shown = hint_line(place.id, width)
        assert len(f" {shown}") <= width
        assert shown.split("  ")[-1] == whole.split("  ")[-1]
    assert len(place.hints) <= 7
    assert set(place.hints) <= set(place.keys)
    assert all(KEYS[name].hint for name in place.hints)


@pytest.mark.parametrize("place", PLACES_LISTED, ids=lambda place: place.id)
def test_every_place_has_a_way_back_that_is_one_byte(place: Place) -> None:
    one_byte = {"backspace", "ctrl+g", "q"}
    assert any(one_byte & set(KEYS[name].keys) for name in place.keys)


@pytest.mark.parametrize("place", PLACES_LISTED, ids=lambda place: place.id)
def test_every_key_of_a_place_is_bound_there_and_has_its_method(place: Place) -> None:
    for name in place.keys:
        if name in OF_THE_FIELD.get(place.id, set()):
            continue
        owners = [owner for owner in BOUND[place.id] if _binds(owner, name)]
        assert owners, f"{name} is not bound in {place.id}"
        action = KEYS[name].action
        target = Workstation if action.startswith("app.") else owners[0]
        assert hasattr(target, f"action_{action.removeprefix('app.')}"), f"{name} has no method"


def _binds(owner: type[DOMNode], name: str) -> bool:
    bindings = (binding for base in owner.__mro__ for binding in base.__dict__.get("BINDINGS", ()))
    return any(isinstance(binding, Binding) and binding.id == name for binding in bindings)


def test_every_key_belongs_to_a_place() -> None:
    assert set(KEYS) == {name for place in PLACES.values() for name in place.keys}


def test_lock_and_keys_are_everywhere_on_lists() -> None:
    for place in PLACES.values():
        if place.kind == "list":
            assert set(EVERYWHERE) <= set(place.keys)
            assert set(ROWS) <= set(place.keys)


def test_the_slip_takes_the_keys_that_the_table_gives_it() -> None:
    shown = {key for name in OF_THE_FIELD["observations"] for key in KEYS[name].keys}
    assert shown - {"o", "@", "space"} <= set(SLIP_KEYS)
