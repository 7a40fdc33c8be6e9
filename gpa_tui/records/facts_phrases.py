"""What is said of a person's own phrases: words they type often. Nothing of a patient belongs in one."""

from __future__ import annotations

from typing import Literal

from gpa_tui.records.fact import Fact


class PhraseKept(Fact):
    """Whoever says so has it at hand in every field from now on."""

    says = "phrase kept"
    kind: Literal["phrase.kept"] = "phrase.kept"
    text: str


class PhraseDropped(Fact):
    says = "phrase dropped"
    kind: Literal["phrase.dropped"] = "phrase.dropped"
    text: str
