"""A portfolio is made of counts and bare visits: nothing in it tells who a patient is, whatever was typed."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from clinic import (
    DATE,
    FIRST,
    GP,
    GPA,
    NINE,
    RECEPTION,
    SUPERVISOR,
    FakeClock,
    Morning,
    a_bench,
    a_desk,
    a_patient,
    a_set,
    an_appointment,
    an_event,
)
from playing import AtDesks, play

from fixtures.demo_clinic import PEOPLE, bundle
from gpa_tui.errors import NotAllowed, Refused
from gpa_tui.intake.daylist import read_list
from gpa_tui.intake.take import take_in
from gpa_tui.output.portfolio_text import as_markdown, as_pdf, as_zip
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import EventId, StaffId
from gpa_tui.records.event import Event
from gpa_tui.records.facts_portfolio import HEADINGS, Bare
from gpa_tui.records.plan import TeachBack, TeachBackOutcome
from gpa_tui.records.prep import PrepOutcome
from gpa_tui.session import acts, portfolio, reviewing
from gpa_tui.session.acts import Place
from gpa_tui.session.competence import SignedOff
from gpa_tui.session.digest import names_in, patients_of
from gpa_tui.session.own_work import bare, bare_lines, done_in, what_counts
from gpa_tui.session.portfolio import Feedback, Known, Portfolios, fold_portfolio, note_read, pick
from gpa_tui.session.portfolio_now import Worked, portfolio_now
from gpa_tui.session.registry import Registry
from gpa_tui.session.standing import Standing, fold, fold_others
from gpa_tui.session.telling import Names, hashed, marked, names_of, suspicious, telling
from gpa_tui.settings import shipped_competencies
from gpa_tui.store.practice import Practice
from gpa_tui.templates import shipped_templates

LISTED = shipped_competencies()
BY_ID = {one.id: one for one in LISTED.competency}
AT = Place(GPA, "room2")
HAS = Portfolios()
PATIENTS = [("okonkwo", "grace"), ("O'Neill-Young", "Siobhán"), ("Ng", "Binh"), ("Will", "Hope")]
PATIENTS.append(("Day", "Rose"))
NAMES = Names(names_of(PATIENTS))


# ── nothing tells ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def played(practice: Practice, clock: FakeClock, tmp_path: Path) -> Practice:
    """The demo clinic, the whole way."""
    clock.at = NINE.replace(hour=8, minute=10)
    path = tmp_path / "list.json"
    path.write_text(json.dumps(bundle(DATE, practice.settings.zone)), "utf-8")
    info = practice.info
    listed = read_list(path, settings=practice.settings, practice=info.practice, on=DATE, demo=True)
    desks = [a_desk(practice, clock=clock, by=by) for by in (GPA, GP, RECEPTION)]
    take_in(desks[0], listed, None)
    for desk in desks:
        desk.refresh()
    play(AtDesks(desks, clock), Random(3))
    for desk in desks:
        desk.close()
    return practice


def identifiers(practice: Practice) -> Iterator[str]:
    """Every way in which a patient of the list could be told: names, numbers, birth dates."""
    with closing(a_desk(practice)) as desk:
        for visit in desk.day.visits.values():
            patient = visit.appointment.patient
            for name in (patient.name.family, patient.name.given):
                yield from (part for part in re.split(r"[\s'’-]+", name) if len(part) > 1)
            yield from (f"{visit.appointment.start:%H:%M}", visit.appointment.reason or "no reason")
            yield from (line for event in visit.events for line in _typed(event))
            if patient.nhs_number:
                yield from (patient.nhs_number, patient.nhs_number_shown)
            if patient.born and len(patient.born) == 10:
                born = date.fromisoformat(patient.born)
                yield from (patient.born, f"{born:%d-%b-%Y}", f"{born:%d/%m/%Y}", f"{born.day} {born:%B %Y}")
            yield patient.id
            yield visit.id


def _typed(event: Event) -> Iterator[str]:
    """Free words that somebody typed into the record, a name among them."""
    match event.data:
        case facts.PresentRecorded(who=who):
            yield from (who, "Ruth")
        case facts.PlanGiven(words=words):
            yield words


def told(text: str, known: set[str]) -> list[str]:
    return [one for one in known if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text, re.IGNORECASE)]


def test_no_export_has_anything_of_any_patient_in_it_whatever_was_written(
    played: Practice, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = set(identifiers(played))
    assert {"Okonkwo", "Grace", "9990000018", "1954-04-12", "Ruth", "Breathless 3 days"} <= known
    bench = a_bench(played, clock=clock)
    of = Worked().known(bench, ())
    with closing(Registry(bench)) as registry, closing(a_desk(played)) as desk:
        registry.read()
        for visit in [one for one in desk.day.rows if one.stage is Stage.LEFT]:
            day, patient = desk.day, visit.appointment.patient
            (picked,) = registry.do(lambda _: pick(HAS, day, AT, visit, [BY_ID["prep"]]))  # noqa: B023
            telling_it = (
                f"I went through it with {patient.name.given} {patient.name.family}.",
                f"born {patient.born}, number {patient.nhs_number_shown}",
                f"{patient.name.family.lower()} was tired",
                "I put it another way and it was said back.",
                f"Mr {patient.name.family[0]}, seen on 23/11/2026",
                f"{'-'.join(patient.name.family)} came",
                f"{patient.name.family[:3]}\u200d{patient.name.family[3:]} came",
            )
            for number, heading in enumerate(HEADINGS):
                text = telling_it[number % len(telling_it)]
                said = portfolio.reflect(registry.standing.portfolios, AT, picked.id, heading, text)
                registry.do(partial(_saying, said))
                try:
                    read = note_read(AT, text, include=True, names=of.names, on=DATE)
                except Refused:
                    continue
                registry.do(partial(_saying, read))
        day, head = desk.day, desk.head
        supervisor = Place(SUPERVISOR, "room1")
        with closing(Registry(a_bench(played, clock=clock, by=SUPERVISOR))) as theirs:
            theirs.read()
            words, unread = "Well done with Mrs Okonkwo.", "Nobody has read this."
            rows = [one for one in day.rows if one.stage is Stage.LEFT][:1]
            theirs.do(lambda now: reviewing.give(now.reviews, supervisor, day, "query", rows, unread))
            theirs.do(lambda now: reviewing.sign(now.reviews, supervisor, day, head, [], words))
        registry.read()
        with pytest.raises(Refused, match="Okonkwo"):
            note_read(AT, words, include=True, names=of.names, on=DATE)
        made = portfolio_now(bench, registry.standing, of)
    assert len(made.items) >= 10
    assert any("said back" in text for item in made.items for _, text in item.reflections)
    sent: list[str] = []
    import typst

    pdf = as_pdf(made)  # before it is looked into what goes to the typesetter
    monkeypatch.setattr(typst, "compile", lambda *_, **more: _kept(sent, more))
    with zipfile.ZipFile(io.BytesIO(as_zip(made))) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert {"portfolio.md", "portfolio.pdf", "portfolio.json", "evidence/01.md"} <= set(files)
    for text in (*files, *files.values(), as_markdown(made), *sent, pdf.decode("latin-1")):
        assert told(text, known) == []
        assert unread not in text
    assert made.left_out > len(made.items)
    assert sent
    assert told("Mrs Okonkwo", known) == ["Okonkwo"]  # it would be seen


def _saying(said: Any, _: object) -> Any:
    return said


def _kept(sent: list[str], more: dict[str, Any]) -> bytes:
    sent.append(json.loads(more["sys_inputs"]["portfolio"]).__repr__())
    return b"%PDF-"


def test_what_a_visit_leaves_has_no_field_for_anybody() -> None:
    """Whatever is added to it, a string in it is one of the program's or of the practice's lists."""
    texts = {name for name, one in Bare.model_fields.items() if "str" in str(one.annotation)}
    assert texts == {"minutes"}  # by stage
    assert len(PEOPLE) >= 16


# ── what words may leave ──────────────────────────────────────────────────────────────────────


TELLING = (
    *("Mrs Okonkwo was tired", "OKONKWO's son", "okonkwo", "Siobhan came", "a young o'neill", "Ng was tired"),
    *("Okonkwoʼs and okonkwos", "Okon\u200dkwo", "\u041ekonkwo came", "Okon-\nkwo", "O k o n k w o"),
    *("o.k.o.n.k.w.o", "MrsOkonkwo", "Mrs O was tired", "mrs ng", "mr li", "Then Will came", "I met Rose"),
    *("number 999 000 0018", "999-000-0018", "943–476–5919", "999\n000\n0018", "999 - 000 - 0018"),
    *("9 9 9 0 0 0 0 0 1 8", "9990 00 0018", "999 00 00 018", "01632 96 01 23", "12 04 54", "1954/04/12"),
    *("1954 04 12", "12Apr1954", "14, elm tree close", "oneill was here", "ONeill"),
    *("999/000/0018", "999_000_0018", "9990000018", "07700 900 123", "07700, 900 123"),
    *("born 12/04/1954", "born on 12th Apr", "seen on 1/1/54", "on 27/11", "3rd of March 1950", "March 3rd"),
    *("3-Mar-1950", "2026-11-23", "in April 1954", "the twelfth of april", "twelfth April", "April twelfth"),
    *("born in 1931", "born in '54", "nine nine nine zero zero zero zero"),
    *(
        "aged 94",
        "aged ninety-four",
        "a 94-year-old",
        "she is 72.",
        "he was seventy-two.",
        "our 72yo",
        "a 72F",
    ),
    *("lives at 3 Elm Tree Road", "12, Elm Court", "12 St John's Road", "flat 4b", "12 the Green"),
    *("12 Beech Hill", "lives at 12 elm close", "AB1 2DE", "AB1-2DE", "g.o@example.org"),
)
ORDINARY = (
    "Breathlessness is easy to miss. I asked again and she told me more.",
    "The QTc of 420 ms. The GP looked at it. He held the baby. She smiled.",
    "By the end of November I had done ten, the rest of March was quiet, and most of June too.",
    "Question 3 may be confusing. NEWS2 of 5 the GP came at once. In question 4 the patient stopped.",
    "It went well the 2nd time, a 3rd try, the 90th percentile, 10/12 items, pain 3/10.",
    "BP 124/78, 98% on air; 148/92 then 141/88. The pulse was 112, I called the GP at 9.",
    "A β-blocker, 300 µmol, B12 1mg, 2000 ml of water. I counted one two three four five breaths.",
    "I will hand over on the ward each day; I hope that was a good reason. On the one hand I was calm.",
    "The young man was long in the room. Will it be so next time? An hour later it was.",
    "In 2025 the guidance changed. Her temperature was 36.8. She said it back at the second try.",
    "He decided 2 things; it may help. She was 98% on air, he was 2 minutes late.",
)


@pytest.mark.parametrize("text", TELLING)
def test_what_tells_who_somebody_is_is_found_and_marked(text: str) -> None:
    found = telling(text, NAMES)
    assert found
    assert set(found) <= set(suspicious(text, NAMES))
    with pytest.raises(Refused, match="It tells who somebody is"):
        note_read(AT, text, include=True, names=NAMES, on=DATE)


@pytest.mark.parametrize("text", ORDINARY)
def test_what_people_write_about_their_work_may_leave(text: str) -> None:
    assert telling(text, NAMES) == []
    assert note_read(AT, text, include=True, names=NAMES, on=DATE)


def test_words_in_which_a_name_may_hide_are_marked() -> None:
    found = suspicious("Then graceokonkwo came, and Okon kwo; I will ask.", NAMES)
    assert {"graceokonkwo", "Okon kwo", "will"} <= set(found)


def test_a_title_and_a_large_letter_within_a_sentence_are_marked() -> None:
    found = suspicious("Then Mr smith and Ruth came. She left. I told the GP in May.", NAMES)
    assert found == ["Mr smith", "May", "Mr", "Ruth"]
    said = "Ruth, her daughter, spoke. Gracie was glad. GO was tired. G.O. too. Afterwards: Ruth."
    assert {"Ruth", "Gracie", "GO"} <= set(suspicious(said, NAMES))
    assert marked("An hour later an ECG.", NAMES) == "An hour later an ECG."


def test_every_part_of_a_listed_name_is_looked_for_and_no_title() -> None:
    rows = [
        an_appointment(1, a_patient("Quillfeather", "Margaret (Peggy)", title="Mrs")),
        an_appointment(2, a_patient("Van Straten", "Jo Anneke (Bibi)", nhs_number="9990000026")),
    ]
    found = names_in(patients_of(Morning(*rows).day).values())
    assert {"quillfeather", "margaret", "peggy", "van", "straten", "anneke", "bibi"} <= found
    assert "mrs" not in found


def test_a_name_of_a_date_that_is_gone_is_told_still_and_of_an_unread_one_no_word_leaves() -> None:
    gone = Names(hashed=frozenset({hashed("quillfeather", "p")}), salt="p")
    assert telling("Then quillfeather came.", gone) == ["quillfeather"]
    assert telling("Then nobody came.", gone) == []
    with pytest.raises(Refused, match="the log of 2026-11-23 cannot be read whole"):
        note_read(AT, "Then nobody came.", include=True, names=Names(unread=(DATE,)), on=DATE)
    assert note_read(AT, "Then nobody came.", include=False, names=Names(unread=(DATE,)), on=DATE)


def test_words_leave_only_as_they_were_read(practice: Practice) -> None:
    portfolios = Portfolios()
    with closing(Registry(a_bench(practice))) as registry:
        (said,) = registry.do(lambda _: note_read(AT, "I was calm.", include=True, names=Names(), on=DATE))
        portfolios = registry.standing.portfolios
    assert said.kind == "portfolio.read"
    assert portfolios.included(GPA.staff, "I was calm.")
    assert not portfolios.included(GPA.staff, "I was calm")
    assert not portfolios.included(GP.staff, "I was calm.")


# ── evidence, counts ──────────────────────────────────────────────────────────────────────────


def worked_visit(to: Stage = Stage.LEFT) -> Morning:
    morning = Morning(FIRST)
    for act, args in (
        (acts.move, (Stage.ARRIVED,)),
        (acts.open_record, ()),
        (acts.check_identity, ("record only", "", None)),
        (acts.move, (to,)),
    ):
        morning.do(act, FIRST.id, *args)
    return morning


def test_evidence_is_of_ones_own_work_and_of_a_visit_that_has_ended() -> None:
    morning = worked_visit(Stage.WITH_GP)
    with pytest.raises(Refused, match="once it has ended"):
        pick(HAS, morning.day, AT, morning.visit(), [])
    morning.do(acts.move, FIRST.id, Stage.LEFT)
    other = Place(GPA.model_copy(update={"staff": "jhart"}), "room2")
    with pytest.raises(Refused, match="You did nothing"):
        pick(HAS, morning.day, other, morning.visit(), [])
    with pytest.raises(NotAllowed):
        pick(HAS, morning.day, Place(RECEPTION, "room2"), morning.visit(), [])
    with pytest.raises(Refused, match="You did nothing here for: Recording a 12-lead ECG"):
        pick(HAS, morning.day, AT, morning.visit(), [BY_ID["ecg"]])
    (said,) = pick(HAS, morning.day, AT, morning.visit(), [BY_ID["forms"]])
    assert said.data.model_dump()["month"] == "2026-11"
    has = Portfolios()
    fold_portfolio(has, an_event(said.data, 900, FIRST))
    with pytest.raises(Refused, match="evidence already"):
        pick(has, morning.day, AT, morning.visit(), [])


def test_of_a_visit_the_decade_and_no_childs_age() -> None:
    morning = worked_visit()
    assert bare(morning.visit(), morning.day, GPA.staff).decade == 70
    assert next(bare_lines(Bare(decade=80))) == "A patient in their 80s or older"
    assert next(bare_lines(Bare(decade=None))) == "A patient"
    assert next(bare_lines(Bare(decade=70))) == "A patient in their 70s"


def test_what_was_done_under_whose_eye_is_counted_once_a_visit() -> None:
    morning = worked_visit()
    morning.do(acts.open_record, FIRST.id)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    morning.do(acts.record_observations, FIRST.id, a_set(), (), NINE, False)
    morning.do(acts.record_observations, FIRST.id, a_set(pulse=80), (), NINE, False)
    assert done_in(morning.day, LISTED) == {GPA.staff: {"observations": {"": 1}}}
    said_ = facts.SupervisionStated(
        supervisor=GP.staff, supervisor_name=GP.name, competencies=("ecg",), titles=("ECG",)
    )
    stated = an_event(said_, 1, FIRST)
    day = morning.day
    day.events.insert(0, stated.model_copy(update={"terminal": "room2"}))
    assert done_in(day, LISTED)[GPA.staff] == {"observations": {"": 1}}, "their eye was on something else"


def test_another_persons_work_is_not_ones_own_evidence_and_a_mended_visit_is_as_it_now_stands() -> None:
    morning = worked_visit(Stage.WITH_GP)
    (taken, *_) = morning.do(acts.record_observations, FIRST.id, a_set(), (), NINE, False)
    hart = GPA.model_copy(update={"staff": "jhart", "name": "J Hart"})
    morning.do(acts.open_record, FIRST.id, by=hart)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None, by=hart)
    visit = morning.visit()
    assert (bare(visit, morning.day, GPA.staff).sets, bare(visit, morning.day, hart.staff).sets) == (1, 0)
    morning.do(acts.open_record, FIRST.id)
    morning.do(acts.strike, FIRST.id, taken.id, "wrong patient")
    assert bare(morning.visit(), morning.day, GPA.staff).sets == 0


def test_who_worked_at_all_worked_in_the_session() -> None:
    assert done_in(worked_visit().day, LISTED) == {GPA.staff: {}}


def test_nobody_writes_in_somebody_elses(practice: Practice) -> None:
    morning = worked_visit()
    with closing(Registry(a_bench(practice))) as registry:
        (one,) = registry.do(lambda _: pick(HAS, morning.day, AT, morning.visit(), []))
        portfolios = registry.standing.portfolios
    watches = Place(SUPERVISOR, "x")
    with pytest.raises(NotAllowed):
        portfolio.reflect(portfolios, watches, one.id, "Feelings", "mine")
    (seen,) = portfolio.reflect(portfolios, watches, one.id, "Tell me", "Asked with open words.")
    fold_portfolio(portfolios, an_event(seen.data, 901, by=SUPERVISOR, about=one.id))
    assert portfolios.evidence[one.id].observed == {"Tell me": ("Dr N Patel", "Asked with open words.")}
    with pytest.raises(NotAllowed):
        portfolio.reflect(portfolios, Place(GP, "x"), one.id, "Tell me", "mine")
    (own,) = portfolio.reflect(portfolios, AT, one.id, "Feelings", "calm", "")
    fold_portfolio(portfolios, an_event(own.data, 902, about=one.id))
    with pytest.raises(Refused, match="Other words were saved there meanwhile: calm"):
        portfolio.reflect(portfolios, AT, one.id, "Feelings", "at ease", "")
    held = {"prep": SignedOff(DATE, None, "Dr N Patel", "seen", evidence=(one.id,))}
    with pytest.raises(Refused, match="Dr N Patel signed a competency off on it"):
        portfolio.drop(portfolios, AT, one.id, held)
    with pytest.raises(Refused, match="no longer there"):
        portfolio.drop(portfolios, AT, EventId("none"), {})
    with pytest.raises(Refused, match="no such heading"):
        portfolio.reflect(portfolios, AT, one.id, "Diagnosis", "x")


def test_a_mark_stands_once_and_a_name_of_two_letters_is_seen_where_a_sentence_does_not_begin() -> None:
    names = Names(names_of([("Ng", "An")]))
    assert marked("I saw Mrs Okonkwo today.", NAMES) == "I saw »Mrs Okonkwo« today."
    assert telling("An ECG was done, an hour late.", names) == []
    assert telling("I told Ng, and An sat down.", names) == ["Ng", "An"]
    assert suspicious("Ng sat down.", names) == ["Ng"]
    assert marked("An ECG was done.", Names()) == "An ECG was done."


def test_words_that_were_read_stay_once_such_a_name_is_listed_and_an_end_of_a_sign_off_is_said() -> None:
    has = Portfolios(read={GPA.staff: {portfolio.sha_of("Then pemberton came."): True}})
    held = {"prep": SignedOff(DATE, DATE - timedelta(days=1), "Dr N Patel", "seen")}
    said = [Feedback(DATE, "Dr N Patel", "Then pemberton came.")]

    def made(*names: tuple[str, str]) -> portfolio.Portfolio:
        known = Known(names=Names(names_of(names)))
        return portfolio.portfolio_of(GPA.staff, "M", "P", known, {}, has, held, LISTED, said, DATE)

    assert [text for _, _, text, _ in made().feedback] == ["Then pemberton came."]
    assert made(("Pemberton", "Alan")).feedback == ()
    assert made(("Pemberton", "Alan")).left_out == 1
    rows = {row.id: row for row in made().rows}
    assert "EXPIRED" in rows["prep"].signed
    assert (rows["prep"].done_words, rows["forms"].done_words) == ("done in 0 visits", "not counted")


def test_what_supervisors_said_is_of_who_worked_and_of_what_stands() -> None:
    signed = facts.ReviewSigned(on=DATE, n=1, hash="0" * 64, worked=(GPA.staff,), words="Clear notes.")
    reopened = facts.ReviewReopened(on=DATE, why="a late entry")
    again = signed.model_copy(update={"n": 2, "words": "Clear notes, one late."})
    praise = facts.CompetencySigned(
        staff=GPA.staff, name="M", competency="prep", title="t", on=DATE, words="Safe alone."
    )
    withdrawn = facts.CompetencyWithdrawn(
        staff=GPA.staff, name="M", competency="prep", title="t", why="two slips"
    )
    said = [an_event(data, n, by=SUPERVISOR) for n, data in enumerate((signed, reopened, again, praise), 1)]
    said.append(an_event(praise.model_copy(update={"words": "Best of all."}), 9, by=GPA))  # one's own
    words = [one.words for one in portfolio.feedback_of(GPA.staff, said)]
    assert sorted(words) == ["Clear notes, one late.", "Safe alone."]
    said.append(an_event(withdrawn, 10, by=SUPERVISOR))
    assert [one.words for one in portfolio.feedback_of(GPA.staff, said)] == ["Clear notes, one late."]
    assert portfolio.feedback_of(StaffId("jhart"), said) == []


def test_what_took_another_go_and_an_escalation_without_a_set_stand_in_the_evidence() -> None:
    morning = worked_visit(Stage.WITH_GP)
    morning.do(acts.escalate, FIRST.id, "grey")
    for act, args in (
        (acts.open_record, ()),
        (acts.check_identity, ("record only", "", None)),
        (acts.give_plan, ("rest", "Dr N Patel")),
        (acts.word_plan, (["Rest."],)),
    ):
        morning.do(act, FIRST.id, *args)
    morning.release("Dr N Patel")
    morning.teach(TeachBack(message=1, outcome=TeachBackOutcome.ANOTHER_GO, words="put it so"))
    morning.teach(TeachBack(message=1, outcome=TeachBackOutcome.OWN_WORDS))
    lines = list(bare_lines(bare(morning.visit(), morning.day, GPA.staff)))
    assert "Escalated 1: 1 not heard" in lines
    assert any("0 said back in own words, 1 after another go" in line for line in lines)


def test_what_could_not_be_done_is_not_done_and_a_set_without_news2_is_one() -> None:
    morning = worked_visit(Stage.WITH_GP)
    template = shipped_templates()["core"]
    item = next(one for one in template.items if one.id == "medicines")
    for act, args in ((acts.open_record, ()), (acts.check_identity, ("record only", "", None))):
        morning.do(act, FIRST.id, *args)
    morning.do(acts.answer, FIRST.id, template, item, PrepOutcome.UNABLE, why="no time")
    assert done_in(morning.day, LISTED) == {GPA.staff: {}}
    assert bare(morning.visit(), morning.day, GPA.staff).prep_done == 0
    named = an_event(facts.ChaperoneRecorded(offered="accepted", words="the nurse, Ruth Okaforson"), 1, FIRST)
    assert what_counts(named) == set()
    mine = facts.ChaperoneRecorded(offered="accepted", words="myself")
    assert what_counts(an_event(mine, 2, FIRST)) == {"chaperone"}


def test_a_date_that_cannot_be_read_whole_is_said_with_the_counts() -> None:
    known = Known(names=Names(unread=(DATE,)))
    made = portfolio.portfolio_of(GPA.staff, "M", "P", known, {}, Portfolios(), {}, LISTED, [], DATE)
    assert "Counted as far as they can be read: 2026-11-23." in as_markdown(made)


def test_what_was_picked_at_another_store_is_of_the_same_portfolio_in_whatever_order_it_comes() -> None:
    picked = an_event(facts.EvidencePicked(month="2026-11", bare=Bare()), 1, FIRST)
    wrote = an_event(facts.ReflectionWritten(heading="Feelings", words="calm"), 2, about=picked.id)
    again = an_event(facts.ReflectionWritten(heading="Feelings", words="at ease"), 3, about=picked.id)
    standing = Standing()
    fold(standing, again)
    fold_others(standing, [wrote, picked])
    (one,) = standing.portfolios.of(GPA.staff)
    assert one.reflections == {"Feelings": "at ease"}


def test_evidence_is_as_the_log_now_has_it(practice: Practice, clock: FakeClock) -> None:
    bench = a_bench(practice, clock=clock)
    with closing(a_desk(practice, FIRST, clock=clock)) as desk, closing(Registry(bench)) as registry:
        do = partial(partial, place=desk.place, appointment=FIRST.id)
        desk.do(do(acts.move, to=Stage.ARRIVED))
        desk.do(do(acts.open_record))
        desk.do(do(acts.check_identity, said_by="record only", name="", born=None))
        said = desk.do(
            lambda day: acts.record_observations(day, desk.place, FIRST.id, a_set(), (), NINE, False)
        )
        taken = next(event for event in said if event.kind == "observation.recorded")
        desk.do(do(acts.move, to=Stage.WALKED_OUT))
        registry.read()
        visit = desk.day.visits[FIRST.id]
        registry.do(lambda now: pick(now.portfolios, desk.day, AT, visit, [BY_ID["observations"]]))
        portfolios = registry.standing.portfolios
        (one,) = portfolios.of(GPA.staff)
        of, events = Worked(), registry.standing.events
        assert of.known(bench, events, portfolios.months).bare_of(one).sets == 1
        desk.do(do(acts.open_record))
        desk.do(do(acts.strike, entry=taken.id, why="wrong patient"))
        assert of.known(bench, events, portfolios.months).bare_of(one).sets == 0
        assert one.picked.bare.sets == 1
