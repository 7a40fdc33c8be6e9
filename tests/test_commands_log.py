"""`gpa-tui log`: shown and exported to whom it may be, in words that steer nothing; verified by anybody."""

from __future__ import annotations

import csv
import json
import re
import stat
import subprocess
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from clinic import DATE, FIRST, PASSPHRASE, SECOND, FakeClock, a_bench, a_desk, a_patient, an_appointment
from demo_clinic import GPA_TUI

from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.event import Event
from gpa_tui.records.plan import WordsFrom
from gpa_tui.records.staff import Role
from gpa_tui.session import acts
from gpa_tui.session.admission import absorb_refusals
from gpa_tui.session.registry import Registry
from gpa_tui.session.whole_log import whole_log
from gpa_tui.store.practice import Practice

ON = DATE.isoformat()
STEERING = "\x1b[2J\x9b31m\x07\u202e"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(practice: Practice) -> Path:
    """A store with a list for `ON` and one move."""
    desk = a_desk(practice, FIRST, SECOND)
    desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.ARRIVED))
    desk.close()
    return practice.home


def entries(home: Path) -> list[Event]:
    practice = Practice(home)
    with closing(a_desk(practice)) as desk, closing(Registry(a_bench(practice))) as registry:
        registry.read()
        return [event for _, event in whole_log(desk.day, registry.standing, practice.settings.zone)]


def journal(home: Path) -> Path:
    return home / "clinics" / f"{ON}.journal"


def as_supervisor(secret: Path) -> tuple[object, ...]:
    return ("--staff", "npatel", "--passphrase-file", secret, "--date", ON)


def test_the_log_is_shown_in_the_order_it_happened_and_the_reading_recorded(
    run: Run, home: Path, secret: Path
) -> None:
    status, said, wrong = run("--home", home, "log", "show", *as_supervisor(secret))
    assert (status, wrong) == (0, "")
    lines = said.splitlines()
    assert len(lines) == len(entries(home)) + 1
    own = [line for line in lines[:-1] if "person added" not in line and "new key" not in line]
    assert own[-2].endswith("M Okafor GPA · OKONKWO, Grace · stage: booked → arrived")
    assert own[-1].endswith("Dr N Patel Clinician · log opened")
    people = sum(event.kind in {"staff.added", "epoch.begun"} for event in entries(home))
    last = (
        rf"{len(lines) - 1 - people} entries in 3 saves, head [0-9a-f]{{64}}; {people} more from the standing"
    )
    assert re.match(last, lines[-1])


@pytest.mark.parametrize(("staff", "words"), [("npatel", "wrong words"), ("nobody", PASSPHRASE)])
def test_nobody_reads_the_log_without_the_passphrase(
    run: Run, home: Path, tmp_path: Path, staff: str, words: str
) -> None:
    secret, before = tmp_path / "other", len(entries(home))
    secret.write_text(words)
    who = ("--staff", staff, "--passphrase-file", secret)
    status, said, wrong = run("--home", home, "log", "show", "--date", ON, *who)
    assert (status, said) == (1, "")
    assert wrong == "gpa-tui: That name and passphrase do not go together. Type the passphrase again.\n"
    assert len(entries(home)) == before


def test_a_wrong_passphrase_at_a_shell_is_in_the_log_at_the_next_sign_in(
    run: Run, home: Path, tmp_path: Path, clock: FakeClock
) -> None:
    secret = tmp_path / "other"
    secret.write_text("wrong words")
    run("--home", home, "log", "show", *as_supervisor(secret))
    practice = Practice(home)
    absorb_refusals(a_bench(practice, clock=clock))
    refused = next(event for event in entries(home) if event.kind == "signin.refused")
    assert isinstance(refused.data, facts.SignInRefusedFact)
    assert refused.data.name == "npatel"
    assert refused.by.role is Role.DEVICE
    assert practice.refusals.waiting() == []
    absorb_refusals(a_bench(practice, clock=clock))
    assert [event for event in entries(home) if event.kind == "signin.refused"] == [refused]


