"""Which stage may follow which, and which is the natural next one: the one table of the clinic's flow.

There is one for each way in which patient and surgery meet. Who was to be rung or visited and comes in all
the same is from then on there in person.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from gpa_tui.records.appointment import Mode, Stage

IN_THE_BUILDING = frozenset({Stage.ARRIVED, Stage.IN_PREP, Stage.READY, Stage.WITH_GP, Stage.WRAP_UP})
ENDED = frozenset(
    {
        Stage.LEFT,
        Stage.DID_NOT_ATTEND,
        Stage.WALKED_OUT,
        Stage.CALL_DONE,
        Stage.NO_ANSWER,
        Stage.VISITED,
        Stage.NOT_SEEN,
        Stage.CANCELLED,
    }
)
_WAY = (Stage.BOOKED, Stage.ARRIVED, Stage.IN_PREP, Stage.READY, Stage.WITH_GP, Stage.WRAP_UP, Stage.LEFT)
_CALL = (Stage.BOOKED, Stage.IN_PREP, Stage.READY, Stage.WITH_GP, Stage.WRAP_UP, Stage.CALL_DONE)
_VISIT = (Stage.BOOKED, Stage.WITH_GP, Stage.VISITED)
_NATURAL: Mapping[Mode, Mapping[Stage, Stage]] = {
    mode: dict(pairwise(way))
    for mode, way in (
        (Mode.IN_PERSON, _WAY),
        (Mode.TELEPHONE, _CALL),
        (Mode.VIDEO, _CALL),
        (Mode.HOME, _VISIT),
    )
}
_UNDER_WAY = IN_THE_BUILDING - {Stage.ARRIVED}


def _table(
    begins: frozenset[Stage], under_way: frozenset[Stage], ends: frozenset[Stage], absent: Stage
) -> dict[Stage, frozenset[Stage]]:
    """Any stage under way may follow any other, and each may end; from an end there is one way back."""
    table = {stage: (under_way | ends) - {stage} for stage in under_way}
    table[Stage.BOOKED] = begins | {absent, Stage.ARRIVED}
    return table


_IN_PERSON: dict[Stage, frozenset[Stage]] = {
    **_table(frozenset(), _UNDER_WAY, frozenset({Stage.LEFT, Stage.WALKED_OUT}), Stage.DID_NOT_ATTEND),
    Stage.ARRIVED: _UNDER_WAY | {Stage.LEFT, Stage.WALKED_OUT},
    Stage.LEFT: frozenset({Stage.WRAP_UP}),
    Stage.DID_NOT_ATTEND: frozenset({Stage.ARRIVED}),  # late, not absent
    Stage.WALKED_OUT: frozenset({Stage.ARRIVED}),  # came back
    Stage.CANCELLED: frozenset({Stage.ARRIVED}),  # came all the same
}
_BY_CALL: dict[Stage, frozenset[Stage]] = {
    **_table(
        frozenset({Stage.IN_PREP, Stage.WITH_GP, Stage.CALL_DONE}),
        _UNDER_WAY,
        frozenset({Stage.CALL_DONE, Stage.NO_ANSWER}),
        Stage.NO_ANSWER,
    ),
    Stage.CALL_DONE: frozenset({Stage.WRAP_UP}),
    Stage.NO_ANSWER: frozenset({Stage.IN_PREP, Stage.WITH_GP, Stage.CALL_DONE, Stage.ARRIVED}),  # tried again
    Stage.CANCELLED: frozenset({Stage.ARRIVED}),  # came all the same
}
_AT_HOME: dict[Stage, frozenset[Stage]] = {
    **_table(
        frozenset({Stage.IN_PREP, Stage.WITH_GP, Stage.VISITED}),
        _UNDER_WAY,
        frozenset({Stage.VISITED, Stage.NOT_SEEN}),
        Stage.NOT_SEEN,
    ),
    Stage.VISITED: frozenset({Stage.WRAP_UP}),
    Stage.NOT_SEEN: frozenset({Stage.WITH_GP, Stage.VISITED, Stage.ARRIVED}),
    Stage.CANCELLED: frozenset({Stage.ARRIVED}),  # came all the same
}
_MAY_FOLLOW = {
    Mode.IN_PERSON: _IN_PERSON,
    Mode.TELEPHONE: _BY_CALL,
    Mode.VIDEO: _BY_CALL,
    Mode.HOME: _AT_HOME,
}


def natural(mode: Mode, stage: Stage) -> Stage | None:
    """The stage that Space goes to; None from the last one."""
    return _NATURAL[mode].get(stage)


def may_follow(mode: Mode, stage: Stage) -> frozenset[Stage]:
    """The stages that can follow."""
    return _MAY_FOLLOW[mode].get(stage, frozenset())


OUTCOMES: Mapping[Mode, Mapping[str, Stage]] = {
    Mode.TELEPHONE: {"t": Stage.CALL_DONE, "h": Stage.NO_ANSWER},
    Mode.VIDEO: {"t": Stage.CALL_DONE, "h": Stage.NO_ANSWER},
    Mode.HOME: {"v": Stage.VISITED, "n": Stage.NOT_SEEN},
    Mode.IN_PERSON: {"q": Stage.WITH_GP},
}
"""The letters of EMIS Web's slot statuses (domain.md §7.5): T, H, V, N; Q sends in without a name called."""
