"""A date is kept while its review is open, then by the practice's rule; that it went, and as what, stays."""

from __future__ import annotations

import tarfile
from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from clinic import (
    ADMINISTRATOR,
    DATE,
    FIRST,
    NINE,
    PASSPHRASE,
    SUPERVISOR,
    FakeClock,
    a_bench,
    a_desk,
    an_event,
    listed,
)
from test_commands import Run

from gpa_tui.clock import SystemClock
from gpa_tui.commands_store import retention as retention_command
from gpa_tui.errors import Refused
from gpa_tui.output.sheet_text import sheet_lines
from gpa_tui.output.verify_text import verified
from gpa_tui.records.appointment import Stage
from gpa_tui.records.ecg import EcgAttachment, EcgFileSays, EcgFormat
from gpa_tui.records.event import DayPurged, EcgFiled, ReviewSigned, Said
from gpa_tui.session import acts, retention, reviewing
from gpa_tui.session import day as day_module
from gpa_tui.session.acts.common import about
from gpa_tui.session.day import Day
from gpa_tui.session.registry import Registry
from gpa_tui.session.retention import kept
from gpa_tui.session.review import Review
from gpa_tui.session.search import Wanted, digests_of, search
from gpa_tui.store import archive
from gpa_tui.store.attachments import ATTACHMENTS
from gpa_tui.store.files import replace_file
from gpa_tui.store.practice import Practice

LONDON = ZoneInfo("Europe/London")
LONG_AGO = DATE - timedelta(days=400)


SHARED = f"1-{'a' * 32}.attached"


def a_name(on: date) -> str:
    return f"1-{on:%Y%m%d}{'b' * 24}.attached"


def attached(practice: Practice, name: str) -> None:
    folder = practice.home / ATTACHMENTS
    folder.mkdir(mode=0o700, exist_ok=True)
    replace_file(folder / name, b"sealed")


def filed(name: str) -> EcgFiled:
    """A cart's file, kept under that name: of two dates the same where its content is."""
    says = EcgFileSays(format=EcgFormat.SCP)
    kept = EcgAttachment(kept_as=name, file_name="g.scp", size=6, sha256="5e" * 32, says=says)
    return EcgFiled(attempt=1, attachment=kept)


@pytest.fixture
def old(practice: Practice) -> Practice:
    """Two dates of over a year ago, the first signed off, in a store that is in use."""
    for on in (LONG_AGO, LONG_AGO + timedelta(days=1)):
        clock = FakeClock()
        clock.at -= timedelta(days=(DATE - on).days)
        with closing(a_desk(practice, clock=clock, on=on)) as desk:
            desk.do(lambda _: listed(FIRST))
            desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.ARRIVED))
            for name in (SHARED, a_name(on)):
                desk.do(lambda day: [about(day.visits[FIRST.id], filed(name))])  # noqa: B023
                attached(practice, name)
            head, day = desk.head, desk.day
        bench = a_bench(practice, clock=clock, by=SUPERVISOR)
        with closing(Registry(bench)) as registry:
            registry.read()
            registry.anchor(on, head)
            if on == LONG_AGO:
                review = registry.standing.reviews
                said = reviewing.sign(review, bench.place, day, head, [])
                registry.do(partial(_saying, said))
    with closing(Registry(a_bench(practice, clock=SystemClock()))) as registry:  # type: ignore[arg-type]
        registry.read()
        registry.anchor(LONG_AGO, head_of(practice))
    return practice


def head_of(practice: Practice) -> tuple[int, str]:
    hashes = practice.day_hashes(LONG_AGO)
    return len(hashes) - 1, hashes[-1]


def _saying(said: Sequence[Said], _: object) -> Sequence[Said]:
    return said


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE)
    secret.chmod(0o600)
    return ["--staff", "lwong", "--passphrase-file", str(secret)]


