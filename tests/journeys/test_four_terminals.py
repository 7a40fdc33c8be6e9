"""A morning of sixteen at four terminals at once: reception, two GPAs and the GP, in each other's way."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from demo_clinic import GPA_TUI
from pty_terminal import Terminal

Opens = Callable[..., Terminal]
IN_PERSON = 14
ROWS = slice(4, 21)

FIND = "find and open, two letters of the name among them"


def down_to(terminal: Terminal, row: int) -> Terminal:
    """The cursor to a row of the list, 0 being the first."""
    terminal.press("home").wait_quiet(40)
    for _ in range(row):
        terminal.press("down").wait_quiet(30)
    return terminal


def rows(terminal: Terminal) -> list[str]:
    """The list as it stands on the screen."""
    terminal.wait_quiet(700)
    return [line.rstrip() for line in terminal.text().splitlines()[ROWS] if line.strip()]


def row_of(terminal: Terminal, name: str) -> int:
    """Where a name, as a pattern, stands in the list: a walk-in stands by the time they came."""
    return next(at for at, line in enumerate(rows(terminal)) if re.search(name, line))


def named(row: str) -> str:
    """The name in a row, as far as it is shown without its title, for a pattern."""
    return re.escape(row[8:26].partition("(")[0].strip(" …"))


def test_sixteen_patients_at_four_terminals(
    opened: Opens, home: Path, record_property: Callable[[str, object], None]
) -> None:
    reception, gpa, other, doctor = (
        opened("S Reed"), opened("M Okafor"), opened("J Hart"), opened("Dr N Patel", "c"),
    )  # fmt: skip
    names = [named(line) for line in rows(reception)]
    assert len(names) == 16
    # reception marks them as they come; one never comes, one walks out, one is not on the list
    down_to(reception, 0)
    for name in names[:IN_PERSON]:
        key, stage = ("d", "did not attend") if name == names[9] else ("a", "arrived")
        with reception.count_task("next stage"):
            reception.press(key).wait_for(f"{name}.*{stage}")
        reception.press("down")
    gpa.wait_for(f"{names[13]}.*arrived", timeout=5)
    # the GPA types while reception goes on: nothing typed is lost, nothing jumps
    gpa.press("/").wait_for("Find")
    gpa.send("OKO")
    with reception.count_task("walk-in, beyond words"):
        reception.press("+")
        reception.send("Hall, Mia").press("enter")
        reception.send("6may2001").press("enter")
        reception.send("Cut hand").press("enter").wait_for("HALL, Mia: walk-in, arrived")
    gpa.wait_for("17 listed", timeout=5)
    assert "OKO" in gpa.text()
    gpa.send("NKWO").press("enter").wait_for("1 Prep")
    gpa.press("backspace").wait_for("Time +Patient")
    with gpa.count_task(FIND):
        gpa.press("/").type("DO").press("enter").wait_for("DOUGLAS, Ewan.* Born")
    gpa.press("backspace").wait_for("Time +Patient")
    gpa.press("/").type("OKONKWO").press("enter").wait_for("OKONKWO, Grace.* Born")
    # somebody worries the other GPA: it is on every screen until the doctor has heard it
    down_to(other, row_of(other, "OKONKWO"))
    with other.count_task("escalate"):
        other.press("e", "enter")
    doctor.wait_for("! 09:00 OKONKWO 0 min", timeout=5)
    other.wait_for("on Dr N Patel's screen", timeout=5)
    gpa.press("ctrl+l").wait_for("An escalation is not heard yet", timeout=5)
    assert "OKONKWO" not in gpa.text()
    doctor.press("k").wait_for("OKONKWO.*k again")
    doctor.press("k").wait_for("Heard: OKONKWO")
    other.press("escape").wait_gone("! 09:00 OKONKWO", timeout=5)
    gpa.send("green kettle").press("enter").wait_for("Still open: OKONKWO")
    gpa.press("backspace").wait_for("17 listed")
    # two move the same patient at once: one does, the other is told
    for terminal in (gpa, other):
        down_to(terminal, row_of(terminal, "DOUGLAS"))
    gpa.press("s")
    other.press("s")
    for one in (gpa, other):
        one.wait_for("DOUGLAS.*(with GP. u takes it back|is already with GP)", timeout=5)
    # the rest of the morning, shared between them
    for row, name in enumerate(names[:IN_PERSON]):
        if name in {names[1], names[9]}:
            continue
        terminal = gpa if row % 2 else other
        down_to(terminal, row_of(terminal, name))
        key, stage = ("w", "walked out") if name == names[12] else ("s", "with GP")
        terminal.press(key).wait_for(f"{name}.*{stage}")
        if key == "s":
            terminal.press("l").wait_for(f"{name}.* left")
    down_to(gpa, row_of(gpa, "DOUGLAS")).press("l").wait_for("DOUGLAS.* left")
    down_to(doctor, row_of(doctor, names[14])).press("o").wait_for("what came of it")
    doctor.press("t").wait_for(f"{names[14]}.*call done")
    doctor.press("down", "o").wait_for("what came of it")
    doctor.press("v").wait_for(f"{names[15]}.*visited")
    down_to(reception, row_of(reception, "HALL")).press("l").wait_for("HALL.* left")
    # four equal days, and a log that verifies
    for terminal in (reception, gpa, other, doctor):
        down_to(terminal, 0)
        terminal.press("end").wait_quiet(200)
    shown = {terminal: [line[2:] for line in rows(terminal)] for terminal in (reception, gpa, other, doctor)}
    assert len({tuple(lines) for lines in shown.values()}) == 1
    assert all("listed  0 here" in terminal.text() for terminal in shown)
    doctor.press("c").wait_for("Nothing is open")
    doctor.press("escape")
    for terminal in shown:
        with terminal.count_task("lock"):
            terminal.press("ctrl+l").wait_for("Locked by")
        terminal.close()
    verified = subprocess.run(
        [GPA_TUI, "--home", home, "log", "verify"], check=False, capture_output=True, text=True
    )
    assert verified.returncode == 0, verified.stdout
    counted = [(task.name, task.keystrokes) for terminal in shown for task in terminal.tasks]
    most = {name: max(keys for task, keys in counted if task == name) for name, _ in counted}
    assert most["next stage"] == most["lock"] == 1
    assert most["escalate"] <= 3
    assert most["walk-in, beyond words"] <= 10
    assert most[FIND] <= 4
    record_property("keystrokes", sorted(most.items()))
