"""QT corrected for heart rate, by four named formulas; to catch a mistyped number, never as a verdict.

Sources: Bazett 1920, QT/√RR; Fridericia 1920, QT/∛RR; Sagie 1992 (Framingham), QT + 154 × (1 − RR) in ms;
Hodges 1983, QT + 1.75 × (HR − 60). QT in ms, RR in s = 60/HR; as compared in Vandenberk 2016
(10.1161/JAHA.116.003264). Formulas are never mixed across serial ECGs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from gpa_tui.clinical.rounding import whole

QT = range(200, 701)  # ms (proposal, domain brief 3.9)
RATE = range(20, 301)  # beats/min, as for a pulse
WIDEST_QRS = 120  # ms; wider, and no QTc without a clinician (Vandenberk 2016; domain brief 4.5)
FORMULAS = ("bazett", "fridericia", "framingham", "hodges")


@dataclass(frozen=True, slots=True)
class Qtc:
    """In ms, rounded half up, by formula; or why none is given."""

    by_formula: dict[str, int]
    not_computed: str = ""


def qtc(qt_ms: int, heart_rate: int, *, qrs_ms: int | None = None, rhythm: str = "regular") -> Qtc:
    """QTc by the four formulas. `rhythm` is `regular`, `irregular`, `af` or `paced`.

    None where the rhythm is not regular or the QRS wide: nobody but a clinician corrects those. Raises
    ValueError, the sentence, for a QT or a rate that cannot be.
    """
    if qt_ms not in QT:
        raise ValueError(f"QT can be {QT[0]} to {QT[-1]} ms, not {qt_ms}.")
    if heart_rate not in RATE:
        raise ValueError(f"Heart rate can be {RATE[0]} to {RATE[-1]}, not {heart_rate}.")
    if rhythm != "regular":
        return Qtc({}, f"not computed: rhythm {rhythm}")
    if qrs_ms is not None and qrs_ms > WIDEST_QRS:
        return Qtc({}, f"not computed: QRS over {WIDEST_QRS} ms")
    rr = 60 / heart_rate  # s
    exact = {
        "bazett": qt_ms / math.sqrt(rr),
        "fridericia": qt_ms / math.cbrt(rr),
        "framingham": qt_ms + 154 * (1 - rr),
        "hodges": qt_ms + 1.75 * (heart_rate - 60),
    }
    return Qtc({name: whole(value) for name, value in exact.items()})