def test_a_log_that_is_cut_short_by_what_reads_it_ends_without_a_fault(home: Path, secret: Path) -> None:
    command = [str(word) for word in (GPA_TUI, "--home", home, "log", "show", *as_supervisor(secret))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as shown:
        assert shown.stdout is not None
        shown.stdout.close()
        assert shown.stderr is not None
        assert shown.stderr.read() == b""
        assert shown.wait() == 0


@pytest.mark.parametrize("verb", ["show", "export"])
def test_a_date_without_a_log_is_refused_with_the_latest_that_has_one(
    run: Run, home: Path, secret: Path, verb: str
) -> None:
    words = ("--staff", "npatel", "--passphrase-file", secret, "--date", "2026-11-24")
    expected = f"gpa-tui: There is no log for 2026-11-24. The latest is {ON}.\n"
    assert run("--home", home, "log", verb, *words) == (1, "", expected)
    assert not (home / "clinics" / "2026-11-24.journal").exists()


def hostile(home: Path, first: str = "=") -> None:
    """A patient and a plan whose words would steer a terminal or run in a spreadsheet."""
    row = an_appointment(3, a_patient(f"{first}cmd()", f"E{STEERING}vil"), reason="+1\nnext")
    desk = a_desk(Practice(home), row)
    given = facts.PlanGiven(
        words=f"@sum{STEERING}(1)\nsecond line", words_from=WordsFrom.AS_HEARD, given_by="x"
    )
    said = facts.Said(data=given, appointment=row.id, patient=row.patient.id)
    desk.do(lambda _: [said])
    desk.close()


def test_no_words_in_the_log_can_steer_the_terminal(run: Run, home: Path, secret: Path) -> None:
    hostile(home)
    _, said, _ = run("--home", home, "log", "show", *as_supervisor(secret))
    assert len(said.splitlines()) == len(entries(home)) + 1
    assert not [char for char in said if not char.isprintable() and char != "\n"]


def exported(run: Run, home: Path, secret: Path, form: str) -> Path:
    out = home.parent / f"log.{form}"
    words = ("log", "export", "--as", form, "--out", out, *as_supervisor(secret))
    assert run("--home", home, *words)[0] == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    return out


def test_an_exported_json_line_holds_the_whole_entry(run: Run, home: Path, secret: Path) -> None:
    hostile(home)
    lines = exported(run, home, secret, "jsonl").read_text("utf-8").split("\n")
    assert lines.pop() == ""
    told = [json.loads(line) for line in lines]
    assert {one.pop("journal") for one in told} == {ON, "standing"}
    assert [Event.model_validate(one) for one in told] == entries(home)
    assert next(one["data"] for one in told if one["data"]["kind"] == "exported") == {
        "kind": "exported",
        "what": "session log as jsonl",
        "file": "log.jsonl",
    }


@pytest.mark.parametrize("first", "=+-@")
def test_no_cell_of_an_exported_table_is_a_formula(run: Run, home: Path, secret: Path, first: str) -> None:
    hostile(home, first)
    with exported(run, home, secret, "csv").open(newline="", encoding="utf-8") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    assert [row["kind"] for row in rows] == [event.kind for event in entries(home)]
    assert not [cell for row in rows for cell in row.values() if cell[:1] in set("=+-@\t\r")]
    named = [row["patient"] for row in rows if row["kind"] == "plan.given"]
    assert named == [f"'{first}CMD(), E{STEERING}vil"]
    arrived = next(row for row in rows if row["kind"] == "appointment.moved")
    assert (arrived["staff"], arrived["role"], arrived["taken_back"]) == ("mokafor", "gpa", "")


def test_the_day_as_fhir_is_a_resource_a_line(run: Run, home: Path, secret: Path) -> None:
    hostile(home)
    lines = exported(run, home, secret, "fhir").read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    assert found
    assert {one["resourceType"] for one in found} <= {"Encounter", "AuditEvent", "Communication"}
    assert all(one["id"] for one in found)


def test_an_export_that_cannot_be_written_is_refused_in_words(run: Run, home: Path, secret: Path) -> None:
    for out, why in ((home, "is there already"), (home / "nowhere" / "log.jsonl", "cannot be written")):
        status, said, wrong = run("--home", home, "log", "export", "--out", out, *as_supervisor(secret))
        assert (status, said) == (1, "")
        assert why in wrong
        assert "--out" in wrong


def test_an_export_never_writes_over_a_file(run: Run, home: Path, secret: Path, tmp_path: Path) -> None:
    out = tmp_path / "kept.jsonl"
    out.write_text("mine")
    assert run("--home", home, "log", "export", "--out", out, *as_supervisor(secret))[0] == 1
    assert out.read_text() == "mine"


# ── log verify ────────────────────────────────────────────────────────────────────────────────


def contents(home: Path) -> dict[Path, bytes]:
    """Every file but the locks, which say who has them open."""
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file() and path.suffix != ".lock"}


