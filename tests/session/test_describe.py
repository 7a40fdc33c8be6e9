"""Every event in words: one line for the log, and every field for the entry that is looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from clinic import FIRST, GP, NINE, a_day_with, a_set, an_event
from session.instances import BY_TYPE, INSTANCES, UNKNOWN

from gpa_tui.clock import local_time
from gpa_tui.records import event as facts
from gpa_tui.records.base import EventId
from gpa_tui.records.observation import Measure, Missing, ObservationSet, Score
from gpa_tui.records.prep import PrepAnswer, PrepOutcome
from gpa_tui.session.describe import details, line, says
from gpa_tui.session.figures import reading_line, score_line

SEVEN = ("respiration", "spo2", "oxygen", "systolic", "pulse", "consciousness", "temperature")


def show_time(at: datetime) -> str:
    return local_time(at, ZoneInfo("Europe/London"))


WORDS: dict[str, str] = {
    "clinic.opened": "clinic opened: Dr N Patel · morning",
    "list.imported": "list imported: today.json: 2 new, 1 changed, 3 unchanged, 0 gone, 4 rejected",
    "appointment.listed": "listed: Back pain",
    "appointment.revised": "list changed: reason",
    "appointment.unlisted": "no longer on the list: later.json",
    "appointment.moved": "stage: booked → arrived",
    "record.viewed": "record opened",
    "record.closed": "record closed",
    "identity.checked": "identity check: patient said Grace Okonkwo, born 12-Apr-1954: fits the list",
    "prep.template_chosen": "prep list: Chest pain",
    "prep.answered": "prep: Allergies asked: done",
    "prep.handed_over": "handed over: open: Medicines really taken – in a hurry",
    "observation.recorded": (
        "observations: RR 18, SpO2 97 air, BP 128/76, pulse 72, ACVPU A, "
        "temperature not taken (no device). NEWS2 0 (0+0+0+0+0+0+0)"
    ),
    "ecg.requested": "ECG asked for: today, by Dr N Patel: palpitations on Tuesday",
    "ecg.symptoms_asked": "ECG symptoms: none now or in the last 12 hours",
    "ecg.allowed": "ECG to go on: said by Dr N Patel, stopped for: under 16",
    "ecg.prepared": "ECG prepared: sites – sitting up",
    "ecg.recorded": (
        "ECG recorded: attempt 1, 09:00 UTC: rate 72/min, PR 158 ms, QRS 92 ms, QT 402 ms, "
        "QTc 440 ms (formula not stated), axis 45° – machine, unconfirmed: Sinus rhythm"
    ),
    "ecg.quality_checked": "ECG quality: attempt 1, trace NOT GOOD, record again – V3 flat",
    "ecg.filed": (
        "ECG file attached: grace.scp, SCP-ECG, 9012 bytes, 5e5e5e5e5e5e – DOES NOT FIT: the file says male; "
        "stays: the cart was set wrong"
    ),
    "ecg.handed": "ECG handed: to Dr N Patel, in person – rate 48",
    "ecg.not_obtained": "ECG not obtained: refused – too cold",
    "ecg.reviewed": "ECG reviewed: by Dr N Patel, as they said – seen, repeat in a week",
    "spo2_scale.set": "SpO2 scale: 2 – COPD, target 88-92",
    "escalation.raised": "escalation: NEWS2 7: total 7 or more",
    "escalation.told": "escalation told: Dr N Patel, in person",
    "present.recorded": "in the room: daughter Ruth",
    "chaperone.recorded": "chaperone: accepted, J Doe",
    "interpreter.recorded": "interpreter: by telephone, Polish, 4711",
    "capacity.noted": "capacity or proxy: son has LPA for health",
    "need.noted": "need: large print",
    "background.noted": "family background: South Asian, asked whether it may be used for BMI",
    "need.ended": "need ended: large print – new glasses",
    "patient.carried": "carried to later days: BSL; large print – ended: hearing loop",
    "day.left_open": "left open: Not heard 09:00 OKONKWO, Grace: grey",
    "safeguarding.raised": "safeguarding concern",
    "entry.moved": "moved here: from the record of OKONKWO, Grace",
    "task.asked": "task asked: ring about bloods, of Clinician, by 2026-11-23",
    "task.accepted": "task accepted: ring",
    "task.reassigned": "task passed on: to M Okafor",
    "task.done": "task done: ring – yes, today",
    "task.reopened": "task reopened: ring",
    "task.answer_seen": "answer seen: ring",
    "task.dropped": "task dropped: rang back already",
    "plan.translated": "in another language: Polish, by A Nowak: Odpoczywaj.",
    "sync.set_up": "server set up: https://fhir.example/R4 (bearer) – Our ids are kept.",
    "sync.service_set": "key of the sync service: set",
    "sync.asked": "server asks: NHS number 999 000 0018 is somebody else there.",
    "sync.answered": "server's question answered: the same person",
    "sync.clashed": "status changed here and there: arrived here, noshow there",
    "sync.picked": "status picked: as it is there",
    "host.paired": "host paired: upstairs, 1 keys",
    "host.unpaired": "host no longer paired: upstairs",
    "task.claim_lost": "claimed by somebody else: blood test – M Okafor was first",
    "portfolio.picked": "evidence picked: 2026-11 – prep, plan",
    "portfolio.dropped": "evidence dropped",
    "portfolio.viewed": "portfolio read: mokafor",
    "portfolio.reflected": "reflection: Feelings",
    "portfolio.read": "read for the portfolio: may leave",
    "day.purged": "taken away by rule: 2026-11-23, save 41, 0000000000000000 – "
    "archived in 2026-11-23.tar, 5e5e5e5e5e5e5e5e",
    "log.searched": "log searched: OKONKWO, born 12-Apr-1954, from 2026-01-01",
    "review.sampled": "sample drawn: 2026-11-23: 20 % of the rows, seed 4f2a",
    "review.given": "reviewed: 2026-11-23: query – OKONKWO, Grace – why no repeat?",
    "review.answered": "query answered: 2026-11-23: the cuff was too small",
    "review.signed": "review signed off: 2026-11-23: save 41, 0000000000000000 – "
    "still open: a query – well done",
    "review.reopened": "review reopened: 2026-11-23: a late entry",
    "phrase.kept": "phrase kept: Rest and drink.",
    "phrase.dropped": "phrase dropped: Rest and drink.",
    "printed": "printed: huddle sheet",
    "clinic.closed": "session closed: Not ended 09:00 OKONKWO, Grace: in prep",
    "pin.set": "PIN set",
    "pin.refused": "PIN refused",
    "escalation.seen": "escalation shown: to Dr N Patel at room1",
    "escalation.acknowledged": "escalation heard",
    "call_card.shown": "call card shown",
    "handout.made": "handout: printed – large print",
    "entry.copied": "record entry copied: clipboard – to be hidden from online access",
    "plan.given": "GP's plan: (as heard, Dr N Patel) rest",
    "plan.worded": "messages worded: 1 Rest today. / 2 Drink enough.",
    "plan.released": "wording released: by Dr N Patel, said",
    "plan.taught": "teach-back: message 1 said in own words – I rest",
    "plan.safety_netted": "safety net: fever; two days; 111 (not said back)",
    "entry.struck": "taken back: taken back",
    "staff.added": "person added: M Okafor (mokafor: GPA), key 0011223344556677",
    "staff.changed": "person changed: M Okafor (mokafor: GPA)",
    "staff.left": "person left: mokafor",
    "competencies.listed": "competencies: version 2 of Dr N Patel, 3 asked for",
    "competency.signed": (
        "signed off: M Okafor, Recording a 12-lead ECG, on 2026-11-23 till 2026-11-23: seen three"
    ),
    "competency.withdrawn": "sign-off withdrawn: M Okafor, Recording a 12-lead ECG: off for a year",
    "supervision.stated": "under direct supervision: of Dr N Patel: Recording an ECG",
    "keys.replaced": "keys replaced: mokafor, recovery code, key 0011223344556677",
    "passphrase.changed": "passphrase changed",
    "epoch.begun": "new key of the store: 2",
    "head.anchored": "anchored: 2026-11-23, save 12",
    "backed_up": "backed up: surgery.tar",
    "restored": "restored: from surgery.tar, a copy of store another-store",
    "signin.opened": "signed in",
    "signin.locked": "locked",
    "signin.unlocked": "unlocked",
    "signin.closed": "signed out",
    "signin.refused": "sign-in refused: mokafor at room2, 2026-11-23 09:00:00 UTC",
    "read.beside": "read while nothing could be added: mokafor at room2, 2026-11-23 09:00:00 UTC: signed in",
    "act.refused": "refused: view log – GPA may not read the session log.",
    "log.viewed": "log opened",
    "exported": "exported: session log as csv to log.csv",
}


@pytest.mark.parametrize("fact", INSTANCES, ids=lambda fact: fact.kind)
def test_every_kind_has_its_words(fact: facts.Fact) -> None:
    assert says(an_event(fact, 1, FIRST)) == WORDS[an_event(fact).kind]


def test_no_kind_is_without_words_of_its_own() -> None:
    assert set(WORDS) == set(facts.KNOWN)
    own = [cls.says for cls in facts.KNOWN.values()]
    assert all(own)
    assert len(set(own)) == len(own)


def test_a_kind_of_a_newer_version_is_named() -> None:
    assert says(an_event(UNKNOWN)) == "from a newer version: retinopathy.screened"


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (
            facts.IdentityChecked(said_by="carer", name_said="Joy", born_said=None, matched=False),
            "identity check: carer said Joy, born Not known: DOES NOT FIT the list",
        ),
        (
            facts.IdentityChecked(said_by="record only", matched=None),
            "identity check: by the record only: nobody said it",
        ),
        (facts.PrepHandedOver(), "handed over: nothing open"),
        (facts.EscalationRaised(because="grey", told="Dr N Patel"), "escalation: grey – told Dr N Patel"),
        (facts.PlanReleased(released_by="Dr N Patel", said=False), "wording released: by Dr N Patel"),
        (
            facts.PrepAnswered(
                answer=PrepAnswer(
                    template="core",
                    template_version=1,
                    item="x",
                    text="Weight",
                    outcome=PrepOutcome.UNABLE,
                    why="no scales",
                )
            ),
            "prep: Weight: unable – no scales",
        ),
    ],
)
def test_the_other_cases_of_a_kind_have_words_too(fact: facts.Fact, words: str) -> None:
    assert says(an_event(fact, 1, FIRST)) == words


# ── observations ──────────────────────────────────────────────────────────────────────────────


def a_recorded_set(*missing: Missing, **changed: Any) -> ObservationSet:
    score = Score(rule="x", parts={})
    return ObservationSet(taken_at=NINE, readings=tuple(a_set(**changed)), missing=missing, score=score)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "RR 18, SpO2 97 air, BP 128/76, pulse 72, ACVPU A, temp 36.8"),
        ({"oxygen": 2, "spo2": 93}, "RR 18, SpO2 93 2 l/min, BP 128/76, pulse 72, ACVPU A, temp 36.8"),
        ({"diastolic": None}, "RR 18, SpO2 97 air, BP 128/–, pulse 72, ACVPU A, temp 36.8"),
        ({"pulse": None, "consciousness": "C"}, "RR 18, SpO2 97 air, BP 128/76, ACVPU C, temp 36.8"),
        ({"temperature": 390}, "RR 18, SpO2 97 air, BP 128/76, pulse 72, ACVPU A, temp 39.0"),
    ],
)
def test_a_set_is_read_in_the_order_of_the_slip(changed: dict[str, Any], words: str) -> None:
    assert reading_line(a_recorded_set(**changed)) == words


def test_what_was_not_taken_is_said_with_why() -> None:
    missing = Missing(measure=Measure.RESPIRATION, why="refused")
    words = reading_line(a_recorded_set(missing, respiration=None))
    assert words.endswith("temp 36.8, respiration rate not taken (refused)")


@pytest.mark.parametrize(("oxygen", "words"), [(2, "2 l/min"), (0, "air")])
def test_oxygen_is_said_even_where_the_saturation_was_not_taken(oxygen: int, words: str) -> None:
    missing = Missing(measure=Measure.SPO2, why="no device")
    assert words in reading_line(a_recorded_set(missing, spo2=None, oxygen=oxygen)).split(", SpO2")[0]


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (
            Score(
                rule="x", parts=dict(zip(map(Measure, SEVEN), (2, 2, 0, 0, 1, 0, 0), strict=True)), total=5
            ),
            "NEWS2 5 (2+2+0+0+1+0+0)",
        ),
        (
            Score(
                rule="x",
                parts=dict.fromkeys(map(Measure, SEVEN), 0),
                total=0,
                spo2_scale=2,
                spo2_scale_by="Dr N",
            ),
            "NEWS2 0 (0+0+0+0+0+0+0, SpO2 scale 2 by Dr N)",
        ),
        (Score(rule="x", parts={}, not_scored="not scored: under 16"), "NEWS2 not scored: under 16"),
    ],
)
def test_a_score_shows_its_parts_or_why_there_is_none(score: Score, words: str) -> None:
    assert score_line(score) == words


# ── lines and entries ─────────────────────────────────────────────────────────────────────────


def test_a_line_says_when_who_in_which_role_whom_and_what() -> None:
    event = an_event(BY_TYPE[facts.AppointmentMoved], 1, FIRST, by=GP)
    words = line(event, a_day_with(event), show_time)
    assert words == "09:00 Dr N Patel Clinician · OKONKWO, Grace · stage: booked → arrived"


def test_a_line_without_a_patient_names_none() -> None:
    event = an_event(facts.LogViewed(), 1, by=GP)
    assert line(event, a_day_with(event), show_time) == "09:00 Dr N Patel Clinician · log opened"


def test_an_entry_that_was_taken_back_is_marked_in_both_views() -> None:
    move = an_event(BY_TYPE[facts.AppointmentMoved], 1, FIRST)
    strike = an_event(BY_TYPE[facts.EntryStruck], 2, FIRST, about=move.id)
    day = a_day_with(move, strike)
    assert line(move, day, show_time).endswith(" [taken back]")
    assert not line(strike, day, show_time).endswith(" [taken back]")
    assert ("Mark", "taken back: it no longer counts") in details(move, day, show_time)
    assert ("About", "stage: booked → arrived") in details(strike, day, show_time)


def test_every_field_of_an_entry_can_be_read() -> None:
    summer = datetime.fromisoformat("2026-07-01T08:05:00Z")
    event = an_event(BY_TYPE[facts.PlanGiven], 7, FIRST, at=summer, by=GP, about=EventId("nowhere"))
    event = event.model_copy(update={"wall": datetime.fromisoformat("2026-07-01T08:04:00Z")})
    assert details(event, a_day_with(event), show_time) == [
        ("Entry", "7 · plan.given"),
        ("When", "09:05 (clock 09:04)"),
        ("Who", "Dr N Patel, Clinician"),
        ("Where", "room2"),
        ("Patient", "OKONKWO, Grace · NHS No. 999 000 0018"),
        ("What", "GP's plan: (as heard, Dr N Patel) rest"),
        ("About", "entry nowhere"),
    ]
