"""GE MUSE XML and its traps."""

from __future__ import annotations

from datetime import datetime

import pytest
from intake.ecg_files.making import muse, recording

from gpa_tui.errors import IntakeError
from gpa_tui.intake.ecg_files import read_ecg_file


def test_muse_qtcorrected_names_no_formula() -> None:
    numbers = read_ecg_file(muse()).numbers
    assert numbers.qtc_ms == 402
    assert numbers.qtc_formula == ""


def test_muse_dates_have_the_month_first() -> None:
    says = read_ecg_file(muse())
    assert says.born == "1980-04-13"
    assert says.recorded_at == datetime(2025, 8, 17, 9, 15, 11)  # noqa: DTZ001 — a cart's clock


def test_a_muse_date_with_the_day_first_is_not_guessed() -> None:
    says = read_ecg_file(muse(changed={"04-13-1980": "13-04-1980", "08-17-2025": "17-08-2025"}))
    assert says.born is None
    assert says.recorded_at is None


def test_muse_high_pass_filter_56_means_0_56_hz() -> None:
    assert "filters: high pass 0.56 Hz, low pass 150 Hz, mains 50 Hz" in read_ecg_file(muse()).notes


def test_muse_stores_8_leads_and_that_is_not_odd() -> None:
    notes = read_ecg_file(muse()).notes
    assert not [note for note in notes if "not in the file" in note or "inconsistent" in note]


def test_a_missing_chest_lead_is_noted() -> None:
    leads = {name: counts for name, counts in recording().items() if name not in ("V3", "V5")}
    assert "not in the file: V3, V5" in read_ecg_file(muse(leads)).notes


def test_muse_checksums_of_0_are_noted_as_unchecked() -> None:
    unchecked = "the checksums of the leads are 0: whether they are whole is unchecked"
    assert unchecked in read_ecg_file(muse()).notes
    assert unchecked not in read_ecg_file(muse(crc=12345)).notes


def test_what_the_cart_says_of_the_leads_comes_first() -> None:
    quality = {"V3": "<LeadOff>TRUE</LeadOff>", "II": "<BaselineSway>TRUE</BaselineSway>"}
    notes = read_ecg_file(muse(quality=quality, changed={"<PatientAge>45": "<PatientAge>30"})).notes
    assert notes[:3] == (
        "II: baseline sway, says the cart",
        "V3: lead off, says the cart",
        "the file says age 30, its birth date makes 45",
    )


def test_fewer_samples_than_the_header_says_are_cut_short_and_not_padded() -> None:
    leads = recording()
    leads["V6"] = leads["V6"][:4000]
    assert "cut short: 4000 of 5000 samples in V6" in read_ecg_file(muse(leads, promised=5000)).notes


def test_the_machines_own_statements_go_before_the_edited_ones() -> None:
    original = (
        "<OriginalDiagnosis><DiagnosisStatement><StmtFlag>ENDSLINE</StmtFlag><StmtText>Machine's</StmtText>"
        "</DiagnosisStatement></OriginalDiagnosis><Diagnosis><DiagnosisStatement><StmtFlag>ENDSLINE</StmtFlag>"
        "<StmtText>Doctor's</StmtText></DiagnosisStatement></Diagnosis>"
    )
    assert read_ecg_file(muse(diagnosis=original)).statements == ("Machine's",)


def test_a_line_that_a_person_inserted_is_not_the_machines() -> None:
    inserted = (
        "<Diagnosis><DiagnosisStatement><StmtFlag>ENDSLINE</StmtFlag><StmtFlag>USERINSERT</StmtFlag>"
        "<StmtText>seen by Dr Confirmer</StmtText></DiagnosisStatement></Diagnosis>"
    )
    assert read_ecg_file(muse(diagnosis=inserted)).statements == ()


def test_statements_of_a_confirmed_file_may_be_edited_and_a_note_says_so() -> None:
    confirmed = {"<TestDemographics>": "<TestDemographics><Status>CONFIRMED</Status>"}
    notes = read_ecg_file(muse(changed=confirmed)).notes
    assert "the file is confirmed: a person may have edited the machine's statements" in notes


@pytest.mark.parametrize(
    ("written", "read"),
    [("60", 60), ("60.0", 60), ("60.5", None), ("0", None), ("-60", None), ("999", None), ("6O", None),
     ("", None), ("1e2", None), ("٦٠", None), ("60 bpm", None)],
)  # fmt: skip
def test_a_number_in_no_plausible_form_is_not_given(written: str, read: int | None) -> None:
    changed = {"<VentricularRate>60<": f"<VentricularRate>{written}<"}
    text = muse(head='<?xml version="1.0" encoding="UTF-8"?>').decode()
    for old, new in changed.items():
        text = text.replace(old, new)
    assert read_ecg_file(text.encode()).numbers.rate == read


def test_rubbish_in_place_of_the_samples_is_refused() -> None:
    with pytest.raises(IntakeError, match="the samples of lead I are not Base64"):
        read_ecg_file(muse(changed={"<WaveFormData>": "<WaveFormData>?!"}))
