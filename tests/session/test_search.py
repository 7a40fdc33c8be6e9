"""Entries of all days: found by two identifiers, person, kind and dates; each date is held in brief."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from functools import partial

import pytest
from clinic import DATE, FIRST, GP, GPA, RECEPTION, SECOND, SUPERVISOR, FakeClock, a_bench, a_desk, listed

from gpa_tui.errors import NotAllowed, Refused
from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Appointment, Stage
from gpa_tui.records.event import Said
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.patient import PersonName
from gpa_tui.records.staff import Role
from gpa_tui.session import acts, tasks
from gpa_tui.session.acts import Place
from gpa_tui.session.desk import Desk
from gpa_tui.session.digest import Digests, Line, Whose, stamp_of
from gpa_tui.session.log import Bench
from gpa_tui.session.registry import Registry
from gpa_tui.session.search import Found, Wanted, digests_of, note_search, numbers_before, search
from gpa_tui.store.practice import DIGESTS, OTHERS, Practice

TUESDAY = DATE + timedelta(days=1)
GRACE = {"whom": "okonkwo", "born": "1954-04-12"}


@pytest.fixture
def two_days(practice: Practice, clock: FakeClock) -> Practice:
    """Grace on both days, John on the first; on the second she is escalated."""
    for on, rows in ((DATE, (FIRST, SECOND)), (TUESDAY, (FIRST,))):
        with closing(a_desk(practice, clock=clock, on=on)) as desk:
            desk.do(partial(_listing, rows))
            for row in rows:
                desk.do(partial(acts.move, place=desk.place, appointment=row.id, to=Stage.ARRIVED))
            if on == TUESDAY:
                desk.do(partial(acts.escalate, place=desk.place, appointment=FIRST.id, because="grey"))
        clock.forward(days=1)
    return practice


@pytest.fixture
def bench(two_days: Practice, clock: FakeClock) -> Bench:
    return a_bench(two_days, clock=clock, by=SUPERVISOR)


def _listing(rows: Sequence[Appointment], _: object) -> list[Said]:
    return listed(*rows)


def looked(bench: Bench, **wanted: object) -> list[Found]:
    with closing(Registry(bench)) as registry:
        registry.read()
        return list(search(bench, registry.standing.events, Wanted(**wanted)))  # type: ignore[arg-type]


def entries(bench: Bench, **wanted: object) -> list[Found]:
    """What was found, without what was not looked through."""
    return [one for one in looked(bench, **wanted) if one.line.id]


def test_a_patient_is_found_by_two_identifiers_on_every_day_and_nobody_else(bench: Bench) -> None:
    found = looked(bench, **GRACE)
    assert {one.on for one in found} == {DATE, TUESDAY}
    assert {one.whose for one in found} == {"OKONKWO, Grace"}
    assert looked(bench, whom="Grace Okonkwo", born="1954-04-12") == found
    assert looked(bench, whom="999 000 0018", born="1954-04-12") == found
    assert looked(bench, whom="okonkwo", born="1954-04-13") == []
    assert looked(bench, whom="grace smith", born="1954-04-12") == []
    assert looked(bench, whom="-", born="1954-04-12") == []


def test_by_person_kind_and_dates(bench: Bench) -> None:
    (one,) = looked(bench, kind="escalation")
    assert (one.on, one.line.says) == (TUESDAY, "escalation: grey")
    assert entries(bench, kind="GREY") == [one]
    assert entries(bench, kind="escalation", until=DATE) == []
    assert {found.on for found in looked(bench, staff="okafor", since=TUESDAY, until=TUESDAY)} == {TUESDAY}
    assert looked(bench, staff="nobody") == []


def test_tasks_are_found_too(bench: Bench, two_days: Practice) -> None:
    with closing(a_desk(two_days)) as desk, closing(Registry(a_bench(two_days))) as registry:
        visit = desk.day.visits[FIRST.id]
        registry.do(lambda _: tasks.ask(desk.place, "ring the ward", Owner(name="GPA"), DATE, visit))
    assert [one.line.says for one in looked(bench, **GRACE, kind="task")] == [
        "task asked: ring the ward, of GPA, by 2026-11-23"
    ]


@pytest.mark.parametrize(
    "wanted", [Wanted(whom="okonkwo"), Wanted(born="1954-04-12")], ids=["a name", "a birth date"]
)
def test_one_identifier_is_not_enough(wanted: Wanted) -> None:
    with pytest.raises(Refused, match="Two identifiers"):
        note_search(wanted, Place(SUPERVISOR, "x"))


@pytest.mark.parametrize(
    ("whom", "family", "given", "is_them"),
    [
        ("van der berg", "vanderberg", "anna", True),
        ("O'Neill Young", "oneillyoung", "anna", True),
        ("Grace Ada Okonkwo", "okonkwo", "grace", True),
        ("OKONKWO, Grace (Mrs)", "okonkwo", "grace", True),
        ("grace", "okonkwo", "grace", True),
        ("Grace Berg", "okonkwo", "grace", False),
        ("Mrs", "okonkwo", "grace", False),
        ("Peter Okonkwo", "okonkwo", "grace", False),  # a namesake born the same day
        ("Okonkwo", "okonkwo", "grace", True),
        ("Master", "master", "grace", True),
        ("Baby Okonkwo", "okonkwo", "grace", True),
    ],
)
def test_a_name_is_found_as_people_type_it(whom: str, family: str, given: str, is_them: bool) -> None:
    whose = Whose("", family, given, "1954-04-12", "")
    assert Wanted(whom=whom, born="1954-04-12").is_them(whose) is is_them
    assert not Wanted(whom=whom, born="1954-04-13").is_them(whose)


@pytest.mark.parametrize(
    ("whom", "is_them"),
    [
        ("Jones", True),
        ("Anna Smith", True),
        ("Maria Smith-Jones", True),
        ("Anna Maria", True),
        ("Peter Smith", False),
        ("Maria Brown", False),
        ("999.000.0018", True),
        ("NHS no. 999 000 0018", True),
        ("999 000 0026", False),
    ],
)
def test_part_of_a_name_is_enough_beside_the_birth_date(whom: str, is_them: bool) -> None:
    whose = Whose("9990000018", "smithjones", "anna", "1954", "SMITH-JONES, Anna Maria (Mrs)")
    assert Wanted(whom=whom, born="1954-04-12").is_them(whose) is is_them  # the year alone is known


def test_a_kind_is_no_way_to_a_patient_by_a_name_alone() -> None:
    line = Line("1", "", "mokafor", "M Okafor", "gpa", "identity.checked", "p", "identity check: Okonkwo")
    whose = Whose("", "okonkwo", "grace", "1954-04-12", "")
    asked = ("okonkwo", "by Grace", "1954", "grey")
    assert [Wanted(kind=one).names_one([whose]) for one in asked] == [True, True, True, False]
    assert not Wanted(kind="okonkwo").fits(line, (), words=False)
    assert Wanted(kind="identity").fits(line, (), words=False)


def test_no_line_is_found_by_a_name_as_its_kind(bench: Bench) -> None:
    for kind in ("okonkwo", "128/7654"):
        (said,) = looked(bench, kind=kind)
        assert said.line.says.startswith(
            "NOT LOOKED THROUGH: the words, for what is asked may be a patient's"
        )
    for part in ("okonk", "konkw", "195", "12-Apr"):  # the beginning of a name or a number finds nobody
        assert entries(bench, kind=part) == []


def test_tasks_and_reviews_of_a_patient_are_found_by_two_identifiers_and_by_no_name(bench: Bench) -> None:
    said = "OKONKWO, Grace: identity check: patient said Grace Okonkwo, born 12-Apr-1954"
    given = facts.ReviewGiven(on=DATE, verdict="query", words="why?", to=(GPA.staff,), of=said)
    asked = facts.TaskAsked(
        what="ring her", owner=Owner(name="GPA", role=Role.GPA), due=DATE, patient_name="OKONKWO, Grace"
    )
    with closing(Registry(bench)) as registry:
        registry.read()
        patient = FIRST.patient.id
        registry.do(lambda _: [Said(data=one, patient=patient) for one in (given, asked)])
    later = TUESDAY + timedelta(days=1)
    left_open = facts.DayLeftOpen(on=DATE, rows=(("Not ended", "08:50 OKONKWO, Grace (Mrs)"),))
    searched = facts.LogSearched(what="okonkwo, born 12-Apr-1954")
    with closing(Registry(bench)) as registry:
        registry.read()
        registry.do(lambda _: [Said(data=one) for one in (left_open, searched)])
    for since in (later, None):  # by a word nobody is found, on no day
        by_name = looked(bench, kind="okonkwo", since=since)
        assert all(one.line.says.startswith("NOT LOOKED THROUGH") for one in by_name)
    found = [one.line.kind for one in looked(bench, **GRACE, since=later)]  # on a day without her
    assert found == ["review.given", "task.asked"]


def test_with_two_identifiers_any_word_is_looked_for(bench: Bench) -> None:
    assert [one.line.says for one in looked(bench, kind="grey", **GRACE)] == ["escalation: grey"]


def test_who_became_known_by_another_name_later_is_found_on_every_day(
    practice: Practice, clock: FakeClock
) -> None:
    was = FIRST.patient.model_copy(update={"name": PersonName(family="Smythe", given="Grace")})
    for on, patient in ((DATE, was), (TUESDAY, FIRST.patient)):
        with closing(a_desk(practice, clock=clock, on=on)) as desk:
            row = FIRST.model_copy(update={"patient": patient})
            desk.do(partial(_listing, (row,)))
            desk.do(partial(acts.move, place=desk.place, appointment=row.id, to=Stage.ARRIVED))
        clock.forward(days=1)
    found = looked(a_bench(practice, clock=clock, by=SUPERVISOR), **GRACE)
    assert {one.on for one in found} == {DATE, TUESDAY}


def test_what_was_taken_back_is_found_with_its_mark(practice: Practice, clock: FakeClock) -> None:
    with closing(a_desk(practice, FIRST, clock=clock)) as desk:
        desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.ARRIVED))
        desk.do(partial(acts.take_back, place=desk.place))
    bench = a_bench(practice, clock=clock, by=SUPERVISOR)
    assert "stage: booked → arrived [taken back]" in [one.line.says for one in looked(bench)]


def test_a_log_from_another_store_that_cannot_be_read_is_said(bench: Bench, two_days: Practice) -> None:
    folder = two_days.home / OTHERS / "another-store"
    folder.mkdir(parents=True)
    (path, *_) = two_days.journals_of(DATE)
    content = path.read_bytes().replace(b'"n":2,', b'"n":3,', 1)
    (folder / path.name).write_bytes(content)
    found = looked(bench, **GRACE)
    assert any("NOT LOOKED THROUGH" in one.line.says for one in found)


def test_a_search_is_in_the_log_first_and_not_everybodys() -> None:
    (said,) = note_search(Wanted(**GRACE, kind="plan", since=DATE), Place(GP, "x"))  # type: ignore[arg-type]
    assert said.data.says == "log searched"
    assert "okonkwo, born 12-Apr-1954, plan, from 2026-11-23" in str(said.data)
    for by in (GPA, RECEPTION):
        with pytest.raises(NotAllowed):
            note_search(Wanted(), Place(by, "x"))


# ── in brief ──────────────────────────────────────────────────────────────────────────────────


def opened(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The dates whose journals are read from now on."""
    read: list[date] = []
    before = Desk.read

    def noted(self: Desk) -> None:
        read.append(self.date)
        before(self)

    monkeypatch.setattr(Desk, "read", noted)
    return read