def rule(practice: Practice, **settings: object) -> None:
    text = "".join(f"{name} = {value!r}\n" for name, value in settings.items()).replace("'", '"')
    before = (practice.home / "practice.toml").read_bytes()
    replace_file(practice.home / "practice.toml", before + b"[retention]\n" + text.encode())


def test_what_is_due_is_said_and_nothing_is_done_unasked(old: Practice, run: Run, words: list[str]) -> None:
    status, said, _ = run("--home", old.home, "retention", *words)
    assert status == 0
    first, second, *_ = said.splitlines()
    assert first.startswith(f"{LONG_AGO}  due since ")
    assert second == f"{LONG_AGO + timedelta(days=1)}  kept: its review is open"
    assert old.has_day(LONG_AGO)


def test_archived_it_is_gone_here_whole_there_and_every_log_still_verifies(
    old: Practice, run: Run, words: list[str], tmp_path: Path
) -> None:
    rule(old, folder=str(tmp_path / "archive"))
    list(digests_of(a_bench(old, by=ADMINISTRATOR), [LONG_AGO]))
    before = (old.home / "clinics" / f"{LONG_AGO}.journal").read_bytes()
    status, said, _ = run("--home", old.home, "retention", "--apply", *words)
    assert (status, "archived in" in said) == (0, True)
    assert not list(old.home.glob(f"*/{LONG_AGO}.*"))
    assert verified(old, None)[1], verified(old, None)[0]
    assert verified(old, a_bench(old).keys)[1]
    file = tmp_path / "archive" / f"{LONG_AGO}.tar"
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"OKONKWO" not in file.read_bytes()
    with tarfile.open(file) as packed:
        packed.extractall(old.home, filter="data")
    assert (old.home / "clinics" / f"{LONG_AGO}.journal").read_bytes() == before
    assert verified(old, a_bench(old).keys)[1]
    with closing(a_desk(old, on=LONG_AGO)) as desk:
        assert desk.day.visits[FIRST.id].stage is Stage.ARRIVED


def brought_back(practice: Practice, run: Run, words: list[str], folder: Path) -> Path:
    """Archived, and unpacked again; its journal."""
    rule(practice, folder=str(folder))
    run("--home", practice.home, "retention", "--apply", *words)
    with tarfile.open(folder / f"{LONG_AGO}.tar") as packed:
        packed.extractall(practice.home, filter="data")
    return practice.home / "clinics" / f"{LONG_AGO}.journal"


def test_what_was_brought_back_stays_while_one_looks_and_is_said(
    old: Practice, run: Run, words: list[str], tmp_path: Path
) -> None:
    path = brought_back(old, run, words, tmp_path / "archive")
    _, said, _ = run("--home", old.home, "retention", *words)
    assert path.exists()
    assert "to archive, brought back from its archive" in said.splitlines()[0]


def test_an_archive_that_was_cut_short_is_not_what_was_taken_away(
    old: Practice, run: Run, words: list[str], tmp_path: Path
) -> None:
    path = brought_back(old, run, words, tmp_path / "archive")
    assert verified(old, None)[1]
    content = path.read_bytes().rstrip(b"\0").split(b"\n")
    path.write_bytes(b"\n".join(content[:-2]) + b"\n")
    lines, whole = verified(old, None)
    assert not whole
    assert any(f"BAD  {LONG_AGO}.journal was cut short" in line for line in lines)


def test_a_clock_that_is_years_ahead_takes_nothing_away(old: Practice, words: list[str]) -> None:
    later = FakeClock(NINE + timedelta(days=3650))
    with pytest.raises(Refused, match="The clock says 2036-11-20, and nothing was written since"):
        retention_command(
            old.home, Namespace(staff="lwong", passphrase_file=Path(words[3]), apply=True), later
        )
    assert old.has_day(LONG_AGO)


