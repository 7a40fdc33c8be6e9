"""A clinic morning by keys alone at 80×24: three patients, then the supervisor reads the log."""

import json
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from demo_clinic import GPA_TUI, PASSPHRASES
from pty_terminal import Terminal

Opens = Callable[..., Terminal]
Entry = tuple[str, str, str]
"""Who, what, and of which family."""
BY_ITSELF = {"competencies.listed", "patient.carried", "day.left_open"}
SET_UP = {
    "staff.added",
    "epoch.begun",
    "competency.signed",
    "list.imported",
    "clinic.opened",
    "appointment.listed",
}


def of_people(home: Path) -> list[Entry]:
    """Every entry of the log that somebody's keys made; others are such as the station writes by itself."""
    secret, out = home.parent / "secret", home.parent / "log.jsonl"
    secret.write_text(PASSPHRASES["Dr N Patel"])
    words = ("log", "export", "--as", "jsonl", "--out", out, "--staff", "npatel", "--passphrase-file", secret)
    subprocess.run([GPA_TUI, "--home", home, *words], check=True, capture_output=True)
    events = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert events.pop()["data"]["kind"] == "exported"  # this one
    families: dict[str, str] = {}
    for event in events:
        if event["data"]["kind"] == "appointment.listed":
            row = event["data"]["appointment"]
            families[row["id"]] = row["patient"]["name"]["family"].upper()
    made = [event for event in events if event["data"]["kind"] not in SET_UP]
    alone = {event["data"]["kind"] for event in made if event["by"]["role"] == "device"}
    assert alone <= BY_ITSELF, alone
    return [
        (event["by"]["name"], event["data"]["kind"], families.get(event.get("appointment", ""), ""))
        for event in made
        if event["by"]["role"] != "device"
    ]


ALIKE = {"SINGH": ("Amrit Singh", "0026")}  # somebody like him is on the list: first name, and one more


def check_identity(terminal: Terminal, family: str, name: str, born: str) -> None:
    terminal.wait_for("Identity: who says")
    terminal.press("p").wait_for("Name, as they said it")
    name, one_more = ALIKE.get(family, (name, ""))
    terminal.type(name).press("enter").wait_for("Born, as they said it")
    terminal.type(born).press("enter").wait_for("One more")
    terminal.type(one_more).press("enter").wait_for("Identity fits the list")


def birth_dates(terminal: Terminal) -> str:
    """The birth date in the banner as a patient would say it."""
    return terminal.wait_for(r"Born (\d\d-[A-Z][a-z]{2}-\d{4})").group(1).replace("-", " ")


def go_to(terminal: Terminal, family: str) -> None:
    """The cursor, drawn in reverse, goes down from the first row to that of `family`."""
    terminal.press("home").wait_quiet(40)
    for _ in range(20):
        marked = [terminal.line(y) for y, row in enumerate(terminal.cells) if row[10].reverse]
        if any(family in line for line in marked):
            return
        terminal.press("down").wait_quiet(40)
    raise AssertionError(f"{family} is not on the list:\n{terminal.text()}")


KEYS_OF_EIGHT_ITEMS = 10
KEYS_TO_READY = 3  # with the brief read; beyond the words
KEYS_OF_A_HANDOUT = 2
KEYS_OF_A_PLAN = 12  # three messages, released, said back, with the safety net; beyond the words


