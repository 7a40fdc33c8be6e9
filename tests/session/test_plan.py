"""The plan: the GP's words first, one to three messages, release, teach-back and safety net."""

from __future__ import annotations

from typing import Any

import pytest
from clinic import FIRST, GP, GPA, SUPERVISOR, Morning

from gpa_tui.errors import Refused
from gpa_tui.records.appointment import Stage
from gpa_tui.records.plan import SafetyNet, TeachBack, TeachBackOutcome, WordsFrom
from gpa_tui.records.staff import Actor
from gpa_tui.session import acts

NET = SafetyNet(what="fever", by_when="two days", where="111")
WORDS = ("Rest.", "Drink enough.")


def with_gp(*, words: bool = True, messages: tuple[str, ...] = (), by: Actor = GPA) -> Morning:
    """The first patient is with the GP and identified; the plan is as far as asked for."""
    morning = Morning(by=by)
    for stage in (Stage.ARRIVED, Stage.WITH_GP):
        morning.do(acts.move, FIRST.id, stage)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    if words:
        morning.do(acts.give_plan, FIRST.id, "rest, fluids, review 1/52", "Dr N Patel")
    if messages:
        morning.do(acts.word_plan, FIRST.id, messages)
    return morning


@pytest.mark.parametrize(
    ("by", "words_from", "given_by"),
    [
        (GPA, WordsFrom.AS_HEARD, "Dr A Locum"),
        (GP, WordsFrom.TYPED_BY_GP, "Dr N Patel"),
        (SUPERVISOR, WordsFrom.AS_HEARD, "Dr A Locum"),
    ],
)
def test_the_gps_words_are_kept_verbatim_with_whose_hands_wrote_them(
    by: Actor, words_from: WordsFrom, given_by: str
) -> None:
    morning = with_gp(words=False, by=by)
    morning.do(acts.give_plan, FIRST.id, "  rest,\n fluids 1/52  ", "Dr A Locum")
    plan = morning.visit().plan
    assert (plan.words, plan.words_from, plan.given_by) == ("rest,\n fluids 1/52", words_from, given_by)
    assert plan.given_at is not None


def test_a_plan_without_words_is_refused() -> None:
    with pytest.raises(Refused, match="Type the GP's words"):
        with_gp(words=False).do(acts.give_plan, FIRST.id, " \n", "Dr N Patel")


def test_words_as_heard_need_who_said_them() -> None:
    with pytest.raises(Refused):
        with_gp(words=False).do(acts.give_plan, FIRST.id, "rest", " ")


def test_new_words_of_the_gp_need_a_new_release() -> None:
    morning = with_gp(messages=WORDS)
    morning.do(acts.release, FIRST.id, "Dr N Patel")
    morning.do(acts.give_plan, FIRST.id, "stop all that: admit", "Dr N Patel")
    assert morning.visit().plan.released_by == ""


@pytest.mark.parametrize(
    ("messages", "kept"),
    [
        (["Rest."], ("Rest.",)),
        (["Rest.", "Drink.", "Sleep."], ("Rest.", "Drink.", "Sleep.")),
        ([" Rest. ", "", "  ", "Drink."], ("Rest.", "Drink.")),
    ],
)
def test_one_to_three_messages_are_kept(messages: list[str], kept: tuple[str, ...]) -> None:
    morning = with_gp()
    morning.do(acts.word_plan, FIRST.id, messages)
    assert morning.visit().plan.messages == kept


@pytest.mark.parametrize(
    ("messages", "why"),
    [([], "at least one message"), (["", "  "], "at least one message"), (["1", "2", "3", "4"], "3 at most")],
)
def test_none_or_more_than_three_are_refused(messages: list[str], why: str) -> None:
    with pytest.raises(Refused, match=why):
        with_gp().do(acts.word_plan, FIRST.id, messages)


def test_messages_come_after_the_gps_words() -> None:
    with pytest.raises(Refused, match="The GP's words come first"):
        with_gp(words=False).do(acts.word_plan, FIRST.id, WORDS)


