"""A handout as PDF: A4, tagged for screen readers (PDF/UA-1), its own fonts, by Typst."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime

from gpa_tui.output.pdf import fonts
from gpa_tui.session.handout import TITLE, Handout, show_day

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
#let shown(part) = [
  == #part.at(0)
  #list(..part.at(1).map(line => [#line]))
]
#for (number, part) in sheet.parts.enumerate() {
  if number == 0 and sheet.other != none [
    #set text(lang: sheet.other, region: none, dir: if sheet.rtl { rtl } else { ltr })
    #shown(part)
  ] else { shown(part) }
}
"""

CODES = {
    **{"albanian": "sq", "arabic": "ar", "bengali": "bn", "bulgarian": "bg", "chinese": "zh", "czech": "cs"},
    **{"dari": "fa", "farsi": "fa", "french": "fr", "german": "de", "greek": "el", "gujarati": "gu"},
    **{"hindi": "hi", "hungarian": "hu", "irish": "ga", "italian": "it", "kurdish": "ku", "latvian": "lv"},
    **{"lithuanian": "lt", "malayalam": "ml", "nepali": "ne", "pashto": "ps", "persian": "fa"},
    **{
        "polish": "pl",
        "portuguese": "pt",
        "punjabi": "pa",
        "romanian": "ro",
        "russian": "ru",
        "slovak": "sk",
    },
    **{"somali": "so", "spanish": "es", "tagalog": "tl", "tamil": "ta", "tigrinya": "ti", "turkish": "tr"},
    **{"ukrainian": "uk", "urdu": "ur", "vietnamese": "vi", "welsh": "cy", "yoruba": "yo"},
}
"""ISO 639-1 codes, for the voice of a screen reader; of another language it is `und`, not determined."""


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
        "other": CODES.get(sheet.language.casefold(), "und") if sheet.language else None,
        "rtl": bool(sheet.language) and _from_the_right(" ".join(sheet.parts[0][1])),
    }
    made = datetime.combine(sheet.on, datetime.min.time(), UTC)
    return typst.compile(
        _SHEET,
        font_paths=fonts(),
        sys_inputs={"sheet": json.dumps(said)},
        pdf_standards="ua-1",
        timestamp=made,
    )


def _from_the_right(text: str) -> bool:
    """Whether the first letter that has a direction is of a script that runs from right to left."""
    directions = (unicodedata.bidirectional(char) for char in text)
    return next((one for one in directions if one in {"L", "R", "AL"}), "L") != "L"
