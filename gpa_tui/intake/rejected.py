"""The rows that were set aside, in a file beside the list: `<list>.rejected`, for its owner's eyes only."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gpa_tui.errors import IntakeError
from gpa_tui.intake.fields import tidy
from gpa_tui.intake.listing import RejectedRow
from gpa_tui.store.files import replace_file

# A spreadsheet runs what starts so; an apostrophe before it makes it text (OWASP, "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@")


def write_rejected(day_list_path: Path, rows: Iterable[RejectedRow]) -> Path:
    """Write one line a row: file, row, field, reason and the raw row, apart by tabs; mode 0600.

    The file is replaced whole; without rows an older one is removed, so that none is left that no
    longer holds. Raises `IntakeError` when it cannot be written.
    """
    path = day_list_path.with_name(f"{day_list_path.name}.rejected")
    lines = [_line(row) for row in rows]
    try:
        if lines:
            replace_file(path, "".join(lines).encode())
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise IntakeError(
            f"The rows set aside could not be written to {tidy(path.name)}: {error.strerror}.",
            "Copy the list into a folder of your own, and import it from there.",
        ) from error
    return path


def _line(row: RejectedRow) -> str:
    cells = (row.file, row.row, row.field, row.reason, row.content)
    return "\t".join(_cell(cell) for cell in cells) + "\n"


def _cell(text: str) -> str:
    text = tidy(text)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
