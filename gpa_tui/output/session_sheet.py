"""A session's sheet as PDF (A4, tagged, PDF/UA-1, by Typst) and as text; every page has the log's hash."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from gpa_tui.output.pdf import for_staff
from gpa_tui.session.sheet import PAGE, WIDTH, Sheet
from gpa_tui.text import clean

_SHEET = b"""
#let sheet = json(bytes(sys.inputs.at("sheet")))
#set document(title: sheet.title, author: sheet.practice, date: none)
#set page(paper: "a4", margin: (x: 15mm, y: 18mm), footer: context [
  #set text(0.8em)
  #sheet.mark #h(1fr) #counter(page).display() / #counter(page).final().first()
])
#set text(font: "DejaVu Sans", size: 9pt, lang: "en", region: "GB", hyphenate: false)
#set par(leading: 0.5em, justify: false)
#set list(spacing: 0.6em)
#show heading: set block(above: 1.4em, below: 0.7em)
#text(0.9em, sheet.practice)

= #sheet.title
#sheet.clinics \\
#sheet.signed \\
#sheet.checked
#for part in sheet.parts [
  == #part.at(0)
  #list(..part.at(1).map(line => [#line]))
]
"""


def as_pdf(sheet: Sheet) -> bytes:
    """The PDF. The same sheet gives the same bytes."""
    said = {
        "title": sheet.title,
        "practice": sheet.practice,
        "clinics": sheet.clinics or "no list",
        "signed": sheet.signed,
        "mark": sheet.mark,
        "checked": sheet.checked,
        "parts": sheet.parts,
    }
    return for_staff(_SHEET, "sheet", said, sheet.on)


def as_text(sheet: Sheet) -> str:
    """Pages of `PAGE` lines with a form feed between them, the log's hash and the page's number on each."""
    lines = list(_lines(sheet))
    room = PAGE - 2
    pages = [lines[at : at + room] for at in range(0, len(lines), room)]
    ends = (f"{sheet.mark}  {number} / {len(pages)}" for number in range(1, len(pages) + 1))
    return "\f".join(
        "\n".join([*page, *[""] * (room - len(page)), "", end]) + "\n"
        for page, end in zip(pages, ends, strict=True)
    )


def _lines(sheet: Sheet) -> Iterator[str]:
    for text in (sheet.practice, sheet.title, sheet.clinics, sheet.signed, sheet.checked):
        yield from wrap(clean(text), WIDTH) or [""]
    for heading, texts in sheet.parts:
        yield from ("", heading, "-" * len(heading))
        for text in texts:
            yield from wrap(clean(text), WIDTH, subsequent_indent="    ") or [""]
