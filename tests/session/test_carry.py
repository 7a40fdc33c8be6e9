"""What is noted of a patient on one day is known on the next: by the machine's hand, whatever stops it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from clinic import DATE, FIRST, GP, GPA, SECOND, FakeClock, Morning, a_bench, a_desk, a_set, an_event, listed

from gpa_tui.errors import Refused
from gpa_tui.records.appointment import Appointment, Stage
from gpa_tui.records.base import EventId
from gpa_tui.records.event import Event, PatientCarried
from gpa_tui.records.observation import Measure, Reading
from gpa_tui.records.patient import Need
from gpa_tui.records.staff import Role
from gpa_tui.session import acts
from gpa_tui.session.admission import carry, desk_for_one_act, open_day
from gpa_tui.session.carry import Carried, to_carry
from gpa_tui.session.day import MOST_SETS
from gpa_tui.session.desk import Desk
from gpa_tui.session.figures import score_line
from gpa_tui.session.registry import Registry
from gpa_tui.session.worked_out import worked_out
from gpa_tui.store.practice import Practice

NEXT = DATE + timedelta(days=1)
LOOP, PRINT = Need(text="Hearing loop", mark="HL"), Need(text="large print")
PATIENT = FIRST.patient.id


def identified(desk: Desk) -> None:
    desk.do(partial(acts.open_record, place=desk.place, appointment=FIRST.id))
    said = partial(acts.check_identity, appointment=FIRST.id, said_by="record only", name="", born=None)
    desk.do(partial(said, place=desk.place))


def note(desk: Desk, need: Need) -> None:
    identified(desk)
    desk.do(partial(acts.note_need, place=desk.place, appointment=FIRST.id, need=need))


def needs(desk: Desk) -> list[str]:
    return [need.text for need in desk.day.visits[FIRST.id].patient.needs]


def noted_on(practice: Practice, clock: FakeClock, *noted: Need) -> None:
    with (
        closing(a_desk(practice, FIRST, SECOND, clock=clock)) as desk,
        closing(Registry(a_bench(practice, clock=clock))) as registry,
    ):
        for need in noted:
            note(desk, need)
        carry(desk, registry)


def opened(practice: Practice, clock: FakeClock, registry: Registry, on: date = NEXT) -> Desk:
    desk = open_day(a_bench(practice, clock=clock), registry, on)
    if not desk.day.visits:
        desk.do(lambda _: listed(FIRST, SECOND))
    return desk


def test_a_need_that_was_noted_is_there_on_the_next_day_and_written_by_the_machine_once(
    practice: Practice, clock: FakeClock
) -> None:
    noted_on(practice, clock, LOOP)
    clock.forward(days=1)
    with closing(Registry(a_bench(practice, clock=clock))) as registry:
        with closing(opened(practice, clock, registry)) as desk:
            assert needs(desk) == ["Hearing loop"]
            assert [need.mark for need in desk.day.visits[FIRST.id].patient.needs] == ["HL"]
            assert desk.day.visits[SECOND.id].patient.needs == ()
            carry(desk, registry)
        found = [event for event in registry.standing.events if isinstance(event.data, PatientCarried)]
        assert [(event.by.role, event.patient) for event in found] == [(Role.DEVICE, PATIENT)]


def test_of_a_day_that_ended_in_a_crash_it_is_there_too(practice: Practice, clock: FakeClock) -> None:
    with closing(a_desk(practice, FIRST, SECOND, clock=clock)) as desk:
        note(desk, LOOP)  # and the machine is gone
    clock.forward(days=1)
    with (
        closing(Registry(a_bench(practice, clock=clock))) as registry,
        closing(opened(practice, clock, registry)) as desk,
    ):
        registry.refresh()
        assert needs(desk) == ["Hearing loop"]


def test_what_was_struck_is_carried_no_more(practice: Practice, clock: FakeClock) -> None:
    noted_on(practice, clock, LOOP, PRINT)
    with desk_for_one_act(a_bench(practice, clock=clock), DATE) as desk:
        entry = next(event for event in desk.day.events if getattr(event.data, "need", None) == LOOP)
        strike = partial(acts.strike, appointment=FIRST.id, entry=entry.id, why="the other sister")
        desk.do(partial(strike, place=desk.place))
    clock.forward(days=1)
    with (
        closing(Registry(a_bench(practice, clock=clock))) as registry,
        closing(opened(practice, clock, registry)) as desk,
    ):
        assert needs(desk) == ["large print"]


def test_a_need_ends_with_a_reason_and_can_be_noted_again(practice: Practice, clock: FakeClock) -> None:
    noted_on(practice, clock, LOOP, PRINT)
    for on, then in ((NEXT, ["large print"]), (NEXT + timedelta(days=1), ["large print"])):
        clock.forward(days=1)
        with (
            closing(Registry(a_bench(practice, clock=clock))) as registry,
            closing(opened(practice, clock, registry, on)) as desk,
        ):
            if on == NEXT:
                identified(desk)
                desk.do(
                    partial(
                        acts.end_need,
                        place=desk.place,
                        appointment=FIRST.id,
                        need="Hearing loop",
                        why="new aids",
                    )
                )
            assert needs(desk) == then
            carry(desk, registry)
    clock.forward(days=1)
    with (
        closing(Registry(a_bench(practice, clock=clock))) as registry,
        closing(opened(practice, clock, registry, NEXT + timedelta(days=2))) as desk,
    ):
        note(desk, LOOP)
        assert sorted(needs(desk)) == ["Hearing loop", "large print"]


def test_only_what_was_noted_here_ends_here() -> None:
    morning = Morning()
    morning.do(acts.open_record, FIRST.id)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    with pytest.raises(Refused, match="was not noted here"):
        morning.do(acts.end_need, FIRST.id, "Hearing loop", "no")
    morning.do(acts.note_need, FIRST.id, LOOP)
    with pytest.raises(Refused, match="Say why"):
        morning.do(acts.end_need, FIRST.id, "Hearing loop", " ")
    morning.do(acts.end_need, FIRST.id, "HEARING LOOP", "no")
    assert morning.visit().patient.needs == ()


AGAIN = SECOND.model_copy(update={"patient": FIRST.patient})


def twice() -> Morning:
    """A patient with two appointments on one day, known in both."""
    morning = Morning(FIRST, AGAIN)
    for row in (FIRST, AGAIN):
        identify(morning, row)
    return morning


def identify(morning: Morning, row: Appointment) -> None:
    morning.do(acts.open_record, row.id)
    morning.do(acts.check_identity, row.id, "record only", "", None)


def test_what_is_noted_in_one_visit_is_known_in_the_other_of_that_day() -> None:
    morning = twice()
    morning.do(acts.note_need, AGAIN.id, PRINT)
    identify(morning, FIRST)
    morning.do(acts.note_need, FIRST.id, LOOP)
    for row in (FIRST, AGAIN):
        assert [need.text for need in morning.visit(row).patient.needs] == ["large print", "Hearing loop"]
    (said,) = to_carry(morning.day, 9, Carried(), None)
    assert isinstance(said.data, PatientCarried)
    assert (said.data.needs, said.data.upto) == ((PRINT, LOOP), 9)


def test_ended_in_one_and_noted_again_in_the_other_it_holds() -> None:
    morning = twice()
    morning.do(acts.note_need, AGAIN.id, LOOP)
    morning.do(acts.end_need, AGAIN.id, "Hearing loop", "no")
    identify(morning, FIRST)
    morning.do(acts.note_need, FIRST.id, LOOP)
    (said,) = to_carry(morning.day, 9, Carried(), None)
    assert isinstance(said.data, PatientCarried)
    assert (said.data.needs, said.data.ended) == ((LOOP,), ())


def an_event_of(carried: PatientCarried) -> Event:
    return an_event(carried, 1, FIRST)


def test_a_later_day_does_not_change_what_an_earlier_one_shows() -> None:
    carried = Carried()
    carried.take(an_event_of(PatientCarried(on=NEXT, needs=(LOOP,))))
    assert carried.known_before(NEXT)(PATIENT).needs == ()
    assert carried.known_before(NEXT + timedelta(days=1))(PATIENT).needs == (LOOP,)


def test_who_has_read_less_of_the_day_replaces_nothing() -> None:
    carried = Carried()
    carried.take(an_event_of(PatientCarried(on=DATE, upto=7, needs=(LOOP,))))
    carried.take(an_event_of(PatientCarried(on=DATE, upto=5)))
    assert carried.known_before(NEXT)(PATIENT).needs == (LOOP,)
    assert to_carry(Morning().day, 5, carried, None) == []


def test_a_terminal_that_has_not_looked_takes_nothing_away(practice: Practice, clock: FakeClock) -> None:
    with closing(a_desk(practice, FIRST, SECOND, clock=clock)) as stale:
        noted_on_again(practice, clock)
        with closing(Registry(a_bench(practice, clock=clock))) as registry:
            registry.read()
            carry(stale, registry, leaving=True)
            registry.read()
            assert registry.standing.carried.known_before(NEXT)(PATIENT).needs == (LOOP,)


def noted_on_again(practice: Practice, clock: FakeClock) -> None:
    with (
        closing(a_desk(practice, clock=clock, terminal="room3")) as desk,
        closing(Registry(a_bench(practice, clock=clock, terminal="room3"))) as registry,
    ):
        note(desk, LOOP)
        carry(desk, registry)


def test_a_crash_is_found_though_a_later_day_has_begun(practice: Practice, clock: FakeClock) -> None:
    with closing(a_desk(practice, FIRST, SECOND, clock=clock)) as desk:
        note(desk, LOOP)  # and the machine is gone
    with closing(a_desk(practice, FIRST, clock=clock, on=NEXT)):
        pass  # the list of the next day was there already
    clock.forward(days=2)
    with (
        closing(Registry(a_bench(practice, clock=clock))) as registry,
        closing(opened(practice, clock, registry, NEXT + timedelta(days=1))) as desk,
    ):
        registry.refresh()
        assert needs(desk) == ["Hearing loop"]
        assert registry.left_unanchored(NEXT + timedelta(days=1)) == []


# ── the SpO2 scale ────────────────────────────────────────────────────────────────────────────


def test_a_clinicians_decision_on_the_scale_holds_on_later_days_and_in_the_score(
    practice: Practice, clock: FakeClock
) -> None:
    with closing(a_desk(practice, FIRST, SECOND, clock=clock, by=GP)) as desk:
        identified(desk)
        decide = partial(acts.set_spo2_scale, appointment=FIRST.id, scale=2, text="COPD, target 88-92")
        desk.do(partial(decide, place=desk.place))
    clock.forward(days=1)
    with (
        closing(Registry(a_bench(practice, clock=clock))) as registry,
        closing(opened(practice, clock, registry)) as desk,
    ):
        registry.refresh()
        identified(desk)
        observe = partial(
            acts.record_observations,
            appointment=FIRST.id,
            taken=a_set(spo2=90),
            missing=(),
            taken_at=clock.now(),
            pregnant_or_postpartum=False,
        )
        desk.do(partial(observe, place=desk.place))
        found = desk.day.visits[FIRST.id].last_observations
        assert found is not None
        assert (found.score.total, found.score.spo2_scale) == (0, 2)
        assert found.score.spo2_scale_by == "Dr N Patel, 2026-11-23"
        assert "SpO2 scale 2 by Dr N Patel, 2026-11-23" in score_line(found.score)
        assert desk.day.visits[SECOND.id].spo2_decision is None


# ── earlier sets ──────────────────────────────────────────────────────────────────────────────


def observe(desk: Desk, clock: FakeClock, breaths: int) -> EventId:
    act = partial(
        acts.record_observations,
        appointment=FIRST.id,
        taken=a_set(respiration=breaths),
        missing=(),
        taken_at=clock.now(),
        pregnant_or_postpartum=False,
    )
    done = desk.do(partial(act, place=desk.place))
    return next(event.id for event in done if event.kind == "observation.recorded")


def test_the_last_sets_are_known_on_later_days_with_who_took_them(
    practice: Practice, clock: FakeClock
) -> None:
    with (
        closing(a_desk(practice, FIRST, SECOND, clock=clock)) as desk,
        closing(Registry(a_bench(practice, clock=clock))) as registry,
    ):
        identified(desk)
        wrong = observe(desk, clock, 19)
        strike = partial(acts.strike, appointment=FIRST.id, entry=wrong, why="another's")
        desk.do(partial(strike, place=desk.place))
        for breaths in (12, 13, 14, 15, 16, 17):
            clock.forward(minutes=1)
            observe(desk, clock, breaths)
        carry(desk, registry)
    clock.forward(days=1)
    with (
        closing(Registry(a_bench(practice, clock=clock))) as registry,
        closing(opened(practice, clock, registry)) as desk,
    ):
        identified(desk)
        observe(desk, clock, 18)
        sets = desk.day.visits[FIRST.id].sets
        breaths_ = [reading.value for one in sets if (reading := one.found.reading(Measure.RESPIRATION))]
        assert breaths_ == [14, 15, 16, 17, 18]
        assert {one.by for one in sets} == {"M Okafor"}
        assert desk.day.visits[FIRST.id].observations[0][1].taken_at == clock.now()
        assert len(desk.day.visits[FIRST.id].observations) == 1
        assert desk.day.visits[SECOND.id].sets == ()


# ── what is left open ─────────────────────────────────────────────────────────────────────────


def test_what_nobody_has_ended_is_known_on_later_days_until_somebody_has(
    practice: Practice, clock: FakeClock
) -> None:
    with (
        closing(a_desk(practice, FIRST, SECOND, clock=clock)) as desk,
        closing(Registry(a_bench(practice, clock=clock))) as registry,
    ):
        (raised,) = desk.do(partial(acts.escalate, place=desk.place, appointment=SECOND.id, because="grey"))
        carry(desk, registry, leaving=True)
        registry.read()
        standing = registry.standing
        assert standing.carried.open_before(DATE) == []
        assert standing.carried.open_before(NEXT) == [
            (DATE, "Not heard", "09:10 SMITH, John: grey"),
            (DATE, "Not ended", "09:00 OKONKWO, Grace: booked"),
            (DATE, "Not ended", "09:10 SMITH, John: booked"),
        ]
        tell = partial(acts.tell, appointment=SECOND.id, escalation=raised.id, told="Dr N Patel")
        desk.do(partial(tell, place=desk.place))
        for row in (FIRST, SECOND):
            desk.do(partial(acts.move, place=desk.place, appointment=row.id, to=Stage.DID_NOT_ATTEND))
        carry(desk, registry, leaving=True)
        registry.read()
        assert standing.carried.open_before(NEXT) == []


Run = Callable[..., tuple[int, str, str]]


def test_the_huddle_sheet_of_the_next_day_names_it(
    practice: Practice, clock: FakeClock, run: Run, secret: Path
) -> None:
    noted_on(practice, clock, LOOP)
    clock.forward(days=1)
    with closing(Registry(a_bench(practice, clock=clock))) as registry:
        opened(practice, clock, registry).close()
    who = ("--staff", GPA.staff, "--passphrase-file", secret, "--date", NEXT.isoformat())
    assert "Hearing loop" in run("--home", practice.home, "huddle", *who)[1]


def test_a_height_and_a_background_are_known_on_later_days_however_many_sets_come_between(
    practice: Practice, clock: FakeClock
) -> None:
    def observe(desk: Desk, measure: Measure, value: int) -> None:
        taken = [Reading(measure=measure, value=value)]
        act = partial(acts.record_observations, appointment=FIRST.id, taken=taken, missing=())
        desk.do(partial(act, place=desk.place, taken_at=clock.now(), pregnant_or_postpartum=False))

    with (
        closing(a_desk(practice, FIRST, SECOND, clock=clock)) as desk,
        closing(Registry(a_bench(practice, clock=clock))) as registry,
    ):
        identified(desk)
        observe(desk, Measure.HEIGHT, 1650)
        desk.do(partial(acts.note_background, place=desk.place, appointment=FIRST.id, text="South Asian"))
        for _ in range(MOST_SETS):
            clock.forward(minutes=1)
            observe(desk, Measure.PULSE, 72)
        carry(desk, registry)
    clock.forward(days=1)
    with (
        closing(Registry(a_bench(practice, clock=clock))) as registry,
        closing(opened(practice, clock, registry)) as desk,
    ):
        identified(desk)
        observe(desk, Measure.WEIGHT, 705)
        visit = desk.day.visits[FIRST.id]
        assert visit.background == "South Asian"
        ((text, source),) = worked_out(visit, 10)
        assert text.startswith(
            "BMI 25.9 kg/m² (height of 23 Nov 2026), band 23 to 27.4; the lower thresholds"
        )
        assert "NG246" in source
