"""A portfolio as Markdown, as PDF (A4, tagged, PDF/UA-1, by Typst), and as a ZIP for a portal."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

from gpa_tui.output.pdf import for_staff
from gpa_tui.session.portfolio import Item, Portfolio, Row

MADE = datetime(1980, 1, 1, tzinfo=UTC)
"""Of every file in a ZIP and every PDF: the same portfolio gives the same bytes."""


def as_markdown(one: Portfolio) -> str:
    """All of it."""
    return "\n".join(_lines(one)) + "\n"


def _lines(one: Portfolio) -> Iterator[str]:
    yield f"# Portfolio of {_plain(one.name)}"
    yield ""
    yield _plain(_about(one))
    yield ""
    yield from (f"- {_sessions(count)} reviewed by {_plain(by)}" for by, count in one.reviewed_by)
    domain = ""
    for row in one.rows:
        if row.domain != domain:
            domain = row.domain
            yield from ("", f"## {domain}", "")
        yield f"- {_plain(_row(row))}"
    if one.feedback:
        yield from ("", "## What supervisors said", "")
        yield from (f"- {month}, {_plain(by)}: {_plain(words)}" for month, by, words, _ in one.feedback)
    for item in one.items:
        yield ""
        yield from item_lines(item)
    yield from ("", MENTOR)


def _about(one: Portfolio) -> str:
    span = f", {one.since} to {one.until}" if one.since else ""
    gone = f" Not counted: {_dates(one.gone)} whose log was taken away by rule." if one.gone else ""
    unread = f" Counted as far as they can be read: {', '.join(one.unread)}." if one.unread else ""
    return f"{one.practice}{span}. {_sessions(one.sessions)} worked.{gone}{unread}"


def _dates(dates: int) -> str:
    return "1 date" if dates == 1 else f"{dates} dates"


def _sessions(count: int) -> str:
    return "1 session" if count == 1 else f"{count} sessions"


def left_out_words(one: Portfolio) -> str:
    """What stayed, for whoever made it."""
    texts = "1 text stays" if one.left_out == 1 else f"{one.left_out} texts stay"
    return f"{texts} here: not read yet, not to leave, or telling who somebody is."


MENTOR = "Mentor: ______________________  Date: ____________"


def _row(row: Row) -> str:
    return f"{row.title}: {row.done_words}; {row.evidence} as evidence; {row.signed}"


def item_lines(item: Item) -> Iterator[str]:
    """One visit as evidence."""
    yield f"## Evidence {item.number}, {item.month}"
    yield ""
    yield f"For: {_plain(_for(item))}"
    yield ""
    yield from (f"- {_plain(line)}" for line in item.lines)
    for heading, words in item.reflections:
        yield from ("", f"### {heading}")
        for part in words.split("\n"):
            yield from ("", _plain(part)) if part.strip() else ()


def _for(item: Item) -> str:
    domains = f" ({', '.join(item.domains)})" if item.domains else ""
    return f"{'; '.join(item.titles) or 'no competency named'}{domains}"


def _plain(text: str) -> str:
    """Nothing in it is Markdown."""
    said = re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", " ".join(text.split()))
    return re.sub(r"^([-+]|(?<=^)\d+(?=[.)]))", _escaped, said)


def _escaped(begins: re.Match[str]) -> str:
    return f"\\{begins[1]}" if begins[1] in "-+" else f"{begins[1]}\\"


_SHEET = b"""
#let it = json(bytes(sys.inputs.at("portfolio")))
#set document(title: it.title, author: it.name, date: none)
#set page(paper: "a4", margin: 18mm, footer: context align(center, text(0.8em)[
  #counter(page).display() / #counter(page).final().first()
]))
#set text(font: "DejaVu Sans", size: 10pt, lang: "en", region: "GB", hyphenate: false)
#show heading: set block(above: 1.3em, below: 0.7em)

= #it.title
#it.about
#for part in it.parts [
  == #part.at(0)
  #for line in part.at(1) [ #if line.at(0) != "" [ === #line.at(0)
  ]
  #line.at(1)

  ]
]
#v(2em)
Mentor: #box(width: 6cm, stroke: (bottom: 0.5pt)) Date: #box(width: 3cm, stroke: (bottom: 0.5pt))
"""


def as_pdf(one: Portfolio) -> bytes:
    """The same as PDF."""
    parts: list[tuple[str, list[tuple[str, str]]]] = []
    for row in one.rows:
        if not parts or parts[-1][0] != row.domain:
            parts.append((row.domain, []))
        parts[-1][1].append(("", _row(row)))
    if one.feedback:
        said = [("", f"{month}, {by}: {words}") for month, by, words, _ in one.feedback]
        parts.append(("What supervisors said", said))
    for item in one.items:
        lines = [("", f"For: {_for(item)}")]
        lines += [("", line) for line in item.lines]
        parts.append((f"Evidence {item.number}, {item.month}", [*lines, *item.reflections]))
    reviewed = "; ".join(f"{_sessions(count)} reviewed by {by}" for by, count in one.reviewed_by)
    said_ = {
        "title": f"Portfolio of {one.name}",
        "name": one.name,
        "about": f"{_about(one)}{f' {reviewed}.' if reviewed else ''}",
        "parts": parts,
    }
    return for_staff(_SHEET, "portfolio", said_, MADE)


def as_zip(one: Portfolio) -> bytes:
    """Markdown, PDF, a file a visit, and all of it as JSON."""
    files = {
        "portfolio.md": as_markdown(one).encode(),
        "portfolio.pdf": as_pdf(one),
        "portfolio.json": json.dumps(asdict(one), ensure_ascii=False, indent=1).encode(),
        **{
            f"evidence/{item.number:02}.md": (
                "\n".join([f"# {_plain(one.name)}", "", *item_lines(item), "", MENTOR]) + "\n"
            ).encode()
            for item in one.items
        },
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, MADE.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
