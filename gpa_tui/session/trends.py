"""Earlier and present readings of a patient as numbers and bars, the oldest first. No word on what they mean.

A bar is one of eight heights between the lowest and the highest number shown beside it; of a NEWS2 total
between 0 and 20 (RCP 2017).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gpa_tui.clinical.extras import EXTRAS
from gpa_tui.records.observation import Measure, TakenSet
from gpa_tui.session.figures import UNITS, figure, name_of

BARS = "▁▂▃▄▅▆▇█"
HIGHEST = 20  # NEWS2 (RCP 2017)
ALIKE = BARS[3]  # where all are the same
_ORDER = (Measure.RESPIRATION, Measure.SPO2, Measure.SYSTOLIC, Measure.PULSE, Measure.TEMPERATURE, *EXTRAS)


def trends(sets: Sequence[TakenSet]) -> Iterator[tuple[str, str]]:
    """(name, bars and figures) of NEWS2 and of each measure that stands in two sets or more."""
    totals = [one.found.score.total for one in sets if one.found.for_news2]
    if len(totals) > 1 and any(total is not None for total in totals):
        shown = ("–" if total is None else str(total) for total in totals)
        yield "NEWS2", f"{_heights(totals, 0, HIGHEST)} {' '.join(shown)}"
    for measure in _ORDER:
        figures = [figure(one.found, measure) for one in sets if one.found.reading(measure)]
        if len(figures) > 1 and (heights := bars(sets, measure)):
            yield name_of(measure), f"{heights} {' '.join(figures)} {UNITS.get(measure, '')}".strip()


def bars(sets: Sequence[TakenSet], measure: Measure) -> str:
    """A bar a reading; a blank for LO and HI, nothing for letters or where there are not two numbers."""
    readings = [reading for one in sets if (reading := one.found.reading(measure))]
    numbers = [one.value for one in readings if one.value is not None]
    return _heights([one.value for one in readings], min(numbers), max(numbers)) if len(numbers) > 1 else ""


def heights(numbers: Sequence[int | None]) -> str:
    """A bar a number, from nothing to the highest; a blank where there is none."""
    return _heights(numbers, 0, max(1, *(number or 0 for number in numbers)))


def _heights(numbers: Sequence[int | None], least: int, most: int) -> str:
    return "".join(_height(number, least, most) for number in numbers)


def _height(number: int | None, least: int, most: int) -> str:
    if number is None:
        return " "
    if least == most:
        return ALIKE
    return BARS[(number - least) * (len(BARS) - 1) // (most - least)]
