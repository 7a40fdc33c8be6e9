"""Checks on the leads of one file: does it agree with itself, is the gain credible, is it whole.

They judge the file, never the heart: nothing here says what a recording shows. The identities hold for
swapped cables too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

NAMES = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
LONGEST = 200_000  # samples of a lead: over three minutes at 1 kHz, no resting ECG
_STORED = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")  # the other four can be derived
_NAME = re.compile(r"(?<![A-Za-z0-9])(III|II|I|aV[RLF]|V[1-6])(?![A-Za-z0-9])", re.IGNORECASE | re.ASCII)
_BY_CASEFOLD = {name.casefold(): name for name in NAMES}
# In all 56 real files looked at the identities held within 0.01 mV; twice that is a break.
_AGREES_MV = 0.02
# A median QRS outside these is a question of gain: a hobby converter wrote a file with 8 mV.
_LARGE_MV, _SMALL_MV = 5.0, 0.1
_QRS_S = 0.2  # no QRS is wider
_BEAT_S = 2.0  # holds a beat at 30/min and above

NOT_CHECKED = "the leads are stored in a way that is not read here: they were not checked"
TOO_LONG = "the recording is longer than any resting ECG: its leads were not checked"
NO_LEADS = "there are no leads in the file that are known by name"


@dataclass(frozen=True, slots=True)
class Lead:
    """One lead by name: its samples in mV as far as they are there, and how many the header promised.

    Leads with another `part` were recorded at another time and cannot be compared.
    """

    name: str
    mv: Sequence[float]
    promised: int | None = None
    part: int = 0


def lead_name(text: str) -> str:
    """The standard name in `text` (`MDC_ECG_LEAD_AVR`, `Lead I (Einthoven)`), or "" if there is none."""
    match = _NAME.search(text)
    return _BY_CASEFOLD[match[1].casefold()] if match else ""


def check(leads: Sequence[Lead], hz: float) -> list[str]:
    """Notes on the leads, found by their names and never by their order. `hz`: samples a second."""
    by_name: dict[str, Lead] = {}
    for lead in leads:
        by_name.setdefault(lead.name, lead)
    if not by_name:
        return [NO_LEADS]
    return [
        *_short(by_name),
        *_missing(by_name),
        *_inconsistent(by_name),
        *_amplitude([lead.mv for lead in by_name.values()], hz),
    ]


def _short(by_name: dict[str, Lead]) -> list[str]:
    found: dict[tuple[int, int], list[str]] = {}
    for name, lead in by_name.items():
        if lead.promised is not None and len(lead.mv) < lead.promised:
            found.setdefault((len(lead.mv), lead.promised), []).append(name)
    return [
        f"cut short: {have} of {promised} samples in {_listed(names)}"
        for (have, promised), names in found.items()
    ]


def _listed(names: list[str]) -> str:
    return f"all {len(names)} leads" if len(names) == len(NAMES) else ", ".join(names)


def _missing(by_name: dict[str, Lead]) -> list[str]:
    absent = [name for name in _STORED if name not in by_name or not by_name[name].mv]
    return [f"not in the file: {', '.join(absent)}"] if absent else []


def _off_ii(i: float, ii: float, iii: float) -> float:
    return i + iii - ii


def _off_avr(i: float, ii: float, avr: float) -> float:
    return avr + (i + ii) / 2


_LAWS = (("III", "lead II is not I + III", _off_ii), ("aVR", "aVR is not -(I + II)/2", _off_avr))


def _inconsistent(by_name: dict[str, Lead]) -> list[str]:
    """A note for each identity that the limb leads break; only where all three were recorded together."""
    notes = []
    for third, broken, difference in _LAWS:
        leads = [by_name[name] for name in ("I", "II", third) if name in by_name]
        if len(leads) < 3 or len({lead.part for lead in leads}) > 1:
            continue
        together = zip(*(lead.mv for lead in leads), strict=False)  # a lead cut short is said elsewhere
        off = max((abs(difference(*mv)) for mv in together), default=0.0)
        if off > _AGREES_MV:
            notes.append(f"the file is inconsistent: {broken} (up to {off:.2f} mV apart)")
    return notes


def _amplitude(leads: Sequence[Sequence[float]], hz: float) -> list[str]:
    sizes = [size for mv in leads if (size := qrs_size(mv, hz)) is not None]
    if not sizes:
        return []
    middle = median(sizes)
    if middle == 0:
        return ["most leads in the file hold no signal at all"]
    if _SMALL_MV <= middle <= _LARGE_MV:
        return []
    return [f"the QRS measures {middle:.2f} mV in the middle lead: is the gain in the file right?"]


def qrs_size(mv: Sequence[float], hz: float) -> float | None:
    """The median peak-to-peak of the largest deflection in each 2 s, in mV; None under 2 s.

    Measured within 0.2 s at a time, so that a drifting baseline does not count.
    """
    width, beat = max(2, round(hz * _QRS_S)), round(hz * _BEAT_S)
    if len(mv) < beat or beat < width:
        return None
    step = max(1, width // 2)
    largest = []
    for begin in range(0, len(mv) - beat + 1, beat):
        windows = (mv[at : at + width] for at in range(begin, begin + beat - width + 1, step))
        largest.append(max(max(window) - min(window) for window in windows))
    return median(largest)
