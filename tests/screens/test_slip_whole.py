"""The slip as a whole: what is missing, moving about, pregnancy, drafts, and any keys in any order."""

from __future__ import annotations

import json

import pytest
from clinic import NINE
from hypothesis import example, given
from hypothesis import strategies as st

from gpa_tui.clinical.extras import EXTRAS
from gpa_tui.clinical.limits import LIMITS
from gpa_tui.clinical.readings import unlikely
from gpa_tui.records.observation import Measure
from screens.entry_line import EntryLine
from screens.slip import Asking, Slip
from screens.slip_fields import MEASURES, WHY_MISSING, Field

KEYS = {" ": "enter", "<": "previous", ">": "forward", "~": "backspace"}
BUT_FOR_TEMPERATURE = "1697a1287672a"
SEVEN = set(Measure) - {*EXTRAS, Measure.URINE}  # and diastolic


def typed(slip: Slip, text: str) -> bool:
    """Press `text` key by key: blank Enter, `<` previous, `>` forward, `~` backspace."""
    saves = False
    for char in text:
        saves = slip.press(KEYS.get(char, char))
    return saves


# ── what is missing ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("letter", "why"), WHY_MISSING.items())
def test_what_was_not_taken_needs_a_reason_before_it_is_saved(letter: str, why: str) -> None:
    slip = Slip()
    assert not typed(slip, BUT_FOR_TEMPERATURE + "> ")
    assert (slip.current, slip.asking) == (Field.TEMPERATURE, Asking.WHY_MISSING)
    assert not typed(slip, "x ")
    assert typed(slip, letter)
    assert [(one.measure, one.why) for one in slip.missing()] == [(Measure.TEMPERATURE, why)]
    assert Measure.TEMPERATURE not in {one.measure for one in slip.taken()}


def test_each_missing_field_is_asked_about_in_turn() -> None:
    slip = Slip()
    assert not typed(slip, "16>>>>>>> ")
    asked = []
    while slip.asking is Asking.WHY_MISSING:
        asked.append(slip.current)
        saves = typed(slip, "u")
    assert saves
    assert asked == list(Field)[1:7]  # and nothing that is beside NEWS2
    assert {one.measure for one in slip.missing()} == SEVEN - {Measure.RESPIRATION}


def test_nothing_typed_is_not_saved() -> None:
    slip = Slip()
    assert not typed(slip, ">>>>>>> ")
    assert slip.message == "Nothing is typed yet."
    assert slip.missing() == []


def test_a_field_that_is_typed_after_all_is_no_longer_missing() -> None:
    slip = Slip()
    typed(slip, "16>>>>>>> u")
    assert (slip.current, slip.asking) == (Field.OXYGEN, Asking.WHY_MISSING)
    typed(slip, "<<97")
    assert slip.missing() == []
    assert Measure.SPO2 in {one.measure for one in slip.taken()}


def test_air_entered_after_all_is_no_longer_missing() -> None:
    slip = Slip()
    typed(slip, "1697>>>>>> uuuuu")
    assert Measure.OXYGEN in {one.measure for one in slip.missing()}
    slip.index = list(slip.fields).index(Field.SPO2)
    typed(slip, "  ")
    assert Measure.OXYGEN in {one.measure for one in slip.taken()}
    assert Measure.OXYGEN not in {one.measure for one in slip.missing()}


@pytest.mark.parametrize("pressure", ["12", "150/20"], ids=["half typed", "unusual"])
def test_a_field_with_something_in_it_is_never_asked_to_be_missing(pressure: str) -> None:
    slip = Slip()
    assert not typed(slip, f">97a{pressure}>72a368 r")
    assert slip.current is Field.PRESSURE
    assert slip.asking is Asking.VALUE
    typed(slip, "r")
    assert Measure.SYSTOLIC not in {one.measure for one in slip.missing()}


# ── moving about ──────────────────────────────────────────────────────────────────────────────


def test_forward_and_previous_stop_at_the_ends() -> None:
    slip = Slip()
    assert not typed(slip, "<<")
    assert slip.current is Field.RESPIRATION
    typed(slip, ">" * 20)
    assert slip.current is None
    typed(slip, "<")
    assert slip.current is Field.TEMPERATURE


@pytest.mark.parametrize(
    ("keys", "texts"),
    [
        ("1~", {Field.RESPIRATION: ""}),
        (">>>128~", {Field.PRESSURE: "128"}),
        (">>>128~~", {Field.PRESSURE: "12"}),
        (">>>1287~", {Field.PRESSURE: "128"}),
        (">>>>>>36.8<~", {Field.TEMPERATURE: "36"}),
        (">>>>>>36.8<~9", {Field.TEMPERATURE: "36.9"}),
        ("16~", {Field.RESPIRATION: "16"}),  # SpO2 is in hand and empty: back to breaths
        ("16~~", {Field.RESPIRATION: "1"}),
    ],
)
def test_backspace_rubs_out_a_digit_with_the_mark_the_slip_put_there(
    keys: str, texts: dict[Field, str]
) -> None:
    slip = Slip()
    typed(slip, keys)
    assert slip.texts == texts


