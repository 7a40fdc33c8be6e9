"""The plan as it was gone through: a Communication of the released messages, and whose words they are.

Only what the GP released is sent, and as it was said back. Where a GPA wrote down what the GP said,
Provenance names both.
"""

from __future__ import annotations

from collections.abc import Iterator

from gpa_tui.records.event import Event, PlanReleased
from gpa_tui.records.plan import WordsFrom, said_back
from gpa_tui.session.day import Visit
from gpa_tui.sync.frame import Frame, Resource, begun, instant, provenance, resource_id, who


def plan(frame: Frame, visit: Visit, released: Event | None) -> Iterator[Resource]:
    """The plan of a visit; `released` is the release that holds."""
    plan_, id_ = visit.plan, resource_id(frame.row.id, "Communication", "plan")
    if released is None or not plan_.released_by or plan_.messages_are_old:
        return
    lines = [
        f"{text} ({said_back(plan_.teach_back.get(number))})" for number, text in enumerate(plan_.messages, 1)
    ]
    net = plan_.safety_net
    if net and not plan_.net_is_old:
        lines.append(f"Safety net: {net.what}; better by {net.by_when}; else {net.where} ({plan_.net_state})")
    made = begun("Communication", id_, "Communication")
    yield made | {
        "status": "completed",
        "category": [{"text": "The plan, gone through with the patient"}],
        "subject": frame.subject,
        "encounter": frame.encounter,
        "sent": instant(released.done_at),
        "recipient": [frame.subject],
        "sender": who(released.by),
        "payload": [{"contentString": line} for line in lines],
        "note": [{"text": f"The GP's words ({plan_.given_by}): {plan_.words}"}],
    }
    if plan_.words_from is WordsFrom.AS_HEARD:
        yield provenance(f"Communication/{id_}", plan_.given_by, released, _let_go_by(released))


def _let_go_by(released: Event) -> str:
    assert isinstance(released.data, PlanReleased), "a release"
    return released.data.released_by
