"""Sign-offs: who gives them, when they hold, what is asked and not done without, and a supervisor's eyes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from clinic import ACTORS, DATE, FIRST, GP, GPA, NINE, PEOPLE, SECOND, SUPERVISOR, Morning, a_bench, a_set

from gpa_tui.errors import NotAllowed, Refused, SettingsError
from gpa_tui.records import event as facts
from gpa_tui.records.competency import Domain, Gate
from gpa_tui.records.event import Said
from gpa_tui.records.plan import SafetyNet
from gpa_tui.records.prep import PrepOutcome
from gpa_tui.records.staff import Role
from gpa_tui.session import acts, competence
from gpa_tui.session.acts import Place
from gpa_tui.session.prep_list import CORE
from gpa_tui.session.registry import Registry
from gpa_tui.session.standing import Standing
from gpa_tui.settings import COMPETENCIES_FILE, read_competencies, shipped_competencies
from gpa_tui.store.practice import Practice
from gpa_tui.templates import shipped_templates

LISTED = shipped_competencies()
BY_ID = {one.id: one for one in LISTED.competency}
MEMBER = PEOPLE[0][0]
DOCTOR = PEOPLE[1][0]
AT_SUPERVISION = Place(SUPERVISOR, "room1")
CORE_LIST = shipped_templates()[CORE]
YEAR_ON = DATE + timedelta(days=365)


def signed(registry: Registry, competency: str, expires: date | None = None) -> None:
    registry.do(
        lambda _: competence.sign_off(
            registry.place, MEMBER, BY_ID[competency], DATE, expires, "seen three", today=DATE
        )
    )


def asked(standing: Standing, today: date = DATE) -> set[str]:
    place = competence.at_work(Place(GPA, "room2"), standing, LISTED, today)
    return {one.id for one in place.asks}


# ── the list ──────────────────────────────────────────────────────────────────────────────────


def test_the_starter_set_covers_the_five_domains_and_every_gate() -> None:
    assert {one.domain for one in LISTED.competency} == set(Domain)
    assert {gate for one in LISTED.competency for gate in one.gates} == set(Gate)


def test_a_practice_has_its_own_list_in_place_of_the_starter_set(practice: Practice) -> None:
    own = practice.home / COMPETENCIES_FILE
    own.write_text(
        'version = 3\nowner = "Dr N Patel"\n[[competency]]\nid = "bp"\ndomain = "Clinical"\n'
        'title = "Blood pressure"\ngates = ["observations"]\n'
    )
    assert [one.id for one in read_competencies(practice.home).competency] == ["bp"]
    own.unlink()
    assert read_competencies(practice.home) == LISTED


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("version = 1\n", "owner: Field required"),
        (
            'version = 1\nowner = "x"\n[[competency]]\nid = "a"\ndomain = "Cooking"\ntitle = "t"',
            "competency.0.domain",
        ),
        (
            'version = 1\nowner = "x"\n' + 2 * '[[competency]]\nid = "a"\ndomain = "Care"\ntitle = "t"\n',
            "the id 'a' stands twice",
        ),
        (
            'version = 1\nowner = "x"\n[[competency]]\nid = "a"\ndomain = "Care"\ntitle = "t"\n'
            'gates = ["escalate"]',
            "gates.0",
        ),
        ("version 1", "line 1"),
    ],
)
def test_a_mistake_in_it_is_named(practice: Practice, text: str, says: str) -> None:
    own = practice.home / COMPETENCIES_FILE
    own.write_text(text)
    with pytest.raises(SettingsError) as wrong:
        read_competencies(practice.home)
    assert says in str(wrong.value)
    assert COMPETENCIES_FILE in str(wrong.value)


# ── signing off ───────────────────────────────────────────────────────────────────────────────


def test_what_nobody_has_signed_off_is_asked_and_a_sign_off_ends_with_its_date(practice: Practice) -> None:
    with closing(Registry(a_bench(practice, by=SUPERVISOR))) as registry:
        registry.read()
        assert asked(registry.standing) == set(BY_ID)
        signed(registry, "observations", YEAR_ON)
        signed(registry, "ecg")
        assert asked(registry.standing) == set(BY_ID) - {"observations", "ecg"}
        assert asked(registry.standing, YEAR_ON) == set(BY_ID) - {"observations", "ecg"}
        assert asked(registry.standing, YEAR_ON + timedelta(days=1)) == set(BY_ID) - {"ecg"}
        held = registry.standing.signed[MEMBER.id]
        by_patel = competence.SignedOff(DATE, YEAR_ON, "Dr N Patel", "seen three", at=NINE)
        assert held["observations"] == by_patel
        registry.do(
            lambda _: competence.withdraw(registry.place, MEMBER, BY_ID["ecg"], held, "two lead swaps")
        )
        assert "ecg" in asked(registry.standing)
    with closing(Registry(a_bench(practice))) as again:
        again.read()
        assert set(again.standing.signed[MEMBER.id]) == {"observations"}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUPERVISOR])
def test_only_a_supervisor_signs_off(role: Role) -> None:
    with pytest.raises(NotAllowed):
        competence.sign_off(Place(ACTORS[role], "x"), MEMBER, BY_ID["ecg"], DATE, None, "seen", today=DATE)
    with pytest.raises(NotAllowed):
        competence.withdraw(Place(ACTORS[role], "x"), MEMBER, BY_ID["ecg"], {}, "no")


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (partial(competence.sign_off, AT_SUPERVISION, DOCTOR, on=DATE, expires=None, text="x"), "themselves"),
        (partial(competence.sign_off, AT_SUPERVISION, MEMBER, on=YEAR_ON, expires=None, text="x"), "to come"),
        (
            partial(
                competence.sign_off, AT_SUPERVISION, MEMBER, on=DATE, expires=DATE - timedelta(1), text="x"
            ),
            "expired already",
        ),
        (
            partial(competence.sign_off, AT_SUPERVISION, MEMBER, on=DATE, expires=None, text=" "),
            "what you saw",
        ),
    ],
)
def test_a_sign_off_says_when_till_when_and_what_was_seen(act: Callable[..., object], says: str) -> None:
    with pytest.raises(Refused, match=says):
        act(competency=BY_ID["ecg"], today=DATE)


def test_what_is_withdrawn_was_signed_and_has_a_reason() -> None:
    held = {"ecg": competence.SignedOff(DATE, None, "Dr N Patel", "seen")}
    with pytest.raises(Refused, match="not signed off"):
        competence.withdraw(AT_SUPERVISION, MEMBER, BY_ID["ecg"], {}, "no")
    with pytest.raises(Refused, match="why"):
        competence.withdraw(AT_SUPERVISION, MEMBER, BY_ID["ecg"], held, " ")


@pytest.mark.parametrize("by", [GP, ACTORS[Role.ADMINISTRATOR], GPA])
def test_a_sign_off_said_by_anybody_else_does_not_count(practice: Practice, by: object) -> None:
    """Past the acts, as somebody with a program of their own would: in the journal, signed with their key."""
    fact = competence.sign_off(AT_SUPERVISION, MEMBER, BY_ID["ecg"], DATE, None, "x", today=DATE)[0].data
    with closing(Registry(a_bench(practice, by=by))) as registry:  # type: ignore[arg-type]
        registry.do(lambda _: [Said(data=fact)])
        assert "ecg" in asked(registry.standing)
        assert "not for them to say" in registry.standing.irregular[-1]


def test_a_sign_off_in_a_supervisors_name_with_another_key_is_damage(practice: Practice) -> None:
    """What the machine or a GPA wrote as Dr Patel has not Dr Patel's signature: nothing behind it is read."""
    with closing(Registry(a_bench(practice))) as registry:
        registry.read()
        registry.bench = replace(registry.bench, actor=SUPERVISOR)
        signed(registry, "ecg")
    with closing(Registry(a_bench(practice))) as registry:
        registry.read()
        assert "ecg" in asked(registry.standing)
        assert registry.unreadable is not None
        assert "not signed by whoever says it" in str(registry.unreadable)


