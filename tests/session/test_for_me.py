"""What waits for one person: who sees what, in which order, and that it goes once it is answered."""

from __future__ import annotations

from collections.abc import Sequence

from clinic import DATE, FIRST, GP, GPA, RECEPTION, SECOND, SUPERVISOR, Morning

from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import EventId
from gpa_tui.records.event import Said
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.staff import Actor, Role
from gpa_tui.session import acts, tasks
from gpa_tui.session.acts import Place
from gpa_tui.session.for_me import Waiting, for_me
from gpa_tui.session.prep_list import CORE, PrepList
from gpa_tui.session.tasks import Task
from gpa_tui.templates import shipped_templates

TEMPLATES = shipped_templates()
DOCTORS = Owner(name="Clinician", role=Role.CLINICIAN)


class Clinic(Morning):
    """A morning with the practice's tasks."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks: dict[EventId, Task] = {}
        for row in (SECOND, FIRST):
            self.do(acts.open_record, row.id)
            self.do(acts.check_identity, row.id, "record only", "", None)

    def say(self, said: Sequence[Said], by: Actor) -> EventId:
        (event,) = self.take(said, by, "room2")
        tasks.fold_task(self.tasks, event)
        return event.id

    def waiting(self, actor: Actor) -> list[Waiting]:
        return list(
            for_me(
                self.day,
                self.day.rows,
                self.tasks.values(),
                [],
                actor,
                TEMPLATES,
                lambda at: f"{at:%H:%M}",
            )
        )

    def kinds(self, actor: Actor) -> list[str]:
        return [one.kind for one in self.waiting(actor)]


def test_a_clinician_has_escalations_asks_wording_and_briefs_in_this_order() -> None:
    clinic = Clinic()
    clinic.do(acts.move, FIRST.id, Stage.ARRIVED)
    clinic.do(acts.hand_over, FIRST.id, PrepList((TEMPLATES[CORE],)), "no time")
    clinic.do(acts.open_record, SECOND.id)
    clinic.do(acts.check_identity, SECOND.id, "record only", "", None)
    clinic.do(acts.give_plan, SECOND.id, "rest", "Dr N Patel")
    clinic.do(acts.word_plan, SECOND.id, ["Rest today.", "Drink."])
    ask = clinic.say(tasks.ask(Place(GPA, "room2"), "may he eat?", DOCTORS, DATE, clinic.visit()), GPA)
    (raised,) = clinic.do(acts.escalate, SECOND.id, "grey")
    found = clinic.waiting(GP)
    assert [one.kind for one in found] == ["escalation", "task", "wording", "brief"]
    assert "SMITH, John: grey, from M Okafor" in found[0].words
    assert "OKONKWO, Grace: may he eat?, asked by M Okafor 09:00" in found[1].words
    assert found[2].words == "SMITH, John: Rest today. / Drink."
    assert found[3].words.startswith("09:00 OKONKWO, Grace: Back pain; open: Bladder or bowel")
    assert clinic.kinds(GPA) == []
    assert clinic.kinds(RECEPTION) == []
    assert clinic.kinds(SUPERVISOR) == ["escalation", "brief"]
    assert len({one.key for one in found}) == 4

    clinic.do(acts.acknowledge, SECOND.id, raised.id, by=GP)
    clinic.do(acts.release, SECOND.id, ("Rest today.", "Drink."), "Dr N Patel")
    clinic.do(acts.move, FIRST.id, Stage.WITH_GP)
    clinic.say(tasks.finish(clinic.tasks, Place(GP, "room1"), ask, " yes, soup "), GP)
    assert clinic.kinds(GP) == []


def test_who_asked_sees_the_answer_until_they_have_said_so() -> None:
    clinic = Clinic()
    ask = clinic.say(tasks.ask(Place(GPA, "room2"), "may he eat?", DOCTORS, DATE), GPA)
    clinic.say(tasks.finish(clinic.tasks, Place(GP, "room1"), ask, " yes, soup "), GP)
    (answer,) = clinic.waiting(GPA)
    assert (answer.kind, answer.words) == ("answer", "may he eat? – done by Dr N Patel: yes, soup")
    assert clinic.waiting(RECEPTION) == clinic.waiting(GP) == []
    clinic.say(tasks.see_answer(clinic.tasks, Place(GPA, "room2"), ask), GPA)
    assert clinic.waiting(GPA) == []


def test_that_it_was_dropped_or_done_without_words_is_an_answer_too() -> None:
    clinic = Clinic()
    ask, other = (
        clinic.say(tasks.ask(Place(GPA, "room2"), what, DOCTORS, DATE), GPA) for what in ("one", "two")
    )
    clinic.say(tasks.drop(clinic.tasks, Place(GP, "room1"), ask, "rang already"), GP)
    clinic.say(tasks.finish(clinic.tasks, Place(GP, "room1"), other), GP)
    assert [one.words for one in clinic.waiting(GPA)] == [
        "one – dropped by Dr N Patel: rang already",
        "two – done by Dr N Patel",
    ]


def test_wording_that_the_gps_words_have_overtaken_waits_for_nobody() -> None:
    clinic = Clinic()
    clinic.do(acts.give_plan, FIRST.id, "rest", "Dr N Patel")
    clinic.do(acts.word_plan, FIRST.id, ["Rest today."])
    assert clinic.kinds(GP) == ["wording"]
    clinic.do(acts.give_plan, FIRST.id, "run", "Dr N Patel")
    assert clinic.kinds(GP) == []
