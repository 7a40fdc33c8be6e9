"""Escalations from raised to heard: what each screen says meanwhile, and which of the ways the log names."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from clinic import DEVICE, FIRST, GP, NINE, SECOND, Morning, a_set

from gpa_tui.errors import NotAllowed, Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import EventId
from gpa_tui.session import acts
from gpa_tui.session.describe import says
from gpa_tui.session.escalations import call_card, heard_words, in_the_frame, nameless, not_heard, sbar
from gpa_tui.settings import PracticeSettings

LATER = NINE + timedelta(minutes=7)


def raised(morning: Morning, row: object = FIRST, because: str = "grey") -> EventId:
    (event,) = morning.do(acts.escalate, getattr(row, "id"), because)  # noqa: B009
    return event.id


def show_time(at: datetime) -> str:
    return f"{at:%H:%M}"


def test_it_counts_the_minutes_until_it_is_heard() -> None:
    morning = Morning()
    assert in_the_frame(morning.day, LATER, show_time) == nameless(morning.day, LATER) == ""
    one = raised(morning)
    assert in_the_frame(morning.day, LATER, show_time) == " ! 09:00 OKONKWO 6 min: go and tell "
    assert "6 min" in nameless(morning.day, LATER)
    assert "OKONKWO" not in nameless(morning.day, LATER).upper()
    raised(morning, SECOND)
    assert in_the_frame(morning.day, LATER, show_time) == " ! 2 not heard, 09:00 OKONKWO 6 min: go and tell "
    assert [visit.id for visit, _ in not_heard(morning.day)] == [FIRST.id, SECOND.id]
    morning.do(acts.acknowledge, FIRST.id, one, by=GP, terminal="room1")
    assert "SMITH" in in_the_frame(morning.day, LATER, show_time)


def test_the_raiser_sees_whose_terminal_has_shown_it() -> None:
    morning = Morning()
    one = raised(morning)
    (seen,) = morning.do(acts.show_escalation, FIRST.id, one, "Dr N Patel", by=DEVICE, terminal="room1")
    assert seen.by == DEVICE
    assert in_the_frame(morning.day, LATER, show_time) == " ! 09:00 OKONKWO 6 min: go and tell ", (
        "shown too long ago"
    )
    soon = seen.at + timedelta(minutes=4)
    assert "on Dr N Patel's screen" in in_the_frame(morning.day, soon, show_time)
    assert morning.do(acts.show_escalation, FIRST.id, one, "Dr N Patel", by=DEVICE, terminal="room1") == []
    assert morning.visit().open_escalations, "shown is not heard"
    morning.do(acts.lock, by=GP, terminal="room1")
    assert "go and tell" in in_the_frame(morning.day, soon, show_time), "and that screen is locked now"
    assert (
        len(morning.do(acts.show_escalation, FIRST.id, one, "Dr N Patel", by=DEVICE, terminal="room1")) == 1
    )
    assert "on Dr N Patel's screen" in in_the_frame(morning.day, soon, show_time)


def test_told_once_it_is_not_told_anew() -> None:
    morning = Morning()
    one = raised(morning)
    morning.do(acts.tell, FIRST.id, one, "Dr N Patel, in person")
    with pytest.raises(Refused, match="answered already: Dr N Patel, in person"):
        morning.do(acts.tell, FIRST.id, one, "seemed better", nobody=True)
    other = raised(morning, SECOND)
    morning.do(acts.acknowledge, SECOND.id, other, by=GP)
    with pytest.raises(Refused, match="heard by Dr N Patel"):
        morning.do(acts.tell, SECOND.id, other, "Dr N Patel")


def test_a_clinicians_own_word_and_a_told_one_are_told_apart() -> None:
    morning = Morning()
    one, other = raised(morning), raised(morning, because="worse")
    (heard,) = morning.do(acts.acknowledge, FIRST.id, one, by=GP)
    (told,) = morning.do(acts.tell, FIRST.id, other, "Dr N Patel, in person")
    assert (says(heard), heard.by) == ("escalation heard", GP)
    assert (says(told), told.by) == ("escalation told: Dr N Patel, in person", morning.place.actor)
    words = [heard_words(each, show_time) for each in morning.visit().escalations.values()]
    assert words == ["heard by Dr N Patel 09:00", "told Dr N Patel, in person 09:00"]


def test_nobody_can_hear_it_for_a_clinician_or_twice() -> None:
    morning = Morning()
    one = raised(morning)
    with pytest.raises(NotAllowed):
        morning.do(acts.acknowledge, FIRST.id, one)
    morning.do(acts.acknowledge, FIRST.id, one, by=GP)
    with pytest.raises(Refused, match="Dr N Patel has heard this already"):
        morning.do(acts.acknowledge, FIRST.id, one, by=GP)


def test_to_tell_nobody_needs_a_reason() -> None:
    morning = Morning()
    one = raised(morning)
    with pytest.raises(Refused, match="Say why nobody was told"):
        morning.do(acts.tell, FIRST.id, one, " ", nobody=True)
    (told,) = morning.do(acts.tell, FIRST.id, one, "typed for the wrong set", nobody=True)
    assert says(told) == "escalation told: nobody: typed for the wrong set"
    assert not morning.visit().open_escalations


def test_what_came_for_an_escalation_that_is_not_there_changes_nothing() -> None:
    morning = Morning()
    for data in (facts.EscalationSeen(who="x", terminal="y"), facts.EscalationAcknowledged()):
        said = facts.Said(data=data, appointment=FIRST.id, about=EventId("nowhere"))
        morning.take([said], GP, "room1")
    assert morning.visit().escalations == {}


def test_sbar_has_the_latest_figures_as_they_were_taken_and_the_set_before() -> None:
    morning = Morning()
    morning.do(acts.check_identity, FIRST.id, "patient", "Grace Okonkwo", "1954-04-12")
    for pulse in (90, 120):
        morning.do(acts.record_observations, FIRST.id, a_set(pulse=pulse), (), NINE, False)
    raised(morning)
    rows = list(sbar(morning.visit(), morning.day, show_time))
    assert rows[0] == ("Situation", "09:00 grey – NOT HEARD YET")
    figures, before = (
        next(text for heading, text in rows if heading == one) for one in ("Figures", "before")
    )
    assert figures.endswith("pulse 120, ACVPU A, temp 36.8")
    assert "pulse 90" in before
    assert ("Background", "72, unknown") in rows


def test_the_call_card_says_where_and_whom_to_ring_back() -> None:
    morning = Morning()
    raised(morning)
    settings = PracticeSettings(name="Elm Tree", address="1 Elm Road, Ash", telephone="01632 960001")
    card = dict(call_card(morning.visit(), morning.day, settings, show_time))
    assert (card["Where"], card["Call back"]) == ("1 Elm Road, Ash", "01632 960001")
    assert card["Who"] == "OKONKWO, Grace, born 12-Apr-1954, NHS No. 999 000 0018"
    bare = dict(call_card(morning.visit(), morning.day, PracticeSettings(name="Elm Tree"), show_time))
    assert "not set in practice.toml" in bare["Where"]
    assert bare["Figures"] == "no observations taken"
