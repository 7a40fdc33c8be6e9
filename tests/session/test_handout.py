"""The handout: what the patient was told, and nothing that is the staff's."""

from __future__ import annotations

import runpy
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from clinic import DATE, FIRST, GPA, NINE, Morning, a_patient, an_appointment

from gpa_tui.errors import Refused
from gpa_tui.output.handout_pdf import LARGE_PT, STANDARD_PT, as_pdf
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import EventId
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.patient import Need
from gpa_tui.records.plan import SafetyNet, Translation
from gpa_tui.records.staff import Role
from gpa_tui.session import acts
from gpa_tui.session.handout import Handout, english, handout
from gpa_tui.session.tasks import Task
from gpa_tui.settings import PracticeSettings

SETTINGS = PracticeSettings(name="Elm Tree", telephone="01632 960123")
DOCS = Path(__file__).parents[2] / "docs"
RECEPTION = Owner(name="Reception", role=Role.RECEPTION)


def released(*needs: str) -> Morning:
    row = an_appointment(patient=a_patient(needs=tuple(Need(text=need) for need in needs)))
    morning = Morning(row)
    for stage in (Stage.ARRIVED, Stage.WITH_GP):
        morning.do(acts.move, FIRST.id, stage)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    morning.do(acts.give_plan, FIRST.id, "rest, UTI, ?abuse", "Dr N Patel")
    morning.do(acts.word_plan, FIRST.id, ["Rest today.", "Drink enough."])
    morning.release("Dr N Patel")
    return morning


def sheet(morning: Morning, *steps: Task) -> Handout:
    return handout(morning.visit(), DATE, SETTINGS, steps)


def a_task(what: str, *, for_patient: bool) -> Task:
    return Task(EventId(what), what, RECEPTION, date(2026, 11, 30), GPA, NINE, for_patient=for_patient)


def test_it_has_the_messages_the_net_the_next_steps_and_whom_to_ring() -> None:
    morning = released()
    net = SafetyNet(what="fever", by_when="Friday", where="ring us", said_back=True)
    morning.do(acts.give_safety_net, FIRST.id, net)
    text = sheet(morning, a_task("blood test", for_patient=True)).text
    assert text.startswith("Elm Tree\nYour plan from today, Monday 23 November 2026\nFor Grace Okonkwo\n")
    assert "What matters\n- Rest today.\n- Drink enough.\n" in text
    assert "Watch for\n- fever\n- Better by: Friday\n- If not: ring us\n" in text
    assert "- blood test: Reception, by Monday 30 November 2026\n" in text
    assert "- Elm Tree: 01632 960123\n" in text
    assert "111" in text
    assert "999" in text


def test_nothing_of_the_staff_is_on_it() -> None:
    morning = released()
    morning.do(acts.note_capacity, FIRST.id, "son speaks for her")
    morning.do(acts.raise_safeguarding, FIRST.id, "bruises")
    text = sheet(morning, a_task("ask the social worker", for_patient=False)).text
    for word in ("son speaks", "bruises", "abuse", "social worker", "private"):
        assert word not in text


def test_it_waits_for_the_release_and_for_the_words_as_they_now_are() -> None:
    morning = released()
    morning.do(acts.give_plan, FIRST.id, "no rest", "Dr N Patel")
    with pytest.raises(Refused, match="has not released"):
        sheet(morning)
    with pytest.raises(Refused, match="has not released"):
        morning.do(acts.note_handout, FIRST.id, "printed", False)


def test_large_print_where_the_need_is_recorded() -> None:
    assert not sheet(released()).large
    assert sheet(released("Large print please")).large
    assert LARGE_PT > STANDARD_PT


def test_the_pdf_is_tagged_is_the_same_each_time_and_takes_words_as_words() -> None:
    morning = released("large print")
    made = as_pdf(sheet(morning))
    assert made.startswith(b"%PDF-")
    for needed in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang", b"pdfuaid"):
        assert needed in made
    assert as_pdf(sheet(morning)) == made
    morning.do(acts.word_plan, FIRST.id, ['#panic("x") $1 *b* _i_ @a <b> \\', "]]#[", "-- // */"])
    morning.release("Dr N Patel")
    assert as_pdf(sheet(morning)).startswith(b"%PDF-")


def test_the_samples_are_what_the_program_makes_now() -> None:
    made = runpy.run_path(str(DOCS / "samples.py"))["samples"]()
    assert {name: (DOCS / "samples" / name).read_bytes() for name in made} == made


# ── in another language ───────────────────────────────────────────────────────────────────────


def translated(morning: Morning, *lines: str, language: str = "Polish", by: str = "A Nowak") -> None:
    given = Translation(language=language, lines=lines, of=(), by=by)
    morning.do(acts.translate, FIRST.id, english(morning.visit()), given)


def test_the_words_that_a_person_approved_stand_first_with_who_did() -> None:
    morning = released()
    translated(morning, "Proszę dziś odpoczywać.", "Proszę dużo pić.")
    found = sheet(morning)
    assert found.language == "Polish"
    assert "Polish (A Nowak)\n- Proszę dziś odpoczywać.\n- Proszę dużo pić.\n\nWhat matters" in found.text
    made = as_pdf(found)
    assert b"/Lang (pl)" in made or b"/Lang(pl)" in made
    assert as_pdf(replace(found, language="Klingon")).startswith(b"%PDF-")


def test_they_go_when_the_english_words_change() -> None:
    morning = released()
    translated(morning, "Proszę dziś odpoczywać.", "Proszę dużo pić.")
    net = SafetyNet(what="fever", by_when="Friday", where="ring us", said_back=True)
    morning.do(acts.give_safety_net, FIRST.id, net)
    assert sheet(morning).language == ""
    assert "Polish" not in sheet(morning).text
    assert len(english(morning.visit())) == 5


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"lines": ("Proszę.",)}, "1 lines for 2"),
        ({"lines": ("Proszę.", " ")}, "1 lines for 2"),
        ({"by": " "}, "who wrote or approved"),
        ({"language": ""}, "in which language"),
    ],
)
def test_each_line_has_its_own_and_somebody_answers_for_them(change: dict[str, object], says: str) -> None:
    morning = released()
    given = Translation(language="Polish", lines=("Proszę.", "Pić."), of=(), by="A Nowak")
    with pytest.raises(Refused, match=says):
        morning.do(acts.translate, FIRST.id, english(morning.visit()), given.model_copy(update=change))


def test_words_that_changed_meanwhile_are_not_translated_unseen() -> None:
    morning = released()
    seen = english(morning.visit())
    morning.do(acts.word_plan, FIRST.id, ["Do not rest.", "Drink enough."])
    morning.release("Dr N Patel")
    given = Translation(language="Polish", lines=("Proszę.", "Pić."), of=(), by="A Nowak")
    with pytest.raises(Refused, match="changed meanwhile"):
        morning.do(acts.translate, FIRST.id, seen, given)


def test_a_script_from_the_right_is_laid_out_so_and_one_without_letters_here_is_refused() -> None:
    morning = released()
    translated(morning, "استرح اليوم.", "اشرب كثيرا.", language="Arabic", by="interpreter 4711")
    assert as_pdf(sheet(morning)).startswith(b"%PDF-")
    translated(morning, "আজ বিশ্রাম নিন।", "পানি পান করুন।", language="Bengali", by="interpreter 4711")
    with pytest.raises(RuntimeError):
        as_pdf(sheet(morning))
    assert "আজ" in sheet(morning).text
