"""`gpa-tui calc`: the shipped rules over somebody's own vectors, a CSV line in and a CSV line out.

For a clinical safety officer: nothing is signed in, saved or logged. The rules are those the screens use.
"""

from __future__ import annotations

import csv
import re
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TextIO

from gpa_tui.clinical import blood_pressure, news2, peak_flow, qtc, shorthand
from gpa_tui.clinical import bmi as body_mass
from gpa_tui.clinical.blood_pressure import Pressure
from gpa_tui.clinical.limits import LIMITS
from gpa_tui.errors import GpaTuiError
from gpa_tui.records.observation import Measure
from gpa_tui.records.shorthand import ShorthandTable
from gpa_tui.settings import shipped_shorthand

Line = Mapping[str, str]
Result = dict[str, object]
ERROR = "error"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what goes in and comes out. Other columns of the input pass through as they are."""

    name: str
    says: str
    needs: tuple[str, ...]
    may_have: Mapping[str, str]
    gives: tuple[str, ...]
    of: Callable[[Line], Result]


def calculate(rule: Rule, lines: TextIO, out: TextIO) -> int:
    """Write a result for each of `lines`, in their order; gives how many had an error.

    A line with an error has its sentence in the column `error` and empty results. Raises `GpaTuiError`
    when a needed column is not there.
    """
    reader = csv.reader(lines, strict=True)
    columns = [name.strip() for name in next(reader, [])]
    missing = [name for name in rule.needs if name not in columns]
    if missing:
        raise GpaTuiError(
            f"The first line has no column {', '.join(missing)}.",
            f"`gpa-tui calc {rule.name} --help` says which columns there are.",
        )
    if len(set(columns)) < len(columns):
        raise GpaTuiError("A column stands twice in the first line.", "Leave one of them out.")
    own = [name for name in columns if name not in (*rule.gives, ERROR)]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*own, *rule.gives, ERROR])
    wrong = 0
    for cells in reader:
        line = dict(zip(columns, [*cells, *[""] * len(columns)], strict=False))
        if len(cells) > len(columns):
            line[""] = "more"
        found, error = _result(rule, line) if cells else ({}, "The line is empty.")
        wrong += bool(error)
        results = (found.get(name, "") for name in rule.gives)
        writer.writerow([*(line[name] for name in own), *results, error])
    return wrong


def run(arguments: Namespace) -> int:
    """The command: standard input to standard output. 1 where a line had an error."""
    if arguments.rule is None:
        raise GpaTuiError(
            "Which rule?", f"One of: {', '.join(RULES)}; `gpa-tui calc --help` says what they are."
        )
    rule = RULES[arguments.rule]
    sys.stdin.reconfigure(encoding="utf-8-sig", newline="")  # type: ignore[union-attr]
    try:
        wrong = calculate(rule, sys.stdin, sys.stdout)
    except (csv.Error, UnicodeDecodeError) as error:
        raise GpaTuiError(f"The input is no CSV: {error}.", "Save it as CSV, UTF-8.") from error
    return 1 if wrong else 0


def _result(rule: Rule, line: Mapping[str, str]) -> tuple[Result, str]:
    if line.get(""):
        return {}, "There are more cells than columns."
    try:
        return rule.of({name: (value or "").strip() for name, value in line.items()}), ""
    except ValueError as error:
        return {}, str(error)


# ── cells ─────────────────────────────────────────────────────────────────────────────────────


def _whole(line: Line, column: str) -> int | None:
    """None where the cell is empty."""
    text = line.get(column, "")
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise ValueError(f"{column}: {text!r} is not a whole number.")
    return int(text)


def _number(line: Line, column: str) -> Decimal:
    text = line.get(column, "")
    try:
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,4})?", text):
            raise InvalidOperation
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{column}: {text!r} is not a number.") from error


def _needed(line: Line, column: str) -> int:
    value = _whole(line, column)
    if value is None:
        raise ValueError(f"{column}: is empty.")
    return value


def _one_of(line: Line, column: str, choices: Mapping[str, object]) -> object:
    text = line.get(column, "").casefold()
    if text not in choices:
        raise ValueError(f"{column}: {text!r} is none of {', '.join(one for one in choices if one)}.")
    return choices[text]


_YES_NO: Mapping[str, object] = {"yes": True, "no": False, "": None}


# ── news2 ─────────────────────────────────────────────────────────────────────────────────────

_NEWS2 = {
    Measure.RESPIRATION: "respiration",
    Measure.SPO2: "spo2",
    Measure.OXYGEN: "oxygen",
    Measure.SYSTOLIC: "systolic",
    Measure.PULSE: "pulse",
    Measure.CONSCIOUSNESS: "acvpu",
    Measure.TEMPERATURE: "temperature",
}
ANY_OXYGEN = 1  # l/min: the score asks only whether there is any


def _news2(line: Line) -> Result:
    values = {
        measure: _within(measure, _whole(line, _NEWS2[measure]))
        for measure in (Measure.RESPIRATION, Measure.SPO2, Measure.SYSTOLIC, Measure.PULSE)
    }
    oxygen = _one_of(line, "oxygen", {"air": 0, "oxygen": ANY_OXYGEN, "": None})
    letter = line.get("acvpu", "").upper()
    if letter and letter not in news2.CONSCIOUSNESS:
        raise ValueError(f"acvpu: {letter!r} is none of {', '.join(news2.CONSCIOUSNESS)}.")
    scale = _one_of(line, "spo2_scale", {"1": news2.Spo2Scale.SCALE_1, "2": news2.Spo2Scale.SCALE_2})
    found = news2.score(
        news2.Readings(
            respiration=values[Measure.RESPIRATION],
            spo2=values[Measure.SPO2],
            oxygen=oxygen if isinstance(oxygen, int) else None,
            systolic=values[Measure.SYSTOLIC],
            pulse=values[Measure.PULSE],
            consciousness=letter or None,
            temperature=_within(Measure.TEMPERATURE, _tenths(line, "temperature")),
        ),
        age=_whole(line, "age") if "age" in line else news2.YOUNGEST,
        pregnant_or_postpartum=_pregnant(line),
        scale=scale if isinstance(scale, news2.Spo2Scale) else news2.Spo2Scale.SCALE_1,
    )
    parts = {f"part_{column}": found.parts.get(measure, "") for measure, column in _NEWS2.items()}
    total = "" if found.total is None else found.total
    return {"total": total, **parts, "not_scored": found.not_scored}


def _pregnant(line: Line) -> bool | None:
    """As the cell says; without the column it is no question."""
    if "pregnant" not in line:
        return False
    said = _one_of(line, "pregnant", _YES_NO)
    return said if isinstance(said, bool) else None


def _within(measure: Measure, value: int | None) -> int | None:
    limit = LIMITS[measure]
    if value is not None and not limit.least <= value <= limit.most:
        by = 10 if measure is Measure.TEMPERATURE else 1
        least, most = (f"{Decimal(number) / by}" for number in (limit.least, limit.most))
        raise ValueError(f"{_NEWS2[measure]}: can be {least} to {most}.")
    return value


def _tenths(line: Line, column: str) -> int | None:
    """A temperature in tenths; with two decimals it is refused, not rounded."""
    text = line.get(column, "")
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9])?", text):
        raise ValueError(f"{column}: {text!r} is not degrees with at most one decimal.")
    degrees, _, tenth = text.partition(".")
    return int(degrees) * 10 + int(tenth or 0)


# ── the others ────────────────────────────────────────────────────────────────────────────────


def _bp(line: Line) -> Result:
    readings = [_pressure(word) for word in line.get("readings", "").split()]
    if not readings:
        raise ValueError("readings: is empty.")
    substantial = _whole(line, "substantial")
    found = blood_pressure.series(
        readings, blood_pressure.SUBSTANTIAL if substantial is None else substantial
    )
    return {
        "clinic_bp": found.clinic.shown if found.clinic else "",
        "from_readings": " ".join(str(parent + 1) for parent in found.parents),
        "next": found.next,
    }


def _pressure(word: str) -> Pressure:
    found = re.fullmatch(r"([0-9]{2,3})/([0-9]{2,3})", word)
    if found is None:
        raise ValueError(f"readings: {word!r} is not systolic/diastolic.")
    systolic, diastolic = int(found[1]), int(found[2])
    for measure, value in ((Measure.SYSTOLIC, systolic), (Measure.DIASTOLIC, diastolic)):
        limit = LIMITS[measure]
        if not limit.least <= value <= limit.most:
            raise ValueError(f"readings: {measure.value} can be {limit.least} to {limit.most}, not {value}.")
    if systolic <= diastolic:
        raise ValueError(f"readings: {word}: systolic must be the higher one.")
    return Pressure(systolic, diastolic)


def _bmi(line: Line) -> Result:
    found = body_mass.bmi(
        _number(line, "weight_kg"),
        _number(line, "height_cm"),
        age=_whole(line, "age"),
        pregnant=_pregnant(line),
        lower_thresholds=_one_of(line, "lower_thresholds", _YES_NO) is True,
    )
    return {"bmi": found.value, "band": found.band, "not_classified": found.not_classified}


def _qtc(line: Line) -> Result:
    rhythms = {"": "regular"} | {word: word for word in ("regular", "irregular", "af", "paced")}
    found = qtc.qtc(
        _needed(line, "qt_ms"),
        _needed(line, "heart_rate"),
        qrs_ms=_whole(line, "qrs_ms"),
        rhythm=str(_one_of(line, "rhythm", rhythms)),
    )
    by_formula: Result = {name: found.by_formula.get(name, "") for name in qtc.FORMULAS}
    return by_formula | {"not_computed": found.not_computed}


def _peak_flow(line: Line) -> Result:
    sex = str(_one_of(line, "sex", {"male": "male", "female": "female"}))
    found = peak_flow.predicted(sex, _needed(line, "age"), _needed(line, "height_cm"))
    flow, best = _whole(line, "flow"), _whole(line, "best")
    for name, value in (("flow", flow), ("best", best)):
        if value is not None and value not in peak_flow.FLOW:
            raise ValueError(f"{name}: can be {peak_flow.FLOW[0]} to {peak_flow.FLOW[-1]} l/min.")
    of_best: Result = {"percent_of_best": "", "zone": ""}
    if flow is not None and best is not None:
        of_best = {"percent_of_best": peak_flow.percent_of(best, flow), "zone": peak_flow.zone(best, flow)}
    return {"predicted_wright": found.wright, "predicted_eu": found.eu, **of_best}


@cache
def _table() -> ShorthandTable:
    return shipped_shorthand()


def _shorthand(line: Line) -> Result:
    """Answers are `od=once a day; pc=after meals`; one that is no sense of its form is refused."""
    answers: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in line.get("answers", "").split(";"))):
        form, equals, sense = part.partition("=")
        if not (form and equals and sense):
            raise ValueError(f"answers: {part!r} is not form=sense.")
        answers[form] = sense
    text = line.get("text", "")
    for found in shorthand.find(text, _table()):
        if answers.get(found.form, found.senses[0]) not in found.senses:
            raise ValueError(f"answers: {found.form} is one of {' | '.join(found.senses)}.")
    result = shorthand.plain(text, _table(), answers)
    return {
        "plain": result.text,
        "questions": "; ".join(shorthand.questions(result.open)),
        "refused": "; ".join(shorthand.refusals(result.open)),
    }


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule(
            "news2",
            "NEWS2 (RCP 2017): part scores, and the total where all seven were taken",
            (*_NEWS2.values(), "spo2_scale"),
            {
                "age": "completed years; empty is not known. Without the column: 16 or over",
                "pregnant": "yes, no; empty is not known. Without the column: no",
            },
            ("total", *(f"part_{column}" for column in _NEWS2.values()), "not_scored"),
            _news2,
        ),
        Rule(
            "bp",
            "clinic BP of a series (NICE NG136): the lower of the last two, and what to take next",
            ("readings",),
            {"substantial": f"mmHg apart that ask for a third; without it {blood_pressure.SUBSTANTIAL}"},
            ("clinic_bp", "from_readings", "next"),
            _bp,
        ),
        Rule(
            "bmi",
            "body mass index in tenths and its band (NICE NG246, PH46) for adults",
            ("weight_kg", "height_cm", "age"),
            {
                "pregnant": "yes, no; empty is not known. Without the column: no",
                "lower_thresholds": "yes: 23 and 27.5, from some family backgrounds",
            },
            ("bmi", "band", "not_classified"),
            _bmi,
        ),
        Rule(
            "qtc",
            "QT corrected by Bazett, Fridericia, Framingham and Hodges, in ms",
            ("qt_ms", "heart_rate"),
            {
                "qrs_ms": f"over {qtc.WIDEST_QRS} and nothing is computed",
                "rhythm": "regular, irregular, af, paced; without it regular",
            },
            (*qtc.FORMULAS, "not_computed"),
            _qtc,
        ),
        Rule(
            "peak-flow",
            f"predicted peak flow ({peak_flow.FORMULA}) and the zone of the personal best, l/min",
            ("sex", "age", "height_cm"),
            {"flow": "best of three, EU scale", "best": "the personal best, EU scale"},
            ("predicted_wright", "predicted_eu", "percent_of_best", "zone"),
            _peak_flow,
        ),
        Rule(
            "shorthand",
            "a plan's shorthand in plain words: expanded, asked about, or refused",
            ("text",),
            {"answers": "form=sense, with ; between: od=once a day; pc=after meals"},
            ("plain", "questions", "refused"),
            _shorthand,
        ),
    )
}
CELLS = {
    "readings": "in the order taken, seated, one arm: 152/94 146/90 144/88",
    "oxygen": "air or oxygen",
    "acvpu": "A, C (new confusion), V, P or U",
    "temperature": "degrees Celsius, one decimal",
    "spo2_scale": "1 or 2",
    "sex": "male or female",
    "text": "as it is written: Pred 30mg od 5/7, r/v 2/52",
    "age": "completed years",
}


def help_of(name: str | None) -> str:
    """What `--help` says: of one rule its columns, else which rules there are."""
    if name is None:
        rules = [f"  {rule.name:<11}{rule.says}" for rule in RULES.values()]
        usage = "usage: gpa-tui calc RULE < vectors.csv > results.csv"
        return "\n".join([usage, "", *rules, "", "`gpa-tui calc RULE --help` says which columns it takes."])
    rule = RULES[name]
    lines = [f"usage: gpa-tui calc {rule.name} < vectors.csv > results.csv", "", rule.says, ""]
    lines += ["columns in (a cell that is empty was not taken):"]
    lines += [f"  {name:<18}{CELLS.get(name, '')}".rstrip() for name in rule.needs]
    lines += ["columns that may be there too:"]
    lines += [f"  {name:<18}{words}" for name, words in rule.may_have.items()]
    lines += ["columns out, behind those that came in:", f"  {', '.join((*rule.gives, ERROR))}"]
    return "\n".join(lines)
