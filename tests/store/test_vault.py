"""Keys: who opens what, with which passphrase, before and after somebody forgets one or leaves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from clinic import ADMINISTRATOR, GP, GPA, PASSPHRASE, PEOPLE, QUICK, RECEPTION

from gpa_tui.errors import SignInRefused, StoreUnusable
from gpa_tui.records.base import StaffId
from gpa_tui.records.staff import DEVICE, Role, StaffMember
from gpa_tui.store import seal, vault
from gpa_tui.store.seal import CannotOpen, Stretching
from gpa_tui.store.vault import Keyring, Roster, unlock

PRACTICE = "0f0f0f0f-0000-4000-8000-000000000001"
NEW = "purple lantern"
ROSTER, CODE = vault.new_roster(PRACTICE, PEOPLE, QUICK)


def keys(roster: Roster = ROSTER, staff: StaffId = GPA.staff, passphrase: str = PASSPHRASE) -> Keyring:
    return unlock(roster, staff, passphrase)


def test_everybody_opens_the_same_store_and_signs_with_a_key_of_their_own() -> None:
    rings = [keys(staff=member.id) for member, _ in PEOPLE]
    assert len({ring.epochs[1] for ring in rings}) == 1
    assert len({ring.data_key(1, "j") for ring in rings}) == 1
    assert len({ring.own.id for ring in rings}) == len(PEOPLE)
    assert len({ring.drafts for ring in rings}) == len(PEOPLE)
    assert len({ring.device.id for ring in rings}) == 1


def test_each_purpose_has_a_key_of_its_own() -> None:
    ring = keys()
    assert len({ring.epochs[1], ring.data_key(1, "j"), ring.data_key(1, "k"), ring.drafts}) == 4


def test_a_ring_signs_for_its_person_and_the_machine_and_for_nobody_else() -> None:
    ring = keys()
    assert ring.signer(GPA.staff) == ring.own
    assert ring.signer(DEVICE) == ring.device
    with pytest.raises(SignInRefused, match="cannot sign for npatel"):
        ring.signer(GP.staff)


@pytest.mark.parametrize("passphrase", ["", "wrong", f"{PASSPHRASE} ", PASSPHRASE.upper()])
def test_another_passphrase_opens_nothing(passphrase: str) -> None:
    with pytest.raises(SignInRefused, match="do not go together"):
        keys(passphrase=passphrase)


def test_a_slot_put_under_another_name_opens_nothing() -> None:
    mine, theirs = ROSTER.entry(GPA.staff), ROSTER.entry(GP.staff)
    assert mine is not None
    assert theirs is not None
    swapped = theirs.model_copy(update={"slot": mine.slot})
    roster = ROSTER.model_copy(update={"staff": (mine, swapped)})
    with pytest.raises(SignInRefused):
        keys(roster, GP.staff)


def test_the_stores_key_closed_for_another_does_not_open_for_me() -> None:
    (epoch,) = ROSTER.epochs
    swapped = epoch.model_copy(
        update={"sealed": epoch.sealed | {GPA.staff: epoch.sealed[GP.staff]}},
    )
    with pytest.raises(StoreUnusable, match="the keys of the store do not open for M Okafor"):
        keys(ROSTER.model_copy(update={"epochs": (swapped,)}))


def test_somebody_new_opens_what_was_closed_before_they_came() -> None:
    member = StaffMember(id=StaffId("new"), name="N New", roles=(Role.GPA,))
    base = vault.with_new_epoch(ROSTER)
    roster = vault.with_person(base, keys(base), member, NEW)
    assert keys(roster, member.id, NEW).epochs == keys(base).epochs
    assert list(keys(roster, member.id, NEW).epochs) == [1, 2]


def test_another_passphrase_of_ones_own_keeps_the_keys_and_closes_the_door_to_the_old_one() -> None:
    roster = vault.with_passphrase(ROSTER, GPA.staff, PASSPHRASE, NEW)
    assert keys(roster, passphrase=NEW).own.id == keys().own.id
    assert keys(roster, passphrase=NEW).drafts == keys().drafts
    with pytest.raises(SignInRefused):
        keys(roster)
    with pytest.raises(SignInRefused):
        vault.with_passphrase(ROSTER, GPA.staff, "wrong", NEW)


def test_stretching_can_be_raised_and_older_slots_open_until_they_are_made_anew() -> None:
    slower = Stretching(memory_kib=16, passes=2, lanes=1)
    raised = ROSTER.model_copy(update={"stretching": slower})
    assert keys(raised).member.id == GPA.staff
    roster = vault.with_passphrase(raised, GPA.staff, PASSPHRASE, NEW)
    entry = roster.entry(GPA.staff)
    assert entry is not None
    assert entry.slot is not None
    assert entry.slot.stretching == slower
    assert keys(roster, passphrase=NEW).own.id == keys().own.id


def test_what_is_usual_is_what_rfc_9106_recommends() -> None:
    assert Stretching() == Stretching(memory_kib=64 * 1024, passes=3, lanes=4)


def test_who_forgot_their_passphrase_gets_new_keys_and_the_old_ones_stay_known() -> None:
    member = PEOPLE[0][0]
    roster = vault.with_person(ROSTER, keys(staff=ADMINISTRATOR.staff), member, NEW)
    ring, before = keys(roster, passphrase=NEW), keys()
    assert ring.epochs == before.epochs
    assert ring.own.id != before.own.id
    assert roster.signers[before.own.id][0] == roster.signers[ring.own.id][0] == GPA.staff


def test_who_has_left_signs_in_no_more_and_does_not_hold_the_next_key() -> None:
    before = keys()
    roster = vault.without(ROSTER, GPA.staff)
    with pytest.raises(SignInRefused):
        keys(roster)
    with pytest.raises(StoreUnusable, match="under key 2"):
        before.data_key(2, "j")
    assert GPA.staff not in str([epoch.sealed for epoch in roster.epochs])
    other = keys(roster, GP.staff)
    assert other.epoch == 2
    assert other.epochs[1] == before.epochs[1]
    assert other.device.id != before.device.id
    assert roster.signers[before.own.id][0] == GPA.staff, "what they signed is still theirs"


def test_the_printed_code_gives_somebody_a_new_passphrase() -> None:
    roster = vault.recovered(vault.with_new_epoch(ROSTER), CODE, RECEPTION.staff, NEW)
    assert list(keys(roster, RECEPTION.staff, NEW).epochs) == [1, 2]


TYPED: dict[str, Callable[[str], str]] = {
    "small": str.lower,
    "with blanks": lambda code: code.replace("-", " "),
    "without dashes": lambda code: code.replace("-", ""),
    "with blanks round it": lambda code: f"  {code}\n",
    "0 for O and 1 for I": lambda code: code.replace("O", "0").replace("I", "1"),
}


@pytest.mark.parametrize("way", TYPED)
def test_the_code_may_be_typed_as_people_type(way: str) -> None:
    assert keys(vault.recovered(ROSTER, TYPED[way](CODE), GPA.staff, NEW), passphrase=NEW)


@pytest.mark.parametrize("at", [0, 7, 30, 68])
def test_a_slip_of_one_letter_in_the_code_is_noticed(at: int) -> None:
    other = "A" if CODE[at] != "A" else "B"
    with pytest.raises(SignInRefused, match="not this store's recovery code"):
        vault.recovered(ROSTER, CODE[:at] + other + CODE[at + 1 :], GPA.staff, NEW)


def test_the_code_of_another_store_opens_nothing() -> None:
    _, code = vault.new_roster(PRACTICE, (), QUICK)
    for typed in (code, "", "AAAA", "?"):
        with pytest.raises(SignInRefused):
            vault.recovered(ROSTER, typed, GPA.staff, NEW)


def test_what_is_closed_opens_with_its_own_key_and_in_its_own_place_alone() -> None:
    key = seal.new_key()
    closed = seal.close(key, b"words", b"place")
    assert seal.open_(key, closed, b"place") == b"words"
    assert seal.close(key, b"words", b"place") != closed, "no nonce twice"
    for other in (seal.new_key(), key):
        with pytest.raises(CannotOpen):
            seal.open_(other, closed, b"place" if other != key else b"elsewhere")
    for broken in (b"", closed[:11], closed[:-1], closed[:20] + b"x" + closed[21:]):
        with pytest.raises(CannotOpen):
            seal.open_(key, broken, b"place")
