"""What every PDF of ours has in common: its fonts, of the package alone, and letters that they lack."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

_RARE = re.compile(r"[^\x00-\u052f\u1e00-\u1fff\u2000-\u206f\u2100-\u22ff\u2500-\u26ff]")


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """The fonts of the package alone, so that every machine prints the same sheet."""
    import typst

    with as_file(files("gpa_tui").joinpath("reference", "fonts")) as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def for_staff(sheet: bytes, name: str, said: object, on: date | datetime) -> bytes:
    """A page for whoever works here: `said` as JSON in the input `name` (A4, tagged, PDF/UA-1).

    A letter that the fonts lack never keeps the page away: it stands as its number, `[U+738B]`.
    """
    import typst

    made = on if isinstance(on, datetime) else datetime.combine(on, datetime.min.time(), UTC)

    def page(words: str) -> bytes:
        inputs = {name: words}
        return typst.compile(
            sheet, font_paths=fonts(), sys_inputs=inputs, pdf_standards="ua-1", timestamp=made
        )

    words = json.dumps(said, ensure_ascii=False)
    try:
        return page(words)
    except RuntimeError:
        return page(_RARE.sub(lambda one: f"[U+{ord(one.group()):04X}]", words))
