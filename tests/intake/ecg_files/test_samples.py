"""The checks on leads, at their limits."""

from __future__ import annotations

import pytest
from intake.ecg_files.making import HZ, UV, recording

from gpa_tui.intake.ecg_files.samples import NAMES, NO_LEADS, Lead, check, lead_name, qrs_size


def leads(times: float = 1.0, **parts: int) -> list[Lead]:
    return [
        Lead(name, [count * UV / 1000 * times for count in counts], len(counts), parts.get(name, 0))
        for name, counts in recording().items()
    ]


def test_a_sound_recording_has_no_notes() -> None:
    assert check(leads(), HZ) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [("MDC_ECG_LEAD_AVR", "aVR"), ("Lead I (Einthoven)", "I"), ("Lead III", "III"), ("V6", "V6"),
     ("avf", "aVF"), ("V10", ""), ("Channel 3", ""), ("VI", ""), ("", "")],
)  # fmt: skip
def test_names_of_leads(text: str, name: str) -> None:
    assert lead_name(text) == name


@pytest.mark.parametrize(("size", "noted"), [(4.9, False), (5.1, True), (0.11, False), (0.09, True)])
def test_a_median_qrs_above_5_or_below_a_tenth_of_a_millivolt_is_questioned(size: float, noted: bool) -> None:
    beat = [0.0] * 480 + [size] * 20
    found = check([Lead(name, beat * 10) for name in NAMES], HZ)
    assert bool([note for note in found if "is the gain in the file right?" in note]) is noted


def test_one_lead_out_of_twelve_does_not_question_the_gain() -> None:
    drifting = [lead for lead in leads() if lead.name != "V3"]
    assert check([*drifting, Lead("V3", [-17 + (at % 500) / 40 for at in range(5000)])], HZ) == []


def test_a_drifting_baseline_does_not_count_as_qrs() -> None:
    drift = [at / 500 for at in range(5000)]  # 1 mV a second
    size = qrs_size(drift, HZ)
    assert size is not None
    assert size < 0.21


def test_less_than_two_seconds_have_no_qrs_size() -> None:
    assert qrs_size([0.0, 1.0] * 499, HZ) is None
    assert qrs_size([], HZ) is None


@pytest.mark.parametrize(("off", "noted"), [(0.019, False), (0.021, True)])
def test_leads_ii_and_iii_must_fit_within_two_hundredths(off: float, noted: bool) -> None:
    changed = [Lead("III", [v + off for v in lead.mv]) if lead.name == "III" else lead for lead in leads()]
    assert bool([note for note in check(changed, HZ) if "lead II is not I + III" in note]) is noted


def test_avr_must_fit_leads_i_and_ii() -> None:
    swapped = {"aVR": "aVL", "aVL": "aVR"}
    changed = [Lead(swapped.get(lead.name, lead.name), lead.mv) for lead in leads()]
    assert [note.split(" (up")[0] for note in check(changed, HZ)] == [
        "the file is inconsistent: aVR is not -(I + II)/2"
    ]


def test_leads_recorded_one_after_another_are_not_compared() -> None:
    later = [Lead(lead.name, lead.mv[100:], None, 1) if lead.name == "aVR" else lead for lead in leads()]
    assert check(later, HZ) == []


def test_leads_with_cables_swapped_still_fit_since_the_file_is_checked_and_not_the_electrodes() -> None:
    """Left and right arm: I turns over, II and III change places, aVR and aVL too."""
    by_name = {lead.name: lead.mv for lead in leads()}
    swapped = by_name | {
        "I": [-v for v in by_name["I"]], "II": by_name["III"], "III": by_name["II"],
        "aVR": by_name["aVL"], "aVL": by_name["aVR"],
    }  # fmt: skip
    assert check([Lead(name, mv) for name, mv in swapped.items()], HZ) == []


def test_no_lead_by_a_known_name() -> None:
    assert check([], HZ) == [NO_LEADS]
