"""ECGs by keys in a real terminal: the card counted, with typed numbers, with the cart's file; reviewed."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from intake.ecg_files.making import muse
from journeys.test_morning import birth_dates, check_identity, go_to
from pty_terminal import Terminal

Opens = Callable[..., Terminal]
MOST_KEYS = 15  # of the card, beyond numbers and words
MOST_TO_CORRECT = 8


def opened_record(terminal: Terminal, family: str, name: str) -> str:
    """The record, with the identity checked; gives the birth date as said."""
    go_to(terminal, family)
    terminal.press("a").wait_for(f"{family}.*arrived 0m")
    terminal.press("enter").wait_for("1 Prep 0/")
    born = birth_dates(terminal)
    terminal.press("i")
    check_identity(terminal, family, name, born)
    return born


def to_the_recording(terminal: Terminal) -> None:
    terminal.press("3").wait_for("No ECG is asked for")
    terminal.press("+").wait_for("who asks for it, and how soon")
    terminal.press("t").wait_for("Why\\?")
    terminal.send("palpitations on Tuesday").press("enter").wait_for(
        "Symptoms now, or in the last 12 hours\\?"
    )
    terminal.press("n").wait_for("Symptoms: none")
    terminal.press("d").wait_for("Cart: as it should be")
    terminal.press("d").wait_for("A chaperone was offered")
    terminal.press("x").wait_for("Chaperone: declined")


def test_the_card_with_typed_numbers_then_the_gp_reviews_it_at_their_own_terminal(
    opened: Opens, record_property: Callable[[str, object], None]
) -> None:
    gpa = opened()
    opened_record(gpa, "MARCHETTI", "Luca Marchetti")
    with gpa.count_task("ECG card, beyond numbers and words"):
        to_the_recording(gpa)
        gpa.press("d").wait_for("The cart's numbers")
        gpa.send("72 158 92 402/440b 45").press("enter").wait_for("The machine's words")
        gpa.send("Sinus rhythm").press("enter").wait_for("machine, unconfirmed: Sinus rhythm")
        gpa.press("d").wait_for("Paper: as it should be")
        gpa.press("d").wait_for("Trace: as it should be")
        gpa.press("d").wait_for("The ECG is handed to")
        gpa.press("p").wait_for("NOT REVIEWED by a clinician")
    with gpa.count_task("ECG: one number corrected, beyond the numbers"):
        gpa.press("c").wait_for("The cart's numbers")
        gpa.press("ctrl+u").send("75 158 92 402/449b 45").press("enter").wait_for("The machine's words")
        gpa.press("enter").wait_for("Why is it corrected")
        gpa.press("m").wait_for("CORRECTED, mistyped: was rate 72/min")
    gpa.wait_for("The ECG is handed to")
    gpa.press("p").wait_for("NOT REVIEWED by a clinician")
    gpa.press("backspace").wait_for("MARCHETTI.*in prep ecg 0m")
    gp = opened("Dr N Patel", "c")
    gp.press("f").wait_for("unconfirmed: Sinus rhythm")
    gp.press("enter").wait_for("Reviewed by a clinician")
    gp.press("d").wait_for("Identity: who says")
    gp.press("o").wait_for("words on this ECG")
    gp.send("seen: repeat in a week").press("enter").wait_for(
        "reviewed by Dr N Patel, .*: seen: repeat in a week"
    )
    gpa.wait_gone("MARCHETTI.*ecg 0m")
    record_property("keystrokes", [(task.name, task.keystrokes) for task in gpa.tasks])
    keys = {task.name: task.keystrokes for task in gpa.tasks}
    assert keys["ECG card, beyond numbers and words"] <= MOST_KEYS
    assert keys["ECG: one number corrected, beyond the numbers"] <= MOST_TO_CORRECT


def from_the_cart(given: str, family: str, born: str, gender: str) -> bytes:
    """A MUSE file of now, of a made-up patient."""
    now, london = datetime.now(ZoneInfo("Europe/London")), ZoneInfo("Europe/London")
    birth = datetime.strptime(born, "%d %b %Y").replace(tzinfo=london)
    return muse(
        changed={
            "<PatientLastName>Invented<": f"<PatientLastName>{family}<",
            "<PatientFirstName>Ada<": f"<PatientFirstName>{given}<",
            "<DateofBirth>04-13-1980<": f"<DateofBirth>{birth:%m-%d-%Y}<",
            "<Gender>FEMALE<": f"<Gender>{gender}<",
            "<AcquisitionDate>08-17-2025<": f"<AcquisitionDate>{now:%m-%d-%Y}<",
            "<AcquisitionTime>09:15:11<": f"<AcquisitionTime>{now:%H:%M:%S}<",
            "<PatientAge>45<": f"<PatientAge>{now.year - birth.year}<",
        }
    )


def test_the_carts_file_of_this_patient_fills_the_questions_and_of_another_stops(
    opened: Opens, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    gpa = opened()
    born = opened_record(gpa, "MARCHETTI", "Luca Marchetti")
    hers, his = tmp_path / "hers.xml", tmp_path / "his.xml"
    his.write_bytes(from_the_cart("Luca", "Marchetti", born, "MALE"))
    hers.write_bytes(from_the_cart("Grace", "Okonkwo", "12 Apr 1954", "FEMALE"))
    with gpa.count_task("ECG card with the cart's file, beyond words"):
        to_the_recording(gpa)
        gpa.press("f").wait_for("The file from the cart: its path")
        gpa.send(str(his)).press("enter").wait_for("Attached: his.xml, GE MUSE XML")
        gpa.press("d").wait_for("@[0-9:]+ hr60")
        gpa.press("enter").wait_for("The machine's words")
        gpa.press("enter").wait_for("machine, unconfirmed: ")
        gpa.press("d").wait_for("Paper: as it should be")
        gpa.press("d").wait_for("Trace: as it should be")
        gpa.press("d").wait_for("The ECG is handed to")
        gpa.press("p").wait_for("NOT REVIEWED by a clinician")
    gpa.press("f").wait_for("The file from the cart: its path")
    gpa.send(str(hers)).press("enter").wait_for("Stop. hers.xml: the file's name is")
    gpa.press("ctrl+g").wait_gone("why does this file belong")
    record_property("keystrokes", [(task.name, task.keystrokes) for task in gpa.tasks])
