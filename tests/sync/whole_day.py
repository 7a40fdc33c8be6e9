"""Writes all that the played clinics send as NDJSON, for validators that are not ours: `FILE`."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from uuid import uuid5

sys.path.insert(0, str(Path(__file__).parents[1]))

from clinic import GPA, NINE, Morning, a_set
from clinics_played import TEMPLATES, Played, the_clinics

from gpa_tui.records.appointment import Appointment
from gpa_tui.records.base import EventId
from gpa_tui.records.ecg import EcgAttachment, EcgFileSays, EcgFormat, EcgNumbers
from gpa_tui.records.event import EcgFiled, EcgRecorded, EcgRequested, EcgReviewed, Fact, Said
from gpa_tui.records.patient import Need
from gpa_tui.session import acts
from gpa_tui.sync.frame import OURS, Resource
from gpa_tui.sync.outbox import RETIRED, retirable
from gpa_tui.sync.outgoing import outgoing
from gpa_tui.sync.two_writers import as_written


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
        said(EcgReviewed(by="Dr N Patel", words="seen, discussed", said=True), ecg)
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
            asked = [replace(one, patient=played.row.patient.id) for one in played.steps]
            asked += [replace(one, id=EventId(f"{one.id} 2"), for_patient=False) for one in asked[:1]]
            made = outgoing(played.morning.day, TEMPLATES, asked, read_file=lambda _: b"a trace")
            found = [as_written(one) for _, one in made]
            lines += [json.dumps(one) for one in found]
            if (place, number) == (0, 1):
                lines += [_taken_back(one) for one in found if one["resourceType"] in RETIRED]
    return "\n".join(lines) + "\n"


def _taken_back(resource: Resource) -> str:
    """Another of its kind, as it stands once it does not hold any more."""
    gone = as_written(retirable(resource) | {"status": RETIRED[resource["resourceType"]]})
    return json.dumps(gone).replace(resource["id"], str(uuid5(OURS, resource["id"])))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(whole_day(), "utf-8")
