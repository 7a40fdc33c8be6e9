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


def _last(readings: list[Taken], arm: str) -> Pressure | None:
    return next((one.pressure for one in reversed(readings) if one.arm == arm), None)


def _at_rest(visit: Visit) -> tuple[list[Taken], str]:
    """The readings that the series is of, and which arm's: the higher one's where both were taken.

    Readings of which no arm is said belong to either.
    """
    readings = [one for one in taken(visit) if not one.standing]
    left, right = _last(readings, LEFT), _last(readings, RIGHT)
    if left is None or right is None:
        return readings, ""
    arm = LEFT if left.systolic > right.systolic else RIGHT
    return [one for one in readings if one.arm in {arm, ""}], arm


def clinic_pressure(visit: Visit, substantial: int) -> str:
    """`clinic BP 146/90, the lower of 152/94 and 146/90 (NICE NG136)`; empty without two readings."""
    readings, arm = _at_rest(visit)
    found = series([one.pressure for one in readings], substantial)
    if found.clinic is None or len(found.parents) < 2:
        return ""
    both = " and ".join(readings[parent].pressure.shown for parent in found.parents)
    whose = f", {arm}" if arm else ""
    return f"clinic BP {found.clinic.shown}{whose}, the lower of {both} ({SOURCE})"


def compared(visit: Visit) -> Iterator[str]:
    """Both arms, and standing after sitting or lying, where they were taken: how far they are apart."""
    readings = taken(visit)
    at_rest = [one for one in readings if not one.standing]
    left, right = _last(at_rest, LEFT), _last(at_rest, RIGHT)
    if left is not None and right is not None:
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
    readings, arm = _at_rest(visit)
    both = [one for one in taken(visit) if not one.standing and one.arm]
    left, right = _last(both, LEFT), _last(both, RIGHT)
    if left is not None and right is not None and arms(left, right) > ARMS_APART:
        times = min(sum(one.arm == side for one in both) for side in (LEFT, RIGHT))
        if times == 1:
            return f"arms more than {ARMS_APART} mmHg apart: repeat both"
        return f"arms still more than {ARMS_APART} mmHg apart: the higher arm, {arm}, from now on"
    return series([one.pressure for one in readings], substantial).next
