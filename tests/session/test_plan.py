"""The plan: the GP's words first, one to three messages, release, teach-back and safety net."""

from __future__ import annotations

from typing import Any

import pytest
from clinic import FIRST, GP, GPA, SECOND, SUPERVISOR, Morning

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.patient import Need
from gpa_tui.records.plan import SafetyNet, TeachBack, TeachBackOutcome, WordsFrom
from gpa_tui.records.staff import Actor
from gpa_tui.session import acts
from gpa_tui.session.describe import says
from gpa_tui.session.plain_words import PlainWords, around
from gpa_tui.settings import shipped_shorthand

NET = SafetyNet(what="fever", by_when="two days", where="111", said_back=True)
WORDS = ("Rest.", "Drink enough.")


def with_gp(
    *, words: bool = True, messages: tuple[str, ...] = (), released: bool = False, by: Actor = GPA
) -> Morning:
    """The first patient is with the GP and identified; the plan is as far as asked for."""
    morning = Morning(by=by)
    for stage in (Stage.ARRIVED, Stage.WITH_GP):
        morning.do(acts.move, FIRST.id, stage)
    morning.do(acts.check_identity, FIRST.id, "record only", "", None)
    if words:
        morning.do(acts.give_plan, FIRST.id, "rest, fluids, review 1/52", "Dr N Patel")
    if messages:
        morning.do(acts.word_plan, FIRST.id, messages)
    if released:
        morning.release("Dr N Patel")
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


def taught() -> Morning:
    """A plan gone through to the end."""
    morning = with_gp(messages=WORDS, released=True)
    for message in (1, 2):
        morning.teach(said_back(message))
    morning.do(acts.give_safety_net, FIRST.id, NET)
    return morning


def said_back(message: int) -> TeachBack:
    return TeachBack(message=message, outcome=TeachBackOutcome.OWN_WORDS)


def test_new_words_of_the_gp_make_all_that_was_drawn_from_the_old_ones_old() -> None:
    morning = taught()
    assert morning.visit().plan.shown == "2/2 said back"
    morning.do(acts.give_plan, FIRST.id, "stop all that: admit", "Dr N Patel")
    plan = morning.visit().plan
    assert (plan.released_by, plan.teach_back) == ("", {})
    assert (plan.messages, plan.safety_net) == (WORDS, NET), "there to be read and changed"
    assert plan.messages_are_old
    assert plan.net_is_old
    assert plan.shown == "changed, word again"
    with pytest.raises(Refused, match="have changed since this wording"):
        morning.release("Dr N Patel")
    morning.do(acts.word_plan, FIRST.id, ["You go to hospital now."])
    assert morning.visit().plan.shown == "0/1 said back, no net"
    morning.do(acts.give_safety_net, FIRST.id, NET)
    assert morning.visit().plan.shown == "0/1 said back"


def test_the_same_words_again_change_nothing() -> None:
    morning = taught()
    morning.do(acts.give_plan, FIRST.id, "rest, fluids, review 1/52", "Dr N Patel")
    assert morning.visit().plan.shown == "2/2 said back"
    assert morning.visit().plan.released_by == "Dr N Patel"


def test_what_the_gp_has_not_released_is_not_gone_through() -> None:
    morning = with_gp(messages=WORDS)
    with pytest.raises(Refused, match="not released this wording"):
        morning.teach(said_back(1))
    morning.release("Dr N Patel")
    morning.teach(said_back(1))
    morning.do(acts.word_plan, FIRST.id, ["Rest.", "Drink more."])
    with pytest.raises(Refused, match="not released this wording"):
        morning.teach(said_back(2))


def test_a_release_is_of_the_wording_that_was_read_out() -> None:
    morning = with_gp(messages=WORDS)
    read_out = morning.visit().plan.messages
    morning.do(acts.word_plan, FIRST.id, ["Rest EVERY HOUR."])
    with pytest.raises(Refused, match="changed meanwhile"):
        morning.do(acts.release, FIRST.id, read_out, "Dr N Patel")
    assert morning.visit().plan.released_by == ""


def test_a_teach_back_is_of_the_message_that_was_gone_through() -> None:
    morning = with_gp(messages=WORDS, released=True)
    with pytest.raises(Refused, match="changed meanwhile"):
        morning.do(acts.teach_back, FIRST.id, "Rest a lot.", said_back(1))
    assert morning.visit().plan.teach_back == {}


