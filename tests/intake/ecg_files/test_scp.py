"""SCP-ECG and its traps."""

from __future__ import annotations

import struct
from binascii import crc_hqx
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake.ecg_files.making import _coded, recording, scp, scp_record

from gpa_tui.errors import IntakeError
from gpa_tui.intake.ecg_files import read_ecg_file, samples, scp_leads
from gpa_tui.records.ecg import EcgFormat


def resealed(record: bytearray) -> bytes:
    """The record with its whole checksum made right again, as a careful forger would."""
    struct.pack_into("<H", record, 0, crc_hqx(bytes(record[2:]), 0xFFFF))
    return bytes(record)


def test_scp_qtc_with_formula_code_0_names_none() -> None:
    numbers = read_ecg_file(scp()).numbers
    assert (numbers.qtc_ms, numbers.qtc_formula) == (443, "")


@pytest.mark.parametrize(
    ("code", "name"), [(1, "bazett"), (2, "hodges"), (3, "fridericia"), (4, "framingham"), (9, "")]
)
def test_scp_qtc_formula_codes(code: int, name: str) -> None:
    assert read_ecg_file(scp(formula=code)).numbers.qtc_formula == name


@pytest.mark.parametrize(("stored", "read"), [(0, None), (29999, None), (60, 60)])
def test_scp_without_a_ventricular_rate_has_none_computed(stored: int, read: int | None) -> None:
    assert read_ecg_file(scp(rate=stored)).numbers.rate == read


def test_scp_intervals_are_between_the_carts_own_marks() -> None:
    numbers = read_ecg_file(scp()).numbers
    assert (numbers.pr_ms, numbers.qrs_ms, numbers.qt_ms, numbers.axis_deg) == (148, 90, 400, -61)


def test_marks_that_were_not_measured_give_no_interval() -> None:
    beat = struct.pack("<8H", 29999, 29999, 434, 524, 834, 999, 999, 999)
    says = read_ecg_file(scp(extra={7: struct.pack("<BBHH", 1, 0, 0, 0) + beat}))
    assert says.numbers.model_dump(exclude_none=True) == {"qrs_ms": 90, "qt_ms": 400, "qtc_formula": ""}


def test_scp_time_zone_is_that_of_its_field() -> None:
    at = datetime(2026, 4, 1, 9, 10)  # noqa: DTZ001 — a cart's clock
    assert read_ecg_file(scp()).recorded_at == at
    zoned = read_ecg_file(scp(patient={34: struct.pack("<hh", 60, 0) + b"\0"}))
    assert zoned.recorded_at == at.replace(tzinfo=timezone(timedelta(hours=1)))
    unknown = read_ecg_file(scp(patient={34: struct.pack("<hh", 0x7FFF, 0)}))
    assert unknown.recorded_at == at


def test_a_birth_date_that_is_not_whole_is_not_given() -> None:
    assert read_ecg_file(scp(patient={5: bytes(4)})).born is None
    assert read_ecg_file(scp(patient={5: struct.pack("<HBB", 1972, 2, 30)})).born is None


def test_scp_stated_age_against_the_birth_date() -> None:
    assert (
        "the file says age 40, its birth date makes 53"
        in read_ecg_file(scp(patient={4: b"\x28\0\x01"})).notes
    )
    assert read_ecg_file(scp(patient={4: b"\x28\0\x02"})).notes == ()  # months


def test_full_text_of_section_11_stands_in_for_section_8() -> None:
    text = b"\x02Sinus rhythm\0"
    section = (
        bytes(8) + b"\x02" + struct.pack("<BH", 1, len(text)) + text + struct.pack("<BH", 2, 2) + b"\x01\x05"
    )
    assert read_ecg_file(scp(statements=[], extra={11: section})).statements == ("Sinus rhythm",)
    assert read_ecg_file(scp(extra={11: section})).statements == ("Sinus rhythm", "Early R")


def test_the_carts_quality_codes_come_first() -> None:
    values = [29999] * 25 + [0b10_00_00_00_01]  # mains noise moderate, spikes severe
    section = struct.pack("<HHHH", 1, 0, 5, 52) + struct.pack("<26H", *values)
    notes = read_ecg_file(scp(extra={10: section}, patient={4: b"\x28\0\x01"})).notes
    assert notes[:2] == (
        "V3: mains noise (moderate), says the cart",
        "V3: spikes or jumps (severe), says the cart",
    )


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("differences", [0, 1, 2])
def test_samples_are_unpacked_to_the_count(plain: bool, differences: int) -> None:
    counts = recording()["V2"]
    stored = [scp_leads.Stored("V2", 1, len(counts), _coded(counts, differences, plain))]
    assert scp_leads.unpacked(stored, plain=plain, differences=differences)[0][1] == counts
    assert read_ecg_file(scp(plain=plain, differences=differences)).notes == ()


