"""Damaged and hostile files: what they say, or `IntakeError`, and nothing else, in bounded time."""

from __future__ import annotations

import struct
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from intake.ecg_files.making import HZ, aecg, dicom, muse, philips, recording, scp, xli

from gpa_tui.errors import IntakeError
from gpa_tui.intake.ecg_files import read_ecg_file
from gpa_tui.intake.ecg_files.fields import compact_date, compact_time, notes, numbers, words
from gpa_tui.intake.ecg_files.xml_text import DEEPEST, root_name
from gpa_tui.records.ecg import EcgFileSays

_LONGEST_S = 10.0  # of the processor: far above what any of these takes, far below what a bomb would
_ROOTS = {"RestingECG": muse, "AnnotatedECG": aecg, "restingecgdata": philips}


@cache
def small(kind: str) -> bytes:
    """A file of two seconds, so that many can be tried."""
    leads = {name: counts[: 2 * HZ] for name, counts in recording().items()}
    made: dict[str, Callable[[], bytes]] = {
        "muse": lambda: muse(leads),
        "aecg": lambda: aecg(leads),
        "philips": lambda: philips(leads, encoding="utf-8"),
        "scp": lambda: scp(leads),
        "dicom": lambda: dicom(leads),
    }
    return made[kind]()


def read_in_time(content: bytes) -> EcgFileSays | IntakeError:
    began = time.process_time()
    found: EcgFileSays | IntakeError
    try:
        found = read_ecg_file(content)
    except IntakeError as error:
        found = error
    assert isinstance(found, EcgFileSays) or (found.reason.endswith(".") and found.remedy)
    assert time.process_time() - began < _LONGEST_S
    return found


def flipped(content: bytes, flips: list[tuple[float, int]], cut: float) -> bytes:
    """`content` up to a part of it, with some bytes changed; places are parts of the whole."""
    changed = bytearray(content[: 1 + int(cut * len(content))])
    for where, bits in flips:
        changed[int(where * (len(changed) - 1))] ^= bits
    return bytes(changed)


places = st.floats(0, 1) | st.floats(0, 0.03)  # the header is where the damage tells
damage = st.lists(st.tuples(places, st.integers(1, 255)), max_size=6)


@pytest.mark.parametrize("kind", ["muse", "aecg", "philips", "scp", "dicom"])
@given(flips=damage, cut=st.just(1.0) | st.floats(0, 1))
def test_any_cut_and_any_flipped_bytes_give_a_file_or_a_reason(
    kind: str, flips: list[tuple[float, int]], cut: float
) -> None:
    read_in_time(flipped(small(kind), flips, cut))


@given(number=st.sampled_from([1, 2, 3, 6, 7, 8, 10, 11]), data=st.binary(max_size=300))
@example(number=6, data=struct.pack("<HHBB", 5000, 2000, 2, 0) + b"\xff\xff" * 12)
@example(number=3, data=b"\x0c\x64" + struct.pack("<IIB", 0, 2**32 - 1, 1) * 12)
@example(number=10, data=b"\xff\xff" * 3)
def test_an_scp_section_of_any_bytes_under_right_checksums(number: int, data: bytes) -> None:
    read_in_time(scp({name: counts[: 2 * HZ] for name, counts in recording().items()}, extra={number: data}))


@given(flips=damage, cut=st.just(1.0) | st.floats(0, 1))
def test_packed_philips_leads_of_any_bytes(flips: list[tuple[float, int]], cut: float) -> None:
    leads = {name: counts[:HZ] for name, counts in recording().items()}
    body = b64encode(flipped(b64decode(xli(leads)), flips, cut)).decode()
    read_in_time(philips(leads, encoding="utf-8", pulse=0, body=body))


@given(st.binary(max_size=400))
@example(b"<RestingECG")
@example(b"<restingecgdata/>")
@example(b"<AnnotatedECG/>")
@example(b"<RestingECG/>")
def test_any_bytes_give_a_file_or_a_reason(content: bytes) -> None:
    if content:
        read_in_time(content)


@pytest.mark.parametrize("root", _ROOTS)
def test_an_entity_bomb_is_refused(root: str) -> None:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE {root} [<!ENTITY e0 "ha">{lines}]><{root}>&e9;</{root}>'
    with pytest.raises(IntakeError, match="declares entities"):
        read_ecg_file(bomb.encode())


@pytest.mark.parametrize("root", _ROOTS)
def test_an_external_entity_is_refused(root: str) -> None:
    reaching = f'<!DOCTYPE {root} [<!ENTITY x SYSTEM "file:///etc/hostname">]><{root}>&x;</{root}>'
    with pytest.raises(IntakeError, match="declares entities"):
        read_ecg_file(reaching.encode())


@pytest.mark.parametrize("root", _ROOTS)
def test_deeply_nested_xml_is_refused(root: str) -> None:
    deep = f"<{root}>" + "<a>" * 100_000 + "</a>" * 100_000 + f"</{root}>"
    assert isinstance(found := read_in_time(deep.encode()), IntakeError)
    assert f"nested more than {DEEPEST} deep" in found.reason


@pytest.mark.parametrize("root", _ROOTS)
def test_xml_of_too_many_elements_is_refused(root: str) -> None:
    wide = f"<{root}>" + "<a/>" * 300_000 + f"</{root}>"
    assert isinstance(found := read_in_time(wide.encode()), IntakeError)
    assert "more than 100000 elements" in found.reason


def test_xml_that_ends_early_says_where() -> None:
    with pytest.raises(
        IntakeError, match=r"This GE MUSE XML file is damaged: it is not whole XML \(line \d+"
    ):
        read_ecg_file(muse()[:2000])


@pytest.mark.parametrize("encoding", ["utf-7", "rot13", "no-such", "punycode"])
def test_an_odd_character_set_is_refused(encoding: str) -> None:
    with pytest.raises(IntakeError):
        read_ecg_file(f'<?xml version="1.0" encoding="{encoding}"?><RestingECG>é</RestingECG>'.encode())


def test_a_hundred_thousand_unclosed_comments_cost_no_time() -> None:
    assert read_in_time(b"<!--" * 100_000)
    assert root_name(b"<!-- <RestingECG> --><?pi <x?><!DOCTYPE a><p:AnnotatedECG a='1'/>") == "AnnotatedECG"


def test_a_statement_that_never_ends_its_line_costs_no_time() -> None:
    endless = "<DiagnosisStatement><StmtText>" + "x" * 90 + "</StmtText></DiagnosisStatement>"
    assert read_in_time(muse(diagnosis=f"<Diagnosis>{endless * 20_000}</Diagnosis>"))


def test_a_hundred_leads_of_one_name_are_read_once() -> None:
    lead = muse().decode("latin-1").split("<LeadData>")[1].split("</LeadData>")[0]
    assert read_in_time(muse(changed={"<ACFilter>": f"<LeadData>{lead}</LeadData>" * 100 + "<ACFilter>"}))


@given(st.text(max_size=60))
def test_no_text_makes_a_field_fail(text: str) -> None:
    assert len(words(text, 20)) <= 20
    compact_date(text)
    compact_time(text)
    numbers(rate=text, axis_deg=text)
    assert notes([text]) is not None


@given(st.integers(-400, 400))
def test_an_axis_is_within_half_a_turn_or_not_given(degrees: int) -> None:
    axis = numbers(axis_deg=degrees).axis_deg
    assert axis is None or -180 <= axis <= 180
    assert axis is None or (axis - degrees) % 360 == 0
