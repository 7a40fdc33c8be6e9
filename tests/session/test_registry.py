"""The standing journal: who may sign in is what was recorded; each day's head is kept to be checked by."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from clinic import (
    ADMINISTRATOR,
    DATE,
    FIRST,
    GP,
    GPA,
    NINE,
    PASSPHRASE,
    PEOPLE,
    SUPERVISOR,
    FakeClock,
    a_bench,
    a_desk,
    keys_of,
)
from store.journals import line_by_hand, text_of

from gpa_tui.errors import NotSaved, ReadOnly, SignInRefused, StoreUnusable
from gpa_tui.output.verify_text import verified
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import StaffId
from gpa_tui.records.event import Said
from gpa_tui.records.staff import Actor, Role, StaffMember
from gpa_tui.session import acts
from gpa_tui.session.admission import admit, desk_for_one_act, epoch_begun, open_day
from gpa_tui.session.desk import Desk
from gpa_tui.session.registry import Registry
from gpa_tui.store import vault
from gpa_tui.store.practice import Practice
from gpa_tui.store.vault import Keyring, Roster

NEW = "purple lantern"


@pytest.fixture
def registry(practice: Practice) -> Iterator[Registry]:
    """The standing journal in the administrator's hands."""
    with closing(Registry(a_bench(practice, by=ADMINISTRATOR))) as opened:
        opened.read()
        yield opened


def reset(registry: Registry, member: StaffMember) -> Callable[[Roster], tuple[Roster, list[Said]]]:
    def make(roster: Roster) -> tuple[Roster, list[Said]]:
        changed = vault.with_person(roster, registry.bench.keys, member, NEW)
        entry = changed.entry(member.id)
        assert entry is not None
        said = facts.KeysReplaced(staff=member.id, keys=entry.keys, why="reset by an administrator")
        return changed, [Said(data=said)]

    return make


def admitted(practice: Practice, actor: Actor = GPA, passphrase: str = PASSPHRASE) -> Keyring:
    return admit(practice, actor.staff, passphrase, FakeClock(), "room2")


# ── people ────────────────────────────────────────────────────────────────────────────────────


def test_everybody_on_the_list_was_recorded_and_is_let_in(practice: Practice, registry: Registry) -> None:
    assert [person.member for person in registry.standing.people.values()] == [who for who, _ in PEOPLE]
    for member, _ in PEOPLE:
        assert admitted(practice, Actor(staff=member.id, name=member.name, role=member.roles[0]))


def edited(practice: Practice, change: Callable[[Any], None]) -> None:
    file = practice.home / "keys.json"
    roster = json.loads(file.read_text())
    change(roster["staff"])
    file.write_text(json.dumps(roster))


def more_roles(staff: Any) -> None:
    staff[0]["member"]["roles"] = ["gpa", "supervisor"]


def another_name(staff: Any) -> None:
    staff[1]["member"]["name"] = "Dr N Pattel"


def another_key(staff: Any) -> None:
    staff[1]["keys"] = staff[0]["keys"]


def somebody_nobody_added(staff: Any) -> None:
    staff.append(staff[0] | {"member": staff[0]["member"] | {"id": "guest"}})


@pytest.mark.parametrize("change", [more_roles, another_name, another_key, somebody_nobody_added])
def test_a_list_of_people_that_was_changed_from_outside_lets_nobody_in(
    practice: Practice, change: Callable[[Any], None]
) -> None:
    edited(practice, change)
    with pytest.raises(StoreUnusable, match=r"says other of .* than was recorded") as refused:
        admitted(practice)
    assert "backup" in refused.value.remedy


