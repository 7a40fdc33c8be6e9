"""What stands on paper, as a reader of PDFs that we did not write finds it: sheet, pack, portfolio."""

from __future__ import annotations

import subprocess
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path

from clinic import (
    DATE,
    FIRST,
    GPA,
    SUPERVISOR,
    FakeClock,
    a_bench,
    a_desk,
    a_patient,
    a_practice,
    an_appointment,
)

from gpa_tui.downtime import pack_now
from gpa_tui.output import pack_pdf, portfolio_text, session_sheet
from gpa_tui.records.appointment import Stage
from gpa_tui.session import acts, portfolio
from gpa_tui.session.acts import Place
from gpa_tui.session.desk import Desk
from gpa_tui.session.portfolio_now import Worked, portfolio_now
from gpa_tui.session.registry import Registry
from gpa_tui.session.sheet import sheet_of
from gpa_tui.templates import shipped_templates

SECOND = an_appointment(2, a_patient("Łukasiewicz-O’Brien", "Zoë", "1961-02-03", id="p2"))


def pages_of(pdf: bytes, folder: Path) -> list[str]:
    """The text of each page, its blanks one wide."""
    path = folder / "x.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True)
    return [" ".join(page.split()) for page in done.stdout.split("\f") if page.strip()]


def worked(desk: Desk) -> None:
    """Grace came, was identified and left; somebody was escalated."""
    row = FIRST.id
    for act in (
        partial(acts.move, to=Stage.ARRIVED),
        acts.open_record,
        partial(acts.check_identity, said_by="record only", name="", born=None),
        partial(acts.escalate, because="grey and sweating"),
        partial(acts.note_present, who="her daughter Ruth"),
        partial(acts.move, to=Stage.LEFT),
    ):
        desk.do(partial(act, place=desk.place, appointment=row))


def test_a_sheet_has_every_entry_and_on_every_page_the_mark_that_verify_is_asked_with(tmp_path: Path) -> None:
    practice = a_practice(tmp_path)
    with closing(a_desk(practice, FIRST, SECOND)) as desk, closing(Registry(a_bench(practice))) as registry:
        for _ in range(40):
            desk.do(partial(acts.escalate, place=desk.place, appointment=FIRST.id, because="grey"))
        worked(desk)
        registry.read()
        sheet = sheet_of(desk, registry)
    pages = pages_of(session_sheet.as_pdf(sheet), tmp_path)
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert page.replace(" ", "").endswith(f"{number}/{len(pages)}")
        assert sheet.mark in page.replace(" ", "")
    text = " ".join(pages)
    for heading, lines in sheet.parts:
        assert heading in text
        for line in lines:
            words = " ".join(line.split()).split(" ")
            assert " ".join(words[:4]) in text, line  # it may be broken over two lines, or pages
    assert "ŁUKASIEWICZ-O’BRIEN, Zoë" in text


def test_a_pack_has_the_list_the_briefs_and_the_forms(tmp_path: Path) -> None:
    practice = a_practice(tmp_path)
    with closing(a_desk(practice, FIRST, SECOND)) as desk:
        worked(desk)
        pack = pack_now(desk, shipped_templates())
    text = " ".join(pages_of(pack_pdf.as_pdf(pack), tmp_path))
    for row in pack.rows:
        assert all(" ".join(part.split()[:4]) in text for part in row), row
    for whose, lines in pack.briefs:
        assert text.count(whose.split(" ", 1)[1]) >= 2, "in the list and above the brief"
        assert all(" ".join(words.split()[:4]) in text for _, words in lines), whose
    for title, fields in (*pack.forms, ("Prep", pack.prep)):
        assert title in text
        assert all(" ".join(field.split()[:4]) in text for field in fields), title
    assert "NOT HEARD YET: grey and sweating" in text


def test_a_portfolio_has_what_was_done_and_nothing_of_whom(tmp_path: Path) -> None:
    practice, clock = a_practice(tmp_path), FakeClock()
    place = Place(GPA, "room2")
    with closing(a_desk(practice, FIRST, SECOND, clock=clock)) as desk:
        worked(desk)
        visit = desk.day.visits[FIRST.id]
        with closing(Registry(a_bench(practice, clock=clock))) as registry:
            registry.read()
            registry.do(lambda now: portfolio.pick(now.portfolios, desk.day, place, visit, []))
            known = Worked().known(a_bench(practice, clock=clock), registry.standing.events)
            made = portfolio_now(a_bench(practice, clock=clock), registry.standing, known)
    pdf = portfolio_text.as_pdf(made)
    text = " ".join(pages_of(pdf, tmp_path))
    assert "Portfolio of M Okafor" in text
    assert "A patient in their 70s" in text
    assert f"Evidence 1, {DATE:%Y-%m}" in text
    born = date.fromisoformat(FIRST.patient.born or "")
    told = ("Okonkwo", "Grace", "Ruth", "grey", "999 000 0018", "9990000018", f"{born:%d-%b-%Y}", "1954")
    for known_of_them in told:
        assert known_of_them.casefold() not in text.casefold()
        assert known_of_them.encode() not in pdf
    assert SUPERVISOR.name not in text