def verified(run: Run, home: Path, *words: str) -> tuple[int, list[str]]:
    """The exit status and the lines said; nothing in the store may have been altered."""
    before = contents(home)
    status, said, wrong = run("--home", home, "log", "verify", *words)
    assert contents(home) == before
    return status, [line.rstrip() for line in (said + wrong).splitlines()]


ALL_WELL = [
    "All is as it was written.",
    "Chain, signatures and anchors were checked. With --staff NAME also what is inside: who did what, and "
    "whether the list of people is as it was recorded.",
]


def test_verify_names_each_journal_with_its_head(run: Run, home: Path) -> None:
    desk = a_desk(Practice(home))
    head = desk.storage.head[1]
    desk.close()
    status, lines = verified(run, home)
    assert status == 0
    assert lines[0].startswith("ok   standing: 1 saves, signed by mokafor 1, head ")
    assert lines[1] == f"ok   {ON}: 2 saves, signed by mokafor 2, head {head}"
    assert lines[2:] == ALL_WELL


def test_verify_with_a_passphrase_looks_inside(run: Run, home: Path, secret: Path) -> None:
    who = ("--staff", "npatel", "--passphrase-file", secret)
    status, lines = verified(run, home, *map(str, who))
    assert status == 0
    assert lines[-1] == "All is as it was written."


def test_verify_goes_on_after_a_damaged_journal_and_ends_with_1(run: Run, home: Path) -> None:
    a_desk(Practice(home), FIRST, on=DATE.replace(day=24)).close()
    journal(home).write_bytes(journal(home).read_bytes().replace(b'"n":2', b'"n":3'))
    status, lines = verified(run, home)
    assert status == 1
    assert lines[1].startswith(f"BAD  {ON}.journal: line 3 says it is commit 3")
    assert lines[2].startswith("ok   2026-11-24: 1 saves")
    assert lines[3] == "Nothing was altered now."


def test_verify_says_what_was_never_saved(run: Run, home: Path) -> None:
    journal(home).write_bytes(journal(home).read_bytes().rstrip(b"\0") + b'{"n":3')
    status, lines = verified(run, home)
    assert status == 0
    assert lines[1].endswith(", then 6 bytes of an entry that was never saved")


def test_verify_looks_at_the_date_that_was_asked_for(run: Run, home: Path) -> None:
    a_desk(Practice(home), FIRST, on=DATE.replace(day=24)).close()
    journal(home).write_bytes(b"not a journal\n")
    assert verified(run, home, "--date", "2026-11-24")[0] == 0
    assert verified(run, home, "--date", ON)[0] == 1


def test_verify_does_not_vouch_for_a_date_without_a_journal(run: Run, home: Path) -> None:
    status, lines = verified(run, home, "--date", "2026-11-24")
    assert status == 1
    assert "2026-11-24" in lines[0]


def test_verify_goes_on_after_a_journal_of_a_newer_format(run: Run, home: Path) -> None:
    a_desk(Practice(home), FIRST, on=DATE.replace(day=24)).close()
    journal(home).write_bytes(journal(home).read_bytes().replace(b'"format":1', b'"format":2', 1))
    status, lines = verified(run, home)
    assert status == 1
    assert any("has format 2" in line for line in lines)
    assert any(line.startswith("ok   2026-11-24") for line in lines)


def test_verify_says_in_words_which_journal_cannot_be_read(run: Run, home: Path) -> None:
    (home / "clinics" / "2026-11-24.journal").mkdir()
    status, lines = verified(run, home)
    assert status == 1
    assert any("2026-11-24" in line for line in lines)


def test_the_huddle_sheet_is_printed_and_that_is_recorded(run: Run, home: Path, secret: Path) -> None:
    who = ("--staff", "mokafor", "--passphrase-file", secret, "--date", ON)
    status, said, _ = run("--home", home, "huddle", *who)
    assert (status, "Booked    2, 09:00 to 09:10" in said) == (0, True)
    assert entries(home)[-1].data == facts.Printed(what="huddle sheet")
