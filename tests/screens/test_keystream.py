"""From bytes to keys: Esc is told from a sequence, a paste is left alone, and no byte is an end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.keystream import ESC, Keystream


def pieces(*reads: bytes) -> list[str | None]:
    """What `reads` give, the last of them followed by nothing."""
    stream = Keystream()
    given = [piece for data in reads for piece in stream.take(data)]
    return [*given, stream.waited()] if stream.waiting else given


def text_of(given: list[str | None]) -> str:
    return "".join(ESC if piece is None else piece for piece in given)


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        (b"d", ["d"]),
        (b"\x1b", [None]),
        (b"\x1bd", [None, "d"]),
        (b"\x1b1", [None, "1"]),
        (b"\x1bb", [None, "b"]),
        (b"ab\x1b\x1bc", ["ab", None, None, "c"]),
        (b"\x1b\r", [None, "\r"]),
        (b"\x1b[A", ["\x1b[", "A"]),
        (b"\x1bOP", ["\x1bO", "P"]),
        (b"\x1b\x1b[A", [None, "\x1b[", "A"]),
        (b"\x1b[200~a\x1bd\x1b[201~e", ["\x1b[200~", "a\x1bd\x1b[201~", "e"]),
        (b"\x1b[2", ["\x1b[2"]),
        (b"\x1b[20;5R", ["\x1b[", "20;5R"]),
    ],
)
def test_what_a_terminal_sends_becomes(typed: bytes, given: list[str | None]) -> None:
    assert pieces(typed) == given


@pytest.mark.parametrize("typed", [b"\xff", b"caf\xe9 x", b"\xc3\x28", b"\x9b31m"])
def test_a_byte_that_is_no_utf_8_is_seen_and_ends_nothing(typed: bytes) -> None:
    assert "\ufffd" in text_of(pieces(typed, b"on"))
    assert text_of(pieces(typed, b"on")).endswith("on")


def test_a_letter_of_two_bytes_may_come_in_two_reads() -> None:
    assert pieces(b"\xc3", b"\xa9") == ["é"]


WHATEVER = st.lists(
    st.sampled_from(
        [b"\x1b", b"[", b"200~", b"201~", b"A", b"d", b"\x1b[200~", b"\x1b[201~", b"O", b"\r", b"2"]
    )
)


@given(WHATEVER, st.data())
def test_no_key_is_lost_however_the_reads_fall(keys: list[bytes], data: st.DataObject) -> None:
    typed = b"".join(keys)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(typed)), max_size=6)))
    reads = [typed[a:b] for a, b in zip([0, *cuts], [*cuts, len(typed)], strict=True)]
    assert text_of(pieces(*reads)) == typed.decode()


@given(WHATEVER)
def test_where_the_reads_fall_does_not_change_which_keys_were_pressed(keys: list[bytes]) -> None:
    typed = b"".join(keys)
    at_once, byte_by_byte = pieces(typed), pieces(*(typed[n : n + 1] for n in range(len(typed))))
    assert at_once.count(None) == byte_by_byte.count(None)