@pytest.mark.parametrize("stopped_at", ["write_next_roster", "do", "promote_roster"])
def test_a_change_of_people_that_was_stopped_half_way_locks_nobody_out(
    practice: Practice, registry: Registry, monkeypatch: pytest.MonkeyPatch, stopped_at: str
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Registry if stopped_at == "do" else Practice, stopped_at, stopped)
        with pytest.raises(KeyboardInterrupt):
            registry.change(reset(registry, PEOPLE[0][0]))
    done = stopped_at == "promote_roster"
    assert admitted(practice, ADMINISTRATOR)
    assert admitted(practice, GPA, NEW if done else PASSPHRASE)
    assert (practice.home / "keys.json.next").exists() is (stopped_at == "do")
    registry.change(reset(registry, PEOPLE[0][0]))
    assert admitted(practice, GPA, NEW)


def test_two_who_change_people_at_once_undo_nothing_of_each_others(
    practice: Practice, registry: Registry
) -> None:
    with closing(Registry(a_bench(practice, by=ADMINISTRATOR, terminal="room3"))) as other:
        registry.change(reset(registry, PEOPLE[0][0]))
        other.change(reset(other, PEOPLE[2][0]))
    assert admitted(practice, GPA, NEW)
    assert admitted(practice, Actor(staff=PEOPLE[2][0].id, name="S Reed", role=Role.RECEPTION), NEW)


def test_a_damaged_record_of_people_is_said_and_stops_nobodys_work(practice: Practice) -> None:
    a_morning(practice)
    path = practice.home / "standing.journal"
    path.write_bytes(path.read_bytes().replace(b'"n":3', b'"n":7'))
    assert admitted(practice)
    bench = a_bench(practice)
    with closing(Registry(bench)) as registry, closing(open_day(bench, registry, DATE)) as desk:
        assert registry.trouble is not None
        assert "line 4 says it is commit 7" in registry.trouble.reason
        desk.do(lambda _: [Said(data=facts.LogViewed())])
        with pytest.raises(ReadOnly):
            registry.change(reset(registry, PEOPLE[0][0]))
    edited(practice, more_roles)
    only_readable(practice, "line 4 says it is commit 7")


def only_readable(practice: Practice, because: str) -> None:
    """Somebody is let in, the day shows, and nothing can be added anywhere."""
    assert admitted(practice)
    bench = a_bench(practice)
    with closing(Registry(bench)) as registry, closing(open_day(bench, registry, DATE)) as desk:
        assert because in str(desk.trouble)
        assert desk.day.visits
        with pytest.raises(ReadOnly):
            desk.do(lambda _: [Said(data=facts.LogViewed())])
        with pytest.raises(ReadOnly):
            registry.change(reset(registry, PEOPLE[0][0]))
    assert [one.read for one in practice.refusals.waiting()][-1:] == ["signed in"]


def test_damage_in_a_line_about_people_lets_everybody_read_and_names_the_line(practice: Practice) -> None:
    a_morning(practice)
    path = practice.home / "standing.journal"
    path.write_bytes(path.read_bytes().replace(b'"n":1,', b'"n":4,', 1))
    only_readable(practice, "standing.journal: line 2 says it is commit 4")


def test_a_last_line_that_was_changed_is_not_written_behind(practice: Practice) -> None:
    path = a_morning(practice)
    with closing(a_desk(practice)) as crashed:
        crashed.do(lambda _: [Said(data=facts.LogViewed())])
    whole = path.read_bytes().rstrip(b"\0")
    at = whole.rindex(b'"sig":"') + 9
    path.write_bytes(whole[:at] + (b"A" if whole[at : at + 1] != b"A" else b"B") + whole[at + 1 :])
    bench = a_bench(practice)
    with closing(Registry(bench)) as registry, closing(open_day(bench, registry, DATE)) as desk:
        assert "has a signature that does not fit" in str(desk.trouble)


def test_a_day_that_ended_in_a_crash_is_anchored_at_the_next_sign_in(practice: Practice) -> None:
    path = a_morning(practice)
    with closing(a_desk(practice)) as crashed:
        crashed.do(lambda _: [Said(data=facts.LogViewed())])
        head = crashed.head
    bench = a_bench(practice)
    with closing(Registry(bench)) as registry:
        open_day(bench, registry, DATE + timedelta(days=1)).close()
        assert registry.standing.anchors[path.stem] == head


