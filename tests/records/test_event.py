"""Events on their way to the disk and back: every kind comes back the same, and an unknown one is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from clinic import FIRST, NINE, an_event
from pydantic import BaseModel, ValidationError
from session.instances import INSTANCES, UNKNOWN

from gpa_tui.records import event as facts
from gpa_tui.records.base import EventId
from gpa_tui.records.event import KNOWN, Event
from gpa_tui.records.observation import ObservationSet, Score


def dumped(event: Event) -> dict[str, Any]:
    """As the desk gives it to the journal, through JSON."""
    loaded: dict[str, Any] = json.loads(json.dumps(event.model_dump(mode="json", exclude_none=True)))
    return loaded


def test_there_is_an_instance_of_every_kind() -> None:
    assert {fact.kind for fact in INSTANCES if hasattr(fact, "kind")} == set(KNOWN)
    assert all(type(fact) is KNOWN[str(getattr(fact, "kind", ""))] for fact in INSTANCES)


def models_in(kind: object) -> Iterator[type[BaseModel]]:
    """Every model that a field of this type can hold."""
    for part in get_args(kind):
        yield from models_in(part)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        for field in kind.model_fields.values():
            yield from models_in(field.annotation)


def test_what_may_be_none_may_be_left_out_of_the_file() -> None:
    """None is not written: a field that may be None and has no default would make its line unreadable."""
    models = {model for kind in KNOWN.values() for model in models_in(kind)} | set(models_in(Event))
    assert len(models) > 40
    needed = [
        f"{model.__name__}.{name}"
        for model in models
        for name, field in model.model_fields.items()
        if type(None) in get_args(field.annotation) and field.is_required()
    ]
    assert needed == []
    answered = [
        f"{model.__name__}.{name} reads back as {field.default!r}"
        for model in models
        for name, field in model.model_fields.items()
        if type(None) in get_args(field.annotation) and not field.is_required() and field.default is not None
    ]
    assert answered == []


@pytest.mark.parametrize("fact", INSTANCES, ids=lambda fact: fact.kind)
def test_every_kind_comes_back_from_the_disk_the_same(fact: facts.Fact) -> None:
    event = an_event(fact, 7, FIRST, about=EventId("this-store-3"))
    again = Event.model_validate(dumped(event))
    assert again == event
    assert type(again.data) is type(fact)


def test_a_kind_of_a_newer_version_is_kept_whole() -> None:
    event = an_event(UNKNOWN, 1, FIRST)
    again = Event.model_validate(dumped(event))
    assert again.kind == "retinopathy.screened"
    assert dumped(again) == dumped(event)
    assert dumped(again)["data"] == {"kind": "retinopathy.screened", "eyes": 2}


def test_a_field_of_a_newer_version_is_passed_over() -> None:
    raw = dumped(an_event(facts.LogViewed()))
    raw["device"] = "room 2"
    raw["data"]["page"] = 3
    assert Event.model_validate(raw) == an_event(facts.LogViewed())


@pytest.mark.parametrize(
    "change",
    [
        {"data": {}},
        {"data": {"kind": "plan.worded"}},
        {"data": {"kind": "plan.worded", "messages": []}},
        {"data": {"kind": "plan.worded", "messages": ["1", "2", "3", "4"]}},
        {"data": {"kind": "appointment.moved", "was": "booked", "to": "lost"}},
        {"seq": 0},
        {"at": "2026-11-23T09:00:00"},
        {"at": "at nine"},
        {"by": {"staff": "x", "name": "x", "role": "king"}},
    ],
)
def test_a_known_kind_that_does_not_hold_what_it_must_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Event.model_validate(dumped(an_event(facts.LogViewed())) | change)


def test_an_event_cannot_be_changed() -> None:
    event = an_event(facts.PlanWorded(messages=("Rest today.",)))
    with pytest.raises(ValidationError, match="frozen"):
        event.seq = 2  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        event.data.messages = ()  # type: ignore[union-attr,misc]


def test_events_are_in_order_of_time_then_origin_then_number() -> None:
    data = facts.LogViewed()
    early, late = an_event(data, 1).at, an_event(data, 2).at
    in_order = [
        an_event(data, 9, at=early, origin="a"),
        an_event(data, 10, at=early, origin="a"),
        an_event(data, 1, at=early, origin="b"),
        an_event(data, 2, at=late, origin="a"),
    ]
    set_of_events = [in_order[place] for place in (3, 1, 0, 2)]
    assert sorted(set_of_events, key=lambda event: event.order) == in_order


def test_that_pregnancy_is_not_known_is_read_back_so() -> None:
    """What is None is not written: nothing may read back as an answer then."""
    for known in (None, True, False):
        found = ObservationSet(
            taken_at=NINE, readings=(), pregnant_or_postpartum=known, score=Score(rule="x", parts={})
        )
        event = an_event(facts.ObservationRecorded(observations=found))
        again = Event.model_validate_json(event.model_dump_json(exclude_none=True))
        assert isinstance(again.data, facts.ObservationRecorded)
        assert again.data.observations.pregnant_or_postpartum is known