def briefs(bench: Bench, days: list[date]) -> Iterator[date]:
    return (one.on for one in digests_of(bench, days))


def test_a_date_is_read_from_its_journal_once_and_anew_when_something_was_added(
    bench: Bench, two_days: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [DATE, TUESDAY]
    read = opened(monkeypatch)
    assert list(briefs(bench, days)) == days
    assert read == days
    assert list(briefs(bench, days)) == days
    assert read == days
    with closing(a_desk(two_days)) as desk:
        desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.LEFT))
    read.clear()
    (one,) = entries(bench, kind="stage: arrived")
    assert one.line.says == "stage: arrived → left"
    assert read == [DATE]


def test_the_sessions_before_are_those_in_which_anything_was_done(
    bench: Bench, two_days: Practice, clock: FakeClock
) -> None:
    idle, then = TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=2)
    with closing(a_desk(two_days, clock=clock, on=idle)) as desk:
        desk.do(partial(_listing, (SECOND,)))
    assert [one.on for one in numbers_before(bench, then)] == [DATE, TUESDAY]
    assert [one.on for one in numbers_before(bench, TUESDAY)] == [DATE]


def test_a_brief_is_sealed_and_one_that_is_spoilt_or_another_days_is_made_anew(
    bench: Bench, two_days: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(briefs(bench, [DATE, TUESDAY]))
    first, second = sorted((two_days.home / DIGESTS).iterdir())
    assert b"OKONKWO" not in first.read_bytes()
    assert first.stat().st_mode & 0o777 == 0o600
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content[:-1])
    read = opened(monkeypatch)
    assert len(looked(bench, **GRACE)) == 5
    assert read == [DATE, TUESDAY]


def test_what_is_kept_of_a_day_that_is_still_added_to_is_never_taken_for_the_whole(
    bench: Bench, two_days: Practice
) -> None:
    digests = Digests(two_days, bench.keys)
    stamp = stamp_of(two_days, DATE)
    (digest,) = digests_of(bench, [DATE])
    with closing(a_desk(two_days)) as desk:
        desk.do(partial(acts.move, place=desk.place, appointment=FIRST.id, to=Stage.LEFT))
    digests.keep(digest, stamp)
    assert digests.read(DATE) is None


def test_a_date_that_is_not_as_it_was_written_is_said_and_not_passed_over(
    bench: Bench, two_days: Practice
) -> None:
    (path, *_) = two_days.journals_of(DATE)
    whole = path.read_bytes()
    at = whole.index(b"\n", whole.index(b"\n") + 1) - 60  # within a line that others follow
    path.write_bytes(whole[:at] + b"x" * 9 + whole[at + 9 :])
    found = looked(bench, **GRACE)
    assert found[0].on == DATE
    assert found[0].line.says.startswith("NOT LOOKED THROUGH: ")
    assert {one.on for one in found[1:]} >= {TUESDAY}