def test_who_has_left_is_not_recovered_and_everybody_else_still_signs_in(practice: Practice) -> None:
    bench = a_bench(practice, by=ADMINISTRATOR)
    with closing(Registry(bench)) as registry:
        registry.change(leaving(StaffId("sreed")))
        roster = practice.roster
        back = roster.entry(StaffId("mokafor"))
        assert back is not None
        gone = roster.entry(StaffId("sreed"))
        assert gone is not None
        staff = tuple(
            one.model_copy(update={"slot": back.slot}) if one == gone else one for one in roster.staff
        )
        wrong = roster.model_copy(update={"staff": staff})
        before = registry.head
        with pytest.raises(StoreUnusable, match=r"Not done: keys\.json says other of S Reed"):
            registry.change(lambda _: (wrong, [Said(data=facts.LogViewed())]))
        assert registry.head == before
    assert admitted(practice)


# ── anchors ───────────────────────────────────────────────────────────────────────────────────


def a_morning(practice: Practice) -> Path:
    """Two people have worked on a day, and each opening anchored its head."""
    for by in (GPA, SUPERVISOR):
        bench = a_bench(practice, by=by)
        with closing(Registry(bench)) as registry, closing(open_day(bench, registry, DATE)) as desk:
            if by is GPA:
                desk.do(partial(acts.take_list, place=desk.place, **a_list()))
            else:
                desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.ARRIVED))
            registry.anchor(DATE, desk.head)
    return practice.home / "clinics" / f"{DATE}.journal"


def a_list() -> dict[str, Any]:
    imported = facts.ListImported(
        file="x.csv", sha256="0" * 64, listed=1, changed=0, unchanged=0, gone=0, rejected=0
    )
    return {"imported": imported, "opened": (), "listed": (FIRST,), "revised": (), "unlisted": ()}


def wrong(practice: Practice, keys: Keyring | None = None) -> list[str]:
    lines, whole = verified(practice, keys)
    found = [line for line in lines if line.startswith("BAD")]
    assert whole is not bool(found)
    return found


def test_a_store_that_was_worked_on_verifies_with_and_without_a_key(practice: Practice) -> None:
    a_morning(practice)
    assert wrong(practice) == []
    assert wrong(practice, keys_of(practice, GPA)) == []


def test_a_journal_that_was_cut_short_at_a_whole_line_is_found(practice: Practice) -> None:
    path = a_morning(practice)
    *lines, _last, end = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*lines, end]))
    (found,) = wrong(practice)
    assert "2026-11-23.journal was cut short: it has 3 saves, but line" in found
    assert "of standing.journal anchors save 4 of 2026-11-23" in found


def test_a_journal_that_was_removed_is_found(practice: Practice) -> None:
    a_morning(practice).unlink()
    assert any("2026-11-23.journal is gone" in line for line in wrong(practice))


def test_the_standing_journal_cut_short_is_found_by_the_days(practice: Practice) -> None:
    a_morning(practice)
    path = practice.home / "standing.journal"
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*lines[:2], b""]))
    assert any("standing.journal was cut short" in line for line in wrong(practice))


# ── the thief with every key but one ──────────────────────────────────────────────────────────


def keys_of_all_but_dr_patel(practice: Practice) -> Keyring:
    """The GPA's ring; the administrator's and the machine's are used beside it."""
    return keys_of(practice, GPA)


PATELS = json.dumps(
    [{"by": {"staff": "npatel", "name": "Dr N Patel", "role": "clinician"}, "data": {"kind": "plan.given"}}]
)


def appended(path: Path, keys: Keyring, *, by: str = "") -> None:
    """A line of the thief's making at the end of a journal."""
    *lines, last, _ = path.read_bytes().split(b"\n")
    journal = json.loads(lines[0])["journal"]
    number, before = json.loads(last)["n"] + 1, hashlib.sha256(last).hexdigest()
    path.write_bytes(text_of(path) + line_by_hand(journal, number, before, PATELS, keys, by) + b"\n")


