"""A handout as PDF: A4, tagged for screen readers (PDF/UA-1), its own fonts, by Typst."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from gpa_tui.session.handout import TITLE, Handout, show_day

if TYPE_CHECKING:
    import typst

STANDARD_PT, LARGE_PT = 14, 20
"""Sizes of print, in points (proposal: above the 12 and 16 that guides to accessible print ask for)."""

_SHEET = b"""
#let sheet = json(bytes(sys.inputs.at("sheet")))
#set document(title: sheet.title, author: sheet.practice, date: none)
#set page(paper: "a4", margin: 20mm, footer: context align(center, text(0.8em)[
  #counter(page).display() / #counter(page).final().first()
]))
#set text(font: "DejaVu Sans", size: sheet.size * 1pt, lang: "en", region: "GB", hyphenate: false)
#set par(leading: 0.8em, justify: false)
#set list(spacing: 1em)
#show heading: set block(above: 1.4em, below: 0.8em)
#text(0.9em, sheet.practice)

= #sheet.title
#(sheet.on) \\
#text[For #sheet.whose]
#for part in sheet.parts [
  == #part.at(0)
  #list(..part.at(1).map(line => [#line]))
]
"""


def as_pdf(sheet: Handout) -> bytes:
    """The PDF. The same sheet gives the same bytes."""
    import typst

    size = LARGE_PT if sheet.large else STANDARD_PT
    said = {
        "title": TITLE,
        "practice": sheet.practice,
        "whose": sheet.whose,
        "on": show_day(sheet.on),
        "parts": sheet.parts,
        "size": size,
    }
    made = datetime.combine(sheet.on, datetime.min.time(), UTC)
    return typst.compile(
        _SHEET,
        font_paths=_fonts(),
        sys_inputs={"sheet": json.dumps(said)},
        pdf_standards="ua-1",
        timestamp=made,
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The fonts of the package alone, so that every machine prints the same sheet."""
    import typst

    with as_file(files("gpa_tui").joinpath("reference", "fonts")) as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
