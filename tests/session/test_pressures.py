"""Both arms and standing by NICE NG136: what is compared, what is repeated, and which series stands."""

from __future__ import annotations

import pytest
from clinic import FIRST, Morning

from gpa_tui.records.observation import Aspect, Measure, Reading
from gpa_tui.session import acts
from gpa_tui.session.handover import exceptions
from gpa_tui.session.prep_list import prep_list
from gpa_tui.session.pressures import clinic_pressure, compared, for_a_clinician, to_take
from gpa_tui.templates import shipped_templates


def clinic(*readings: str) -> Morning:
    """A morning with these pressures, in order: `152/94 left`, `128/70 stand`."""
    morning = Morning(FIRST)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    words = {
        "left": (Aspect.ARM, "left arm"),
        "right": (Aspect.ARM, "right arm"),
        "stand": (Aspect.POSITION, "standing"),
    }
    for minute, text in enumerate(readings):
        numbers, *said = text.split()
        systolic, diastolic = (int(one) for one in numbers.split("/"))
        how = dict(words[word] for word in said)
        taken = [
            Reading(measure=Measure.SYSTOLIC, value=systolic, how=how),
            Reading(measure=Measure.DIASTOLIC, value=diastolic),
        ]
        at = morning.day.events[-1].at.replace(minute=minute)
        morning.do(acts.record_observations, FIRST.id, taken, (), at, False)
    return morning


def test_arms_are_compared_and_repeated_only_when_more_than_fifteen_apart() -> None:
    near = clinic("150/90 left", "135/85 right").visit()
    assert list(compared(near)) == ["left arm 150/90, right arm 135/85: 15 mmHg apart (NICE NG136)"]
    assert to_take(near, 10) == "take a third reading"  # two readings, apart: the rule of the series
    far = clinic("151/90 left", "135/85 right").visit()
    assert to_take(far, 10) == "arms more than 15 mmHg apart: repeat the left arm and the right arm"
    half = clinic("170/90 left", "150/85 right", "156/88 left").visit()
    assert to_take(half, 10) == "arms more than 15 mmHg apart: repeat the right arm"
    once = clinic("151/90 left", "135/85 right", "140/88 left", "138/85 right").visit()
    assert "from now on" not in to_take(once, 10)


def test_an_arm_that_is_higher_twice_stays_the_one() -> None:
    readings = ["170/90 left", "150/85 right", "168/90 left", "150/85 right"]
    still = clinic(*readings).visit()
    assert to_take(still, 10) == "arms again more than 15 mmHg apart: the left arm from now on"
    assert clinic_pressure(still, 10) == (
        "clinic BP 168/90, left arm, the lower of 170/90 and 168/90 (NICE NG136)"
    )
    later = clinic(*readings, "145/88 left").visit()
    assert clinic_pressure(later, 10).startswith("clinic BP 145/88, left arm, the lower of 168/90 and 145/88")


def test_arms_that_agree_are_one_series() -> None:
    visit = clinic("152/94 left", "140/90 right", "146/90 left").visit()
    assert clinic_pressure(visit, 10) == "clinic BP 140/90, the lower of 140/90 and 146/90 (NICE NG136)"


def test_a_reading_without_an_arm_belongs_to_either() -> None:
    assert clinic_pressure(clinic("152/94", "146/90 left").visit(), 10).startswith(
        "clinic BP 146/90, the lower"
    )


@pytest.mark.parametrize(
    ("standing", "words", "told"),
    [
        ("120/70", "systolic 20 mmHg lower than before; 20 or more is for a clinician", True),
        ("121/70", "systolic 19 mmHg lower than before", False),
        ("144/80", "systolic 4 mmHg higher than before", False),
    ],
)
def test_standing_is_compared_with_what_was_before_and_is_no_part_of_the_series(
    standing: str, words: str, told: bool
) -> None:
    morning = clinic("138/80", "140/80", f"{standing} stand")
    visit = morning.visit()
    assert list(compared(visit)) == [f"standing {standing}, {words} (NICE NG136)"]
    assert bool(for_a_clinician(visit)) is told
    assert "standing" not in clinic_pressure(visit, 10)
    said = exceptions(visit, prep_list(visit, shipped_templates()), lambda at: f"{at:%H:%M}")
    assert any("for a clinician" in one for one in said) is told
    assert clinic_pressure(visit, 10) == "clinic BP 138/80, the lower of 138/80 and 140/80 (NICE NG136)"


def test_standing_alone_is_compared_with_nothing() -> None:
    assert not list(compared(clinic("120/70 stand").visit()))


def test_an_irregular_pulse_is_in_the_brief() -> None:
    morning = clinic("138/80")
    taken = [Reading(measure=Measure.PULSE, value=80, how={Aspect.RHYTHM: "irregular"})]
    morning.do(acts.record_observations, FIRST.id, taken, (), morning.day.events[-1].at, False)
    visit = morning.visit()
    said = exceptions(visit, prep_list(visit, shipped_templates()), lambda at: f"{at:%H:%M}")
    assert "pulse irregular, as felt (NICE NG196)" in said
