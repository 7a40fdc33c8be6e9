"""Philips Sierra XML and its traps."""

from __future__ import annotations

from base64 import b64encode

import pytest
from intake.ecg_files.making import STORED, lzw_chunk, philips, recording, with_limbs

from gpa_tui.errors import IntakeError
from gpa_tui.intake.ecg_files import calibration, read_ecg_file, samples, xli
from gpa_tui.intake.ecg_files import philips as reader

_NOT_PROVED = "there is no calibration pulse at the end: nothing proves the gain"
_FILTERS = "filters: high pass 0.05 Hz, low pass 150 Hz"


@pytest.mark.parametrize("version", ["1.03", "1.04", "1.04.01"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_philips_versions_and_character_sets(version: str, encoding: str) -> None:
    says = read_ecg_file(philips(version=version, encoding=encoding))
    assert says.statements == ("- INVENTED ECG -", "Sinus rhythm (V-rate 50-99)", "Early R")
    assert says.patient_ids == ("GP-77", "M-1")
    assert says.notes == (_FILTERS,)


def test_the_calibration_pulse_is_cut_before_the_samples_are_judged() -> None:
    raised = with_limbs({name: [count + 3 for count in recording()[name]] for name in STORED})
    counts = reader._unpacked(philips(raised))
    pulse = calibration.find_pulse(list(counts.values()), 500)
    assert pulse == calibration.Pulse(begins=5000, height=200)
    assert counts == {name: [*raised[name], *[0] * 50, *[200] * 100, *[0] * 50] for name in raised}


def test_only_what_is_the_patients_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[samples.Lead] = []

    def judge(leads: list[samples.Lead], _hz: float) -> list[str]:
        judged.extend(leads)
        return []

    monkeypatch.setattr(samples, "check", judge)
    raised = with_limbs({name: [count + 3 for count in recording()[name]] for name in STORED})
    read_ecg_file(philips(raised))
    assert {lead.name: len(lead.mv) for lead in judged} == dict.fromkeys(samples.NAMES, 5000)


def test_leads_without_any_signal_are_said_to_have_none() -> None:
    silent = {name: [0] * 5000 for name in recording()}
    assert "most leads in the file hold no signal at all" in read_ecg_file(philips(silent)).notes


def test_a_pulse_of_1_mv_proves_the_gain() -> None:
    assert not [note for note in read_ecg_file(philips()).notes if "gain" in note]


def test_a_pulse_of_another_size_questions_the_gain() -> None:
    half = "the calibration pulse measures 0.50 mV, not 1 mV: is the gain in the file right?"
    assert half in read_ecg_file(philips(pulse=100)).notes


def test_without_a_pulse_nothing_proves_the_gain_and_nothing_is_cut() -> None:
    assert read_ecg_file(philips(pulse=0)).notes == (_NOT_PROVED, _FILTERS)


def test_a_pulse_in_some_leads_only_is_none() -> None:
    leads = [[5] * 300 + [0] * 50 + [200] * 100 + [0] * 50, [5] * 500]
    assert calibration.find_pulse(leads, 500) is None
    assert calibration.find_pulse([], 500) is None
    assert calibration.find_pulse([[]], 500) is None


def test_fewer_samples_than_the_header_says_are_cut_short() -> None:
    notes = read_ecg_file(philips(pulse=0, promised=5500)).notes
    assert "cut short: 5000 of 5500 samples in all 12 leads" in notes


def test_what_the_cart_says_of_its_recording_comes_first() -> None:
    states = {
        "V3": 'overrangeflag="True" qrsclippingflag="True" measuredflag="False"><inops>LeadOff</inops>',
        "I": 'overrangeflag="False"><baseartifacts level="Moderate"/><acartifacts level="None"/>',
    }
    poor = {
        "ECG OK": "Poor ECG, retry if possible",
        "dateofbirth>1951-01-01</dateofbirth>": "years>30</years>",
    }
    says = read_ecg_file(philips(states=states, changed=poor, settings={"checkleadplacement": "Disabled"}))
    assert says.notes == (
        "V3: over range, says the cart",
        "V3: QRS clipped, says the cart",
        "V3: not measured, says the cart",
        "V3: inop LeadOff, says the cart",
        "I: baseline wander moderate, says the cart",
        "the cart says of the recording: Poor ECG, retry if possible",
        "the cart's check of the lead placement was switched off",
        _FILTERS,
    )


def test_an_overridden_check_of_the_lead_placement_is_noted() -> None:
    notes = read_ecg_file(philips(settings={"checkleadplacementignored": "Enabled"})).notes
    assert notes[0] == "the cart's check of the lead placement was overridden"


@pytest.mark.parametrize(
    ("method", "qtc"),
    [("Bazetts", (399, "bazett")), ("Fridericia", (398, "fridericia")), ("", (399, "bazett"))],
)
def test_qtc_is_the_one_the_cart_is_set_to(method: str, qtc: tuple[int, str]) -> None:
    numbers = read_ecg_file(philips(settings={"qtcorrectionmethod": method})).numbers
    assert (numbers.qtc_ms, numbers.qtc_formula) == qtc


def test_a_bare_meanqtc_names_no_formula() -> None:
    changed = {
        "<qtcb>399</qtcb>": "",
        "<qtcf>398</qtcf>": "",
        "<meanventrate>": "<meanqtc>393</meanqtc><meanventrate>",
    }
    numbers = read_ecg_file(philips(changed=changed)).numbers
    assert (numbers.qtc_ms, numbers.qtc_formula) == (393, "")


def test_leads_in_another_order_are_not_unpacked() -> None:
    leads = recording()
    order = ["I", "II", "III", "aVR", "aVF", "aVL", "V1", "V2", "V3", "V4", "V5", "V6"]
    notes = read_ecg_file(philips({name: leads[name] for name in order})).notes
    assert notes[0] == "the leads are not in the order that the format's packing needs: they were not checked"


@pytest.mark.parametrize(
    "changed", [{"1.04.01": "1.99"}, {'compression="XLI"': 'compression="Uncompressed"'}]
)
def test_another_version_or_packing_is_kept_with_its_leads_unchecked(changed: dict[str, str]) -> None:
    assert read_ecg_file(philips(changed=changed)).notes[0] == samples.NOT_CHECKED


def test_the_age_in_years_is_set_against_the_birth_date() -> None:
    changed = {"</dateofbirth>": "</dateofbirth><years>46</years>"}
    assert read_ecg_file(philips(changed=changed)).notes[0] == "the file says age 46, its birth date makes 75"


def test_a_gain_too_large_is_questioned() -> None:
    leads = recording()
    large = with_limbs({name: [count * 6 for count in leads[name]] for name in STORED})
    assert [note for note in read_ecg_file(philips(large)).notes if "is the gain in the file right?" in note]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("?!", "the leads are not Base64"),
        (b64encode(b"\xff\xff\xff\x7f" + bytes(40)).decode(), "packed lead 1 ends beyond the end"),
        (
            b64encode((-20).to_bytes(4, "little", signed=True) + bytes(40)).decode(),
            "packed lead 1 ends beyond",
        ),
        (
            b64encode(lzw_chunk([0, *range(256, 1000)] + [999] * 9000)).decode(),
            "holds more than the file says",
        ),
    ],
)
def test_hostile_leads_are_refused_before_they_are_unpacked(body: str, sentence: str) -> None:
    with pytest.raises(IntakeError, match=sentence):
        read_ecg_file(philips(body=body))


def test_the_length_of_a_packed_lead_is_counted_as_sierraecg_unpacks_it() -> None:
    from sierraecg.lzw import LzwDecoder

    for codes in ([65, 66, 256, 258, 67], [65, 256, 257, 258, 259], [1, 2, 3, 700, 256, 1022, 5]):
        chunk = lzw_chunk(codes)[8:]
        decoder, length = LzwDecoder(chunk, bits=10), 0
        while decoder.read() != -1:
            length += 1
        assert xli.unpacked_length(chunk, 10**6) == length
