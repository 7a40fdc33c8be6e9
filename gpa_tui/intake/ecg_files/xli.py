"""A look at Philips' XLI-packed leads before sierraecg unpacks them: whole, and not a bomb.

Each lead is a chunk: 4 bytes its packed size, 4 bytes of start values, then 10-bit LZW codes
(github sixlettervariables/sierra-ecg-tools). A negative size would send sierraecg round for ever, and
14 kB of codes can unpack to 8 MB a lead; so sizes are walked and unpacked lengths counted first.
"""

from __future__ import annotations

from base64 import b64decode

from gpa_tui.intake.ecg_files.fields import damaged
from gpa_tui.records.ecg import EcgFormat

_KIND = EcgFormat.PHILIPS
_HEADER = 8
_BITS = 10
_LAST_CODE = (1 << _BITS) - 2
_MOST_LEADS = 32
_SLACK = 64  # bytes a lead may unpack to beyond its samples


def check(text: str, *, most: int) -> None:
    """Raises `IntakeError` unless `text` is Base64 of whole chunks that unpack to about `most` bytes each."""
    try:
        data = b64decode("".join(text.split()), validate=True)
    except ValueError as error:
        raise damaged(_KIND, "the leads are not Base64") from error
    at = number = 0
    while at < len(data):
        number += 1
        size = int.from_bytes(data[at : at + 4], "little", signed=True)
        at += _HEADER
        if size <= 0 or at + size > len(data):
            raise damaged(_KIND, f"packed lead {number} ends beyond the end of the leads")
        if number > _MOST_LEADS or unpacked_length(data[at : at + size], most + _SLACK) > most + _SLACK:
            raise damaged(_KIND, f"packed lead {number} holds more than the file says")
        at += size


def unpacked_length(packed: bytes, enough: int) -> int:
    """The bytes that `packed` unpacks to; counting stops once there are more than `enough`."""
    lengths = dict.fromkeys(range(256), 1)
    free, before, total = 256, 0, 0
    codes = len(packed) * 8 // _BITS
    for number in range(codes):
        first = number * _BITS
        pair = int.from_bytes(packed[first // 8 : first // 8 + 2], "big")
        code = pair >> (16 - _BITS - first % 8) & (1 << _BITS) - 1
        if code > _LAST_CODE:
            break
        length = lengths.setdefault(code, before + 1)
        if before and free <= _LAST_CODE:
            lengths[free] = before + 1
            free += 1
        before = length
        total += length
        if total > enough:
            break
    return total
