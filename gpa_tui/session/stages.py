"""Which stage may follow which, and which is the natural next one: the one table of the clinic's flow."""

from __future__ import annotations

from gpa_tui.records.appointment import Stage

NATURAL: dict[Stage, Stage] = {
    Stage.BOOKED: Stage.ARRIVED,
    Stage.ARRIVED: Stage.IN_PREP,
    Stage.IN_PREP: Stage.READY,
    Stage.READY: Stage.WITH_GP,
    Stage.WITH_GP: Stage.WRAP_UP,
    Stage.WRAP_UP: Stage.LEFT,
}

_HERE = {Stage.IN_PREP, Stage.READY, Stage.WITH_GP, Stage.WRAP_UP, Stage.LEFT, Stage.WALKED_OUT}
MAY_FOLLOW: dict[Stage, frozenset[Stage]] = {
    Stage.BOOKED: frozenset({Stage.ARRIVED, Stage.DID_NOT_ATTEND}),
    Stage.ARRIVED: frozenset(_HERE),
    Stage.IN_PREP: frozenset(_HERE - {Stage.IN_PREP}),
    Stage.READY: frozenset(_HERE - {Stage.READY}),
    Stage.WITH_GP: frozenset(_HERE - {Stage.WITH_GP}),
    Stage.WRAP_UP: frozenset(_HERE - {Stage.WRAP_UP}),
    Stage.LEFT: frozenset({Stage.WRAP_UP}),
    Stage.DID_NOT_ATTEND: frozenset({Stage.ARRIVED}),  # late, not absent
    Stage.WALKED_OUT: frozenset({Stage.ARRIVED}),  # came back
    Stage.CANCELLED: frozenset(),
}
IN_THE_BUILDING = frozenset({Stage.ARRIVED, Stage.IN_PREP, Stage.READY, Stage.WITH_GP, Stage.WRAP_UP})
ENDED = frozenset({Stage.LEFT, Stage.DID_NOT_ATTEND, Stage.WALKED_OUT, Stage.CANCELLED})
