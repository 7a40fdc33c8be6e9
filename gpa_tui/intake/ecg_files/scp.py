"""SCP-ECG (EN 1064:2005, ISO/IEEE 11073-91064): what the file says.

A record of sections, each with a checksum, found by the pointers in section 0; all little-endian. Read:
1 (who and when), 7 (measurements), 8 and 11 (statements), 10 (the cart's quality codes); the leads are
`scp_leads`.
"""

from __future__ import annotations

from binascii import crc_hqx
from collections.abc import Iterator
from datetime import timezone

from gpa_tui.intake.ecg_files import fields, scp_leads
from gpa_tui.records.ecg import EcgFileSays, EcgFormat, EcgNumbers, Formula

_KIND = EcgFormat.SCP
_MARK = slice(16, 22), b"SCPECG"
_RECORD_HEADER = 6  # checksum and size
_HEADER = 16  # of a section: checksum, number, size, versions, reserved
_POINTER = 10
_LAST_SECTION = 11  # of those the standard defines
_GENDERS: dict[int, fields.Gender] = {1: "male", 2: "female"}
_FORMULAS: dict[int, Formula] = {1: "bazett", 2: "hodges", 3: "fridericia", 4: "framingham"}
_QUALITY = (
    "mains noise", "over range", "baseline wander", "muscle noise", "spikes or jumps", "lead loose or off",
)  # fmt: skip
_LEVELS = {1: "moderate", 2: "severe"}
_QUALITY_AT = 25  # among the 16-bit measurements of a lead in section 10


def is_scp(content: bytes) -> bool:
    """Whether section 0 is where it must be, by its name or its checksum."""
    where, mark = _MARK
    if content[where] == mark:
        return True
    length = _number(content[10:14])  # the first dialects leave the name out: then the checksum must fit
    section = content[_RECORD_HEADER : _RECORD_HEADER + length]
    whole = _HEADER + 12 * _POINTER <= length == len(section) and section[2:4] == b"\0\0"
    return whole and crc_hqx(section[2:], 0xFFFF) == _number(section[:2])


def read(content: bytes) -> EcgFileSays:
    """What an SCP-ECG file says. Raises `IntakeError` when a pointer, length or checksum does not fit."""
    sections, odd = _sections(content)
    who = _fields(sections.get(1, b""))
    born = _date(who.get(5, b""))
    zone = _zone(who.get(34, b""))
    day, clock = _date(who.get(25, b"")), who.get(26, b"")
    recorded_at = None
    if day and len(clock) >= 3:
        recorded_at = fields.moment([*map(int, day.split("-")), *clock[:3]], zone)
    gender = _GENDERS.get((who.get(8) or b"\0")[0], "")
    return EcgFileSays(
        format=_KIND,
        patient_ids=fields.identifiers([_text(who.get(2, b""))]),
        name=fields.full_name(*(_text(who.get(tag, b"")) for tag in (1, 0, 3))),
        born=born,
        gender=gender,
        recorded_at=recorded_at,
        numbers=_numbers(sections.get(7, b"")),
        statements=fields.statements(_statements(sections)),
        notes=fields.notes(
            _quality(sections.get(10, b"")),
            odd,
            fields.age_notes(_age(who.get(4, b"")), born, recorded_at),
            scp_leads.notes(sections),
        ),
    )


def _sections(content: bytes) -> tuple[dict[int, bytes], list[str]]:
    """The data of each section that is there, without its header, and notes on the record."""
    size = _number(content[2:6])
    if size > len(content):
        raise fields.damaged(_KIND, f"it should have {size} bytes and has {len(content)}")
    if size < _RECORD_HEADER + _HEADER:
        raise fields.damaged(_KIND, f"it says that it has {size} bytes")
    odd = [] if size == len(content) else [f"{len(content) - size} bytes follow the end of the recording"]
    odd += _checked("the record", content[:size])
    found: dict[int, bytes] = {}
    for number, length, index in _pointers(content[:size]):
        if number in found:
            continue
        if index < 1 or index - 1 + length > size:
            raise fields.damaged(_KIND, f"section {number} ends beyond the end of the file")
        section = content[index - 1 : index - 1 + length]
        if length < _HEADER or _number(section[2:4]) != number or _number(section[4:8]) != length:
            raise fields.damaged(_KIND, f"section {number} is not where the file says")
        odd += _checked(f"section {number}", section)
        found[number] = section[_HEADER:]
    return found, odd


def _pointers(record: bytes) -> Iterator[tuple[int, int, int]]:
    """Number, length and place (from 1) of each section but the pointers themselves; absent ones left out."""
    length = _number(record[10:14])
    if length < _HEADER or _RECORD_HEADER + length > len(record):
        raise fields.damaged(_KIND, "section 0 ends beyond the end of the file")
    at = _RECORD_HEADER + _HEADER
    while at + _POINTER <= _RECORD_HEADER + length:
        number, size, index = (
            _number(record[at : at + 2]), _number(record[at + 2 : at + 6]), _number(record[at + 6 : at + 10]),
        )  # fmt: skip
        if 0 < number <= _LAST_SECTION and size:
            yield number, size, index
        at += _POINTER