def test_what_was_not_checked_or_not_said_back_is_never_counted_as_said_back() -> None:
    morning = with_gp(messages=WORDS, released=True)
    morning.teach(TeachBack(message=1, outcome=TeachBackOutcome.NOT_CHECKED, why="ran out of time"))
    morning.teach(TeachBack(message=2, outcome=TeachBackOutcome.ANOTHER_GO, words="showed her the box"))
    assert morning.visit().plan.shown == "1/2 said back, no net"
    morning.do(acts.give_safety_net, FIRST.id, NET.model_copy(update={"said_back": False}))
    assert morning.visit().plan.shown == "1/2 said back, net not"


STEERS = "a\x1b[2Jb\x07c\u202ed"


def test_nothing_that_is_kept_can_steer_a_terminal() -> None:
    morning = with_gp(words=False)
    morning.do(acts.give_plan, FIRST.id, f"{STEERS}\r\nline two", STEERS)
    morning.do(acts.word_plan, FIRST.id, [STEERS])
    morning.release(STEERS)
    result = TeachBack(message=1, outcome=TeachBackOutcome.NOT_CHECKED, words=STEERS, why=STEERS)
    morning.teach(result)
    morning.do(acts.give_safety_net, FIRST.id, SafetyNet(what=STEERS, by_when=STEERS, where=STEERS))
    plan = morning.visit().plan
    assert plan.words == "abcd\nline two"
    assert {plan.given_by, *plan.messages, plan.released_by} == {"abcd"}
    assert plan.teach_back[1] == result.model_copy(update={"words": "abcd", "why": "abcd"})
    assert plan.safety_net == SafetyNet(what="abcd", by_when="abcd", where="abcd")


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
    (event,) = morning.release(released_by)
    assert isinstance(event.data, facts.PlanReleased)
    assert (event.data.released_by, event.data.said) == (kept, said)
    assert morning.visit().plan.released_at == event.at


def test_a_release_said_aloud_needs_who_said_it() -> None:
    with pytest.raises(Refused, match="Say who released it"):
        with_gp(messages=WORDS).release(" ")


def test_there_is_nothing_to_release_before_the_wording() -> None:
    with pytest.raises(Refused, match="no wording to release"):
        with_gp().release("Dr N Patel")


@pytest.mark.parametrize("message", [0, -1, 3, 4])
def test_only_a_message_that_is_there_can_be_said_back(message: int) -> None:
    result = TeachBack(message=message, outcome=TeachBackOutcome.OWN_WORDS)
    with pytest.raises(Refused, match="no such message"):
        with_gp(messages=WORDS).teach(result)


@pytest.mark.parametrize("outcome", TeachBackOutcome)
def test_how_each_message_was_said_back_is_kept(outcome: TeachBackOutcome) -> None:
    morning = with_gp(messages=WORDS, released=True)
    result = TeachBack(message=2, outcome=outcome, words="I drink", why="interpreter left")
    morning.teach(result)
    assert morning.visit().plan.teach_back == {2: result}


@pytest.mark.parametrize("why", ["", "  "])
def test_not_checked_needs_why(why: str) -> None:
    result = TeachBack(message=1, outcome=TeachBackOutcome.NOT_CHECKED, why=why)
    with pytest.raises(Refused, match="Say why it was not checked"):
        with_gp(messages=WORDS, released=True).teach(result)


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
    "teach_back": lambda m: m.teach(TeachBack(message=1, outcome=TeachBackOutcome.OWN_WORDS)),
    "give_safety_net": lambda m: m.do(acts.give_safety_net, FIRST.id, NET),
}


@pytest.mark.parametrize("name", SHOWS_WRAP_UP)
@pytest.mark.parametrize("stage", [Stage.WITH_GP, Stage.READY, Stage.LEFT])
def test_reiterating_the_plan_shows_that_the_gp_has_finished(name: str, stage: Stage) -> None:
    """Only from with GP: at another stage nothing is guessed."""
    morning = with_gp(messages=WORDS, released=True)
    morning.do(acts.move, FIRST.id, Stage.READY)
    if stage is not Stage.READY:
        morning.do(acts.move, FIRST.id, stage)
    SHOWS_WRAP_UP[name](morning)
    assert morning.visit().stage is (Stage.WRAP_UP if stage is Stage.WITH_GP else stage)


PLAIN = PlainWords(shipped_shorthand(), {"abdomen": "tummy"})


def worded(words: str, *messages: str, answers: dict[str, str] | None = None) -> Morning:
    morning = with_gp(words=False)
    morning.do(acts.give_plan, FIRST.id, words, "Dr N Patel")
    morning.do(acts.word_plan, FIRST.id, messages, answers, PLAIN)
    return morning


