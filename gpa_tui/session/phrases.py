"""A person's own phrases: kept and dropped by themselves, in the standing journal. No I/O."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from gpa_tui.errors import Refused
from gpa_tui.records import event as facts
from gpa_tui.records.base import StaffId
from gpa_tui.records.event import Event, Said
from gpa_tui.session.acts.common import Place, required_words
from gpa_tui.session.roles import Act, require

LONGEST = 200  # characters


def fold_phrase(phrases: dict[StaffId, list[str]], event: Event) -> None:
    """Take one event of a phrase into whose they are. Never raises."""
    own = phrases.setdefault(event.by.staff, [])
    match event.data:
        case facts.PhraseKept(text=text) if text not in own:
            own.append(text)
        case facts.PhraseDropped(text=text) if text in own:
            own.remove(text)


# ── acts ──────────────────────────────────────────────────────────────────────────────────────


def keep_or_drop(own: Sequence[str], place: Place, text: str, names: Collection[str] = ()) -> list[Said]:
    """Keep words as a phrase of one's own; those that are one already are dropped.

    `names`: of the patients of the day, none of whom has a place in a phrase.
    """
    require(place.actor, Act.PHRASE)
    phrase = required_words(text, "Type the words first; then they can be kept as a phrase.")
    if phrase in own:
        return [Said(data=facts.PhraseDropped(text=phrase))]
    if len(phrase) > LONGEST:
        raise Refused(f"{len(phrase)} characters: a phrase has {LONGEST} at most.")
    there = {word.casefold() for word in re.findall(r"[^\W\d_]+", phrase)}
    if there & {name.casefold() for name in names if len(name) > 1}:
        raise Refused("A patient's name is in it.", "A phrase is shown in every record: keep it without.")
    return [Said(data=facts.PhraseKept(text=phrase))]