@given(st.lists(st.integers(-32768, 32767), min_size=1, max_size=50))
def test_huffman_gives_back_what_went_in(values: list[int]) -> None:
    assert scp_leads.huffman(_coded(values, 0, False), len(values)) == values


def test_a_section_cut_at_64_kb_is_cut_short_and_not_padded() -> None:
    short = {name: counts[:3000] for name, counts in recording().items()}
    assert read_ecg_file(scp(short, promised=5000, plain=True)).notes == (
        "cut short: 3000 of 5000 samples in all 12 leads",
    )


@pytest.mark.parametrize("flags", [1])
def test_leads_with_a_reference_beat_taken_out_are_not_judged(flags: int) -> None:
    leads = recording()
    section = bytes((12, 0x64 | flags)) + b"".join(
        struct.pack("<IIB", 1, 5000, number) for number in (1, 2, 61, 62, 63, 64, 3, 4, 5, 6, 7, 8)
    )
    assert read_ecg_file(scp(leads, extra={3: section})).notes == (samples.NOT_CHECKED,)


def test_without_leads_there_is_a_note() -> None:
    assert read_ecg_file(scp_record({1: b"\xff\0\0"})).notes == (samples.NO_LEADS,)


def test_scp_of_the_first_dialects_has_no_name_and_is_known_by_its_checksum() -> None:
    record = bytearray(scp())
    record[16:22] = bytes(6)
    assert read_ecg_file(bytes(record)).format == EcgFormat.OTHER
    struct.pack_into("<H", record, 6, crc_hqx(bytes(record[8:142]), 0xFFFF))
    assert read_ecg_file(resealed(record)).name == "Ada Invented"


def pointer(section: int, length: int | None = None, index: int | None = None) -> bytes:
    """A record whose pointer to `section` leads elsewhere."""
    record = bytearray(scp())
    at = 22 + 10 * section
    if length is not None:
        struct.pack_into("<I", record, at + 2, length)
    if index is not None:
        struct.pack_into("<I", record, at + 6, index)
    return resealed(record)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (pointer(1, length=2**32 - 1), "section 1 ends beyond the end of the file"),
        (pointer(1, index=2**32 - 1), "section 1 ends beyond the end of the file"),
        (pointer(7, index=0), "section 7 ends beyond the end of the file"),
        (pointer(6, length=20), "section 6 is not where the file says"),
        (pointer(6, index=143), "section 6 is not where the file says"),
        (scp()[:-10], r"it should have \d+ bytes and has \d+"),
        (scp(size=3), "it says that it has 3 bytes"),
        (scp(size=2**32 - 1), "it should have 4294967295 bytes"),
        (scp(extra={1: b"\x00\xff\xff"}), "field 0 of section 1 ends beyond the section"),
        (scp(extra={8: bytes(8) + b"\x01\x01\xff\xff"}), "a statement ends beyond its section"),
        (scp(extra={3: b"\xff\x00"}), "section 3 is shorter than its leads"),
        (scp(extra={6: b"\x00"}), "section 6 is shorter than its leads"),
    ],
)
def test_what_leads_out_of_the_file_is_refused_with_the_place(content: bytes, sentence: str) -> None:
    with pytest.raises(IntakeError, match=f"This SCP-ECG file is damaged: {sentence}"):
        read_ecg_file(content)


def test_a_changed_byte_breaks_a_checksum() -> None:
    record = bytearray(scp())
    record[record.index(b"Invented")] ^= 1
    with pytest.raises(IntakeError, match="the checksum of the record does not fit"):
        read_ecg_file(bytes(record))
    with pytest.raises(IntakeError, match="the checksum of section 1 does not fit"):
        read_ecg_file(resealed(record))


def test_checksums_left_at_0_are_noted() -> None:
    record = bytearray(scp())
    record[0:2] = b"\0\0"
    assert read_ecg_file(bytes(record)).notes == (
        "the checksum of the record is 0: whether it is whole is unchecked",
    )


def test_bytes_after_the_end_are_noted() -> None:
    assert read_ecg_file(scp() + b"more").notes == ("4 bytes follow the end of the recording",)


def test_many_pointers_to_one_section_cost_no_time() -> None:
    many = struct.pack("<HII", 0, 136, 7) * 12 + struct.pack("<HII", 1, 200_000, 300_000) * 20_000
    body = bytes(600_000)
    head = struct.pack("<HIBB", 0, len(many) + 16, 20, 20) + b"SCPECG" + many
    rest = struct.pack("<H", crc_hqx(head, 0xFFFF)) + head + body
    sized = struct.pack("<I", len(rest) + 6) + rest
    with pytest.raises(IntakeError, match="section 1 is not where"):
        read_ecg_file(struct.pack("<H", crc_hqx(sized, 0xFFFF)) + sized)