def test_the_draft_is_the_gps_words_with_what_is_certain_in_plain_ones() -> None:
    answers = {"3/7": "3 days"}
    words = "Nitro 100mg bd 3/7. R/v 2/52. Rest"
    assert PLAIN.message(1, words, answers) == "Nitro 100 milligrams 2 times a day 3 days."
    assert PLAIN.message(3, f"{words}. Drink. Sleep", answers) == "Rest. Drink. Sleep"
    assert PLAIN.message(3, "Rest.", answers) == ""


def test_each_open_form_is_asked_once_and_an_answer_holds_in_this_note_alone() -> None:
    words = "od 3/7, then od"
    first = PLAIN.to_ask(words, {})
    assert first is not None
    assert first.form == "od"
    second = PLAIN.to_ask(words, {"od": "once a day"})
    assert second is not None
    assert second.form == "3/7"
    third = {"od": "od", "3/7": "3 days", "od (2)": "once a day"}
    assert PLAIN.to_ask(words, third) is None
    assert around(words, second) == "od »3/7«, then od"
    morning = worded(words, "Once a day.", answers={"od": "once a day"})
    assert morning.visit().plan.answers == {"od": "once a day"}
    assert morning.visit(SECOND).plan.answers == {}


@pytest.mark.parametrize("message", ["Take 10U", "Take .5mg", "Take 5.0 mg", "20 mg < 5 days"])
def test_what_kills_reaches_no_patient(message: str) -> None:
    with pytest.raises(Refused, match="To be typed out"):
        worded("insulin as said", message)
    morning = worded("insulin as said", "As said.")
    morning.release("Dr N Patel")
    net = SafetyNet(what=message, by_when="two days", where="111", said_back=True)
    with pytest.raises(Refused, match="To be typed out"):
        morning.do(acts.give_safety_net, FIRST.id, net, PLAIN)


def test_an_e_mail_address_is_not_taken_for_shorthand() -> None:
    assert worded("write to a@b.nhs.uk", "Write to a@b.nhs.uk").visit().plan.messages


def test_a_dose_that_was_not_said_is_released_only_when_confirmed_and_stays_in_the_log() -> None:
    morning = worded("nitro 100mg bd", "Take 200 mg 2 times a day.")
    wording = morning.visit().plan.messages
    assert PLAIN.unsaid(wording, morning.visit().plan.words, {}) == ["200 mg"]
    with pytest.raises(Refused, match="Not in the GP's words: 200 mg"):
        morning.do(acts.release, FIRST.id, wording, "Dr N Patel", PLAIN)
    with pytest.raises(Refused, match="200 mg"):
        morning.do(acts.release, FIRST.id, wording, "Dr N Patel", PLAIN, ["100 mg"])
    (event,) = morning.do(acts.release, FIRST.id, wording, "Dr N Patel", PLAIN, ["200 mg"])
    assert "not in their words, confirmed: 200 mg" in says(event)


def test_what_was_answered_counts_as_said() -> None:
    answers = {"5/7": "5 days", "od": "once a day"}
    morning = worded("nitro od 5/7", "Once a day for 5 days.", answers=answers)
    morning.do(acts.release, FIRST.id, morning.visit().plan.messages, "Dr N Patel", PLAIN)


def test_hard_words_and_long_sentences_are_nudges() -> None:
    long = " ".join(["word"] * 25)
    assert PLAIN.nudges("Rest.") == []
    assert PLAIN.nudges(f"Your abdomen. {long.capitalize()}.") == [
        "l: plainer – abdomen: tummy",
        "a sentence of 25 words; up to 20 read easily",
    ]
    assert PLAIN.plainer("Your abdomen.") == "Your tummy."


def test_each_place_of_a_form_has_its_own_answer() -> None:
    words = "aspirin od, drops od"
    second = PLAIN.to_ask(words, {"od": "once a day"})
    assert second is not None
    assert (second.form, second.key) == ("od", "od (2)")
    answers = {"od": "once a day", "od (2)": "right eye"}
    assert PLAIN.draft(words, answers).text == "aspirin once a day, drops right eye"


def test_a_condition_that_was_chosen_from_senses_is_confirmed_by_the_gp() -> None:
    answers = {"od": "overdose"}
    assert PLAIN.unsaid(["This was an overdose."], "paracetamol od", answers) == ["overdose"]


