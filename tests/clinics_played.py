"""Plays a clinic of `fixtures/clinics` through the acts: brief, handout and record entry come out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from clinic import DATE, GPA, NINE, Morning, a_patient, an_appointment

from gpa_tui.intake.needs import from_words
from gpa_tui.records.appointment import Appointment, Stage
from gpa_tui.records.base import EventId
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.patient import Allergy, AllergyState, Gender
from gpa_tui.records.plan import SafetyNet, TeachBack, TeachBackOutcome, Translation, net_parts
from gpa_tui.records.prep import PrepOutcome
from gpa_tui.session import acts
from gpa_tui.session.day import Visit
from gpa_tui.session.entry_text import entry_text
from gpa_tui.session.handout import english, handout
from gpa_tui.session.handover import brief
from gpa_tui.session.plain_words import PlainWords
from gpa_tui.session.prep_list import PrepList, prep_list
from gpa_tui.session.tasks import Task
from gpa_tui.settings import PracticeSettings, read_lexicon, shipped_shorthand
from gpa_tui.templates import shipped_templates
from screens.entry_line import read_line
from screens.slip import Slip
from screens.slip_fields import SEVEN

CLINICS = Path(__file__).parents[1] / "fixtures" / "clinics"
SETTINGS = PracticeSettings(name="Elm Tree Surgery", telephone="01632 960123")
WORDS = PlainWords(shipped_shorthand(), read_lexicon(CLINICS).words)
TEMPLATES = shipped_templates()
TAUGHT = {
    "d": TeachBackOutcome.OWN_WORDS,
    "h": TeachBackOutcome.OWN_WORDS,
    "a": TeachBackOutcome.ANOTHER_GO,
    "x": TeachBackOutcome.NOT_CHECKED,
}


def the_clinics() -> dict[str, dict[str, Any]]:
    """By name of the file."""
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(CLINICS.glob("*.toml"))}


def a_row(number: int, of: dict[str, Any]) -> Appointment:
    title, given, family = of["name"]
    allergies = tuple(Allergy(substance=one) for one in of.get("allergies", ()))
    patient = a_patient(
        family,
        given,
        of["born"],
        title=title,
        nhs_number=None,
        gender=Gender(of["gender"]),
        allergies=allergies,
        allergy_state=AllergyState.RECORDED if allergies else AllergyState.NONE_KNOWN,
        needs=tuple(from_words(one) for one in of.get("needs", ())),
        medicines=tuple(of.get("medicines", ())),
    )
    return an_appointment(number, patient, reason=of["reason"])


class Played:
    """One visit, from arrival to the handout."""

    def __init__(self, number: int, of: dict[str, Any], first: int = 0) -> None:
        self.of, self.row = of, a_row(number, of)
        self.morning = Morning(self.row, first=first)
        self.steps = [
            Task(
                EventId(f"{self.row.id} {what}"),
                what,
                Owner(name=who),
                date.fromisoformat(due),
                GPA,
                NINE,
                for_patient=True,
            )
            for what, who, due in of.get("steps", ())
        ]
        self.do(acts.move, Stage.ARRIVED)
        self.do(acts.check_identity, "record only", "", None)
        self.answer()
        self.observe()
        self.brief = self.shown_brief()
        self.plan()

    def do(self, act: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return self.morning.do(act, self.row.id, *args, **kwargs)

    @property
    def visit(self) -> Visit:
        return self.morning.visit(self.row)

    @property
    def prep(self) -> PrepList:
        return prep_list(self.visit, TEMPLATES)

    def answer(self) -> None:
        for template, item in self.prep.rows:
            value = self.of.get("prep", {}).get(item.id)
            if value is not None:
                self.do(acts.answer, template, item, PrepOutcome.DONE, value=value)

    def observe(self) -> None:
        for line in (self.of[key] for key in ("line", "line_2") if key in self.of):
            slip = Slip()
            ready = slip.fill(read_line(line, SEVEN))
            for current in slip.fields:  # what is unusual is typed again, as it stands
                if not ready and slip.current is current and current in slip._first:
                    ready = any(slip.press(key) for key in (*slip._first[current], "enter", "r"))
                    ready = ready or slip._ready()
            assert ready, f"{line}: {slip.message}"
            said = self.do(
                acts.record_observations, slip.taken(), slip.missing(), NINE, False, urine=slip.urine
            )
            raised = [one for one in said if one.kind == "escalation.raised"]
            for one in raised:
                self.do(acts.tell, one.id, self.of["told"])

    def shown_brief(self) -> list[tuple[str, str]]:
        return brief(self.visit, self.prep, show_time)

    def plan(self) -> None:
        of, senses = self.of, self.of.get("senses", {})
        self.do(acts.give_plan, of["gp"], "Dr N Patel")
        self.open = WORDS.to_ask(of["gp"], senses)
        self.do(acts.word_plan, of["messages"], senses, WORDS)
        messages = self.visit.plan.messages
        self.unsaid = WORDS.unsaid(messages, of["gp"], senses)
        self.do(acts.release, messages, "Dr N Patel", WORDS, of.get("confirmed", ()))
        if "interpreter" in of:
            self.do(acts.record_interpreter, *of["interpreter"])
        for number, how in enumerate(of["taught"], 1):
            letter, _, words = how.partition(" ")
            said = {"why" if letter == "x" else "words": words}
            result = TeachBack(message=number, outcome=TAUGHT[letter], **said)
            self.do(acts.teach_back, messages[number - 1], result)
        what, by_when, where = net_parts(of["net"])
        net = SafetyNet(
            what=what, by_when=by_when, where=where, said_back=True, written=of.get("written", False)
        )
        self.net_unsaid = WORDS.unsaid_of_net(net, of["gp"], senses)
        self.do(acts.give_safety_net, net, WORDS, of.get("net_confirmed", ()))
        if "language" in of:
            language, by, lines = of["language"]
            given = Translation(language=language, lines=tuple(lines), of=(), by=by)
            self.do(acts.translate, english(self.visit), given)

    @property
    def sheet(self) -> Any:
        return handout(self.visit, DATE, SETTINGS, self.steps)

    def text(self) -> Iterator[str]:
        """All that comes out of the visit, as it is read."""
        yield from ("THE GP READS", *(f"{heading:<11} {text}" for heading, text in self.brief))
        yield from ("", "THE PATIENT TAKES HOME", self.sheet.text)
        made = entry_text(
            self.visit, self.morning.day, self.prep, SETTINGS.name, GPA, NINE, show_time, self.steps
        )
        yield from ("THE PRACTICE'S SYSTEM GETS", *made)


def show_time(instant: datetime) -> str:
    return f"{instant:%H:%M}"


def as_text(clinic: dict[str, Any]) -> str:
    """The whole clinic."""
    whole = [clinic["title"].upper()]
    for number, of in enumerate(clinic["patients"], 1):
        whole += ["", "═" * 80, *Played(number, of).text()]
    return "\n".join(whole) + "\n"