def test_nothing_is_added_to_a_date_that_was_taken_away(
    old: Practice, run: Run, words: list[str], tmp_path: Path
) -> None:
    rule(old, folder=str(tmp_path / "archive"))
    run("--home", old.home, "retention", "--apply", *words)
    listing, whole = tmp_path / "l.csv", Path(__file__).parents[1] / "fixtures" / "lists" / "plain.csv"
    on = f"{LONG_AGO:%d/%m/%Y}"
    listing.write_text(whole.read_text("utf-8").replace("2026-11-22", on).replace("22/11/2026", on), "utf-8")
    as_gpa = ("--staff", "mokafor", *words[2:])
    status, said, wrong = run("--home", old.home, "import", listing, "--date", LONG_AGO.isoformat(), *as_gpa)
    assert (status, "taken away by the practice's rule" in said + wrong) == (1, True), said + wrong
    assert not old.has_day(LONG_AGO)
    assert verified(old, None)[1]


def test_a_file_that_another_date_has_too_stays(
    old: Practice, run: Run, words: list[str], tmp_path: Path
) -> None:
    rule(old, folder=str(tmp_path / "archive"))
    run("--home", old.home, "retention", "--apply", *words)
    left = {path.name for path in (old.home / ATTACHMENTS).iterdir()}
    assert left == {SHARED, a_name(LONG_AGO + timedelta(days=1))}
    with tarfile.open(tmp_path / "archive" / f"{LONG_AGO}.tar") as packed:
        assert {f"{ATTACHMENTS}/{name}" for name in (SHARED, a_name(LONG_AGO))} <= set(packed.getnames())


def test_a_search_says_that_a_date_was_taken_away(
    old: Practice, run: Run, words: list[str], tmp_path: Path
) -> None:
    rule(old, folder=str(tmp_path / "archive"))
    run("--home", old.home, "retention", "--apply", *words)
    bench = a_bench(old, by=SUPERVISOR)
    with closing(Registry(bench)) as registry:
        registry.read()
        found = list(search(bench, registry.standing.events, Wanted(whom="okonkwo", born="1954-04-12")))
    assert found[0].on == LONG_AGO
    assert found[0].line.says.endswith(f"taken away by the practice's rule; its archive is {LONG_AGO}.tar")


def test_destroyed_nothing_is_left_but_that_it_was_there(old: Practice, run: Run, words: list[str]) -> None:
    rule(old, then="destroy")
    status, said, _ = run("--home", old.home, "retention", "--apply", *words)
    assert (status, "destroyed" in said) == (0, True)
    assert not old.has_day(LONG_AGO)
    assert not (old.home / "archive").exists()
    with closing(Registry(a_bench(old))) as registry:
        registry.read()
        (gone,) = (one.data for one in registry.standing.events if isinstance(one.data, DayPurged))
        assert registry.standing.anchors[LONG_AGO.isoformat()] == (gone.n, gone.hash)
    assert verified(old, None)[1]


def test_a_journal_that_went_otherwise_is_still_missed(old: Practice) -> None:
    (old.home / "clinics" / f"{LONG_AGO}.journal").unlink()
    lines, whole = verified(old, None)
    assert not whole
    assert any(f"{LONG_AGO}.journal is gone" in line for line in lines)


