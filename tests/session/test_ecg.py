"""An ECG from being asked for to its review: each gate, each way out, the clock, what is left at the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from clinic import DATE, FIRST, GP, NINE, SECOND, Morning, a_patient, an_appointment

from gpa_tui.errors import NotAllowed, Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Mode
from gpa_tui.records.base import EventId
from gpa_tui.records.competency import Competency, Domain, Gate
from gpa_tui.records.ecg import AFTER, BEFORE, EcgAttachment, EcgCheck, EcgFileSays, EcgFormat, EcgNumbers
from gpa_tui.records.event import Event
from gpa_tui.session import acts
from gpa_tui.session.acts import Place
from gpa_tui.session.day import Visit
from gpa_tui.session.ecg import Ecg, Lateness, ReviewLimits, Step, summary
from gpa_tui.session.ecg_rules import (
    clock_words,
    formulas,
    late_in_the_frame,
    late_nameless,
    stopped_for,
)
from gpa_tui.session.escalations import call_card, not_heard_before
from gpa_tui.session.fold import folded
from gpa_tui.session.for_me import for_me
from gpa_tui.session.handover import brief
from gpa_tui.session.huddle import still_open
from gpa_tui.session.prep_list import prep_list
from gpa_tui.settings import EcgSettings, PracticeSettings
from gpa_tui.templates import shipped_templates

RULES = EcgSettings()
NUMBERS = EcgNumbers(rate=72, pr_ms=158, qrs_ms=92, qt_ms=402, qtc_ms=440, qtc_formula="bazett", axis_deg=45)
CHILD = an_appointment(1, a_patient("Bray", "Tom", "2018-03-01"))


def show_time(at: datetime) -> str:
    return f"{at:%H:%M}"


class Card:
    """One ECG on a morning in memory, step by step."""

    def __init__(self, row: Any = FIRST) -> None:
        self.morning = Morning(row)
        self.row = row
        self.morning.do(acts.check_identity, row.id, "record only", "", None)
        (asked,) = self.morning.do(acts.request_ecg, row.id, "Dr N Patel", "today", "palpitations")
        self.id = asked.id

    @property
    def visit(self) -> Visit:
        return self.morning.visit(self.row)

    @property
    def ecg(self) -> Ecg:
        return self.visit.ecgs[self.id]

    def do(self, act: Any, *args: Any, **kwargs: Any) -> list[Event]:
        return self.morning.do(act, self.row.id, self.id, *args, **kwargs)

    def symptoms(self, found: str = "none") -> list[Event]:
        return self.do(acts.note_ecg_symptoms, found)

    def prepared(self) -> Card:
        if self.ecg.symptoms is None:
            self.symptoms()
        for check in BEFORE:
            chaperone = "declined" if check is EcgCheck.CHAPERONE else None
            self.do(acts.prepare_ecg, check, RULES, chaperone=chaperone)
        return self

    def record(
        self, numbers: EcgNumbers = NUMBERS, statements: Sequence[str] = ("Sinus rhythm",)
    ) -> list[Event]:
        return self.do(acts.record_ecg, self.ecg.attempt, NINE, numbers, statements, RULES)

    def recorded(self) -> Card:
        self.prepared().record()
        return self

    def look(self, *, ok: bool = True, check: EcgCheck = EcgCheck.TRACE, text: str = "") -> list[Event]:
        return self.do(acts.check_ecg, check, RULES, ok=ok, text=text or ("" if ok else "V3 flat"))

    def looked_at(self) -> Card:
        for check in AFTER:
            self.look(check=check)
        return self

    def hand(self) -> list[Event]:
        return self.do(acts.hand_ecg, "Dr N Patel", "in person", RULES)

    def review(self, **kwargs: Any) -> list[Event]:
        by_record = (FIRST.id, "record only", "", None)
        if kwargs.get("by") is GP:
            self.morning.do(acts.check_identity, self.row.id, *by_record[1:], by=GP)
        return self.do(acts.review_ecg, "seen, no change", **kwargs)


def raised(events: Sequence[Event]) -> list[str]:
    return [one.data.because for one in events if isinstance(one.data, facts.EscalationRaised)]


# ── the whole way ─────────────────────────────────────────────────────────────────────────────


def test_the_whole_way_each_step_by_whom_and_when() -> None:
    card = Card()
    seen = [card.ecg.stage(show_time)]
    steps = [card.ecg.next_step([])]
    card.symptoms()
    for check in BEFORE:
        steps.append(card.ecg.next_step([]))
        chaperone = "declined" if check is EcgCheck.CHAPERONE else None
        card.do(acts.prepare_ecg, check, RULES, chaperone=chaperone)
    seen.append(card.ecg.stage(show_time))
    steps.append(card.ecg.next_step([]))
    card.record()
    seen.append(card.ecg.stage(show_time))
    for check in AFTER:
        steps.append(card.ecg.next_step([]))
        card.look(check=check)
    seen.append(card.ecg.stage(show_time))
    steps.append(card.ecg.next_step([]))
    card.hand()
    seen.append(card.ecg.stage(show_time))
    steps.append(card.ecg.next_step([]))
    card.review(by=GP)
    assert card.ecg.next_step([]) is None
    assert seen == ["asked 09:00", "prepared", "recorded 09:00", "quality ok", "to Dr N Patel"]
    assert steps == [Step.SYMPTOMS, *BEFORE, Step.RECORD, *AFTER, Step.HAND, Step.REVIEW]
    assert card.ecg.reviewed
    assert (card.ecg.reviewed.said.by, card.ecg.reviewed.said.said) == ("Dr N Patel", False)
    assert card.visit.room["Chaperone"] == "declined"
    again = folded(DATE, card.morning.day.events)
    assert again.visits[FIRST.id].ecgs == card.visit.ecgs


def test_nothing_is_done_before_its_turn() -> None:
    card = Card()
    with pytest.raises(Refused, match="symptoms"):
        card.do(acts.prepare_ecg, EcgCheck.CART, RULES)
    card.symptoms()
    with pytest.raises(Refused, match="Not yet answered: cart, consent, chaperone, sites"):
        card.record()
    card.prepared()
    with pytest.raises(Refused, match="not recorded yet"):
        card.look()
    with pytest.raises(Refused, match="Not yet looked at"):
        card.hand()
    with pytest.raises(Refused, match="nothing to review yet"):
        card.review(by=GP)
    card.record()
    with pytest.raises(Refused, match="stands here already"):
        card.record()
    card.looked_at().hand()
    with pytest.raises(Refused, match="handed over"):
        card.look()


def test_one_is_asked_for_at_a_time_and_another_once_it_is_handed() -> None:
    card = Card()
    with pytest.raises(Refused, match="asked for already"):
        card.morning.do(acts.request_ecg, FIRST.id, "Dr N Patel", "now", "again")
    card.recorded().looked_at().hand()
    card.morning.do(acts.request_ecg, FIRST.id, "Dr N Patel", "now", "again")
    assert len(card.visit.ecgs) == 2


def test_a_telephone_row_has_none() -> None:
    row = an_appointment(mode=Mode.TELEPHONE)
    morning = Morning(row)
    morning.do(acts.check_identity, row.id, "record only", "", None)
    with pytest.raises(Refused, match="telephone row"):
        morning.do(acts.request_ecg, row.id, "Dr N Patel", "today", "palpitations")


def test_who_is_not_signed_off_asks() -> None:
    card = Card()
    item = Competency(id="ecg", domain=Domain.CLINICAL, title="Recording an ECG", gates=(Gate.ECG,))
    place = Place(card.morning.place.actor, "room2", asks=(item,))
    with pytest.raises(NotAllowed, match="not signed off for Recording an ECG"):
        acts.prepare_ecg(card.morning.day, place, FIRST.id, card.id, EcgCheck.CART, RULES)
    assert acts.note_ecg_symptoms(card.morning.day, place, FIRST.id, card.id, "chest pain")


# ── symptoms, and where the practice's rule stops ─────────────────────────────────────────────


@pytest.mark.parametrize("found", ["chest pain", "other"])
def test_symptoms_call_the_gp_in_the_same_act(found: str) -> None:
    events = Card().symptoms(found)
    assert len(events) == 2
    assert raised(events)[0].startswith("ECG asked for, ")
    assert not raised(Card().symptoms("none"))


def test_chest_pain_and_under_16_stop_until_a_clinician_says_to_go_on() -> None:
    for row, found, why in ((FIRST, "chest pain", "chest pain"), (CHILD, "none", "under 16")):
        card = Card(row)
        card.symptoms(found)
        assert stopped_for(card.morning.day, card.visit, card.ecg, RULES) == [why]
        assert card.ecg.next_step([why]) is Step.ALLOW
        with pytest.raises(Refused, match=f"Stop: {why}"):
            card.do(acts.prepare_ecg, EcgCheck.CART, RULES)
        with pytest.raises(Refused, match="Say who"):
            card.do(acts.allow_ecg, " ", RULES)
        (event,) = card.do(acts.allow_ecg, "Dr N Patel", RULES)
        assert event.data == facts.EcgAllowed(by="Dr N Patel", stopped_for=(why,))
        card.prepared()


def test_an_age_that_is_not_known_stops_too_and_sixteen_does_not() -> None:
    unknown = Card(an_appointment(1, a_patient(born="1954")))
    unknown.symptoms()
    assert stopped_for(unknown.morning.day, unknown.visit, unknown.ecg, RULES) == ["age not known"]
    sixteen = Card(an_appointment(1, a_patient(born="2010-11-23")))
    sixteen.symptoms()
    assert stopped_for(sixteen.morning.day, sixteen.visit, sixteen.ecg, RULES) == []
    day_younger = Card(an_appointment(1, a_patient(born="2010-11-24")))
    day_younger.symptoms()
    assert stopped_for(day_younger.morning.day, day_younger.visit, day_younger.ecg, RULES) == ["under 16"]


def test_a_practice_may_say_that_nothing_stops() -> None:
    rules = EcgSettings(under_16="record", chest_pain="record")
    card = Card(CHILD)
    card.symptoms("chest pain")
    assert stopped_for(card.morning.day, card.visit, card.ecg, rules) == []
    card.do(acts.prepare_ecg, EcgCheck.CART, rules)
    with pytest.raises(Refused, match="Nothing stops"):
        card.do(acts.allow_ecg, "Dr N Patel", rules)


# ── numbers and words ─────────────────────────────────────────────────────────────────────────


def test_numbers_that_do_not_fit_need_to_be_typed_twice_with_the_reason() -> None:
    odd = NUMBERS.model_copy(update={"qt_ms": 502})
    card = Card().prepared()
    with pytest.raises(Refused, match="do not fit: type the numbers again"):
        card.record(odd)
    card.do(acts.record_ecg, 1, NINE, odd, (), RULES, "as the cart printed")
    assert card.ecg.latest
    assert card.ecg.latest.said.typed_twice_because == "as the cart printed"


def test_what_must_be_heard_at_once_is_raised_with_the_recording() -> None:
    card = Card().prepared()
    events = card.record(
        NUMBERS.model_copy(update={"rate": 40, "qt_ms": None}), ("Sinus bradycardia", "*** ACUTE MI ***")
    )
    assert raised(events) == ["ECG: the machine says, unconfirmed: *** ACUTE MI ***; rate 40"]


def test_a_rate_for_today_goes_with_the_handing_and_is_no_escalation() -> None:
    card = Card().prepared()
    assert not raised(card.record(EcgNumbers(rate=48)))
    card.looked_at()
    (handed,) = card.hand()
    assert isinstance(handed.data, facts.EcgHanded)
    assert handed.data.told == ("rate 48",)


def test_a_correction_stays_beside_what_it_corrects_and_is_reviewed_anew() -> None:
    card = Card().prepared()
    card.record(EcgNumbers(rate=140))
    card.looked_at().hand()
    card.review(by=GP)
    events = card.do(acts.correct_ecg, EcgNumbers(rate=104), (), RULES, "mistyped")
    assert [one.kind for one in events] == ["entry.struck", "entry.struck", "ecg.recorded"]
    assert not card.visit.escalations  # what the mistyped rate raised is gone with it
    assert card.ecg.latest
    assert card.ecg.latest.said.was == "rate 140/min; Sinus rhythm"
    assert card.ecg.next_step([]) is Step.HAND  # what was looked at still stands
    assert card.ecg.waits_since == NINE
    assert any("CORRECTED, mistyped: was rate 140/min" in text for text in summary(card.ecg, show_time))
    with pytest.raises(Refused, match="Nothing is changed"):
        card.do(acts.correct_ecg, EcgNumbers(rate=104), (), RULES, "mistyped")
    card.morning.do(acts.check_identity, FIRST.id, "record only", "", None, by=GP)
    with pytest.raises(Refused, match="only they can correct"):
        card.do(acts.correct_ecg, EcgNumbers(rate=105), (), RULES, "mistyped", by=GP)


# ── tries, and the ways out ───────────────────────────────────────────────────────────────────


def test_a_poor_recording_is_made_again_three_times_and_all_are_kept() -> None:
    card = Card().recorded()
    card.look(ok=False)
    assert card.ecg.stage(show_time) == "record again, 2 of 3"
    assert card.ecg.next_step([]) is Step.RECORD
    card.record()
    card.look(ok=False, text="tremor")
    card.record()
    assert card.ecg.attempt == 3
    with pytest.raises(Refused, match="last of 3 tries"):
        card.look(ok=False)
    events = card.do(acts.accept_best, EcgCheck.TRACE, RULES, "tremor")
    assert not raised(events)
    for check in (EcgCheck.PAPER, EcgCheck.ELECTRODES):
        card.look(check=check)
    (handed,) = card.hand()
    assert isinstance(handed.data, facts.EcgHanded)
    assert handed.data.told == ("the best of three tries: tremor",)
    assert sorted(card.ecg.recorded) == [1, 2, 3]
    said = list(summary(card.ecg, show_time))
    assert "try 1, trace: V3 flat, recorded again" in said
    assert "try 2, trace: tremor, recorded again" in said


def test_the_best_is_not_taken_before_the_third() -> None:
    card = Card().recorded()
    with pytest.raises(Refused, match="3 times in all"):
        card.do(acts.accept_best, EcgCheck.TRACE, RULES, "tremor")


def test_with_symptoms_no_good_trace_calls_the_gp() -> None:
    card = Card()
    card.symptoms("other")
    card.recorded()
    for _ in range(2):
        card.look(ok=False)
        card.record()
    assert raised(card.do(acts.accept_best, EcgCheck.TRACE, RULES, "tremor"))
    other = Card()
    other.symptoms("other")
    assert raised(other.do(acts.give_up_ecg, "not obtained", "the cart is broken"))


@pytest.mark.parametrize("outcome", ["refused", "not obtained", "poor quality", "not needed"])
def test_each_way_out_has_its_reason_and_waits_for_a_clinician(outcome: str) -> None:
    card = Card()
    with pytest.raises(Refused, match="Say why"):
        card.do(acts.give_up_ecg, outcome, " ")
    (event,) = card.do(acts.give_up_ecg, outcome, "too cold")
    assert card.ecg.stage(show_time).startswith(outcome)
    assert card.ecg.waits_since == event.at
    assert card.ecg.next_step([]) is Step.HAND  # who is told of it
    (handed,) = card.hand()
    assert isinstance(handed.data, facts.EcgHanded)
    assert handed.data.told == (f"no ECG, {outcome}: too cold",)
    assert card.ecg.next_step([]) is Step.REVIEW
    card.review(by=GP)
    assert card.ecg.waits_since is None


# ── reviewed ──────────────────────────────────────────────────────────────────────────────────


def test_what_a_clinician_said_is_typed_with_their_name_and_marked() -> None:
    card = Card().recorded()
    with pytest.raises(Refused, match="who reviewed"):
        card.review()
    (event,) = card.review(said_by="Dr N Patel")
    assert event.data == facts.EcgReviewed(by="Dr N Patel", words="seen, no change", said=True)
    assert any("reviewed by Dr N Patel, as they said" in text for text in summary(card.ecg, show_time))
    with pytest.raises(Refused, match="reviewed already"):
        card.review(said_by="Dr N Patel")


# ── the file ──────────────────────────────────────────────────────────────────────────────────


def attachment(**fields: Any) -> EcgAttachment:
    says = EcgFileSays(format=EcgFormat.SCP, notes=("V3: lead off, says the cart",))
    known = {"kept_as": "1-0.attached", "file_name": "g.scp", "size": 1, "sha256": "0" * 64, "says": says}
    return EcgAttachment.model_validate(known | fields)


def test_a_file_that_does_not_fit_needs_the_reason() -> None:
    card = Card()
    with pytest.raises(Refused, match="Say why this file"):
        card.do(acts.file_ecg, attachment(did_not_fit=("the file says male",)), RULES)
    card.do(
        acts.file_ecg,
        attachment(did_not_fit=("the file says male",), stays_because="cart set wrong"),
        RULES,
    )
    card.do(acts.copy_ecg_file, "g.scp", "/tmp/g.scp")
    with pytest.raises(Refused, match="not attached here"):
        card.do(acts.copy_ecg_file, "other.scp", "/tmp/g.scp")
    assert "the file: V3: lead off, says the cart" in list(summary(card.ecg, show_time))


# ── the clock, and what must not slip away ────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("minutes", "lateness", "shown"),
    [
        (9, Lateness.IN_TIME, "ecg 9m"),
        (10, Lateness.LATE, "ECG 10m"),
        (19, Lateness.LATE, "ECG 19m"),
        (20, Lateness.VERY_LATE, "ECG!20m"),
        (121, Lateness.VERY_LATE, "ECG!2h"),
    ],
)
def test_the_clock_runs_from_the_recording(minutes: int, lateness: Lateness, shown: str) -> None:
    card = Card()
    assert clock_words(card.visit, NINE, RULES) == ("", Lateness.IN_TIME)
    card.recorded().looked_at().hand()
    now = NINE + timedelta(minutes=minutes)
    assert card.ecg.lateness(now, ReviewLimits(10, 20)) is lateness
    assert clock_words(card.visit, now, RULES) == (shown, lateness)
    frame = late_in_the_frame(card.morning.day, now, RULES, show_time, short=False)
    expected = f" ! ECG 09:00 OKONKWO {minutes} min: not reviewed " if lateness == "very late" else ""
    assert frame == expected
    card.review(by=GP)
    assert clock_words(card.visit, now, RULES) == ("", Lateness.IN_TIME)
    assert not late_in_the_frame(card.morning.day, now, RULES, show_time, short=False)


def test_with_symptoms_the_review_is_at_once() -> None:
    card = Card()
    card.symptoms("other")
    card.recorded()
    assert card.ecg.lateness(NINE, ReviewLimits(10, 20)) is Lateness.VERY_LATE


def test_the_first_of_three_recordings_starts_the_clock() -> None:
    card = Card().prepared()
    card.do(acts.record_ecg, 1, NINE, NUMBERS, (), RULES)
    card.look(ok=False)
    card.do(acts.record_ecg, 2, NINE + timedelta(minutes=9), NUMBERS, (), RULES)
    assert card.ecg.waits_since == NINE


def test_nothing_unreviewed_slips_away() -> None:
    card = Card()
    assert ("ECG", "09:00 OKONKWO, Grace: not reviewed, asked 09:00") in open_rows(card)
    card.recorded().looked_at().hand()
    assert ("ECG", "09:00 OKONKWO, Grace: not reviewed, to Dr N Patel") in open_rows(card)
    waiting = for_me(card.morning.day, [card.visit], [], [], GP, shipped_templates(), show_time)
    (one,) = [one for one in waiting if one.kind == "ecg"]
    assert "machine, unconfirmed: Sinus rhythm" in one.words
    card.review(by=GP)
    assert not [row for row in open_rows(card) if row[0] == "ECG"]
    assert not [
        one
        for one in for_me(card.morning.day, [card.visit], [], [], GP, shipped_templates(), show_time)
        if one.kind == "ecg"
    ]


def open_rows(card: Card) -> list[tuple[str, str]]:
    return list(still_open(card.morning.day, [], [], [], show_time))


def test_the_gp_reads_it_in_the_brief_and_on_the_call_card() -> None:
    card = Card().recorded()
    prep = prep_list(card.visit, shipped_templates())
    said = [text for _, text in brief(card.visit, prep, show_time)]
    assert "ECG not reviewed, recorded 09:00" in said
    assert "machine, unconfirmed: Sinus rhythm" in said
    settings = PracticeSettings(name="x")
    on_card = [text for _, text in call_card(card.visit, card.morning.day, settings, show_time)]
    assert "NOT REVIEWED by a clinician" in on_card


# ── struck, taken back ────────────────────────────────────────────────────────────────────────


def test_a_request_is_struck_with_all_of_it_before_it_is_recorded_and_not_after() -> None:
    card = Card()
    card.symptoms("other")
    card.prepared()
    card.morning.do(acts.strike, FIRST.id, card.id, "wrong patient")
    assert not card.visit.ecgs
    assert not card.visit.escalations
    assert len([one for one in card.visit.events if one.kind.startswith("ecg.")]) == 6  # all still to read
    recorded = Card().recorded()
    with pytest.raises(Refused, match="It is recorded already"):
        recorded.morning.do(acts.strike, FIRST.id, recorded.id, "wrong patient")


def test_a_recording_is_struck_alone_and_not_once_a_clinician_has_reviewed_it() -> None:
    card = Card().recorded()
    card.look(ok=False)
    card.record(NUMBERS, ("*** ACUTE MI ***",))
    first = card.ecg.recorded[1].event.id
    card.morning.do(acts.strike, FIRST.id, first, "another patient's paper")
    assert sorted(card.ecg.recorded) == [2]
    assert card.visit.open_escalations  # what the second says stays loud
    card.look()
    card.review(by=GP)
    with pytest.raises(Refused, match="Dr N Patel has reviewed it"):
        card.morning.do(acts.strike, FIRST.id, card.ecg.recorded[2].event.id, "a slip")


def test_a_recording_that_is_struck_is_made_again() -> None:
    card = Card().recorded().looked_at()
    card.hand()
    card.morning.do(acts.strike, FIRST.id, card.ecg.recorded[1].event.id, "another patient's paper")
    assert card.ecg.next_step([]) is Step.RECORD
    assert card.ecg.handed is None
    card.record()
    assert card.ecg.next_step([]) is AFTER[0]


def test_a_slip_of_one_key_is_taken_back() -> None:
    card = Card().prepared()
    card.morning.do(acts.take_back, FIRST.id)
    assert card.ecg.next_step([]) is EcgCheck.SITES


def test_a_slip_is_not_taken_back_from_under_what_came_after() -> None:
    card = Card().recorded().looked_at()
    card.hand()
    with pytest.raises(Refused, match="More was recorded of that ECG since"):
        card.morning.do(acts.take_back, FIRST.id)


# ── two people at one card ────────────────────────────────────────────────────────────────────


def test_a_review_is_of_the_recording_that_was_looked_at() -> None:
    card = Card().recorded().looked_at()
    seen = card.ecg.recorded[1].event.id
    card.do(acts.correct_ecg, EcgNumbers(rate=104), (), RULES, "mistyped")
    with pytest.raises(Refused, match="changed meanwhile"):
        card.review(by=GP, seen=seen)
    with pytest.raises(Refused, match="changed meanwhile"):
        card.do(acts.hand_ecg, "Dr N Patel", "", RULES, seen)


def test_a_recording_is_of_the_try_that_was_asked_for() -> None:
    card = Card().prepared()
    with pytest.raises(Refused, match="stands here already"):
        card.do(acts.record_ecg, 2, NINE, NUMBERS, (), RULES)


def test_a_try_that_was_reviewed_though_it_failed_leaves_the_next_to_be_recorded() -> None:
    card = Card().recorded()
    card.look(ok=False)
    card.review(by=GP)
    assert card.ecg.next_step([]) is Step.RECORD
    card.record()
    assert card.ecg.reviewed is None


def test_symptoms_are_not_taken_away_by_another_answer() -> None:
    card = Card()
    card.symptoms("chest pain")
    for lighter in ("none", "other"):
        with pytest.raises(Refused, match="noted already: chest pain"):
            card.symptoms(lighter)
    later = Card().recorded().looked_at()
    later.hand()
    assert raised(later.symptoms("other"))  # said after the recording: it is loud all the same


def test_each_reason_to_stop_needs_its_own_word_to_go_on() -> None:
    card = Card(CHILD)
    with pytest.raises(Refused, match="Ask first for symptoms"):
        card.do(acts.allow_ecg, "Dr N Patel", RULES)
    card.symptoms("none")
    card.do(acts.allow_ecg, "Dr N Patel", RULES)
    card.symptoms("chest pain")
    with pytest.raises(Refused, match="Stop: chest pain"):
        card.do(acts.prepare_ecg, EcgCheck.CART, RULES)


def test_the_words_of_a_file_call_the_gp_once() -> None:
    says = EcgFileSays(format=EcgFormat.SCP, numbers=EcgNumbers(rate=150), statements=("ACUTE MI",))
    card = Card().prepared()
    (because,) = raised(card.do(acts.file_ecg, attachment(says=says), RULES))
    assert because == "ECG file: the machine says, unconfirmed: ACUTE MI; rate 150"
    assert not raised(card.do(acts.file_ecg, attachment(says=says), RULES))


def test_a_file_whose_numbers_are_not_those_typed_is_pointed_out() -> None:
    card = Card().recorded()
    says = EcgFileSays(format=EcgFormat.SCP, numbers=EcgNumbers(rate=75, pr_ms=158))
    card.do(acts.file_ecg, attachment(says=says), RULES)
    assert "rate 75 in the file, 72 typed" in list(summary(card.ecg, show_time))


def test_what_an_earlier_try_said_is_read_too() -> None:
    card = Card().prepared()
    card.record(EcgNumbers(rate=150), ("*** ACUTE MI ***",))
    card.look(ok=False, text="noise")
    card.record()
    said = list(summary(card.ecg, show_time))
    assert "try 1 machine, unconfirmed: *** ACUTE MI ***" in said
    assert "try 2 machine, unconfirmed: Sinus rhythm" in said


def test_a_gpa_is_no_reviewer() -> None:
    card = Card().recorded()
    with pytest.raises(Refused, match="Only a clinician"):
        card.review(said_by="m okafor")


def test_when_it_was_recorded_is_corrected_too() -> None:
    card = Card().recorded()
    earlier = NINE - timedelta(minutes=10)
    card.do(acts.correct_ecg, NUMBERS, ("Sinus rhythm",), RULES, "mistyped", recorded_at=earlier)
    assert card.ecg.waits_since == earlier
    assert card.ecg.latest
    assert card.ecg.latest.said.was.startswith("recorded 09:00 UTC; rate 72/min")


def test_red_goes_on_the_next_day_and_on_a_locked_screen() -> None:
    card = Card().recorded().looked_at()
    card.hand()
    late = NINE + timedelta(minutes=20)
    assert late_nameless(card.morning.day, late, RULES) == (
        " ! An ECG is not reviewed yet, 20 min. Sign in, or go and tell the GP. "
    )
    assert not late_nameless(card.morning.day, NINE, RULES)
    earlier = [(DATE, heading, words) for heading, words in open_rows(card)]
    assert not_heard_before(earlier) == " ! 1 ECG not reviewed on Mon 23 Nov: f "


def test_an_ecg_of_another_record_is_refused() -> None:
    card = Card()
    with pytest.raises(Refused, match="not in this record"):
        card.morning.do(acts.note_ecg_symptoms, FIRST.id, EventId("x"), "none")


# ── formulas on screen ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("numbers", "statements", "shown"),
    [
        (NUMBERS, (), "Bazett 440, Fridericia 427, Framingham 428, Hodges 423"),
        (NUMBERS, ("Atrial fibrillation",), "not computed: rhythm af"),
        (NUMBERS, ("Ventricular paced rhythm",), "not computed: rhythm paced"),
        (NUMBERS.model_copy(update={"qrs_ms": 121}), (), "not computed: QRS over 120 ms"),
        (NUMBERS.model_copy(update={"rate": None}), (), "QT or rate is not given"),
    ],
)
def test_formulas_are_named_without_a_verdict_and_refused_where_they_mislead(
    numbers: EcgNumbers, statements: tuple[str, ...], shown: str
) -> None:
    recorded = facts.EcgRecorded(
        attempt=1, recorded_at=datetime(2026, 11, 23, 9, tzinfo=UTC), numbers=numbers, statements=statements
    )
    assert shown in formulas(recorded)


def test_other_rows_keep_their_own() -> None:
    morning = Morning(FIRST, SECOND)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    morning.do(acts.request_ecg, FIRST.id, "Dr N Patel", "today", "palpitations")
    assert not morning.visit(SECOND).ecgs
