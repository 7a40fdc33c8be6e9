"""Makes the demo clinic's list 40 rows long, as long as the floors', by importing a second clinic."""

import csv
import subprocess
import tempfile
from datetime import date
from pathlib import Path

from demo_clinic import GPA, GPA_TUI, PASSPHRASES

ROWS = 24  # beside the demo's own 16


def lengthen(home: Path) -> None:
    """Imports `ROWS` made-up appointments of another clinician into the demo store in `home`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        listed, secret = folder / "list.csv", folder / "passphrase"
        secret.write_text(PASSPHRASES[GPA] + "\n")
        with listed.open("w", newline="") as file:
            writer = csv.writer(file)
            columns = "AppointmentId,Date,Start,Clinician,Family,Given,Title,Born,Gender,NhsNumber,Reason"
            writer.writerow(columns.split(","))
            for row in range(ROWS):
                writer.writerow(_row(row))
        command: list[str | Path] = [
            GPA_TUI,
            "import",
            listed,
            "--home",
            home,
            "--staff",
            "mokafor",
            "--passphrase-file",
            secret,
        ]
        subprocess.run(command, check=True, capture_output=True)


def _row(number: int) -> list[str]:
    start = f"{9 + number // 6:02d}:{number % 6 * 10:02d}"
    family = f"Testperson{chr(ord('A') + number)}"
    born, today = f"{1940 + number}-06-15", date.today().isoformat()  # noqa: DTZ011
    nhs_number = _nhs_number(number)
    return [f"L{number}", today, start, "Dr B Osei", family, "Alex", "Mx", born, "F", nhs_number, "Review"]


def _nhs_number(number: int) -> str:
    """The `number`th made-up NHS number of a range of its own, with its check digit."""
    for nine in range(999_500_000 + number * 20, 999_500_000 + number * 20 + 20):
        weighted = sum(int(digit) * weight for digit, weight in zip(str(nine), range(10, 1, -1), strict=True))
        check = (11 - weighted % 11) % 11
        if check < 10:
            return f"{nine}{check}"
    raise AssertionError("twenty numbers running without a check digit cannot be")