def to_left(
    terminal: Terminal,
    family: str,
    name: str,
    observations: str,
    score: str,
    pressed: list[Entry],
    *,
    also: tuple[str, ...] = (),
    raised: bool = False,
) -> None:
    """One patient, the whole way; `pressed` gets what the log must say of it, and nothing else."""

    def says(*kinds: str) -> None:
        pressed.extend(("M Okafor", kind, family) for kind in kinds)

    go_to(terminal, family)
    with terminal.count_task(f"{family}: arrived"):
        terminal.press("a").wait_for(f"{family}.*arrived 0m")
        says("appointment.moved")
    with terminal.count_task(f"{family}: open"):
        terminal.press("enter").wait_for("1 Prep 0/")
        says("record.viewed")
    born = birth_dates(terminal)
    with terminal.count_task(f"{family}: identity"):
        terminal.press("i")
        check_identity(terminal, family, name, born)
        says("identity.checked", "appointment.moved")  # who is with us is in prep
    with terminal.count_task(f"{family}: four prep items"):
        terminal.press("d", "d", "d", "d").wait_for(r"1 Prep 4/")
        says(*["prep.answered"] * 4)
    if family == "DOUGLAS":
        with terminal.count_task(f"{family}: four more, three of them choices"):
            terminal.press("d").wait_for("Chaperone offered")
            terminal.press("n").wait_for(r"1 Prep 5/")
            terminal.press("d").wait_for(r"1 Prep 6/")
            terminal.press("d").wait_for("Bladder or bowel.*")
            terminal.press("n", "n").wait_for(r"1 Prep 8/")
        says(*["prep.answered"] * 4)
        assert sum(task.keystrokes for task in terminal.tasks[-2:]) <= KEYS_OF_EIGHT_ITEMS
        terminal.press("escape").wait_gone("Weakness getting worse.*\n.*n  no")
    with terminal.count_task(f"{family}: observations"):
        terminal.press("2").wait_for("Breaths")
        terminal.type(observations)
        if also:
            terminal.press("enter")
        for value in also:  # what the list asks for beside NEWS2
            terminal.type(value).press("enter")
        terminal.wait_for("Enter saves this set")
        terminal.press("enter").wait_for(score)
        says("observation.recorded")
    if raised:
        says("escalation.raised", "escalation.told")
        terminal.wait_for("Whom did you tell")
        with terminal.count_task(f"{family}: told whom"):
            terminal.press("p").wait_gone("Whom did you tell")
    with terminal.count_task(f"{family}: hand over, beyond words"):
        terminal.press("space").wait_for("for the GP")
        terminal.press("enter").wait_for("Why may they stand")
        terminal.send("in the room already").press("enter").wait_for("handed over: ready for the GP")
        says("prep.handed_over", "appointment.moved", "record.closed")
    assert terminal.tasks[-1].keystrokes <= KEYS_TO_READY
    with terminal.count_task(f"{family}: with GP"):
        terminal.press("s").wait_for("with GP 0m")
        terminal.press("enter").wait_for("GP's words")
        says("appointment.moved", "record.viewed")
    with terminal.count_task(f"{family}: plan, beyond words"):
        terminal.press("enter")
        if "Identity: who says" in terminal.wait_for("Identity: who says|as heard").group(0):
            check_identity(terminal, family, name, born)
            says("identity.checked")
        terminal.wait_for("The GP's words, as heard")
        terminal.send("Rest, fluids. Paracetamol 1g qds. R/v in 3 days.").press("ctrl+o")
        terminal.wait_for("Message 1 of at most 3")
        terminal.send("Rest and drink plenty.").press("enter").wait_for("Message 2 of at most 3")
        terminal.send("Take paracetamol 4 times a day, 1 gram.").press("enter")
        terminal.wait_for("Message 3 of at most 3")
        terminal.send("Come back in 3 days.").press("enter").wait_for("Saved. r: the GP released it")
        terminal.press("r", "enter").wait_for("Saved: released")
        terminal.press("d", "d", "d").wait_for("Safety net: watch for what")
        terminal.send("getting worse; Thursday; ring us, or 111").press("enter")
        terminal.wait_for("Did they say the safety net back")
        terminal.press("y").wait_for("Saved: the safety net")
        says("plan.given", "appointment.moved", "plan.worded", "plan.released")
        says(*["plan.taught"] * 3, "plan.safety_netted")
    assert terminal.tasks[-1].keystrokes <= KEYS_OF_A_PLAN
    with terminal.count_task(f"{family}: handout"):
        terminal.press("p").wait_for("Handout for")
        terminal.press("t").wait_for("Saved")
        says("handout.made")
    assert terminal.tasks[-1].keystrokes <= KEYS_OF_A_HANDOUT
    with terminal.count_task(f"{family}: left"):
        terminal.press("space").wait_for("Left. u takes it back")
    terminal.press("backspace").wait_for(f"{family}.* left ")
    says("appointment.moved", "record.closed")