def test_killed_between_the_log_and_the_files_the_next_run_finishes_it(
    old: Practice, run: Run, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(Exception):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(archive, "take_away", killed)
        with pytest.raises(Killed):
            run("--home", old.home, "retention", "--apply", *words)
    assert old.has_day(LONG_AGO)
    _, said, _ = run("--home", old.home, "retention", *words)
    assert f"{LONG_AGO}  half taken away: --apply finishes it" in said
    assert old.has_day(LONG_AGO)
    _, said, _ = run("--home", old.home, "retention", "--apply", *words)
    assert f"{LONG_AGO}  taken away: it was half done" in said
    assert not old.has_day(LONG_AGO)
    assert verified(old, a_bench(old).keys)[1]


def test_killed_between_the_archive_and_the_log_the_next_run_does_it(
    old: Practice, run: Run, words: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Killed(Exception):
        pass

    def killed(*_: object) -> None:
        raise Killed

    rule(old, folder=str(tmp_path / "archive"))
    with monkeypatch.context() as patched:
        patched.setattr(retention, "note_purge", killed)
        with pytest.raises(Killed):
            run("--home", old.home, "retention", "--apply", *words)
    assert (tmp_path / "archive" / f"{LONG_AGO}.tar").exists()
    _, said, _ = run("--home", old.home, "retention", "--apply", *words)
    assert "archived in" in said
    assert not old.has_day(LONG_AGO)


def test_what_is_written_while_it_is_packed_is_kept(
    old: Practice, run: Run, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = day_module.attached_to

    def meanwhile(day: Day) -> object:
        with closing(a_desk(old, on=LONG_AGO)) as desk:
            desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.LEFT))
        monkeypatch.setattr(day_module, "attached_to", whole)
        return whole(day)

    monkeypatch.setattr(day_module, "attached_to", meanwhile)
    _, said, _ = run("--home", old.home, "retention", "--apply", *words)
    assert "kept: somebody wrote in it just now" in said
    assert old.has_day(LONG_AGO)
    _, said, _ = run("--home", old.home, "retention", "--apply", *words)
    assert "kept: entries came after the sign-off (1)" in said
    assert old.has_day(LONG_AGO)


def test_a_sheet_of_a_date_that_was_taken_away_is_no_accusation(
    old: Practice, run: Run, words: list[str]
) -> None:
    hashes = old.day_hashes(LONG_AGO)
    run("--home", old.home, "retention", "--apply", *words)
    lines, _ = sheet_lines(old, None, (1, hashes[1][:16]), LONG_AGO)
    assert f"ractice's rule: {LONG_AGO} at save {len(hashes) - 1}. Compare with the archive." in lines[0]
    assert "BAD" not in lines[0]
    for mark, on in (
        ((9, hashes[1][:16]), LONG_AGO),
        ((9, "f" * 16), None),
        ((len(hashes) - 1, "f" * 16), None),
    ):
        lines, whole = sheet_lines(old, None, mark, on)
        assert not whole
        assert lines[0].startswith("BAD  "), "it cannot be of what was taken away"
    lines, whole = sheet_lines(old, None, (len(hashes) - 1, hashes[-1][:16]), None)
    assert whole
    assert "its last save is the one of the sheet" in lines[0]


def test_a_day_that_is_not_as_it_was_written_is_kept(old: Practice, run: Run, words: list[str]) -> None:
    path = old.home / "clinics" / f"{LONG_AGO}.journal"
    content = path.read_bytes().rstrip(b"\0").split(b"\n")
    path.write_bytes(b"\n".join(content[:-2]) + b"\n")
    status, said, _ = run("--home", old.home, "retention", "--apply", *words)
    assert (status, "kept: it is not as it was written" in said) == (0, True)
    assert old.has_day(LONG_AGO)


def test_only_an_administrator(old: Practice, run: Run, words: list[str]) -> None:
    status, _, wrong = run("--home", old.home, "retention", "--staff", "npatel", *words[2:])
    assert status == 1
    assert "may not archive or destroy" in wrong


@pytest.mark.parametrize(("after", "due"), [(365, False), (366, True)])
def test_a_year_from_the_sign_off(after: int, due: bool) -> None:
    signed = an_event(ReviewSigned(on=DATE, n=1, hash="0" * 64), at=NINE + timedelta(days=3))
    review = Review(DATE, signed=signed)
    (one,) = kept([DATE], {DATE: review}, 365, LONDON)
    assert one.is_due(DATE + timedelta(days=3 + after)) is due
    assert [each.why for each in kept([DATE], {}, 365, LONDON)] == ["its review is open"]
