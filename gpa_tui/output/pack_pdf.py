"""The downtime pack as PDF: A4, tagged (PDF/UA-1), by Typst; forms are one a page, to be copied."""

from __future__ import annotations

from dataclasses import asdict

from gpa_tui.output.pdf import for_staff
from gpa_tui.session.pack import HEAD, Pack

_SHEET = b"""
#let pack = json(bytes(sys.inputs.at("pack")))
#set document(title: pack.title, author: pack.practice, date: none)
#set page(paper: "a4", margin: (x: 15mm, y: 16mm), footer: context [
  #set text(0.8em)
  #pack.foot #h(1fr) #counter(page).display() / #counter(page).final().first()
])
#set text(font: "DejaVu Sans", size: 9pt, lang: "en", region: "GB", hyphenate: false)
#set par(leading: 0.5em, justify: false)
#show heading: set block(above: 1.2em, below: 0.6em)
#text(0.9em, pack.practice)

= #pack.title
#pack.how

== The list
#for row in pack.rows [ #block(breakable: false)[
  *#row.at(0)* #row.at(1) \\
  #row.at(2) \\
  *#row.at(3)*
] ]
== The briefs
#for (whose, rows) in pack.briefs [
  === #whose
  #for (label, words) in rows [ #if label != "" [*#label* ] #words \\
  ]
]
#let blank(title, lines) = [
  #pagebreak(weak: true)
  == #title
  #for line in lines [
    #line
    #v(0.9em)
    #box(width: 100%, stroke: (bottom: 0.5pt))
    #v(0.5em)
  ]
]
#blank("Prep", pack.head + pack.prep)
#for (title, lines) in pack.forms [ #blank(title, pack.head + lines) ]
"""


HOW = (
    "As of {}. Telephone: {}. Write on every sheet whose it is, who wrote, and at what time; type it in "
    "afterwards: z, that time, and what the sheet says."
)


def as_pdf(pack: Pack) -> bytes:
    """The PDF."""
    title = f"Downtime pack, {pack.on:%A} {pack.on.day} {pack.on:%B %Y}"
    said = asdict(pack) | {
        "title": title,
        "foot": f"{title}, as of {pack.made}. Confidential: shred it.",
        "how": HOW.format(pack.made, pack.telephone or "not set in practice.toml"),
        "on": pack.on.isoformat(),
        "head": HEAD,
    }
    return for_staff(_SHEET, "pack", said, pack.on)
