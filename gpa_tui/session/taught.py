"""How the messages of a plan were said back, from its entries. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterable

from gpa_tui.records import event as facts
from gpa_tui.records.event import Event
from gpa_tui.records.plan import TeachBackOutcome


def taught_in(events: Iterable[Event]) -> dict[int, TeachBackOutcome]:
    """How each message was said back in the end; what took another go before it was is that."""
    found: dict[int, TeachBackOutcome] = {}
    for event in events:
        if isinstance(event.data, facts.PlanGiven):
            found = {}  # other words of the GP begin anew
        elif isinstance(event.data, facts.PlanTaught):
            result = event.data.teach_back
            again = found.get(result.message) is TeachBackOutcome.ANOTHER_GO
            said = result.outcome is TeachBackOutcome.OWN_WORDS
            found[result.message] = TeachBackOutcome.ANOTHER_GO if again and said else result.outcome
    return found
