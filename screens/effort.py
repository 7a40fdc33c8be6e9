"""The effort meter: how many keys and seconds a task takes, counted here and kept on this machine.

No name, no patient, no words: per date and place of the program, for how many patients something was saved
(of a review: how many rows), how many keys that took, words among them, and how long. A practice can turn it
off (`effort_meter`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from gpa_tui.store.door import EFFORT

PAUSE = 30.0  # seconds between two keys from which it was no work on the task (proposal)
TARGETS = {"prep": 10, "observations": 25, "plan": 12, "ecg": 15, "review": 3}
"""Keys that a task is to take at most, beyond words: a whole prep list, a set, a plan, an ECG, a row."""
OF: Mapping[str, frozenset[str]] = {
    "day": frozenset({"appointment"}),
    "prep": frozenset({"prep"}),
    "observations": frozenset({"observation"}),
    "ecg": frozenset({"ecg"}),
    "plan": frozenset({"plan", "handout"}),
    "review": frozenset({"review"}),
    "entries": frozenset({"review"}),
    "for_me": frozenset({"review", "task", "escalation"}),
    "tasks": frozenset({"task"}),
}
"""By place what is its task: the first word of the kinds that are saved there."""
Counts = dict[str, list[float]]
"""By place: tasks, keys, seconds."""


@dataclass
class Effort:
    """Of one terminal. `home` is the store's folder."""

    home: Path
    terminal: str
    on: bool = True
    _counted: dict[str, Counts] = field(default_factory=dict)  # by date
    _last: tuple[str, float] = ("", 0.0)
    _begun: set[tuple[date, str, str]] = field(default_factory=set)  # whose task there is counted

    def key(self, day: date, place: str, now: float) -> None:
        """A key at `place`, at `now` seconds of a clock that never goes back."""
        if self.on and place:
            counts = self._of(day, place)
            counts[1] += 1
            before, at = self._last
            if before == place and now - at < PAUSE:
                counts[2] += now - at
            self._last = (place, now)

    def saved(self, day: date, place: str, whose: str, kinds: Iterable[str]) -> None:
        """Entries of these kinds were saved there; what is saved anew for the same patient is one task."""
        of_it = any(kind.partition(".")[0] in OF.get(place, ()) for kind in kinds)
        if self.on and of_it and (day, place, whose) not in self._begun:
            self._of(day, place)[0] += 1
            if whose:
                self._begun.add((day, place, whose))

    def _of(self, day: date, place: str) -> list[float]:
        return self._counted.setdefault(day.isoformat(), {}).setdefault(place, [0, 0, 0.0])

    def flush(self) -> None:
        """Keep what was counted. Raises nothing: it is no record."""
        from gpa_tui.store.files import make_private_folder, replace_file

        counted, self._counted = self._counted, {}
        path = self.home / EFFORT / f"{re.sub(r'[^A-Za-z0-9]+', '-', self.terminal)}.json"
        for on, places in counted.items():
            with suppress(OSError):
                make_private_folder(path.parent)
                kept = _read(path)
                for place, counts in places.items():
                    there = kept.setdefault(on, {}).setdefault(place, [0, 0, 0.0])
                    kept[on][place] = [a + b for a, b in zip(there, counts, strict=True)]
                replace_file(path, json.dumps(kept).encode())


def _read(path: Path) -> dict[str, Counts]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def effort_on(home: Path, on: date) -> Iterator[tuple[str, str]]:
    """(place, words) of one date at all terminals of this machine: `12 tasks, 21 keys and 24 s each`."""
    total: Counts = {}
    for path in sorted((home / EFFORT).glob("*.json")):
        for place, counts in _read(path).get(on.isoformat(), {}).items():
            there = total.setdefault(place, [0, 0, 0.0])
            total[place] = [a + b for a, b in zip(there, counts, strict=True)]
    for place, (times, keys, seconds) in sorted(total.items()):
        if times:
            aim = f" (aim: {TARGETS[place]} keys at most, beyond words)" if place in TARGETS else ""
            tasks = "1 task" if times == 1 else f"{times:.0f} tasks"
            yield place, f"{tasks}, {keys / times:.0f} keys and {seconds / times:.0f} s each{aim}"
