"""ECG files of each format made by the tests: one invented recording, 10 s of 12 leads at 500 Hz."""

from __future__ import annotations

import struct
from base64 import b64encode
from binascii import crc_hqx
from collections.abc import Mapping, Sequence
from io import BytesIO
from itertools import pairwise
from math import exp, floor

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

HZ = 500
UV = 5  # microvolts of one count
Leads = dict[str, list[int]]
STORED = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")  # the others are made of them
_WAVES = ((-0.20, 0.025, 0.12), (0.0, 0.010, 1.0), (0.03, 0.010, -0.25), (0.28, 0.045, 0.3))  # s, s, share
_SIZES = {"I": 120, "II": 200, "V1": -150, "V2": -100, "V3": 60, "V4": 220, "V5": 260, "V6": 180}  # counts


def recording(seconds: int = 10) -> Leads:
    """The leads in counts of 5 µV; the limb leads fit one another to a count."""
    beat = [
        sum(share * exp(-(((at / HZ - 0.5 - when) / width) ** 2)) for when, width, share in _WAVES)
        for at in range(HZ)
    ]
    leads = {name: [round(size * value) for value in beat] * seconds for name, size in _SIZES.items()}
    return with_limbs(leads)


def with_limbs(leads: Leads) -> Leads:
    pairs = list(zip(leads["I"], leads["II"], strict=True))
    limbs = {
        "III": [ii - i for i, ii in pairs],
        "aVR": [-floor((i + ii) / 2) for i, ii in pairs],
        "aVL": [floor((2 * i - ii) / 2) for i, ii in pairs],
        "aVF": [floor((2 * ii - i) / 2) for i, ii in pairs],
    }
    first = {name: leads[name] for name in ("I", "II")}
    return {**first, **limbs, **{name: leads[name] for name in leads if name[0] == "V"}}


# GE MUSE


def muse(
    leads: Mapping[str, Sequence[int]] | None = None,
    *,
    changed: Mapping[str, str] | None = None,
    quality: Mapping[str, str] | None = None,
    promised: int | None = None,
    crc: int = 0,
    diagnosis: str = "",
    head: str = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE RestingECG SYSTEM "restecg.dtd">\n',
) -> bytes:
    """A MUSE file of 8 leads; `changed` are texts to put in place of others."""
    every = recording()
    leads = leads if leads is not None else {name: every[name] for name in _SIZES}
    data = "".join(
        f"""<LeadData><LeadTimeOffset>0</LeadTimeOffset>
        <LeadSampleCountTotal>{len(counts) if promised is None else promised}</LeadSampleCountTotal>
        <LeadAmplitudeUnitsPerBit>5.00</LeadAmplitudeUnitsPerBit>
        <LeadAmplitudeUnits>MICROVOLTS</LeadAmplitudeUnits><LeadID>{name}</LeadID>
        <LeadSampleSize>2</LeadSampleSize>{(quality or {}).get(name, "<LeadOff>FALSE</LeadOff>")}
        <LeadDataCRC32>{crc}</LeadDataCRC32>
        <WaveFormData>{packed(counts)}</WaveFormData></LeadData>"""
        for name, counts in leads.items()
    )
    text = f"""{head}<RestingECG><PatientDemographics><PatientID>GP-77</PatientID><PatientAge>45</PatientAge>
    <AgeUnits>YEARS</AgeUnits><DateofBirth>04-13-1980</DateofBirth><Gender>FEMALE</Gender>
    <PatientLastName>Invented</PatientLastName><PatientFirstName>Ada</PatientFirstName></PatientDemographics>
    <TestDemographics><AcquisitionDate>08-17-2025</AcquisitionDate><AcquisitionTime>09:15:11</AcquisitionTime>
    <OverreaderLastName>Confirmer</OverreaderLastName><TestReason>as Mrs Reason asked</TestReason>
    </TestDemographics><RestingECGMeasurements><VentricularRate>60</VentricularRate><PRInterval>144</PRInterval>
    <QRSDuration>86</QRSDuration><QTInterval>402</QTInterval><QTCorrected>402</QTCorrected><RAxis>45</RAxis>
    </RestingECGMeasurements>{diagnosis or _DIAGNOSIS}
    <Waveform><WaveformType>Median</WaveformType></Waveform>
    <Waveform><WaveformType>Rhythm</WaveformType><SampleBase>{HZ}</SampleBase>
    <SampleExponent>0</SampleExponent><HighPassFilter>56</HighPassFilter><LowPassFilter>150</LowPassFilter>
    <ACFilter>50</ACFilter>{data}</Waveform></RestingECG>"""
    for old, new in (changed or {}).items():
        assert old in text
        text = text.replace(old, new)
    return text.encode("latin-1")


