"""Text from outside, made safe: nothing in it can steer the terminal or hide what is written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gpa_tui.text import clean, printable

JOINERS = "\u200c\u200d"
ROUGH = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from("\x1b\x9b\x9d\x90\x9c\x07[]P\\;m0 \n\r\t\u200b\u0301e\u202e\u2066\u0085\u2028"),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param("\x1b[31mred\x1b[0m", "red", id="colour"),
        pytest.param("\x1b[2J\x1b[Hgone?", "gone?", id="clear screen"),
        pytest.param("\x9b31mred", "red", id="8-bit CSI"),
        pytest.param("\x1b]0;title\x07body", "body", id="window title, ended by BEL"),
        pytest.param("\x1b]0;title\x1b\\body", "body", id="window title, ended by ST"),
        pytest.param("\x9d0;title\x9cbody", "body", id="8-bit OSC"),
        pytest.param("\x1b]52;c;aGVsbG8=\x07body", "body", id="clipboard"),
        pytest.param("\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\", "link", id="hyperlink"),
        pytest.param("\x1bPq#0~\x1b\\body", "body", id="DCS"),
        pytest.param("\x1b_app\x1b\\body", "body", id="APC"),
        pytest.param("\x1b^pm\x1b\\body", "body", id="PM"),
        pytest.param("\x1bXsos\x1b\\body", "body", id="SOS"),
        pytest.param("\x1bcbody", "body", id="reset"),
        pytest.param("\x1b(0body", "body", id="character set"),
        pytest.param("\x1b7body\x1b8", "body", id="save and restore cursor"),
        pytest.param("end\x1b", "end", id="lone escape"),
        pytest.param("end\x1b[", "end", id="cut-off CSI"),
        pytest.param("end\x1b[31", "end", id="cut-off parameters"),
        pytest.param("end\x1b]0;title", "end0;title", id="cut-off OSC: the words stay"),
        pytest.param("Je\x9eek, Karel", "Jeek, Karel", id="a stray C1 takes nothing with it"),
        pytest.param("\x1b\x1b[31mred", "red", id="escape before an escape"),
        pytest.param("a\x00b\x07c\x08d\x7fe", "abcde", id="C0 and DEL"),
        pytest.param("a\x80b\x84c", "abc", id="C1"),
        pytest.param("a\u202eb\u202cc\u2066d\u2069e\u200ef\u200fg\u061ch", "abcdefgh", id="bidi"),
        pytest.param("a\u200bb\ufeffc\u00add\u2060e", "abcde", id="zero width"),
        pytest.param("a\ud800b\ue000c\U000e0041d", "abcd", id="surrogate, private use, tag"),
        pytest.param("a\u2028b\u2029c\x85d\x1ce", "a b c d e", id="line separators"),
        pytest.param("  a \t b\r\nc\n\n d ", "a b c d", id="white space"),
        pytest.param("a\u00a0b\u3000c", "a b c", id="other blanks"),
        pytest.param("Zoë O’Brien-Łuk", "Zoë O’Brien-Łuk", id="a name"),
        pytest.param("e\u0301", "é", id="composed"),
        pytest.param("நா\u200dன்", "நா\u200dன்", id="joiners stay"),
        pytest.param("", "", id="nothing"),
        pytest.param("\x1b[0m \n", "", id="nothing but control"),
    ],
)
def test_clean_leaves_what_a_person_can_read(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("one\ntwo", "one\ntwo"),
        ("one\r\ntwo", "one\ntwo"),
        ("one\rtwo", "one two"),
        ("\n\n one \n\n two \n", "one\n\ntwo"),
        ("one\x1b[2J\ntwo\x00", "one\ntwo"),
        ("one\u2028two", "one two"),
    ],
)
def test_line_breaks_stay_only_where_asked(text: str, cleaned: str) -> None:
    assert clean(text, keep_lines=True) == cleaned
    assert "\n" not in clean(text)


@given(ROUGH, st.booleans())
def test_no_control_character_is_ever_left(text: str, keep_lines: bool) -> None:
    left = clean(text, keep_lines=keep_lines)
    kept = JOINERS + ("\n" if keep_lines else "")
    assert [char for char in left if unicodedata.category(char)[0] == "C" and char not in kept] == []
    assert [char for char in left if char.isspace() and char not in kept and char != " "] == []
    assert left == left.strip()


@given(ROUGH.filter(lambda text: unicodedata.is_normalized("NFC", clean(text))))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@pytest.mark.parametrize("between", ["\u200b", "\x1b[0m", "\x07"])
def test_the_result_is_composed_even_when_something_was_dropped_inside(between: str) -> None:
    assert clean(f"e{between}\u0301") == "é"


@given(ROUGH, st.sampled_from(["\x1b[31m", "\x9b0m", "\x1b]0;t\x07", "\x1bc", "\x00", "\u202e"]))
@example("a", "\x1b[31m")
def test_what_steers_a_terminal_adds_nothing_at_the_end(text: str, steering: str) -> None:
    assert clean(f"{clean(text)}{steering}") == clean(clean(text))


@given(ROUGH)
def test_a_line_to_print_keeps_its_blanks_and_nothing_that_steers(text: str) -> None:
    left = printable(text)
    assert [char for char in left if unicodedata.category(char)[0] == "C" and char not in JOINERS] == []
    assert [char for char in left if char.isspace() and char != " "] == []
    assert printable(left) == left


def test_a_line_to_print_keeps_its_columns() -> None:
    assert printable("  09:00  \x1b[31mOKONKWO\x1b[0m\t Grace ") == "  09:00  OKONKWO  Grace "
