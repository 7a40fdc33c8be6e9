"""Three made-up clinics, played through: what the GP reads, the patient takes home, the entry has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from clinics_played import WORDS, Played, as_text, the_clinics

from gpa_tui.clinical.plain_english import jargon
from gpa_tui.output.handout_pdf import as_pdf

SAMPLES = Path(__file__).parents[2] / "docs" / "samples" / "clinics"
CLINICS = the_clinics()
PEOPLE = [
    pytest.param(number, of, id=f"{clinic}-{of['name'][2]}")
    for clinic, said in CLINICS.items()
    for number, of in enumerate(said["patients"], 1)
]


def test_there_are_three_clinics() -> None:
    assert len(CLINICS) == 3
    assert all(len(clinic["patients"]) >= 3 for clinic in CLINICS.values())


@pytest.mark.parametrize("clinic", CLINICS)
def test_the_samples_are_what_comes_out_now(clinic: str) -> None:
    """`python docs/samples.py` writes them anew."""
    assert (SAMPLES / f"{clinic}.txt").read_text("utf-8") == as_text(CLINICS[clinic])


@pytest.mark.parametrize(("number", "of"), PEOPLE)
def test_nothing_is_left_to_ask_and_all_that_was_not_said_was_confirmed(
    number: int, of: dict[str, Any]
) -> None:
    played = Played(number, of)
    assert played.open is None
    assert set(played.unsaid) == set(of.get("confirmed", ()))
    assert set(played.net_unsaid) == set(of.get("net_confirmed", ()))


@pytest.mark.parametrize(("number", "of"), PEOPLE)
def test_the_list_that_fits_was_proposed_and_every_answer_found_its_item(
    number: int, of: dict[str, Any]
) -> None:
    played = Played(number, of)
    assert len(played.prep.templates) == 2
    assert set(of["prep"]) == {answer.item for answer in played.visit.answers.values()}


@pytest.mark.parametrize(("number", "of"), PEOPLE)
def test_a_patient_reads_no_shorthand_no_jargon_and_nothing_of_the_staff(
    number: int, of: dict[str, Any]
) -> None:
    played = Played(number, of)
    text = played.sheet.text
    assert WORDS.to_type_out(played.visit.plan.messages) == []
    assert not re.search(r"\b(bd|tds|qds|od|prn|R/v|mg|ml)\b|\d/\d", text.replace(of["gp"], ""))
    hard = [one for message in played.visit.plan.messages for one in jargon(message, WORDS.lexicon)]
    assert hard == []
    assert played.sheet.large is ("large print" in of.get("needs", ()))
    assert as_pdf(played.sheet).startswith(b"%PDF-")


@pytest.mark.parametrize(("number", "of"), PEOPLE)
def test_the_brief_is_read_on_one_screen(number: int, of: dict[str, Any]) -> None:
    lines = [piece for _, text in Played(number, of).brief for piece in re.findall(r".{1,66}", text)]
    assert len(lines) <= 17  # of 24, under frame and title