def test_whoever_holds_every_other_key_cannot_write_an_act_of_dr_patels(practice: Practice) -> None:
    path = a_morning(practice)
    clean = path.read_bytes()
    thief = keys_of_all_but_dr_patel(practice)
    patel = practice.roster.entry(GP.staff)
    assert patel is not None

    appended(path, thief)  # signed as oneself
    assert "but mokafor signed it" in wrong(practice, thief)[0]
    path.write_bytes(clean)

    appended(path, thief, by=patel.keys.id)  # under the name of Dr Patel's key
    assert "signature that does not fit" in wrong(practice)[0]
    path.write_bytes(clean)

    for helper in (keys_of(practice, ADMINISTRATOR), thief):  # with the administrator's, with the machine's
        helper.own = helper.device if helper is thief else helper.own
        appended(path, helper)
        assert "signed it" in wrong(practice, keys_of(practice, GPA))[0]
        path.write_bytes(clean)


def test_a_key_slipped_under_dr_patels_name_is_found(practice: Practice) -> None:
    """keys.json can be written by whoever can write the disk; what was recorded of people says otherwise."""
    path = a_morning(practice)
    thief = keys_of_all_but_dr_patel(practice)

    def slipped(staff: Any) -> None:
        staff[1]["former"] = [staff[1]["keys"]]
        staff[1]["keys"] = staff[0]["keys"]
        staff[0]["keys"] = staff[2]["keys"]

    edited(practice, slipped)
    appended(path, thief)
    found = wrong(practice, thief)
    assert "BAD  keys.json says other of Dr N Patel than was recorded." in found
    with pytest.raises(StoreUnusable):
        admitted(practice, ADMINISTRATOR)


def test_words_of_dr_patels_cannot_be_changed(practice: Practice) -> None:
    path = a_morning(practice)
    thief = keys_of_all_but_dr_patel(practice)
    *lines, last, _ = path.read_bytes().split(b"\n")
    mine = json.loads(
        line_by_hand(json.loads(lines[0])["journal"], 4, json.loads(last)["prev"], PATELS, thief)
    )
    changed = json.loads(last) | {"box": mine["box"]}
    path.write_bytes(b"\n".join([*lines, json.dumps(changed).encode(), b""]))
    assert any("signature that does not fit" in line for line in wrong(practice))


def test_a_new_key_that_an_administrator_gave_dr_patel_is_named(
    practice: Practice, registry: Registry
) -> None:
    """Who may reset a passphrase could sign as that person from then on: it is never silent."""
    a_morning(practice)
    registry.change(reset(registry, PEOPLE[1][0]))
    lines, whole = verified(practice, keys_of(practice, GPA))
    assert whole
    (note,) = [line for line in lines if line.startswith("note")]
    assert "npatel signs with key" in note
    assert "reset by an administrator, by L Wong" in note


def test_an_act_of_a_leavers_stays_theirs_and_they_open_nothing_new(
    practice: Practice, registry: Registry
) -> None:
    a_morning(practice)
    before = keys_of(practice, GPA)

    registry.change(leaving(GPA.staff))
    with closing(a_desk(practice, by=GP)) as desk:
        desk.do(lambda _: [Said(data=facts.LogViewed())])
    assert wrong(practice, keys_of(practice, GP)) == []
    assert any(
        "under key 2 of the store, which M Okafor does not hold" in line for line in wrong(practice, before)
    )


def leaving(staff: StaffId) -> Callable[[Roster], tuple[Roster, list[Said]]]:
    def make(roster: Roster) -> tuple[Roster, list[Said]]:
        changed = vault.without(roster, staff)
        return changed, [Said(data=facts.StaffLeft(staff=staff)), Said(data=epoch_begun(changed))]

    return make


