"""Who may do what: the whole table, role × act, and every act asked of every role."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from clinic import ACTORS, DATE, FIRST, NINE, SECOND, Morning, a_set, an_appointment

from gpa_tui.errors import NotAllowed, Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.base import EventId
from gpa_tui.records.competency import Gate
from gpa_tui.records.ecg import EcgAttachment, EcgCheck, EcgFileSays, EcgFormat, EcgNumbers
from gpa_tui.records.event import Said
from gpa_tui.records.patient import Need
from gpa_tui.records.plan import SafetyNet, TeachBack, TeachBackOutcome, Translation
from gpa_tui.records.prep import PrepOutcome
from gpa_tui.records.staff import Role
from gpa_tui.session import acts
from gpa_tui.session.acts import Place
from gpa_tui.session.day import Day
from gpa_tui.session.prep_list import CORE, PrepList
from gpa_tui.session.roles import MAY, Act, require
from gpa_tui.settings import EcgSettings
from gpa_tui.templates import shipped_templates

POLISH = Translation(language="Polish", lines=("Odpoczywaj.",), of=(), by="A Nowak")
R, G, C, S, A, D = "reception", "gpa", "clinician", "supervisor", "administrator", "device"
WHO_MAY: dict[Act, set[str]] = {
    Act.IMPORT_LIST: {R, G, C, S, A, D},
    Act.MOVE: {R, G, C, S},
    Act.OPEN_RECORD: {G, C, S},
    Act.CHECK_IDENTITY: {G, C, S},
    Act.PREPARE: {G, C, S},
    Act.OBSERVE: {G, C, S},
    Act.ASK_ECG: {G, C, S},
    Act.ECG: {G, C, S},
    Act.REVIEW_ECG: {C, S},
    Act.NOTE: {G, C, S},
    Act.SAFEGUARD: {G, C, S},
    Act.MEND: {G, C, S},
    Act.ESCALATE: {R, G, C, S},
    Act.ACKNOWLEDGE: {C, S},
    Act.SHOW_ESCALATION: {D},
    Act.GIVE_PLAN: {G, C, S},
    Act.WORD_PLAN: {G, C, S},
    Act.RELEASE: {G, C, S},
    Act.TEACH: {G, C, S},
    Act.COPY: {G, C, S},
    Act.TASK: {R, G, C, S},
    Act.PHRASE: {R, G, C, S},
    Act.CLOSE_SESSION: {G, C, S},
    Act.READ_LOG: {C, S},
    Act.REVIEW: {S},
    Act.ANSWER: {R, G, C, S},
    Act.EXPORT_LOG: {S, A, D},
    Act.SET_SCALE: {C},
    Act.SIGN_OFF: {S},
    Act.MANAGE_STAFF: {A},
    Act.BACK_UP: {S, A},
    Act.RETAIN: {A},
    Act.PACK: {G, C, S},
    Act.PORTFOLIO: {G, C, S},
    Act.SET_UP_SYNC: {A},
}
PAIRS = [pytest.param(role, act, id=f"{role.value} {act.name}") for role in Role for act in Act]


@pytest.mark.parametrize(("role", "act"), PAIRS)
def test_each_role_may_do_what_the_table_says_and_nothing_else(role: Role, act: Act) -> None:
    if role.value in WHO_MAY[act]:
        require(ACTORS[role], act)
        return
    with pytest.raises(NotAllowed) as refused:
        require(ACTORS[role], act)
    assert refused.value.reason == f"{role.label} may not {act.value}."
    able = refused.value.remedy.removeprefix("Ask: ").removesuffix(".").split(", ")
    assert set(able) - {""} == {Role(name).label for name in WHO_MAY[act] if name != D}


def test_every_role_and_every_act_is_in_the_table() -> None:
    assert set(MAY) == set(Role)
    assert set().union(*MAY.values()) == set(Act) == set(WHO_MAY)


ROW = FIRST.id
ROW_3 = an_appointment(3, walk_in=True)
TEMPLATE = shipped_templates()[CORE]
NET = SafetyNet(what="fever", by_when="two days", where="111")
BACK = TeachBack(message=1, outcome=TeachBackOutcome.OWN_WORDS)
IMPORTED = facts.ListImported(file="f", sha256="0", listed=0, changed=0, unchanged=0, gone=0, rejected=0)
RULES = EcgSettings()
AN_ATTACHMENT = EcgAttachment(
    kept_as="1-00.attached",
    file_name="grace.scp",
    size=1,
    sha256="0" * 64,
    says=EcgFileSays(format=EcgFormat.SCP),
)
Ask = Callable[[Day, Place], Sequence[Said]]

ASKED: dict[str, tuple[Act | None, Ask]] = {
    "take_list": (Act.IMPORT_LIST, lambda d, p: acts.take_list(d, p, IMPORTED, (), (), (), ())),
    "list_walk_in": (
        Act.MOVE,
        lambda d, p: acts.list_walk_in(d, p, ROW_3),
    ),
    "move": (Act.MOVE, lambda d, p: acts.move(d, p, ROW, Stage.ARRIVED)),
    "open_record": (Act.OPEN_RECORD, lambda d, p: acts.open_record(d, p, ROW)),
    "close_record": (Act.OPEN_RECORD, lambda d, p: acts.close_record(d, p, ROW)),
    "check_identity": (
        Act.CHECK_IDENTITY,
        lambda d, p: acts.check_identity(d, p, ROW, "record only", "", None),
    ),
    "choose_template": (Act.PREPARE, lambda d, p: acts.choose_template(d, p, ROW, TEMPLATE)),
    "answer": (
        Act.PREPARE,
        lambda d, p: acts.answer(d, p, ROW, TEMPLATE, TEMPLATE.items[0], PrepOutcome.DONE),
    ),
    "hand_over": (Act.PREPARE, lambda d, p: acts.hand_over(d, p, ROW, PrepList((TEMPLATE,)), "late")),
    "record_observations": (
        Act.OBSERVE,
        lambda d, p: acts.record_observations(d, p, ROW, a_set(), (), NINE, False),
    ),
    "request_ecg": (
        Act.ASK_ECG,
        lambda d, p: acts.request_ecg(d, p, ROW, "Dr N Patel", "today", "palpitations"),
    ),
    "note_ecg_symptoms": (Act.ECG, lambda d, p: acts.note_ecg_symptoms(d, p, ROW, EventId("x"), "none")),
    "allow_ecg": (Act.ECG, lambda d, p: acts.allow_ecg(d, p, ROW, EventId("x"), "Dr N Patel", RULES)),
    "prepare_ecg": (
        Act.ECG,
        lambda d, p: acts.prepare_ecg(d, p, ROW, EventId("x"), EcgCheck.CART, RULES),
    ),
    "record_ecg": (
        Act.ECG,
        lambda d, p: acts.record_ecg(d, p, ROW, EventId("x"), 1, NINE, EcgNumbers(rate=72), (), RULES),
    ),
    "correct_ecg": (
        Act.ECG,
        lambda d, p: acts.correct_ecg(d, p, ROW, EventId("x"), EcgNumbers(rate=72), (), RULES, "mistyped"),
    ),
    "check_ecg": (
        Act.ECG,
        lambda d, p: acts.check_ecg(d, p, ROW, EventId("x"), EcgCheck.TRACE, RULES, ok=True),
    ),
    "accept_best": (
        Act.ECG,
        lambda d, p: acts.accept_best(d, p, ROW, EventId("x"), EcgCheck.TRACE, RULES, "tremor"),
    ),
    "file_ecg": (Act.ECG, lambda d, p: acts.file_ecg(d, p, ROW, EventId("x"), AN_ATTACHMENT, RULES)),
    "copy_ecg_file": (
        Act.ECG,
        lambda d, p: acts.copy_ecg_file(d, p, ROW, EventId("x"), "grace.scp", "grace.scp"),
    ),
    "translate": (Act.COPY, lambda d, p: acts.translate(d, p, ROW, ["Rest."], POLISH)),
    "note_handout": (Act.COPY, lambda d, p: acts.note_handout(d, p, ROW, "printed", False)),
    "copy_entry": (Act.COPY, lambda d, p: acts.copy_entry(d, p, ROW, "clipboard", False)),
    "hand_ecg": (Act.ECG, lambda d, p: acts.hand_ecg(d, p, ROW, EventId("x"), "Dr N Patel", "", RULES)),
    "give_up_ecg": (Act.ECG, lambda d, p: acts.give_up_ecg(d, p, ROW, EventId("x"), "refused", "cold")),
    "review_ecg": (Act.ECG, lambda d, p: acts.review_ecg(d, p, ROW, EventId("x"), "seen", "Dr N Patel")),
    "escalate": (Act.ESCALATE, lambda d, p: acts.escalate(d, p, ROW, "grey")),
    "show_call_card": (Act.ESCALATE, lambda d, p: acts.show_call_card(d, p, ROW)),
    "acknowledge": (Act.ACKNOWLEDGE, lambda d, p: acts.acknowledge(d, p, ROW, EventId("x"))),
    "ask_same_person": (Act.IMPORT_LIST, lambda d, p: acts.ask_same_person(d, p, "who?", FIRST, (), None)),
    "answer_same_person": (
        Act.IMPORT_LIST,
        lambda d, p: acts.answer_same_person(d, p, EventId("x"), same=True),
    ),
    "note_clash": (Act.IMPORT_LIST, lambda d, p: acts.note_clash(d, p, ROW, "arrived", "noshow")),
    "pick_status": (Act.MOVE, lambda d, p: acts.pick_status(d, p, EventId("x"), ours=True)),
    "show_escalation": (
        Act.SHOW_ESCALATION,
        lambda d, p: acts.show_escalation(d, p, ROW, EventId("x"), "Dr N Patel"),
    ),
    "note_printed": (Act.MOVE, lambda d, p: acts.note_printed(d, p, "huddle sheet")),
    "close_session": (Act.CLOSE_SESSION, lambda d, p: acts.close_session(d, p, [])),
    "refuse_pin": (None, acts.refuse_pin),
    "set_pin": (None, acts.set_pin),
    "attempt": (Act.PREPARE, lambda d, p: acts.attempt(d, p, ROW, Gate.PREP)),
    "state_supervision": (
        Act.OBSERVE,
        lambda d, p: acts.state_supervision(d, p, ROW, Gate.OBSERVATIONS, ACTORS[Role.CLINICIAN].staff),
    ),
    "note_present": (Act.NOTE, lambda d, p: acts.note_present(d, p, ROW, "her son")),
    "record_interpreter": (
        Act.NOTE,
        lambda d, p: acts.record_interpreter(d, p, ROW, "by telephone", "Polish, 4711"),
    ),
    "record_chaperone": (Act.NOTE, lambda d, p: acts.record_chaperone(d, p, ROW, "declined")),
    "note_capacity": (Act.NOTE, lambda d, p: acts.note_capacity(d, p, ROW, "son has LPA")),
    "note_need": (Act.NOTE, lambda d, p: acts.note_need(d, p, ROW, Need(text="hearing loop"))),
    "set_spo2_scale": (Act.SET_SCALE, lambda d, p: acts.set_spo2_scale(d, p, ROW, 2, "COPD, target 88-92")),
    "correct_observations": (
        Act.MEND,
        lambda d, p: acts.correct_observations(d, p, ROW, EventId("x"), a_set(), (), "mistyped"),
    ),
    "note_background": (Act.NOTE, lambda d, p: acts.note_background(d, p, ROW, "South Asian")),
    "end_need": (Act.NOTE, lambda d, p: acts.end_need(d, p, ROW, "hearing loop", "moved house")),
    "raise_safeguarding": (Act.SAFEGUARD, lambda d, p: acts.raise_safeguarding(d, p, ROW, "bruises")),
    "strike": (Act.MEND, lambda d, p: acts.strike(d, p, ROW, EventId("x"), "a slip")),
    "move_entries": (Act.MEND, lambda d, p: acts.move_entries(d, p, ROW, SECOND.id, [EventId("x")])),
    "tell": (Act.ESCALATE, lambda d, p: acts.tell(d, p, ROW, EventId("x"), "Dr N Patel")),
    "give_plan": (Act.GIVE_PLAN, lambda d, p: acts.give_plan(d, p, ROW, "rest", "Dr N Patel")),
    "word_plan": (Act.WORD_PLAN, lambda d, p: acts.word_plan(d, p, ROW, ["Rest."])),
    "release": (Act.RELEASE, lambda d, p: acts.release(d, p, ROW, ("Rest.",), "Dr N Patel")),
    "teach_back": (Act.TEACH, lambda d, p: acts.teach_back(d, p, ROW, "Rest.", BACK)),
    "give_safety_net": (Act.TEACH, lambda d, p: acts.give_safety_net(d, p, ROW, NET)),
    "view_log": (Act.READ_LOG, acts.view_log),
    "note_pack": (Act.PACK, lambda d, p: acts.note_pack(d, p, "downtime pack", "file")),
    "note_export": (Act.EXPORT_LOG, lambda d, p: acts.note_export(d, p, "log", "file")),
    "take_back": (None, acts.take_back),
    "open_sign_in": (None, acts.open_sign_in),
    "close_sign_in": (None, acts.close_sign_in),
    "lock": (None, acts.lock),
    "unlock": (None, acts.unlock),
}


def test_every_act_is_asked_of_every_role_below() -> None:
    assert set(ASKED) == set(acts.__all__) - {"Place"}


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("role", Role)
def test_an_act_is_refused_to_exactly_the_roles_that_may_not_do_it(name: str, role: Role) -> None:
    needs, ask = ASKED[name]
    day, allowed = Morning().day, True
    try:
        ask(day, Place(ACTORS[role], "room2"))
    except NotAllowed:
        allowed = False
    except Refused:
        pass  # allowed, but the day as it is has nothing to do it on
    assert allowed is (needs is None or role.value in WHO_MAY[needs])


CLOSED_TO_SOME = [
    pytest.param(ask, role, id=f"{name} {role.value}")
    for name, (needs, ask) in ASKED.items()
    for role in Role
    if needs and role.value not in WHO_MAY[needs]
]


@pytest.mark.parametrize(("ask", "role"), CLOSED_TO_SOME)
def test_a_role_that_may_not_is_told_so_before_anything_is_said_of_the_patient(ask: Ask, role: Role) -> None:
    """Asked of a day without a list: the role is refused first."""
    with pytest.raises(NotAllowed):
        ask(Day(DATE), Place(ACTORS[role], "room2"))


OF_NO_ROW = {
    *("take_list", "list_walk_in", "view_log", "note_export", "note_pack", "note_printed", "close_session"),
    *("ask_same_person", "answer_same_person", "pick_status"),  # of a row that may be new, or of a question
}
NEEDS_THE_LIST: dict[str, Any] = {
    name: ask for name, (needs, ask) in ASKED.items() if needs and name not in OF_NO_ROW
}


@pytest.mark.parametrize("name", NEEDS_THE_LIST)
def test_an_appointment_that_is_not_on_the_list_is_refused(name: str) -> None:
    needs = ASKED[name][0]
    able = next(role for role in (Role.GPA, Role.CLINICIAN, Role.DEVICE) if needs in MAY[role])
    with pytest.raises(Refused, match="not on this list"):
        NEEDS_THE_LIST[name](Day(DATE), Place(ACTORS[able], "room2"))