_DIAGNOSIS = """<Diagnosis><DiagnosisStatement><StmtText>Sinus rhythm,</StmtText></DiagnosisStatement>
<DiagnosisStatement><StmtFlag>ENDSLINE</StmtFlag><StmtText>invented</StmtText></DiagnosisStatement>
<DiagnosisStatement><StmtFlag>ENDSLINE</StmtFlag><StmtText> </StmtText></DiagnosisStatement>
<DiagnosisStatement><StmtFlag>ENDSLINE</StmtFlag><StmtText>Early R/S</StmtText></DiagnosisStatement>
</Diagnosis>"""


def packed(counts: Sequence[int]) -> str:
    return b64encode(struct.pack(f"<{len(counts)}h", *counts)).decode()


# HL7 aECG


def aecg(
    leads: Mapping[str, Sequence[int]] | None = None,
    *,
    annotations: str = "",
    age: int = 53,
    changed: Mapping[str, str] | None = None,
) -> bytes:
    leads = leads if leads is not None else recording()
    sequences = "".join(
        f"""<component><sequence><code code="MDC_ECG_LEAD_{name.upper()}"/><value xsi:type="SLIST_PQ">
        <origin value="0" unit="uV"/><scale value="5" unit="uV"/>
        <digits>{" ".join(map(str, counts))}</digits></value></sequence></component>"""
        for name, counts in leads.items()
    )
    beats = "".join(_beat(pr=148) for _ in range(3))
    text = f"""<!-- an <invented> recording --><AnnotatedECG xmlns="urn:hl7-org:v3"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><id root="1" extension="file-id"/>
    <effectiveTime><center value="20260401091000"/></effectiveTime>
    <componentOf><timepointEvent><performer><studyEventPerformer><assignedPerson><name>Dr Performer</name>
    </assignedPerson></studyEventPerformer></performer><componentOf><subjectAssignment><subject><trialSubject>
    <id root="2.16" extension="subject-9"/><subjectDemographicPerson><name><given>Ada</given>
    <family>Invented</family></name><administrativeGenderCode code="F"/><birthTime value="19720508"/>
    </subjectDemographicPerson></trialSubject></subject></subjectAssignment></componentOf></timepointEvent>
    </componentOf><controlVariable><relatedObservation><code code="21612-7"/><value value="{age}" unit="a"/>
    </relatedObservation></controlVariable><component><series><code code="RHYTHM"/>
    <effectiveTime><low value="20260401091000+0100"/><high value="20260401091010+0100"/></effectiveTime>
    <component><sequenceSet><component><sequence><code code="TIME_ABSOLUTE"/><value xsi:type="GLIST_TS">
    <head value="20260401091000"/><increment value="0.002" unit="s"/></value></sequence></component>
    {sequences}
    </sequenceSet></component><subjectOf><annotationSet>{annotations or beats}</annotationSet></subjectOf>
    </series></component></AnnotatedECG>"""
    for old, new in (changed or {}).items():
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def measured(code: str, value: object, unit: str, support: str = "") -> str:
    return f"""<component><annotation><code code="{code}"/><value value="{value}" unit="{unit}"/>{support}
    </annotation></component>"""


def _beat(pr: int) -> str:
    numbers = (("PR", pr), ("QRS", 90), ("QT", 400), ("QTc", 443))
    inside = "".join(measured(f"MDC_ECG_TIME_PD_{name}", value, "ms") for name, value in numbers)
    return f"""<component><annotation><code code="MDC_ECG_BEAT"/>{inside}
    {measured("MDC_ECG_ANGLE_QRS_FRONT", -61, "deg")}</annotation></component>"""


# Philips Sierra


