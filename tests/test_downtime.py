"""The downtime pack where the practice wants it, and what was written on paper, typed in afterwards."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from clinic import DATE, FIRST, GPA, NINE, SECOND, FakeClock, a_bench, a_desk, a_set

from gpa_tui.downtime import WHAT, Keeper, pack_now
from gpa_tui.errors import NotSaved, Refused
from gpa_tui.output.pack_pdf import as_pdf
from gpa_tui.records.appointment import Stage
from gpa_tui.records.event import AppointmentUnlisted, Exported, Said
from gpa_tui.session import acts
from gpa_tui.session.acts.common import about
from gpa_tui.session.describe import details, line
from gpa_tui.session.desk import Desk
from gpa_tui.session.log import Bench
from gpa_tui.store.files import replace_file
from gpa_tui.store.practice import Practice
from gpa_tui.sync.outgoing import outgoing
from gpa_tui.templates import shipped_templates

TEMPLATES = shipped_templates()
BY_RECORD = partial(acts.check_identity, said_by="record only", name="", born=None)


def wants(practice: Practice, **settings: object) -> Practice:
    text = "".join(f"{name} = {value!r}\n" for name, value in settings.items()).replace("'", '"')
    before = (practice.home / "practice.toml").read_bytes()
    replace_file(practice.home / "practice.toml", before + b"[downtime]\n" + text.encode())
    return Practice(practice.home)


def exports(practice: Practice) -> list[Exported]:
    with closing(a_desk(practice)) as desk:
        return [one.data for one in desk.day.events if isinstance(one.data, Exported)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "downtime"
    made.mkdir()
    return made


def test_it_has_the_list_the_briefs_and_blank_forms(stocked: Practice) -> None:
    with closing(a_desk(stocked)) as desk:
        pack = pack_now(desk, TEMPLATES)
    assert [row[0] for row in pack.rows] == ["09:00", "09:10"]
    assert "OKONKWO, Grace, born 12-Apr-1954 (72y), NHS No. 999 000 0018" in pack.rows[0][1]
    assert pack.rows[0][3].startswith("Allergies: ")
    assert [whose for whose, _ in pack.briefs] == ["09:00 OKONKWO, Grace", "09:10 SMITH, John"]
    assert [title for title, _ in pack.forms] == ["Observations", "ECG", "Plan, gone through"]
    assert as_pdf(pack).startswith(b"%PDF-")


def test_an_escalation_that_nobody_has_heard_is_loud_in_the_list(stocked: Practice) -> None:
    with closing(a_desk(stocked)) as desk:
        desk.do(partial(acts.escalate, place=desk.place, appointment=FIRST.id, because="grey and sweating"))
        first, second = pack_now(desk, TEMPLATES).rows
    assert first[3].startswith("NOT HEARD YET: grey and sweating. Allergies: ")
    assert second[3].startswith("Allergies: ")


def test_it_is_kept_up_in_the_folder_private_and_told_of_once(
    stocked: Practice, folder: Path, clock: FakeClock
) -> None:
    practice = wants(stocked, folder=str(folder))
    old = folder / "downtime-2026-11-20.pdf"
    old.write_bytes(b"x")
    (folder / "notes.txt").write_bytes(b"x")
    keeper = Keeper()
    with closing(a_desk(practice, clock=clock)) as desk:
        assert keeper.is_due(desk)
        keeper.tend(desk, TEMPLATES)
        file = folder / f"downtime-{DATE}.pdf"
        assert file.stat().st_mode & 0o777 == 0o600
        assert not old.exists()
        assert (folder / "notes.txt").exists()
        assert not keeper.is_due(desk)
        made = file.stat().st_mtime_ns
        clock.forward(minutes=2)
        assert keeper.is_due(desk)
        desk.refresh()
        keeper.tend(desk, TEMPLATES)
        assert file.stat().st_mtime_ns == made
        desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.ARRIVED))
        keeper.tend(desk, TEMPLATES)
        assert file.stat().st_mtime_ns != made
    assert exports(practice) == [Exported(what=WHAT, file=file.name)]


def test_a_letter_without_a_font_keeps_no_pack_away_and_who_is_not_listed_any_more_is_not_in_it(
    practice: Practice,
) -> None:
    odd = SECOND.model_copy(update={"reason": "王 cough"})
    with closing(a_desk(practice, FIRST, odd)) as desk:
        assert as_pdf(pack_now(desk, TEMPLATES)).startswith(b"%PDF-")
        row = desk.day.visits[SECOND.id].appointment
        gone = Said(data=AppointmentUnlisted(file="new.csv"), appointment=row.id, patient=row.patient.id)
        desk.do(lambda _: [gone])
        assert [row[0] for row in pack_now(desk, TEMPLATES).rows] == ["09:00"]


def test_an_earlier_pack_goes_also_on_a_day_without_a_list(
    practice: Practice, folder: Path, clock: FakeClock
) -> None:
    wanted = wants(practice, folder=str(folder))
    (folder / "downtime-2026-01-01.pdf").write_bytes(b"names")
    with closing(a_desk(wanted, clock=clock)) as desk:
        Keeper().tend(desk, TEMPLATES)
    assert list(folder.iterdir()) == []


def test_two_terminals_make_it_once(stocked: Practice, folder: Path, clock: FakeClock) -> None:
    practice = wants(stocked, folder=str(folder))
    with closing(a_desk(practice, clock=clock)) as one, closing(a_desk(practice, clock=clock)) as two:
        Keeper().tend(one, TEMPLATES)
        made = (folder / f"downtime-{DATE}.pdf").stat().st_mtime_ns
        two.refresh()
        Keeper().tend(two, TEMPLATES)
        assert (folder / f"downtime-{DATE}.pdf").stat().st_mtime_ns == made
    assert len(exports(practice)) == 1


def test_a_folder_that_is_gone_is_said(stocked: Practice, folder: Path, clock: FakeClock) -> None:
    practice = wants(stocked, folder=str(folder))
    folder.rmdir()
    with closing(a_desk(practice, clock=clock)) as desk, pytest.raises(NotSaved, match="Is the folder there"):
        Keeper().tend(desk, TEMPLATES)


def test_the_printer_gets_it_when_it_has_changed_and_not_too_often(
    stocked: Practice, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = wants(stocked, printer="office", printer_minutes=60)
    lp = tmp_path / "lp"
    lp.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/printed\ncat > /dev/null\n')
    lp.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    keeper = Keeper()
    with closing(a_desk(practice, clock=clock)) as desk:
        keeper.tend(desk, TEMPLATES)
        Keeper().tend(desk, TEMPLATES)  # another terminal, or begun anew: it was printed
        desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.ARRIVED))
        keeper.tend(desk, TEMPLATES)
        assert (tmp_path / "printed").read_text().splitlines() == ["-d office -t downtime pack -"]
        clock.forward(minutes=60)
        keeper.tend(desk, TEMPLATES)
        clock.forward(minutes=60)
        keeper.tend(desk, TEMPLATES)
        assert len((tmp_path / "printed").read_text().splitlines()) == 2


def test_what_was_not_printed_is_tried_again(
    stocked: Practice, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = wants(stocked, printer="office")
    lp = tmp_path / "lp"
    lp.write_text('#!/bin/sh\necho "no such printer" >&2\nexit 1\n')
    lp.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with closing(a_desk(practice, clock=clock)) as desk:
        for _ in range(2):
            with pytest.raises(NotSaved, match="no such printer"):
                Keeper().tend(desk, TEMPLATES)


def test_a_pack_that_was_spoilt_is_made_anew_and_nobody_elses_file_goes(
    stocked: Practice, folder: Path, clock: FakeClock
) -> None:
    practice, target = wants(stocked, folder=str(folder)), folder / f"downtime-{DATE}.pdf"
    theirs = [folder / name for name in ("downtime-2025-drill-report.docx", "downtime-1-procedure.pdf")]
    for one in theirs:
        one.write_text("ours")
    with closing(a_desk(practice, clock=clock)) as desk:
        Keeper().tend(desk, TEMPLATES)
        target.write_bytes(b"")
        Keeper().tend(desk, TEMPLATES)
        assert target.read_bytes().startswith(b"%PDF-")
        target.chmod(0o644)
        Keeper().tend(desk, TEMPLATES)
        assert target.stat().st_mode & 0o777 == 0o600
        assert all(one.exists() for one in theirs)
        for row in (FIRST, SECOND):
            desk.do(lambda day: [about(day.visits[row.id], AppointmentUnlisted(file="x"))])  # noqa: B023
        Keeper().tend(desk, TEMPLATES)
    assert not target.exists()


def test_unasked_nothing_is_made(stocked: Practice, clock: FakeClock) -> None:
    with closing(a_desk(stocked, clock=clock)) as desk:
        assert not Keeper().is_due(desk)


# ── back-entry ────────────────────────────────────────────────────────────────────────────────


def from_paper(bench: Bench) -> Desk:
    """At eleven, typed as of a quarter past nine."""
    desk = Desk(bench, DATE)
    desk.read()
    desk.paper = NINE.replace(minute=15)
    return desk


def test_when_it_was_done_and_when_it_was_typed_are_kept_apart(stocked: Practice, clock: FakeClock) -> None:
    clock.forward(hours=2)
    with closing(from_paper(a_bench(stocked, clock=clock))) as desk:
        (moved,) = desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.ARRIVED))
        (opened,) = desk.do(partial(acts.open_record, place=desk.place, appointment=FIRST.id))
        assert (moved.at, moved.on_paper) == (clock.now(), desk.paper)
        assert opened.on_paper is None  # it is read here and now
        visit = desk.day.visits[FIRST.id]
        assert visit.since == desk.paper
        show = "{:%H:%M}".format
        assert line(moved, desk.day, show).endswith("stage: booked → arrived [on paper 09:15]")
        assert ("On paper", "done 09:15, typed 11:00") in details(moved, desk.day, show)
    with closing(a_desk(stocked)) as again:
        assert again.day.visits[FIRST.id].since == NINE.replace(minute=15)


def test_what_was_written_before_they_left_is_not_late_for_being_typed_after(
    stocked: Practice, clock: FakeClock
) -> None:
    clock.forward(hours=2)
    with closing(from_paper(a_bench(stocked, clock=clock))) as desk:
        place, row = desk.place, FIRST.id
        desk.do(partial(acts.move, place=place, appointment=row, to=Stage.ARRIVED))
        desk.do(partial(acts.open_record, place=place, appointment=row))
        desk.paper = NINE.replace(minute=40)
        desk.do(partial(acts.move, place=place, appointment=row, to=Stage.LEFT))
        desk.paper = NINE.replace(minute=20)
        desk.do(
            partial(
                acts.check_identity, place=place, appointment=row, said_by="record only", name="", born=None
            )
        )
        said = desk.do(partial(acts.note_present, place=place, appointment=row, who="her son"))
        assert "late" not in line(said[0], desk.day, "{:%H:%M}".format)
        desk.paper = None
        said = desk.do(partial(acts.note_present, place=place, appointment=row, who="her son"))
        assert "[late: 80 min after they left]" in line(said[0], desk.day, "{:%H:%M}".format)


def test_what_follows_something_is_not_before_it(stocked: Practice, clock: FakeClock) -> None:
    clock.forward(hours=2)
    with closing(from_paper(a_bench(stocked, clock=clock))) as desk:
        place, row = desk.place, FIRST.id
        desk.do(partial(acts.open_record, place=place, appointment=row))
        by_record = partial(acts.check_identity, said_by="record only", name="", born=None)
        desk.do(partial(by_record, place=place, appointment=row))
        give = partial(acts.give_plan, text="rest", given_by="Dr N Patel")
        desk.do(partial(give, place=place, appointment=row))
        desk.paper = NINE.replace(minute=10)
        with pytest.raises(Refused, match="before what it follows, at 09:15"):
            desk.do(partial(acts.word_plan, place=place, appointment=row, messages=["Rest."]))


def test_at_the_server_it_stands_as_of_when_it_was_done_and_typed_from_paper(
    stocked: Practice, clock: FakeClock
) -> None:
    clock.forward(hours=2)
    with closing(from_paper(a_bench(stocked, clock=clock, by=GPA))) as desk:
        place, row, taken = desk.place, FIRST.id, NINE.replace(minute=15)
        desk.do(partial(acts.move, place=place, appointment=row, to=Stage.ARRIVED))
        desk.do(partial(acts.open_record, place=place, appointment=row))
        desk.do(
            partial(
                acts.check_identity, place=place, appointment=row, said_by="record only", name="", born=None
            )
        )
        desk.do(lambda day: acts.record_observations(day, place, row, a_set(), (), taken, False))
        sent = [one for _, one in outgoing(desk.day, TEMPLATES)]
    (encounter,) = (one for one in sent if one["resourceType"] == "Encounter")
    assert encounter["period"]["start"].startswith("2026-11-23T09:15")
    pulse = next(one for one in sent if one["resourceType"] == "Observation")
    assert pulse["effectiveDateTime"].startswith("2026-11-23T09:15")
    assert pulse["issued"].startswith("2026-11-23T11:00")
    assert {"text": "Typed from paper"} in pulse["note"]
