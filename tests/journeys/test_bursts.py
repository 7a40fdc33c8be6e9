"""Keys that arrive in one read: every letter in its place, and type-ahead into what a key opens."""

import re
from collections.abc import Callable

from pty_terminal import Terminal

Opens = Callable[..., Terminal]
BACK = "\x7f"
ENTER = "\r"
CTRL_O = "\x0f"


def identified(terminal: Terminal) -> None:
    """Opens the first patient's record and checks who it is."""
    terminal.press("enter")
    day, month, year = terminal.wait_for(r"Born (\d\d)-([A-Z][a-z]{2})-(\d{4})").groups()
    terminal.send(f"ipamrit singh{ENTER}{day} {month} {year}{ENTER}0026{ENTER}").wait_for(
        "Identity fits the list"
    )


def test_a_whole_identity_check_typed_ahead_in_one_burst(opened: Opens) -> None:
    terminal = opened()
    terminal.press("enter")
    day, month, year = terminal.wait_for(r"Born (\d\d)-([A-Z][a-z]{2})-(\d{4})").groups()
    terminal.press("escape").wait_for("16 listed")
    terminal.send(f"{ENTER}ipamrit singh{ENTER}{day} {month} {year}{ENTER}0026{ENTER}").wait_for(
        "Identity fits the list"
    )


def test_backspaces_in_a_burst_rub_out_the_letters_they_follow(opened: Opens) -> None:
    terminal = opened()
    identified(terminal)
    terminal.send(f"{ENTER}ba{BACK}ckx{BACK}space teh{BACK}{BACK}he end{ENTER}")
    terminal.wait_for("own words  bckspace the end")


def test_letters_after_a_key_that_opens_a_field_are_typed_there(opened: Opens) -> None:
    terminal = opened()
    identified(terminal)
    for attempt in range(12):
        terminal.send(f"{ENTER}hello d x r {attempt}{ENTER}").wait_for(f"hello d x r {attempt}")
        terminal.press("u").wait_for(rf"hello d x r\s+{attempt}, taken back")
        terminal.press("home").wait_quiet(40)


def test_escape_and_a_letter_in_one_read_are_two_keys(opened: Opens) -> None:
    terminal = opened()
    terminal.press("enter").wait_for("1 Prep 0/")
    for letter, stage in (("a", "arrived"), ("s", "with GP")):
        terminal.send(f"e\x1b\x1b{letter}").wait_for(f"SINGH, Amrit .*: {stage}. u takes it back")
        terminal.press("enter").wait_for("GP's words|1 Prep 0/")


def test_a_byte_that_is_no_utf_8_ends_nothing(opened: Opens) -> None:
    terminal = opened()
    identified(terminal)
    terminal.press("enter").wait_for("The list says what was booked")
    terminal.send(b"caf\xe9 \xff noir" + ENTER.encode()).wait_for("own words  caf. . noir")


def test_a_set_of_observations_in_one_burst(opened: Opens) -> None:
    terminal = opened()
    identified(terminal)
    terminal.send(f"21697a1287672a368{ENTER * 4}").wait_for(r"Saved. NEWS2 0 \(0\+0\+0\+0\+0\+0\+0\)")


def test_a_plan_typed_ahead_from_the_list_to_the_safety_net(opened: Opens) -> None:
    terminal = opened()
    identified(terminal)
    words = f"4{ENTER}Rest.{ENTER}Paracetamol 1g{CTRL_O}Rest and drink.{ENTER}Come back.{ENTER}{ENTER}"
    terminal.send(words).wait_for("Saved. r: the GP released it")
    screen = terminal.text()
    assert re.search(r"Rest\.\n +Paracetamol 1g", screen)
    assert "Rest and drink." in screen
    assert "Come back." in screen


def test_a_paste_into_the_words_of_the_gp_arrives_whole(opened: Opens) -> None:
    terminal = opened()
    identified(terminal)
    terminal.press("4").wait_for("GP's words")
    terminal.press("enter").wait_for("as heard")
    pasted = "Amoxicillin 500mg three times a day for 5 days. " * 4
    terminal.send(f"\x1b[200~{pasted}\x1b[201~ Then review.{CTRL_O}").wait_for("Saved: the GP's words")
    assert "Then review." in terminal.text()


def test_a_paste_of_several_lines_into_one_line_keeps_them_all(opened: Opens) -> None:
    terminal = opened()
    identified(terminal)
    terminal.press("enter").wait_for("The list says what was booked")
    terminal.send(f"so \x1b[200~line one\r\nline two\nline three\x1b[201~ end{ENTER}")
    terminal.wait_for("own words  so line one line two line three end")


def test_what_steers_a_terminal_is_taken_out_of_a_paste(opened: Opens) -> None:
    terminal = opened()
    identified(terminal)
    terminal.press("enter").wait_for("The list says what was booked")
    terminal.send(f"\x1b[200~a\u202eb\x9b31mc\x07d\x1b[201~{ENTER}").wait_for("own words  ab.*c.*d")
    for sequence in (b"\xe2\x80\xae", b"\xc2\x9b31m"):
        assert sequence not in terminal.raw
