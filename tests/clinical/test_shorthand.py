"""Shorthand: the whole table, each row in a sentence; traps of the wrong sense; nothing else is touched."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpa_tui.clinical.shorthand import find, plain, questions, refusals
from gpa_tui.records.shorthand import Short, ShortAct, ShorthandTable
from gpa_tui.settings import shipped_shorthand

TABLE = shipped_shorthand()
ROWS = [pytest.param(short, form, id=form) for short in TABLE.short for form in short.forms]
BY_ITSELF = " as agreed"


def sentence(short: Short, form: str) -> tuple[str, str]:
    """A sentence with the form in it, and what stands before it."""
    before = "Please note 2 " if short.behind_a_number else "Please note "
    return f"{before}{form}{BY_ITSELF}", before


@pytest.mark.parametrize(("short", "form"), ROWS)
def test_each_row_of_the_table_in_a_sentence(short: Short, form: str) -> None:
    text, before = sentence(short, form)
    found = plain(text, TABLE)
    if short.act is ShortAct.EXPAND:
        assert found.text == f"{before}{short.senses[0]}{BY_ITSELF}"
        assert not found.open
        return
    assert found.text == text
    (one,) = found.open
    assert (one.form, one.act, one.senses) == (form, short.act, short.senses)
    if short.act is ShortAct.ASK:
        chosen = plain(text, TABLE, {form: short.senses[-1]})
        assert chosen.text == f"{before}{short.senses[-1]}{BY_ITSELF}"
        assert not chosen.open


@pytest.mark.parametrize("form", [form for short in TABLE.short for form in short.forms])
def test_a_form_within_a_longer_word_is_none(form: str) -> None:
    if form[0].isalpha() and form[-1].isalpha():
        text = f"Please note 2 x{form}x{BY_ITSELF}"
        assert not [one for one in find(text, TABLE) if one.form == form]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("30mg od", "30 milligrams od"),
        ("take 1 tab bd", "take 1 tablet 2 times a day"),
        ("BD dosing. FBC next week", "2 times a day dosing. Full blood count (blood cells) next week"),
        ("r/v in 2/52, then 1/52", "review in 2 weeks, then 1 week"),
        ("now T 38.1, RR 22", "now temperature 38.1, breaths a minute 22"),
        ("G2P1", "Pregnant 2 times, 1 birth"),
        ("is G1 P0", "is pregnant once, 0 births"),
        ("q6h and q1h", "every 6 hours and every 1 hour"),
        ("1 h or 2h", "1 hour or 2 hours"),
        ("50mcg", "50 micrograms"),
        ("no SOB, not for CXR", "no short of breath, not for chest X-ray"),
        ("paracetamol max 8 in 24h", "paracetamol no more than 8 in 24 hours"),
        ("#NOF", "broken bone NOF"),
        ("now T39.5", "now temperature 39.5"),
        ("take w/ food, w/o milk", "take with food, without milk"),
    ],
)
def test_it_reads_as_a_sentence(text: str, says: str) -> None:
    assert plain(text, TABLE).text == says


@pytest.mark.parametrize(
    "text",
    [
        "put it on the arm",
        "write to anna.b@surgery.nhs.uk",
        "BP 120/70",
        "98/52",
        "110/12",
        "seen on 5/7/2026",
        "i.e. rest",
        "the patient's own words",
        "Fit and well, a good fit",
        "Ms Smith",
        "pad it",
        "la la",
        "an exam",
        "see the GP or ring 111",
        "at 9.30",
        "1,000 steps",
        "a 14G cannula",
    ],
)
def test_english_and_figures_are_left_alone(text: str) -> None:
    found = plain(text.replace("BP ", ""), TABLE)
    assert (found.text, found.open) == (text.replace("BP ", ""), ())


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("od", ("once a day", "overdose", "right eye")),
        ("took an OD", ("once a day", "overdose", "right eye")),
        ("SC", ("under the skin", "subcutaneous is meant otherwise")),
        ("PE", ("blood clot in the lung", "pre-eclampsia", "physical examination")),
        ("MS", ("multiple sclerosis", "mitral stenosis", "morphine sulfate")),
        ("TOP", ("on the skin", "termination of pregnancy", "top")),
        ("5/7", ("5 days", "5 days out of 7", "5 July", "5/7")),
        ("7/7", ("7 days", "every day", "7 July", "7/7")),
        ("10/7", ("10 days", "10 July", "10/7")),
        ("3/12", ("3 months", "3 December", "3/12")),
        ("D/C warfarin", ("discharge", "stop")),
        ("INH 300", ("inhaler", "isoniazid")),
        ("EC given", ("coated, swallow whole", "emergency contraception")),
        ("Pt has rash", ("you", "the patient", "physiotherapist")),
        ("om", ("in the morning", "ear infection")),
        ("pr bleeding", ("into your bottom", "from the bottom")),
        ("Im going", ("into a muscle", "I am")),
        ("Max is", ("no more than", "Max")),
        ("1 tab on", ("at night", "on")),
        ("PO on", ("at night", "on")),
        ("4-6h", ("every 4 to 6 hours", "for 4 to 6 hours", "4 to 6 hours")),
        ("LA insulin", ("local anaesthetic", "long-acting")),
        ("DNA swab", ("did not attend", "DNA")),
        ("see w/e", ("week ending", "weekend")),
        ("od/prn", ("once a day", "overdose", "right eye")),
        ("O.D.", ("once a day", "overdose", "right eye")),
        ("1 on", ("at night", "on")),
        ("40mg on", ("at night", "on")),
        ("?PE", ("possible ", "asked: ")),
    ],
)
def test_what_has_two_senses_is_asked_never_guessed(text: str, asked: tuple[str, ...]) -> None:
    found = plain(text, TABLE)
    assert found.open[0].act is ShortAct.ASK
    assert found.open[0].senses == asked
    assert found.open[0].form in found.text


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (".5mg", ".5"),
        ("take .25 mg", ".25"),
        ("5.0mg", "5.0"),
        ("5.0 ml", "5.0"),
        ("10U", "U"),
        ("10 iu", "iu"),
        ("50ug", "ug"),
        ("50 µg", "µg"),
        ("Tegretol300mg", "Tegretol300mg"),
        ("qd", "qd"),
        ("MgSO4", "MgSO4"),
        ("<5", "<"),
        ("DNACPR", "DNACPR"),
        ("5cc", "cc"),
        ("10u/kg", "u"),
        ("800IU/day", "IU"),
        ("50 ug/day", "ug"),
        ("q.d.", "q.d."),
        ("2.0 tabs", "2.0"),
    ],
)
def test_what_kills_is_typed_out(text: str, refused: str) -> None:
    found = plain(text, TABLE, {refused: "anything"})
    assert [one.form for one in found.open if one.act is ShortAct.REFUSE] == [refused]
    assert refused in found.text
    assert next(iter(refusals(found.open))).startswith(f"{refused}: ")


@pytest.mark.parametrize("text", ["0.5 mg", "5.5mg", "10.05 mg", "pH 7.0", "2.50"])
def test_a_sound_decimal_is_not_refused(text: str) -> None:
    assert not list(refusals(plain(text, TABLE).open))


def test_an_answer_holds_for_its_form_and_this_note() -> None:
    text = "Pred 30mg od, drops OD"
    assert plain(text, TABLE, {"od": "once a day"}).text == "Pred 30 milligrams once a day, drops OD"
    both = plain(text, TABLE, {"od": "once a day", "OD": "right eye"})
    assert both.text == "Pred 30 milligrams once a day, drops right eye"
    assert list(questions(plain("od", TABLE).open)) == ["od: once a day | overdose | right eye"]


FORMS = st.sampled_from([form for short in TABLE.short for form in short.forms])
ENGLISH = st.sampled_from(
    ["no", "not", "without", "never", "stop", "take", "amoxicillin", "500", "0.5", "2", "the"]
)
WORDS = st.lists(FORMS | ENGLISH | st.from_regex(r"[0-9]{1,3}(mg|ml|/7|/52|h)?", fullmatch=True), max_size=12)


@given(WORDS)
def test_expanding_changes_no_number_joins_no_words_and_drops_no_negation(words: list[str]) -> None:
    text = " ".join(words)
    found = plain(text, TABLE)
    shown = found.text
    for word in ("no", "not", "without", "never", "stop", "amoxicillin"):
        assert len(re.findall(rf"\b{word}\b", shown)) >= words.count(word)
    alone = [word for word in words if re.fullmatch(r"[0-9]+(\.[0-9]+)?", word)]
    left = re.findall(r"[0-9]+(?:\.[0-9]+)?", shown)
    for number in alone:
        assert number in left
        left.remove(number)
    kept = [(one.start, text[one.start : one.end]) for one in find(text, TABLE)]
    assert all(form for _, form in kept)


@given(st.text(alphabet="abcdABCD0123456789 ./&?#<>'µ\n-mgulrvODPEtxs", max_size=60))
def test_of_any_text_only_the_forms_found_are_touched(text: str) -> None:
    found, result, at, there = find(text, TABLE), plain(text, TABLE), 0, 0
    for one in found:
        gap = text[at : one.start]
        there = result.text.index(gap, there) + len(gap)
        at = one.end
    assert result.text.endswith(text[at:])
    assert all(text[one.start : one.end] == one.form for one in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


def test_a_table_with_a_form_twice_is_refused() -> None:
    short = Short(forms=("bd", "BD"), act=ShortAct.EXPAND, senses=("2 times a day",))
    with pytest.raises(ValueError, match="stands twice"):
        ShorthandTable(version=1, owner="x", source="x", short=(short,))


@pytest.mark.parametrize(
    ("text", "draft"),
    [("hip# rest.", "hip broken bone rest."), ("nof#", "nof broken bone"), ("# hip", "broken bone hip")],
)
def test_a_mark_behind_a_word_joins_no_two(text: str, draft: str) -> None:
    assert plain(text, TABLE).text == draft
