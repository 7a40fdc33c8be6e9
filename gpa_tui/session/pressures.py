"""The blood pressures of one visit: which of a series stands, what to take next, arms, standing. No I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gpa_tui.clinical.blood_pressure import (
    ARMS_APART,
    POSTURAL_DROP,
    Pressure,
    arms,
    postural_drop,
    series,
)
from gpa_tui.clinical.how import LEFT, RIGHT, STANDING
from gpa_tui.records.observation import Aspect, Measure
from gpa_tui.session.day import Visit

SOURCE = "NICE NG136"


@dataclass(frozen=True, slots=True)
class Taken:
    """One whole reading, of which arm (empty: not said), and whether it was taken standing."""

    pressure: Pressure
    arm: str
    standing: bool


def taken(visit: Visit) -> list[Taken]:
    """Every whole reading of the visit, in the order taken; what was struck is none."""
    found = []
    for _, one in visit.observations:
        systolic, diastolic = one.reading(Measure.SYSTOLIC), one.reading(Measure.DIASTOLIC)
        if systolic and diastolic and systolic.value is not None and diastolic.value is not None:
            pressure = Pressure(systolic.value, diastolic.value)
            standing = systolic.how.get(Aspect.POSITION) == STANDING
            found.append(Taken(pressure, systolic.how.get(Aspect.ARM, ""), standing))
    return found


def _of_arm(readings: list[Taken], arm: str) -> list[Pressure]:
    return [one.pressure for one in readings if one.arm == arm]


def _pairs(visit: Visit) -> list[tuple[Pressure, Pressure]]:
    """(left, right) of both arms at rest: the first of each, the second of each …"""
    readings = _at_rest(visit)
    return list(zip(_of_arm(readings, LEFT), _of_arm(readings, RIGHT), strict=False))


def _at_rest(visit: Visit) -> list[Taken]:
    return [one for one in taken(visit) if not one.standing]


def _higher_arm(visit: Visit) -> str:
    """The arm to be used from now on: both were over 15 mmHg apart, and again on repeating; else none."""
    pairs = _pairs(visit)
    if len(pairs) < 2 or not all(arms(left, right) > ARMS_APART for left, right in pairs[:2]):
        return ""
    left, right = pairs[1]
    return LEFT if left.systolic > right.systolic else RIGHT


def _series(visit: Visit) -> tuple[list[Taken], str]:
    """The readings that the series is of, and its arm where it is of one; of no arm said belong to either."""
    readings, arm = _at_rest(visit), _higher_arm(visit)
    return [one for one in readings if not arm or one.arm in {arm, ""}], arm


def clinic_pressure(visit: Visit, substantial: int) -> str:
    """`clinic BP 146/90, the lower of 152/94 and 146/90 (NICE NG136)`; empty without two readings."""
    readings, arm = _series(visit)
    found = series([one.pressure for one in readings], substantial)
    if found.clinic is None or len(found.parents) < 2:
        return ""
    both = " and ".join(readings[parent].pressure.shown for parent in found.parents)
    whose = f", {arm}" if arm else ""
    return f"clinic BP {found.clinic.shown}{whose}, the lower of {both} ({SOURCE})"


def compared(visit: Visit) -> Iterator[str]:
    """Both arms, and standing after sitting or lying, where they were taken: how far they are apart."""
    readings = taken(visit)
    for left, right in _pairs(visit)[-1:]:
        yield f"left arm {left.shown}, right arm {right.shown}: {arms(left, right)} mmHg apart ({SOURCE})"
    standing = max((number for number, one in enumerate(readings) if one.standing), default=None)
    before = [one for one in readings[:standing] if not one.standing]
    if standing is not None and before:
        drop = postural_drop(before[-1].pressure, readings[standing].pressure)
        way = f"{drop} mmHg lower" if drop >= 0 else f"{-drop} mmHg higher"
        shown = readings[standing].pressure.shown
        tell = f"; {POSTURAL_DROP} or more is for a clinician" if drop >= POSTURAL_DROP else ""
        yield f"standing {shown}, systolic {way} than before{tell} ({SOURCE})"


def for_a_clinician(visit: Visit) -> list[str]:
    """Of those the ones that the guideline brings before a clinician: a fall on standing of 20 or more."""
    return [text for text in compared(visit) if "is for a clinician" in text]


def to_take(visit: Visit, substantial: int) -> str:
    """What the rule asks for next, in words; empty where it asks for nothing."""
    readings, arm = _series(visit)
    pairs, at_rest = _pairs(visit), _at_rest(visit)
    following = series([one.pressure for one in readings], substantial).next
    if pairs and arms(*pairs[0]) > ARMS_APART and len(pairs) == 1:
        again = [side for side in (LEFT, RIGHT) if len(_of_arm(at_rest, side)) < 2]
        return f"arms more than {ARMS_APART} mmHg apart: repeat the {' and the '.join(again)}"
    fixed = f"arms again more than {ARMS_APART} mmHg apart: the {arm} from now on" if arm else ""
    return "; ".join(part for part in (fixed, following) if part)