def test_three_patients_from_arrival_to_left_and_the_supervisor_reads_the_log(
    opened: Opens, home: Path, record_property: Callable[[str, object], None]
) -> None:
    gpa = opened()
    pressed: list[Entry] = [("M Okafor", "signin.opened", "")]
    zero = r"NEWS2 0 \(0\+0\+0\+0\+0\+0\+0\)"
    to_left(gpa, "SINGH", "Singh", "1697a1287672a368", zero, pressed, also=("81.5", "178"))
    scored = r"NEWS2 5 \(2\+2\+0\+0\+1\+0\+0\)"
    to_left(gpa, "OKONKWO", "Okonkwo", "2293a1287695a375", scored, pressed, also=("310",), raised=True)
    to_left(gpa, "DOUGLAS", "Douglas", "1498a1358564a366", r"NEWS2 0 \(", pressed)
    with gpa.count_task("lock"):
        gpa.press("ctrl+l").wait_for("Locked by M Okafor")
    assert "SINGH" not in gpa.text()
    with gpa.count_task("supervisor: sign in over the lock"):
        gpa.press("up").type("Dr").press("enter").type(PASSPHRASES["Dr N Patel"]).press("enter")
        gpa.wait_for("more than one role")
        gpa.press("s").wait_for("Dr N Patel Supervisor")
    pressed += [("M Okafor", "signin.locked", ""), ("M Okafor", "signin.closed", "")]  # by who came after
    pressed.append(("Dr N Patel", "signin.opened", ""))
    gpa.press("r").wait_for("Review of ")
    pressed += [("Dr N Patel", "log.viewed", ""), ("Dr N Patel", "review.sampled", "")]
    gpa.press("l").wait_for(r"Session log: (\d+) entries, (\d+) saves, head [0-9a-f]{16}")
    entries = int(gpa.wait_for(r"Session log: (\d+) entries").group(1))
    with gpa.count_task(f"supervisor: read {entries} entries one by one"):
        for entry in range(2, entries + 1):
            gpa.press("down").wait_for(rf"^ Entry +{entry} · \S+")
    gpa.press("backspace").wait_for("Review of ")
    gpa.press("backspace").wait_for("Enter open")
    gpa.press("q")
    assert gpa.wait_exit() == 0
    assert not gpa.text().strip(), "the clinic is still on the screen"
    command: list[str | Path] = [GPA_TUI, "--home", home, "log", "verify"]
    verified = subprocess.run(command, check=False, capture_output=True, text=True)
    assert verified.returncode == 0, verified.stdout
    pressed.append(("Dr N Patel", "signin.closed", ""))
    logged, wanted = Counter(of_people(home)), Counter(pressed)
    assert (logged - wanted, wanted - logged) == (Counter(), Counter()), "one entry an act, one a read"
    record_property("keystrokes", [(task.name, task.keystrokes) for task in gpa.tasks])


def test_the_next_person_sees_the_day_as_the_last_one_left_it(opened: Opens) -> None:
    gpa = opened()
    gpa.press("a").wait_for("SINGH.*arrived 0m")
    gpa.press("q")
    gpa.wait_exit()
    reception = opened("S Reed")
    assert "arrived" in reception.wait_for("SINGH.*").group(0)
    reception.press("enter").wait_for("Reception may not open a patient's record")


