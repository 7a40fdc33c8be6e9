"""DICOM ECG and its traps."""

from __future__ import annotations

import zlib
from contextlib import suppress
from copy import deepcopy
from datetime import datetime, timedelta, timezone
from io import BytesIO

import pytest
from intake.ecg_files.making import _code, _number_annotation, dicom, recording
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from gpa_tui.errors import IntakeError
from gpa_tui.intake.ecg_files import read_ecg_file
from gpa_tui.records.ecg import EcgFormat

_FILTERS = "filters: high pass 0.05 Hz, low pass 150 Hz"


def test_numbers_are_the_coded_measurements_and_statements_the_text() -> None:
    says = read_ecg_file(dicom())
    assert says.numbers.rate == 60
    assert says.statements == ("Sinus rhythm", "Early R")


def test_a_file_without_a_rate_has_none_computed() -> None:
    assert read_ecg_file(dicom(numbers=[("RR Interval", "982", "ms")])).numbers.rate is None


@pytest.mark.parametrize(
    ("meaning", "formula"),
    [("QTc Interval", ""), ("QTc interval global", ""), ("QTc global using Bazett formula", "bazett"),
     ("QTc global using Fredericia formula", "fridericia"), ("QTc Hodges", "hodges")],
)  # fmt: skip
def test_a_qtc_carries_a_formula_only_if_its_meaning_names_it(meaning: str, formula: str) -> None:
    numbers = read_ecg_file(dicom(numbers=[(meaning, "443", "ms")])).numbers
    assert (numbers.qtc_ms, numbers.qtc_formula) == (443, formula)


@pytest.mark.parametrize(
    ("value", "unit", "read"),
    [("148", "ms", 148), ("0.148", "s", 148), ("148.5", "ms", None), ("0", "ms", None)],
)
def test_a_measurement_in_its_unit(value: str, unit: str, read: int | None) -> None:
    assert read_ecg_file(dicom(numbers=[("PR Interval", value, unit)])).numbers.pr_ms == read


def test_two_values_of_one_measurement_give_none() -> None:
    says = read_ecg_file(dicom(numbers=[("QT Interval", "400", "ms"), ("QT Interval", "420", "ms")]))
    assert says.numbers.qt_ms is None
    assert says.notes[0] == "the file gives 2 different values of qt: none was taken"


def test_identifiers_are_all_of_the_patients() -> None:
    other = Dataset()
    other.PatientID = "9990000018"
    says = read_ecg_file(dicom(changed={"OtherPatientIDsSequence": Items([other]), "AccessionNumber": "A1"}))
    assert says.patient_ids == ("GP-77", "9990000018")


def test_the_time_has_a_zone_only_if_the_file_gives_one() -> None:
    at = datetime(2026, 4, 1, 9, 10)  # noqa: DTZ001 — a cart's clock
    zoned = at.replace(tzinfo=timezone(timedelta(hours=1)))
    assert read_ecg_file(dicom()).recorded_at == at
    assert read_ecg_file(dicom(changed={"TimezoneOffsetFromUTC": "+0100"})).recorded_at == zoned
    assert read_ecg_file(dicom(changed={"AcquisitionDateTime": "20260401091000+0100"})).recorded_at == zoned
    assert read_ecg_file(dicom(changed={"AcquisitionDateTime": "20260401"})).recorded_at is None


def test_the_stated_age_is_set_against_the_birth_date() -> None:
    notes = read_ecg_file(dicom(changed={"PatientAge": "046Y"})).notes
    assert notes == ("the file says age 46, its birth date makes 53", _FILTERS)


def test_fewer_samples_than_the_header_says_are_cut_short() -> None:
    notes = read_ecg_file(dicom(promised=10000)).notes
    assert notes == ("cut short: 5000 of 10000 samples in all 12 leads", _FILTERS)


def test_leads_in_any_order_are_found_by_their_names() -> None:
    assert read_ecg_file(dicom(dict(reversed(recording().items())))).notes == (_FILTERS,)


def test_the_median_beat_is_not_the_recording() -> None:
    """It comes first here, at another rate and with less samples."""
    ecg = dcmread(BytesIO(dicom()))
    median = deepcopy(ecg.WaveformSequence[0])
    median.WaveformOriginality = "DERIVED"
    median.SamplingFrequency = "1000"
    median.WaveformData = median.WaveformData[:2400]
    says = read_ecg_file(dicom(changed={"WaveformSequence": Items([median, ecg.WaveformSequence[0]])}))
    assert says.notes == (_FILTERS,)


def test_a_value_that_breaks_the_standard_warns_nobody() -> None:
    assert read_ecg_file(dicom().replace(b"053Y", b"53.Y")).notes == (_FILTERS,)
    assert read_ecg_file(dicom().replace(b"19720508", b"08.05.72")).born is None


def test_deflated_dicom_is_refused_before_it_is_unpacked() -> None:
    content = dicom()
    start = content.index(b"1.2.840.10008.1.2.1\0")
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = bomb.compress(bytes(50_000_000)) + bomb.flush()
    deflated = content[:start] + b"1.2.840.10008.1.2.1.99"[:20].ljust(20, b"\0") + content[start + 20 :]
    with pytest.raises(IntakeError, match="is compressed, or does not say how it is stored"):
        read_ecg_file(deflated[: start + 20] + packed)


def test_dicom_that_is_no_ecg_is_of_unknown_kind() -> None:
    ct = dicom(changed={"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2"})
    assert read_ecg_file(ct).format == EcgFormat.OTHER


def test_a_file_that_ends_early_never_gives_half_a_name_or_number() -> None:
    """pydicom itself reads `GP-7` for `GP-77` from a file that ends there, and -6 for an axis of -61."""
    leads = {name: counts[:500] for name, counts in recording().items()}
    content = dicom(leads)
    whole = read_ecg_file(content)
    for cut in [*range(500, 2000, 3), *range(2000, len(content) - 1, 97)]:
        with suppress(IntakeError):
            says = read_ecg_file(content[:cut])
            assert says.model_copy(update={"notes": ()}) == whole.model_copy(update={"notes": ()})
            assert says.notes[0].startswith("cut short: ")


def test_a_file_without_its_recording_is_refused() -> None:
    with pytest.raises(IntakeError, match="This DICOM ECG file is damaged: it ends before the recording"):
        read_ecg_file(dicom(changed={"WaveformSequence": Items([])}))


def test_measurements_are_known_by_their_codes_in_any_language() -> None:
    annotation = _number_annotation("Durata QRS", "90", "ms")
    annotation.ConceptNameCodeSequence = Items([_code("Durata QRS", "5.13.5-9", "SCPECG")])
    says = read_ecg_file(dicom(changed={"WaveformAnnotationSequence": Items([annotation])}))
    assert says.numbers.qrs_ms == 90


def test_a_measurement_of_one_channel_is_not_that_of_the_recording() -> None:
    annotation = _number_annotation("QT Interval", "380", "ms", channel=3)
    assert (
        read_ecg_file(dicom(changed={"WaveformAnnotationSequence": Items([annotation])})).numbers.qt_ms
        is None
    )