def test_wording_of_words_that_somebody_changed_meanwhile_is_refused() -> None:
    morning = with_gp(messages=WORDS)
    seen = (morning.visit().plan.words, morning.visit().plan.messages)
    morning.do(acts.give_plan, FIRST.id, "do NOT rest", "Dr N Patel")
    with pytest.raises(Refused, match="changed meanwhile"):
        morning.do(acts.word_plan, FIRST.id, ["Rest."], None, PLAIN, seen)
    now = (morning.visit().plan.words, morning.visit().plan.messages)
    morning.do(acts.word_plan, FIRST.id, ["Do not rest."], None, PLAIN, now)
    with pytest.raises(Refused, match="changed meanwhile"):
        morning.do(acts.word_plan, FIRST.id, ["Rest."], None, PLAIN, now)


def test_a_safety_net_brings_in_nothing_that_was_not_said_unless_confirmed() -> None:
    morning = worded("ring if worse", "Ring if worse.")
    net = SafetyNet(what="sepsis", by_when="in 3 weeks", where="ring 111", said_back=True)
    with pytest.raises(Refused, match="Not in the GP's words: 3 weeks, sepsis"):
        morning.do(acts.give_safety_net, FIRST.id, net, PLAIN)
    (event,) = morning.do(acts.give_safety_net, FIRST.id, net, PLAIN, ["3 weeks", "sepsis"])
    assert "confirmed: 3 weeks, sepsis" in says(event)
    own = PlainWords(PLAIN.table, PLAIN.lexicon, ("sepsis; in 3 weeks; ring us",))
    assert own.unsaid_of_net(net, "ring if worse", {}) == []


@pytest.mark.parametrize(
    ("said", "message", "found"),
    [
        ("pred drops od", "You have a hundred mg tablet.", ["a hundred mg"]),
        ("rest", "Take a dozen tablets.", ["a dozen tablets"]),
        ("rest", "Halve it every second day.", ["every second day", "second day", "halve"]),
        ("rest", "Come fortnightly.", ["fortnightly"]),
        ("rest", "Take it with each meal.", ["each meal"]),
        ("rest", "Triple it.", ["triple"]),
        (
            "ramipril 5mg, amlodipine 10mg",
            "Take ramipril 10 mg and amlodipine 5 mg.",
            ["ramipril 10 mg", "amlodipine 5 mg"],
        ),
        ("ramipril 5mg, amlodipine 10mg", "Take ramipril 5 mg and amlodipine 10 milligrams.", []),
        ("doxycycline 200mg today then 100mg", "Doxycycline: 200 mg today, then 100 mg.", []),
    ],
)
def test_words_for_numbers_and_doses_of_another_medicine_are_never_released_unseen(
    said: str, message: str, found: list[str]
) -> None:
    assert sorted(PLAIN.unsaid([message], said, {})) == sorted(found)


def test_a_net_that_says_what_to_take_is_held_against_the_gps_words() -> None:
    net = SafetyNet(
        what="double the drops every day if red", by_when="Thursday", where="ring us, at night 111"
    )
    assert PLAIN.unsaid_of_net(net, "drops", {}) == ["every day", "double"]


@pytest.mark.parametrize("text", ["when you need it, no more than …", "as soon as possible: by which date?"])
def test_what_has_a_hole_in_it_reaches_no_patient(text: str) -> None:
    assert PLAIN.to_type_out([f"Take it {text}"])


def test_shorthand_that_is_left_in_a_message_is_shown() -> None:
    assert PLAIN.nudges("MSU od")[0] == "shorthand: MSU, od"


def test_other_words_of_the_gp_ask_everything_anew_and_what_was_gone_through_stays_known() -> None:
    morning = with_gp(messages=("Rest.",), released=True)
    morning.teach(TeachBack(message=1, outcome=TeachBackOutcome.OWN_WORDS, words="I rest"))
    morning.do(acts.give_plan, FIRST.id, "no rest", "Dr N Patel")
    plan = morning.visit().plan
    assert plan.answers == {}
    (gone,) = plan.gone_through
    assert (gone.messages, gone.released_by) == (("Rest.",), "Dr N Patel")
    assert gone.teach_back[1].words == "I rest"


def test_another_go_says_how_it_was_put() -> None:
    morning = with_gp(messages=("Rest.",), released=True)
    with pytest.raises(Refused, match="how you put it the second time"):
        morning.teach(TeachBack(message=1, outcome=TeachBackOutcome.ANOTHER_GO))


def test_who_needs_an_interpreter_is_not_gone_through_it_with_until_it_is_said_who_interprets() -> None:
    morning = with_gp(messages=("Rest.",), released=True)
    morning.do(acts.note_need, FIRST.id, Need(text="interpreter: Polish", mark="INT"))
    with pytest.raises(Refused, match="Interpreter: Polish: who interprets"):
        morning.teach(said_back(1))
    morning.do(acts.record_interpreter, FIRST.id, "none to be had", "line engaged twice")
    assert morning.teach(said_back(1))
