"""The 1 mV calibration pulse at the end of a Philips recording: cut off, and used to prove the gain.

200 ms of 1 mV between zeros, alike in all leads, in the last 0.4 s (0.47 s in version 1.03). Left in, it
would count as a beat or two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NO_PULSE = "there is no calibration pulse at the end: nothing proves the gain"
_PULSE_S = (0.15, 0.25)
_MOST_ZEROS_S = 0.25  # before and after the pulse, each
_CREDIBLE_MV = (0.95, 1.05)


@dataclass(frozen=True, slots=True)
class Pulse:
    """`begins`: the first sample that is not the patient's; `height`: in counts, the same in all leads."""

    begins: int
    height: int


def find_pulse(leads: Sequence[Sequence[int]], hz: int) -> Pulse | None:
    """The pulse, if all leads end with the same one."""
    ends = [_end_of(counts, hz) for counts in leads]
    found = [end for end in ends if end is not None]
    if not found or len(found) < len(ends) or len({(up, height) for _, up, height in found}) > 1:
        return None
    # A lead may be at 0 just before the zeros begin: the latest beginning of all leads is theirs.
    return Pulse(begins=max(zeros for zeros, _, _ in found), height=found[0][2])


def _end_of(counts: Sequence[int], hz: int) -> tuple[int, int, int] | None:
    """Where the zeros begin, where the pulse begins, and its height."""
    most = round(hz * _MOST_ZEROS_S)
    down = _run_begins(counts, len(counts), most)
    if down == len(counts) or counts[down] != 0 or down == 0 or counts[down - 1] == 0:
        return None
    up = _run_begins(counts, down, most)
    if not _PULSE_S[0] * hz <= down - up <= _PULSE_S[1] * hz or up == 0 or counts[up - 1] != 0:
        return None
    return _run_begins(counts, up, most), up, counts[up]


def _run_begins(counts: Sequence[int], end: int, most: int) -> int:
    """Where the run of equal samples before `end` begins, at most `most` samples back."""
    begin = end
    while begin > max(0, end - most) and counts[begin - 1] == counts[end - 1]:
        begin -= 1
    return begin


def pulse_notes(pulse: Pulse, uv: float) -> list[str]:
    """A note unless the pulse measures about 1 mV at `uv` microvolts a count."""
    mv = pulse.height * uv / 1000
    if _CREDIBLE_MV[0] <= mv <= _CREDIBLE_MV[1]:
        return []
    return [f"the calibration pulse measures {mv:.2f} mV, not 1 mV: is the gain in the file right?"]
