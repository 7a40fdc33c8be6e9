"""HL7 annotated ECG and its traps."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from intake.ecg_files.making import aecg, measured, recording

from gpa_tui.errors import IntakeError
from gpa_tui.intake.ecg_files import read_ecg_file

_V1 = (
    '<support><supportingROI><component><boundary><code code="MDC_ECG_LEAD_V1"/></boundary></component>'
    "</supportingROI></support>"
)


def test_aecg_qtc_without_a_formula_is_given_without_one() -> None:
    numbers = read_ecg_file(aecg()).numbers
    assert numbers.qtc_ms == 443
    assert numbers.qtc_formula == ""


def test_aecg_qtc_by_a_named_formula_carries_its_name() -> None:
    numbers = read_ecg_file(aecg(annotations=measured("MDC_ECG_TIME_PD_QTc_FRIDERICIA", 431, "ms"))).numbers
    assert (numbers.qtc_ms, numbers.qtc_formula) == (431, "fridericia")


def test_aecg_without_a_ventricular_rate_has_none_computed() -> None:
    assert read_ecg_file(aecg()).numbers.rate is None


def test_aecg_stated_age_that_contradicts_the_birth_date_is_noted() -> None:
    assert "the file says age 46, its birth date makes 53" in read_ecg_file(aecg(age=46)).notes
    assert not [note for note in read_ecg_file(aecg(age=54)).notes if "age" in note]


def test_aecg_time_with_an_offset_keeps_it() -> None:
    at = datetime(2026, 4, 1, 9, 10, tzinfo=timezone(timedelta(hours=1)))
    assert read_ecg_file(aecg()).recorded_at == at


def test_beats_that_disagree_give_no_number() -> None:
    both = measured("MDC_ECG_TIME_PD_PR", 148, "ms") + measured("MDC_ECG_TIME_PD_PR", 160, "ms")
    says = read_ecg_file(aecg(annotations=both))
    assert says.numbers.pr_ms is None
    assert says.notes[0] == "the file gives 2 different PR: none was taken"


def test_a_number_of_one_lead_is_not_that_of_the_recording() -> None:
    assert (
        read_ecg_file(aecg(annotations=measured("MDC_ECG_TIME_PD_QT", 380, "ms", _V1))).numbers.qt_ms is None
    )


@pytest.mark.parametrize(
    ("value", "unit", "read"), [(0.148, "s", 148), (148, "us", None), (0.1485, "s", None)]
)
def test_the_unit_counts(value: float, unit: str, read: int | None) -> None:
    assert read_ecg_file(aecg(annotations=measured("MDC_ECG_TIME_PD_PR", value, unit))).numbers.pr_ms == read


def test_statements_are_the_devices_and_not_a_persons() -> None:
    said = (
        '<component><annotation><code code="MDC_ECG_INTERPRETATION_STATEMENT"/><value>{}</value>'
        "</annotation></component>"
    )
    by = (
        "</annotationSet><annotationSet><author><assignedEntity><assignedAuthorType><assignedPerson><name>Dr"
        " Confirmer</name></assignedPerson></assignedAuthorType></assignedEntity></author>"
    )
    says = read_ecg_file(aecg(annotations=said.format("Sinus rhythm") + by + said.format("Doctor's words")))
    assert says.statements == ("Sinus rhythm",)


def test_a_recording_shorter_than_its_times_is_cut_short() -> None:
    short = {name: counts[:3000] for name, counts in recording().items()}
    assert "cut short: 3000 of 5000 samples in all 12 leads" in read_ecg_file(aecg(short)).notes


def test_leads_in_any_order_are_found_by_their_names() -> None:
    backwards = dict(reversed(recording().items()))
    assert read_ecg_file(aecg(backwards)).notes == ()


def test_leads_under_one_anothers_names_make_the_file_inconsistent() -> None:
    leads = recording()
    leads["I"], leads["V5"] = leads["V5"], leads["I"]
    notes = read_ecg_file(aecg(leads)).notes
    assert [note.split(" (up")[0] for note in notes] == [
        "the file is inconsistent: lead II is not I + III",
        "the file is inconsistent: aVR is not -(I + II)/2",
    ]


def test_samples_that_are_not_numbers_are_refused() -> None:
    with pytest.raises(IntakeError, match="the samples of lead I are not all whole numbers"):
        read_ecg_file(aecg(changed={"<digits>": "<digits>x "}))
