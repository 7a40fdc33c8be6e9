"""Makes docs/samples from the program: one handout as PDF, in large print, in two languages and as text."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

from gpa_tui.output.handout_pdf import as_pdf
from gpa_tui.session.handout import HELP, Handout

SAMPLES = Path(__file__).parent / "samples"
SHEET = Handout(
    practice="Elm Tree Surgery",
    whose="Mrs Grace Okonkwo",
    on=date(2026, 11, 23),
    parts=(
        (
            "What matters",
            (
                "You have a urine infection. Take nitrofurantoin 100 milligrams 2 times a day for 3 days.",
                "Drink enough that your pee is pale.",
                "We ring you if the test of your pee shows that you need another medicine.",
            ),
        ),
        ("Watch for", ("fever, shivering, or pain in your back", "Better by: Thursday", "If not: ring us")),
        ("What happens next", ("blood test: Reception, by Monday 30 November 2026",)),
        (
            "Who to ring",
            ("Elm Tree Surgery: 01632 960123", *(f"{when}: {whom}" for when, whom in HELP)),
        ),
    ),
    large=False,
)


POLISH = (
    "Ma Pani infekcję dróg moczowych. Proszę brać nitrofurantoinę 100 miligramów "
    "2 razy dziennie przez 3 dni.",
    "Proszę pić tyle, żeby mocz był jasny.",
    "Zadzwonimy, jeśli badanie moczu pokaże, że potrzebny jest inny lek.",
    "Proszę uważać na: gorączkę, dreszcze, ból pleców",
    "Poprawa do: czwartku",
    "Jeśli nie: proszę do nas zadzwonić",
)


def samples() -> dict[str, bytes]:
    """Name and content of each file."""
    return {
        "handout.pdf": as_pdf(SHEET),
        "handout-large.pdf": as_pdf(replace(SHEET, large=True)),
        "handout-polish.pdf": as_pdf(
            replace(SHEET, parts=(("Polish (A Nowak, interpreter)", POLISH), *SHEET.parts), language="Polish")
        ),
        "handout.txt": SHEET.text.encode(),
    }


def clinics() -> dict[str, bytes]:
    """The clinics of `fixtures/clinics`, played through: what each patient's visit gives."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from clinics_played import as_text, the_clinics

    return {f"clinics/{name}.txt": as_text(clinic).encode() for name, clinic in the_clinics().items()}


if __name__ == "__main__":
    (SAMPLES / "clinics").mkdir(parents=True, exist_ok=True)
    for name, content in (samples() | clinics()).items():
        (SAMPLES / name).write_bytes(content)
