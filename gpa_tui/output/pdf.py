"""What every PDF of ours has in common: its fonts, of the package alone, and letters that they lack."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

_RARE = re.compile(r"[^\x00-\u052f\u1e00-\u209f\u2100-\u22ff\u2500-\u26ff\ufb00-\ufb06]")


@lru_cache(maxsize=2)
def fonts(*, of_the_machine: bool = False) -> typst.Fonts:
    """Of the package alone, so that every machine prints the same sheet; or the machine's as well."""
    import typst

    with as_file(files("gpa_tui").joinpath("reference", "fonts")) as folder:
        return typst.Fonts(
            include_system_fonts=of_the_machine, include_embedded_fonts=False, font_paths=[str(folder)]
        )


def for_staff(sheet: bytes, name: str, said: object, on: date | datetime) -> bytes:
    """A page for whoever works here: `said` as JSON in the input `name` (A4, tagged, PDF/UA-1).

    A letter that the package's fonts lack is taken from the machine's, and never keeps the page away: where
    no font has it, it stands as its number, `[U+738B]`.
    """
    import typst

    made = on if isinstance(on, datetime) else datetime.combine(on, datetime.min.time(), UTC)

    def page(words: str, *, of_the_machine: bool = False) -> bytes:
        inputs, those = {name: words}, fonts(of_the_machine=of_the_machine)
        return typst.compile(sheet, font_paths=those, sys_inputs=inputs, pdf_standards="ua-1", timestamp=made)

    words = json.dumps(said, ensure_ascii=False)
    for of_the_machine in (False, True):
        with suppress(RuntimeError):
            return page(words, of_the_machine=of_the_machine)
    return page(_RARE.sub(lambda one: f"[U+{ord(one.group()):04X}]", words))