def test_a_terminal_that_was_signed_in_before_somebody_left_goes_on_with_the_new_key(
    practice: Practice, registry: Registry
) -> None:
    a_morning(practice)
    keys = admitted(practice, GP)
    bench = replace(a_bench(practice, by=GP), keys=keys)
    with closing(Desk(bench, DATE)) as before:
        before.read()
        registry.change(leaving(GPA.staff))
        with closing(a_desk(practice, by=SUPERVISOR)) as after:
            after.do(lambda _: [Said(data=facts.LogViewed())])
        before.read()
        assert before.trouble is None
        assert before.day.events[-1].kind == "log.viewed"
        registry.read()
        assert registry.approve(keys)
        before.do(lambda _: [Said(data=facts.SignInLocked())])
    last = text_of(practice.home / "clinics" / f"{DATE}.journal").splitlines()[-1]
    assert json.loads(last)["epoch"] == 2
    assert wrong(practice, keys_of(practice, GP)) == []


def test_a_full_disk_at_an_anchor_is_said(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    bench = a_bench(practice)
    with closing(Registry(bench)) as registry, closing(open_day(bench, registry, DATE)) as desk:
        with monkeypatch.context() as patch:
            patch.setattr(os, "pwrite", full)
            with pytest.raises(NotSaved, match="No space left"):
                registry.anchor(DATE, desk.head)
        registry.anchor(DATE, desk.head)
    assert wrong(practice) == []


# ── what a person with a key of their own and a way to the disk can try ───────────────────────


def test_only_an_administrator_says_who_may_sign_in(practice: Practice) -> None:
    patel, mine = PEOPLE[1][0], keys_of(practice, GPA)
    entry = practice.roster.entry(GPA.staff)
    assert entry is not None
    with closing(Registry(a_bench(practice))) as registry:
        registry.do(lambda _: [Said(data=facts.StaffAdded(member=patel, keys=entry.keys))])
        assert registry.standing.people[GP.staff].keys != entry.keys
        registry.do(
            lambda _: [
                Said(
                    data=facts.StaffChanged(
                        member=PEOPLE[0][0].model_copy(update={"roles": (Role.ADMINISTRATOR,)})
                    )
                )
            ]
        )
        assert registry.standing.people[GPA.staff].member == PEOPLE[0][0]
    assert sum("is not for them to say and does not count" in line for line in wrong(practice, mine)) == 2
    assert admitted(practice, GP)


def test_an_act_under_another_name_or_role_is_found(practice: Practice) -> None:
    a_morning(practice)
    as_patel = Actor(staff=GPA.staff, name="Dr N Patel", role=Role.CLINICIAN)
    with closing(Desk(a_bench(practice, by=as_patel), DATE)) as desk:
        desk.do(lambda _: [Said(data=facts.LogViewed())])
    found = wrong(practice, keys_of(practice, GP))
    assert any("by Dr N Patel, is by mokafor, who never had that name and role" in line for line in found)


def other_epoch_key(roster: Any) -> None:
    roster["epochs"][0]["fingerprint"] = "00" * 32


def other_recovery_code(roster: Any) -> None:
    roster["recovery"] = roster["staff"][0]["keys"]["box"]


def nobody_of_that_name(roster: Any) -> None:
    del roster["staff"][1]


@pytest.mark.parametrize("change", [other_epoch_key, other_recovery_code, nobody_of_that_name])
def test_keys_that_are_not_those_recorded_let_nobody_in_and_are_found(
    practice: Practice, change: Callable[[Any], None]
) -> None:
    keys = keys_of(practice, ADMINISTRATOR)
    file = practice.home / "keys.json"
    roster = json.loads(file.read_text())
    change(roster)
    file.write_text(json.dumps(roster))
    with pytest.raises(StoreUnusable, match=r"keys\.json says .* recorded: changed from outside"):
        admitted(practice, ADMINISTRATOR)
    assert any("keys.json says" in line for line in wrong(practice, keys))


def test_a_store_key_that_another_put_in_place_is_not_written_with(practice: Practice) -> None:
    keys = keys_of(practice, GPA)
    keys.epochs[2] = b"k" * 32
    keys.epoch = 2
    with closing(Registry(a_bench(practice))) as registry:
        registry.read()
        assert not registry.approve(keys)
    assert keys.epoch == 1


@pytest.mark.parametrize("kept", [0, 2], ids=["removed", "cut short"])
def test_a_day_that_is_not_as_it_was_anchored_can_only_be_read(practice: Practice, kept: int) -> None:
    path = a_morning(practice)
    lines = path.read_bytes().splitlines(keepends=True)[:kept]
    path.write_bytes(b"".join(lines)) if lines else path.unlink()
    bench = a_bench(practice)
    with closing(Registry(bench)) as registry, closing(open_day(bench, registry, DATE)) as desk:
        assert desk.trouble is not None
        assert "was cut short, rewritten or removed" in desk.trouble.reason
        with pytest.raises(ReadOnly):
            desk.do(lambda _: [Said(data=facts.LogViewed())])


def test_what_one_command_leaves_is_anchored(practice: Practice) -> None:
    with desk_for_one_act(a_bench(practice), DATE) as desk:
        desk.do(lambda _: [Said(data=facts.LogViewed())])
    (practice.home / "clinics" / f"{DATE}.journal").unlink()
    assert any(f"{DATE}" in line for line in wrong(practice))


def test_an_entry_of_a_leavers_after_they_left_is_found(practice: Practice, registry: Registry) -> None:
    a_morning(practice)
    bench = a_bench(practice, clock=FakeClock(NINE.replace(hour=12)))
    registry.change(leaving(GPA.staff))
    with closing(Desk(bench, DATE)) as desk:
        desk.do(lambda _: [Said(data=facts.LogViewed())])
        desk.do(lambda _: [Said(data=facts.SignInLocked())])
    (found,) = wrong(practice, keys_of(practice, GP))
    assert "log opened by M Okafor, was made after they had left" in found


def test_an_entry_with_a_key_that_was_replaced_is_found(practice: Practice, registry: Registry) -> None:
    a_morning(practice)
    bench = a_bench(practice, clock=FakeClock(NINE.replace(hour=12)))
    registry.change(reset(registry, PEOPLE[0][0]))
    with closing(Desk(bench, DATE)) as desk:
        desk.do(lambda _: [Said(data=facts.LogViewed())])
    assert any("after it was replaced" in line for line in wrong(practice, keys_of(practice, GP)))


def test_a_change_after_one_that_was_stopped_half_way_finishes_that_first(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_: Practice) -> None:
        raise KeyboardInterrupt

    bench = replace(a_bench(practice, by=ADMINISTRATOR), keys=admitted(practice, ADMINISTRATOR))
    with closing(Registry(bench)) as registry:
        with monkeypatch.context() as patch:
            patch.setattr(Practice, "promote_roster", stopped)
            with pytest.raises(KeyboardInterrupt):
                registry.change(leaving(GPA.staff))
        registry.change(reset(registry, PEOPLE[2][0]))
    entry = practice.roster.entry(GPA.staff)
    assert entry is not None
    assert entry.slot is None
    assert wrong(practice, keys_of(practice, GP)) == []


def test_a_change_of_passphrase_that_was_stopped_half_way_is_finished_at_the_next_sign_in(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = a_bench(practice)

    def make(roster: Roster) -> tuple[Roster, list[Said]]:
        changed = vault.with_passphrase(roster, GPA.staff, PASSPHRASE, NEW)
        entry = changed.entry(GPA.staff)
        assert entry is not None
        return changed, [Said(data=facts.PassphraseChanged(slot=vault.slot_print(entry.slot)))]

    with closing(Registry(bench)) as registry, monkeypatch.context() as stopped:
        stopped.setattr(Practice, "promote_roster", lambda _: (_ for _ in ()).throw(NotSaved("killed")))
        with pytest.raises(NotSaved):
            registry.change(make)
    assert admitted(practice, passphrase=PASSPHRASE)  # whoever comes next finishes it
    with pytest.raises(SignInRefused):
        admitted(practice, passphrase=PASSPHRASE)
    assert admitted(practice, passphrase=NEW)
