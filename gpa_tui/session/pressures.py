"""The blood pressures of one visit as a series: which stands, and what to take next. No I/O."""

from __future__ import annotations

from gpa_tui.clinical.blood_pressure import Pressure, series
from gpa_tui.records.observation import Measure
from gpa_tui.session.day import Visit


def taken(visit: Visit) -> list[Pressure]:
    """Every whole reading of the visit, in the order taken; what was struck is none."""
    found = []
    for _, one in visit.observations:
        systolic, diastolic = one.reading(Measure.SYSTOLIC), one.reading(Measure.DIASTOLIC)
        if systolic and diastolic and systolic.value is not None and diastolic.value is not None:
            found.append(Pressure(systolic.value, diastolic.value))
    return found


def clinic_pressure(visit: Visit, substantial: int) -> str:
    """`clinic BP 146/90, the lower of 152/94 and 146/90 (NICE NG136)`; empty without two readings."""
    readings = taken(visit)
    found = series(readings, substantial)
    if found.clinic is None or len(found.parents) < 2:
        return ""
    both = " and ".join(readings[parent].shown for parent in found.parents)
    return f"clinic BP {found.clinic.shown}, the lower of {both} (NICE NG136)"


def to_take(visit: Visit, substantial: int) -> str:
    """What the rule asks for next, in words; empty where it asks for nothing."""
    return series(taken(visit), substantial).next
