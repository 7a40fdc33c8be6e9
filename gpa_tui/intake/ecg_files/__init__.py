"""What a file from an ECG cart says, told by its content: DICOM, Philips, HL7 aECG, GE MUSE, SCP-ECG, PDF.

All of it is unchecked, and only what stands in the file. The format libraries are loaded when a file of
their kind is read, so that importing this costs nothing at start-up.
"""

from __future__ import annotations

from gpa_tui.errors import IntakeError
from gpa_tui.intake.ecg_files.fields import damaged
from gpa_tui.records.ecg import EcgFileSays, EcgFormat

LARGEST = 20 * 2**20  # bytes; a real file has up to 0.5 MB, a PDF a few
_XML_ROOTS = {
    "restingecgdata": EcgFormat.PHILIPS,
    "AnnotatedECG": EcgFormat.AECG,
    "RestingECG": EcgFormat.MUSE,
}

__all__ = ["LARGEST", "read_ecg_file"]


def read_ecg_file(content: bytes) -> EcgFileSays:
    """What the file says; of a PDF and of an unknown kind nothing but that.

    Raises `IntakeError`: empty, over 20 MB, or of a kind that is known and damaged or hostile.
    """
    if not content:
        raise IntakeError("The file is empty.", "Export it from the cart again.")
    if len(content) > LARGEST:
        raise IntakeError(
            f"The file is larger than {LARGEST // 2**20} MB, the most that is read of an ECG file.",
            "Check that this is the right file, or export it from the cart again.",
        )
    kind = told_by_content(content)
    try:
        return _read(kind, content)
    except IntakeError:
        raise
    except Exception as error:  # whatever a format library raises on a damaged file
        raise damaged(kind, "it could not be read to the end") from error


def told_by_content(content: bytes) -> EcgFormat:
    """The kind of file, whatever it is called; nothing beyond its beginning is looked at."""
    from gpa_tui.intake.ecg_files import dicom, scp, xml_text

    if content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return EcgFormat.PDF
    if dicom.is_ecg(content):
        return EcgFormat.DICOM
    if scp.is_scp(content):
        return EcgFormat.SCP
    return _XML_ROOTS.get(xml_text.root_name(content), EcgFormat.OTHER)


def _read(kind: EcgFormat, content: bytes) -> EcgFileSays:
    from gpa_tui.intake.ecg_files import aecg, dicom, muse, philips, scp

    readers = {
        EcgFormat.DICOM: dicom.read,
        EcgFormat.PHILIPS: philips.read,
        EcgFormat.AECG: aecg.read,
        EcgFormat.MUSE: muse.read,
        EcgFormat.SCP: scp.read,
    }
    reader = readers.get(kind)
    return reader(content) if reader else EcgFileSays(format=kind)