def philips(
    leads: Leads | None = None,
    *,
    version: str = "1.04.01",
    encoding: str = "utf-16",
    pulse: int = 200,
    promised: int | None = None,
    states: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    body: str | None = None,
    changed: Mapping[str, str] | None = None,
) -> bytes:
    """A Philips file; `pulse` is the height of the calibration pulse in counts, 0 for none."""
    leads = leads if leads is not None else recording()
    end = [0] * 50 + [pulse] * 100 + [0] * 50 if pulse else []
    whole = {name: [*counts, *end] for name, counts in leads.items()}
    length = max(map(len, whole.values())) if promised is None else promised
    quality = "".join(
        f'<leadmeasurement leadname="{name}"><leadqualitystates {states[name]}</leadqualitystates>'
        "</leadmeasurement>"
        for name in states or {}
        if states
    )
    configured = {"qtcorrectionmethod": "Bazetts", "checkleadplacement": "Enabled"} | dict(settings or {})
    config = "".join(
        f"<configsetting><name>{name}</name><value>{value}</value></configsetting>"
        for name, value in configured.items()
    )
    text = f"""<?xml version="1.0" encoding="{encoding}"?>
    <restingecgdata xmlns="http://www3.medical.philips.com"><documentinfo><documenttype>PhilipsECG</documenttype>
    <documentversion>{version}</documentversion></documentinfo><orderinfo><reasonfororder>for Mrs Reason
    </reasonfororder></orderinfo><dataacquisition date="2026-04-01" time="09:10:00"><signalcharacteristics>
    <samplingrate>{HZ}</samplingrate><resolution>{UV}</resolution><hipass>0.05</hipass><lowpass>150</lowpass>
    <acquisitiontype>10-WIRE</acquisitiontype><numberchannelsallocated>12</numberchannelsallocated>
    </signalcharacteristics></dataacquisition><patient><generalpatientdata><patientid>GP-77</patientid>
    <uniquepatientid/><MRN>M-1</MRN><name><lastname>Invented</lastname><firstname>Ada</firstname></name>
    <age><dateofbirth>1951-01-01</dateofbirth></age><sex>Female</sex></generalpatientdata></patient>
    <internalmeasurements><crossleadmeasurements><qamessagecodes><qamessagecode>None</qamessagecode>
    </qamessagecodes><qaactioncode>ECG OK</qaactioncode><meanventrate>60</meanventrate>
    </crossleadmeasurements><leadmeasurements>{quality}</leadmeasurements><configsettings>{config}
    </configsettings></internalmeasurements><interpretations><interpretation><globalmeasurements>
    <heartrate>60</heartrate><print>164</print><qrsdur>102</qrsdur><qtint>399</qtint><qtcb>399</qtcb>
    <qtcf>398</qtcf><qrsfrontaxis>22</qrsfrontaxis></globalmeasurements>
    <mdsignatureline>Confirmed by Dr Confirmer</mdsignatureline><severity>- INVENTED ECG -</severity>
    <statement><leftstatement>Sinus rhythm</leftstatement><rightstatement>V-rate 50-99</rightstatement>
    </statement>
    <statement><leftstatement> </leftstatement></statement><statement><leftstatement>Early R</leftstatement>
    </statement></interpretation></interpretations><waveforms><parsedwaveforms dataencoding="Base64"
    compression="XLI" numberofleads="{len(whole)}" leadlabels="{" ".join(whole)}"
    durationperchannel="{length * 1000 // HZ}" resolution="{UV}">{xli(whole) if body is None else body}
    </parsedwaveforms></waveforms></restingecgdata>"""
    for old, new in (changed or {}).items():
        assert old in text
        text = text.replace(old, new)
    return text.encode(encoding)


def xli(leads: Leads) -> str:
    """The leads as Philips packs them, with LZW codes of single bytes only."""
    i, ii, iii = leads["I"], leads["II"], leads["III"]
    stored = dict(leads)
    stored["III"] = [b - a - c for a, b, c in zip(i, ii, iii, strict=True)]
    stored["aVR"] = [-r - floor((a + b) / 2) for r, a, b in zip(leads["aVR"], i, ii, strict=True)]
    stored["aVL"] = [floor((a - c) / 2) - v for v, a, c in zip(leads["aVL"], i, iii, strict=True)]
    stored["aVF"] = [floor((b + c) / 2) - v for v, b, c in zip(leads["aVF"], ii, iii, strict=True)]
    return b64encode(b"".join(map(_chunk, stored.values()))).decode()


def _chunk(counts: Sequence[int]) -> bytes:
    s = [*counts, 0]
    start = 2 * s[1] - s[0] - s[2]
    deltas = [s[0], s[1]] + [2 * s[n] - s[n - 1] - s[n + 1] + 64 for n in range(2, len(counts))]
    raw = struct.pack(f">{len(deltas)}h", *deltas)
    return lzw_chunk([*raw[0::2], *raw[1::2]], start)


