"""Samples as files pack them: 16-bit integers, little-endian first."""

from __future__ import annotations

import sys
from array import array


def int16s(raw: bytes, *, big_endian: bool = False) -> array[int]:
    """The signed 16-bit integers in `raw`; an odd last byte is half a sample and is left out."""
    values = array("h", raw[: len(raw) // 2 * 2])
    if big_endian != (sys.byteorder == "big"):
        values.byteswap()
    return values
