"""What any file gives: its kind by its content, the same facts from each format, harmless text."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from intake.ecg_files.making import aecg, dicom, muse, philips, scp

from gpa_tui.errors import IntakeError
from gpa_tui.intake.ecg_files import LARGEST, read_ecg_file
from gpa_tui.records.ecg import EcgFileSays, EcgFormat

MADE: dict[EcgFormat, Callable[[], bytes]] = {
    EcgFormat.DICOM: dicom,
    EcgFormat.PHILIPS: philips,
    EcgFormat.AECG: aecg,
    EcgFormat.MUSE: muse,
    EcgFormat.SCP: scp,
}
each_kind = pytest.mark.parametrize("kind", MADE)


@each_kind
def test_the_kind_is_told_by_the_content(kind: EcgFormat) -> None:
    assert read_ecg_file(MADE[kind]()).format == kind


@each_kind
def test_each_kind_gives_the_patient_and_the_numbers(kind: EcgFormat) -> None:
    says = read_ecg_file(MADE[kind]())
    assert says.name == "Ada Invented"
    assert says.gender == "female"
    assert says.born is not None
    assert says.patient_ids[0] in ("GP-77", "subject-9")
    assert says.recorded_at is not None
    numbers = says.numbers
    assert None not in (numbers.pr_ms, numbers.qrs_ms, numbers.qt_ms, numbers.qtc_ms, numbers.axis_deg)


@each_kind
def test_a_sound_file_has_nothing_odd_about_its_leads(kind: EcgFormat) -> None:
    odd = [
        note
        for note in read_ecg_file(MADE[kind]()).notes
        if not note.startswith(("filters", "the checksums"))
    ]
    assert odd == []


@each_kind
def test_names_in_odd_places_are_not_read_out(kind: EcgFormat) -> None:
    """Those of confirming and referring doctors, and of whoever stands in a free-text reason."""
    words = read_ecg_file(MADE[kind]()).model_dump_json()
    assert not [name for name in ("Confirmer", "Referrer", "Performer", "Reason") if name in words]


def test_a_pdf_is_known_and_nothing_is_read_out_of_it() -> None:
    assert read_ecg_file(b"%PDF-1.7\nRestingECG") == EcgFileSays(format=EcgFormat.PDF)


@pytest.mark.parametrize(
    "content",
    [
        b"\0", b"PK\x03\x04", b"<html><body/></html>", b"<", b"<!-- never ends", b"<?xml", b"<<<", b"{}",
        b"<!DOCTYPE x [<!ENTITY RestingECG 'a'>]><x/>", bytes(200) + b"SCPECG", bytes(128) + b"DICM",
        "<note>ECG</note>".encode("utf-16"), "ECG, früher".encode("latin-1"),
    ],
)  # fmt: skip
def test_a_file_of_an_unknown_kind_is_kept_without_reading(content: bytes) -> None:
    assert read_ecg_file(content) == EcgFileSays(format=EcgFormat.OTHER)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(IntakeError, match="empty"):
        read_ecg_file(b"")


def test_a_file_over_20_mb_is_refused_and_says_so() -> None:
    with pytest.raises(IntakeError, match="larger than 20 MB"):
        read_ecg_file(b"%PDF-" + bytes(LARGEST))
    assert read_ecg_file(b"%PDF-" + bytes(LARGEST - 5)).format == EcgFormat.PDF


def test_importing_the_reader_loads_no_format_library() -> None:
    code = (
        "import sys, gpa_tui.intake.ecg_files as files; files.read_ecg_file(b'%PDF-'); "
        "print([name for name in ('pydicom', 'numpy', 'sierraecg', 'defusedxml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_could_steer_a_terminal_is_taken_out_of_every_text() -> None:
    hostile = "\x1b]0;title\x07\x1b[2J\u202eAda\x9b31m\r\n"
    who = {0: hostile.encode(), 1: b"", 2: hostile.encode()}
    says = read_ecg_file(scp(patient=who, statements=[hostile.encode()]))
    assert says.name == "Ada"
    assert says.patient_ids == ("Ada",)
    assert says.statements == ("Ada",)


def test_statements_are_bounded_in_number_and_length() -> None:
    says = read_ecg_file(scp(statements=[b"x" * 2000] * 60))
    assert len(says.statements) == 50
    assert {len(text) for text in says.statements} == {500}
    assert says.statements[0].endswith("…")


def test_notes_are_bounded_and_the_last_says_how_many_are_missing() -> None:
    quality = {"I": "<LeadOff>TRUE</LeadOff>"}
    many = {f"X{number}": [0, 0] for number in range(100)}
    says = read_ecg_file(
        muse({"I": [0, 0], **many}, quality=quality | dict.fromkeys(many, "<LeadOff>TRUE</LeadOff>"))
    )
    assert len(says.notes) == 60
    assert says.notes[0] == "I: lead off, says the cart"
    assert says.notes[-1].endswith("more notes are not shown")