# ── asked, not done ───────────────────────────────────────────────────────────────────────────


class Learning(Morning):
    """A morning of somebody who is signed off for nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.place = replace(self.place, asks=LISTED.competency, supervisors=(DOCTOR,), signers=(DOCTOR,))

    def ask(self, act: Callable[..., list[Said]], *args: object, **kwargs: object) -> list[facts.Event]:
        said = act(self.day, self.place, *args, **kwargs)
        return self.take(said, self.place.actor, self.place.terminal)


@pytest.fixture
def learning() -> Learning:
    clinic = Learning()
    for row in (FIRST, SECOND):
        clinic.ask(acts.open_record, row.id)
        clinic.ask(acts.check_identity, row.id, "record only", "", None)
    clinic.ask(acts.open_record, FIRST.id)
    clinic.ask(acts.check_identity, FIRST.id, "record only", "", None)
    return clinic


def observe(clinic: Learning) -> list[facts.Event]:
    return clinic.ask(acts.record_observations, FIRST.id, a_set(), (), NINE, False)


def prepare(clinic: Learning) -> list[facts.Event]:
    return clinic.ask(acts.answer, FIRST.id, CORE_LIST, CORE_LIST.items[0], PrepOutcome.DONE)


def word(clinic: Learning) -> list[facts.Event]:
    clinic.ask(acts.give_plan, FIRST.id, "rest", "Dr N Patel")
    return clinic.ask(acts.word_plan, FIRST.id, ["Rest today."])


def net(clinic: Learning) -> list[facts.Event]:
    found = SafetyNet(what="fever", by_when="two days", where="111")
    return clinic.ask(acts.give_safety_net, FIRST.id, found)


GATED = [(observe, Gate.OBSERVATIONS), (prepare, Gate.PREP), (word, Gate.PLAN), (net, Gate.PLAN)]


@pytest.mark.parametrize(("act", "gate"), GATED)
def test_what_is_not_signed_off_is_refused_and_done_under_somebodys_eyes(
    learning: Learning, act: Callable[[Learning], list[facts.Event]], gate: Gate
) -> None:
    with pytest.raises(NotAllowed, match="Ask: you are not signed off for") as refused:
        act(learning)
    assert "Dr N Patel can sign it off" in str(refused.value)
    (stated,) = learning.ask(acts.state_supervision, FIRST.id, gate, DOCTOR.id)
    assert isinstance(stated.data, facts.SupervisionStated)
    assert stated.data.supervisor_name == "Dr N Patel"
    assert act(learning)
    with pytest.raises(Refused, match="supervised already"):
        learning.ask(acts.state_supervision, FIRST.id, gate, DOCTOR.id)


def test_supervision_holds_for_this_patient_and_this_task_until_they_switch(learning: Learning) -> None:
    learning.ask(acts.state_supervision, FIRST.id, Gate.OBSERVATIONS, DOCTOR.id)
    learning.ask(acts.check_identity, FIRST.id, "record only", "", None)
    assert observe(learning)
    with pytest.raises(NotAllowed):
        prepare(learning)
    learning.ask(acts.open_record, SECOND.id)
    learning.ask(acts.open_record, FIRST.id)
    learning.ask(acts.check_identity, FIRST.id, "record only", "", None)
    with pytest.raises(NotAllowed):
        observe(learning)


def test_only_who_may_supervise_supervises(learning: Learning) -> None:
    with pytest.raises(Refused, match="cannot supervise"):
        learning.ask(acts.state_supervision, FIRST.id, Gate.OBSERVATIONS, GPA.staff)


def test_escalating_handing_over_and_the_gps_words_are_never_asked_for(learning: Learning) -> None:
    assert learning.ask(acts.escalate, FIRST.id, "grey")
    assert learning.ask(acts.raise_safeguarding, FIRST.id, "bruises")
    assert learning.ask(acts.give_plan, FIRST.id, "rest", "Dr N Patel")
    assert learning.ask(acts.note_present, FIRST.id, "her son")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.GPA])
def test_only_who_acts_as_a_gpa_has_to_be_signed_off(role: Role) -> None:
    place = Place(ACTORS[role], "room1")
    assert competence.at_work(place, Standing(), LISTED, DATE) == place


def test_who_can_sign_off_and_who_can_supervise_are_of_the_practice_and_here(practice: Practice) -> None:
    with closing(Registry(a_bench(practice))) as registry:
        registry.read()
        place = competence.at_work(Place(GPA, "room2"), registry.standing, LISTED, DATE)
        assert [one.id for one in place.signers] == ["npatel"]
        assert [one.id for one in place.supervisors] == ["npatel"]
        registry.standing.people[DOCTOR.id].left = True
        place = competence.at_work(Place(GPA, "room2"), registry.standing, LISTED, DATE)
        assert (place.signers, place.supervisors) == ((), ())


def test_a_competency_without_gates_stops_nothing() -> None:
    assert not BY_ID["glucose"].gates
    clinic = Learning()
    clinic.place = replace(clinic.place, asks=(BY_ID["glucose"],))
    clinic.ask(acts.open_record, FIRST.id)
    clinic.ask(acts.check_identity, FIRST.id, "record only", "", None)
    assert observe(clinic)
