"""What every list, sheet and frame is drawn through."""

from __future__ import annotations

import pytest

from screens.widgets.line_list import BOLD, PLAIN, strip_of


@pytest.mark.parametrize(
    "text",
    ["\x1b]0;owned\x07name", "\x1b[2Jname", "na\x9b31mme", "na\u202eme", "name\r\n", "\x1bPq\x1b\\name"],
)
def test_nothing_that_could_steer_a_terminal_is_drawn(text: str) -> None:
    drawn = strip_of([("! ", BOLD), (text, PLAIN)], 30).text
    assert drawn.isprintable()
    assert drawn.strip() == "! name"


def test_what_is_plain_is_drawn_as_it_is() -> None:
    text = "┃ O’NEILL-YOUNG, Siobhán · µmol/L → 2½ a\u200db"
    assert strip_of([(text, PLAIN)], 60).text.rstrip() == text