def lzw_chunk(codes: Sequence[int], start: int = 0) -> bytes:
    bits = "".join(f"{code:010b}" for code in codes)
    bits += "1" * 10  # 1023: the end
    data = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    return struct.pack("<ihh", len(data), 0, start) + data


# SCP-ECG

_SCP_LEADS = {
    "I": 1, "II": 2, "V1": 3, "V2": 4, "V3": 5, "V4": 6, "V5": 7, "V6": 8,
    "III": 61, "aVR": 62, "aVL": 63, "aVF": 64,
}  # fmt: skip
PATIENT = {0: b"Invented\0", 1: b"Ada\0", 2: b"GP-77\0", 5: struct.pack("<HBB", 1972, 5, 8), 8: b"\x02",
           20: b"Dr Referrer\0", 21: b"Dr Confirmer\0", 25: struct.pack("<HBB", 2026, 4, 1),
           26: bytes((9, 10, 0)), 30: b"for Mrs Reason\0"}  # fmt: skip


def scp(
    leads: Mapping[str, Sequence[int]] | None = None,
    *,
    patient: Mapping[int, bytes] | None = None,
    promised: int | None = None,
    rate: int = 0,
    formula: int = 0,
    statements: Sequence[bytes] = (b"Sinus rhythm", b"", b"Early R"),
    extra: Mapping[int, bytes] | None = None,
    plain: bool = False,
    differences: int = 2,
    size: int | None = None,
) -> bytes:
    leads = leads if leads is not None else recording()
    who = {**PATIENT, **(patient or {})}
    fields = b"".join(struct.pack("<BH", tag, len(value)) + value for tag, value in who.items())
    coded = [_coded(counts, differences, plain) for counts in leads.values()]
    longest = max(map(len, leads.values())) if promised is None else promised
    beat = struct.pack("<8H", 286, 388, 434, 524, 834, 44, -61 & 0xFFFF, 86)
    texts = b"".join(
        struct.pack("<BH", number, len(text) + 1) + text + b"\0" for number, text in enumerate(statements, 1)
    )
    sections = {
        1: fields + b"\xff\0\0",
        **({} if plain else {2: struct.pack("<H", 19999)}),
        3: bytes((len(leads), 0x64))
        + b"".join(struct.pack("<IIB", 1, longest, _SCP_LEADS[name]) for name in leads),
        6: struct.pack("<HHBB", UV * 1000, 1_000_000 // HZ, differences, 0)
        + b"".join(struct.pack("<H", len(data)) for data in coded)
        + b"".join(coded),
        7: struct.pack("<BBHH", 1, 0, 1000, 1000)
        + beat
        + struct.pack("<HBHHHB", 1, 0, rate, 29999, 443, formula),
        8: struct.pack("<BHBBBBBB", 0, 2026, 4, 1, 9, 10, 0, len(statements)) + texts,
        **(extra or {}),
    }
    return scp_record(sections, size)


def scp_record(sections: Mapping[int, bytes], size: int | None = None) -> bytes:
    """The sections' data as a record with right checksums; `size` is what it says of its own length."""
    at = 6 + 16 + 120
    pointers, bodies = b"", b""
    for number in range(12):
        if number == 0:
            pointers += struct.pack("<HII", 0, 136, 7)
        elif number in sections:
            body = scp_section(number, sections[number])
            pointers += struct.pack("<HII", number, len(body), at + len(bodies) + 1)
            bodies += body
        else:
            pointers += struct.pack("<HII", number, 0, 0)
    record = scp_section(0, pointers, b"SCPECG") + bodies
    sized = struct.pack("<I", size if size is not None else len(record) + 6) + record
    return struct.pack("<H", crc_hqx(sized, 0xFFFF)) + sized


def scp_section(number: int, data: bytes, reserved: bytes = bytes(6)) -> bytes:
    rest = struct.pack("<HIBB", number, len(data) + 16, 20, 20) + reserved + data
    return struct.pack("<H", crc_hqx(rest, 0xFFFF)) + rest


def _coded(counts: Sequence[int], differences: int, plain: bool) -> bytes:
    values = list(counts)
    for _ in range(differences):
        values = [values[0]] + [b - a for a, b in pairwise(values)]
    if differences == 2 and len(counts) > 1:
        values[1] = counts[1]  # the second sample stands as it is
    if plain:
        return struct.pack(f"<{len(values)}h", *values)
    bits = "".join(map(_huffman, values))
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


def _huffman(value: int) -> str:
    if value == 0:
        return "0"
    if abs(value) <= 8:
        return "1" * abs(value) + "0" + ("1" if value < 0 else "0")
    if -128 <= value <= 127:
        return "1111111110" + f"{value & 0xFF:08b}"
    return "1111111111" + f"{value & 0xFFFF:016b}"


# DICOM


def dicom(
    leads: Mapping[str, Sequence[int]] | None = None,
    *,
    promised: int | None = None,
    numbers: Sequence[tuple[str, str, str]] | None = None,
    texts: Sequence[str] = ("Sinus rhythm", "", "Early R"),
    changed: Mapping[str, object] | None = None,
    syntax: str = ExplicitVRLittleEndian,
) -> bytes:
    """A 12-lead ECG object; `numbers` are meaning, value and unit of coded measurements."""
    leads = leads if leads is not None else recording()
    ecg = Dataset()
    ecg.SOPClassUID = "1.2.840.10008.5.1.4.1.1.9.1.1"
    ecg.SOPInstanceUID = generate_uid(entropy_srcs=["gpa-tui tests"])
    ecg.Modality = "ECG"
    ecg.PatientName = "Invented^Ada"
    ecg.PatientID = "GP-77"
    ecg.PatientBirthDate = "19720508"
    ecg.PatientSex = "F"
    ecg.PatientAge = "053Y"
    ecg.AcquisitionDateTime = "20260401091000"
    ecg.NameOfPhysiciansReadingStudy = "Confirmer^Dr"
    ecg.ReasonForStudy = "for Mrs Reason"
    given = numbers if numbers is not None else (
        ("Ventricular Heart Rate", "60", "/min"), ("PR Interval", "148", "ms"), ("QRS Duration", "90", "ms"),
        ("QT Interval", "400", "ms"), ("QTc Interval", "443", "ms"), ("QRS Axis", "-61", "deg"),
    )  # fmt: skip
    ecg.WaveformAnnotationSequence = Items(
        [*map(_text_annotation, texts), *(_number_annotation(*number) for number in given)]
    )
    group = Dataset()
    group.WaveformOriginality = "ORIGINAL"
    group.NumberOfWaveformChannels = len(leads)
    group.NumberOfWaveformSamples = len(leads["I"]) if promised is None else promised
    group.SamplingFrequency = str(HZ)
    group.ChannelDefinitionSequence = Items(list(map(_channel, leads)))
    group.WaveformBitsAllocated = 16
    group.WaveformSampleInterpretation = "SS"
    mixed = [count for together in zip(*leads.values(), strict=True) for count in together]
    group.WaveformData = struct.pack(f"<{len(mixed)}h", *mixed)
    ecg.WaveformSequence = Items([group])
    for keyword, value in (changed or {}).items():
        setattr(ecg, keyword, value)
    ecg.file_meta = FileMetaDataset()
    ecg.file_meta.TransferSyntaxUID = UID(syntax)
    out = BytesIO()
    ecg.save_as(out, enforce_file_format=True)
    return out.getvalue()


def _code(meaning: str, value: str = "1", scheme: str = "MDC") -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, scheme, meaning
    return code


def _text_annotation(text: str) -> Dataset:
    annotation = Dataset()
    annotation.UnformattedTextValue = text
    annotation.ReferencedWaveformChannels = [1, 0]
    return annotation


def _number_annotation(meaning: str, value: str, unit: str, channel: int = 0) -> Dataset:
    annotation = Dataset()
    annotation.ConceptNameCodeSequence = Items([_code(meaning)])
    annotation.MeasurementUnitsCodeSequence = Items([_code(unit, unit, "UCUM")])
    annotation.NumericValue = value
    annotation.ReferencedWaveformChannels = [1, channel]
    return annotation


def _channel(name: str) -> Dataset:
    channel = Dataset()
    channel.ChannelSourceSequence = Items([_code(f"Lead {name}")])
    channel.ChannelSensitivity = str(UV)
    channel.ChannelSensitivityUnitsSequence = Items([_code("microvolt", "uV", "UCUM")])
    channel.ChannelSensitivityCorrectionFactor = "1"
    channel.ChannelBaseline = "0"
    channel.FilterLowFrequency = "0.05"
    channel.FilterHighFrequency = "150"
    return channel