@pytest.mark.parametrize(
    ("by", "released_by", "kept", "said"),
    [
        (GPA, " Dr A Locum ", "Dr A Locum", True),
        (GP, "", "Dr N Patel", False),
        (GP, "x", "Dr N Patel", False),
    ],
)
def test_a_release_names_who_released(by: Actor, released_by: str, kept: str, said: bool) -> None:
    morning = with_gp(messages=WORDS, by=by)
    (event,) = morning.do(acts.release, FIRST.id, released_by)
    assert event.data.model_dump() == {"kind": "plan.released", "released_by": kept, "said": said}
    assert morning.visit().plan.released_at == event.at


def test_a_release_said_aloud_needs_who_said_it() -> None:
    with pytest.raises(Refused, match="Say who released it"):
        with_gp(messages=WORDS).do(acts.release, FIRST.id, " ")


def test_there_is_nothing_to_release_before_the_wording() -> None:
    with pytest.raises(Refused, match="no wording to release"):
        with_gp().do(acts.release, FIRST.id, "Dr N Patel")


@pytest.mark.parametrize("message", [0, -1, 3, 4])
def test_only_a_message_that_is_there_can_be_said_back(message: int) -> None:
    result = TeachBack(message=message, outcome=TeachBackOutcome.OWN_WORDS)
    with pytest.raises(Refused, match="no such message"):
        with_gp(messages=WORDS).do(acts.teach_back, FIRST.id, result)


@pytest.mark.parametrize("outcome", TeachBackOutcome)
def test_how_each_message_was_said_back_is_kept(outcome: TeachBackOutcome) -> None:
    morning = with_gp(messages=WORDS)
    result = TeachBack(message=2, outcome=outcome, words="I drink", why="interpreter left")
    morning.do(acts.teach_back, FIRST.id, result)
    assert morning.visit().plan.teach_back == {2: result}


@pytest.mark.parametrize("why", ["", "  "])
def test_not_checked_needs_why(why: str) -> None:
    result = TeachBack(message=1, outcome=TeachBackOutcome.NOT_CHECKED, why=why)
    with pytest.raises(Refused, match="Say why it was not checked"):
        with_gp(messages=WORDS).do(acts.teach_back, FIRST.id, result)


@pytest.mark.parametrize(
    ("field", "why"), [("what", "what to watch for"), ("by_when", "by when"), ("where", "where to turn")]
)
def test_a_safety_net_needs_all_three(field: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        with_gp(messages=WORDS).do(acts.give_safety_net, FIRST.id, NET.model_copy(update={field: " "}))


def test_a_whole_safety_net_is_kept() -> None:
    morning = with_gp(messages=WORDS)
    morning.do(acts.give_safety_net, FIRST.id, NET)
    assert morning.visit().plan.safety_net == NET


SHOWS_WRAP_UP: dict[str, Any] = {
    "word_plan": lambda m: m.do(acts.word_plan, FIRST.id, ["Rest more."]),
    "teach_back": lambda m: m.do(
        acts.teach_back, FIRST.id, TeachBack(message=1, outcome=TeachBackOutcome.OWN_WORDS)
    ),
    "give_safety_net": lambda m: m.do(acts.give_safety_net, FIRST.id, NET),
}


@pytest.mark.parametrize("name", SHOWS_WRAP_UP)
@pytest.mark.parametrize("stage", [Stage.WITH_GP, Stage.READY, Stage.LEFT])
def test_reiterating_the_plan_shows_that_the_gp_has_finished(name: str, stage: Stage) -> None:
    """Only from with GP: at another stage nothing is guessed."""
    morning = with_gp(messages=WORDS)
    morning.do(acts.move, FIRST.id, Stage.READY)
    if stage is not Stage.READY:
        morning.do(acts.move, FIRST.id, stage)
    SHOWS_WRAP_UP[name](morning)
    assert morning.visit().stage is (Stage.WRAP_UP if stage is Stage.WITH_GP else stage)
