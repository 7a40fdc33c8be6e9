from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from intake.lists import (
    ON,
    SHIPPED_LISTS,
    appointment,
    bundle,
    names,
    patient,
    plain,
    practitioner,
    read,
    table,
)

from gpa_tui.errors import IntakeError
from gpa_tui.intake import daylist


def test_the_content_says_what_a_file_is_not_its_name(tmp_path: Path) -> None:
    fhir = json.dumps(bundle(practitioner(), patient(), appointment()))
    assert names(read(tmp_path / "list.csv", fhir)) == ["OKONKWO, Grace (Mrs)"]
    assert names(read(tmp_path / "list.csv", f"\ufeff \n{fhir}")) == ["OKONKWO, Grace (Mrs)"]
    assert names(read(tmp_path / "list.json", table(plain()))) == ["OKONKWO, Grace"]


def test_the_list_says_which_file_it_was(tmp_path: Path) -> None:
    text = table(plain())
    found = read(tmp_path / "Mon\x1b[2Jday.csv", text)
    assert found.file == "Monday.csv"
    assert found.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert found.date == ON


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"<Bundle/>", "XML"),
        (b"{\\rtf1", "word processor"),
        (b"[1, 2]", "not a FHIR resource"),
        (b'{"a": 1}', "not a FHIR resource"),
        (b'{"resourceType": "Bundle", "type": "searchset", "entry": [', "not whole"),
        (b'{"resourceType": "Bundle", "type": "history"}', "“history”"),
        (b'{"resourceType": "Bundle", "entry": "\xff"}', "not whole"),
        (b"[" * 100_000, "not whole"),
        (b"\0\1\2\3", "no row of column headings"),
        (b"just words", "no column for the date"),
    ],
)
def test_what_is_no_list_is_refused_in_words(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(IntakeError, match=reason) as refused:
        read(tmp_path / "list", content)
    assert refused.value.remedy


def test_a_file_that_is_not_there_or_no_file(tmp_path: Path) -> None:
    for path, reason in ((tmp_path, "is not a file"), (tmp_path / "none.csv", "No such file")):
        with pytest.raises(IntakeError, match=reason):
            daylist.read_list(path, settings=None, practice="p", on=ON, demo=True)  # type: ignore[arg-type]


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "list.csv")
    with pytest.raises(IntakeError, match="is not a file"):
        daylist.read_list(tmp_path / "list.csv", settings=None, practice="p", on=ON, demo=True)  # type: ignore[arg-type]


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = table(plain())
    monkeypatch.setattr(daylist, "MAX_BYTES", len(text))
    assert read(tmp_path / "list.csv", text).appointments
    monkeypatch.setattr(daylist, "MAX_BYTES", len(text) - 1)
    with pytest.raises(IntakeError, match="larger than"):
        read(tmp_path / "list.csv", text)


def test_the_fhir_library_is_loaded_only_for_a_bundle(tmp_path: Path) -> None:
    """Loading it takes a quarter of a second, which no other start of the program should pay."""
    program = """
import sys
from datetime import date
from pathlib import Path
import gpa_tui.intake.daylist, gpa_tui.intake.reconcile, gpa_tui.intake.rejected
import gpa_tui.intake.fhir_list, gpa_tui.intake.csv_list
from gpa_tui.settings import PracticeSettings
for name in sys.argv[1:]:
    gpa_tui.intake.daylist.read_list(
        Path(name), settings=PracticeSettings(name="x"), practice="p", on=date(2026, 11, 22), demo=True
    )
    print(any(module.split(".")[0] == "fhir" for module in sys.modules))
"""
    lists = [str(SHIPPED_LISTS / "plain.csv"), str(SHIPPED_LISTS / "bundle.json")]
    done = subprocess.run(
        [sys.executable, "-c", program, *lists], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.split() == ["False", "True"]
