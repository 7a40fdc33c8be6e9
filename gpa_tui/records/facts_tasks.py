"""What is said of tasks: asked of one owner, a person or a role, and what became of it."""

from __future__ import annotations

import datetime
from typing import Literal

from gpa_tui.records.base import Record, StaffId
from gpa_tui.records.fact import Fact
from gpa_tui.records.staff import Role


class Owner(Record):
    """One person, or whoever acts in a role. `name` is what the list shows."""

    name: str
    staff: StaffId | None = None
    role: Role | None = None


class TaskAsked(Fact):
    """`patient_name` is kept with it: the task outlives the day whose list has the patient."""

    says = "task asked"
    kind: Literal["task.asked"] = "task.asked"
    what: str
    owner: Owner
    due: datetime.date
    patient_name: str = ""
    for_patient: bool = False  # the patient is told: who does it, by when


class _OfTask(Fact):
    """About a `task.asked`; `what` is its words, so that an entry can be read by itself."""

    what: str = ""


class TaskAccepted(_OfTask):
    """Whoever says so does it."""

    says = "task accepted"
    kind: Literal["task.accepted"] = "task.accepted"


class TaskReassigned(_OfTask):
    says = "task passed on"
    kind: Literal["task.reassigned"] = "task.reassigned"
    owner: Owner


class TaskDone(_OfTask):
    """Done; `words` are the answer to who asked, if there is one."""

    says = "task done"
    kind: Literal["task.done"] = "task.done"
    words: str = ""


class TaskDropped(_OfTask):
    says = "task dropped"
    kind: Literal["task.dropped"] = "task.dropped"
    why: str


class TaskReopened(_OfTask):
    """It was called done or dropped by a slip, by whoever says so."""

    says = "task reopened"
    kind: Literal["task.reopened"] = "task.reopened"


class TaskAnswerSeen(_OfTask):
    """Whoever asked has seen the answer, or that it was dropped."""

    says = "answer seen"
    kind: Literal["task.answer_seen"] = "task.answer_seen"