def test_what_is_mended_asked_answered_signed_off_and_put_into_a_portfolio_is_in_the_log_once(
    opened: Opens, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(home.parent))  # where a sheet is saved
    gpa, pressed = opened(), [("M Okafor", "signin.opened", "")]

    def says(who: str, *kinds: str, of: str = "") -> None:
        pressed.extend((who, kind, of) for kind in kinds)

    go_to(gpa, "SINGH")
    gpa.press("a").wait_for("SINGH.*arrived 0m")
    gpa.press("u").wait_for("taken back")
    gpa.press("a").wait_for("SINGH.*arrived 0m")
    gpa.press("enter").wait_for("1 Prep 0/")
    born = birth_dates(gpa)
    gpa.press("i")
    check_identity(gpa, "SINGH", "Singh", born)
    gpa.press("d").wait_for("1 Prep 1/")
    says("M Okafor", "appointment.moved", "entry.struck", "appointment.moved", "record.viewed", of="SINGH")
    says("M Okafor", "identity.checked", "appointment.moved", "prep.answered", of="SINGH")
    gpa.press("6").wait_for("prep: .*done")
    gpa.press("end").wait_quiet()
    gpa.press("v").wait_for("strike it")
    gpa.press("s").wait_for("Why is this entry struck")
    gpa.type("asked somebody else").press("enter").wait_for("[Tt]aken back|struck")
    says("M Okafor", "entry.struck", of="SINGH")
    gpa.press("backspace").wait_for("Enter open")
    gpa.press("l").wait_for("SINGH.* left ")
    says("M Okafor", "record.closed", "appointment.moved", of="SINGH")
    gpa.press("q")
    assert gpa.wait_exit() == 0
    says("M Okafor", "signin.closed")

    gp = opened("Dr N Patel", "s")
    says("Dr N Patel", "signin.opened", "log.viewed", "review.sampled")
    gp.press("r").wait_for(r"(\d+) of \d+ to look at")
    gp.press("a").wait_for(r"\[agreed\]")
    gp.press("q").wait_for("What do you ask")
    gp.type("who was asked?").press("enter").wait_for("Asked")
    says("Dr N Patel", "review.given", "review.given", of="SINGH")
    gp.press("s").wait_for("Your words to whoever")
    gp.type("Clear.").press("enter").wait_for("Signed off at save")
    gp.press("p").wait_for("The sheet of this session|save as text")
    gp.press("t").wait_for("Saved:")
    gp.press("s").wait_for("Why is it reopened")
    gp.type("a late entry").press("enter").wait_for("to look at")
    says("Dr N Patel", "review.signed", "exported", "review.reopened")
    gp.press("/").wait_for("about whom")
    gp.press("enter").wait_for("By whom")
    gp.press("enter").wait_for("What\\?")
    gp.type("escalation").press("enter").wait_for("From when")
    gp.press("enter").wait_for("0 entries: escalation")
    says("Dr N Patel", "log.searched")
    gp.press("backspace").wait_for("to look at")
    gp.press("backspace").wait_for("Enter open")
    gp.press("q")
    assert gp.wait_exit() == 0
    says("Dr N Patel", "signin.closed")

    gpa = opened()
    gpa.wait_for("A review asks you about 1 entry")
    gpa.press("f").wait_for("! query")
    gpa.press("enter").wait_for("Your answer")
    gpa.type("her son").press("enter").wait_for("Answered")
    says("M Okafor", "signin.opened", "review.answered")
    gpa.press("backspace").wait_for("Enter open")
    go_to(gpa, "SINGH")
    gpa.press("enter").wait_for("SINGH.*left")
    gpa.press("j").wait_for("Evidence for which")
    gpa.press("enter").wait_for("Evidence: without name")
    gpa.press("backspace").wait_for("Enter open")
    says("M Okafor", "record.viewed", "portfolio.picked", "record.closed", of="SINGH")
    gpa.press("j").wait_for("Portfolio of M Okafor")
    gpa.press("end", "enter").wait_for("Read it again")
    gpa.press("n").wait_for("stays here")
    says("M Okafor", "portfolio.read")
    gpa.press("backspace").wait_for("Enter open")
    gpa.press("q")
    assert gpa.wait_exit() == 0
    says("M Okafor", "signin.closed")

    logged, wanted = Counter(of_people(home)), Counter(pressed)
    assert (logged - wanted, wanted - logged) == (Counter(), Counter()), "one entry an act, one a read"
