"""Writes all that the played clinics send as NDJSON, for validators that are not ours: `FILE`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from clinic import GPA, NINE, Morning, a_set
from clinics_played import TEMPLATES, Played, the_clinics

from gpa_tui.records.appointment import Appointment
from gpa_tui.records.base import EventId
from gpa_tui.records.ecg import EcgAttachment, EcgFileSays, EcgFormat, EcgNumbers
from gpa_tui.records.event import EcgFiled, EcgRecorded, EcgRequested, EcgReviewed, Fact, Said
from gpa_tui.records.patient import Need
from gpa_tui.session import acts
from gpa_tui.session.tasks import Task
from gpa_tui.sync.outgoing import outgoing


def an_ecg(morning: Morning, row: Appointment, *, reviewed: bool = True) -> EventId:
    """An ECG that was asked for, recorded, filed, and reviewed: what each entry says of it."""

    def said(data: Fact, about: EventId | None = None) -> EventId:
        one = Said(data=data, appointment=row.id, patient=row.patient.id, about=about)
        (event,) = morning.take([one], GPA, "room2")
        return event.id

    ecg = said(EcgRequested(asked_by="Dr N Patel", urgency="today", reason="palpitations"))
    numbers = EcgNumbers(rate=72, pr_ms=160, qrs_ms=90, qt_ms=400, qtc_ms=438, qtc_formula="")
    said(EcgRecorded(attempt=1, recorded_at=NINE, numbers=numbers, statements=("Sinus rhythm",)), ecg)
    says = EcgFileSays(format=EcgFormat.PDF)
    kept = EcgAttachment(kept_as="x", file_name="ecg.pdf", size=1000, sha256="5e" * 32, says=says)
    said(EcgFiled(attempt=1, attachment=kept), ecg)
    if reviewed:
        said(EcgReviewed(by="Dr N Patel", words="seen, discussed"), ecg)
    return ecg


def whole_day() -> str:
    """A line a resource: plain sets and corrected ones, needs, tasks, an ECG, plans, the trail."""
    lines = []
    for place, clinic in enumerate(the_clinics().values()):
        for number, of in enumerate(clinic["patients"], place * 10 + 1):
            played = Played(number, of, first=number * 100)
            (event,) = (
                one
                for one in played.do(acts.record_observations, a_set(), (), NINE, False)
                if one.kind == "observation.recorded"
            )
            played.do(acts.correct_observations, event.id, a_set(pulse=80), (), "misread")
            played.do(acts.note_need, Need(text="hoist"))
            an_ecg(played.morning, played.row)
            asked = [
                Task(one.id, one.what, one.owner, one.due, one.asked_by, NINE, played.row.patient.id)
                for one in played.steps
            ]
            made = outgoing(played.morning.day, TEMPLATES, asked, read_file=lambda _: b"a trace")
            lines += [json.dumps(one) for _, one in made]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(whole_day(), "utf-8")