@pytest.mark.parametrize("keys", [">>>128/76", ">>>128//76", ">>>/128/76", ">>>12876", ">>>95/~~5/61"])
def test_a_slash_typed_where_the_slip_had_put_one_is_passed_over(keys: str) -> None:
    slip = Slip()
    typed(slip, keys)
    assert slip.texts[Field.PRESSURE] in {"128/76", "95/61"}
    assert len(slip.taken()) == 2


@pytest.mark.parametrize("key", ["escape", "f1", "ctrl+c", "", "🙂", "\x00", "é"])
def test_a_key_that_means_nothing_here_changes_nothing(key: str) -> None:
    slip = Slip()
    typed(slip, "16")
    assert not slip.press(key)
    assert (slip.texts, slip.current) == ({Field.RESPIRATION: "16"}, Field.SPO2)


# ── pregnancy ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("keys", "answer"), [("y", True), ("n", False), ("N", False), ("", None)])
def test_pregnancy_is_asked_where_it_can_be(keys: str, answer: bool | None) -> None:
    slip = Slip(with_pregnancy=True)
    typed(slip, f"{BUT_FOR_TEMPERATURE}36.8{keys}")
    assert slip.pregnant is answer
    assert len(slip.taken()) == 8


def test_pregnancy_is_no_question_where_it_cannot_be() -> None:
    slip = Slip()
    assert slip.pregnant is False
    assert Field.PREGNANT not in slip.fields


def test_an_enter_never_answers_the_question_about_pregnancy() -> None:
    slip = Slip(with_pregnancy=True)
    assert not typed(slip, f"{BUT_FOR_TEMPERATURE}36.8   ")
    assert (slip.asking, slip.current) == (Asking.WHY_MISSING, Field.PREGNANT)
    assert slip.pregnant is None


def test_pregnancy_that_is_not_known_is_saved_with_the_reason() -> None:
    slip = Slip(with_pregnancy=True)
    assert typed(slip, f"{BUT_FOR_TEMPERATURE}36.8   n")
    assert (slip.pregnant, slip.pregnancy_unknown_because) == (None, "not asked")
    assert slip.missing() == []


def test_a_reason_that_no_longer_holds_goes_when_pregnancy_is_answered() -> None:
    slip = Slip(with_pregnancy=True)
    typed(slip, f"{BUT_FOR_TEMPERATURE}36.8   n")
    typed(slip, "<y")
    assert (slip.pregnant, slip.pregnancy_unknown_because) == (True, "")


# ── drafts ────────────────────────────────────────────────────────────────────────────────────


def test_an_empty_slip_has_no_draft() -> None:
    slip = Slip()
    assert slip.dump() == ""
    typed(slip, "1~")
    assert slip.dump() == ""


def test_a_slip_that_came_back_goes_on_where_it_was_and_enter_records_nothing() -> None:
    slip, again = Slip(), Slip()
    typed(slip, "16  ")
    assert slip.current is Field.OXYGEN
    again.load(slip.dump())
    assert again.current is Field.OXYGEN
    typed(again, " ")
    assert again.texts == {Field.RESPIRATION: "16"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{",
        '{"texts": {}}',
        '{"texts": 5, "reasons": {}, "index": 0}',
        '{"texts": {"weight": "80"}, "reasons": {}, "index": 0}',
        '{"texts": {}, "reasons": {}, "index": "x"}',
        '{"texts": {}, "reasons": {}, "index": null}',
        '{"texts": {}, "reasons": {}, "index": -99}',
        '{"texts": {}, "reasons": {}, "index": 99}',
        '{"texts": {}, "reasons": {}, "index": Infinity}',
        '{"texts": {"spo2": "a"}, "reasons": {}, "index": 0}',
    ],
)
def test_a_draft_that_is_not_one_is_passed_over(text: str) -> None:
    slip = Slip()
    slip.load(text)
    assert slip.taken() == []
    assert 0 <= slip.index <= len(slip.fields)
    assert typed(Slip(), "1697a1287672a368 ")


# ── any keys in any order ─────────────────────────────────────────────────────────────────────

WHATEVER = st.lists(
    st.one_of(
        st.sampled_from(["enter", "backspace", "forward", "previous"]),
        st.sampled_from([*"0123456789acvpuynrkdg./+-", "97", "x", "escape"]),
        st.sampled_from(["+w70.5 ", "+glo lo r", "+uleu2+ ", "+b12876", "-r", "+f420/450 "]),
        st.sampled_from(["1697a", "12876", "72a368", "8888r", "> r", "> u"]),
    ),
    max_size=40,
).map(lambda parts: [key for part in parts for key in ([part] if part in KEYS.values() else list(part))])


