"""The rows both floors show: forty appointments of an invented day, six columns."""

HEADINGS = ("Time", "Patient", "Age", "Appointment", "Stage", "Due")
WIDTHS = (5, 20, 3, 18, 10, 10)
READY = "ready"
HINT = "Up/Down move  PgUp/PgDn page  q quit  ready"

_SURNAMES = ("ABBOT", "BRIGGS", "CHANDRA", "DOYLE", "EZE", "FARROW", "GRANT", "HUSSAIN")
_APPOINTMENTS = ("Blood pressure", "Phlebotomy", "NHS Health Check", "ECG", "Wound check")
_STAGES = ("booked", "arrived", "in room", "done")

ROWS = tuple(
    (
        f"{8 + n // 5:02}:{n % 5 * 12:02}",
        f"{_SURNAMES[n % 8]}, Test {n:02}",
        str(20 + n * 7 % 70),
        _APPOINTMENTS[n % 5],
        _STAGES[n % 4],
        "" if n % 3 else "DUE bloods",
    )
    for n in range(40)
)