def _checked(what: str, part: bytes) -> list[str]:
    """Nothing when the checksum in the first two bytes fits the rest; a note when it was left at 0."""
    said = _number(part[:2])
    if said == crc_hqx(part[2:], 0xFFFF):
        return []
    if said == 0:
        return [f"the checksum of {what} is 0: whether it is whole is unchecked"]
    raise fields.damaged(_KIND, f"the checksum of {what} does not fit")


def _number(raw: bytes) -> int:
    return int.from_bytes(raw, "little")


def _signed(raw: bytes) -> int:
    return int.from_bytes(raw, "little", signed=True)


def _text(raw: bytes) -> str:
    """Text up to its zero byte: UTF-8 where it is that, else Latin-1, the standard's own."""
    raw = raw.split(b"\0")[0]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _fields(section: bytes) -> dict[int, bytes]:
    """The values of section 1 by their tags, the first of each."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 3 <= len(section) and section[at] != 0xFF:
        tag, length = section[at], _number(section[at + 1 : at + 3])
        at += 3
        if at + length > len(section):
            raise fields.damaged(_KIND, f"field {tag} of section 1 ends beyond the section")
        found.setdefault(tag, section[at : at + length])
        at += length
    return found


def _date(raw: bytes) -> str | None:
    return fields.iso_date(_number(raw[:2]), raw[2], raw[3]) if len(raw) >= 4 else None


def _zone(raw: bytes) -> timezone | None:
    """Minutes east of UTC; 0x7FFF is not known."""
    return fields.offset(_signed(raw[:2])) if len(raw) >= 2 and _signed(raw[:2]) != 0x7FFF else None


def _age(raw: bytes) -> int | None:
    return _number(raw[:2]) if len(raw) >= 3 and raw[2] == 1 and _number(raw[:2]) <= 130 else None


def _numbers(section: bytes) -> EcgNumbers:
    """From section 7. PR, QRS and QT are the differences of the cart's own marks in the first beat given.

    29999 and 0 stand for not measured. The rate is the ventricular one of the end, and is not computed.
    """
    if len(section) < 22:
        return EcgNumbers()
    beats, spikes = section[0], section[1]
    p_on, _, qrs_on, qrs_off, t_off = (_number(section[at : at + 2]) for at in range(6, 16, 2))
    marks = {"pr_ms": (p_on, qrs_on), "qrs_ms": (qrs_on, qrs_off), "qt_ms": (qrs_on, t_off)}
    read: dict[str, int] = {
        name: end - begin for name, (begin, end) in marks.items() if begin < 29999 and end < 29999
    }
    at = 6 + 16 * beats + 10 * spikes
    at += 2 + _number(section[at : at + 2])
    rest = section[at : at + 7]
    if len(rest) == 7:
        read |= {"rate": _number(rest[:2]), "qtc_ms": _number(rest[4:6])}
    axis = _signed(section[18:20])
    formula = _FORMULAS.get(rest[6], "") if len(rest) == 7 else ""
    return fields.numbers(formula, axis_deg=axis, **read)


def _statements(sections: dict[int, bytes]) -> list[str]:
    """Those of section 8; without any, the full-text ones of section 11."""
    plain = [_text(raw) for raw in _blocks(sections.get(8, b""))]
    return plain or [_text(raw[1:]) for raw in _blocks(sections.get(11, b"")) if raw[:1] == b"\x02"]


def _blocks(section: bytes) -> Iterator[bytes]:
    """Each statement: after confirmation, date, time and count comes number, length and data of each."""
    at = 9
    for _ in range(section[8] if len(section) > 8 else 0):
        length = _number(section[at + 1 : at + 3])
        at += 3
        if at + length > len(section):
            raise fields.damaged(_KIND, "a statement ends beyond its section")
        yield section[at : at + length]
        at += length


def _quality(section: bytes) -> Iterator[str]:
    """The cart's quality code of each lead in section 10: two bits for each kind of trouble."""
    at = 4
    for _ in range(_number(section[:2])):
        lead, length = _number(section[at : at + 2]), _number(section[at + 2 : at + 4])
        if at + 4 > len(section) or at + 4 + length > len(section):
            return
        values = section[at + 4 : at + 4 + length]
        code = values[_QUALITY_AT * 2 : _QUALITY_AT * 2 + 2]
        name = scp_leads.NAMES.get(lead, f"lead {lead}")
        for kind, meaning in enumerate(_QUALITY if len(code) == 2 and _number(code) != 29999 else ()):
            if level := _LEVELS.get(_number(code) >> (2 * kind) & 3):
                yield f"{name}: {meaning} ({level}), says the cart"
        at += 4 + length