def pressed(slip: Slip, keys: list[str]) -> bool:
    """Press `keys` until one saves."""
    return any(slip.press(KEYS.get(key, key)) for key in keys)


def within_limits(slip: Slip) -> None:
    found = {one.measure: one for one in slip.taken()}
    for measure, reading in found.items():
        if measure is Measure.CONSCIOUSNESS:
            assert reading.letter in set("ACVPU")
        elif not reading.comparator:
            assert reading.value is not None
            assert LIMITS[measure].least <= reading.value <= LIMITS[measure].most
    systolic, diastolic = found.get(Measure.SYSTOLIC), found.get(Measure.DIASTOLIC)
    assert (systolic is None) is (diastolic is None)
    if systolic and diastolic:
        assert (systolic.value or 0) > (diastolic.value or 0)


@given(WHATEVER, st.booleans())
def test_any_keys_raise_nothing_and_what_is_taken_is_possible(keys: list[str], with_pregnancy: bool) -> None:
    slip = Slip(with_pregnancy=with_pregnancy)
    pressed(slip, keys)
    within_limits(slip)


@given(WHATEVER)
@example(list("1697a1287672a368 "))
@example([*"16", *">>>>>>>", *" uuuuuu"])
def test_what_is_saved_is_whole(keys: list[str]) -> None:
    """Each measure is taken or has a reason, and an unlikely value has one too."""
    slip = Slip()
    if not pressed(slip, keys):
        return
    within_limits(slip)
    taken = {one.measure for one in slip.taken()}
    whole = taken | {one.measure for one in slip.missing()}
    assert whole >= SEVEN or slip.beside_news2
    assert not taken & {one.measure for one in slip.missing()}
    assert all(one.why for one in slip.missing())
    for one in slip.taken():
        is_unlikely = (one.value is not None and unlikely(one.measure, one.value)) or bool(one.comparator)
        if one.measure in {Measure.SYSTOLIC, Measure.DIASTOLIC}:  # typed as one, with one reason
            assert one.retyped_because or not is_unlikely
        else:
            doubtful = {Measure.SPO2, Measure.PULSE, Measure.WEIGHT, Measure.PEAK_FLOW}  # by others, too
            assert one.retyped_because or not is_unlikely
            assert is_unlikely or not one.retyped_because or one.measure in doubtful


@given(WHATEVER, st.booleans())
def test_a_draft_gives_back_what_was_typed(keys: list[str], with_pregnancy: bool) -> None:
    slip = Slip(with_pregnancy=with_pregnancy)
    pressed(slip, keys)
    again = Slip(with_pregnancy=with_pregnancy)
    again.load(slip.dump())
    if slip.empty and not slip._first:
        assert again == Slip(with_pregnancy=with_pregnancy)
    else:
        assert (again.texts, again.reasons, again.index) == (slip.texts, slip.reasons, slip.index)
        assert (again.not_taken, again._first) == (slip.not_taken, slip._first)
        assert (again.taken(), again.missing()) == (slip.taken(), slip.missing())


def test_a_draft_keeps_when_the_set_was_begun() -> None:
    slip, again = Slip(begun=NINE), Slip()
    typed(slip, "16")
    again.load(slip.dump())
    assert again.begun == NINE


def test_an_unlikely_value_typed_once_is_still_asked_again_after_a_crash() -> None:
    slip, again = Slip(), Slip()
    typed(slip, "40")
    assert slip.empty
    again.load(slip.dump())
    typed(again, "40")
    assert again.asking is Asking.WHY_UNLIKELY


@given(st.text(max_size=80) | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps))
def test_any_draft_loads_or_is_passed_over(text: str) -> None:
    slip = Slip()
    slip.load(text)
    within_limits(slip)


def test_a_draft_keeps_what_is_beside_news2_and_passes_over_what_cannot_be() -> None:
    slip, again = Slip(), Slip()
    slip.fill(EntryLine(texts={Field.WEIGHT: "70.5"}))
    again.load(slip.dump())
    assert again.texts == {Field.WEIGHT: "70.5"}
    assert [one.value for one in again.taken()] == [705]
    for wrong in ("70.55", "0.1", "heavy"):
        other = Slip()
        other.load(slip.dump().replace("70.5", wrong))
        assert other.taken() == []


def test_every_field_but_pregnancy_has_its_measures() -> None:
    assert set(MEASURES) == set(Field) - {Field.PREGNANT}
    measures = [measure for measures in MEASURES.values() for measure in measures]
    assert sorted(measures) == sorted(Measure)
