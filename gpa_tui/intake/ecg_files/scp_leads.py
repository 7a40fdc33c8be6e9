"""The leads of an SCP-ECG record: sections 2 (packing), 3 (which leads) and 6 (samples), for checks only.

Unpacked are samples that stand plain or in the standard's own Huffman table, as differences or not. Not
unpacked, and said so: tables of the maker's own, and samples with a reference beat taken out or thinned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gpa_tui.intake.ecg_files import samples
from gpa_tui.intake.ecg_files.fields import damaged
from gpa_tui.intake.ecg_files.packed import int16s
from gpa_tui.records.ecg import EcgFormat

NAMES = {
    1: "I", 2: "II", 3: "V1", 4: "V2", 5: "V3", 6: "V4", 7: "V5", 8: "V6",
    61: "III", 62: "aVR", 63: "aVL", 64: "aVF",
}  # fmt: skip
_OWN_TABLE = 19999  # in place of a count of tables: the standard's
_WIDEST = 10  # ones in a row: a 16-bit sample follows; 9 and a zero: an 8-bit one


@dataclass(frozen=True, slots=True)
class Stored:
    """One lead of section 6: name ("" if unknown), first sample, how many it should have, and bytes."""

    name: str
    first: int
    promised: int
    data: bytes


def notes(sections: Mapping[int, bytes]) -> list[str]:
    """Notes on the leads. Raises `IntakeError` when section 3 or 6 is shorter than it says."""
    if 3 not in sections or 6 not in sections:
        return [samples.NO_LEADS]
    head, stored = _stored(sections[3], sections[6])
    tables = int.from_bytes(sections[2][:2], "little") if sections.get(2) else 0
    nanovolts, interval_us = int.from_bytes(head[:2], "little"), int.from_bytes(head[2:4], "little")
    packed_further = sections[3][1] & 1 or head[5]
    if packed_further or tables not in (0, _OWN_TABLE) or not nanovolts or not 100 <= interval_us <= 20_000:
        return [samples.NOT_CHECKED]
    if any(lead.promised > samples.LONGEST for lead in stored):
        return [samples.TOO_LONG]
    step = nanovolts / 1_000_000
    leads = {
        lead.name: samples.Lead(lead.name, [count * step for count in counts], lead.promised, lead.first)
        for lead, counts in unpacked(stored, plain=tables == 0, differences=head[4])
    }
    return samples.check(list(leads.values()), 1_000_000 / interval_us)


def _stored(section_3: bytes, section_6: bytes) -> tuple[bytes, list[Stored]]:
    """The six bytes that head section 6, and its leads by section 3's order and numbers."""
    count = section_3[0] if section_3 else 0
    if len(section_3) < 2 + 9 * count or count == 0:
        raise damaged(EcgFormat.SCP, "section 3 is shorter than its leads")
    at = 6 + 2 * count
    if len(section_6) < at:
        raise damaged(EcgFormat.SCP, "section 6 is shorter than its leads")
    found = []
    for number in range(count):
        entry = section_3[2 + 9 * number : 11 + 9 * number]
        first, last = int.from_bytes(entry[:4], "little"), int.from_bytes(entry[4:8], "little")
        size = int.from_bytes(section_6[6 + 2 * number : 8 + 2 * number], "little")
        found.append(
            Stored(NAMES.get(entry[8], ""), first, max(0, last - first + 1), section_6[at : at + size])
        )
        at += size
    return section_6[:6], found


def unpacked(stored: Sequence[Stored], *, plain: bool, differences: int) -> list[tuple[Stored, list[int]]]:
    """The samples of each lead that has a name, in counts, as far as they are there; the first of a name."""
    found: dict[str, tuple[Stored, list[int]]] = {}
    for lead in stored:
        if lead.name and lead.name not in found:
            raw = list(int16s(lead.data)) if plain else huffman(lead.data, lead.promised)
            found[lead.name] = lead, summed(raw[: lead.promised], differences)
    return list(found.values())


def huffman(data: bytes, most: int) -> list[int]:
    """Up to `most` values by the default table (EN 1064 C.3.7.6).

    `0` is 0; n ones, a zero and a sign are plus or minus n up to 8; nine ones and a zero, or ten ones, are
    followed by the value itself in 8 or 16 bits.
    """
    bits = f"{int.from_bytes(data, 'big'):0{len(data) * 8}b}" if data else ""
    values: list[int] = []
    at = 0
    while len(values) < most and at < len(bits):
        zero = bits.find("0", at, at + _WIDEST)
        ones = _WIDEST if zero < 0 else zero - at
        at += min(ones + 1, _WIDEST)
        width = {9: 8, _WIDEST: 16}.get(ones, 1 if ones else 0)
        if at + width > len(bits):
            break
        code = int(bits[at : at + width] or "0", 2)
        at += width
        if width > 1:
            values.append(code - (1 << width) if code >> (width - 1) else code)
        else:
            values.append(-ones if code else ones)
    return values


def summed(values: list[int], differences: int) -> list[int]:
    """Samples out of first or second differences (1, 2); 0 are samples already."""
    if differences == 1:
        for at in range(1, len(values)):
            values[at] += values[at - 1]
    elif differences == 2:
        for at in range(2, len(values)):
            values[at] += 2 * values[at - 1] - values[at - 2]
    return values
